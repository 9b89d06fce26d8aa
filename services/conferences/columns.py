"""The parent of this service's tables, and the kinds of their columns."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlmodel import Field as Column

from chassis.db.database import Table, own_registry


class Base(Table, registry=own_registry()):
    """The parent of this service's tables."""


def of_child() -> Any:
    """A column for the child that a row is about."""
    return Column(sa_column_args=[ForeignKey("child.person_id")])


def of_conference() -> Any:
    """A column for the conference that a row belongs to."""
    return Column(sa_column_args=[ForeignKey("conference.id")])


def of_plan() -> Any:
    """A column for the plan that a row belongs to."""
    return Column(sa_column_args=[ForeignKey("protection_plan.id")])
