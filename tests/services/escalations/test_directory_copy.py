"""Copies of the directory: the newest version counts, in whichever order its events arrive."""

import asyncio
import json
from itertools import permutations
from typing import Any
from uuid import uuid4

import httpx

from chassis import clock
from chassis.callers import Caller
from chassis.signing import sign
from services.escalations.actions import directory
from services.escalations.actions.directory import AGENCY, COLLEAGUE, Named, wrong_names
from tests import keys
from tests.services.escalations.desk import CONFERENCE, Desk, days_ago, wrong_fields

SINGLE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"


def event(kind: str = "agency", source: str = "notifications", **data: Any) -> dict[str, Any]:
    """A change in the directory as it is told, with more than is read here."""
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": source,
        "type": f"directory.{kind}_changed",
        "subject": data.get("id", ""),
        "data": {"name": "Invented", "email": "invented@example.org"} | data,
    }


async def hear(desk: Desk, told: Any, *, secret_of: str = "notifications", **more: str) -> httpx.Response:
    """Tell the service an event, or a batch of them, as the publisher would."""
    body = json.dumps(told)
    headers = sign([keys.webhook_secret(secret_of)], str(uuid4()), clock.machine_now(), body)
    media_type = {"Content-Type": BATCH if isinstance(told, list) else SINGLE}
    return await desk.client.post("/webhooks/events", content=body, headers=headers | media_type | more)


async def known(desk: Desk, kind: str, entry: str) -> dict[str, Any]:
    """What is kept of an entry."""
    (row,) = await desk.rows("SELECT * FROM directory_copy WHERE kind = $1 AND id = $2", kind, entry)
    return row


async def test_the_newest_version_counts_in_any_order(desk: Desk) -> None:
    versions = [
        {"version": 1, "roles": ["gp"], "ends_on": None},
        {"version": 2, "roles": ["gp", "midwife"], "ends_on": "2030-01-01"},
        {"version": 3, "roles": [], "ends_on": None},
    ]
    for number, order in enumerate(permutations(versions)):
        for told in order:
            assert (await hear(desk, event(id=f"agency-{number}", **told))).status_code == 204
        kept = await known(desk, "agency", f"agency-{number}")
        assert (kept["version"], kept["roles"], kept["ends_on"]) == (3, [], None)


async def test_an_event_that_comes_twice_takes_effect_once(desk: Desk) -> None:
    told = event(id="clinic", version=1, roles=["gp"])
    assert (await hear(desk, [told, told])).status_code == 204
    await desk.rows("UPDATE directory_copy SET version = 0 WHERE id = 'clinic'")
    assert (await hear(desk, told)).status_code == 204
    assert (await known(desk, "agency", "clinic"))["version"] == 0


async def test_a_batch_takes_in_every_kind(desk: Desk) -> None:
    told = [
        event("colleague", id="chair-9", version=4, roles=["chair"], ends_on="2030-01-01"),
        event("agency", id="clinic", version=1, roles=["midwife"]),
        event("area", id="west", version=1),
        event("coverage", id="nobody-listens", version=1),
    ]
    assert (await hear(desk, told)).status_code == 204
    assert (await known(desk, "colleague", "chair-9"))["ends_on"].isoformat() == "2030-01-01"
    assert (await known(desk, "agency", "clinic"))["roles"] == ["midwife"]
    assert (await known(desk, "area", "west"))["roles"] == []
    assert await desk.rows("SELECT 1 FROM directory_copy WHERE id = 'nobody-listens'") == []
    columns = await desk.rows("SELECT directory_copy::text AS row FROM directory_copy")
    assert all("Invented" not in one["row"] and "@" not in one["row"] for one in columns), "only what is needed"


async def test_whoever_came_can_be_named_and_whoever_left_cannot(desk: Desk) -> None:
    assert wrong_fields(await desk.post("/v1/escalations", CONFERENCE | {"area_id": "west"})) == ["area_id"]
    await hear(desk, event("area", id="west", version=1))
    assert (await desk.post("/v1/escalations", CONFERENCE | {"area_id": "west"})).status_code == 201
    await hear(desk, event("area", id="east", version=2, ends_on=days_ago(1)))
    assert wrong_fields(await desk.post("/v1/escalations", CONFERENCE | {"area_id": "east"})) == ["area_id"]
    await hear(desk, event("area", id="east", version=1))
    assert wrong_fields(await desk.post("/v1/escalations", CONFERENCE | {"area_id": "east"})) == ["area_id"]


async def test_what_was_not_told_by_the_directory_is_refused(desk: Desk) -> None:
    before = await desk.everything()
    good = event(id="clinic", version=1)
    refused = [
        # Nobody whom we know signed it.
        (await hear(desk, good, **{"webhook-signature": "v1,bm9uc2Vuc2U="}), 401),
        # Somebody whom we know speaks for somebody else.
        (await hear(desk, good, secret_of="gateway"), 403),
        (await hear(desk, event(id="clinic", version=1, source="gateway")), 403),
        # It lacks what is read here, so the whole batch is refused.
        (await hear(desk, [good, event(id="clinic")]), 422),
        (await hear(desk, [good, event(id="clinic", version=1, ends_on="soon")]), 422),
        (await hear(desk, "text"), 422),
        (await hear(desk, good, **{"Content-Type": "text/plain"}), 415),
    ]
    assert [answer.status_code for answer, _ in refused] == [status for _, status in refused]
    assert await desk.everything() == before


class SlowDirectory:
    """A database that answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[asyncio.Event] = []
        self.rows_by_id = {"chair-1": (COLLEAGUE, ()), "surgeries": (AGENCY, ("gp",))}

    async def rows(self, _: str, kinds: list[str], ids: list[str]) -> list[dict[str, Any]]:
        """The rows asked for, after a while."""
        answered = asyncio.Event()
        self.asked.append(answered)
        await answered.wait()
        return [
            {"kind": kind, "id": entry, "roles": self.rows_by_id[entry][1], "ends_on": None}
            for kind, entry in zip(kinds, ids, strict=True)
        ]


async def test_whoever_waits_for_one_entry_still_knows_the_others() -> None:
    slow = SlowDirectory()

    class Work:
        class database:  # noqa: N801 -- as an action reaches it.
            statements = slow

    class Act:
        work, today, caller = Work, clock.today(), Caller("chair-1", frozenset())

    async def ask(*named: Named) -> asyncio.Task[Any]:
        task = asyncio.create_task(wrong_names(Act, named))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        return task

    chair, surgeries = Named("owner_id", COLLEAGUE, "chair-1"), Named("agency_id", AGENCY, "surgeries", "gp")
    first = await ask(chair)
    slow.asked[0].set()
    assert await first == []
    # The second looks the agency up, and believes what is known of the chair.
    second = await ask(chair, surgeries)
    # By now that is too old to be believed, so that the third looks the chair up anew.
    remembered = directory._known[slow]  # type: ignore[index]
    key = (COLLEAGUE, "chair-1")
    remembered[key] = directory.Entry(remembered[key].roles, None, 0)
    third = await ask(chair)
    assert len(slow.asked) == 3
    slow.asked[1].set()
    assert await second == []
    slow.asked[2].set()
    assert await third == []
