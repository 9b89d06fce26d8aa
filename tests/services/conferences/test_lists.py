"""Lists: what is shown, in which order, to whom, and that every look is written down."""

from tests.services.conferences.desk import Desk


async def test_smoke(desk: Desk) -> None:
    held = await desk.held("P1", "P2")
    for path in ["conference-deadlines", "conferences/diary", "missing-reports", "missing-reports/by-agency", "children/P1/conference-timeline","children/P1/conference-owed","protection-plans","child-conferences","section-47-enquiries","transfers-in"]:
        print(path, await desk.get("/v1/" + path))
    for w in ["long","repeat","repeat_within_two_years","ended_within_three_months","also_looked_after"]:
        print(w, await desk.get("/v1/protection-plans", watch=w))
    plan = (await desk.get("/v1/protection-plans"))["items"][0]
    print(await desk.get("/v1/protection-plans/" + plan["id"]))
    for by in ["month", "quarter","half","financial_year","kind","chair","area","team","category","age_band","participation"]:
        print((await desk.get("/v1/figures/conferences", period="2026-27", by=by))["rows"][-1])
    print((await desk.get("/v1/figures/conferences", period="2026-27", by="month"))["rows"])
    for by in ["month", "quarter","half","financial_year","category","chair","area","team"]:
        print((await desk.get("/v1/figures/conferences/plans", period="2026-27", by=by))["rows"][-2:])
    print((await desk.get("/v1/figures/conferences/plans", on="2026-11-23")))
    for by in ["month", "quarter","half","financial_year","agency","role","agency_and_role","area"]:
        print((await desk.get("/v1/figures/conferences/contributions", period="2026-27", by=by))["rows"][-2:])
    print((await desk.get("/v1/figures/conferences/activity", period="2026-11")))
