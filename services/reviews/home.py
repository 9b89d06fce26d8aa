"""The part of a home page that reviews know: what is overdue, due soon, planned, objected to or missing."""

from pydantic import BaseModel
from sqlalchemy import exists
from sqlmodel import col

from chassis.access.callers import Role
from chassis.access.visibility import VIEWER
from chassis.children.models import Child
from chassis.law.deadlines import DeadlineKind
from chassis.meetings.open_deadlines import DeadlinePage
from chassis.web.first_pages import FirstPages, List, in_my_area, part
from services.reviews.children.models import Deadline
from services.reviews.children.queries import DEADLINES
from services.reviews.decisions.models import Decision
from services.reviews.decisions.queries import DECISIONS
from services.reviews.decisions.schemas import DecisionPage
from services.reviews.meetings.models import Invitation, Review
from services.reviews.meetings.queries import REVIEWS
from services.reviews.meetings.schemas import ReviewPage
from services.reviews.rules.vocabulary import DecisionState, ReviewState

MINE, IN_MY_AREA = col(Deadline.chair_id) == VIEWER, in_my_area(Deadline.area_id)
IS_OVERDUE, IS_NOT_OVERDUE = DEADLINES.filters["is_overdue"], DEADLINES.filters["is_not_overdue"]
IS_PLANNED = col(Review.state) == ReviewState.PLANNED
IS_OBJECTED = col(Decision.state) == DecisionState.OBJECTED


class ReviewsHome(BaseModel):
    """What a home page shows of reviews. A list that is not for the caller's roles is left out."""

    overdue: DeadlinePage | None = part("Chair: overdue for the chair's children.", Role.CHAIR)
    due_soon: DeadlinePage | None = part("Chair: due within 14 days for the chair's children.", Role.CHAIR)
    planned_reviews: ReviewPage | None = part("Chair: the chair's reviews in the next 6 weeks.", Role.CHAIR)
    objections: DecisionPage | None = part("Chair: the chair's decisions that a manager objected to.", Role.CHAIR)
    overdue_in_area: DeadlinePage | None = part("Team manager: overdue in the manager's area.", Role.TEAM_MANAGER)
    objections_in_area: DecisionPage | None = part(
        "Team manager: objections that are not settled, in the manager's area.", Role.TEAM_MANAGER
    )
    children_without_chair: DeadlinePage | None = part(
        "Business support: children who are waiting for a chair.", Role.BUSINESS_SUPPORT
    )
    reviews_without_invitations: ReviewPage | None = part(
        "Business support: reviews in the next 6 weeks to which nobody but an advocate is invited.",
        Role.BUSINESS_SUPPORT,
    )
    late_records: DeadlinePage | None = part("Business support: overdue records of reviews.", Role.BUSINESS_SUPPORT)


HOME = FirstPages(
    ReviewsHome,
    {
        "overdue": List(DEADLINES, (MINE, IS_OVERDUE)),
        "due_soon": List(DEADLINES, (MINE, IS_NOT_OVERDUE, DEADLINES.filters["due_to"])),
        "planned_reviews": List(REVIEWS, (col(Review.chair_id) == VIEWER, IS_PLANNED, REVIEWS.filters["planned_to"])),
        "objections": List(DECISIONS, (col(Decision.chair_id) == VIEWER, IS_OBJECTED)),
        "overdue_in_area": List(DEADLINES, (IN_MY_AREA, IS_OVERDUE)),
        "objections_in_area": List(
            DECISIONS,
            (
                IS_OBJECTED,
                exists().where(col(Child.person_id) == col(Decision.person_id), in_my_area(Child.area_id)),
            ),
        ),
        "children_without_chair": List(DEADLINES, (IN_MY_AREA, col(Deadline.kind) == DeadlineKind.ALLOCATION)),
        "reviews_without_invitations": List(
            REVIEWS,
            (
                in_my_area(Review.area_id),
                IS_PLANNED,
                REVIEWS.filters["planned_from"],
                REVIEWS.filters["planned_to"],
                ~exists().where(
                    col(Invitation.review_id) == col(Review.id),
                    ~col(Invitation.automatic),
                    col(Invitation.withdrawn_on).is_(None),
                ),
            ),
        ),
        "late_records": List(DEADLINES, (IN_MY_AREA, col(Deadline.kind) == DeadlineKind.RECORD, IS_OVERDUE)),
    },
)
