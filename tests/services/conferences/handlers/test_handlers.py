"""What conferences keep of what escalations and the directory say, in whichever order it comes, and however often."""

import json
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from chassis.base import clock
from tests.support.conferences.desk import GP, SCHOOL, SOCIAL_WORKER, Desk
from tests.support.conferences.receiving import event, receive, received

JSON = dict[str, Any]
DAY, LATER = "2026-01-05", "2026-02-01"


def raised(reference: str = "ESC-2026-0001", meeting: str | None = "CONF-2026-0001", **more: Any) -> JSON:
    """That an escalation was raised about a meeting."""
    said = {"reference": reference, "meeting_reference": meeting, "raised_on": DAY, "proposal_id": None}
    return event("escalations", "escalation.raised", **said | more)


def closed(reference: str = "ESC-2026-0001", meeting: str | None = "CONF-2026-0001") -> JSON:
    """That it was closed."""
    said = {"reference": reference, "meeting_reference": meeting, "raised_on": DAY, "closed_on": LATER}
    return event("escalations", "escalation.closed", **said)


def refused(proposal: JSON, field: str = "agency_id", rule: str = "in_directory") -> JSON:
    """That a proposal could not be raised."""
    said = {"proposal_id": proposal["id"], "meeting_reference": proposal["reference"], "field": field, "rule": rule}
    return event("escalations", "escalation.refused", **said)


def again(earlier: JSON) -> JSON:
    """The same, as if it were another event."""
    return earlier | {"id": str(uuid4())}


async def confirmed(desk: Desk) -> tuple[JSON, dict[str, JSON]]:
    """A closed conference, and its confirmed proposals by role: the practice's and the school's."""
    conference = await desk.held(invite=[SOCIAL_WORKER | {"report_expected": False}, GP, SCHOOL])
    proposals = await desk.closed(conference)
    rows = await desk.decided(conference, *proposals)
    return conference, {row["agency_role"]: row for row in rows}


async def links(desk: Desk) -> list[tuple[Any, ...]]:
    """The links that are kept."""
    rows = await desk.rows(
        "SELECT reference, conference_reference, formal, closed_on::text AS closed_on FROM raised_escalation ORDER BY 1"
    )
    return [tuple(row.values()) for row in rows]


async def states(desk: Desk) -> dict[str, str]:
    """Where the proposals stand, by role."""
    return {
        proposal["agency_role"]: proposal["state"]
        for proposal in (await desk.get("/v1/conferences/proposals"))["items"]
    }


async def test_what_was_raised_about_a_conference_is_shown_with_it(desk: Desk) -> None:
    conference = await desk.held()
    reference = conference["reference"]
    challenge = event(
        "escalations", "challenge.raised", reference="CHA-2026-0007", meeting_reference=reference, raised_on=DAY
    )
    assert (await receive(desk, [raised(meeting=reference), challenge])).status_code == 204
    await received(desk, again(challenge), again(raised(meeting=reference)))
    shown = await desk.get(f"/v1/conferences/{reference}")
    assert sorted(shown["escalations"]) == ["CHA-2026-0007", "ESC-2026-0001"]
    assert await links(desk) == [
        ("CHA-2026-0007", reference, False, None),
        ("ESC-2026-0001", reference, True, None),
    ]


async def test_that_an_escalation_was_closed_is_kept_in_whichever_order_it_is_told(desk: Desk) -> None:
    for number, order in enumerate(permutations([raised, closed, raised]), 1):
        await received(desk, *(event_of(f"ESC-2026-{number:04}") for event_of in order))
    assert {row[1:] for row in await links(desk)} == {("CONF-2026-0001", True, LATER)}
    assert len(await links(desk)) == 6


@pytest.mark.parametrize("meeting", [None, "REV-2026-0001", "C-1", "conf-2026-0001"])
async def test_what_was_raised_elsewhere_is_none_of_ours(desk: Desk, meeting: str | None) -> None:
    await received(desk, raised(meeting=meeting), closed(meeting=meeting))
    assert await links(desk) == []


async def test_a_proposal_that_was_raised_says_as_what(desk: Desk) -> None:
    conference, proposals = await confirmed(desk)
    raised_event = raised(meeting=conference["reference"], proposal_id=proposals["gp"]["id"])
    await received(desk, raised_event)
    assert await states(desk) == {"gp": "raised", "safeguarding-lead": "confirmed"}
    once = await desk.get("/v1/conferences/proposals")
    (shown,) = [proposal for proposal in once["items"] if proposal["agency_role"] == "gp"]
    assert (shown["escalation_reference"], shown["version"]) == ("ESC-2026-0001", proposals["gp"]["version"] + 1)
    await received(desk, raised_event, again(raised_event))
    assert await desk.get("/v1/conferences/proposals") == once


async def test_what_was_raised_is_asked_for_no_more(desk: Desk) -> None:
    conference, proposals = await confirmed(desk)
    path = f"/internal/conferences/{conference['reference']}/proposals/confirmed"

    async def asked() -> set[str]:
        headers = desk.client.as_service("escalations")
        answer = await desk.client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        return {proposal["id"] for proposal in answer.json()}

    assert await asked() == {proposal["id"] for proposal in proposals.values()}
    await received(desk, raised(meeting=conference["reference"], proposal_id=proposals["gp"]["id"]))
    assert await asked() == {proposals["safeguarding-lead"]["id"]}


@pytest.mark.parametrize(
    ("field", "rule", "words"),
    [
        ("agency_id", "in_directory", "agency is no longer"),
        ("agency_role", "agency_role", "no longer has this role"),
        ("area_id", "in_directory", "area is no longer"),
        ("owner_id", "in_directory", "hand the conference over"),
        ("anything", "else", "anything (else)"),
    ],
)
async def test_what_could_not_be_raised_goes_back_to_the_chair_with_the_reason(
    desk: Desk, field: str, rule: str, words: str
) -> None:
    conference, proposals = await confirmed(desk)
    assert await desk.owed(kind="proposals") == []
    await received(desk, refused(proposals["gp"], field, rule))
    assert await states(desk) == {"gp": "refused", "safeguarding-lead": "confirmed"}
    (shown,) = (await desk.get("/v1/conferences/proposals", state="refused"))["items"]
    assert words in shown["refused_because"]
    assert shown["version"] == proposals["gp"]["version"] + 1
    (owed,) = await desk.owed(kind="proposals")
    assert (owed["chair_id"], owed["owner_id"], owed["due_on"]) == ("chair-1", "chair-1", clock.today())
    assert owed["conference_reference"] == conference["reference"]


async def test_several_refusals_owe_one_decision(desk: Desk) -> None:
    conference, proposals = await confirmed(desk)
    events = [refused(proposal, "owner_id") for proposal in proposals.values()]
    assert (await receive(desk, events)).status_code == 204
    assert len(await desk.owed(kind="proposals")) == 1
    (first, second) = (await desk.get("/v1/conferences/proposals", state="refused"))["items"]
    await desk.decided(conference, first)
    assert len(await desk.owed(kind="proposals")) == 1
    await desk.decided(conference, second, because="The agency was closed.")
    assert await desk.owed(kind="proposals") == []
    assert len(await desk.published("conference.escalations_confirmed")) == 2


async def test_a_refusal_that_comes_late_changes_nothing(desk: Desk) -> None:
    """What was raised meanwhile stays raised, and what was dismissed stays so."""
    conference, proposals = await confirmed(desk)
    gp, school = proposals["gp"], proposals["safeguarding-lead"]
    raised_event, late = raised(meeting=conference["reference"], proposal_id=gp["id"]), refused(school)
    await received(desk, raised_event, refused(gp), late)
    await desk.decided(conference, school, because="The agency was closed.")
    before = await desk.get("/v1/conferences/proposals")
    await received(desk, late, again(late), again(refused(gp)))
    assert await desk.get("/v1/conferences/proposals") == before
    assert await states(desk) == {"gp": "raised", "safeguarding-lead": "dismissed"}
    assert await desk.owed(kind="proposals") == []


async def test_whoever_is_not_the_escalations_service_is_not_believed(desk: Desk) -> None:
    conference, proposals = await confirmed(desk)
    raised_event = raised(meeting=conference["reference"], proposal_id=proposals["gp"]["id"])
    statuses = [
        (await receive(desk, raised_event, **{"webhook-signature": "v1,bm9uc2Vuc2U="})).status_code,
        (await receive(desk, raised_event, secret_of="reviews")).status_code,
        (await receive(desk, [raised_event, refused(proposals["gp"] | {"id": "none"})])).status_code,
        # A proposal that is none of ours is a mistake somewhere, which somebody has to see.
        (await receive(desk, raised(meeting=conference["reference"], proposal_id=str(uuid4())))).status_code,
    ]
    assert statuses == [401, 403, 422, 500]
    assert (await links(desk), await states(desk)) == ([], {"gp": "confirmed", "safeguarding-lead": "confirmed"})


async def test_who_can_be_named_follows_the_directory(desk: Desk) -> None:
    def changed(kind: str, **data: Any) -> JSON:
        return event("notifications", f"directory.{kind}_changed", **{"name": "Invented", "email": "a@b.org"} | data)

    new = changed("colleague", id="chair-9", version=4, roles=["chair"], full_time_equivalent=0.6, ends_on=None)
    events = [new, changed("agency", id="clinic", version=1, roles=["midwife"]), changed("area", id="west", version=1)]
    await received(desk, *events, changed("colleague", id="chair-9", version=3, roles=[]))
    rows = await desk.rows("SELECT kind, attributes FROM chassis.copy WHERE id IN ('chair-9', 'clinic', 'west')")
    assert {row["kind"]: json.loads(row["attributes"]) for row in rows} == {
        "colleague": {"roles": ["chair"], "full_time_equivalent": 0.6, "area_id": "north"},
        "agency": {"roles": ["midwife"]},
        "area": {},
    }
    await desk.registered(area_id="west")
    await desk.enquired()
    conference = await desk.planned(chair_id="chair-9")
    (row,) = await desk.invited(conference, SCHOOL | {"agency_id": "clinic", "agency_role": "midwife"})
    assert (conference["chair_id"], row["area_id"]) == ("chair-9", "west")
