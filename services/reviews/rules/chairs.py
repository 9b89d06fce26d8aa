"""Who may chair a child's reviews, and how many children a chair can do justice to."""

from dataclasses import dataclass
from enum import StrEnum

from chassis.law.violations import Violation

LEAST_PER_POST = 50
MOST_PER_POST = 70


@dataclass(frozen=True)
class Standing:
    """What decides whether somebody may chair for a child: who manages the case, and the family's other chairs."""

    manager_id: str | None
    social_worker_id: str | None
    mother_chair_id: str | None
    baby_chair_ids: frozenset[str]


def chair_violation(chair_id: str, standing: Standing) -> Violation | None:
    """Why somebody cannot be a child's Independent Reviewing Officer, if they cannot.

    Nobody who manages the case or works on it (Care Planning, Placement and Case Review (England) Regulations 2010,
    regulation 46); a looked-after mother and her looked-after child have different ones (IRO Handbook 2010).
    """
    if chair_id in {standing.manager_id, standing.social_worker_id}:
        message = "A chair does not manage the child's case or work on it (regulation 46)."
        return Violation("chair_id", "independent", message)
    if chair_id == standing.mother_chair_id or chair_id in standing.baby_chair_ids:
        message = "A looked-after mother and her looked-after child have different chairs (IRO Handbook 2010)."
        return Violation("chair_id", "mother_and_child_apart", message)
    return None


def panel_chair_violation(chair_id: str, childs_chair_ids: frozenset[str]) -> Violation | None:
    """Why somebody cannot chair the panel on a secure placement, if they cannot: they are the child's own IRO.

    Source: Children (Secure Accommodation) Regulations 1991, regulation 15, and the practice of its panels.
    """
    if chair_id in childs_chair_ids:
        message = "The panel on a secure placement is not chaired by the child's own chair."
        return Violation("chair_id", "not_the_childs_own_chair", message)
    return None


class Load(StrEnum):
    """How a chair's caseload compares with the guidance."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


def caseload(children: int, full_time_equivalent: float) -> tuple[float, Load]:
    """Children for each full-time post, and how that compares: 50 to 70 is within the guidance.

    Source: IRO Handbook 2010, on the caseload of a full-time Independent Reviewing Officer.
    """
    load = children / full_time_equivalent
    if load < LEAST_PER_POST:
        return load, Load.BELOW
    return load, Load.ABOVE if load > MOST_PER_POST else Load.WITHIN
