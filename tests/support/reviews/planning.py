"""Asking for reviews to be planned, and every row that this could touch."""

from datetime import date
from typing import Any

from chassis.base import clock
from tests.support.reviews.office import JSON, Office

TABLES = (
    "looked_after_child", "period_of_care", "review", "child_review", "invitation", "deadline", "disruption_referral",
    "decision", "chassis.outgoing", "chassis.audit_entry",
)  # fmt: skip
PANEL = [{"name": name, "independent": name == "A"} for name in "ABC"]


async def everything(office: Office) -> dict[str, list[str]]:
    """Every row that a review could touch."""
    return {
        table: sorted(
            row["row"]
            for row in await office.rows(f"SELECT t::text AS row FROM {table} t WHERE t::text NOT LIKE '%,refused_4%'")
        )
        for table in TABLES
    }


async def plan(office: Office, *person_ids: str, on: date | None = None, **more: Any) -> Any:
    """Ask for a review to be planned."""
    headers = more.pop("headers", {})
    body = {"person_ids": list(person_ids or ["P1"]), "planned_on": (on or clock.today()).isoformat()} | more
    return await office.ask("POST", "/v1/reviews", body, headers=headers)


def reviewed_before(times: int, on: date, since: date) -> list[JSON]:
    """A period of care in which there were reviews before these records begin."""
    episodes = [{"starts_on": since.isoformat(), "legal_status": "C2", "placement": "U4"}]
    before = {"reviews_before": times, "reviewed_before_on": on.isoformat()}
    return [{"starts_on": since.isoformat(), "episodes": episodes} | before]
