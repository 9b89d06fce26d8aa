"""The part of a home page that escalations know: what is unanswered, overdue or still informal."""

from pydantic import BaseModel
from sqlmodel import col

from chassis.access.callers import Role
from chassis.access.visibility import VIEWER
from chassis.web.first_pages import FirstPages, List, in_my_area, part
from services.escalations.challenges.models import Challenge
from services.escalations.challenges.queries import CHALLENGES
from services.escalations.challenges.schemas import ChallengePage
from services.escalations.escalations.models import Escalation
from services.escalations.escalations.queries import ESCALATIONS, IS_OVERDUE
from services.escalations.escalations.schemas import EscalationPage
from services.escalations.rules import ChallengeState

OWNERS = (Role.CHAIR, Role.TEAM_MANAGER)


class EscalationsHome(BaseModel):
    """What a home page shows of escalations. A list that is not for the caller's roles is left out."""

    unanswered_escalations: EscalationPage | None = part(
        "Chair, team manager: escalations that the caller owns, without an answer.", *OWNERS
    )
    open_challenges: ChallengePage | None = part(
        "Chair, team manager: positive challenges that the caller owns, still open.", *OWNERS
    )
    overdue_escalations_in_area: EscalationPage | None = part(
        "Team manager: open escalations past their due date, in the manager's area.", Role.TEAM_MANAGER
    )
    unanswered_escalations_in_area: EscalationPage | None = part(
        "Business support: escalations without an answer.", Role.BUSINESS_SUPPORT
    )


HOME = FirstPages(
    EscalationsHome,
    {
        "unanswered_escalations": List(
            ESCALATIONS, (col(Escalation.owner_id) == VIEWER, ESCALATIONS.filters["is_unanswered"])
        ),
        "open_challenges": List(
            CHALLENGES, (col(Challenge.owner_id) == VIEWER, col(Challenge.state) == ChallengeState.OPEN)
        ),
        "overdue_escalations_in_area": List(ESCALATIONS, (in_my_area(Escalation.area_id), IS_OVERDUE)),
        "unanswered_escalations_in_area": List(
            ESCALATIONS, (in_my_area(Escalation.area_id), ESCALATIONS.filters["is_unanswered"])
        ),
    },
)
