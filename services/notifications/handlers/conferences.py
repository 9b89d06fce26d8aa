"""What this service does when somebody is invited to a conference, and when that conference is moved or cancelled."""

from uuid import UUID

from chassis.events.inbox import Receipt, ReceivedEvent, Subscription
from services.notifications.clients.conferences import ConferenceLetter, Conferences, ContributionLinkWanted
from services.notifications.directory.models import Colleague
from services.notifications.directory.snapshot import Directory
from services.notifications.emails.meetings import calendar_entry, when_and_where
from services.notifications.handlers.sending import advocates, send, was_sent
from services.notifications.messages.queueing import Addressee, Draft

INVITE, INVITE_AGAIN, TELL_OF_CHANGE, TAKE_BACK, NEW_LINK = (
    "invite_to_conference",
    "invite_to_conference_again",
    "tell_of_conference",
    "take_invitation_back",
    "send_new_contribution_link",
)
INVITED, MOVED, CANCELLED, TAKEN_BACK = "invited", "moved", "cancelled", "taken_back"
PROFESSIONAL, ADVOCATE = "professional", "advocate"


class ConferenceEvent(ReceivedEvent):
    """What this service reads of a conference."""

    source = "conferences"

    reference: str
    version: int


class ConferencePlanned(ConferenceEvent):
    """A conference was planned."""

    type = "conference.planned"


class ConferenceMoved(ConferenceEvent):
    """A conference was moved, or will be held in another way."""

    type = "conference.moved"


class ConferenceCancelled(ConferenceEvent):
    """A conference was cancelled."""

    type = "conference.cancelled"


class ProfessionalInvited(ReceivedEvent):
    """A professional, an observer or an advocate was invited, or a version of the invitation is sent again."""

    source = "conferences"
    type = "conference.invited"

    invitation_id: UUID
    again: int | None = None


class ProfessionalUninvited(ReceivedEvent):
    """The invitation of one of these was withdrawn."""

    source = "conferences"
    type = "conference.uninvited"

    invitation_id: UUID


class ContributionLinkRequested(ReceivedEvent):
    """Somebody needs a new link: they asked for it, or a version of the invitation corrected their address."""

    source = "conferences"
    type = "contribution_link.requested"

    invitation_id: UUID
    invitation_version: int | None = None


async def invite(event: ProfessionalInvited, receipt: Receipt) -> None:
    """Invite somebody by email. The weekly report lists those without an address."""
    letter = await Conferences(receipt.process).letter(event.invitation_id)
    await _invite(receipt, letter, await Directory.at(receipt), again=event.again)


async def uninvite(event: ProfessionalUninvited, receipt: Receipt) -> None:
    """Tell somebody who was invited by email that they do not need to come."""
    letter = await Conferences(receipt.process).letter(event.invitation_id)
    await _take_back(receipt, letter, await Directory.at(receipt))


async def invite_advocate(event: ConferencePlanned, receipt: Receipt) -> None:
    """Invite the advocate, who is invited automatically when a conference is planned."""
    directory = await Directory.at(receipt)
    for letter in await Conferences(receipt.process).letters(event.reference):
        if letter.invited_as == ADVOCATE:
            await _invite(receipt, letter, directory)


async def tell_of_move(event: ConferenceMoved, receipt: Receipt) -> None:
    """Tell everybody invited about the change. On the new day an advocate may be needed, or no longer needed."""
    directory = await Directory.at(receipt)
    for letter in await Conferences(receipt.process).letters(event.reference):
        if letter.withdrawn:
            await _take_back(receipt, letter, directory)
        elif letter.is_coming(directory.day):
            await _tell(receipt, letter, directory, MOVED, TELL_OF_CHANGE, f"{event.reference} {event.version}")
            if letter.invited_as == ADVOCATE:
                await _invite(receipt, letter, directory)


async def call_off(event: ConferenceCancelled, receipt: Receipt) -> None:
    """Tell everybody who was invited that a conference was cancelled."""
    directory = await Directory.at(receipt)
    for letter in await Conferences(receipt.process).letters(event.reference):
        if letter.state == CANCELLED and not letter.withdrawn:
            await _tell(receipt, letter, directory, CANCELLED, TELL_OF_CHANGE, f"{event.reference} {event.version}")


async def send_new_link(event: ContributionLinkRequested, receipt: Receipt) -> None:
    """Send a professional a new link to the address on file: at most once an hour, and once for each correction."""
    letter = await Conferences(receipt.process).letter(event.invitation_id)
    directory = await Directory.at(receipt)
    if letter.email is None or not letter.is_coming(directory.day):
        return
    corrected = event.invitation_version
    context = when_and_where(letter, directory) | {"corrected": corrected is not None}
    recipient = Addressee(str(letter.invitation_id), letter.email)
    draft = Draft(
        "contribution_link",
        recipient,
        context,
        _link(letter),
        person_ids=letter.person_ids,
        calendar=calendar_entry(receipt.process, letter, recipient, receipt.now),
    )
    await send(receipt, draft, NEW_LINK, f"{receipt.now:%Y-%m-%d %H}" if corrected is None else f"version {corrected}")


def _about(letter: ConferenceLetter) -> str:
    """The period under which an invitation is claimed."""
    return f"{letter.reference} {letter.invitation_id}"


def _link(letter: ConferenceLetter) -> ContributionLinkWanted:
    return ContributionLinkWanted(invitation_id=letter.invitation_id)


async def _invite(receipt: Receipt, letter: ConferenceLetter, directory: Directory, again: int | None = None) -> None:
    if letter.is_coming(directory.day):
        job, period = (INVITE, _about(letter)) if again is None else (INVITE_AGAIN, f"{_about(letter)} {again}")
        for draft in _drafts(receipt, letter, directory, INVITED):
            await send(receipt, draft, job, period)


async def _take_back(receipt: Receipt, letter: ConferenceLetter, directory: Directory) -> None:
    if letter.withdrawn and letter.planned_on >= directory.day:
        await _tell(receipt, letter, directory, TAKEN_BACK, TAKE_BACK, _about(letter))


async def _tell(
    receipt: Receipt, letter: ConferenceLetter, directory: Directory, news: str, job: str, period: str
) -> None:
    """Tell news to those who had this invitation, and nobody else."""
    for draft in _drafts(receipt, letter, directory, news):
        if await was_sent(receipt, INVITE, _about(letter), draft.recipient.id):
            await send(receipt, draft, job, period)


def _drafts(receipt: Receipt, letter: ConferenceLetter, directory: Directory, news: str) -> list[Draft]:
    """What is sent to an invited person, or to the safeguarding team if it has to tell them."""
    is_professional = letter.invited_as == PROFESSIONAL
    is_coming = news in {INVITED, MOVED}
    context = when_and_where(letter, directory) | {
        "news": news,
        "invited_as": letter.invited_as,
        "children": letter.children,
        "report_due_on": None if letter.report_received_on else letter.report_due_on,
        "has_link": is_professional and is_coming,
    }
    link = _link(letter) if context["has_link"] else None
    return [
        Draft(
            "conference_invitation",
            recipient,
            context | {"asked": isinstance(recipient, Colleague)},
            link,
            person_ids=letter.person_ids,
            calendar=calendar_entry(receipt.process, letter, recipient, receipt.now, called_off=not is_coming),
        )
        for recipient in _recipients(receipt, letter, directory)
    ]


def _recipients(receipt: Receipt, letter: ConferenceLetter, directory: Directory) -> list[Addressee] | list[Colleague]:
    if letter.email is None and letter.invited_as == ADVOCATE:
        return advocates(receipt, None, directory)
    return [] if letter.email is None else [Addressee(str(letter.invitation_id), letter.email)]


SUBSCRIPTIONS = (
    Subscription(ProfessionalInvited, invite),
    Subscription(ProfessionalUninvited, uninvite),
    Subscription(ConferencePlanned, invite_advocate),
    Subscription(ConferenceMoved, tell_of_move),
    Subscription(ConferenceCancelled, call_off),
    Subscription(ContributionLinkRequested, send_new_link),
)
