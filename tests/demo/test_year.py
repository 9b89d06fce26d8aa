"""The demo's records bear out the published figures."""

from collections import Counter
from decimal import Decimal

from demo import people, year

ROWS = year.escalations()


def of_year(kind: str, first: str = "2019-04-01", last: str = "2020-03-31") -> list[people.Row]:
    return [row for row in ROWS if row["kind"] == kind and first <= row["raised_on"] <= last]


def test_conference_escalations_by_month_are_the_published_ones() -> None:
    counted = Counter(row["raised_on"][:7] for row in ROWS if row["kind"] == "conference_contribution")
    published = {month: n for month, n in year.by_month("cp_escalations_by_month.csv").items() if month < "2020-04"}
    assert counted == published
    assert len(of_year("conference_contribution")) == 323


def test_care_planning_escalations_by_month_are_the_published_ones() -> None:
    counted = Counter(row["raised_on"][:7] for row in ROWS if row["kind"] == "care_planning")
    published = year.by_month("lac_formal_escalations_by_month.csv").items()
    assert counted == {month: n for month, n in published if "2018-04" <= month < "2020-04" and n}


def test_organisations_are_the_published_ones_but_for_two() -> None:
    names = {(one.agency_id, one.role): one.published_as for one in people.ORGANISATIONS}
    rows = of_year("conference_contribution")
    counted = Counter(names[row["agency_id"], row["agency_role"]] for row in rows)
    assert counted == year.by_organisation()
    assert counted["GP's"] == 133
    assert counted["CAMHS"] == 2
    internal = sum(row["agency_id"] in people.INTERNAL for row in rows)
    assert internal == 31


def test_themes_are_the_published_ones() -> None:
    assert Counter(row["theme"] for row in of_year("care_planning")) == year.by_theme()


def test_seventy_six_were_answered() -> None:
    assert sum("answer" in row for row in of_year("conference_contribution")) == 76
    assert sum(row.get("state") == "resolved" for row in of_year("care_planning")) == 24


def test_the_same_seed_gives_the_same_data() -> None:
    assert year.escalations() == ROWS


def test_chairs_are_the_published_full_time_equivalents() -> None:
    assert sum(map(Decimal, people.FULL_TIME_EQUIVALENTS)) == Decimal("18.6")
