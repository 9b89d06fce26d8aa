"""What is asked for: enquiries that led to conferences, those that did not, and those whose conference is to come."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random

from chassis.law.periods import PeriodKind, period_of
from chassis.law.working_days import add_working_days, subtract_working_days
from demo.protection.choosing import sizes
from demo.protection.clocks import working_days_of
from demo.protection.families import Families
from demo.protection.model import INITIAL, LAST_DAY, ON_PLAN, RECORDS_BEGIN, SEED, Enquiry, Meeting
from demo.published import AS_OF

# Families about whom it was found that no conference was needed, and how many children they are.
NOT_NEEDED, NOT_NEEDED_CHILDREN = 280, 520
# Enquiries about children who are on a plan already: their next review looks at it.
ON_A_PLAN = 24
# How many working days ago the strategy discussions were whose conferences are still to come, and about how many
# children each is; the first is overdue.
TO_COME = {17: 2, 13: 1, 11: 3, 9: 1, 8: 2, 6: 1, 5: 2, 3: 1, 2: 4, 1: 1}
STARTED_BEFORE = (0, 2)


def enquiries(meetings: Sequence[Meeting], families: Families) -> Iterator[Enquiry]:
    """Every section 47 enquiry; families who are known by an enquiry alone are made here."""
    random = Random(SEED + 5)
    for meeting in meetings:
        event_on = meeting.parts[0].event_on
        began = subtract_working_days(event_on, random.randint(*STARTED_BEFORE))
        # The census asks why, where a year ends more than 15 working days after the start and before the conference.
        if period_of(PeriodKind.FINANCIAL_YEAR, began) != period_of(PeriodKind.FINANCIAL_YEAR, meeting.held_on):
            began = event_on
        for part in meeting.parts:
            if part.kind == INITIAL:
                yield Enquiry(part.child, began, part.event_on, needed=True)
    yield from _not_needed(random, families)
    yield from _on_a_plan(random, meetings)
    for days, size in TO_COME.items():
        discussed_on = subtract_working_days(AS_OF, days)
        for child in families.new(AS_OF, size).children:
            yield Enquiry(child, discussed_on, discussed_on, needed=True)


def _not_needed(random: Random, families: Families) -> Iterator[Enquiry]:
    days = working_days_of(RECORDS_BEGIN, LAST_DAY)
    for size in sizes(random, NOT_NEEDED, NOT_NEEDED_CHILDREN):
        day = random.choice(days)
        for child in families.new(day, size).children:
            yield Enquiry(child, day, day, needed=False)


def _on_a_plan(random: Random, meetings: Sequence[Meeting]) -> Iterator[Enquiry]:
    """Enquiries some weeks after a conference after which the plans went on."""
    told = [one for one in meetings if one.is_told() and one.held_on < LAST_DAY - timedelta(days=40)]
    eligible = [one for one in told if all(part.outcome in ON_PLAN for part in one.parts)]
    for meeting in random.sample(eligible, ON_A_PLAN):
        day = add_working_days(meeting.held_on, random.randint(10, 20))
        for part in meeting.parts:
            yield Enquiry(part.child, day, day, needed=False)
