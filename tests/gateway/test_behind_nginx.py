"""Behind the reverse proxy that is shipped nobody outside stops a service, while whoever asks properly is answered."""

import asyncio
import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx
import pytest
import uvicorn

from chassis.base.problems import TooLarge, TooManyRequests
from gateway.routes import OWN, TABLE
from gateway.settings import GatewaySettings
from tests.support.gateway.world import World, header_of
from tests.support.nginx import CONFIGURATION, Nginx, NginxBefore
from tests.support.running import GatewayWith
from tests.support.waiting import PATIENCE, eventually

PLANTED = "plantedlinksecretplantedlinksecretplantedli"
MEGABYTE = 1024 * 1024
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Front:
    """The proxy, and a client of it."""

    nginx: Nginx
    client: httpx.AsyncClient
    headers: dict[str, str]

    async def opened(self, words: bytes = b"") -> Streams:
        """A connection on which so much was sent."""
        reader, writer = await asyncio.open_connection(
            "localhost", self.nginx.port, ssl=self.nginx.trust, limit=MEGABYTE
        )
        writer.write(words)
        return reader, writer

    async def is_well(self) -> bool:
        """Whether a colleague and somebody with a link are answered."""
        asked = [self.client.get(path, headers=self.headers) for path in ("/v1/escalations/1", "/answer/secret")]
        return [answer.status_code for answer in await asyncio.gather(*asked)] == [201, 201]


FrontWith = Callable[..., Awaitable[Front]]


@pytest.fixture
async def front_with(gateway_with: GatewayWith, nginx_before: NginxBefore, world: World) -> AsyncIterator[FrontWith]:
    """Run a gateway behind the proxy; the argument are changes of its settings."""
    clients: list[httpx.AsyncClient] = []

    async def run(**changes: Any) -> Front:
        gateway = await gateway_with(trusted_proxies=["127.0.0.0/8"], **changes)
        nginx = await nginx_before(str(gateway.base_url).rstrip("/"))
        clients.append(httpx.AsyncClient(base_url=nginx.address, verify=nginx.trust, timeout=PATIENCE))
        return Front(nginx, clients[-1], world.sign_in.as_("Chairs"))

    yield run
    for client in clients:
        await client.aclose()


@asynccontextmanager
async def _many(front: Front, count: int, words: bytes) -> AsyncIterator[list[Streams]]:
    """So many connections on which the same was sent, while the block lasts."""
    opened = await asyncio.gather(*(front.opened(words) for _ in range(count)))
    yield opened
    for _, writer in opened:
        writer.close()


def _post(path: str, *lines: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: localhost", *lines, "", "half"]).encode()


async def _until_closed(reader: asyncio.StreamReader) -> bytes:
    answered = b""
    with suppress(OSError):
        while part := await asyncio.wait_for(reader.read(65_536), PATIENCE):
            answered += part
    return answered


async def test_slow_bodies_stop_nobody(front_with: FrontWith, world: World) -> None:
    """Of a hundred and ten at once none reaches a service, and all the others are answered meanwhile."""
    front = await front_with(connections_per_service=5)
    bearer = front.headers["Authorization"]
    slow = [
        _post("/answer", "Content-Length: 16000"),
        _post("/v1/escalations", "Content-Length: 900000", f"Authorization: {bearer}"),
        _post("/v1/messages/import", "Content-Length: 900000", "Authorization: Bearer junk"),
    ]
    trickling = True

    async def trickle(connections: list[Streams]) -> None:
        while trickling:
            for _, writer in connections:
                writer.write(b"few")
            await asyncio.sleep(0.2)

    async with _many(front, 110, slow[0]) as pages, _many(front, 55, slow[1]) as calls, _many(front, 55, slow[2]):
        attack = asyncio.create_task(trickle(pages + calls))
        for _ in range(10):
            assert await front.is_well()
            await asyncio.sleep(0.1)
        trickling = False
        await attack
        # What goes quiet is ended, not kept.
        ended = await asyncio.gather(*(_until_closed(reader) for reader, _ in pages))
    assert {answer[:12] for answer in ended} == {b"", b"HTTP/1.1 429"}
    assert await front.is_well()


async def test_a_body_too_large_for_its_place_is_refused_at_once(front_with: FrontWith) -> None:
    """At the sizes that the gateway has as well; an import is taken by the gateway, which asks first who it is."""
    front = await front_with()
    limits = GatewaySettings()

    async def status(path: str, size: int) -> int:
        reader, writer = await front.opened(_post(path, f"Content-Length: {size}"))
        line = await asyncio.wait_for(reader.readline(), PATIENCE)
        writer.close()
        return int(line.split()[1])

    for prefix, route in TABLE.items():
        if route.service == OWN:
            continue
        path = "/" + "/".join(prefix)
        limit = limits.body_limit_bytes if route.signed_in else limits.page_body_limit_bytes
        limit = limits.import_limit_bytes if route.imports else limit
        assert await status(path, limit + 1) == 413, path
        if route.imports:
            assert await status(path, limit) == 401, path
    for path, limit in (("/answer", limits.page_body_limit_bytes), ("/v1/messages", limits.body_limit_bytes)):
        answer = await front.client.post(path, content=b"x" * limit, headers=front.headers)
        assert answer.status_code == 201, path
    imported = await front.client.post("/v1/messages/import", content=b"x" * 2 * MEGABYTE, headers=front.headers)
    assert imported.json()["bytes"] == 2 * MEGABYTE


async def test_a_giant_head_stops_nobody(front_with: FrontWith) -> None:
    """It is refused after 64 KB, however much follows."""
    front = await front_with()
    reader, writer = await front.opened(b"GET /v1/escalations HTTP/1.1\r\nHost: localhost\r\nX-Large: ")
    sent = 0
    with suppress(OSError):
        while sent < 70 * MEGABYTE and not reader.at_eof():
            writer.write(b"x" * MEGABYTE)
            sent += MEGABYTE
            assert await front.is_well()
            await asyncio.wait_for(writer.drain(), PATIENCE)
    writer.close()
    assert sent < 70 * MEGABYTE
    large = await front.client.get("/v1/escalations", headers={"X-Large": "x" * 20_000})
    assert (large.status_code, large.json()["status"]) == (431, 431)
    long = await front.client.get("/v1/escalations", headers={"X-Long": "x" * 15_000} | front.headers)
    assert long.status_code == 201


async def test_silent_connections_stop_nobody_and_are_closed(front_with: FrontWith) -> None:
    """Whether nothing came, or half a head; no answer is owed to either."""
    front = await front_with()
    async with _many(front, 100, b"") as silent, _many(front, 100, b"POST /answer HTTP/1.1\r\nHost: loc") as half:
        assert await front.is_well()
        await asyncio.gather(*(_until_closed(reader) for reader, _ in silent + half))
    assert await front.is_well()


async def test_junk_tokens_lock_nobody_out(front_with: FrontWith, world: World) -> None:
    """A colleague with a good token behind the same address is let in, also one who signs in only now."""
    front = await front_with(refusals_per_second=0.001, refusal_burst=60)
    junk = {"Authorization": f"Bearer {front.headers['Authorization'][7:-6]}forged"}
    tries = [(await front.client.get("/v1/escalations/1", headers=junk)).status_code for _ in range(70)]
    assert tries == [401] * 60 + [429] * 10
    for name in ("ada", "ben"):
        headers = world.sign_in.as_("Chairs", subject=name)
        assert (await front.client.get("/v1/escalations/1", headers=headers)).status_code == 201


async def test_what_a_caller_says_of_their_address_is_not_believed(front_with: FrontWith) -> None:
    """The proxy says where a request came from; figures are not shown to the outside at all."""
    front = await front_with()
    said = {"X-Forwarded-For": "10.0.0.1", "Forwarded": "for=10.0.0.1", "X-Real-IP": "10.0.0.1"}
    echoed = (await front.client.get("/v1/escalations/1", headers=front.headers | said)).json()
    assert header_of(echoed, "x-forwarded-for") == ["127.0.0.1"]
    assert "10.0.0.1" not in json.dumps(echoed["headers"])
    assert (await front.client.get("/metrics")).status_code == 404


@pytest.mark.parametrize(("method", "path"), [("GET", "/answer/guessed"), ("POST", "/callbacks/notify")])
async def test_who_does_not_sign_in_is_slowed_down_by_address(front_with: FrontWith, method: str, path: str) -> None:
    """And nobody else: a colleague behind the same address works on."""
    front = await front_with()
    statuses: set[int] = set()

    async def has_been_refused() -> bool:
        answers = await asyncio.gather(*(front.client.request(method, path) for _ in range(50)))
        statuses.update(answer.status_code for answer in answers)
        return 429 in statuses

    assert await eventually(has_been_refused)
    assert statuses == {201, 429}
    assert (await front.client.get("/v1/escalations/1", headers=front.headers)).status_code == 201


async def test_the_proxy_refuses_as_the_gateway_does(front_with: FrontWith) -> None:
    """With the same problem documents; somebody with a link is shown a page."""
    front = await front_with()
    large = b"x" * (MEGABYTE + 1)
    refused = await front.client.post("/v1/messages", content=large, headers=front.headers)
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json() == TooLarge().document()
    assert int(refused.headers["retry-after"]) > 0
    page = await front.client.post("/answer", content=large, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert "<h1>This is longer than we can take</h1>" in page.text
    (style,) = re.findall("<style>(.*)</style>", page.text)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]
    documents = dict(re.findall(r"^\s+(\d{3}) '(\{.*\})';$", CONFIGURATION.read_text(), re.MULTILINE))
    known = {problem.status: problem().document() for problem in (TooLarge, TooManyRequests)}
    assert {int(status): json.loads(document) for status, document in documents.items()} == known


async def test_what_is_large_is_compressed(front_with: FrontWith) -> None:
    front = await front_with()
    for path in ("/openapi.json", "/v1/vocabulary"):
        answer = await front.client.get(path, headers=front.headers)
        assert (answer.headers.get("content-encoding"), answer.headers["content-type"]) == ("gzip", "application/json")
    # nginx makes a weak ETag of a strong one.
    tag = answer.headers["etag"]
    again = await front.client.get("/v1/vocabulary", headers=front.headers | {"If-None-Match": tag})
    assert (tag[:2], again.status_code) == ("W/", 304)


def test_pages_behind_a_link_are_not_compressed() -> None:
    """Their size would give away what they hold."""
    locations = re.findall(r"location (\S.*?) \{(.*?)\n        \}", CONFIGURATION.read_text(), re.DOTALL)
    compressed = {place for place, settings in locations if "gzip on;" in settings}
    assert compressed == {"/", "/v1/"}
    assert "gzip on;" not in re.sub(r"location .*?\n        \}", "", CONFIGURATION.read_text(), flags=re.DOTALL)


async def test_the_proxy_logs_no_address_and_no_secret(front_with: FrontWith) -> None:
    """Neither what is answered nor what is refused, and what goes wrong between it and the gateway neither."""
    front = await front_with()
    for path in (f"/answer/{PLANTED}", f"/{PLANTED}", f"/v1/escalations/{PLANTED}?q={PLANTED}"):
        await front.client.get(path, headers=front.headers | {"X-Planted": PLANTED})
        await front.client.post(path, content=b"x" * (MEGABYTE + 1), headers={"X-Planted": PLANTED})
        await front.client.get(path, headers={"X-Planted": "x" * 20_000})

    async def logged() -> list[str]:
        lines = (front.nginx.logs / "access.log").read_text().splitlines()
        return lines if len(lines) >= 9 else []

    lines = [json.loads(line) for line in await eventually(logged)]
    assert {(line["route"], line["status"]) for line in lines} >= {("page", "201"), ("v1", "413"), ("page", "431")}
    written = "".join(path.read_text() for path in front.nginx.logs.glob("*.log")).lower()
    assert PLANTED not in written and "127.0.0.1" not in written and "bearer" not in written


async def test_a_gateway_that_is_down_is_a_problem_too(nginx_before: NginxBefore) -> None:
    """502, from which nothing about the inside is learnt."""
    nginx = await nginx_before("http://127.0.0.1:9")
    async with httpx.AsyncClient(base_url=nginx.address, verify=nginx.trust) as client:
        answer = await client.get("/v1/escalations")
    assert (answer.status_code, answer.json()["type"]) == (502, "about:blank")
    assert "nginx/" not in str(answer.headers)


def test_the_proxy_uses_no_connection_that_the_gateway_may_be_closing() -> None:
    """The gateway's server closes a silent one after so many seconds."""
    found = re.search(r"upstream gateway \{.*?keepalive_timeout (\d+)s;", CONFIGURATION.read_text(), re.DOTALL)
    assert found and int(found[1]) < uvicorn.Config("no.application", loop="none").timeout_keep_alive
