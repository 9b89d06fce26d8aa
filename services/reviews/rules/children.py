"""What a chair must do for a child: leaflets, permanence, Life Links, leaving care."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from chassis.law.ages import ADULT_AGE, age_on
from chassis.law.violations import Violation, future_violation
from chassis.law.working_days import add_months, working_days_between
from services.reviews.rules.sequence import Care
from services.reviews.rules.vocabulary import Approval, LegalStatus, Prompt

# A series of short breaks is over when no stay has begun for so long.
SERIES_MONTHS = 12
LIFE_LINKS_MONTHS = 15 * 12 + 9
APPROVAL_WORKING_DAYS = 20
DIRECTOR_FROM_AGE = 16


@dataclass(frozen=True)
class PromptDue:
    """A prompt, and the day from which the chair is reminded."""

    prompt: Prompt
    from_on: date


def life_links_on(born_on: date) -> date:
    """The day from which a child is referred to Life Links: 15 years and 9 months old.

    Source: local practice.
    """
    return add_months(born_on, LIFE_LINKS_MONTHS)


def prompts_of(
    care: Care, born_on: date, *, disabled: bool, unaccompanied: bool, second_review_on: date | None
) -> list[PromptDue]:
    """The prompts for a child in a period of care, and from when.

    A leaflet when the child becomes looked after (and those for remand, disability and unaccompanied children); the
    permanence plan at the second review; Life Links at 15 years 9 months; a later-life letter and copies of the
    reports when the child leaves care. Source: local practice.
    """
    found = [PromptDue(Prompt.LEAFLET, care.starts_on)]
    if care.is_remand():
        found.append(PromptDue(Prompt.LEAFLET_REMAND, care.starts_on))
    if disabled:
        found.append(PromptDue(Prompt.LEAFLET_DISABILITY, care.starts_on))
    if unaccompanied:
        found.append(PromptDue(Prompt.LEAFLET_UNACCOMPANIED, care.starts_on))
    if second_review_on is not None:
        found.append(PromptDue(Prompt.PERMANENCE_PLAN, second_review_on))
    if care.ends_on is None:
        found.append(PromptDue(Prompt.LIFE_LINKS, max(life_links_on(born_on), care.starts_on)))
    elif not care.is_short_breaks():
        found.append(PromptDue(Prompt.LATER_LIFE_LETTER, care.ends_on))
    return found


def approval_needed(care: Care, born_on: date, leaving_on: date) -> Approval | None:
    """Who must approve that a child accommodated under section 20 stops being looked after; nobody for others.

    Aged 16 or 17 and not under a care order: the director of children's services, with no minimum number of days.
    Otherwise a nominated officer, once the child has been looked after for 20 working days or more. At 18 nobody is
    looked after any more, whoever approves. Source: Care
    Planning, Placement and Case Review (England) Regulations 2010, regulation 39(4) and (5).
    """
    age = age_on(born_on, leaving_on)
    if care.legal_status() is not LegalStatus.ACCOMMODATED or age >= ADULT_AGE:
        return None
    if age >= DIRECTOR_FROM_AGE:
        return Approval.DIRECTOR
    days = working_days_between(care.starts_on, leaving_on)
    return Approval.NOMINATED_OFFICER if days >= APPROVAL_WORKING_DAYS else None


def periods_violation(periods: Sequence[Care], born_on: date, today: date) -> Violation | None:
    """Why periods of care cannot be so, if they cannot: in order, one at a time, not before birth, not in the future.

    A period may begin on the day on which the one before ended. Source: the SSDA903 return 2026 to 2027 keeps one
    period of care at a time.
    """
    for number, care in enumerate(periods):
        at = f"periods_of_care.{number}."
        if care.starts_on < born_on:
            return Violation(
                f"{at}starts_on", "not_before_birth", "A child is looked after from birth at the earliest."
            )
        if to_come := future_violation(f"{at}starts_on", care.starts_on, today):
            return to_come
        if care.ends_on is not None and (care.ends_on < care.starts_on or care.ends_on > today):
            return Violation(
                f"{at}ends_on", "after_its_start", "A period ends on or after its start, and not in future."
            )
        if number and (periods[number - 1].ends_on is None or care.starts_on < (periods[number - 1].ends_on or today)):
            message = "Periods of care do not overlap: each begins when the one before has ended."
            return Violation(f"{at}starts_on", "no_overlap", message)
        if refusal := _episodes_violation(care, at, today):
            return refusal
    return None


def _episodes_violation(care: Care, at: str, today: date) -> Violation | None:
    previous = None
    for number, episode in enumerate(care.episodes):
        field = f"{at}episodes.{number}.starts_on"
        if previous is None and episode.starts_on != care.starts_on:
            return Violation(field, "first_episode", "The first episode begins with the period of care.")
        if previous is not None and episode.starts_on < previous:
            return Violation(field, "in_order", "Episodes follow one another.")
        if to_come := future_violation(field, episode.starts_on, today):
            return to_come
        if care.ends_on is not None and episode.starts_on > care.ends_on:
            return Violation(field, "within_period", "An episode begins before its period of care ends.")
        previous = episode.starts_on
    return None


def spans_of(periods: Sequence[Care], series_ended_on: date | None = None) -> list[Care]:
    """Periods of care, with stays that are returned singly (V3) put together: the series of short breaks is one.

    A series goes on between its stays: until the day on which the council says that it ended, until another period
    begins that is none of its stays, or until 12 months went by after a stay without another. Its last day may still
    be to come. Source: Care Planning, Placement and Case Review (England) Regulations 2010, regulation 48, which looks
    at 12 months at a time; when a series is over is a decision of this system.
    """
    spans: list[Care] = []
    for care in periods:
        before = spans[-1] if spans and spans[-1].is_recorded_singly() else None
        if before is None or before.ends_on is None:
            spans.append(_with_end(care, series_ended_on))
        elif care.is_recorded_singly() and care.starts_on <= before.ends_on:
            stays = Care(before.starts_on, care.ends_on, [*before.episodes, *care.episodes])
            spans[-1] = _with_end(stays, series_ended_on)
        else:
            spans[-1] = replace(before, ends_on=min(before.ends_on, care.starts_on))
            spans.append(_with_end(care, series_ended_on))
    return spans


def _with_end(care: Care, series_ended_on: date | None) -> Care:
    """A period of care as it is, or of a series of short breaks with the day on which that is over at the latest."""
    if not care.is_recorded_singly() or care.ends_on is None:
        return care
    over_on = add_months(care.ends_on, SERIES_MONTHS)
    if series_ended_on is not None and series_ended_on >= care.ends_on:
        over_on = min(over_on, series_ended_on)
    return replace(care, ends_on=over_on)


def runs_on(span: Care, day: date) -> bool:
    """Whether reviews of a period of care, or of a series of short breaks, are due from a day on.

    Source: Children Act 1989, section 26; Care Planning, Placement and Case Review (England) Regulations 2010,
    regulation 48 between the stays of a series.
    """
    return span.ends_on is None or (span.is_recorded_singly() and day < span.ends_on)


def is_within_care(periods: Sequence[Care], day: date) -> bool:
    """Whether a child was looked after on a day, the first and the last day of a period included.

    Source: a review is of a child who is looked after (Children Act 1989, section 26).
    """
    return any(care.starts_on <= day and (care.ends_on is None or day <= care.ends_on) for care in periods)
