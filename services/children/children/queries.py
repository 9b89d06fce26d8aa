"""Children, rendered by PostgreSQL."""

from typing import Any

from sqlalchemy import ARRAY, Text, any_, bindparam, case, select
from sqlmodel import col

from chassis.access.visibility import all_visible, columns, concerned, only_visible, people, visible
from chassis.children.models import IDENTITY
from chassis.db.columns import equal
from chassis.web.pagination import JsonRows
from services.children.children.models import Child


def _if_visible(column: Any, name: str) -> Any:
    """A number of another child, for whoever may see that one."""
    return case((all_visible(people(column)), col(column))).label(name)


RELATED = {
    "siblings": only_visible(col(Child.siblings), "siblings"),
    "mother_person_id": _if_visible(Child.mother_person_id, "mother_person_id"),
    "merged_into": _if_visible(Child.merged_into, "merged_into"),
}
SHOWN = [*(RELATED.get(column.name, column) for column in columns(Child, "sent_at")), concerned(Child)]

CHILD = JsonRows(select(*SHOWN).where(visible(Child)), filters=equal(Child, "person_id"), hidden=["person_ids"])
CHILDREN = JsonRows(
    select(*SHOWN).where(visible(Child), col(Child.merged_into).is_(None)),
    filters=equal(
        Child, "person_id", "area_id", "team", "social_worker_id", "supervisor_id", "manager_id", "family_id"
    ),
    order=[col(Child.person_id)],
    hidden=["person_ids"],
)
# For our own services, which hide children by themselves.
IDENTITIES = JsonRows(
    select(*(getattr(Child, name) for name in IDENTITY)).where(
        col(Child.person_id) == any_(bindparam("person_id", type_=ARRAY(Text)))
    ),
)
