"""Who is invited to a conference, and whom the last one had invited."""

from fastapi import APIRouter, Response

from chassis.base.problems import NotFound, responses
from chassis.web.versions import IfMatch, etag
from services.conferences.contributions import inviting
from services.conferences.contributions.schemas import (
    ConferenceInvitationOut,
    InviteAllToConferenceIn,
    SuggestedInvitationOut,
)
from services.conferences.endpoints import CONFERENCE_CHANGED, InvitationRef, Ref, Writer

routes = APIRouter(prefix="/v1", tags=["invitations and contributions"])


@routes.post("/conferences/{reference}/invitations", status_code=201, responses=CONFERENCE_CHANGED)
async def invite_to_conference(
    reference: Ref, wanted: InviteAllToConferenceIn, command: Writer, version: IfMatch, response: Response
) -> list[ConferenceInvitationOut]:
    """Invite professionals by agency, role and name, members of the family, an advocate, observers; all or none.

    Professionals are sent the day until which their report is to be there. The ETag is the conference's new version.
    """
    conference, rows = await inviting.invite(command, reference, version, wanted.invitations)
    response.headers["ETag"] = etag(conference.version)
    return [ConferenceInvitationOut.model_validate(one, from_attributes=True) for one in rows]


@routes.get("/conferences/{reference}/suggested-invitations", responses=responses(NotFound))
async def suggest_conference_invitations(reference: Ref, command: Writer) -> list[SuggestedInvitationOut]:
    """Whom the children's last conference had invited and this one has not."""
    return await inviting.suggested(command, reference)


@routes.post("/invitations/{invitation_id}/withdraw", responses=CONFERENCE_CHANGED | responses(inviting.Uninvited))
async def withdraw_invitation(
    invitation_id: InvitationRef, command: Writer, version: IfMatch, response: Response
) -> ConferenceInvitationOut:
    """Take an invitation back before the conference is held: nothing is expected of that person any more."""
    row = await inviting.uninvite(command, invitation_id, version)
    response.headers["ETag"] = etag(row.version)
    return ConferenceInvitationOut.model_validate(row, from_attributes=True)
