"""What happened between the invented conferences, and who is invited to those that are to come."""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from chassis.law.working_days import add_months, first_working_day, subtract_working_days
from demo.looked_after.extras import said
from demo.people import AREAS, Row, chair_ids
from demo.protection.invitations import professional
from demo.protection.model import INITIAL, SEED, Child, Family, Meeting, Part
from demo.protection.professionals import usual
from demo.protection.reviewing import review_parts
from demo.protection.world import everything
from demo.published import AS_OF, PUBLISHED_YEAR

DISCUSSED = 0.92
MONTHS_BEFORE_DISCUSSION = 11
DAYS_BEFORE = (1, 12)
FEEDBACK = 120


def discussions() -> list[Row]:
    """The 12-month discussions of the plans that run, each led by another chair of the area."""
    random = Random(SEED + 9)
    rows = [row for one in everything().families for row in _discussions(random, one)]
    return sorted(rows, key=lambda row: (row["held_on"], row["person_id"]))


def _discussions(random: Random, family: Family) -> Iterator[Row]:
    others = [one for one in chair_ids()[list(AREAS).index(family.area_id) :: 2] if one != family.chair_id]
    leader, early, held = random.choice(others), random.randint(*DAYS_BEFORE), random.random() < DISCUSSED
    for child in family.on_plan():
        plan = child.plan()
        assert plan
        held_on = subtract_working_days(add_months(plan.starts_on, MONTHS_BEFORE_DISCUSSION), early)
        if held and plan.starts_on < held_on < AS_OF:
            yield {"person_id": child.person_id, "held_on": held_on.isoformat(), "led_by": leader}


def feedback() -> list[Row]:
    """What some people said of conferences of the published year."""
    random = Random(SEED + 10)
    held = [one for one in everything().meetings if one.held_on.isoformat() >= f"{PUBLISHED_YEAR[:4]}-04-01"]
    chosen = sorted(random.sample(held, FEEDBACK), key=lambda one: one.key)
    return [
        {
            "held_on": one.held_on.isoformat(),
            "person_id": one.parts[0].child.person_id,
            **said(random, by_child=any(part.child.age_on(one.held_on) >= 8 for part in one.parts)),
        }
        for one in chosen
    ]


def to_come(person_ids: Sequence[str], due_on: date) -> tuple[Row, list[Row]]:
    """A conference that is planned for children of a family, some days before it is due, and who is invited."""
    family = next(one for one in everything().families if person_ids[0] in {child.person_id for child in one.children})
    children = [child for child in family.children if child.person_id in person_ids]
    random = Random(f"{SEED} to come {person_ids[0]}")
    earliest = first_working_day(date.fromordinal(AS_OF.toordinal() + 1))
    planned_on = max(earliest, subtract_working_days(due_on, random.randint(0, 3)))
    meeting = Meeting(planned_on, family, _parts(children, due_on))
    guests = [professional(meeting, one) for one in usual(meeting)]
    guests.append({"invited_as": "family", "name": family.mother, "relationship": "mother"})
    return {"planned_on": planned_on.isoformat(), "chair_id": family.chair_id}, guests


def _parts(children: Sequence[Child], due_on: date) -> list[Part]:
    on_plan = [child for child in children if child.plan()]
    return review_parts(on_plan) if on_plan else [Part(child, INITIAL, due_on, due_on) for child in children]
