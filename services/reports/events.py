"""What this service publishes: references, kinds, days and states, never a figure or a word of a report."""

from datetime import date

from chassis.events.event import Event


class ReportDrafted(Event):
    """A report was begun, by somebody or because its period ended."""

    type = "report.drafted"
    about = "reference"

    reference: str
    kind: str
    period: str
    first_day: date
    last_day: date
    author_id: str


class ReportMoved(Event):
    """A report went to its reviewer, came back to its author, or was approved."""

    type = "report.moved"
    about = "reference"

    reference: str
    kind: str
    period: str
    state: str
    author_id: str
    reviewer_id: str
    version: int


class ReportPublished(Event):
    """A report was published: it was approved before, and what was published about the same is superseded."""

    type = "report.published"
    about = "reference"

    reference: str
    kind: str
    period: str
    first_day: date
    last_day: date
    chair_id: str | None
    version: int


PUBLISHED = (ReportDrafted, ReportMoved, ReportPublished)
