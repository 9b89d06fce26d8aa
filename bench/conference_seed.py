"""Invented children on plans and their conferences, made by PostgreSQL: of one council, or of the whole country."""

import asyncpg

from chassis.base.settings import Settings

# England: 50,000 plans a year, 1.3 million child-conferences in ten years, over 152 councils.
CHILDREN_OF_A_COUNCIL = 2850
CHAIRS_OF_A_COUNCIL = 20
# A plan of about ten months: an initial conference, and a review every ten weeks or so in the seed's even world.
CONFERENCES_EACH = 3
FIRST_DAY = "2010-04-01"
DIRECTORY = """
    INSERT INTO chassis.copy (kind, id, version, attributes)
    SELECT 'colleague', 'chair-' || n, 1, '{"roles": ["chair"]}' FROM generate_series(0, 20) n;
    INSERT INTO chassis.copy (kind, id, version, attributes) VALUES ('area', 'area-0', 1, '{}')
"""
# Each child has one plan; those of the last year are still open.
CHILDREN = f"""
    INSERT INTO child (person_id, given_name, family_name, born_on, disabilities, family_id, area_id, team,
        social_worker_id, manager_id, restricted, chair_id, plan_since, category, looked_after_version, registered_on,
        version)
    SELECT 'P' || n, 'Merrin', 'Invented', DATE '2006-01-01' + n % 4000, '{{}}', 'F' || n / 2,
        'area-' || n / {CHILDREN_OF_A_COUNCIL}, 'Team ' || n % 12, 'worker-1', 'manager-1', false,
        CASE WHEN day >= '2019-06-01' THEN chair_id END, CASE WHEN day >= '2019-06-01' THEN day END,
        CASE WHEN day >= '2019-06-01' THEN 'NEG' END, 0, day, 1
    FROM (SELECT n, 'chair-' || n / {CHILDREN_OF_A_COUNCIL} * 100 + n % {CHAIRS_OF_A_COUNCIL} AS chair_id,
        DATE '{FIRST_DAY}' + n * 7 % 3600 AS day FROM generate_series(0, $1::int - 1) n) child
"""
REQUESTS = """
    INSERT INTO conference_request (id, kind, request_id, person_id, started_on, event_on, due_on,
        conference_not_required, conference_reference, answered_on, version)
    SELECT gen_random_uuid(), 'section_47_enquiry', 'E' || substr(person_id, 2), person_id, registered_on - 15,
        registered_on - 15, registered_on + 6, false, 'CONF-0000-' || substr(person_id, 2), registered_on, 2
    FROM child
"""
PLANS = """
    INSERT INTO protection_plan (id, person_id, starts_on, initial_category, latest_category, ends_on, end_reason,
        previous_plans, chair_id, area_id, team, restricted, imported, version)
    SELECT gen_random_uuid(), person_id, registered_on, 'NEG', 'NEG',
        CASE WHEN plan_since IS NULL THEN registered_on + 300 END, CASE WHEN plan_since IS NULL THEN 'conference' END,
        0, chair_id, area_id, team, false, false, 1
    FROM child
"""
CONFERENCES = f"""
    INSERT INTO conference (id, reference, state, person_ids, planned_on, chair_id, area_id, mode, report_due_on,
        held_on, family_met, quorate, core_group, safety_scores, dissent, record, outline_plan_due_on, outline_plan_on,
        record_due_on, record_on, distributed_to, closed_on, restricted, imported, version)
    SELECT gen_random_uuid(),
        'CONF-' || extract(year FROM day) || '-' || lpad((n * {CONFERENCES_EACH} + k)::text, 7, '0'), 'closed',
        ARRAY['P' || n], day, 'chair-' || n / {CHILDREN_OF_A_COUNCIL} * 100 + n % {CHAIRS_OF_A_COUNCIL},
        'area-' || n / {CHILDREN_OF_A_COUNCIL}, 'in_person', day - 7, day, true, true, '[]', '[]', '[]', '{{}}',
        day + 1, day + 1, day + 21, day + 18, '{{}}', day, false, true, 1
    FROM (SELECT n, k, DATE '{FIRST_DAY}' + n * 7 % 3600 + k * 90 AS day
          FROM generate_series(0, $1::int - 1) n, generate_series(0, {CONFERENCES_EACH - 1}) k) days
    ORDER BY day
"""
PARTS = """
    INSERT INTO child_conference (id, conference_id, reference, person_id, kind, due_on, event_on, rule, chair_id,
        area_id, team, restricted, cancelled, held_on, in_time, unborn, age, participation, attended, outcome, category,
        plan_id, next_due_on, looked_after)
    SELECT gen_random_uuid(), meeting.id, reference, plan.person_id,
        CASE WHEN held_on = starts_on THEN 'initial' ELSE 'later_review' END, held_on + 3, held_on - 15,
        '6 months after the previous conference was held', meeting.chair_id, meeting.area_id, 'Team 1', false, false,
        held_on, true, false, 8, 'PN1', true,
        CASE WHEN held_on = starts_on THEN 'plan_made' ELSE 'continues' END, 'NEG', plan.id, held_on + 180, false
    FROM conference meeting JOIN protection_plan plan ON plan.person_id = person_ids[1] ORDER BY held_on
"""
INVITATIONS = """
    INSERT INTO invitation (id, conference_id, reference, person_ids, invited_as, name, agency_id, agency_role, area_id,
        automatic, invited_on, report_expected, report_due_on, report_received_on, attendance, restricted, chair_id,
        version)
    SELECT gen_random_uuid(), id, reference, person_ids, 'professional', 'Dr Yarrow', 'agency-' || k, 'role-' || k,
        area_id, false, held_on - 14, true, report_due_on, CASE WHEN k = 0 THEN NULL ELSE report_due_on - 1 END,
        CASE WHEN k = 0 THEN 'neither' ELSE 'attended' END, false, chair_id, 1
    FROM conference, generate_series(0, 1) k
"""
DEADLINES = """
    INSERT INTO deadline (id, person_id, kind, subject, due_on, event_on, rule, owner_role, owner_id, chair_id, area_id,
        team, restricted)
    SELECT gen_random_uuid(), person_id, kind, kind, plan_since + 330 + substr(person_id, 2)::int % 180, plan_since,
        '6 months after the previous conference was held', 'chair', chair_id, chair_id, area_id, team, false
    FROM child, unnest(ARRAY['conference', 'midway_check', 'core_group']) kind WHERE plan_since IS NOT NULL
"""


async def seeded(settings: Settings, children: int) -> None:
    """Fill the conferences' tables with so many children, ten years of their conferences, and what is owed."""
    connection = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    await connection.execute("SET synchronous_commit = off")
    await connection.execute(DIRECTORY)
    await connection.execute(CHILDREN, children)
    for statement in (REQUESTS, PLANS):
        await connection.execute(statement)
    await connection.execute(CONFERENCES, children)
    for statement in (PARTS, INVITATIONS, DEADLINES):
        await connection.execute(statement)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


PLANNED = """
    INSERT INTO child (person_id, born_on, disabilities, area_id, manager_id, restricted, chair_id,
        looked_after_version, registered_on, version)
    SELECT 'H' || n, DATE '2010-01-01', '{}', 'area-0', 'manager-1', false, 'chair-0', 0, CURRENT_DATE - 15, 1
    FROM generate_series(0, $1::int * 3 - 1) n
"""
PLANNED_REQUESTS = """
    INSERT INTO conference_request (id, kind, request_id, person_id, started_on, event_on, due_on,
        conference_not_required, version)
    SELECT gen_random_uuid(), 'section_47_enquiry', person_id, person_id, CURRENT_DATE - 15, CURRENT_DATE - 15,
        CURRENT_DATE + 6, false, 1
    FROM child WHERE person_id LIKE 'H%'
"""
PLANNED_CONFERENCES = """
    INSERT INTO conference (id, reference, state, person_ids, planned_on, chair_id, area_id, mode, report_due_on,
        core_group, safety_scores, dissent, record, distributed_to, restricted, imported, version)
    SELECT gen_random_uuid(), 'CONF-1999-' || lpad(n::text, 7, '0'), 'planned',
        ARRAY['H' || n * 3, 'H' || n * 3 + 1, 'H' || n * 3 + 2], CURRENT_DATE, 'chair-0', 'area-0', 'in_person',
        CURRENT_DATE - 2, '[]', '[]', '[]', '{}', '{}', false, false, 1
    FROM generate_series(0, $1::int - 1) n
"""
PLANNED_PARTS = """
    INSERT INTO child_conference (id, conference_id, reference, person_id, kind, due_on, event_on, rule, request_id,
        chair_id, area_id, restricted, cancelled, unborn, looked_after)
    SELECT gen_random_uuid(), meeting.id, reference, asked.person_id, 'initial', asked.due_on, asked.event_on,
        '15 working days after the strategy discussion', asked.id, chair_id, area_id, false, false, false, false
    FROM conference meeting, unnest(person_ids) person
    JOIN conference_request asked ON asked.person_id = person WHERE state = 'planned'
"""
PLANNED_DEADLINES = """
    INSERT INTO deadline (id, person_id, kind, subject, due_on, event_on, rule, owner_role, owner_id, chair_id, area_id,
        conference_reference, restricted)
    SELECT gen_random_uuid(), person_id, 'conference', 'initial', due_on, event_on, rule, 'chair', chair_id, chair_id,
        area_id, reference, false
    FROM child_conference WHERE held_on IS NULL
"""


async def planned(settings: Settings, count: int) -> None:
    """So many conferences of three children each, planned for today and not held yet: CONF-1999-0000000 and so on."""
    connection = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    await connection.execute(PLANNED, count)
    await connection.execute(PLANNED_REQUESTS)
    await connection.execute(PLANNED_CONFERENCES, count)
    for statement in (PLANNED_PARTS, PLANNED_DEADLINES):
        await connection.execute(statement)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
