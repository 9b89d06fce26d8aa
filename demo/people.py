"""The invented council: its areas, agencies, colleagues, and who covers what."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

SEED = 2019
FIRST_NAMES = (
    "Ada Bela Corin Dara Edda Fenn Greta Hollis Ines Joss Kerr Lorna Merrin Nye Orla Perrin Quill Rowan Sorrel Tamsin "
    "Una Vesper Wren Yarrow Zinnia"
).split()
LAST_NAMES = (
    "Ambleforth Birkwhistle Coldstone Dunmarsh Elmsgate Fallowby Greyling Hawksworthy Inglemere Juniperson Kestrelby "
    "Larkmoor Mossgrove Netherfold Oakhanger Pebblecombe Quarrington Ravensby Saltergate Thornyhill Underbank Vanewell "
    "Wintergill Yewbarrow"
).split()
AREAS = {"north": "North", "south": "South"}
# Twenty chairs who together are the published 18.6 full-time equivalents.
FULL_TIME_EQUIVALENTS = ["1"] * 16 + ["0.8", "0.6", "0.6", "0.6"]
STARTED = "2016-04-01"


@dataclass(frozen=True)
class Organisation:
    """A row of the published table as an agency and a role of the invented council."""

    published_as: str
    agency_id: str
    role: str


ORGANISATIONS = (
    Organisation("GP's", "general-practice", "gp"),
    Organisation("Education (Schools, Nurseries etc.)", "education", "safeguarding-lead"),
    Organisation("Other External", "other-organisations", "other-professional"),
    Organisation("Social Workers / Practice Supervisors", "childrens-social-care", "social-worker"),
    Organisation("Housing (LA's, charities)", "housing", "housing-officer"),
    Organisation("Hospital Based Worker", "hospital-trust", "hospital-worker"),
    Organisation("We Are With You (formerly Addaction)", "recovery-service", "recovery-worker"),
    Organisation("Probation", "probation", "probation-officer"),
    Organisation("Other Internal", "other-council-services", "council-officer"),
    Organisation("Health Visitors", "community-health", "health-visitor"),
    Organisation("Early Help Worker", "early-help", "early-help-worker"),
    Organisation("Police/PPU", "police", "police-officer"),
    Organisation("Midwives", "hospital-trust", "midwife"),
    Organisation("Advocate", "advocacy", "advocate"),
    Organisation("Other Health", "community-health", "other-health-worker"),
    Organisation("P3 Charity", "supported-living", "support-worker"),
    Organisation("Child & Young Person's Nurses", "community-health", "young-persons-nurse"),
    Organisation("CAMHS", "mental-health-trust", "camhs"),
)
AGENCY_NAMES = {
    "general-practice": "General practices",
    "education": "Schools and nurseries",
    "other-organisations": "Other organisations",
    "childrens-social-care": "Children's social care",
    "housing": "Housing providers",
    "hospital-trust": "Hospital trust",
    "recovery-service": "Recovery service",
    "probation": "Probation service",
    "other-council-services": "Other council services",
    "community-health": "Community health trust",
    "early-help": "Early help",
    "police": "Police",
    "advocacy": "Advocacy service",
    "supported-living": "Supported living charity",
    "mental-health-trust": "Mental health trust",
}
INTERNAL = frozenset({"childrens-social-care", "other-council-services", "early-help"})
SOCIAL_WORK = ("childrens-social-care", "team-manager")
# Several agencies have an officer for each area; for general practices somebody else's officer acts.
BY_AREA = frozenset({"education", "community-health"})
UNCOVERED = "advocacy"
FALLBACK = "general-practice"
TEAMS = {
    "gp": "Bridge Surgery|Castle Hill Surgery|Fen Road Practice|Market Place Practice|Mill Lane Surgery|"
    "Orchard Practice|Priory Surgery|Riverside Practice|Station Road Surgery|Wold View Practice",
    "safeguarding-lead": "Ashby Road Primary|Beacon Secondary|Canal Street Nursery|Dyke Lane Primary|Eastfield Academy|"
    "Foxhollow Primary",
    "health-visitor": "Team East|Team West|Team Coast",
    "social-worker": "Assessment Team 1|Assessment Team 2|Children's Team 1|Children's Team 2",
    "housing-officer": "Lettings|Tenancy Support",
    "team-manager": "Children's Team 1|Children's Team 2|Leaving Care Team|Placements Team",
}

Row = dict[str, str]


def teams_of(role: str) -> list[str]:
    """The teams or practices of a role."""
    return TEAMS.get(role, "").split("|") if role in TEAMS else []


def chair_ids() -> list[str]:
    """The chairs, north and south in turn."""
    return [f"chair-{number:02}" for number in range(1, len(FULL_TIME_EQUIVALENTS) + 1)]


def agencies() -> list[Row]:
    """Every agency with its roles."""
    roles: dict[str, list[str]] = {}
    for one in ORGANISATIONS:
        roles.setdefault(one.agency_id, []).append(one.role)
    roles[SOCIAL_WORK[0]].append(SOCIAL_WORK[1])
    return [
        {"id": key, "name": AGENCY_NAMES[key], "roles": ";".join(many), "internal": str(key in INTERNAL).lower()}
        for key, many in roles.items()
    ]


def areas() -> list[Row]:
    """The council's areas."""
    return [{"id": key, "name": name} for key, name in AREAS.items()]


def colleagues(random: Random) -> list[Row]:
    """Everybody who works with the system; managers first, since others name them."""
    names = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    random.shuffle(names)
    return [_person(key, names.pop(), positions, **more) for key, positions, more in _posts()]


def _posts() -> Iterator[tuple[str, str, Row]]:
    for area in AREAS:
        yield f"manager-{area}", "team_manager", {"area_id": area}
    for number, (key, part) in enumerate(zip(chair_ids(), FULL_TIME_EQUIVALENTS, strict=True)):
        area = list(AREAS)[number % 2]
        manager = f"manager-{area}"
        yield key, "chair", {"area_id": area, "team_manager_id": manager, "full_time_equivalent": part}
    yield "support-1", "business_support", {}
    yield "swm-1", "social_work_manager;liaison_officer", {}
    yield "analyst-1", "performance_analyst", {}
    yield "admin-1", "administrator", {}
    yield "safeguarding-team", "safeguarding_team", {}
    yield "partnership-1", "safeguarding_partnership", {}
    yield "board-1", "corporate_parenting_board", {}
    for key in officers():
        yield key, "liaison_officer", {}


def _person(key: str, name: str, positions: str, **more: str) -> Row:
    email = f"{name.lower().replace(' ', '.')}@council.example"
    if key == "safeguarding-team":
        name, email = "Safeguarding team", "safeguarding.team@council.example"
    return {"id": key, "name": name, "email": email, "positions": positions, "starts_on": STARTED} | more


def officers() -> list[str]:
    """The liaison officers outside the council."""
    outside = [key for key in AGENCY_NAMES if key not in INTERNAL | {UNCOVERED, FALLBACK}]
    single = [f"officer-{key}" for key in outside if key not in BY_AREA]
    return [*single, *(f"officer-{key}-{area}" for key in sorted(BY_AREA) for area in AREAS), "officer-care-board"]


def coverage() -> list[Row]:
    """Who covers what: one officer, one for each area, a manager of the council, or the fallback."""
    rows = []
    for agency in AGENCY_NAMES:
        base = {"agency_id": agency, "starts_on": STARTED}
        if agency in INTERNAL:
            rows.append(base | {"colleague_id": "swm-1"})
        elif agency in BY_AREA:
            rows += [base | {"colleague_id": f"officer-{agency}-{area}", "area_id": area} for area in AREAS]
        elif agency == FALLBACK:
            rows.append(base | {"colleague_id": "officer-care-board", "fallback": "true"})
        elif agency != UNCOVERED:
            rows.append(base | {"colleague_id": f"officer-{agency}"})
    return rows
