"""History imported and history lived give the same, and every figure is what one counts by hand."""

import csv
import io
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.working_days import add_months
from tests.support.clocks import until
from tests.support.reviews.known import care_of
from tests.support.reviews.office import JSON, Office, days_ago, working_day

ELSEWHERE = "Kept in the earlier system."
CHILD = {
    "given_name": "Merrin",
    "family_name": "Planted",
    "born_on": days_ago(10 * 366).isoformat(),
    "area_id": "north",
    "manager_id": "swm-1",
    "chair_id": "chair-1",
    "legal_status": "C2",
    "placement": "U4",
}


def text(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    found = io.StringIO()
    writer = csv.DictWriter(found, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return found.getvalue()


async def send(office: Office, what: str, rows: list[dict[str, Any]], **query: Any) -> JSON:
    headers = office.client.as_(Role.ADMINISTRATOR, subject="admin-1") | {"Content-Type": "text/csv"}
    if what == "care":
        rows = await care_of(office, rows)
    answer = await office.client.post(f"/v1/{what}/import", content=text(rows), headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def child(person_id: str, since: date, **more: Any) -> dict[str, Any]:
    begins = {"period_starts_on": since.isoformat(), "episode_starts_on": since.isoformat()}
    return {"person_id": person_id} | CHILD | begins | more


def review(meeting: str, person_id: str, held_on: date, **more: Any) -> dict[str, Any]:
    row = {"meeting": meeting, "held_on": held_on.isoformat(), "chair_id": "chair-1", "person_id": person_id}
    return row | {"participation": "PN1", "attended": "true", "seen_alone": "true", "next_step": "continue"} | more


@pytest.mark.parametrize(
    ("second", "field"),
    [
        ({}, "episode_starts_on"),
        ({"chair_id": "chair-2", "episode_starts_on": days_ago(9)}, "chair_id"),
        ({"reviews_before": "3", "episode_starts_on": days_ago(9)}, "reviews_before"),
        ({"period_ends_on": days_ago(1), "episode_starts_on": days_ago(9)}, "period_ends_on"),
    ],
)
async def test_rows_of_a_child_that_contradict_each_other_are_refused(
    office: Office, second: dict[str, Any], field: str
) -> None:
    first = child("P1", days_ago(20))
    report = await send(office, "care", [first, first | {name: str(said) for name, said in second.items()}])
    assert (report["imported"], [(row["row"], row["field"]) for row in report["problems"]]) == (0, [(3, field)])


@pytest.mark.parametrize(
    ("second", "fits"),
    [
        ({"venue": "Quay Row"}, True),
        ({"venue": ""}, True),
        ({"venue": "Mill Lane"}, False),
        ({"early_trigger": "chair_asked"}, False),
    ],
)
async def test_rows_of_a_meeting_say_the_same_of_it(office: Office, second: dict[str, Any], *, fits: bool) -> None:
    since, held_on = days_ago(90), working_day(days_ago(70))
    await send(office, "care", [child("P1", since), child("P2", since)])
    rows = [review("M1", "P1", held_on, venue="Quay Row"), review("M1", "P2", held_on) | second]
    report = await send(office, "reviews", rows)
    assert (report["imported"] == 2) is fits, report
    assert fits or [(row["row"], row["field"]) for row in report["problems"]] == [(3, "meeting")]


async def test_what_a_later_row_of_a_child_leaves_empty_is_as_before(office: Office) -> None:
    first = child("P1", days_ago(20), unaccompanied="true")
    later = first | {"chair_id": "", "unaccompanied": "", "episode_starts_on": days_ago(9).isoformat()}
    report = await send(office, "care", [first, later])
    assert (report["imported"], report["problems"]) == (2, [])


async def test_history_that_is_imported_equals_history_that_was_lived(office: Office) -> None:
    since, days = days_ago(400), [working_day(days_ago(count)) for count in (380, 290, 120)]
    await send(office, "care", [child("P1", since)])
    report = await send(office, "reviews", [review(f"M{number}", "P1", day) for number, day in enumerate(days)])
    assert (report["imported"], report["problems"]) == (3, [])
    with clock.shifted(until(since)):
        await office.registered("P2", since=since, born_on=CHILD["born_on"])
    for day in days:
        with clock.shifted(until(day)):
            await office.held("P2", on=day)
    columns = "kind, track, due_on, event_on, rule, held_on, in_time, age, next_due_on, record_due_on"
    query = f"SELECT {columns} FROM child_review WHERE person_id = $1 ORDER BY held_on"
    assert await office.rows(query, "P1") == await office.rows(query, "P2")
    imported, lived = await office.owed("P1"), await office.owed("P2")
    assert imported["review", "later"]["due_on"] == lived["review", "later"]["due_on"]
    assert imported["review", "later"]["due_on"] == add_months(days[-1], 6).isoformat()


async def test_what_was_decided_and_written_is_imported_with_the_review(office: Office) -> None:
    held, sent = days_ago(40), days_ago(36).isoformat()
    await send(office, "care", [child("P1", days_ago(60)), child("P2", days_ago(60))])
    said = {
        "decisions": "Book an eye test.;Renew the plan.",
        "decision_owners": "The carers;The school",
        "decisions_due_on": f"{days_ago(9)};{days_ago(2)}",
        "manager": "objected",
        "objection": "There is no money for it.",
        "settlement": "It was found.",
        "record_text": "All is well.",
        "child_text": "You are doing well.",
        "distributed_to": "The parents;The carers",
    }
    days = {"decisions_on": sent, "record_on": sent, "distributed_on": sent}
    for wrong in ({"decision_owners": "The carers"}, {"decisions_due_on": f"{days_ago(9)}"}, {"objection": ""}):
        assert (await send(office, "reviews", [review("M1", "P1", held, **said, **days) | wrong]))["imported"] == 0
    rows = [review("M1", "P1", held, **said, **days), review("M2", "P2", held, **days, manager="objected")]
    assert (await send(office, "reviews", rows))["problems"] == []
    columns = "number, decision, owner, due_on, state, objection, settlement"
    decisions = await office.rows(f"SELECT {columns} FROM decision ORDER BY person_id, number")
    assert [tuple(row.values()) for row in decisions] == [
        (1, "Book an eye test.", "The carers", days_ago(9), "settled", "There is no money for it.", "It was found."),
        (2, "Renew the plan.", "The school", days_ago(2), "agreed", None, None),
        (1, ELSEWHERE, ELSEWHERE, None, "objected", ELSEWHERE, None),
    ]
    pages = {}
    for part in await office.rows("SELECT person_id, reference FROM child_review"):
        page = await office.ask("GET", f"/v1/reviews/{part['reference']}/record.html")
        pages[part["person_id"]] = page.text
    for words in ("All is well.", "You are doing well.", "Renew the plan.", "The parents"):
        assert words in pages["P1"]
    assert ELSEWHERE not in pages["P1"]
    assert f"<p>{ELSEWHERE}</p>" in pages["P2"]


def check(person_id: str, done_on: date, **more: Any) -> dict[str, Any]:
    return {"person_id": person_id, "done_on": done_on.isoformat(), "done_by": "chair-1", "on_track": "true"} | more


async def test_each_imported_check_belongs_to_the_last_review_held_by_its_day(office: Office) -> None:
    since, held = days_ago(400), [days_ago(380), days_ago(290), days_ago(120)]
    await send(office, "care", [child("P1", since)])
    await send(office, "reviews", [review(f"M{number}", "P1", day) for number, day in enumerate(held)])
    rows = [check("P1", days_ago(count)) for count in (340, 200, 1)]
    wrong = [check("P1", days_ago(390)), check("P1", days_ago(330)), check("P9", days_ago(1))]
    for dry_run in (False, True):
        report = await send(office, "midpoint-checks", rows + wrong, dry_run=dry_run)
        assert report["imported"] == 0
        assert [(problem["row"], problem["field"]) for problem in report["problems"]] == [
            (5, "done_on"),
            (6, "done_on"),
            (7, "person_id"),
        ]
        assert await office.rows("SELECT id FROM midpoint_check") == []
    assert ("midpoint", "midpoint") in await office.owed()
    assert (await send(office, "midpoint-checks", rows))["imported"] == 3
    kept = await office.rows("SELECT reviewed_on, done_by FROM midpoint_check ORDER BY reviewed_on")
    assert [(row["reviewed_on"], row["done_by"]) for row in kept] == [(day, "chair-1") for day in held]
    assert ("midpoint", "midpoint") not in await office.owed()
    assert len(await office.audited("import_midpoint_checks")) == 1


async def test_the_next_visit_is_due_after_the_last_that_is_imported(office: Office) -> None:
    await send(office, "care", [child("P1", days_ago(400)), child("P2", days_ago(400))])
    rows = [
        {"person_id": person_id, "kind": kind, "happened_on": days_ago(count).isoformat(), "made_by": "chair-1"}
        for person_id, kind, count in (("P1", "visit", 90), ("P1", "letter", 5), ("P2", "visit", 30))
    ]
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    wrong = [rows[0] | {"person_id": "P9"}, rows[0] | {"happened_on": tomorrow}]
    report = await send(office, "contacts", rows + wrong)
    assert (report["imported"], {problem["field"] for problem in report["problems"]}) == (
        0,
        {"person_id", "happened_on"},
    )
    assert (await send(office, "contacts", rows))["imported"] == 3
    for person_id, count in (("P1", 90), ("P2", 30)):
        owed = (await office.owed(person_id))["visit", "visit"]
        assert owed["due_on"] == add_months(days_ago(count), 6).isoformat()
    assert len(await office.audited("import_contacts")) == 1


async def test_a_contact_that_is_there_already_is_refused(office: Office) -> None:
    await send(office, "care", [child("P1", days_ago(400))])
    day = days_ago(90).isoformat()
    visit = {"person_id": "P1", "kind": "visit", "happened_on": day, "made_by": "chair-1", "note": ""}
    twice = await send(office, "contacts", [visit, visit | {"kind": "letter"}, visit])
    (problem,) = twice["problems"]
    assert (twice["imported"], problem["row"], problem["field"]) == (0, 4, "happened_on")
    assert problem["reason"].startswith("Row 2 says the same.")
    rows = [visit, visit | {"note": "In the evening."}]
    assert (await send(office, "contacts", rows))["imported"] == 2
    again = await send(office, "contacts", rows)
    assert (again["imported"], [problem["row"] for problem in again["problems"]]) == (0, [2, 3])


async def test_of_imported_children_those_who_are_looked_after_today_are_told_and_the_past_is_not(
    office: Office,
) -> None:
    since, left = days_ago(400), days_ago(30)
    rows = [child("P1", since), child("P2", since, period_ends_on=left.isoformat())]
    await send(office, "care", rows, dry_run=True)
    assert await office.published("looked_after_child.registered") == []
    await send(office, "care", rows)
    await send(office, "reviews", [review("M1", "P1", working_day(days_ago(380)))])
    (event,) = await office.published("looked_after_child.registered")
    assert (event["person_id"], event["looked_after_since"]) == ("P1", since.isoformat())
    assert await office.published("looked_after_child.ceased") == []
    assert await office.published("review.held") == []


WRONG_ROWS = {
    "a code that does not fit the age": ({"participation": "PN0"}, "participation"),
    "somebody who is not known": ({"person_id": "P9"}, "person_id"),
    "a chair who is not known": ({"chair_id": "nobody"}, "chair_id"),
    "before the child came": ({"held_on": days_ago(500).isoformat()}, "held_on"),
    "a day to come": ({"held_on": (clock.today() + timedelta(days=3)).isoformat()}, "held_on"),
    "decisions before the review": ({"decisions_on": days_ago(399).isoformat(), "manager": "agreed"}, ""),
    "no such code": ({"participation": "PN9"}, "participation"),
    "a sequence that follows from the records": ({"sequence": "care"}, ""),
}


@pytest.mark.parametrize(("wrong", "field"), WRONG_ROWS.values(), ids=WRONG_ROWS)
async def test_one_wrong_row_is_named_and_nothing_is_imported(office: Office, wrong: JSON, field: str) -> None:
    await send(office, "care", [child("P1", days_ago(400))])
    rows = [review("M1", "P1", days_ago(380)), review("M2", "P1", days_ago(290)) | wrong]
    report = await send(office, "reviews", rows)
    assert report["imported"] == 0
    assert {(problem["row"], problem["field"]) for problem in report["problems"]} == {(3, field)}, report["problems"]
    assert await office.rows("SELECT * FROM review") == []


async def test_a_dry_run_only_checks(office: Office) -> None:
    report = await send(office, "care", [child("P1", days_ago(400))], dry_run="true")
    assert (report["rows"], report["imported"], report["problems"]) == (1, 0, [])
    assert await office.rows("SELECT * FROM looked_after_child") == []


async def test_a_dry_run_of_past_reviews_uses_up_no_reference(office: Office) -> None:
    await send(office, "care", [child("P1", days_ago(400))])
    report = await send(office, "reviews", [review("M1", "P1", days_ago(380))], dry_run="true")
    assert (report["rows"], report["imported"], report["problems"]) == (1, 0, [])
    assert await office.rows("SELECT * FROM chassis.reference_counter") == []


async def test_children_are_imported_with_every_period_and_episode(office: Office) -> None:
    first, second = days_ago(900), days_ago(300)
    rows = [
        child("P1", first, period_ends_on=days_ago(600).isoformat(), siblings="P2;P3"),
        child("P1", second, episode_starts_on=second.isoformat()),
        child("P1", second, episode_starts_on=days_ago(20).isoformat(), placement="K1"),
        child("P2", second, reviews_before="4", reviewed_before_on=days_ago(100).isoformat()),
    ]
    report = await send(office, "care", rows)
    assert (report["imported"], report["problems"]) == (4, [])
    found = await office.get("/v1/children/P1/care")
    assert [len(period["episodes"]) for period in found["periods_of_care"]] == [1, 2]
    assert (found["siblings"], found["secure_since"]) == (["P2", "P3"], days_ago(20).isoformat())
    owed = await office.owed("P1")
    assert owed["review", "secure_first"]["due_on"] == add_months(days_ago(20), 1).isoformat()
    assert (await office.owed("P2"))["review", "later"]["due_on"] == add_months(days_ago(100), 6).isoformat()


async def lived(office: Office) -> list[dict[str, Any]]:
    """A small history of which everything is known."""
    ages = {"P1": 10, "P2": 10, "P3": 2, "P4": 12, "P5": 9}
    children = [
        child(name, date(2018, 1, 8), born_on=add_months(date(2018, 1, 8), -12 * age).isoformat())
        | ({"legal_status": "V4", "placement": "K2"} if name == "P5" else {})
        | ({"legal_status": "J1"} if name == "P4" else {})
        for name, age in ages.items()
    ]
    await send(office, "care", children)
    reviews = [
        review("A", "P1", date(2018, 2, 2)),
        review("A", "P2", date(2018, 2, 2), participation="PN6", attended="false"),
        review("B", "P3", date(2018, 2, 5), participation="PN0", attended="false", seen_alone="false"),
        review("C", "P4", date(2018, 3, 1), participation="PN7", attended="false", seen_alone=""),
        review("D", "P5", date(2018, 3, 20)),
        review("E", "P1", date(2018, 5, 2), decisions_on="2018-05-04", manager="agreed", record_on="2018-05-20", distributed_on="2018-05-29"),
        review("F", "P2", date(2018, 5, 2), decisions_on="2018-05-14", manager="objected", record_on="2018-06-20"),
        review("G", "P1", date(2018, 10, 30)),
    ]  # fmt: skip
    report = await send(office, "reviews", reviews)
    assert report["problems"] == []
    return reviews


async def figures(office: Office, **query: Any) -> list[JSON]:
    found = await office.get("/v1/figures/reviews", **query)
    return list(found["rows"])


async def test_every_figure_is_what_one_counts_by_hand(office: Office) -> None:
    reviews = [row for row in await lived(office) if row["person_id"] != "P5"]
    rows = await figures(office, period="2018", by="month")
    by_month = Counter(row["held_on"][:7] for row in reviews)
    meetings = Counter(held_on[:7] for _, held_on in {(row["meeting"], row["held_on"]) for row in reviews})
    assert {row["key"]: row["child_reviews"] for row in rows if row["child_reviews"] and row["key"]} == by_month
    assert {row["key"]: row["reviews"] for row in rows if row["reviews"] and row["key"]} == meetings
    total = rows[-1]
    assert (total["key"], total["reviews"], total["child_reviews"], total["children"]) == (None, 6, 7, 4)
    assert rows[-2]["cumulative"] == 7
    # P4 was due on 5 February and held on 1 March; the others were in time.
    assert (total["in_time"], total["late"], total["timeliness"]) == (6, 1, round(6 / 7, 4))
    # Of age are all but P3; P4 conveyed nothing.
    assert (total["of_age"], total["participated"], total["participation"]) == (6, 5, round(5 / 6, 4))
    assert (total["attended"], total["seen_alone"], total["attendance_known"]) == (4, 5, 6)
    # Decisions of E in time; F late; the other five were never written.
    assert (total["decisions_in_time"], total["decisions_late"], total["objected"]) == (1, 6, 1)
    assert (total["records_in_time"], total["records_late"]) == (1, 6)
    assert (total["distributed_in_time"], total["distributed_late"]) == (1, 6)


async def test_every_table_of_a_year_has_the_same_total(office: Office) -> None:
    await lived(office)
    for which in ("looked_after", "short_breaks", "all"):
        totals = []
        for by in ("month", "calendar_year", "kind", "sequence", "chair", "area", "age_band", "participation"):
            rows = await figures(office, period="2018", by=by, which=which)
            assert sum(row["child_reviews"] for row in rows if row["key"]) == rows[-1]["child_reviews"]
            totals.append({name: value for name, value in rows[-1].items() if name != "cumulative"})
        assert all(total == totals[0] for total in totals)
    assert (await figures(office, period="2018", which="short_breaks"))[-1]["child_reviews"] == 1
    assert (await figures(office, period="2018", remand="true"))[-1]["child_reviews"] == 1
    of_all_ages = (await figures(office, period="2018", participation_age=0))[-1]
    assert (of_all_ages["of_age"], of_all_ages["participated"]) == (7, 5)
    years = await figures(office, period="2017-18", until="2018-19", by="financial_year")
    assert [(row["key"], row["child_reviews"]) for row in years] == [("2017-18", 4), ("2018-19", 3), (None, 7)]
    suppressed = await figures(office, period="2018", by="kind", suppress="true")
    assert [row["child_reviews"] for row in suppressed if row["key"]] == [None] * (len(suppressed) - 1)
    refused = await office.ask("GET", "/v1/figures/reviews", params={"period": "2018-04", "by": "quarter"})
    assert office.problem(refused) == {"by": "divides_period"}


async def test_the_population_of_a_day_is_what_one_counts_by_hand(office: Office) -> None:
    await lived(office)
    await office.ask("POST", "/v1/children/P1/contacts", {"kind": "visit", "happened_on": "2018-05-20"})
    rows = (await office.get("/v1/figures/reviews/activity", period="2018"))["rows"]
    by_month = {row["key"]: row for row in rows}
    assert (by_month["2018-01"]["looked_after"], by_month["2018-01"]["short_breaks"]) == (4, 1)
    assert [by_month[key]["started"] for key in ("2018-01", "2018-02")] == [4, 0]
    assert [by_month[key]["visited_within_6_months"] for key in ("2018-04", "2018-05", "2018-11")] == [0, 1, 0]


async def test_the_calculator_agrees_with_worked_examples(office: Office) -> None:
    for event, day, kind, due in (
        ("became_looked_after", "2019-04-01", "first", "2019-05-01"),
        ("became_looked_after", "2023-04-14", "first", "2023-05-16"),
        ("placed_in_secure_accommodation", "2019-01-31", "secure_first", "2019-02-28"),
        ("adoption_authorised", "2019-06-03", "adoption_authorised_first", "2019-09-03"),
        ("review_held", "2020-03-02", "distribution", "2020-03-30"),
        ("review_held", "2019-12-19", "distribution", "2020-01-21"),
    ):
        answer = await office.get(
            f"/v1/deadlines/timescales/reviews/{event}", event_on=day, role=Role.PERFORMANCE_ANALYST
        )
        assert {row["kind"]: row["due_on"] for row in answer}[kind] == due
    second = await office.get("/v1/deadlines/timescales/reviews/review_held", event_on="2019-11-30", kind="first")
    assert {deadline["kind"]: deadline["due_on"] for deadline in second}["second"] == "2020-02-29"
    assert (
        await office.ask("GET", "/v1/deadlines/timescales/reviews/nothing", params={"event_on": "2019-04-01"})
    ).status_code == 404


async def test_an_imported_disruption_meeting_is_the_one_that_was_referred_for(office: Office) -> None:
    await send(office, "care", [child("P1", days_ago(400)), child("P2", days_ago(400))])
    path, found = "/v1/reviews/disruption-referrals", {}
    for person_id, days in (("P1", 60), ("P2", 10)):
        referral = {"person_id": person_id, "placement": "adoption", "reason": "It broke down."}
        made = await office.ask("POST", path, referral | {"referred_on": days_ago(days).isoformat()})
        found[person_id] = f"{path}/{made.json()['reference']}"
        await office.ask("POST", f"{found[person_id]}/accept", {"chair_id": "chair-2"}, version=1)
    held_on = working_day(days_ago(40))
    meetings = [review(f"M-{person_id}", person_id, held_on, sequence="disruption") for person_id in found]
    assert (await send(office, "reviews", meetings))["problems"] == []
    (meeting,) = (await office.ask("GET", "/v1/reviews", params={"person_id": "P1"})).json()["items"]
    assert (await office.get(found["P1"]))["review_reference"] == meeting["reference"]
    assert (await office.get(found["P2"]))["review_reference"] is None, "it was referred for after that meeting"
