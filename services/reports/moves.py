"""What can be done with a report as it stands, and by whom: somebody who is named in it, or everybody with a role."""

from chassis.access.moves import Move, Moves
from services.reports.roles import APPROVERS, AUTHORS, WRITERS
from services.reports.rules import ReportState, Turn

OF_REPORT = Moves(
    "report",
    # A reviewer who wants other words sends it back.
    Move("write_report_section", WRITERS, {ReportState.DRAFT, ReportState.WITH_REVIEWER}),
    # While it is with a reviewer, this hands it on to another one.
    Move("send_report_to_reviewer", AUTHORS, {ReportState.DRAFT, ReportState.WITH_REVIEWER, Turn.TO_REVIEW}),
    Move("return_report", AUTHORS, {Turn.TO_REVIEW, Turn.TO_PUBLISH}),
    Move("approve_report", APPROVERS, {Turn.TO_REVIEW}),
    Move("publish_report", APPROVERS, {Turn.TO_PUBLISH}),
)
