"""Review meetings, children's parts in them and decisions, rendered by PostgreSQL."""

from sqlalchemy import Date, Text, bindparam, false, func, literal_column, not_, select
from sqlmodel import col

from chassis.access.visibility import columns, concerned, visible
from chassis.db.columns import holds
from chassis.law.participation import ADVOCACY_AGE
from chassis.web.pagination import JsonRows
from services.reviews.children.models import LookedAfterChild
from services.reviews.meetings.models import ChildReview, Correction, Decision, Invitation, Review
from services.reviews.visits.models import RaisedEscalation

REVIEW_COLUMNS = columns(Review, "id", "restricted", "imported")
PART_COLUMNS = columns(ChildReview, "review_id", "restricted", "cancelled", "sat_on")

REVIEWS = JsonRows(
    select(*REVIEW_COLUMNS).where(visible(Review)),
    filters={
        "state": col(Review.state) == bindparam("state"),
        "chair_id": col(Review.chair_id) == bindparam("chair_id"),
        "area_id": col(Review.area_id) == bindparam("area_id"),
        "person_id": holds(Review.person_ids, "person_id"),
        "planned_from": col(Review.planned_on) >= bindparam("planned_from", type_=Date),
        "planned_to": col(Review.planned_on) <= bindparam("planned_to", type_=Date),
    },
    order=[col(Review.planned_on).desc(), col(Review.id).desc()],
)
DIARY = JsonRows(
    select(*REVIEW_COLUMNS)
    .where(
        visible(Review),
        col(Review.chair_id) == bindparam("chair_id", type_=Text),
        col(Review.planned_on).between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
    )
    .order_by(col(Review.planned_on), col(Review.planned_time), col(Review.id)),
)


_PARTS = (
    select(
        func.coalesce(
            func.json_agg(literal_column("row_to_json(part)")).filter(literal_column("part.id IS NOT NULL")),
            literal_column("'[]'::json"),
        )
    )
    .select_from(
        select(*PART_COLUMNS)
        .where(
            col(ChildReview.review_id) == col(Review.id), col(ChildReview.person_id) == func.any(col(Review.person_ids))
        )
        .order_by(col(ChildReview.person_id))
        .correlate(Review)
        .lateral("part")
    )
    .scalar_subquery()
)
_INVITED = (
    select(func.coalesce(func.json_agg(literal_column("row_to_json(invited)")), literal_column("'[]'::json")))
    .select_from(
        select(*columns(Invitation, "review_id"))
        .where(col(Invitation.review_id) == col(Review.id))
        .order_by(col(Invitation.id))
        .correlate(Review)
        .lateral("invited")
    )
    .scalar_subquery()
)
_ESCALATIONS = (
    select(func.coalesce(func.json_agg(col(RaisedEscalation.reference)), literal_column("'[]'::json")))
    .where(col(RaisedEscalation.review_reference) == col(Review.reference))
    .correlate(Review)
    .scalar_subquery()
)
_CORRECTIONS = (
    select(func.coalesce(func.json_agg(literal_column("row_to_json(corrected)")), literal_column("'[]'::json")))
    .select_from(
        select(*columns(Correction, "id", "reference"))
        .where(col(Correction.reference) == col(Review.reference))
        .order_by(col(Correction.id))
        .correlate(Review)
        .lateral("corrected")
    )
    .scalar_subquery()
)
WHOLE_REVIEW = JsonRows(
    select(
        *REVIEW_COLUMNS,
        _PARTS.label("children"),
        _INVITED.label("invitations"),
        _ESCALATIONS.label("escalations"),
        _CORRECTIONS.label("corrections"),
    ).where(visible(Review)),
    filters={"reference": col(Review.reference) == bindparam("reference")},
)

IS_LATE = col(ChildReview.in_time).is_(False)
CHILD_REVIEWS = JsonRows(
    select(*PART_COLUMNS, concerned(ChildReview)).where(visible(ChildReview), col(ChildReview.held_on).is_not(None)),
    filters={
        "person_id": col(ChildReview.person_id) == bindparam("person_id"),
        "kind": col(ChildReview.kind) == bindparam("kind"),
        "track": col(ChildReview.track) == bindparam("track"),
        "chair_id": col(ChildReview.chair_id) == bindparam("chair_id"),
        "area_id": col(ChildReview.area_id) == bindparam("area_id"),
        "held_from": col(ChildReview.held_on) >= bindparam("held_from", type_=Date),
        "held_to": col(ChildReview.held_on) <= bindparam("held_to", type_=Date),
        "is_late": IS_LATE,
        "is_not_late": not_(IS_LATE),
    },
    order=[col(ChildReview.held_on).desc(), col(ChildReview.id).desc()],
    hidden=["person_ids"],
)

DECISIONS = JsonRows(
    select(*columns(Decision, "restricted"), concerned(Decision)).where(visible(Decision)),
    filters={
        "id": col(Decision.id) == bindparam("id"),
        "person_id": col(Decision.person_id) == bindparam("person_id"),
        "reference": col(Decision.reference) == bindparam("reference"),
        "state": col(Decision.state) == bindparam("state"),
        "manager_id": col(Decision.manager_id) == bindparam("manager_id"),
        "chair_id": col(Decision.chair_id) == bindparam("chair_id"),
        "is_implemented": col(Decision.implemented).is_(True),
        "is_not_implemented": col(Decision.implemented).is_not(True),
    },
    order=[col(Decision.id).desc()],
    hidden=["person_ids"],
)

# Age in whole years on the day of the meeting, as the rule counts it: by the corresponding date.
_AGE = func.date_part("year", func.age(col(Review.planned_on), col(LookedAfterChild.born_on)))
_HAS_OPTED_OUT = func.coalesce(col(LookedAfterChild.advocacy_opted_out_on) <= col(Review.planned_on), false())
_IS_ADVOCATE_WANTED = (_AGE >= ADVOCACY_AGE) & not_(_HAS_OPTED_OUT)
_ADDRESSED = (
    select(
        func.json_agg(
            func.json_build_object(
                literal_column("'person_id'"), col(LookedAfterChild.person_id),
                literal_column("'email'"), col(LookedAfterChild.email),
                literal_column("'age'"), _AGE,
                literal_column("'advocate'"), _IS_ADVOCATE_WANTED,
            )
        )
    )
    .where(col(LookedAfterChild.person_id) == func.any(col(Review.person_ids)))
    .correlate(Review)
    .scalar_subquery()
)  # fmt: skip
_ADVOCATE = (
    select(func.min(col(Invitation.email)))
    .where(col(Invitation.review_id) == col(Review.id), col(Invitation.relationship) == "advocate")
    .correlate(Review)
    .scalar_subquery()
)
LETTERS = JsonRows(
    select(
        *(col(getattr(Review, name)) for name in ("reference", "state", "planned_on", "planned_time", "mode", "venue")),
        col(Review.chair_id),
        _ADVOCATE.label("advocate_email"),
        _ADDRESSED.label("children"),
        col(Review.person_ids),
    ),
    filters={"reference": col(Review.reference) == bindparam("reference")},
    hidden=["person_ids"],
)
