"""The council's clock of the local system: it began on a Monday morning in April 2020 and has gone on since."""

from datetime import datetime
from pathlib import Path

from chassis.base.clock import LONDON, machine_now

BEGINNING = datetime(2020, 4, 6, 7, 30, tzinfo=LONDON)


def clock_offset_seconds(folder: Path) -> int:
    """How far that clock is from the machine's; set on the first start and the same ever since."""
    place = folder / "clock-offset"
    if not place.exists():
        half = folder / "clock-offset.half"
        half.write_text(str(round((BEGINNING - machine_now()).total_seconds())))
        half.rename(place)
    return int(place.read_text())
