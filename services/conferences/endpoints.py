"""What the endpoints of this service share: who asks, where a path leads, and how changes are answered."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response
from sqlmodel import col

from chassis.base.fields import PersonId
from chassis.base.problems import Invalid, NotFound, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.meetings.warnings import far_from_due, left_out
from chassis.web.reading import RecordReader, read_by
from chassis.web.versions import etag
from services.conferences.fields import REFERENCE, RequestId
from services.conferences.meetings.meeting import ConferenceNotHeld, ConferenceNotPlanned, Meeting
from services.conferences.meetings.schemas import ChildConferenceOut, ConferenceMeetingOut, PlannedConferenceOut
from services.conferences.plans.models import ProtectionPlan
from services.conferences.roles import CASE_MANAGEMENT, DECIDERS, READERS, SERVICES, WRITERS

Reader = Annotated[RecordReader, read_by(*READERS)]
Asking = Annotated[RecordReader, read_by(*SERVICES)]
Writer = Annotated[Command, commanded_by(*WRITERS)]
Decider = Annotated[Command, commanded_by(*DECIDERS)]
CaseManagement = Annotated[Command, commanded_by(*CASE_MANAGEMENT)]
Person = Annotated[PersonId, Path(description="The child's case-management person number.")]
Ref = Annotated[str, Path(pattern=REFERENCE, description="The conference's reference, such as `CONF-2019-0042`.")]
RequestRef = Annotated[RequestId, Path(description="Its number in the case-management system.")]
InvitationRef = Annotated[UUID, Path(description="The invitation's identifier.")]

CHANGED = responses(NotFound, Invalid, VersionStale, VersionMissing)
CONFERENCE_CHANGED = responses(NotFound, Invalid, ConferenceNotPlanned, VersionStale, VersionMissing)
HELD_CHANGED = responses(NotFound, Invalid, ConferenceNotHeld, VersionStale, VersionMissing)


def meeting_out(meeting: Meeting, response: Response) -> ConferenceMeetingOut:
    """A changed conference with its children's parts, and its new version as ETag."""
    response.headers["ETag"] = etag(meeting.conference.version)
    return shown(meeting)


def shown(meeting: Meeting) -> ConferenceMeetingOut:
    """A conference with its children's parts."""
    names = {case.child.person_id: case.child.name for case in meeting.ordered()}
    children = [
        ChildConferenceOut.model_validate(meeting.parts[person_id], update={"person_name": name})
        for person_id, name in names.items()
    ]
    return ConferenceMeetingOut.model_validate(
        meeting.conference, update={"children": children, "person_names": list(names.values())}
    )


async def planned_out(command: Command, meeting: Meeting) -> PlannedConferenceOut:
    """A conference that was planned or moved, with what to look at again."""
    conference = meeting.conference
    warnings = far_from_due(conference.planned_on, [part.due_on for part in meeting.parts.values()])
    is_running = col(ProtectionPlan.ends_on).is_(None)
    warnings += await left_out(command, conference.person_ids, col(ProtectionPlan.person_id), is_running)
    return PlannedConferenceOut(**dict(shown(meeting)), warnings=warnings)
