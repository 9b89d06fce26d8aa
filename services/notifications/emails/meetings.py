"""A meeting in the words of an email."""

from typing import Any

from services.notifications.clients.conferences import ConferenceLetter
from services.notifications.clients.reviews import Letters
from services.notifications.directory.snapshot import Directory

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
        "chair": directory.names.get(meeting.chair_id),
        "chair_email": chair.email if chair else None,
    }
