"""The command line of an installation: `python -m deploy`; each command loads only what it needs."""

import asyncio
import os
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from deploy import CannotRun

UNUSABLE = 2
CLI = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
Name = Annotated[str, typer.Argument(help="The name of a service; `gateway` as well for `web`.")]
Folder = Annotated[Path, typer.Option(help="Where everything of the local system is kept.")]
Check = Annotated[bool, typer.Option("--check", help="Only say whether the file is up to date.")]
DATA = Path(".data")
STANDARD_INPUT = 0


@CLI.callback()
def begin(
    *,
    while_stdin_open: Annotated[
        bool, typer.Option(help="End at once when standard input closes: when whoever started us is gone.")
    ] = False,
) -> None:
    """Run the parts of an installation, or the whole system on this machine."""
    if while_stdin_open:
        threading.Thread(target=_end_with_input, daemon=True).start()


@CLI.command()
def web(name: Name) -> None:
    """Serve a service's API, or the gateway."""
    from deploy.processes import serve_web

    serve_web(name)


@CLI.command()
def worker(name: Name) -> None:
    """Do a service's work beside its API: events, jobs, emails."""
    from deploy.processes import serve_worker

    serve_worker(name)


@CLI.command()
def migrate(name: Name) -> None:
    """Bring a service's database to its newest version."""
    from deploy import processes

    processes.migrate(name)


@CLI.command()
def archive_audit(
    name: Name, folder: Annotated[Path, typer.Argument(help="Where the files are put.", exists=True, file_okay=False)]
) -> None:
    """Export the months of a service's audit that are past AUDIT_KEPT_MONTHS, and drop them."""
    from deploy import processes

    for path in processes.archive_audit(name, folder):
        typer.echo(path)


@CLI.command()
def gather_children() -> None:
    """Have the children service take in the children whom other services found, and list what they disagree about."""
    from deploy import processes

    typer.echo(processes.gather_children())


@CLI.command()
def send_events_again(
    name: Name,
    subscriber: Annotated[str, typer.Argument(help="The service that is sent its events again.")],
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M%z"], help="Such as 2019-04-01T09:30Z.")
    ] = None,
) -> None:
    """Have a service send another one again what is parked, and all that happened since a moment."""
    from deploy import processes

    typer.echo(f"{processes.send_events_again(name, subscriber, since)} events are sent again.")


@CLI.command()
def run(folder: Folder = DATA) -> None:
    """Run the whole system on this machine until Ctrl-C."""
    from deploy.local import supervisor
    from deploy.local.topology import Ports

    supervisor.run(folder.absolute(), Ports.from_environment(os.environ))


@CLI.command()
def clean(folder: Folder = DATA) -> None:
    """Stop the local system and remove everything that it kept."""
    from deploy.local import supervisor

    asyncio.run(supervisor.clean(folder.absolute()))


@CLI.command()
def mailbox(folder: Path, page_port: int = 8025, smtp_port: int = 2525) -> None:
    """Catch every email of the local system, and show it on a page."""
    from deploy.local.mailbox.app import HOST, application
    from deploy.processes import serve

    serve(application(folder, smtp_port), HOST, page_port)


@CLI.command()
def openapi(*, check: Check = False) -> None:
    """Write docs/openapi.json, the document of the whole API, and from it the Python client."""
    from deploy.clients import make
    from deploy.documents import API

    (API.check if check else API.write)()
    make()


@CLI.command()
def rules(*, check: Check = False) -> None:
    """Write docs/rules.md and docs/indicators.md: every time limit, rule and indicator, with its source."""
    from deploy.documents import INDICATORS, RULES

    for page in (RULES, INDICATORS):
        (page.check if check else page.write)()


@CLI.command()
def new_secrets(
    address: Annotated[
        str, typer.Option(help="Where a service's web process is; {name} stands for its name.")
    ] = "http://{name}:8000",
) -> None:
    """Print fresh keys and secrets for production: the environment of each process."""
    from deploy.keys import SIGNERS, Keys

    keys, addresses = Keys.fresh(), {name: address.format(name=name) for name in SIGNERS}
    for name in SIGNERS:
        lines = [f"{variable}='{value}'" for variable, value in keys.environment(name, addresses).items()]
        typer.echo("\n".join([f"# {name}", *lines, ""]))


def _end_with_input() -> None:
    while os.read(STANDARD_INPUT, 1024):
        pass
    # Nobody is left to wait for a farewell; everything that matters is in the database.
    os._exit(1)


if __name__ == "__main__":
    try:
        CLI()
    except CannotRun as trouble:
        typer.echo(str(trouble), err=True)
        sys.exit(UNUSABLE)
