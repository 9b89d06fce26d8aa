"""Who is asking is proven by a signed token; the gateway may speak for anybody, a service for itself alone."""

import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from chassis import callers, clock
from chassis.callers import Role, TokenIssuer, TokenReader
from chassis.problems import NotSignedIn
from chassis.settings import Settings

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
    assert (caller.subject, caller.roles) == ("anna", {Role.CHAIR, Role.TEAM_MANAGER})
    assert caller.is_any(Role.CHAIR)
    assert not caller.is_any(Role.ADMINISTRATOR)


def test_a_service_speaks_for_itself(reader: TokenReader) -> None:
    assert reader.caller(issuer("notifications").own_token()).roles == {Role.SERVICE}


def test_the_same_words_are_signed_once_a_minute() -> None:
    gateway = issuer("gateway")
    assert gateway.token("anna", [Role.CHAIR]) == gateway.token("anna", [Role.CHAIR])
    assert gateway.token("anna", [Role.CHAIR]) != gateway.token("ben", [Role.CHAIR])


@pytest.mark.parametrize(
    "token",
    [
        "",
        "not.a.token",
        issuer("notifications").token("anna", [Role.CHAIR]),  # A service that speaks for a person.
        issuer("notifications").token("notifications", [Role.ADMINISTRATOR]),  # A service that promotes itself.
        issuer("stranger").own_token(),  # Nobody trusts this issuer.
        crafted(key="stranger"),  # Signed by another key than it says.
        crafted(header={"typ": "JWT"}),  # A token for another use.
        crafted(header={"kid": "gateway-9"}),  # An unknown key.
        crafted(aud="public"),
        crafted(exp=clock.machine_now() - timedelta(seconds=1)),
        crafted(exp=None),
        crafted(sub=None),
        crafted(roles=["emperor"]),
        crafted(roles=None),
        jwt.encode({"iss": "gateway"}, None, "none"),
    ],
)
def test_no_other_token_is_believed(reader: TokenReader, token: str) -> None:
    with pytest.raises(NotSignedIn):
        reader.caller(token)


def test_a_token_that_was_good_is_not_believed_after_it_expired(
    reader: TokenReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issuer("gateway").token("anna", [Role.CHAIR])
    reader.caller(token)
    later = clock.machine_now() + timedelta(seconds=61)
    monkeypatch.setattr(callers, "machine_now", lambda: later)
    reader._known.clear()
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
