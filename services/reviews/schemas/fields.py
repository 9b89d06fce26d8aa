"""What this service's own fields hold."""

from datetime import date, time
from typing import Annotated

from pydantic import AfterValidator, Field

from chassis.fields import PastDay

REFERENCE = r"^REV-\d{4}-\d{4,}$"
Reference = Annotated[str, Field(pattern=REFERENCE, description="Such as `REV-2019-0042`.")]
Placement = Annotated[str, Field(pattern=r"^[A-Z][0-9]$", description="The SSDA903 code, such as `U4` or `K1`.")]
# What is due after it still has a date.
LAST_DAY = date(2999, 12, 31)


def not_too_late(day: date) -> date:
    """The day, unless it is after the last one from which anything is counted."""
    if day > LAST_DAY:
        raise ValueError(f"No day after {LAST_DAY}.")
    return day


CountedDay = Annotated[PastDay, AfterValidator(not_too_late)]
MeetingTime = Annotated[time, Field(description="In Europe/London, such as `14:30`.")]
