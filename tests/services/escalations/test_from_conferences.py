"""What a conference's chair confirmed is raised once, even if events arrive twice, late, or at the same time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from chassis.base import clock
from deploy.local.postgres import Server
from tests.support.conferences.desk import GP, SCHOOL
from tests.support.conferences.proposing import CONFIRMED, Both, Proposing, both_services, publish, tell_at_once
from tests.support.escalations.desk import CONFERENCE
from tests.support.running import Running
from tests.support.serving import free_port

NOTHING = {"raised": 0, "moves": 0, "told": 0, "heard": 0}


@pytest.fixture(scope="session")
async def both(postgres: Server) -> AsyncIterator[Both]:
    async with both_services(postgres) as running:
        yield running


@pytest.fixture
async def proposing(both: Both) -> AsyncIterator[Proposing]:
    async with both.begun_anew() as begun:
        yield begun


async def kept(proposing: Proposing) -> dict[str, int]:
    """How much there is of everything that an escalation leaves behind."""
    (row,) = await proposing.escalations.rows(
        "SELECT (SELECT count(*) FROM escalation) AS raised, (SELECT count(*) FROM escalation_move) AS moves, "
        "(SELECT count(*) FROM chassis.outgoing) AS told, (SELECT count(*) FROM chassis.received) AS heard"
    )
    return row


async def test_each_confirmed_proposal_becomes_an_escalation(proposing: Proposing) -> None:
    conference, proposals = await proposing.confirmed()
    assert await proposing.tell_escalations() == [204]
    by_proposal = {str(row["proposal_id"]): row for row in await proposing.raised()}
    assert by_proposal.keys() == {proposal["id"] for proposal in proposals}
    for proposal in proposals:
        row = by_proposal[proposal["id"]]
        same = ("person_ids", "agency_id", "agency_role", "professional_name", "professional_team", "area_id", "reason")
        assert {name: row[name] for name in same} == {name: proposal[name] for name in same}
        assert (row["kind"], row["state"], row["version"]) == ("conference_contribution", "open", 1)
        assert (row["meeting_reference"], str(row["meeting_on"])) == (conference["reference"], conference["held_on"])
        assert (row["owner_id"], row["raised_by"], row["raised_on"]) == ("chair-1", "chair-1", clock.today())
        (made,) = await proposing.escalations.history(row["reference"])
        assert (made["move"], made["actor"]) == ("raise", "chair-1")
        shown = (await proposing.escalations.get(f"/v1/escalations/{row['reference']}")).json()
        assert shown["proposal_id"] == proposal["id"]
    assert {row["reason"] for row in by_proposal.values()} == {"no_report_no_apologies", "no_report_sent_apologies"}
    published = await proposing.escalations.published("escalation.raised")
    assert {proposal["id"] in event["text"] for event, proposal in zip(published, proposals, strict=True)} == {True}


async def test_the_link_is_kept_both_ways(proposing: Proposing) -> None:
    conference, _ = await proposing.confirmed()
    await proposing.tell_escalations()
    assert await proposing.tell_conferences() == [204, 204]
    references = {row["agency_role"]: row["reference"] for row in await proposing.raised()}
    proposals = await proposing.proposals()
    assert {role: proposal["escalation_reference"] for role, proposal in proposals.items()} == references
    assert {proposal["state"] for proposal in proposals.values()} == {"raised"}
    whole = await proposing.conferences.get(f"/v1/conferences/{conference['reference']}")
    assert sorted(whole["escalations"]) == sorted(references.values())
    about = await proposing.escalations.get("/v1/escalations", meeting_reference=conference["reference"])
    assert {item["reference"] for item in about.json()["items"]} == set(references.values())


async def test_what_a_chair_dismissed_is_not_raised(proposing: Proposing) -> None:
    conference, proposals = await proposing.closed()
    about = {proposal["agency_role"]: proposal for proposal in proposals}
    await proposing.conferences.decided(conference, about["gp"], because="The report came by post.")
    await proposing.conferences.decided(conference, about["safeguarding-lead"])
    assert await proposing.tell_escalations() == [204]
    assert [row["agency_role"] for row in await proposing.raised()] == ["safeguarding-lead"]


async def test_only_what_an_event_names_is_raised(proposing: Proposing) -> None:
    """What was confirmed in another request is raised when that is told."""
    conference, proposals = await proposing.closed()
    for proposal in proposals:
        await proposing.conferences.decided(conference, proposal)
    first, second = await proposing.said(proposing.conferences.client, CONFIRMED)
    assert await publish(proposing.escalations.client, "conferences", second) == 204
    assert [str(row["proposal_id"]) for row in await proposing.raised()] == [proposals[1]["id"]]
    assert await publish(proposing.escalations.client, "conferences", first) == 204
    assert {str(row["proposal_id"]) for row in await proposing.raised()} == {proposal["id"] for proposal in proposals}


async def test_what_different_people_confirmed_is_raised_in_their_names(proposing: Proposing) -> None:
    conference, proposals = await proposing.closed()
    await proposing.conferences.decided(conference, *proposals)
    (event,) = await proposing.said(proposing.conferences.client, CONFIRMED)
    await proposing.conferences.rows(
        "UPDATE proposal SET decided_by = 'manager-1', version = version + 1 WHERE agency_role = 'gp'"
    )
    assert await publish(proposing.escalations.client, "conferences", event) == 204
    assert {row["agency_role"]: (row["raised_by"], row["owner_id"]) for row in await proposing.raised()} == {
        "gp": ("manager-1", "chair-1"),
        "safeguarding-lead": ("chair-1", "chair-1"),
    }


async def test_what_is_told_twice_is_raised_once(proposing: Proposing) -> None:
    await proposing.confirmed()
    assert await proposing.tell_escalations() == [204]
    once = await kept(proposing)
    assert (once["raised"], once["moves"], once["told"]) == (2, 2, 2)
    assert await proposing.tell_escalations() == [204]
    assert await kept(proposing) == once
    # As if conferences had said it in two events.
    assert await proposing.tell_escalations(anew=True) == [204]
    assert await kept(proposing) == once | {"heard": once["heard"] + 1}


async def test_what_is_told_many_times_at_once_is_raised_once(proposing: Proposing, running: Running) -> None:
    """To two processes of the service that share its database, and none of them fails."""
    second = await running("escalations", proposing.escalations.client.settings)
    for number in range(5):
        await proposing.confirmed(f"P{number}")
    for event in await proposing.said(proposing.conferences.client, CONFIRMED):
        for process in (proposing.escalations.client, second):
            assert await tell_at_once(3, process, "conferences", event) == [204] * 3
    assert len({row["proposal_id"] for row in await proposing.raised()}) == 10
    once = await kept(proposing)
    assert (once["raised"], once["moves"], once["told"]) == (10, 10, 10)


async def test_the_database_refuses_a_second_escalation_from_one_proposal(proposing: Proposing) -> None:
    await proposing.confirmed()
    await proposing.tell_escalations()
    await proposing.escalations.raised(CONFERENCE | SAME_DIRECTORY)
    await proposing.escalations.raised(CONFERENCE | SAME_DIRECTORY)
    with pytest.raises(asyncpg.UniqueViolationError):
        await proposing.escalations.rows(
            "UPDATE escalation SET version = version + 1, proposal_id = (SELECT proposal_id FROM escalation "
            "WHERE proposal_id IS NOT NULL LIMIT 1) WHERE proposal_id IS NULL"
        )


SAME_DIRECTORY: dict[str, Any] = {"agency_id": "general-practice", "agency_role": "gp", "area_id": "north"}
GONE = "UPDATE chassis.copy SET ends_on = '2019-01-01' WHERE kind = $1 AND id = $2"
REFUSED = [
    ("agency", GP["agency_id"], "agency_id", "in_directory", {"gp"}),
    ("agency", SCHOOL["agency_id"], "agency_id", "in_directory", {"safeguarding-lead"}),
    ("area", "north", "area_id", "in_directory", {"gp", "safeguarding-lead"}),
    ("colleague", "chair-1", "owner_id", "in_directory", {"gp", "safeguarding-lead"}),
]


@pytest.mark.parametrize(("kind", "entry", "field", "rule", "roles"), REFUSED)
async def test_what_the_directory_does_not_have_is_told_and_the_rest_is_raised(
    proposing: Proposing, kind: str, entry: str, field: str, rule: str, roles: set[str]
) -> None:
    conference, proposals = await proposing.confirmed()
    await proposing.escalations.rows(GONE, kind, entry)
    assert await proposing.tell_escalations() == [204]
    published = await proposing.escalations.rows(
        "SELECT subject, data->>'proposal_id' AS proposal, data->>'meeting_reference' AS meeting, "
        "data->>'field' AS field, data->>'rule' AS rule FROM chassis.outgoing WHERE type = 'escalation.refused'"
    )
    refused = {proposal["id"] for proposal in proposals if proposal["agency_role"] in roles}
    assert {event["proposal"] for event in published} == {event["subject"] for event in published} == refused
    assert {(event["meeting"], event["field"], event["rule"]) for event in published} == {
        (conference["reference"], field, rule)
    }
    raised = {str(row["proposal_id"]) for row in await proposing.raised()}
    assert raised == {proposal["id"] for proposal in proposals} - refused


async def test_a_role_that_is_gone_is_told_by_its_name(proposing: Proposing) -> None:
    await proposing.confirmed()
    await proposing.escalations.rows(
        """UPDATE chassis.copy SET attributes = '{"roles": []}' WHERE id = 'general-practice'"""
    )
    assert await proposing.tell_escalations() == [204]
    (event,) = await proposing.escalations.published("escalation.refused")
    assert '"agency_role"' in event["text"]
    assert [row["agency_role"] for row in await proposing.raised()] == ["safeguarding-lead"]


async def test_what_was_refused_can_be_confirmed_again_and_is_raised(proposing: Proposing) -> None:
    conference, _ = await proposing.confirmed()
    await proposing.escalations.rows(GONE, "agency", "general-practice")
    assert await proposing.tell_escalations() == [204]
    await proposing.tell_conferences()
    refused = (await proposing.proposals())["gp"]
    assert refused["state"] == "refused"
    await proposing.escalations.rows("UPDATE chassis.copy SET ends_on = NULL WHERE id = 'general-practice'")
    await proposing.conferences.decided(conference, refused)
    assert await proposing.tell_escalations() == [204, 204]
    await proposing.tell_conferences()
    assert {role: proposal["state"] for role, proposal in (await proposing.proposals()).items()} == {
        "gp": "raised",
        "safeguarding-lead": "raised",
    }
    assert len(await proposing.raised()) == 2


@pytest.mark.parametrize("address", ["", "nowhere"])
async def test_while_conferences_cannot_be_asked_nothing_is_taken_in(
    proposing: Proposing, running: Running, address: str
) -> None:
    """Whoever tells it tries again; then it is raised as if nothing had been."""
    await proposing.confirmed()
    url = f"http://127.0.0.1:{free_port()}" if address else ""
    settings = proposing.escalations.client.settings.model_copy(update={"conferences_url": url})
    cut_off = await running("escalations", settings)
    (status,) = await proposing.tell_escalations(to=cut_off)
    assert status >= 500
    assert await kept(proposing) == NOTHING
    assert await proposing.tell_escalations() == [204]
    assert len(await proposing.raised()) == 2


async def test_a_day_that_has_not_come_here_yet_waits(proposing: Proposing) -> None:
    """Two clocks may differ around midnight: that is nothing that a chair could set right."""
    await proposing.confirmed()
    tomorrow = clock.today() + timedelta(days=1)
    await proposing.conferences.rows("UPDATE proposal SET version = version + 1, decided_on = $1", tomorrow)
    (status,) = await proposing.tell_escalations()
    assert status == 422
    assert await kept(proposing) == NOTHING
    with clock.shifted(timedelta(days=1)):
        assert await proposing.tell_escalations() == [204]
    assert {row["raised_on"] for row in await proposing.raised()} == {tomorrow}
