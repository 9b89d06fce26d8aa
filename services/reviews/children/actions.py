"""Children as the case-management system sends them: registered, kept current, ceased."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlmodel import col

from chassis.access.visibility import check_may_see
from chassis.base.problems import refuse
from chassis.command import Command
from chassis.db.database import advisory_lock
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.violations import Violation, future_violation
from chassis.web.versions import check_version
from services.reviews.children.cases import AREA, COLLEAGUE, Case, cases_of
from services.reviews.children.deadlines import refresh
from services.reviews.children.models import LookedAfterChild, PeriodOfCare
from services.reviews.children.schemas import LookedAfterChildDetails, LookedAfterChildIn, PeriodOfCareIn
from services.reviews.events import ChildCeased, ChildRegistered
from services.reviews.meetings.models import ChildReview
from services.reviews.rules.children import is_within_care, periods_violation, spans_of
from services.reviews.rules.sequence import Care, Episode

COPIED = tuple(LookedAfterChildDetails.model_fields)


async def put_looked_after_child(
    command: Command, person_id: str, version: int | None, wanted: LookedAfterChildIn
) -> tuple[Case, bool]:
    """Register a child or replace their whole record; return the case, and whether it is new.

    Sending the same record again changes nothing. Periods of care that were sent wrongly are replaced: the due dates
    that follow from them are set again; those of reviews that are planned or were held do not change.
    """
    await advisory_lock(command.session, f"child {person_id}")
    await check_may_see(command, [person_id])
    child = await command.session.get(LookedAfterChild, person_id, with_for_update=True)
    check_child(person_id, wanted, command.today)
    await check_names(command, _named(wanted))
    is_new = child is None
    if child is None:
        child = LookedAfterChild(person_id=person_id, registered_on=command.today, **_copied(wanted))
        command.session.add(child)
        await command.session.flush()
    case = (await cases_of(command, [child]))[0]
    if not is_new:
        check_version(child, version)
        if not _differs(case, wanted):
            return case, False
        _check_reviews(case.reviews, wanted)
        child.version += 1
    earlier = child.looked_after_since
    for name, value in _copied(wanted).items():
        setattr(child, name, value)
    await _replace_periods(command, case, wanted.periods_of_care)
    stand(case)
    await refresh(command.session, [case], command.today)
    tell_looked_after(command, case, earlier)
    await command.audit("put_looked_after_child", [person_id], person_id)
    return case, is_new


def check_child(person_id: str, wanted: LookedAfterChildIn, today: date) -> None:
    """Raise `Invalid` with the field and the rule if a child's details break one."""
    refusals = [
        periods_violation([care_in(period) for period in wanted.periods_of_care], wanted.born_on, today),
        future_violation("born_on", wanted.born_on, today),
        future_violation("short_breaks_ended_on", wanted.short_breaks_ended_on, today),
    ]
    if person_id in wanted.siblings:
        refusals.append(Violation("siblings", "other_children", "A child is not their own sibling."))
    if wanted.mother_person_id == person_id:
        refusals.append(Violation("mother_person_id", "other_child", "A child is not their own mother."))
    refuse(refusals)


def care_in(period: PeriodOfCareIn) -> Care:
    """A period that somebody sent, as the rules see it."""
    episodes = [Episode(episode.starts_on, episode.legal_status, episode.placement) for episode in period.episodes]
    return Care(period.starts_on, period.ends_on, episodes, period.adoption_authorised_on)


def stand(case: Case) -> None:
    """Set on the child what lists show of their periods of care."""
    child = case.child
    period = None if child.merged_into else case.current()
    care = case.cares()[-1] if period else None
    child.looked_after_since = period.starts_on if period else None
    status = care.legal_status() if care else None
    child.legal_status = None if status is None else str(status)
    child.short_breaks = bool(care and care.is_short_breaks())
    child.secure_since = care.secure_since() if care else None


def period_record(person_id: str, wanted: PeriodOfCareIn) -> dict[str, Any]:
    """The columns of a period of care that somebody sent."""
    return {
        "person_id": person_id,
        "starts_on": wanted.starts_on,
        "ends_on": wanted.ends_on,
        "short_breaks": care_in(wanted).is_short_breaks(),
        "adoption_authorised_on": wanted.adoption_authorised_on,
        "reviews_before": wanted.reviews_before,
        "reviewed_before_on": wanted.reviewed_before_on,
        "episodes": [episode.model_dump(mode="json") for episode in wanted.episodes],
    }


def _named(wanted: LookedAfterChildIn) -> list[NamedEntry]:
    colleagues = {name: getattr(wanted, name) for name in ("manager_id", "social_worker_id")}
    named = [NamedEntry(name, COLLEAGUE, value) for name, value in colleagues.items() if value]
    return [NamedEntry("area_id", AREA, wanted.area_id), *named]


def _copied(wanted: LookedAfterChildIn) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in COPIED}


def _differs(case: Case, wanted: LookedAfterChildIn) -> bool:
    now = [period_record(case.child.person_id, period) for period in wanted.periods_of_care]
    before = [
        {name: getattr(period, name) for name in record} for period, record in zip(case.periods, now, strict=False)
    ]
    changed = any(getattr(case.child, name) != value for name, value in _copied(wanted).items())
    return changed or len(now) != len(case.periods) or now != before


def _check_reviews(reviews: Sequence[ChildReview], wanted: LookedAfterChildIn) -> None:
    """Refuse periods of care that leave out the day of a review that was held."""
    cares = spans_of([care_in(period) for period in wanted.periods_of_care], wanted.short_breaks_ended_on)
    outside = [
        review.held_on for review in reviews if review.held_on is not None and not is_within_care(cares, review.held_on)
    ]
    if outside:
        message = f"A review was held on {min(outside)}, which would be outside every period of care."
        refuse([Violation("periods_of_care", "reviews_within_care", message)])


async def _replace_periods(command: Command, case: Case, wanted: Sequence[PeriodOfCareIn]) -> None:
    records = [period_record(case.child.person_id, period) for period in wanted]
    kept = case.periods[: len(records)]
    for row, record in zip(kept, records, strict=False):
        for name, value in record.items():
            setattr(row, name, value)
    fresh = [PeriodOfCare(**record) for record in records[len(kept) :]]
    if surplus := [period.id for period in case.periods[len(records) :]]:
        await command.session.exec(delete(PeriodOfCare).where(col(PeriodOfCare.id).in_(surplus)))
    # One after the other: only one period may be open at any moment, in the middle of a flush as well.
    await command.session.flush()
    command.session.add_all(fresh)
    case.periods = [*kept, *fresh]


def registered(child: LookedAfterChild) -> list[ChildRegistered]:
    """The events that say that a child is looked after."""
    is_looked_after = child.looked_after_since is not None
    return [ChildRegistered.model_validate(child, from_attributes=True)] if is_looked_after else []


def tell_looked_after(command: Command, case: Case, earlier: date | None) -> None:
    """Publish since when a child is looked after, or that they no longer are, if that changed."""
    child = case.child
    if child.looked_after_since == earlier:
        return
    for event in registered(child):
        command.publish(event)
    if child.looked_after_since is None:
        ended_on = case.periods[-1].ends_on if case.periods else None
        command.publish(
            ChildCeased(person_id=child.person_id, ceased_on=ended_on or command.today, version=child.version)
        )
