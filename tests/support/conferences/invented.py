"""An invented history of two years: children, their conferences and plans, and who contributed."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from chassis.children.models import Child
from chassis.law.ages import age_on
from chassis.law.working_days import add_months
from services.conferences.checks.models import PlanCheck, TwelveMonthDiscussion
from services.conferences.contributions.models import Invitation
from services.conferences.core_groups.models import CoreGroup
from services.conferences.feedback.models import Feedback
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.plans.models import ProtectionPlan
from services.conferences.proposals.models import Proposal
from tests.support.conferences.kept import a_child, a_conference, a_part, a_plan, a_proposal, an_invitation

YEARS = ("2018-19", "2019-20")
FIRST, LAST = date(2018, 4, 1), date(2020, 3, 31)
DAYS = (LAST - FIRST).days
CHANCE = random.Random(774)
CATEGORIES = ("NEG", "PHY", "SAB", "EMO", "MUL")
CONCERNS: list[dict[str, Any]] = [{}, {"concern": "Drift.", "concern_to": "team_manager"}]
AGENCIES = (("education", "safeguarding-lead"), ("community-health", "health-visitor"), ("community-health", "young-persons-nurse"), ("general-practice", "gp"))  # fmt: skip


def some_day() -> date:
    """A day of the two years, or a little before or after."""
    return FIRST + timedelta(days=CHANCE.randint(-50, DAYS + 50))


def after(day: date, at_most: int) -> date | None:
    """Some day after another, or never."""
    return CHANCE.choice([None, day + timedelta(days=CHANCE.randint(0, at_most))])


def children() -> list[Child]:
    """Children of all ages, some of them not yet born at their first conference."""
    return [
        a_child(
            f"P{number:03}",
            born_on=LAST - timedelta(days=CHANCE.randint(1, 17 * 365)),
            area_id=CHANCE.choice(["north", "south"]),
            team=CHANCE.choice(["Team 1", "Team 2", None]),
        )
        for number in range(60)
    ]


def plans_of(child: Child) -> list[ProtectionPlan]:
    """Plans one after the other, with the lengths and gaps at which something changes."""
    found: list[ProtectionPlan] = []
    starts_on = FIRST - timedelta(days=CHANCE.randint(0, 900))
    while starts_on < LAST + timedelta(days=30) and len(found) < 4:
        months, days = CHANCE.choice([1, 3, 6, 12, 24, 30]), CHANCE.choice([-1, 0, 1, 10])
        ends_on = CHANCE.choice([None, add_months(starts_on, months) + timedelta(days=days)])
        first, latest = CHANCE.choice(CATEGORIES), CHANCE.choice(CATEGORIES)
        found.append(
            a_plan(
                child.person_id,
                starts_on,
                ends_on,
                initial_category=first,
                latest_category=latest,
                previous_plans=len(found),
                previous_ended_on=found[-1].ends_on if found else None,
                chair_id=CHANCE.choice(["chair-1", "chair-2"]),
                area_id=child.area_id,
                team=child.team,
                imported=CHANCE.random() < 0.1,
            )
        )
        if ends_on is None:
            break
        starts_on = add_months(ends_on, CHANCE.choice([0, 5, 24])) + timedelta(days=CHANCE.choice([0, 1]))
    return found


def conference(number: int, about: Sequence[Child], plans: Sequence[ProtectionPlan]) -> list[Any]:
    """A conference that was held, each child's part in it, and everybody invited."""
    day = some_day()
    chair_id, area_id = CHANCE.choice(["chair-1", "chair-2"]), CHANCE.choice(["north", "south"])
    held = a_conference(
        number,
        day,
        [child.person_id for child in about],
        chair_id=chair_id,
        area_id=area_id,
        quorate=CHANCE.choice([True, True, False, None]),
        review_reference=CHANCE.choice([None, None, f"REV-2019-{number:04}"]),
        outline_plan_due_on=CHANCE.choice([None, day + timedelta(days=1)]),
        outline_plan_on=after(day, 3),
        record_due_on=day + timedelta(days=21),
        record_on=after(day, 40),
    )
    return [held, *(part(held, child, plans) for child in about), *invitations(held)]


def part(held: Conference, child: Child, plans: Sequence[ProtectionPlan]) -> ChildConference:
    """How a conference went for one child; where a plan runs, it is about that."""
    assert held.held_on is not None and child.born_on is not None
    day = held.held_on
    plan = next((plan for plan in plans if plan.person_id == child.person_id and plan.starts_on <= day and (plan.ends_on is None or day <= plan.ends_on)), None)  # fmt: skip
    unborn = day < child.born_on
    age = None if unborn else age_on(child.born_on, day)
    code = None if unborn else "PN0" if age is not None and age < 4 else CHANCE.choice([f"PN{number}" for number in range(1, 8)])  # fmt: skip
    return a_part(
        held,
        child.person_id,
        kind=CHANCE.choice(["initial", "transfer_in", "first_review", "later_review"]),
        due_on=day + timedelta(days=CHANCE.choice([-5, -1, 0, 3])),
        area_id=child.area_id,
        team=child.team,
        unborn=unborn,
        age=age,
        participation=code,
        attended=code in {"PN1", "PN2", "PN3", "PN4"},
        advocate=CHANCE.choice([True, False]),
        outcome=CHANCE.choice(["continues", "ended"]) if plan else CHANCE.choice(["plan_made", "not_made"]),
        category=CHANCE.choice([*CATEGORIES, None]),
        plan_id=None if plan is None else plan.id,
    )


def invitations(held: Conference) -> list[Invitation]:
    """Parents of all children or of some, and professionals of whom some withdrew."""
    assert held.held_on is not None
    found = [
        an_invitation(
            held,
            relationship=CHANCE.choice(["mother", "father", "father", "carer"]),
            person_ids=CHANCE.sample(held.person_ids, CHANCE.randint(1, len(held.person_ids))),
            attendance=CHANCE.choice(["attended", "neither", "apologies", None]),
            withdrawn_on=CHANCE.choice([None, None, None, held.held_on]),
        )
        for _ in range(CHANCE.randint(0, 3))
    ]
    due_on = held.held_on - timedelta(days=3)
    for agency_id, agency_role in CHANCE.sample(AGENCIES, CHANCE.randint(0, 4)):
        expected = CHANCE.random() < 0.8
        received_on = CHANCE.choice([None, due_on, due_on + timedelta(days=1), due_on - timedelta(days=2)])
        found.append(
            an_invitation(
                held,
                agency_id=agency_id,
                agency_role=agency_role,
                area_id=CHANCE.choice(["north", "south"]),
                attendance=CHANCE.choice(["attended", "neither", "apologies", None]),
                withdrawn_on=CHANCE.choice([None, None, None, held.held_on]),
                report_expected=expected,
                report_due_on=due_on if expected else None,
                report_received_on=received_on,
                report_shared_on=received_on and CHANCE.choice([None, received_on]),
            )
        )
    return found


def between(child: Child, held: Conference) -> list[Any]:
    """What happened between conferences, for one child."""
    due_on, done_on = some_day(), some_day()
    missed = CHANCE.random() < 0.3
    return [
        CoreGroup(
            reference=held.reference,
            person_id=child.person_id,
            due_on=due_on,
            event_on=due_on,
            held_on=None if missed else due_on + timedelta(days=CHANCE.choice([-2, 0, 1])),
            missed_because="Nobody came." if missed else None,
            recorded_on=done_on,
            recorded_by="chair-1",
        ),
        PlanCheck(
            kind=CHANCE.choice(["midway", "preparation"]),
            reference=held.reference,
            person_id=child.person_id,
            due_on=CHANCE.choice([None, done_on, done_on - timedelta(days=1)]),
            done_on=done_on,
            done_by="chair-1",
            visits_in_time=True,
            core_groups_held=True,
            **CHANCE.choice(CONCERNS),
        ),
        Feedback(
            reference=held.reference,
            person_ids=[child.person_id],
            from_whom="child",
            rating=CHANCE.choice(["red", "amber", "green"]),
            given_on=some_day(),
            recorded_by="chair-1",
        ),
    ]


def discussion(plan: ProtectionPlan) -> TwelveMonthDiscussion:
    """A 12-month discussion about a plan, in time or not."""
    due_on = add_months(plan.starts_on, 12) - timedelta(days=1)
    held_on = due_on + timedelta(days=CHANCE.choice([-30, 0, 1]))
    said: dict[str, Any] = {"led_by": "chair-3", "chair_id": plan.chair_id, "conclusion": "It goes on."}
    return TwelveMonthDiscussion(person_id=plan.person_id, plan_id=plan.id, due_on=due_on, held_on=held_on, **said)


def proposal(held: Conference) -> Proposal:
    """Something that was proposed when a conference was closed, and what became of it."""
    state = CHANCE.choice(["proposed", "confirmed", "raised", "refused", "dismissed"])
    day = some_day()
    return a_proposal(
        held,
        proposed_on=day,
        state=state,
        area_id=held.area_id,
        decided_on=None if state == "proposed" else day,
        dismissed_because="It came by post." if state == "dismissed" else None,
        refused_because="No such agency." if state == "refused" else None,
        escalation_reference="ESC-2019-0001" if state == "raised" else None,
    )


def _history() -> list[Any]:
    about = children()
    plans = [plan for child in about for plan in plans_of(child)]
    found: list[Any] = [*about, *plans]
    for number in range(80):
        rows = conference(number, CHANCE.sample(about, CHANCE.randint(1, 3)), plans)
        found += [*rows, *between(CHANCE.choice(about), rows[0]), proposal(rows[0])]
    return found + [discussion(plan) for plan in plans if CHANCE.random() < 0.5]


HISTORY = _history()


def all_of(table: Any) -> list[Any]:
    """The history's rows of a table."""
    return [row for row in HISTORY if isinstance(row, table)]


CHILDREN = {child.person_id: child for child in all_of(Child)}
MEETINGS = {conference.id: conference for conference in all_of(Conference)}
