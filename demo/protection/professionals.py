"""Which invented professionals work with a family, and would be invited to its conferences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from demo.people import FIRST_NAMES, LAST_NAMES, ORGANISATIONS, teams_of
from demo.protection.model import SEED, Child, Family, Meeting

SOCIAL_WORKER, GP, HEALTH_VISITOR, MIDWIFE = "social-worker", "gp", "health-visitor", "midwife"
SCHOOL, POLICE, YOUNG_PERSONS_NURSE = "safeguarding-lead", "police-officer", "young-persons-nurse"
CAMHS, ADVOCATE = "camhs", "advocate"
AGENCIES = {one.role: one.agency_id for one in ORGANISATIONS}
# How many families work with somebody of these, besides those whom nearly all have.
NEEDS = {
    "housing-officer": 0.22,
    "recovery-worker": 0.2,
    "probation-officer": 0.17,
    "hospital-worker": 0.13,
    "early-help-worker": 0.2,
    "other-professional": 0.12,
    "council-officer": 0.09,
    "support-worker": 0.05,
    "other-health-worker": 0.06,
    POLICE: 0.3,
    CAMHS: 0.2,
    YOUNG_PERSONS_NURSE: 0.5,
    ADVOCATE: 0.06,
}
# From which age on, and until which, a child can have to do with somebody in these roles.
AGES = {
    HEALTH_VISITOR: (0, 4),
    MIDWIFE: (-1, -1),
    SCHOOL: (3, 17),
    CAMHS: (11, 17),
    YOUNG_PERSONS_NURSE: (11, 17),
    ADVOCATE: (8, 17),
}
NURSERY, SECONDARY = "Canal Street Nursery", ("Beacon Secondary", "Eastfield Academy")
PEOPLE_OF_A_TEAM = 4
MOST_SCHOOLS = 2


@dataclass(frozen=True)
class Professional:
    """Somebody in a role of an agency, perhaps in a team or a practice."""

    role: str
    agency_id: str
    name: str
    team: str = ""

    def email(self) -> str:
        """An invented address."""
        return f"{self.name.lower().removeprefix('dr ').replace(' ', '.')}@{self.agency_id}.example"


def schools_for(child: Child) -> list[str]:
    """Where a child of this age in March 2020 can go to, or will."""
    age = child.age_on(date(2020, 3, 31))
    if age < 4:
        return [NURSERY]
    if age >= 11:
        return [*SECONDARY]
    return [one for one in teams_of(SCHOOL) if one not in {NURSERY, *SECONDARY}]


def fits(role: str, meeting: Meeting) -> bool:
    """Whether a conference is about a child who can have to do with somebody in this role."""
    low, high = AGES.get(role, (-1, 17))
    return any(low <= part.child.age_on(meeting.held_on) <= high for part in meeting.parts)


def usual(meeting: Meeting) -> Iterator[Professional]:
    """The professionals who are invited to a conference anyway."""
    family = meeting.family
    yield one_of(SOCIAL_WORKER, family)
    yield one_of(GP, family)
    for role in (HEALTH_VISITOR, MIDWIFE):
        if fits(role, meeting):
            yield one_of(role, family)
    children = [part.child for part in meeting.parts if part.child.age_on(meeting.held_on) >= AGES[SCHOOL][0]]
    for school in sorted({child.school for child in children})[:MOST_SCHOOLS]:
        yield one_of(SCHOOL, family, school)
    if meeting.is_initial() or POLICE in family.needs:
        yield one_of(POLICE, family)
    for role in sorted(family.needs - {POLICE}):
        if fits(role, meeting):
            yield one_of(role, family)


def one_of(role: str, family: Family, place: str = "") -> Professional:
    """The family's own professional in a role: the same at each conference."""
    agency_id = AGENCIES[role]
    if role == SOCIAL_WORKER:
        return Professional(role, agency_id, family.social_worker, family.team)
    random = Random(f"{SEED} {family.number} {role}")
    if role == GP:
        place = family.gp_practice
    elif not place:
        place = random.choice(teams_of(role) or [""])
    title = "Dr " if role == GP else ""
    return Professional(role, agency_id, title + _name(random, place or role), place)


def _name(random: Random, place: str) -> str:
    """One of the few people of a team, so that some fail again and again."""
    number = random.randrange(PEOPLE_OF_A_TEAM) + sum(map(ord, place))
    return f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[(7 * number) % len(LAST_NAMES)]}"
