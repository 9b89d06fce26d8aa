"""A council's SSDA903 return as submitted (Header, Episodes, Reviews), read into children, periods and reviews."""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chassis.fields import PersonId
from chassis.participation import Participation
from chassis.problems import Malformed
from services.reviews.rules.sequence import Care, Episode, Held, reviews_due
from services.reviews.rules.vocabulary import LegalStatus
from services.reviews.schemas.returns import MisfitOut

PROBLEMS_SHOWN = 1000
NUMBER: TypeAdapter[str] = TypeAdapter(PersonId)
# RNE S: the child starts to be looked after. REC X1: the episode ends because a new one begins.
STARTS, GOES_ON = "S", "X1"
PLACEMENT = re.compile(r"[A-Z]\d")
DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
ONE_DAY = timedelta(days=1)
# A child whose care began before the files tell of it was reviewed twice at least: the later limit applies.
SETTLED = 2


@dataclass
class Misfits:
    """What did not fit, by file and row."""

    count: int = 0
    shown: list[MisfitOut] = field(default_factory=list)

    def add(self, file: str, row: int, where: str, reason: str) -> None:
        """Note a row that is left out."""
        self.count += 1
        if len(self.shown) < PROBLEMS_SHOWN:
            self.shown.append(MisfitOut(file=file, row=row, field=where, reason=reason))


@dataclass
class ReturnedPeriod:
    """A period of care as it follows from episodes."""

    starts_on: date
    begun_before: bool = False
    ends_on: date | None = None
    episodes: list[dict[str, Any]] = field(default_factory=list)
    reviews_before: int = 0
    reviewed_before_on: date | None = None

    def care(self) -> Care:
        """The period as the rules see it."""
        episodes = [
            Episode(date.fromisoformat(one["starts_on"]), LegalStatus(one["legal_status"]), one["placement"])
            for one in self.episodes
        ]
        return Care(self.starts_on, self.ends_on, episodes)


@dataclass
class ReturnedChild:
    """A child as the return tells of them."""

    born_on: date
    row: int
    episodes: dict[date, tuple[int, dict[str, str]]] = field(default_factory=dict)
    reviews: dict[date, tuple[int, Participation]] = field(default_factory=dict)
    periods: list[ReturnedPeriod] = field(default_factory=list)


def day_of(text: str) -> date | None:
    """A day as the return writes it, dd/mm/yyyy; nothing if it is none."""
    found = DAY.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def read_return(header: str, episodes: str, reviews: str, today: date, misfits: Misfits) -> dict[str, ReturnedChild]:
    """The children of a return by their number; rows that do not fit are left out and noted."""
    children: dict[str, ReturnedChild] = {}
    for row, line in _rows(header):
        _take_child(children, row, line, today, misfits)
    for row, line in _rows(episodes):
        _take_episode(children, row, line, today, misfits)
    for row, line in _rows(reviews):
        _take_review(children, row, line, misfits)
    for number, child in list(children.items()):
        child.periods = _periods(child, misfits)
        if not child.periods:
            misfits.add("header", child.row, "CHILD", "The child has no episode that fits.")
            del children[number]
    return children


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """The rows with the lines in which they end; files of several years each begin with a heading of their own."""
    reader = csv.reader(io.StringIO(text.replace("\ufeff", "")))
    heading: list[str] = []
    found = []
    try:
        for fields in reader:
            values = [one.strip() for one in fields]
            if "CHILD" in values:
                heading = values
            elif any(values):
                found.append((reader.line_num, dict(zip(heading, values, strict=False))))
    except csv.Error as error:
        raise Malformed(f"What ends in line {reader.line_num} is not CSV: {error}.") from None
    return found


def _take_child(
    children: dict[str, ReturnedChild], row: int, line: dict[str, str], today: date, misfits: Misfits
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
    children: dict[str, ReturnedChild], row: int, line: dict[str, str], today: date, misfits: Misfits
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
    elif began not in child.episodes or line.get("DEC"):
        # An episode that runs on stands in the returns of two years; the one that tells of its end counts.
        child.episodes[began] = (row, line)


def _take_review(children: dict[str, ReturnedChild], row: int, line: dict[str, str], misfits: Misfits) -> None:
    child, held_on = children.get(line.get("CHILD", "")), day_of(line.get("REVIEW", ""))
    if child is None:
        misfits.add("reviews", row, "CHILD", "The header has no such child.")
    elif held_on is None:
        misfits.add("reviews", row, "REVIEW", "A review has a day, as dd/mm/yyyy.")
    elif line.get("REVIEW_CODE") not in set(Participation):
        misfits.add("reviews", row, "REVIEW_CODE", "This code is not one of PN0 to PN7.")
    elif held_on in child.reviews and child.reviews[held_on][1] != line["REVIEW_CODE"]:
        misfits.add("reviews", row, "REVIEW", "The child has another review on that day, with another code.")
    else:
        child.reviews.setdefault(held_on, (row, Participation(line["REVIEW_CODE"])))


def _periods(child: ReturnedChild, misfits: Misfits) -> list[ReturnedPeriod]:
    periods: list[ReturnedPeriod] = []
    for began, (row, line) in sorted(child.episodes.items()):
        ended = day_of(line.get("DEC", ""))
        running = periods and periods[-1].ends_on is None
        if running and line.get("RNE") == STARTS:
            # The end of the one before is missing: it ended at the latest now.
            periods[-1].ends_on = began
            misfits.add("episodes", row, "RNE", "The period before has no end; this day is taken for it.")
            running = False
        if not running:
            if periods and periods[-1].ends_on is not None and began < periods[-1].ends_on:
                misfits.add("episodes", row, "DECOM", "The episode begins before the one before has ended.")
                continue
            periods.append(ReturnedPeriod(began, line.get("RNE") != STARTS))
        episode = {"starts_on": began.isoformat(), "legal_status": line["LS"], "placement": line["PLACE"][:2]}
        periods[-1].episodes.append(episode)
        if ended is not None and line.get("REC") != GOES_ON:
            periods[-1].ends_on = ended
    return periods


def assume_earlier_reviews(period: ReturnedPeriod, records_from: date, first_review_on: date | None) -> bool:
    """Take the reviews before the files begin as held in time, each on its last day; whether there were any.

    Without them every child who was looked after before would seem to have missed a first review years ago. Where the
    first review that the files tell of would be late by that alone, one more was held just before they begin: nobody
    is blamed for what they do not tell.
    """
    last_day = records_from - ONE_DAY
    care = period.care().as_on(max(period.starts_on, last_day))
    held: list[Held] = []
    due = reviews_due(care, held)[0]
    while due.due_on < records_from:
        held.append(Held(due.kind, due.due_on))
        due = reviews_due(care, held)[0]
    if period.begun_before and len(held) < SETTLED:
        held = [Held(due.kind, last_day)] * SETTLED
    elif first_review_on is not None and due.due_on < first_review_on:
        more = [*held, Held(due.kind, last_day)]
        held = more if reviews_due(care, more)[0].due_on >= first_review_on else held
    if held:
        period.reviews_before, period.reviewed_before_on = len(held), held[-1].held_on
    return bool(held)
