"""Figures about conferences and plans."""

from typing import ClassVar

from pydantic import Field

from chassis.figures.asking import Activity, FiguresOut
from chassis.figures.tables import Figures

_CODES = ("pn1", "pn2", "pn3", "pn4", "pn5", "pn6", "pn7")
_TOOK_PART = ("pn1", "pn2", "pn3", "pn5", "pn6")
_OUTCOMES = ("plans_made", "plans_not_made", "plans_continued", "plans_ended")
_PARENTS = ("mothers_invited", "mothers_attended", "fathers_invited", "fathers_attended")
_CATEGORIES = ("neglect", "physical", "sexual", "emotional", "multiple")
_STARTS = ("started", "started_repeat", "started_within_two_years")
_ENDINGS = ("ended_by_conference", "ended_otherwise")
_DURATIONS = (
    "ended_up_to_three_months",
    "ended_up_to_six_months",
    "ended_under_one_year",
    "ended_under_two_years",
    "ended_two_years_or_more",
)
# Of plans, what is so on one day.
OF_A_DAY = ("open", "long", *_CATEGORIES)


class ConferenceFigureOut(Figures):
    """One row of a table of conferences that were held; every table is made from the same records."""

    KNOWN_BY = "children"
    ADDED_UP = "child_conferences"
    OF_PEOPLE = frozenset(
        {"unborn", "pn0", *_CODES, "of_age", "participated", "attended", "advocate", "children_with_advocate"}
        | {*_OUTCOMES, *_PARENTS}
    )
    SUMS = (
        ("child_conferences", ("unborn", "pn0", *_CODES)),
        ("child_conferences", _OUTCOMES),
        ("of_age", _CODES),
        ("participated", _TOOK_PART),
    )
    RATES: ClassVar = {"participation": ("of_age", "participated")}

    cumulative_conferences: int | None = Field(description="Meetings, counted up as `cumulative` counts children's.")
    conferences: int | None = Field(description="Meetings; null where a small number is left out.")
    child_conferences: int | None = Field(description="Children in these meetings, counted each time.")
    children: int | None = Field(description="Distinct children.")
    initial: int | None = Field(description="Child-conferences that were initial.")
    transfer_in: int | None = Field(description="Child-conferences about a transfer from another authority.")
    reviews: int | None = Field(description="Child-conferences that were reviews.")
    in_time: int | None = Field(description="Child-conferences held by their due date.")
    late: int | None
    timeliness: float | None = Field(description="In time out of all child-conferences, between 0 and 1.")
    unborn: int | None = Field(description="Child-conferences of children not yet born, who have no code.")
    pn0: int | None = Field(description="Child-conferences of children under 4.")
    pn1: int | None = Field(description="Attended and spoke for themselves.")
    pn2: int | None = Field(description="Attended, an advocate spoke.")
    pn3: int | None = Field(description="Attended and conveyed their views without words.")
    pn4: int | None = Field(description="Attended without contributing.")
    pn5: int | None = Field(description="Not there, and had briefed an advocate.")
    pn6: int | None = Field(description="Not there, and conveyed their views by other means.")
    pn7: int | None = Field(description="Not there, and their views were not conveyed.")
    of_age: int | None = Field(description="Child-conferences of children old enough for participation to be reported.")
    participated: int | None = Field(description="Of these, with PN1, PN2, PN3, PN5 or PN6.")
    participation: float | None = Field(description="Participated out of these, between 0 and 1.")
    attended: int | None = Field(description="Child-conferences that the child attended.")
    advocate: int | None = Field(description="Child-conferences at which an advocate was present for the child.")
    children_with_advocate: int | None = Field(
        description="Distinct children with an advocate at a conference, or for whom one spoke."
    )
    plans_made: int | None
    plans_not_made: int | None
    plans_continued: int | None
    plans_ended: int | None
    quorate: int | None = Field(description="Meetings with their quorum.")
    inquorate: int | None = Field(description="Meetings that went ahead without it.")
    combined: int | None = Field(description="Meetings combined with a looked-after review.")
    outline_plans_in_time: int | None = Field(description="Meetings whose outline plan was sent on time.")
    outline_plans_late: int | None = Field(description="Meetings whose outline plan was sent late, or is overdue.")
    records_in_time: int | None = Field(description="Meetings whose record was completed on time.")
    records_late: int | None = Field(description="Meetings whose record was completed late, or is overdue.")
    mothers_invited: int | None = Field(description="Invitations of mothers, one for each meeting.")
    mothers_attended: int | None
    fathers_invited: int | None = Field(description="Invitations of fathers, one for each meeting.")
    fathers_attended: int | None


class ConferenceFiguresOut(FiguresOut[ConferenceFigureOut]):
    """A table of conferences that were held."""

    participation_age: int = Field(description="The age from which participation is reported in this table.")


class PlanFigureOut(Figures):
    """One row of a table of child protection plans. Counts on a date are for the row's last day."""

    KNOWN_BY = "open"
    ADDED_UP = "started"
    OF_PEOPLE = frozenset({*OF_A_DAY, *_STARTS, "ended", *_ENDINGS, *_DURATIONS})
    SUMS = (("open", _CATEGORIES), ("ended", _DURATIONS), ("ended", _ENDINGS))

    open: int | None = Field(description="Children on a plan at the end of the last day.")
    neglect: int | None = Field(description="Of these, under this category on that day.")
    physical: int | None
    sexual: int | None
    emotional: int | None
    multiple: int | None
    long: int | None = Field(description="Of those open, plans that had run for 2 years or more.")
    started: int | None
    started_repeat: int | None = Field(description="Of these, second or later plans.")
    started_within_two_years: int | None = Field(description="Of these, within 2 years of the end of another plan.")
    ended: int | None
    ended_by_conference: int | None = Field(description="Of these, by a review conference's decision.")
    ended_otherwise: int | None = Field(
        description="Of these, by a transfer, the 18th birthday, death or leaving the United Kingdom."
    )
    ended_up_to_three_months: int | None = Field(description="Of these, plans that had run for 3 months or less.")
    ended_up_to_six_months: int | None = Field(description="More than 3 months, 6 at most.")
    ended_under_one_year: int | None = Field(description="More than 6 months, less than a year.")
    ended_under_two_years: int | None = Field(description="A year or more, less than 2.")
    ended_two_years_or_more: int | None


class PlanFiguresOut(FiguresOut[PlanFigureOut]):
    """A table of child protection plans."""


class ContributionFigureOut(Figures):
    """One row of a table of what invited professionals contributed to conferences that were held."""

    KNOWN_BY = ADDED_UP = "invited"

    agency_id: str | None = Field(description="Null in rows that are not by agency.")
    agency_role: str | None = Field(description="Null in rows that are not by role.")
    conferences: int | None = Field(description="Meetings to which people counted in the row were invited.")
    invited: int | None = Field(description="Invitations, one for each professional and meeting.")
    reports_expected: int | None
    reports_in_time: int | None = Field(description="Expected and received on time.")
    reports_late: int | None
    reports_none: int | None = Field(description="Expected and never received.")
    shared_in_time: int | None = Field(description="Expected and shared with the family on time.")
    report_rate: float | None = Field(description="Received out of expected, between 0 and 1.")
    attended: int | None
    apologies: int | None
    neither: int | None
    attendance_unknown: int | None = Field(description="Attendance not yet recorded.")
    attendance_rate: float | None = Field(
        description="Attended out of those whose attendance is known, between 0 and 1."
    )


class ContributionFiguresOut(FiguresOut[ContributionFigureOut]):
    """A table of contributions."""


class ConferenceActivityOut(Activity):
    """What happened between conferences in one period, and what closed ones proposed."""

    OF_PEOPLE = frozenset(
        {"twelve_month_discussions", "twelve_month_discussions_in_time", "concerns"}
        | {"twelve_month_discussions_due", "twelve_month_discussions_due_held"}
    )

    twelve_month_discussions: int | None
    twelve_month_discussions_in_time: int | None = Field(description="Held before 12 months on the plan.")
    twelve_month_discussions_due: int | None = Field(description="Plans that reached 12 months in the period.")
    twelve_month_discussions_due_held: int | None = Field(
        description="Of those due, the number held, whenever that was."
    )
    midway_checks: int | None
    midway_checks_in_time: int | None
    midway_checks_due: int | None = Field(
        description="Halfway to the next conference in the period, on a plan and without a conference before."
    )
    midway_checks_due_done: int | None = Field(description="Of those due, the number done, whenever that was.")
    preparation_checks: int | None
    preparation_checks_in_time: int | None
    concerns: int | None = Field(description="Checks that found a concern.")
    core_groups_held: int | None
    core_groups_in_time: int | None = Field(description="Held by the due date.")
    core_groups_missed: int | None = Field(description="Counted by the date they were due.")
    feedback_red: int | None
    feedback_amber: int | None
    feedback_green: int | None
    proposals: int | None = Field(description="Escalations proposed when conferences were closed in the period.")
    proposals_undecided: int | None = Field(
        description="Of these, those that the chair has neither confirmed nor dismissed."
    )
    proposals_confirmed: int | None = Field(
        description="Of these, the number confirmed, whether or not already raised."
    )
    proposals_raised: int | None = Field(description="Of those confirmed, the number raised as escalations.")
    proposals_dismissed: int | None


class ConferenceActivitiesOut(FiguresOut[ConferenceActivityOut]):
    """Activity, period by period."""
