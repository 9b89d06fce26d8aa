"""The weekly email to business support: what officers said is not theirs, so that somebody says where it belongs."""

from collections.abc import Iterable, Sequence
from typing import Any

from chassis.process import Process
from services.notifications.clients.escalations import OpenItem
from services.notifications.directory.models import Colleague
from services.notifications.directory.snapshot import Directory
from services.notifications.messages.queueing import Draft
from services.notifications.rules import Position
from services.notifications.settings import settings_of


def to_route(process: Process, directory: Directory, period: str, items: Iterable[OpenItem]) -> list[Draft]:
    """A draft for everybody in business support of an area in which something was sent back."""
    returned = sorted(
        (item for item in items if item.returned_on is not None), key=lambda item: (item.returned_on, item.reference)
    )
    support = directory.in_position(Position.BUSINESS_SUPPORT)
    drafts = []
    for colleague in support:
        mine = [item for item in returned if colleague in _of_area(support, item.area_id)]
        if mine:
            # A colleague who also chairs has the reminder of the same week.
            occasion = f"{period}, to route"
            drafts.append(Draft("to_route", colleague, _context(process, directory, mine), occasion=occasion))
    return drafts


def _of_area(support: Sequence[Colleague], area_id: str) -> Sequence[Colleague]:
    """Business support of an area and of every area; all of it where the directory names nobody."""
    return [colleague for colleague in support if colleague.area_id in {None, area_id}] or support


def _context(process: Process, directory: Directory, items: Sequence[OpenItem]) -> dict[str, Any]:
    rows = [
        {
            "reference": item.reference,
            "agency": directory.agency_name(item.agency_id),
            "subject": item.subject,
            "returned_on": item.returned_on,
            "chair": directory.names.get(item.owner_id, item.owner_id),
            "url": settings_of(process).page_of(item.reference),
        }
        for item in items
    ]
    return {"total": len(rows), "rows": rows}
