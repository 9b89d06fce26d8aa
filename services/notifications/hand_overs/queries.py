"""Hand-overs with their parts, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlmodel import col

from chassis.access.visibility import columns
from chassis.db.columns import equal, whether
from chassis.web.pagination import JsonRows
from services.notifications.hand_overs.models import HandOver, HandOverPart

_PART = (
    select(
        *columns(HandOverPart, "hand_over_id"),
        func.cardinality(col(HandOverPart.person_ids)).label("children"),
        func.cardinality(col(HandOverPart.references)).label("records"),
    )
    .where(col(HandOverPart.hand_over_id) == col(HandOver.id))
    .order_by(col(HandOverPart.about))
    .correlate(HandOver)
    .lateral("part")
)
# Everybody who is named, for the audit.
_NAMED: ColumnElement[Any] = literal_column(
    """ARRAY(
        SELECT unnest(person_ids) FROM hand_over_part WHERE hand_over_id = hand_over.id
        UNION SELECT jsonb_array_elements(refused)->>'person_id' FROM hand_over_part WHERE hand_over_id = hand_over.id
    )"""
)
HAND_OVERS = JsonRows(
    select(
        *columns(HandOver),
        select(func.json_agg(literal_column("row_to_json(part)"))).select_from(_PART).scalar_subquery().label("parts"),
        _NAMED.label("person_ids"),
    ),
    filters=equal(HandOver, "id", "chair_id", "to") | whether("finished", col(HandOver.finished_at).is_not(None)),
    order=[col(HandOver.id).desc()],
    hidden=["person_ids"],
)
