"""Who is invited to a conference: professionals of the directory's agencies, the family, advocates, observers."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select, update

from chassis.base.problems import refuse
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.violations import Violation
from chassis.meetings import invitations
from services.conferences.children.cases import AGENCY, AREA
from services.conferences.contributions.models import ContributionLink, Invitation
from services.conferences.contributions.schemas import InviteToConferenceIn, SuggestedInvitationOut
from services.conferences.events import ProfessionalInvited, ProfessionalUninvited
from services.conferences.meetings.meeting import ConferenceNotPlanned, check_planned, locked_conference
from services.conferences.meetings.models import Conference
from services.conferences.rules.vocabulary import ConferenceState, InvitedAs

OPEN = frozenset({ConferenceState.PLANNED, ConferenceState.HELD})


async def invite(
    command: Command, reference: str, version: int, wanted: Sequence[InviteToConferenceIn]
) -> tuple[Conference, list[Invitation]]:
    """Invite people to a conference, all or none; each is sent when a report of theirs is to be there.

    People who came without an invitation are added after the conference is held, until it is closed.
    """
    conference = await locked_conference(command, reference, version)
    if conference.state not in OPEN:
        raise ConferenceNotPlanned(f"{reference} is {conference.state}.", reference=reference, state=conference.state)
    await _check(command, conference, wanted)
    rows = [_invitation(conference, person, command.today) for person in wanted]
    query = select(Invitation).where(col(Invitation.withdrawn_on).is_(None))
    standing = (await command.session.exec(query.where(col(Invitation.conference_id) == conference.id))).all()
    refuse(invitations.invited_twice(standing, rows))
    command.session.add_all(rows)
    conference.version += 1
    if conference.state == ConferenceState.PLANNED:
        for row in rows:
            publish(command, row)
    await command.audit("invite", conference.person_ids, reference)
    await command.session.flush()
    return conference, rows


async def _check(command: Command, conference: Conference, wanted: Sequence[InviteToConferenceIn]) -> None:
    refusals, named = [], []
    for number, person in enumerate(wanted):
        at = f"invitations.{number}."
        refusals += [
            Violation(f"{at}person_ids.{place}", "of_this_conference", "The conference is not about this child.")
            for place, person_id in enumerate(person.person_ids)
            if person_id not in conference.person_ids
        ]
        if person.agency_id is not None:
            named.append(NamedEntry(f"{at}agency_id", AGENCY, person.agency_id, person.agency_role, f"{at}agency_role"))
        if person.area_id is not None:
            named.append(NamedEntry(f"{at}area_id", AREA, person.area_id))
    refuse(refusals)
    await check_names(command, named)


def _invitation(conference: Conference, wanted: InviteToConferenceIn, today: date) -> Invitation:
    is_professional = wanted.invited_as is InvitedAs.PROFESSIONAL
    expected = is_professional if wanted.report_expected is None else wanted.report_expected
    return Invitation(
        conference_id=conference.id,
        reference=conference.reference,
        person_ids=wanted.person_ids or conference.person_ids,
        area_id=wanted.area_id or conference.area_id,
        invited_on=today,
        **wanted.model_dump(exclude={"person_ids", "area_id", "report_expected"}),
        report_expected=expected,
        report_due_on=conference.report_due_on if expected else None,
        chair_id=conference.chair_id,
    )


def publish(command: Command, row: Invitation, again: int | None = None) -> None:
    """Have somebody invited: the family is by the chair in person, everybody else by an email to their address."""
    if row.invited_as != InvitedAs.FAMILY:
        command.publish(
            ProfessionalInvited(
                invitation_id=row.id,
                reference=row.reference,
                chair_id=row.chair_id,
                report_due_on=row.report_due_on,
                again=again,
            )
        )


async def locked_invitation(command: Command, invitation_id: UUID, version: int | None) -> Invitation:
    """An invitation, locked; with a version, it must still have that version."""
    row: Invitation = await invitations.locked_invitation(command, Invitation, invitation_id, version)
    return row


async def send_again(command: Command, invitation_id: UUID) -> Invitation:
    """Send an invitation to a conference that is still planned once more, with a new link."""
    row = await locked_invitation(command, invitation_id, None)
    check_planned(await command.session.get_one(Conference, row.conference_id))
    if row.invited_as == InvitedAs.FAMILY or (row.email is None and row.invited_as != InvitedAs.ADVOCATE):
        raise invitations.NotSentByEmail
    row.version += 1
    publish(command, row, again=row.version)
    await command.audit("send_invitation_again", row.person_ids, row.reference)
    return row


async def uninvite(command: Command, invitation_id: UUID, version: int) -> Invitation:
    """Withdraw an invitation before the conference is held. Nothing more is expected of that person."""
    row = await locked_invitation(command, invitation_id, version)
    conference = await command.session.get_one(Conference, row.conference_id)
    if conference.state != ConferenceState.PLANNED:
        raise ConferenceNotPlanned(f"{row.reference} is {conference.state}.", state=conference.state)
    row.withdrawn_on = command.today
    row.version += 1
    if row.invited_as != InvitedAs.FAMILY:
        command.publish(ProfessionalUninvited(invitation_id=row.id, reference=row.reference, chair_id=row.chair_id))
    await command.audit("uninvite", row.person_ids, row.reference)
    return row


async def suggested(command: Command, reference: str) -> list[SuggestedInvitationOut]:
    """People invited to the children's last conference and not yet to this one; nothing is sent."""
    conference = await locked_conference(command, reference, None)
    last = (
        select(Conference)
        .where(
            col(Conference.person_ids).overlap(conference.person_ids),  # type: ignore[attr-defined]
            col(Conference.held_on).is_not(None),
            col(Conference.id) != conference.id,
        )
        .order_by(col(Conference.held_on).desc(), col(Conference.id).desc())
    )
    before = (await command.session.exec(last.limit(1))).first()
    if before is None:
        return []
    query = select(Invitation).where(col(Invitation.withdrawn_on).is_(None), col(Invitation.automatic).is_(False))
    rows = (await command.session.exec(query.where(col(Invitation.conference_id) == before.id))).all()
    now = (await command.session.exec(query.where(col(Invitation.conference_id) == conference.id))).all()
    known = {(invitation.name, invitation.agency_id, invitation.agency_role) for invitation in now}
    await command.audit("suggest_invitations", conference.person_ids, reference)
    return [
        SuggestedInvitationOut.model_validate(invitation.model_dump() | {"from_reference": before.reference})
        for invitation in sorted(rows, key=lambda row: row.id)
        if (invitation.name, invitation.agency_id, invitation.agency_role) not in known
    ]


async def supersede_links(command: Command, row: Invitation) -> list[UUID]:
    """Make the links of an invitation that is held against changes by others stop working: those that still did."""
    links = (
        update(ContributionLink)
        .where(
            col(ContributionLink.invitation_id) == row.id,
            col(ContributionLink.superseded_at).is_(None),
            col(ContributionLink.revoked_at).is_(None),
        )
        .values(superseded_at=command.now)
        .returning(col(ContributionLink.id))
    )
    return list((await command.session.exec(links)).scalars().all())
