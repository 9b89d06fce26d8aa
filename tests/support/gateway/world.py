"""What stands around the gateway in its tests: two services that tell what they were sent, and a sign-in service."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from jwt.algorithms import RSAAlgorithm
from pydantic import BaseModel

from chassis.access.audit_entries import AuditEntriesQuery, AuditEntryPage
from chassis.access.callers import Caller, Role, TokenReader, may
from chassis.base import problems
from chassis.base.clock import machine_now
from chassis.base.settings import Settings
from chassis.web.openapi import DocumentedApp
from chassis.web.ordering import cursor_after
from gateway.settings import GatewaySettings, Issuer
from tests.support import keys
from tests.support.settings import own_clock
from tests.support.waiting import PATIENCE

AUDIENCE = "independent-chairs"
ROLES = {"Chairs": [Role.CHAIR], "Administrators": [Role.ADMINISTRATOR]}


class SignInService:
    """An OpenID Connect issuer: its discovery, its keys, and whatever tokens a test wants of it."""

    def __init__(self) -> None:
        self.address = ""
        self.look_ups = 0
        self.keys: dict[str, rsa.RSAPrivateKey] = {}
        self.rotate("first")
        self.app = FastAPI()
        self.app.get("/.well-known/openid-configuration")(self._discovery)
        self.app.get("/keys")(self._published)

    def rotate(self, kid: str) -> None:
        """Sign with a new key from now on, and publish no other."""
        self.keys = {kid: rsa.generate_private_key(public_exponent=65537, key_size=2048)}

    async def _discovery(self) -> dict[str, str]:
        return {"issuer": self.address, "jwks_uri": self.address + "/keys"}

    async def _published(self) -> dict[str, Any]:
        self.look_ups += 1
        return {
            "keys": [
                json.loads(RSAAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "use": "sig", "alg": "RS256"}
                for kid, key in self.keys.items()
            ]
        }

    def token(self, *groups: str, subject: str = "ada", header: dict[str, Any] | None = None, **claims: Any) -> str:
        """An access token; a claim of None is left out."""
        moment = machine_now()
        usual: dict[str, Any] = {"iss": self.address, "aud": AUDIENCE, "sub": subject, "roles": list(groups)}
        usual |= {"client_id": "front-end", "iat": moment, "exp": moment + timedelta(minutes=5)}
        said = {name: value for name, value in (usual | claims).items() if value is not None}
        kid, key = next(iter(self.keys.items()))
        return jwt.encode(said, key, algorithm="RS256", headers={"typ": "at+jwt", "kid": kid} | (header or {}))

    def as_(self, *groups: str, **more: Any) -> dict[str, str]:
        """The headers of a request by somebody in these groups."""
        return {"Authorization": f"Bearer {self.token(*groups, **more)}"}


class Record(BaseModel):
    """A record of a service."""

    name: str


@dataclass
class SmallService:
    """A service that answers with what it was sent, or what it was told to answer by path; `asked` is what it was."""

    name: str
    segment: str
    entries: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    received: list[int] = field(default_factory=list)

    def app(self) -> FastAPI:
        """Its application."""
        app = DocumentedApp(service=self.name, title=self.name)
        problems.install(app)
        reader = TokenReader.of(Settings(internal_trusted_keys=keys.trusted_keys()))
        app.state.process = SimpleNamespace(token_reader=reader)
        app.get("/health/ready", include_in_schema=False)(self._ready)
        app.get(f"/v1/{self.segment}/records", name=f"list_{self.segment}_records", response_model=list[Record])(
            self._records
        )
        app.get("/v1/hidden", name="hidden")(self._records)
        app.get("/internal/audit-entries", name="list_audit_entries", response_model=AuditEntryPage)(self._audit)
        special: dict[str, Callable[..., Any]] = {"stream": self._stream, "slow": self._slow, "count": self._count}
        for path, answer in special.items():
            app.add_api_route(f"/v1/{self.segment}/{path}", answer, methods=["GET", "POST"], include_in_schema=False)
        app.add_api_route(
            f"/v1/{self.segment}/import",
            self._count,
            methods=["POST"],
            include_in_schema=False,
            max_body_size=GatewaySettings().import_limit_bytes,
        )
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
        app.add_api_route("/{path:path}", self._echo, methods=methods, include_in_schema=False)
        return app

    async def _ready(self) -> dict[str, str]:
        return {}

    async def _records(self, caller: Annotated[Caller, may(Role.CHAIR)]) -> list[Record]:
        return [Record(name=caller.subject)]

    async def _audit(
        self, query: Annotated[AuditEntriesQuery, Query()], caller: Annotated[Caller, may(Role.ADMINISTRATOR)]
    ) -> Any:
        """The same pages as the chassis' own: by time and identifier, newest first."""
        asked = set(query.person_id or ())
        wanted = [entry for entry in self.entries if not asked or asked & set(entry["person_ids"])]
        if query.limit == 0:
            return {"items": [], "next": None, "total": len(wanted)}
        newest_first = query.sort == "-at"
        wanted.sort(key=lambda entry: _place(entry["at"], entry["id"]), reverse=newest_first)
        if query.after is not None:
            last = _place(*query.after)
            places = [_place(entry["at"], entry["id"]) for entry in wanted]
            wanted = [
                entry
                for entry, place in zip(wanted, places, strict=True)
                if place != last and (place < last) == newest_first
            ]
        page = wanted[: query.limit]
        more = len(wanted) > len(page)
        return {"items": page, "next": cursor_after(page[-1]["at"], page[-1]["id"]) if more else None}

    async def _echo(self, request: Request) -> Response:
        if request.url.path in self.answers:
            self.asked.append(
                f"{request.method} {request.url.path}?{request.url.query} {(await request.body()).decode()}"
            )
            status, answered = self.answers[request.url.path]
            return JSONResponse(answered, status, media_type=problems.MEDIA_TYPE if status >= 400 else None)
        said = request.headers.get("authorization", "")
        # What calls back has a proof of its own.
        ours = said and not request.url.path.startswith("/callbacks/")
        caller = request.app.state.process.token_reader.caller(said[7:]) if ours else None
        answer = {
            "service": self.name,
            "method": request.method,
            "target": request.scope["raw_path"].decode() + "?" + request.url.query,
            "headers": [[name.decode(), value.decode()] for name, value in request.headers.raw],
            "body": (await request.body()).decode(),
            "subject": caller.subject if caller else None,
            "roles": sorted(caller.roles) if caller else None,
        }
        headers = {"Server": "small", "X-Powered-By": "tests", "ETag": '"3"', "Access-Control-Allow-Origin": "*"}
        headers["Location"] = f"http://{request.headers['host']}/v1/{self.segment}/7"
        answered = Response(json.dumps(answer), 201, headers, "application/json")
        answered.headers.append("Set-Cookie", "one=1")
        answered.headers.append("Set-Cookie", "two=2")
        return answered

    async def _stream(self) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            try:
                yield b"first\n"
                await asyncio.sleep(0.4)
                yield b"last\n"
            except asyncio.CancelledError:
                self.left.set()
                raise

        return StreamingResponse(parts(), media_type="text/plain")

    async def _slow(self) -> dict[str, str]:
        await asyncio.sleep(5)
        return {}

    async def _count(self, request: Request) -> dict[str, Any]:
        self.received = []
        async for part in request.stream():
            self.received.append(len(part))
        return {
            "bytes": sum(self.received),
            "parts": len(self.received),
            "length": request.headers.get("content-length"),
        }


def _place(at: str, identifier: str) -> tuple[datetime, str]:
    return datetime.fromisoformat(at), identifier


@dataclass
class World:
    """Everything around the gateway, running."""

    sign_in: SignInService
    escalations: SmallService
    notifications: SmallService
    services: dict[str, str]

    def issuer(self, **changes: Any) -> Issuer:
        """The sign-in service as the gateway's settings name it."""
        given: dict[str, Any] = {"issuer": self.sign_in.address, "audiences": [AUDIENCE], "roles": ROLES}
        return Issuer(**given | changes)

    def settings(self, **changes: Any) -> GatewaySettings:
        """The gateway's settings in the tests."""
        given: dict[str, Any] = {
            "environment": "development",
            "internal_signing_key": keys.private_jwk("gateway"),
            "services": self.services,
            "issuers": [self.issuer()],
            "log_level": "error",
        }
        return GatewaySettings(**given | own_clock(**changes) | changes)


async def raw(address: str, request: bytes, *, trickling: bytes = b"") -> bytes:
    """The answer to bytes that no well-behaved client would send; what trickles follows until there is an answer."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(request)
    await writer.drain()
    answered = b""
    async with asyncio.timeout(PATIENCE):
        first = asyncio.create_task(reader.read(65_536))
        while trickling and not first.done():
            writer.write(trickling)
            await asyncio.wait([first], timeout=0.05)
        # What still trickles when the connection is closed resets it.
        with suppress(ConnectionResetError):
            answered += await first
            answered += await reader.read()
    writer.close()
    return answered


@asynccontextmanager
async def half_sent(
    address: str, path: str, count: int, headers: Mapping[str, str] | None = None
) -> AsyncIterator[list[asyncio.StreamReader]]:
    """So many requests whose bodies never end, while the block lasts; the value is where each would be answered."""
    parts = urlsplit(address)
    lines = [
        f"{name}: {value}" for name, value in ({"Host": "x", "Content-Length": "1000"} | dict(headers or {})).items()
    ]
    opened = [await asyncio.open_connection(parts.hostname, parts.port) for _ in range(count)]
    for _, writer in opened:
        writer.write("\r\n".join([f"POST {path} HTTP/1.1", *lines, "", "half"]).encode())
        await writer.drain()
    # Each has been read, and waits for the rest.
    await asyncio.sleep(0.1)
    yield [reader for reader, _ in opened]
    for _, writer in opened:
        writer.close()


def header_of(echoed: dict[str, Any], name: str) -> list[str]:
    """The values of a header that a service was sent."""
    return [value for key, value in cast("list[list[str]]", echoed["headers"]) if key == name]
