"""Figures about what happens between conferences, and about what closed ones propose."""

from chassis.figures.asking import only
from services.conferences.rules.vocabulary import CheckKind, ProposalState

# A proposal that the escalations service refused was confirmed, and waits for another decision.
CONFIRMED = (ProposalState.CONFIRMED, ProposalState.RAISED, ProposalState.REFUSED)
_OF_CHILD = f"{only('child.area_id', 3)} AND {only('protection.chair_id', 4)} AND {only('child.team', 5)}"


def _of_team(person_ids: str) -> str:
    team = f"SELECT FROM chassis.child WHERE child.person_id = ANY ({person_ids}) AND child.team = $5"
    return f"($5::text IS NULL OR EXISTS ({team}))"


def _check(kind: CheckKind) -> str:
    counted = f"count(*) FILTER (WHERE kind = '{kind}'"
    return f"{counted}) AS {kind}_checks, {counted} AND done_on <= due_on) AS {kind}_checks_in_time"


ACTIVITY = f"""
    SELECT span.last AS last_day, discussion.*, discussion_due.*, checked.*, midway_due.*, met.*, feedback.*, proposed.*
    FROM unnest($1::date[], $2::date[]) AS span (first, last)
    CROSS JOIN LATERAL (
        SELECT count(*) AS twelve_month_discussions,
            count(*) FILTER (WHERE held_on <= due_on) AS twelve_month_discussions_in_time
        FROM twelve_month_discussion JOIN protection USING (person_id) JOIN chassis.child USING (person_id)
        WHERE held_on BETWEEN span.first AND span.last AND {_OF_CHILD}
    ) discussion
    CROSS JOIN LATERAL (
        SELECT count(*) AS twelve_month_discussions_due, count(held.plan_id) AS twelve_month_discussions_due_held
        FROM protection_plan plan JOIN protection USING (person_id) JOIN chassis.child USING (person_id)
        LEFT JOIN twelve_month_discussion held ON held.plan_id = plan.id
        WHERE plan.starts_on BETWEEN span.first - 367 AND span.last
            AND plan.starts_on + interval '12 months' BETWEEN span.first AND span.last
            AND coalesce(plan.ends_on > plan.starts_on + interval '12 months', true) AND {_OF_CHILD}
    ) discussion_due
    CROSS JOIN LATERAL (
        SELECT {_check(CheckKind.MIDWAY)}, {_check(CheckKind.PREPARATION)}, count(concern) AS concerns
        FROM plan_check JOIN protection USING (person_id) JOIN chassis.child USING (person_id)
        WHERE done_on BETWEEN span.first AND span.last AND {_OF_CHILD}
    ) checked
    CROSS JOIN LATERAL (
        SELECT count(*) AS midway_checks_due, count(done_on) AS midway_checks_due_done
        FROM (
            SELECT part.*, done.done_on,
                coalesce(done.due_on, part.held_on + (part.next_due_on - part.held_on) / 2) AS check_due_on
            FROM child_conference part LEFT JOIN plan_check done ON done.person_id = part.person_id
                AND done.reference = part.reference AND done.kind = '{CheckKind.MIDWAY}'
            WHERE part.held_on BETWEEN span.first - 365 AND span.last
        ) part JOIN protection_plan plan ON plan.id = part.plan_id
        JOIN protection ON protection.person_id = part.person_id
        JOIN chassis.child ON child.person_id = part.person_id
        WHERE check_due_on BETWEEN span.first AND span.last AND check_due_on - part.held_on BETWEEN 0 AND 365
            AND {_OF_CHILD}
            AND coalesce(plan.ends_on > check_due_on, true)
            AND NOT EXISTS (SELECT FROM child_conference later WHERE later.plan_id = part.plan_id
                AND later.held_on > part.held_on AND later.held_on <= check_due_on)
    ) midway_due
    CROSS JOIN LATERAL (
        SELECT count(held_on) AS core_groups_held, count(*) FILTER (WHERE held_on <= due_on) AS core_groups_in_time,
            count(*) FILTER (WHERE held_on IS NULL) AS core_groups_missed
        FROM core_group JOIN protection USING (person_id) JOIN chassis.child USING (person_id)
        WHERE coalesce(held_on, due_on) BETWEEN span.first AND span.last AND {_OF_CHILD}
    ) met
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE rating = 'red') AS feedback_red,
            count(*) FILTER (WHERE rating = 'amber') AS feedback_amber,
            count(*) FILTER (WHERE rating = 'green') AS feedback_green
        FROM feedback JOIN conference USING (reference)
        WHERE given_on BETWEEN span.first AND span.last AND {only("conference.area_id", 3)}
            AND {only("conference.chair_id", 4)} AND {_of_team("conference.person_ids")}
    ) feedback
    CROSS JOIN LATERAL (
        SELECT count(*) AS proposals, count(*) FILTER (WHERE state = '{ProposalState.PROPOSED}') AS proposals_undecided,
            count(*) FILTER (WHERE state IN ({", ".join(f"'{state}'" for state in CONFIRMED)})) AS proposals_confirmed,
            count(*) FILTER (WHERE state = '{ProposalState.RAISED}') AS proposals_raised,
            count(*) FILTER (WHERE state = '{ProposalState.DISMISSED}') AS proposals_dismissed
        FROM proposal
        WHERE proposed_on BETWEEN span.first AND span.last AND {only("area_id", 3)} AND {only("chair_id", 4)}
            AND {_of_team("proposal.person_ids")}
    ) proposed
    ORDER BY span.first
"""
