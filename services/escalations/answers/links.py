"""Answer links: each lets its holder answer one officer's escalations of one quarter, and nothing else.

All links of an officer for a quarter show the same and work until the last of them expires, so that a reminder ends
none of them. A link is shared for one practice or team by making another, which works no longer than its own.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.problems import Conflict, Invalid, NotFound
from chassis.command import Command
from chassis.db.database import advisory_lock
from chassis.events.directory_replica import NamedEntry, check_names, has_ended
from chassis.web.pages import Ended, new_token, token_hash
from services.escalations.answers.models import AnswerLink
from services.escalations.answers.schemas import AnswerLinkIn
from services.escalations.escalations.models import Escalation
from services.escalations.events import AnswerLinkRequested
from services.escalations.rules import CLOSED, COLLEAGUE


class NoSuchEscalations(Conflict):
    """A link is made for escalations that exist."""


async def create_answer_link(command: Command, wanted: AnswerLinkIn) -> tuple[AnswerLink, str]:
    """A new link and its token, which is not kept. It also holds what earlier links for the quarter were made for.

    From now on this officer is responsible for the escalations that are wanted, and nobody else sees them.
    """
    await check_names(command, [NamedEntry("colleague_id", COLLEAGUE, wanted.colleague_id)])
    if wanted.expires_on < command.today:
        raise Invalid.field("expires_on", "not_in_the_past", "This day is in the past.")
    # Of two links made at the same time, the later one holds what both were made for.
    await advisory_lock(command.session, f"answer link {wanted.colleague_id} {wanted.period}")
    known = select(Escalation.reference).where(col(Escalation.reference).in_(wanted.references))
    if missing := sorted(set(wanted.references) - set((await command.session.exec(known)).all())):
        raise NoSuchEscalations(references=missing)
    earlier = await _latest(command.session, wanted.colleague_id, wanted.period)
    link, token = _new_link(
        command,
        colleague_id=wanted.colleague_id,
        period=wanted.period,
        references=sorted({*wanted.references, *(earlier.references if earlier else ())}),
        expires_on=max(wanted.expires_on, earlier.expires_on) if earlier else wanted.expires_on,
    )
    await command.session.flush()
    await name_officer(command, wanted.references, wanted.colleague_id)
    return link, token


def _new_link(command: Command, **values: Any) -> tuple[AnswerLink, str]:
    token = new_token()
    link = AnswerLink(**values, token_hash=token_hash(token), created_at=command.now)
    command.session.add(link)
    return link, token


async def name_officer(command: Command, references: Sequence[str], officer_id: str | None) -> int:
    """Note who is responsible for open escalations from now on, None if nobody covers them; how many that changed."""
    other = update(Escalation).where(
        col(Escalation.reference).in_(references),
        col(Escalation.state).not_in(CLOSED),
        col(Escalation.officer_id).is_distinct_from(officer_id),
    )
    changed = other.values(officer_id=officer_id, version=col(Escalation.version) + 1)
    return len((await command.session.exec(changed.returning(col(Escalation.id)))).all())


async def share_link(command: Command, link: AnswerLink, unit: str) -> str:
    """The token of a new link for the escalations of one practice or team; the link's holder passes it on."""
    shared, token = _new_link(
        command,
        colleague_id=link.colleague_id,
        period=link.period,
        references=[],
        expires_on=link.expires_on,
        shared_from=link.id,
        unit=unit,
    )
    await command.session.flush()
    await command.audit("share_answer_link", [], f"{shared.id} of {link.colleague_id} for {unit}")
    return token


async def shared_links(session: AsyncSession, link: AnswerLink) -> list[AnswerLink]:
    """The links that were made from a link and still work, oldest first."""
    made = select(AnswerLink).where(col(AnswerLink.shared_from) == link.id, col(AnswerLink.revoked_at).is_(None))
    return list((await session.exec(made.order_by(col(AnswerLink.id)))).all())


async def stop_sharing(command: Command, link: AnswerLink, shared_id: UUID) -> None:
    """Make a link stop working that was made from this one; nothing happens if there is none."""
    if shared_id in {shared.id for shared in await shared_links(command.session, link)}:
        await revoke_answer_link(command, shared_id)


async def revoke_answer_link(command: Command, link_id: UUID) -> AnswerLink:
    """Make a link stop working; doing it again changes nothing."""
    link = await command.session.get(AnswerLink, link_id, with_for_update=True)
    if link is None:
        raise NotFound
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = command.now, command.caller.subject
        await command.audit("revoke_answer_link", [], f"{link.id} of {link.colleague_id}")
    return link


async def current_link(session: AsyncSession, link: AnswerLink, today: date) -> AnswerLink | None:
    """The officer's latest link for the same quarter: what it is for and when it ends goes for all of them.

    None if the link cannot be used today: it was replaced or revoked, its officer has left, or the latest one expired.
    A shared link works no longer than its own.
    """
    if link.superseded_at is not None or link.revoked_at is not None:
        return None
    if link.shared_from is not None:
        return await current_link(session, await session.get_one(AnswerLink, link.shared_from), today)
    latest = await _latest(session, link.colleague_id, link.period)
    if latest is None or today > latest.expires_on:
        return None
    return None if await has_ended(session, COLLEAGUE, link.colleague_id, today) else latest


async def link_of_token(session: AsyncSession, token: str) -> AnswerLink | None:
    """The link of a token, whether or not it still works."""
    query = select(AnswerLink).where(col(AnswerLink.token_hash) == token_hash(token))
    return (await session.exec(query)).first()


async def ended(session: AsyncSession, link: AnswerLink, today: date) -> Ended | None:
    """Why no new link is sent in place of this one, if so: it was revoked, its officer has left, or it was shared."""
    if link.revoked_at is not None or await has_ended(session, COLLEAGUE, link.colleague_id, today):
        return Ended.STOPPED
    if link.shared_from is None:
        return None
    return await ended(session, await session.get_one(AnswerLink, link.shared_from), today) or Ended.EXPIRED


async def request_new_link(command: Command, token: str) -> None:
    """Have a new link sent to the address on file, if there is a link with this token and it has not ended."""
    link = await link_of_token(command.session, token)
    if link is None or await ended(command.session, link, command.today) is not None:
        return
    latest = await _latest(command.session, link.colleague_id, link.period) or link
    command.publish(_requested(link, latest.references))


async def replace_links(command: Command, colleague_id: str, version: int) -> None:
    """Replace an officer's links with new ones, because their address was corrected.

    `version` is that of the colleague with the new address.
    """
    live = select(AnswerLink).where(
        col(AnswerLink.colleague_id) == colleague_id,
        col(AnswerLink.superseded_at).is_(None),
        col(AnswerLink.revoked_at).is_(None),
        col(AnswerLink.shared_from).is_(None),
        col(AnswerLink.expires_on) >= command.today,
    )
    ordered = live.order_by(col(AnswerLink.created_at)).with_for_update()
    latest = {}
    for link in (await command.session.exec(ordered)).all():
        link.superseded_at = command.now
        latest[link.period] = link
    for link in latest.values():
        command.publish(_requested(link, link.references, version))


async def _latest(session: AsyncSession, colleague_id: str, period: str) -> AnswerLink | None:
    """The officer's latest link for a quarter, which holds what the earlier ones were made for."""
    same = select(AnswerLink).where(
        col(AnswerLink.colleague_id) == colleague_id,
        col(AnswerLink.period) == period,
        col(AnswerLink.superseded_at).is_(None),
        col(AnswerLink.revoked_at).is_(None),
        col(AnswerLink.shared_from).is_(None),
    )
    return (await session.exec(same.order_by(col(AnswerLink.created_at).desc()).limit(1))).first()


def _requested(link: AnswerLink, references: list[str], corrected: int | None = None) -> AnswerLinkRequested:
    return AnswerLinkRequested(
        answer_link_id=link.id,
        colleague_id=link.colleague_id,
        period=link.period,
        references=references,
        corrected=corrected,
    )
