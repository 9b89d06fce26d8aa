"""Figures about reviews."""

from typing import ClassVar

from pydantic import Field

from chassis.figures.asking import Activity, FiguresOut
from chassis.figures.tables import Figures


class ReviewFigureOut(Figures):
    """One row of a table of reviews that were held; every table is made from the same records."""

    KNOWN_BY = "children"
    ADDED_UP = "child_reviews"
    OF_PEOPLE = frozenset(
        {"of_age", "participated", "attended", "seen_alone", "consultation_returned", "objected"}
        | {"children_with_advocate"}
    )
    RATES: ClassVar = {"participation": ("of_age", "participated")}

    cumulative_reviews: int | None = Field(description="Meetings, counted up as `cumulative` counts children's.")
    reviews: int | None = Field(description="Review meetings; null where a small number was left out.")
    child_reviews: int | None = Field(description="Children in these meetings, counted each time.")
    children: int | None = Field(description="Distinct children.")
    in_time: int | None = Field(
        description="Child-reviews held, or begun before an adjournment, on or before the due date."
    )
    late: int | None
    timeliness: float | None = Field(description="In time out of those that had a due date, between 0 and 1.")
    of_age: int | None = Field(description="Child-reviews of children old enough for participation to be counted.")
    participated: int | None = Field(description="Of these, with PN1, PN2, PN3, PN5 or PN6.")
    participation: float | None = Field(description="Participated out of these, between 0 and 1.")
    attended: int | None
    seen_alone: int | None
    attendance_known: int | None = Field(description="Child-reviews for which both were recorded.")
    children_with_advocate: int | None = Field(
        description="Distinct children with an advocate at a review, or for whom one spoke."
    )
    consultation_sent: int | None
    consultation_returned: int | None
    decisions_in_time: int | None = Field(description="Decisions written within 5 working days.")
    decisions_late: int | None = Field(description="Written later, or not written and overdue.")
    objected: int | None = Field(description="Child-reviews with a decision to which the manager objected.")
    records_in_time: int | None = Field(description="Full records completed within 15 working days.")
    records_late: int | None
    distributed_in_time: int | None = Field(description="Records distributed within 20 working days.")
    distributed_late: int | None


class ReviewFiguresOut(FiguresOut[ReviewFigureOut]):
    """A table of reviews that were held."""

    participation_age: int = Field(description="The age from which participation is counted in this table.")


class ActivityOut(Activity):
    """One period's population and activity; figures for a day are for the period's last day."""

    OF_PEOPLE = frozenset(
        {"looked_after", "short_breaks", "unallocated", "started", "ceased", "visited_within_6_months"}
        | {
            "directors_decisions",
            "nominated_officers_decisions",
            "disruption_referrals",
            "disruption_referrals_accepted",
            "life_links_referred",
            "life_links_declined",
            "life_links_worked_with",
            "life_links_open",
        }
    )
    # How many are looked after at the end of one period and the next says how many began more than ceased.
    SUMS = (
        ("started", ("ceased",)),
        ("ceased", ("started",)),
        ("life_links_referred", ("life_links_declined", "life_links_worked_with", "life_links_open")),
    )

    looked_after: int | None = Field(description="On the last day, without short breaks.")
    short_breaks: int | None = Field(description="In a series of short breaks on the last day.")
    unallocated: int | None = Field(description="Looked after on the last day without a chair.")
    started: int | None = Field(description="Periods of care that began, without short breaks.")
    ceased: int | None
    visits: int | None = Field(description="Visits by chairs.")
    visited_within_6_months: int | None = Field(description="Of those looked after on the last day.")
    midpoint_checks: int | None
    midpoint_checks_in_time: int | None
    midpoint_checks_due: int | None = Field(
        description="Halfway to the next review in the period, without a review or the end of care before."
    )
    midpoint_checks_due_done: int | None = Field(description="Of those due, the number done, whenever that was.")
    directors_decisions: int | None = Field(
        description="Decided by the director of children's services (regulation 39(5))."
    )
    nominated_officers_decisions: int | None
    feedback_red: int | None
    feedback_amber: int | None
    feedback_green: int | None
    disruption_referrals: int | None
    disruption_referrals_accepted: int | None
    life_links_referred: int | None = Field(description="Children referred to Life Links in the period.")
    life_links_declined: int | None = Field(description="Of these, declined by now.")
    life_links_worked_with: int | None = Field(description="Of these, worked with by now.")
    life_links_open: int | None = Field(description="Of these, without an outcome yet.")


class ActivitiesOut(FiguresOut[ActivityOut]):
    """Population and activity, period by period."""
