"""Repeated failures, and what is counted separately from escalations."""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months
from services.escalations.figures.schemas import InformalFiguresOut, RepeatOut
from services.escalations.rules import Kind, Reason, State, Theme
from tests.support.escalations.desk import CONFERENCE, Desk, days_ago, wrong_fields
from tests.support.escalations.invented import Record, invented, keep


def failing(days: int, number: int, **more: Any) -> Record:
    """Somebody who failed a conference so many days ago."""
    escalation = invented(random.Random(1), number, clock.today() - timedelta(days=days), 1)
    escalation |= {"kind": Kind.CONFERENCE_CONTRIBUTION, "theme": None, "reason": Reason.REPORT_LATE}
    escalation |= {"state": State.OPEN, "answer": None, "first_answered_on": None, "closed_on": None, "closed_by": None}
    named = {"agency_id": "surgeries", "professional_team": "Bridge", "professional_name": "Robin Planted"}
    return escalation | named | more


async def repeats(desk: Desk, **query: Any) -> Iterator[tuple[Any, ...]]:
    """Who failed again and again."""
    answer = await desk.get("/v1/figures/repeats", **query)
    assert answer.status_code == 200, answer.text
    found = [RepeatOut.model_validate(repeat) for repeat in answer.json()]
    return ((repeat.agency_id, repeat.professional_team, repeat.professional_name, repeat.failures) for repeat in found)


async def test_who_failed_again_and_again_within_the_window(desk: Desk) -> None:
    first_day_outside = (clock.today() - add_months(clock.today(), -12)).days
    answered = {"state": State.ANSWERED, "answer": "dealt_with", "first_answered_on": clock.today()}
    withdrawn = {"state": State.WITHDRAWN, "closed_on": clock.today(), "closed_by": "chair-1"}
    care = {"kind": Kind.CARE_PLANNING, "theme": Theme.TRANSITIONS, "reason": None}
    changes: list[tuple[int, Record]] = [
        (0, {}),
        (first_day_outside - 1, answered),
        # Too long ago, withdrawn, or no conference at all.
        (first_day_outside, {}),
        (5, withdrawn),
        (5, care),
        # A namesake elsewhere is somebody else.
        (5, {"professional_team": "Mill"}),
        (5, {"agency_id": "schools"}),
        # Nobody knows who it was.
        (5, {"professional_name": None}),
        (5, {"professional_name": None, "professional_team": None}),
    ]
    await keep(desk, [failing(days, number, **more) for number, (days, more) in enumerate(changes)])
    robin = ("surgeries", "Bridge", "Robin Planted", 2)
    assert list(await repeats(desk)) == [robin]
    assert list(await repeats(desk, months=13)) == [(*robin[:3], 3)]
    assert list(await repeats(desk, months=1)) == []
    assert list(await repeats(desk, by="team")) == [("surgeries", "Bridge", None, 3)]
    assert list(await repeats(desk, by="agency")) == [("surgeries", None, None, 5)]
    assert list(await repeats(desk, by="agency", at_least=6)) == []
    assert list(await repeats(desk, agency_id="schools")) == []
    month = days_ago(0)[:7]
    assert list(await repeats(desk, period=days_ago(first_day_outside)[:7], until=month)) == [(*robin[:3], 3)]
    assert list(await repeats(desk, period="2014-01", until="2014-12")) == []
    (first,) = (await desk.get("/v1/figures/repeats")).json()
    assert (first["unanswered"], first["last_raised_on"]) == (1, days_ago(0))
    for query in (
        {"months": 0},
        {"at_least": 1},
        {"by": "child"},
        {"period": "soon"},
        {"until": "2019"},
        {"since": "2019"},
    ):
        assert wrong_fields(await desk.get("/v1/figures/repeats", **query)) == list(query)
    assert (await desk.get("/v1/figures/repeats", role=Role.PERFORMANCE_ANALYST)).status_code == 403


async def test_a_challenge_keeps_the_meeting_that_gave_cause(desk: Desk) -> None:
    challenge = {"theme": "transitions", "person_ids": ["P1"], "about": "No plan.", "area_id": "north"}
    from_meeting = await desk.post("/v1/challenges", challenge | {"meeting_reference": "C-1042"})
    without = await desk.post("/v1/challenges", challenge)
    reference = from_meeting.json()["reference"]
    assert (from_meeting.json()["meeting_reference"], without.json()["meeting_reference"]) == ("C-1042", None)
    found = (await desk.get("/v1/challenges", meeting_reference="C-1042")).json()["items"]
    assert [(item["reference"], item["meeting_reference"]) for item in found] == [(reference, "C-1042")]
    published = [json.loads(event["text"]) for event in await desk.published("challenge.raised")]
    assert [challenge["meeting_reference"] for challenge in published] == ["C-1042", None]
    to = {name: CONFERENCE[name] for name in ("agency_id", "agency_role")}
    formal = await desk.post(f"/v1/challenges/{reference}/raise-formally", to, If_Match='"1"')
    assert formal.json()["meeting_reference"] == "C-1042"
    unsound = await desk.post("/v1/challenges", challenge | {"meeting_reference": "a name"})
    assert wrong_fields(unsound) == ["meeting_reference"]


async def test_what_is_informal_is_counted_apart(desk: Desk) -> None:
    challenge = {"theme": "transitions", "person_ids": ["P1"], "about": "No plan.", "area_id": "north"}
    raised = [
        (await desk.post("/v1/challenges", challenge | {"raised_on": day})).json()["reference"]
        for day in ("2019-04-01", "2019-06-30", "2019-05-15", "2019-07-01")
    ]
    resolved = await desk.post(f"/v1/challenges/{raised[0]}/resolve", {"outcome": "A plan."}, If_Match='"1"')
    assert resolved.status_code == 200
    to = {name: CONFERENCE[name] for name in ("agency_id", "agency_role")}
    formal = await desk.post(f"/v1/challenges/{raised[1]}/raise-formally", to, If_Match='"1"')
    assert (formal.status_code, formal.json()["challenge_reference"]) == (201, raised[1])
    practice = {
        "person_ids": ["P1"],
        "worker_name": "Kim Sown",
        "team": "Mill",
        "area_id": "north",
        "practice": "Kind.",
    }
    assert (await desk.post("/v1/good-practice", practice | {"noted_on": "2019-04-02"})).status_code == 201
    table = InformalFiguresOut.model_validate((await desk.get("/v1/figures/informal", period="2019-Q1")).json())
    *months, found = table.rows
    assert (found.challenges, found.challenges_resolved, found.challenges_raised_formally) == (3, 1, 1)
    assert (found.challenges_open, found.challenges_open_rate, found.good_practice) == (1, 0.3333, 1)
    assert found.median_days_to_resolve == (clock.today() - date(2019, 4, 1)).days
    by_theme = InformalFiguresOut.model_validate(
        (await desk.get("/v1/figures/informal", period="2019-Q1", by="theme")).json()
    )
    assert [(row.key, row.challenges, row.good_practice) for row in by_theme.rows] == [
        ("transitions", 3, 0),
        (None, 3, 1),
    ]
    assert [row.challenges for row in months] == [1, 1, 1]
    formal = (await desk.get("/v1/figures/escalations", period="2019-Q1")).json()
    assert formal["rows"][-1]["raised"] == 0


async def test_a_challenge_was_resolved_on_a_day_between_its_own_and_today(desk: Desk) -> None:
    challenge = {"theme": "transitions", "person_ids": ["P1"], "about": "No plan.", "area_id": "north"}
    raised = await desk.post("/v1/challenges", challenge | {"raised_on": days_ago(30)})
    path = f"/v1/challenges/{raised.json()['reference']}/resolve"
    for wrong in (days_ago(31), days_ago(-1)):
        refused = await desk.post(path, {"outcome": "A plan.", "closed_on": wrong}, If_Match='"1"')
        assert wrong_fields(refused) == ["closed_on"]
    resolved = await desk.post(path, {"outcome": "A plan.", "closed_on": days_ago(20)}, If_Match='"1"')
    assert (resolved.status_code, resolved.json()["closed_on"]) == (200, days_ago(20))
