"""The half-yearly report on conferences to the safeguarding partnership."""

from datetime import datetime
from typing import Any

from chassis.base.clock import london_day
from chassis.law.periods import parse
from chassis.process import Process
from services.notifications.clients.conferences import Conferences
from services.notifications.clients.figures import ConferenceRow, ContributionRow
from services.notifications.directory.snapshot import Directory
from services.notifications.emails import number, share
from services.notifications.messages.queueing import Draft
from services.notifications.rules import Position

TOTAL = "All agencies"


async def compose_report(process: Process, period: str, now: datetime) -> list[Draft]:
    """The same draft for everybody of the partnership; none about a half year without conferences."""
    half = parse(period)
    total = (await Conferences(process).figures(period=half.label, by="half")).row(None)
    contributions = await Conferences(process).contributions(period=half.label, by="agency")
    directory = await Directory.on(process, london_day(now))
    if total is None or total.child_conferences == 0:
        return []
    rows = [_row(directory, row) for row in contributions.rows]
    shown = (total.conferences, total.plans_made, total.plans_ended, *(row["invited"] for row in rows))
    context: dict[str, Any] = {
        "half": half.name(),
        "lines": _lines(total),
        "agencies": rows,
        "left_out": None in shown,
    }
    recipients = directory.in_position(Position.SAFEGUARDING_PARTNERSHIP)
    return [Draft("conference_figures", recipient, context, person_ids=()) for recipient in recipients]


def _lines(total: ConferenceRow) -> list[str]:
    """The half year in a few sentences; if there were very few conferences, nothing else."""
    if total.conferences is None:
        return ["There were too few conferences to report on."]
    kinds = f"{total.initial} initial, {total.transfer_in} after a transfer in, {total.reviews} reviews"
    lines = [
        f"Conferences: {total.conferences}, of which {total.inquorate} went on without their quorum.",
        f"Different children: {total.children}. Each counted at each conference: {total.child_conferences} ({kinds}).",
        f"Child protection plans: {number(total.plans_made)} made, {number(total.plans_ended)} ended.",
    ]
    if total.timeliness is not None:
        lines.insert(2, f"In time: {total.in_time} ({share(total.timeliness)}) by the day on which they were due.")
    return lines


def _row(directory: Directory, row: ContributionRow) -> dict[str, Any]:
    name = TOTAL if row.key is None else directory.agency_name(row.key)
    return row.model_dump(exclude={"key"}) | {"name": name}
