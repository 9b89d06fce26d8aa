"""Contribution links: who holds one can say of one invitation whether the report is sent and whether they come."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access.visibility import check_may_see, hidden_among
from chassis.base.problems import Conflict, NotFound
from chassis.children.models import Child
from chassis.command import Command
from chassis.events.directory_replica import has_ended
from chassis.web.pages import Ended, new_token, token_hash
from services.conferences.children.cases import AGENCY
from services.conferences.contributions.inviting import locked_invitation
from services.conferences.contributions.models import ContributionLink, Invitation
from services.conferences.events import ContributionLinkRequested
from services.conferences.meetings.meeting import check_planned
from services.conferences.meetings.models import Conference
from services.conferences.rules.vocabulary import ConferenceState, InvitedAs

# Where the pages are that a link opens.
PATH = "/contribution"
# A link opened too late still shows that the conference is over.
WORKS_AFTERWARDS = timedelta(days=1)


class NoLinkForFamily(Conflict):
    """Members of the family have no links: the chair asks them in person."""


class ConferenceOver(Conflict):
    """The date of this conference has passed, so contributions can no longer be changed."""


@dataclass(frozen=True)
class Opened:
    """A link with the invitation and the conference that it is about."""

    link: ContributionLink
    invitation: Invitation
    conference: Conference
    agency_has_ended: bool

    def processes(self, today: date) -> bool:
        """Whether the link can be opened today: until the day after the conference, wherever that was moved.

        A professional whose agency has ended speaks for it no more.
        """
        if self.agency_has_ended:
            return False
        was_withdrawn = self.invitation.withdrawn_on is not None
        is_replaced = self.link.superseded_at is not None or self.link.revoked_at is not None
        return not was_withdrawn and not is_replaced and today <= self.conference.planned_on + WORKS_AFTERWARDS

    def asks(self, today: date) -> bool:
        """Whether there is still something to say: the conference is planned, for today or later."""
        return self.conference.state == ConferenceState.PLANNED and today <= self.conference.planned_on

    def ended(self, today: date) -> Ended | None:
        """Why no new link is sent in place of this one, if so."""
        is_withdrawn = self.invitation.withdrawn_on is not None
        if self.agency_has_ended or is_withdrawn or self.link.revoked_at is not None:
            return Ended.STOPPED
        return None if self.asks(today) else Ended.EXPIRED


async def create_contribution_link(command: Command, invitation_id: UUID) -> tuple[ContributionLink, str]:
    """A new link and its token, which is kept nowhere; the invitation's earlier ones still work."""
    row = await locked_invitation(command, invitation_id, None)
    if row.invited_as == InvitedAs.FAMILY:
        raise NoLinkForFamily
    conference = await command.session.get_one(Conference, row.conference_id)
    check_planned(conference)
    if conference.planned_on < command.today:
        raise ConferenceOver(f"It was planned for {conference.planned_on}.")
    token = new_token()
    link = ContributionLink(invitation_id=row.id, token_hash=token_hash(token), created_at=command.now)
    command.session.add(link)
    await command.session.flush()
    return link, token


async def revoke_contribution_link(command: Command, link_id: UUID) -> None:
    """Make one link of an invitation stop working; doing it again changes nothing."""
    link = await command.session.get(ContributionLink, link_id, with_for_update=True)
    if link is None:
        raise NotFound
    row = await command.session.get_one(Invitation, link.invitation_id)
    await check_may_see(command, row.person_ids)
    if link.revoked_at is None:
        link.revoked_at = command.now
        await command.audit("revoke_contribution_link", row.person_ids, row.reference)


async def links_of(command: Command, invitation_id: UUID) -> list[ContributionLink]:
    """The links of an invitation, newest first."""
    row = await command.session.get(Invitation, invitation_id)
    if row is None:
        raise NotFound
    await check_may_see(command, row.person_ids)
    await command.audit("list_contribution_links", row.person_ids, row.reference)
    query = select(ContributionLink).where(col(ContributionLink.invitation_id) == row.id)
    return list((await command.session.exec(query.order_by(col(ContributionLink.id).desc()))).all())


async def link_of_token(session: AsyncSession, token: str) -> ContributionLink | None:
    """The link of a token, whether or not it still works."""
    query = select(ContributionLink).where(col(ContributionLink.token_hash) == token_hash(token))
    return (await session.exec(query)).first()


async def opened(session: AsyncSession, link: ContributionLink, today: date, *, locked: bool = False) -> Opened:
    """What a link is about, whether or not it still works; `locked` holds the invitation against changes by others."""
    invitation = await session.get_one(Invitation, link.invitation_id, with_for_update=locked)
    if locked:
        # A corrected address ends links with their invitation locked.
        await session.refresh(link)
    agency = invitation.agency_id
    has_left = agency is not None and await has_ended(session, AGENCY, agency, today)
    return Opened(link, invitation, await session.get_one(Conference, invitation.conference_id), has_left)


async def children_shown(command: Command, found: Opened) -> list[Child]:
    """The children whom an invitation is about, as its professional is shown them; nobody who is restricted."""
    row = found.invitation
    hidden = await hidden_among(command, row.person_ids)
    shown = [person_id for person_id in row.person_ids if person_id not in hidden]
    await command.audit("show_children_of_invitation", shown, row.reference)
    query = select(Child).where(col(Child.person_id).in_(shown)).order_by(col(Child.person_id))
    return list((await command.session.exec(query)).all())


async def request_new_link(command: Command, token: str) -> None:
    """Have a new link sent to the address on file, if the token was ever one of ours and there is more to say."""
    link = await link_of_token(command.session, token)
    if link is not None and (await opened(command.session, link, command.today)).ended(command.today) is None:
        command.publish(ContributionLinkRequested(link_id=link.id, invitation_id=link.invitation_id))
