"""A chair's diary as JSON, and as a calendar at a secret address."""

from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar

from chassis.access.callers import Role
from chassis.base import clock
from chassis.meetings.diary import DiaryEntryOut
from tests.support.reviews.calendars import events, feed
from tests.support.reviews.office import JSON, Office, days_ago

TABLES = ("diary_feed", "review", "chassis.outgoing", "chassis.audit_entry")


async def everything(office: Office) -> dict[str, list[str]]:
    """Every row that reading a diary could touch."""
    return {
        table: sorted(
            row["row"]
            for row in await office.rows(f"SELECT t::text AS row FROM {table} t WHERE t::text NOT LIKE '%,refused_4%'")
        )
        for table in TABLES
    }


def ahead(days: int) -> date:
    """So many calendar days after today."""
    return clock.today() + timedelta(days=days)


async def test_a_diary_has_the_reviews_of_its_days_in_order(office: Office) -> None:
    days = {"P1": ahead(3), "P2": ahead(1), "P3": ahead(1), "P4": ahead(42), "P5": ahead(43)}
    times = {"P2": "14:00", "P3": "09:30"}
    made = {}
    for person_id, day in days.items():
        await office.registered(person_id)
        more = {"planned_time": times[person_id]} if person_id in times else {}
        made[person_id] = (await office.planned(person_id, on=day, **more))["reference"]
    found = await office.get("/internal/diary")
    assert [row["reference"] for row in found] == [made[person_id] for person_id in ("P3", "P2", "P1", "P4")]
    for row in found:
        assert row.keys() == DiaryEntryOut.model_fields.keys()
    later = await office.get("/internal/diary", first=ahead(43).isoformat(), last=ahead(43).isoformat())
    assert [row["reference"] for row in later] == [made["P5"]]
    assert len(await office.audited("get_diary")) == 0 or all(
        entry["person_ids"] for entry in await office.audited("get_diary")
    )


async def test_anybody_who_reads_reviews_sees_another_chairs_diary(office: Office) -> None:
    await office.registered("P1", chair="chair-2")
    review = await office.planned("P1", on=ahead(2), chair_id="chair-2")
    assert await office.get("/internal/diary") == []
    for role, subject in ((Role.CHAIR, "chair-1"), (Role.BUSINESS_SUPPORT, "clerk-1")):
        found = await office.get("/internal/diary", chair_id="chair-2", role=role, subject=subject)
        assert [row["reference"] for row in found] == [review["reference"]]
    assert (await office.ask("GET", "/internal/diary", role=Role.PERFORMANCE_ANALYST)).status_code == 403


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [(0, 400, 200), (0, 401, 422), (5, 4, 422), (5, 5, 200), (-400, 0, 200), (-401, 0, 422)],
)
async def test_a_diary_is_of_400_days_at_most(office: Office, first: int, last: int, status: int) -> None:
    days = {"first": ahead(first).isoformat(), "last": ahead(last).isoformat()}
    answer = await office.ask("GET", "/internal/diary", params=days)
    assert answer.status_code == status
    if status == 422:
        assert office.problem(answer) == {"last": "after_first"}


async def test_a_diary_at_the_end_of_time_is_empty(office: Office) -> None:
    assert await office.get("/internal/diary", first="9999-12-31") == []
    assert office.problem(await office.ask("GET", "/internal/diary", params={"first": "soon"})).keys() == {"first"}


def last_sunday(year: int, month: int) -> date:
    """The last Sunday of a month of 31 days."""
    last = date(year, month, 31)
    return last - timedelta(days=last.isoweekday() % 7)


async def test_a_calendar_keeps_london_time_across_the_change_of_the_clocks(office: Office) -> None:
    # The clocks go forward on the last Sunday of March, and back on the last of October.
    forward, back = (last_sunday(clock.today().year + 1, month) for month in (3, 10))
    days = {
        "P1": forward - timedelta(days=2),
        "P2": forward + timedelta(days=2),
        "P3": back - timedelta(days=2),
        "P4": back + timedelta(days=1),
    }
    made = {}
    for person_id, day in days.items():
        await office.registered(person_id)
        made[person_id] = (await office.planned(person_id, on=day, planned_time="14:30"))["reference"]
    path, _ = await feed(office)
    found = await events(office, path)
    for person_id, hours in (("P1", 0), ("P2", 1), ("P3", 1), ("P4", 0)):
        starts: datetime = found[made[person_id]]["DTSTART"].dt
        assert (starts.date(), f"{starts:%H:%M}", starts.utcoffset()) == (
            days[person_id],
            "14:30",
            timedelta(hours=hours),
        )
        assert found[made[person_id]]["DTEND"].dt - starts == timedelta(hours=1)
    calendar = Calendar.from_ical((await office.client.get(path)).text)
    assert [str(part["TZID"]) for part in calendar.walk("VTIMEZONE")] == ["Europe/London"]


async def test_a_calendar_says_when_and_where_and_nobodys_name(office: Office) -> None:
    for person_id in ("P700001", "P700002"):
        await office.registered(person_id, communication_needs="Signs.")
    both = await office.planned("P700001", "P700002", on=ahead(3), venue="Town Hall; room 2, upstairs")
    path, _ = await feed(office)
    (event,) = (await events(office, path)).values()
    assert event["DTSTART"].dt == ahead(3), "without a time it is the whole day"
    assert str(event["LOCATION"]) == "Town Hall; room 2, upstairs"
    assert str(event["SUMMARY"]) == f"{both['reference']}: review of 2 children"
    assert both["children"][0]["due_on"] in str(event["DESCRIPTION"])
    text = (await office.client.get(path)).text
    for word in ("Merrin", "Planted", "P700001", "P700002", "Signs", "chair-1"):
        assert word not in text


async def test_a_calendar_follows_what_becomes_of_a_review(office: Office) -> None:
    await office.registered()
    review = await office.planned(on=ahead(3))
    path, _ = await feed(office)
    before = (await events(office, path))[review["reference"]]
    body = {"planned_on": ahead(5).isoformat(), "planned_time": "10:00"}
    moved = await office.ask("PATCH", f"/v1/reviews/{review['reference']}", body, version=review["version"])
    after = (await events(office, path))[review["reference"]]
    assert (str(after["UID"]), after["DTSTART"].dt.date()) == (str(before["UID"]), ahead(5))
    assert after["SEQUENCE"] > before["SEQUENCE"]
    cancelled = {"reason": "The child moved."}
    await office.ask("POST", f"/v1/reviews/{review['reference']}/cancel", cancelled, version=moved.json()["version"])
    assert await events(office, path) == {}


async def test_each_calendar_is_of_whoever_asked_for_it(office: Office) -> None:
    for number in (1, 2):
        await office.registered(f"P{number}", chair=f"chair-{number}")
        await office.planned(f"P{number}", on=ahead(number), chair_id=f"chair-{number}")
    (first, _), (second, _) = await feed(office, "chair-1"), await feed(office, "chair-2")
    mine, yours = await events(office, first), await events(office, second)
    assert (len(mine), len(yours), mine.keys() & yours.keys()) == (1, 1, set())
    assert (await office.ask("POST", "/v1/diary-feeds", role=Role.BUSINESS_SUPPORT)).status_code == 403


async def test_the_address_is_the_key_and_works_until_it_is_revoked(office: Office) -> None:
    (path, feed_id), (other, _) = await feed(office), await feed(office)
    assert path != other
    token = path.removeprefix("/diary/").removesuffix(".ics")
    assert token not in str(await office.rows("SELECT f::text FROM diary_feed f")), "only its hash is kept"
    revoke = f"/v1/diary-feeds/{feed_id}/revoke"
    assert (await office.ask("POST", revoke, subject="chair-2")).status_code == 404
    assert (await office.client.get(path)).status_code == 200
    assert (await office.ask("POST", revoke)).status_code == 204
    assert (await office.ask("POST", revoke)).status_code == 204, "once more changes nothing"
    assert (await office.client.get(path)).status_code == 404
    assert (await office.client.get(other)).status_code == 200


async def test_a_manager_revokes_anybodys_address(office: Office) -> None:
    path, feed_id = await feed(office)
    revoked = await office.ask("POST", f"/v1/diary-feeds/{feed_id}/revoke", role=Role.TEAM_MANAGER, subject="manager-1")
    assert (revoked.status_code, (await office.client.get(path)).status_code) == (204, 404)


@pytest.mark.parametrize("token", ["x" * 43, "x", "%00", "a" * 100])
async def test_a_wrong_address_finds_nothing_and_says_nothing(office: Office, token: str) -> None:
    await feed(office)
    answer = await office.client.get(f"/diary/{token}.ics")
    assert answer.status_code == 404
    assert token not in answer.text or token == "x"


async def test_reading_a_calendar_changes_nothing(office: Office) -> None:
    await office.registered()
    await office.planned(on=days_ago(-2))
    path, _ = await feed(office)
    # The day of the last use is all that is written, once a day.
    assert (await office.client.get(path)).status_code == 200
    before = await everything(office)
    answers: list[JSON] = []
    for method in ("GET", "HEAD", "GET"):
        answer = await office.client.request(method, path)
        assert answer.status_code in {200, 405}
        answers.append({"text": answer.text})
    assert answers[0] == answers[2]
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert (await office.client.request(method, path)).status_code == 405
    assert await everything(office) == before


async def test_addresses_are_listed_without_their_secret(office: Office) -> None:
    (path, first), (_, second), (_, other) = await feed(office), await feed(office), await feed(office, "chair-2")
    await office.client.get(path)
    mine = await office.get("/v1/diary-feeds")
    assert [(feed["id"], feed["last_used_on"]) for feed in mine] == [(second, None), (first, ahead(0).isoformat())]
    assert path.removeprefix("/diary/").removesuffix(".ics") not in str(mine)
    assert (await office.ask("GET", "/v1/diary-feeds", params={"chair_id": "chair-2"})).status_code == 403
    everybodys = await office.get("/v1/diary-feeds", role=Role.ADMINISTRATOR, subject="admin-1")
    assert {feed["id"] for feed in everybodys} == {first, second, other}
    revoke = f"/v1/diary-feeds/{first}/revoke"
    assert (await office.ask("POST", revoke, role=Role.ADMINISTRATOR, subject="admin-1")).status_code == 204
    assert (await office.client.get(path)).status_code == 404


async def test_an_address_ends_with_its_chair(office: Office) -> None:
    path, _ = await feed(office)
    await office.rows("UPDATE chassis.copy SET ends_on = $1 WHERE id = 'chair-1'", ahead(0))
    assert (await office.client.get(path)).status_code == 200
    with clock.shifted(timedelta(days=1)):
        assert (await office.client.get(path)).status_code == 404
        await office.rows("UPDATE chassis.copy SET ends_on = NULL WHERE id = 'chair-1'")
        assert (await office.client.get(path)).status_code == 200
