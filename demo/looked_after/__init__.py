"""The invented looked-after children of April 2018 to March 2020 and their reviews, in the published numbers."""

from demo.looked_after.extras import directors_decisions, feedback, visits
from demo.looked_after.records import children, reviews

__all__ = ["children", "directors_decisions", "feedback", "reviews", "visits"]
