"""What asks for a first conference: section 47 enquiries, and transfers from other authorities."""

from datetime import date
from typing import Any

from sqlmodel import col, select

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.db.database import advisory_lock
from chassis.law.violations import Violation, future_violation
from chassis.web.versions import check_absent, check_version, says_the_same
from services.conferences.children.cases import Case, cases_of, locked_cases, practice_of
from services.conferences.children.deadlines import refresh
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.enquiries.schemas import SectionFortySevenEnquiryIn, TransferInIn
from services.conferences.rules.conferences import enquiry_counted_from
from services.conferences.rules.timescales import conferences
from services.conferences.rules.vocabulary import ConferenceKind, RequestKind

KINDS = {
    RequestKind.SECTION_47_ENQUIRY: ConferenceKind.INITIAL,
    RequestKind.TRANSFER_IN: ConferenceKind.TRANSFER_IN,
}


class ConferenceAnsweredIt(Conflict):
    """A conference has already been held about this, so its child and dates cannot be changed."""


async def put_enquiry(
    command: Command, request_id: str, version: int | None, wanted: SectionFortySevenEnquiryIn
) -> tuple[ConferenceRequest, bool]:
    """Register a section 47 enquiry or bring it up to date, whole; the conference's due date follows at once."""
    columns = {
        "person_id": wanted.person_id,
        "started_on": wanted.started_on,
        "strategy_discussion_on": wanted.strategy_discussion_on,
        "event_on": enquiry_counted_from(wanted.started_on, wanted.strategy_discussion_on),
        "conference_not_required": wanted.conference_not_required,
    }
    days = {"started_on": wanted.started_on, "strategy_discussion_on": wanted.strategy_discussion_on}
    return await _put(command, (RequestKind.SECTION_47_ENQUIRY, request_id), version, columns, days)


async def put_transfer_in(
    command: Command, request_id: str, version: int | None, wanted: TransferInIn
) -> tuple[ConferenceRequest, bool]:
    """Register another authority's notification or bring it up to date, whole."""
    columns = {
        "person_id": wanted.person_id,
        "started_on": wanted.notified_on,
        "event_on": wanted.notified_on,
        "from_authority": wanted.from_authority,
        "conference_not_required": wanted.conference_not_required,
    }
    return await _put(
        command, (RequestKind.TRANSFER_IN, request_id), version, columns, {"notified_on": wanted.notified_on}
    )


async def _put(
    command: Command,
    key: tuple[RequestKind, str],
    version: int | None,
    columns: dict[str, Any],
    days: dict[str, date | None],
) -> tuple[ConferenceRequest, bool]:
    kind, request_id = key
    refuse(future_violation(name, day, command.today) for name, day in days.items())
    await advisory_lock(command.session, f"{kind} {request_id}")
    query = select(ConferenceRequest).where(
        col(ConferenceRequest.kind) == kind, col(ConferenceRequest.request_id) == request_id
    )
    row = (await command.session.exec(query)).first()
    about = [
        columns["person_id"],
        *([row.person_id] if row is not None and row.person_id != columns["person_id"] else []),
    ]
    cases = await locked_cases(command, about, "person_id")
    if kind is RequestKind.SECTION_47_ENQUIRY and not columns["conference_not_required"]:
        refuse([await _overlapping(command, request_id, columns)])
    await command.session.flush()
    scale = conferences(practice_of(command))[KINDS[kind]]
    columns["due_on"] = scale.due_on(columns["event_on"])
    is_new = row is None
    if row is None:
        check_absent(version)
        row = ConferenceRequest(kind=kind, request_id=request_id, **columns)
        command.session.add(row)
    else:
        await command.session.refresh(row, with_for_update=True)
        if says_the_same(row, columns):
            return row, False
        check_version(row, version)
        _check_answered(row, columns)
        for name, value in columns.items():
            setattr(row, name, value)
        row.version += 1
    await command.session.flush()
    fresh = await cases_of(command.session, [case.protection for case in cases])
    await refresh(command, fresh)
    await command.audit(f"put_{kind}", [case.person_id for case in fresh], request_id)
    return row, is_new


async def _overlapping(command: Command, request_id: str, columns: dict[str, Any]) -> Violation | None:
    """Why an enquiry cannot be so beside the child's others, if it cannot: each is open until its conference.

    Source: children in need census 2026 to 2027: an enquiry does not start while another is ongoing.
    """
    query = select(ConferenceRequest).where(
        col(ConferenceRequest.person_id) == columns["person_id"],
        col(ConferenceRequest.kind) == RequestKind.SECTION_47_ENQUIRY,
        col(ConferenceRequest.conference_not_required).is_(False),
        col(ConferenceRequest.request_id) != request_id,
    )
    started_on = columns["started_on"]
    for other in (await command.session.exec(query)).all():
        if other.started_on <= started_on <= (other.answered_on or date.max):
            message = f"The child has another open enquiry, {other.request_id}, which started on {other.started_on}."
            return Violation("started_on", "one_at_a_time", message)
    return None


def _check_answered(row: ConferenceRequest, columns: dict[str, Any]) -> None:
    if row.answered_on is not None and any(getattr(row, name) != columns[name] for name in ("person_id", "event_on")):
        raise ConferenceAnsweredIt(f"It was held on {row.answered_on}.", reference=row.conference_reference)


def answer(case: Case, part_request_id: Any, reference: str, held_on: date) -> None:
    """Note on what asked for a conference that it was held."""
    for row in case.requests:
        if row.id == part_request_id:
            row.conference_reference, row.answered_on = reference, held_on
            row.version += 1
    case.requests = [row for row in case.requests if row.answered_on is None]
