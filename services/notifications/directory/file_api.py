"""The directory as CSV files, a part at a time: imported, exported in the same columns, and the templates of both."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Response

from chassis.access.callers import Role
from chassis.base.problems import TooLarge, UnsupportedMediaType, responses
from chassis.command import Command, commanded_by
from chassis.importing.api import CSV, CsvFile, DryRun, csv_content, csv_template
from chassis.importing.reading import UnreadableFile
from chassis.importing.report import ImportOut
from chassis.web.routes import Routes
from services.notifications.directory import transfer
from services.notifications.directory.transfer import KINDS, Part

# They come before the routes of single entries, or a template would be looked for under its identifier.
routes = Routes(prefix="/v1", tags=["directory"])

LARGEST_BYTES = 10 * 1024 * 1024
Administrator = Annotated[Command, commanded_by(Role.ADMINISTRATOR)]
HOW_TO_IMPORT = (
    "Import areas and agencies before colleagues, and colleagues before coverage. A row with a known identifier "
    "replaces the entry; a row of known coverage only sets its last day."
)
EXAMPLES: Mapping[Part, Mapping[str, str]] = {
    Part.AREAS: {"id": "north", "name": "North"},
    Part.AGENCIES: {"id": "general-practice", "name": "General practice", "roles": "gp;midwife", "internal": "false"},
    Part.COLLEAGUES: {
        "id": "chair-1", "name": "Ada Example", "email": "ada@example.org", "telephone": "01632 960001",
        "positions": "chair", "team_manager_id": "manager-1", "area_id": "north", "full_time_equivalent": "0.80",
        "starts_on": "2019-04-01", "reports_due_weekly": "false",
    },
    Part.COVERAGE: {
        "colleague_id": "officer-1", "agency_id": "general-practice", "agency_role": "gp", "area_id": "north",
        "fallback": "false", "starts_on": "2019-04-01",
    },
}  # fmt: skip


def _offer(part: Part) -> None:
    """Offer a part's import, its template and its export."""

    async def import_part(command: Administrator, file: CsvFile, *, dry_run: DryRun = False) -> ImportOut:
        with file:
            report = await transfer.import_part(command, part, file, dry_run=dry_run)
        if not report.imported:
            await command.session.rollback()
        return report

    async def export_part(command: Administrator) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="{part}.csv"'}
        return Response(await transfer.export_part(command, part), media_type=CSV, headers=headers)

    template = csv_template(routes, f"/{part}", KINDS[part].schema, example=EXAMPLES[part], roles=[Role.ADMINISTRATOR])
    routes.add_api_route(
        f"/{part}/import",
        import_part,
        methods=["POST"],
        name=f"import_{part}",
        description=f"Import {part} from CSV: all rows, or none if a row is wrong.\n\n{HOW_TO_IMPORT}",
        responses=responses(TooLarge, UnreadableFile, UnsupportedMediaType),
        openapi_extra={"requestBody": {"required": True, "content": csv_content(example=template)}},
        max_body_size=LARGEST_BYTES,
    )
    routes.add_api_route(
        f"/{part}/export",
        export_part,
        name=f"export_{part}",
        description=f"Export {part} as CSV, in the columns and by the rules of an import.",
        response_class=Response,
        responses={200: {"content": csv_content(example=template), "description": "Every entry."}},
    )


for each in Part:
    _offer(each)
