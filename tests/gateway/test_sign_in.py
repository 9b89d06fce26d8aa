"""Only access tokens of a trusted sign-in service let anybody in, and every refusal looks alike."""

import asyncio
import base64
import hmac
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from chassis.access.callers import Caller, Role
from chassis.base.clock import machine_now
from chassis.base.problems import NotSignedIn
from gateway.keys import usable_keys
from gateway.settings import GatewaySettings, Issuer
from gateway.sign_in import caller_of
from tests.support.gateway.world import World
from tests.support.running import GatewayWith
from tests.support.serving import listening

RECORDS = "/v1/escalations/records"
SIGN_IN_PAGE = Path(__file__).parents[2] / "docs" / "sign-in.md"


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _part(claims: dict[str, Any]) -> str:
    return _encoded(json.dumps(claims, default=str).encode())


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


async def test_a_good_token_lets_its_holder_in(gateway: httpx.AsyncClient, world: World) -> None:
    """Signed in with a fitting role."""
    answer = await gateway.get(RECORDS, headers=world.sign_in.as_("Chairs", subject="ada"))
    assert (answer.status_code, answer.json()) == (200, [{"name": "ada"}])


@pytest.mark.parametrize("authorization", [None, "", "Basic YTpi", "Bearer", "Bearer not-a-token", "Bearer a.b.c"])
async def test_without_a_token_one_is_told_to_sign_in(gateway: httpx.AsyncClient, authorization: str | None) -> None:
    """401 as a problem document, with the scheme that would help."""
    answer = await gateway.get(RECORDS, headers={} if authorization is None else {"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-signed-in"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_another_role_is_not_enough(gateway: httpx.AsyncClient, world: World) -> None:
    """403 comes from the service, which knows what its operation needs."""
    answer = await gateway.get(RECORDS, headers=world.sign_in.as_("Administrators"))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/forbidden")


async def test_an_internal_token_does_not_work_from_outside(gateway: httpx.AsyncClient, world: World) -> None:
    """Whoever saw the gateway's word for somebody cannot use it at the gateway."""
    echoed = (await gateway.get("/v1/escalations/1", headers=world.sign_in.as_("Chairs"))).json()
    proof = next(value for name, value in echoed["headers"] if name == "authorization")
    assert (await gateway.get(RECORDS, headers={"Authorization": proof})).status_code == 401


@pytest.mark.parametrize(
    ("claims", "header"),
    [
        ({"exp": machine_now() - timedelta(days=1)}, {}),
        ({"iat": machine_now() - timedelta(hours=1, minutes=1), "exp": machine_now() + timedelta(days=1)}, {}),
        ({"nbf": machine_now() + timedelta(days=1)}, {}),
        ({"exp": None}, {}),
        ({"iat": None}, {}),
        ({"aud": "another-api"}, {}),
        ({"aud": None}, {}),
        ({"iss": "https://evil.example"}, {}),
        ({"sub": None}, {}),
        ({}, {"typ": "JWT"}),
        ({"nonce": "1"}, {"typ": "JWT"}),
        ({}, {"typ": "internal+jwt"}),
        ({}, {"kid": "unknown"}),
        ({}, {"crit": ["exp"]}),
    ],
)
async def test_an_unacceptable_token_is_refused(
    gateway: httpx.AsyncClient, world: World, claims: dict[str, Any], header: dict[str, Any]
) -> None:
    """Expired, early, for another API, of another issuer, an identity token, or with an unknown key."""
    answer = await gateway.get(RECORDS, headers=_bearer(world.sign_in.token("Chairs", header=header, **claims)))
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-signed-in")


async def test_forged_signatures_are_refused(gateway: httpx.AsyncClient, world: World) -> None:
    """No signature, a signature by somebody else's key, and the public key taken for a shared secret."""
    good = world.sign_in.token("Chairs")
    claims = jwt.decode(good, options={"verify_signature": False})
    kid, key = next(iter(world.sign_in.keys.items()))
    none = f"{_part({'alg': 'none', 'typ': 'at+jwt', 'kid': kid})}.{_part(claims)}."
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    stolen = jwt.encode(claims, other, algorithm="RS256", headers={"typ": "at+jwt", "kid": kid})
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    signed = f"{_part({'alg': 'HS256', 'typ': 'at+jwt', 'kid': kid})}.{_part(claims)}"
    confused = f"{signed}.{_encoded(hmac.digest(public, signed.encode(), 'sha256'))}"
    head, _, signature = good.split(".")
    altered = f"{head}.{_part(claims | {'roles': ['Administrators']})}.{signature}"
    for token in (none, stolen, confused, altered, good + "x", "a" * 20_000):
        assert (await gateway.get(RECORDS, headers=_bearer(token))).status_code == 401


async def test_keys_may_rotate(gateway_with: GatewayWith, world: World) -> None:
    """A token of a new key makes the gateway look again; of the old key, which is gone, none is accepted any more."""
    client = await gateway_with(keys_refetched_seconds=0, token_remembered_seconds=0)
    old = world.sign_in.as_("Chairs")
    assert (await client.get(RECORDS, headers=old)).status_code == 200
    world.sign_in.rotate("second")
    assert (await client.get(RECORDS, headers=world.sign_in.as_("Chairs"))).status_code == 200
    assert (await client.get(RECORDS, headers=old)).status_code == 401


async def test_unknown_keys_do_not_flood_the_sign_in_service(gateway_with: GatewayWith, world: World) -> None:
    """However many tokens name unknown keys, it is asked once in a while."""
    client = await gateway_with()
    before = world.sign_in.look_ups
    for number in range(5):
        token = world.sign_in.token("Chairs", header={"kid": f"unknown-{number}"})
        assert (await client.get(RECORDS, headers=_bearer(token))).status_code == 401
    assert world.sign_in.look_ups == before + 1


async def test_without_the_sign_in_service_nobody_new_is_recognised(gateway_with: GatewayWith, world: World) -> None:
    """503 says so: it is not the caller's fault."""
    issuer = world.issuer(issuer="http://127.0.0.1:9")
    client = await gateway_with(issuers=[issuer])
    answer = await client.get(RECORDS, headers=_bearer(world.sign_in.token("Chairs", iss=issuer.issuer)))
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/sign-in-unreachable")
    assert answer.headers["retry-after"] == "10"


async def test_another_issuers_discovery_is_not_believed(gateway_with: GatewayWith, world: World) -> None:
    """A document that speaks for somebody else proves nothing."""
    issuer = world.issuer(issuer="https://other.example", discovery_url=world.issuer().discovery)
    client = await gateway_with(issuers=[issuer])
    answer = await client.get(RECORDS, headers=_bearer(world.sign_in.token("Chairs", iss=issuer.issuer)))
    assert answer.status_code == 503


async def test_several_sign_in_services_are_kept_apart(gateway_with: GatewayWith, world: World) -> None:
    """One issuer's key does not sign for another."""
    other = type(world.sign_in)()
    async with listening(other.app) as other.address:
        client = await gateway_with(issuers=[world.issuer(), world.issuer(issuer=other.address)])
        assert (await client.get(RECORDS, headers=other.as_("Chairs"))).status_code == 200
        assert (await client.get(RECORDS, headers=other.as_("Chairs", iss=world.sign_in.address))).status_code == 401


STANDARD = Issuer(
    issuer="https://sign-in", audiences=["x"], roles={"Chairs": [Role.CHAIR]}, machines={"robot": [Role.ADMINISTRATOR]}
)


@pytest.mark.parametrize(
    ("changes", "claims", "caller"),
    [
        ({}, {"sub": "ada", "roles": ["Chairs", "Cooks", 7]}, Caller("ada", frozenset({Role.CHAIR}))),
        ({}, {"sub": "ada", "roles": "Cooks Chairs"}, Caller("ada", frozenset({Role.CHAIR}))),
        ({"roles": {"Robots": [Role.SERVICE]}}, {"sub": "ada", "roles": ["Robots"]}, Caller("ada", frozenset())),
        ({"subject_claim": "oid"}, {"sub": "x", "oid": "ada"}, Caller("ada", frozenset())),
        ({}, {"sub": "robot", "client_id": "robot"}, Caller("robot", frozenset({Role.ADMINISTRATOR}))),
        ({"machines": {"robot": [Role.SERVICE]}}, {"sub": "robot", "client_id": "robot"}, Caller("robot", frozenset())),
        ({}, {"sub": "other", "client_id": "other", "roles": ["Chairs"]}, Caller("other", frozenset())),
        (
            {"tokens": "keycloak", "roles_claim": "realm_access.roles"},
            {"sub": "ada", "azp": "front-end", "realm_access": {"roles": ["Chairs"]}},
            Caller("ada", frozenset({Role.CHAIR})),
        ),
        ({"tokens": "keycloak"}, {"sub": "1", "client_id": "robot"}, Caller("robot", frozenset({Role.ADMINISTRATOR}))),
        ({"tokens": "entra"}, {"sub": "1", "azp": "robot"}, Caller("robot", frozenset({Role.ADMINISTRATOR}))),
        ({"tokens": "entra"}, {"sub": "ada", "azp": "robot", "scp": "api"}, Caller("ada", frozenset())),
        (
            {"roles_claim": "https://x.example/roles"},
            {"sub": "ada", "https://x.example/roles": ["Chairs"]},
            Caller("ada", frozenset({Role.CHAIR})),
        ),
    ],
)
def test_claims_become_a_caller(changes: dict[str, Any], claims: dict[str, Any], caller: Caller) -> None:
    """People by the configured claim and their groups, machines by their client."""
    assert caller_of(STANDARD.model_copy(update=changes), claims) == caller


def test_the_examples_of_the_documentation_are_settings_that_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as the environment holds it, for a token as that sign-in service issues it."""
    entra, keycloak = re.findall(r"```json\n(.*?)```", SIGN_IN_PAGE.read_text(), re.DOTALL)
    for example, claims, caller in (
        (entra, {"sub": "x", "oid": "ada", "scp": "api", "roles": ["Chair"]}, Caller("ada", frozenset({Role.CHAIR}))),
        (
            entra,
            {"sub": "x", "oid": "CASE-SYSTEM-CLIENT-ID", "azp": "CASE-SYSTEM-CLIENT-ID"},
            Caller("CASE-SYSTEM-CLIENT-ID", frozenset({Role.CASE_MANAGEMENT})),
        ),
        (
            keycloak,
            {"sub": "ada", "azp": "front-end", "realm_access": {"roles": ["team-manager"]}},
            Caller("ada", frozenset({Role.TEAM_MANAGER})),
        ),
    ):
        monkeypatch.setenv("ISSUERS", example)
        (issuer,) = GatewaySettings().issuers
        assert caller_of(issuer, claims) == caller


def test_claims_without_a_subject_are_nobodys() -> None:
    """A token that does not say whose it is lets nobody in."""
    with pytest.raises(NotSignedIn):
        caller_of(STANDARD, {"roles": ["Chairs"]})


def test_only_sound_signing_keys_are_used() -> None:
    """Encryption keys, small keys, other algorithms and broken ones are left out; P-256 works."""
    large, small = (
        rsa.generate_private_key(public_exponent=65537, key_size=size).public_key() for size in (2048, 1024)
    )
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    rsa_jwk = json.loads(RSAAlgorithm.to_jwk(large))
    published = [
        rsa_jwk | {"kid": "good"},
        json.loads(ECAlgorithm.to_jwk(curve)) | {"kid": "curve", "alg": "ES256"},
        rsa_jwk | {"kid": "encryption", "use": "enc"},
        rsa_jwk | {"kid": "other", "alg": "RS512"},
        json.loads(RSAAlgorithm.to_jwk(small)) | {"kid": "small"},
        {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"},
        {"kty": "RSA", "kid": "without parts"},
        {"kty": "RSA", "kid": "numbers", "n": 1, "e": 2},
        {"kty": "EC", "crv": "P-256", "kid": "no point", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "kid": "half", "x": "AA"},
        rsa_jwk | {"kid": ["a list"]},
        "no key at all",
        {"kty": "oct", "kid": "secret", "k": "AAAA"},
    ]
    assert usable_keys({"keys": published}).keys() == {("good", "RS256"), ("curve", "ES256")}
    assert usable_keys({"keys": published[:1]}).keys() == {("good", "RS256"), (None, "RS256")}


async def test_keys_that_arrive_in_pieces_are_read_whole(gateway_with: GatewayWith, world: World) -> None:
    """A large key set is sent in many, whatever the network makes of it."""
    whole = json.dumps(await world.sign_in._published()).encode()

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(whole), 100):
            yield whole[start : start + 100]
            await asyncio.sleep(0.005)

    app = FastAPI()
    app.get("/keys")(lambda: StreamingResponse(pieces(), media_type="application/json"))
    async with listening(app) as address:
        discovery = {"issuer": world.sign_in.address, "jwks_uri": f"{address}/keys"}
        app.get("/discovery")(lambda: discovery)
        client = await gateway_with(issuers=[world.issuer(discovery_url=f"{address}/discovery")])
        answer = await client.get("/v1/escalations/1", headers=world.sign_in.as_("Chairs"))
    assert answer.status_code == 201
