"""How long anybody else waits, and what memory is taken, while files are imported: `python -m bench.imports`."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from bench.http import token
from bench.review_history import EPISODES, HEADER, REVIEWS, history
from bench.review_seed import DIRECTORY
from bench.system import Program, migrated, plain, program, server
from chassis.access.callers import Role, TokenIssuer
from chassis.base.settings import Settings
from deploy.local.postgres import Server
from tests import keys

REPORT = Path(__file__).parent.parent / "docs" / "bench-imports.md"
MB = 1_000_000
RETURN, CENSUS, CHILDREN = "/v1/returns/ssda903/import", "/v1/returns/cin-census/import", "/v1/children/import"
HEADING = (
    b"<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2020</Year></CollectionDetails></Header>"
)
CHILD = (
    "<Child><ChildIdentifiers><LAchildID>C{}</LAchildID><PersonBirthDate>2012-05-06</PersonBirthDate>"
    "<UPNunknown>UN3</UPNunknown><GenderCurrent>2</GenderCurrent></ChildIdentifiers><CINdetails><Section47>"
    "<S47ActualStartDate>2019-05-01</S47ActualStartDate><DateOfInitialCPC>2019-05-22</DateOfInitialCPC></Section47>"
    "<ChildProtectionPlans><CPPstartDate>2019-05-22</CPPstartDate><InitialCategoryOfAbuse>NEG"
    "</InitialCategoryOfAbuse></ChildProtectionPlans></CINdetails></Child>"
)
Files = dict[str, bytes]


def files() -> Iterator[tuple[str, str, str, Files]]:
    """What is sent: a council's own files, and the worst that anybody may send; with the service and the path."""
    header, episodes, reviews, _ = history()
    whole = {"header": header.encode(), "episodes": episodes.encode(), "reviews": reviews.encode()}
    heading = {"header": f"{HEADER}\n".encode(), "episodes": f"{EPISODES}\n".encode(), "reviews": REVIEWS.encode()}
    born = b"".join(b"B%06d,,01/01/2010\n" % number for number in range(30_000))
    care = b"".join(b"B%06d,01/05/2015,S,C2,N1,U4,PR4,,\n" % number for number in range(30_000))
    yield "SSDA903, ten years of a council", "reviews", RETURN, whole
    yield "SSDA903, 30,000 children", "reviews", RETURN, heading | {
        "header": heading["header"] + born, "episodes": heading["episodes"] + care
    }  # fmt: skip
    yield "SSDA903, rows of one letter", "reviews", RETURN, heading | {"header": heading["header"] + b"a\n" * 2 * MB}
    yield "SSDA903, blank lines", "reviews", RETURN, heading | {"reviews": REVIEWS.encode() + b"\n" * 20 * MB}
    yield "SSDA903, one line", "reviews", RETURN, heading | {"episodes": heading["episodes"] + b"a" * 90 * MB}
    yield "SSDA903, one line of columns", "reviews", RETURN, heading | {"episodes": b"," * 90 * MB}
    children = "".join(CHILD.format(number) for number in range(20_000)).encode()
    for name, content in {
        "20,000 children on plans": children,
        "empty elements": b"<x/>" * (10 * MB // 4),
        "empty children": b"<Child/>" * (20 * MB // 8),
        "deeply nested": b"<x>" * 10 * MB,
        "one text": b"a" * 90 * MB,
    }.items():
        sent = {"census": HEADING + b"<Children>" + content + b"</Children></Message>"}
        yield f"census, {name}", "conferences", CENSUS, sent
    yield "CSV, rows of one letter", "conferences", CHILDREN, {"": b"person_id,area_id\n" + b"a\n" * 900_000}
    yield "CSV, blank lines", "conferences", CHILDREN, {"": b"person_id,area_id\n" + b"\n" * 20 * MB}
    yield "many parts", "conferences", CENSUS, {f"part{number}": b"a" for number in range(50_000)}


async def longest_wait(url: str, ended: asyncio.Event) -> float:
    """The longest answer of /health/live, in milliseconds, until something ended."""
    worst = 0.0
    async with httpx.AsyncClient() as client:
        while not ended.is_set():
            began = time.perf_counter()
            await client.get(f"{url}/health/live", timeout=60)
            worst = max(worst, (time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.01)
    return worst


def peak(service: Program) -> int:
    """The most memory that a process took so far, in megabytes."""
    lines = Path(f"/proc/{service.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1000


async def measured(running: Server, number: int, what: str, name: str, path: str, sent: Files) -> str:
    """The line about one import, each by a process of its own that has nothing else to do."""
    settings = await migrated(running, name, f"bench_import_{number}")
    connection = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    await connection.execute(DIRECTORY)
    await connection.close()
    token()
    given: Any = keys.private_jwk("gateway")
    issuer = TokenIssuer(Settings(service_name="gateway", internal_signing_key=given))
    headers = {"Authorization": f"Bearer {issuer.token('admin-1', [Role.ADMINISTRATOR])}"}
    async with program(name, plain(settings)) as service:
        before, ended = peak(service), asyncio.Event()
        waiting = asyncio.create_task(longest_wait(service.url, ended))
        began, status = time.perf_counter(), "refused while it came"
        with suppress(httpx.TransportError):
            status = str(await asyncio.to_thread(_sent, service.url + path, headers, sent))
        seconds = time.perf_counter() - began
        ended.set()
        worst, taken, size = await waiting, peak(service) - before, sum(map(len, sent.values())) / MB
        met = worst <= 250 and taken <= 3 * size + 100
    line = f"| {what} | {size:.1f} MB | {status} | {seconds:.1f} s | {worst:.0f} ms | {taken} MB |"
    print(line, flush=True)
    return f"{line} {'yes' if met else 'no'} |"


def _sent(url: str, headers: dict[str, str], sent: Files) -> int:
    if "" in sent:
        answer = httpx.post(url, headers=headers | {"Content-Type": "text/csv"}, content=sent[""], timeout=600)
    else:
        answer = httpx.post(url, headers=headers, files=sent, data={"area_id": "area-0"}, timeout=600)
    return answer.status_code


async def main() -> None:
    """Import each file and write the report."""
    lines = [
        "# Imports beside other requests",
        "",
        "Written by `make bench-imports`. How long the slowest answer of `/health/live` took while a file came,",
        "and by how much the process grew: at most 250 ms, and three times the file plus 100 MB.",
        "",
        "| what | size | answer | in | longest wait | memory | met |",
        "| --- | ---: | --- | ---: | ---: | ---: | --- |",
    ]
    async with server() as running:
        for number, one in enumerate(files()):
            lines.append(await measured(running, number, *one))
    REPORT.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
