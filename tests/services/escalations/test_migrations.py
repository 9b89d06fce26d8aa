"""Data of earlier versions survives the newest migration."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg

from deploy.services import service_named
from tests.support.running import DatabaseOf


async def test_numbers_and_copies_of_the_directory_move_to_the_chassis(database_of: DatabaseOf, tmp_path: Path) -> None:
    newest: Any = service_named("escalations")
    shutil.copy(newest.migrations / "0001_escalations.py", tmp_path)
    settings = await database_of(replace(newest, name="escalations_at_first", migrations=tmp_path))
    owner = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    await owner.execute("INSERT INTO reference_counter VALUES ('ESC', 2019, 42), ('CHA', 2020, 7)")
    await owner.execute(
        """
        INSERT INTO directory_copy (kind, id, roles, ends_on, version) VALUES ('agency', 'surgeries', '{gp,midwife}',
            NULL, 3), ('colleague', 'chair-1', '{}', '2030-01-01', 1), ('area', 'north', '{}', NULL, 2)
        """
    )
    await newest.migrate(settings)
    await owner.close()
    # As the service itself, which needs to be granted what is new.
    itself = await asyncpg.connect(settings.database_url.get_secret_value())
    counters = await itself.fetch("SELECT prefix, year, last FROM chassis.reference_counter ORDER BY prefix")
    assert [tuple(row) for row in counters] == [("CHA", 2020, 7), ("ESC", 2019, 42)]
    copied = await itself.fetch("SELECT kind, id, ends_on, version, attributes FROM chassis.copy ORDER BY kind")
    assert [(*row[:4], json.loads(row[4])) for row in copied] == [
        ("agency", "surgeries", None, 3, {"roles": ["gp", "midwife"]}),
        ("area", "north", None, 2, {}),
        ("colleague", "chair-1", date(2030, 1, 1), 1, {"roles": []}),
    ]
    await itself.execute("UPDATE chassis.reference_counter SET last = last + 1")
    await itself.close()
