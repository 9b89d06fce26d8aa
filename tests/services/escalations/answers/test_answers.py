"""Answers recorded on an officer's behalf, and the links by which officers answer themselves."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from services.escalations.answers.actions import wrong_in_answer
from services.escalations.answers.schemas import AnswerLinkPage, AnswerOut
from services.escalations.rules import Choice
from tests.support.escalations.desk import CARE_PLANNING, Desk, days_ago, wrong_fields

PATH = "/v1/answers"
TODAY = clock.today()


async def test_an_answer_is_written_down_for_all_that_it_names(desk: Desk) -> None:
    mine = (await desk.raised())["reference"]
    other = (await desk.raised(CARE_PLANNING, owner_id="chair-2", person_ids=["P200001"]))["reference"]
    body = {"references": [other, mine], "choice": "dealt_with", "note": "By telephone.", "on_behalf_of": "officer-1"}
    answer = await desk.post(PATH, body, Idempotency_Key="by-telephone")
    assert answer.status_code == 201
    given = AnswerOut.model_validate_json(answer.content, strict=True)
    assert (given.answered_by, given.on_behalf_of, given.answered_on) == ("chair-1", "officer-1", clock.today())
    assert given.references == sorted([mine, other])
    assert answer.headers["Location"] == f"{PATH}/{given.id}"
    for reference in (mine, other):
        kept = await desk.kept(reference)
        assert (kept["state"], kept["answer"], kept["version"]) == ("answered", "dealt_with", 2)
        move = (await desk.history(reference))[-1]
        assert (move["move"], move["actor"], UUID(move["answer_id"])) == ("answer", "chair-1", given.id)
    owners = [(event["subject"], "chair-2" in event["text"]) for event in await desk.published("escalation.answered")]
    assert owners == [(str(given.id), False), (str(given.id), True)], "each owner is told of theirs"
    assert all("telephone" not in event["text"] for event in await desk.published("escalation.answered"))
    (entry,) = await desk.audited("answer_escalation")
    assert entry["person_ids"] == ["P100001", "P100002", "P200001"]

    before = await desk.everything()
    again = await desk.post(PATH, body, Idempotency_Key="by-telephone")
    assert again.content == answer.content
    assert await desk.everything() == before
    read = await desk.get(f"{PATH}/{given.id}")
    assert AnswerOut.model_validate_json(read.content, strict=True) == given
    assert (await desk.get(f"{PATH}/{UUID(int=7)}")).status_code == 404


async def test_every_answer_is_kept_and_the_last_one_counts(desk: Desk) -> None:
    reference = (await desk.raised())["reference"]
    looking = {"references": [reference], "choice": "still_looking", "expected_on": days_ago(-14)}
    assert (await desk.post(PATH, looking)).status_code == 201
    kept = await desk.kept(reference)
    assert (kept["state"], kept["answer"], kept["waiting_until"].isoformat()) == ("open", None, days_ago(-14))
    settled_on = clock.today() + timedelta(days=10)
    with clock.shifted(timedelta(days=10)):
        later = {"references": [reference], "choice": "records_differ"}
        assert (await desk.post(PATH, later, role=Role.TEAM_MANAGER, subject="manager-1")).status_code == 201
    answers = (await desk.get(f"/v1/escalations/{reference}/answers")).json()
    assert [(answer["choice"], answer["answered_by"], answer["expected_on"]) for answer in answers] == [
        ("still_looking", "chair-1", days_ago(-14)),
        ("records_differ", "manager-1", None),
    ]
    kept = await desk.kept(reference)
    assert (kept["answer"], kept["first_answered_on"], kept["waiting_until"]) == ("records_differ", settled_on, None)


WRONG: list[tuple[Choice, int | None, str | None, list[tuple[str, str]]]] = [
    # Nothing is wrong.
    (Choice.DEALT_WITH, None, None, []),
    (Choice.STILL_LOOKING, 1, None, []),
    (Choice.STILL_LOOKING, 366, None, []),
    # Whoever is still looking says until when: after today, within a year.
    (Choice.STILL_LOOKING, None, None, [("expected_on", "required")]),
    (Choice.STILL_LOOKING, 0, None, [("expected_on", "in_the_future")]),
    (Choice.STILL_LOOKING, -1, None, [("expected_on", "in_the_future")]),
    (Choice.STILL_LOOKING, 367, None, [("expected_on", "in_the_future")]),
    # Nobody else does.
    (Choice.RECORDS_DIFFER, 14, None, [("expected_on", "still_looking_only")]),
    # An NHS number with a valid check digit, however it is written.
    (Choice.DEALT_WITH, None, "It was 943 476 5919.", [("note", "nhs_number")]),
    (Choice.DEALT_WITH, None, "It was 9434765919.", [("note", "nhs_number")]),
    # A telephone number or a wrong check digit is none.
    (Choice.DEALT_WITH, None, "Ring 943 476 5918.", []),
    # A date of birth, said to be one or as old as a child.
    (Choice.DEALT_WITH, None, "The child, born 3.4.2015, is known.", [("note", "date_of_birth")]),
    (Choice.DEALT_WITH, None, (TODAY - timedelta(days=3000)).isoformat(), [("note", "date_of_birth")]),
    # A day of last week is none.
    (Choice.DEALT_WITH, None, f"Sent on {days_ago(7)}.", []),
    # A name.
    (Choice.DEALT_WITH, None, "I spoke with Robin Planted.", [("note", "name")]),
    (Choice.DEALT_WITH, None, "Ask Mrs Planted.", [("note", "name")]),
    # A role is no name.
    (Choice.DEALT_WITH, None, "The Health Visitor wrote to us.", []),
    # Everything at once is said at once.
    (
        Choice.STILL_LOOKING,
        None,
        "Robin Planted, born 3.4.2015, 943 476 5919",
        [("expected_on", "required"), ("note", "nhs_number"), ("note", "date_of_birth"), ("note", "name")],
    ),
]


@pytest.mark.parametrize(("choice", "days", "note", "wrong"), WRONG)
def test_what_is_wrong_with_an_answer(
    choice: Choice, days: int | None, note: str | None, wrong: list[tuple[str, str]]
) -> None:
    expected_on = None if days is None else TODAY + timedelta(days=days)
    found = wrong_in_answer(choice, expected_on, note, TODAY)
    assert [(error.field, error.rule) for error in found] == wrong


async def test_a_wrong_answer_is_refused_by_its_field_and_nothing_is_written(desk: Desk) -> None:
    reference = (await desk.raised())["reference"]
    before = await desk.everything()
    answers: list[tuple[dict[str, Any], str]] = [
        ({"choice": "still_looking"}, "expected_on"),
        ({"expected_on": days_ago(-3)}, "expected_on"),
        ({"note": "It was 943 476 5919."}, "note"),
        ({"note": "Born 3.4.2015."}, "note"),
        ({"note": "Robin Planted was away."}, "note"),
        ({"choice": "other"}, "choice"),
        ({"on_behalf_of": "nobody"}, "on_behalf_of"),
        ({"references": []}, "references"),
        ({"references": [reference, reference]}, "references"),
        ({"references": ["ESC-1"]}, "references.0"),
        ({"answered_by": "officer-1"}, "answered_by"),
    ]
    for change, field in answers:
        answer = await desk.post(PATH, {"references": [reference], "choice": "dealt_with"} | change)
        assert (change, wrong_fields(answer)) == (change, [field])
        assert "Planted" not in answer.text
    assert await desk.everything() == before
    body = {"references": [reference], "choice": "dealt_with"}
    assert (await desk.post(PATH, body, role=Role.BUSINESS_SUPPORT)).status_code == 403


async def test_what_is_closed_cannot_be_answered_nor_anything_beside_it(desk: Desk) -> None:
    still_open, closed = [(await desk.raised())["reference"] for _ in range(2)]
    await desk.move(closed, "resolve", {"resolution": "Done."})
    before = await desk.everything()
    body = {"references": [still_open, closed, "ESC-2019-9999"], "choice": "dealt_with"}
    refused = await desk.post(PATH, body)
    assert refused.status_code == 409
    assert refused.json()["references"] == sorted([closed, "ESC-2019-9999"])
    assert await desk.everything() == before


async def links(desk: Desk, **query: Any) -> AnswerLinkPage:
    """The links that a manager sees."""
    answer = await desk.get("/v1/answers/links", role=Role.TEAM_MANAGER, **query)
    assert answer.status_code == 200
    assert "token" not in answer.text
    return AnswerLinkPage.model_validate_json(answer.content, strict=True)


async def test_a_new_link_holds_what_the_officers_earlier_ones_of_that_quarter_were_made_for(desk: Desk) -> None:
    chosen, other = [(await desk.raised())["reference"] for _ in range(2)]
    first, second = await desk.link([chosen]), await desk.link([other])
    kept = {str(link.id): link for link in (await links(desk, current=True)).items}
    assert [kept[link["id"]].references for link in (first, second)] == [[chosen], [chosen, other]]
    assert kept[second["id"]].unanswered == 2
    assert (await links(desk, period="2018-Q1")).items == []
    await desk.post(PATH, {"references": [chosen], "choice": "dealt_with"})
    assert next(iter((await links(desk, current=True)).items)).unanswered == 1


async def test_one_officer_at_a_time_is_responsible(desk: Desk) -> None:
    reference = (await desk.raised())["reference"]
    first = await desk.link([reference])
    second = await desk.link([reference], "officer-2")
    kept = {str(link.id): link.unanswered for link in (await links(desk)).items}
    assert (kept[first["id"]], kept[second["id"]]) == (0, 1)
    assert (await desk.kept(reference))["officer_id"] == "officer-2"
    service = desk.client.as_service("notifications")
    nobody = {"officers": [{"officer_id": None, "references": [reference]}]}
    for changed in (1, 0):
        answer = await desk.client.post("/internal/escalations/officers", json=nobody, headers=service)
        assert answer.json() == {"changed": changed}
    uncovered = await desk.kept(reference)
    assert (uncovered["officer_id"], uncovered["version"]) == (None, 4), "raised, two officers, nobody"


async def test_what_is_not_theirs_waits_until_somebody_says_whose_it_is(desk: Desk) -> None:
    reference = (await desk.raised())["reference"]
    await desk.link([reference])
    await desk.post(PATH, {"references": [reference], "choice": "not_our_staff"})
    returned = await desk.kept(reference)
    assert (returned["state"], returned["answer"], returned["returned_on"]) == ("open", None, clock.today())
    version = f'"{returned["version"]}"'
    assert (
        await desk.amend(reference, {"agency_id": "schools", "agency_role": "head-teacher"}, If_Match=version)
    ).status_code == 200
    routed = await desk.kept(reference)
    assert (routed["officer_id"], routed["returned_on"]) == (None, None)
    (item,) = (
        await desk.client.get("/internal/escalations/open", headers=desk.client.as_service("notifications"))
    ).json()
    assert item["ask_from"] is not None, "whoever is responsible is asked, even if they were asked before"


async def test_the_token_itself_is_kept_nowhere(desk: Desk) -> None:
    token = (await desk.link([(await desk.raised())["reference"]]))["token"]
    assert len(token) >= 43
    assert all(token not in row for rows in (await desk.everything()).values() for row in rows)


async def test_a_link_is_made_for_what_exists(desk: Desk) -> None:
    reference = (await desk.raised())["reference"]
    good = {"colleague_id": "officer-1", "period": "2019-Q1", "references": [reference], "expires_on": days_ago(0)}
    service = desk.client.as_service("notifications")

    async def ask(**change: Any) -> Any:
        return await desk.client.post("/internal/answer-links", json=good | change, headers=service)

    assert (await ask()).status_code == 201
    assert wrong_fields(await ask(colleague_id="nobody")) == ["colleague_id"]
    assert wrong_fields(await ask(expires_on=days_ago(1))) == ["expires_on"]
    assert wrong_fields(await ask(period="2019-04")) == ["period"]
    missing = await ask(references=[reference, "ESC-2019-9999"])
    assert (missing.status_code, missing.json()["references"]) == (409, ["ESC-2019-9999"])
    assert (await desk.post("/internal/answer-links", good, role=Role.TEAM_MANAGER)).status_code == 403
    assert len((await links(desk)).items) == 1


async def test_revoking_a_link_again_changes_nothing(desk: Desk) -> None:
    link = await desk.link([(await desk.raised())["reference"]])
    path = f"/v1/answers/links/{link['id']}/revoke"
    assert (await desk.post(path)).status_code == 403
    assert (await desk.post(path, role=Role.TEAM_MANAGER, subject="manager-1")).status_code == 204
    before = await desk.everything()
    assert (await desk.post(path, role=Role.ADMINISTRATOR, subject="admin-1")).status_code == 204
    assert await desk.everything() == before
    missing = await desk.post(f"/v1/answers/links/{UUID(int=7)}/revoke", role=Role.TEAM_MANAGER)
    assert missing.status_code == 404
