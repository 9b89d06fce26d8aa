"""Tables of indicators: each number once, whatever the rows are, and small ones left out of a whole report."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chassis.base.problems import Invalid
from chassis.figures.tables import Restart
from services.reports.documents.model import Suppressed
from services.reports.indicators.asking import Answer, Question
from services.reports.indicators.definitions import INDICATORS
from services.reports.indicators.gathering import Gathered, gathered
from services.reports.indicators.wanted import Wanted

PUBLISHED = Path(__file__).parents[4] / "demo" / "figures"
Rows = list[dict[str, Any]]
SMALL = Suppressed(fewer_than=5)
WITH_IT = Suppressed(fewer_than=None)


def answering(tables: Mapping[tuple[str, str], Rows]) -> Any:
    """Services that answer with these rows, by table and by what the rows are."""

    async def ask(question: Question) -> Answer:
        return Answer(rows=tables[question.table, question.by])

    return ask


async def shown(rows: Rows, *names: str, below: int | None = None, **wanted: Any) -> Gathered:
    """One table with these rows, of the indicators' own."""
    table = Wanted(indicators=names, **{"period": "2019-20", "by": "financial_year"} | wanted)
    ask = answering({(INDICATORS[name].table, table.by): rows for name in names})
    return await gathered(ask, [table], below=below)


def total(**counts: int) -> Rows:
    """A year that is the only one, and so the total."""
    return [{"key": "2019-20"} | counts, {"key": None} | counts]


PUBLISHED_ELSEWHERE = [
    ({"in_time": 1467, "late": 133}, "review_timeliness", 0.9169),
    ({"midpoint_checks_due": 1600, "midpoint_checks_due_done": 669}, "midway_checks", 0.4181),
    ({"looked_after": 740, "visited_within_6_months": 390}, "visited", 0.527),
    ({"conferences": 264, "child_conferences": 540}, "conferences", 264),
    ({"initial": 81}, "initial_conferences", 81),
    ({"child_conferences": 540}, "children_conferenced", 540),
]


@pytest.mark.parametrize(("counts", "name", "number"), PUBLISHED_ELSEWHERE)
async def test_what_other_councils_publish_can_be_said(counts: dict[str, int], name: str, number: float) -> None:
    (table,) = (await shown(total(**counts), name)).tables
    assert [row[table.at(name)] for row in table.all_rows()] == [number, number]


MONTHS: Rows = [{"key": f"2019-{month:02}", "reviews": month, "child_reviews": 2 * month} for month in range(4, 10)]


async def test_counts_add_up_anew_each_january_and_april() -> None:
    rows = [*({"key": f"2018-{month:02}", "reviews": 1} for month in (10, 11, 12)), *MONTHS]
    rows[3:3] = [{"key": f"2019-{month:02}", "reviews": month} for month in (1, 2, 3)]

    async def ask(question: Question) -> Answer:
        within = question.period <= "2018-10" <= (question.until or "")
        return Answer(rows=[*rows, {"key": None, "reviews": 48}] if within else [])

    for restart, last in ((Restart.CALENDAR_YEAR, 45), (Restart.FINANCIAL_YEAR, 39)):
        wanted = Wanted(indicators=("reviews",), period="2018-10", until="2019-09", restart=restart)
        (table,) = (await gathered(ask, [wanted], below=None)).tables
        at = table.at("reviews.cumulative")
        assert [row[at] for row in table.rows][:4] == ([1, 2, 3, 1] if last == 45 else [1, 2, 3, 4])
        assert table.rows[-1][at] == last
        assert table.total_row == ["Total", 48, None]


async def test_a_table_that_begins_within_a_year_counts_up_from_the_beginning_of_that_year() -> None:
    months: Rows = [{"key": f"2018-{month:02}", "raised": month} for month in range(1, 13)]

    async def ask(question: Question) -> Answer:
        assert question.until is not None
        return Answer(rows=[row for row in months if question.period <= row["key"] <= question.until])

    for restart, so_far in ((Restart.CALENDAR_YEAR, [15, 21]), (Restart.FINANCIAL_YEAR, [9, 15])):
        wanted = Wanted(indicators=("escalations",), period="2018-05", until="2018-06", restart=restart)
        (table,) = (await gathered(ask, [wanted], below=None)).tables
        assert [(row[1], row[2]) for row in table.rows] == list(zip([5, 6], so_far, strict=True))


async def test_what_is_counted_up_is_left_out_with_a_month_before_the_table_that_is_small() -> None:
    months: Rows = [{"key": f"2018-{month:02}", "reviews": 2 if month == 2 else 40} for month in range(1, 5)]

    async def ask(question: Question) -> Answer:
        assert question.until is not None
        return Answer(rows=[row for row in months if question.period <= row["key"] <= question.until])

    wanted = Wanted(indicators=("reviews",), period="2018-04", until="2018-04", restart=Restart.CALENDAR_YEAR)
    (table,) = (await gathered(ask, [wanted], below=5)).tables
    assert table.rows[0][1:] == [40, WITH_IT]


async def test_a_small_number_is_left_out_of_every_table_of_the_report() -> None:
    """3 in an area is small; 40 in the other would tell it, and so would a month of the total that is shown."""
    areas: Rows = [{"key": "north", "reviews": 3}, {"key": "south", "reviews": 40}, {"key": None, "reviews": 43}]
    halves: Rows = [{"key": "2019-H1", "reviews": 3}, {"key": "2019-H2", "reviews": 40}, {"key": None, "reviews": 43}]
    year: Rows = [{"key": "2019-20", "reviews": 43}, {"key": None, "reviews": 43}]
    ask = answering({("reviews", "area"): areas, ("reviews", "half"): halves, ("reviews", "financial_year"): year})
    tables = [
        Wanted(key=by, indicators=("reviews",), by=by, period="2019-20") for by in ("area", "half", "financial_year")
    ]
    found = await gathered(ask, tables, below=5)
    assert [table.rows for table in found.tables] == [
        [["north", SMALL], ["south", WITH_IT]],
        [["2019-H1", SMALL], ["2019-H2", WITH_IT]],
        [["2019-20", 43]],
    ]
    assert [(gone.table, gone.row, gone.why) for gone in found.left_out] == [
        ("area", "north", "small"),
        ("area", "south", "would_reveal"),
        ("half", "2019-H1", "small"),
        ("half", "2019-H2", "would_reveal"),
    ]


async def test_what_two_tables_tell_together_is_not_told() -> None:
    """The months of a table would tell the half that another one leaves out."""
    months: Rows = [{"key": f"2019-{month:02}", "directors_decisions": 6 * (month != 4)} for month in range(4, 10)]
    months[1] |= {"directors_decisions": 4}
    halves = [{"key": "2019-H1", "directors_decisions": 28}]
    ask = answering({("review_activity", "month"): list(months), ("review_activity", "half"): list(halves)})
    wanted = [Wanted(key=by, indicators=("directors_decisions",), by=by, period="2019-H1") for by in ("month", "half")]
    by_month, by_half = (await gathered(ask, wanted, below=5)).tables
    assert [row[1] for row in by_month.rows] == [0, SMALL, WITH_IT, 6, 6, 6]
    assert by_half.rows == [["2019-H1", 28]]


async def test_shares_and_what_is_counted_up_go_with_what_they_are_made_of() -> None:
    rows: Rows = [
        {"key": "2019-H1", "started": 4, "started_repeat": 1},
        {"key": "2019-H2", "started": 40, "started_repeat": 9},
        {"key": None, "started": 44, "started_repeat": 10},
    ]
    names = ("plans_started", "repeat_plans")
    (table,) = (await shown(rows, *names, by="half", below=5, restart=Restart.FINANCIAL_YEAR)).tables
    assert table.rows[0] == ["2019-H1", SMALL, SMALL, WITH_IT]
    assert table.rows[1] == ["2019-H2", WITH_IT, WITH_IT, WITH_IT]
    assert table.total_row == ["Total", 44, None, 0.2273]


async def test_work_is_told_however_small_it_is() -> None:
    rows: Rows = [{"key": "gp", "raised": 134}, {"key": "police", "raised": 1}, {"key": None, "raised": 135}]
    found = await shown(rows, "escalations", by="agency", below=5)
    assert found.left_out == [] and found.tables[0].rows == [["gp", 134], ["police", 1]]


async def test_lateness_is_work_and_told_except_where_it_tells_how_few_children_there_were() -> None:
    rows: Rows = [
        {"key": "north", "child_reviews": 4, "in_time": 4, "late": 0},
        {"key": "south", "child_reviews": 96, "in_time": 93, "late": 3},
        {"key": "west", "child_reviews": 50, "in_time": 50, "late": 0},
        {"key": None, "child_reviews": 150, "in_time": 147, "late": 3},
    ]
    found = await shown(rows, "children_reviewed", "review_timeliness", by="area", below=5)
    assert found.tables[0].rows == [["north", SMALL, WITH_IT], ["south", 96, 0.9688], ["west", WITH_IT, WITH_IT]]
    assert found.tables[0].total_row == ["Total", 150, 0.98]


async def test_small_organisations_are_put_together_as_published() -> None:
    with (PUBLISHED / "cp_escalations_by_organisation_2019_20.csv").open() as file:
        published = [row for row in csv.DictReader(file) if row["row_type"] == "row" and row["grouped_row"] == "no"]
    small = [("agency-1", 2), ("agency-2", 3)]
    counts = [(row["organisation"], int(row["escalations"])) for row in published] + small
    rows: Rows = [{"key": key, "raised": count, "answered": 1} for key, count in counts]
    rows.append({"key": None, "raised": sum(count for _, count in counts), "answered": len(counts)})
    few = sum(count for _, count in counts if count < 10)
    (table,) = (await shown(rows, "conference_escalations", "response_rate", by="agency", other_below=10)).tables
    assert table.rows[-1][:2] == ["Other", few]
    assert table.total_row is not None and table.total_row[1] == sum(count for _, count in counts)
    assert sum(row[1] for row in table.rows if isinstance(row[1], int)) == table.total_row[1]


async def test_each_number_stands_beside_the_period_before() -> None:
    wanted = Wanted(indicators=("reviews", "review_timeliness"), by="area", period="2019-20", compare=True)
    rows: Rows = [
        {"key": "north", "reviews": 44, "in_time": 9, "late": 1},
        {"key": None, "reviews": 44, "in_time": 9, "late": 1},
    ]
    before = {"reviews": 40, "in_time": 8, "late": 2}
    compared = [
        {"key": row["key"], "before_key": row["key"], "before": before, "change": {}, "share": {}} for row in rows
    ]

    async def ask(question: Question) -> Answer:
        assert question.parameters()["compare"] == "true"
        return Answer.model_validate({"rows": rows, "compared": compared})

    (table,) = (await gathered(ask, [wanted], below=None)).tables
    assert [column.key for column in table.columns] == [
        "row", "reviews", "reviews.before", "reviews.change", "review_timeliness", "review_timeliness.before",
    ]  # fmt: skip
    assert table.rows == [["north", 44, 40, 0.1, 0.9, 0.8]]
    assert table.total_row == ["Total", 44, 40, 0.1, 0.9, 0.8]


async def test_activity_has_the_last_day_as_its_total_where_it_is_of_a_day() -> None:
    rows: Rows = [
        {"key": "2019-H1", "looked_after": 600, "visits": 9},
        {"key": "2019-H2", "looked_after": 626, "visits": 8},
    ]
    (table,) = (await shown(rows, "looked_after", "visits", by="half")).tables
    assert table.total_row == ["Total", 626, 17]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"indicators": ("cakes",)}, "indicator"),
        ({"by": "theme"}, "by"),
        ({"period": "soon"}, "period"),
        ({"until": "2018-19"}, "until"),
    ],
)
async def test_a_table_that_cannot_be_is_refused_by_its_field(wanted: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await gathered(
            answering({}), [Wanted(**{"indicators": ("reviews",), "period": "2019-20"} | wanted)], below=None
        )
    assert field in str(refused.value.__dict__)


async def test_a_table_of_meetings_says_that_their_children_are_not_different_ones() -> None:
    (both,), (meetings,) = [
        (await shown(total(reviews=9, child_reviews=12), *names)).tables
        for names in (("reviews", "children_reviewed"), ("reviews",))
    ]
    assert both.note == INDICATORS["children_reviewed"].note and "not different children" in both.note
    assert meetings.note == ""


async def test_a_row_of_plans_without_a_chair_says_so() -> None:
    rows: Rows = [{"key": "chair-1", "open": 9}, {"key": "none", "open": 7}, {"key": None, "open": 16}]
    (table,) = (await shown(rows, "on_plan", by="chair")).tables
    assert [row[0] for row in table.rows] == ["No chair", "chair-1"]


async def test_a_table_of_many_indicators_has_a_caption_of_one_line() -> None:
    names = [name for name, found in INDICATORS.items() if found.table == "reviews"]
    (many,), (few,) = [(await shown(total(reviews=9), *some)).tables for some in (names, names[:2])]
    assert many.caption == f"Review meetings, and {len(names) - 1} more"
    assert few.caption == "Review meetings, Children's reviews"
