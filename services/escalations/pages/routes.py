"""The answer pages: what a liaison officer sees who opens the link of an email.

Nothing about a child is shown but the date of a meeting.
"""

from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form, Query, Request, Response

from chassis.acting import Acting
from chassis.callers import Caller, Role
from chassis.clock import Now, Today
from chassis.db import Transaction
from chassis.pages import LinkPages
from chassis.work import WorkDep
from services.escalations.actions import answering, linking
from services.escalations.pages import view
from services.escalations.rules import Choice
from services.escalations.tables import Answer, AnswerLink

LONGEST_NOTE = 2000
pages = LinkPages("/answer", Path(__file__).parent.parent / "templates")
routes = pages.router()


async def _officer(
    request: Request, session: Transaction, work: WorkDep, now: Now, today: Today
) -> "tuple[Acting, AnswerLink] | None":
    """Who answers, by their cookie; nothing if its link does not work, or works no more."""
    link_id = pages.link_of(work.settings, request)
    link = None if link_id is None else await session.get(AnswerLink, link_id)
    if link is None or not linking.works(link, today):
        return None
    caller = Caller(link.colleague_id, frozenset({Role.LIAISON_OFFICER}))
    return Acting(session, caller, work, now, today), link


Officer = Annotated["tuple[Acting, AnswerLink] | None", Depends(_officer)]


@routes.get("")
async def show_quarter(officer: Officer, choice: Annotated[str, Query()] = "") -> Response:
    """The officer's quarter; `choice` only selects a ready answer beforehand."""
    if officer is None:
        return pages.no_link()
    act, link = officer
    selected = choice if choice in set(Choice) else ""
    return pages.page("quarter.html", **await view.quarter(act.session, link), form=view.empty_form(selected))


@routes.post("")
async def answer(
    officer: Officer,
    scope: Annotated[str, Form(max_length=20)] = "all",
    key: Annotated[str, Form(max_length=100)] = "",
    choice: Annotated[str, Form(max_length=50)] = "",
    expected_on: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=10_000)] = "",
    *,
    again: Annotated[bool, Form()] = False,
) -> Response:
    """Give one answer to all, to a theme, or to one escalation, and show the receipt.

    What was answered stays as it is unless it is answered `again`: a form that is sent twice counts once.
    """
    if officer is None:
        return pages.no_link()
    act, link = officer
    # Whoever sent the same form a moment ago is done first.
    await act.session.refresh(link, with_for_update=True)
    form = view.Form(scope=scope, key=key, choice=choice, expected_on=expected_on.strip(), note=_lines(note))
    errors = _errors(form, act.today)
    chosen = await view.references_for(act.session, link, scope, key, again=again)
    if not errors and not chosen:
        given_before = await view.last_given(act.session, link)
        return pages.redirect(f"/receipt/{given_before}" if given_before else "")
    if errors:
        context = await view.quarter(act.session, link)
        form = form.with_errors(errors, context["quarter"]["themes"])
        if scope == view.ONE:
            one = await view.one(act.session, link, key)
            if one is None:
                return pages.redirect()
            return pages.page("escalation.html", status=422, one=one, form=form, **context)
        return pages.page("quarter.html", status=422, form=form, **context)
    given = await answering.give(
        act,
        Answer(
            at=act.now,
            answered_on=act.today,
            answered_by=link.colleague_id,
            answer_link_id=link.id,
            choice=form.choice,
            expected_on=date.fromisoformat(form.expected_on) if form.expected_on else None,
            note=form.note or None,
            references=chosen,
        ),
    )
    return pages.redirect(f"/receipt/{given.id}")


def _lines(note: str) -> str:
    """A note as it was typed: browsers send a line's end as two characters, and count it as one."""
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


@routes.get("/escalations/{reference}")
async def show_escalation(reference: str, officer: Officer) -> Response:
    """One escalation of the officer's, to be answered alone."""
    if officer is None:
        return pages.no_link()
    act, link = officer
    one = await view.one(act.session, link, reference)
    if one is None:
        return pages.redirect()
    context = await view.quarter(act.session, link)
    return pages.page("escalation.html", one=one, form=view.empty_form(), **context)


@routes.get("/receipt/{answer_id}")
async def show_receipt(answer_id: UUID, officer: Officer) -> Response:
    """What was answered, and when."""
    if officer is None:
        return pages.no_link()
    act, link = officer
    receipt = await view.receipt(act.session, link, answer_id)
    return pages.redirect() if receipt is None else pages.page("receipt.html", receipt=receipt)


@routes.post("/new-link")
async def request_new_link(
    session: Transaction, work: WorkDep, now: Now, today: Today, token: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Have a new link sent to the address on file; the answer is the same whether or not there was such a link."""
    nobody = Caller("somebody with an old link", frozenset({Role.LIAISON_OFFICER}))
    await linking.request_new_link(Acting(session, nobody, work, now, today), token)
    return pages.new_link()


@routes.get("/{token}")
async def open_link(
    token: str, session: Transaction, work: WorkDep, today: Today, choice: Annotated[str, Query()] = ""
) -> Response:
    """Exchange a link's token for the cookie, and go on to the clean address."""
    link = await linking.link_of_token(session, token)
    if link is None or not linking.works(link, today):
        return pages.no_link(token)
    return pages.entered(work.settings, link.id, f"?choice={choice}" if choice in set(Choice) else "")
