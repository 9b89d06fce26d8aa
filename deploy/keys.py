"""Keys and secrets of the whole system, made at random, and what of them each process's environment says."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from deploy.services import SERVICES

GATEWAY = "gateway"
SIGNERS = (GATEWAY, *SERVICES)
PRIVATE_PART = "d"


@dataclass(frozen=True)
class Keys:
    """Everybody's private signing key (JWK) by process, and each publisher's webhook secret by service."""

    signing: dict[str, dict[str, Any]]
    webhooks: dict[str, str]

    @classmethod
    def fresh(cls, mark: str = "") -> "Keys":
        """New ones; with a mark, by which they can be known, at the beginning of each."""
        return cls({name: _signing_key(name, mark) for name in SIGNERS}, {name: _secret(mark) for name in SERVICES})

    def environment(self, name: str, addresses: Mapping[str, str]) -> dict[str, str]:
        """What the process of this name is told; `addresses` says where each service takes events."""
        trusted = {signer: [_public(key)] for signer, key in self.signing.items()}
        told: dict[str, Any] = {"INTERNAL_SIGNING_KEY": self.signing[name], "INTERNAL_TRUSTED_KEYS": trusted}
        if name in self.webhooks:
            others = [other for other in self.webhooks if other != name]
            told["WEBHOOK_SUBSCRIBERS"] = [
                {"name": other, "url": f"{addresses[other]}/webhooks/events", "secrets": [self.webhooks[name]]}
                for other in others
            ]
            told["WEBHOOK_PUBLISHERS"] = {other: [self.webhooks[other]] for other in others}
        return {variable: json.dumps(value) for variable, value in told.items()}


def _signing_key(name: str, mark: str) -> dict[str, Any]:
    key: dict[str, Any] = json.loads(OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate()))
    return key | {"kid": f"{mark or secrets.token_hex(4)}-{name}"}


def _secret(mark: str) -> str:
    return "whsec_" + base64.b64encode(mark.encode() + secrets.token_bytes(24)).decode()


def _public(key: Mapping[str, Any]) -> dict[str, Any]:
    return {part: value for part, value in key.items() if part != PRIVATE_PART}
