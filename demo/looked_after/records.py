"""The invented children and their reviews as rows of imports."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from chassis.law.working_days import add_working_days, is_working_day, subtract_working_days
from demo.looked_after.model import SEED, Child, Meeting, Part, Stay
from demo.looked_after.world import everything
from demo.people import Row
from demo.published import AS_OF

MANAGER = "swm-1"
CODES_FROM_AGE = 4
ADVOCATES_FROM_AGE = 8
# From here on everybody of 4 years or more took part, as published; the year before some did not.
ALL_TOOK_PART_FROM = date(2019, 4, 1)
TOOK_NO_PART = frozenset({"PN4", "PN7"})
BY_ADVOCATE = frozenset({"PN2", "PN5"})
ATTENDING = frozenset({"PN1", "PN2", "PN3", "PN4"})
CODES = {
    8: {"PN1": 36, "PN3": 9, "PN4": 4, "PN6": 48, "PN7": 3},
    16: {"PN1": 60, "PN2": 3, "PN3": 3, "PN4": 2, "PN5": 3, "PN6": 26, "PN7": 3},
    18: {"PN1": 62, "PN2": 2, "PN3": 1, "PN4": 1, "PN5": 3, "PN6": 27, "PN7": 4},
}
KEPT_APART_FROM = date(2020, 3, 17)
MODES = {"in_person": 95, "telephone": 2, "video": 1, "hybrid": 2}
MODES_APART = {"telephone": 6, "video": 5, "hybrid": 1}
ANSWERS = {"agreed": 70, "silent": 27, "objected": 3}
WELL_BEFORE = timedelta(days=60)
SHORTLY_BEFORE = timedelta(days=21)
OPEN_SINCE = date(2020, 1, 13)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yes(*, so: bool) -> str:
    return str(so).lower()


def _drawn(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), weights=list(weights.values()))[0]


def children(of: Sequence[Child] | None = None) -> list[Row]:
    """Every looked-after child, the demo's unless others are given, in one row for each episode of each stay."""
    return [
        row
        for child in (everything()[0] if of is None else of)
        for stay in child.stays
        for row in _episodes(child, stay)
    ]


def _episodes(child: Child, stay: Stay) -> Iterator[Row]:
    base = _child(child) | {
        "period_starts_on": _day(stay.starts_on),
        "period_ends_on": _day(stay.ends_on),
        "adoption_authorised_on": _day(stay.adoption_authorised_on),
        "reviews_before": str(len(stay.reviewed_before)),
        "reviewed_before_on": _day(stay.reviewed_before[-1] if stay.reviewed_before else None),
    }
    for one in stay.episodes:
        yield base | {
            "episode_starts_on": _day(one.starts_on),
            "legal_status": one.legal_status,
            "placement": one.placement,
        }


def _child(child: Child) -> Row:
    return {
        "person_id": child.person_id,
        "given_name": child.given_name,
        "family_name": child.family_name,
        "born_on": _day(child.born_on),
        "area_id": child.area_id,
        "team": child.team,
        "social_worker": child.social_worker,
        "manager_id": MANAGER,
        "chair_id": child.chair_id,
        "chair_from": _day(child.chair_from),
        "disabled": _yes(so=child.disabled),
        "unaccompanied": _yes(so=child.unaccompanied),
        "restricted": _yes(so=child.restricted),
        "siblings": ";".join(one.person_id for one in child.siblings),
        "mother_person_id": child.mother.person_id if child.mother else "",
        "advocacy_opted_out_on": _day(child.advocacy_opted_out_on),
        "communication_needs": child.communication_needs,
        "email": child.email,
    }


def reviews() -> list[Row]:
    """Every child's part in every review, the children of a meeting one after another."""
    random = Random(SEED + 4)
    _, held = everything()
    last = {part.stay: one for one in held if not one.sequence for part in one.parts}
    return [row for one in held for row in _meeting(random, one, last)]


def _meeting(random: Random, meeting: Meeting, last: dict[Stay, Meeting]) -> Iterator[Row]:
    apart = meeting.held_on >= KEPT_APART_FROM
    base = {
        "meeting": meeting.key,
        "held_on": _day(meeting.held_on),
        "chair_id": meeting.chair_id,
        "sequence": meeting.sequence,
        "mode": _drawn(random, MODES_APART if apart else MODES),
        "early_trigger": _trigger(random, meeting),
        **_paperwork(random, meeting.held_on),
    }
    for part in meeting.parts:
        ceases = part.stay.ends_on is not None and last.get(part.stay) is meeting
        yield base | _part(random, part, meeting.held_on) | {"next_step": "ceases" if ceases else "continue"}


def _trigger(random: Random, meeting: Meeting) -> str:
    """Why a few reviews were brought forward."""
    part = meeting.parts[0]
    if meeting.sequence or len(meeting.parts) > 1 or part.due_on is None or meeting.held_on >= part.due_on:
        return ""
    ends_on = part.stay.ends_on
    if ends_on is not None and ends_on - meeting.held_on <= SHORTLY_BEFORE:
        status = part.stay.status_on(meeting.held_on)
        if status in {"J1", "L1"}:
            return "police_protection_remand_or_custody_ends"
        return "accommodation_ends" if status == "V2" and random.random() < 0.3 else ""
    if part.due_on - meeting.held_on >= WELL_BEFORE and random.random() < 0.1:
        return random.choice(["chair_asked", "welfare_not_safeguarded"])
    return ""


def _part(random: Random, part: Part, held_on: date) -> Row:
    child, age = part.child, part.child.age_on(held_on)
    code = _code(random, child, held_on)
    attended = code in ATTENDING if code != "PN0" else random.random() < 0.25
    sent_on, returned_on = _consultation(random, part, held_on)
    return {
        "person_id": child.person_id,
        "participation": code,
        "attended": _yes(so=attended),
        "seen_alone": _yes(so=age >= CODES_FROM_AGE and random.random() < (0.62 if attended else 0.25)),
        "consultation_sent_on": _day(sent_on),
        "consultation_returned_on": _day(returned_on),
    }


def _code(random: Random, child: Child, held_on: date) -> str:
    age = child.age_on(held_on)
    if age < CODES_FROM_AGE:
        return "PN0"
    weights = next(found for below, found in CODES.items() if age < below)
    barred = TOOK_NO_PART if held_on >= ALL_TOOK_PART_FROM else frozenset()
    if child.advocacy_opted_out_on and child.advocacy_opted_out_on <= held_on:
        barred |= BY_ADVOCATE
    return _drawn(random, {code: weight for code, weight in weights.items() if code not in barred})


def _consultation(random: Random, part: Part, held_on: date) -> tuple[date | None, date | None]:
    """When a child old enough was sent the form, and when it came back, if it did."""
    if part.child.age_on(held_on) < CODES_FROM_AGE:
        return None, None
    sent_on = max(subtract_working_days(held_on, random.randint(10, 20)), add_working_days(part.stay.starts_on, 2))
    back_on = add_working_days(sent_on, random.randint(3, 9))
    return sent_on, back_on if back_on < held_on and random.random() < 0.6 else None


def _paperwork(random: Random, held_on: date) -> Row:
    """When what follows a meeting was done: mostly in time, sometimes late, and of the latest some not yet."""
    latest = held_on >= OPEN_SINCE
    decisions = add_working_days(held_on, random.randint(6, 9) if random.random() < 0.05 else random.randint(0, 5))
    record = add_working_days(held_on, random.randint(16, 24) if random.random() < 0.07 else random.randint(6, 15))
    record = max(record, decisions)
    sent = add_working_days(held_on, random.randint(21, 28) if random.random() < 0.06 else random.randint(12, 20))
    sent = max(sent, record)
    written = decisions <= AS_OF and not (latest and random.random() < 0.04)
    recorded = written and record <= AS_OF and not (latest and random.random() < 0.08)
    shared = recorded and sent <= AS_OF and not (latest and random.random() < 0.08)
    return {
        "decisions_on": _day(decisions) if written else "",
        "manager": _drawn(random, ANSWERS) if written else "",
        "record_on": _day(record) if recorded else "",
        "distributed_on": _day(sent) if shared else "",
    }


def working_days_of(first: date, last: date) -> list[date]:
    """The working days from one day to another, both included."""
    span = (last - first).days + 1
    return [day for day in (first + timedelta(days=ahead) for ahead in range(span)) if is_working_day(day)]
