"""Children as the SSDA903 return tells of them: the Header and Episodes files of a financial year."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from chassis.law.periods import Period, parse
from demo.tables import Row
from tests.support.returns.children import SHORT_BREAKS, Child, Episode, Stay, demo_children

HEADER = ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")
EPISODES = (
    "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE",
    "HOME_POST", "PL_POST", "URN",
)  # fmt: skip
FEMALE = "2"
NO_NUMBER_YET = "UN3"
ABUSE_OR_NEGLECT = "N1"
HOME, ELSEWHERE, INSPECTED = "CB1 1PT", "CB2 1TN", "SC123456"
WITH_PARENTS = "P1"
PLACED_FOR_ADOPTION = frozenset({"A3", "A4", "A5", "A6"})
PARENTS, THE_COUNCIL, PRIVATE = "PR0", "PR1", "PR4"
# Nobody inspects these, so that they have no number.
WITHOUT_NUMBER = frozenset({"H5", "P1", "P2", "P3", "R1", "R2", "R5", "Z1"})
# Whoever is placed for adoption with the foster carer of before stays with the same carer.
WITH_THE_SAME_CARER = frozenset({"A3", "A5"})
STARTED = "S"
MOVED = frozenset({"P", "B", "T", "U"})
GOES_ON, BY_PLAN = "X1", "CARPL"
ADOPTED = ("E11", "E12")
ANOTHER_REASON = "E8"
LEFT = {"E4A": 6, "E13": 2, ANOTHER_REASON: 2}


def header(year: str, children: Sequence[Child] | None = None) -> str:
    """The Header file of a financial year such as 2019-20: a row for each child with an episode in it.

    The children are the demo's unless others are given.
    """
    period = parse(year)
    found = demo_children() if children is None else children
    babies = {child.mother_person_id: child.born_on for child in found if child.born_on <= period.last}
    shown = [(child, rows) for child in found if (rows := list(_episodes(child, period)))]
    return _text(HEADER, [_header(child, rows, babies.get(child.person_id)) for child, rows in shown])


def episodes(year: str, children: Sequence[Child] | None = None) -> str:
    """The Episodes file of a financial year: what was open in it, as known at its end."""
    period = parse(year)
    found = demo_children() if children is None else children
    return _text(EPISODES, [row for child in found for row in _episodes(child, period)])


def _text(columns: Sequence[str], rows: Sequence[Row]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _header(child: Child, rows: Sequence[Row], baby_born_on: date | None) -> Row:
    is_asked = child.sex == FEMALE and any(row["LS"] not in SHORT_BREAKS for row in rows)
    return {
        "CHILD": child.person_id,
        "SEX": child.sex,
        "DOB": _day(child.born_on),
        "ETHNIC": child.ethnicity,
        "UPN": NO_NUMBER_YET,
        "MOTHER": ("1" if baby_born_on else "0") if is_asked else "",
        "MC_DOB": _day(baby_born_on) if baby_born_on else "",
    }


def _episodes(child: Child, year: Period) -> Iterator[Row]:
    """A child's episodes of a year, each with what came after it by the year's end."""
    for stay in child.stays:
        begun = [episode for episode in stay.episodes if episode.starts_on <= year.last]
        for before, episode, after in zip([None, *begun], begun, [*begun[1:], None], strict=False):
            ended = after.starts_on if after else stay.ends_on
            if ended is not None and ended < year.first:
                continue
            row = _began(child, before, episode) | _place(episode)
            yield row if ended is None or ended > year.last else row | _ended(child, stay, episode, after)


def _began(child: Child, before: Episode | None, episode: Episode) -> Row:
    return {
        "CHILD": child.person_id,
        "DECOM": _day(episode.starts_on),
        "RNE": STARTED if before is None else _reason(before, episode),
        "LS": episode.legal_status,
        "CIN": ABUSE_OR_NEGLECT,
    }


def _reason(before: Episode, episode: Episode) -> str:
    """Why an episode began: another legal status (L), another placement (P, with the same carer T), or both (B, U)."""
    if before.placement == episode.placement:
        return "L"
    letters = "TU" if episode.placement in WITH_THE_SAME_CARER else "PB"
    return letters[before.legal_status != episode.legal_status]


def _ended(child: Child, stay: Stay, episode: Episode, after: Episode | None) -> Row:
    if after is not None:
        reason = BY_PLAN if _reason(episode, after) in MOVED else ""
        return {"DEC": _day(after.starts_on), "REC": GOES_ON, "REASON_PLACE_CHANGE": reason}
    assert stay.ends_on
    return {"DEC": _day(stay.ends_on), "REC": _left(child, episode, stay.ends_on)}


def _left(child: Child, episode: Episode, day: date) -> str:
    """Why a child left care: adopted, grown up, or mostly to go home to parents."""
    random = Random(f"{child.person_id} {day}")
    if episode.placement in PLACED_FOR_ADOPTION:
        return random.choice(ADOPTED)
    if day >= child.adult_on() or episode.legal_status in SHORT_BREAKS:
        return ANOTHER_REASON
    return random.choices(list(LEFT), weights=list(LEFT.values()))[0]


def _place(episode: Episode) -> Row:
    """Where a child lived: short breaks are told of without postcodes and numbers."""
    home = episode.placement == WITH_PARENTS
    own = episode.placement[0] in "UA"
    row = {"PLACE": episode.placement, "PLACE_PROVIDER": PARENTS if home else THE_COUNCIL if own else PRIVATE}
    if episode.legal_status in SHORT_BREAKS:
        return row
    number = "" if episode.placement in WITHOUT_NUMBER else INSPECTED
    return row | {"HOME_POST": HOME, "PL_POST": HOME if home else ELSEWHERE, "URN": number}
