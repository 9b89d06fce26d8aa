"""The contribution pages: an invited professional says whether their report is sent and whether they come.

Nothing is shown of the children, of anybody else who is invited, or of another agency.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Form, Request, Response

from chassis.acting import Acting
from chassis.callers import Caller
from chassis.clock import Now, Today
from chassis.db import Transaction
from chassis.pages import LinkPages
from chassis.work import WorkDep
from services.conferences.actions import contributing, linking
from services.conferences.actions.linking import PATH, Opened
from services.conferences.pages import view
from services.conferences.tables import ContributionLink

pages = LinkPages(PATH, Path(__file__).parent.parent / "templates")
routes = pages.router()


@dataclass(frozen=True)
class Holder:
    """Whoever has opened a link that works, and what it is about."""

    act: Acting
    found: Opened


async def _holder(request: Request, session: Transaction, work: WorkDep, now: Now, today: Today) -> Holder | None:
    """Whose invitation it is, by their cookie; nothing if its link does not work, or works no more."""
    link_id = pages.link_of(work.settings, request)
    link = None if link_id is None else await session.get(ContributionLink, link_id)
    if link is None:
        return None
    found = await linking.opened(session, link, locked=request.method == "POST")
    if not found.works(today):
        return None
    caller = Caller(f"invitation {found.invitation.id}", frozenset())
    return Holder(Acting(session, caller, work, now, today), found)


Invited = Annotated[Holder | None, Depends(_holder)]


def _page(found: Opened, form: view.Form) -> Response:
    return pages.page(
        "contribution.html",
        status=422 if form.problems else 200,
        conference=view.conference(found),
        contribution=view.contribution(found),
        form=form,
    )


def _over(found: Opened) -> Response:
    return pages.page("over.html", conference=view.conference(found))


@routes.get("")
async def show_contribution(holder: Invited) -> Response:
    """The conference and the form, or that it is over."""
    if holder is None:
        return pages.no_link()
    today = holder.act.today
    return _page(holder.found, view.form_of(holder.found, today)) if holder.found.asks(today) else _over(holder.found)


@routes.post("")
async def contribute(
    holder: Invited,
    about: Annotated[str, Form(max_length=40)] = "",
    report: Annotated[str, Form(max_length=20)] = "",
    report_on: Annotated[str, Form(max_length=20)] = "",
    attending: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Say whether the report is sent and whether one comes; saying so again corrects it.

    `about` is the conference that the form showed.
    """
    if holder is None:
        return pages.no_link()
    act, found = holder.act, holder.found
    if not found.asks(act.today):
        return _over(found)
    row = found.invitation
    if about != row.reference:
        return _page(found, view.form_of(found, act.today).with_problems(view.ANOTHER))
    form = view.Form(report=report, report_on=report_on.strip(), attending=attending)
    if problems := view.missing_in(form, report_expected=row.report_expected):
        return _page(found, form.with_problems(problems))
    changes = contributing.changes_in(row, view.said_in(form, found, act.today))
    if refusals := contributing.wrong_in(act, row, found.conference, changes):
        return _page(found, form.with_problems(view.problems_of(refusals)))
    await contributing.say(act, row, found.conference, changes, "contribute")
    found.link.used_at = act.now
    return pages.redirect("/receipt")


@routes.get("/receipt")
async def show_receipt(holder: Invited) -> Response:
    """What is kept of what was said by the link."""
    if holder is None:
        return pages.no_link()
    found = holder.found
    if found.link.used_at is None or not found.asks(holder.act.today):
        return pages.redirect()
    return pages.page("receipt.html", conference=view.conference(found), contribution=view.contribution(found))


@routes.post("/new-link")
async def request_new_link(
    session: Transaction, work: WorkDep, now: Now, today: Today, token: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Have a new link sent to the address on file; the answer is the same whether or not there was such a link."""
    nobody = Caller("somebody with an old link", frozenset())
    await linking.request_new_link(Acting(session, nobody, work, now, today), token)
    return pages.new_link()


@routes.get("/{token}")
async def open_link(token: str, session: Transaction, work: WorkDep, today: Today) -> Response:
    """Exchange a link's token for the cookie, and go on to the clean address."""
    link = await linking.link_of_token(session, token)
    if link is None or not (await linking.opened(session, link)).works(today):
        return pages.no_link(token)
    return pages.entered(work.settings, link.id)
