"""What invited people contribute, and the links by which professionals say it themselves."""

from uuid import UUID

from fastapi import APIRouter, Response

from chassis.base.problems import NotFound, responses
from chassis.web.versions import IfMatch, set_etag
from services.conferences.contributions import actions as contributing
from services.conferences.contributions import inviting
from services.conferences.contributions import links as linking
from services.conferences.contributions.link_schemas import ChangeInvitationIn, ContributionLinkOut
from services.conferences.contributions.schemas import ConferenceInvitationOut
from services.conferences.endpoints import CHANGED, Decider, InvitationRef, Writer

routes = APIRouter(prefix="/v1", tags=["invitations and contributions"])


@routes.patch(
    "/invitations/{invitation_id}",
    responses=CHANGED | responses(inviting.Uninvited, contributing.ContributionSettled),
)
async def change_invitation(
    invitation_id: InvitationRef, wanted: ChangeInvitationIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceInvitationOut:
    """Write down what is now known of an invited person: whether a report came, was shared, or apologies were sent.

    After the conference was closed, the facts from which escalations were proposed stay as they are.
    """
    row = await contributing.change_invitation(command, invitation_id, version, wanted)
    set_etag(response, row.version)
    return ConferenceInvitationOut.model_validate(row, from_attributes=True)


@routes.get("/invitations/{invitation_id}/contribution-links", responses=responses(NotFound))
async def list_contribution_links(invitation_id: InvitationRef, command: Decider) -> list[ContributionLinkOut]:
    """The links of an invitation, newest first, and when something was last said by each."""
    links = await linking.links_of(command, invitation_id)
    return [ContributionLinkOut.model_validate(one, from_attributes=True) for one in links]


@routes.post("/contribution-links/{link_id}/revoke", status_code=204, responses=responses(NotFound))
async def revoke_contribution_link(link_id: UUID, command: Decider) -> None:
    """Make a link stop working at once; doing it again changes nothing."""
    await linking.revoke_contribution_link(command, link_id)
