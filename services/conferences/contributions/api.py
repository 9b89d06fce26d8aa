"""Invitations, contributions and contribution links."""

from uuid import UUID

from fastapi import Response

from chassis.base.problems import NotFound, responses
from chassis.law.deadlines import About
from chassis.meetings.invitations import OwnInvitations, invitation_routes
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.conferences.contributions import actions as contributing
from services.conferences.contributions import inviting
from services.conferences.contributions import links as linking
from services.conferences.contributions.queries import INVITATIONS
from services.conferences.contributions.schemas import (
    ConferenceInvitationOut,
    ContributionLinkOut,
    InviteAllToConferenceIn,
    SuggestedInvitationOut,
)
from services.conferences.endpoints import CONFERENCE_CHANGED, Decider, InvitationRef, Ref, Writer

routes = Routes(prefix="/v1", tags=["conferences"])


@routes.get("/invitations/{invitation_id}/contribution-links", responses=responses(NotFound))
async def list_contribution_links(invitation_id: InvitationRef, command: Decider) -> list[ContributionLinkOut]:
    """List the links of an invitation, newest first, with when each was last used."""
    links = await linking.links_of(command, invitation_id)
    return [ContributionLinkOut.model_validate(link, from_attributes=True) for link in links]


@routes.post("/invitations/contribution-links/{link_id}/revoke", status_code=204, responses=responses(NotFound))
async def revoke_contribution_link(link_id: UUID, command: Decider) -> None:
    """Stop one link of an invitation working at once. Doing this again changes nothing."""
    await linking.revoke_contribution_link(command, link_id)


@routes.post("/conferences/{reference}/invitations", status_code=201, responses=CONFERENCE_CHANGED)
async def invite_to_conference(
    reference: Ref, wanted: InviteAllToConferenceIn, command: Writer, version: IfMatch, response: Response
) -> list[ConferenceInvitationOut]:
    """Invite professionals, members of the family, an advocate or observers. Either all are invited or none.

    Professionals are sent the date their report is due. The ETag is the conference's new version.
    """
    conference, rows = await inviting.invite(command, reference, version, wanted.invitations)
    response.headers["ETag"] = etag(conference.version)
    return [ConferenceInvitationOut.model_validate(row) for row in rows]


@routes.get("/conferences/{reference}/suggested-invitations", responses=responses(NotFound))
async def suggest_conference_invitations(reference: Ref, command: Writer) -> list[SuggestedInvitationOut]:
    """List people invited to the children's last conference and not yet to this one."""
    return await inviting.suggested(command, reference)


INVITATION_ROUTES = invitation_routes(
    OwnInvitations(
        about=About.CONFERENCE,
        rows=INVITATIONS,
        change=contributing.change_invitation,
        withdraw=inviting.uninvite,
        send_again=inviting.send_again,
    )
)
