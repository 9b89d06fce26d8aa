"""Children with all that decides what is due for them, locked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access.visibility import check_may_see, hidden_among
from chassis.base.problems import NotFound, refuse
from chassis.children.models import Child
from chassis.command import Command
from chassis.law.timescales import midpoint
from chassis.law.violations import Violation
from services.conferences.checks.models import PlanCheck, TwelveMonthDiscussion
from services.conferences.children.models import Protection
from services.conferences.children.replica import protections
from services.conferences.core_groups.models import CoreGroup
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.meetings.models import ChildConference
from services.conferences.plans.models import ProtectionPlan
from services.conferences.rules.conferences import ConferenceDue, Requested, conference_due
from services.conferences.rules.plans import Spell, childhood_over_on
from services.conferences.rules.timescales import Practice
from services.conferences.rules.vocabulary import INITIAL_KINDS, PlanEnd, RequestKind
from services.conferences.settings import settings_of

COLLEAGUE, AREA, AGENCY, REVIEW = "colleague", "area", "agency", "review"


class Midway(NamedTuple):
    """The conference that a midway check belongs to, and when the check halfway to the next was due."""

    reference: str
    due_on: date


@dataclass
class Case:
    """A child, what conferences know of them, and what asks for a conference.

    With their plans in order, their parts in conferences, and what was seen to.

    `checks_done` are kinds of checks with the conference that they belong to; `discussed` plans with a
    12-month discussion.
    """

    child: Child
    protection: Protection
    requests: list[ConferenceRequest] = field(default_factory=list)
    plans: list[ProtectionPlan] = field(default_factory=list)
    parts: list[ChildConference] = field(default_factory=list)
    core_groups: list[CoreGroup] = field(default_factory=list)
    checks_done: set[tuple[str, str]] = field(default_factory=set)
    discussed: set[UUID] = field(default_factory=set)

    @property
    def person_id(self) -> str:
        """The child's person number."""
        return self.protection.person_id

    def plan(self) -> ProtectionPlan | None:
        """The plan that runs."""
        return self.plans[-1] if self.plans and self.plans[-1].ends_on is None else None

    def plan_on(self, day: date) -> ProtectionPlan | None:
        """The plan that ran on a day."""
        ran = (plan for plan in self.plans if plan.starts_on <= day and (plan.ends_on is None or day < plan.ends_on))
        return next(ran, None)

    def spells(self) -> list[Spell]:
        """The plans as the rules see them."""
        return [Spell(plan.starts_on, plan.ends_on) for plan in self.plans]

    def waiting(self) -> ConferenceRequest | None:
        """What asks for a conference and has not had one: the one that is due first."""
        open_ones = [
            request
            for request in self.requests
            if request.event_on is not None and request.answered_on is None and not request.conference_not_required
        ]
        return min(open_ones, key=lambda request: (request.due_on or date.max, request.request_id), default=None)

    def held_for(self, plan: ProtectionPlan) -> list[ChildConference]:
        """The conferences that were held about a plan, the one that made it included, in order."""
        held = [part for part in self.parts if part.held_on is not None and part.plan_id == plan.id]
        return sorted(held, key=lambda part: part.held_on or date.min)

    def midway_by(self, plan: ProtectionPlan, day: date, practice: Practice) -> Midway | None:
        """What a midway check on a day belongs to: the last conference that was held by then, if any was."""
        held = [part for part in self.held_for(plan) if part.held_on is not None and part.held_on <= day]
        reviewed = [reviewed_on for reviewed_on in self.reviewed(plan) if reviewed_on <= day]
        due = conference_due(None, plan.starts_on, reviewed, practice)
        if not held or due is None:
            return None
        return Midway(held[-1].reference, midpoint(held[-1].held_on or plan.starts_on, due.due_on))

    def due(self, practice: Practice) -> ConferenceDue | None:
        """Which conference is due next."""
        plan, request = self.plan(), self.waiting()
        requested = None
        if request is not None and request.event_on is not None:
            requested = Requested(RequestKind(request.kind), request.event_on)
        started_on = None if plan is None else plan.starts_on
        return conference_due(requested, started_on, self.reviewed(plan) if plan else [], practice)

    def over_on(self) -> date | None:
        """The date from which the child cannot be on a plan, whatever is recorded."""
        return childhood_over_on(self.child.born_on, self.died_on())

    def died_on(self) -> date | None:
        """When the child died: as the children service says, or else as the end of a plan does."""
        ended = (plan.ends_on for plan in self.plans if plan.end_reason == PlanEnd.DEATH)
        return self.child.died_on or next(ended, None)

    def next_due_on(self, practice: Practice) -> date | None:
        """Until when the next conference is due; none is due once childhood is over."""
        return self.in_childhood(self.due(practice))

    def in_childhood(self, due: ConferenceDue | None) -> date | None:
        """Until when a conference is due, if childhood is not over before."""
        over_on = self.over_on()
        return None if due is None or (over_on is not None and over_on <= due.due_on) else due.due_on

    def reviewed(self, plan: ProtectionPlan) -> list[date]:
        """When a plan was reviewed, as far as it is known."""
        reviews = [part.held_on for part in self.held_for(plan) if part.kind not in INITIAL_KINDS]
        return [day for day in (plan.reviewed_before_on, *reviews) if day is not None]

    def plan_of(self, part: ChildConference) -> ProtectionPlan | None:
        """The plan that a conference was about, or made."""
        return next((plan for plan in self.plans if plan.id == part.plan_id), None)

    def after(self, part: ChildConference) -> list[ChildConference]:
        """The conferences held after this part's, or planned."""
        others = [other for other in self.parts if other.id != part.id and not other.cancelled]
        return [other for other in others if other.held_on is None or (part.held_on and other.held_on > part.held_on)]

    def in_hand(self) -> ChildConference | None:
        """The conference that is planned."""
        return next((part for part in self.parts if part.held_on is None and not part.cancelled), None)


def practice_of(command: Command) -> Practice:
    """What varies from council to council, as this one's settings say."""
    return settings_of(command.process).practice()


def managing(child: Child) -> set[str | None]:
    """Who works on a child's case or manages it, and so does not chair for them."""
    return {child.social_worker_id, child.supervisor_id, child.manager_id} - {None}


async def locked_cases(command: Command, person_ids: Sequence[str], field: str = "person_ids.{number}") -> list[Case]:
    """The cases of children, locked, in the order asked for.

    `Invalid` names the field of a child who is not known, or whose record the caller may not see.
    """
    rows = await protections(command, person_ids)
    hidden = await hidden_among(command, person_ids)
    refuse(
        Violation(field.format(number=number), "known_child", "There is no such child, or you cannot see the record.")
        for number, person_id in enumerate(person_ids)
        if person_id in hidden or person_id not in rows
    )
    cases = await cases_of(command.session, [rows[person_id] for person_id in person_ids])
    refuse(
        Violation(field.format(number=number), "merged", f"This number was merged into {case.child.merged_into}.")
        for number, case in enumerate(cases)
        if case.child.merged_into is not None
    )
    return cases


async def locked_case(command: Command, person_id: str) -> Case:
    """The case of one child; `NotFound` where there is none that the caller may see."""
    rows = await protections(command, [person_id])
    if not rows:
        raise NotFound
    await check_may_see(command, [person_id])
    return (await cases_of(command.session, list(rows.values())))[0]


async def cases_of(session: AsyncSession, protections: Sequence[Protection]) -> list[Case]:
    """The cases of these children."""
    numbers = [protection.person_id for protection in protections]
    # Who a child is may have changed while a lock was waited for.
    query = select(Child).where(col(Child.person_id).in_(numbers)).execution_options(populate_existing=True)
    children = {child.person_id: child for child in (await session.exec(query)).all()}
    cases = {row.person_id: Case(children[row.person_id], row) for row in protections}
    requests = select(ConferenceRequest).where(
        col(ConferenceRequest.person_id).in_(cases), col(ConferenceRequest.answered_on).is_(None)
    )
    for request in (await session.exec(requests)).all():
        cases[request.person_id].requests.append(request)
    plans = select(ProtectionPlan).where(col(ProtectionPlan.person_id).in_(cases))
    for plan in (await session.exec(plans.order_by(col(ProtectionPlan.starts_on)))).all():
        cases[plan.person_id].plans.append(plan)
    parts = select(ChildConference).where(col(ChildConference.person_id).in_(cases))
    for part in (await session.exec(parts.order_by(col(ChildConference.id)))).all():
        cases[part.person_id].parts.append(part)
    groups = select(CoreGroup).where(col(CoreGroup.person_id).in_(cases))
    for group in (await session.exec(groups.order_by(col(CoreGroup.id)))).all():
        cases[group.person_id].core_groups.append(group)
    # What is written in checks and discussions is long, and decides nothing.
    checks = select(PlanCheck.person_id, PlanCheck.kind, PlanCheck.reference)
    for person_id, kind, reference in (await session.exec(checks.where(col(PlanCheck.person_id).in_(cases)))).all():
        cases[person_id].checks_done.add((kind, reference))
    discussions = select(TwelveMonthDiscussion.person_id, TwelveMonthDiscussion.plan_id).where(
        col(TwelveMonthDiscussion.person_id).in_(cases)
    )
    for person_id, plan_id in (await session.exec(discussions)).all():
        cases[person_id].discussed.add(plan_id)
    return list(cases.values())
