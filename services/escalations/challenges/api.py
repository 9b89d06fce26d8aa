"""Positive challenges and good practice: recorded and counted separately from formal escalations."""

from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import Field

from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import Invalid, NotFound, Unavailable, VersionMissing, VersionStale, responses
from chassis.command import Command, commanded_by
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.reading import RecordReader, read_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, etag
from services.escalations.challenges import actions as informal
from services.escalations.challenges.queries import CHALLENGES, GOOD_PRACTICES
from services.escalations.challenges.schemas import (
    ChallengeIn,
    ChallengeOut,
    ChallengePage,
    GoodPracticeIn,
    GoodPracticeOut,
    GoodPracticePage,
    NotedGoodPracticeOut,
    OutcomeIn,
    RaisedChallengeOut,
    RaiseFormallyIn,
)
from services.escalations.escalations.schemas import EscalationOut
from services.escalations.escalations.unknown import unknown_people
from services.escalations.roles import DECIDERS, READERS, WRITERS
from services.escalations.rules import ChallengeState, Theme

routes = Routes(prefix="/v1", tags=["escalations"])

Ref = Annotated[str, Path(pattern=r"^CHA-\d{4}-\d{4,}$", description="Such as `CHA-2019-0007`.")]
Reader = Annotated[RecordReader, read_by(*READERS)]
Writer = Annotated[Command, commanded_by(*WRITERS)]
Decider = Annotated[Command, commanded_by(*DECIDERS)]
CHANGED = responses(NotFound, informal.ChallengeClosed, VersionStale, VersionMissing)


@routes.post("/challenges", status_code=201, responses=responses(Invalid))
async def raise_challenge(wanted: ChallengeIn, command: Writer, response: Response) -> RaisedChallengeOut:
    """Record a positive challenge, the informal step before an escalation."""
    challenge = await informal.raise_challenge(command, wanted)
    response.headers.update({"ETag": etag(challenge.version), "Location": f"/v1/challenges/{challenge.reference}"})
    warnings = await unknown_people(command, {"person_ids": wanted.person_ids})
    return RaisedChallengeOut.model_validate(challenge, update={"warnings": warnings})


class ChallengesQuery(PageQuery):
    """The parameters of `list_challenges`."""

    reference: Several[str] = Field(None, description="Filter by reference.")
    state: Several[ChallengeState] = Field(None, description="Filter by state.")
    owner_id: Several[str] = Field(None, description="Filter by the chair who owns it.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    theme: Several[Theme] = Field(None, description="Filter by theme.")
    meeting_reference: Several[str] = Field(None, description="Filter by meeting.")
    raised_from: Omittable[Day] = Field(None, description="Raised on or after this day.")
    raised_to: Omittable[Day] = Field(None, description="Raised on or before this day.")
    sort: str = sorted_by("-raised_on", "reference", "state", "owner_id")


@routes.get("/challenges", response_model=ChallengePage)
async def list_challenges(reader: Reader, query: Annotated[ChallengesQuery, Query()]) -> Response:
    """List positive challenges, newest first."""
    return await reader.page(CHALLENGES, query)


@routes.get("/challenges/{reference}", response_model=ChallengeOut, responses=responses(NotFound))
async def get_challenge(reference: Ref, reader: Reader) -> Response:
    """Get a positive challenge. Its version is the ETag."""
    return await reader.one(CHALLENGES, reference=reference)


@routes.post("/challenges/{reference}/resolve", responses=CHANGED | responses(Invalid))
async def resolve_challenge(
    reference: Ref, wanted: OutcomeIn, command: Decider, version: IfMatch, response: Response
) -> ChallengeOut:
    """Close a positive challenge with its outcome."""
    challenge = await informal.resolve_challenge(command, reference, version, wanted)
    response.headers["ETag"] = etag(challenge.version)
    return ChallengeOut.model_validate(challenge)


@routes.post("/challenges/{reference}/raise-formally", status_code=201, responses=CHANGED | responses(Unavailable))
async def raise_challenge_formally(
    reference: Ref, wanted: RaiseFormallyIn, command: Decider, version: IfMatch, response: Response
) -> EscalationOut:
    """Raise a formal escalation from a positive challenge. Each refers to the other; the escalation is returned."""
    escalation = await informal.raise_challenge_formally(command, reference, version, wanted)
    response.headers.update({"ETag": etag(escalation.version), "Location": f"/v1/escalations/{escalation.reference}"})
    return escalation


@routes.post(
    "/good-practice",
    status_code=201,
    responses=responses(Invalid),
)
async def note_good_practice(wanted: GoodPracticeIn, command: Writer, response: Response) -> NotedGoodPracticeOut:
    """Record good practice, and when the worker and the manager were told."""
    noted = await informal.note_good_practice(command, wanted)
    response.headers.update({"ETag": etag(noted.version), "Location": f"/v1/good-practice/{noted.reference}"})
    warnings = await unknown_people(command, {"person_ids": wanted.person_ids})
    return NotedGoodPracticeOut.model_validate(noted, update={"warnings": warnings})


class GoodPracticeQuery(PageQuery):
    """The parameters of `list_good_practice`."""

    reference: Several[str] = Field(None, description="Filter by reference.")
    area_id: Several[str] = Field(None, description="Filter by area.")
    noted_from: Omittable[Day] = Field(None, description="Noted on or after this day.")
    noted_to: Omittable[Day] = Field(None, description="Noted on or before this day.")
    sort: str = sorted_by("-noted_on", "reference")


@routes.get("/good-practice", response_model=GoodPracticePage)
async def list_good_practice(reader: Reader, query: Annotated[GoodPracticeQuery, Query()]) -> Response:
    """List good practice, newest first."""
    return await reader.page(GOOD_PRACTICES, query)


@routes.get("/good-practice/{reference}", response_model=GoodPracticeOut, responses=responses(NotFound))
async def get_good_practice(
    reference: Annotated[str, Path(pattern=r"^GOO-\d{4}-\d{4,}$", description="Such as `GOO-2019-0003`.")],
    reader: Reader,
) -> Response:
    """Get a note of good practice."""
    return await reader.one(GOOD_PRACTICES, reference=reference)
