"""Conflicts between records of a child."""

from chassis.web.pagination import Page
from services.children.conflicts.models import ChildConflictBase


class ChildConflictOut(ChildConflictBase):
    """A field of a child's record about which a service says something else. PUT the child to settle it."""


class ChildConflictPage(Page[ChildConflictOut]):
    """One page of conflicts, newest first."""
