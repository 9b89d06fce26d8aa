"""What the links in emails open where there is no front end yet: a record as the API answers it, to somebody chosen."""

import json
from html import escape
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chassis.access.callers import Role
from chassis.base.http import http_client
from gateway.asking import TIMEOUT
from gateway.development import CHOICES, DevelopmentSignIn, page, words

PREFIX = "/development"


def router(sign_in: DevelopmentSignIn) -> APIRouter:
    """The page of every record; it takes part in no production, as the sign-in that it needs."""
    routes = APIRouter(prefix=PREFIX, include_in_schema=False)

    @routes.get("/{kind}/{reference:path}")
    async def show(request: Request, kind: str, reference: str, role: Role = Role.CHAIR) -> HTMLResponse:
        """A record, such as an escalation; with no reference the page of that name, such as a chair's home page."""
        path = "/".join(one for one in ("/v1", kind, reference) if one)
        others = ", ".join(f'<a href="?role={one}">{words(one)}</a>' for one in CHOICES)
        status, answered = await _asked(request, path, sign_in.token(role))
        return page(
            escape(reference or kind),
            f"""<p>Your front end shows this here: FRONT_END_URL says where it is.
Until then, this is what the API answers the {words(role).lower()} {escape(sign_in.subject(role))}.</p>
<p>Ask as {others}.</p>
<p>GET {escape(path)}: {status}</p>
<pre>{escape(json.dumps(answered, indent=2, ensure_ascii=False))}</pre>""",
        )

    return routes


async def _asked(request: Request, path: str, token: str) -> tuple[int, Any]:
    """What this gateway answers at its own front door, as it would answer the front end."""
    host, port = request.scope["server"]
    headers = {"Authorization": f"Bearer {token}"}
    address = f"http://{host}:{port}{quote(path)}"
    async with http_client(TIMEOUT) as http:
        answer = await http.get(address, headers=headers)
        return answer.status_code, answer.json()
