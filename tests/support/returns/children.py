"""Looked-after children as the tests of the return know them: the demo's, and those that a generator invents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from chassis.law.working_days import add_months
from demo import looked_after
from demo.tables import Row

SHORT_BREAKS = frozenset({"V3", "V4"})


@dataclass(frozen=True)
class Episode:
    """A stretch of a stay with one legal status and one placement, by their codes in the return."""

    starts_on: date
    legal_status: str
    placement: str


@dataclass(frozen=True)
class Stay:
    """A period of care."""

    starts_on: date
    ends_on: date | None
    episodes: Sequence[Episode]

    def is_short_breaks(self) -> bool:
        """Whether it is a series of short breaks."""
        return self.episodes[0].legal_status in SHORT_BREAKS


@dataclass(frozen=True)
class Child:
    """A child with every stay in care."""

    person_id: str
    born_on: date
    sex: str
    ethnicity: str
    stays: Sequence[Stay]
    mother_person_id: str = ""

    def adult_on(self) -> date:
        """The eighteenth birthday, on which every stay has ended."""
        return add_months(self.born_on, 18 * 12)


# A child's sex as the return has it.
SEXES = {"M": "1", "F": "2"}


def demo_children() -> list[Child]:
    """Every looked-after child of the demo."""
    found = []
    for person_id, group in groupby(looked_after.children(), key=lambda row: row["person_id"]):
        rows = list(group)
        born_on = date.fromisoformat(rows[0]["born_on"])
        mother = rows[0]["mother_person_id"]
        found.append(Child(person_id, born_on, SEXES[rows[0]["sex"]], rows[0]["ethnicity"], _stays(rows), mother))
    return found


def _stays(rows: Sequence[Row]) -> list[Stay]:
    found = []
    for starts_on, group in groupby(rows, key=lambda row: row["period_starts_on"]):
        episodes = list(group)
        ends_on = episodes[0]["period_ends_on"]
        made = [
            Episode(date.fromisoformat(row["episode_starts_on"]), row["legal_status"], row["placement"])
            for row in episodes
        ]
        found.append(Stay(date.fromisoformat(starts_on), date.fromisoformat(ends_on) if ends_on else None, made))
    return found


def import_rows(children: Sequence[Child], chair_id: str) -> list[Row]:
    """Children as rows of the import: one for each episode of each stay, with what the import asks besides."""
    return [
        {
            "person_id": child.person_id,
            "given_name": "Robin",
            "family_name": "Sandhaven",
            "born_on": child.born_on.isoformat(),
            "area_id": "north",
            "team": "Children's Team 1 North",
            "social_worker": "Celia Iveson",
            "manager_id": "swm-1",
            "chair_id": chair_id,
            "chair_from": child.stays[0].starts_on.isoformat(),
            "period_starts_on": stay.starts_on.isoformat(),
            "period_ends_on": stay.ends_on.isoformat() if stay.ends_on else "",
            "episode_starts_on": episode.starts_on.isoformat(),
            "legal_status": episode.legal_status,
            "placement": episode.placement,
        }
        for child in children
        for stay in child.stays
        for episode in stay.episodes
    ]
