"""What others know of a review: what was raised from it, a chair's calendar, and what other services ask."""

from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from chassis.access.callers import Role
from chassis.base import clock
from chassis.events.inbox import Receipt
from services.reviews.handlers import SUBSCRIPTIONS
from tests.support.reviews.office import Office, days_ago

CHILD = "/v1/children/P1/care"


async def receive(office: Office, kind: str, **data: Any) -> None:
    (subscription,) = [each for each in SUBSCRIPTIONS if each.event.type == kind]
    async with office.client.process.database.transaction() as session:
        await subscription.handler(
            subscription.event.model_validate(data), Receipt(session, office.client.process, clock.now())
        )


async def test_what_was_raised_from_a_review_is_known_by_its_event(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    raised = {"reference": "ESC-2026-0001", "meeting_reference": review["reference"], "raised_on": "2026-01-05"}
    for _ in range(2):
        await receive(office, "escalation.raised", **raised)
    await receive(office, "challenge.raised", **raised | {"reference": "CHA-2026-0001"})
    await receive(office, "escalation.raised", **raised | {"reference": "ESC-2026-0002", "meeting_reference": "CONF-1"})
    found = await office.get(f"/v1/reviews/{review['reference']}")
    assert sorted(found["escalations"]) == ["CHA-2026-0001", "ESC-2026-0001"]
    await receive(office, "escalation.closed", **raised | {"closed_on": "2026-02-01"})
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
    starts = event.decoded("DTSTART").astimezone(ZoneInfo("Europe/London"))
    assert (starts.date(), f"{starts:%H:%M}") == (clock.today(), "14:30")
    assert review["reference"] in str(event["SUMMARY"])
    assert (await office.client.get("/diary/" + "x" * 43 + ".ics")).status_code == 404
    other = await office.ask("POST", f"/v1/diary-feeds/{made['id']}/revoke", subject="chair-2")
    assert other.status_code == 404
    assert (await office.ask("POST", f"/v1/diary-feeds/{made['id']}/revoke")).status_code == 204
    assert (await office.client.get(path)).status_code == 404
    assert [row["reference"] for row in await office.get("/internal/diary")] == [review["reference"]]


async def test_services_alone_ask_for_the_digest_and_for_letters(office: Office) -> None:
    await office.registered("P1", since=days_ago(60), born_on=days_ago(9 * 366).isoformat(), email="child@example.org")
    review = await office.planned("P1")
    for path in ("/internal/deadlines/digest", f"/internal/reviews/{review['reference']}/letters"):
        assert (await office.ask("GET", path)).status_code == 403
        answer = await office.ask("GET", path, role=Role.SERVICE, subject="notifications")
        assert answer.status_code == 200
        assert "Planted" not in answer.text
    letters = answer.json()
    assert letters["children"] == [{"person_id": "P1", "email": "child@example.org", "age": 9, "advocate": True}]
