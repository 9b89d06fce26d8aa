"""The invented families with child protection conferences of April 2018 to March 2020, in the published numbers."""

from demo.protection.extras import discussions, feedback, to_come
from demo.protection.records import children, conferences, enquiries, invitations, plan_ends, transfers_in

__all__ = [
    "children",
    "conferences",
    "discussions",
    "enquiries",
    "feedback",
    "invitations",
    "plan_ends",
    "to_come",
    "transfers_in",
]
