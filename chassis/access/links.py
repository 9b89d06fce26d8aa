"""Secret links: who holds a link's token can do what the link is for, so the token itself is kept nowhere.

A token is found by its hash. No comparison in constant time is needed for that: how long the search takes can tell
something about a hash at most, and nobody gets from a hash to a token of 256 random bits.
"""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """A token that nobody can guess, fit for an address: told once, to whom the link is for."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """What is kept of a token: enough to know it again, not enough to use it."""
    return hashlib.sha256(token.encode()).digest()
