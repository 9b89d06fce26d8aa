"""Children as the children service owns them, put into another service's replica as its event would."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import uuid4

from fastapi import FastAPI, Query

from chassis.base import clock
from chassis.children.models import ChildIdentityBase
from chassis.children.replica import Then, keep_children
from chassis.events.event import SINGLE
from chassis.events.inbox import Receipt
from chassis.events.standard_webhooks import sign
from tests.support import keys
from tests.support.serving import Serving, listening

# Whom the children service knows in tests of one service, besides those of whom it told. Whoever puts a child here
# takes it out again: the tests that follow in this process ask the same.
KNOWN: dict[str, ChildIdentityBase] = {}
# About whom it was asked, question by question.
ASKED: list[list[str]] = []


@asynccontextmanager
async def owner(known: Mapping[str, ChildIdentityBase] = KNOWN) -> AsyncIterator[str]:
    """A children service that knows these children; the value is its address."""
    app = FastAPI()

    @app.get("/internal/children")
    async def children(person_id: Annotated[list[str], Query()]) -> list[ChildIdentityBase]:
        ASKED.append(person_id)
        return [known[number] for number in person_id if number in known]

    async with listening(app) as address:
        yield address


def identity(person_id: str, **said: Any) -> ChildIdentityBase:
    """Who a child is, as the children service answers."""
    return ChildIdentityBase.model_validate({"person_id": person_id} | said)


def identity_of(row: Mapping[str, str]) -> ChildIdentityBase:
    """Who a child is, as a row of an import has it."""
    said: dict[str, Any] = {name: value for name, value in row.items() if value}
    said |= {name: said[name].split(";") for name in ("siblings", "disabilities") if name in said}
    return identity(**said)


async def child_changed(service: Serving, then: Then | None, person_id: str, **said: Any) -> None:
    """A child is now who is said, whole: it is kept, and what follows is done, in one transaction."""
    process = service.client.process
    known = await service.rows("SELECT version FROM chassis.child WHERE person_id = $1", person_id)
    version = known[0]["version"] + 1 if known else 1
    async with process.database.transaction() as session:
        for changed in await keep_children(session, [identity(person_id, version=version, **said)]):
            if then is not None:
                await then(Receipt(session, process, clock.now()), changed)


async def children_say(service: Serving, subscriber: str, kind: str, **data: Any) -> int:
    """Tell a service what the children service says, as its relay does; how it was answered."""
    event = {"specversion": "1.0", "id": str(uuid4()), "source": "children", "type": kind, "subject": "-", "data": data}
    body = json.dumps(event)
    headers = sign([keys.webhook_secret("children", subscriber)], str(uuid4()), clock.machine_now(), body)
    answer = await service.client.post("/webhooks/events", content=body, headers=headers | {"Content-Type": SINGLE})
    return answer.status_code
