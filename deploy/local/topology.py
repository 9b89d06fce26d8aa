"""The local system as a list: which processes it has, on which ports, and what each is told by its environment."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from chassis.base.clock import LONDON, machine_now
from demo.tables import FIGURES
from deploy import CannotRun
from deploy.keys import GATEWAY, Keys
from deploy.local.databases import Addresses
from deploy.services import SERVICES

HOST = "127.0.0.1"
# By this beginning of keys and secrets production knows what must not come into it.
MARK = "development"
# The council's clock of the local system began on this Monday morning and has gone on since.
BEGINNING = datetime(2020, 4, 6, 7, 30, tzinfo=LONDON)
# They end when whoever started them is gone.
DEPLOY = ("deploy", "--while-stdin-open")
MAILBOX, NOTIFICATIONS, REPORTS = "mailbox", "notifications", "reports"
PEOPLE = {
    "chair": "chair-01",
    "team_manager": "manager-north",
    "business_support": "support-1",
    "social_work_manager": "swm-1",
    "performance_analyst": "analyst-1",
    "administrator": "admin-1",
}


# An invented council; nobody can have its telephone number.
COUNCIL = {
    "COUNCIL_NAME": "Northshire County Council",
    "COUNCIL_IDENTITY_LINE": "Independent Chairs' service, Children's Services",
    "COUNCIL_QUESTIONS_EMAIL": "questions@council.example",
    "COUNCIL_TELEPHONE": "01632 960042",
}

# Where the usual tools for front ends serve what is being written (Next, Angular, Vite, Vue).
FRONT_ENDS = [f"http://{host}:{port}" for host in ("localhost", HOST) for port in (3000, 4200, 5173, 8080)]


@dataclass(frozen=True)
class Ports:
    """Where everything listens; GATEWAY_PORT and its like in the environment say otherwise."""

    gateway: int = 8000
    reviews: int = 8001
    conferences: int = 8002
    escalations: int = 8003
    notifications: int = 8004
    children: int = 8005
    reports: int = 8006
    mailbox: int = 8025
    smtp: int = 2525
    postgres: int = 54321

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Ports":
        """The ports that the environment gives, and for all others the usual ones."""
        variables = {field.name: f"{field.name.upper()}_PORT" for field in fields(cls)}
        given = {name: environment[variable] for name, variable in variables.items() if variable in environment}
        for name, value in given.items():
            if not value.isdecimal() or not 0 < int(value) < 65536:
                raise CannotRun(f"{variables[name]} is {value!r}, which is not the number of a port.")
        return cls(**{name: int(value) for name, value in given.items()})

    def address(self, name: str) -> str:
        """Where a process's web server is for the other processes."""
        return f"http://{HOST}:{getattr(self, name)}"

    @property
    def public_url(self) -> str:
        """Where the gateway is for people."""
        return f"http://localhost:{self.gateway}"

    @property
    def mailbox_url(self) -> str:
        """Where the mailbox is for people."""
        return f"http://localhost:{self.mailbox}"


@dataclass(frozen=True)
class Process:
    """One process: its name, what follows `python -m`, its environment, and the port that says it is ready.

    What it prints goes to its log unless it `is_shown`.
    """

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    port: int = 0
    is_shown: bool = False


@dataclass(frozen=True)
class Topology:
    """The whole local system, as it follows from its folder, ports, keys, clock and databases."""

    folder: Path
    ports: Ports
    keys: Keys
    clock_offset_seconds: int
    databases: Mapping[str, Addresses]

    def stages(self) -> list[list[Process]]:
        """Everything that runs besides PostgreSQL: each stage is started when the one before it is ready.

        Notifications ask the others as soon as they start, for whatever they owe from before.
        """
        asked = [self.service(name) for name in SERVICES if name != NOTIFICATIONS]
        return [[self.mailbox(), *asked], [self.service(NOTIFICATIONS), self.gateway()]]

    def mailbox(self) -> Process:
        """The mail server that keeps every message, and its page."""
        ports = ("--page-port", str(self.ports.mailbox), "--smtp-port", str(self.ports.smtp))
        return Process(MAILBOX, (*DEPLOY, MAILBOX, str(self.mails), *ports), {}, self.ports.mailbox)

    def service(self, name: str) -> Process:
        """A service's web process, which is its worker as well."""
        databases = {
            "DATABASE_URL": self.databases[name].runtime,
            "MIGRATION_DATABASE_URL": self.databases[name].owner,
            "WORKER_IN_WEB": "true",
        }
        sending = {
            "ALLOW_PRIVATE_WEBHOOK_ADDRESSES": "true",
            "ADVOCACY_EMAIL": "advocates@advocacy.example",
            "SMTP_HOST": HOST,
            "SMTP_PORT": str(self.ports.smtp),
            "SMTP_SECURITY": "none",
            "MAIL_FROM": "chairs@council.example",
        }
        of_one = {NOTIFICATIONS: sending, REPORTS: {"PUBLISHED_TABLES": str(FIGURES)}}
        environment = self._common(name) | databases | of_one.get(name, {})
        return Process(name, (*DEPLOY, "web", name), environment, getattr(self.ports, name))

    def migration(self, name: str) -> Process:
        """What brings a service's database to its newest version; it ends by itself."""
        return Process(f"migrate-{name}", (*DEPLOY, "migrate", name), self.service(name).environment)

    def demonstration(self) -> Process:
        """What loads an invented council's records; it shows its own progress, and ends by itself."""
        return Process("demo", ("demo", "--gateway", self.ports.public_url), {}, is_shown=True)

    def gateway(self) -> Process:
        """The door to all services."""
        environment = {
            "SERVICES": json.dumps({name: self.ports.address(name) for name in SERVICES}),
            "DEVELOPMENT_SIGN_IN": "true",
            "DEVELOPMENT_PEOPLE": json.dumps(PEOPLE),
            "ALLOWED_ORIGINS": json.dumps(FRONT_ENDS),
            # One person with a script, and the demonstration, are many callers in one: there is no limit.
            "REQUESTS_PER_SECOND": "0",
        }
        return Process(GATEWAY, (*DEPLOY, "web", GATEWAY), self._common(GATEWAY) | environment, self.ports.gateway)

    @property
    def mails(self) -> Path:
        """Where the mailbox keeps its messages."""
        return self.folder / "mailbox"

    def _common(self, name: str) -> dict[str, str]:
        addresses = {service: self.ports.address(service) for service in SERVICES}
        return {
            "ENVIRONMENT": "development",
            "HOST": HOST,
            "PORT": str(getattr(self.ports, name)),
            "PUBLIC_URL": self.ports.public_url,
            "LOG_FORMAT": "json",
            "CLOCK_OFFSET_SECONDS": str(self.clock_offset_seconds),
            **COUNCIL,
            **{f"{service.upper()}_URL": address for service, address in addresses.items()},
            **self.keys.environment(name, addresses),
        }


def local_keys(folder: Path) -> Keys:
    """The keys of this folder; made now if there are none, some are missing, or their file is of another version."""
    place = folder / "secrets.json"
    with suppress(FileNotFoundError, ValidationError):
        kept = TypeAdapter(Keys).validate_json(place.read_bytes())
        if kept.are_whole():
            return kept
    keys = Keys.fresh(MARK)
    _write_whole(place, json.dumps(asdict(keys)))
    return keys


def clock_offset_seconds(folder: Path) -> int:
    """How far the council's clock is from the machine's; set on the first start and the same ever since."""
    place = folder / "clock-offset"
    if not place.exists():
        _write_whole(place, str(round((BEGINNING - machine_now()).total_seconds())))
    return int(place.read_text())


def _write_whole(place: Path, text: str) -> None:
    """Write a file that is whole under its own name or not there, and that at no moment others can read."""
    half = place.with_name(f"{place.name}.half")
    half.touch(0o600)
    half.write_text(text)
    half.rename(place)
