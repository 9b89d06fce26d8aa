"""A database that takes no connection now is no failure of ours: the caller is told to come back."""

import asyncpg

from deploy.local.postgres import Server
from tests.support.faults.load import chair, fill_directory, wanted
from tests.support.running import Running


async def test_a_database_without_a_connection_free_is_answered_503(postgres: Server, running: Running) -> None:
    escalations = await running("escalations")
    await fill_directory(escalations.settings)
    (row,) = await escalations.process.database.statements.rows("SELECT current_database() AS name")
    owner = await asyncpg.connect(postgres.url)
    try:
        await owner.execute(f'ALTER DATABASE "{row["name"]}" CONNECTION LIMIT 0')
        await owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", row["name"])
        written = await escalations.post("/v1/escalations", json=wanted(), headers=chair())
        read = await escalations.get("/v1/escalations", headers=chair())
        for answer in (written, read):
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
            assert int(answer.headers["Retry-After"]) > 0
        await owner.execute(f'ALTER DATABASE "{row["name"]}" CONNECTION LIMIT -1')
        assert (await escalations.post("/v1/escalations", json=wanted(), headers=chair())).status_code == 201
        assert (await escalations.get("/v1/escalations", headers=chair())).status_code == 200
    finally:
        await owner.execute(f'ALTER DATABASE "{row["name"]}" CONNECTION LIMIT -1')
        await owner.close()
