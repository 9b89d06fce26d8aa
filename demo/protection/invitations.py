"""Who was invited to each conference, what they contributed, and what became of what was missing, as rows."""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from chassis.law.working_days import subtract_working_days
from demo.people import FIRST_NAMES, LAST_NAMES, Row
from demo.protection.failures import (
    CONFIRMED,
    DISMISSED,
    NO_APOLOGIES,
    NO_REPORT_ATTENDED,
    NO_REPORT_SENT_APOLOGIES,
    WAITING,
    Failure,
    Failures,
)
from demo.protection.model import SEED, Meeting
from demo.protection.paperwork import paperwork
from demo.protection.professionals import GP, POLICE, SOCIAL_WORKER, Professional, one_of, usual

ATTENDED, APOLOGIES, NEITHER = "attended", "apologies", "neither"
REPORT_BEFORE_INITIAL, REPORT_BEFORE_REVIEW = 2, 5
# How many of those who do not fail a conference come to it; the others send apologies.
COMES = {SOCIAL_WORKER: 1.0, GP: 0.12, POLICE: 0.55}
USUALLY_COMES = 0.82
SENDS_LATE, SHARED = 0.13, 0.8
MOTHER_COMES, FATHER_INVITED, FATHER_COMES = 0.86, 0.72, 0.48
GRANDPARENT, OBSERVER, FAMILY_STAYS_AWAY = 0.16, 0.08, 0.5
ADVOCACY = "Advocacy service"
# A conference that would not be quorate is mostly put on a day on which it is.
HOLDS_WITH_QUORUM, OTHER_AGENCIES = 0.85, 2


def report_due_on(meeting: Meeting) -> date:
    """Until when reports for a conference were to be there."""
    ahead = REPORT_BEFORE_INITIAL if meeting.is_initial() else REPORT_BEFORE_REVIEW
    return subtract_working_days(meeting.held_on, ahead)


def invited(meeting: Meeting, failures: Failures, advocate: bool) -> list[Row]:  # noqa: FBT001
    """Everybody who was invited to a conference; an advocate is there where one supported a child."""
    random = Random(f"{SEED} invited {meeting.key}")
    rows = [*_professionals(random, meeting, failures.of(meeting))]
    if random.random() < HOLDS_WITH_QUORUM:
        _bring_together(rows)
    rows += _family(random, meeting)
    if advocate:
        rows.append({"invited_as": "advocate", "name": ADVOCACY, "attendance": ATTENDED})
    if random.random() < OBSERVER:
        name = f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"
        rows.append({"invited_as": "observer", "name": name, "attendance": ATTENDED})
    return [{"meeting": meeting.key, **row} for row in rows]


def _professionals(random: Random, meeting: Meeting, failing: dict[str, Failure]) -> Iterator[Row]:
    people = [*usual(meeting)]
    people += [one_of(role, meeting.family) for role in failing if role not in {one.role for one in people}]
    left = dict(failing)
    for one in people:
        failure = left.pop(one.role, None)
        row = professional(meeting, one)
        yield row | (_failed(random, meeting, failure) if failure else _contributed(random, meeting, one.role))


def professional(meeting: Meeting, one: Professional) -> Row:
    """Somebody who is invited to a conference, with a report."""
    return {
        "invited_as": "professional",
        "name": one.name,
        "agency_id": one.agency_id,
        "agency_role": one.role,
        "team": one.team,
        "area_id": meeting.family.area_id,
        "email": one.email(),
        "report_expected": "true",
    }


def _contributed(random: Random, meeting: Meeting, role: str) -> Row:
    """What somebody contributed of whom nothing is missing."""
    comes = random.random() < COMES.get(role, USUALLY_COMES)
    away = {} if comes else {"apologies_on": subtract_working_days(meeting.held_on, random.randint(1, 6)).isoformat()}
    return {"attendance": ATTENDED if comes else APOLOGIES} | away | _report(random, meeting)


def _report(random: Random, meeting: Meeting) -> Row:
    due_on = report_due_on(meeting)
    if random.random() < SENDS_LATE:
        ahead = random.randint(0, REPORT_BEFORE_INITIAL - 1 if meeting.is_initial() else REPORT_BEFORE_REVIEW - 1)
        received_on = subtract_working_days(meeting.held_on, ahead)
    else:
        received_on = subtract_working_days(due_on, random.randint(0, 4))
    shared_on = max(due_on, received_on) if random.random() < SHARED else None
    return {
        "report_received_on": received_on.isoformat(),
        "report_shared_on": shared_on.isoformat() if shared_on else "",
    }


def _failed(random: Random, meeting: Meeting, failure: Failure) -> Row:
    row = {"attendance": NEITHER}
    if failure.reason == NO_REPORT_SENT_APOLOGIES:
        apologies_on = subtract_working_days(meeting.held_on, random.randint(0, 3))
        row = {"attendance": APOLOGIES, "apologies_on": apologies_on.isoformat()}
    elif failure.reason == NO_REPORT_ATTENDED:
        row = {"attendance": ATTENDED}
    elif failure.reason == NO_APOLOGIES:
        row |= _report(random, meeting)
    return row | _decided(meeting, failure)


def _decided(meeting: Meeting, failure: Failure) -> Row:
    if failure.proposal == WAITING:
        return {}
    decided_on = paperwork(meeting).decided_on
    assert decided_on
    assert failure.proposal in {CONFIRMED, DISMISSED}
    return {
        "proposal": failure.proposal,
        "decided_on": decided_on.isoformat(),
        "decided_by": meeting.family.chair_id,
        "dismissed_because": failure.dismissed_because,
    }


def _family(random: Random, meeting: Meeting) -> Iterator[Row]:
    family = meeting.family

    def member(name: str, relationship: str, share: float) -> Row:
        away = APOLOGIES if random.random() < FAMILY_STAYS_AWAY else NEITHER
        attendance = ATTENDED if random.random() < share else away
        row = {"invited_as": "family", "name": name, "relationship": relationship, "attendance": attendance}
        return row | ({"apologies_on": meeting.held_on.isoformat()} if attendance == APOLOGIES else {})

    yield member(family.mother, "mother", MOTHER_COMES)
    if random.random() < FATHER_INVITED:
        yield member(family.father, "father", FATHER_COMES)
    if random.random() < GRANDPARENT:
        yield member(f"{random.choice(FIRST_NAMES)} {family.mother.split()[-1]}", "grandparent", USUALLY_COMES)


def is_quorate(rows: Sequence[Row]) -> bool:
    """Whether children's social care and two other agencies were there."""
    present = [row for row in rows if row["invited_as"] == "professional" and row["attendance"] == ATTENDED]
    social_care = {row["agency_id"] for row in present if row["agency_role"] == SOCIAL_WORKER}
    return bool(social_care) and len({row["agency_id"] for row in present} - social_care) >= OTHER_AGENCIES


def _bring_together(rows: Sequence[Row]) -> None:
    """Let some of those who sent a report and apologies come, until the conference is quorate."""
    for row in rows:
        if not is_quorate(rows) and row["attendance"] == APOLOGIES and "report_received_on" in row:
            row["attendance"], row["apologies_on"] = ATTENDED, ""
