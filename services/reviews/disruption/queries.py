"""Referrals for disruption meetings, rendered by PostgreSQL."""

from sqlmodel import col

from chassis.access.visibility import columns
from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.reviews.children.visibility import about_child
from services.reviews.disruption.models import DisruptionReferral
from services.reviews.moves import OF_REFERRAL

REFERRALS = JsonRows(
    about_child(DisruptionReferral, *columns(DisruptionReferral), OF_REFERRAL.column(col(DisruptionReferral.state))),
    filters=equal(DisruptionReferral, "person_id", "reference", "state"),
    order=[col(DisruptionReferral.referred_on).desc(), col(DisruptionReferral.id).desc()],
    hidden=["person_ids", "id"],
    moves=OF_REFERRAL,
)
