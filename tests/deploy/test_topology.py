"""What the processes of the local system are told, and what of it production refuses."""

import json
from pathlib import Path

import pytest

from chassis.base.settings import DevelopmentSettingsInProduction, Settings
from deploy import CannotRun
from deploy.keys import SIGNERS, Keys
from deploy.local.databases import Addresses
from deploy.local.topology import (
    BEGINNING,
    COUNCIL,
    MARK,
    PEOPLE,
    Ports,
    Process,
    Topology,
    clock_offset_seconds,
    local_keys,
)
from deploy.services import SERVICES, service_named
from gateway.settings import GatewaySettings


@pytest.fixture
def topology(tmp_path: Path) -> Topology:
    databases = {name: Addresses(f"postgresql://owner/{name}", f"postgresql://{name}/{name}") for name in SERVICES}
    return Topology(tmp_path, Ports(), Keys.fresh(MARK), -1000, databases)


def read(settings: type[Settings], process: Process, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for variable, value in process.environment.items():
        monkeypatch.setenv(variable, value)
    return settings(service_name=process.name)


def test_whoever_asks_others_at_once_starts_when_they_are_ready(topology: Topology) -> None:
    names = [[process.name for process in stage] for stage in topology.stages()]
    assert names == [
        ["mailbox", "children", "reviews", "conferences", "escalations", "reports"],
        ["notifications", "gateway"],
    ]


@pytest.mark.parametrize("name", SERVICES)
def test_services_understand_what_they_are_told(topology: Topology, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(service_named(name).settings, topology.service(name), monkeypatch)
    assert settings.port == getattr(Ports(), name)
    assert settings.worker_in_web
    assert settings.clock_offset_seconds == -1000
    assert set(settings.internal_trusted_keys) == set(SIGNERS)
    assert not any("d" in key for keys in settings.internal_trusted_keys.values() for key in keys)
    assert settings.public_url == "http://localhost:8000"


def test_each_service_takes_what_the_others_sign(topology: Topology, monkeypatch: pytest.MonkeyPatch) -> None:
    all_settings = {name: read(service_named(name).settings, topology.service(name), monkeypatch) for name in SERVICES}
    for name, settings in all_settings.items():
        subscribers = {subscriber.name: subscriber for subscriber in settings.webhook_subscribers}
        assert subscribers.keys() == all_settings.keys() - {name}
        for other, subscriber in subscribers.items():
            assert subscriber.url == f"http://127.0.0.1:{getattr(Ports(), other)}/webhooks/events"
            assert all_settings[other].webhook_publishers[name] == subscriber.secrets
        assert settings.webhook_publishers.keys() == all_settings.keys() - {name}


def test_notifications_sends_to_the_mailbox(topology: Topology, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(service_named("notifications").settings, topology.service("notifications"), monkeypatch)
    given = settings.model_dump()
    assert (given["smtp_port"], given["smtp_security"]) == (2525, "none")
    assert given["escalations_url"] == "http://127.0.0.1:8003"
    assert given["reviews_url"] == "http://127.0.0.1:8001"
    assert given["conferences_url"] == "http://127.0.0.1:8002"


def test_escalations_ask_the_conferences(topology: Topology, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(service_named("escalations").settings, topology.service("escalations"), monkeypatch)
    assert settings.model_dump()["conferences_url"] == "http://127.0.0.1:8002"


def test_the_gateway_knows_the_services_and_whom_each_role_is(
    topology: Topology, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read(GatewaySettings, topology.gateway(), monkeypatch)
    assert isinstance(settings, GatewaySettings)
    assert settings.services == {name: f"http://127.0.0.1:{getattr(Ports(), name)}" for name in SERVICES}
    assert settings.development_people == PEOPLE
    assert {"http://localhost:3000", "http://localhost:5173"} <= set(settings.allowed_origins)


def test_a_gateway_that_is_told_nothing_looks_for_each_service_where_it_is_locally() -> None:
    expected = {name: f"http://127.0.0.1:{getattr(Ports(), name)}" for name in SERVICES}
    assert GatewaySettings().services == expected


@pytest.mark.parametrize("name", SERVICES)
def test_production_refuses_all_of_it(topology: Topology, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(service_named(name).settings, topology.service(name), monkeypatch)
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(DevelopmentSettingsInProduction) as refused:
        service_named(name).read_settings()
    for part in ("CLOCK_OFFSET_SECONDS", "INTERNAL_SIGNING_KEY", "INTERNAL_TRUSTED_KEYS", "webhook secret"):
        assert part in str(refused.value)
    assert settings.development_only()


def test_production_takes_new_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = {name: f"https://{name}.council.example" for name in SIGNERS}
    for variable, value in (COUNCIL | Keys.fresh().environment("escalations", addresses)).items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("PUBLIC_URL", "https://chairs.council.example")
    settings = service_named("escalations").read_settings()
    expected = {f"https://{name}.council.example/webhooks/events" for name in SERVICES if name != "escalations"}
    assert {subscriber.url for subscriber in settings.webhook_subscribers} == expected


def test_ports_come_from_the_environment() -> None:
    assert Ports.from_environment({"GATEWAY_PORT": "18000"}) == Ports(gateway=18000)
    with pytest.raises(CannotRun, match="GATEWAY_PORT is 'many'"):
        Ports.from_environment({"GATEWAY_PORT": "many"})


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    keys = local_keys(tmp_path)
    assert local_keys(tmp_path) == keys
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert all(key["kid"].startswith(MARK) for key in keys.signing.values())


def test_keys_are_made_anew_when_a_service_has_none(tmp_path: Path) -> None:
    keys = local_keys(tmp_path)
    fewer = {name: key for name, key in keys.signing.items() if name != "notifications"}
    (tmp_path / "secrets.json").write_text(json.dumps({"signing": fewer, "webhooks": keys.webhooks}))
    assert set(local_keys(tmp_path).signing) == set(SIGNERS)


@pytest.mark.parametrize("webhooks", [dict.fromkeys(SERVICES, "whsec_"), {"reviews": {}}, {}, None])
def test_keys_are_made_anew_when_their_file_is_of_another_version(tmp_path: Path, webhooks: object) -> None:
    keys = local_keys(tmp_path)
    (tmp_path / "secrets.json").write_text(json.dumps({"signing": keys.signing, "webhooks": webhooks}))
    made = local_keys(tmp_path)
    assert made.are_whole()
    assert local_keys(tmp_path) == made


def test_the_clock_begins_on_a_monday_morning_and_keeps_its_offset(tmp_path: Path) -> None:
    offset = clock_offset_seconds(tmp_path)
    assert clock_offset_seconds(tmp_path) == offset
    assert f"{BEGINNING:%A %H:%M}" == "Monday 07:30"
