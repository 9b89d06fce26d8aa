"""Figures: every number of every table is what somebody counts by hand from an invented history."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.law.periods import PeriodKind, parse, within
from chassis.law.working_days import add_months, add_working_days
from services.reviews.figures.schemas import ActivitiesOut, ActivityOut, ReviewFiguresOut
from tests.support.reviews.invented import CHILDREN, FIRST, LAST, PARTS, YEARS, Part, age, keep
from tests.support.reviews.office import JSON, Office

PATH = "/v1/figures/reviews"
TOOK_PART = {"PN1", "PN2", "PN3", "PN5", "PN6"}


async def table(office: Office, **query: Any) -> list[JSON]:
    """A table's rows, which keep to their schema."""
    answer = await office.ask("GET", PATH, role=Role.PERFORMANCE_ANALYST, params=query)
    assert answer.status_code == 200, answer.text
    ReviewFiguresOut.model_validate_json(answer.content, strict=True)
    return list(answer.json()["rows"])


def rate(part: int, whole: int) -> float | None:
    """A share with four digits after the point."""
    return float((Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP)) if whole else None


def stages(parts: list[Part]) -> Part:
    """How many of each stage were in time, and how many late or never done."""
    found: Part = {}
    for name, done, days in (("decisions", "decisions_on", 5), ("records", "record_on", 15), ("distributed", "distributed_on", 20)):  # fmt: skip
        wanted = [part for part in parts if part["sequence"] != "secure"]
        punctual = [part for part in wanted if part[done] and part[done] <= add_working_days(part["held_on"], days)]
        found |= {f"{name}_in_time": len(punctual), f"{name}_late": len(wanted) - len(punctual)}
    return found


def counted(key: str | None, parts: list[Part], from_age: int = 4) -> Part:
    """A row as somebody would count it by hand."""
    of_age = [part for part in parts if age(part["child"]["born_on"], part["held_on"]) >= from_age]
    punctual = [part for part in parts if part["held_on"] <= part["due_on"]]
    took_part = [part for part in of_age if part["participation"] in TOOK_PART]
    known = [part for part in parts if part["attended"] is not None and part["seen_alone"] is not None]
    return {
        "key": key,
        "reviews": len({part["meeting"] for part in parts}),
        "child_reviews": len(parts),
        "children": len({part["child"]["person_id"] for part in parts}),
        "in_time": len(punctual),
        "late": len(parts) - len(punctual),
        "timeliness": rate(len(punctual), len(parts)),
        "of_age": len(of_age),
        "participated": len(took_part),
        "participation": rate(len(took_part), len(of_age)),
        "attended": sum(part["attended"] is True for part in parts),
        "seen_alone": sum(part["seen_alone"] is True for part in parts),
        "attendance_known": len(known),
        "consultation_sent": sum(part["consultation_sent_on"] is not None for part in parts),
        "consultation_returned": sum(part["consultation_returned_on"] is not None for part in parts),
        "children_with_advocate": len(
            {part["child"]["person_id"] for part in parts if part["participation"] in {"PN2", "PN5"}}
        ),
        "objected": sum(part["manager"] == "objected" for part in parts),
    } | stages(parts)


def track(part: Part) -> str:
    """The sequence of a review."""
    return part["sequence"] or ("short_breaks" if part["child"]["legal_status"] == "V4" else "care")


def band(part: Part) -> str:
    """The age band of a child at a review."""
    years = age(part["child"]["born_on"], part["held_on"])
    return next(
        name for last, name in ((3, "0-3"), (7, "4-7"), (11, "8-11"), (15, "12-15"), (17, "16-17")) if years <= last
    )


def label(kind: PeriodKind) -> Callable[[Part], str]:
    """Which part of the two years a review belongs to."""
    parts = [part for year in YEARS for part in within(kind, parse(year).first, parse(year).last)]
    return lambda row: next(part.label for part in parts if part.first <= row["held_on"] <= part.last)


PERIODS = {
    kind: label(kind) for kind in (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.FINANCIAL_YEAR)
}
KEYS: dict[str, Callable[[Part], str]] = {str(kind): key for kind, key in PERIODS.items()} | {
    "kind": lambda row: row["kind"],
    "sequence": track,
    "chair": lambda row: row["chair_id"],
    "area": lambda row: row["child"]["area_id"],
    "team": lambda row: row["child"]["team"] or "none",
    "age_band": band,
    "participation": lambda row: row["participation"],
}
FILTERS: list[tuple[JSON, Callable[[Part], bool]]] = [
    ({}, lambda row: track(row) == "care"),
    ({"which": "short_breaks"}, lambda row: track(row) == "short_breaks"),
    ({"which": "secure"}, lambda row: track(row) == "secure"),
    ({"which": "disruption"}, lambda _: False),
    ({"which": "all"}, lambda _: True),
    ({"area_id": "south"}, lambda row: track(row) == "care" and row["child"]["area_id"] == "south"),
    ({"chair_id": "chair-2", "which": "all"}, lambda row: row["chair_id"] == "chair-2"),
    ({"team": "Team 2"}, lambda row: track(row) == "care" and row["child"]["team"] == "Team 2"),
    ({"remand": True}, lambda row: row["child"]["legal_status"] == "J1"),
    ({"remand": False}, lambda row: track(row) == "care" and row["child"]["legal_status"] != "J1"),
]


async def test_every_number_of_every_table_is_what_one_counts_by_hand(office: Office) -> None:
    await keep(office)
    within_years = [part for part in PARTS if FIRST <= part["held_on"] <= LAST]
    assert len(within_years) < len(PARTS), "some lie before and after"
    for query, is_wanted in FILTERS:
        wanted = [part for part in within_years if is_wanted(part)]
        for by, key_of in KEYS.items():
            *rows, total = await table(office, period=YEARS[0], until=YEARS[1], by=by, **query)
            shown = [
                {name: value for name, value in row.items() if not name.startswith("cumulative")}
                for row in (*rows, total)
            ]
            assert shown.pop() == counted(None, wanted)
            keys = sorted({key_of(part) for part in wanted})
            expected = [counted(key, [part for part in wanted if key_of(part) == key]) for key in keys]
            assert [row for row in shown if row["child_reviews"]] == expected
            if by in {str(period) for period in PERIODS}:
                assert [row["cumulative"] for row in rows] == [
                    sum(row["child_reviews"] for row in rows[: number + 1]) for number in range(len(rows))
                ]


async def test_a_calendar_year_accumulates_to_the_sum_of_its_months(office: Office) -> None:
    await keep(office)
    *months, total = await table(office, period="2019", by="month")
    (year, same) = await table(office, period="2019", by="calendar_year")
    assert [row["key"] for row in months] == [f"2019-{number:02}" for number in range(1, 13)]
    assert months[-1]["cumulative"] == year["cumulative"] == total["child_reviews"] == same["child_reviews"]
    assert sum(row["reviews"] for row in months) == total["reviews"], "a meeting is on one day"
    assert sum(row["children"] for row in months) > total["children"], "distinct children do not add up"


@pytest.mark.parametrize("from_age", [0, 5, 12, 17])
async def test_the_age_from_which_participation_is_told_changes_only_that(office: Office, from_age: int) -> None:
    await keep(office)
    wanted = [part for part in PARTS if FIRST <= part["held_on"] <= LAST and track(part) == "care"]
    query = {"period": YEARS[0], "until": YEARS[1], "by": "financial_year", "participation_age": from_age}
    total = (await table(office, **query))[-1]
    assert total == counted(None, wanted, from_age) | {"cumulative": None, "cumulative_reviews": None}
    answer = await office.get(PATH, **query)
    assert answer["participation_age"] == from_age


async def test_cumulative_counts_begin_again_each_year_that_was_asked_for(office: Office) -> None:
    await keep(office)
    query = {"period": YEARS[0], "until": YEARS[1], "by": "month"}
    *months, _ = await table(office, restart="calendar_year", **query)
    for up, counted_up in (("cumulative", "child_reviews"), ("cumulative_reviews", "reviews")):
        for row in months:
            since_january = [one for one in months if row["key"][:4] == one["key"][:4] and one["key"] <= row["key"]]
            assert row[up] == sum(one[counted_up] for one in since_january)
    *quarters, _ = await table(office, restart="financial_year", **query | {"by": "quarter"})
    firsts = [row for row in quarters if row["key"].endswith("Q1")]
    assert all(row["cumulative"] == row["child_reviews"] for row in firsts) and len(firsts) == 2


async def test_each_number_stands_beside_the_period_before_where_that_is_asked_for(office: Office) -> None:
    await keep(office)
    for by in ("month", "area"):
        before, now = [await table(office, period=year, by=by) for year in YEARS]
        answer = await office.get(PATH, period=YEARS[1], by=by, compare=True)
        assert answer["rows"] == now
        was = {row["key"]: row for row in before}
        for place, (row, beside) in enumerate(zip(now, answer["compared"], strict=True)):
            earlier = before[place] if by == "month" else was[row["key"]]
            assert (beside["key"], beside["before_key"]) == (row["key"], earlier["key"])
            assert beside["before"]["timeliness"] == earlier["timeliness"]
            assert beside["before"]["child_reviews"] == earlier["child_reviews"]
            assert beside["change"]["children"] == rate(row["children"] - earlier["children"], earlier["children"])
            assert beside["share"]["in_time"] == rate(row["in_time"], now[-1]["in_time"])
    assert (await office.get(PATH, period=YEARS[1]))["compared"] is None
    first = await office.ask("GET", PATH, params={"period": "2012-13", "by": "month", "compare": True})
    assert list(office.problem(first)) == ["period"], "there is no financial year 2011-12"


async def test_small_numbers_are_left_out_so_that_none_can_be_worked_out(office: Office) -> None:
    await keep(office)
    for by in KEYS:
        query = {"period": YEARS[0], "until": YEARS[1], "by": by, "which": "all"}
        open_rows, rows = await table(office, **query), await table(office, suppress=True, **query)
        hidden = [row["key"] for row in rows if row["child_reviews"] is None]
        small = [row["key"] for row in open_rows if row["key"] and 0 < row["child_reviews"] < 5]
        assert set(small) <= set(hidden)
        assert len(hidden) != 1, "the total would give a single one away"
        for row in rows:
            if row["key"] in hidden:
                assert {value for name, value in row.items() if name != "key"} == {None}
            if hidden:
                assert row["cumulative"] is None


WRONG = [
    ({"period": "2019-04", "by": "quarter"}, "by"),
    ({"period": "2019", "by": "half"}, "by"),
    ({"period": "2019", "by": "child"}, "by"),
    ({"period": "soon"}, "period"),
    ({"period": "2019-20", "until": "2018-19"}, "until"),
    ({"period": "2019-20", "until": "later"}, "until"),
    ({"period": "2019", "participation_age": "18"}, "participation_age"),
    ({"period": "2019", "which": "others"}, "which"),
    ({"by": "month"}, "period"),
]


@pytest.mark.parametrize(("query", "field"), WRONG)
async def test_a_wrong_question_is_refused_by_its_field(office: Office, query: JSON, field: str) -> None:
    assert list(office.problem(await office.ask("GET", PATH, params=query))) == [field]


async def test_no_year_that_has_a_name_breaks_a_table(office: Office) -> None:
    for period in ("9999", "9999-12", "9999-Q3", "9998-99", "1901", "0001"):
        for path in (PATH, f"{PATH}/activity"):
            answer = await office.ask("GET", path, params={"period": period})
            assert answer.status_code in {200, 422}, (period, path)
    assert (await office.ask("GET", PATH, params={"period": "2019"}, role=Role.SOCIAL_WORK_MANAGER)).status_code == 403


async def activity(office: Office, **query: Any) -> dict[str, JSON]:
    """Population and activity by period, which keep to their schema."""
    answer = await office.ask("GET", f"{PATH}/activity", role=Role.PERFORMANCE_ANALYST, params=query)
    assert answer.status_code == 200, answer.text
    ActivitiesOut.model_validate_json(answer.content, strict=True)
    return {row["key"]: row for row in answer.json()["rows"]}


async def test_activity_is_counted_for_a_team_and_for_a_chair_as_well(office: Office) -> None:
    await keep(office)
    whole = await activity(office, period=YEARS[0])
    parts = [await activity(office, period=YEARS[0], team=team) for team in ("Team 1", "Team 2")]
    for key, row in whole.items():
        without = len([child for child in looked_after(parse(key).last) if child["team"] is None])
        assert row["looked_after"] == sum(part[key]["looked_after"] for part in parts) + without
    assert {row["looked_after"] for row in (await activity(office, period=YEARS[0], chair_id="nobody")).values()} == {0}


async def test_small_numbers_of_activity_are_left_out_with_what_would_tell_them(office: Office) -> None:
    await keep(office)
    query = {"period": YEARS[0], "until": YEARS[1]}
    open_rows, rows = await activity(office, **query), await activity(office, suppress=True, **query)
    hidden = 0
    for key, row in open_rows.items():
        for name in ActivityOut.OF_PEOPLE:
            if 0 < row[name] < 5:
                assert rows[key][name] is None, (key, name)
                hidden += 1
        assert (rows[key]["started"] is None) == (rows[key]["ceased"] is None), key
        assert rows[key]["visits"] == row["visits"]
    assert hidden


def looked_after(day: date, status: str | None = None, area: str | None = None) -> list[Part]:
    """Who is looked after at the end of a day: nobody of the history leaves care unless it says so."""
    return [
        child
        for child in CHILDREN
        if child["period_starts_on"] <= day and (child["period_ends_on"] is None or child["period_ends_on"] > day)
        if (child["legal_status"] == "V4") == (status == "V4") and area in {None, child["area_id"]}
    ]


async def test_the_population_is_that_of_a_walk_day_by_day(office: Office) -> None:
    await keep(office)
    for area in (None, "north"):
        query = {"period": YEARS[0], "until": YEARS[1]} | ({"area_id": area} if area else {})
        rows = await activity(office, **query)
        assert len(rows) == 24
        for key, row in rows.items():
            period = parse(key)
            days = [period.first + timedelta(days=number) for number in range((period.last - period.first).days + 1)]
            of_area = [
                child for child in CHILDREN if area in {None, child["area_id"]} and child["legal_status"] != "V4"
            ]
            assert row["looked_after"] == len(looked_after(period.last, area=area))
            assert row["short_breaks"] == len(looked_after(period.last, "V4", area))
            assert row["started"] == sum(child["period_starts_on"] in days for child in of_area)
            assert row["ceased"] == sum(child["period_ends_on"] in days for child in of_area)
            assert row["last_day"] == period.last.isoformat()
    quarters = await activity(office, period="2019-20", by="quarter")
    months = await activity(office, period="2019-20")
    assert quarters["2019-Q4"]["looked_after"] == months["2020-03"]["looked_after"]
    assert sum(row["started"] for row in quarters.values()) == sum(row["started"] for row in months.values())
    refused = await office.ask("GET", f"{PATH}/activity", params={"period": "2019-04", "by": "quarter"})
    assert list(office.problem(refused)) == ["by"]


async def test_visits_checks_decisions_and_feedback_are_counted_where_they_happened(office: Office) -> None:
    await keep(office)
    seen = [child for child in looked_after(date(2019, 2, 1)) if child["period_ends_on"] is None][:3]
    # A visit lasts until the corresponding date: that of 28 February until 28 August, that of 30 March until 30 September.
    days = [date(2019, 2, 28), date(2019, 3, 1), date(2019, 3, 30)]
    for looked_after_child, day in zip(seen, days, strict=True):
        for kind in ("visit", "telephone"):
            body = {"kind": kind, "happened_on": day.isoformat(), "made_by": "chair-1"}
            path = f"/v1/children/{looked_after_child['person_id']}/contacts"
            assert (await office.ask("POST", path, body)).status_code == 201
    rows = await activity(office, period="2019")
    assert [rows[f"2019-{month:02}"]["visits"] for month in (1, 2, 3, 4)] == [0, 1, 2, 0]
    within_six = {key: row["visited_within_6_months"] for key, row in rows.items()}
    for key, many in within_six.items():
        last = parse(key).last
        assert many == sum(day <= last <= add_months(day, 6) for day in days)
    assert within_six["2019-08"] == 2
    year = (await activity(office, period="2019", by="calendar_year"))["2019"]
    assert year["visits"] == 3


async def test_directors_decisions_are_counted_on_the_day_of_the_decision(office: Office) -> None:
    since, day = date(2019, 6, 3), date(2019, 9, 30)
    for number, years in enumerate((16, 17, 10)):
        born_on = add_months(day, -12 * years - 1).isoformat()
        await office.registered(f"D{number}", since=since, status="V2", born_on=born_on)
        path = f"/v1/children/D{number}/leaving-care-decisions"
        asked = (await office.ask("POST", path, {"requested_on": day.isoformat()})).json()
        body = {
            "approved": number == 0,
            "decided_by": "Officer",
            "decided_on": (day + timedelta(days=number)).isoformat(),
        }
        decided = f"/v1/leaving-care-decisions/{asked['id']}/decide"
        assert (await office.ask("POST", decided, body, version=1)).status_code == 200
    rows = await activity(office, period="2019-20")
    found = {key: (row["directors_decisions"], row["nominated_officers_decisions"]) for key, row in rows.items()}
    assert {key: many for key, many in found.items() if many != (0, 0)} == {"2019-09": (1, 0), "2019-10": (1, 1)}
