"""A reports service with people around it, and the services that count for it."""

from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from chassis.access.callers import Role
from chassis.law.periods import parse
from tests.support.serving import Client

ANALYST, MANAGER = (Role.PERFORMANCE_ANALYST, "analyst-1"), (Role.TEAM_MANAGER, "manager-1")
OTHER_MANAGER = (Role.TEAM_MANAGER, "manager-2")
Who = tuple[Role, str]


@dataclass
class Counting:
    """Whoever counts: every table of figures has the same rows, and numbers that a test can change."""

    counts: dict[str, int] = field(
        default_factory=lambda: {
            "reviews": 1620,
            "child_reviews": 1914,
            "children": 1300,
            "in_time": 1800,
            "late": 114,
            "looked_after": 626,
        }
    )
    status: int = 200
    asked: int = 0
    chairs: list[str | None] = field(default_factory=list)

    def app(self) -> FastAPI:
        """Its application."""
        app = FastAPI()
        app.get("/v1/chairs/caseloads")(self._caseloads)
        app.get("/{path:path}")(self._figures)
        return app

    async def _caseloads(self) -> JSONResponse:
        children = {"chair-1": 66, "chair-2": 54}
        chairs = [{"chair_id": who, "children": many, "full_time_equivalent": 1.0} for who, many in children.items()]
        return JSONResponse(chairs, self.status)

    async def _figures(self, request: Request) -> JSONResponse:
        self.asked += 1
        self.chairs.append(request.query_params.get("chair_id"))
        key = {"month": "2019-04", "quarter": "2019-Q1", "half": "2019-H1"}.get(request.query_params["by"], "2019-20")
        row = {"key": key, "last_day": "2020-03-31"} | self.counts
        before = {"before": {"child_reviews": 1800, "looked_after": 615}, "change": {}, "share": {}}
        keys = {key: parse(key).previous().label} | ({} if request.url.path.endswith("activity") else {None: None})
        rows = [{**row, "key": each} for each in keys]
        compared = [{"key": each, "before_key": earlier} | before for each, earlier in keys.items()]
        return JSONResponse({"rows": rows, "compared": compared}, self.status)


@dataclass
class Desk:
    """Somebody's desk."""

    client: Client
    counting: Counting

    async def ask(
        self, who: Who, method: str, path: str, body: Any = None, version: int | None = None
    ) -> httpx.Response:
        """What somebody is answered, who decided on a version of a thing."""
        headers = self.client.as_(who[0], subject=who[1])
        headers |= {} if version is None else {"If-Match": f'"{version}"'}
        return await self.client.request(method, path, json=body, headers=headers)

    async def drafted(self, kind: str = "quarterly", period: str = "2019-Q1", **more: Any) -> str:
        """The address of a new report of the analyst."""
        answer = await self.ask(ANALYST, "POST", "/v1/reports", {"kind": kind, "period": period} | more)
        assert answer.status_code == 201, answer.text
        return str(answer.headers["Location"])

    async def write(self, place: str, key: str, prose: str, version: int | None = None) -> httpx.Response:
        """What the analyst is answered who writes a section."""
        return await self.ask(ANALYST, "PUT", f"{place}/sections/{key}", {"prose": prose}, version)

    async def move(self, who: Who, place: str, verb: str, body: Any = None) -> httpx.Response:
        """What somebody is answered who does something with a report as it is now."""
        now = await self.ask(MANAGER, "GET", place)
        return await self.ask(who, "POST", f"{place}/{verb}", body, now.json()["version"])

    async def with_reviewer(self, **about: Any) -> str:
        """The address of a report that is with the manager to be reviewed."""
        place = await self.drafted(**about)
        assert (await self.write(place, "summary", "A quiet quarter.")).status_code == 200
        answer = await self.move(ANALYST, place, "send-to-reviewer", {"reviewer_id": MANAGER[1]})
        assert answer.status_code == 200, answer.text
        return place

    async def can(self, place: str, *people: Who) -> list[set[str]]:
        """What each of some people can do with a report, as both its answer and the list say."""
        found = []
        for who in people:
            report = (await self.ask(who, "GET", place)).json()
            (listed,) = (await self.ask(who, "GET", f"/v1/reports?reference={report['reference']}")).json()["items"]
            assert listed["can"] == report["can"]
            found.append(set(report["can"]))
        return found

    async def approved(self, prose: str = "{children_reviewed} reviews.", **about: Any) -> str:
        """The address of an approved report with these words."""
        place = await self.drafted(**about)
        assert (await self.write(place, "summary", prose)).status_code == 200
        for who, verb, body in (
            (ANALYST, "send-to-reviewer", {"reviewer_id": "manager-1"}), (MANAGER, "approve", None)
        ):  # fmt: skip
            answer = await self.move(who, place, verb, body)
            assert answer.status_code == 200, answer.text
        return place

    async def document(self, place: str, form: str = "html", who: Who = MANAGER) -> httpx.Response:
        """A report's document in a form."""
        return await self.ask(who, "GET", f"{place}/document.{form}")
