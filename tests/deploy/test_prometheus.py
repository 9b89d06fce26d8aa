"""Alerts and scraping, by Prometheus itself: its own checks, and a real one that reads a running service."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from chassis.base.observe import REQUESTS
from chassis.base.settings import Settings
from deploy.local.postgres import __file__ as launcher_file
from services.notifications.rules import weekly_days
from services.notifications.schedules.timetable import SENDINGS
from tests.support.running import Running
from tests.support.serving import free_port
from tests.support.waiting import PATIENCE, eventually

FOLDER = Path(launcher_file).parents[1] / "prometheus"
ALERTS = yaml.safe_load((FOLDER / "alerts.yml").read_text())
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
PROGRAMS = {
    "prometheus": "prometheus",
    "promtool": "prometheus",
    "prometheus-blackbox-exporter": "prometheus-blackbox-exporter",
}


def program(name: str) -> str:
    """A program of Debian's packages; root installs it where it is missing."""
    if shutil.which(name) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "--yes", "--no-install-recommends", PROGRAMS[name]]):
            subprocess.run(["apt-get", "-qq", *words], env=quiet, capture_output=True, check=False, timeout=300)
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"NOT CHECKED: {name} is not installed (Debian's package {PROGRAMS[name]}).")
    return found


@pytest.mark.parametrize(
    "words",
    [
        ["check", "config", "prometheus.yml"],
        ["check", "rules", "--lint=all", "--lint-fatal", "alerts.yml"],
        ["test", "rules", "alerts_test.yml", "alerts_of_weeks_test.yml"],
    ],
    ids=" ".join,
)
def test_prometheus_own_tool_is_content(words: list[str]) -> None:
    checked = subprocess.run([program("promtool"), *words], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_alert_is_seen_to_fire_and_not_to_fire() -> None:
    files = ("alerts_test.yml", "alerts_of_weeks_test.yml")
    tests = [test for name in files for test in yaml.safe_load((FOLDER / name).read_text())["tests"]]
    asked = [case for test in tests for case in test["alert_rule_test"]]
    for rule in RULES:
        fires = {bool(case["exp_alerts"]) for case in asked if case["alertname"] == rule["alert"]}
        assert fires == {True, False}, rule["alert"]


def number(pattern: str, rule: dict[str, Any]) -> int:
    found = re.search(pattern, rule["expr"])
    assert found
    return int(found[1])


def test_the_numbers_in_the_alerts_agree_with_the_code() -> None:
    by_name = {rule["alert"]: rule for rule in RULES}
    used_up = number(r">= (\d+)", by_name["DatabasePoolUsedUp"])
    assert used_up == Settings.model_fields["pool_size"].default - 1
    schedules = set(re.findall(r'schedule="(\w+)"', "".join(rule["expr"] for rule in RULES)))
    assert schedules and schedules <= set(SENDINGS)
    long_ago = number(r"> (\d+) \* 86400", by_name["WeeklyReminderLongAgo"])
    for weekday in range(5):
        days = [day for _, day in weekly_days(weekday, date(2015, 1, 1), date(2040, 1, 1))]
        assert max((later - earlier).days for earlier, later in pairwise(days)) < long_ago


def test_our_own_labels_are_not_those_that_the_metrics_carry() -> None:
    own = {label for group in yaml.safe_load((FOLDER / "processes.yml").read_text()) for label in group["labels"]}
    assert own == {"process"}
    for rule in RULES:
        assert not {"job", "instance", "service"} & set(rule["labels"])


@asynccontextmanager
async def started(*command: str, address: str) -> AsyncIterator[None]:
    """A program for the length of a block, once it answers at an address."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:

            async def answers() -> bool:
                assert process.returncode is None, "It ended."
                try:
                    return (await client.get(address)).status_code == 200
                except httpx.TransportError:
                    return False

            assert await eventually(answers)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def configured(folder: Path, targets: dict[str, str], prober: str) -> Path:
    """The very configuration of the installation, with these addresses for its processes, and more haste."""
    config: dict[str, Any] = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    # The prober keeps half a second of the time for itself.
    config["global"] |= {"scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "1s"}
    for scrape in config["scrape_configs"]:
        for relabel in scrape.get("relabel_configs", ()):
            if relabel["target_label"] == "__address__":
                relabel["replacement"] = prober
    listed = [{"targets": [address], "labels": {"process": name}} for name, address in targets.items()]
    (folder / "processes.yml").write_text(yaml.safe_dump(listed))
    (folder / "alerts.yml").write_text((FOLDER / "alerts.yml").read_text())
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    return folder / "prometheus.yml"


async def test_a_real_prometheus_reads_a_running_service_and_asks_for_its_health(
    running: Running, tmp_path: Path
) -> None:
    prometheus, blackbox = program("prometheus"), program("prometheus-blackbox-exporter")
    # What all tests before it did in this very process would take seconds to be read, again and again.
    REQUESTS.clear()
    notifications = await running("notifications", worker_in_web=True)
    escalations = await running("escalations", worker_in_web=True)
    reviews = await running("reviews", worker_in_web=True)
    dead = f"127.0.0.1:{free_port()}"
    port, prober = free_port(), f"127.0.0.1:{free_port()}"
    targets = {
        "notifications": f"127.0.0.1:{notifications.base_url.port}",
        "escalations": f"127.0.0.1:{escalations.base_url.port}",
        "reviews": f"127.0.0.1:{reviews.base_url.port}",
        "gone": dead,
    }
    watch = [blackbox, f"--config.file={FOLDER / 'blackbox.yml'}", f"--web.listen-address={prober}"]
    read = [
        prometheus,
        f"--config.file={configured(tmp_path, targets, prober)}",
        f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    async with (
        started(*watch, address=f"http://{prober}/-/healthy"),
        started(*read, address=f"http://127.0.0.1:{port}/-/ready"),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=PATIENCE) as api,
    ):

        async def asked(query: str) -> list[dict[str, Any]]:
            answer = (await api.get("/query", params={"query": query})).json()
            assert answer["status"] == "success", answer
            found: list[dict[str, Any]] = answer["data"]["result"]
            return found

        async def value(query: str) -> float | None:
            found = await asked(query)
            return float(found[0]["value"][1]) if found else None

        missing: list[str] = [
            'up{process="notifications"} == 1',
            'up{process="escalations"} == 1',
            'http_request_duration_seconds_count{process="notifications",service="notifications",route="/metrics"}',
            'schedule_owed_runs{service="notifications",schedule="send_weekly_reminder"}',
            'schedule_owed_runs{service="reviews",schedule="tell_missed_deadlines"}',
            'reviews_unallocated_children{process="reviews"}',
            'outbox_oldest_seconds{process="escalations",service="escalations"}',
            'escalations_open{kind="care_planning"}',
            'database_connections_in_use{service="escalations",engine="write"}',
            'build_information{service="notifications"}',
            "mail_oldest_queued_seconds",
            'probe_success{process="notifications",probe="ready"} == 1',
            'probe_success{process="notifications",probe="live"} == 1',
            'probe_success{process="gone",probe="live"} == 0',
        ]

        async def all_there() -> bool:
            while missing and await asked(missing[-1]):
                missing.pop()
            return not missing

        # The services run in this very process: asking in haste would keep them from answering what is read of them.
        await eventually(all_there, 2 * PATIENCE, every=0.5)
        health = [(await client.get("/health/ready")).text for client in (notifications, escalations, reviews)]
        targets_seen = (await api.get("/targets")).json()["data"]["activeTargets"]
        assert missing == [], (health, [(target["scrapeUrl"], target["lastError"]) for target in targets_seen])
        labels = (await api.get("/labels")).json()["data"]
        assert {"service", "schedule", "route", "process", "probe"} <= set(labels)
        assert [label for label in labels if label.startswith("exported_")] == []
        assert await value('min(up{process="gone",probe=""})') == 0

        async def is_pending() -> bool:
            found = (await api.get("/alerts")).json()["data"]["alerts"]
            return "ProcessDown" in {
                alert["labels"]["alertname"] for alert in found if alert["labels"].get("process") == "gone"
            }

        assert await eventually(is_pending, every=0.5)
        # The rules themselves work against what arrives, not against what their tests invent.
        groups = (await api.get("/rules")).json()["data"]["groups"]
        assert not [rule["name"] for group in groups for rule in group["rules"] if rule.get("lastError")]


async def test_a_service_without_its_database_is_seen_by_its_probe_alone(running: Running) -> None:
    """Why health is asked from outside: the figures need the database as well."""
    client = await running("escalations")
    await client.process.database.close()
    assert (await client.get("/health/live")).status_code == 200
    assert (await client.get("/health/ready")).status_code == 503
    assert (await client.get("/metrics")).status_code >= 500
