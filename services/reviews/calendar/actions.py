"""Secret addresses from which a chair's calendar reads their diary."""

from datetime import date
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access.callers import Role
from chassis.base.problems import Forbidden, NotFound
from chassis.command import Command
from chassis.events.directory_replica import has_ended
from chassis.web.pages import new_token, token_hash
from services.reviews.calendar.models import DiaryFeed
from services.reviews.children.cases import COLLEAGUE

# They see and revoke everybody's addresses.
KEEPERS = (Role.TEAM_MANAGER, Role.ADMINISTRATOR)


async def create_diary_feed(command: Command) -> tuple[DiaryFeed, str]:
    """Create an address for the caller's own diary; its token is shown once and not kept."""
    token = new_token()
    feed = DiaryFeed(token_hash=token_hash(token), chair_id=command.caller.subject, created_at=command.now)
    command.session.add(feed)
    await command.session.flush()
    await command.audit("create_diary_feed", [], f"{feed.id} of {feed.chair_id}")
    return feed, token


async def revoke_diary_feed(command: Command, feed_id: UUID) -> None:
    """Stop an address working: the caller's own, or anybody's for managers and administrators."""
    feed = await command.session.get(DiaryFeed, feed_id, with_for_update=True)
    own = feed is not None and feed.chair_id == command.caller.subject
    if feed is None or not (own or command.caller.is_any(*KEEPERS)):
        raise NotFound
    if feed.revoked_at is None:
        feed.revoked_at = command.now
        await command.audit("revoke_diary_feed", [], f"{feed.id} of {feed.chair_id}")


async def feeds(command: Command, chair_id: str | None) -> list[DiaryFeed]:
    """The addresses of one diary, or of all diaries for managers who name none, newest first."""
    everybodys = command.caller.is_any(*KEEPERS)
    if chair_id not in {None, command.caller.subject} and not everybodys:
        raise Forbidden
    query = select(DiaryFeed).order_by(col(DiaryFeed.id).desc())
    if chair_id is not None or not everybodys:
        query = query.where(col(DiaryFeed.chair_id) == (chair_id or command.caller.subject))
    return list((await command.session.exec(query)).all())


async def chair_of_feed(session: AsyncSession, token: str, today: date) -> str | None:
    """The chair whose diary a token shows, unless it was revoked or the chair has left."""
    query = select(DiaryFeed).where(col(DiaryFeed.token_hash) == token_hash(token), col(DiaryFeed.revoked_at).is_(None))
    feed = (await session.exec(query)).first()
    if feed is None or await has_ended(session, COLLEAGUE, feed.chair_id, today):
        return None
    if feed.last_used_on != today:
        used = update(DiaryFeed).where(col(DiaryFeed.id) == feed.id).values(last_used_on=today)
        await session.exec(used)
    return feed.chair_id
