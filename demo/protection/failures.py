"""Which professionals failed which conference, so that what chairs confirmed comes out as published."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from chassis.law.periods import parse
from demo.people import ORGANISATIONS
from demo.protection import published
from demo.protection.model import SEED, Meeting
from demo.protection.paperwork import paperwork
from demo.protection.professionals import AGES, GP, SCHOOL, SOCIAL_WORKER, fits
from demo.published import PUBLISHED_YEAR, YEARS

CONFIRMED, DISMISSED, WAITING = "confirmed", "dismissed", "proposed"
NO_REPORT_NO_APOLOGIES, NO_REPORT_SENT_APOLOGIES = "no_report_no_apologies", "no_report_sent_apologies"
NO_REPORT_ATTENDED, NO_APOLOGIES = "no_report_attended", "no_apologies"
# "No report and no apologies" is by far the most frequent reason.
REASONS = {NO_REPORT_NO_APOLOGIES: 12, NO_REPORT_SENT_APOLOGIES: 4, NO_APOLOGIES: 3, NO_REPORT_ATTENDED: 1}
DISMISSED_BECAUSE = (
    "The report had been sent to an address that is no longer read.",
    "The invitation went out too late for a report.",
    "A colleague came in their place and spoke for them.",
    "They had left the case a week before.",
)
MOST_AT_ONCE = 4
DISMISSALS = 96
WAITING_NOW = 9
ROLES = {one.published_as: one.role for one in ORGANISATIONS}


@dataclass(frozen=True)
class Failure:
    """That a professional in a role failed a conference, why, and what the chair made of it."""

    role: str
    reason: str
    proposal: str
    dismissed_because: str = ""


class Failures:
    """The failures of all conferences; each role fails a conference at most once."""

    def __init__(self, meetings: Sequence[Meeting], seed: int = SEED) -> None:
        self._random = Random(seed + 4)
        self._of: defaultdict[str, dict[str, Failure]] = defaultdict(dict)
        self._decided: dict[str, list[Meeting]] = defaultdict(list)
        self._undecided: list[Meeting] = []
        for one in meetings:
            papers = paperwork(one)
            if papers.decided_on and papers.decided_on <= parse(YEARS[-1]).last:
                self._decided[papers.decided_on.isoformat()[:7]].append(one)
            elif papers.closed_on and one.is_told():
                self._undecided.append(one)
        for year in YEARS:
            self._confirm(year)
        self._dismiss()

    def of(self, meeting: Meeting) -> dict[str, Failure]:
        """The failures of one conference by role."""
        return self._of[meeting.key]

    def _confirm(self, year: str) -> None:
        """As many confirmed ones in each month, and in the published year of each organisation, as were published."""
        room = Counter(
            {label: count for label, count in published.escalations_by_month().items() if _is_in(label, year)}
        )
        names = [name for name, count in published.escalations_by_organisation().items() for _ in range(count)]
        if year != PUBLISHED_YEAR:
            names = self._random.choices(names, k=room.total())
        roles = [ROLES[name] for name in names]
        self._random.shuffle(roles)
        # Who can fail only some conferences comes first, and whoever is at every one last.
        for role in sorted(roles, key=lambda one: (one == GP, one not in AGES)):
            label, meeting = self._random.choice(
                [
                    (label, one)
                    for label in sorted(room)
                    if room[label]
                    for one in self._decided[label]
                    if self._may_fail(role, one)
                ]
            )
            room[label] -= 1
            self._of[meeting.key][role] = self._failure(role, CONFIRMED)

    def _may_fail(self, role: str, meeting: Meeting) -> bool:
        already = self._of[meeting.key]
        return role not in already and len(already) < MOST_AT_ONCE and fits(role, meeting)

    def _failure(self, role: str, proposal: str) -> Failure:
        because = self._random.choice(DISMISSED_BECAUSE) if proposal == DISMISSED else ""
        # Without the social worker there is no conference.
        weights = {NO_REPORT_ATTENDED: 1} if role == SOCIAL_WORKER else REASONS
        reason = self._random.choices(list(weights), weights=list(weights.values()))[0]
        return Failure(role, reason, proposal, because)

    def _dismiss(self) -> None:
        """Some were dismissed; of the latest conferences some wait for the chair's decision."""
        decided = [one for label in sorted(self._decided) for one in self._decided[label]]
        for meetings, count, proposal in (
            (decided, DISMISSALS, DISMISSED),
            (self._undecided, WAITING_NOW, WAITING),
        ):
            for _ in range(count):
                role = self._random.choice([GP, GP, SCHOOL])
                one = self._random.choice([one for one in meetings if self._may_fail(role, one)])
                self._of[one.key][role] = self._failure(role, proposal)


def _is_in(label: str, year: str) -> bool:
    return parse(year).contains(date.fromisoformat(f"{label}-01"))
