"""The invented families and their conferences as rows of imports."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from random import Random

from demo.people import Row
from demo.protection.failures import Failures
from demo.protection.invitations import invited, is_quorate
from demo.protection.model import ENDED, NOT_MADE, SEED, TRANSFER_IN, Child, Family, Meeting, Part
from demo.protection.paperwork import INQUORATE_BECAUSE, paperwork
from demo.protection.taking_part import Advocates, attends, code_of
from demo.protection.world import everything
from demo.published import AS_OF

MANAGER = "swm-1"
SCHOOL_FROM = 4
# Since then conferences have been held by telephone and video.
KEPT_APART_FROM = date(2020, 3, 17)
MODES = {"in_person": 96, "hybrid": 2, "telephone": 2}
MODES_APART = {"telephone": 6, "video": 5, "hybrid": 1}
VENUES = ("Castle Street family centre", "Wharf Road offices", "Northgate children's centre", "Orchard House")
TIMES = ("09:30", "11:00", "13:30", "15:00")
MINUTES = ("Perrin Coldstone", "Sorrel Mossgrove", "Una Greyling")
AUTHORITIES = ("Westerhaven Council", "Eastmarch Council", "Northwold Council")
FAMILY_MET = 0.95
VIEWS = (
    "Wants to stay at home.",
    "Is worried about the arguments.",
    "Likes the new school.",
    "Wants it to be quieter.",
)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yes(*, so: bool) -> str:
    return str(so).lower()


def children() -> list[Row]:
    """Every child of every family."""
    return [_child(family, child) for family in everything().families for child in family.children]


def _child(family: Family, child: Child) -> Row:
    born = child.is_born_on(AS_OF)
    at_school = child.age_on(AS_OF) >= SCHOOL_FROM
    return {
        "person_id": child.person_id,
        "given_name": child.given_name if born else "",
        "family_name": child.family_name,
        "born_on": _day(child.born_on if born else None),
        "expected_on": _day(None if born else child.born_on),
        "sex": child.sex if born else "U",
        "ethnicity": child.ethnicity if born else "NOBT",
        "disabilities": child.disabilities if born else "",
        "upn_unknown": "UN3" if at_school else "UN1",
        "family_id": f"F{family.number:04}",
        "school": child.school if child.age_on(AS_OF) >= SCHOOL_FROM - 2 else "",
        "gp_practice": family.gp_practice,
        "area_id": family.area_id,
        "team": family.team,
        "social_worker": family.social_worker,
        "manager_id": MANAGER,
        "restricted": _yes(so=family.restricted),
        "advocacy_opted_out_on": _day(child.advocacy_opted_out_on),
    }


def enquiries() -> list[Row]:
    """Every section 47 enquiry."""
    return [
        {
            "request_id": f"S47-{number:04}",
            "person_id": one.child.person_id,
            "started_on": _day(one.started_on),
            "strategy_discussion_on": _day(one.strategy_discussion_on),
            "conference_not_required": _yes(so=not one.needed),
        }
        for number, one in enumerate(everything().enquiries, start=1)
    ]


def transfers_in() -> list[Row]:
    """The notifications of other authorities, each with its number in `request_id`."""
    random = Random(SEED + 7)
    parts = [part for one in everything().meetings for part in one.parts if part.kind == TRANSFER_IN]
    return [
        {
            "request_id": f"TRANSFER-{number:02}",
            "person_id": part.child.person_id,
            "notified_on": _day(part.event_on),
            "from_authority": random.choice(AUTHORITIES),
        }
        for number, part in enumerate(parts, start=1)
    ]


def plan_ends() -> list[Row]:
    """The plans that ended without a conference."""
    rows = [
        {"person_id": child.person_id, "ends_on": _day(plan.ends_on), "reason": plan.ended_by}
        for family in everything().families
        for child in family.children
        for plan in child.plans
        if plan.ended_by
    ]
    return sorted(rows, key=lambda row: (row["ends_on"], row["person_id"]))


@cache
def _guests() -> dict[str, list[Row]]:
    """Who was invited to each conference of the two years; of those before nobody knows any more."""
    meetings = everything().meetings
    failures, advocates = Failures(meetings), Advocates(meetings)
    return {one.key: invited(one, failures, advocates.for_any(one)) if one.is_told() else [] for one in meetings}


def invitations() -> list[Row]:
    """Everybody who was invited, what they contributed, and what became of what was missing."""
    return [row for rows in _guests().values() for row in rows]


def conferences() -> list[Row]:
    """Every child's part in every conference, the children of a conference one after another."""
    advocates = Advocates(everything().meetings)
    return [row for one in everything().meetings for row in _meeting(one, advocates)]


def _meeting(meeting: Meeting, advocates: Advocates) -> Iterator[Row]:
    random = Random(f"{SEED} held {meeting.key}")
    weights = MODES_APART if meeting.held_on >= KEPT_APART_FROM else MODES
    papers, guests = paperwork(meeting), _guests()[meeting.key]
    base = {
        "meeting": meeting.key,
        "held_on": _day(meeting.held_on),
        "chair_id": meeting.family.chair_id,
        "mode": random.choices(list(weights), weights=list(weights.values()))[0],
        "venue": random.choice(VENUES),
        "planned_time": random.choice(TIMES),
        "minute_taker": random.choice(MINUTES),
        "family_contacted_on": _day(papers.contacted_on),
        "family_met": _yes(so=random.random() < FAMILY_MET),
        "inquorate_because": "" if not guests or is_quorate(guests) else random.choice(INQUORATE_BECAUSE),
        "outline_plan_on": _day(papers.outline_plan_on),
        "record_on": _day(papers.record_on),
        "distributed_on": _day(papers.distributed_on),
        "distributed_to": _recipients(guests) if papers.distributed_on else "",
        "closed_on": _day(papers.closed_on),
    }
    for part in meeting.parts:
        yield base | _part(random, meeting, part, supported=advocates.for_child(meeting, part.child))


def _recipients(guests: Sequence[Row]) -> str:
    names = [row["name"] for row in guests if row["invited_as"] in {"professional", "family"}]
    return ";".join(dict.fromkeys(names)) or "Everybody who was invited"


def _part(random: Random, meeting: Meeting, part: Part, *, supported: bool) -> Row:
    code = code_of(random, part.child, meeting.held_on, supported=supported)
    attended = attends(random, code)
    speaks = code not in {"", "PN0", "PN7"} and random.random() < 0.5
    return {
        "person_id": part.child.person_id,
        "participation": code,
        "attended": _yes(so=attended),
        "advocate": _yes(so=supported),
        "views": random.choice(VIEWS) if speaks else "",
        "outcome": part.outcome,
        "category": part.category if part.outcome not in {ENDED, NOT_MADE} else "",
    }
