"""Who chaired for a child, and how many children each chair has."""

from datetime import date

from sqlmodel import col

from chassis.access.visibility import columns
from chassis.db.columns import equal
from chassis.db.statements import Statements
from chassis.web.pagination import JsonRows
from services.reviews.chairs.models import Allocation
from services.reviews.chairs.schemas import CaseloadOut
from services.reviews.children.visibility import about_child
from services.reviews.rules.chairs import caseload

COUNT = """
    SELECT coalesce(copy.id, child.chair_id) AS chair_id, count(child.person_id) AS children,
        min((copy.attributes->>'full_time_equivalent')::float8) AS full_time_equivalent
    FROM (SELECT * FROM chassis.copy
          WHERE kind = 'colleague' AND attributes->'roles' ? 'chair' AND (ends_on IS NULL OR ends_on >= $1)) copy
    FULL JOIN (SELECT person_id, chair_id FROM looked_after_child
               WHERE looked_after_since IS NOT NULL AND NOT short_breaks AND chair_id IS NOT NULL) child
        ON child.chair_id = copy.id
    GROUP BY 1 ORDER BY 1
"""


async def caseloads(statements: Statements, today: date) -> list[CaseloadOut]:
    """Every chair in the directory, and anyone else who still has children."""
    found = []
    for row in await statements.rows(COUNT, today):
        share = row["full_time_equivalent"]
        load, verdict = caseload(row["children"], share) if share else (None, None)
        found.append(
            CaseloadOut(
                chair_id=row["chair_id"],
                children=row["children"],
                full_time_equivalent=share,
                per_full_time_post=None if load is None else round(load, 1),
                load=verdict,
            )
        )
    return found


ALLOCATIONS = JsonRows(
    about_child(Allocation, *columns(Allocation, "id", "person_id")).order_by(
        col(Allocation.starts_on), col(Allocation.id)
    ),
    filters=equal(Allocation, "person_id"),
    hidden=["person_ids", "person_name"],
)
