"""Children's care as the case-management system sends it: kept current, with all that follows from it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlmodel import col

from chassis.base.problems import refuse
from chassis.children.models import Child
from chassis.children.replica import known_child
from chassis.command import Command, command_for
from chassis.events.inbox import Receipt
from chassis.law.violations import Violation, future_violation
from chassis.web.versions import check_absent, check_version
from services.reviews.children.cases import Case, cases_of
from services.reviews.children.deadlines import refresh
from services.reviews.children.models import LookedAfterChild, PeriodOfCare
from services.reviews.children.schemas import CareDetails, CareIn, PeriodOfCareIn
from services.reviews.events import ChildCeased, ChildRegistered
from services.reviews.meetings.models import ChildReview
from services.reviews.rules.children import is_within_care, periods_violation, spans_of
from services.reviews.rules.sequence import Care, Episode

COPIED = tuple(CareDetails.model_fields)


async def put_care(command: Command, person_id: str, version: int | None, wanted: CareIn) -> tuple[Case, bool]:
    """Keep a child's care, or replace the whole of it; return the case, and whether it is new.

    Who the child is comes from the children service, which is asked where that is not known here yet. Sending the same
    again changes nothing. Periods of care that were sent wrongly are replaced: the due dates that follow from them are
    set again; those of reviews that are planned or were held do not change.
    """
    identity = await known_child(command, person_id)
    child = await command.session.get(LookedAfterChild, person_id, with_for_update=True)
    check_care(identity, wanted, command.today)
    is_new = child is None
    if child is None:
        check_absent(version)
        child = LookedAfterChild(person_id=person_id, registered_on=command.today, **_copied(wanted))
        command.session.add(child)
        await command.session.flush()
    case = (await cases_of(command, [child]))[0]
    if is_new or _differs(case, wanted):
        if not is_new:
            check_version(child, version)
            _check_reviews(case.reviews, wanted)
            child.version += 1
        for name, value in _copied(wanted).items():
            setattr(child, name, value)
        await _replace_periods(command, case, wanted.periods_of_care)
        await command.audit("put_care", [person_id], person_id)
    # Who the child is may have been asked for just now.
    await follow(command, case, child.looked_after_since)
    return case, is_new


async def follow(command: Command, case: Case, earlier: date | None) -> None:
    """Do what follows from a child's care and from who the child is: lists, deadlines, and what is told."""
    stand(case)
    await refresh(command.session, [case], command.today)
    tell_looked_after(command, case, earlier)


async def follow_identity(receipt: Receipt, person_id: str) -> None:
    """Do what follows for a child's care from who the child is now, as the children service says."""
    command = command_for(receipt)
    child = await command.session.get(LookedAfterChild, person_id, with_for_update=True)
    if child is not None:
        child.version += 1
        await follow(command, (await cases_of(command, [child]))[0], child.looked_after_since)


def check_care(identity: Child, wanted: CareIn, today: date) -> None:
    """Raise `Invalid` with the field and the rule if a child's care breaks one."""
    born_on = identity.born_on
    if born_on is None:
        message = "A child who is not born is not looked after: send the birthday first (PUT /v1/children/…)."
        refuse([Violation("periods_of_care", "born", message)])
        return
    refuse(
        [
            periods_violation([care_in(period) for period in wanted.periods_of_care], born_on, today),
            future_violation("short_breaks_ended_on", wanted.short_breaks_ended_on, today),
        ]
    )


def care_in(period: PeriodOfCareIn) -> Care:
    """A period that somebody sent, as the rules see it."""
    episodes = [Episode(episode.starts_on, episode.legal_status, episode.placement) for episode in period.episodes]
    return Care(period.starts_on, period.ends_on, episodes, period.adoption_authorised_on)


def stand(case: Case) -> None:
    """Set on the child what lists show of their periods of care."""
    child = case.child
    period = None if case.identity.merged_into else case.current()
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


def _copied(wanted: CareIn) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in COPIED}


def _differs(case: Case, wanted: CareIn) -> bool:
    now = [period_record(case.child.person_id, period) for period in wanted.periods_of_care]
    before = [
        {name: getattr(period, name) for name in record} for period, record in zip(case.periods, now, strict=False)
    ]
    changed = any(getattr(case.child, name) != value for name, value in _copied(wanted).items())
    return changed or len(now) != len(case.periods) or now != before


def _check_reviews(reviews: Sequence[ChildReview], wanted: CareIn) -> None:
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


def registered(case: Case) -> list[ChildRegistered]:
    """The events that say that a child is looked after."""
    child = case.child
    if child.looked_after_since is None:
        return []
    return [
        ChildRegistered(
            person_id=child.person_id,
            looked_after_since=child.looked_after_since,
            area_id=case.identity.area_id,
            version=child.version,
        )
    ]


def tell_looked_after(command: Command, case: Case, earlier: date | None) -> None:
    """Publish since when a child is looked after, or that they no longer are, if that changed."""
    child = case.child
    if child.looked_after_since == earlier:
        return
    for event in registered(case):
        command.publish(event)
    if child.looked_after_since is None:
        ended_on = case.periods[-1].ends_on if case.periods else None
        command.publish(
            ChildCeased(person_id=child.person_id, ceased_on=ended_on or command.today, version=child.version)
        )
