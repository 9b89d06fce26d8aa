"""Identifiers made in Python, so that a row and the event about it leave in one flush."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A version 7 UUID: unique, and sorted by the moment it was made."""
    return uuid7()
