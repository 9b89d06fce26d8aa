"""A chair who hands over gives every open escalation and challenge to another chair, once."""

import json
from typing import Any
from uuid import uuid4

from chassis.base import clock
from tests.support.escalations.desk import CONFERENCE, Desk
from tests.support.escalations.receiving import receive

CHALLENGE = {"theme": "transitions", "person_ids": ["P7"], "about": "No plan.", "area_id": "north"}


def handed_over(hand_over_id: str) -> dict[str, Any]:
    """What notifications tells when a manager hands over everything of the first chair to the second."""
    data = {
        "hand_over_id": hand_over_id,
        "chair_id": "chair-1",
        "to": "chair-2",
        "starts_on": clock.today().isoformat(),
        "handed_over_by": "manager-1",
    }
    event = {"specversion": "1.0", "id": str(uuid4()), "source": "notifications", "type": "chair.handed_over"}
    return event | {"subject": "chair-1", "data": data}


async def test_everything_open_of_a_chair_goes_to_another_once(desk: Desk) -> None:
    mine = [(await desk.raised(person_ids=[f"P{n}"]))["reference"] for n in range(3)]
    closed = (await desk.raised())["reference"]
    await desk.move(closed, "resolve", {"resolution": "Done."})
    theirs = (await desk.raised(CONFERENCE | {"owner_id": "officer-1"}))["reference"]
    challenge, settled = [(await desk.post("/v1/challenges", CHALLENGE)).json()["reference"] for _ in range(2)]
    resolved = await desk.post(f"/v1/challenges/{settled}/resolve", {"outcome": "Done."}, If_Match='"1"')
    assert resolved.status_code == 200
    event = handed_over(str(uuid4()))
    assert [(await receive(desk, event)).status_code for _ in range(2)] == [204, 204]
    owners = [(await desk.kept(reference))["owner_id"] for reference in [*mine, closed, theirs]]
    assert owners == ["chair-2", "chair-2", "chair-2", "chair-1", "officer-1"]
    rows = await desk.rows("SELECT reference, owner_id, version FROM challenge ORDER BY reference")
    assert [row["owner_id"] for row in rows] == ["chair-2", "chair-1"]
    (told,) = [json.loads(row["text"]) for row in await desk.published("escalations.handed_over")]
    assert (told["references"], told["refused"]) == ([*mine, challenge], [])
    assert [row["reference"] for row in await desk.published("escalation.reassigned")] == mine
    assert [row["reference"] for row in await desk.published("challenge.reassigned")] == [challenge]
    (entry,) = await desk.audited("hand_over")
    assert (entry["caller"], entry["person_ids"]) == ("manager-1", ["P0", "P1", "P2", "P7"])
    assert ((await desk.history(mine[0]))[-1]["move"], (await desk.history(mine[0]))[-1]["actor"]) == (
        "reassign",
        "manager-1",
    )


async def test_a_hand_over_of_nothing_is_told_as_well(desk: Desk) -> None:
    assert (await receive(desk, handed_over(str(uuid4())))).status_code == 204
    (told,) = [json.loads(row["text"]) for row in await desk.published("escalations.handed_over")]
    assert (told["person_ids"], told["references"]) == ([], [])
