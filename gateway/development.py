"""Sign-in for development: anybody chooses a role and is given a token for it. No production ever has these pages."""

import json
from collections.abc import Mapping
from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import quote

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from chassis.access.callers import OUTSIDE_ROLES, Role
from chassis.base.clock import machine_now
from chassis.base.fields import new_id
from chassis.base.http import http_client
from chassis.base.problems import NotFound
from chassis.law.labels import label
from gateway.asking import TIMEOUT
from gateway.error_pages import prefers_html
from gateway.keys import RS256
from gateway.settings import GatewaySettings, Issuer
from gateway.sign_in import Trusted

NAME = "development"
AUDIENCE = "independent-chairs"
LIFETIME = timedelta(hours=8)
PATH = "/development/sign-in"
CHOICES = tuple(role for role in Role if role in OUTSIDE_ROLES)


class NotInProduction(Exception):
    """The development sign-in was asked for in production."""


class DevelopmentSignIn:
    """A sign-in service within this process, with a key that no other process ever has."""

    def __init__(self, settings: GatewaySettings) -> None:
        """Make the key; `NotInProduction` whatever else the settings say."""
        if settings.environment == "production":
            raise NotInProduction
        self._people: Mapping[Role, str] = settings.development_people
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._kid = str(new_id())

    def trusted(self) -> Trusted:
        """This issuer as the gateway's sign-in knows all others."""
        return Trusted(Issuer(issuer=NAME, audiences=[AUDIENCE], roles={role: [role] for role in CHOICES}), self)

    async def find(self, kid: str | None, algorithm: str) -> Any | None:
        """The public key, as `Keys` asks for it."""
        return self._key.public_key() if (kid, algorithm) == (self._kid, RS256) else None

    def subject(self, role: Role) -> str:
        """Whom the settings take for this role; without one, somebody who is named like it."""
        return self._people.get(role, role.value)

    def token(self, role: Role) -> str:
        """An access token (RFC 9068) for the person of this role; it lives for eight hours."""
        moment = machine_now()
        claims = {
            "iss": NAME,
            "aud": AUDIENCE,
            "sub": self.subject(role),
            "roles": [role.value],
            "client_id": "development-page",
            "iat": moment,
            "exp": moment + LIFETIME,
            "jti": str(new_id()),
        }
        return jwt.encode(claims, self._key, algorithm=RS256, headers={"typ": "at+jwt", "kid": self._kid})


def router(sign_in: DevelopmentSignIn, public_url: str) -> APIRouter:
    """The pages on which one chooses."""
    routes = APIRouter(prefix=PATH, include_in_schema=False)

    @routes.get("")
    async def choose() -> HTMLResponse:
        """A link for each role."""
        links = "\n".join(
            f'<li><a href="{PATH}/{role.value}">{words(role)}</a>: {escape(sign_in.subject(role))}</li>'
            for role in CHOICES
        )
        return page("Sign in for development", f"<p>Choose who you are.</p>\n<ul>\n{links}\n</ul>")

    @routes.get("/{name}")
    async def sign_in_as(name: str, request: Request) -> Response:
        """A token for this role: as JSON, or for a browser as a page to copy it from."""
        role = next((one for one in CHOICES if one.value == name), None)
        if role is None:
            raise NotFound(f"The roles are {', '.join(CHOICES)}.")
        granted = {
            "access_token": sign_in.token(role),
            "token_type": "Bearer",
            "expires_in": int(LIFETIME.total_seconds()),
            "subject": sign_in.subject(role),
            "role": role.value,
        }
        if prefers_html(request.headers.get("accept", "")):
            return _token_page(granted, public_url)
        return JSONResponse(granted, headers={"Vary": "Accept"})

    return routes


def _token_page(granted: Mapping[str, Any], public_url: str) -> HTMLResponse:
    token = escape(granted["access_token"])
    address = escape(public_url.rstrip("/"))
    return page(
        f"Signed in as {escape(granted['subject'])}",
        f"""<p>Role: {words(Role(granted["role"]))}. The token is good for eight hours.</p>
<p><label for="token">Access token</label></p>
<p><textarea id="token" rows="10" cols="80" readonly>{token}</textarea></p>
<p>From a shell:</p>
<pre>curl -H 'Authorization: Bearer {token}' '{address}/v1/escalations'</pre>
<p>Or paste it under “Authorize” in <a href="/docs">the API's document</a>.
<a href="{PATH}">Be somebody else</a>.</p>""",
    )


def page(title: str, body: str) -> HTMLResponse:
    """A plain page; its title and body are HTML already."""
    return HTMLResponse(
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n",
        headers={"Vary": "Accept"},
    )


def words(role: Role) -> str:
    """A role as people say it."""
    return label("Role", role)


PREFIX = "/development"
SHOWN_AS_IT_IS = ("content-type", "content-disposition", "content-security-policy")
REPORT_FORMS = {"html": "page", "pdf": "PDF", "docx": "Word document", "xlsx": "spreadsheet", "csv": "CSV files"}


def records_router(sign_in: DevelopmentSignIn) -> APIRouter:
    """The page of every record; it takes part in no production, as the sign-in that it needs."""
    routes = APIRouter(prefix=PREFIX, include_in_schema=False)

    @routes.get("/{kind}/{reference:path}")
    async def show(request: Request, kind: str, reference: str, role: Role = Role.CHAIR) -> Response:
        """A record, such as an escalation; with no reference the page of that name, such as a chair's home page.

        What is a document already, such as a report, is shown as it is.
        """
        path = "/".join(one for one in ("/v1", kind, reference) if one)
        others = ", ".join(f'<a href="?role={one}">{words(one)}</a>' for one in CHOICES)
        answer = await _asked(request, path, sign_in.token(role))
        if "json" not in answer.headers["content-type"]:
            kept = {name: answer.headers[name] for name in SHOWN_AS_IT_IS if name in answer.headers}
            return Response(answer.content, answer.status_code, kept)
        return page(
            escape(reference or kind),
            f"""<p>Your front end shows this here: FRONT_END_URL says where it is.
Until then, this is what the API answers the {words(role).lower()} {escape(sign_in.subject(role))}.</p>
<p>Ask as {others}.</p>
{_forms(reference, role) if kind == "reports" and reference else ""}
<p>GET {escape(path)}: {answer.status_code}</p>
<pre>{escape(json.dumps(answer.json(), indent=2, ensure_ascii=False))}</pre>""",
        )

    return routes


def _forms(reference: str, role: Role) -> str:
    place = f"{PREFIX}/reports/{quote(reference)}/document"
    links = [f'<a href="{place}.{form}?role={role}">{name}</a>' for form, name in REPORT_FORMS.items()]
    return f"<p>Read it as: {', '.join(links)}.</p>"


async def _asked(request: Request, path: str, token: str) -> httpx.Response:
    """What this gateway answers at its own front door, as it would answer the front end."""
    host, port = request.scope["server"]
    headers = {"Authorization": f"Bearer {token}"}
    address = f"http://{host}:{port}{quote(path)}"
    async with http_client(TIMEOUT) as http:
        return await http.get(address, headers=headers)
