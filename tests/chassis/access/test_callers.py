"""Who is asking is proven by a signed token; the gateway may speak for anybody, a service for itself alone."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from chassis.access import callers
from chassis.access.callers import Role, TokenIssuer, TokenReader
from chassis.base import clock
from chassis.base.problems import NotSignedIn
from chassis.base.settings import Settings

KEYS = {issuer: Ed25519PrivateKey.generate() for issuer in ("gateway", "notifications", "stranger")}


def jwk(issuer: str, *, private: bool) -> dict[str, Any]:
    """An issuer's key as JWK."""
    key = KEYS[issuer]
    return json.loads(OKPAlgorithm.to_jwk(key if private else key.public_key())) | {"kid": f"{issuer}-1"}  # type: ignore[no-any-return]


def issuer(name: str) -> TokenIssuer:
    """An issuer of that name."""
    return TokenIssuer(Settings(service_name=name, internal_signing_key=json.dumps(jwk(name, private=True))))


@pytest.fixture
def reader() -> TokenReader:
    """A reader that trusts the gateway and notifications."""
    trusted = {name: [jwk(name, private=False)] for name in ("gateway", "notifications")}
    return TokenReader.of(Settings(internal_trusted_keys=trusted))


def crafted(name: str = "gateway", key: str | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token with some claims or headers changed."""
    now = clock.machine_now()
    usual = {"iss": name, "aud": "internal", "sub": "anna", "roles": ["chair"], "iat": now}
    usual |= {"exp": now + timedelta(minutes=1)} | claims
    headers = {"typ": callers.TYPE, "kid": f"{name}-1"} | (header or {})
    return jwt.encode({k: v for k, v in usual.items() if v is not None}, KEYS[key or name], "EdDSA", headers)


def test_the_gateway_speaks_for_a_person(reader: TokenReader) -> None:
    caller = reader.caller(issuer("gateway").token("anna", [Role.CHAIR, Role.TEAM_MANAGER]))
    assert (caller.subject, caller.roles) == ("anna", frozenset({Role.CHAIR, Role.TEAM_MANAGER}))
    assert caller.is_any(Role.CHAIR)
    assert not caller.is_any(Role.ADMINISTRATOR)


def test_a_service_speaks_for_itself(reader: TokenReader) -> None:
    assert reader.caller(issuer("notifications").own_token()).roles == {Role.SERVICE}


def test_the_same_words_are_signed_once_a_minute() -> None:
    gateway = issuer("gateway")
    assert gateway.token("anna", [Role.CHAIR]) == gateway.token("anna", [Role.CHAIR])
    assert gateway.token("anna", [Role.CHAIR]) != gateway.token("ben", [Role.CHAIR])


NOT_BELIEVED: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no token": lambda: "not.a.token",
    "a service that speaks for a person": lambda: issuer("notifications").token("anna", [Role.CHAIR]),
    "a service that promotes itself": lambda: issuer("notifications").token("notifications", [Role.ADMINISTRATOR]),
    "an issuer whom nobody trusts": lambda: issuer("stranger").own_token(),
    "signed by another key than it says": lambda: crafted(key="stranger"),
    "for another use": lambda: crafted(header={"typ": "JWT"}),
    "an unknown key": lambda: crafted(header={"kid": "gateway-9"}),
    "for somebody else": lambda: crafted(aud="public"),
    "expired": lambda: crafted(exp=clock.machine_now() - timedelta(seconds=1)),
    "without an end": lambda: crafted(exp=None),
    "without a subject": lambda: crafted(sub=None),
    "a role that is none": lambda: crafted(roles=["emperor"]),
    "without roles": lambda: crafted(roles=None),
    "not signed": lambda: jwt.encode({"iss": "gateway"}, "", "none"),
}


@pytest.mark.parametrize("what", NOT_BELIEVED)
def test_no_other_token_is_believed(reader: TokenReader, what: str) -> None:
    with pytest.raises(NotSignedIn):
        reader.caller(NOT_BELIEVED[what]())


def test_a_token_that_was_good_is_not_believed_after_it_expired(
    reader: TokenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issuer("gateway").token("anna", [Role.CHAIR])
    reader.caller(token)
    later = clock.machine_now() + timedelta(seconds=61)
    monkeypatch.setattr(callers, "machine_now", lambda: later)
    with pytest.raises(NotSignedIn):
        reader.caller(token)
    reader._verified.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(jwt.api_jwt, "datetime", _At(later))
        with pytest.raises(NotSignedIn):
            reader.caller(token)


class _At:
    """Stands for the library's `datetime`, at a fixed moment."""

    def __init__(self, moment: Any) -> None:
        self._moment = moment

    def now(self, tz: Any = None) -> Any:
        """The fixed moment."""
        return self._moment.astimezone(tz)
