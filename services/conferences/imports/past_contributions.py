"""Who was invited to a conference of the past, what they contributed, and what became of what was missing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from chassis.base.fields import new_id
from chassis.web.importing import Record, plain
from services.conferences.children.cases import AREA, COLLEAGUE
from services.conferences.contributions.models import Invitation
from services.conferences.imports.rows import InvitationRow
from services.conferences.meetings.models import Conference
from services.conferences.proposals.actions import proposal_of
from services.conferences.rules.contributions import Contribution, contribution_violation
from services.conferences.rules.vocabulary import InvitedAs, ProposalState

Numbered = Sequence[tuple[int, InvitationRow]]
Problem = tuple[int, str, str]
FIELDS = tuple(Contribution.__dataclass_fields__)


@dataclass(frozen=True)
class Directory:
    """What the directory has, those who left included: areas and colleagues by kind, and agencies with their roles."""

    entries: Collection[tuple[str, str]]
    agencies: Mapping[str, Collection[str]]


@dataclass
class Contributed:
    """The invitations to a conference and what it proposed, as records."""

    invitations: list[Invitation] = field(default_factory=list)
    proposals: list[Record] = field(default_factory=list)


def contributed(
    conference: Conference, rows: Numbered, directory: Directory, today: date
) -> tuple[Contributed, list[Problem]]:
    """Everybody who was invited, with what they contributed and the proposals about it; and what cannot be so."""
    found, problems = Contributed(), list[Problem]()
    for number, row in rows:
        invitation = _invitation(conference, row)
        wrong = [*_wrong(conference, invitation, row, directory, today)]
        if not wrong:
            proposal = _proposal(conference, invitation, row)
            wrong = [*_wrong_decision(conference, row, proposal, directory, today)]
            found.proposals += [proposal] if proposal else []
        found.invitations.append(invitation)
        problems += [(number, where, reason) for where, reason in wrong]
    return found, problems


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
        restricted=conference.restricted,
        chair_id=conference.chair_id,
        automatic=False,
        version=1,
        **{name: getattr(row, name) for name in copied},
    )


def _wrong(
    conference: Conference, invitation: Invitation, row: InvitationRow, directory: Directory, today: date
) -> Iterator[tuple[str, str]]:
    if not set(row.person_ids) <= set(conference.person_ids):
        yield "person_ids", "The conference is not about this child."
    if row.area_id is not None and (AREA, row.area_id) not in directory.entries:
        yield "area_id", "The directory has no such area."
    if row.agency_id is not None and row.agency_id not in directory.agencies:
        yield "agency_id", "The directory has no such agency."
    elif row.agency_id is not None and row.agency_role not in directory.agencies[row.agency_id]:
        roles = ", ".join(sorted(directory.agencies[row.agency_id])) or "none"
        yield "agency_role", f"The agency's roles are: {roles}."
    said = Contribution(**{name: getattr(invitation, name) for name in FIELDS})
    for refusal in contribution_violation(said, FIELDS, row.invited_as, conference.planned_on, today):
        yield refusal.field, refusal.message
    is_professional = row.invited_as is InvitedAs.PROFESSIONAL
    if conference.closed_on is not None and is_professional and row.attendance is None:
        yield "attendance", "The conference is closed: say of each professional whether they attended."


def _proposal(conference: Conference, invitation: Invitation, row: InvitationRow) -> Record | None:
    if conference.closed_on is None or row.invited_as is not InvitedAs.PROFESSIONAL:
        return None
    proposal = proposal_of(conference, invitation, conference.closed_on)
    if proposal is None:
        return None
    decided = {name: getattr(row, name) for name in ("decided_on", "decided_by", "dismissed_because")}
    return proposal | decided | {"state": row.proposal}


def _wrong_decision(
    conference: Conference, row: InvitationRow, proposal: Record | None, directory: Directory, today: date
) -> Iterator[tuple[str, str]]:
    if row.proposal is ProposalState.PROPOSED:
        return
    if conference.closed_on is None:
        yield "proposal", "The conference is not closed: it has proposed nothing yet."
    elif proposal is None:
        yield "proposal", "Nothing was missing: there was no proposal to decide."
    elif row.decided_on is not None and not conference.closed_on <= row.decided_on <= today:
        yield "decided_on", f"It was proposed on {conference.closed_on}: it is decided after that, not in the future."
    if (COLLEAGUE, row.decided_by) not in directory.entries:
        yield "decided_by", "The directory has no such colleague."


def is_decided(proposal: Record) -> bool:
    """Whether a proposal was confirmed or dismissed."""
    return proposal["state"] is not ProposalState.PROPOSED
