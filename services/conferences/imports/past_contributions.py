"""Who was invited to a conference of the past, what they contributed, and what became of what was missing."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from chassis.base.fields import new_id
from chassis.importing.report import Report
from chassis.importing.writing import Record, plain
from chassis.law.violations import Violation
from chassis.meetings.invitations import who
from services.conferences.contributions.models import Invitation
from services.conferences.imports.rows import InvitationRow
from services.conferences.meetings.models import Conference
from services.conferences.proposals.actions import proposal_of
from services.conferences.rules.contributions import Contribution, contribution_violation
from services.conferences.rules.vocabulary import InvitedAs, ProposalState

Numbered = Sequence[tuple[int, InvitationRow]]
FIELDS = tuple(Contribution.__dataclass_fields__)


def contributed(
    report: Report, conference: Conference, rows: Numbered, today: date
) -> tuple[list[Invitation], list[Record]]:
    """Everybody who was invited, with what they contributed, and the proposals about it; what is not so is refused."""
    invitations, proposals = list[Invitation](), list[Record]()
    invited: dict[tuple[Any, ...], int] = {}
    for number, row in rows:
        invitation = _invitation(conference, row)
        invitations.append(invitation)
        if (first := invited.setdefault(who(invitation), number)) != number:
            report.add(number, "name", f"Row {first} invites the same person.")
        problems_before = report.problem_count
        report.refuse(number, _wrong(conference, invitation, row, today))
        if report.problem_count == problems_before:
            proposal = _proposal(conference, invitation, row)
            report.refuse(number, _wrong_decision(conference, row, proposal, today))
            proposals += [proposal] if proposal else []
    return invitations, proposals


def _invitation(conference: Conference, row: InvitationRow) -> Invitation:
    is_professional = row.invited_as is InvitedAs.PROFESSIONAL
    expected = is_professional if row.report_expected is None else row.report_expected
    copied = (
        "invited_as", "name", "relationship", "agency_id", "agency_role", "team", "email", "report_received_on",
        "report_shared_on", "apologies_on", "attendance",
    )  # fmt: skip
    return plain(
        Invitation,
        id=new_id(),
        conference_id=conference.id,
        reference=conference.reference,
        person_ids=row.person_ids or conference.person_ids,
        area_id=row.area_id or conference.area_id,
        # When somebody was invited is not kept by earlier systems; it was before this day.
        invited_on=conference.planned_on,
        report_expected=expected,
        report_due_on=conference.report_due_on if expected else None,
        chair_id=conference.chair_id,
        automatic=False,
        version=1,
        **{name: getattr(row, name) for name in copied},
    )


def _wrong(conference: Conference, invitation: Invitation, row: InvitationRow, today: date) -> Iterator[Violation]:
    if not set(row.person_ids) <= set(conference.person_ids):
        yield Violation("person_ids", "of_this_conference", "The conference is not about this child.")
    said = Contribution(**{name: getattr(invitation, name) for name in FIELDS})
    yield from contribution_violation(said, FIELDS, row.invited_as, conference.planned_on, today)
    is_professional = row.invited_as is InvitedAs.PROFESSIONAL
    if conference.closed_on is not None and is_professional and row.attendance is None:
        message = "The conference is closed: say of each professional whether they attended."
        yield Violation("attendance", "known_when_closed", message)


def _proposal(conference: Conference, invitation: Invitation, row: InvitationRow) -> Record | None:
    if conference.closed_on is None or row.invited_as is not InvitedAs.PROFESSIONAL:
        return None
    proposal = proposal_of(conference, invitation, conference.closed_on)
    if proposal is None:
        return None
    decided = {name: getattr(row, name) for name in ("decided_on", "decided_by", "dismissed_because")}
    return proposal | decided | {"state": row.proposal}


def _wrong_decision(
    conference: Conference, row: InvitationRow, proposal: Record | None, today: date
) -> Iterator[Violation]:
    if row.proposal is ProposalState.PROPOSED:
        return
    closed_on = conference.closed_on
    if closed_on is None:
        yield Violation("proposal", "closed", "The conference is not closed: it has proposed nothing yet.")
    elif proposal is None:
        yield Violation("proposal", "proposed", "Nothing was missing: there was no proposal to decide.")
    elif row.decided_on is not None and not closed_on <= row.decided_on <= today:
        message = f"It was proposed on {closed_on}: it is decided after that, not in the future."
        yield Violation("decided_on", "after_it_was_proposed", message)


def is_decided(proposal: Record) -> bool:
    """Whether a proposal was confirmed or dismissed."""
    return proposal["state"] is not ProposalState.PROPOSED
