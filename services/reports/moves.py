"""What can be done with a report in which state, and by whom."""

from chassis.access.moves import Move, Moves
from services.reports.roles import APPROVERS, AUTHORS, WRITERS
from services.reports.rules import ReportState

WRITTEN = frozenset({ReportState.DRAFT, ReportState.WITH_REVIEWER})
OF_REPORT = Moves(
    "report",
    Move("write_report_section", WRITERS, WRITTEN),
    Move("send_report_to_reviewer", AUTHORS, {ReportState.DRAFT}),
    Move("return_report", AUTHORS, {ReportState.WITH_REVIEWER, ReportState.APPROVED}),
    Move("approve_report", APPROVERS, {ReportState.WITH_REVIEWER}),
    Move("publish_report", APPROVERS, {ReportState.APPROVED}),
)
