"""The life of a child, a review, a conference and an escalation, through the published Python client and real emails."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.async_api import Browser

from deploy.local.mailbox.store import Kept
from independent_chairs import answer, etag
from independent_chairs.generated import models
from independent_chairs.generated.api.children import get_protection, put_care, put_child, put_section_47_enquiry
from independent_chairs.generated.api.conferences import (
    close_conference,
    complete_conference_record,
    decide_proposals,
    get_conference,
    hold_conference,
    invite_to_conference,
    list_proposals,
    plan_conference,
    record_core_group,
    send_outline_plan,
    write_conference_record,
)
from independent_chairs.generated.api.diary import list_missing_reports
from independent_chairs.generated.api.emails import list_schedules
from independent_chairs.generated.api.escalations import list_escalations, resolve_escalation
from independent_chairs.generated.api.figures import get_escalation_figures
from independent_chairs.generated.api.reviews import (
    agree_to_decision,
    change_invitation,
    hold_review,
    plan_review,
    record_decisions,
)
from independent_chairs.generated.models import InviteToConferenceIn
from tests.support.browser import press
from tests.support.journeys.council import Council
from tests.support.system import System, new_system
from tests.support.waiting import PATIENCE

CHILD, SOCIAL_WORKER = "P700001", "Wren Ravensby"
# Each stands nowhere else: whatever they are found in must not have them.
GIVEN, FAMILY, BORN = "Plantedgiven", "Plantedfamily", "2012-02-03"
WEDNESDAY, NEXT_WEDNESDAY = date(2020, 6, 3), date(2020, 6, 10)


@pytest.fixture
def system() -> Iterator[System]:
    with new_system(demo=False) as system:
        yield system


async def test_the_life_of_a_child_from_the_first_day_to_the_last_answer(system: System, browser: Browser) -> None:
    council = Council(system)

    await council.at("2020-06-03 10:00")
    await council.fill_directory()
    await the_case_management_system_registers_a_child_who_comes_into_care(council)
    review = await business_support_plans_the_first_review(council)
    await an_enquiry_begins(council)
    conference = await business_support_plans_the_conference(council)
    await those_who_work_with_the_child_are_invited(council, conference)
    await the_health_visitor_says_by_the_link_that_the_report_is_sent(council, browser, conference)
    await two_reports_are_missing(council)

    await council.at("2020-06-10 09:00")
    await the_conference_is_held_without_two_of_those_invited(council, conference)
    await the_child_is_on_a_plan(council)
    await the_conference_is_closed_and_both_escalations_are_confirmed(council, conference)
    escalations = await both_escalations_are_raised(council, conference)
    await the_rest_of_the_conference_is_done(council, conference)
    await the_review_is_held_and_its_decisions_are_agreed(council, review)

    await council.at("2020-07-01 07:59:40")
    for officer in ("officer-care-board", "officer-housing"):
        await the_officer_is_asked_and_answers(council, browser, officer, escalations)
    chair = await council.address_of("chair-01")
    await council.mail(chair, "answer", 2)
    await the_chair_closes_the_escalations(council, conference, escalations)
    before = len(council.mails(chair))

    await council.at("2020-07-06 07:59:40")
    await the_weekly_reminder_has_nothing_to_say(council)
    assert len(council.mails(chair)) == before
    await the_figures_know_of_both_answers(council)


async def the_case_management_system_registers_a_child_who_comes_into_care(council: Council) -> None:
    system = council.somebody("business_support")
    child = models.ChildIn(
        given_name=GIVEN,
        family_name=FAMILY,
        born_on=date.fromisoformat(BORN),
        area_id="north",
        team="Team 1",
        social_worker=SOCIAL_WORKER,
        manager_id="swm-1",
    )
    await council.once_all_are_known(lambda: put_child.asyncio(CHILD, client=system, body=child))
    episode = models.EpisodeIn(starts_on=WEDNESDAY, legal_status=models.LegalStatus.V2, placement="U3")
    care = models.CareIn(periods_of_care=[models.PeriodOfCareIn(starts_on=WEDNESDAY, episodes=[episode])])
    await council.once_all_are_known(lambda: put_care.asyncio(CHILD, client=system, body=care))


async def business_support_plans_the_first_review(council: Council) -> str:
    support = council.somebody("business_support")
    wanted = models.PlanReviewIn([CHILD], planned_on=NEXT_WEDNESDAY, planned_time="14:00:00", chair_id="chair-01")
    review = await council.once_all_are_known(lambda: plan_review.asyncio(client=support, body=wanted))
    assert review.children[0].due_on == date(2020, 7, 1)
    return review.reference


async def an_enquiry_begins(council: Council) -> None:
    enquiry = models.SectionFortySevenEnquiryIn(CHILD, started_on=WEDNESDAY, strategy_discussion_on=WEDNESDAY)
    answer(await put_section_47_enquiry.asyncio("E1", client=council.somebody("business_support"), body=enquiry))


async def business_support_plans_the_conference(council: Council) -> str:
    support = council.somebody("business_support")
    wanted = models.PlanConferenceIn(
        [CHILD], planned_on=NEXT_WEDNESDAY, planned_time="09:30:00", venue="Town Hall", chair_id="chair-01"
    )
    conference = await council.once_all_are_known(lambda: plan_conference.asyncio(client=support, body=wanted))
    assert conference.children[0].due_on == date(2020, 6, 24)
    assert conference.report_due_on == date(2020, 6, 8)
    return conference.reference


async def those_who_work_with_the_child_are_invited(council: Council, reference: str) -> None:
    mother = InviteToConferenceIn(
        models.InvitedAs.FAMILY, "Una Plantedfamily", relationship=models.FamilyRelationship.MOTHER
    )
    wanted = [
        professional("childrens-social-care", "social-worker", SOCIAL_WORKER),
        professional("community-health", "health-visitor", "Orla Dunmarsh"),
        professional("education", "safeguarding-lead", "Nye Coldstone", report_expected=False),
        professional("general-practice", "gp", "Dr Yarrow Elmsgate"),
        professional("housing", "housing-officer", "Kerr Fallowby"),
        mother,
    ]
    body = models.InviteAllToConferenceIn(wanted)
    support = council.somebody("business_support")
    answer(await invite_to_conference.asyncio(reference, client=support, body=body, if_match='"1"'))
    asked = await council.mail("gp@general-practice.example", reference)
    assert "8 June 2020" in words_of(asked)


def professional(agency: str, role: str, name: str, *, report_expected: bool = True) -> InviteToConferenceIn:
    return InviteToConferenceIn(
        models.InvitedAs.PROFESSIONAL,
        name,
        agency_id=agency,
        agency_role=role,
        email=f"{role}@{agency}.example",
        report_expected=report_expected,
    )


async def the_health_visitor_says_by_the_link_that_the_report_is_sent(
    council: Council, browser: Browser, reference: str
) -> None:
    mail = await council.mail("health-visitor@community-health.example", reference)
    page = await (await browser.new_context()).new_page()
    page.set_default_timeout(1000 * PATIENCE)
    await page.goto(link_of(words_of(mail), "/contribution/"))
    assert GIVEN not in await page.content()
    await page.get_by_role("radio", name="Yes").first.check()
    await page.get_by_role("radio", name="I will attend").check()
    await press(page.get_by_role("button", name="Tell the chair"))
    await page.wait_for_url("**/receipt**")
    invited = {row.agency_role: row for row in (await whole(council, reference)).invitations}
    assert invited["health-visitor"].report_received_on == WEDNESDAY
    worker = invited["social-worker"]
    said = models.ChangeInvitationIn(report_received_on=WEDNESDAY)
    support = council.somebody("business_support")
    answer(await change_invitation.asyncio(worker.id, client=support, body=said, if_match=etag(worker)))


async def two_reports_are_missing(council: Council) -> None:
    missing = answer(await list_missing_reports.asyncio(client=council.somebody("chair")))
    assert {row.agency_role for row in missing.items} == {"gp", "housing-officer"}


async def the_conference_is_held_without_two_of_those_invited(council: Council, reference: str) -> None:
    conference = await whole(council, reference)
    absent = {"gp", "housing-officer"}
    attendance = [
        models.ConferenceAttendanceIn(
            invitation.id,
            models.MeetingAttendance.NEITHER if invitation.agency_role in absent else models.MeetingAttendance.ATTENDED,
        )
        for invitation in conference.invitations
    ]
    child = models.ChildConferenceHeldIn(
        CHILD, models.ConferenceOutcome.PLAN_MADE, models.Participation.PN6, category=models.PlanCategory.NEG
    )
    body = models.HoldConferenceIn(
        held_on=NEXT_WEDNESDAY,
        children=[child],
        attendance=attendance,
        family_contacted_on=date(2020, 6, 8),
        family_met=True,
        core_group=[models.CoreGroupMemberIn(SOCIAL_WORKER, "social worker")],
        safety_scores=[models.SafetyScoreIn("Mother", 4)],
    )
    chair = council.somebody("chair")
    held = answer(await hold_conference.asyncio(reference, client=chair, body=body, if_match=etag(conference)))
    assert held.quorate is True


async def the_child_is_on_a_plan(council: Council) -> None:
    (plan,) = answer(await get_protection.asyncio(CHILD, client=council.somebody("chair"))).plans
    assert (plan.starts_on, plan.initial_category) == (NEXT_WEDNESDAY, models.PlanCategory.NEG)


async def the_conference_is_closed_and_both_escalations_are_confirmed(council: Council, reference: str) -> None:
    chair, conference = council.somebody("chair"), await whole(council, reference)
    proposals = answer(await close_conference.asyncio(reference, client=chair, if_match=etag(conference)))
    assert {(proposal.agency_role, proposal.reason) for proposal in proposals} == {
        ("gp", "no_report_no_apologies"),
        ("housing-officer", "no_report_no_apologies"),
    }
    confirmed = models.DecideProposalsIn(
        [models.ProposalDecisionIn(proposal.id, confirm=True) for proposal in proposals]
    )
    answer(await decide_proposals.asyncio(reference, client=chair, body=confirmed))


async def both_escalations_are_raised(council: Council, reference: str) -> list[str]:
    chair = council.somebody("chair")

    async def are_raised() -> bool:
        found = answer(await list_proposals.asyncio(client=chair, reference=[reference])).items
        return [proposal.state for proposal in found] == [models.ProposalState.RAISED] * 2

    await council.until(are_raised)
    raised = answer(await list_escalations.asyncio(client=chair, meeting_reference=[reference])).items
    assert len(raised) == 2
    return [escalation.reference for escalation in raised]


async def the_rest_of_the_conference_is_done(council: Council, reference: str) -> None:
    """The outline plan goes out, the record is written, and the core group has met."""
    chair, support = council.somebody("chair"), council.somebody("business_support")
    sent, done = models.SendOutlinePlanIn(NEXT_WEDNESDAY), models.CompleteConferenceRecordIn()
    record = models.ConferenceRecordIn(
        past_harm=["Left alone overnight."],
        future_danger=["Left alone again."],
        working_well=["Goes to school each day."],
        safety_goals=["An adult is there each night."],
        next_steps=[models.NextStepIn("Family network meeting", "social worker", date(2020, 6, 30))],
    )
    now = etag(await whole(council, reference))
    now = etag(answer(await send_outline_plan.asyncio(reference, client=support, body=sent, if_match=now)))
    now = etag(answer(await write_conference_record.asyncio(reference, client=chair, body=record, if_match=now)))
    answer(await complete_conference_record.asyncio(reference, client=chair, body=done, if_match=now))
    met = models.CoreGroupIn([CHILD], held_on=NEXT_WEDNESDAY, next_on=date(2020, 8, 3))
    answer(await record_core_group.asyncio(client=chair, body=met))


async def the_review_is_held_and_its_decisions_are_agreed(council: Council, reference: str) -> None:
    chair, manager = council.somebody("chair"), council.somebody("social_work_manager")
    child = models.ChildHeldIn(CHILD, models.Participation.PN1, attended=True, seen_alone=True)
    body = models.HoldReviewIn(NEXT_WEDNESDAY, [child])
    held = answer(await hold_review.asyncio(reference, client=chair, body=body, if_match='"1"'))
    assert held.state == models.ReviewState.HELD
    wanted = models.DecisionsIn(
        decisions=[models.DecisionIn(f"{GIVEN} sees her grandmother each week.", "The social worker")]
    )
    (decision,) = answer(
        await record_decisions.asyncio(reference, CHILD, client=chair, body=wanted, if_match=etag(held))
    )
    agreed = answer(await agree_to_decision.asyncio(decision.id, client=manager, if_match=etag(decision)))
    assert agreed.responded_on == NEXT_WEDNESDAY


async def the_officer_is_asked_and_answers(
    council: Council, browser: Browser, officer: str, escalations: list[str]
) -> None:
    """The email names nobody; its link leads to a page that names what is asked, and on which the officer answers."""
    mail = await council.mail(await council.address_of(officer), "April to June 2020")
    for planted in (GIVEN, FAMILY, BORN, CHILD, *escalations):
        assert planted not in mail.source.decode()
    page = await (await browser.new_context()).new_page()
    page.set_default_timeout(1000 * PATIENCE)
    found = re.search(r'href="([^"]*/answer/[^"?]+)', mail.body("html") or "")
    assert found is not None
    await page.goto(found[1])
    shown = await page.content()
    assert sum(reference in shown for reference in escalations) == 1
    await page.get_by_label("We dealt with it with the member of staff").first.check()
    await press(page.get_by_role("button", name=re.compile("Send this answer")).first)
    assert await page.get_by_role("heading", level=1).inner_text() == "Answer received"


async def the_weekly_reminder_has_nothing_to_say(council: Council) -> None:
    manager = council.somebody("team_manager")

    async def has_run() -> bool:
        schedules = {one.name: one for one in answer(await list_schedules.asyncio(client=manager))}
        run = schedules["send_weekly_reminder"].last_run
        if run is None or run.period != "2020-W28" or run.finished_at is None:
            return False
        assert isinstance(run.outcome, models.ScheduleQueuedOut)
        assert run.outcome.queued == 0
        return True

    await council.until(has_run)


async def the_figures_know_of_both_answers(council: Council) -> None:
    figures = answer(
        await get_escalation_figures.asyncio(
            client=council.somebody("performance_analyst"),
            period="2020-Q1",
            by=models.EscalationsBy.AGENCY,
            kind=models.EscalationKind.CONFERENCE_CONTRIBUTION,
        )
    )
    for agency in ("general-practice", "housing"):
        (row,) = [row for row in figures.rows if row.key == agency]
        assert (row.raised, row.answered, row.response_rate) == (1, 1, 1.0)


async def the_chair_closes_the_escalations(council: Council, reference: str, escalations: list[str]) -> None:
    chair = council.somebody("chair")
    conference = await whole(council, reference)
    assert sorted(conference.escalations) == sorted(escalations)
    assert {proposal.state for proposal in conference.proposals} == {models.ProposalState.RAISED}
    for escalation in answer(await list_escalations.asyncio(client=chair, meeting_reference=[reference])).items:
        settled = models.ResolveIn("Reports now go to the team's own address.")
        closed = answer(
            await resolve_escalation.asyncio(
                escalation.reference, client=chair, body=settled, if_match=etag(escalation)
            )
        )
        assert closed.state == models.EscalationState.RESOLVED


async def whole(council: Council, reference: str) -> models.WholeConferenceOut:
    return answer(await get_conference.asyncio(reference, client=council.somebody("chair")))


def words_of(mail: Kept) -> str:
    """What an email says without its form."""
    words = mail.body("plain")
    assert words is not None
    return words


def link_of(words: str, path: str) -> str:
    """The address in an email that leads to this part of the system."""
    found = re.search(rf"https?://\S+{path}\S+", words)
    assert found is not None, words
    return found[0].rstrip(".")
