"""Conferences imported and conferences lived give the same; both files are imported whole, or neither."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.base import clock
from chassis.law.timescales import midpoint
from chassis.law.working_days import add_months, add_working_days, is_working_day, subtract_working_days
from tests.support.clocks import until
from tests.support.conferences.desk import GP, HEALTH_VISITOR, JSON, MOTHER, SCHOOL, SOCIAL_WORKER, Desk
from tests.support.conferences.importing import (
    DISCUSSED,
    HELD,
    QUORATE,
    Row,
    attended,
    conference,
    enquiry,
    guest,
    import_conferences,
    import_rows,
    review,
)

TOMORROW = (clock.today() + timedelta(days=1)).isoformat()


def working_day(day: date) -> date:
    return day if is_working_day(day) else subtract_working_days(day, 1)


REVIEWED = working_day(add_months(HELD, 3))
REVIEWED_AGAIN = working_day(add_months(REVIEWED, 6))


async def known(desk: Desk, *person_ids: str, **said: Any) -> None:
    """Children who were enquired about."""
    for person_id in person_ids:
        await desk.known(person_id, **said)
    await import_rows(
        desk, "conferences/section-47-enquiries", [enquiry(person_id, DISCUSSED) for person_id in person_ids]
    )


def shifted(day: date) -> Any:
    """The clock on another day."""
    return clock.shifted(until(day))


async def lived(desk: Desk) -> None:
    """The same as `imported`, day by day: a plan is made, goes on as another category, and ends."""
    born_on = desk.child()["born_on"]
    with shifted(DISCUSSED):
        await desk.registered("P2", born_on=born_on)
        await desk.enquired("P2", on=DISCUSSED)
    outcomes: dict[date, dict[str, Any]] = {
        HELD: {"outcome": "plan_made", "category": "NEG"},
        REVIEWED: {"outcome": "continues", "category": "EMO", "participation": "PN6", "attended": False},
        REVIEWED_AGAIN: {"outcome": "ended", "category": None, "advocate": True},
    }
    for day, outcome in outcomes.items():
        with shifted(day):
            meeting = await desk.planned("P2", on=day)
            await desk.rows(
                "DELETE FROM invitation WHERE automatic AND reference = $1 RETURNING id", meeting["reference"]
            )
            invited = await desk.invited(meeting, SOCIAL_WORKER, SCHOOL, HEALTH_VISITOR, GP, MOTHER)
            attendance = {row["id"]: "neither" if row["agency_role"] == "gp" else "attended" for row in invited}
            answer = await desk.hold(meeting, on=day, children=[desk.outcome("P2", **outcome)], attendance=attendance)
            assert answer.status_code == 200, answer.text
            meeting = answer.json()
            body = {"sent_on": day.isoformat()}
            if day != REVIEWED_AGAIN:
                meeting = await desk.done(
                    "POST",
                    f"/v1/conferences/{meeting['reference']}/outline-plan/send",
                    body,
                    version=meeting["version"],
                )
            await desk.decided(meeting, *await desk.closed(meeting), because="Sent by post.")


def history(person_id: str) -> tuple[list[Row], list[Row]]:
    """The files that tell of it."""
    days = {"A": HELD, "B": REVIEWED, "C": REVIEWED_AGAIN}
    after = {name: {"closed_on": day.isoformat(), "outline_plan_on": day.isoformat()} for name, day in days.items()}
    rows = [
        conference("A", person_id, HELD, **after["A"]),
        review("B", person_id, REVIEWED, category="EMO", participation="PN6", attended="false", **after["B"]),
        review(
            "C", person_id, REVIEWED_AGAIN, outcome="ended", advocate="true", **after["C"] | {"outline_plan_on": ""}
        ),
    ]
    guests = []
    for name, day in days.items():
        decided = {
            "proposal": "dismissed",
            "dismissed_because": "Sent by post.",
            "decided_on": day.isoformat(),
            "decided_by": "chair-1",
        }
        guests += [guest(name, person, attendance="attended", **decided) for person in QUORATE]
        guests += [guest(name, GP, attendance="neither", **decided), guest(name, MOTHER, attendance="attended")]
    return rows, guests


SAME = {
    "child_conference": "kind, due_on, event_on, rule, chair_id, area_id, team, cancelled, held_on, in_time, unborn, age, participation, attended, advocate, views, outcome, category, next_due_on, looked_after ORDER BY held_on",
    "protection_plan": "starts_on, initial_category, latest_category, ends_on, end_reason, previous_plans, previous_ended_on, chair_id, area_id, team, imported, version",
    "conference_request": "kind, started_on, event_on, due_on, conference_not_required, answered_on, version",
    "protection": "chair_id, plan_since, category",
    "deadline": "kind, subject, due_on, event_on, rule, owner_role, owner_id, chair_id, area_id, team ORDER BY due_on, kind",
}  # fmt: skip
OF_MEETINGS = {
    "conference": "state, planned_on, chair_id, area_id, mode, report_due_on, held_on, quorate, inquorate_because, core_group, record, outline_plan_due_on, outline_plan_on, record_due_on, record_on, distributed_to, closed_on",
    "invitation": "invited_as, name, relationship, agency_id, agency_role, team, area_id, report_expected, report_due_on, report_received_on, attendance, automatic, chair_id",
    "proposal": "agency_id, agency_role, professional_name, professional_team, area_id, reason, state, chair_id, proposed_on, decided_on, decided_by, dismissed_because",
}  # fmt: skip


async def told_of(desk: Desk, person_id: str) -> dict[str, list[JSON]]:
    """All that the tables say of a child, without what is each row's own."""
    found = {}
    for table, columns in SAME.items():
        names, _, order = columns.partition(" ORDER BY ")
        query = f"SELECT {names} FROM {table} WHERE person_id = $1" + (f" ORDER BY {order}" if order else "")
        found[table] = await desk.rows(query, person_id)
    for table, names in OF_MEETINGS.items():
        found[table] = await desk.rows(
            f"SELECT {names} FROM {table} WHERE $1 = ANY (person_ids) ORDER BY {names}", person_id
        )
    return found


@pytest.mark.parametrize("conferences", [1, 2, 3])
async def test_history_that_is_imported_equals_history_that_was_lived(desk: Desk, conferences: int) -> None:
    await known(desk, "P1")
    rows, guests = history("P1")
    report = await import_conferences(desk, rows[:conferences], guests[: 5 * conferences])
    assert (report["imported"], report["conferences"], report["problems"]) == (6 * conferences, conferences, [])
    imported = await told_of(desk, "P1")
    await lived(desk)
    whole = await told_of(desk, "P2")
    if conferences == 3:
        for table, rows in whole.items():
            assert imported[table] == rows, table
        assert len(imported["proposal"]) == 12 and imported["deadline"] == [
            deadline for deadline in imported["deadline"] if deadline["kind"] == "record"
        ]
    assert imported["child_conference"] == whole["child_conference"][:conferences]


async def test_what_is_due_afterwards_is_what_the_rules_say(desk: Desk) -> None:
    await known(desk, "P1")
    recent = {"record_on": clock.today().isoformat()}
    rows, guests = history("P1")
    await import_conferences(desk, [row | recent for row in rows[:2]], guests[:10])
    owed = {(deadline["kind"], deadline["subject"]): deadline for deadline in await desk.owed("P1")}
    due = owed["conference", "later_review"]
    assert (due["due_on"], due["event_on"], due["chair_id"]) == (add_months(REVIEWED, 6), REVIEWED, "chair-1")
    # The first core group was due long ago: nobody is asked for what is history.
    assert {kind for kind, _ in owed} <= {"conference", "midway_check", "twelve_month_discussion"}


async def test_chairs_are_those_of_plans_that_run_and_since_these_began(desk: Desk) -> None:
    await known(desk, "P1", "P3")
    for person_id, conferences in (("P1", 2), ("P3", 3)):
        rows, guests = history(person_id)
        await import_conferences(desk, rows[:conferences], guests[: 5 * conferences])
    chairs = await desk.rows("SELECT person_id, chair_id, starts_on, ends_on FROM allocation ORDER BY person_id")
    assert chairs == [{"person_id": "P1", "chair_id": "chair-1", "starts_on": HELD, "ends_on": None}]


async def test_references_follow_the_order_of_the_meetings(desk: Desk) -> None:
    await known(desk, "P1", "P2", "P3")
    rows = [
        conference("M9", "P2", HELD),
        conference("M9", "P3", HELD),
        conference("M1", "P1", HELD),
        review("M2", "P1", REVIEWED),
    ]
    report = await import_conferences(desk, rows)
    assert (report["conferences"], report["problems"]) == (3, [])
    found = await desk.rows("SELECT reference, person_ids, quorate FROM conference ORDER BY reference")
    assert [row["person_ids"] for row in found if row["reference"].startswith(f"CONF-{HELD.year}")][:2] == [
        ["P2", "P3"],
        ["P1"],
    ]
    assert {row["quorate"] for row in found} == {None}
    # The past is told to nobody; who is on a plan today is, since others keep it.
    published = await desk.rows("SELECT DISTINCT type FROM chassis.outgoing")
    assert published == [{"type": "child.protection_plan_changed"}]


async def test_what_was_missing_is_proposed_decided_and_raised(desk: Desk) -> None:
    await known(desk, "P1")
    closed = {"closed_on": HELD.isoformat()}
    decided = {"decided_on": (HELD + timedelta(days=1)).isoformat(), "decided_by": "chair-2"}
    guests = [
        *attended("A"),
        guest("A", GP, attendance="neither", proposal="confirmed", **decided),
        guest(
            "A",
            GP,
            name="Dr Second",
            attendance="attended",
            proposal="dismissed",
            dismissed_because="On paper.",
            **decided,
        ),
        guest("A", GP, name="Dr Third", attendance="apologies", apologies_on=HELD.isoformat()),
        guest("A", GP, name="Dr Fourth", report_expected="false", attendance="neither"),
        guest("A", GP, name="Dr Fifth", report_expected="false", attendance="apologies"),
    ]
    report = await import_conferences(desk, [conference("A", "P1", HELD, **closed)], guests)
    assert (report["imported"], report["problems"]) == (9, [])
    rows = await desk.rows("SELECT * FROM proposal ORDER BY professional_name")
    assert {row["professional_name"]: (row["state"], row["reason"], row["decided_by"]) for row in rows} == {
        "Dr Yarrow Elmsgate": ("confirmed", "no_report_no_apologies", "chair-2"),
        "Dr Second": ("dismissed", "no_report_attended", "chair-2"),
        "Dr Third": ("proposed", "no_report_sent_apologies", None),
        "Dr Fourth": ("proposed", "no_apologies", None),
    }
    (event,) = await desk.published("conference.escalations_confirmed")
    confirmed = next(row for row in rows if row["state"] == "confirmed")
    assert event == {"reference": confirmed["reference"], "chair_id": "chair-1", "proposal_ids": [str(confirmed["id"])]}
    (owed,) = await desk.owed("P1", "proposals")
    assert (owed["conference_reference"], owed["due_on"], owed["owner_id"]) == (confirmed["reference"], HELD, "chair-1")


async def test_nobody_is_invited_twice_to_one_conference(desk: Desk) -> None:
    await known(desk, "P1")
    guests = [*attended("A"), guest("A", GP, attendance="neither"), guest("A", GP, attendance="attended")]
    report = await import_conferences(desk, [conference("A", "P1", HELD)], guests)
    (problem,) = report["problems"]
    first = len(guests)
    assert (report["imported"], problem["row"], problem["field"]) == (0, first + 1, "name")
    assert problem["reason"] == f"Row {first} invites the same person."


async def test_what_waits_for_the_chair_stays_with_them_where_the_child_has_none(desk: Desk) -> None:
    """No plan was made, and the list of what the child is owed is brought up to date after the import."""
    await known(desk, "P1")
    rows = [conference("A", "P1", HELD, outcome="not_made", category="", closed_on=HELD.isoformat())]
    await import_conferences(desk, rows, [*attended("A"), guest("A", GP, attendance="neither")])
    (owed,) = await desk.owed("P1", "proposals")
    assert (owed["chair_id"], owed["owner_id"]) == ("chair-1", "chair-1")
    assert (await desk.rows("SELECT chair_id FROM protection"))[0]["chair_id"] is None


async def test_a_child_may_be_unborn_at_the_first_conference(desk: Desk) -> None:
    await known(desk, "P1", born_on=REVIEWED.isoformat())
    rows = [
        conference("A", "P1", HELD, participation="", attended=""),
        review("B", "P1", REVIEWED, participation="PN0", attended=""),
    ]
    report = await import_conferences(desk, rows)
    assert report["problems"] == []
    found = await desk.rows("SELECT unborn, age, participation FROM child_conference ORDER BY held_on")
    assert [tuple(row.values()) for row in found] == [(True, None, None), (False, 0, "PN0")]


async def test_a_second_plan_counts_the_first_and_answers_its_own_enquiry(desk: Desk) -> None:
    await known(desk, "P1")
    again = add_working_days(REVIEWED, 10)
    await import_rows(desk, "conferences/section-47-enquiries", [enquiry("P1", again, request_id="E-2")])
    second = add_working_days(again, 15)
    rows = [
        conference("A", "P1", HELD),
        review("B", "P1", REVIEWED, outcome="ended"),
        conference("C", "P1", second, category="SAB", chair_id="chair-2"),
    ]
    assert (await import_conferences(desk, rows))["problems"] == []
    plans = await desk.rows("SELECT * FROM protection_plan ORDER BY starts_on")
    assert [(row["previous_plans"], row["previous_ended_on"]) for row in plans] == [(0, None), (1, REVIEWED)]
    answered = await desk.rows(
        "SELECT request_id, conference_reference, answered_on FROM conference_request ORDER BY answered_on"
    )
    assert [(row["request_id"], row["answered_on"]) for row in answered] == [("E-P1", HELD), ("E-2", second)]
    assert [row["conference_reference"] for row in answered] == [row["started_by"] for row in plans]
    (row,) = await desk.rows("SELECT chair_id, plan_since, category FROM protection")
    assert tuple(row.values()) == ("chair-2", second, "SAB")


WRONG_CONFERENCES: dict[str, tuple[Row, str]] = {
    "a code that does not fit the age": ({"participation": "PN0"}, "participation"),
    "no code for a child who is born": ({"participation": ""}, "participation"),
    "who attended without attending": ({"attended": "false"}, "participation"),
    "somebody who is not known": ({"person_id": "P9"}, "person_id"),
    "a chair who is not known": ({"chair_id": "nobody"}, "chair_id"),
    "before what it follows": ({"held_on": HELD.isoformat()}, "held_on"),
    "before the conference before": ({"held_on": DISCUSSED.isoformat()}, "held_on"),
    "a day to come": ({"held_on": TOMORROW}, "held_on"),
    "an outcome that does not fit the plan": ({"outcome": "not_made"}, "outcome"),
    "a plan that ends with a category": ({"outcome": "ended", "category": "NEG"}, "category"),
    "a family that was met afterwards": ({"family_contacted_on": TOMORROW}, "family_contacted_on"),
    "a record before the conference": ({"record_on": HELD.isoformat()}, "record_on"),
    "a record that was distributed before it was there": ({"distributed_on": clock.today().isoformat()}, ""),
    "closed before it was held": ({"closed_on": HELD.isoformat()}, "closed_on"),
    "an outline plan of no plan": (
        {"outcome": "ended", "outline_plan_on": clock.today().isoformat()},
        "outline_plan_on",
    ),
    "a day that is none": ({"held_on": "20.3.2019"}, "held_on"),
    "the rows of a meeting apart": ({"meeting": "A"}, "meeting"),
}


@pytest.mark.parametrize(("wrong", "field"), WRONG_CONFERENCES.values(), ids=WRONG_CONFERENCES)
async def test_one_wrong_conference_is_named_and_none_is_imported(desk: Desk, wrong: Row, field: str) -> None:
    await known(desk, "P1", "P2")
    rows = [
        conference("A", "P1", HELD),
        conference("X", "P2", HELD),
        review("B", "P1", REVIEWED) | wrong,
        review("C", "P1", REVIEWED_AGAIN),
    ]
    report = await import_conferences(desk, rows)
    problems = [(problem["file"], problem["row"], problem["field"]) for problem in report["problems"]]
    assert (report["imported"], problems) == (0, [("conferences", 4, field)]), report["problems"]
    for table in ("conference", "child_conference", "protection_plan", "chassis.outgoing"):
        assert await desk.rows(f"SELECT FROM {table}") == []
    assert {row["answered_on"] for row in await desk.rows("SELECT answered_on FROM conference_request")} == {None}


WRONG_INVITATIONS: dict[str, tuple[Row, str]] = {
    "a meeting that is not there": ({"meeting": "Z"}, "meeting"),
    "no such agency": ({"agency_id": "no-agency"}, "agency_id"),
    "no such role": ({"agency_role": "dentist"}, "agency_role"),
    "no such area": ({"area_id": "west"}, "area_id"),
    "a report still to come": ({"report_received_on": TOMORROW}, "report_received_on"),
    "a report that was shared and never came": ({"report_shared_on": HELD.isoformat()}, "report_received_on"),
    "apologies afterwards": ({"apologies_on": (HELD + timedelta(days=1)).isoformat()}, "apologies_on"),
    "nobody knows whether they came": ({"attendance": ""}, "attendance"),
    "confirmed by nobody": ({"proposal": "confirmed", "decided_on": HELD.isoformat()}, ""),
    "confirmed by somebody unknown": ({"proposal": "confirmed", "decided_on": HELD.isoformat(), "decided_by": "nobody"}, "decided_by"),
    "confirmed before it was proposed": ({"proposal": "confirmed", "decided_on": DISCUSSED.isoformat(), "decided_by": "chair-1"}, "decided_on"),
    "dismissed without a reason": ({"proposal": "dismissed", "decided_on": HELD.isoformat(), "decided_by": "chair-1"}, ""),
    "raised elsewhere": ({"proposal": "raised"}, ""),
    "confirmed although nothing was missing": ({"attendance": "apologies", "report_expected": "false", "proposal": "confirmed", "decided_on": HELD.isoformat(), "decided_by": "chair-1"}, "proposal"),
    "a child of another conference": ({"person_ids": "P2"}, "person_ids"),
    "a relationship of a professional": ({"relationship": "mother"}, "invited_as relationship"),
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "field"), WRONG_INVITATIONS.values(), ids=WRONG_INVITATIONS)
async def test_one_wrong_invitation_is_named_and_neither_file_is_imported(desk: Desk, wrong: Row, field: str) -> None:
    await known(desk, "P1")
    guests = [*attended("A"), guest("A", GP, attendance="neither") | wrong]
    report = await import_conferences(desk, [conference("A", "P1", HELD, closed_on=HELD.isoformat())], guests)
    problems = [(problem["file"], problem["row"], problem["field"]) for problem in report["problems"]]
    assert (report["imported"], problems) == (0, [("invitations", 5, name) for name in field.split() or [""]]), report[
        "problems"
    ]
    assert await desk.rows("SELECT FROM conference") == await desk.rows("SELECT FROM invitation") == []


async def test_a_conference_that_is_open_has_proposed_nothing(desk: Desk) -> None:
    await known(desk, "P1")
    decided = {"proposal": "confirmed", "decided_on": HELD.isoformat(), "decided_by": "chair-1"}
    report = await import_conferences(
        desk, [conference("A", "P1", HELD)], [*attended("A"), guest("A", GP, attendance="neither", **decided)]
    )
    assert [(problem["row"], problem["field"]) for problem in report["problems"]] == [(5, "proposal")]
    report = await import_conferences(desk, [conference("A", "P1", HELD)], [*attended("A"), guest("A", GP)])
    assert report["problems"] == [] and await desk.rows("SELECT FROM proposal") == []
    assert (await desk.rows("SELECT state FROM conference"))[0]["state"] == "held"


async def test_a_conference_without_its_quorum_says_why_it_went_on(desk: Desk) -> None:
    await known(desk, "P1")
    guests = [guest("A", GP, attendance="attended")]
    report = await import_conferences(desk, [conference("A", "P1", HELD)], guests)
    assert [(problem["file"], problem["field"]) for problem in report["problems"]] == [
        ("conferences", "inquorate_because")
    ]
    await import_conferences(desk, [conference("A", "P1", HELD, inquorate_because="Snow.")], guests)
    (row,) = await desk.rows("SELECT quorate, inquorate_because FROM conference")
    assert tuple(row.values()) == (False, "Snow.")


async def test_the_rows_of_a_meeting_say_the_same_of_it(desk: Desk) -> None:
    await known(desk, "P1", "P2", "P3")
    rows = [conference("A", "P1", HELD), conference("A", "P2", HELD, venue="Town Hall"), conference("A", "P1", HELD)]
    report = await import_conferences(desk, rows)
    assert [(problem["row"], problem["field"]) for problem in report["problems"]] == [(3, "meeting"), (4, "person_id")]


async def test_two_enquiries_of_a_child_do_not_go_on_at_once(desk: Desk) -> None:
    await known(desk, "P1")
    await import_rows(
        desk, "conferences/section-47-enquiries", [enquiry("P1", add_working_days(DISCUSSED, 3), request_id="E-2")]
    )
    report = await import_conferences(desk, [conference("A", "P1", HELD)])
    assert [(problem["row"], problem["field"]) for problem in report["problems"]] == [(2, "held_on")]


async def test_who_works_on_the_case_now_may_have_chaired_once_and_is_no_chair_now(desk: Desk) -> None:
    await known(desk, "P1")
    rows = [conference("A", "P1", HELD, chair_id="manager-1"), review("B", "P1", REVIEWED)]
    report = await import_conferences(desk, rows[:1], dry_run="true")
    assert [(problem["row"], problem["field"]) for problem in report["problems"]] == [(2, "chair_id")]
    assert (await import_conferences(desk, rows))["problems"] == []


async def test_history_comes_before_what_is_planned(desk: Desk) -> None:
    await known(desk, "P1")
    planned = await desk.planned("P1")
    report = await import_conferences(desk, [conference("A", "P1", HELD)])
    ((row, field, reason),) = [(problem["row"], problem["field"], problem["reason"]) for problem in report["problems"]]
    assert (row, field) == (2, "person_id") and planned["reference"] in reason


async def test_a_dry_run_checks_later_rows_against_earlier_ones_and_writes_nothing(desk: Desk) -> None:
    await known(desk, "P1")
    rows, guests = history("P1")
    before = await told_of(desk, "P1")
    report = await import_conferences(desk, rows, guests, dry_run="true")
    assert (report["rows"], report["imported"], report["conferences"], report["problems"]) == (18, 0, 3, [])
    assert await told_of(desk, "P1") == before
    assert await desk.rows("SELECT FROM chassis.reference_counter") == []


async def test_history_may_come_in_several_files_one_after_the_other(desk: Desk) -> None:
    await known(desk, "P1")
    rows, guests = history("P1")
    for number in range(3):
        report = await import_conferences(desk, [rows[number]], guests[5 * number : 5 * number + 5])
        assert report["problems"] == [], number
    await lived(desk)
    assert await told_of(desk, "P1") == await told_of(desk, "P2")


def ended(person_id: str, ends_on: date | str, reason: str = "transfer_out") -> Row:
    """A plan that ended without a conference."""
    return {"person_id": person_id, "ends_on": str(ends_on), "reason": reason}


async def test_a_child_who_moved_away_and_came_back_has_two_plans(desk: Desk) -> None:
    """The end of the first is between the conferences, that of the second after all of them."""
    await known(desk, "P1")
    left, again = REVIEWED + timedelta(days=5), add_working_days(REVIEWED, 10)
    await import_rows(desk, "conferences/section-47-enquiries", [enquiry("P1", again, request_id="E-2")])
    back = add_working_days(again, 9)
    rows = [conference("A", "P1", HELD), review("B", "P1", REVIEWED), conference("C", "P1", back)]
    without = await import_conferences(desk, rows, dry_run="true")
    assert [(problem["row"], problem["field"]) for problem in without["problems"]] == [(4, "outcome")]
    report = await import_conferences(
        desk, rows, plan_ends=[ended("P1", back + timedelta(days=3), "death"), ended("P1", left)]
    )
    assert (report["rows"], report["imported"], report["problems"]) == (5, 5, [])
    plans = await desk.rows("SELECT * FROM protection_plan ORDER BY starts_on")
    assert [(plan["ends_on"], plan["end_reason"], plan["ended_by"]) for plan in plans] == [
        (left, "transfer_out", None),
        (back + timedelta(days=3), "death", None),
    ]
    assert (plans[1]["previous_plans"], plans[1]["previous_ended_on"]) == (1, left)
    (row,) = await desk.rows("SELECT plan_since, category, chair_id FROM protection")
    assert tuple(row.values()) == (None, None, None)
    assert {deadline["kind"] for deadline in await desk.owed("P1")} <= {"record", "outline_plan"}


async def test_plans_that_are_here_already_can_end_by_a_file_of_ends_alone(desk: Desk) -> None:
    await known(desk, "P1")
    await import_conferences(desk, [conference("A", "P1", HELD), review("B", "P1", REVIEWED)])
    report = await import_conferences(desk, [], plan_ends=[ended("P1", REVIEWED - timedelta(days=1))])
    assert [(problem["file"], problem["row"], problem["field"]) for problem in report["problems"]] == [
        ("plan_ends", 2, "ends_on")
    ]
    report = await import_conferences(desk, [], plan_ends=[ended("P1", clock.today())])
    assert (report["imported"], report["problems"]) == (1, [])
    assert await desk.owed("P1", "conference") == []
    (audited,) = await desk.rows("SELECT person_ids FROM chassis.audit_entry WHERE action = 'import_plan_ends'")
    assert audited["person_ids"] == ["P1"]


WRONG_ENDS: dict[str, tuple[Row, str]] = {
    "a child who is not known": (ended("P9", clock.today()), "person_id"),
    "a child on no plan": (ended("P2", clock.today()), "ends_on"),
    "a plan that ended twice": (ended("P3", clock.today()), "ends_on"),
    "before the plan": (ended("P1", DISCUSSED), "ends_on"),
    "a day to come": (ended("P1", TOMORROW), "ends_on"),
    "no 18th birthday": (ended("P1", clock.today(), "eighteenth_birthday"), "ends_on"),
    "by a conference": (ended("P1", clock.today(), "conference"), "reason"),
    "for no reason": (ended("P1", clock.today(), "tired"), "reason"),
}


@pytest.mark.parametrize(("wrong", "field"), WRONG_ENDS.values(), ids=WRONG_ENDS)
async def test_one_wrong_end_is_named_and_nothing_is_imported(desk: Desk, wrong: Row, field: str) -> None:
    await known(desk, "P1", "P2", "P3")
    rows = [conference("A", "P1", HELD), conference("X", "P3", HELD), review("B", "P1", REVIEWED)]
    ends = (
        [ended("P3", clock.today()), wrong]
        if wrong["person_id"] == "P3"
        else [ended("P3", HELD + timedelta(days=9)), wrong]
    )
    report = await import_conferences(desk, rows, plan_ends=ends)
    problems = [
        (problem["file"], problem["row"], problem["field"])
        for problem in report["problems"]
        if problem["file"] == "plan_ends"
    ]
    assert (report["imported"], problems) == (0, [("plan_ends", 3, field)]), report["problems"]
    assert await desk.rows("SELECT FROM protection_plan") == []


async def test_ten_thousand_rows_are_imported_at_once(desk: Desk) -> None:
    """Across many portions of the files, of which the invitations' is in another order."""
    ids = [f"P{number:04}" for number in range(700)]
    await known(desk, *ids)
    rows = [conference(f"M{person_id}", person_id, HELD) for person_id in ids] + [
        review(f"N{person_id}", person_id, REVIEWED) for person_id in ids
    ]
    guests = [row for person_id in reversed(ids) for name in ("M", "N") for row in attended(f"{name}{person_id}")]
    report = await import_conferences(desk, rows, guests)
    assert (report["imported"], report["problem_count"]) == (len(rows) + len(guests), 0)
    found = await desk.rows(
        "SELECT count(*) AS count FROM child_conference WHERE kind = 'first_review' AND in_time AND outcome = 'continues'"
    )
    assert found[0]["count"] == len(ids)
    assert (await desk.rows("SELECT count(*) AS count FROM invitation"))[0]["count"] == len(guests)
    owed = await desk.rows("SELECT count(*) AS count FROM deadline WHERE subject = 'later_review'")
    assert owed[0]["count"] == len(ids)


async def test_what_a_record_says_is_imported_or_kept_in_the_earlier_system(desk: Desk) -> None:
    await known(desk, "P1", "P2")
    days = {"record_on": HELD.isoformat()}
    said = {
        "past_harm": "The home was cold.;Meals were missed.",
        "working_well": "School is liked.",
        "next_steps": "Visit every week.;Weigh the baby.",
        "next_step_owners": "The social worker;The health visitor",
        "next_steps_due_on": f"{HELD};{REVIEWED}",
    }
    for wrong in ({"next_step_owners": "The social worker"}, {"next_steps_due_on": HELD.isoformat()}):
        report = await import_conferences(desk, [conference("A", "P1", HELD, **days | said | wrong)])
        assert report["imported"] == 0
    rows = [conference("A", "P1", HELD, **days, **said), conference("B", "P2", HELD, **days)]
    assert (await import_conferences(desk, rows, []))["problem_count"] == 0
    first, second = await desk.rows("SELECT reference, record, record_template FROM conference ORDER BY reference")
    assert json.loads(first["record"]) == {
        "past_harm": ["The home was cold.", "Meals were missed."],
        "working_well": ["School is liked."],
        "next_steps": [
            {"step": "Visit every week.", "owner": "The social worker", "due_on": HELD.isoformat()},
            {"step": "Weigh the baby.", "owner": "The health visitor", "due_on": REVIEWED.isoformat()},
        ],
    }
    assert (second["record"], second["record_template"]) == ("{}", None)
    page = (await desk.ask("GET", f"/v1/conferences/{second['reference']}/record.html")).text
    assert page.count("Kept in the earlier system.") == 3 and "Not written yet" not in page


async def test_each_imported_check_belongs_to_the_last_conference_held_by_its_day(desk: Desk) -> None:
    await known(desk, "P1")
    rows = [conference("A", "P1", HELD), review("B", "P1", REVIEWED)]
    left = {"person_id": "P1", "ends_on": (REVIEWED + timedelta(days=30)).isoformat(), "reason": "transfer_out"}
    assert (await import_conferences(desk, rows, plan_ends=[left]))["problem_count"] == 0
    said = {"person_id": "P1", "done_by": "chair-1", "visits_in_time": "true", "core_groups_held": "false"}
    after_each = [said | {"done_on": (day + timedelta(days=9)).isoformat()} for day in (HELD, REVIEWED)]
    again, before = HELD + timedelta(days=20), HELD - timedelta(days=1)
    wrong = [said | {"done_on": day.isoformat()} for day in (again, before)] + [after_each[0] | {"person_id": "P9"}]
    report = await import_rows(desk, "plan-checks", after_each + wrong)
    assert (report["imported"], [problem["field"] for problem in report["problems"]]) == (
        0,
        ["done_on", "done_on", "person_id"],
    )
    assert (await import_rows(desk, "plan-checks", after_each))["imported"] == 2
    kept = await desk.rows("SELECT reference, due_on, done_by, concern_to_id FROM plan_check ORDER BY done_on")
    days = await desk.rows("SELECT reference, held_on FROM conference ORDER BY held_on")
    assert [row["reference"] for row in kept] == [row["reference"] for row in days]
    halfway = [midpoint(day, add_months(day, months)) for day, months in ((HELD, 3), (REVIEWED, 6))]
    # Also where the plan ended before the next conference.
    assert [row["due_on"] for row in kept] == halfway
    assert len(await desk.rows("SELECT FROM chassis.audit_entry WHERE action = 'import_plan_checks'")) == 1
