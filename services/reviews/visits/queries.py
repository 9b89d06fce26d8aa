"""What happened between reviews, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import Date, bindparam, select
from sqlmodel import col

from chassis.access.visibility import columns, concerned, visible
from chassis.meetings.corrections import taken_back_about
from chassis.web.pagination import JsonRows
from services.reviews.children.models import LookedAfterChild
from services.reviews.children.visibility import of_visible_child
from services.reviews.meetings.models import Review
from services.reviews.visits.models import (
    Contact,
    DisruptionReferral,
    Feedback,
    LeavingCareDecision,
    MidpointCheck,
    PromptDone,
    TakenBack,
)


def _of_child(table: Any, *shown: Any) -> Any:
    join, condition = of_visible_child(table)
    return select(*shown, concerned(table)).join(LookedAfterChild, join).where(condition)


def _one_child(table: Any) -> dict[str, Any]:
    return {"person_id": table.person_id == bindparam("person_id")}


CONTACTS = JsonRows(
    _of_child(Contact, *columns(Contact)).order_by(col(Contact.happened_on), col(Contact.id)),
    filters=_one_child(Contact),
    hidden=["person_ids"],
)
MIDPOINT_CHECKS = JsonRows(
    _of_child(MidpointCheck, *columns(MidpointCheck)).order_by(col(MidpointCheck.done_on)),
    filters=_one_child(MidpointCheck),
    hidden=["person_ids"],
)
PROMPTS_DONE = JsonRows(
    _of_child(PromptDone, *columns(PromptDone)).order_by(col(PromptDone.done_on)),
    filters=_one_child(PromptDone),
    hidden=["person_ids"],
)
LEAVING_CARE = JsonRows(
    _of_child(LeavingCareDecision, *columns(LeavingCareDecision)),
    filters=_one_child(LeavingCareDecision)
    | {
        "approval": col(LeavingCareDecision.approval) == bindparam("approval"),
        "is_decided": col(LeavingCareDecision.decided_on).is_not(None),
        "is_not_decided": col(LeavingCareDecision.decided_on).is_(None),
    },
    order=[col(LeavingCareDecision.id).desc()],
    hidden=["person_ids"],
)
FEEDBACK = JsonRows(
    select(*columns(Feedback)).join(Review, col(Review.reference) == col(Feedback.reference)).where(visible(Review)),
    filters={
        "reference": col(Feedback.reference) == bindparam("reference"),
        "from_whom": col(Feedback.from_whom) == bindparam("from_whom"),
        "rating": col(Feedback.rating) == bindparam("rating"),
        "given_from": col(Feedback.given_on) >= bindparam("given_from", type_=Date),
        "given_to": col(Feedback.given_on) <= bindparam("given_to", type_=Date),
    },
    order=[col(Feedback.given_on).desc(), col(Feedback.id).desc()],
    hidden=["person_ids"],
)
REFERRALS = JsonRows(
    _of_child(DisruptionReferral, *columns(DisruptionReferral)),
    filters=_one_child(DisruptionReferral)
    | {
        "reference": col(DisruptionReferral.reference) == bindparam("reference"),
        "state": col(DisruptionReferral.state) == bindparam("state"),
    },
    order=[col(DisruptionReferral.referred_on).desc(), col(DisruptionReferral.id).desc()],
    hidden=["person_ids", "id"],
)
TAKEN_BACK = taken_back_about(TakenBack, LookedAfterChild)
