"""What was raised from a review elsewhere is told by events, kept, and shown with the review."""

from typing import Any
from uuid import uuid4

import pytest

from services.reviews.meetings.schemas import WholeReviewOut
from tests.support.reviews.office import JSON, Office
from tests.support.reviews.receiving import receive


def event(kind: str, source: str = "escalations", **data: Any) -> JSON:
    """An event of the escalations service, with more than is read here."""
    content = {"reference": "ESC-2026-0001", "raised_on": "2026-01-05", "owner_id": "chair-1", "version": 1} | data
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": source,
        "type": kind,
        "subject": content["reference"],
        "data": content,
    }


async def shown(office: Office, review: JSON) -> list[str]:
    """What a review shows as raised from it."""
    answer = await office.ask("GET", f"/v1/reviews/{review['reference']}")
    return sorted(WholeReviewOut.model_validate_json(answer.content, strict=True).escalations)


async def kept(office: Office) -> list[JSON]:
    """The links that are kept."""
    return await office.rows(
        "SELECT reference, review_reference, formal, raised_on::text, closed_on::text FROM raised_escalation ORDER BY 1"
    )


async def test_what_was_raised_from_a_review_is_shown_with_it(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    reference = review["reference"]
    assert await shown(office, review) == []
    events = [
        event("escalation.raised", meeting_reference=reference),
        event("challenge.raised", reference="CHA-2026-0007", meeting_reference=reference),
    ]
    assert (await receive(office, events)).status_code == 204
    assert await shown(office, review) == ["CHA-2026-0007", "ESC-2026-0001"]
    assert [(row["reference"], row["formal"]) for row in await kept(office)] == [
        ("CHA-2026-0007", False),
        ("ESC-2026-0001", True),
    ]


async def test_what_is_told_twice_is_kept_once(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    raised = event("escalation.raised", meeting_reference=review["reference"])
    for repeated in (raised, raised, raised | {"id": str(uuid4())}):
        assert (await receive(office, repeated)).status_code == 204
    assert await shown(office, review) == ["ESC-2026-0001"]
    closed = event("escalation.closed", meeting_reference=review["reference"], closed_on="2026-02-01")
    for _ in range(2):
        assert (await receive(office, closed)).status_code == 204
    assert [row["closed_on"] for row in await kept(office)] == ["2026-02-01"]
    # Told late, once more, it does not open it again.
    await receive(office, raised | {"id": str(uuid4())})
    assert [row["closed_on"] for row in await kept(office)] == ["2026-02-01"]
    assert await shown(office, review) == ["ESC-2026-0001"], "closed, but raised from here all the same"


async def test_an_escalation_that_is_told_closed_before_it_is_told_raised_stays_closed(office: Office) -> None:
    await office.registered()
    reference = (await office.planned())["reference"]
    await receive(office, event("escalation.closed", meeting_reference=reference, closed_on="2026-02-01"))
    await receive(office, event("escalation.raised", meeting_reference=reference))
    assert [(row["reference"], row["closed_on"]) for row in await kept(office)] == [("ESC-2026-0001", "2026-02-01")]


@pytest.mark.parametrize("meeting", [None, "CONF-2026-0001", "C-1", "rev-2026-0001"])
async def test_what_was_raised_elsewhere_is_none_of_ours(office: Office, meeting: str | None) -> None:
    for kind in ("escalation.raised", "challenge.raised"):
        assert (await receive(office, event(kind, meeting_reference=meeting))).status_code == 204
    assert (await receive(office, event("escalation.closed", closed_on="2026-02-01"))).status_code == 204
    assert (await receive(office, event("escalation.answered"))).status_code == 204
    assert await kept(office) == []


async def test_a_missing_plan_that_was_escalated_is_owed_no_more(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    checks = {"plan_checks": [{"plan": "health", "present": False}]}
    path = f"/v1/reviews/{review['reference']}/children/P1"
    assert (await office.ask("PATCH", path, checks, version=review["version"])).status_code == 200
    assert ("missing_plan", "health") in await office.owed()
    await receive(office, event("escalation.raised", meeting_reference="REV-2019-0001"))
    assert ("missing_plan", "health") in await office.owed(), "that was about another review"
    await receive(office, event("escalation.raised", reference="ESC-2026-0002", meeting_reference=review["reference"]))
    assert ("missing_plan", "health") not in await office.owed()


async def test_whoever_is_not_the_escalations_service_is_not_believed(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    raised = event("escalation.raised", meeting_reference=review["reference"])
    refused = [
        (await receive(office, raised, **{"webhook-signature": "v1,bm9uc2Vuc2U="}), 401),
        (await receive(office, raised, secret_of="notifications"), 403),
        (await receive(office, [raised, event("challenge.raised", raised_on="soon")]), 422),
        (await receive(office, event("escalation.closed")), 422),
    ]
    assert [answer.status_code for answer, _ in refused] == [status for _, status in refused]
    assert (await kept(office), await shown(office, review)) == ([], [])
