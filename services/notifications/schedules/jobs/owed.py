"""What is due for children, as the weekly emails show it: from the reviews and from the conferences."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.process import Process
from services.notifications.clients import ConferenceDeadline, Conferences, Deadline, Reviews, settings_of
from services.notifications.directory.snapshot import Directory
from services.notifications.rules import deadline_words

ALLOCATION, PROPOSALS = "allocation", "proposals"
# These are about a conference, whoever it is about; the others are about a child.
OF_CONFERENCES = frozenset({"outline_plan", "record", "preparation_check", PROPOSALS})
MOST_SHOWN = 20


@dataclass(frozen=True)
class Owed:
    """All that is overdue or due soon."""

    reviews: list[Deadline]
    conferences: list[ConferenceDeadline]

    @classmethod
    async def asked(cls, process: Process) -> "Owed":
        """What both services say now."""
        return cls(await Reviews(process).digest(), await Conferences(process).digest())

    def chairs(self) -> set[str]:
        """Everybody whose it is."""
        everything: list[Deadline | ConferenceDeadline] = [*self.reviews, *self.conferences]
        return {one.chair_id for one in everything if one.chair_id is not None}

    def of(self, chair: str) -> "Owed":
        """What is one chair's."""
        return Owed(
            [one for one in self.reviews if one.chair_id == chair],
            [one for one in self.conferences if one.chair_id == chair],
        )

    def context(self, process: Process, today: date) -> dict[str, Any]:
        """What a chair's email shows: numbers of children and no name, soonest first; what was proposed is apart."""
        proposed = [one for one in self.conferences if one.kind == PROPOSALS]
        others = [one for one in self.conferences if one.kind != PROPOSALS]
        rows = [
            *(_review_row(process, one, today) for one in self.reviews),
            *(_conference_row(process, one, today) for one in others),
        ]
        rows.sort(key=lambda row: (row["days_left"], row["about"]))
        return {
            "proposed": [_conference_row(process, one, today) | {"count": one.proposals} for one in proposed],
            "proposals": sum(one.proposals for one in proposed),
            "deadlines": rows[:MOST_SHOWN],
            "more_deadlines": len(rows[MOST_SHOWN:]),
            "deadlines_overdue": sum(row["days_left"] < 0 for row in rows),
            "deadlines_soon": sum(row["days_left"] >= 0 for row in rows),
        }

    def overdue(self, today: date) -> "Owed":
        """What should have been done before today."""
        return Owed(
            [one for one in self.reviews if one.due_on < today],
            [one for one in self.conferences if one.due_on < today],
        )

    def by_kind(self) -> dict[str, list[dict[str, Any]]]:
        """How much of each kind there is, most first, apart for looked-after children and for conferences."""
        return {"by_deadline": _counts(self.reviews), "by_conference_deadline": _counts(self.conferences)}

    def tasks(self, directory: Directory, today: date) -> list[str]:
        """What somebody has to put right: children without a chair, and chairs who left and still owe something."""
        unallocated = sum(one.kind == ALLOCATION and one.due_on < today for one in self.reviews)
        gone = self.chairs() - directory.colleagues.keys()
        left_behind = len({one.person_id for one in self.reviews if one.chair_id in gone})
        chairs = len({one.chair_id for one in self.conferences if one.chair_id in gone})
        return sentences(
            (
                unallocated,
                "child has",
                "children have",
                "had no chair for more than 5 working days: please allocate one.",
            ),
            (left_behind, "child has", "children have", "a chair who left: please hand them over."),
            (
                chairs,
                "chair who left still has",
                "chairs who left still have",
                "conferences or plans: please hand them over.",
            ),
        )


def sentences(*counted: tuple[int, str, str, str]) -> list[str]:
    """Each count with how its sentence begins for one and for several, and how it goes on; nothing where none are."""
    return [f"{count} {one if count == 1 else several} {words}" for count, one, several, words in counted if count]


def _counts(deadlines: Sequence[Deadline | ConferenceDeadline]) -> list[dict[str, Any]]:
    counted = Counter(deadline_words(one.kind, one.subject) for one in deadlines)
    return [{"name": name, "overdue": count} for name, count in counted.most_common()]


def _review_row(process: Process, one: Deadline, today: date) -> dict[str, Any]:
    return {
        "about": one.person_id,
        "what": deadline_words(one.kind, one.subject),
        "days_left": (one.due_on - today).days,
        "url": settings_of(process).page_of(one.person_id, "looked-after-children"),
    }


def _conference_row(process: Process, one: ConferenceDeadline, today: date) -> dict[str, Any]:
    about, page = one.person_id, "children"
    if one.conference_reference is not None and (one.kind in OF_CONFERENCES or one.children > 1):
        about, page = one.conference_reference, "conferences"
    return {
        "about": about,
        "what": deadline_words(one.kind, one.subject),
        "days_left": (one.due_on - today).days,
        "url": settings_of(process).page_of(about, page),
    }
