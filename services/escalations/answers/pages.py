"""The answer pages: what a liaison officer sees after opening the link in an email.

About a child nothing is shown but the reference and the day of a meeting.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Form, Query, Request, Response

from chassis.access.callers import Caller, Role
from chassis.base.clock import Now, Today
from chassis.command import Command
from chassis.db.database import Transaction
from chassis.process import ProcessDep
from chassis.web.pages import HEADERS, NOT_SENT_YET, LinkPages, link_id_of
from chassis.web.spreadsheets import Sheet
from services.escalations.answers import actions as answering
from services.escalations.answers import links as linking
from services.escalations.answers import view
from services.escalations.answers.models import Answer, AnswerLink
from services.escalations.rules import Choice

LONGEST_NOTE = 2000
# The columns of the list as a spreadsheet.
SHEET = {
    "reference": "Reference",
    "meeting": "Meeting",
    "who": "Who",
    "missing": "What was escalated",
    "answer": "Answer",
}
pages = LinkPages("/answer", Path(__file__).parent / "templates")
routes = pages.router()


@dataclass(frozen=True)
class Officer:
    """The officer of a link that works, with their latest one; `entered` if it was opened in this browser recently."""

    command: Command
    link: AnswerLink
    current: AnswerLink
    entered: bool

    @property
    def seal(self) -> str:
        """What the forms of the link's pages carry."""
        return pages.seal(self.command.process.settings, self.link.id, self.link.period)

    async def shown(self) -> view.Shown:
        """What the link shows now."""
        return await view.shown(self.command, self.link, self.current)

    async def quarter(self) -> dict[str, Any]:
        """The context of the page of the quarter."""
        return await view.quarter(self.command.session, await self.shown())

    def page(self, name: str, *, status: int = 200, **context: Any) -> Response:
        """One of the link's pages."""
        return pages.page(name, status=status, address=pages.address(self.link.id), seal=self.seal, **context)


async def _holder(
    link_id: str, request: Request, session: Transaction, process: ProcessDep, now: Now, today: Today
) -> Officer | None:
    """The officer of the link in the address; None if the link does not work."""
    known = link_id_of(link_id)
    link = None if known is None else await session.get(AnswerLink, known)
    current = link and await linking.current_link(session, link, today)
    if link is None or current is None:
        return None
    caller = Caller(link.colleague_id, frozenset({Role.LIAISON_OFFICER}))
    entered = pages.has_cookie(process.settings, request, link.id)
    return Officer(Command(session, caller, process, now, today), link, current, entered)


Holder = Annotated[Officer | None, Depends(_holder)]


def _entered(holder: Holder) -> Officer | None:
    """The officer, if the link works and was opened in this browser."""
    return holder if holder is not None and holder.entered else None


Entered = Annotated[Officer | None, Depends(_entered)]


@routes.get("")
async def show_no_link() -> Response:
    """Say that a link is needed."""
    return pages.no_link()


@routes.get("/link/{link_id}")
async def show_quarter(officer: Entered, choice: Annotated[str, Query()] = "") -> Response:
    """The officer's quarter; `choice` preselects an answer."""
    if officer is None:
        return pages.no_link()
    selected = choice if choice in set(Choice) else ""
    context = await officer.quarter()
    return officer.page("quarter.html", form=view.Form(choice=selected), **context)


@routes.post("/link/{link_id}")
async def answer(
    holder: Holder,
    seal: Annotated[str, Form(max_length=1000)] = "",
    scope: Annotated[str, Form(max_length=20)] = "all",
    key: Annotated[str, Form(max_length=100)] = "",
    choice: Annotated[str, Form(max_length=50)] = "",
    expected_on: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=10_000)] = "",
    *,
    again: Annotated[bool, Form()] = False,
) -> Response:
    """Give one answer to all, to a practice or team, to a theme, or to one escalation, and show the receipt.

    `seal` binds the form to its link and quarter: without a valid seal nothing is answered. If the cookie has expired,
    the page comes back as it was sent, with a new cookie. Earlier answers change only with `again`, so that a form
    that is sent twice counts once.
    """
    form = view.Form(scope=scope, key=key, choice=choice, expected_on=expected_on.strip(), note=_lines(note))
    if holder is None:
        return pages.no_link(written=form.note)
    command, link = holder.command, holder.link
    is_sealed = pages.is_sealed(command.process.settings, seal, link.id, link.period)
    if not is_sealed or not holder.entered:
        if not is_sealed and not holder.entered:
            return pages.no_link(written=form.note)
        back = await _sent_back(holder, form, {view.MAIN: NOT_SENT_YET})
        return pages.with_cookie(back, command.process.settings, link.id)
    # The same form may have been sent a moment ago: wait until that request has finished.
    await command.session.refresh(link, with_for_update=True)
    if errors := _errors(form, command.today):
        return await _sent_back(holder, form, errors)
    shown = await holder.shown()
    chosen = view.references_for(shown, scope, key, again=again)
    if not chosen:
        earlier = await view.latest_answer(command.session, link)
        return pages.redirect(link.id, f"/receipt/{earlier}" if earlier else "")
    return await _give(holder, form, chosen, shown.through())


async def _give(officer: Officer, form: view.Form, chosen: list[str], through: str) -> Response:
    """Give a valid answer, and go on to its receipt."""
    command, link = officer.command, officer.link
    answer = await answering.give(
        command,
        Answer(
            at=command.now,
            answered_on=command.today,
            answered_by=link.colleague_id,
            answered_through=through,
            answer_link_id=link.id,
            choice=Choice(form.choice),
            expected_on=date.fromisoformat(form.expected_on) if form.expected_on else None,
            note=form.note or None,
            references=chosen,
        ),
    )
    return pages.redirect(link.id, f"/receipt/{answer.id}")


async def _sent_back(officer: Officer, form: view.Form, errors: dict[str, str]) -> Response:
    """The page that a form came from, with what was written and what is wrong."""
    shown = await officer.shown()
    context = await view.quarter(officer.command.session, shown)
    form = form.with_errors(errors, context["quarter"])
    if form.scope != view.ONE:
        return officer.page("quarter.html", status=422, form=form, **context)
    escalation = await view.escalation(officer.command.session, shown, form.key)
    if escalation is None:
        return pages.redirect(officer.link.id)
    return officer.page("escalation.html", status=422, escalation=escalation, form=form, **context)


def _lines(note: str) -> str:
    """A note as it was typed: browsers send a line break as two characters, but count it as one."""
    return note.replace("\r\n", "\n").strip()


def _errors(form: view.Form, today: date) -> dict[str, str]:
    if len(form.note) > LONGEST_NOTE:
        return {"note": f"Write {LONGEST_NOTE} characters or fewer"}
    if form.choice not in set(Choice):
        return {"choice": "Choose what has been done"}
    try:
        expected = date.fromisoformat(form.expected_on) if form.expected_on else None
    except ValueError:
        return {"expected_on": "Enter a real date"}
    found = answering.wrong_in_answer(Choice(form.choice), expected, form.note or None, today)
    return {error.field: error.message for error in reversed(found)}


@routes.get("/link/{link_id}/escalations/{reference}")
async def show_escalation(reference: str, officer: Entered) -> Response:
    """One of the officer's escalations, to answer on its own."""
    if officer is None:
        return pages.no_link()
    shown = await officer.shown()
    escalation = await view.escalation(officer.command.session, shown, reference)
    if escalation is None:
        return pages.redirect(officer.link.id)
    context = await view.quarter(officer.command.session, shown)
    return officer.page("escalation.html", escalation=escalation, form=view.Form(), **context)


@routes.get("/link/{link_id}/receipt/{answer_id}")
async def show_receipt(answer_id: UUID, officer: Entered) -> Response:
    """What was answered, and when."""
    if officer is None:
        return pages.no_link()
    receipt = await view.receipt(officer.command, await officer.shown(), answer_id)
    return pages.redirect(officer.link.id) if receipt is None else officer.page("receipt.html", receipt=receipt)


@routes.post("/link/{link_id}/share")
async def share(
    holder: Holder, seal: Annotated[str, Form(max_length=1000)] = "", unit: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """Make a link for the escalations of one practice or team, and show it once, to be passed on."""
    if holder is None or not _may_share(holder, seal):
        return pages.no_link()
    quarter = (await holder.quarter())["quarter"]
    found = next((group for group in quarter["units"] if group["key"] == unit), None)
    if found is None:
        return pages.redirect(holder.link.id)
    token = await linking.share_link(holder.command, holder.link, unit)
    url = f"{holder.command.process.settings.public_url.rstrip('/')}/answer/{token}"
    return holder.page("shared.html", unit=found, url=url, quarter=quarter)


@routes.post("/link/{link_id}/stop-sharing")
async def stop_sharing(
    holder: Holder, seal: Annotated[str, Form(max_length=1000)] = "", shared: Annotated[str, Form(max_length=36)] = ""
) -> Response:
    """Make a link that was shared stop working."""
    if holder is None or not _may_share(holder, seal):
        return pages.no_link()
    if (shared_id := link_id_of(shared)) is not None:
        await linking.stop_sharing(holder.command, holder.link, shared_id)
    return pages.redirect(holder.link.id)


def _may_share(holder: Officer, seal: str) -> bool:
    is_sealed = pages.is_sealed(holder.command.process.settings, seal, holder.link.id, holder.link.period)
    return is_sealed and holder.entered and holder.link.shared_from is None


@routes.get("/link/{link_id}/list.csv")
async def download_list(officer: Entered) -> Response:
    """The list as a spreadsheet."""
    if officer is None:
        return pages.no_link()
    units = (await officer.quarter())["quarter"]["units"]
    rows = [escalation for unit in units for escalation in unit["escalations"]]
    sheet = Sheet(list(SHEET.values()))
    sheet.add({title: row[name] for name, title in SHEET.items()} for row in rows)
    answer = sheet.response()
    answer.headers.update(HEADERS)
    return answer


pages.offer_new_links(routes, linking.request_new_link)


@routes.get("/{token}")
async def open_link(
    token: str, session: Transaction, process: ProcessDep, today: Today, choice: Annotated[str, Query()] = ""
) -> Response:
    """Exchange a link's token for the cookie, and go on to the clean address."""
    link = await linking.link_of_token(session, token)
    if link is None:
        return pages.no_link(token)
    if await linking.current_link(session, link, today) is None:
        why = await linking.ended(session, link, today)
        return pages.no_link(token if why is None else None, ended=why)
    return pages.entered(process.settings, link.id, f"?choice={choice}" if choice in set(Choice) else "")
