"""What other processes read, not routed by the gateway: deadlines for reminders, emails, the home page."""

from datetime import timedelta
from typing import Annotated

from fastapi import Query, Response

from chassis.base.clock import Today
from chassis.base.fields import Day, PersonId
from chassis.base.problems import NotFound, responses
from chassis.command import Command, commanded_by
from chassis.meetings.invitations import Uninvited
from chassis.meetings.together import Own, router
from chassis.process import ProcessDep
from chassis.web.first_pages import HomeReader
from chassis.web.idempotency import WITHOUT_KEY
from chassis.web.routes import Routes
from services.conferences.calendar.queries import DEADLINE_COUNTS, DEADLINES, DIARY, DIGEST
from services.conferences.calendar.schemas import ConferenceDigestEntryOut
from services.conferences.children.merging import obstacles
from services.conferences.children.models import Voided
from services.conferences.children.queries import VOIDED, WHOLE_PROTECTION
from services.conferences.children.timeline import TIMELINE
from services.conferences.contributions import links as linking
from services.conferences.contributions.queries import LETTERS
from services.conferences.contributions.schemas import ContributionLinkTokenOut, InvitationLetterOut
from services.conferences.core_groups.queries import CORE_GROUPS_DUE
from services.conferences.core_groups.schemas import CoreGroupDueOut
from services.conferences.endpoints import Asking, InvitationRef, Ref
from services.conferences.feedback.models import Feedback
from services.conferences.feedback.queries import FEEDBACK
from services.conferences.home import HOME, ConferencesHome
from services.conferences.meetings.meeting import ConferenceNotPlanned
from services.conferences.proposals.queries import CONFIRMED
from services.conferences.proposals.schemas import ConfirmedProposalOut
from services.conferences.roles import SERVICES
from services.conferences.settings import settings_of

routes = Routes(prefix="/internal", tags=["conferences"])


@routes.get("/conference-deadlines/digest", response_model=list[ConferenceDigestEntryOut])
async def get_conference_deadlines_digest(reader: Asking, process: ProcessDep, today: Today) -> Response:
    """List what is overdue or due soon, soonest first, without names, for the weekly reminder.

    Several children of a conference are listed once.
    """
    return await DIGEST.all(reader.statements, until=today + timedelta(days=settings_of(process).due_soon_days))


@routes.get("/invitations/{invitation_id}/letter", response_model=InvitationLetterOut, responses=responses(NotFound))
async def get_invitation_letter(invitation_id: InvitationRef, reader: Asking) -> Response:
    """Get the details for an email to an invited person: time, place and report due date, without any child's name."""
    return await reader.one(LETTERS, invitation_id=invitation_id)


@routes.get("/conferences/{reference}/letters", response_model=list[InvitationLetterOut])
async def get_conference_letters(reference: Ref, reader: Asking) -> Response:
    """List these details for everybody invited to a conference, except the family."""
    return await reader.all(LETTERS, reference=reference)


@routes.get("/invitations/reports-due", response_model=list[InvitationLetterOut])
async def get_reports_due(
    reader: Asking, due_on: Annotated[Day, Query(description="The date the report is due.")]
) -> Response:
    """List missing reports due on a date, for conferences still planned, for the reminder before it."""
    return await reader.all(LETTERS, report_missing_on=due_on)


@routes.get("/invitations/reports-owed", response_model=list[InvitationLetterOut])
async def get_reports_owed(
    reader: Asking, today: Today, due_to: Annotated[Day, Query(description="Due on or before this date.")]
) -> Response:
    """List missing reports, overdue or due by a date, for conferences still to come, for the weekly list of them."""
    return await reader.all(LETTERS, report_missing_until=due_to, planned_from=today)


@routes.get("/invitations/without-address", response_model=list[InvitationLetterOut])
async def get_invitations_without_address(reader: Asking, today: Today) -> Response:
    """List professionals invited to a planned conference who have no email address."""
    return await reader.all(LETTERS, without_address_from=today)


@routes.get("/core-groups/due", response_model=list[CoreGroupDueOut])
async def get_core_groups_due(
    reader: Asking,
    due_from: Annotated[Day, Query(description="Due on or after this date.")],
    due_to: Annotated[Day, Query(description="Due on or before this date.")],
) -> Response:
    """List core groups that are due, soonest first, without names, for the social worker's reminder.

    Several children of a conference with one social worker are listed once.
    """
    return await CORE_GROUPS_DUE.all(reader.statements, due_from=due_from, due_to=due_to)


@routes.get("/conferences/{reference}/proposals/confirmed", response_model=list[ConfirmedProposalOut])
async def get_confirmed_proposals(reference: Ref, reader: Asking) -> Response:
    """List a conference's confirmed proposals that the escalations service has not yet raised."""
    return await reader.all(CONFIRMED, reference=reference)


@routes.get("/merge-obstacles")
async def list_merge_obstacles(
    command: Annotated[Command, commanded_by(*SERVICES)],
    from_person_id: Annotated[PersonId, Query(description="The number that is to be merged.")],
    into_person_id: Annotated[PersonId, Query(description="The number that stays.")],
) -> list[str]:
    """List the conferences by which two numbers cannot be one child's: about both, or about plans that overlap."""
    return await obstacles(command.session, from_person_id, into_person_id)


@routes.post(
    "/invitations/{invitation_id}/contribution-links",
    dependencies=[WITHOUT_KEY],
    status_code=201,
    responses=responses(NotFound, Uninvited, ConferenceNotPlanned, linking.NoLinkForFamily, linking.ConferenceOver),
)
async def create_contribution_link(
    invitation_id: InvitationRef, command: Annotated[Command, commanded_by(*SERVICES)]
) -> ContributionLinkTokenOut:
    """Create a link for an invitation. Its token is shown once; earlier links still work."""
    link, token = await linking.create_contribution_link(command, invitation_id)
    return ContributionLinkTokenOut(id=link.id, token=token, path=f"{linking.PATH}/{token}")


@routes.get("/home", response_model=ConferencesHome)
async def get_conferences_home(reader: HomeReader, today: Today) -> Response:
    """Get what the caller's home page shows of conferences, for the gateway, which asks with the caller's own roles."""
    return await HOME.answer(reader, today)


TOGETHER = router(
    Own(
        child=WHOLE_PROTECTION,
        timeline=TIMELINE,
        voided=VOIDED,
        deadlines=DEADLINES,
        counts=DEADLINE_COUNTS,
        diary=DIARY,
        feedback=FEEDBACK,
        feedback_table=Feedback,
        voided_table=Voided,
    )
)
