"""What conferences say that somebody can do with them."""

from itertools import count
from typing import Any

import pytest

from services.conferences.rules.vocabulary import ConferenceState
from tests.support.conferences.desk import JSON, Desk, recent_working_day
from tests.support.contracts.moving import check_moves, operations_on

NUMBERS = count(1)
WHY = {"reason": "It has to be."}
OF_PARTS = (
    "invite_to_conference",
    "give_conference_feedback",
    "raise_conference_escalations",
    "write_conference_record",
    "distribute_conference_paper",
)


@pytest.mark.parametrize("state", ConferenceState)
async def test_a_conference(desk: Desk, state: ConferenceState) -> None:
    bodies: dict[str, Any] = {
        "move_conference": {"venue": "School"},
        "combine_conference": {"review_reference": None},
        "cancel_conference": WHY,
        "close_conference": None,
        "correct_conference": WHY | {"held_on": str(recent_working_day())},
        "reopen_conference": WHY,
    }

    async def arrange() -> str:
        person_id = f"P{next(NUMBERS)}"
        if state in {ConferenceState.HELD, ConferenceState.CLOSED}:
            conference: JSON = await desk.held(person_id)
        else:
            await desk.registered(person_id)
            await desk.enquired(person_id)
            conference = await desk.planned(person_id, on=recent_working_day())
        path = f"/v1/conferences/{conference['reference']}"
        if state == ConferenceState.CLOSED:
            await desk.closed(conference)
        if state == ConferenceState.CANCELLED:
            await desk.done("POST", f"{path}/cancel", WHY, version=1)
        held_on = str(recent_working_day())
        bodies["hold_conference"] = {
            "held_on": held_on,
            "children": [desk.outcome(person_id)],
            "inquorate_because": "Two were away.",
        }
        return path

    said = await check_moves(desk.client, operations_on("conferences", "/v1/conferences", *OF_PARTS), bodies, arrange)
    assert said or state == ConferenceState.CANCELLED
