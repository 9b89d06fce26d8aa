"""The children in need census's child protection parts of a year: Section 47 enquiries, plans and their reviews."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

from chassis.db.statements import Statements
from chassis.law.periods import Period
from services.conferences.returns.schemas import CensusChecksOut, CensusFindingOut

# An enquiry is returned in the year of its conference, or while there is none in the year in which it began.
ENQUIRIES = """
    SELECT person_id, request_id, started_on, due_on, conference_not_required, conference_reference,
        CASE WHEN answered_on <= $2 THEN answered_on END AS held_on
    FROM conference_request
    WHERE kind = 'section_47_enquiry' AND CASE WHEN answered_on <= $2 THEN answered_on ELSE started_on END
        BETWEEN $1 AND $2
    ORDER BY person_id, started_on, request_id
"""
PLANS = """
    SELECT plan.id, plan.person_id, plan.starts_on, plan.initial_category, plan.previous_plans, plan.started_by,
        CASE WHEN plan.ends_on <= $2 THEN plan.ends_on END AS ends_on,
        coalesce((SELECT part.category FROM child_conference part
            WHERE part.plan_id = plan.id AND part.held_on <= $2 AND part.category IS NOT NULL
            ORDER BY part.held_on DESC LIMIT 1), plan.initial_category) AS latest_category,
        ARRAY(SELECT part.held_on FROM child_conference part
            WHERE part.plan_id = plan.id AND part.kind IN ('first_review', 'later_review')
                AND part.held_on BETWEEN $1 AND $2 ORDER BY part.held_on) AS reviewed_on,
        (SELECT part.held_on FROM child_conference part
            WHERE part.plan_id = plan.id AND part.kind IN ('initial', 'transfer_in') LIMIT 1) AS made_on
    FROM protection_plan plan
    WHERE plan.starts_on <= $2 AND (plan.ends_on IS NULL OR plan.ends_on >= $1)
    ORDER BY plan.person_id, plan.starts_on
"""
CHILDREN = """
    SELECT child.*, (SELECT max(ends_on) FROM protection_plan plan
        WHERE plan.person_id = child.person_id AND plan.end_reason = 'death') AS plan_ended_by_death_on
    FROM chassis.child child WHERE person_id = ANY ($1) ORDER BY person_id
"""
LATE = """
    SELECT person_id, reference, held_on, due_on FROM child_conference
    WHERE held_on BETWEEN $1 AND $2 AND NOT in_time ORDER BY person_id, held_on
"""
SATURDAY = 5
# Until the census of 2023-24 the element was another one, with other codes; the newer one knows no `I`.
SEX_SINCE = 2025
SEX = {"F": "F", "M": "M", "U": "U", "I": "U"}
GENDER = {"F": "2", "M": "1", "U": "0", "I": "9"}


@dataclass
class Child:
    """A child in the return, with their enquiries and plans."""

    person: Any
    enquiries: list[Any] = field(default_factory=list)
    plans: list[Any] = field(default_factory=list)

    def by_enquiry(self, plan: Any, year: Period) -> bool:
        """Whether a plan stands with the enquiries: one of them led to it, or it began before the year."""
        return plan["starts_on"] < year.first or any(
            enquiry["held_on"] == plan["starts_on"] for enquiry in self.enquiries
        )


async def _children(statements: Statements, year: Period) -> list[Child]:
    enquiries = await statements.rows(ENQUIRIES, year.first, year.last)
    plans = await statements.rows(PLANS, year.first, year.last)
    by_child: dict[str, tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
    for row in enquiries:
        by_child[row["person_id"]][0].append(row)
    for row in plans:
        by_child[row["person_id"]][1].append(row)
    people = await statements.rows(CHILDREN, list(by_child))
    return [Child(row, *by_child[row["person_id"]]) for row in people]


async def export(statements: Statements, year: Period, authority: str, now: datetime) -> tuple[str, list[str]]:
    """The census of a year as XML, and the person numbers of its children.

    What another system holds (referrals, assessments, plans for children in need) is not in it.
    """
    children = await _children(statements, year)
    message = ET.Element("Message")
    _header(message, year, authority, now)
    listed = ET.SubElement(message, "Children")
    for child in children:
        _child(listed, child, year)
    ET.indent(message)
    text = ET.tostring(message, encoding="unicode", xml_declaration=False)
    heading = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{heading}\n{text}\n", [child.person["person_id"] for child in children]


def _add(parent: ET.Element, name: str, value: Any) -> None:
    """An element, where there is something to say."""
    if value is not None:
        ET.SubElement(parent, name).text = value.isoformat() if isinstance(value, date) else str(value)


def _header(message: ET.Element, year: Period, authority: str, now: datetime) -> None:
    header = ET.SubElement(message, "Header")
    details = ET.SubElement(header, "CollectionDetails")
    _add(details, "Collection", "CIN")
    _add(details, "Year", year.last.year)
    _add(details, "ReferenceDate", year.last)
    source = ET.SubElement(header, "Source")
    _add(source, "SourceLevel", "L")
    _add(source, "LEA", authority)
    _add(source, "SoftwareCode", "Independent Chairs")
    _add(source, "SerialNo", "001")
    _add(source, "DateTime", f"{now:%Y-%m-%dT%H:%M:%S}")


def _child(listed: ET.Element, child: Child, year: Period) -> None:
    person, element = child.person, ET.SubElement(listed, "Child")
    born_on = person["born_on"]
    is_born = born_on is not None and born_on <= year.last
    identifiers = ET.SubElement(element, "ChildIdentifiers")
    _add(identifiers, "LAchildID", person["person_id"])
    _add(identifiers, "UPN", person["upn"])
    _add(identifiers, "UPNunknown", person["upn_unknown"])
    _add(identifiers, "PersonBirthDate", born_on if is_born else None)
    _add(identifiers, "ExpectedPersonBirthDate", None if is_born else person["expected_on"] or born_on)
    sex = (person["sex"] or "U") if is_born else "U"
    newer = year.last.year >= SEX_SINCE
    _add(identifiers, "Sex" if newer else "GenderCurrent", (SEX if newer else GENDER)[sex])
    died_on = person["died_on"] or person["plan_ended_by_death_on"]
    _add(identifiers, "PersonDeathDate", died_on if died_on is not None and died_on <= year.last else None)
    characteristics = ET.SubElement(element, "ChildCharacteristics")
    _add(characteristics, "Ethnicity", person["ethnicity"])
    if person["disabilities"]:
        several = ET.SubElement(characteristics, "Disabilities")
        for disability in person["disabilities"]:
            _add(several, "Disability", disability)
    _details(element, child, year)


def _details(element: ET.Element, child: Child, year: Period) -> None:
    """Enquiries with the plans that they led to; a plan without one stands apart, with its conference's day."""
    together = [plan for plan in child.plans if child.by_enquiry(plan, year)]
    if child.enquiries or together:
        details = ET.SubElement(element, "CINdetails")
        for enquiry in child.enquiries:
            _enquiry(details, enquiry)
        for plan in together:
            _plan(details, plan)
    for plan in child.plans:
        if plan not in together:
            details = ET.SubElement(element, "CINdetails")
            _add(details, "DateOfInitialCPC", plan["made_on"] or plan["starts_on"])
            _plan(details, plan)


def _enquiry(details: ET.Element, enquiry: Any) -> None:
    element = ET.SubElement(details, "Section47")
    _add(element, "S47ActualStartDate", enquiry["started_on"])
    _add(element, "InitialCPCtarget", enquiry["due_on"])
    _add(element, "DateOfInitialCPC", enquiry["held_on"])
    _add(element, "ICPCnotRequired", int(enquiry["conference_not_required"]))


def _plan(details: ET.Element, plan: Any) -> None:
    element = ET.SubElement(details, "ChildProtectionPlans")
    _add(element, "CPPstartDate", plan["starts_on"])
    _add(element, "CPPendDate", plan["ends_on"])
    _add(element, "InitialCategoryOfAbuse", plan["initial_category"])
    _add(element, "LatestCategoryOfAbuse", plan["latest_category"])
    _add(element, "NumberOfPreviousCPP", plan["previous_plans"])
    for day in plan["reviewed_on"]:
        _add(ET.SubElement(element, "Reviews"), "CPPreviewDate", day)


async def check(statements: Statements, year: Period) -> CensusChecksOut:
    """What stands in the way of a year's return, and what is good to know, such as conferences that were late."""
    children = await _children(statements, year)
    late = await statements.rows(LATE, year.first, year.last)
    findings = [finding for child in children for finding in _findings(child)]
    findings += [
        _found("late", row["person_id"], row["reference"], row["held_on"], f"It was due on {row['due_on']}.", False)
        for row in late
    ]
    enquiries = [enquiry for child in children for enquiry in child.enquiries]
    plans = [plan for child in children for plan in child.plans]
    return CensusChecksOut(
        year=year.label,
        children=len(children),
        section_47_enquiries=len(enquiries),
        initial_conferences=sum(enquiry["held_on"] is not None for enquiry in enquiries),
        plans=len(plans),
        reviews=sum(len(plan["reviewed_on"]) for plan in plans),
        findings=findings,
    )


def _found(
    rule: str,
    person_id: str,
    reference: str | None,
    on: date,
    message: str,
    blocking: bool = True,  # noqa: FBT001, FBT002
) -> CensusFindingOut:
    return CensusFindingOut(
        rule=rule, blocking=blocking, person_id=person_id, reference=reference, on=on, message=message
    )


def _findings(child: Child) -> Iterator[CensusFindingOut]:
    who = child.person["person_id"]
    for enquiry in child.enquiries:
        held = enquiry["held_on"]
        if held is not None and held.weekday() >= SATURDAY:
            message = "An initial conference is never on a weekend."
            yield _found("initial_on_weekend", who, enquiry["conference_reference"], held, message)
        if held is not None and held < enquiry["started_on"]:
            message = "The conference was held before the enquiry began."
            yield _found("conference_before_enquiry", who, enquiry["request_id"], held, message)
    for earlier, other in combinations(child.enquiries, 2):
        if _overlap(earlier, other):
            message = f"It began while {earlier['request_id']} was still open."
            yield _found("enquiries_overlap", who, other["request_id"], other["started_on"], message)
    yield from _plan_findings(who, child.plans)


def _overlap(earlier: Any, other: Any) -> bool:
    """Whether an enquiry began while the one before was open; one that needed no conference is open for no time."""
    return not earlier["conference_not_required"] and other["started_on"] <= (earlier["held_on"] or date.max)


def _plan_findings(who: str, plans: Iterable[Any]) -> Iterator[CensusFindingOut]:
    before = None
    for plan in plans:
        starts_on, ends_on, reference = plan["starts_on"], plan["ends_on"], plan["started_by"]
        if plan["made_on"] not in {None, starts_on}:
            message = f"The plan starts on the day of its conference, which was {plan['made_on']}."
            yield _found("plan_apart_from_conference", who, reference, starts_on, message)
        if ends_on is not None and ends_on <= starts_on:
            yield _found("plan_ends_at_once", who, reference, ends_on, "A plan does not start and end on one day.")
        if any(day <= starts_on for day in plan["reviewed_on"]):
            message = "A review is after the plan's start."
            yield _found("review_before_plan", who, reference, starts_on, message)
        if before is not None and (before is date.max or starts_on < before):
            yield _found("plans_overlap", who, reference, starts_on, "A child has one plan at a time.")
        before = ends_on or date.max
