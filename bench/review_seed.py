"""Invented looked-after children and their reviews, made by PostgreSQL: of one council, or of the whole country."""

import asyncpg

from chassis.base.settings import Settings

CHILDREN_OF_A_COUNCIL = 660
REVIEWS_EACH = 25
CHAIRS_OF_A_COUNCIL = 20
# Ten years of a review about every five months.
FIRST_DAY, APART = "2010-04-01", 146
DIRECTORY = """
    INSERT INTO chassis.copy (kind, id, version, attributes)
    SELECT 'colleague', 'chair-' || n, 1, '{"roles": ["chair"], "full_time_equivalent": 1.0}'
    FROM generate_series(0, 20) n;
    INSERT INTO chassis.copy (kind, id, version, attributes) VALUES ('area', 'area-0', 1, '{}')
"""
CHILDREN = f"""
    INSERT INTO looked_after_child (person_id, given_name, family_name, born_on, area_id, team, manager_id, disabled,
        unaccompanied, restricted, siblings, chair_id, looked_after_since, legal_status, short_breaks, registered_on,
        version)
    SELECT 'P' || n, 'Merrin', 'Invented', DATE '2008-01-01' + n % 3000, 'area-' || n / {CHILDREN_OF_A_COUNCIL},
        'Team ' || n % 12, 'manager-1', false, false, false, '{{}}',
        'chair-' || n / {CHILDREN_OF_A_COUNCIL} * 100 + n % {CHAIRS_OF_A_COUNCIL}, DATE '{FIRST_DAY}', 'C2', false,
        DATE '{FIRST_DAY}', 1
    FROM generate_series(0, $1::int - 1) n
"""
PERIODS = f"""
    INSERT INTO period_of_care (id, person_id, starts_on, short_breaks, reviews_before, episodes)
    SELECT gen_random_uuid(), person_id, DATE '{FIRST_DAY}', false, 0,
        '[{{"starts_on": "{FIRST_DAY}", "legal_status": "C2", "placement": "U4"}}]'
    FROM looked_after_child
"""
REVIEWS = f"""
    INSERT INTO review (id, reference, state, person_ids, planned_on, chair_id, area_id, mode, panel, held_on,
        restricted, imported, version)
    SELECT gen_random_uuid(), 'REV-' || extract(year FROM day) || '-' || lpad((n * {REVIEWS_EACH} + k)::text, 7, '0'),
        'held', ARRAY['P' || n], day, 'chair-' || n / {CHILDREN_OF_A_COUNCIL} * 100 + n % {CHAIRS_OF_A_COUNCIL},
        'area-' || n / {CHILDREN_OF_A_COUNCIL}, 'in_person', '[]', day, false, true, 1
    FROM (SELECT n, k, DATE '{FIRST_DAY}' + 20 + k * {APART} + n % 120 AS day
          FROM generate_series(0, $1::int - 1) n, generate_series(0, {REVIEWS_EACH - 1}) k) days
    ORDER BY day
"""
PARTS = """
    INSERT INTO child_review (id, review_id, reference, person_id, track, kind, due_on, event_on, rule, chair_id,
        area_id, team, restricted, cancelled, plan_checks, held_on, in_time, age, remand, participation, attended,
        seen_alone, next_step, next_due_on, decisions_due_on, decisions_on, record_due_on, record_on,
        distribution_due_on, distributed_on, distributed_to)
    SELECT gen_random_uuid(), id, reference, person_ids[1], 'care', 'later', held_on + 30, held_on - 150,
        '6 months after the previous review was held', chair_id, area_id, 'Team 1', false, false, '[]', held_on, true,
        8, false, 'PN1', true, true, 'continue', held_on + 180, held_on + 7, held_on + 5, held_on + 21, held_on + 18,
        held_on + 28, held_on + 25, '{Mother}'
    FROM review ORDER BY held_on
"""
DEADLINES = f"""
    INSERT INTO deadline (id, person_id, kind, subject, track, due_on, event_on, rule, owner_role, owner_id, chair_id,
        area_id, team, restricted)
    SELECT gen_random_uuid(), person_id, kind, kind, NULL, DATE '{FIRST_DAY}' + 3640 + substr(person_id, 2)::int % 180,
        DATE '{FIRST_DAY}' + 3600, '6 months after the previous review was held', 'chair', chair_id, chair_id, area_id,
        team, false
    FROM looked_after_child, unnest(ARRAY['review', 'visit', 'midpoint']) kind
"""
CONTACTS = f"""
    INSERT INTO contact (id, person_id, kind, happened_on, made_by, seen_alone, recorded_at)
    SELECT gen_random_uuid(), person_id, 'visit', DATE '{FIRST_DAY}' + k * 150, chair_id, true, now()
    FROM looked_after_child, generate_series(0, 9) k
"""
ALLOCATIONS = f"""
    INSERT INTO allocation (id, person_id, chair_id, starts_on, allocated_by, allocated_at)
    SELECT gen_random_uuid(), person_id, chair_id, DATE '{FIRST_DAY}', 'manager-1', now() FROM looked_after_child
"""
DECISIONS = """
    INSERT INTO decision (id, child_review_id, reference, person_id, number, decision, owner, state, sent_on,
        respond_by, responded_on, restricted, chair_id, version)
    SELECT gen_random_uuid(), id, reference, person_id, 1, 'Go on.', 'social worker', 'agreed', decisions_on,
        decisions_on + 7, decisions_on + 7, false, chair_id, 1
    FROM child_review WHERE held_on >= '2018-04-01'
"""
CHECKS = """
    INSERT INTO midpoint_check (id, person_id, reviewed_on, due_on, done_on, done_by, on_track)
    SELECT gen_random_uuid(), person_id, held_on, held_on + 90, held_on + 90, chair_id, true
    FROM child_review WHERE held_on >= '2018-04-01'
"""
APPROVALS = """
    INSERT INTO leaving_care_decision (id, person_id, approval, requested_on, version)
    SELECT gen_random_uuid(), person_id, 'director', '2020-01-06', 1 FROM looked_after_child
    WHERE person_id LIKE '%0'
"""


async def seeded(settings: Settings, children: int) -> None:
    """Fill the reviews' tables with so many children, ten years of their reviews, and what is owed for them."""
    connection = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    await connection.execute("SET synchronous_commit = off")
    await connection.execute(DIRECTORY)
    await connection.execute(CHILDREN, children)
    await connection.execute(PERIODS)
    await connection.execute(REVIEWS, children)
    for statement in (PARTS, DEADLINES, CONTACTS, ALLOCATIONS, DECISIONS, CHECKS, APPROVALS):
        await connection.execute(statement)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


PLANNED = """
    INSERT INTO looked_after_child (person_id, born_on, area_id, manager_id, disabled, unaccompanied, restricted,
        siblings, chair_id, looked_after_since, legal_status, short_breaks, registered_on, version)
    SELECT 'H' || n, DATE '2010-01-01', 'area-0', 'manager-1', false, false, false, '{}', 'chair-0',
        CURRENT_DATE - 15, 'C2', false, CURRENT_DATE - 15, 1
    FROM generate_series(0, $1::int * 3 - 1) n;
"""
PLANNED_PERIODS = """
    INSERT INTO period_of_care (id, person_id, starts_on, short_breaks, reviews_before, episodes)
    SELECT gen_random_uuid(), person_id, looked_after_since, false, 0, jsonb_build_array(jsonb_build_object(
        'starts_on', looked_after_since::text, 'legal_status', 'C2', 'placement', 'U4'))
    FROM looked_after_child WHERE person_id LIKE 'H%'
"""
PLANNED_REVIEWS = """
    INSERT INTO review (id, reference, state, person_ids, planned_on, chair_id, area_id, mode, panel, restricted,
        imported, version)
    SELECT gen_random_uuid(), 'REV-1999-' || lpad(n::text, 7, '0'), 'planned',
        ARRAY['H' || n * 3, 'H' || n * 3 + 1, 'H' || n * 3 + 2], CURRENT_DATE, 'chair-0', 'area-0', 'in_person', '[]',
        false, false, 1
    FROM generate_series(0, $1::int - 1) n
"""
PLANNED_PARTS = """
    INSERT INTO child_review (id, review_id, reference, person_id, track, kind, due_on, event_on, rule, chair_id,
        area_id, restricted, cancelled, plan_checks, remand, distributed_to)
    SELECT gen_random_uuid(), review.id, reference, person_id, 'care', 'first', CURRENT_DATE + 10, CURRENT_DATE - 15,
        '20 working days after the child became looked after', chair_id, area_id, false, false, '[]', false, '{}'
    FROM review, unnest(person_ids) person_id WHERE state = 'planned'
"""
PLANNED_DEADLINES = """
    INSERT INTO deadline (id, person_id, kind, subject, track, due_on, event_on, rule, owner_role, owner_id, chair_id,
        area_id, review_reference, restricted)
    SELECT gen_random_uuid(), person_id, 'review', 'first', 'care', due_on, event_on, rule, 'chair', chair_id, chair_id,
        area_id, reference, false
    FROM child_review WHERE held_on IS NULL
"""
# What has been on each child's list since they became looked after, and stays there.
PLANNED_STANDING = """
    INSERT INTO deadline (id, person_id, kind, subject, due_on, event_on, rule, owner_role, owner_id, chair_id, area_id,
        restricted)
    SELECT gen_random_uuid(), person_id, kind, subject, (looked_after_since + due_in)::date, looked_after_since,
        'A rule', 'chair', chair_id, chair_id, area_id, false
    FROM looked_after_child, (VALUES ('visit', 'visit', INTERVAL '6 months'), ('prompt', 'leaflet', INTERVAL '0'),
        ('prompt', 'life_links', INTERVAL '0')) AS standing (kind, subject, due_in)
    WHERE person_id LIKE 'H%'
"""


async def planned(settings: Settings, count: int) -> None:
    """So many reviews of three children each, planned for today and not held yet: REV-1999-0000000 and so on."""
    connection = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    await connection.execute(PLANNED.strip().rstrip(";"), count)
    await connection.execute(PLANNED_PERIODS)
    await connection.execute(PLANNED_REVIEWS, count)
    for statement in (PLANNED_PARTS, PLANNED_DEADLINES, PLANNED_STANDING):
        await connection.execute(statement)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
