"""What others are told of who is looked after: each change of the day, once."""

from typing import Any

from chassis.access.callers import Role
from tests.support.reviews.office import JSON, Office, days_ago

REGISTERED, CEASED = "looked_after_child.registered", "looked_after_child.ceased"
MANAGER: JSON = {"role": Role.TEAM_MANAGER, "subject": "manager-1"}


async def published(office: Office) -> list[tuple[str, Any]]:
    """Of whom it was told, oldest first, and since when the child is looked after; nothing for who is not."""
    sql = (
        "SELECT data->>'person_id' AS person_id, data->>'looked_after_since' AS since, (data->>'version')::int AS version \
        FROM chassis.outgoing WHERE type IN ($1, $2) ORDER BY id"
    )
    rows = await office.rows(sql, REGISTERED, CEASED)
    for person_id in {row["person_id"] for row in rows}:
        versions = [row["version"] for row in rows if row["person_id"] == person_id]
        assert versions == sorted(set(versions)), "whoever hears them in another order would not know the newest"
    return [(row["person_id"], row["since"]) for row in rows]


async def sent(office: Office, **said: Any) -> None:
    """The case-management system sends the child again."""
    version = (await office.get("/v1/children/P1/care", **MANAGER))["version"]
    answer = await office.put("P1", office.child(since=days_ago(40)) | said, version=version)
    assert answer.status_code == 200, answer.text


async def test_another_day_than_was_said_is_told(office: Office) -> None:
    await office.registered("P1", since=days_ago(30))
    await sent(office, **office.child(since=days_ago(20)))
    await sent(office, **office.child(since=days_ago(20), team="Another"))
    since = [days_ago(days).isoformat() for days in (30, 20)]
    assert await published(office) == [("P1", day) for day in since]


async def test_that_a_child_was_never_looked_after_is_told(office: Office) -> None:
    await office.registered("P1", since=days_ago(30))
    await sent(office, periods_of_care=[])
    assert await published(office) == [("P1", days_ago(30).isoformat()), ("P1", None)]


async def test_a_merge_is_told_and_so_is_undoing_it(office: Office) -> None:
    early, late = days_ago(40).isoformat(), days_ago(30).isoformat()
    await office.registered("P1", since=days_ago(40))
    await office.registered("P2", since=days_ago(30))
    merge_id = await office.merged("P1", "P2")
    before = [("P1", early), ("P2", late)]
    assert await published(office) == [*before, ("P1", None)]
    # Sent again under the number that it had, the child is looked after under the other one alone.
    await sent(office, team="Another")
    assert await published(office) == [*before, ("P1", None)]
    assert (await office.get("/v1/children/P1/care", **MANAGER))["looked_after_since"] is None
    await office.unmerged("P1", "P2", merge_id)
    assert await published(office) == [*before, ("P1", None), ("P1", early)]


async def test_a_merge_that_brings_the_care_along_is_told_of_the_number_that_stays(office: Office) -> None:
    since = days_ago(40).isoformat()
    await office.registered("P1", since=days_ago(40))
    answer = await office.put("P2", office.child(since=days_ago(40)) | {"periods_of_care": []})
    assert answer.status_code == 201, answer.text
    merge_id = await office.merged("P1", "P2")
    assert set(await published(office)) == {("P1", since), ("P1", None), ("P2", since)}
    await office.unmerged("P1", "P2", merge_id)
    assert sorted((await published(office))[3:]) == [("P1", since), ("P2", None)]
