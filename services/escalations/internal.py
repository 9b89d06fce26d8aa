"""What other processes ask for, never routed by the gateway: escalations for emails, answer links, the home page."""

import json
from typing import Annotated

from fastapi import Query, Response

from chassis.access.callers import Caller, may
from chassis.base.clock import Today
from chassis.base.fields import Day, Omittable
from chassis.base.problems import Invalid, responses
from chassis.command import Command, commanded_by
from chassis.db.database import Reading
from chassis.law.periods import parse
from chassis.process import ProcessDep
from chassis.web.first_pages import HomeReader
from chassis.web.idempotency import WITHOUT_KEY
from chassis.web.routes import Routes
from services.escalations.answers import links as linking
from services.escalations.answers.schemas import AnswerLinkIn, AnswerLinkTokenOut, NamedOfficersOut, OfficersIn
from services.escalations.escalations.queries import OPEN, RAISED_BETWEEN, stages_of
from services.escalations.escalations.schemas import OpenEscalationOut, QuarterEscalationOut
from services.escalations.home import HOME, EscalationsHome
from services.escalations.roles import SERVICES
from services.escalations.rules import Kind
from services.escalations.settings import settings_of

routes = Routes(prefix="/internal", tags=["escalations"])


@routes.get("/escalations/quarter", response_model=list[QuarterEscalationOut])
async def get_quarter(
    period: Annotated[str, Query(pattern=r"^(19|20)\d{2}-Q[1-4]$", description="The quarter, such as `2019-Q1`.")],
    reading: Reading,
    caller: Annotated[Caller, may(*SERVICES)],
    today: Today,
) -> Response:
    """List escalations raised in a quarter and not withdrawn, for the officers' emails. Without children's numbers."""
    quarter = parse(period)
    return await RAISED_BETWEEN.all(reading, first=quarter.first, last=quarter.last, today=today)


@routes.get("/escalations/open", response_model=list[OpenEscalationOut])
async def get_open_escalations(
    reading: Reading,
    caller: Annotated[Caller, may(*SERVICES)],
    process: ProcessDep,
    today: Today,
    on: Annotated[Omittable[Day], Query(description="The end of this day. Today by default.")] = None,
) -> Response:
    """List the escalations that were open at the end of a day, oldest first. Without children's numbers.

    How each stands otherwise is shown as it is now.
    """
    names = {kind: [stage.name for stage in settings_of(process).stages(kind)] for kind in Kind}
    return await OPEN.all(reading, stages=json.dumps(names), on=on or today, today=today)


@routes.post("/escalations/officers", responses=responses(Invalid))
async def name_officers(wanted: OfficersIn, command: Annotated[Command, commanded_by(*SERVICES)]) -> NamedOfficersOut:
    """Note who is responsible for open escalations now, as the directory says. Repeating this changes nothing."""
    changed = [
        await linking.name_officer(command, officer.references, officer.officer_id) for officer in wanted.officers
    ]
    return NamedOfficersOut(changed=sum(changed))


@routes.post(
    "/answer-links",
    status_code=201,
    dependencies=[WITHOUT_KEY],
    responses=responses(Invalid, linking.NoSuchEscalations),
)
async def create_answer_link(
    wanted: AnswerLinkIn, command: Annotated[Command, commanded_by(*SERVICES)]
) -> AnswerLinkTokenOut:
    """Create a link for an officer and a quarter, beside those from before. Its token is shown once."""
    link, token = await linking.create_answer_link(command, wanted)
    return AnswerLinkTokenOut(id=link.id, token=token)


@routes.get("/home", response_model=EscalationsHome)
async def get_escalations_home(reader: HomeReader, today: Today, process: ProcessDep) -> Response:
    """Get what the caller's home page shows of escalations, for the gateway, which asks with the caller's own roles."""
    return await HOME.answer(reader, today, **stages_of(settings_of(process)))
