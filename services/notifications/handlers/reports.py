"""What this service does when a report is begun, moves or is published: author, reviewer and readers are told."""

from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from chassis.law.periods import parse
from services.notifications.directory.models import Colleague
from services.notifications.directory.snapshot import Directory
from services.notifications.handlers.sending import send
from services.notifications.messages.queueing import Draft
from services.notifications.rules import Position
from services.notifications.settings import settings_of

CHAIR = "chair"
WITH_REVIEWER = "with_reviewer"
KINDS = {
    "annual": "Annual report of the Independent Chairs",
    "conferences": "Report on child protection conferences",
    "quarterly": "Quarterly figures for managers",
    CHAIR: "A chair's own page for supervision",
}
# Whom a kind of report is for.
READERS = {
    "annual": (Position.CORPORATE_PARENTING_BOARD, Position.SAFEGUARDING_PARTNERSHIP),
    "conferences": (Position.SAFEGUARDING_PARTNERSHIP,),
    "quarterly": (Position.TEAM_MANAGER,),
}


class ReportReceived(ReceivedEvent):
    """What is read of any event about a report."""

    source = "reports"

    reference: str
    kind: str
    period: str


class ReportDrafted(ReportReceived):
    """A report was begun."""

    type = "report.drafted"

    author_id: str


class ReportMoved(ReportReceived):
    """A report went to its reviewer, came back to its author, or was approved."""

    type = "report.moved"

    state: str
    author_id: str
    reviewer_id: str
    version: int


class ReportPublished(ReportReceived):
    """A report was published, which somebody approved before."""

    type = "report.published"

    chair_id: str | None


async def tell_author(event: ReportDrafted, receipt: Receipt) -> None:
    """Tell the author that the report is there to be written."""
    directory = await Directory.at(receipt)
    author = directory.colleagues.get(event.author_id)
    if author is not None:
        await _tell(receipt, event, event.reference, "report_drafted", author)


async def tell_who_is_next(event: ReportMoved, receipt: Receipt) -> None:
    """Tell the reviewer that a report is there to be read, and the author that it came back or was approved."""
    directory = await Directory.at(receipt)
    whom = event.reviewer_id if event.state == WITH_REVIEWER else event.author_id
    colleague = directory.colleagues.get(whom)
    if colleague is not None:
        # A report can come back and go to the reviewer again.
        await _tell(receipt, event, f"{event.reference} {event.version}", "report_moved", colleague, state=event.state)


async def tell_readers(event: ReportPublished, receipt: Receipt) -> None:
    """Tell each of those whom the report is for, once; a chair's own page is told to that chair alone."""
    directory = await Directory.at(receipt)
    chair = directory.colleagues.get(event.chair_id or "")
    readers = [chair] if chair else directory.in_position(*READERS.get(event.kind, ()))
    for reader in readers:
        await _tell(receipt, event, event.reference, "report_published", reader)


async def _tell(
    receipt: Receipt, event: ReportReceived, occasion: str, template: str, recipient: Colleague, **more: str
) -> None:
    period = parse(event.period)
    context = more | {
        "report": KINDS.get(event.kind, event.kind),
        "period": period.name(),
        "url": settings_of(receipt.process).page_of(event.reference, "reports"),
    }
    await send(receipt, Draft(template, recipient, context, person_ids=()), template, occasion)


SUBSCRIPTIONS = (
    Subscription(ReportDrafted, tell_author),
    Subscription(ReportMoved, tell_who_is_next),
    Subscription(ReportPublished, tell_readers),
)
