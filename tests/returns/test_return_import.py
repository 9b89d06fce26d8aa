"""Returns taken in as submitted: all of it is there afterwards, or nothing and what does not fit is told."""

import json
import sys
import time
from datetime import date, timedelta
from typing import NamedTuple

import pytest

from chassis.base import clock
from chassis.importing.reading import MOST_LINES
from chassis.law.working_days import add_months
from demo import looked_after
from services.reviews.imports.submitted_return import MOST_OF_A_CHILD, MOST_ROWS
from tests.support.returns import generated, returned
from tests.support.returns.children import Child
from tests.support.returns.council import PERIODS, PRESENT_DAY, Council, Files, until
from tests.support.sharing import Shared

YEARS = ("2018-19", "2019-20")
CHILDREN, CHILDREN_REVIEWS = 1249, 3786
TABLES = ("looked_after_child", "period_of_care", "review", "child_review", "deadline")
SHORT_BREAKS = {row["person_id"] for row in looked_after.children() if row["legal_status"] == "V4"}
LATE = "SELECT person_id, held_on FROM child_review WHERE NOT in_time AND track <> 'secure'"
EPISODE = ("starts_on", "legal_status", "placement")
NOTHING = "/problems/nothing-taken-in"
# Of a single child, whom each test changes.
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nC1,1,21/03/2009,WBRI,UN3,,\n"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC\nC1,01/05/2019,S,C2,N1,U4,PR4,,\n"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE\nC1,21/03/2009,23/05/2019,PN1\n"


def day(text: str) -> date:
    return date.fromisoformat(text)


class Submitted(NamedTuple):
    """The demo's returns of both years, and by the import from CSV: what is due, and which reviews were late."""

    files: Files
    due: dict[str, date]
    late: set[tuple[str, date]]


@pytest.fixture(scope="module")
async def submitted(shared: Shared) -> Submitted:
    await shared.begin_anew()
    with clock.shifted(until(PRESENT_DAY)):
        async with shared.client() as client:
            council = Council(client)
            await council.takes_in(looked_after.children(), looked_after.reviews())
            files = {
                "header": "".join(returned.header(year) for year in YEARS),
                "episodes": "".join(returned.episodes(year) for year in YEARS),
                "reviews": "".join([await council.exported(year) for year in YEARS]),
            }
            late = {(row["person_id"], row["held_on"]) for row in await council.rows(LATE)}
            return Submitted(files, await council.due(), late)


async def test_all_of_the_demos_returns_fits(submitted: Submitted, council: Council) -> None:
    files, due, late = submitted
    report = await council.takes_in_return(files)
    assert (report["notes"], report["note_count"]) == ([], 0)
    assert report["children"] == await council.count("looked_after_child") == CHILDREN
    assert report["reviews"] == await council.count("child_review") == CHILDREN_REVIEWS
    assert report["periods_of_care"] == len(
        {(child["person_id"], child["period_starts_on"]) for child in looked_after.children()}
    )
    now_due = await council.due()
    assert now_due.keys() == due.keys()
    # Reviews of short breaks are not in the return, so that the last of them is assumed.
    assert {person_id for person_id in due if due[person_id] != now_due[person_id]} <= SHORT_BREAKS
    assert all(
        PRESENT_DAY <= now_due[person_id] <= add_months(PRESENT_DAY, 6) for person_id in SHORT_BREAKS & due.keys()
    )
    owed = {(row["person_id"], row["held_on"]) for row in await council.rows(LATE)}
    # A mother's consent to adoption is not in the return, so that this child's review seems to be of the other clock.
    by_consent = {row["person_id"] for row in looked_after.children() if row["adoption_authorised_on"]}
    assert {person_id for person_id, _ in owed - late} <= by_consent
    assert len(owed) > len(late) / 2


async def test_periods_of_care_are_those_of_the_demo(submitted: Submitted, council: Council) -> None:
    report = await council.takes_in_return(submitted.files)
    found = await council.rows(PERIODS)
    wanted = looked_after.children()
    ends: dict[tuple[str, str], str] = {
        (row["person_id"], row["period_starts_on"]): row["period_ends_on"] for row in wanted
    }
    starts: dict[str, list[str]] = {}
    for person_id, start in ends:
        starts.setdefault(person_id, []).append(start)
    episodes = {(row["person_id"], row["episode_starts_on"], row["legal_status"], row["placement"]) for row in wanted}
    whole = 0
    for row in found:
        # The files tell of episodes that ended before the first year nothing, so that a period may seem to begin later.
        start = max(start_day for start_day in starts[row["person_id"]] if day(start_day) <= row["starts_on"])
        assert str(row["ends_on"] or "") == ends[row["person_id"], start]
        assert day(start) == row["starts_on"] or day(start) < date(2018, 4, 1)
        whole += day(start) == row["starts_on"]
        rows = {(row["person_id"], *(episode[name] for name in EPISODE)) for episode in json.loads(row["episodes"])}
        assert rows <= episodes
    assert len(found) == len(ends) == report["periods_of_care"] and whole > len(found) / 2
    assert report["assumed"] == len(await council.rows("SELECT FROM period_of_care WHERE reviews_before > 0"))


async def test_a_dry_run_writes_nothing_and_a_second_import_is_refused_whole(council: Council) -> None:
    of = generated.children(5, date(2018, 1, 1), date(2020, 3, 1), 150)
    files = _files(range(2018, 2020), of, 5)
    tried = await council.takes_in_return(files, dry_run=True)
    assert tried["dry_run"] and tried["reviews"] == files["reviews"].count("\n") - 1
    for table in (*TABLES, "chassis.outgoing", "chassis.audit_entry", "chassis.reference_counter"):
        assert await council.count(table) == 0
    done = await council.takes_in_return(files)
    assert done == tried | {"dry_run": False}
    for again in (files, _files(range(2018, 2021), of, 5)):
        refused = await council.refuses_return(again)
        # Every row is about a child who is known: those of all years, of each file.
        rows = sum(text.count("\n") - text.count("CHILD") for text in again.values())
        assert (refused["type"], refused["rows"], refused["left_out_count"]) == (NOTHING, rows, rows)
        assert {child["reason"] for child in refused["left_out"]} == {"This child is known here already."}


BROKEN = [
    ("header", "B1,1,31/02/2009,WBRI,UN3,,", "DOB"),
    ("header", "B2,1,21/03/2029,WBRI,UN3,,", "DOB"),
    ("header", "no number,1,21/03/2009,WBRI,UN3,,", "CHILD"),
    ("header", "C1,1,21/03/2008,WBRI,UN3,,", "DOB"),
    ("header", "B3,1,21/03/2009,WBRI,UN3,,", "CHILD"),
    ("episodes", "B4,01/05/2019,S,C2,N1,U4,PR4,,", "CHILD"),
    ("episodes", "C1,2019-06-01,P,C2,N1,U6,PR1,,", "DECOM"),
    ("episodes", "C1,01/06/2008,S,C2,N1,U6,PR1,,", "DECOM"),
    ("episodes", "C1,01/06/2020,P,C2,N1,U6,PR1,,", "DECOM"),
    ("episodes", "C1,01/06/2019,P,C2,N1,U6,PR1,soon,E8", "DEC"),
    ("episodes", "C1,01/06/2019,P,C2,N1,U6,PR1,01/05/2019,E8", "DEC"),
    ("episodes", "C1,01/06/2019,P,Q9,N1,U6,PR1,,", "LS"),
    ("episodes", "C1,01/06/2019,P,C2,N1,??,PR1,,", "PLACE"),
    ("reviews", "B5,21/03/2009,23/08/2019,PN1", "CHILD"),
    ("reviews", "C1,21/03/2009,31/09/2019,PN1", "REVIEW"),
    ("reviews", "C1,21/03/2009,20/08/2019,PN9", "REVIEW_CODE"),
    ("reviews", "C1,21/03/2009,20/08/2019,PN0", "REVIEW_CODE"),
    ("reviews", "C1,21/03/2009,23/05/2019,PN3", "REVIEW"),
    ("reviews", "C1,21/03/2009,23/04/2019,PN1", "REVIEW"),
    ("reviews", "C1,21/03/2009,20/08/2020,PN1", "REVIEW"),
]


async def test_broken_rows_are_all_told_and_nothing_is_taken_in(council: Council) -> None:
    files = {"header": HEADER, "episodes": EPISODES, "reviews": REVIEWS}
    wanted = []
    for name, line, where in BROKEN:
        files[name] += line + "\n"
        wanted.append((name, files[name].count("\n"), where))
    # After the broken rows comes a good one of each kind.
    for name, line in (
        ("header", "C2,2,21/03/2010,WBRI,UN3,0,"),
        ("episodes", "C2,01/05/2019,S,C2,N1,U4,PR4,,"),
        ("reviews", "C2,21/03/2010,23/05/2019,PN2"),
    ):
        files[name] += line + "\n"
    for dry_run in (True, False):
        refused = await council.refuses_return(files, dry_run=dry_run)
        assert sorted((child["file"], child["row"], child["field"]) for child in refused["left_out"]) == sorted(wanted)
        assert all(child["reason"] for child in refused["left_out"])
        assert refused["left_out_count"] == len(BROKEN)
        assert refused["rows"] == len(BROKEN) + 6
    # Without them all of it fits.
    whole = {
        name: "".join(line for line in text.splitlines(keepends=True) if not _is_broken(line))
        for name, text in files.items()
    }
    report = await council.takes_in_return(whole)
    assert (report["rows"], report["children"], report["periods_of_care"], report["reviews"]) == (6, 2, 2, 2)
    assert await council.due() == {"C1": date(2019, 8, 23), "C2": date(2019, 8, 23)}


def _is_broken(line: str) -> bool:
    return line.strip() in {form for _, form, _ in BROKEN}


async def test_a_row_that_holds_the_name_of_a_column_is_a_row(council: Council) -> None:
    moved = (
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE\n"
        "C1,01/05/2019,S,C2,N1,U4,PR4,01/06/2019,X1,CHILD\nC1,01/06/2019,P,C2,N1,K2,PR4,,,\n"
        "C2,01/05/2019,S,C2,N1,U4,PR4,,,\n"
    )
    files = {
        "header": HEADER + "C2,2,21/03/2010,WBRI,UN3,0,\n",
        "episodes": moved,
        "reviews": REVIEWS + "C2,21/03/2010,23/05/2019,PN2\n",
    }
    report = await council.takes_in_return(files)
    assert (report["rows"], report["children"], report["reviews"], report["notes"]) == (7, 2, 2, [])
    assert [len(json.loads(row["episodes"])) for row in await council.rows(PERIODS)] == [2, 1]


# Care since the day, the episodes as the return has them, the reviews in it, and what is due by the law.
MIXED = [
    # Short breaks that become full care: 20 working days from the day on which that began.
    (["06/01/2020,S,V4,N1,U6,PR1,16/03/2020,X1", "16/03/2020,L,V2,N1,U4,PR4,,"], [], "2020-04-15"),
    # Separate stays are one series: six months after the review three months after the first began.
    ([f"{day},S,V3,N1,K2,PR1,{day},E8" for day in ("03/04/2019", "17/05/2019", "20/03/2020")], [], None),
    # Placed for adoption is only what the order allows: the ordinary sequence goes on until then.
    (["07/01/2019,S,C2,N1,U4,PR4,03/02/2020,X1", "03/02/2020,L,E1,N1,U4,PR4,,"], ["30/09/2019"], "2020-03-30"),
]


@pytest.mark.parametrize(("episodes", "reviews", "due"), MIXED, ids=["became full care", "stays", "authorised"])
async def test_care_of_several_kinds_is_due_as_the_law_says(
    council: Council, episodes: list[str], reviews: list[str], due: str | None
) -> None:
    files = {
        "header": HEADER,
        "episodes": EPISODES.splitlines()[0] + "\n" + "".join(f"C1,{episode}\n" for episode in episodes),
        "reviews": REVIEWS.splitlines()[0] + "\n" + "".join(f"C1,21/03/2009,{review},PN1\n" for review in reviews),
    }
    report = await council.takes_in_return(files)
    assert report["children"] == 1
    found = await council.due()
    if due is None:
        # The reviews of the series before today are assumed; one is owed though no stay runs today.
        assert PRESENT_DAY <= found["C1"] <= add_months(PRESENT_DAY, 6)
    else:
        assert found == {"C1": day(due)}


async def test_the_rows_of_a_child_without_episodes_are_all_counted(council: Council) -> None:
    refused = await council.refuses_return({"header": HEADER, "episodes": EPISODES.splitlines()[0], "reviews": REVIEWS})
    assert (refused["rows"], refused["left_out_count"]) == (2, 2)


FLOOD: dict[str, tuple[str, str | bytes, str | None]] = {
    "no heading": ("header", "a\n" * 200_000, "begins with its heading"),
    "rows": ("header", HEADER + "a\n" * (MOST_ROWS + 1), "more than 150,000 rows"),
    "blank lines": ("reviews", REVIEWS + "\n" * MOST_LINES, "at most 1,000,000 lines"),
    "one line": ("episodes", EPISODES + "a" * 2_000_000, "longer than"),
    "columns": ("episodes", EPISODES + "," * 2_000_000, "longer than"),
    "a record of many lines": ("episodes", EPISODES + '"a\n",' * 200_000, "longer than"),
    "a cell": ("episodes", EPISODES + "a" * 200_000, "field larger than field limit"),
    "UTF-16": ("episodes", EPISODES.encode("utf-16"), "not in UTF-8"),
    "Latin-1": ("reviews", REVIEWS.encode() + b"C\xe9", "not in UTF-8"),
    "no text": ("reviews", REVIEWS + "C1,\0", "no text"),
    "nothing": ("header", "", None),
}


@pytest.mark.parametrize("name", FLOOD)
async def test_what_no_council_could_send_is_refused_in_a_sentence(council: Council, name: str) -> None:
    file, content, says = FLOOD[name]
    refused = await council.refuses_return({"header": HEADER, "episodes": EPISODES, "reviews": REVIEWS, file: content})
    if says is None:
        # A return without children has no rows to take.
        assert refused["left_out_count"] == 2
    else:
        assert refused["type"] == "/problems/unreadable-file" and says in refused["detail"]


@pytest.mark.parametrize(("kind", "most"), [("episodes", "episodes"), ("reviews", "reviews")])
async def test_one_child_has_so_many_rows_and_no_more(council: Council, kind: str, most: str) -> None:
    days = [(date(2009, 4, 1) + timedelta(days=number)).strftime("%d/%m/%Y") for number in range(MOST_OF_A_CHILD + 1)]
    line = {"episodes": "C1,{},P,C2,N1,U4,PR4,,\n", "reviews": "C1,21/03/2009,{},PN0\n"}[kind]
    files = {"header": HEADER, "episodes": EPISODES, "reviews": REVIEWS}
    files[kind] = files[kind].splitlines(keepends=True)[0] + "".join(line.format(day) for day in days)
    refused = await council.refuses_return(files)
    assert any(f"at most {MOST_OF_A_CHILD:,} {most}" in child["reason"] for child in refused["left_out"])


async def test_each_year_has_columns_in_an_order_of_its_own(council: Council) -> None:
    later = "PLACE,LS,RNE,DECOM,CHILD,DEC,REC\nU4,C2,S,01/05/2019,C1,02/12/2019,E8\n"
    files = {"header": HEADER + "\ufeffDOB,CHILD\n\n21/03/2009,C1\n", "episodes": EPISODES + later, "reviews": REVIEWS}
    report = await council.takes_in_return(files)
    assert (report["children"], report["reviews"], report["notes"]) == (1, 1, [])
    assert [row["ends_on"] for row in await council.rows(PERIODS)] == [date(2019, 12, 2)]


@pytest.mark.parametrize(
    ("began", "reviewed", "next_due"),
    [
        # Care began long before: the files tell of an episode that began with a move.
        ("20/03/2019,P", "12/07/2019", date(2020, 1, 12)),
        # The first review, in March, is not in the files.
        ("04/03/2019,S", "20/06/2019", date(2019, 12, 20)),
        # The first review was held before, and the second in time.
        ("04/01/2018,S", "28/09/2019", date(2020, 3, 28)),
        # The first review is in the files.
        ("25/03/2019,S", "18/04/2019", date(2019, 7, 18)),
    ],
)
async def test_nobody_is_blamed_for_what_was_before_the_files(
    council: Council, began: str, reviewed: str, next_due: date
) -> None:
    files = {
        "header": HEADER,
        "episodes": EPISODES.replace("01/05/2019,S", began),
        "reviews": REVIEWS.replace("23/05/2019", reviewed),
    }
    report = await council.takes_in_return(files)
    assert (report["reviews"], report["notes"]) == (1, [])
    assert await council.rows(LATE) == []
    assert await council.due() == {"C1": next_due}


async def test_one_year_mistyped_does_not_move_where_the_files_begin(council: Council) -> None:
    of = generated.children(7, date(2018, 1, 1), date(2020, 3, 1), 200)
    files = _files(range(2018, 2020), of, 7)
    right = await council.takes_in_return(files, dry_run=True)
    eldest = min(
        (child for child in of if not child.stays[0].is_short_breaks()), key=lambda child: child.stays[0].starts_on
    )
    mistyped = max(eldest.stays[0].starts_on, eldest.born_on).replace(year=2008)
    slip = f"{eldest.person_id},,{mistyped:%d/%m/%Y},PN1\n"
    refused = await council.refuses_return({**files, "reviews": files["reviews"] + slip}, dry_run=True)
    # Nobody else's review is out of place by that.
    assert (refused["left_out_count"], refused["rows"]) == (1, right["rows"] + 1)


def _files(years: range, of: list[Child], seed: int) -> Files:
    """The returns of some years, each named by the one in which it begins, one after the other."""
    labels = [f"{year}-{(year + 1) % 100:02}" for year in years]
    born = {child.person_id: child.born_on for child in of}
    short = {child.person_id for child in of if any(stay.is_short_breaks() for stay in child.stays)}
    first = date(years[0], 4, 1)
    held = [row for row in generated.reviews(seed, of, date(years[-1] + 1, 3, 31)) if day(row["held_on"]) >= first]
    lines = [
        f"{row['person_id']},{born[row['person_id']]:%d/%m/%Y},{day(row['held_on']):%d/%m/%Y},{row['participation']}\n"
        for row in held
        if row["person_id"] not in short
    ]
    return {
        "header": "".join(returned.header(label, of) for label in labels),
        "episodes": "".join(returned.episodes(label, of) for label in labels),
        "reviews": "".join(["CHILD,DOB,REVIEW,REVIEW_CODE\n", *lines]),
    }


async def test_ten_years_of_a_council_are_taken_in_at_once(council: Council) -> None:
    # Not earlier, since 2011-12 would be a December.
    of = generated.children(11, date(2009, 1, 1), date(2022, 3, 20), 4200, years=2.4)
    files = _files(range(2012, 2022), of, 11)
    with clock.shifted(until(date(2022, 4, 4))):
        began = time.perf_counter()
        report = await council.takes_in_return(files)
        took = time.perf_counter() - began
    at = "SELECT FROM period_of_care WHERE starts_on <= $1 AND (ends_on IS NULL OR ends_on > $1) AND NOT short_breaks"
    here = [len(await council.rows(at, date(year, 3, 31))) for year in range(2013, 2023)]
    size = f"{report['children']} children, {min(here)} to {max(here)} at a time, {report['reviews']} reviews"
    sys.stderr.write(f"{size}: {took:.1f} s\n")
    assert report["notes"] == []
    assert report["reviews"] == files["reviews"].count("\n") - 1 > 15_000
    assert min(here) > 500
