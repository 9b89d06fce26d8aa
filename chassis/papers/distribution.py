"""Papers are given to people by links: each recipient has one, which asks for a code; who opened it when is kept."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel, Field
from sqlalchemy import LargeBinary
from sqlmodel import Field as Column
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access.callers import Caller, Role
from chassis.access.visibility import check_may_see, hidden_among
from chassis.base.fields import new_id
from chassis.base.problems import NotFound, responses
from chassis.base.settings import Settings
from chassis.command import Command, commanded_by
from chassis.db.columns import Shared, texts
from chassis.db.database import Base, moment
from chassis.events.directory_replica import has_ended
from chassis.events.event import Event
from chassis.web.idempotency import WITHOUT_KEY
from chassis.web.pages import Ended, new_token, token_hash
from chassis.web.routes import Routes

AGENCY = "agency"
NOBODY = Caller("nobody", frozenset())


class PaperSettings(Settings):
    """The settings of a service that gives papers to people."""

    paper_link_days: int = Field(
        default=60, ge=1, le=366, description="Days for which the link to a paper works that somebody was sent."
    )


class PaperLinkBase(Shared):
    """A paper that somebody was given, by a link of their own."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    reference: str
    paper: str = Column(description="Which paper it is: `record` or `outline_plan`.")
    name: str
    role: str = Column(description="The role in which it was given to them.")
    email: str
    sent_by: str = Column(description="The colleague who gave it to them.")
    sent_at: datetime = moment()
    expires_on: date = Column(description="The last day on which the link works.")
    revoked_at: datetime | None = moment(nullable=True, description="When the link was stopped.")


class PaperLink(PaperLinkBase, Base, table=True):
    """A paper that somebody was given; the token of its link is made when its email is written.

    `for_restricted` if one of the children was restricted then: whoever gave it to them could see the record.
    """

    person_ids: list[str] = texts()
    agency_id: str | None = None
    for_restricted: bool = False
    token_hash: bytes | None = Column(default=None, sa_type=LargeBinary)


class PaperOpening(Base, table=True):
    """That a paper was opened by its link."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    link_id: UUID
    at: datetime = moment()
    form: str


class PaperOpeningOut(BaseModel):
    """That the paper was opened by its link."""

    at: datetime = Field(description="When it was opened.")
    form: str = Field(description="The form in which it was opened: `html` or `pdf`.")


class PaperLinkOut(PaperLinkBase):
    """A paper that somebody was given by a link, and when they opened it."""

    openings: list[PaperOpeningOut] = Field(description="When it was opened, and in which form, oldest first.")


@dataclass(frozen=True)
class Recipient:
    """Somebody who is given a paper, in a role; whoever is of an agency is given it for as long as that goes on."""

    name: str
    role: str
    email: str
    agency_id: str | None = None


class PaperLinkRequested(Event):
    """The link to a paper is to be sent to the person whom the paper is for."""

    type = "paper_link.requested"
    about = "link_id"

    link_id: UUID
    reference: str


class IssuedPaperLinkOut(BaseModel):
    """A link for its email. The path is shown once; it is null where the link works no more."""

    reference: str
    paper: str
    email: str
    person_ids: list[str]
    expires_on: date
    path: str | None


async def distribute(
    command: Command, reference: str, paper: str, person_ids: Sequence[str], recipients: Sequence[Recipient]
) -> list[PaperLinkOut]:
    """Have each recipient sent a link to a paper; whoever calls has checked that it is theirs to give."""
    links = [
        PaperLink(
            reference=reference,
            paper=paper,
            **asdict(recipient),
            sent_by=command.caller.subject,
            sent_at=command.now,
            expires_on=_last_day(command),
            person_ids=[*person_ids],
            for_restricted=await _has_restricted(command, person_ids),
        )
        for recipient in recipients
    ]
    command.session.add_all(links)
    for link in links:
        command.publish(PaperLinkRequested(link_id=link.id, reference=reference))
    await command.audit("distribute_paper", person_ids, reference)
    return [paper_link_out(link) for link in links]


async def _has_restricted(command: Command, person_ids: Sequence[str]) -> bool:
    return bool(await hidden_among(replace(command, caller=NOBODY), person_ids))


async def ended(command: Command, link: PaperLink) -> Ended | None:
    """Why a link opens its paper no more, if so.

    It is stopped once it was revoked, once its agency has ended, or if a child was restricted since: then somebody
    who may see the record has to give the paper again.
    """
    if link.revoked_at is not None:
        return Ended.STOPPED
    if link.agency_id is not None and await has_ended(command.session, AGENCY, link.agency_id, command.today):
        return Ended.STOPPED
    if not link.for_restricted and await _has_restricted(command, link.person_ids):
        return Ended.STOPPED
    return Ended.EXPIRED if command.today > link.expires_on else None


async def link_of_token(session: AsyncSession, token: str, *, locked: bool = False) -> PaperLink | None:
    """The link of a token, whether or not it still works."""
    query = select(PaperLink).where(col(PaperLink.token_hash) == token_hash(token))
    return (await session.exec(query.with_for_update() if locked else query)).first()


async def request_new_link(command: Command, token: str) -> None:
    """Have a new link to a paper sent to the address that had it, if this one has expired; it is known no more."""
    link = await link_of_token(command.session, token, locked=True)
    if link is None or await ended(command, link) is not Ended.EXPIRED:
        return
    link.expires_on, link.token_hash = _last_day(command), None
    command.publish(PaperLinkRequested(link_id=link.id, reference=link.reference))
    await command.audit("renew_paper", link.person_ids, link.reference)


def _last_day(command: Command) -> date:
    """The last day of a link that is sent today."""
    assert isinstance(command.process.settings, PaperSettings)
    return command.today + timedelta(days=command.process.settings.paper_link_days)


async def papers_given(command: Command, reference: str) -> list[PaperLinkOut]:
    """To whom the papers of a meeting were given, newest first; nothing of what the caller may not see."""
    query = select(PaperLink).where(col(PaperLink.reference) == reference).order_by(col(PaperLink.id).desc())
    links = (await command.session.exec(query)).all()
    for link in links:
        await check_may_see(command, link.person_ids)
    opened = select(PaperOpening).where(col(PaperOpening.link_id).in_([link.id for link in links]))
    openings = (await command.session.exec(opened.order_by(col(PaperOpening.id)))).all()
    if links:
        await command.audit("list_papers", links[0].person_ids, reference, command.caller.why)
    return [paper_link_out(link, [opening for opening in openings if opening.link_id == link.id]) for link in links]


def paper_link_out(link: PaperLink, openings: Sequence[PaperOpening] = ()) -> PaperLinkOut:
    """A paper that somebody was given, as it is answered."""
    shown = [PaperOpeningOut(at=opening.at, form=opening.form) for opening in openings]
    return PaperLinkOut(**link.model_dump(include={*PaperLinkBase.model_fields}), openings=shown)


async def revoke_link(command: Command, link_id: UUID) -> None:
    """Make a link stop working; doing it again changes nothing."""
    link = await command.session.get(PaperLink, link_id, with_for_update=True)
    if link is None:
        raise NotFound
    await check_may_see(command, link.person_ids)
    if link.revoked_at is None:
        link.revoked_at = command.now
        await command.audit("revoke_paper", link.person_ids, link.reference)


def issuing(pages: str) -> Routes:
    """The endpoint from which the notifications service has a link for its email; its page is below `pages`."""
    routes = Routes(prefix="/internal", tags=["administration"])

    @routes.post(
        "/paper-links/{link_id}/issue", dependencies=[WITHOUT_KEY], status_code=201, responses=responses(NotFound)
    )
    async def issue_paper_link(
        link_id: Annotated[UUID, Path(description="The link's identifier.")],
        command: Annotated[Command, commanded_by(Role.SERVICE)],
    ) -> IssuedPaperLinkOut:
        """Make the link to a paper. Its path is shown once, for its email; what was made before works no more."""
        link = await command.session.get(PaperLink, link_id, with_for_update=True)
        if link is None:
            raise NotFound
        path = None
        if await ended(command, link) is None:
            token = new_token()
            link.token_hash, path = token_hash(token), f"{pages}/{token}"
        return IssuedPaperLinkOut(**link.model_dump(include={*IssuedPaperLinkOut.model_fields}), path=path)

    return routes
