"""What follows a conference: the outline plan, the record, and their way to those who are to have them."""

from fastapi import APIRouter, Response

from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.web.versions import IfMatch, etag
from services.conferences.endpoints import Decider, Ref, Writer
from services.conferences.meetings.meeting import ConferenceNotHeld
from services.conferences.meetings.models import Conference
from services.conferences.meetings.schemas import ConferenceOut
from services.conferences.records import actions as recording
from services.conferences.records.schemas import (
    CompleteConferenceRecordIn,
    ConferenceRecordIn,
    DistributeConferenceRecordIn,
    SendOutlinePlanIn,
)

routes = APIRouter(prefix="/v1/conferences/{reference}", tags=["after the conference"])
RECORDED = responses(
    NotFound,
    Invalid,
    ConferenceNotHeld,
    recording.ConferenceRecordComplete,
    recording.ConferenceRecordIncomplete,
    VersionStale,
    VersionMissing,
)
OUTLINED = responses(
    NotFound,
    Invalid,
    ConferenceNotHeld,
    recording.NoPlanToOutline,
    recording.OutlinePlanAlreadySent,
    VersionStale,
    VersionMissing,
)


def _out(conference: Conference, response: Response) -> ConferenceOut:
    response.headers["ETag"] = etag(conference.version)
    return ConferenceOut.model_validate(conference, from_attributes=True)


@routes.post("/outline-plan/send", responses=OUTLINED)
async def send_outline_plan(
    reference: Ref, wanted: SendOutlinePlanIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceOut:
    """Write down that the outline of the plans went out, within 1 working day of the conference."""
    return _out(await recording.send_outline_plan(command, reference, version, wanted.sent_on), response)


@routes.patch("/record", responses=RECORDED)
async def write_conference_record(
    reference: Ref, wanted: ConferenceRecordIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceOut:
    """Write the record as far as it has come, in short points in the Signs of Safety order."""
    return _out(await recording.write_record(command, reference, version, wanted), response)


@routes.post("/record/complete", responses=RECORDED)
async def complete_conference_record(
    reference: Ref, wanted: CompleteConferenceRecordIn, command: Decider, version: IfMatch, response: Response
) -> ConferenceOut:
    """Complete the record, within 15 working days of the conference; from then on it stays as it is.

    Refused while it does not say what we are worried about, what is working well and what needs to happen.
    """
    return _out(await recording.complete_record(command, reference, version, wanted.completed_on), response)


@routes.post("/record/distribute", responses=RECORDED)
async def distribute_conference_record(
    reference: Ref, wanted: DistributeConferenceRecordIn, command: Writer, version: IfMatch, response: Response
) -> ConferenceOut:
    """Write down to whom the record was given, and when; a later time adds to the recipients."""
    return _out(await recording.distribute_record(command, reference, version, wanted), response)
