"""HTTP: pages, single records, raising, and what the gateway costs."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from bench.load import Target, at_each, pair
from bench.system import Program, migrated, plain, program, programs, seeded
from chassis.access import callers
from chassis.access.callers import Role, TokenIssuer
from chassis.base.settings import Settings
from deploy.local.postgres import Server, free_port
from tests import keys

RAISED = {
    "kind": "conference_contribution",
    "reason": "no_report_no_apologies",
    "person_ids": ["P1"],
    "agency_id": "agency-1",
    "agency_role": "gp",
    "area_id": "north",
}


@dataclass(frozen=True)
class Result:
    """One line of the table: ours, the floor, and the ratio that is wanted."""

    what: str
    against: str
    ours: float
    floor: float
    unit: str
    target: str

    @property
    def ratio(self) -> float:
        """Ours by the floor."""
        return self.ours / self.floor


def token() -> dict[str, str]:
    """The headers of a chair, for longer than any measurement."""
    settings = Settings(service_name="gateway", internal_signing_key=keys.private_jwk("gateway"))
    callers.LIFETIME = timedelta(hours=1)
    return {"Authorization": f"Bearer {TokenIssuer(settings).token('chair-1', [Role.CHAIR])}"}


def gateway_settings(service: str) -> dict[str, Any]:
    """The gateway's settings before one service."""
    return {
        "environment": "development",
        "services": {"escalations": service},
        "internal_signing_key": keys.private_jwk("gateway"),
        "internal_trusted_keys": keys.trusted_keys(),
        "development_sign_in": True,
        "development_people": {"chair": "chair-1"},
        "requests_per_second": 0,
        "log_level": "error",
    }


async def measure(running: Server) -> list[Result]:
    """All of it."""
    settings = await migrated(running, "escalations", "bench_http")
    await seeded(settings, 3000)
    given = plain(settings)
    async with programs("escalations", given) as services, programs("raw", given) as floors:
        headers, service = token(), services[0]
        reference = (await _json(f"{service.url}/v1/escalations?limit=1", headers))["items"][0]["reference"]
        as_json, raised = {"Content-Type": "application/json"}, json.dumps(RAISED)
        pages = await pair(at_each(services, "/v1/escalations", headers), at_each(floors, "/page"))
        ones = await pair(
            at_each(services, f"/v1/escalations/{reference}", headers), at_each(floors, f"/one/{reference}")
        )
        raising = await pair(
            at_each(services, "/v1/escalations", headers | as_json, raised), at_each(floors, "/raise", body=raised)
        )
        results = [
            Result("page of 50 escalations", "raw route", *pages, "/s", "≥ 1.3"),
            Result("one escalation", "raw route", *ones, "/s", "≥ 0.6"),
            Result("raise an escalation", "raw route, same inserts", *raising, "/s", "≥ 0.45"),
        ]
        async with program("gateway", gateway_settings(service.url), "/health/live") as gateway:
            outside = await _sign_in(gateway)
            through = Target(f"{gateway.url}/v1/escalations/{reference}", outside)
            passed = await pair([through], at_each([service], f"/v1/escalations/{reference}", headers))
            results.append(Result("one escalation through the gateway", "the service", *passed, "/s", "≥ 0.85"))
    results += await measure_gateway()
    return results


async def measure_gateway() -> list[Result]:
    """The gateway alone, against nginx as a plain proxy."""
    async with (
        program("trivial", {}, "/") as upstream,
        program("gateway", gateway_settings(upstream.url), "/health/live") as gateway,
        nginx(upstream) as plainly,
    ):
        outside = await _sign_in(gateway)
        ours, floor = await pair([Target(f"{gateway.url}/v1/escalations", outside)], [Target(f"{plainly}/", {})])
    return [Result("gateway, trivial upstream", "nginx", ours, floor, "/s", "≥ 0.125")]


async def _json(url: str, headers: dict[str, str]) -> Any:
    async with httpx.AsyncClient(timeout=30) as client:
        answer = await client.get(url, headers=headers)
        answer.raise_for_status()
        return answer.json()


async def _sign_in(gateway: Program) -> dict[str, str]:
    said = (await _json(f"{gateway.url}/development/sign-in/chair", {"Accept": "application/json"}))["access_token"]
    return {"Authorization": f"Bearer {said}"}


@asynccontextmanager
async def nginx(upstream: Program) -> AsyncIterator[str]:
    """A plain nginx in front of an upstream."""
    folder, port = Path(tempfile.mkdtemp(prefix="chairs-nginx-")), free_port()
    host = upstream.url.removeprefix("http://")
    (folder / "nginx.conf").write_text(
        f"worker_processes 1; pid {folder}/pid; error_log /dev/null; daemon off;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ access_log off; upstream up {{ server {host}; keepalive 64; }}\n"
        f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://up; proxy_http_version 1.1; "
        'proxy_set_header Connection ""; } } }\n'
    )
    running = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-e", "/dev/null"])
    try:
        found = Program.__new__(Program)
        found.url = f"http://127.0.0.1:{port}"
        await found.ready("/")
        yield found.url
    finally:
        running.terminate()
        running.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
