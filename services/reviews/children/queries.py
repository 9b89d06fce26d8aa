"""Children's care, their deadlines, timelines and merges, rendered by PostgreSQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Date, Text, bindparam, case, cast, func, literal, literal_column, null, select, union_all
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from chassis.access.visibility import all_visible, columns, concerned, only_visible, people, visible
from chassis.children.models import IDENTITY, Child
from chassis.db.columns import equal, matching, whether
from chassis.events.directory_replica import ReplicaEntry
from chassis.law.deadlines import About
from chassis.meetings.corrections import voided_about
from chassis.meetings.open_deadlines import deadline_counts, deadline_rows
from chassis.web.pagination import JsonRows
from services.reviews.chairs.models import Allocation
from services.reviews.children.models import Deadline, LookedAfterChild, PeriodOfCare, PersonMerge, Voided
from services.reviews.children.schemas import CareOut
from services.reviews.leaving_care.models import LeavingCareDecision
from services.reviews.meetings.models import ChildReview
from services.reviews.visits.models import Contact, MidpointCheck

IS_LOOKED_AFTER = col(LookedAfterChild.looked_after_since).is_not(None)
IS_UNALLOCATED = IS_LOOKED_AFTER & col(LookedAfterChild.chair_id).is_(None)
# A child's record names other children: the caller sees those whose records they may see.
_RELATED = {
    "siblings": only_visible(col(Child.siblings), "siblings"),
    "mother_person_id": case((all_visible(people(Child.mother_person_id)), col(Child.mother_person_id))).label(
        "mother_person_id"
    ),
    "merged_into": case((all_visible(people(Child.merged_into)), col(Child.merged_into))).label("merged_into"),
}
# What the conferences service published of a child is kept under this kind, by the child's number.
PROTECTION_PLAN = "protection_plan"
PLAN_SINCE = (
    select(cast(col(ReplicaEntry.attributes)["protection_plan_since"].astext, Date))
    .where(col(ReplicaEntry.kind) == PROTECTION_PLAN, col(ReplicaEntry.id) == col(LookedAfterChild.person_id))
    .correlate(LookedAfterChild)
    .scalar_subquery()
)
# What is shown of who the child is, beside the child's care.
IDENTITY_SHOWN = [
    name for name in CareOut.model_fields if name in IDENTITY and name not in LookedAfterChild.model_fields
]
SHOWN = [
    *columns(LookedAfterChild),
    *(_RELATED.get(name, getattr(Child, name)) for name in IDENTITY_SHOWN),
    PLAN_SINCE.label("protection_plan_since"),
]
_CARED_FOR = (
    select(*SHOWN, concerned(LookedAfterChild))
    .join(Child, col(Child.person_id) == col(LookedAfterChild.person_id))
    .where(visible(LookedAfterChild))
)

CHILDREN = JsonRows(
    _CARED_FOR.where(col(Child.merged_into).is_(None)),
    filters=equal(LookedAfterChild, "person_id", "chair_id", "legal_status")
    | equal(Child, "area_id", "team")
    | whether("looked_after", IS_LOOKED_AFTER)
    | whether("unallocated", IS_UNALLOCATED)
    | whether("on_protection_plan", PLAN_SINCE.is_not(None))
    | whether("secure", col(LookedAfterChild.secure_since).is_not(None)),
    order=[col(LookedAfterChild.person_id)],
    hidden=["person_ids"],
)


def _pairs(members: Mapping[str, Any]) -> list[Any]:
    """Names and values as `json_build_object` takes them."""
    found: list[Any] = []
    for name, value in members.items():
        found += [literal_column(f"'{name}'"), value]
    return found


_PERIODS = (
    select(
        func.coalesce(
            func.json_agg(
                func.json_build_object(
                    *_pairs({column.name: column for column in columns(PeriodOfCare, "id", "person_id")})
                ).op("ORDER BY")(literal_column("starts_on, ends_on NULLS LAST"))
            ),
            literal_column("'[]'::json"),
        )
    )
    .where(col(PeriodOfCare.person_id) == col(LookedAfterChild.person_id))
    .correlate(LookedAfterChild)
    .scalar_subquery()
)
WHOLE_CHILD = JsonRows(
    _CARED_FOR.add_columns(_PERIODS.label("periods_of_care")),
    filters=equal(LookedAfterChild, "person_id"),
    hidden=["person_ids"],
)


DEADLINES = deadline_rows(Deadline, About.REVIEW, "review_reference")
DEADLINE_COUNTS = deadline_counts(Deadline, DEADLINES)
DIGEST = JsonRows(
    select(
        *columns(Deadline, "id", "owner_role", "owner_id", "area_id", "team", "told_missed_on", "track"),
    )
    .where(col(Deadline.due_on) <= bindparam("until", type_=Date))
    .order_by(col(Deadline.due_on), col(Deadline.id)),
)

_BOTH_NUMBERS = people(PersonMerge.from_person_id, PersonMerge.into_person_id)
MERGES = JsonRows(
    select(*columns(PersonMerge, "moved", "reason"), _BOTH_NUMBERS.label("person_ids")).where(
        all_visible(_BOTH_NUMBERS)
    ),
    filters=matching(col(PersonMerge.into_person_id), "person_id")
    | whether("left_behind", func.jsonb_array_length(col(PersonMerge.left_behind)) > 0),
    order=[col(PersonMerge.id).desc()],
    hidden=["person_ids"],
)
# The reviews in which two numbers are both.
IN_ONE_REVIEW = "SELECT reference FROM review WHERE person_ids @> $1::text[] ORDER BY reference"
EARLIER_MERGES = JsonRows(
    select(*columns(PersonMerge, "moved", "left_behind"))
    .where(col(PersonMerge.reason).is_not(None))
    .order_by(col(PersonMerge.id))
)


_PERSON = bindparam("person_id", type_=Text)


def _entry(table: Any, on: Any, what: Any, reference: Any = None, **details: Any) -> Any:
    """One kind of entry of a timeline."""
    return select(
        on.label("on"),
        what.label("what"),
        (null() if reference is None else reference).cast(Text).label("reference"),
        func.jsonb_build_object(*_pairs(details)).cast(JSONB).label("details"),
    ).where(table.person_id == _PERSON, on.is_not(None))


def _word(text: str) -> Any:
    return cast(literal(text), Text)


def _of_part(on: Any, what: str) -> Any:
    return _entry(ChildReview, on, _word(what), col(ChildReview.reference), kind=col(ChildReview.kind))


_ENTRIES = union_all(
    _entry(PeriodOfCare, col(PeriodOfCare.starts_on), _word("became_looked_after")),
    _entry(PeriodOfCare, col(PeriodOfCare.ends_on), _word("ceased_to_be_looked_after")),
    _entry(Allocation, col(Allocation.starts_on), _word("chair_allocated"), chair_id=col(Allocation.chair_id)),
    _entry(
        ChildReview,
        col(ChildReview.held_on),
        _word("review_held"),
        col(ChildReview.reference),
        kind=col(ChildReview.kind),
        in_time=col(ChildReview.in_time),
        participation=col(ChildReview.participation),
    ),
    _of_part(col(ChildReview.decisions_on), "decisions_recorded"),
    _of_part(col(ChildReview.record_on), "record_completed"),
    _of_part(col(ChildReview.distributed_on), "record_distributed"),
    _entry(Contact, col(Contact.happened_on), col(Contact.kind), made_by=col(Contact.made_by)),
    _entry(
        MidpointCheck,
        col(MidpointCheck.done_on),
        _word("midpoint_checked"),
        on_track=col(MidpointCheck.on_track),
    ),
    _entry(
        LeavingCareDecision,
        col(LeavingCareDecision.decided_on),
        _word("leaving_care_decided"),
        approved=col(LeavingCareDecision.approved),
    ),
).subquery("entry")
TIMELINE = JsonRows(
    select(
        _ENTRIES.c.on,
        literal(About.REVIEW).cast(Text).label("about"),
        _ENTRIES.c.what,
        _ENTRIES.c.reference,
        _ENTRIES.c.details,
        concerned(LookedAfterChild),
    )
    .select_from(_ENTRIES)
    # The child by their number, not by that of each entry, for which PostgreSQL may read every child.
    .join(LookedAfterChild, col(LookedAfterChild.person_id) == _PERSON)
    .where(visible(LookedAfterChild))
    .order_by(_ENTRIES.c.on, _ENTRIES.c.what),
    hidden=["person_ids"],
)


VOIDED = voided_about(Voided, LookedAfterChild)
