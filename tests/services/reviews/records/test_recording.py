"""The record of a review for each child: written in stages, completed once, distributed after that."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_working_days
from tests.support.reviews.office import JSON, Office, days_ago

TABLES = ("child_review", "review", "deadline", "chassis.outgoing", "chassis.audit_entry")


async def everything(office: Office) -> dict[str, list[str]]:
    """Every row that a record could touch."""
    return {
        table: sorted(
            row["row"]
            for row in await office.rows(f"SELECT t::text AS row FROM {table} t WHERE t::text NOT LIKE '%,refused_4%'")
        )
        for table in TABLES
    }


class Recorder:
    """Somebody who writes the record of a review; each step goes on from the version of the one before."""

    def __init__(self, office: Office, held: JSON, person_id: str = "P1") -> None:
        self.office, self.version = office, held["version"]
        self.path = f"/v1/reviews/{held['reference']}/children/{person_id}/record"

    async def _ask(self, method: str, path: str, body: JSON, **more: Any) -> Any:
        answer = await self.office.ask(method, path, body, version=self.version, **more)
        if answer.status_code == 200:
            self.version += 1
            assert answer.headers["etag"] == f'"{self.version}"'
        return answer

    async def decide_nothing(self) -> None:
        """Say that no decisions were needed."""
        path = self.path.removesuffix("record") + "decisions"
        await self.office.done("POST", path, {"none_needed": True}, status=201, version=self.version)
        self.version += 1

    async def write(self, **texts: Any) -> Any:
        """Write a part of it."""
        return await self._ask("PATCH", self.path, texts)

    async def complete(self, **more: Any) -> Any:
        """Say that it is complete."""
        return await self._ask("POST", f"{self.path}/complete", more)

    async def distribute(self, *recipients: str, **more: Any) -> Any:
        """Say to whom it was given."""
        return await self._ask("POST", f"{self.path}/distribute", {"recipients": list(recipients)} | more)


async def recorder(office: Office, on: int = 0) -> Recorder:
    """The record of a review that was held so many days ago."""
    await office.registered(since=days_ago(on + 5))
    record = Recorder(office, await office.held(on=days_ago(on)))
    await record.decide_nothing()
    return record


async def test_a_record_grows_in_stages_and_what_is_left_out_stays(office: Office) -> None:
    record = await recorder(office)
    await record.write(record_text="Half of it.")
    await record.write(child_text="For you.")
    found = (await record.write(record_text="All of it.")).json()
    assert (found["record_text"], found["child_text"], found["record_on"]) == ("All of it.", "For you.", None)
    assert (await record.write(child_text=None)).json()["child_text"] is None
    assert ("record", "record") in await office.owed()
    assert len(await office.audited("write_record")) == 4


@pytest.mark.parametrize("texts", [{}, {"child_text": "For you."}, {"record_text": ""}, {"record_text": " \n"}])
async def test_a_record_without_text_is_not_complete(office: Office, texts: JSON) -> None:
    record = await recorder(office)
    await record.write(**texts)
    before = await everything(office)
    assert office.problem(await record.complete()) == {"record_text": "required"}
    assert await everything(office) == before


async def test_a_record_is_complete_once_the_decisions_are_recorded_or_none_were_needed(office: Office) -> None:
    await office.registered()
    record = Recorder(office, await office.held())
    await record.write(record_text="All of it.")
    before = await everything(office)
    assert office.problem(await record.complete()) == {"decisions_on": "required"}
    assert await everything(office) == before
    await record.decide_nothing()
    assert (await record.complete()).status_code == 200
    owed = await office.owed()
    assert ("decisions", "decisions") not in owed and ("manager_response", "manager_response") not in owed
    assert await office.published("review.decisions_recorded") == []
    page = (await office.ask("GET", record.path.replace("/children/P1/record", "/record.html"))).text
    assert "No decisions were needed." in page


@pytest.mark.parametrize("field", ["record_text", "child_text"])
async def test_text_that_the_database_cannot_keep_is_refused(office: Office, field: str) -> None:
    record = await recorder(office)
    before = await everything(office)
    assert set(office.problem(await record.write(**{field: "A\x00B"}))) == {field}
    assert set(office.problem(await record.write(**{field: "x" * 100_001}))) == {field}
    assert await everything(office) == before


async def test_a_complete_record_stays_as_it_is(office: Office) -> None:
    record = await recorder(office)
    await record.write(record_text="All of it.")
    done = (await record.complete()).json()
    assert done["record_on"] == clock.today().isoformat()
    before = await everything(office)
    assert (await record.write(record_text="Other.")).status_code == 409
    assert (await record.write(child_text="Other.")).status_code == 409
    assert (await record.complete()).status_code == 409
    assert await everything(office) == before
    (event,) = await office.published("review.record_completed")
    assert (event["person_id"], event["completed_on"]) == ("P1", clock.today().isoformat())


async def test_a_record_is_distributed_after_it_is_complete(office: Office) -> None:
    record = await recorder(office)
    await record.write(record_text="All of it.")
    before = await everything(office)
    assert (await record.distribute("Mother")).status_code == 409
    assert office.problem(await record.distribute()) == {"recipients": "too_short"}
    assert await everything(office) == before
    await record.complete()
    assert ("distribution", "distribution") in await office.owed()
    given = (await record.distribute("Mother", "Mother", "Carer")).json()
    assert (given["distributed_on"], given["distributed_to"]) == (clock.today().isoformat(), ["Mother", "Carer"])
    assert ("distribution", "distribution") not in await office.owed()
    (event,) = await office.published("review.record_distributed")
    assert event["distributed_on"] == clock.today().isoformat()
    assert "Mother" not in str(event)


async def test_the_first_day_of_distribution_stays_when_more_are_given_it(office: Office) -> None:
    record = await recorder(office, on=20)
    await record.write(record_text="All of it.")
    await record.complete(completed_on=days_ago(12).isoformat())
    await record.distribute("Mother", distributed_on=days_ago(8).isoformat())
    more = (await record.distribute("Father")).json()
    assert (more["distributed_on"], more["distributed_to"]) == (days_ago(8).isoformat(), ["Mother", "Father"])


async def test_the_days_of_a_record_are_in_order_and_not_in_the_future(office: Office) -> None:
    record = await recorder(office, on=10)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    await record.write(record_text="All of it.")
    before = await everything(office)
    assert office.problem(await record.complete(completed_on=tomorrow)) == {"completed_on": "not_in_the_future"}
    assert office.problem(await record.complete(completed_on=days_ago(11).isoformat())) == {"completed_on": "in_order"}
    assert await everything(office) == before
    await record.complete(completed_on=days_ago(4).isoformat())
    before = await everything(office)
    late = await record.distribute("Mother", distributed_on=tomorrow)
    assert office.problem(late) == {"distributed_on": "not_in_the_future"}
    early = await record.distribute("Mother", distributed_on=days_ago(5).isoformat())
    assert office.problem(early) == {"distributed_on": "in_order"}
    assert await everything(office) == before
    same = await record.distribute("Mother", distributed_on=days_ago(4).isoformat())
    assert same.json()["distributed_on"] == days_ago(4).isoformat()


async def test_the_limits_are_15_and_20_working_days_after_the_review(office: Office) -> None:
    held_on = days_ago(10)
    await recorder(office, on=10)
    owed = await office.owed()
    assert owed["record", "record"]["due_on"] == add_working_days(held_on, 15).isoformat()
    assert owed["distribution", "distribution"]["due_on"] == add_working_days(held_on, 20).isoformat()
    assert (owed["record", "record"]["owner_role"], owed["record", "record"]["owner_id"]) == ("chair", "chair-1")
    assert owed["distribution", "distribution"]["owner_role"] == "business_support"


async def test_each_child_of_a_review_has_a_record_of_its_own(office: Office) -> None:
    for person_id in ("P1", "P2"):
        await office.registered(person_id)
    held = await office.held("P1", "P2")
    first = Recorder(office, held, "P1")
    await first.decide_nothing()
    await first.write(record_text="About the first.")
    await first.complete()
    assert ("record", "record") not in await office.owed("P1")
    assert ("record", "record") in await office.owed("P2")
    parts = (await office.get(f"/v1/reviews/{held['reference']}"))["children"]
    assert {part["person_id"]: part["record_text"] for part in parts} == {"P1": "About the first.", "P2": None}


async def test_nothing_is_recorded_of_a_review_that_was_not_held(office: Office) -> None:
    await office.registered()
    record = Recorder(office, await office.planned())
    before = await everything(office)
    for answer in (
        await record.write(record_text="Already."),
        await record.complete(),
        await record.distribute("Mother"),
    ):
        assert answer.status_code == 409
    assert await everything(office) == before


async def test_two_who_write_at_once_do_not_overwrite_each_other(office: Office) -> None:
    record = await recorder(office)
    asked = [
        office.ask("PATCH", record.path, {"record_text": f"Text {number}."}, version=record.version)
        for number in range(4)
    ]
    assert sorted(answer.status_code for answer in await asyncio.gather(*asked)) == [200, 412, 412, 412]


async def test_business_support_writes_and_a_chair_completes(office: Office) -> None:
    record = await recorder(office)
    helped = await office.ask(
        "PATCH", record.path, {"record_text": "Typed."}, role=Role.BUSINESS_SUPPORT, version=record.version
    )
    assert helped.status_code == 200
    for role in (Role.BUSINESS_SUPPORT, Role.SOCIAL_WORK_MANAGER, Role.PERFORMANCE_ANALYST):
        done = await office.ask("POST", f"{record.path}/complete", {}, role=role, version=record.version + 1)
        assert done.status_code == 403
