"""Imports of history, and the templates of their columns."""

from chassis.importing.api import csv_import
from chassis.web.routes import Routes
from services.escalations.imports.escalations import import_escalations
from services.escalations.imports.outcomes import import_outcomes
from services.escalations.imports.rows import OutcomeRow, PastEscalation
from services.escalations.roles import IMPORTERS

# They come before the routes of single records, or a template would be looked for under its identifier.
routes = Routes(prefix="/v1", tags=["administration"])

ESCALATION = {
    "kind": "conference_contribution", "reason": "no_report_no_apologies", "person_ids": "P100001;P100002",
    "meeting_reference": "C-1042", "meeting_on": "2019-06-03", "raised_on": "2019-06-05", "owner_id": "chair-1",
    "agency_id": "general-practice", "agency_role": "gp", "area_id": "north", "answer": "dealt_with",
    "answered_on": "2019-07-15",
}  # fmt: skip
OUTCOME = {
    "reference": "ESC-2019-0042", "answer": "dealt_with", "answered_on": "2019-07-15", "answered_by": "officer-1",
    "state": "resolved", "closed_on": "2019-08-01", "closing_note": "Agreed and put right.",
}  # fmt: skip

csv_import(routes, "/escalations", PastEscalation, import_escalations, example=ESCALATION, roles=IMPORTERS)
csv_import(routes, "/answers", OutcomeRow, import_outcomes, example=OUTCOME, roles=IMPORTERS)
