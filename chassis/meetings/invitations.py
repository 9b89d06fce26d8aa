"""Invitations to meetings of both kinds: listed, changed, withdrawn and sent again alike."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import EmailStr
from sqlalchemy import Text, literal, null, select
from sqlmodel import Field

from chassis.access.callers import Role
from chassis.access.visibility import check_may_see, visible
from chassis.base.fields import Input, Line, Omittable, PastDay, Several
from chassis.base.problems import Conflict, Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.db.columns import Shared, equal, holding, matching, whether
from chassis.law.deadlines import About
from chassis.law.participation import Attendance
from chassis.law.violations import Violation
from chassis.web.pagination import JsonRows, Page, PageQuery, sorted_by
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, check_version, etag

READERS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT, Role.SOCIAL_WORK_MANAGER)
Reader = Annotated[RecordReader, read_by(*READERS)]
Writer = Annotated[Command, commanded_by(Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT)]
InvitationRef = Annotated[UUID, Path(description="The invitation's identifier.")]
CHANGED = responses(NotFound, Conflict, Invalid, VersionStale, VersionMissing)


class Uninvited(Conflict):
    """This invitation has been withdrawn."""


class NotSentByEmail(Conflict):
    """This person is not invited by email from here."""


class ChangeInvitationIn(Input):
    """Changes to an invitation. Fields you leave out stay as they are; null clears a date. Reviews await no report."""

    name: Line | None = None
    team: Line | None = None
    agency_reference: Line | None = None
    email: EmailStr | None = None
    report_expected: bool | None = None
    report_received_on: PastDay | None = None
    report_shared_on: PastDay | None = Field(default=None, description="When it was shared with the family.")
    apologies_on: PastDay | None = Field(default=None, description="When apologies were sent before the meeting.")


class MeetingInvitationOut(Shared):
    """Somebody who was invited to a review or a conference; what there is for conferences alone is null for reviews."""

    about: About
    id: UUID
    reference: str
    person_ids: list[str]
    name: str
    relationship: str | None = None
    agency_id: str | None = None
    agency_role: str | None = None
    team: str | None = None
    agency_reference: str | None = None
    email: str | None = None
    automatic: bool = Field(description="Invited automatically: an advocate for children aged 8 or over.")
    invited_on: date
    report_due_on: date | None = None
    report_received_on: date | None = None
    report_shared_on: date | None = Field(default=None, description="When it was shared with the family.")
    apologies_on: date | None = Field(default=None, description="When apologies were sent before the meeting.")
    attendance: Attendance | None = None
    withdrawn_on: date | None = None
    version: int


class MeetingInvitationPage(Page[MeetingInvitationOut]):
    """One page of invitations, newest first."""


class InvitationsQuery(PageQuery):
    """The parameters of a list of invitations."""

    meeting_reference: Several[str] = Field(None, description="Filter by meeting.")
    person_id: Several[str] = Field(None, description="Filter by child.")
    agency_id: Several[str] = Field(None, description="Filter by agency.")
    withdrawn: Omittable[bool] = Field(None, description="Filter by whether the invitation was withdrawn.")
    sort: str = sorted_by("-invited_on")


def invitation_rows(table: Any, about: About) -> JsonRows:
    """A service's invitations, for those who may see all the children that they are about."""
    return JsonRows(
        select(literal(about).cast(Text).label("about"), *(_column(table, name) for name in NAMES)).where(
            visible(table)
        ),
        filters=equal(table, "agency_id")
        | matching(table.reference, "meeting_reference")
        | holding(table.person_ids, "person_id")
        | whether("withdrawn", table.withdrawn_on.is_not(None)),
        order=[table.invited_on.desc(), table.id.desc()],
    )


NAMES = [name for name in MeetingInvitationOut.model_fields if name != "about"]


def _column(table: Any, name: str) -> Any:
    return getattr(table, name) if hasattr(table, name) else null().label(name)


async def locked_invitation(command: Command, table: Any, invitation_id: UUID, version: int | None) -> Any:
    """An invitation, locked, that is not withdrawn; with a version, it must still have that version."""
    row = await command.session.get(table, invitation_id, with_for_update=True)
    if row is None:
        raise NotFound
    await check_may_see(command, row.person_ids)
    if version is not None:
        check_version(row, version)
    if row.withdrawn_on is not None:
        raise Uninvited(f"It was withdrawn on {row.withdrawn_on}.")
    return row


def invited_twice(standing: Iterable[Any], rows: Iterable[Any]) -> Iterator[Violation]:
    """Those of new invitations whose person is invited in the same part already: nobody is told or counted twice."""
    known = {who(row) for row in standing}
    for number, row in enumerate(rows):
        if who(row) in known:
            yield Violation(f"invitations.{number}.name", "already_invited", "This person is already invited.")
        known.add(who(row))


def who(row: Any) -> tuple[Any, ...]:
    """Who is invited to what: no two invitations to one meeting say the same."""
    part = [getattr(row, name, None) for name in ("relationship", "agency_id", "agency_role", "team")]
    return row.name.casefold(), *part, *sorted(row.person_ids)


@dataclass(frozen=True)
class OwnInvitations:
    """What a service does with its own invitations; each answers the invitation as it is then."""

    about: About
    rows: JsonRows
    change: Callable[[Command, UUID, int, ChangeInvitationIn], Awaitable[Any]]
    withdraw: Callable[[Command, UUID, int], Awaitable[Any]]
    send_again: Callable[[Command, UUID], Awaitable[Any]]


def invitation_routes(own: OwnInvitations) -> Routes:
    """The endpoints of one service: the gateway joins the lists, and asks one service after the other by identifier."""
    routes = Routes(tags=["reviews"])

    def shown(row: Any, response: Response) -> MeetingInvitationOut:
        response.headers["ETag"] = etag(row.version)
        return MeetingInvitationOut.model_validate(row, update={"about": own.about})

    @routes.get("/internal/invitations", response_model=MeetingInvitationPage)
    async def list_invitations(reader: Reader, query: Annotated[InvitationsQuery, Query()]) -> Response:
        """List invitations, newest first."""
        return await reader.page(own.rows, query)

    @routes.patch("/v1/invitations/{invitation_id}", responses=CHANGED)
    async def change_invitation(
        invitation_id: InvitationRef,
        wanted: ChangeInvitationIn,
        command: Writer,
        version: IfMatch,
        response: Response,
    ) -> MeetingInvitationOut:
        """Change an invitation: the name or address, and for conferences the report and apologies.

        Once a conference is closed, the facts behind proposed escalations cannot be changed.
        """
        return shown(await own.change(command, invitation_id, version, wanted), response)

    @routes.post("/v1/invitations/{invitation_id}/withdraw", responses=CHANGED)
    async def withdraw_invitation(
        invitation_id: InvitationRef, command: Writer, version: IfMatch, response: Response
    ) -> MeetingInvitationOut:
        """Withdraw an invitation before the meeting is held. Nothing more is expected of that person."""
        return shown(await own.withdraw(command, invitation_id, version), response)

    @routes.post("/v1/invitations/{invitation_id}/send-again", responses=responses(NotFound, Conflict))
    async def send_invitation_again(
        invitation_id: InvitationRef, command: Writer, response: Response
    ) -> MeetingInvitationOut:
        """Send an invitation to a planned conference again, with a new link. Reviews invite nobody by email."""
        return shown(await own.send_again(command, invitation_id), response)

    return routes
