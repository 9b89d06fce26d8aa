"""Censuses taken in as submitted: all of it is there afterwards, or nothing and what does not fit is told."""

import asyncio
import io
import random
import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.importing.reading import UnreadableFile
from chassis.law.working_days import add_months
from services.conferences.imports.census_file import year_of
from tests.support.clocks import until
from tests.support.conferences.desk import JSON, Desk
from tests.support.returns.census import PRESENT_DAY, lived
from tests.support.sharing import Shared

YEARS = (2018, 2019, 2020)


@pytest.fixture
async def council(desk: Desk) -> AsyncIterator[Desk]:
    """A council three days after the end of a year."""
    with clock.shifted(until(PRESENT_DAY)):
        yield desk


def element(name: str, *inner: str, **said: object) -> str:
    """An XML element with elements in it."""
    within = "".join(f"<{key}>{value}</{key}>" for key, value in said.items() if value is not None)
    return f"<{name}>{within}{''.join(inner)}</{name}>"


def child(number: str = "C1", *details: str, characteristics: str = "", **said: object) -> str:
    """A child of a census."""
    about = {"UPNunknown": "UN3", "PersonBirthDate": "2012-05-06", "GenderCurrent": "2"} | said
    known = characteristics or element("ChildCharacteristics", Ethnicity="WBRI")
    identifiers = element("ChildIdentifiers", LAchildID=number, **about)
    return element("Child", identifiers, known, element("CINdetails", *details))


def enquiry(started_on: str, held_on: str | None = None, **more: object) -> str:
    return element("Section47", S47ActualStartDate=started_on, DateOfInitialCPC=held_on, **more)


def plan(
    starts_on: str,
    *reviews: str,
    ends_on: str | None = None,
    first: str = "NEG",
    latest: str | None = None,
    before: object = 0,
) -> str:
    details = {"InitialCategoryOfAbuse": first, "LatestCategoryOfAbuse": latest or first, "NumberOfPreviousCPP": before}
    reviewed = [element("Reviews", CPPreviewDate=day) for day in reviews]
    return element("ChildProtectionPlans", CPPstartDate=starts_on, CPPendDate=ends_on, **details).replace(
        "</ChildProtectionPlans>", "".join(reviewed) + "</ChildProtectionPlans>"
    )


def census(*children: str, year: object = 2020, collection: str = "CIN", root: str = "<Message>") -> str:
    """A census of a year."""
    details = element("CollectionDetails", Collection=collection, Year=year, ReferenceDate=f"{year}-03-31")
    return f"{root}{element('Header', details)}{element('Children', *children)}</Message>"


async def send(
    desk: Desk, *files: str | bytes, role: Role = Role.ADMINISTRATOR, area_id: str = "north", **query: Any
) -> httpx.Response:
    several = [("census", (f"{number}.xml", text, "application/xml")) for number, text in enumerate(files)]
    headers = desk.client.as_(role, subject="admin-1")
    path = "/v1/returns/cin-census/import"
    return await desk.client.post(path, files=several, data={"area_id": area_id}, headers=headers, params=query)


async def taken_in(desk: Desk, *files: str, **query: Any) -> JSON:
    answer = await send(desk, *files, **query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def fits(desk: Desk, *files: str) -> JSON:
    """What is taken in where all of it fits."""
    report = await taken_in(desk, *files)
    assert report["notes"] == [], report["notes"]
    return report


async def refused(desk: Desk, *files: str | bytes, **query: Any) -> JSON:
    """The problem of a census that is refused: nothing of it is kept."""
    tables = (
        "chassis.child",
        "protection",
        "conference_request",
        "protection_plan",
        "conference",
        "child_conference",
        "deadline",
    )
    before = [await desk.rows(f"SELECT * FROM {table}") for table in tables]
    answer = await send(desk, *files, **query)
    assert answer.status_code == 422, answer.text
    assert [await desk.rows(f"SELECT * FROM {table}") for table in tables] == before
    return dict(answer.json())


async def exported(desk: Desk, year: int) -> str:
    path = f"/v1/returns/cin-census/{year - 1}-{year % 100}/census.xml"
    answer = await desk.ask("GET", path, params={"authority": "925"}, role=Role.TEAM_MANAGER)
    assert answer.status_code == 200, answer.text
    return answer.text


def without_time(text: str) -> str:
    """A census without the moment at which it was written."""
    return re.sub("<DateTime>.*</DateTime>", "", text)


HELD = """SELECT person_id, kind, held_on, due_on, event_on, in_time, unborn, age, outcome, next_due_on
    FROM child_conference ORDER BY person_id, held_on"""
ENQUIRIES = """SELECT person_id, started_on, event_on, due_on, conference_not_required, answered_on
    FROM conference_request ORDER BY person_id, started_on"""
PLANS = """SELECT person_id, starts_on, ends_on, end_reason, initial_category, latest_category, previous_plans,
        previous_ended_on FROM protection_plan ORDER BY person_id, starts_on"""
OWED = """SELECT person_id, kind, subject, due_on, event_on FROM deadline
    WHERE kind NOT IN ('record', 'outline_plan') ORDER BY person_id, kind, due_on"""
ABOUT = "SELECT person_id, born_on, expected_on, sex, ethnicity, disabilities, upn_unknown, plan_since, category FROM chassis.child JOIN protection USING (person_id) ORDER BY person_id"


@pytest.mark.parametrize("seed", [3, 4])
async def test_what_was_submitted_by_this_software_comes_back_whole(council: Desk, shared: Shared, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(30):
        await lived(council, chance, number)
    lived_there = {query: await council.rows(query) for query in (HELD, ENQUIRIES, PLANS, OWED)}
    about = {row["person_id"]: row for row in await council.rows(ABOUT)}
    files = [await exported(council, year) for year in YEARS]
    await shared.begin_anew()
    report = await fits(council, *reversed(files))
    assert report["assumed"] == 0 and report["plans"] == len(lived_there[PLANS]) > 10
    # After the last 31 March nothing is told; of who is not born nobody tells the sex.
    after = {row["person_id"] for row in lived_there[HELD] if row["held_on"] > date(2020, 3, 31)}
    for query, rows in lived_there.items():
        found = [row for row in await council.rows(query) if row["person_id"] not in after]
        assert found == [row for row in rows if row["person_id"] not in after]
        assert found, query
    # And so does what would be submitted again.
    assert [without_time(await exported(council, year)) for year in YEARS] == [without_time(file) for file in files]
    for row in await council.rows(ABOUT):
        known = about[row["person_id"]]
        same = (
            row.keys()
            - (() if known["born_on"] else {"sex"})
            - ({"plan_since", "category"} if known["person_id"] in after else set())
        )
        assert {name: row[name] for name in same} == {name: known[name] for name in same}


async def test_a_child_a_plan_and_its_conferences_follow_from_a_census(council: Desk) -> None:
    about = element("ChildCharacteristics", element("Disabilities", Disability="LD"), Ethnicity="MWBC")
    parts = [
        enquiry("2019-05-01", "2019-05-22", InitialCPCtarget="2019-05-23", ICPCnotRequired="false"),
        plan("2019-05-22", "2019-08-20", "2020-02-03", latest="EMO", before=1),
    ]
    text = census(
        child("C1", *parts, characteristics=about), child("C2", element("CINPlanDates", CINPlanStartDate="2019-05-01"))
    )
    report = await fits(council, text)
    counted = ("children", "section_47_enquiries", "plans", "conferences", "assumed")
    assert [report[name] for name in counted] == [1, 1, 1, 3, 0]
    (row,) = await council.rows("SELECT * FROM chassis.child JOIN protection USING (person_id)")
    assert (row["family_name"], row["sex"], row["ethnicity"], row["disabilities"]) == (None, "F", "MWBC", ["LD"])
    assert (row["plan_since"], row["category"], row["area_id"], row["chair_id"]) == (
        date(2019, 5, 22),
        "EMO",
        "north",
        None,
    )
    held = await council.rows("SELECT * FROM child_conference ORDER BY held_on")
    assert [(part["kind"], part["due_on"], part["outcome"], part["category"]) for part in held] == [
        ("initial", date(2019, 5, 23), "plan_made", "NEG"),
        ("first_review", date(2019, 8, 22), "continues", None),
        ("later_review", date(2020, 2, 20), "continues", "EMO"),
    ]
    assert {(part["participation"], part["attended"], part["advocate"], part["chair_id"]) for part in held} == {
        (None, None, None, "not-recorded"),
    }  # fmt: skip
    (made,) = await council.rows("SELECT * FROM protection_plan")
    assert (made["started_by"], made["previous_plans"], made["imported"], made["chair_id"]) == (
        held[0]["reference"],
        1,
        True,
        None,
    )
    (asked,) = await council.rows("SELECT * FROM conference_request")
    assert (asked["request_id"], asked["event_on"], asked["answered_on"]) == (
        "CIN-C1-20190501",
        date(2019, 5, 1),
        date(2019, 5, 22),
    )
    kept = await council.rows("SELECT state, closed_on = held_on AS at_once, record_due_on, quorate FROM conference")
    assert [tuple(row.values()) for row in kept] == [("closed", True, None, None)] * 3
    (owed,) = await council.owed("C1", "conference")
    assert (owed["subject"], owed["due_on"]) == ("later_review", date(2020, 8, 3))
    # The past is told to nobody; who is on a plan today is, since others keep it, and who was not known is.
    published = await council.rows("SELECT DISTINCT type FROM chassis.outgoing ORDER BY type")
    assert published == [{"type": "child.found"}, {"type": "child.protection_plan_changed"}]
    assert await council.published("child.found") == [{"person_id": "C1"}]
    (audited,) = await council.rows("SELECT person_ids FROM chassis.audit_entry WHERE action = 'import_census'")
    assert audited["person_ids"] == ["C1"]
    seen = await council.get("/v1/children/C1/protection")
    assert seen["plans"][0]["latest_category"] == "EMO" and "reviewed_before_on" not in seen["plans"][0]


async def test_a_later_plan_of_the_child_counts_those_of_which_only_the_census_tells(council: Desk) -> None:
    await fits(
        council,
        census(
            child(
                "C1",
                enquiry("2019-05-01", "2019-05-22"),
                plan("2019-05-22", "2019-08-20", ends_on="2019-08-20", before=2),
            )
        ),
    )
    await council.known("C1", born_on="2012-05-06")
    await council.enquired("C1", on=date(2020, 3, 16))
    meeting = await council.planned("C1", on=date(2020, 4, 2))
    assert (await council.hold(meeting, children=[council.outcome("C1")])).status_code == 200
    rows = await council.rows("SELECT previous_plans, previous_ended_on FROM protection_plan ORDER BY starts_on")
    assert [tuple(row.values()) for row in rows] == [(2, None), (3, date(2019, 8, 20))]


ENDS: dict[str, tuple[str, JSON, str]] = {
    "by a review": ("2019-08-20", {}, "conference"),
    "by death": ("2019-10-03", {"PersonDeathDate": "2019-10-03"}, "death"),
    "by the 18th birthday": ("2019-10-03", {"PersonBirthDate": "2001-10-03"}, "eighteenth_birthday"),
    "by nothing that is told": ("2019-10-03", {}, "transfer_out"),
}


@pytest.mark.parametrize(("ends_on", "said", "reason"), ENDS.values(), ids=ENDS)
async def test_why_a_plan_ended_follows_from_the_day(council: Desk, ends_on: str, said: JSON, reason: str) -> None:
    parts = (enquiry("2019-05-01", "2019-05-22"), plan("2019-05-22", "2019-08-20", ends_on=ends_on))
    report = await fits(council, census(child("C1", *parts, **said)))
    assert report["assumed"] == (reason == "transfer_out")
    (row,) = await council.rows("SELECT end_reason, ends_on, ended_by FROM protection_plan")
    assert (row["end_reason"], row["ends_on"].isoformat(), row["ended_by"] is None) == (
        reason,
        ends_on,
        reason != "conference",
    )
    assert await council.owed("C1") == []
    assert (await council.rows("SELECT plan_since FROM protection"))[0]["plan_since"] is None


BEFORE = {
    "in time each time": (("2019-06-03",), date(2019, 3, 10), True),
    "one more just before": (("2019-09-20",), date(2019, 3, 31), True),
    "late whatever was before": (("2019-12-20",), date(2019, 3, 10), False),
}


@pytest.mark.parametrize(("reviews", "before", "in_time"), BEFORE.values(), ids=BEFORE)
async def test_nobody_is_late_by_what_was_before_the_first_census(
    council: Desk, reviews: tuple[str], before: date, in_time: bool
) -> None:
    report = await fits(council, census(child("C1", plan("2018-06-10", *reviews))))
    assert (report["conferences"], report["assumed"]) == (1, 1)
    (row,) = await council.rows("SELECT starts_on, started_by, reviewed_before_on FROM protection_plan")
    assert tuple(row.values()) == (date(2018, 6, 10), None, before)
    (held,) = await council.rows("SELECT kind, due_on, in_time FROM child_conference")
    assert tuple(held.values()) == ("later_review", add_months(before, 6), in_time)


async def test_a_plan_without_an_enquiry_came_from_another_authority_or_has_a_conference_assumed(council: Desk) -> None:
    transferred = element("CINdetails", plan("2019-05-22"), DateOfInitialCPC="2019-05-22")
    moved = child("C1").replace("<CINdetails></CINdetails>", transferred)
    report = await fits(council, census(moved, child("C2", plan("2019-05-22"))))
    assert (report["plans"], report["conferences"], report["assumed"]) == (2, 2, 1)
    rows = await council.rows("SELECT kind, held_on, in_time, outcome FROM child_conference ORDER BY person_id")
    day = date(2019, 5, 22)
    assert [tuple(row.values()) for row in rows] == [
        ("transfer_in", day, True, "plan_made"), ("initial", day, True, "plan_made"),
    ]  # fmt: skip
    assert await council.rows("SELECT FROM conference_request") == []


async def test_children_of_whom_nothing_is_taken_in_are_counted(council: Desk) -> None:
    """Most children of a census have neither an enquiry nor a plan; the answer says how many."""
    report = await fits(council, census(child("C1"), child("C2", enquiry("2019-05-01", "2019-05-22")), "<Child/>"))
    assert (report["children"], report["passed_over"]) == (1, 2)


async def test_what_several_years_tell_is_put_together(council: Desk) -> None:
    """A child who was expected is born, an enquiry gets its conference, and a plan changes its category twice."""
    first = child(
        "C1",
        enquiry("2018-03-20"),
        PersonBirthDate=None,
        ExpectedPersonBirthDate="2018-04-20",
        GenderCurrent="0",
        UPNunknown=None,
    )
    second = child(
        "C1",
        enquiry("2018-03-20", "2018-04-10"),
        plan("2018-04-10", "2018-07-03", "2018-12-18", latest="PHY"),
        PersonBirthDate="2018-04-22",
        GenderCurrent="1",
    )
    third = child(
        "C1",
        plan("2018-04-10", "2019-05-14", "2019-11-12", ends_on="2019-11-12", latest="MUL"),
        UPNunknown=None,
        PersonBirthDate="2018-04-22",
        GenderCurrent="1",
        UPN="A123456789012",
    )
    report = await fits(council, census(third, year=2020), census(first, year=2018), census(second, year=2019))
    assert [report[name] for name in ("children", "section_47_enquiries", "plans", "conferences", "assumed")] == [
        1,
        1,
        1,
        5,
        0,
    ]
    (row,) = await council.rows("SELECT born_on, sex, upn, upn_unknown FROM chassis.child")
    assert tuple(row.values()) == (date(2018, 4, 22), "M", "A123456789012", None)
    held = await council.rows("SELECT unborn, category, outcome FROM child_conference ORDER BY held_on")
    assert [(part["unborn"], part["category"]) for part in held] == [
        (True, "NEG"),
        (False, None),
        (False, "PHY"),
        (False, None),
        (False, "MUL"),
    ]
    assert held[-1]["outcome"] == "ended"
    figures = await council.rows("SELECT initial_category, latest_category FROM protection_plan")
    assert [tuple(figure.values()) for figure in figures] == [("NEG", "MUL")]


async def test_an_enquiry_still_waits_only_where_nothing_came_after_it(council: Desk) -> None:
    text = census(
        child("C1", enquiry("2020-03-20", InitialCPCtarget="2020-04-16")),
        child("C2", enquiry("2019-06-03"), enquiry("2020-03-20", ICPCnotRequired="1")),
        child("C3", enquiry("2019-06-03"), plan("2019-07-01")),
    )
    report = await taken_in(council, text)
    assert {(note["child"], note["element"]) for note in report["notes"]} == {
        ("C2", "DateOfInitialCPC"),
        ("C3", "DateOfInitialCPC"),
    }
    rows = await council.rows(
        "SELECT person_id, event_on, conference_not_required FROM conference_request ORDER BY person_id, started_on"
    )
    assert [row["conference_not_required"] for row in rows] == [False, True, True, True]
    assert rows[0]["event_on"] == date(2020, 3, 24)
    (owed,) = await council.owed("C1")
    assert (owed["kind"], owed["due_on"]) == ("conference", date(2020, 4, 16))
    assert await council.owed("C2") == []


WRONG: dict[str, tuple[str, str]] = {
    "no number": (child("C 1", plan("2019-05-22")), "LAchildID"),
    "never born": (child("C1", plan("2019-05-22"), PersonBirthDate=None), "Child"),
    "born some day": (child("C1", plan("2019-05-22"), PersonBirthDate="6 May 2012"), "PersonBirthDate"),
    "born in the future": (child("C1", plan("2019-05-22"), PersonBirthDate="2021-05-06"), "Child"),
    "dead before birth": (child("C1", plan("2019-05-22"), PersonDeathDate="2011-05-06"), "Child"),
    "no such sex": (child("C1", plan("2019-05-22"), GenderCurrent="7"), "Sex"),
    "no such ethnicity": (child("C1", plan("2019-05-22"), characteristics=element("ChildCharacteristics", Ethnicity="White")), "Ethnicity"),
    "no such disability": (child("C1", plan("2019-05-22"), characteristics=element("ChildCharacteristics", element("Disabilities", Disability="LEG"))), "Disability"),
    "no such number of a pupil": (child("C1", plan("2019-05-22"), UPNunknown=None, UPN="12"), "UPN"),
    "a plan without a start": (child("C1", plan("")), "CPPstartDate"),
    "a plan to come": (child("C1", plan("2020-05-22")), "CPPstartDate"),
    "a plan without a category": (child("C1", plan("2019-05-22", first="ABC")), "InitialCategoryOfAbuse"),
    "a plan that ends before it starts": (child("C1", plan("2019-05-22", ends_on="2019-05-21")), "CPPendDate"),
    "a plan that starts and ends on one day": (child("C1", plan("2019-05-22", ends_on="2019-05-22")), "CPPendDate"),
    "a plan within another": (child("C1", plan("2019-05-22", ends_on="2019-11-20"), plan("2019-06-20")), "CPPstartDate"),
    "a plan on the day of the end of another": (child("C1", plan("2019-05-22", ends_on="2019-11-20"), plan("2019-11-20", before=1)), "DateOfInitialCPC"),
    "a plan at 18 years": (child("C1", plan("2019-05-22"), PersonBirthDate="2001-05-22"), "DateOfInitialCPC"),
    "a review before the plan": (child("C1", plan("2019-05-22", "2019-05-22")), "CPPreviewDate"),
    "a review after the plan": (child("C1", plan("2019-05-22", "2019-08-21", ends_on="2019-08-20")), "CPPreviewDate"),
    "a review after death": (child("C1", plan("2019-05-22", "2019-08-21"), PersonDeathDate="2019-08-20"), "CPPreviewDate"),
    "a review on no day": (child("C1", plan("2019-05-22", "2019-02-31")), "CPPreviewDate"),
    "a conference on a weekend": (child("C1", enquiry("2019-05-01", "2019-05-25"), plan("2019-05-25")), "DateOfInitialCPC"),
    "a plan without an enquiry on a weekend": (child("C1", plan("2019-05-25")), "DateOfInitialCPC"),
    "a conference before the enquiry": (child("C1", enquiry("2019-05-24", "2019-05-22")), "Section47"),
    "an enquiry to come": (child("C1", enquiry("2020-05-01")), "Section47"),
    "an enquiry without a start": (child("C1", enquiry("")), "S47ActualStartDate"),
    "an enquiry while another is open": (child("C1", enquiry("2019-05-01", "2019-05-22"), enquiry("2019-05-20")), "Section47"),
    "two enquiries on one day": (child("C1", enquiry("2019-05-01", "2019-05-22"), enquiry("2019-05-01", "2019-05-23")), "Section47"),
    "a conference while a plan runs": (child("C1", plan("2019-05-22"), enquiry("2019-06-03", "2019-06-24")), "DateOfInitialCPC"),
}  # fmt: skip
# What is taken otherwise than it was told, and how many children, plans and conferences there are then.
OTHERWISE: dict[str, tuple[str, str, tuple[int, int, int]]] = {
    "fewer plans before than there were": (child("C1", plan("2019-05-22", ends_on="2019-08-20"), plan("2019-11-20", before=0)), "NumberOfPreviousCPP", (1, 2, 2)),
    "a plan some days after its conference": (child("C1", enquiry("2019-05-01", "2019-05-20"), plan("2019-05-22")), "CPPstartDate", (1, 1, 1)),
    "neither required nor not": (child("C1", enquiry("2020-03-20", ICPCnotRequired="perhaps")), "ICPCnotRequired", (1, 0, 0)),
}  # fmt: skip
RIGHT = child("R1", enquiry("2019-05-01", "2019-05-22"), plan("2019-05-22", "2019-08-20"))


@pytest.mark.parametrize(("about", "where"), WRONG.values(), ids=WRONG)
async def test_what_does_not_fit_is_told_and_nothing_is_taken_in(council: Desk, about: str, where: str) -> None:
    for dry_run in ("true", "false"):
        problem = await refused(council, census(about, RIGHT), dry_run=dry_run)
        gaps = [(gap["year"], gap["child"], gap["element"]) for gap in problem["left_out"] if gap["element"] == where]
        assert gaps == [(2020, "C 1" if where == "LAchildID" else "C1", where)], problem["left_out"]
        assert (problem["type"], problem["children"]) == ("/problems/nothing-taken-in", 2)
        assert problem["left_out_count"] == len(problem["left_out"])


@pytest.mark.parametrize(("about", "where", "fitting"), OTHERWISE.values(), ids=OTHERWISE)
async def test_what_is_taken_otherwise_than_it_was_told_is_noted(
    council: Desk, about: str, where: str, fitting: tuple[int, int, int]
) -> None:
    report = await taken_in(council, census(about, RIGHT))
    assert [(note["year"], note["child"], note["element"]) for note in report["notes"]] == [(2020, "C1", where)]
    assert [report[name] for name in ("children", "plans", "conferences")] == [
        row + more for row, more in zip(fitting, (1, 1, 2), strict=True)
    ]


async def test_a_census_of_children_who_are_known_is_refused_and_counts_each(council: Desk) -> None:
    await council.registered("C1")
    text = census(child("C1", plan("2019-05-22")), child("C2", plan("2019-05-22")))
    problem = await refused(council, text)
    assert [(gap["child"], gap["reason"]) for gap in problem["left_out"]] == [
        ("C1", "This child is known here already.")
    ]
    await fits(council, census(child("C2", plan("2019-05-22"))))
    again = await refused(council, text)
    assert (again["children"], again["left_out_count"]) == (2, 2)


async def test_a_dry_run_of_a_census_says_the_same_and_writes_nothing(council: Desk) -> None:
    text = census(child("C1", enquiry("2019-05-01", "2019-05-22"), plan("2019-05-22", "2019-08-20")))
    tried = await taken_in(council, text, dry_run="true")
    for table in ("chassis.child", "protection", "conference", "chassis.audit_entry", "chassis.reference_counter"):
        assert await council.rows(f"SELECT FROM {table}") == [], table
    assert await taken_in(council, text) == tried | {"dry_run": False}


BOMB = '<!DOCTYPE Message [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
FETCHED = '<!DOCTYPE Message [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
NO_CENSUS: dict[str, bytes] = {
    "no XML": b"CHILD,DOB",
    "nothing": b"",
    "cut off": census(child("C1", plan("2019-05-22"))).encode()[:-30],
    "another return": census(collection="SSDA903").encode(),
    "no heading": b"<Message><Children></Children></Message>",
    "no year": census(year="soon").encode(),
    "entities in entities": census(child("&b;"), root=BOMB + "<Message>").encode(),
    "another file in it": census(child("&a;"), root=FETCHED + "<Message>").encode(),
    "no text": b"<?xml version='1.0' encoding='UTF-8'?><Message>\xff\xfe</Message>",
    "an unknown encoding": b"<?xml version='1.0' encoding='EBCDIC-1'?><Message></Message>",
    "an encoding of many bytes": b"<?xml version='1.0' encoding='shift_jis'?><Message></Message>",
    "no encoding of text": b"<?xml version='1.0' encoding='zlib_codec'?><Message></Message>",
    "an encoding that is none": b"<?xml version='1.0' encoding='idna'?><Message></Message>",
    "cut off in UTF-16": census().encode("utf-16")[:-31],
    "elements outside children": census(*["<x/>"] * 2000).encode(),
    "no heading for long": b"<Message>" + b"<x/>" * 2000,
    "a child of very many elements": census(child("C1", "<x/>" * 3000)).encode(),
    "nested deeply": census(child("C1", "<x>" * 100_000)).encode(),
    "blank lines": census("\n" * 1_000_000).encode(),
    "a long text": census(child("a" * 1_000_000)).encode(),
    "a long attribute": census(f'<Child x="{"a" * 1_000_000}"></Child>').encode(),
}


@pytest.mark.parametrize("content", NO_CENSUS.values(), ids=NO_CENSUS)
async def test_what_is_no_census_is_refused_as_a_whole(council: Desk, content: bytes) -> None:
    answer = await send(council, census(child("C1", plan("2019-05-22")), year=2019), content)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unreadable-file"), answer.text
    assert await council.rows("SELECT FROM chassis.child") == []


async def test_a_census_that_is_refused_is_not_read_on() -> None:
    file = io.BytesIO(f"<Message>{'<x/>' * 2_000_000}".encode())
    with pytest.raises(UnreadableFile, match="at most 1,000 elements"):
        year_of(file)
    assert file.tell() < 100_000


async def test_others_are_answered_while_a_census_is_read(council: Desk) -> None:
    others = child("N", element("CINPlanDates", CINPlanStartDate="2019-05-01")) * 20_000
    sending = asyncio.create_task(send(council, census(child("C1", plan("2019-05-22")), others)))
    answered = 0
    while not sending.done():
        live = await council.client.get("/health/live")
        assert live.status_code == 200
        answered += not sending.done()
    assert (await sending).status_code == 200
    # Read at one go there would be a handful, those before it came.
    assert answered > 10


async def test_files_are_of_different_years_and_the_area_is_known(council: Desk) -> None:
    text = census(child("C1", plan("2019-05-22")))
    answer = await send(council, text, text)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "census")
    answer = await send(council, text, area_id="west")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "area_id")
    assert (await send(council, text, role=Role.CHAIR)).status_code == 403


async def test_names_of_elements_may_belong_to_a_space(council: Desk) -> None:
    text = census(child("C1", plan("2019-05-22")), root='<Message xmlns="urn:census">')
    assert (await fits(council, text))["plans"] == 1


async def test_a_large_census_is_taken_in_within_seconds(council: Desk) -> None:
    parts = (enquiry("2019-05-01", "2019-05-22"), plan("2019-05-22", "2019-08-20", "2020-02-03"))
    others = child("N", element("CINPlanDates", CINPlanStartDate="2019-05-01")) * 3000
    text = census(*(child(f"C{number}", *parts) for number in range(1500)), others)
    began = clock.now()
    report = await fits(council, text)
    assert (report["children"], report["conferences"]) == (1500, 4500)
    assert (clock.now() - began).total_seconds() < 60
