"""Two person numbers of one child: what is about the one moves to the other, and back if that was a mistake."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.children.merging import begin_merge, begin_undoing, rename, rows_of_several
from chassis.command import Command
from chassis.papers.distribution import PaperLink
from services.conferences.chairs.models import Allocation
from services.conferences.checks.models import PlanCheck, TwelveMonthDiscussion
from services.conferences.children.cases import cases_of
from services.conferences.children.deadlines import refresh
from services.conferences.children.models import Deadline, MovedByMerge, Protection, Voided
from services.conferences.children.replica import protections
from services.conferences.contributions.models import Invitation
from services.conferences.core_groups.models import CoreGroup
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.feedback.models import Feedback
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.plans.models import ProtectionPlan
from services.conferences.proposals.models import Proposal

# Tables, each with what a row belongs to: what belongs to a plan or a conference that stays, stays.
OF_PLANS: dict[Any, Any] = {ProtectionPlan: ProtectionPlan.id, TwelveMonthDiscussion: TwelveMonthDiscussion.plan_id}
OF_CONFERENCES: dict[Any, Any] = {
    ConferenceRequest: ConferenceRequest.conference_reference,
    ChildConference: ChildConference.reference,
    CoreGroup: CoreGroup.reference,
    PlanCheck: PlanCheck.reference,
    Deadline: Deadline.conference_reference,
}
OF_SEVERAL: dict[Any, Any] = {
    Conference: Conference.reference,
    Invitation: Invitation.reference,
    Proposal: Proposal.reference,
    Feedback: Feedback.reference,
    PaperLink: PaperLink.reference,
}
TABLES = (Allocation, *OF_PLANS, *OF_CONFERENCES, *OF_SEVERAL, Voided)


async def obstacles(session: AsyncSession, here: str, there: str) -> list[str]:
    """The conferences by which two numbers cannot be one child's: about both, or about plans that overlap."""
    _, references = await _staying(session, here, there)
    return references


async def merge(command: Command, merge_id: UUID, here: str, there: str) -> None:
    """Move what is about one number to another one, once; what was moved is kept, so that it can be undone.

    Plans that overlap one of the other number's stay, with their conferences: a merge is refused because of them, and
    one may be made at that very moment.
    """
    session = command.session
    kept = await begin_merge(session, MovedByMerge, merge_id)
    if kept is None or await session.get(Protection, here) is None:
        return
    rows = await protections(command, [here, there])
    gone, stays = rows[here], rows[there]
    kept.chair_id, kept.into_chair_id = gone.chair_id, stays.chair_id
    # A chair's time is over before it moves: of two present chairs that of the number that stays counts.
    gone.chair_id = None
    await session.flush()
    moved = await _moving(session, here, there)
    kept.moved = {table.__tablename__: [str(row_id) for row_id in ids] for table, ids in moved.items()}
    for table, ids in moved.items():
        await rename(session, table, ids, here, there)
    stays.chair_id = stays.chair_id or kept.chair_id
    stays.advocacy_opted_out_on = stays.advocacy_opted_out_on or gone.advocacy_opted_out_on
    await _stand_again(command, [here, there])
    await command.audit("follow_merge", [here, there], f"{here} into {there}")


async def undo_merge(command: Command, merge_id: UUID, here: str, there: str) -> None:
    """Return what a merge moved to the number that it was about, once."""
    kept = await begin_undoing(command.session, MovedByMerge, merge_id)
    if kept is None or not kept.moved:
        return
    rows = await protections(command, [here, there])
    for table in TABLES:
        await rename(command.session, table, [UUID(row) for row in kept.moved[table.__tablename__]], there, here)
    rows[here].chair_id = kept.chair_id
    if rows[there].chair_id == kept.chair_id:
        rows[there].chair_id = kept.into_chair_id
    await _stand_again(command, [here, there])
    await command.audit("follow_undone_merge", [here, there], f"{here} from {there}")


async def _moving(session: AsyncSession, here: str, there: str) -> dict[Any, list[UUID]]:
    """The rows that follow a merge, by table."""
    plans, references = await _staying(session, here, there)
    chaired = await session.exec(select(Allocation.id).where(col(Allocation.person_id) == here))
    moving: dict[Any, list[UUID]] = {Allocation: list(chaired.all())}
    for tables, staying in ((OF_PLANS, plans), (OF_CONFERENCES, references)):
        for table, belongs_to in tables.items():
            query = select(table.id).where(
                table.person_id == here, func.coalesce(col(belongs_to).in_(staying), False).is_(False)
            )
            moving[table] = list((await session.exec(query)).all())
    for table, belongs_to in OF_SEVERAL.items():
        moving[table] = await rows_of_several(session, table, here, there, col(belongs_to).not_in(references))
    moving[Voided] = await rows_of_several(session, Voided, here, there)
    return moving


async def _staying(session: AsyncSession, here: str, there: str) -> tuple[list[UUID], list[str]]:
    """The plans of one number that overlap those of the other one; the conferences about them, or about both."""
    query = select(ProtectionPlan).where(col(ProtectionPlan.person_id).in_([here, there]))
    plans = (await session.exec(query)).all()
    others = [plan for plan in plans if plan.person_id == there]
    overlapping = [
        plan.id for plan in plans if plan.person_id == here and any(_overlap(plan, other) for other in others)
    ]
    of_plans = select(ChildConference.reference).where(
        col(ChildConference.person_id) == here, col(ChildConference.plan_id).in_(overlapping)
    )
    of_both = select(Conference.reference).where(col(Conference.person_ids).contains([here, there]))
    references = {*(await session.exec(of_plans)).all(), *(await session.exec(of_both)).all()}
    return overlapping, sorted(references)


def _overlap(plan: ProtectionPlan, other: ProtectionPlan) -> bool:
    return plan.starts_on <= (other.ends_on or date.max) and other.starts_on <= (plan.ends_on or date.max)


async def _stand_again(command: Command, person_ids: Sequence[str]) -> None:
    """Write down what follows for both numbers from the rows that are theirs now: the plan, and what is due."""
    await command.session.flush()
    command.session.expunge_all()
    rows = await protections(command, person_ids)
    cases = await cases_of(command.session, list(rows.values()))
    for case in cases:
        plan, row = case.plan(), case.protection
        row.plan_since, row.category = (plan.starts_on, plan.latest_category) if plan else (None, None)
        row.version += 1
    await refresh(command, cases)
