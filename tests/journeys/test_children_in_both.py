"""Reviews know who is on a child protection plan, and conferences who is looked after, as soon as the other does."""

from typing import Any, NamedTuple

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from tests.support.conferences.desk import DIRECTORY as CONFERENCES_DIRECTORY
from tests.support.conferences.desk import Desk, working_days_ago
from tests.support.reviews.office import DIRECTORY as REVIEWS_DIRECTORY
from tests.support.reviews.office import Office, days_ago
from tests.support.running import Running
from tests.support.serving import free_port
from tests.support.settings import subscriber
from tests.support.waiting import eventually

Listed = dict[str, tuple[str, str]]


class Both(NamedTuple):
    """Two services that tell each other what happens."""

    office: Office
    desk: Desk

    async def listed(self, role: Role = Role.CHAIR, subject: str = "chair-1") -> tuple[Listed, Listed]:
        """Children in both as reviews list them, and as conferences do, with both days."""
        names = ("looked_after_since", "protection_plan_since"), ("looked_after_since", "plan_since")
        asked: tuple[Any, ...] = (
            await self.office.get("/v1/care", role=role, subject=subject, looked_after=True, on_protection_plan=True),
            await self.desk.get("/v1/protection", role=role, subject=subject, looked_after=True, on_plan=True),
        )
        reviews, conferences = (
            {item["person_id"]: (item[first], item[second]) for item in page["items"]}
            for page, (first, second) in zip(asked, names, strict=True)
        )
        return reviews, conferences

    async def agree(self, expected: Listed, **who: Any) -> bool:
        """Whether both list these children, now or as soon as the other has heard of it."""

        async def as_expected() -> bool:
            return await self.listed(**who) == (expected, expected)

        return bool(await eventually(as_expected))


@pytest.fixture
async def both(running: Running) -> Both:
    ports = {name: free_port() for name in ("reviews", "conferences")}

    async def started(name: str, listener: str) -> Any:
        subscribers = [subscriber(name, listener, f"http://127.0.0.1:{ports[listener]}")]
        return await running(name, port=ports[name], worker_in_web=True, webhook_subscribers=subscribers)

    office, desk = Office(await started("reviews", "conferences")), Desk(await started("conferences", "reviews"))
    await office.rows(REVIEWS_DIRECTORY)
    await desk.rows(CONFERENCES_DIRECTORY)
    return Both(office, desk)


async def test_a_child_is_in_both_from_the_later_day_until_one_ends(both: Both) -> None:
    office, desk = both
    since, begun = days_ago(30).isoformat(), working_days_ago(5).isoformat()
    await office.registered("P1", since=days_ago(30))
    await office.registered("P9", since=days_ago(30))
    assert await both.agree({})
    await desk.registered("P1", "P2")
    await desk.enquired("P1", "P2")
    for person_id in ("P1", "P2"):
        assert (await desk.hold(await desk.planned(person_id, on=working_days_ago(5)))).status_code == 200
    assert await both.agree({"P1": (since, begun)}), "a plan began"
    await office.registered("P2", since=days_ago(3))
    everybody = {"P1": (since, begun), "P2": (days_ago(3).isoformat(), begun)}
    assert await both.agree(everybody), "care began"
    plan = (await desk.get("/v1/children/P1/protection"))["plans"][0]
    ended = {"reason": "transfer_out", "ends_on": clock.today().isoformat()}
    await desk.done("POST", f"/v1/protection-plans/{plan['id']}/end", ended, version=plan["version"])
    del everybody["P1"]
    assert await both.agree(everybody), "a plan ended"
    child = await office.get("/v1/children/P2/care")
    body = office.child(since=days_ago(3))
    body["periods_of_care"][0]["ends_on"] = days_ago(1).isoformat()
    assert (await office.put("P2", body, version=child["version"])).status_code == 200
    assert await both.agree({}), "care ended"


async def test_a_child_who_is_restricted_is_in_neither_list(both: Both) -> None:
    office, desk = both
    held_on = (await desk.held("P1"))["held_on"]
    # Of another chair, of whom conferences hear as well.
    await office.registered("P1", chair="chair-2", since=days_ago(30))
    everybody = {"P1": (days_ago(30).isoformat(), held_on)}
    assert await both.agree(everybody)
    await office.known("P1", restricted=True)
    await desk.known("P1", restricted=True)
    assert await both.agree({}, role=Role.BUSINESS_SUPPORT, subject="support-1")
    assert await both.agree(everybody, role=Role.TEAM_MANAGER, subject="manager-1")
    assert await both.agree(everybody, subject="chair-2")
