"""GOV.UK Notify's HTTP API (version 2) as far as emails go: the same addresses, tokens, answers and errors."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import jwt
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from chassis.base.clock import machine_now

SECONDS = 30
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Refused(Exception):
    """An error as Notify answers it."""

    def __init__(self, status: int, *errors: tuple[str, str]) -> None:
        super().__init__(status)
        self.status, self.errors = status, errors


NO_TOKEN = Refused(401, ("AuthError", "Unauthorized: authentication token must be provided"))
NO_KEY = Refused(403, ("AuthError", "Invalid token: API key not found"))
BAD_TOKEN = Refused(403, ("AuthError", "Invalid token: signature, api token not found"))
CLOCK = Refused(403, ("AuthError", "Error: Your system clock must be accurate to within 30 seconds"))
TEAM_ONLY = Refused(400, ("BadRequestError", "Can't send to this recipient using a team-only API key"))
RATE = Refused(429, ("RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"))
TODAY = Refused(429, ("TooManyRequestsError", "Exceeded send limits (email: 250000) for today"))
BROKEN = Refused(500, ("Exception", "Internal server error"))


@dataclass
class Notify:
    """A Notify of one's own, with one service, one key and one template."""

    service_id: str = field(default_factory=lambda: str(uuid4()))
    secret: str = field(default_factory=lambda: str(uuid4()))
    template_id: str = field(default_factory=lambda: str(uuid4()))
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    # What the next tries to send are answered with, instead of being taken.
    refusals: list[Refused] = field(default_factory=list)
    # So many messages are taken, but their answer breaks off.
    falls_silent: int = 0

    @property
    def key(self) -> str:
        """The key as Notify shows it: its name, the service's identifier, the secret."""
        return f"live-{self.service_id}-{self.secret}"

    def app(self) -> FastAPI:
        """The API."""
        app = FastAPI()

        @app.exception_handler(Refused)
        async def refuse(_: Request, error: Refused) -> JSONResponse:
            errors = [{"error": name, "message": message} for name, message in error.errors]
            return JSONResponse({"status_code": error.status, "errors": errors}, error.status)

        @app.post("/v2/notifications/email")
        async def send(request: Request) -> Response:
            self._enter(request)
            return self._take(await request.json(), str(request.base_url).rstrip("/"))

        @app.get("/v2/notifications/{notification_id}")
        async def get(notification_id: str, request: Request) -> dict[str, Any]:
            self._enter(request)
            if not _is_uuid(notification_id):
                raise Refused(400, ("ValidationError", "id is not a valid UUID"))
            if notification_id not in self.taken:
                raise Refused(404, ("NoResultFound", "No result found"))
            return self.taken[notification_id]

        @app.get("/v2/notifications")
        async def find(request: Request, reference: str | None = None) -> dict[str, Any]:
            self._enter(request)
            found = [taken for taken in self.taken.values() if reference in (None, taken["reference"])]
            return {"notifications": found[::-1][:250], "links": {"current": str(request.url)}}

        return app

    def _enter(self, request: Request) -> None:
        self.calls.append(f"{request.method} {request.url.path}")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NO_TOKEN
        try:
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
            if issuer != self.service_id:
                raise NO_KEY
            claims = jwt.decode(token, self.secret, ["HS256"], options={"verify_iat": False, "require": ["iat"]})
        except jwt.InvalidTokenError:
            raise BAD_TOKEN from None
        if abs(machine_now().timestamp() - claims["iat"]) > SECONDS:
            raise CLOCK

    def _take(self, wanted: dict[str, Any], here: str) -> Response:
        if self.refusals:
            raise self.refusals.pop(0)
        self._check(wanted)
        given = wanted["personalisation"]
        number, moment = str(uuid4()), machine_now().isoformat()
        template = {
            "id": self.template_id,
            "version": 1,
            "uri": f"{here}/services/{self.service_id}/templates/{self.template_id}",
        }
        self.taken[number] = {
            "id": number,
            "reference": wanted.get("reference"),
            "email_address": wanted["email_address"],
            "phone_number": None,
            "type": "email",
            "status": "created",
            "template": template,
            "body": given["body"],
            "subject": given["subject"],
            "created_at": moment,
            "created_by_name": None,
            "sent_at": None,
            "completed_at": None,
            "scheduled_for": None,
        }
        if self.falls_silent:
            self.falls_silent -= 1
            return StreamingResponse(iter([b"{"]), 201, {"Content-Length": "1000", "Content-Type": "application/json"})
        answer = {
            "id": number,
            "reference": wanted.get("reference"),
            "content": {"subject": given["subject"], "body": given["body"], "from_email": "chairs@example.org"},
            "uri": f"{here}/v2/notifications/{number}",
            "template": template,
            "scheduled_for": None,
        }
        return JSONResponse(answer, 201)

    def _check(self, wanted: dict[str, Any]) -> None:
        missing = [name for name in ("email_address", "template_id") if name not in wanted]
        if missing:
            raise Refused(400, *(("ValidationError", f"{name} is a required property") for name in missing))
        if not ADDRESS.fullmatch(str(wanted["email_address"])):
            raise Refused(400, ("ValidationError", "email_address Not a valid email address"))
        if not _is_uuid(str(wanted["template_id"])):
            raise Refused(400, ("ValidationError", "template_id is not a valid UUID"))
        if wanted["template_id"] != self.template_id:
            raise Refused(400, ("BadRequestError", "Template not found"))
        given = wanted.get("personalisation") or {}
        if lacking := [name for name in ("subject", "body") if name not in given]:
            raise Refused(400, ("BadRequestError", f"Missing personalisation: {', '.join(lacking)}"))

    def callback(self, number: str, status: str) -> dict[str, Any]:
        """What Notify tells a service once a message's fate is known."""
        message, moment = self.taken[number], machine_now().isoformat()
        message["status"], message["completed_at"] = status, moment
        return {
            "id": number,
            "reference": message["reference"],
            "to": message["email_address"],
            "status": status,
            "created_at": message["created_at"],
            "completed_at": moment,
            "sent_at": moment,
            "notification_type": "email",
            "template_id": self.template_id,
            "template_version": 1,
        }


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
