"""What may be so about somebody's contribution to a conference: their report, and their apologies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from chassis.law.violations import Violation, future_violation
from services.conferences.rules.vocabulary import InvitedAs

REPORT = frozenset({"report_expected", "report_received_on", "report_shared_on"})
# What decides whether a contribution is proposed for escalation, besides the attendance.
FACTS = frozenset({"report_expected", "report_received_on", "apologies_on"})


@dataclass(frozen=True)
class Contribution:
    """What was contributed to a conference: whether a report is expected, and the days of what came."""

    report_expected: bool
    report_received_on: date | None
    report_shared_on: date | None
    apologies_on: date | None


def contribution_violation(
    contribution: Contribution, changed: Collection[str], invited_as: InvitedAs, met_on: date, today: date
) -> list[Violation]:
    """Why a contribution cannot be changed to this, if it cannot; `changed` are the fields that are others than before.

    Nothing came on a day that is still to come, reports are of professionals alone, only a report that came was shared,
    and apologies are sent until the day of the conference, which is `met_on`. Source: common practice.
    """
    refusals = [
        to_come
        for name in ("report_received_on", "report_shared_on", "apologies_on")
        if name in changed and (to_come := future_violation(name, getattr(contribution, name), today))
    ]
    if invited_as is not InvitedAs.PROFESSIONAL:
        refusals += [
            Violation(name, "of_a_professional", "Only professionals can be expected to send a report.")
            for name in sorted(REPORT)
            if name in changed and getattr(contribution, name)
        ]
    shared_on = contribution.report_shared_on
    if REPORT & set(changed) and shared_on is not None and contribution.report_received_on is None:
        message = f"It was shared with the family on {shared_on}, so it must have been received."
        refusals.append(Violation("report_received_on", "received_if_shared", message))
    apologies_on = contribution.apologies_on
    if "apologies_on" in changed and apologies_on is not None and apologies_on > met_on:
        message = f"Apologies must be sent by the date of the conference, {met_on}."
        refusals.append(Violation("apologies_on", "before_the_conference", message))
    return refusals
