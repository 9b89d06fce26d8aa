"""The escalations about looked-after children in the published numbers, and what became of all others.

Those about contributions to conferences are raised by the conferences themselves. The same seed gives the same rows.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from chassis.law.periods import Period, PeriodKind, parse, period_of, within
from chassis.law.working_days import add_working_days, is_working_day
from demo.looked_after.model import Child, looked_after_on
from demo.looked_after.world import everything
from demo.people import SOCIAL_WORK, UNCOVERED, Row, coverage
from demo.protection import published
from demo.published import AS_OF, PUBLISHED_YEAR, YEARS, by_month, prose, read

SEED = 2019
# Emails about the last quarter went out in these days.
LAST_QUARTER = "2019-Q4"
THEMES = {
    "Drift & Delay": "drift_and_delay",
    "Practice Issues (Multiple Issues)": "practice_issues",
    "Safeguarding Concerns": "safeguarding_concerns",
    "Placement/ Accommodation Concerns": "placement_concerns",
    "Provision of Service": "provision_of_service",
    "Transitions": "transitions",
}
ANSWERS = ["dealt_with"] * 5 + ["changed_practice"] * 3 + ["records_differ"] * 2
RESOLUTIONS = ("Agreed and put right.", "The plan was changed.", "Raised in supervision; on track again.")
# How many of the answered ones their chairs have closed.
CLOSED_SHARE = 0.5

Raised = Mapping[str, Any]


def care_planning_by_month() -> dict[str, int]:
    """The published count by month."""
    return by_month("lac_formal_escalations_by_month.csv", "escalations")


def care_planning_by_theme() -> dict[str, int]:
    """The published count of 2019-20 by theme."""
    rows = [row for row in read("lac_formal_escalations_by_theme_2019_20.csv") if row["row_type"] == "row"]
    return {THEMES[row["theme"]]: int(row["raised"]) for row in rows}


def care_planning() -> list[Row]:
    """The escalations about looked-after children as rows of an import, by the day on which they were raised."""
    random = Random(SEED)
    rows = [row for year in YEARS for row in _care_planning(random, parse(year))]
    return sorted(rows, key=lambda row: (row["raised_on"], row["person_ids"]))


def _care_planning(random: Random, year: Period) -> list[Row]:
    days = list(_days(random, year, care_planning_by_month()))
    themes = [theme for theme, count in care_planning_by_theme().items() for _ in range(count)]
    if year.label != PUBLISHED_YEAR:
        themes = random.choices(themes, k=len(days))
    random.shuffle(themes)
    rows = [
        _about(_child(random, day), day) | {"kind": "care_planning", "theme": theme}
        for day, theme in zip(days, themes, strict=True)
    ]
    resolved = prose("lac_escalations_resolved") if year.label == PUBLISHED_YEAR else len(rows)
    return [row | _closed(random, day) for row, day in zip(rows[:resolved], days, strict=False)] + rows[resolved:]


def _child(random: Random, day: date) -> Child:
    """A child who was looked after on a day and had been reviewed."""
    found = [
        child
        for child in looked_after_on(everything()[0], day)
        if _reviewed_on(child, day) and child.chair_from <= day and not child.restricted
    ]
    return random.choice(found)


def _reviewed_on(child: Child, day: date) -> date | None:
    """The day of a child's last review before a day."""
    return max((one for one in _review_days().get(child.person_id, []) if one < day), default=None)


@cache
def _review_days() -> Mapping[str, list[date]]:
    found = defaultdict[str, list[date]](list)
    for meeting in everything()[1]:
        for part in [] if meeting.sequence else meeting.parts:
            found[part.child.person_id].append(meeting.held_on)
    return found


def _about(child: Child, day: date) -> Row:
    agency_id, role = SOCIAL_WORK
    reviewed_on = _reviewed_on(child, day)
    assert reviewed_on
    return {
        "person_ids": child.person_id,
        "meeting_on": reviewed_on.isoformat(),
        "raised_on": day.isoformat(),
        "owner_id": child.chair_id,
        "agency_id": agency_id,
        "agency_role": role,
        "professional_team": child.team,
        "area_id": child.area_id,
    }


def _days(random: Random, year: Period, counts: Mapping[str, int]) -> Iterator[date]:
    for month in within(PeriodKind.MONTH, year):
        span = (month.last - month.first).days + 1
        working = [day for day in (month.first + timedelta(days=n) for n in range(span)) if is_working_day(day)]
        yield from sorted(random.choices(working, k=counts[month.label]))


def _closed(random: Random, after: date) -> Row:
    closed_on = min(add_working_days(after, random.randint(3, 19)), AS_OF)
    note = random.choice(RESOLUTIONS)
    return {"state": "resolved", "closed_on": closed_on.isoformat(), "closing_note": note}


def outcomes(raised: Sequence[Raised]) -> list[Row]:
    """What became of the escalations that conferences raised, as rows of an import.

    All of the first year are resolved. Of the published one as many as published were answered, each after the email
    about its quarter went out and by whoever covers the agency; their chairs have closed about half of these.
    """
    random = Random(SEED + 2)
    ordered = sorted(raised, key=lambda one: (one["raised_on"], one["meeting_reference"], one["agency_role"]))
    year, latest = parse(PUBLISHED_YEAR), parse(LAST_QUARTER).first
    earlier = [one for one in ordered if _raised_on(one) < year.first]
    eligible = [one for one in ordered if year.first <= _raised_on(one) < latest and one["agency_id"] != UNCOVERED]
    chosen = random.sample(range(len(eligible)), published.answered())
    rows = [{"reference": one["reference"]} | _closed(random, _raised_on(one)) for one in earlier]
    return rows + [_answered(random, eligible[number]) for number in sorted(chosen)]


def _raised_on(one: Raised) -> date:
    return date.fromisoformat(one["raised_on"])


def _answered(random: Random, one: Raised) -> Row:
    sent_on = add_working_days(period_of(PeriodKind.QUARTER, _raised_on(one)).last, 1)
    answered_on = min(add_working_days(sent_on, random.randint(1, 30)), AS_OF)
    row = {
        "reference": one["reference"],
        "answer": random.choice(ANSWERS),
        "answered_on": answered_on.isoformat(),
        "answered_by": _officer(one),
    }
    return row | (_closed(random, answered_on) if random.random() < CLOSED_SHARE else {})


def _officer(one: Raised) -> str:
    """Whoever covers an escalation's agency in its area."""
    return next(
        row["colleague_id"]
        for row in coverage()
        if row["agency_id"] == one["agency_id"] and row.get("area_id", one["area_id"]) == one["area_id"]
    )


def challenges() -> list[Row]:
    """Some positive challenges of the published year, fewer of which had to be raised formally."""
    random = Random(SEED + 1)
    found = []
    for month in within(PeriodKind.MONTH, parse(PUBLISHED_YEAR)):
        for _ in range(random.randint(2, 5)):
            day = month.first + timedelta(days=random.randint(0, 20))
            child = _child(random, day)
            found.append(
                {
                    "theme": random.choice(list(THEMES.values())),
                    "person_id": child.person_id,
                    "about": "Asked the team manager for the date by which the care plan will be updated.",
                    "area_id": child.area_id,
                    "raised_on": day.isoformat(),
                    "owner_id": child.chair_id,
                }
            )
    return found
