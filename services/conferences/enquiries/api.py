"""What asks for a first conference: section 47 enquiries, and transfers from other authorities."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import responses
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatchWhereKnown, etag
from services.conferences.endpoints import CHANGED, CaseManagement, Reader, RequestRef
from services.conferences.enquiries import actions as requests
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.enquiries.queries import ENQUIRIES, TRANSFERS_IN
from services.conferences.enquiries.schemas import (
    ConferenceRequestOut,
    ConferenceRequestPage,
    SectionFortySevenEnquiryIn,
    TransferInIn,
)

routes = Routes(prefix="/v1", tags=["children"])
PUT = CHANGED | responses(requests.ConferenceAnsweredIt) | {201: {"model": ConferenceRequestOut}}


def _out(done: tuple[ConferenceRequest, bool], response: Response) -> ConferenceRequestOut:
    row, is_new = done
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(row.version)
    return ConferenceRequestOut.model_validate(row)


@routes.put("/conferences/section-47-enquiries/{request_id}", responses=PUT)
async def put_section_47_enquiry(
    request_id: RequestRef,
    wanted: SectionFortySevenEnquiryIn,
    command: CaseManagement,
    version: IfMatchWhereKnown,
    response: Response,
) -> ConferenceRequestOut:
    """Add or update a section 47 enquiry, as the case-management system has it.

    The initial conference is due 15 working days after the strategy discussion, or after the enquiry's start if no
    discussion is recorded (Working Together to Safeguard Children 2026). Sending the same record again changes nothing.
    """
    return _out(await requests.put_enquiry(command, request_id, version, wanted), response)


@routes.put("/conferences/transfers-in/{request_id}", responses=PUT)
async def put_transfer_in(
    request_id: RequestRef,
    wanted: TransferInIn,
    command: CaseManagement,
    version: IfMatchWhereKnown,
    response: Response,
) -> ConferenceRequestOut:
    """Add or update another authority's notification that a child with a plan is moving here.

    The transfer-in conference is due 15 working days after the notification, unless the council sets another limit.
    """
    return _out(await requests.put_transfer_in(command, request_id, version, wanted), response)


class RequestsQuery(PageQuery):
    """The parameters of `list_section_47_enquiries` and `list_transfers_in`."""

    person_id: Several[str] = Field(None, description="Filter by child.")
    started_from: Omittable[Day] = Field(None, description="Started on or after this date.")
    started_to: Omittable[Day] = Field(None, description="Started on or before this date.")
    waiting: Omittable[bool] = Field(None, description="Only those still waiting for a conference, or only the others.")
    sort: str = sorted_by("-started_on", "person_id")


@routes.get("/conferences/section-47-enquiries", response_model=ConferenceRequestPage)
async def list_section_47_enquiries(reader: Reader, query: Annotated[RequestsQuery, Query()]) -> Response:
    """List section 47 enquiries, newest first, with the conference for each and its due date."""
    return await reader.page(ENQUIRIES, query)


@routes.get("/conferences/transfers-in", response_model=ConferenceRequestPage)
async def list_transfers_in(reader: Reader, query: Annotated[RequestsQuery, Query()]) -> Response:
    """List transfers in from other authorities, newest first, with the conference for each."""
    return await reader.page(TRANSFERS_IN, query)
