"""Figures: all tables agree with each other, and with counting by hand."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.periods import PeriodKind, parse, within
from services.escalations.figures.schemas import EscalationFigureOut, EscalationFiguresOut
from tests.support.clocks import until
from tests.support.escalations.desk import Desk, wrong_fields
from tests.support.escalations.invented import Record, invented, keep

PATH = "/v1/figures/escalations"
YEAR = parse("2019-20")


async def table(desk: Desk, period: str = YEAR.label, **query: Any) -> EscalationFiguresOut:
    """A table of figures."""
    answer = await desk.get(PATH, role=Role.PERFORMANCE_ANALYST, period=period, **query)
    assert answer.status_code == 200, answer.text
    return EscalationFiguresOut.model_validate_json(answer.content, strict=True)


def rate(part: int, whole: int) -> float | None:
    """A share with four digits after the point."""
    return float((Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP)) if whole else None


def counted(key: str | None, records: list[Record], today: date) -> EscalationFigureOut:
    """A row as somebody would count it by hand."""
    answered = [record for record in records if record["answer"]]
    still_open = [record for record in records if record["closed_on"] is None]
    resolved = [record for record in records if record["state"] == "resolved"]
    days_to_resolve = [(record["closed_on"] - record["raised_on"]).days for record in resolved]
    days = [(record["first_answered_on"] - record["raised_on"]).days for record in answered]
    return EscalationFigureOut(
        key=key,
        raised=len(records),
        cumulative=None,
        answered=len(answered),
        unanswered=len(records) - len(answered),
        open=len(still_open),
        overdue=sum(record["due_on"] < today for record in still_open),
        resolved=len(resolved),
        withdrawn=len(records) - len(still_open) - len(resolved),
        response_rate=rate(len(answered), len(records)),
        resolved_rate=rate(len(resolved), len(records)),
        withdrawn_rate=rate(len(records) - len(still_open) - len(resolved), len(records)),
        open_rate=rate(len(still_open), len(records)),
        median_days_to_answer=median(days) if days else None,
        median_days_to_resolve=median(days_to_resolve) if days_to_resolve else None,
    )


def label_of(kind: PeriodKind) -> Callable[[Record], str]:
    """Which part of the year an escalation belongs to."""
    parts = within(kind, YEAR.first, YEAR.last)
    return lambda record: next(part.label for part in parts if part.first <= record["raised_on"] <= part.last)


KEYS: dict[str, Callable[[Record], str | None]] = {
    "month": label_of(PeriodKind.MONTH),
    "quarter": label_of(PeriodKind.QUARTER),
    "half": label_of(PeriodKind.HALF),
    "financial_year": label_of(PeriodKind.FINANCIAL_YEAR),
    "kind": lambda record: record["kind"],
    "agency": lambda record: record["agency_id"],
    "agency_role": lambda record: record["agency_role"],
    "area": lambda record: record["area_id"],
    "theme": lambda record: record["theme"],
    "reason": lambda record: record["reason"],
    "stage": lambda record: str(record["stage"]),
    "owner": lambda record: record["owner_id"],
}
PERIODS = ("month", "quarter", "half", "financial_year")
WHICH: list[tuple[dict[str, str], Callable[[Record], bool]]] = [
    ({}, lambda _: True),
    ({"kind": "care_planning"}, lambda record: record["kind"] == "care_planning"),
    ({"agency_id": "schools"}, lambda record: record["agency_id"] == "schools"),
    ({"chair_id": "chair-2"}, lambda record: record["owner_id"] == "chair-2"),
    (
        {"area_id": "south", "kind": "conference_contribution"},
        lambda record: record["area_id"] == "south" and record["kind"] == "conference_contribution",
    ),
]


async def test_every_table_agrees_with_a_count_by_hand(desk: Desk) -> None:
    chance = random.Random(500)
    records = [invented(chance, number, YEAR.first, 366) for number in range(500)]
    before_and_after = [
        invented(chance, 9001, YEAR.first - timedelta(days=1), 1),
        invented(chance, 9002, YEAR.last + timedelta(days=1), 1),
    ]
    await keep(desk, records + before_and_after)
    # On this day some are overdue and some are not yet.
    today = date(2020, 2, 14)
    with clock.shifted(until(today)):
        for query, is_wanted in WHICH:
            wanted = [record for record in records if is_wanted(record)]
            for by, key_of in KEYS.items():
                found = await table(desk, by=by, **query)
                *rows, total = found.rows
                assert total == counted(None, wanted, today)
                keys = sorted({key for record in wanted if (key := key_of(record))})
                expected = [counted(key, [record for record in wanted if key_of(record) == key], today) for key in keys]
                assert [row.model_copy(update={"cumulative": None}) for row in rows if row.raised] == expected
                assert all((by in PERIODS) == (row.cumulative is not None) for row in rows)
                if by in PERIODS:
                    assert rows[-1].cumulative == total.raised
    assert (found.first_day, found.last_day, found.suppressed_below) == (YEAR.first, YEAR.last, None)


async def test_periods_without_any_are_there_and_counts_accumulate(desk: Desk) -> None:
    chance = random.Random(3)
    days = [date(2019, 4, 30), date(2019, 5, 1), date(2019, 5, 31), date(2020, 3, 31)]
    await keep(desk, [invented(chance, number, day, 1) for number, day in enumerate(days)])
    months = (await table(desk, by="month")).rows[:-1]
    assert [row.key for row in months] == [part.label for part in within(PeriodKind.MONTH, YEAR.first, YEAR.last)]
    assert [row.raised for row in months] == [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert [row.cumulative for row in months] == [1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4]
    assert [row.response_rate for row in months[2:5]] == [None, None, None]
    quarters = (await table(desk, by="quarter")).rows[:-1]
    assert [(row.key, row.cumulative) for row in quarters] == [
        ("2019-Q1", 3),
        ("2019-Q2", 3),
        ("2019-Q3", 3),
        ("2019-Q4", 4),
    ]
    two_months = await table(desk, "2019-04", until="2019-05", by="month")
    assert [(row.key, row.raised) for row in two_months.rows] == [("2019-04", 1), ("2019-05", 2), (None, 3)]
    assert two_months.last_day == date(2019, 5, 31)
    calendar = (await table(desk, "2019", by="calendar_year")).rows
    assert [(row.key, row.raised) for row in calendar] == [("2019", 3), (None, 3)]
    assert [row.raised for row in (await table(desk, "2018-19")).rows] == [0] * 13


QUESTIONS: list[tuple[dict[str, Any], str]] = [
    # No period at all.
    ({"period": "soon"}, "period"),
    # A month that no year has.
    ({"period": "2019-13"}, "period"),
    # Financial years run over two years that follow each other.
    ({"period": "2019-21"}, "period"),
    # A month is not made of quarters, and a calendar year not of halves.
    ({"period": "2019-04", "by": "quarter"}, "by"),
    ({"period": "2019", "by": "half"}, "by"),
    # Rows that nobody thought of.
    ({"period": "2019", "by": "child"}, "by"),
    ({"by": "month"}, "period"),
]


async def test_a_wrong_question_is_refused_by_its_field(desk: Desk) -> None:
    for query, field in QUESTIONS:
        assert (query, wrong_fields(await desk.get(PATH, **query))) == (query, [field])
    assert wrong_fields(await desk.get("/v1/figures/informal", period="soon")) == ["period"]


async def test_small_counts_are_left_out_when_asked_for(desk: Desk) -> None:
    chance = random.Random(5)
    agencies = Counter({"surgeries": 60, "schools": 20, "police": 12, "housing": 4})
    await keep(
        desk,
        [
            invented(chance, number, YEAR.first, 366) | {"agency_id": agency}
            for number, agency in enumerate(agencies.elements())
        ],
    )
    found = await table(desk, by="agency", suppress=True)
    assert found.suppressed_below == 5
    assert {row.key for row in found.rows if row.raised is None} == {"police", "housing"}
    assert found.rows[-1].raised == agencies.total()
