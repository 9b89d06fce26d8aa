"""What asks for a first conference, rendered by PostgreSQL."""

from sqlalchemy import not_
from sqlmodel import col

from chassis.db.columns import between, equal, whether
from chassis.web.pagination import JsonRows
from services.conferences.children.queries import about_visible
from services.conferences.enquiries.models import ConferenceRequest
from services.conferences.rules.vocabulary import RequestKind


def _requests(kind: RequestKind) -> JsonRows:
    """What asks for a first conference, of one kind."""
    is_waiting = (
        col(ConferenceRequest.event_on).is_not(None)
        & col(ConferenceRequest.answered_on).is_(None)
        & not_(col(ConferenceRequest.conference_not_required))
    )
    return JsonRows(
        about_visible(ConferenceRequest, "id").where(col(ConferenceRequest.kind) == kind),
        filters=equal(ConferenceRequest, "person_id")
        | between(col(ConferenceRequest.started_on), "started")
        | whether("waiting", is_waiting),
        order=[col(ConferenceRequest.started_on).desc(), col(ConferenceRequest.id).desc()],
        hidden=["person_ids"],
    )


ENQUIRIES, TRANSFERS_IN = _requests(RequestKind.SECTION_47_ENQUIRY), _requests(RequestKind.TRANSFER_IN)
