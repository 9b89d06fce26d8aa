"""The rules for review meetings, and for a child's part in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chassis.law.ages import age_on
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import Violation, future_violation
from services.reviews.rules.timescales import OTHERS, REVIEWS
from services.reviews.rules.vocabulary import LegalStatus, Plan, ReviewKind, Track

EDUCATION_AGE = 4
PATHWAY_AGE = 16
SECURE_PANEL_AT_LEAST = 3


def adjournment_violation(
    *, times: int, sat_on: date, resumes_on: date, due_on: date | None, today: date
) -> Violation | None:
    """Why a review cannot be adjourned, if it cannot: once only, from a date in time, for at most 20 working days.

    Source: Care Planning, Placement and Case Review (England) Regulations 2010, regulation 36.
    """
    if times:
        return Violation("resumes_on", "adjourned_once", "A review is adjourned once at most (regulation 36).")
    if to_come := future_violation("sat_on", sat_on, today):
        return to_come
    if due_on is not None and sat_on > due_on:
        message = "Only a review that was begun in time can be adjourned (regulation 36)."
        return Violation("sat_on", "begun_in_time", message)
    latest = OTHERS[DeadlineKind.ADJOURNED_MEETING].due_on(sat_on)
    if not sat_on < resumes_on <= latest:
        message = f"It resumes within 20 working days, until {latest} (regulation 36)."
        return Violation("resumes_on", "within_20_working_days", message)
    return None


@dataclass(frozen=True)
class PanelMember:
    """A member of the panel that reviews a secure placement."""

    name: str
    independent: bool


def panel_violation(members: Sequence[PanelMember]) -> Violation | None:
    """Why a panel cannot review a secure placement, if it cannot: three members, one independent of the council.

    Source: Children (Secure Accommodation) Regulations 1991, regulation 15.
    """
    if len(members) < SECURE_PANEL_AT_LEAST:
        return Violation("panel", "panel_of_three", "A secure panel has three members or more (regulation 15).")
    if not any(member.independent for member in members):
        message = "At least one member is independent of the council (regulation 15)."
        return Violation("panel", "one_independent", message)
    return None


def too_early_violation(field: str, kind: ReviewKind, event_on: date | None, day: date) -> Violation | None:
    """Why a review cannot be on a day yet, if it cannot: after a return by prospective adopters 28 days go by first.

    Source: Adoption Agencies Regulations 2005, regulation 36, as published procedures quote it.
    """
    if event_on is None or kind not in REVIEWS or day >= (earliest := REVIEWS[kind].earliest_on(event_on)):
        return None
    if not REVIEWS[kind].earliest:
        return None
    message = f"It is held no earlier than {REVIEWS[kind].earliest} days after the return, from {earliest} on."
    return Violation(field, "not_before", f"{message} An ordinary review may be held before that.")


def early_review_violation(kind: ReviewKind, due_on: date | None, planned_on: date) -> Violation | None:
    """Why a review with a trigger cannot be so, if it cannot: it is brought forward, so it is before its due date.

    Source: Care Planning, Placement and Case Review (England) Regulations 2010, regulation 33(3).
    """
    if kind is ReviewKind.DISRUPTION or due_on is None:
        return Violation("early_trigger", "brought_forward", "A disruption meeting has no date to bring forward.")
    if planned_on >= due_on:
        return Violation("early_trigger", "brought_forward", f"An early review is held before it is due, on {due_on}.")
    return None


def plans_needed(born_on: date, day: date, legal_status: LegalStatus | None, track: Track) -> list[Plan]:
    """The plans that a review checks for a child of this age and standing.

    Care, placement and health for every child; education from 4 years, a pathway plan from 16, an adoption plan
    while adoption is authorised. Source: Care Planning, Placement and Case Review (England) Regulations 2010,
    regulations 4 to 7 and schedule 1; Children (Leaving Care) regulations for the pathway plan.
    """
    age = age_on(born_on, day)
    plans = [Plan.CARE, Plan.PLACEMENT, Plan.HEALTH]
    if age >= EDUCATION_AGE:
        plans.append(Plan.EDUCATION)
    if age >= PATHWAY_AGE:
        plans.append(Plan.PATHWAY)
    adoption = legal_status is LegalStatus.PLACEMENT_ORDER or track in {
        Track.ADOPTION_AUTHORISED,
        Track.ADOPTION_PLACED,
        Track.ADOPTION_RETURNED,
    }
    return [*plans, Plan.ADOPTION] if adoption else plans


def missing_plans(needed: Sequence[Plan], present: Mapping[Plan, bool]) -> list[Plan]:
    """The plans that a child needs and that the chair did not find; one that was not looked at is not missing.

    Source: local practice; a missing plan prompts an escalation.
    """
    return [plan for plan in needed if present.get(plan) is False]


def objection_due_on(received_on: date) -> date:
    """The last day on which a manager can object to decisions: 5 working days from receipt; silence is agreement.

    Source: IRO Handbook 2010, on decisions of the review.
    """
    return OTHERS[DeadlineKind.MANAGER_RESPONSE].due_on(received_on)
