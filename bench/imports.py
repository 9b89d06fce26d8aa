"""How long others wait, and what memory is taken, while files are imported: `make bench-imports`."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import aiohttp
import httpx
import psutil

from bench.load import Door
from bench.system import running
from bench.table import conditions, publish

MB = 1_000_000
RETURN, CENSUS, CHILDREN = "/v1/returns/ssda903/import", "/v1/returns/cin-census/import", "/v1/children/import"
HEADINGS = {
    "header": b"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n",
    "episodes": b"CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n",
    "reviews": b"CHILD,DOB,REVIEW,REVIEW_CODE\n",
}
HEADING = (
    b"<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2020</Year></CollectionDetails></Header>"
)
CHILD = (
    b"<Child><ChildIdentifiers><LAchildID>C%06d</LAchildID><PersonBirthDate>2012-05-06</PersonBirthDate>"
    b"<UPNunknown>UN3</UPNunknown><GenderCurrent>2</GenderCurrent></ChildIdentifiers><CINdetails><Section47>"
    b"<S47ActualStartDate>2019-05-01</S47ActualStartDate><DateOfInitialCPC>2019-05-22</DateOfInitialCPC></Section47>"
    b"<ChildProtectionPlans><CPPstartDate>2019-05-22</CPPstartDate><InitialCategoryOfAbuse>NEG"
    b"</InitialCategoryOfAbuse></ChildProtectionPlans></CINdetails></Child>"
)
TABLE = """\
| what | size | answer | in | longest wait | memory | met |
| --- | ---: | --- | ---: | ---: | ---: | --- |"""
Files = dict[str, bytes]


def files() -> Iterator[tuple[str, str, str, Files]]:
    """What is sent: the worst that anybody may send, then files of many children; with the service and the path.

    What other services are told of those goes on for minutes.
    """
    yield "CSV, rows of one letter", "children", CHILDREN, {"": b"person_id,area_id\n" + b"a\n" * 900_000}
    yield "CSV, blank lines", "children", CHILDREN, {"": b"person_id,area_id\n" + b"\n" * 20 * MB}
    yield "many parts", "conferences", CENSUS, {f"part{number}": b"a" for number in range(50_000)}
    yield _return("rows of one letter", header=b"a\n" * 2 * MB)
    yield _return("blank lines", reviews=b"\n" * 20 * MB)
    yield _return("one line", episodes=b"a" * 90 * MB)
    yield _return("one line of columns", episodes=b"," * 90 * MB)
    yield _census("empty elements", b"<x/>" * (10 * MB // 4))
    yield _census("empty children", b"<Child/>" * (20 * MB // 8))
    yield _census("deeply nested", b"<x>" * 10 * MB)
    yield _census("one text", b"a" * 90 * MB)
    yield _census("20,000 children on plans", b"".join(CHILD % number for number in range(20_000)))
    born = b"".join(b"B%06d,1,01/01/2010,WBRI,UN3,,\n" % number for number in range(30_000))
    care = b"".join(b"B%06d,01/05/2015,S,C2,N1,U4,PR4,,,,,,\n" % number for number in range(30_000))
    yield _return("30,000 children", header=born, episodes=care)


def _return(what: str, **rows: bytes) -> tuple[str, str, str, Files]:
    sent = {part: heading + rows.get(part, b"") for part, heading in HEADINGS.items()}
    return f"SSDA903, {what}", "reviews", RETURN, sent


def _census(what: str, children: bytes) -> tuple[str, str, str, Files]:
    sent = {"census": HEADING + b"<Children>" + children + b"</Children></Message>"}
    return f"census, {what}", "conferences", CENSUS, sent


async def measured(door: Door, process: psutil.Process, what: str, path: str, sent: Files) -> str:
    """The line about one import."""
    before, ended = process.memory_info().rss, asyncio.Event()
    watching = asyncio.create_task(_watched(door.url, process, ended))
    began = time.perf_counter()
    status = await asyncio.to_thread(_sent, door, path, sent)
    seconds = time.perf_counter() - began
    ended.set()
    wait, most = await watching
    taken, size = (most - before) / MB, sum(map(len, sent.values())) / MB
    met = "yes" if wait <= 250 and taken <= 3 * size + 100 else "no"
    return f"| {what} | {size:.1f} MB | {status} | {seconds:.1f} s | {wait:.0f} ms | {taken:.0f} MB | {met} |"


async def _watched(url: str, process: psutil.Process, ended: asyncio.Event) -> tuple[float, int]:
    """The longest answer of /health/live in milliseconds, and the most memory, until something ended."""
    longest, most = 0.0, 0
    async with aiohttp.ClientSession() as http:
        while not ended.is_set():
            began = time.perf_counter()
            async with http.get(f"{url}/health/live"):
                longest = max(longest, (time.perf_counter() - began) * 1000)
            most = max(most, process.memory_info().rss)
            await asyncio.sleep(0.01)
    return longest, most


def _sent(door: Door, path: str, sent: Files) -> str:
    sends: dict[str, Any] = {"files": sent, "data": {"area_id": "north"}}
    if "" in sent:
        sends = {"content": sent[""], "headers": {"Content-Type": "text/csv"}}
    with suppress(httpx.TransportError), httpx.Client(headers=door.headers, timeout=600) as client:
        return str(client.post(door.url + path, **sends).status_code)
    return "refused while it came"


async def main() -> None:
    """Import each file and write the report."""
    lines = [conditions("once"), "", TABLE]
    async with running() as system:
        for what, service, path, sent in files():
            door = system.behind(service, "administrator")
            lines.append(await measured(door, system.processes()[service], what, path, sent))
            print(lines[-1], flush=True)
            await system.quiet()
    publish("imports", "\n".join(lines))


if __name__ == "__main__":
    asyncio.run(main())
