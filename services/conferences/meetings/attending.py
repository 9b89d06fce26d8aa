"""What invited people did on the day of a conference."""

from collections.abc import Sequence

from chassis.law.violations import Violation
from chassis.meetings.corrections import Changes
from services.conferences.meetings.models import Invitation
from services.conferences.meetings.schemas import ConferenceAttendanceIn
from services.conferences.rules.conferences import Present
from services.conferences.rules.vocabulary import Attendance, InvitedAs


def attend(
    invitations: Sequence[Invitation], wanted: Sequence[ConferenceAttendanceIn], changes: Changes
) -> list[Violation | None]:
    """Write down who attended; what cannot be so is refused."""
    invited = {one.id: one for one in invitations}
    refusals: list[Violation | None] = []
    seen = set()
    for number, one in enumerate(wanted):
        row, at = invited.get(one.invitation_id), f"attendance.{number}.invitation_id"
        if row is None:
            refusals.append(Violation(at, "of_this_conference", "Nobody was invited to it by that invitation."))
        elif row.id in seen:
            refusals.append(Violation(at, "once", "Name each invitation once."))
        elif changes.make(row, {"attendance": one.attendance}, str(row.id)):
            row.version += 1
        seen.add(one.invitation_id)
    return refusals


def present(invitations: Sequence[Invitation]) -> list[Present]:
    """The professionals who attended: observers and the family do not count for the quorum."""
    return [
        Present(one.agency_id, one.agency_role)
        for one in invitations
        if one.invited_as == InvitedAs.PROFESSIONAL
        and one.attendance == Attendance.ATTENDED
        and one.agency_id is not None
        and one.agency_role is not None
    ]
