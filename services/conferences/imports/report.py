"""An import of past conferences as far as it has come."""

from dataclasses import dataclass, field

from chassis.command import Command
from chassis.web.importing import Report
from services.conferences.imports.past_contributions import Directory
from services.conferences.imports.waiting_rows import LaidAside

Problem = tuple[int, str, str]


@dataclass
class Importing:
    """An import of all files so far.

    `ends` are the rows of plans that ended without a conference, until their child has come so far. `broken` are
    children with something wrong, of whom nothing later can be said; `conflicts` those who are on a plan and whose
    chair works on their case, with the row and the reason.
    """

    command: Command
    directory: Directory
    ends: LaidAside
    conferences: Report = field(default_factory=Report)
    invitations: Report = field(default_factory=Report)
    plan_ends: Report = field(default_factory=Report)
    count: int = 0
    broken: set[str] = field(default_factory=set)
    concerned: set[str] = field(default_factory=set)
    conflicts: dict[str, Problem] = field(default_factory=dict)

    def is_wrong(self) -> bool:
        """Whether anything was wrong in any file."""
        return any(one.problem_count for one in self.reports().values())

    def reports(self) -> dict[str, Report]:
        """What became of each file, by its name."""
        return {"conferences": self.conferences, "invitations": self.invitations, "plan_ends": self.plan_ends}
