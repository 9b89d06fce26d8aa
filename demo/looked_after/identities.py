"""Who the invented children are, apart from their time in care."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from chassis.law.working_days import add_months
from demo.looked_after.model import RECORDS_BEGIN, Child, Stay
from demo.people import AREAS

GIVEN_NAMES = (
    "Alder Amity Arlo Ashlin Aven Birdie Blythe Bram Bryony Cade Calla Caspian Cleo Clover Cosmo Cress Darcy Delphi "
    "Ember Emlyn Evander Fable Farren Fia Fleur Flint Gale Halcyon Harper Haze Indigo Iris Ivo Jory Juniper Kestrel "
    "Kit Lark Linden Lior Lyra Maple Marlo Mica Mirren Moss Nell Nova Oakley Odell Olive Onyx Pax Peregrine Petra "
    "Pippin Posy Quince Remy Rill Robin Rook Rue Sage Sky Sparrow Tally Tarn Teal Thea Tolly Vale Wilder Willa Winter "
    "Zephyr"
).split()
FAMILY_NAMES = (
    "Appleholt Barleycroft Beckermond Brackenfield Brightmere Candlewick Chaffinch Claypole Copperfen Dewhollow "
    "Driftmoor Eldersby Fairbourne Fenwether Fernihough Foxlease Gorsedale Greenaway Harebell Hartsmere Hazelrigg "
    "Heronsea Highbeck Hollinside Ivelbridge Kingcup Lambsgrove Larchwood Lavenby Longacre Lowfield Maplebeck "
    "Marlpit Meadowsweet Millhaven Moorcroft Nettleby Nightingill Orchardleigh Osierbed Peasemoor Pennyroyal "
    "Pinderfield Plumley Ransome Reedham Ridgewell Rushbrooke Saltmarsh Sandhaven Sedgeley Skylarke Snowberry "
    "Sorrelby Starling Sweetbriar Swiftwater Tansyfield Teasel Thistlewood Wagtail Wavendon Whinfell Willowby Yarnold"
).split()
WORKER_NAMES = ("Abbott-Lane Brockway Carrick Dovecote Everdell Farrow Gatward Hallam-Reeve Iveson Jessop").split()
WORKERS_GIVEN = ("Bryn Celia Dorian Esme Felix Gwen Hugo Isla").split()
TEAMS = ("Assessment Team", "Children's Team 1", "Children's Team 2")
LEAVING_CARE_TEAM, LEAVING_CARE_FROM = "Leaving Care Team", 15
NEEDS = (
    "Uses Makaton signs.",
    "Reads lips; sits opposite the speaker.",
    "Needs an interpreter.",
    "Uses a picture board.",
    "Needs large print.",
)
ETHNICITIES = {"WBRI": 84, "WOTH": 6, "MWBC": 2, "MOTH": 2, "BAFR": 2, "AOTH": 2, "OOTH": 2}
ETHNICITIES_ARRIVED = {"OOTH": 5, "BAFR": 3, "AOTH": 3}
# No eighteenth birthday is to fall on the days around the turn of a financial year.
TURN_OF_THE_YEAR = frozenset({(3, 29), (3, 30), (3, 31), (4, 1), (4, 2), (4, 3), (4, 4)})


def birthday(day: date) -> date:
    """The day itself, or one shortly before it where that keeps clear of the turn of the financial year."""
    return day - timedelta(days=10) if (day.month, day.day) in TURN_OF_THE_YEAR else day


def births(random: Random, eldest: date, born_by: date, size: int) -> list[date]:
    """The birthdays of siblings, the eldest first; those who would be born too late are left out."""
    found = [birthday(eldest)]
    while len(found) < size:
        following = birthday(found[-1] + timedelta(days=random.randint(330, 1200)))
        if following > born_by:
            break
        found.append(following)
    return found


def family(random: Random, born: Sequence[date], stays: Sequence[Stay], *, unaccompanied: bool = False) -> list[Child]:
    """Siblings with one name, area and team, each with a stay."""
    area = random.choice(list(AREAS))
    area_name = AREAS[area]
    grown_up = max(stays[0].starts_on, RECORDS_BEGIN) >= add_months(born[0], 12 * LEAVING_CARE_FROM)
    team = LEAVING_CARE_TEAM if grown_up else random.choice(TEAMS)
    worker = f"{random.choice(WORKERS_GIVEN)} {random.choice(WORKER_NAMES)}"
    family_name = random.choice(FAMILY_NAMES)
    weights = ETHNICITIES_ARRIVED if unaccompanied else ETHNICITIES
    ethnicity = random.choices(list(weights), weights=list(weights.values()))[0]
    children = [
        Child(
            given_name=given,
            family_name=family_name,
            born_on=born_on,
            sex=random.choices(["1", "2"], weights=[11, 9])[0],
            ethnicity=ethnicity,
            area_id=area,
            team=f"{team} {area_name}",
            social_worker=worker,
            stays=[stay],
            disabled=random.random() < 0.12,
            unaccompanied=unaccompanied,
        )
        for given, born_on, stay in zip(random.sample(GIVEN_NAMES, len(born)), born, stays, strict=True)
    ]
    for child in children:
        child.siblings = [one for one in children if one is not child]
    return children


def numbered(children: Sequence[Child]) -> list[Child]:
    """The children in the order in which they came, each with a number."""
    ordered = sorted(children, key=lambda one: one.stays[0].starts_on)
    for number, child in enumerate(ordered, start=200_001):
        child.person_id = f"L{number}"
    return ordered


def with_particulars(random: Random, children: Sequence[Child], as_of: date) -> None:
    """Mark the few who are restricted, opted out of advocacy, need help to communicate, or have an email address."""
    for child in random.sample(children, 6):
        child.restricted = True
        for one in child.siblings:
            one.restricted = True
    older = [child for child in children if child.age_on(as_of) >= 11 and child.stays[-1].ends_on is None]
    for child in random.sample(older, 9):
        since = child.stays[-1].starts_on
        child.advocacy_opted_out_on = since + timedelta(days=random.randint(0, (as_of - since).days))
    for child in random.sample([one for one in children if one.disabled], 14):
        child.communication_needs = random.choice(NEEDS)
    for child in random.sample([one for one in older if one.age_on(as_of) >= 13], 40):
        child.email = f"{child.given_name}.{child.person_id}@example.org".lower()
