"""When every review was held: month by month, whoever is due first, in exactly the published numbers."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from chassis.law.periods import Period, parse
from demo.looked_after.clocks import CARE, Clock, Window
from demo.looked_after.model import SEED, Child, Meeting, Part
from demo.looked_after.published import children_by_month, reviews_by_month, short_break_meetings_by_month
from demo.people import AREAS, chair_ids

# A share of the reviews of the first year was late; in the second, as published, none was.
LATE_IN = ("2018-04", "2019-02")
LATE_SHARE = 0.037
# Of those reviewed on these days, some wait: their next reviews became due in the demo's very last days.
WAIT_SINCE = (date(2019, 10, 1), date(2019, 10, 2))
WAITING = 7
PRESSING = timedelta(days=21)


@dataclass(eq=False)
class Unit:
    """Siblings who can be reviewed together, or one child, in a month."""

    clocks: list[Clock]
    days: Sequence[date]
    aim_on: date
    must: bool

    def size(self) -> int:
        """How many children it is."""
        return len(self.clocks)


def meetings(children: Sequence[Child], seed: int = SEED) -> list[Meeting]:
    """Every meeting of the two years, in order, each with a key."""
    clocks = [Clock(child, stay) for child in children for stay in child.stays]
    held = [*_main(Random(seed + 1), [one for one in clocks if not one.stay.is_short_breaks()])]
    held += _short_breaks(Random(seed + 2), [one for one in clocks if one.stay.is_short_breaks()])
    held += _others(children)
    held.sort(key=lambda one: (one.held_on, one.chair_id, one.sequence, one.parts[0].child.person_id))
    for number, one in enumerate(held, start=1):
        one.key = f"M{number:04}"
    return held


def _main(random: Random, clocks: Sequence[Clock]) -> Iterator[Meeting]:
    wanted = children_by_month()
    for label, count in reviews_by_month().items():
        month = parse(label)
        _forget(random, clocks, month)
        chosen = _split(random, _chosen(_units(clocks, month), wanted[label], wanted[label] - count), count)
        yield from _held(random, chosen)
        if month.contains(WAIT_SINCE[0]):
            _let_wait(clocks)


def _short_breaks(random: Random, clocks: Sequence[Clock]) -> Iterator[Meeting]:
    for label, count in short_break_meetings_by_month().items():
        units = [unit for clock in clocks for unit in _together([clock], parse(label))]
        yield from _held(random, _chosen(units, count, 0))


def _others(children: Sequence[Child]) -> Iterator[Meeting]:
    """Panels on secure placements, under another chair of the area, and disruption meetings under the child's own."""
    for child in children:
        chairs = chair_ids()[list(AREAS).index(child.area_id) :: 2]
        another = chairs[(chairs.index(child.chair_id) + 3) % len(chairs)]
        for day in child.panel_on:
            yield Meeting(day, another, [Part(child, child.stays[0], None)], "secure")
        if child.disruption_on:
            yield Meeting(child.disruption_on, child.chair_id, [Part(child, child.stays[0], None)], "disruption")


def _forget(random: Random, clocks: Sequence[Clock], month: Period) -> None:
    """Let some who are reviewed alone wait until after the day on which they are due in this month."""
    if not LATE_IN[0] <= month.label <= LATE_IN[1]:
        return
    for clock in clocks:
        if clock.child.siblings or clock.late or len(clock.held) < 2 or clock.child.age_on(month.last) > 16:
            continue
        phase = clock.phase_on(month.first)
        due_on, _ = clock.due(phase)
        settled = phase[1] == CARE and clock.change_after(month.first) is None
        if settled and due_on > month.last and random.random() < LATE_SHARE:
            clock.late = (due_on - month.last).days < 90 and due_on < date(2019, 3, 8)


def _let_wait(clocks: Sequence[Clock]) -> None:
    eligible = [one for one in clocks if one.held and one.held[-1][0] in WAIT_SINCE and len(one.held) > 2]
    settled = [one for one in eligible if not one.child.siblings and one.change_after(WAIT_SINCE[0]) is None]
    for clock in [one for one in settled if one.phase_on(WAIT_SINCE[0])[1] == CARE][:WAITING]:
        clock.waits = True


def _units(clocks: Sequence[Clock], month: Period) -> list[Unit]:
    families: dict[tuple[str, ...], list[Clock]] = {}
    for clock in clocks:
        key = tuple(sorted(one.person_id for one in (clock.child, *clock.child.siblings)))
        families.setdefault(key, []).append(clock)
    return [unit for family in families.values() for unit in _together(family, month)]


def _together(family: Sequence[Clock], month: Period) -> Iterator[Unit]:
    """Put together the siblings who can be reviewed on the same day, starting with who is due first."""
    windows: list[tuple[Clock, Window]] = [(one, found) for one in family if (found := one.window(month))]
    windows.sort(key=lambda one: (not one[1].must, one[1].due_on, one[0].child.person_id))
    while windows:
        first, window = windows.pop(0)
        unit = Unit([first], window.days, window.aim_on, window.must)
        for clock, other in [*windows]:
            common = [day for day in unit.days if day in other.days]
            if common:
                unit.clocks.append(clock)
                unit.days, unit.aim_on = common, min(unit.aim_on, other.aim_on)
                windows.remove((clock, other))
        yield unit


def _chosen(units: Sequence[Unit], children: int, extras: int) -> list[Unit]:
    """Who is reviewed in a month: all who must be, then siblings enough, then whoever is aimed at first."""
    chosen = [one for one in units if one.must]
    room = children - sum(one.size() for one in chosen)
    spare = extras - sum(one.size() - 1 for one in chosen)
    if room < 0:
        raise ValueError(f"{-room} children more must be reviewed than were.")
    rest = sorted((one for one in units if not one.must), key=lambda one: one.aim_on)
    latest = max((one.days[-1] for one in units), default=date.min) + PRESSING
    siblings = [one for one in rest if one.size() > 1]
    for take in (siblings, [one for one in rest if one.size() == 1 or one.aim_on <= latest], rest):
        for one in take:
            enough = take is siblings and spare <= 0
            if enough or one in chosen or one.size() > room:
                continue
            chosen.append(one)
            room -= one.size()
            spare -= one.size() - 1
    if room:
        raise ValueError(f"There are {room} children too few to be reviewed.")
    return chosen


def _split(random: Random, units: Sequence[Unit], count: int) -> list[Unit]:
    """Review siblings apart until there are as many meetings as published."""
    found = [*units]
    if len(found) > count:
        raise ValueError(f"There are {len(found) - count} families too few with siblings to be reviewed together.")
    while len(found) < count:
        unit = random.choice([one for one in found if one.size() > 1])
        apart = unit.clocks.pop()
        found.append(Unit([apart], unit.days, unit.aim_on, unit.must))
    return found


def _held(random: Random, units: Sequence[Unit]) -> Iterator[Meeting]:
    """Hold each review on one of its days, so that no chair has many on one day."""
    busy: Counter[tuple[str, date]] = Counter()
    for unit in sorted(units, key=lambda one: (one.days[-1], one.clocks[0].child.person_id)):
        chair = unit.clocks[0].child.chair_id
        offered = random.sample(list(unit.days), min(4, len(unit.days)))
        day = min(offered, key=lambda one: busy[chair, one])
        busy[chair, day] += 1
        yield Meeting(day, chair, [_part(random, clock, day) for clock in unit.clocks])


def _part(random: Random, clock: Clock, day: date) -> Part:
    due_on, _ = clock.due(clock.phase_on(day))
    clock.note(random, day)
    return Part(clock.child, clock.stay, due_on)
