"""What others are told of who is on a child protection plan: each change of the day, however it came about."""

from datetime import date

from chassis.base import clock
from services.conferences.events import ChildPlanChanged
from tests.support.conferences.desk import Desk, recent_working_day, working_days_ago
from tests.support.conferences.importing import attended, conference, enquiry, import_conferences, import_rows

TOLD = "child.protection_plan_changed"


async def published(desk: Desk) -> list[tuple[str, date | None]]:
    """Of whom it was told, oldest first, and since when the child is on a plan; nothing for who is not."""
    events = [ChildPlanChanged.model_validate(event) for event in await desk.published(TOLD)]
    for person_id in {event.person_id for event in events}:
        versions = [event.version for event in events if event.person_id == person_id]
        assert versions == sorted(set(versions)), "whoever hears them in another order would not know the newest"
    return [(event.person_id, event.protection_plan_since) for event in events]


def of_one(*days: date | None) -> list[tuple[str, date | None]]:
    """The same for one child alone."""
    return [("P1", day) for day in days]


async def test_a_plan_that_begins_is_corrected_and_ends_is_told(desk: Desk) -> None:
    begun, corrected = working_days_ago(5), working_days_ago(6)
    await desk.registered()
    await desk.enquired()
    meeting = await desk.planned(on=begun)
    assert await published(desk) == []
    held = (await desk.hold(meeting)).json()
    body = {"reason": "It was the day before.", "held_on": corrected.isoformat()}
    path = f"/v1/conferences/{held['reference']}/correct"
    await desk.done("POST", path, body, version=held["version"])
    await desk.reviewed("P1", on=recent_working_day(), category="EMO")
    assert await published(desk) == of_one(begun, corrected), "another category is no other day"
    plan = (await desk.get("/v1/children/P1/protection"))["plans"][0]
    ended = {"reason": "transfer_out", "ends_on": clock.today().isoformat()}
    await desk.done("POST", f"/v1/protection-plans/{plan['id']}/end", ended, version=plan["version"])
    assert await published(desk) == of_one(begun, corrected, None)


async def test_a_plan_that_was_never_made_is_told(desk: Desk) -> None:
    held = await desk.held("P1")
    path = f"/v1/conferences/{held['reference']}/reopen"
    await desk.done("POST", path, {"reason": "It was not held."}, version=held["version"])
    assert await published(desk) == of_one(date.fromisoformat(held["held_on"]), None)


async def test_a_plan_that_did_not_end_after_all_is_told(desk: Desk) -> None:
    begun = working_days_ago(5)
    await desk.registered()
    await desk.enquired()
    assert (await desk.hold(await desk.planned(on=begun))).status_code == 200
    meeting = await desk.planned(on=recent_working_day())
    ended = (await desk.hold(meeting, children=[desk.outcome(outcome="ended", category=None)])).json()
    path = f"/v1/conferences/{ended['reference']}/reopen"
    await desk.done("POST", path, {"reason": "It was not held."}, version=ended["version"])
    assert await published(desk) == of_one(begun, None, begun)


async def test_plans_that_are_imported_are_told(desk: Desk) -> None:
    held = working_days_ago(20)
    await desk.known("P1")
    await desk.known("P2")
    await import_rows(
        desk,
        "conferences/section-47-enquiries",
        [enquiry(person_id, working_days_ago(30)) for person_id in ("P1", "P2")],
    )
    rows = [conference("M1", "P1", held), conference("M2", "P2", held)]
    report = await import_conferences(desk, rows, attended("M1") + attended("M2"))
    assert report["problem_count"] == 0, report
    assert sorted(await published(desk)) == [("P1", held), ("P2", held)]
