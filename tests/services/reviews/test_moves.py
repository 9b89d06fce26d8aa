"""What reviews, decisions and referrals say that somebody can do with them."""

from itertools import count
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_working_days
from services.reviews.rules.vocabulary import DecisionState, ReferralState, ReviewState
from tests.support.contracts.moving import check_moves, operations_on
from tests.support.reviews.office import JSON, Office, days_ago

NUMBERS = count(1)
WHY = {"reason": "It has to be."}
OF_PARTS = (
    "invite",
    "invite_to_review",
    "give_feedback",
    "give_review_feedback",
    "raise_review_escalations",
    "distribute_review_paper",
)


def adjourned() -> JSON:
    return {"sat_on": str(clock.today()), "resumes_on": str(add_working_days(clock.today(), 20))}


async def a_review(office: Office, state: ReviewState) -> JSON:
    person_id = f"P{next(NUMBERS)}"
    await office.registered(person_id)
    if state == ReviewState.HELD:
        return await office.held(person_id)
    review = await office.planned(person_id)
    path = f"/v1/reviews/{review['reference']}"
    if state == ReviewState.ADJOURNED:
        earlier = {"sat_on": str(days_ago(1)), "resumes_on": str(clock.today())}
        await office.done("POST", f"{path}/adjourn", earlier, version=1)
    if state == ReviewState.CANCELLED:
        await office.done("POST", f"{path}/cancel", WHY, version=1)
    return review


@pytest.mark.parametrize("state", ReviewState)
async def test_a_review(office: Office, state: ReviewState) -> None:
    latest: JSON = {}

    async def arrange() -> str:
        latest.update(await a_review(office, state))
        children = [office.outcome(person_id) for person_id in latest["person_ids"]]
        bodies["hold_review"] = {"held_on": str(clock.today()), "children": children}
        return f"/v1/reviews/{latest['reference']}"

    bodies: dict[str, Any] = {
        "move_review": {"venue": "School"},
        "adjourn_review": adjourned(),
        "cancel_review": WHY,
        "correct_review": WHY | {"held_on": str(clock.today())},
        "reopen_review": WHY,
        "hold_review": None,
    }
    said = await check_moves(office.client, operations_on("reviews", "/v1/reviews", *OF_PARTS), bodies, arrange)
    assert said or state == ReviewState.CANCELLED


@pytest.mark.parametrize("state", [DecisionState.SENT, DecisionState.AGREED, DecisionState.OBJECTED])
async def test_a_decision(office: Office, state: DecisionState) -> None:
    async def arrange() -> str:
        review = await a_review(office, ReviewState.HELD)
        path = f"/v1/reviews/{review['reference']}/children/{review['person_ids'][0]}/decisions"
        body = {"decisions": [{"decision": "Do it.", "owner": "social worker"}]}
        (decision,) = await office.done("POST", path, body, version=review["version"], status=201)
        path = f"/v1/decisions/{decision['id']}"
        step = {DecisionState.AGREED: "agree", DecisionState.OBJECTED: "object"}.get(state)
        if step:
            said = {"objection": "No money."} if step == "object" else None
            await office.done("POST", f"{path}/{step}", said, version=1, role=Role.SOCIAL_WORK_MANAGER)
        return path

    bodies = {
        "agree_to_decision": None,
        "object_to_decision": {"objection": "No money."},
        "settle_objection": {"settlement": "We spoke."},
        "check_decision": {"implemented": True},
    }
    await check_moves(office.client, operations_on("reviews", "/v1/decisions"), bodies, arrange)


@pytest.mark.parametrize("state", ReferralState)
async def test_a_referral(office: Office, state: ReferralState) -> None:
    bodies = {"accept_referral": {"chair_id": "chair-2"}, "decline_referral": WHY}

    async def arrange() -> str:
        person_id = f"P{next(NUMBERS)}"
        await office.registered(person_id)
        body = {"person_id": person_id, "placement": "adoption", "reason": "It broke down."}
        referral = await office.done("POST", "/v1/reviews/disruption-referrals", body, status=201)
        path = f"/v1/reviews/disruption-referrals/{referral['reference']}"
        step = {ReferralState.ACCEPTED: "accept", ReferralState.DECLINED: "decline"}.get(state)
        if step:
            await office.done("POST", f"{path}/{step}", bodies[f"{step}_referral"], version=1)
        return path

    await check_moves(office.client, operations_on("reviews", "/v1/reviews/disruption-referrals"), bodies, arrange)
