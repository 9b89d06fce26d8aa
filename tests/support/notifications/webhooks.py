"""An outside system that receives events, and an administrator who lets it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from chassis.access.callers import Role
from tests.support.serving import Client

ENDPOINTS = "/v1/webhook-endpoints"


class Listener:
    """An outside system that keeps what it is told and answers as the test says."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.says = ["noted"]
        self.app.post("/hook")(self.hook)

    async def hook(self, request: Request) -> Response:
        """Take in an event."""
        self.requests.append((dict(request.headers), await request.body()))
        more = {"Location": "http://127.0.0.1:1/"} if self.status == 302 else None
        return StreamingResponse(self._said(), self.status, more)

    async def _said(self) -> AsyncIterator[str]:
        for piece in self.says:
            yield piece
            # What follows leaves by itself.
            await asyncio.sleep(0.02)

    async def has_received(self, count: int) -> bool:
        """Whether it was told so often."""
        return len(self.requests) >= count


async def register(notifications: Client, url: str, **more: Any) -> dict[str, Any]:
    """Let an address receive events; the answer, with the secret."""
    headers = notifications.as_(Role.ADMINISTRATOR)
    answer = await notifications.post(ENDPOINTS, json={"url": url, **more}, headers=headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def ask(
    notifications: Client, method: str, endpoint: dict[str, Any], verb: str = "", body: Any = None, tag: str = ""
) -> httpx.Response:
    """Ask something of an endpoint as an administrator, on the version that was read if there is a tag."""
    headers = notifications.as_(Role.ADMINISTRATOR) | ({"If-Match": tag} if tag else {})
    return await notifications.request(method, f"{ENDPOINTS}/{endpoint['id']}{verb}", json=body, headers=headers)


async def deliveries(notifications: Client, **filters: Any) -> list[dict[str, Any]]:
    """The deliveries that pass the filters."""
    headers = notifications.as_(Role.ADMINISTRATOR)
    answer = await notifications.get("/v1/webhook-endpoints/deliveries", headers=headers, params=filters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items
