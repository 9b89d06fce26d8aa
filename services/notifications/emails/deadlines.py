"""What is due for children, from reviews and from conferences, as the weekly emails show it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.process import Process
from services.notifications.clients.conferences import ConferenceDeadline, Conferences
from services.notifications.clients.reviews import Deadline, Reviews
from services.notifications.directory.snapshot import Directory
from services.notifications.rules import deadline_words
from services.notifications.settings import settings_of

ALLOCATION, PROPOSALS = "allocation", "proposals"
# These are about a conference; the others are about a child.
OF_CONFERENCES = frozenset({"outline_plan", "record", "preparation_check", PROPOSALS})
# What the managers' report has of looked-after children, and of conferences.
TABLES = ("by_deadline", "by_conference_deadline")
MOST_SHOWN, MOST_OF_A_KIND = 20, 10
DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class Deadlines:
    """All that is overdue or due soon."""

    reviews: list[Deadline]
    conferences: list[ConferenceDeadline]

    @classmethod
    async def asked(cls, process: Process) -> "Deadlines":
        """What both services answer now."""
        return cls(await Reviews(process).digest(), await Conferences(process).digest())

    def chairs(self) -> set[str]:
        """The chairs who have something due."""
        everything: list[Deadline | ConferenceDeadline] = [*self.reviews, *self.conferences]
        return {deadline.chair_id for deadline in everything if deadline.chair_id is not None}

    def of(self, chair: str) -> "Deadlines":
        """What is due for a chair."""
        return self._those(lambda deadline: deadline.chair_id == chair)

    def context(self, process: Process, today: date, before: Mapping[str, int] | None) -> dict[str, Any]:
        """What a chair's email shows: proposals, what is overdue by kind, and what is due soon, soonest first.

        Children's numbers, but no names. `before` is how many of each kind last week's email had, if there was one.
        """
        proposed = [deadline for deadline in self.conferences if deadline.kind == PROPOSALS]
        others = [deadline for deadline in self.conferences if deadline.kind != PROPOSALS]
        rows = [
            *(_row(process, deadline, today, deadline.person_id, "children") for deadline in self.reviews),
            *(_row(process, deadline, today, *_page(deadline)) for deadline in others),
        ]
        rows.sort(key=lambda row: (row["days_left"], row["about"]))
        soon = [row for row in rows if row["days_left"] >= 0]
        return {
            "proposed": [
                _row(process, deadline, today, *_page(deadline)) | {"count": deadline.proposals}
                for deadline in proposed
            ],
            "proposals": sum(deadline.proposals for deadline in proposed),
            "overdue_kinds": _by_kind([row for row in rows if row["days_left"] < 0], before),
            "deadlines": soon[:MOST_SHOWN],
            "more_deadlines": len(soon[MOST_SHOWN:]),
            "deadlines_overdue": len(rows) - len(soon),
            "deadlines_soon": len(soon),
        }

    def overdue(self, today: date) -> "Deadlines":
        """What was due before today."""
        return self._those(lambda deadline: deadline.due_on < today)

    def _those(self, wanted: Callable[[Deadline | ConferenceDeadline], bool]) -> "Deadlines":
        return Deadlines([*filter(wanted, self.reviews)], [*filter(wanted, self.conferences)])

    def counts(self) -> dict[str, int]:
        """How many there are of each kind, as a message keeps them: for looked-after children and conferences apart."""
        everything: tuple[Sequence[Deadline | ConferenceDeadline], ...] = (self.reviews, self.conferences)
        return Counter(
            f"{table}/{deadline_words(deadline.kind, deadline.subject)}"
            for table, deadlines in zip(TABLES, everything, strict=True)
            for deadline in deadlines
        )

    def tasks(self, directory: Directory, today: date) -> list[str]:
        """Tasks for managers: children without a chair, and chairs who left with something still due."""
        unallocated = sum(deadline.kind == ALLOCATION and deadline.due_on < today for deadline in self.reviews)
        gone = self.chairs() - directory.colleagues.keys()
        left_behind = len({deadline.person_id for deadline in self.reviews if deadline.chair_id in gone})
        chairs = len({deadline.chair_id for deadline in self.conferences if deadline.chair_id in gone})
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
    """Each count in a sentence: the beginning for one, for several, and the rest. Counts of 0 are left out."""
    return [
        f"{count} {single if count == 1 else several} {words}" for count, single, several, words in counted if count
    ]


def tables(counts: Mapping[str, int], before: Mapping[str, int] | None) -> dict[str, list[dict[str, Any]]]:
    """The tables of what is overdue by kind, most first, beside last week's numbers, if there are any."""
    found: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for key in counts.keys() | (before or {}).keys():
        table, _, name = key.partition("/")
        last_week = None if before is None else before.get(key, 0)
        found[table].append({"name": name, "now": counts.get(key, 0), "before": last_week})
    return {table: sorted(rows, key=lambda row: (-row["now"], row["name"])) for table, rows in found.items()}


def _by_kind(overdue: Sequence[dict[str, Any]], before: Mapping[str, int] | None) -> list[dict[str, Any]]:
    """What is overdue by kind, beside last week's number: what became overdue since then stands first."""
    grouped: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in overdue:
        grouped[row["what"]].append(row)
    kinds = []
    for name, rows in grouped.items():
        new = [row for row in rows if row["days_left"] >= -DAYS_OF_WEEK]
        new_first = [*new, *(row for row in rows if row["days_left"] < -DAYS_OF_WEEK)]
        kinds.append(
            {
                "name": name,
                "count": len(rows),
                "new": len(new),
                "before": None if before is None else before.get(name, 0),
                "items": new_first[:MOST_OF_A_KIND],
                "more": len(new_first[MOST_OF_A_KIND:]),
            }
        )
    return sorted(kinds, key=lambda kind: (-kind["new"], -kind["count"], kind["name"]))


def _page(deadline: ConferenceDeadline) -> tuple[str, str]:
    """Whom or what a deadline is about, and the folder of its page."""
    if deadline.conference_reference is not None and (deadline.kind in OF_CONFERENCES or deadline.children > 1):
        return deadline.conference_reference, "conferences"
    return deadline.person_id, "children"


def _row(
    process: Process, deadline: Deadline | ConferenceDeadline, today: date, about: str, page: str
) -> dict[str, Any]:
    return {
        "about": about,
        "what": deadline_words(deadline.kind, deadline.subject),
        "days_left": (deadline.due_on - today).days,
        "url": settings_of(process).page_of(about, page),
    }
