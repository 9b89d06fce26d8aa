"""A conference that somebody is about to change, and what its children's parts repeat of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Uuid, bindparam
from sqlalchemy import select as select_rows
from sqlmodel import col, select

from chassis.acting import Acting
from chassis.locking import locked_with_children, to_be_changed
from chassis.problems import Conflict
from chassis.rows import Shape, read
from chassis.statements import Compiled
from services.conferences.actions.cases import Case, cases_of
from services.conferences.rules.vocabulary import ConferenceState
from services.conferences.tables import Child, ChildConference, Conference, Invitation


class ConferenceNotPlanned(Conflict):
    """This can be done only with a conference that is planned."""


class ConferenceNotHeld(Conflict):
    """This follows a conference that was held."""


HELD = frozenset({ConferenceState.HELD, ConferenceState.CLOSED})


_CONFERENCES, _CHILDREN, _INVITATIONS = Shape(Conference), Shape(Child), Shape(Invitation)
_LOCKED = locked_with_children(_CONFERENCES, _CHILDREN)
_ID = bindparam("conference_id", type_=Uuid())
_INVITED = Compiled.of(
    select_rows(*_INVITATIONS.columns)
    .where(col(Invitation.conference_id) == _ID, col(Invitation.withdrawn_on).is_(None))
    .order_by(col(Invitation.id))
    .with_for_update()
)


@dataclass(frozen=True)
class Meeting:
    """A conference with the cases of its children and their parts, by person number."""

    conference: Conference
    cases: dict[str, Case]
    parts: dict[str, ChildConference]

    def ordered(self) -> Sequence[Case]:
        """The cases in the order in which the children were named."""
        return [self.cases[one] for one in self.conference.person_ids]

    def children(self) -> dict[str, Child]:
        """The children by person number."""
        return {one: case.child for one, case in self.cases.items()}

    def born_on(self) -> Sequence[date | None]:
        """When the children were born, in the same order."""
        return [case.child.born_on for case in self.ordered()]


async def locked_conference(act: Acting, reference: str, version: int | None) -> Conference:
    """A conference that nobody else changes meanwhile; with a version, it must still be that one."""
    query = select(Conference).where(col(Conference.reference) == reference).with_for_update()
    return await to_be_changed(act, (await act.session.exec(query)).first(), version)


async def locked_meeting(act: Acting, reference: str, version: int | None) -> Meeting:
    """A conference with all its children, held against changes."""
    session = act.session
    ((locked, found),) = await read(session, _LOCKED, {"reference": reference})
    conference = await to_be_changed(act, _CONFERENCES.changing(session, found[0]) if found else None, version)
    cases = await cases_of(session, [_CHILDREN.changing(session, one) for one in locked], conference.id)
    parts = {case.child.person_id: case.part for case in cases if case.part}
    return Meeting(conference, {case.child.person_id: case for case in cases}, parts)


async def invitations_of(act: Acting, conference: Conference) -> list[Invitation]:
    """Everybody who is invited to a conference and was not uninvited, held against changes."""
    found = await read(act.session, _INVITED, {"conference_id": conference.id})
    return [_INVITATIONS.changing(act.session, one) for one in found]


def check_planned(conference: Conference) -> None:
    """Go on only with a conference that is planned."""
    if conference.state != ConferenceState.PLANNED:
        raise ConferenceNotPlanned(
            f"{conference.reference} is {conference.state}.", reference=conference.reference, state=conference.state
        )


def check_held(conference: Conference) -> None:
    """Go on only with a conference that was held."""
    if conference.state not in HELD:
        raise ConferenceNotHeld(
            f"{conference.reference} is {conference.state}.", reference=conference.reference, state=conference.state
        )
