"""A council's SSDA903 return as submitted (Header, Episodes, Reviews), read into children, periods and reviews."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import IO

from pydantic import TypeAdapter, ValidationError

from chassis.base.fields import PersonId
from chassis.importing.reading import UnreadableFile, records
from chassis.importing.report import Misfits
from chassis.law.participation import Participation
from services.reviews.children.models import PeriodOfCare
from services.reviews.returns.schemas import MisfitOut
from services.reviews.rules.sequence import Care, Held, reviews_due
from services.reviews.rules.timescales import Practice
from services.reviews.rules.vocabulary import LegalStatus

HEADER, EPISODES, REVIEWS = "header", "episodes", "reviews"
# What is read of each file; its heading is the line that names all of them.
COLUMNS = {
    HEADER: ("CHILD", "DOB"),
    EPISODES: ("CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC", "REC"),
    REVIEWS: ("CHILD", "REVIEW", "REVIEW_CODE"),
}
# More than ten years of the largest council have, and more than one child can have had.
MOST_ROWS = 150_000
MOST_OF_A_CHILD = 1000
NUMBER: TypeAdapter[str] = TypeAdapter(PersonId)
# RNE S: the child starts to be looked after. REC X1: the episode ends because a new one begins.
STARTS, GOES_ON = "S", "X1"
PLACEMENT = re.compile(r"[A-Z]\d")
DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
ONE_DAY = timedelta(days=1)
# A child whose care began before the files tell of it was reviewed twice at least: the later limit applies.
SETTLED = 2


def misfit(file: str, row: int, where: str, reason: str) -> MisfitOut:
    """A row that does not fit, or was changed, and why."""
    return MisfitOut(file=file, row=row, field=where, reason=reason)


ReturnMisfits = Misfits[[str, int, str, str], MisfitOut]


@dataclass
class ReturnedChild:
    """A child as the return tells of them; `begun_before` are first days of periods that began before the files do."""

    born_on: date
    row: int
    episodes: dict[date, tuple[int, dict[str, str]]] = field(default_factory=dict)
    reviews: dict[date, tuple[int, Participation]] = field(default_factory=dict)
    periods: list[PeriodOfCare] = field(default_factory=list)
    begun_before: set[date] = field(default_factory=set)


def day_of(text: str) -> date | None:
    """A day as the return writes it, dd/mm/yyyy; nothing if it is none."""
    found = DAY.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def read_return(
    files: Sequence[IO[str]], known: set[str], today: date, misfits: ReturnMisfits
) -> dict[str, ReturnedChild]:
    """The children of a return by their number, from its header, episodes and reviews; what does not fit is noted.

    `known` are the numbers of children who are here already: no row about them is taken.
    """
    header, episodes, reviews = files
    children: dict[str, ReturnedChild] = {}
    for row, line in _rows(header, HEADER, known, misfits):
        _take_child(children, row, line, today, misfits)
    for row, line in _rows(episodes, EPISODES, known, misfits):
        _take_episode(children, row, line, today, misfits)
    for row, line in _rows(reviews, REVIEWS, known, misfits):
        _take_review(children, row, line, misfits)
    for number, child in list(children.items()):
        child.periods = _periods(number, child, misfits)
        if not child.periods:
            misfits.add(HEADER, child.row, "CHILD", "The child has no episode that fits.")
            for row, _ in child.reviews.values():
                misfits.add(REVIEWS, row, "CHILD", "The child has no episode that fits.")
            del children[number]
    return children


def _rows(file: IO[str], name: str, known: set[str], misfits: ReturnMisfits) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with the lines in which they begin; files of several years each begin with a heading of their own."""
    wanted = COLUMNS[name]
    places: dict[str, int] = {}
    count = 0
    for row, fields in records(file):
        values = [value.strip("\ufeff \t\r\n") for value in fields]
        if set(wanted) <= set(values):
            places = {column: values.index(column) for column in wanted}
        elif not places:
            raise UnreadableFile(f"The file {name} begins with its heading, which has {', '.join(wanted)}.")
        elif any(values):
            count += 1
            misfits.read += 1
            if count > MOST_ROWS:
                raise UnreadableFile(f"The file {name} has more than {MOST_ROWS:,} rows.")
            line = {column: values[place] if place < len(values) else "" for column, place in places.items()}
            if line["CHILD"] in known:
                misfits.add(name, row, "CHILD", "This child is known here already.")
            else:
                yield row, line


def _take_child(
    children: dict[str, ReturnedChild], row: int, line: dict[str, str], today: date, misfits: ReturnMisfits
) -> None:
    number, born_on = line.get("CHILD", ""), day_of(line.get("DOB", ""))
    try:
        NUMBER.validate_python(number)
    except ValidationError:
        misfits.add("header", row, "CHILD", "A child has a number of letters, digits and hyphens.")
        return
    if born_on is None or born_on > today:
        misfits.add("header", row, "DOB", "A child has a birthday, as dd/mm/yyyy, that has come.")
    elif children.setdefault(number, ReturnedChild(born_on, row)).born_on != born_on:
        misfits.add("header", row, "DOB", "The child has another birthday in an earlier row, which is kept.")


def _take_episode(
    children: dict[str, ReturnedChild], row: int, line: dict[str, str], today: date, misfits: ReturnMisfits
) -> None:
    child, began = children.get(line.get("CHILD", "")), day_of(line.get("DECOM", ""))
    ended = day_of(line.get("DEC", ""))
    if child is None:
        misfits.add("episodes", row, "CHILD", "The header has no such child.")
    elif began is None or not child.born_on <= began <= today:
        misfits.add("episodes", row, "DECOM", "An episode begins on a day, as dd/mm/yyyy, from birth until today.")
    elif line.get("DEC") and (ended is None or not began <= ended <= today):
        misfits.add("episodes", row, "DEC", "An episode ends on a day, as dd/mm/yyyy, from its beginning until today.")
    elif line.get("LS") not in set(LegalStatus):
        misfits.add("episodes", row, "LS", "This legal status is not known.")
    elif not PLACEMENT.match(line.get("PLACE", "")):
        misfits.add("episodes", row, "PLACE", "This is no placement code.")
    elif began not in child.episodes and len(child.episodes) >= MOST_OF_A_CHILD:
        misfits.add("episodes", row, "CHILD", f"A child has at most {MOST_OF_A_CHILD:,} episodes.")
    elif began not in child.episodes or line.get("DEC"):
        # An episode that runs on stands in the returns of two years; the one that tells of its end counts.
        child.episodes[began] = (row, line)


def _take_review(children: dict[str, ReturnedChild], row: int, line: dict[str, str], misfits: ReturnMisfits) -> None:
    child, held_on = children.get(line.get("CHILD", "")), day_of(line.get("REVIEW", ""))
    if child is None:
        misfits.add("reviews", row, "CHILD", "The header has no such child.")
    elif held_on is None:
        misfits.add("reviews", row, "REVIEW", "A review has a day, as dd/mm/yyyy.")
    elif line.get("REVIEW_CODE") not in set(Participation):
        misfits.add("reviews", row, "REVIEW_CODE", "This code is not one of PN0 to PN7.")
    elif held_on in child.reviews and child.reviews[held_on][1] != line["REVIEW_CODE"]:
        misfits.add("reviews", row, "REVIEW", "The child has another review on that day, with another code.")
    elif len(child.reviews) >= MOST_OF_A_CHILD:
        misfits.add("reviews", row, "CHILD", f"A child has at most {MOST_OF_A_CHILD:,} reviews.")
    else:
        child.reviews.setdefault(held_on, (row, Participation(line["REVIEW_CODE"])))


def _periods(number: str, child: ReturnedChild, misfits: ReturnMisfits) -> list[PeriodOfCare]:
    periods: list[PeriodOfCare] = []
    for began, (row, line) in sorted(child.episodes.items()):
        ended = day_of(line.get("DEC", ""))
        running = periods and periods[-1].ends_on is None
        if running and line.get("RNE") == STARTS:
            # The end of the one before is missing: it ended at the latest now.
            periods[-1].ends_on = began
            misfits.note("episodes", row, "RNE", "The period before has no end; this day is taken for it.")
            running = False
        if not running:
            if periods and periods[-1].ends_on is not None and began < periods[-1].ends_on:
                misfits.add("episodes", row, "DECOM", "The episode begins before the one before has ended.")
                continue
            periods.append(PeriodOfCare(person_id=number, starts_on=began, episodes=[]))
            if line.get("RNE") != STARTS:
                child.begun_before.add(began)
        episode = {"starts_on": began.isoformat(), "legal_status": line["LS"], "placement": line["PLACE"][:2]}
        periods[-1].episodes.append(episode)
        if ended is not None and line.get("REC") != GOES_ON:
            periods[-1].ends_on = ended
    return periods


def assume_earlier_reviews(
    period: PeriodOfCare,
    care: Care,
    records_from: date,
    first_review_on: date | None,
    practice: Practice,
    *,
    begun_before: bool,
) -> bool:
    """Take the reviews before the files begin as held in time, each on its last day; whether there were any.

    Without them every child who was looked after before would seem to have missed a first review years ago. Where the
    first review that the files tell of would be late by that alone, one more was held just before they begin: nobody
    is blamed for what they do not tell. `care` is the period, or the series of short breaks of which it is a stay.
    """
    last_day = records_from - ONE_DAY
    care = care.as_on(max(care.starts_on, last_day))
    held: list[Held] = []
    due = reviews_due(care, held, practice)[0]
    while due.due_on < records_from:
        held.append(Held(due.kind, due.due_on))
        due = reviews_due(care, held, practice)[0]
    if begun_before and len(held) < SETTLED:
        held = [Held(due.kind, last_day)] * SETTLED
    elif first_review_on is not None and due.due_on < first_review_on:
        more = [*held, Held(due.kind, last_day)]
        held = more if reviews_due(care, more, practice)[0].due_on >= first_review_on else held
    if held:
        period.reviews_before, period.reviewed_before_on = len(held), held[-1].held_on
    return bool(held)
