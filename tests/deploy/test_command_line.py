"""The command line says in one sentence what stands in its way."""

import json
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from deploy import CannotRun
from deploy.documents import API
from deploy.keys import SIGNERS
from tests.support.running import DatabaseOf

PROJECT = Path(__file__).parents[2]


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        ("web escalations", {}, "INTERNAL_SIGNING_KEY is not set"),
        ("web gateway", {"DEVELOPMENT_SIGN_IN": "true"}, "lets anybody be anybody"),
        ("web escalations", {"ENVIRONMENT": "development"}, "INTERNAL_SIGNING_KEY and DATABASE_URL must be set"),
        ("web gateway", {"ENVIRONMENT": "development", "INTERNAL_SIGNING_KEY": "{}"}, "not a private key"),
        ("worker notifications", {"PORT": "many"}, "PORT: Input should be a valid integer"),
        (
            "worker gateway",
            {},
            "There is no gateway: choose one of children, reviews, conferences, escalations, reports, notifications.",
        ),
        (
            "archive-audit escalations docs",
            {"ENVIRONMENT": "development", "MIGRATION_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"},
            "AUDIT_KEPT_MONTHS is not set: the audit is kept for ever.",
        ),
        (
            "send-events-again reviews ledger --since 2019-04-01T09:30Z",
            {"ENVIRONMENT": "development", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"},
            "ledger is none of WEBHOOK_SUBSCRIBERS.",
        ),
        ("run", {"SMTP_PORT": "0"}, "SMTP_PORT is '0'"),
    ],
)
def test_a_process_that_cannot_start_says_why(arguments: str, environment: dict[str, str], sentence: str) -> None:
    ended = command(*arguments.split(), **environment)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_database_that_is_not_there_is_one_sentence() -> None:
    url = "postgresql://nobody:nothing@127.0.0.1:1/nothing"
    environment = {"ENVIRONMENT": "development", "DATABASE_URL": url, "MIGRATION_DATABASE_URL": url}
    ended = command("migrate", "escalations", **environment)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "cannot be reached" in ended.stderr


async def test_a_database_at_an_unknown_version_is_one_sentence(database_of: DatabaseOf) -> None:
    settings = await database_of("escalations")
    url = settings.migration_database_url.get_secret_value()
    owner = await asyncpg.connect(url)
    await owner.execute("UPDATE chassis.alembic_version SET version_num = '9999'")
    ended = command("migrate", "escalations", ENVIRONMENT="development", DATABASE_URL=url, MIGRATION_DATABASE_URL=url)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert ended.stderr.startswith(
        "The database is at version 9999 of the schema chassis, which this release does not know"
    )
    assert await owner.fetchval("SELECT version_num FROM chassis.alembic_version") == "9999"
    await owner.close()


def test_new_secrets_are_different_each_time() -> None:
    lines = command("new-secrets").stdout.splitlines()
    keys = [line for line in lines if line.startswith("INTERNAL_SIGNING_KEY=")]
    assert len(set(keys)) == len(SIGNERS)
    assert command("new-secrets").stdout.splitlines() != lines


def test_the_api_document_is_compared_with_the_code(tmp_path: Path) -> None:
    place = tmp_path / "openapi.json"
    API.write(place)
    API.check(place)
    place.write_text(json.dumps(json.loads(place.read_text()) | {"openapi": "3.0.0"}))
    with pytest.raises(CannotRun, match="python -m deploy openapi"):
        API.check(place)
