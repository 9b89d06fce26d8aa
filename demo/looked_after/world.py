"""The invented children and their meetings, made once."""

from collections.abc import Sequence
from functools import cache

from demo.looked_after.diary import meetings
from demo.looked_after.model import Child, Meeting
from demo.looked_after.population import population


@cache
def everything() -> tuple[Sequence[Child], Sequence[Meeting]]:
    """Every child, and every meeting about them, in order."""
    children = population()
    return children, meetings(children)
