"""Lists of challenges and good practice, rendered by PostgreSQL."""

from sqlalchemy import bindparam, select
from sqlmodel import col

from chassis.access.visibility import columns, visible
from chassis.web.pagination import JsonRows
from services.escalations.challenges.models import Challenge, GoodPractice

CHALLENGES = JsonRows(
    select(*columns(Challenge)).where(visible(Challenge)),
    filters={
        "reference": col(Challenge.reference) == bindparam("reference"),
        "state": col(Challenge.state) == bindparam("state"),
        "owner_id": col(Challenge.owner_id) == bindparam("owner_id"),
        "area_id": col(Challenge.area_id) == bindparam("area_id"),
        "theme": col(Challenge.theme) == bindparam("theme"),
        "meeting_reference": col(Challenge.meeting_reference) == bindparam("meeting_reference"),
        "raised_from": col(Challenge.raised_on) >= bindparam("raised_from"),
        "raised_to": col(Challenge.raised_on) <= bindparam("raised_to"),
    },
    order=[col(Challenge.raised_on).desc(), col(Challenge.id).desc()],
    hidden=["id"],
)

GOOD_PRACTICES = JsonRows(
    select(*columns(GoodPractice)).where(visible(GoodPractice)),
    filters={
        "reference": col(GoodPractice.reference) == bindparam("reference"),
        "area_id": col(GoodPractice.area_id) == bindparam("area_id"),
        "noted_from": col(GoodPractice.noted_on) >= bindparam("noted_from"),
        "noted_to": col(GoodPractice.noted_on) <= bindparam("noted_to"),
    },
    order=[col(GoodPractice.noted_on).desc(), col(GoodPractice.id).desc()],
    hidden=["id"],
)
