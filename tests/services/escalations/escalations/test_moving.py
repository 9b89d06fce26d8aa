"""What is done with an escalation after it was raised, and who is recorded as having done it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from services.escalations.escalations.schemas import EscalationOut
from services.escalations.rules import Move
from tests.support.escalations.desk import CARE_PLANNING, CONFERENCE, Desk, days_ago, wrong_fields

WHILE_OPEN = sorted(set(Move) - {Move.RAISE, Move.REOPEN})
MANAGER: dict[str, Any] = {"role": Role.TEAM_MANAGER, "subject": "manager-1"}


async def test_a_change_is_made_on_the_version_that_was_read(desk: Desk) -> None:
    reference = (await desk.raised())["reference"]
    blind = await desk.amend(reference, {"area_id": "south"})
    assert (blind.status_code, blind.json()["type"]) == (428, "/problems/version-missing")
    stale = await desk.amend(reference, {"area_id": "south"}, If_Match='"7"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
    assert wrong_fields(await desk.amend(reference, {"area_id": "south"}, If_Match="soon")) == ["If-Match"]
    assert (await desk.kept(reference))["version"] == 1

    amended = await desk.amend(reference, {"area_id": "south", "note": "Wrong area."}, If_Match='"1"')
    assert (amended.status_code, amended.headers["ETag"]) == (200, '"2"')
    out = EscalationOut.model_validate_json(amended.content, strict=True)
    assert (out.area_id, out.version) == ("south", 2)
    raised, move = await desk.history(reference)
    assert (move["move"], move["note"]) == ("amend", "Wrong area.")
    assert (move["actor"], move["owner_id"]) == ("chair-2", "chair-1")
    assert raised["actor"] == "chair-1"
    assert (await desk.audited("amend"))[0]["person_ids"] == ["P100001", "P100002"]
    (event,) = await desk.published("escalation.moved")
    assert "Wrong area" not in event["text"]


async def test_only_what_is_said_is_changed(desk: Desk) -> None:
    before = await desk.raised(meeting_on=days_ago(9))
    change = {"reason": "report_late", "professional_name": None}
    after = (await desk.amend(before["reference"], change, If_Match='"1"')).json()
    assert {name for name in after if before[name] != after[name]} == {"reason", "professional_name", "version"}


AMENDMENTS: list[tuple[dict[str, Any], list[str]]] = [
    # A conference has a reason, and nothing but a reason.
    ({"theme": "transitions"}, ["reason"]),
    ({"reason": None}, ["reason"]),
    # Nobody of that name is in the directory, or they left.
    ({"agency_id": "nobody"}, ["agency_id"]),
    ({"agency_id": "closed-agency"}, ["agency_id"]),
    ({"area_id": "nowhere"}, ["area_id"]),
    # The other agency does not have the role, so both change or none.
    ({"agency_id": "schools"}, ["agency_role"]),
    ({"agency_role": "head-teacher"}, ["agency_role"]),
    # What is always there cannot be taken away.
    ({"agency_role": None}, ["agency_role"]),
    ({"agency_id": None, "area_id": None}, ["agency_id", "area_id"]),
    # The meeting was held.
    ({"meeting_on": days_ago(-1)}, ["meeting_on"]),
    # Whom it is about, who owns it and when it is due are not set right here.
    ({"person_ids": ["P9"]}, ["person_ids"]),
    ({"owner_id": "chair-2"}, ["owner_id"]),
    ({"due_on": days_ago(0)}, ["due_on"]),
]


async def test_what_cannot_be_set_right_is_refused_by_its_field(desk: Desk) -> None:
    reference = (await desk.raised())["reference"]
    for change, fields in AMENDMENTS:
        assert (change, wrong_fields(await desk.amend(reference, change, If_Match='"1"'))) == (change, fields)
    assert (await desk.kept(reference))["version"] == 1
    both = {"agency_id": "schools", "agency_role": "head-teacher"}
    assert (await desk.amend(reference, both, If_Match='"1"')).status_code == 200


async def test_an_agency_that_left_since_does_not_keep_the_rest_from_being_set_right(desk: Desk) -> None:
    yesterday = clock.today() - timedelta(days=1)
    await desk.knows("agency", "closing", roles=["gp"])
    reference = (await desk.raised(agency_id="closing"))["reference"]
    await desk.rows("UPDATE chassis.copy SET ends_on = $1 WHERE id = 'closing'", yesterday)
    amended = await desk.amend(reference, {"professional_team": "Mill Surgery"}, If_Match='"1"')
    assert amended.json()["professional_team"] == "Mill Surgery"


async def test_care_planning_climbs_its_stages(desk: Desk) -> None:
    raised = await desk.raised(CARE_PLANNING)
    reference = raised["reference"]
    third = await desk.move(reference, "move-stage", {"stage": 3, "note": "Nobody answered."})
    assert third.status_code == 200
    assert (third.json()["stage"], third.json()["state"], third.json()["due_on"]) == (3, "open", raised["due_on"])
    for stage in (2, 3, 5):
        assert wrong_fields(await desk.move(reference, "move-stage", {"stage": stage})) == ["stage"]
    assert (await desk.move(reference, "move-stage", {"stage": 4})).json()["stage"] == 4
    beyond = await desk.move(reference, "move-stage", {"stage": 5})
    assert beyond.status_code == 409
    assert beyond.json()["possible_moves"] == sorted(set(WHILE_OPEN) - {Move.MOVE_STAGE})
    assert [(move["stage"], move["note"]) for move in await desk.history(reference)] == [
        (1, "Nobody wrote."),
        (3, "Nobody answered."),
        (4, None),
    ]
    assert len(await desk.published("escalation.moved")) == 2


async def test_a_late_stage_is_due_with_the_whole(desk: Desk) -> None:
    raised = await desk.raised(CARE_PLANNING, raised_on="2019-06-03")
    moved = (await desk.move(raised["reference"], "move-stage", {"stage": 2})).json()
    assert moved["stage_due_on"] == moved["due_on"] == "2019-07-01"


async def test_the_next_stage_has_to_answer_anew(desk: Desk) -> None:
    reference = (await desk.raised(CARE_PLANNING))["reference"]
    answer = {"references": [reference], "choice": "dealt_with"}
    assert (await desk.post("/v1/answers", answer)).status_code == 201
    moved = (await desk.move(reference, "move-stage", {"stage": 2})).json()
    assert (moved["state"], moved["answer"]) == ("open", "dealt_with")
    headers = desk.client.as_service("notifications")
    (item,) = (await desk.client.get("/internal/escalations/open", headers=headers)).json()
    assert (item["answered"], item["to_be_answered"]) == (True, True)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        # Children Act 1989, section 25B(3).
        ("refer-to-cafcass", "cafcass_referred_on"),
        # IRO Handbook, chapter 6.
        ("request-legal-advice", "legal_advice_requested_on"),
    ],
)
async def test_a_referral_is_dated_once_and_goes_on(desk: Desk, path: str, field: str) -> None:
    reference = (await desk.raised(CARE_PLANNING))["reference"]
    first = (await desk.move(reference, path, {"note": "Told by telephone."})).json()
    assert (first[field], first["state"]) == (clock.today().isoformat(), "open")
    with clock.shifted(timedelta(days=3)):
        assert (await desk.move(reference, path)).json()[field] == first[field]
    assert len(await desk.history(reference)) == 3

    conference = (await desk.raised())["reference"]
    refused = await desk.move(conference, path)
    assert refused.status_code == 409
    assert path.replace("-", "_") not in refused.json()["possible_moves"]
    assert (await desk.kept(conference))[field] is None


@pytest.mark.parametrize(
    ("path", "body", "state", "kept"),
    [
        # It was resolved, and how.
        ("resolve", {"resolution": "A report came."}, "resolved", "resolution"),
        # It should not have been raised, and why.
        ("withdraw", {"reason": "A report came."}, "withdrawn", "withdrawn_because"),
    ],
)
async def test_closing_and_opening_again(desk: Desk, path: str, body: dict[str, str], state: str, kept: str) -> None:
    reference = (await desk.raised())["reference"]
    assert wrong_fields(await desk.move(reference, path)) == list(body)
    closed = (await desk.move(reference, path, body, **MANAGER)).json()
    assert (closed["state"], closed[kept], closed["closed_by"]) == (state, "A report came.", "manager-1")
    assert closed["closed_on"] == clock.today().isoformat()
    (event,) = await desk.published("escalation.closed")
    assert "report came" not in event["text"]

    opened = (await desk.move(reference, "reopen", {"note": "Too early."})).json()
    assert opened["state"] == "open"
    assert [opened[name] for name in ("closed_on", "closed_by", "resolution", "withdrawn_because")] == [None] * 4
    assert [(move["move"], move["actor"], move["note"]) for move in await desk.history(reference)][1:] == [
        (path, "manager-1", "A report came."),
        ("reopen", "chair-1", "Too early."),
    ]


async def test_what_was_answered_is_answered_when_it_opens_again(desk: Desk) -> None:
    reference = (await desk.raised())["reference"]
    await desk.post("/v1/answers", {"references": [reference], "choice": "dealt_with"})
    await desk.move(reference, "resolve", {"resolution": "Done."})
    assert (await desk.move(reference, "reopen")).json()["state"] == "answered"


async def test_an_answer_at_an_earlier_stage_is_none_when_it_opens_again(desk: Desk) -> None:
    reference = (await desk.raised(CARE_PLANNING))["reference"]
    await desk.post("/v1/answers", {"references": [reference], "choice": "dealt_with"})
    assert (await desk.move(reference, "move-stage", {"stage": 2})).json()["state"] == "open"
    await desk.move(reference, "resolve", {"resolution": "Done."})
    assert (await desk.move(reference, "reopen")).json()["state"] == "open"


async def test_nothing_but_reopening_is_possible_with_what_is_closed(desk: Desk) -> None:
    reference = (await desk.raised(CARE_PLANNING))["reference"]
    refused = await desk.move(reference, "reopen")
    assert (refused.status_code, refused.json()["possible_moves"]) == (409, WHILE_OPEN)
    await desk.move(reference, "resolve", {"resolution": "Done."})
    before = await desk.everything()
    answers = [
        await desk.move(reference, path, body)
        for path, body in (
            ("move-stage", {"stage": 2}),
            ("refer-to-cafcass", {}),
            ("request-legal-advice", {}),
            ("resolve", {"resolution": "Again."}),
            ("withdraw", {"reason": "Again."}),
        )
    ]
    answers.append(await desk.amend(reference, {"area_id": "south"}, If_Match='"2"'))
    for answer in answers:
        assert (answer.status_code, answer.json()["possible_moves"]) == (409, ["reopen"])
        assert answer.json()["reference"] == reference
    assert await desk.everything() == before


async def test_what_does_not_exist_cannot_be_moved(desk: Desk) -> None:
    answer = await desk.move("ESC-2019-9999", "resolve", {"resolution": "Done."}, version=1)
    assert answer.status_code == 404
    assert (await desk.get("/v1/escalations/ESC-2019-9999")).status_code == 404
    assert (await desk.get("/v1/escalations/ESC-2019-9999/history")).status_code == 404


async def test_every_change_needs_a_version(desk: Desk) -> None:
    reference = (await desk.raised(CARE_PLANNING))["reference"]
    for path, body in (("resolve", {"resolution": "Done."}), ("reopen", {}), ("move-stage", {"stage": 2})):
        assert (await desk.post(f"/v1/escalations/{reference}/{path}", body)).status_code == 428
        assert (await desk.move(reference, path, body, version=5)).status_code == 412


async def reassign(desk: Desk, **body: Any) -> Any:
    """Have a manager give escalations of the first chair to the second."""
    names = {"from_owner_id": "chair-1", "to_owner_id": "chair-2"}
    return await desk.post("/v1/escalations/reassign", names | body, **MANAGER)


async def test_one_escalation_gets_another_owner(desk: Desk) -> None:
    first, other = [(await desk.raised())["reference"] for _ in range(2)]
    answer = await reassign(desk, references=[first], note="On leave.")
    assert answer.json() == {"references": [first]}
    move = (await desk.history(first))[-1]
    assert (move["move"], move["actor"], move["owner_id"]) == ("reassign", "manager-1", "chair-2")
    assert (await desk.history(first))[0]["owner_id"] == "chair-1"
    assert (await desk.kept(first))["raised_by"] == "chair-1"
    assert (await desk.kept(other))["owner_id"] == "chair-1"
    (event,) = await desk.published("escalation.reassigned")
    assert event["reference"] == first


async def test_what_is_reassigned_at_once_is_told_in_one_event(desk: Desk) -> None:
    both = [(await desk.raised())["reference"] for _ in range(2)]
    assert (await reassign(desk, references=both)).json() == {"references": both}
    (told,) = [json.loads(row["text"]) for row in await desk.published("escalations.reassigned")]
    assert (told["earlier_owner_id"], told["owner_id"], told["references"]) == ("chair-1", "chair-2", both)


async def test_reassigning_is_all_or_nothing(desk: Desk) -> None:
    mine, closed = [(await desk.raised())["reference"] for _ in range(2)]
    await desk.move(closed, "withdraw", {"reason": "A mistake."})
    theirs = (await desk.raised(CONFERENCE | {"owner_id": "officer-1"}))["reference"]
    before = await desk.everything()
    refused = await reassign(desk, references=[mine, closed, theirs, "ESC-2019-9999"])
    assert refused.status_code == 409
    assert refused.json()["references"] == sorted([closed, theirs, "ESC-2019-9999"])
    assert wrong_fields(await reassign(desk, to_owner_id="gone", references=[mine])) == ["to_owner_id"]
    assert wrong_fields(await reassign(desk, to_owner_id="chair-1", references=[mine])) == ["to_owner_id"]
    assert wrong_fields(await reassign(desk, references=[])) == ["references"]
    assert wrong_fields(await reassign(desk)) == ["references"]
    assert await desk.everything() == before


async def test_only_managers_reassign(desk: Desk) -> None:
    body = {"from_owner_id": "chair-1", "to_owner_id": "chair-2", "references": ["ESC-2019-0001"]}
    assert (await desk.post("/v1/escalations/reassign", body)).status_code == 403
