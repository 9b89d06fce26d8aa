"""Keys and secrets of the whole system, made at random, and what of them each process's environment says."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from deploy.services import SERVICES

GATEWAY = "gateway"
SIGNERS = (GATEWAY, *SERVICES)
PRIVATE_PART = "d"


@dataclass(frozen=True)
class Keys:
    """Each process's private signing key (JWK), and the webhook secret of each publisher and subscriber."""

    signing: dict[str, dict[str, Any]]
    webhooks: dict[str, dict[str, str]]

    @classmethod
    def fresh(cls, mark: str = "") -> "Keys":
        """New ones; with a mark, by which they can be known, at the beginning of each."""
        webhooks: dict[str, dict[str, str]] = {name: {} for name in SERVICES}
        for publisher, subscriber in permutations(SERVICES, 2):
            webhooks[publisher][subscriber] = _secret(mark)
        return cls({name: _signing_key(name, mark) for name in SIGNERS}, webhooks)

    def are_whole(self) -> bool:
        """Whether each process has a key, and each pair of services a secret."""
        pairs = {(publisher, subscriber) for publisher, told in self.webhooks.items() for subscriber in told}
        return set(self.signing) == set(SIGNERS) and pairs == set(permutations(SERVICES, 2))

    def environment(self, name: str, addresses: Mapping[str, str]) -> dict[str, str]:
        """What the process of this name is told; `addresses` says where each service takes events."""
        trusted = {signer: [_public(key)] for signer, key in self.signing.items()}
        told: dict[str, Any] = {"INTERNAL_SIGNING_KEY": self.signing[name], "INTERNAL_TRUSTED_KEYS": trusted}
        if name in self.webhooks:
            told["WEBHOOK_SUBSCRIBERS"] = [
                {"name": subscriber, "url": f"{addresses[subscriber]}/webhooks/events", "secrets": [secret]}
                for subscriber, secret in self.webhooks[name].items()
            ]
            told["WEBHOOK_PUBLISHERS"] = {
                publisher: [by_subscriber[name]]
                for publisher, by_subscriber in self.webhooks.items()
                if publisher != name
            }
        return {variable: json.dumps(value) for variable, value in told.items()}


def _signing_key(name: str, mark: str) -> dict[str, Any]:
    key: dict[str, Any] = json.loads(OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate()))
    return key | {"kid": f"{mark or secrets.token_hex(4)}-{name}"}


def _secret(mark: str) -> str:
    return "whsec_" + base64.b64encode(mark.encode() + secrets.token_bytes(24)).decode()


def _public(key: Mapping[str, Any]) -> dict[str, Any]:
    return {part: value for part, value in key.items() if part != PRIVATE_PART}
