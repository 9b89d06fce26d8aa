"""A restriction that comes or goes later: what is kept about a child's conferences and plans follows the child."""

from sqlalchemy import ARRAY, Text, bindparam, exists, func, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.conferences.tables import Child, ChildConference, Conference, Invitation, Proposal, ProtectionPlan

# What is loaded already is not looked at again in this request.
BARE = {"synchronize_session": False}


async def follow_restriction(session: AsyncSession, child: Child) -> None:
    """Restrict, or open, what repeats it of this child; a meeting is restricted as long as one of its children is."""
    await session.flush()
    parts = update(ChildConference).where(col(ChildConference.person_id) == child.person_id)
    await session.exec(parts.values(restricted=child.restricted), execution_options=BARE)
    plans = update(ProtectionPlan).where(col(ProtectionPlan.person_id) == child.person_id)
    counted = {"restricted": child.restricted, "version": col(ProtectionPlan.version) + 1}
    await session.exec(plans.values(counted), execution_options=BARE)
    about = bindparam("about", [child.person_id], type_=ARRAY(Text))
    concerned = col(Conference.person_ids).contains(about)
    is_restricted = exists().where(
        col(Child.person_id) == func.any(col(Conference.person_ids)), col(Child.restricted).is_(True)
    )
    meetings = update(Conference).where(concerned, col(Conference.restricted) != is_restricted)
    changed = {"restricted": is_restricted, "version": col(Conference.version) + 1}
    await session.exec(meetings.values(changed), execution_options=BARE)
    for table in (Invitation, Proposal):
        of_meeting = col(table.conference_id) == col(Conference.id)
        rows = update(table).where(of_meeting, concerned, col(table.restricted) != col(Conference.restricted))
        repeated = {"restricted": col(Conference.restricted), "version": col(table.version) + 1}
        await session.exec(rows.values(repeated), execution_options=BARE)
