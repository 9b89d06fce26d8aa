"""Secret addresses from which a chair's calendar reads their diary."""

from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.acting import Acting
from chassis.callers import Role
from chassis.links import new_token, token_hash
from chassis.problems import NotFound
from services.reviews.tables import DiaryFeed


async def create_diary_feed(act: Acting) -> tuple[DiaryFeed, str]:
    """A new address for the caller's own diary; its token is told this once and kept nowhere."""
    token = new_token()
    feed = DiaryFeed(token_hash=token_hash(token), chair_id=act.caller.subject, created_at=act.now)
    act.session.add(feed)
    await act.session.flush()
    await act.audit("create_diary_feed", [], f"{feed.id} of {feed.chair_id}")
    return feed, token


async def revoke_diary_feed(act: Acting, feed_id: UUID) -> None:
    """Make an address stop working: one's own, or for a manager anybody's."""
    feed = await act.session.get(DiaryFeed, feed_id, with_for_update=True)
    own = feed is not None and feed.chair_id == act.caller.subject
    if feed is None or not (own or act.caller.is_any(Role.TEAM_MANAGER, Role.ADMINISTRATOR)):
        raise NotFound
    if feed.revoked_at is None:
        feed.revoked_at = act.now
        await act.audit("revoke_diary_feed", [], f"{feed.id} of {feed.chair_id}")


async def chair_of_feed(session: AsyncSession, token: str) -> str | None:
    """Whose diary a token shows, if it works."""
    query = select(DiaryFeed).where(col(DiaryFeed.token_hash) == token_hash(token), col(DiaryFeed.revoked_at).is_(None))
    feed = (await session.exec(query)).first()
    return None if feed is None else feed.chair_id
