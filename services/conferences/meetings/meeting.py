"""A conference that somebody is about to change, and what its children's parts repeat of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from chassis.base.problems import Conflict
from chassis.command import Command
from chassis.meetings.locking import for_update, locked_with_children, to_be_changed
from services.conferences.children.cases import Case, cases_of
from services.conferences.children.models import Protection
from services.conferences.contributions.models import Invitation
from services.conferences.meetings.models import ChildConference, Conference
from services.conferences.moves import HELD, PLANNED


class ConferenceNotPlanned(Conflict):
    """Only a planned conference can be changed in this way."""


class ConferenceNotHeld(Conflict):
    """The conference must be held first."""


@dataclass(frozen=True)
class Meeting:
    """A conference with the cases of its children and their parts, by person number."""

    conference: Conference
    cases: dict[str, Case]
    parts: dict[str, ChildConference]

    def ordered(self) -> Sequence[Case]:
        """The cases in the order in which the children were named."""
        return [self.cases[person_id] for person_id in self.conference.person_ids]

    def born_on(self) -> Sequence[date | None]:
        """When the children were born, in the same order."""
        return [case.child.born_on for case in self.ordered()]


async def locked_conference(command: Command, reference: str, version: int | None) -> Conference:
    """A conference, locked; with a version, it must still have that version."""
    query = for_update(select(Conference).where(col(Conference.reference) == reference))
    return await to_be_changed(command, (await command.session.exec(query)).first(), version)


async def locked_meeting(command: Command, reference: str, version: int | None) -> Meeting:
    """A conference with all its children, locked."""
    found, protections = await locked_with_children(command.session, Conference, Protection, reference)
    conference = await to_be_changed(command, found, version)
    cases = await cases_of(command.session, protections)
    parts = {part.person_id: part for case in cases for part in case.parts if part.conference_id == conference.id}
    return Meeting(conference, {case.person_id: case for case in cases}, parts)


async def invitations_of(command: Command, conference: Conference) -> Sequence[Invitation]:
    """The invitations to a conference that were not withdrawn, locked."""
    query = select(Invitation).where(
        col(Invitation.conference_id) == conference.id, col(Invitation.withdrawn_on).is_(None)
    )
    return (await command.session.exec(for_update(query.order_by(col(Invitation.id))))).all()


def check_planned(conference: Conference) -> None:
    """Go on only with a conference that is planned."""
    if conference.state not in PLANNED:
        raise ConferenceNotPlanned(
            f"{conference.reference} is {conference.state}.", reference=conference.reference, state=conference.state
        )


def check_held(conference: Conference) -> None:
    """Go on only with a conference that was held."""
    if conference.state not in HELD:
        raise ConferenceNotHeld(
            f"{conference.reference} is {conference.state}.", reference=conference.reference, state=conference.state
        )
