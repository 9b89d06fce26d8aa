"""The document of a report: as it was approved, or with the figures of now while it is a draft."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access.callers import Caller
from chassis.base.problems import NotFound
from chassis.process import Process
from services.reports.documents.content import words
from services.reports.documents.model import Document
from services.reports.indicators.definitions import INDICATORS
from services.reports.reports.composing import Composed, as_it_stands, compose
from services.reports.reports.models import ApprovedDocument, Report
from services.reports.reports.queries import SEEN, seen_by
from services.reports.reports.schemas import ChangedFigureOut, ReportFiguresOut
from services.reports.reports.writing import written


async def seen(session: AsyncSession, caller: Caller, reference: str) -> Report:
    """A report that the caller may see; `NotFound` if there is none."""
    query: Any = select(Report).where(col(Report.reference) == reference, SEEN)
    report: Report | None = (await session.exec(query, params=seen_by(caller))).first()
    if report is None:
        raise NotFound
    return report


async def document_of(session: AsyncSession, process: Process, report: Report, now: datetime) -> Document:
    """The document as it is now; once approved its figures are those of then."""
    approved = await _approved(session, report)
    return as_it_stands(approved or await _live(session, process, report, now), report)


async def figures_of(session: AsyncSession, process: Process, report: Report, now: datetime) -> ReportFiguresOut:
    """What the report leaves out, and what has changed since its figures were taken."""
    live = await _live(session, process, report, now)
    kept = await _approved(session, report) or live
    changed = [
        ChangedFigureOut(figure=name, title=INDICATORS[name].title, reported=words(was, unit), now=words(found, unit))
        for name, was in kept.figures.items()
        if name in INDICATORS and (found := live.figures.get(name)) != was and (unit := INDICATORS[name].unit)
    ]
    return ReportFiguresOut(figures_as_of=kept.document.figures_as_of, changed=changed, left_out=kept.left_out)


async def _approved(session: AsyncSession, report: Report) -> Composed | None:
    kept = await session.get(ApprovedDocument, report.id)
    return Composed.model_validate(kept.content) if kept else None


async def _live(session: AsyncSession, process: Process, report: Report, now: datetime) -> Composed:
    found = await written(session, report)
    return await compose(process, report, {key: each.prose for key, each in found.items()}, now)
