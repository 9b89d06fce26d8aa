"""A conference's record and outline plan as a document to print: the risks stand first, and no child is named.

HTML by Jinja, PDF by Typst.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.base.fields import day_in_words, in_words
from chassis.web.pdf import pdf

TEMPLATES = Path(__file__).parent / "templates"
_html = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_typst = (TEMPLATES / "document.typ").read_bytes()
KINDS = {
    "initial": "Initial conference",
    "transfer_in": "Transfer-in conference",
    "first_review": "First review conference",
    "later_review": "Review conference",
}
OUTCOMES = {
    "plan_made": "A child protection plan is made",
    "not_made": "No child protection plan is made",
    "continues": "The child protection plan goes on",
    "ended": "The child protection plan ends",
}
CATEGORIES = {
    "NEG": "neglect",
    "PHY": "physical abuse",
    "SAB": "sexual abuse",
    "EMO": "emotional abuse",
    "MUL": "multiple categories",
}
ATTENDANCE = {"attended": "Attended", "apologies": "Apologies", "neither": "Absent"}
# In the order of Signs of Safety: what we are worried about stands before all else.
WORRIES = (
    ("future_danger", "Danger: what may happen"),
    ("past_harm", "Harm: what has happened"),
    ("complicating_factors", "What makes it harder"),
)


def as_html(conference: Mapping[str, Any]) -> str:
    """The document of a conference, as the API answers it, as a page to print."""
    return _html.get_template("document.html").render(**content(conference))


def as_pdf(conference: Mapping[str, Any]) -> bytes:
    """The same as PDF; it takes a moment of the processor, so it is called in a thread."""
    return pdf(_typst, content(conference))


def content(conference: Mapping[str, Any]) -> dict[str, Any]:
    """What the document says, in the order in which it says it."""
    record = conference["record"]
    return {
        "title": f"Child protection conference {conference['reference']}",
        "status": "Complete record" if conference["record_on"] else "Draft: the record is not complete",
        "facts": _facts(conference),
        "worries": [{"heading": heading, "points": record[name]} for name, heading in WORRIES if record.get(name)],
        "scores": [f"{score['by']}: {score['score']}" for score in conference["safety_scores"]],
        "working_well": record.get("working_well", []),
        "goals": record.get("safety_goals", []),
        "steps": [
            {"step": step["step"], "owner": step["owner"], "due_on": _day(step.get("due_on"))}
            for step in record.get("next_steps", [])
        ],
        "outcomes": [_outcome(child) for child in conference["children"]],
        "core_group": [f"{member['name']}, {member['role']}" for member in conference["core_group"]],
        "dissent": [f"{dissent['by']}: {dissent['words']}" for dissent in conference["dissent"]],
        "people": [
            _person(invitation) for invitation in conference["invitations"] if invitation["withdrawn_on"] is None
        ],
        "template": conference["record_template"],
    }


def _facts(conference: Mapping[str, Any]) -> list[str]:
    held = conference["held_on"]
    facts = [f"Held on {_day(held)}" if held else f"Planned for {_day(conference['planned_on'])}"]
    if conference["quorate"] is False:
        facts.append(f"Not quorate: {conference['inquorate_because']}")
    if conference["review_reference"]:
        facts.append(f"One meeting with the looked-after review {conference['review_reference']}")
    return facts


def _outcome(child: Mapping[str, Any]) -> dict[str, str]:
    decided = OUTCOMES.get(child["outcome"] or "", "Not decided yet")
    if child["category"]:
        decided += f" ({CATEGORIES[child['category']]})"
    following = f"Next conference by {_day(child['next_due_on'])}" if child["next_due_on"] else ""
    unborn = " (unborn)" if child["unborn"] else ""
    return {"child": child["person_id"] + unborn, "kind": KINDS[child["kind"]], "decided": decided, "next": following}


def _person(invitation: Mapping[str, Any]) -> dict[str, str]:
    role = invitation["agency_role"] or (invitation["relationship"] or invitation["invited_as"]).replace("_", "-")
    report = f"Report {_day(invitation['report_received_on'])}" if invitation["report_received_on"] else "No report"
    return {
        "who": in_words(role),
        "agency": in_words(invitation["agency_id"] or ""),
        "attendance": ATTENDANCE.get(invitation["attendance"] or "", "Not recorded"),
        "report": report if invitation["report_expected"] else "",
    }


def _day(text: str | None) -> str:
    """A day in words, such as 3 June 2019."""
    return "" if text is None else day_in_words(date.fromisoformat(text))
