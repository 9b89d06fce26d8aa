"""Keys and secrets for the tests, made anew for every run: none is ever committed."""

import base64
import json
import secrets
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from deploy.services import SERVICES

ISSUERS = ("gateway", *SERVICES)
# Enough of a key for settings that are only read.
PRODUCTION_KEY = json.dumps({"kty": "OKP", "kid": "gateway-1"})


@cache
def private_key(issuer: str) -> Ed25519PrivateKey:
    """The key with which an issuer signs internal tokens during this run."""
    return Ed25519PrivateKey.generate()


def private_jwk(issuer: str) -> str:
    """An issuer's private key, as its settings want it."""
    return json.dumps(json.loads(OKPAlgorithm.to_jwk(private_key(issuer))) | {"kid": f"development-{issuer}"})


def public_jwk(issuer: str) -> dict[str, Any]:
    """An issuer's public key, as the others' settings want it."""
    public: dict[str, Any] = json.loads(OKPAlgorithm.to_jwk(private_key(issuer).public_key()))
    return public | {"kid": f"development-{issuer}"}


def trusted_keys(*more: str) -> dict[str, list[dict[str, Any]]]:
    """The public keys of everybody who may sign internal tokens."""
    return {issuer: [public_jwk(issuer)] for issuer in (*ISSUERS, *more)}


@cache
def webhook_secret(publisher: str, subscriber: str) -> str:
    """The secret with which a publisher signs its events for a subscriber during this run."""
    return "whsec_" + base64.b64encode(b"development" + secrets.token_bytes(21)).decode()
