"""The papers of a conference are given to people who were invited to it, each by a link of their own."""

from sqlmodel import col, select

from chassis.base.fields import in_words
from chassis.base.problems import refuse
from chassis.command import Command
from chassis.law.violations import Violation
from chassis.papers.distribution import PaperLinkOut, Recipient, distribute
from services.conferences.contributions.models import Invitation
from services.conferences.meetings.meeting import check_held, locked_conference
from services.conferences.meetings.models import Conference
from services.conferences.records.actions import ConferenceRecordIncomplete, distribute_record, send_outline_plan
from services.conferences.records.schemas import OUTLINE_PLAN, DistributeConferenceRecordIn, GiveConferencePaperIn


async def give_paper(command: Command, reference: str, wanted: GiveConferencePaperIn) -> list[PaperLinkOut]:
    """Send the recipients a link to the record, once it is complete, or to the outline plan, once it says something."""
    conference = await locked_conference(command, reference, None)
    check_held(conference)
    recipients = await _recipients(command, conference, wanted)
    if wanted.paper == OUTLINE_PLAN:
        if not conference.record.get("next_steps"):
            raise ConferenceRecordIncomplete("The outline plan does not say yet what needs to happen.")
        if conference.outline_plan_on is None:
            await send_outline_plan(command, reference, conference.version, None, by_link=True)
    else:
        named = DistributeConferenceRecordIn(recipients=[f"{given.name}, {given.role}" for given in recipients])
        await distribute_record(command, reference, conference.version, named, by_link=True)
    return await distribute(command, reference, wanted.paper, conference.person_ids, recipients)


async def _recipients(command: Command, conference: Conference, wanted: GiveConferencePaperIn) -> list[Recipient]:
    query = select(Invitation).where(
        col(Invitation.conference_id) == conference.id, col(Invitation.withdrawn_on).is_(None)
    )
    invited = {row.id: row for row in (await command.session.exec(query)).all()}
    refusals, recipients = [], []
    for number, invitation_id in enumerate(wanted.recipients):
        row, field = invited.get(invitation_id), f"recipients.{number}"
        if row is None:
            refusals.append(Violation(field, "of_this_conference", "Nobody is invited to it by that invitation."))
        elif row.email is None:
            refusals.append(Violation(field, "has_address", "There is no email address for this person."))
        elif {*row.person_ids} < {*conference.person_ids}:
            refusals.append(Violation(field, "about_all_children", "They were invited for some of the children only."))
        else:
            role = in_words(row.agency_role or (row.relationship or row.invited_as).replace("_", "-"))
            recipients.append(Recipient(row.name, role, row.email, row.agency_id))
    refuse(refusals)
    return recipients
