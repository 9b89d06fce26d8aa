"""Every escalation of April 2018 to March 2020, in the published numbers; the same seed gives the same rows."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from chassis.periods import Period, PeriodKind, parse, period_of, within
from chassis.working_days import add_working_days, is_working_day
from demo.people import (
    AREAS,
    FIRST_NAMES,
    LAST_NAMES,
    ORGANISATIONS,
    SOCIAL_WORK,
    Organisation,
    Row,
    chair_ids,
    teams_of,
)

SEED = 2019
FIGURES = Path(__file__).parent / "figures"
YEARS = ("2018-19", "2019-20")
PUBLISHED_YEAR = "2019-20"
ANSWERED = 76
RESOLVED_CARE_PLANNING = 24
# The months add up to two less than the organisations; the two largest have one less each.
ONE_LESS = ("GP's", "Education (Schools, Nurseries etc.)")
AS_OF = date(2020, 4, 3)
THEMES = {
    "Drift & Delay": "drift_and_delay",
    "Practice Issues (Multiple Issues)": "practice_issues",
    "Safeguarding Concerns": "safeguarding_concerns",
    "Placement/ Accommodation Concerns": "placement_concerns",
    "Provision of Service": "provision_of_service",
    "Transitions": "transitions",
}
# "No report and no apologies" is by far the most frequent reason.
REASONS = ["no_report_no_apologies"] * 12 + ["no_report_sent_apologies"] * 4 + ["no_apologies"] * 3 + ["report_late"]
ANSWERS = ["dealt_with"] * 5 + ["changed_practice"] * 3 + ["records_differ"] * 2
RESOLUTIONS = ("Agreed and put right.", "The plan was changed.", "Raised in supervision; on track again.")


def _read(name: str) -> list[Row]:
    with (FIGURES / name).open(newline="") as file:
        return list(csv.DictReader(file))


def by_month(name: str) -> dict[str, int]:
    """A published count by month."""
    return {row["month"]: int(row["escalations"]) for row in _read(name)}


def by_organisation() -> dict[str, int]:
    """The published count by organisation, less what the months do not bear out."""
    rows = [row for row in _read("cp_escalations_by_organisation_2019_20.csv") if row["row_type"] == "row"]
    return {row["organisation"]: int(row["escalations"]) - (row["organisation"] in ONE_LESS) for row in rows}


def by_theme() -> dict[str, int]:
    """The published count by theme."""
    rows = [row for row in _read("lac_formal_escalations_by_theme_2019_20.csv") if row["row_type"] == "row"]
    return {THEMES[row["theme"]]: int(row["raised"]) for row in rows}


def escalations() -> list[Row]:
    """All escalations as rows of an import, by the day on which they were raised."""
    random = Random(SEED)
    rows = [row for year in YEARS for row in (*_conference(random, parse(year)), *_care_planning(random, parse(year)))]
    return sorted(rows, key=lambda row: (row["raised_on"], row["meeting_reference"]))


def _conference(random: Random, year: Period) -> list[Row]:
    days = list(_days(random, year, by_month("cp_escalations_by_month.csv")))
    names = [name for name, count in by_organisation().items() for _ in range(count)]
    if year.label != PUBLISHED_YEAR:
        names = random.choices(names, k=len(days))
    random.shuffle(names)
    organisations = {one.published_as: one for one in ORGANISATIONS}
    rows = [_conference_row(random, day, organisations[name]) for day, name in zip(days, names, strict=True)]
    if year.label != PUBLISHED_YEAR:
        return [_closed(random, row, "resolved") for row in rows]
    return _answered(random, rows)


def _conference_row(random: Random, day: date, organisation: Organisation) -> Row:
    teams = teams_of(organisation.role)
    team = random.choice(teams) if teams else ""
    return _row(random, day, organisation.agency_id, organisation.role, team) | {
        "kind": "conference_contribution",
        "reason": random.choice(REASONS),
        "meeting_reference": f"CONF-{random.randint(1000, 9999)}",
        "meeting_on": _earlier(random, day).isoformat(),
        "professional_name": _professional(random, team or organisation.role),
    }


def _care_planning(random: Random, year: Period) -> list[Row]:
    days = list(_days(random, year, by_month("lac_formal_escalations_by_month.csv")))
    themes = [theme for theme, count in by_theme().items() for _ in range(count)]
    if year.label != PUBLISHED_YEAR:
        themes = random.choices(themes, k=len(days))
    random.shuffle(themes)
    rows = [
        _row(random, day, *SOCIAL_WORK, random.choice(teams_of(SOCIAL_WORK[1])))
        | {"kind": "care_planning", "theme": theme, "meeting_reference": f"LAC-{random.randint(1000, 9999)}"}
        for day, theme in zip(days, themes, strict=True)
    ]
    resolved = RESOLVED_CARE_PLANNING if year.label == PUBLISHED_YEAR else len(rows)
    return [_closed(random, row, "resolved") for row in rows[:resolved]] + rows[resolved:]


def _row(random: Random, day: date, agency_id: str, role: str, team: str) -> Row:
    area = random.choice(list(AREAS))
    chairs = chair_ids()[list(AREAS).index(area) :: 2]
    person = random.randint(100_000, 199_999)
    children = random.choices([1, 2, 3], weights=[6, 3, 1])[0]
    return {
        "person_ids": ";".join(f"P{person + number}" for number in range(children)),
        "raised_on": day.isoformat(),
        "owner_id": random.choice(chairs),
        "agency_id": agency_id,
        "agency_role": role,
        "professional_team": team,
        "area_id": area,
    }


def _days(random: Random, year: Period, counts: dict[str, int]) -> Iterator[date]:
    for month in within(PeriodKind.MONTH, year):
        span = (month.last - month.first).days + 1
        working = [day for day in (month.first + timedelta(days=n) for n in range(span)) if is_working_day(day)]
        yield from sorted(random.choices(working, k=counts[month.label]))


def _earlier(random: Random, day: date) -> date:
    """The day of a meeting after which something was escalated."""
    found = day - timedelta(days=random.randint(1, 9))
    while not is_working_day(found):
        found -= timedelta(days=1)
    return found


def _professional(random: Random, place: str) -> str:
    """One of the few people of a team, so that some fail again and again."""
    number = random.randint(0, 3) + sum(map(ord, place))
    return f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[(7 * number) % len(LAST_NAMES)]}"


def _answered(random: Random, rows: Sequence[Row]) -> list[Row]:
    """The published number of answers, each given after the email about its quarter went out."""
    earliest = parse("2019-Q4").first
    eligible = [number for number, row in enumerate(rows) if date.fromisoformat(row["raised_on"]) < earliest]
    chosen = set(random.sample(eligible, ANSWERED))
    return [_with_answer(random, row) if number in chosen else row for number, row in enumerate(rows)]


def _with_answer(random: Random, row: Row) -> Row:
    quarter = period_of(PeriodKind.QUARTER, date.fromisoformat(row["raised_on"]))
    sent_on = add_working_days(quarter.last, 1)
    answered_on = add_working_days(sent_on, random.randint(1, 30))
    given = row | {"answer": random.choice(ANSWERS), "answered_on": answered_on.isoformat()}
    return _closed(random, given, "resolved", share=0.5)


def _closed(random: Random, row: Row, state: str, *, share: float = 1.0) -> Row:
    if random.random() >= share:
        return row
    after = date.fromisoformat(row.get("answered_on", row["raised_on"]))
    closed_on = min(add_working_days(after, random.randint(3, 19)), AS_OF)
    return row | {
        "state": state,
        "closed_on": closed_on.isoformat(),
        "closing_note": random.choice(RESOLUTIONS),
    }


def challenges() -> list[Row]:
    """Some positive challenges of the same year, fewer of which had to be raised formally."""
    random = Random(SEED + 1)
    found = []
    for month in within(PeriodKind.MONTH, parse(PUBLISHED_YEAR)):
        for _ in range(random.randint(2, 5)):
            area = random.choice(list(AREAS))
            found.append(
                {
                    "theme": random.choice(list(THEMES.values())),
                    "person_id": f"P{random.randint(100_000, 199_999)}",
                    "about": "Asked the team manager for the date by which the care plan will be updated.",
                    "area_id": area,
                    "raised_on": (month.first + timedelta(days=random.randint(0, 20))).isoformat(),
                    "owner_id": random.choice(chair_ids()[list(AREAS).index(area) :: 2]),
                }
            )
    return found
