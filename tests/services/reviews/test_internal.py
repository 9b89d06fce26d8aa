"""What other services ask this one: what is due for whom, and what letters about a review need."""

from datetime import timedelta

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months
from services.reviews.children.schemas import DigestEntryOut
from services.reviews.meetings.letters import LettersOut
from tests.support.clocks import until
from tests.support.reviews.office import JSON, Office, days_ago

DIGEST, JOIN = "/internal/deadlines/digest", "https://meet.example.org/room-1"


async def digest(office: Office) -> list[JSON]:
    """The digest, as the notifications service asks for it."""
    return list(await office.get(DIGEST, role=Role.SERVICE, subject="notifications"))


async def letters(office: Office, reference: str) -> JSON:
    """What letters about a review need, as the notifications service asks for it."""
    answer = await office.ask(
        "GET", f"/internal/reviews/{reference}/letters", role=Role.SERVICE, subject="notifications"
    )
    assert answer.status_code == 200, answer.text
    LettersOut.model_validate_json(answer.content, strict=True)
    return dict(answer.json())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SERVICE])
async def test_nobody_but_a_service_asks(office: Office, role: Role) -> None:
    await office.registered()
    review = await office.planned()
    for path in (DIGEST, f"/internal/reviews/{review['reference']}/letters"):
        assert (await office.ask("GET", path, role=role)).status_code == 403
        assert (await office.client.get(path)).status_code == 401


async def test_one_of_our_own_services_asks_as_itself(office: Office) -> None:
    answer = await office.client.get(DIGEST, headers=office.client.as_service("notifications"))
    assert (answer.status_code, answer.json()) == (200, [])


async def test_the_digest_has_what_is_overdue_or_due_within_14_days_soonest_first(office: Office) -> None:
    await office.registered("P1", since=days_ago(60), chair=None)
    await office.registered("P2", since=days_ago(1), chair="chair-2")
    found = await digest(office)
    for row in found:
        assert row.keys() == DigestEntryOut.model_fields.keys()
        DigestEntryOut.model_validate(row)
    days = [row["due_on"] for row in found]
    assert days == sorted(days)
    assert days[-1] <= (clock.today() + timedelta(days=14)).isoformat()
    of_first = {(row["kind"], row["subject"]) for row in found if row["person_id"] == "P1"}
    assert {("review", "first"), ("allocation", "allocation")} <= of_first
    assert {row["chair_id"] for row in found if row["person_id"] == "P2"} == {"chair-2"}
    assert ("visit", "visit") not in of_first, "that is six months away"


async def test_the_last_of_the_14_days_is_in_the_digest_and_the_next_is_not(office: Office) -> None:
    await office.registered("P1", since=clock.today())
    due_on = add_months(clock.today(), 6)
    for ahead, expected in ((15, False), (14, True)):
        with clock.shifted(until(due_on - timedelta(days=ahead))):
            assert ("visit" in {deadline["kind"] for deadline in await digest(office)}) is expected


async def test_the_digest_names_nobody_and_follows_the_present_chair(office: Office) -> None:
    await office.registered("P1", since=days_ago(60), email="child@example.org", restricted=True)
    await office.allocated("P1", "chair-2")
    answer = await office.ask("GET", DIGEST, role=Role.SERVICE, subject="notifications")
    for word in ("Merrin", "Planted", "example.org", "chair-1"):
        assert word not in answer.text
    assert {row["chair_id"] for row in answer.json()} == {"chair-2"}


async def test_letters_say_where_and_when_and_which_child_has_an_email(office: Office) -> None:
    born = {"P1": 8, "P2": 7, "P3": 12}
    for person_id, years in born.items():
        await office.registered(
            person_id,
            born_on=add_months(clock.today(), -12 * years).isoformat(),
            email="child@example.org" if person_id == "P1" else None,
            advocacy_opted_out_on=days_ago(3).isoformat() if person_id == "P3" else None,
        )
    review = await office.planned(*born, planned_time="09:30", venue="Town Hall", mode="hybrid", join_link=JOIN)
    found = await letters(office, review["reference"])
    children = sorted(found.pop("children"), key=lambda child: child["person_id"])
    assert children == [
        {"person_id": "P1", "email": "child@example.org", "age": 8, "advocate": True},
        {"person_id": "P2", "email": None, "age": 7, "advocate": False},
        {"person_id": "P3", "email": None, "age": 12, "advocate": False},
    ]
    assert (found["planned_time"], found["venue"], found["mode"]) == ("09:30:00", "Town Hall", "hybrid")
    assert (found["chair_id"], found["advocate_email"]) == ("chair-1", None)
    assert (found["join_link"], found["version"]) == (JOIN, 1)
    path = f"/v1/reviews/{review['reference']}"
    moved = await office.ask("PATCH", path, {"join_link": None}, version=1)
    assert (moved.status_code, moved.json()["join_link"]) == (200, None)
    assert "Planted" not in str(found)


async def test_letters_and_invitations_agree_about_who_opted_out_of_advocacy(office: Office) -> None:
    opted_out = (clock.today() + timedelta(days=5)).isoformat()
    await office.registered("P1", advocacy_opted_out_on=opted_out)
    for days, expected in ((4, True), (5, False)):
        review = await office.planned("P1", on=clock.today() + timedelta(days=days))
        whole = await office.get(f"/v1/reviews/{review['reference']}")
        assert any(invitation["relationship"] == "advocate" for invitation in whole["invitations"]) is expected
        assert (await letters(office, review["reference"]))["children"][0]["advocate"] is expected
        cancel = f"/v1/reviews/{review['reference']}/cancel"
        await office.ask("POST", cancel, {"reason": "Another day."}, version=review["version"])


async def test_letters_tell_what_became_of_a_review_and_are_audited(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    cancel = f"/v1/reviews/{review['reference']}/cancel"
    await office.ask("POST", cancel, {"reason": "Another day."}, version=review["version"])
    assert (await letters(office, review["reference"]))["state"] == "cancelled"
    (entry,) = await office.audited("get_review_letters")
    assert (entry["caller"], entry["person_ids"], entry["record"]) == ("notifications", ["P1"], review["reference"])
    unknown = await office.ask(
        "GET", "/internal/reviews/REV-2019-9999/letters", role=Role.SERVICE, subject="notifications"
    )
    assert unknown.status_code == 404
