"""What is said about somebody's contribution to a conference: by business support, or by themselves through a link."""

from typing import Any
from uuid import UUID

from chassis.base.fields import dumped
from chassis.base.problems import Conflict
from chassis.command import Acting
from chassis.law.violations import Refusal
from chassis.web.refusing import refuse
from services.conferences.contributions.inviting import locked_invitation, supersede_links, tell
from services.conferences.contributions.link_schemas import ChangeInvitationIn
from services.conferences.events import ContributionChanged, ContributionLinkRequested
from services.conferences.meetings.models import Conference, Invitation
from services.conferences.rules.contributions import FACTS, Contribution, contribution_refused
from services.conferences.rules.vocabulary import ConferenceState, InvitedAs

CLEARED = frozenset({"team", "email", "report_received_on", "report_shared_on", "apologies_on"})
TOLD = frozenset({"report_received_on", "apologies_on"})


class ContributionSettled(Conflict):
    """The conference was closed: what its proposals were derived from changes no more."""


async def change_invitation(act: Acting, invitation_id: UUID, version: int, wanted: ChangeInvitationIn) -> Invitation:
    """Write down what is now known of an invited person and their contribution.

    Another email address makes the link that went to the old one stop working, and has a new one sent.
    After the conference was closed, the facts from which its proposals were derived stay: `ContributionSettled`.
    """
    row = await locked_invitation(act, invitation_id, version)
    conference = await act.session.get_one(Conference, row.conference_id)
    changes = changes_in(row, dumped(wanted))
    refuse(wrong_in(act, row, conference, changes))
    await say(act, row, conference, changes, "change_invitation")
    if "email" in changes:
        await _address_changed(act, row, conference)
    return row


async def _address_changed(act: Acting, row: Invitation, conference: Conference) -> None:
    """Have nobody at an old address speak for whoever is invited, and write to the new one."""
    link_ids = await supersede_links(act, row)
    if row.email is None or conference.state != ConferenceState.PLANNED:
        return
    if link_ids:
        corrected = ContributionLinkRequested(link_id=link_ids[0], invitation_id=row.id, invitation_version=row.version)
        act.tell(corrected)
    else:
        # Whoever had no address could not be invited by email; nobody is invited twice.
        tell(act, row)


def changes_in(row: Invitation, said: dict[str, Any]) -> dict[str, Any]:
    """What is really another than before: a change that changes nothing is told to nobody."""
    return {
        name: value
        for name, value in said.items()
        if value != getattr(row, name) and (value is not None or name in CLEARED)
    }


def wrong_in(act: Acting, row: Invitation, conference: Conference, changes: dict[str, Any]) -> list[Refusal]:
    """What cannot be so about a contribution after these changes."""
    after = Contribution(**{name: changes.get(name, getattr(row, name)) for name in Contribution.__dataclass_fields__})
    met_on = conference.held_on or conference.planned_on
    return contribution_refused(after, changes.keys(), InvitedAs(row.invited_as), met_on, act.today)


async def say(act: Acting, row: Invitation, conference: Conference, changes: dict[str, Any], action: str) -> None:
    """Carry out changes of an invitation that is held against changes by others; nothing is wrong in them."""
    if conference.state == ConferenceState.CLOSED and (settled := sorted(FACTS & changes.keys())):
        raise ContributionSettled(f"It was closed on {conference.closed_on}.", fields=settled)
    if not changes:
        return
    for name, value in changes.items():
        setattr(row, name, value)
    row.report_due_on = conference.report_due_on if row.report_expected else None
    row.version += 1
    if TOLD & changes.keys():
        act.tell(ContributionChanged(**{name: getattr(row, name) for name in _TOLD_OF}, invitation_id=row.id))
    await act.audit(action, row.person_ids, row.reference)


_TOLD_OF = ContributionChanged.model_fields.keys() - {"invitation_id"}
