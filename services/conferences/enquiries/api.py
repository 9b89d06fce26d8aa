"""What asks for a first conference: section 47 enquiries, and transfers from other authorities."""

from fastapi import APIRouter, Response

from chassis.base.problems import responses
from chassis.web.versions import IfMatchWhereKnown, etag
from services.conferences.children.models import ConferenceRequest
from services.conferences.children.schemas import ConferenceRequestOut, SectionFortySevenEnquiryIn, TransferInIn
from services.conferences.endpoints import CHANGED, CaseManagement, RequestRef
from services.conferences.enquiries import actions as requests

routes = APIRouter(prefix="/v1", tags=["children and families"])
PUT = CHANGED | responses(requests.ConferenceAnsweredIt) | {201: {"model": ConferenceRequestOut}}


def _out(done: tuple[ConferenceRequest, bool], response: Response) -> ConferenceRequestOut:
    row, is_new = done
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(row.version)
    return ConferenceRequestOut.model_validate(row, from_attributes=True)


@routes.put("/section-47-enquiries/{request_id}", responses=PUT)
async def put_section_47_enquiry(
    request_id: RequestRef,
    wanted: SectionFortySevenEnquiryIn,
    command: CaseManagement,
    version: IfMatchWhereKnown,
    response: Response,
) -> ConferenceRequestOut:
    """Register a section 47 enquiry or bring it up to date, as the case-management system has it.

    The initial conference is due 15 working days after the strategy discussion, or where none is recorded after the
    enquiry's start (Working Together to Safeguard Children 2026). The same words again change nothing.
    """
    return _out(await requests.put_enquiry(command, request_id, version, wanted), response)


@routes.put("/transfers-in/{request_id}", responses=PUT)
async def put_transfer_in(
    request_id: RequestRef,
    wanted: TransferInIn,
    command: CaseManagement,
    version: IfMatchWhereKnown,
    response: Response,
) -> ConferenceRequestOut:
    """Register another authority's notification that a child with a plan moves here, or bring it up to date.

    The transfer-in conference is due 15 working days after the notification, or as the council's setting says.
    """
    return _out(await requests.put_transfer_in(command, request_id, version, wanted), response)
