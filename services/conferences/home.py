"""The part of a home page that conferences know: what is overdue, due soon, planned, proposed or missing."""

from pydantic import BaseModel
from sqlalchemy import exists
from sqlmodel import col

from chassis.access.callers import Role
from chassis.access.visibility import VIEWER
from chassis.law.deadlines import DeadlineKind
from chassis.meetings.open_deadlines import DeadlinePage
from chassis.web.first_pages import FirstPages, List, in_my_area, part
from services.conferences.calendar.queries import DEADLINES
from services.conferences.children.models import Deadline
from services.conferences.contributions.models import Invitation
from services.conferences.meetings.models import Conference
from services.conferences.meetings.queries import CONFERENCES
from services.conferences.meetings.schemas import ConferencePage
from services.conferences.proposals.models import Proposal
from services.conferences.proposals.queries import PROPOSALS
from services.conferences.proposals.schemas import ProposalPage
from services.conferences.rules.vocabulary import ConferenceState, ProposalState

MINE, IN_MY_AREA = col(Deadline.chair_id) == VIEWER, in_my_area(Deadline.area_id)
IS_OVERDUE, IS_NOT_OVERDUE = DEADLINES.filters["is_overdue"], DEADLINES.filters["is_not_overdue"]
IS_PLANNED = col(Conference.state) == ConferenceState.PLANNED
IS_PROPOSED = col(Proposal.state) == ProposalState.PROPOSED


class ConferencesHome(BaseModel):
    """What a home page shows of conferences. A list that is not for the caller's roles is left out."""

    overdue_for_conferences: DeadlinePage | None = part("Chair: overdue for the chair's children.", Role.CHAIR)
    due_soon_for_conferences: DeadlinePage | None = part(
        "Chair: due within 14 days for the chair's children.", Role.CHAIR
    )
    planned_conferences: ConferencePage | None = part("Chair: the chair's conferences in the next 6 weeks.", Role.CHAIR)
    proposals: ProposalPage | None = part("Chair: escalations that the chair's closed conferences propose.", Role.CHAIR)
    overdue_for_conferences_in_area: DeadlinePage | None = part(
        "Team manager: overdue in the manager's area.", Role.TEAM_MANAGER
    )
    conferences_without_invitations: ConferencePage | None = part(
        "Business support: conferences in the next 6 weeks to which nobody but an advocate is invited.",
        Role.BUSINESS_SUPPORT,
    )
    late_records_of_conferences: DeadlinePage | None = part(
        "Business support: overdue records of conferences.", Role.BUSINESS_SUPPORT
    )
    undecided_proposals: ProposalPage | None = part(
        "Business support: proposed escalations that wait for a chair.", Role.BUSINESS_SUPPORT
    )


HOME = FirstPages(
    ConferencesHome,
    {
        "overdue_for_conferences": List(DEADLINES, (MINE, IS_OVERDUE)),
        "due_soon_for_conferences": List(DEADLINES, (MINE, IS_NOT_OVERDUE, DEADLINES.filters["due_to"])),
        "planned_conferences": List(
            CONFERENCES, (col(Conference.chair_id) == VIEWER, IS_PLANNED, CONFERENCES.filters["planned_to"])
        ),
        "proposals": List(PROPOSALS, (col(Proposal.chair_id) == VIEWER, IS_PROPOSED)),
        "overdue_for_conferences_in_area": List(DEADLINES, (IN_MY_AREA, IS_OVERDUE)),
        "conferences_without_invitations": List(
            CONFERENCES,
            (
                in_my_area(Conference.area_id),
                IS_PLANNED,
                CONFERENCES.filters["planned_from"],
                CONFERENCES.filters["planned_to"],
                ~exists().where(col(Invitation.conference_id) == col(Conference.id), ~col(Invitation.automatic)),
            ),
        ),
        "late_records_of_conferences": List(
            DEADLINES, (IN_MY_AREA, col(Deadline.kind) == DeadlineKind.RECORD, IS_OVERDUE)
        ),
        "undecided_proposals": List(PROPOSALS, (in_my_area(Proposal.area_id), IS_PROPOSED)),
    },
)
