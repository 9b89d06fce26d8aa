"""How long a council's ten-year SSDA903 history takes to import, through the service's own door."""

import time
from datetime import date, timedelta
from random import Random
from typing import Any

import asyncpg
import httpx

from bench.http import token
from bench.review_seed import DIRECTORY
from bench.system import migrated, plain, program
from chassis.access.callers import Role, TokenIssuer
from chassis.base.settings import Settings
from chassis.law.working_days import add_months, add_working_days
from deploy.local.postgres import Server
from tests import keys

CHILDREN = 4000
FIRST, LAST = date(2010, 4, 1), date(2020, 3, 31)
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"


def day(value: date | None) -> str:
    """A day as the return writes it."""
    return "" if value is None else f"{value:%d/%m/%Y}"


def history() -> tuple[str, str, str, int]:
    """Ten years of a council: about 620 children at a time, each reviewed when the law wants it at the latest."""
    random = Random(903)
    header, episodes, reviews = [HEADER], [EPISODES], [REVIEWS]
    for number in range(CHILDREN):
        person = f"C{number:05}"
        begins = FIRST + timedelta(days=random.randint(0, 3400))
        ends = begins + timedelta(days=random.randint(60, 1700))
        born = add_months(begins, -random.randint(0, 150))
        header.append(f"{person},1,{day(born)},WBRI,UN3,,")
        last = None if ends > LAST else ends
        episodes.append(f"{person},{day(begins)},S,C2,N1,U4,PR1,{day(last)},{'E8' if last else ''},,,,")
        due = add_working_days(begins, 18)
        count = 0
        while due <= min(ends, LAST):
            code = "PN0" if due < add_months(born, 48) else "PN1"
            reviews.append(f"{person},{day(born)},{day(due)},{code}")
            count += 1
            due = add_months(due, 3 if count == 1 else 6)
    return "\n".join(header), "\n".join(episodes), "\n".join(reviews), len(reviews) - 1


async def import_seconds(running: Server) -> str:
    """A sentence about the time."""
    settings = await migrated(running, "reviews", "bench_return")
    connection = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    await connection.execute(DIRECTORY)
    await connection.close()
    header, episodes, reviews, count = history()
    token()
    given: Any = keys.private_jwk("gateway")
    issuer = TokenIssuer(Settings(service_name="gateway", internal_signing_key=given))
    async with program("reviews", plain(settings)) as service, httpx.AsyncClient(timeout=300) as client:
        began = time.perf_counter()
        answer = await client.post(
            f"{service.url}/v1/returns/ssda903/import",
            headers={"Authorization": f"Bearer {issuer.token('admin-1', [Role.ADMINISTRATOR])}"},
            files={"header": header.encode(), "episodes": episodes.encode(), "reviews": reviews.encode()},
            data={"area_id": "area-0"},
        )
        seconds = time.perf_counter() - began
        answer.raise_for_status()
    taken = answer.json()
    return (
        f"A council's ten-year SSDA903 history ({taken['children']:,} children, {taken['reviews']:,} of {count:,} "
        f"reviews) was imported in {seconds:.1f} s."
    )
