"""What every conference decided, so that as many children are on a plan as were published."""

from collections.abc import Callable, Sequence
from datetime import date
from random import Random

from chassis.law.periods import Period, parse
from demo.protection.model import (
    CONTINUES,
    EIGHTEENTH_BIRTHDAY,
    ENDED,
    FIRST_REVIEW,
    NOT_MADE,
    PLAN_MADE,
    Family,
    Meeting,
    Part,
    Plan,
)

# How many of the children at initial conferences have a plan made, and how many of the reviewed have theirs ended.
MADE, LEAST_MADE, MOST_MADE = 0.86, 0.74, 0.95
LEAST_ENDED, MOST_ENDED = 0.18, 0.6
CATEGORIES = {"NEG": 46, "EMO": 36, "PHY": 7, "SAB": 5, "MUL": 6}
CHANGES_CATEGORY = 0.06
# How soon plans end: seldom at the first review, before a child came into care not at all.
AT_FIRST, LATER, COMING_INTO_CARE, IN_CARE = 0.25, 1.0, 0.001, 3.0


class Balance:
    """Says how many more or fewer plans there are to be at each month's end, on the way to the published numbers."""

    def __init__(self, known: dict[str, int]) -> None:
        self._known = known

    def of(self, label: str, families: Sequence[Family]) -> tuple[int, bool]:
        """By how many the plans that are open now are to change in a month, and whether by exactly so many."""
        month = parse(label)
        now = sum(plan.is_open_on(month.last) for one in families for child in one.children for plan in child.plans)
        anchor = next(key for key in self._known if key >= label)
        left = _months_between(month, parse(anchor)) + 1
        return round((self._known[anchor] - now) / left), anchor == label


def _months_between(first: Period, last: Period) -> int:
    return (last.first.year - first.first.year) * 12 + last.first.month - first.first.month


def decide(random: Random, change: tuple[int, bool], initial: Sequence[Meeting], reviews: Sequence[Meeting]) -> None:
    """Decide for each child: plans are made and ended so that the number of plans changes by so many."""
    difference, exactly = change
    new, reviewed = (sum(len(one.parts) for one in meetings) for meetings in (initial, reviews))
    leaving = [part for one in reviews for part in one.parts if _comes_of_age(part, one)]
    made = round(MADE * new)
    ended = made - difference
    if not LEAST_ENDED * reviewed <= ended <= MOST_ENDED * reviewed:
        ended = max(round(LEAST_ENDED * reviewed), min(ended, round(MOST_ENDED * reviewed)))
        made = max(round(LEAST_MADE * new), min(ended + difference, round(MOST_MADE * new)))
        ended = made - difference if exactly else ended
    ended -= len(leaving)
    if not 0 <= ended <= reviewed - len(leaving):
        raise ValueError(f"{ended} of {reviewed} plans would have to end.")
    for part in _first(random, initial, new - made, _needs_no_plan, []):
        part.outcome = NOT_MADE
    for part in _first(random, reviews, ended, _is_ready, leaving):
        part.outcome = ENDED
    for meeting in (*initial, *reviews):
        category = random.choices(list(CATEGORIES), weights=list(CATEGORIES.values()))[0]
        for part in meeting.parts:
            carry_out(part, meeting.held_on, category, changes=random.random() < CHANGES_CATEGORY)
    for part in leaving:
        if plan := part.child.plan():
            plan.ends_on, plan.ended_by = part.child.adult_on(), EIGHTEENTH_BIRTHDAY


def _comes_of_age(part: Part, meeting: Meeting) -> bool:
    """Whether the plan ends on the eighteenth birthday, soon after the conference."""
    day = part.child.adult_on()
    return (day.year, day.month) == (meeting.held_on.year, meeting.held_on.month)


def _first(
    random: Random,
    meetings: Sequence[Meeting],
    count: int,
    speed: Callable[[Meeting], float],
    but: Sequence[Part],
) -> list[Part]:
    """So many parts, of those first who are sooner ready; of the last family perhaps only some children."""
    ordered = sorted(meetings, key=lambda one: random.expovariate(speed(one)))
    found: list[Part] = []
    for whole in (True, False):
        for meeting in ordered:
            left = [part for part in meeting.parts if part not in found and part not in but]
            room = count - len(found)
            if not whole or len(left) <= room:
                found += left[:room]
    return found


def _needs_no_plan(meeting: Meeting) -> float:
    return COMING_INTO_CARE if any(part.child.looked_after_from for part in meeting.parts) else 1


def _is_ready(meeting: Meeting) -> float:
    """How soon a family's plans end."""
    since = [part.child.looked_after_from for part in meeting.parts if part.child.looked_after_from]
    if since:
        return IN_CARE if min(since) < meeting.held_on else COMING_INTO_CARE
    usual = AT_FIRST if meeting.parts[0].kind == FIRST_REVIEW else LATER
    return usual / meeting.family.stays


def carry_out(part: Part, held_on: date, category: str, *, changes: bool = False) -> None:
    """Let a plan start, go on or end as it was decided; what was not decided makes a plan, or lets it go on."""
    plan = part.child.plan()
    if plan is None:
        part.outcome = part.outcome or PLAN_MADE
        if part.outcome == PLAN_MADE:
            part.category = category
            part.child.plans.append(Plan(held_on, category))
        return
    part.outcome = part.outcome or CONTINUES
    plan.reviewed_on.append(held_on)
    if part.outcome == ENDED:
        plan.ends_on = held_on
        return
    if changes:
        plan.category = category
    part.category = plan.category
