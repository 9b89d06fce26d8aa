"""Conferences, who is invited to them and what they propose, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import func, literal_column, select, true
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.children.names import name_of, names_of
from chassis.db.columns import between, equal, holding, whether
from chassis.web.pagination import JsonRows
from services.conferences.children.queries import about_visible
from services.conferences.columns import json_list
from services.conferences.contributions.models import Invitation
from services.conferences.meetings.models import ChildConference, Conference, Correction
from services.conferences.moves import OF_CONFERENCE
from services.conferences.proposals.models import Proposal, RaisedEscalation

# What only the whole conference shows, and what nobody is shown.
PARTICULARS = ("core_group", "safety_scores", "dissent", "record", "record_template")
_NAMES = names_of(col(Conference.person_ids))
CAN = OF_CONFERENCE.column(col(Conference.state))

CONFERENCES = JsonRows(
    select(*columns(Conference, "id", *PARTICULARS), _NAMES, CAN).where(visible(Conference)),
    filters=equal(Conference, "reference", "state", "chair_id", "area_id")
    | holding(Conference.person_ids, "person_id")
    | between(col(Conference.planned_on), "planned")
    | whether("combined", col(Conference.review_reference).is_not(None)),
    order=[col(Conference.planned_on).desc(), col(Conference.id).desc()],
    moves=OF_CONFERENCE,
)


def _of_conference(table: Any, name: str, order: str, *hidden: str, only: Any = None) -> Any:
    """The rows of a table that belong to a conference, as one JSON list."""
    named = [name_of(table.person_id)] if hasattr(table, "person_id") else []
    rows = select(*columns(table, "conference_id", *hidden), *named)
    rows = rows.where(table.conference_id == col(Conference.id), true() if only is None else only)
    return json_list(rows.order_by(literal_column(order)).correlate(Conference), name)


_ESCALATIONS = (
    select(func.coalesce(func.json_agg(col(RaisedEscalation.reference)), literal_column("'[]'::json")))
    .where(col(RaisedEscalation.conference_reference) == col(Conference.reference))
    .correlate(Conference)
    .scalar_subquery()
)
_CORRECTIONS = json_list(
    select(*columns(Correction, "id", "reference"))
    .where(col(Correction.reference) == col(Conference.reference))
    .order_by(col(Correction.id))
    .correlate(Conference),
    "corrections",
)
# Who was left out of a conference has a part in it that is cancelled.
IS_ABOUT = col(ChildConference.person_id) == func.any(col(Conference.person_ids))
CHILDREN = _of_conference(ChildConference, "children", "person_id", "cancelled", "request_id", only=IS_ABOUT)
INVITATIONS = _of_conference(Invitation, "invitations", "id", "chair_id")
WHOLE_CONFERENCE = JsonRows(
    select(
        *columns(Conference, "id"),
        _NAMES,
        CAN,
        CHILDREN,
        INVITATIONS,
        _of_conference(Proposal, "proposals", "id"),
        _ESCALATIONS.label("escalations"),
        _CORRECTIONS,
    ).where(visible(Conference)),
    filters=equal(Conference, "reference"),
    moves=OF_CONFERENCE,
)

CHILD_CONFERENCES = JsonRows(
    about_visible(ChildConference, "conference_id", "cancelled", "request_id").where(
        col(ChildConference.held_on).is_not(None)
    ),
    filters=equal(
        ChildConference, "reference", "person_id", "kind", "outcome", "category", "chair_id", "area_id", "team"
    )
    | between(col(ChildConference.held_on), "held")
    | whether("late", col(ChildConference.in_time).is_(False)),
    order=[col(ChildConference.held_on).desc(), col(ChildConference.id).desc()],
    hidden=["person_ids"],
)
