"""What is in a report: its sections as they are written, its document in five forms, and how its figures stand."""

from typing import Annotated, Any

from fastapi import Path, Response

from chassis.base import clock
from chassis.base.problems import Invalid, NotFound, Unavailable, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Transaction
from chassis.figures.asking import FiguresIncomplete
from chassis.process import ProcessDep
from chassis.web.pages import DOCUMENT_HEADERS
from chassis.web.routes import Routes
from chassis.web.versions import IfMatchWhereKnown, etag
from services.reports.documents.forms import KINDS, Form, rendered
from services.reports.reports import writing
from services.reports.reports.api import Reader, ReportRef
from services.reports.reports.documents import document_of, figures_of, seen
from services.reports.reports.schemas import ReportFiguresOut, SectionIn, SectionOut, SectionsOut
from services.reports.reports.template import ReportTemplateWrong
from services.reports.roles import WRITERS

routes = Routes(prefix="/v1/reports/{reference}", tags=["reports"])

Writer = Annotated[Command, commanded_by(*WRITERS)]
SectionKey = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,79}$", description="The section, by its key.")]
WRITTEN = responses(NotFound, Invalid, writing.ReportWritten, ReportTemplateWrong, VersionStale, VersionMissing)
COMPOSED = responses(NotFound, ReportTemplateWrong, FiguresIncomplete, Unavailable)


def _files() -> dict[int | str, dict[str, Any]]:
    kinds = {kind.media_type.partition(";")[0]: form for form, kind in KINDS.items()}
    text, binary = {"type": "string"}, {"type": "string", "format": "binary"}
    return {200: {"content": {kind: {"schema": text if form is Form.HTML else binary} for kind, form in kinds.items()}}}


@routes.get("/sections", responses=responses(NotFound, ReportTemplateWrong))
async def list_report_sections(
    reference: ReportRef, session: Transaction, process: ProcessDep, caller: Reader
) -> SectionsOut:
    """List the sections of a report: what to write, what is written, and what is missing before it can be reviewed."""
    return await writing.sections(session, process, await seen(session, caller, reference))


@routes.put("/sections/{key}", responses=WRITTEN)
async def write_report_section(
    reference: ReportRef,
    key: SectionKey,
    wanted: SectionIn,
    command: Writer,
    version: IfMatchWhereKnown,
    response: Response,
) -> SectionOut:
    """Write the words of a section, as Markdown. Names, NHS numbers and dates of birth are refused.

    A number is referred to by the name of its indicator in braces, and is filled in by the system.
    """
    section = await writing.write_section(command, reference, key, version, wanted.prose)
    response.headers["ETag"] = etag(section.version)
    return section


@routes.get("/document.{form}", response_class=Response, responses=COMPOSED | _files())
async def get_report_document(
    reference: ReportRef, form: Form, session: Transaction, process: ProcessDep, caller: Reader
) -> Response:
    """Get the report as a page (`html`), `pdf`, `docx`, `xlsx`, or its tables as a file of `csv` files.

    A draft has the figures of now and says that it is a draft; from its approval on they are those of then.
    """
    report = await seen(session, caller, reference)
    document = await document_of(session, process, report, clock.now())
    kind, name = KINDS[form], f"{reference}{KINDS[form].suffix}"
    content = await rendered(document, form)
    named = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type=kind.media_type, headers=DOCUMENT_HEADERS | named)


@routes.get("/figures", responses=COMPOSED)
async def get_report_figures(
    reference: ReportRef, session: Transaction, process: ProcessDep, caller: Reader
) -> ReportFiguresOut:
    """Compare the figures of a report with those of now, and list what it leaves out and why."""
    report = await seen(session, caller, reference)
    return await figures_of(session, process, report, clock.now())
