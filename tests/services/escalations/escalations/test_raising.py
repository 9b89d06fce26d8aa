"""Raising escalations: one, or all from a meeting."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from services.escalations.escalations.schemas import EscalationOut
from services.escalations.rules import Kind, due_on
from tests.support.clocks import until
from tests.support.escalations.desk import CARE_PLANNING, CONFERENCE, Desk, days_ago, wrong_fields

PATH = "/v1/escalations"
KEPT = ("escalation", "escalation_move", "chassis.outgoing", "chassis.audit_entry")


async def counts(desk: Desk) -> list[int]:
    """How many rows there are of all that raising writes."""
    return [(await desk.rows(f"SELECT count(*) AS n FROM {table}"))[0]["n"] for table in KEPT]


async def test_one_escalation_is_raised_with_all_its_traces(desk: Desk) -> None:
    answer = await desk.post(PATH, CONFERENCE | {"meeting_on": days_ago(3), "meeting_reference": "C/1042"})
    assert answer.status_code == 201
    raised = EscalationOut.model_validate_json(answer.content, strict=True)
    today = clock.today()
    assert raised.reference == f"ESC-{today.year}-0001"
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"{PATH}/{raised.reference}"
    assert (raised.state, raised.stage, raised.version) == ("open", 1, 1)
    assert (raised.raised_by, raised.owner_id, raised.raised_on) == ("chair-1", "chair-1", today)
    assert raised.due_on == raised.stage_due_on == due_on(Kind.CONFERENCE_CONTRIBUTION, today)
    given = {name: value for name, value in CONFERENCE.items() if name != "note"}
    assert {name: answer.json()[name] for name in given} == given

    read = await desk.get(answer.headers["Location"])
    assert read.json() | {"warnings": answer.json()["warnings"]} == answer.json()
    assert read.headers["ETag"].startswith('"1-')
    (move,) = await desk.history(raised.reference)
    assert (move["move"], move["state"], move["stage"], move["note"]) == ("raise", "open", 1, "Nobody wrote.")
    assert (move["actor"], move["owner_id"]) == ("chair-1", "chair-1")
    (entry,) = await desk.audited("raise_escalation")
    assert (entry["caller"], entry["record"]) == ("chair-1", raised.reference)
    assert entry["person_ids"] == ["P100001", "P100002"]


async def test_its_event_names_nobody(desk: Desk) -> None:
    raised = await desk.raised(meeting_reference="C-1042")
    (event,) = await desk.published("escalation.raised")
    assert event["subject"] == event["reference"] == raised["reference"]
    assert json.loads(event["text"])["meeting_reference"] == "C-1042"
    for secret in ("P100001", "Planted", "Bridge", "Nobody wrote"):
        assert secret not in event["text"]


async def test_somebody_else_may_own_it(desk: Desk) -> None:
    answer = await desk.post(
        PATH, CARE_PLANNING | {"owner_id": "chair-2"}, role=Role.BUSINESS_SUPPORT, subject="support-1"
    )
    assert (answer.json()["owner_id"], answer.json()["raised_by"]) == ("chair-2", "support-1")
    (move,) = await desk.history(answer.json()["reference"])
    assert (move["owner_id"], move["actor"]) == ("chair-2", "support-1")


async def test_a_request_sent_again_under_its_key_takes_effect_once(desk: Desk) -> None:
    first = await desk.post(PATH, CONFERENCE, Idempotency_Key="one-meeting")
    before = await counts(desk)
    again = await desk.post(PATH, CONFERENCE, Idempotency_Key="one-meeting")
    assert (again.status_code, again.content) == (201, first.content)
    assert {name: again.headers[name] for name in ("ETag", "Location", "Idempotency-Replayed")} == {
        "ETag": first.headers["ETag"],
        "Location": first.headers["Location"],
        "Idempotency-Replayed": "true",
    }
    other = await desk.post(PATH, CONFERENCE | {"area_id": "south"}, Idempotency_Key="one-meeting")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert await counts(desk) == before


async def test_twins_under_one_key_raise_one(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.post(PATH, CONFERENCE, Idempotency_Key="twins-of-one") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert await counts(desk) == [1, 1, 1, 1]


async def test_a_refused_request_does_not_use_up_its_key(desk: Desk) -> None:
    refused = await desk.post(PATH, CONFERENCE | {"area_id": "nowhere"}, Idempotency_Key="second-try")
    assert refused.status_code == 422
    assert (await desk.post(PATH, CONFERENCE, Idempotency_Key="second-try")).status_code == 201


async def test_a_meeting_raises_all_together(desk: Desk) -> None:
    many = {"escalations": [CONFERENCE, CARE_PLANNING, CONFERENCE | {"person_ids": ["P100003"]}]}
    answer = await desk.post("/v1/conferences/CONF-2019-1042/escalations", many, Idempotency_Key="all-together")
    assert answer.status_code == 201
    raised = answer.json()["escalations"]
    assert [escalation["kind"] for escalation in raised] == [escalation["kind"] for escalation in many["escalations"]]
    assert {escalation["meeting_reference"] for escalation in raised} == {"CONF-2019-1042"}
    assert len({escalation["reference"] for escalation in raised}) == 3
    assert await counts(desk) == [3, 3, 3, 1]
    (entry,) = await desk.audited("raise_escalation")
    assert entry["person_ids"] == ["P100001", "P100002", "P100003"]
    again = await desk.post("/v1/conferences/CONF-2019-1042/escalations", many, Idempotency_Key="all-together")
    assert again.content == answer.content


async def test_a_meeting_raises_none_if_one_is_wrong(desk: Desk) -> None:
    many = {"escalations": [CONFERENCE, CARE_PLANNING, CONFERENCE | {"agency_id": "nobody"}]}
    answer = await desk.post("/v1/conferences/CONF-2019-1042/escalations", many)
    assert wrong_fields(answer) == ["escalations.2.agency_id"]
    many["escalations"] += [CARE_PLANNING | {"theme": None}]
    assert wrong_fields(await desk.post("/v1/conferences/CONF-2019-1042/escalations", many)) == [
        f"escalations.3.{name}" for name in ("kind", "theme", "reason")
    ]
    many = {"escalations": [CONFERENCE | {"raised_on": days_ago(-1)}, CONFERENCE | {"agency_role": "head-teacher"}]}
    answer = await desk.post("/v1/conferences/CONF-2019-1042/escalations", many)
    assert sorted(wrong_fields(answer)) == ["escalations.0.raised_on", "escalations.1.agency_role"]
    assert wrong_fields(await desk.post("/v1/conferences/CONF-2019-1042/escalations", {"escalations": []})) == [
        "escalations"
    ]
    assert await counts(desk) == [0, 0, 0, 0]


REFUSED: list[tuple[dict[str, Any], list[str]]] = [
    # Nobody of that name is in the directory.
    ({"owner_id": "nobody"}, ["owner_id"]),
    ({"agency_id": "nobody"}, ["agency_id"]),
    ({"area_id": "nowhere"}, ["area_id"]),
    # They were, and left.
    ({"owner_id": "gone"}, ["owner_id"]),
    ({"agency_id": "closed-agency"}, ["agency_id"]),
    # A colleague is no area, and an area no agency.
    ({"area_id": "chair-1", "agency_id": "north"}, ["agency_id", "area_id"]),
    # The role exists, at another agency.
    ({"agency_role": "head-teacher"}, ["agency_role"]),
    # All that is wrong is said at once.
    ({"owner_id": "nobody", "agency_id": "nobody", "area_id": "nowhere"}, ["owner_id", "agency_id", "area_id"]),
    # A reason belongs to a conference, a theme to care planning; neither has both or none.
    ({"reason": None}, ["kind", "reason", "theme"]),
    ({"theme": "transitions"}, ["kind", "reason", "theme"]),
    ({"kind": "care_planning"}, ["kind", "reason", "theme"]),
    ({"reason": None, "theme": "transitions"}, ["kind", "reason", "theme"]),
    # Words that are not in the vocabulary.
    ({"kind": "other"}, ["kind"]),
    ({"reason": "other"}, ["reason"]),
    # Nothing is kept that nobody asked for.
    ({"child_name": "Invented"}, ["child_name"]),
    ({"state": "resolved"}, ["state"]),
    # A child is a number of the case-management system, named once, and never a name.
    ({"person_ids": []}, ["person_ids"]),
    ({"person_ids": ["P1", "P1"]}, ["person_ids"]),
    ({"person_ids": ["Robin Planted"]}, ["person_ids.0"]),
    # Days that are none, or before there were any.
    ({"raised_on": "2019-02-30"}, ["raised_on"]),
    ({"raised_on": "1850-01-01"}, ["raised_on"]),
    ({"raised_on": "0001-01-01"}, ["raised_on"]),
    # A text that PostgreSQL cannot keep.
    ({"note": "a\x00b"}, ["note"]),
]


async def test_what_is_wrong_is_refused_by_its_field(desk: Desk) -> None:
    found = []
    for change, fields in REFUSED:
        answer = await desk.post(PATH, CONFERENCE | change)
        wrong = ["" if field == "body" else field for field in wrong_fields(answer)]
        found.append((change, sorted(wrong)))
        assert "Planted" not in answer.text, "a problem repeats no value"
        assert fields is not None
    assert found == [(change, sorted(fields)) for change, fields in REFUSED]
    assert await counts(desk) == [0, 0, 0, 0]


async def test_whoever_asks_must_be_somebody_if_nobody_else_owns_it(desk: Desk) -> None:
    assert wrong_fields(await desk.post(PATH, CONFERENCE, subject="a-stranger")) == ["owner_id"]


@pytest.mark.parametrize("field", ["raised_on", "meeting_on"])
async def test_nothing_has_happened_tomorrow(desk: Desk, field: str) -> None:
    assert (await desk.post(PATH, CONFERENCE | {field: days_ago(0)})).status_code == 201
    assert wrong_fields(await desk.post(PATH, CONFERENCE | {field: days_ago(-1)})) == [field]


async def test_what_was_raised_earlier_is_due_earlier_and_numbered_in_its_year(desk: Desk) -> None:
    raised = await desk.raised(CARE_PLANNING, raised_on="2019-06-03")
    assert raised["reference"] == "ESC-2019-0001"
    assert (raised["due_on"], raised["stage_due_on"]) == ("2019-07-01", "2019-06-10")
    with clock.shifted(until(date(2031, 6, 1))):
        assert (await desk.raised())["reference"] == "ESC-2031-0001"


async def test_a_last_day_still_counts(desk: Desk) -> None:
    today = clock.today()
    await desk.knows("area", "ending", ends_on=today)
    await desk.knows("area", "ended", ends_on=today - timedelta(days=1))
    assert (await desk.post(PATH, CONFERENCE | {"area_id": "ending"})).status_code == 201
    assert wrong_fields(await desk.post(PATH, CONFERENCE | {"area_id": "ended"})) == ["area_id"]


async def test_no_two_get_the_same_number(desk: Desk) -> None:
    raised = await asyncio.gather(*(desk.raised() for _ in range(50)))
    assert len({escalation["reference"] for escalation in raised}) == 50
    assert await counts(desk) == [50, 50, 50, 50]
