"""The parent of what this service keeps; each room has its own tables."""

from chassis.children.merging import MovedByMergeColumns
from chassis.db.database import Table, own_registry


class Base(Table, registry=own_registry()):
    """The parent of this service's tables."""


class MovedByMerge(MovedByMergeColumns, Base, table=True):
    """What a merge of two numbers of one child moved here."""
