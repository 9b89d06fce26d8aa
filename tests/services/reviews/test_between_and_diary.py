"""Between reviews: visits, checks, prompts, approvals, feedback, referrals, links to escalations; and the diary."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from chassis import clock
from chassis.callers import Role
from chassis.inbox import Hearing
from chassis.working_days import add_months
from services.reviews.handlers import SUBSCRIPTIONS
from tests.services.reviews.office import JSON, Office, days_ago

CHILD = "/v1/looked-after-children/P1"


async def hear(office: Office, kind: str, **data: Any) -> None:
    (one,) = [each for each in SUBSCRIPTIONS if each.event.type == kind]
    async with office.client.work.database.transaction() as session:
        await one.handler(one.event.model_validate(data), Hearing(session, office.client.work, clock.now()))


async def test_a_visit_sets_the_clock_of_the_next_and_a_call_does_not(office: Office) -> None:
    await office.registered(since=days_ago(100))
    assert (await office.owed())["visit", "visit"]["due_on"] == add_months(clock.today(), 6).isoformat()
    await office.ask("POST", f"{CHILD}/contacts", {"kind": "telephone", "happened_on": days_ago(1).isoformat()})
    visited = days_ago(9)
    await office.ask("POST", f"{CHILD}/contacts", {"kind": "visit", "happened_on": visited.isoformat()})
    await office.ask("POST", f"{CHILD}/contacts", {"kind": "visit", "happened_on": days_ago(50).isoformat()})
    owed = (await office.owed())["visit", "visit"]
    assert (owed["event_on"], owed["due_on"]) == (visited.isoformat(), add_months(visited, 6).isoformat())
    assert len(await office.get(f"{CHILD}/contacts")) == 3
    future = {"kind": "visit", "happened_on": (clock.today() + timedelta(days=1)).isoformat()}
    assert office.problem(await office.ask("POST", f"{CHILD}/contacts", future)) == {"happened_on": "not_in_the_future"}


async def test_a_midpoint_is_checked_once_for_each_review(office: Office) -> None:
    await office.registered()
    assert (await office.ask("POST", f"{CHILD}/midpoint-checks", {"on_track": True})).status_code == 409
    await office.held()
    owed = (await office.owed())["midpoint", "midpoint"]
    assert owed["event_on"] == clock.today().isoformat() < owed["due_on"] < add_months(clock.today(), 3).isoformat()
    done = await office.ask("POST", f"{CHILD}/midpoint-checks", {"on_track": False, "note": "Core group missed."})
    assert (done.status_code, done.json()["due_on"]) == (201, owed["due_on"])
    assert ("midpoint", "midpoint") not in await office.owed()
    assert (await office.ask("POST", f"{CHILD}/midpoint-checks", {"on_track": True})).status_code == 409


async def test_prompts_are_there_until_they_are_seen_to(office: Office) -> None:
    born_on = add_months(clock.today(), -(15 * 12 + 9))
    await office.registered(born_on=born_on.isoformat(), status="J1", placement="R5", disabled=True, unaccompanied=True)
    wanted = {"leaflet", "leaflet_remand", "leaflet_disability", "leaflet_unaccompanied", "life_links"}
    owed = await office.owed()
    assert {subject for kind, subject in owed if kind == "prompt"} == wanted
    assert owed["prompt", "life_links"]["due_on"] == clock.today().isoformat()
    for _ in range(2):
        done = await office.ask("POST", f"{CHILD}/prompts-done", {"prompt": "life_links"})
        assert done.status_code == 200, done.text
    await office.held()
    assert {subject for kind, subject in await office.owed() if kind == "prompt"} == (
        wanted - {"life_links"} | {"permanence_plan"}
    )


async def test_who_approves_leaving_care_follows_from_the_law(office: Office) -> None:
    old, young = add_months(clock.today(), -17 * 12), add_months(clock.today(), -10 * 12)
    await office.registered("P1", since=days_ago(3), status="V2", born_on=old.isoformat())
    await office.registered("P2", since=days_ago(60), status="V2", born_on=young.isoformat())
    await office.registered("P3", since=days_ago(60), status="C2", born_on=old.isoformat())
    asked = await office.ask("POST", f"{CHILD}/leaving-care-decisions", {})
    assert (asked.status_code, asked.json()["approval"]) == (201, "director")
    second = await office.ask("POST", "/v1/looked-after-children/P2/leaving-care-decisions", {})
    assert second.json()["approval"] == "nominated_officer"
    third = await office.ask("POST", "/v1/looked-after-children/P3/leaving-care-decisions", {})
    assert third.status_code == 409
    path = f"/v1/leaving-care-decisions/{asked.json()['id']}/decide"
    body = {"approved": True, "decided_by": "Director of children's services"}
    decided = await office.ask("POST", path, body, version=1)
    assert (decided.json()["approved"], decided.json()["version"]) == (True, 2)
    assert (await office.ask("POST", path, body, version=2)).status_code == 409


async def test_feedback_is_about_a_review_that_was_held(office: Office) -> None:
    await office.registered()
    planned = await office.planned()
    said: JSON = {"reference": planned["reference"], "from_whom": "child", "rating": "green"}
    assert office.problem(await office.ask("POST", "/v1/feedback", said)) == {"reference": "held"}
    await office.hold(planned)
    assert (await office.ask("POST", "/v1/feedback", said)).status_code == 201
    assert len((await office.get("/v1/feedback", rating="green"))["items"]) == 1


async def test_a_disruption_meeting_follows_a_referral_that_was_accepted(office: Office) -> None:
    await office.registered()
    referred = await office.ask(
        "POST", "/v1/disruption-referrals", {"person_id": "P1", "placement": "adoption", "reason": "It broke down."}
    )
    path = f"/v1/disruption-referrals/{referred.json()['reference']}"
    accepted = await office.ask("POST", f"{path}/accept", {"chair_id": "chair-2"}, version=1)
    assert accepted.json()["state"] == "accepted"
    assert (await office.ask("POST", f"{path}/decline", {"because": "No."}, version=2)).status_code == 409
    meeting = await office.planned("P1", sequence="disruption", chair_id="chair-2")
    assert (meeting["children"][0]["kind"], meeting["children"][0]["due_on"]) == ("disruption", None)
    assert (await office.get(path))["review_reference"] == meeting["reference"]
    held = await office.hold(meeting)
    assert held.status_code == 200, held.text
    # It changes nothing about the child's own clock.
    assert ("review", "first") in await office.owed()


async def test_what_was_raised_from_a_review_is_known_by_its_event(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    raised = {"reference": "ESC-2026-0001", "meeting_reference": review["reference"], "raised_on": "2026-01-05"}
    for _ in range(2):
        await hear(office, "escalation.raised", **raised)
    await hear(office, "challenge.raised", **raised | {"reference": "CHA-2026-0001"})
    await hear(office, "escalation.raised", **raised | {"reference": "ESC-2026-0002", "meeting_reference": "CONF-1"})
    found = await office.get(f"/v1/reviews/{review['reference']}")
    assert sorted(found["escalations"]) == ["CHA-2026-0001", "ESC-2026-0001"]
    await hear(office, "escalation.closed", reference="ESC-2026-0001", closed_on="2026-02-01")
    rows = await office.rows("SELECT closed_on::text AS day FROM raised_escalation WHERE reference = 'ESC-2026-0001'")
    assert rows == [{"day": "2026-02-01"}]


async def test_a_calendar_reads_the_diary_at_a_secret_address(office: Office) -> None:
    await office.registered()
    review = await office.planned(planned_time="14:30", venue="Town Hall")
    made = (await office.ask("POST", "/v1/diary-feeds")).json()
    path = "/diary/" + made["url"].rpartition("/diary/")[2]
    answer = await office.client.get(path)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "Merrin" not in answer.text and "Planted" not in answer.text and "P1" not in answer.text
    (event,) = Calendar.from_ical(answer.text).walk("VEVENT")
    starts = event["DTSTART"].dt.astimezone(ZoneInfo("Europe/London"))
    assert (starts.date(), f"{starts:%H:%M}") == (clock.today(), "14:30")
    assert review["reference"] in event["SUMMARY"]
    assert (await office.client.get("/diary/" + "x" * 43 + ".ics")).status_code == 404
    other = await office.ask("POST", f"/v1/diary-feeds/{made['id']}/revoke", subject="chair-2")
    assert other.status_code == 404
    assert (await office.ask("POST", f"/v1/diary-feeds/{made['id']}/revoke")).status_code == 204
    assert (await office.client.get(path)).status_code == 404
    assert [one["reference"] for one in await office.get("/v1/diary")] == [review["reference"]]


async def test_services_alone_ask_for_the_digest_and_for_letters(office: Office) -> None:
    await office.registered("P1", since=days_ago(60), born_on=days_ago(9 * 366).isoformat(), email="child@example.org")
    review = await office.planned("P1")
    for path in ("/v1/deadlines/digest", f"/v1/reviews/{review['reference']}/letters"):
        assert (await office.ask("GET", path)).status_code == 403
        answer = await office.ask("GET", path, role=Role.SERVICE, subject="notifications")
        assert answer.status_code == 200
        assert "Planted" not in answer.text
    letters = answer.json()
    assert letters["children"] == [{"person_id": "P1", "email": "child@example.org", "age": 9, "advocate": True}]
