"""A child's past as it follows from censuses: what each conference was, and which plans began, went on and ended.

A census tells neither who chaired nor how a child took part, and of nothing before its first year.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from chassis.command import Command
from chassis.law.ages import adult_on, is_adult
from chassis.law.violations import Violation
from services.conferences.children.cases import Case, practice_of
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.imports.census_conferences import category_after, reviewed_before, told_conference
from services.conferences.imports.submitted_census import CensusMisfits, ReturnedChild, ReturnedPlan
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.meetings.schemas import ChildConferenceHeldIn
from services.conferences.plans.actions import end
from services.conferences.plans.models import ProtectionPlan
from services.conferences.rules.conferences import ConferenceDue, Requested, conference_due
from services.conferences.rules.plans import start_violation
from services.conferences.rules.vocabulary import Outcome, PlanEnd, RequestKind

ONE_DAY = timedelta(days=1)
# A plan that starts at most so long after a conference without a plan is taken for what that conference made.
SOON = timedelta(days=14)
# What happens to a child on one day, in this order.
REVIEW, END, BEGIN = 0, 1, 2


@dataclass
class Past:
    """A child's past as far as it is told: from `begun_on`, the first day of the first census, to that of `last_year`.

    `numbers` are references by year. `assumed` are the first days of plans of which not all is told.
    """

    command: Command
    child: ReturnedChild
    case: Case
    misfits: CensusMisfits
    begun_on: date
    last_year: int
    numbers: Mapping[int, Iterator[str]]
    conferences: list[Conference] = field(default_factory=list)
    parts: list[ChildConference] = field(default_factory=list)
    assumed: set[date] = field(default_factory=set)

    def leave_out(self, element: str, reason: str, year: int | None = None) -> None:
        """Note what does not fit."""
        self.misfits.add(year or self.child.year, self.child.number, element, reason)

    def note(self, element: str, reason: str, year: int | None = None) -> None:
        """Note what is taken otherwise than it was told."""
        self.misfits.note(year or self.child.year, self.child.number, element, reason)

    def tell(self, answered: Sequence[tuple[ConferenceRequest, date]]) -> None:
        """Go through all that happened, in the order in which it did; `answered` are enquiries with a conference."""
        happened: list[tuple[date, int, Callable[[], None]]] = []
        plans = {plan.starts_on: plan for plan in self.child.plans.values() if self._fits(plan)}
        for plan in plans.values():
            happened += self._life(plan)
        made = dict(plans)
        for request, held_on in answered:
            decided = made.pop(held_on, None) or self._soon_after(held_on, made)
            day = held_on if decided is None else decided.starts_on
            happened.append((day, BEGIN, partial(self._initial, day, request, decided)))
        told = {held_on for _, held_on in answered}
        for day in self.child.transferred_on - told:
            happened.append((day, BEGIN, partial(self._initial, day, None, made.pop(day, None))))
        for day, plan in made.items():
            happened.append((day, BEGIN, partial(self._unannounced, plan)))
        for *_, happen in sorted(happened, key=lambda event: event[:2]):
            happen()

    def _soon_after(self, held_on: date, plans: dict[date, ReturnedPlan]) -> ReturnedPlan | None:
        """The plan that a conference made, if it is told as starting some days later: that is when it was held."""
        day = min((starts_on for starts_on in plans if held_on < starts_on <= held_on + SOON), default=None)
        if day is None or day in self.child.transferred_on:
            return None
        self.note("CPPstartDate", f"The plan of {day} starts on the day of its conference, which is told of {held_on}.")
        return plans.pop(day)

    def _fits(self, plan: ReturnedPlan) -> bool:
        """Whether a plan can have been so; what cannot is left out."""
        is_death = plan.ends_on is not None and plan.ends_on == self.child.died_on
        earliest = plan.starts_on if is_death else plan.starts_on + ONE_DAY
        if plan.starts_on > self.command.today:
            self.leave_out("CPPstartDate", f"{plan.starts_on} has not come yet; the plan is left out.", plan.year)
            return False
        if plan.ends_on is not None and not earliest <= plan.ends_on <= self.command.today:
            reason = f"The plan of {plan.starts_on} ends on a day after it and not in the future; it is left out."
            self.leave_out("CPPendDate", reason, plan.year)
            return False
        if plan.ends_on is None and plan.year < self.last_year:
            reason = f"Later years tell nothing of the plan of {plan.starts_on}, which has no end: it runs on."
            self.note("CPPendDate", reason, plan.year)
        return True

    def _life(self, plan: ReturnedPlan) -> Iterator[tuple[date, int, Callable[[], None]]]:
        """What happens to a plan: its reviews, and its end where no review decided that."""
        latest = min(self.command.today, plan.ends_on or date.max)
        for day in sorted(plan.reviewed_on):
            if plan.starts_on < day <= latest:
                yield day, REVIEW, partial(self._review, plan, day)
            else:
                reason = f"{day} is not after the start of the plan of {plan.starts_on} and until its end; left out."
                self.leave_out("CPPreviewDate", reason, plan.year)
        if plan.ends_on is not None and plan.ends_on not in plan.reviewed_on:
            yield plan.ends_on, END, partial(self._end, plan)

    def _initial(self, day: date, request: ConferenceRequest | None, plan: ReturnedPlan | None) -> None:
        """A conference that made a plan, or none; without an enquiry it was because of a transfer."""
        if day > self.command.today or self.case.plan() is not None:
            self.leave_out("DateOfInitialCPC", f"{day} has not come yet, or the child was on a plan then; left out.")
            _ask_for_none(request)
            return
        # When another authority gave notice is not told: nobody is late by that.
        requested = Requested(RequestKind.TRANSFER_IN, day)
        if request is not None and request.event_on is not None:
            requested = Requested(RequestKind.SECTION_47_ENQUIRY, request.event_on)
        due = conference_due(requested, None, [], practice_of(self.command))
        assert due is not None
        if self._hold(due, day, plan, Outcome.PLAN_MADE if plan else Outcome.NOT_MADE, request):
            self._adopt(plan)
        else:
            _ask_for_none(request)
            if plan is not None:
                self._begin(plan)

    def _unannounced(self, plan: ReturnedPlan) -> None:
        """A plan of whose conference nothing is told: one is assumed, unless it was before the first census."""
        day = plan.starts_on
        self.assumed.add(day)
        due = conference_due(Requested(RequestKind.SECTION_47_ENQUIRY, day), None, [], practice_of(self.command))
        assert due is not None
        running = self.case.plan() is not None
        if day >= self.begun_on and not running and self._hold(due, day, plan, Outcome.PLAN_MADE, None):
            self._adopt(plan)
        else:
            self._begin(plan)

    def _begin(self, plan: ReturnedPlan) -> None:
        """A plan that begins without a conference that is known."""
        child, day = self.case.child, plan.starts_on
        if self.case.plan() is not None or start_violation(self.case.spells(), day) or is_adult(child.born_on, day):
            reason = f"The plan of {day} begins while another one runs, or at 18 years or over; it is left out."
            self.leave_out("CPPstartDate", reason, plan.year)
            return
        self.case.plans.append(
            ProtectionPlan(
                person_id=child.person_id,
                starts_on=day,
                initial_category=plan.initial,
                latest_category=plan.initial,
                previous_plans=len(self.case.plans),
                previous_ended_on=max((past.ends_on for past in self.case.plans if past.ends_on), default=None),
                area_id=child.area_id,
            )
        )
        self.case.protection.plan_since, self.case.protection.category = day, plan.initial
        self._adopt(plan)

    def _adopt(self, told: ReturnedPlan | None) -> None:
        """What a census says of a plan that began, besides."""
        self.case.protection.chair_id = None
        plan = self.case.plan()
        if told is None or plan is None:
            return
        if told.previous_plans is not None and told.previous_plans < plan.previous_plans:
            reason = f"There were {plan.previous_plans} plans before that of {plan.starts_on}."
            self.note("NumberOfPreviousCPP", reason, told.year)
        plan.imported, plan.chair_id = True, None
        plan.previous_plans = max(plan.previous_plans, told.previous_plans or 0)
        if plan.starts_on < self.begun_on:
            plan.reviewed_before_on = reviewed_before(told, self.begun_on, practice_of(self.command))
            self.assumed.add(plan.starts_on)

    def _running(self, told: ReturnedPlan) -> ProtectionPlan | None:
        plan = self.case.plan()
        return plan if plan is not None and plan.starts_on == told.starts_on else None

    def _review(self, told: ReturnedPlan, day: date) -> None:
        plan, due = self._running(told), self.case.due(practice_of(self.command))
        if plan is None or due is None:
            return
        outcome = Outcome.ENDED if day == told.ends_on else Outcome.CONTINUES
        category = category_after(told, day)
        plan.latest_category = category or plan.latest_category
        if self._hold(due, day, told, outcome, None):
            self.parts[-1].category = category
        elif outcome is Outcome.ENDED:
            self._end(told)
        self._settle(told, plan)

    def _end(self, told: ReturnedPlan) -> None:
        """A plan that ended on a day without a review: why follows from the day, as far as it can."""
        plan, born_on, ends_on = self._running(told), self.case.child.born_on, told.ends_on
        if plan is None or ends_on is None:
            return
        reason = PlanEnd.TRANSFER_OUT
        if ends_on == self.child.died_on:
            reason = PlanEnd.DEATH
        elif born_on is not None and ends_on == adult_on(born_on):
            reason = PlanEnd.EIGHTEENTH_BIRTHDAY
        else:
            self.assumed.add(told.starts_on)
        end(self.case, plan, reason, ends_on, None)
        self._settle(told, plan)

    def _hold(
        self,
        due: ConferenceDue,
        day: date,
        plan: ReturnedPlan | None,
        outcome: Outcome,
        request: ConferenceRequest | None,
    ) -> bool:
        """Whether a conference could have been so; it has been carried out then."""
        category = plan.initial if plan and outcome is Outcome.PLAN_MADE else None
        wanted = ChildConferenceHeldIn(person_id=self.child.number, outcome=outcome, category=category)
        request_id = None if request is None else request.id
        found = told_conference(self.command, self.case, due, day, wanted, request_id, self.numbers[day.year])
        if isinstance(found, Violation):
            element = "CPPreviewDate" if self.case.plan() else "DateOfInitialCPC"
            self.leave_out(element, f"{day}: {found.message}")
            return False
        self.conferences.append(found[0])
        self.parts.append(found[1])
        return True

    def _settle(self, told: ReturnedPlan, plan: ProtectionPlan) -> None:
        """The category at the end of the last year is known, and nobody knows who chairs."""
        if plan.ends_on is not None:
            plan.latest_category = told.latest[max(told.latest)]
        plan.chair_id = self.case.protection.chair_id = None

    def finish(self) -> None:
        """Of the plan that runs, the latest category is known."""
        plan = self.case.plan()
        if plan is not None:
            told = self.child.plans[plan.starts_on]
            plan.latest_category = self.case.protection.category = told.latest[max(told.latest)]


def _ask_for_none(request: ConferenceRequest | None) -> None:
    """An enquiry whose conference does not fit waits for none."""
    if request is not None:
        request.conference_not_required = True
