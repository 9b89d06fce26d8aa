"""Copies of the demonstration's rows in bulk: of other children, with other references, and of earlier days."""

import asyncpg

# The demonstration's records span so many years, and what runs on its last day ends then in earlier copies.
YEARS, LAST_DAY = 2, "DATE '2020-04-06'"
IDENTIFIERS = ("person_id", "reference", "review_reference")
COLUMNS = """
    SELECT column_name AS name, udt_name AS kind FROM information_schema.columns
    WHERE $1 = CASE table_schema WHEN 'public' THEN table_name ELSE table_schema || '.' || table_name END
"""


async def copy(connection: asyncpg.Connection, table: str, copies: int, beside: int) -> None:
    """Add so many copies of a table's rows: `beside` of them with the originals, as many two years earlier, and so on.

    What `beside` counts includes the originals.
    """
    columns = await connection.fetch(COLUMNS, table)
    names = ", ".join(f'"{column["name"]}"' for column in columns)
    values = ", ".join(_copied(column["name"], column["kind"]) for column in columns)
    statement = f"""
        INSERT INTO {table} ({names}) SELECT {values}
        FROM {table}, generate_series(1, $1::int) k, LATERAL (SELECT k / $2::int AS block) earlier
    """
    await connection.execute(statement, copies, beside)


def _copied(name: str, kind: str) -> str:
    value = f'"{name}"'
    if kind == "uuid":
        return f"md5({value}::text || k)::uuid"
    if name == "person_ids":
        return "array(SELECT person || '-' || k FROM unnest(person_ids) person)"
    if name in IDENTIFIERS:
        return f"{value} || '-' || k"
    if name == "ends_on":
        value = f"coalesce(ends_on, CASE WHEN block > 0 THEN {LAST_DAY} END)"
    if name == "end_reason":
        return "coalesce(end_reason, CASE WHEN block > 0 THEN 'moved_away' END)"
    return f"({value} - make_interval(years => {YEARS} * block))::date" if kind == "date" else value
