"""What escalations and challenges say that somebody can do with them."""

from typing import Any

import pytest

from services.escalations.rules import ChallengeState, Kind, State
from tests.support.contracts.moving import check_moves, operations_on
from tests.support.escalations.desk import CARE_PLANNING, CONFERENCE, Desk

BODIES: dict[str, Any] = {
    "amend_escalation": {"note": "A slip."},
    "move_stage": {"stage": 4},
    "refer_to_cafcass": {},
    "request_legal_advice": {},
    "resolve_escalation": {"resolution": "It was done."},
    "withdraw_escalation": {"reason": "It was a mistake."},
    "reopen_escalation": {},
}
OPERATIONS = {"resolve": "resolve_challenge", "raise-formally": "raise_challenge_formally"}
CHALLENGE = {"theme": "drift_and_delay", "person_ids": ["P100001"], "about": "No plan.", "area_id": "north"}


@pytest.mark.parametrize("stage", [1, 4])
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("kind", Kind)
async def test_an_escalation(desk: Desk, kind: Kind, state: State, stage: int) -> None:
    async def arrange() -> str:
        raised = await desk.raised(CARE_PLANNING if kind is Kind.CARE_PLANNING else CONFERENCE)
        reference = raised["reference"]
        if stage > 1:
            await desk.move(reference, "move-stage", {"stage": stage})
        if state is State.ANSWERED:
            await desk.post("/v1/answers", {"references": [reference], "choice": "dealt_with"})
        if step := {State.RESOLVED: "resolve", State.WITHDRAWN: "withdraw"}.get(state):
            await desk.move(reference, step, BODIES[f"{step}_escalation"])
        assert (await desk.kept(reference))["state"] == state
        return f"/v1/escalations/{raised['reference']}"

    said = await check_moves(desk.client, operations_on("escalations", "/v1/escalations"), BODIES, arrange)
    assert ("move_stage" in said) == (
        kind is Kind.CARE_PLANNING and state in {State.OPEN, State.ANSWERED} and stage == 1
    )


async def test_an_answer_says_the_same_as_what_is_read(desk: Desk) -> None:
    raised = await desk.raised(CARE_PLANNING)
    read = (await desk.get(f"/v1/escalations/{raised['reference']}")).json()
    assert raised["can"] == read["can"] != []


@pytest.mark.parametrize("state", ChallengeState)
async def test_a_challenge(desk: Desk, state: ChallengeState) -> None:
    bodies = {
        "resolve_challenge": {"outcome": "It was done."},
        "raise_challenge_formally": {"agency_id": "surgeries", "agency_role": "gp"},
    }

    async def arrange() -> str:
        challenge = (await desk.post("/v1/challenges", CHALLENGE)).json()
        path = f"/v1/challenges/{challenge['reference']}"
        if step := {ChallengeState.RESOLVED: "resolve", ChallengeState.RAISED_FORMALLY: "raise-formally"}.get(state):
            await desk.post(f"{path}/{step}", bodies[OPERATIONS[step]], If_Match='"1"')
        return path

    await check_moves(desk.client, operations_on("escalations", "/v1/challenges"), bodies, arrange)
