"""Review meetings and children's parts in them, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import false, func, literal_column, not_, null, or_, select
from sqlmodel import col

from chassis.access.visibility import columns, concerned, visible
from chassis.children.models import Child
from chassis.children.names import name_of, names_of
from chassis.db.columns import between, equal, holding, whether
from chassis.law.deadlines import About
from chassis.law.participation import ADVOCACY_AGE
from chassis.meetings.diary import diary_rows
from chassis.meetings.invitations import invitation_rows
from chassis.web.pagination import JsonRows
from services.reviews.children.models import LookedAfterChild
from services.reviews.meetings.models import ChildReview, Correction, Invitation, RaisedEscalation, Review
from services.reviews.moves import OF_REVIEW
from services.reviews.rules.vocabulary import PARENTS

REVIEW_COLUMNS = [*columns(Review, "id"), names_of(col(Review.person_ids)), OF_REVIEW.column(col(Review.state))]
PART_COLUMNS = [*columns(ChildReview, "review_id", "cancelled", "sat_on"), name_of(col(ChildReview.person_id))]

REVIEWS = JsonRows(
    select(*REVIEW_COLUMNS).where(visible(Review)),
    filters=equal(Review, "reference", "state", "chair_id", "area_id")
    | between(col(Review.planned_on), "planned")
    | holding(Review.person_ids, "person_id"),
    order=[col(Review.planned_on).desc(), col(Review.id).desc()],
    moves=OF_REVIEW,
)
DIARY = diary_rows(Review, About.REVIEW, null())


def list_of(rows: Any, name: str) -> Any:
    """Rows that belong to a review, as a list of the review's own answer."""
    found = func.coalesce(func.json_agg(literal_column(f"row_to_json({name})")), literal_column("'[]'::json"))
    return select(found).select_from(rows.correlate(Review).lateral(name)).scalar_subquery().label(name)


_PARTS = (
    select(*PART_COLUMNS)
    .where(col(ChildReview.review_id) == col(Review.id), col(ChildReview.person_id) == func.any(col(Review.person_ids)))
    .order_by(col(ChildReview.person_id))
)
_INVITED = (
    select(*columns(Invitation, "review_id"))
    .where(col(Invitation.review_id) == col(Review.id))
    .order_by(col(Invitation.id))
)
_ESCALATIONS = (
    select(func.coalesce(func.json_agg(col(RaisedEscalation.reference)), literal_column("'[]'::json")))
    .where(col(RaisedEscalation.review_reference) == col(Review.reference))
    .correlate(Review)
    .scalar_subquery()
)
_CORRECTIONS = (
    select(*columns(Correction, "id", "reference"))
    .where(col(Correction.reference) == col(Review.reference))
    .order_by(col(Correction.id))
)
CHILDREN, INVITED = list_of(_PARTS, "children"), list_of(_INVITED, "invitations")
WHOLE_REVIEW = JsonRows(
    select(
        *REVIEW_COLUMNS,
        CHILDREN,
        INVITED,
        _ESCALATIONS.label("escalations"),
        list_of(_CORRECTIONS, "corrections"),
    ).where(visible(Review)),
    filters=equal(Review, "reference"),
    moves=OF_REVIEW,
)

INVITATIONS = invitation_rows(Invitation, About.REVIEW)

CHILD_REVIEWS = JsonRows(
    select(*PART_COLUMNS, concerned(ChildReview)).where(visible(ChildReview), col(ChildReview.held_on).is_not(None)),
    filters=equal(ChildReview, "reference", "person_id", "kind", "track", "chair_id", "area_id")
    | between(col(ChildReview.held_on), "held")
    | whether("late", col(ChildReview.in_time).is_(False)),
    order=[col(ChildReview.held_on).desc(), col(ChildReview.id).desc()],
    hidden=["person_ids"],
)


# Age in whole years on the day of the meeting, as the rule counts it: by the corresponding date.
_AGE = func.date_part("year", func.age(col(Review.planned_on), col(Child.born_on)))
_HAS_OPTED_OUT = func.coalesce(col(LookedAfterChild.advocacy_opted_out_on) <= col(Review.planned_on), false())
_IS_ADVOCATE_WANTED = (_AGE >= ADVOCACY_AGE) & not_(_HAS_OPTED_OUT)
_ADDRESSED = (
    select(
        func.json_agg(
            func.json_build_object(
                literal_column("'person_id'"), col(LookedAfterChild.person_id),
                literal_column("'email'"), col(Child.email),
                literal_column("'age'"), _AGE,
                literal_column("'advocate'"), _IS_ADVOCATE_WANTED,
            )
        )
    )
    .select_from(LookedAfterChild)
    .join(Child, col(Child.person_id) == col(LookedAfterChild.person_id))
    .where(col(LookedAfterChild.person_id) == func.any(col(Review.person_ids)))
    .correlate(Review)
    .scalar_subquery()
)  # fmt: skip
_ADVOCATE = (
    select(func.min(col(Invitation.email)))
    .where(
        col(Invitation.review_id) == col(Review.id),
        col(Invitation.relationship) == "advocate",
        col(Invitation.withdrawn_on).is_(None),
    )
    .correlate(Review)
    .scalar_subquery()
)
_MEETING = (
    "reference", "state", "planned_on", "planned_time", "mode", "venue", "join_link", "chair_id", "version",
)  # fmt: skip
LETTERS = JsonRows(
    select(
        *(col(getattr(Review, name)) for name in _MEETING),
        _ADVOCATE.label("advocate_email"),
        _ADDRESSED.label("children"),
        col(Review.person_ids),
    ),
    filters=equal(Review, "reference"),
    hidden=["person_ids"],
)

PARENTS_WRITTEN_TO = JsonRows(
    select(
        col(Invitation.id).label("invitation_id"),
        *(col(getattr(Invitation, name)) for name in ("name", "address", "person_ids")),
    ).where(
        or_(*(col(Invitation.relationship) == parent for parent in sorted(PARENTS))),
        col(Invitation.withdrawn_on).is_(None),
        col(Invitation.email).is_(None),
        col(Invitation.address).is_not(None),
    ),
    filters=equal(Invitation, "reference"),
)
