"""Answer links: each lets its holder answer one officer's escalations of one quarter, and nothing else."""

from datetime import date
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.problems import Conflict, Invalid, NotFound
from chassis.command import Command
from chassis.db.database import advisory_lock
from chassis.events.directory_replica import NamedEntry, check_names, has_ended
from chassis.web.pages import new_token, token_hash
from services.escalations.answers.models import AnswerLink
from services.escalations.answers.schemas import AnswerLinkIn
from services.escalations.escalations.models import Escalation
from services.escalations.events import AnswerLinkRequested
from services.escalations.rules import COLLEAGUE


class NoSuchEscalations(Conflict):
    """A link is made for escalations that exist."""


async def create_answer_link(command: Command, wanted: AnswerLinkIn) -> tuple[AnswerLink, str]:
    """A new link and its token, which is not kept; the officer's earlier links for that quarter stop working."""
    await check_names(command, [NamedEntry("colleague_id", COLLEAGUE, wanted.colleague_id)])
    if wanted.expires_on < command.today:
        raise Invalid.field("expires_on", "not_in_the_past", "This day is in the past.")
    # Of two links made at the same time, the later one replaces the other.
    await advisory_lock(command.session, f"answer link {wanted.colleague_id} {wanted.period}")
    known = select(Escalation.reference).where(col(Escalation.reference).in_(wanted.references))
    if missing := sorted(set(wanted.references) - set((await command.session.exec(known)).all())):
        raise NoSuchEscalations(references=missing)
    earlier = update(AnswerLink).where(
        col(AnswerLink.colleague_id) == wanted.colleague_id,
        col(AnswerLink.period) == wanted.period,
        col(AnswerLink.superseded_at).is_(None),
    )
    await command.session.exec(earlier.values(superseded_at=command.now))
    token = new_token()
    link = AnswerLink(
        **wanted.model_dump(exclude={"references"}),
        references=sorted(wanted.references),
        token_hash=token_hash(token),
        created_at=command.now,
    )
    command.session.add(link)
    await command.session.flush()
    return link, token


async def revoke_answer_link(command: Command, link_id: UUID) -> AnswerLink:
    """Make a link stop working; doing it again changes nothing."""
    link = await command.session.get(AnswerLink, link_id, with_for_update=True)
    if link is None:
        raise NotFound
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = command.now, command.caller.subject
        await command.audit("revoke_answer_link", [], f"{link.id} of {link.colleague_id}")
    return link


async def can_be_used(session: AsyncSession, link: AnswerLink, today: date) -> bool:
    """Whether a link can be used today: it was not replaced or revoked, and its officer has not left."""
    if link.superseded_at is not None or link.revoked_at is not None or today > link.expires_on:
        return False
    return not await has_ended(session, COLLEAGUE, link.colleague_id, today)


async def link_of_token(session: AsyncSession, token: str) -> AnswerLink | None:
    """The link of a token, whether or not it still works."""
    query = select(AnswerLink).where(col(AnswerLink.token_hash) == token_hash(token))
    return (await session.exec(query)).first()


async def request_new_link(command: Command, token: str) -> None:
    """Have a new link sent to the address on file, if there is a link with this token and it was not revoked.

    An officer who has left is sent nothing.
    """
    link = await link_of_token(command.session, token)
    if link is None or link.revoked_at is not None:
        return
    latest = await _latest(command.session, link)
    if latest.revoked_at is None and not await has_ended(command.session, COLLEAGUE, link.colleague_id, command.today):
        command.publish(_requested(link, latest.references))


async def replace_links(command: Command, colleague_id: str, version: int) -> None:
    """Replace an officer's links with new ones, because their address was corrected.

    `version` is that of the colleague with the new address.
    """
    live = select(AnswerLink).where(
        col(AnswerLink.colleague_id) == colleague_id,
        col(AnswerLink.superseded_at).is_(None),
        col(AnswerLink.revoked_at).is_(None),
        col(AnswerLink.expires_on) >= command.today,
    )
    for link in (await command.session.exec(live.with_for_update())).all():
        link.superseded_at = command.now
        command.publish(_requested(link, link.references, version))


async def _latest(session: AsyncSession, link: AnswerLink) -> AnswerLink:
    """The officer's latest link for the same quarter."""
    same = select(AnswerLink).where(
        col(AnswerLink.colleague_id) == link.colleague_id, col(AnswerLink.period) == link.period
    )
    return (await session.exec(same.order_by(col(AnswerLink.created_at).desc()).limit(1))).one()


def _requested(link: AnswerLink, references: list[str], corrected: int | None = None) -> AnswerLinkRequested:
    return AnswerLinkRequested(
        answer_link_id=link.id,
        colleague_id=link.colleague_id,
        period=link.period,
        references=references,
        corrected=corrected,
    )
