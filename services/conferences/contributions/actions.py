"""What is said about somebody's contribution to a conference: by business support, or by themselves through a link."""

from typing import Any
from uuid import UUID

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.law.violations import Violation
from chassis.meetings.invitations import ChangeInvitationIn
from services.conferences.contributions.inviting import locked_invitation, publish, supersede_links
from services.conferences.contributions.models import Invitation
from services.conferences.events import ContributionChanged, ContributionLinkRequested
from services.conferences.meetings.models import Conference
from services.conferences.rules.contributions import FACTS, Contribution, contribution_violation
from services.conferences.rules.vocabulary import ConferenceState, InvitedAs

CLEARED = frozenset({"team", "email", "agency_reference", "report_received_on", "report_shared_on", "apologies_on"})
PUBLISHED = frozenset({"report_received_on", "apologies_on"})


class ContributionSettled(Conflict):
    """The conference is closed, so the facts behind its proposals cannot be changed."""


async def change_invitation(
    command: Command, invitation_id: UUID, version: int, wanted: ChangeInvitationIn
) -> Invitation:
    """Update an invitation and the contribution.

    Another email address makes the link that went to the old one stop working, and has a new one sent.
    After the conference was closed, the facts from which its proposals were derived stay: `ContributionSettled`.
    """
    row = await locked_invitation(command, invitation_id, version)
    conference = await command.session.get_one(Conference, row.conference_id)
    changes = changes_in(row, wanted.model_dump(exclude_unset=True))
    refuse(wrong_in(command, row, conference, changes))
    await say(command, row, conference, changes, "change_invitation")
    if "email" in changes:
        await _address_changed(command, row, conference)
    return row


async def _address_changed(command: Command, row: Invitation, conference: Conference) -> None:
    """Stop links sent to an old address, and write to the new one."""
    link_ids = await supersede_links(command, row)
    if row.email is None or conference.state != ConferenceState.PLANNED:
        return
    if link_ids:
        corrected = ContributionLinkRequested(link_id=link_ids[0], invitation_id=row.id, invitation_version=row.version)
        command.publish(corrected)
    else:
        # Without an address nobody was invited by email; nobody is invited twice.
        publish(command, row)


def changes_in(row: Invitation, said: dict[str, Any]) -> dict[str, Any]:
    """What really changes: a request that changes nothing is not published."""
    return {
        name: value
        for name, value in said.items()
        if value != getattr(row, name) and (value is not None or name in CLEARED)
    }


def wrong_in(command: Command, row: Invitation, conference: Conference, changes: dict[str, Any]) -> list[Violation]:
    """What cannot be so about a contribution after these changes."""
    after = Contribution(**{name: changes.get(name, getattr(row, name)) for name in Contribution.__dataclass_fields__})
    met_on = conference.held_on or conference.planned_on
    return contribution_violation(after, changes.keys(), InvitedAs(row.invited_as), met_on, command.today)


async def say(command: Command, row: Invitation, conference: Conference, changes: dict[str, Any], action: str) -> None:
    """Carry out changes of an invitation that is held against changes by others; nothing is wrong in them."""
    if conference.state == ConferenceState.CLOSED and (settled := sorted(FACTS & changes.keys())):
        raise ContributionSettled(f"It was closed on {conference.closed_on}.", fields=settled)
    if not changes:
        return
    for name, value in changes.items():
        setattr(row, name, value)
    row.report_due_on = conference.report_due_on if row.report_expected else None
    row.version += 1
    if PUBLISHED & changes.keys():
        said = row.model_dump(include={*ContributionChanged.model_fields})
        command.publish(ContributionChanged(**said, invitation_id=row.id))
    await command.audit(action, row.person_ids, row.reference)
