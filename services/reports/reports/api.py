"""Reports: begun, found, read, and on their way to being published."""

from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import Field

from chassis.access.callers import Caller, may
from chassis.base.fields import Several
from chassis.base.problems import Invalid, NotFound, Unavailable, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading
from chassis.figures.asking import FiguresIncomplete
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.reports.reports import actions, approving, turns
from services.reports.reports.models import Report
from services.reports.reports.queries import REPORTS, seen_by
from services.reports.reports.schemas import ReportIn, ReportOut, ReportPage, ReturnReportIn, ReviewerIn
from services.reports.reports.template import ReportTemplateWrong
from services.reports.roles import APPROVERS, AUTHORS, READERS
from services.reports.rules import ReportKind, ReportState

routes = Routes(prefix="/v1", tags=["reports"])

ReportRef = Annotated[str, Path(pattern=r"^REP-\d{4}-\d{4,}$", description="Such as `REP-2020-0001`.")]
Reader = Annotated[Caller, may(*READERS)]
Author = Annotated[Command, commanded_by(*AUTHORS)]
Approver = Annotated[Command, commanded_by(*APPROVERS)]
MOVED = responses(NotFound, turns.ReportElsewhere, turns.AnothersTurn, VersionStale, VersionMissing)
APPROVED = MOVED | responses(
    turns.ReportElsewhere, turns.AnothersTurn, ReportTemplateWrong, FiguresIncomplete, Unavailable
)


def _out(report: Report, command: Command) -> ReportOut:
    return ReportOut.model_validate(report, update={"can": turns.possible(report, command.caller)})


@routes.post("/reports", status_code=201, responses=responses(Invalid, actions.ReportBeingMade, ReportTemplateWrong))
async def draft_report(wanted: ReportIn, command: Author, response: Response) -> ReportOut:
    """Begin a report of a kind about a period, as a draft."""
    report = await actions.draft_report(command, wanted)
    response.headers.update({"ETag": etag(report.version), "Location": f"/v1/reports/{report.reference}"})
    return _out(report, command)


class ReportsQuery(PageQuery):
    """The parameters of `list_reports`."""

    reference: Several[str] = Field(None, description="Filter by reference.")
    kind: Several[ReportKind] = Field(None, description="Filter by kind.")
    period: Several[str] = Field(None, description="Filter by period, such as `2019-20`.")
    state: Several[ReportState] = Field(None, description="Filter by state.")
    chair_id: Several[str] = Field(None, description="Filter by whose page it is.")
    author_id: Several[str] = Field(None, description="Filter by author.")
    reviewer_id: Several[str] = Field(None, description="Filter by reviewer.")
    sort: str = sorted_by("-last_day", "reference", "kind", "state")


@routes.get("/reports", response_model=ReportPage)
async def list_reports(reading: Reading, caller: Reader, query: Annotated[ReportsQuery, Query()]) -> Response:
    """List reports, those about the latest periods first. Chairs see what is published."""
    return await REPORTS.page(reading, query, **seen_by(caller))


@routes.get("/reports/{reference}", response_model=ReportOut, responses=responses(NotFound))
async def get_report(reference: ReportRef, reading: Reading, caller: Reader) -> Response:
    """Get a report, with its version as ETag."""
    found = await REPORTS.one(reading, reference=reference, **seen_by(caller))
    if found is None:
        raise NotFound
    return found


def _moved(report: Report, command: Command, response: Response) -> ReportOut:
    response.headers["ETag"] = etag(report.version)
    return _out(report, command)


@routes.post("/reports/{reference}/send-to-reviewer", responses=MOVED | responses(Invalid))
async def send_report_to_reviewer(
    reference: ReportRef, wanted: ReviewerIn, command: Author, version: IfMatch, response: Response
) -> ReportOut:
    """Ask a team manager who has written nothing of the report to review it. Refused while words are missing.

    While it is with a reviewer, this asks another one instead, who is told; nobody names themselves then.
    """
    return _moved(await approving.send_to_reviewer(command, reference, version, wanted.reviewer_id), command, response)


@routes.post("/reports/{reference}/return", responses=MOVED)
async def return_report(
    reference: ReportRef, wanted: ReturnReportIn, command: Author, version: IfMatch, response: Response
) -> ReportOut:
    """Send the report back to its author, with words: its reviewer does, or its author once it is approved.

    Figures that were taken are given up.
    """
    return _moved(await approving.return_report(command, reference, version, wanted.reason), command, response)


@routes.post("/reports/{reference}/approve", responses=APPROVED)
async def approve_report(reference: ReportRef, command: Approver, version: IfMatch, response: Response) -> ReportOut:
    """Approve the report, as its reviewer. All its figures are taken now, and stay whatever is corrected afterwards."""
    return _moved(await approving.approve_report(command, reference, version), command, response)


@routes.post("/reports/{reference}/publish", responses=MOVED)
async def publish_report(reference: ReportRef, command: Approver, version: IfMatch, response: Response) -> ReportOut:
    """Publish an approved report, as its reviewer or its author. What was published about the same is superseded."""
    return _moved(await approving.publish_report(command, reference, version), command, response)
