"""How a child takes part in a meeting about them: the codes of the statutory return, and what fits an age."""

from datetime import date
from enum import StrEnum

from chassis.law.ages import age_on
from chassis.law.violations import Violation
from chassis.law.working_days import add_months

ADVOCACY_AGE = 8
# The youngest age at which the return takes a code other than PN0.
CODES_FROM_AGE = 4


class Attendance(StrEnum):
    """Whether an invited person attended."""

    ATTENDED = "attended"
    APOLOGIES = "apologies"
    NEITHER = "neither"


class Participation(StrEnum):
    """How a child took part in a meeting, by the SSDA903 code."""

    UNDER_FOUR = "PN0"
    ATTENDS_AND_SPEAKS = "PN1"
    ATTENDS_ADVOCATE_SPEAKS = "PN2"
    ATTENDS_WITHOUT_WORDS = "PN3"
    ATTENDS_WITHOUT_CONTRIBUTING = "PN4"
    ABSENT_BRIEFED_ADVOCATE = "PN5"
    ABSENT_CONVEYED_VIEWS = "PN6"
    ABSENT_VIEWS_NOT_CONVEYED = "PN7"


# In person, by an advocate or by other means, as the guide to the collection of the SSDA903 return says.
PARTICIPATED = frozenset(
    {
        Participation.ATTENDS_AND_SPEAKS,
        Participation.ATTENDS_ADVOCATE_SPEAKS,
        Participation.ATTENDS_WITHOUT_WORDS,
        Participation.ABSENT_BRIEFED_ADVOCATE,
        Participation.ABSENT_CONVEYED_VIEWS,
    }
)
# An advocate spoke for the child, there or from what they had been told.
WITH_ADVOCATE = frozenset({Participation.ATTENDS_ADVOCATE_SPEAKS, Participation.ABSENT_BRIEFED_ADVOCATE})
ATTENDS = frozenset(
    {
        Participation.ATTENDS_AND_SPEAKS,
        Participation.ATTENDS_ADVOCATE_SPEAKS,
        Participation.ATTENDS_WITHOUT_WORDS,
        Participation.ATTENDS_WITHOUT_CONTRIBUTING,
    }
)


def possible_codes(born_on: date, held_on: date) -> frozenset[Participation]:
    """The participation codes that fit a child's age on the day of the meeting.

    Before the fourth birthday PN0 alone; on that very day any; after it any but PN0.
    Source: SSDA903 return 2026 to 2027, guide to the collection, module on reviews.
    """
    fourth = add_months(born_on, 12 * CODES_FROM_AGE)
    others = frozenset(set(Participation) - {Participation.UNDER_FOUR})
    if held_on < fourth:
        return frozenset({Participation.UNDER_FOUR})
    return others | {Participation.UNDER_FOUR} if held_on == fourth else others


def code_violation(born_on: date, held_on: date, code: Participation, *, attended: bool | None) -> Violation | None:
    """Why a participation code cannot be so, if it cannot: it contradicts the age, or the attendance where it is known.

    Source: SSDA903 return 2026 to 2027, guide to the collection.
    """
    possible = possible_codes(born_on, held_on)
    if code not in possible:
        words = ", ".join(sorted(possible))
        message = f"At {age_on(born_on, held_on)} years on the day of the meeting the code is one of {words}."
        return Violation("participation", "participation_fits_age", message)
    if code is not Participation.UNDER_FOUR and attended is not None and attended != (code in ATTENDS):
        message = "PN1 to PN4 are for a child who attended, PN5 to PN7 for one who did not."
        return Violation("participation", "participation_fits_attendance", message)
    return None


def is_advocate_invited(born_on: date, meeting_on: date, opted_out_on: date | None) -> bool:
    """Whether an advocate is invited by itself: from 8 years on the day of the meeting, unless the child opted out.

    Source: local practice.
    """
    opted_out = opted_out_on is not None and opted_out_on <= meeting_on
    return age_on(born_on, meeting_on) >= ADVOCACY_AGE and not opted_out
