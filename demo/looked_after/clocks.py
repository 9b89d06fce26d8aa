"""When each invented child's next review may and must be held."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from chassis.law.periods import Period
from chassis.law.working_days import add_months, add_working_days, is_working_day
from demo.looked_after.model import PLACED_FOR_ADOPTION, Child, Stay

ONE_DAY = timedelta(days=1)
CARE, AUTHORISED, PLACED, SHORT = "care", "authorised", "placed", "short_breaks"
# A review that falls due so soon after the month is held within it.
DUE_SOON = timedelta(days=6)
# How long after the last one, or after the clock's start, a review is held at the earliest.
EARLIEST = {
    CARE: (timedelta(days=13), timedelta(days=50)),
    AUTHORISED: (timedelta(days=35),),
    PLACED: (timedelta(days=11), timedelta(days=50)),
    SHORT: (timedelta(days=40),),
}
# How long after a return by prospective adopters the child is reviewed: at the earliest, and at the latest.
RETURNED = (timedelta(days=28), timedelta(days=42))
EARLIEST_LATER = timedelta(days=92)
# How long before it is due a review is aimed at.
AHEAD_DAYS = 45
LATE_DAYS = 16


@dataclass
class Window:
    """The days of a month on which a review may be held, whether it must be, and the day that it is aimed at."""

    days: Sequence[date]
    due_on: date
    aim_on: date
    must: bool


@dataclass(eq=False)
class Clock:
    """A stay's reviews so far, each with the clock that it belongs to, and what is on purpose about the next one."""

    child: Child
    stay: Stay
    held: list[tuple[date, str]] = field(default_factory=list)
    ahead: timedelta = timedelta(0)
    late: bool = False
    waits: bool = False

    def __post_init__(self) -> None:
        self.held = [(day, self.phase_on(day)[1]) for day in self.stay.reviewed_before]

    def phases(self) -> Iterator[tuple[date, str]]:
        """The clocks of the stay in turn, each with the day on which it began to run."""
        stay = self.stay
        yield stay.starts_on, SHORT if stay.is_short_breaks() else CARE
        last = CARE
        if stay.adoption_authorised_on:
            last = AUTHORISED
            yield stay.adoption_authorised_on, last
        for one in stay.episodes:
            found = CARE if last == CARE or one.legal_status == "C2" else AUTHORISED
            if one.placement in PLACED_FOR_ADOPTION:
                found = PLACED
            elif one.legal_status == "E1":
                found = AUTHORISED
            if found != last and one.starts_on > stay.starts_on and not stay.is_short_breaks():
                last = found
                yield one.starts_on, found

    def phase_on(self, day: date) -> tuple[date, str]:
        """The clock that runs on a day, and since when."""
        return [one for one in self.phases() if one[0] <= day][-1]

    def change_after(self, day: date) -> date | None:
        """The next day on which another clock begins to run, or the stay ends."""
        changes = [since for since, _ in self.phases() if since > day]
        return changes[0] if changes else self.stay.ends_on

    def due(self, phase: tuple[date, str]) -> tuple[date, date]:
        """When the next review is due by a clock, and the earliest day on which it is sensible.

        Until a child is placed for adoption the ordinary clock goes on beside that of the authority: the sooner counts.
        After a return by adopters the child is reviewed from 28 to 42 days after it, unless a review is due before.
        """
        since, track = phase
        due_on, release = self._due(self.stay.starts_on if track == CARE else since, track)
        if track == AUTHORISED:
            due_on, release = min((due_on, release), self._due(self.stay.starts_on, CARE))
        back = self.stay.returned_on()
        if back and since >= back and not any(day >= back + RETURNED[0] for day, _ in self.held):
            first, last = back + RETURNED[0], back + RETURNED[1]
            due_on, release = (due_on, release) if due_on < first else (min(due_on, last), first)
        if self.held:
            release = max(release, self.held[-1][0] + EARLIEST[CARE][0])
        return due_on, release

    def _due(self, since: date, track: str) -> tuple[date, date]:
        counted = [one for one in self.held if one[0] >= since and track in {CARE, AUTHORISED, one[1]}]
        number, event = len(counted), counted[-1][0] if counted else since
        gaps = EARLIEST[track]
        release = event + (gaps[number] if number < len(gaps) else EARLIEST_LATER)
        return _limit(track, number, event), release

    def window(self, month: Period) -> Window | None:
        """When in a month this child can be reviewed, if at all."""
        stay, most = self.stay, self.stay.most_reviews
        if stay.starts_on > month.last or self.waits or len(self.held) == most:
            return None
        if stay.ends_on is not None and stay.ends_on <= month.first:
            return None
        at = max(month.first, stay.starts_on)
        phase, change = self.phase_on(at), self.change_after(at)
        due_on, release = self.due(phase)
        if change is not None and change <= month.last and due_on >= change and change != stay.ends_on:
            phase, change = self.phase_on(change), self.change_after(change)
            due_on, release = self.due(phase)
            # The ordinary clock goes on after an authority, and may ring soon.
            if phase[1] != AUTHORISED:
                release = max(release, phase[0] + EARLIEST[CARE][0])
        latest = due_on
        if self.late:
            release, latest = due_on + ONE_DAY, due_on + timedelta(days=LATE_DAYS)
        until = latest if change is None else min(latest, change - ONE_DAY)
        found = _working_days(max(release, month.first), min(until, month.last))
        must = due_on <= month.last + DUE_SOON and (change is None or due_on < change)
        if self.late:
            must = latest <= month.last + DUE_SOON
        return Window(found, due_on, due_on - self.ahead, must) if found else None

    def note(self, random: Random, day: date) -> None:
        """Take down that a review was held."""
        self.held.append((day, self.phase_on(day)[1]))
        self.late = False
        # Few are in short breaks, and in some months hardly any review was held: there who is due first comes first.
        if not self.stay.is_short_breaks():
            self.ahead = timedelta(days=random.randint(0, AHEAD_DAYS))


def _limit(track: str, number: int, event: date) -> date:
    if track == CARE and number == 0:
        return add_working_days(event, 20)
    if track == PLACED and number == 0:
        return event + timedelta(weeks=4)
    soon = {CARE: 1, PLACED: 1, AUTHORISED: 0, SHORT: 0}[track]
    return add_months(event, 3 if number == soon else 6)


def _working_days(first: date, last: date) -> list[date]:
    span = (last - first).days + 1
    return [day for day in (first + timedelta(days=ahead) for ahead in range(span)) if is_working_day(day)]
