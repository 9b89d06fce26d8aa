"""The Python client: it signs in, tries again where that does no harm, reads every page, and raises problems by name."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from independent_chairs import ClientCredentials, DevelopmentSignIn, ProblemError, answer, connect, every
from independent_chairs.generated.api.escalations import list_good_practice, note_good_practice
from independent_chairs.generated.models import GoodPracticeIn
from independent_chairs.generated.problems import VersionStale
from independent_chairs.transport import KEEPS_NO_KEY, KEY
from tests.support.serving import listening
from tests.support.source import ROOT

DOCUMENT = json.loads((ROOT / "docs/openapi.json").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]
(KNOWN,), (NOTED,), (WANTED,) = (
    SCHEMAS[name]["examples"] for name in ("GoodPracticeOut", "NotedGoodPracticeOut", "GoodPracticeIn")
)
BODY = GoodPracticeIn.from_dict(WANTED)
CREATED = NOTED | {"status": 201}
BUSY = {"type": "/problems/service-busy", "title": "Busy", "status": 503}
STALE = {"type": "/problems/version-stale", "title": "It was changed meanwhile", "status": 412}
NEWER = STALE | {"type": "/problems/of-next-year", "errors": [{"field": "team", "rule": "late", "message": "Late"}]}


@dataclass
class Gateway:
    """A gateway that answers what a test says, and remembers what it was asked."""

    address: str = ""
    answers: list[Response] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def will_answer(self, *bodies: dict[str, Any]) -> None:
        """Answer so, one after the other; a problem says its own status."""
        self.answers += [
            JSONResponse(body, body.get("status", 200), {"Retry-After": "0"} if body is BUSY else {}) for body in bodies
        ]

    async def grant(self, request: Request) -> dict[str, Any]:
        """An access token for an hour."""
        self.tokens.append((await request.body()).decode() or str(request.url.path))
        return {"access_token": f"token-{len(self.tokens)}", "expires_in": 3600}

    async def answer(self, request: Request) -> Response:
        """The next answer."""
        self.asked.append((request.headers["Authorization"], str(request.url.query)))
        self.keys.update(request.headers.getlist(KEY))
        return self.answers.pop(0)


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    gateway, app = Gateway(), FastAPI()
    app.add_api_route("/development/sign-in/{role}", gateway.grant)
    app.add_api_route("/token", gateway.grant, methods=["POST"])
    app.add_api_route("/v1/good-practice", gateway.answer, methods=["GET", "POST"], response_model=None)
    async with listening(app) as gateway.address:
        yield gateway


async def asked_by_a_chair(gateway: Gateway, operation: Callable[..., Any], **query: Any) -> Any:
    client = connect(gateway.address, DevelopmentSignIn(gateway.address, "chair"))
    return answer(await asyncio.to_thread(operation, client=client, **query))


async def test_every_page_is_read_with_one_token(gateway: Gateway) -> None:
    gateway.will_answer({"items": [KNOWN, KNOWN], "next": "two"}, {"items": [KNOWN], "next": None})
    client = connect(gateway.address, DevelopmentSignIn(gateway.address, "chair"))
    found = await asyncio.to_thread(lambda: list(every(list_good_practice.sync, client=client, limit=2)))
    assert [known.reference for known in found] == [KNOWN["reference"]] * 3
    (first, first_query), (second, second_query) = gateway.asked
    assert first == second == "Bearer token-1"
    assert set(second_query.split("&")) - set(first_query.split("&")) == {"cursor=two"}
    assert gateway.tokens == ["/development/sign-in/chair"]


async def test_a_machine_signs_in_with_client_credentials(gateway: Gateway) -> None:
    gateway.will_answer({"items": [], "next": None})
    client = connect(gateway.address, ClientCredentials(f"{gateway.address}/token", "one", "secret", scope="chairs"))
    assert answer(await list_good_practice.asyncio(client=client)).items == []
    assert gateway.tokens == ["grant_type=client_credentials&scope=chairs"]


async def test_a_token_that_is_refused_is_renewed_once(gateway: Gateway) -> None:
    refused = {"type": "/problems/not-signed-in", "title": "Not signed in", "status": 401}
    gateway.will_answer({"items": [], "next": None}, refused, {"items": [], "next": None}, refused, refused)
    client = connect(gateway.address, DevelopmentSignIn(gateway.address, "chair"))
    for _ in range(2):
        answer(await list_good_practice.asyncio(client=client))
    assert [token for token, _ in gateway.asked] == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]
    with pytest.raises(ProblemError, match="Not signed in"):
        answer(await list_good_practice.asyncio(client=client))
    assert len(gateway.tokens) == 3


async def test_a_post_is_sent_again_with_the_same_key(gateway: Gateway) -> None:
    gateway.will_answer(BUSY, BUSY, CREATED)
    noted = await asked_by_a_chair(gateway, note_good_practice.sync, body=BODY)
    assert noted.reference == NOTED["reference"]
    (key,) = gateway.keys
    gateway.will_answer(BUSY, CREATED)
    await asked_by_a_chair(gateway, note_good_practice.sync, body=BODY, idempotency_key="practice-1")
    assert gateway.keys == {key, "practice-1"}


def test_the_operations_without_a_key_are_known() -> None:
    """The clients give every POST a key but these."""
    posts = {path: item["post"] for path, item in DOCUMENT["paths"].items() if "post" in item}
    without = [
        path for path, post in posts.items() if KEY not in {known["name"] for known in post.get("parameters", ())}
    ]
    assert without == [path for path in posts if KEEPS_NO_KEY.search(path)]


async def test_a_busy_system_is_asked_four_times(gateway: Gateway) -> None:
    gateway.will_answer(*[BUSY] * 4)
    client = connect(gateway.address, DevelopmentSignIn(gateway.address, "chair"))
    with pytest.raises(ProblemError, match="Busy"):
        answer(await list_good_practice.asyncio(client=client))
    assert len(gateway.asked) == 4


async def test_a_problem_is_raised_by_its_name(gateway: Gateway) -> None:
    gateway.will_answer(STALE | {"status": 422}, NEWER | {"status": 422})
    with pytest.raises(VersionStale, match="It was changed meanwhile"):
        await asked_by_a_chair(gateway, note_good_practice.sync, body=BODY)
    with pytest.raises(ProblemError, match="team: Late") as raised:
        await asked_by_a_chair(gateway, note_good_practice.sync, body=BODY)
    assert type(raised.value) is ProblemError
