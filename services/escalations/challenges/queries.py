"""Lists of challenges and good practice, rendered by PostgreSQL."""

from sqlalchemy import select
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.db.columns import between, equal
from chassis.web.pagination import JsonRows
from services.escalations.challenges.models import Challenge, GoodPractice
from services.escalations.moves import OF_CHALLENGE

CHALLENGES = JsonRows(
    select(*columns(Challenge), OF_CHALLENGE.column(col(Challenge.state))).where(visible(Challenge)),
    filters=equal(Challenge, "reference", "state", "owner_id", "area_id", "theme", "meeting_reference")
    | between(col(Challenge.raised_on), "raised"),
    order=[col(Challenge.raised_on).desc(), col(Challenge.id).desc()],
    hidden=["id"],
    moves=OF_CHALLENGE,
)

GOOD_PRACTICES = JsonRows(
    select(*columns(GoodPractice)).where(visible(GoodPractice)),
    filters=equal(GoodPractice, "reference", "area_id") | between(col(GoodPractice.noted_on), "noted"),
    order=[col(GoodPractice.noted_on).desc(), col(GoodPractice.id).desc()],
    hidden=["id"],
)
