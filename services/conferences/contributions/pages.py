"""The contribution pages: an invited professional says whether their report is sent and whether they come.

Nothing is shown of anybody else who is invited, or of another agency. Who the children are is shown only where the
council chose that, and only after a code that was sent to the invitation's address.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Form, Request, Response

from chassis.access.callers import Caller
from chassis.base.clock import Now, Today
from chassis.command import Command
from chassis.db.database import Transaction
from chassis.meetings.code_pages import CodePages, Guest
from chassis.papers.directory import Directory
from chassis.process import ProcessDep
from chassis.web.pages import NOT_SENT_YET, LinkPages, link_id_of
from services.conferences.contributions import actions as contributing
from services.conferences.contributions import links as linking
from services.conferences.contributions import view
from services.conferences.contributions.links import PATH, Opened
from services.conferences.contributions.models import ContributionLink
from services.conferences.settings import settings_of

pages = LinkPages(PATH, Path(__file__).parent / "templates")
codes = CodePages(pages)
routes = pages.router()


@dataclass(frozen=True)
class Holder:
    """The holder of a link that works, and what it is about.

    `entered` if this browser opened it recently, `knows_code` if a code was entered in it since.
    """

    command: Command
    found: Opened
    entered: bool
    knows_code: bool

    async def page(self, name: str, *, status: int = 200, **context: Any) -> Response:
        """One of the link's pages."""
        chair_id, agency_id = self.found.conference.chair_id, self.found.invitation.agency_id
        names = await Directory(self.command.process).names_if_reached([chair_id], [agency_id])
        return pages.page(
            name,
            status=status,
            address=pages.address(self.found.link.id),
            conference=view.conference(self.found, names),
            contribution=view.contribution(self.found),
            **context,
        )

    async def asking(self, form: view.Form) -> Response:
        """The page with the form; one in which something is wrong as well."""
        settings, link = settings_of(self.command.process), self.found.link
        shows_names = settings.names_on_invitations and self.knows_code
        children = await linking.children_shown(self.command, self.found) if shows_names else []
        return await self.page(
            "contribution.html",
            status=422 if form.problems else 200,
            form=form,
            seal=pages.seal(settings, link.id, self.found.invitation.reference),
            code_seal=codes.seal(settings, link.id) if settings.names_on_invitations and not shows_names else None,
            shows_names=shows_names,
            children=[view.child(child) for child in children],
            withheld=len(self.found.invitation.person_ids) - len(children),
        )


async def _holder(
    link_id: str, request: Request, session: Transaction, process: ProcessDep, now: Now, today: Today
) -> Holder | None:
    """Whose invitation the address's link is about; nobody's if it does not work, or works no more."""
    known = link_id_of(link_id)
    link = None if known is None else await session.get(ContributionLink, known)
    if link is None:
        return None
    found = await linking.opened(session, link, today, locked=request.method == "POST")
    if not found.processes(today):
        return None
    caller = Caller(f"invitation {found.invitation.id}", frozenset())
    is_entered = pages.has_cookie(process.settings, request, link.id)
    knows_code = is_entered and codes.opened(process.settings, request, link.id)
    return Holder(Command(session, caller, process, now, today), found, is_entered, knows_code)


Invited = Annotated[Holder | None, Depends(_holder)]


def _entered(holder: Invited) -> Holder | None:
    """Who looks at a page of theirs: a link that works and was opened in this browser."""
    return holder if holder is not None and holder.entered else None


Entered = Annotated[Holder | None, Depends(_entered)]


def _guest(holder: Invited) -> Guest | None:
    """Who asks for a code or enters one: nobody where there is nothing that it would open."""
    if holder is None or not settings_of(holder.command.process).names_on_invitations:
        return None
    found = holder.found
    if not found.asks(holder.command.today):
        return None
    return Guest(holder.command, found.link.id, found.invitation.email, holder.entered)


codes.add_to(routes, _guest)


@routes.get("")
async def show_no_link() -> Response:
    """Without a link there is nothing to be seen."""
    return pages.no_link()


@routes.get("/link/{link_id}")
async def show_contribution(holder: Entered) -> Response:
    """The conference and the form, or that it is over."""
    if holder is None:
        return pages.no_link()
    today = holder.command.today
    if not holder.found.asks(today):
        return await holder.page("over.html")
    return await holder.asking(view.form_of(holder.found, today))


@routes.post("/link/{link_id}")
async def contribute(
    holder: Invited,
    seal: Annotated[str, Form(max_length=1000)] = "",
    report: Annotated[str, Form(max_length=20)] = "",
    report_on: Annotated[str, Form(max_length=20)] = "",
    attending: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Say whether the report is sent and whether one comes; saying so again corrects it.

    `seal` binds the form to its link and conference; without a sound one nothing is said. Where the cookie ran out
    meanwhile, the page comes back as it was sent, with a fresh one.
    """
    if holder is None:
        return pages.no_link()
    command, found = holder.command, holder.found
    row, settings = found.invitation, command.process.settings
    is_sealed = pages.is_sealed(settings, seal, found.link.id, row.reference)
    if not is_sealed and not holder.entered:
        return pages.no_link()
    if not found.asks(command.today):
        return await holder.page("over.html")
    form = view.Form(report=report, report_on=report_on.strip(), attending=attending)
    if not is_sealed or not holder.entered:
        back = await holder.asking(form.with_problems({"main": NOT_SENT_YET}))
        return pages.with_cookie(back, settings, found.link.id)
    if problems := view.missing_in(form, report_expected=row.report_expected):
        return await holder.asking(form.with_problems(problems))
    changes = contributing.changes_in(row, view.said_in(form, found, command.today))
    if refusals := contributing.wrong_in(command, row, found.conference, changes):
        return await holder.asking(form.with_problems(view.problems_of(refusals)))
    await contributing.say(command, row, found.conference, changes, "contribute")
    found.link.used_at = command.now
    return pages.redirect(found.link.id, "/receipt")


@routes.get("/link/{link_id}/receipt")
async def show_receipt(holder: Entered) -> Response:
    """What is kept of what was said by the link."""
    if holder is None:
        return pages.no_link()
    link = holder.found.link
    if link.used_at is None or not holder.found.asks(holder.command.today):
        return pages.redirect(link.id)
    return await holder.page("receipt.html")


pages.offer_new_links(routes, linking.request_new_link)


@routes.get("/{token}")
async def open_link(token: str, session: Transaction, process: ProcessDep, today: Today) -> Response:
    """Exchange a link's token for the cookie, and go on to the clean address."""
    link = await linking.link_of_token(session, token)
    if link is None:
        return pages.no_link(token)
    found = await linking.opened(session, link, today)
    if not found.processes(today):
        why = found.ended(today)
        return pages.no_link(token if why is None else None, ended=why)
    return pages.entered(process.settings, link.id)
