"""A meeting in the words of an email, and as the calendar entry that is attached."""

from datetime import datetime
from email.utils import parseaddr
from typing import Any

from icalendar import vCalAddress

from chassis.meetings.calendar_entries import calendar, entry
from chassis.process import Process
from services.notifications.clients.conferences import ConferenceLetter
from services.notifications.clients.reviews import Letters
from services.notifications.directory.models import Colleague
from services.notifications.directory.snapshot import Directory
from services.notifications.messages.queueing import Addressee
from services.notifications.settings import settings_of

MODES = {"in_person": "in person", "video": "by video", "telephone": "by telephone", "hybrid": "in person and by video"}


def when_and_where(meeting: ConferenceLetter | Letters, directory: Directory) -> dict[str, Any]:
    """When, how and where a meeting is, and who chairs it, as templates take it."""
    chair = directory.colleagues.get(meeting.chair_id)
    return {
        "reference": meeting.reference,
        "planned_on": meeting.planned_on,
        "planned_time": meeting.planned_time and f"{meeting.planned_time:%H:%M}",
        "mode": MODES.get(meeting.mode, meeting.mode),
        "venue": meeting.venue,
        "join_link": meeting.join_link,
        "chair": directory.names.get(meeting.chair_id),
        "chair_telephone": chair.telephone if chair else None,
        "chair_email": chair.email if chair else None,
    }


def calendar_entry(
    process: Process,
    meeting: ConferenceLetter | Letters,
    recipient: Addressee | Colleague,
    now: datetime,
    *,
    called_off: bool = False,
) -> str | None:
    """The calendar entry for somebody who is invited: the meeting's reference, time and place, and nobody's name.

    It is a request, so that calendar programs follow when the meeting moves or is called off (RFC 5546, section 3.2).
    A colleague who is asked to pass an invitation on gets none.
    """
    if isinstance(recipient, Colleague):
        return None
    settings = settings_of(process)
    attendee = vCalAddress(f"mailto:{recipient.email}")
    attendee.params["RSVP"] = "FALSE"
    event = entry(
        meeting.planned_on,
        meeting.planned_time,
        uid=meeting.uid,
        sequence=meeting.sequence,
        dtstamp=now,
        summary=meeting.title,
        location=meeting.venue or meeting.join_link or MODES.get(meeting.mode),
        description=f"Join at: {meeting.join_link}" if meeting.join_link else None,
        status="CANCELLED" if called_off else "CONFIRMED",
        organizer=vCalAddress(f"mailto:{settings.council_questions_email or parseaddr(settings.mail_from)[1]}"),
        attendee=attendee,
    )
    day, method = meeting.planned_on, "CANCEL" if called_off else "REQUEST"
    return calendar([event], (day, day), {"method": method}).decode()
