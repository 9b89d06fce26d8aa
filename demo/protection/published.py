"""The published figures that the invented conferences bear out."""

from datetime import date

from demo.published import by_month, prose, read

FIGURE = "cp_conferences_by_month.csv"
# The escalations by month add up to two less than those by organisation; the two largest have one less each.
ONE_LESS = ("GP's", "Education (Schools, Nurseries etc.)")
# The text gives 303 for April 2018 and for 1 April 2019, and 315 for March 2019: the day is followed, not that month.
KNOWN_DAYS = {
    "2018-03": "2018-04",
    "2018-04": "2018-04",
    "2019-03": "2019-04-01",
    "2019-10": "2019-10-31",
    "2020-03": "2020-03-31",
}


def conferences_by_month() -> dict[str, int]:
    """The conferences of each month."""
    return by_month(FIGURE, "conferences")


def children_by_month() -> dict[str, int]:
    """The children of the conferences of each month: several in a conference of siblings."""
    return by_month(FIGURE, "children")


def plans_at_the_end_of() -> dict[str, int]:
    """How many children were on a plan at the end of those months for which it was published, and before the first."""
    return {month: prose("cp_plan_population", period) for month, period in KNOWN_DAYS.items()}


def plans_on(day: date) -> int:
    """How many children were on a plan on a day for which it was published."""
    return prose("cp_plan_population", day.isoformat())


def with_an_advocate() -> int:
    """The children whom an advocate supported at conferences of 2019-20."""
    return prose("advocacy_cp")


def escalations_by_month() -> dict[str, int]:
    """The escalations of each month: what chairs confirmed in it."""
    return by_month("cp_escalations_by_month.csv", "escalations")


def escalations_by_organisation() -> dict[str, int]:
    """The escalations of 2019-20 by organisation, less what the months do not bear out."""
    rows = [row for row in read("cp_escalations_by_organisation_2019_20.csv") if row["row_type"] == "row"]
    return {row["organisation"]: int(row["escalations"]) - (row["organisation"] in ONE_LESS) for row in rows}


def answered() -> int:
    """How many escalations of 2019-20 were answered."""
    return prose("cp_escalations_answered_by_slo")
