"""What other services ask, which the gateway never routes: deadlines for reminders, and what emails need."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from chassis.access.audit import Look
from chassis.base.clock import Today
from chassis.base.fields import Day
from chassis.base.problems import NotFound, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading
from chassis.process import ProcessDep
from services.conferences.children.schemas import ConferenceDigestEntryOut, CoreGroupDueOut
from services.conferences.contributions import inviting
from services.conferences.contributions import links as linking
from services.conferences.contributions.link_schemas import ContributionLinkTokenOut
from services.conferences.contributions.schemas import ConfirmedProposalOut
from services.conferences.endpoints import Asking, InvitationRef, Ref
from services.conferences.meetings.meeting import ConferenceNotPlanned
from services.conferences.meetings.queries import CONFIRMED, CORE_GROUPS_DUE, DIGEST, LETTERS
from services.conferences.meetings.schemas import InvitationLetterOut
from services.conferences.roles import SERVICES
from services.conferences.settings import ConferencesSettings

routes = APIRouter(prefix="/internal", tags=["conferences"])


@routes.get("/conference-deadlines/digest", response_model=list[ConferenceDigestEntryOut])
async def get_conference_deadlines_digest(
    reading: Reading, caller: Asking, process: ProcessDep, today: Today
) -> Response:
    """All that is overdue, or due within the setting's days, soonest first, for the weekly reminder: no name.

    What concerns several children of a conference is listed once.
    """
    assert isinstance(process.settings, ConferencesSettings)
    return await DIGEST.all(reading, until=today + timedelta(days=process.settings.due_soon_days))


@routes.get("/invitations/{invitation_id}/letter", response_model=InvitationLetterOut, responses=responses(NotFound))
async def get_invitation_letter(invitation_id: InvitationRef, reading: Reading, caller: Asking) -> Response:
    """What an email to an invited person needs: when and where, and until when a report is due. No child's name."""
    look = Look(caller, "get_invitation_letter", str(invitation_id))
    found = await LETTERS.one(reading, look=look, invitation_id=invitation_id)
    if found is None:
        raise NotFound
    return found


@routes.get("/conferences/{reference}/letters", response_model=list[InvitationLetterOut])
async def get_conference_letters(reference: Ref, reading: Reading, caller: Asking) -> Response:
    """The same for everybody invited to a conference, the family apart."""
    look = Look(caller, "get_conference_letters", reference)
    return await LETTERS.all(reading, look=look, reference=reference)


@routes.get("/invitations/reports-due", response_model=list[InvitationLetterOut])
async def get_reports_due(
    reading: Reading, caller: Asking, due_on: Annotated[Day, Query(description="The last day of the report.")]
) -> Response:
    """Whose report is to be there by a day and is not, of conferences still planned, for the reminder before it."""
    look = Look(caller, "get_reports_due", str(due_on))
    return await LETTERS.all(reading, look=look, report_missing_on=due_on)


@routes.get("/invitations/without-address", response_model=list[InvitationLetterOut])
async def get_invitations_without_address(reading: Reading, caller: Asking, today: Today) -> Response:
    """The professionals who are invited to a conference to come and to whom no email can be sent."""
    look = Look(caller, "get_invitations_without_address", str(today))
    return await LETTERS.all(reading, look=look, without_address_from=today)


@routes.get("/core-groups/due", response_model=list[CoreGroupDueOut])
async def get_core_groups_due(
    reading: Reading,
    caller: Asking,
    due_from: Annotated[Day, Query(description="Only due on this day or later.")],
    due_to: Annotated[Day, Query(description="Only due on this day or earlier.")],
) -> Response:
    """The core groups that are to meet, soonest first, for the social worker's reminder: no name.

    What concerns several children of a conference with one social worker is listed once.
    """
    return await CORE_GROUPS_DUE.all(reading, due_from=due_from, due_to=due_to)


@routes.get("/conferences/{reference}/proposals/confirmed", response_model=list[ConfirmedProposalOut])
async def get_confirmed_proposals(reference: Ref, reading: Reading, caller: Asking) -> Response:
    """What the escalations service is to raise from a conference: proposals that are confirmed and not raised yet."""
    look = Look(caller, "get_confirmed_proposals", reference)
    return await CONFIRMED.all(reading, look=look, reference=reference)


@routes.post(
    "/invitations/{invitation_id}/contribution-links",
    status_code=201,
    responses=responses(
        NotFound, inviting.Uninvited, ConferenceNotPlanned, linking.NoLinkForFamily, linking.ConferenceOver
    ),
)
async def create_contribution_link(
    invitation_id: InvitationRef, command: Annotated[Command, commanded_by(*SERVICES)]
) -> ContributionLinkTokenOut:
    """A link for one invitation. Its token is told this once; the invitation's earlier links stop working."""
    link, token = await linking.create_contribution_link(command, invitation_id)
    return ContributionLinkTokenOut(id=link.id, token=token, path=f"{linking.PATH}/{token}")
