"""What an invited professional sees of their conference, and what they say of their contribution."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from chassis.base.fields import PastDay, day_in_words, in_words, weekday_in_words
from chassis.children.models import Child
from chassis.law.violations import Violation
from chassis.meetings.vocabulary import Mode
from chassis.papers.directory import Names
from services.conferences.contributions.links import Opened
from services.conferences.rules.vocabulary import ConferenceState, InvitedAs

PAST_DAY: TypeAdapter[date] = TypeAdapter(PastDay)
YES, NO = "yes", "no"
ATTEND, APOLOGIES = "attend", "apologies"
MODES = {
    Mode.IN_PERSON: "In person",
    Mode.VIDEO: "By video",
    Mode.TELEPHONE: "By telephone",
    Mode.HYBRID: "In person or by video",
}
# Where on the page a refusal stands, and how it is put to people who do not know our fields.
REFUSED = {
    ("report_received_on", "not_in_the_future"): (
        "report_on",
        "The day on which your report was sent cannot be in the future",
    ),
    ("report_received_on", "received_if_shared"): (
        "report-yes",
        "Your report was shared with the family already. If that is wrong, reply to the email that the link came in",
    ),
}


@dataclass(frozen=True)
class Form:
    """What was said, and what is wrong with it: messages by the identifier of the field on the page."""

    report: str = ""
    report_on: str = ""
    attending: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    def with_problems(self, problems: dict[str, str]) -> "Form":
        """The same with what is wrong."""
        return replace(self, problems=problems)


def form_of(found: Opened, today: date) -> Form:
    """The form as last filled in; nothing is chosen before the first answer."""
    row, is_used = found.invitation, found.link.used_at is not None
    sent_on = row.report_received_on
    return Form(
        report=YES if sent_on else NO if is_used else "",
        report_on=(sent_on or today).isoformat(),
        attending=APOLOGIES if row.apologies_on else ATTEND if is_used else "",
    )


def missing_in(form: Form, *, report_expected: bool) -> dict[str, str]:
    """What a form does not say that it should, or says in no way that can be read."""
    problems = {}
    if report_expected and form.report not in {YES, NO}:
        problems["report-yes"] = "Say whether your report has been sent"
    if report_expected and form.report == YES and _day(form.report_on) is None:
        problems["report_on"] = "Enter the day on which your report was sent"
    if form.attending not in {ATTEND, APOLOGIES}:
        problems["attending-attend"] = "Say whether you can attend"
    return problems


def _day(text: str) -> date | None:
    try:
        return PAST_DAY.validate_python(text)
    except ValueError:
        return None


def said_in(form: Form, found: Opened, today: date) -> dict[str, date | None]:
    """What a form in which nothing is missing says, as fields of the invitation."""
    row = found.invitation
    said = {"apologies_on": (row.apologies_on or today) if form.attending == APOLOGIES else None}
    if row.report_expected:
        said["report_received_on"] = _day(form.report_on) if form.report == YES else None
    return said


def problems_of(refusals: list[Violation]) -> dict[str, str]:
    """Why what was said is refused, where it stands on the page."""
    return dict(
        REFUSED.get((violation.field, violation.rule), ("attending-attend", violation.message))
        for violation in refusals
    )


def _led_by(found: Opened, names: Names) -> str:
    """Who leads the conference and how to reach them; the role alone while the directory cannot be asked."""
    contact = names.contact(found.conference.chair_id)
    return ", ".join((*contact[:1], "Independent Chair", *contact[1:]))


def conference(found: Opened, names: Names) -> dict[str, Any]:
    """The conference as its invited professionals see it: no child's name, nobody else who is invited."""
    about, row = found.conference, found.invitation
    role = row.agency_role if row.invited_as == InvitedAs.PROFESSIONAL else row.invited_as
    return {
        "reference": about.reference,
        "day": weekday_in_words(about.planned_on),
        "time": f"{about.planned_time:%H:%M}" if about.planned_time else None,
        "mode": MODES[Mode(about.mode)],
        "venue": about.venue,
        "join_link": about.join_link,
        "role": in_words(role or ""),
        "led_by": _led_by(found, names),
        "agency": names.agency(row.agency_id),
        "agency_reference": row.agency_reference,
        "cancelled": about.state == ConferenceState.CANCELLED,
        "report_expected": row.report_expected,
        "report_due_on": day_in_words(row.report_due_on),
    }


def contribution(found: Opened) -> dict[str, Any]:
    """What is kept of the professional's contribution, in words."""
    row = found.invitation
    return {
        "report_on": day_in_words(row.report_received_on) if row.report_received_on else None,
        "apologies_on": day_in_words(row.apologies_on) if row.apologies_on else None,
    }


def child(shown: Child) -> dict[str, str]:
    """A child's name and day of birth, in words."""
    if shown.born_on:
        birth = f"born on {day_in_words(shown.born_on)}"
    else:
        birth = f"expected on {day_in_words(shown.expected_on)}" if shown.expected_on else "day of birth not recorded"
    return {"name": shown.name or "Name not recorded", "birth": birth}
