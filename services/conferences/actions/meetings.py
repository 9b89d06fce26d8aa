"""A conference that somebody is about to change, and what its children's parts repeat of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, func, select

from chassis.acting import Acting
from chassis.problems import Conflict, NotFound
from chassis.seeing import may_see
from chassis.versions import check_version
from services.conferences.actions.cases import Case, cases_of
from services.conferences.rules.vocabulary import ConferenceState
from services.conferences.tables import Child, ChildConference, Conference, Invitation


class ConferenceNotPlanned(Conflict):
    """This can be done only with a conference that is planned."""


class ConferenceNotHeld(Conflict):
    """This follows a conference that was held."""


HELD = frozenset({ConferenceState.HELD, ConferenceState.CLOSED})


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
    conference = (await act.session.exec(query)).first()
    if conference is None or not may_see(act.caller, restricted=conference.restricted, chair_id=conference.chair_id):
        raise NotFound
    if version is not None:
        check_version(conference, version)
    return conference


async def locked_meeting(act: Acting, reference: str, version: int | None) -> Meeting:
    """A conference with all its children, held against changes."""
    # Children before the conference, as whoever hands over locks them: nobody waits for each other in a circle.
    about = select(func.unnest(col(Conference.person_ids))).where(col(Conference.reference) == reference)
    query = select(Child).where(col(Child.person_id).in_(about))
    children = (await act.session.exec(query.order_by(col(Child.person_id)).with_for_update())).all()
    conference = await locked_conference(act, reference, version)
    cases = {case.child.person_id: case for case in await cases_of(act.session, children)}
    query_parts = select(ChildConference).where(col(ChildConference.conference_id) == conference.id)
    parts = {one.person_id: one for one in (await act.session.exec(query_parts)).all() if one.person_id in cases}
    for person_id, part in parts.items():
        case = cases[person_id]
        # What changes in this meeting is the object that is written; the rest are plain rows.
        case.parts = [part if one.id == part.id else one for one in case.parts]
    return Meeting(conference, cases, parts)


async def invitations_of(act: Acting, conference: Conference) -> list[Invitation]:
    """Everybody who is invited to a conference and was not uninvited, held against changes."""
    query = select(Invitation).where(
        col(Invitation.conference_id) == conference.id, col(Invitation.withdrawn_on).is_(None)
    )
    return list((await act.session.exec(query.order_by(col(Invitation.id)).with_for_update())).all())


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
