"""What the first page promises: one command, an invented council's year, and every line that the docs tell to type."""

import csv
import io
import re
import subprocess
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
from openpyxl import load_workbook

from gateway import development
from tests.support.contracts import services
from tests.support.contracts.services import Operation
from tests.support.contracts.tables import required, row_schema, rows_answered, tables
from tests.support.journeys.demonstration import get, token
from tests.support.spreadsheets import rows_of, says
from tests.support.system import PROJECT, System
from tests.support.waiting import PATIENCE

SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
QUARTERS = ("2019-Q1", "2019-Q2", "2019-Q3", "2019-Q4")


def test_the_printed_page_leads_everywhere(system: System) -> None:
    links = re.findall(r"http://\S+", system.said())
    assert len(links) > 10
    for link in links:
        assert httpx.get(link, follow_redirects=True, timeout=PATIENCE).status_code == 200, link
    (answer,) = re.findall(r"An answer page +(\S+)", system.said())
    assert "What has been done about" in httpx.Client(follow_redirects=True).get(answer, timeout=PATIENCE).text


def test_the_first_page_of_the_document_leads_to_a_token(system: System) -> None:
    first = get(system, "/openapi.json").json()["info"]["description"]
    for target in re.findall(r"\]\((/[^)]+)\)", first):
        url = system.ports.address("gateway") + target
        page = httpx.get(url, headers={"Accept": "text/html"}, timeout=PATIENCE)
        assert page.status_code == 200, target
        assert ("Access token" in page.text) == (target != development.PATH), target


def test_every_quarter_has_its_emails(system: System) -> None:
    for quarter in QUARTERS:
        query = f"?schedule=send_quarterly_escalations&period={quarter}&template=quarterly"
        messages = get(system, f"/v1/messages{query}").json()["items"]
        assert messages, quarter
        assert all(message["state"] in {"queued", "sent"} for message in messages)


def test_every_link_of_a_chairs_reminder_opens_a_record(system: System) -> None:
    links: set[str] = set()
    for message in get(system, "/v1/messages?schedule=send_weekly_reminder&recipient_id=chair-01").json()["items"]:
        links |= set(re.findall(r"http://\S+", get(system, f"/v1/messages/{message['id']}").json()["text"]))
    assert any("/escalations/" in link for link in links)
    assert any("/children/" in link for link in links)
    for link in links:
        page = httpx.get(link, timeout=PATIENCE)
        assert page.status_code == 200, link
        path = link.removeprefix(f"http://localhost:{system.ports.gateway}/development")
        assert f"GET /v1{path}: 200" in page.text, link


def test_the_figures_are_the_published_ones(system: System) -> None:
    kind = "kind=conference_contribution"
    months = get(system, f"/v1/figures/escalations?period=2019-20&by=month&{kind}").json()["rows"]
    assert months[-1]["raised"] == months[-2]["cumulative"] == 323
    assert months[-1]["answered"] == 76
    quarters = get(system, f"/v1/figures/escalations?period=2019-20&by=quarter&{kind}").json()["rows"]
    answered = {row["key"]: row["answered"] / row["raised"] for row in quarters if row["key"]}
    assert answered.pop("2019-Q4") > 2 * max(answered.values())
    agencies = get(system, f"/v1/figures/escalations?period=2019-20&by=agency&{kind}").json()["rows"]
    assert {row["key"]: row["raised"] for row in agencies}["general-practice"] == 133
    assert sum(row["raised"] for row in agencies if row["key"]) == 323


def published(name: str, column: str) -> dict[str, int]:
    """A published table of the demo, by month."""
    with (PROJECT / f"demo/figures/{name}.csv").open(newline="") as file:
        return {row["month"]: int(row[column]) for row in csv.DictReader(file)}


def test_the_figures_of_reviews_are_the_published_ones(system: System) -> None:
    meetings, children = (published("lac_reviews_by_month", what) for what in ("reviews", "children"))
    short_breaks = published("short_term_break_meetings_by_month", "meetings")
    for year, total in (("2018-19", 1547), ("2019-20", 1620)):
        months = get(system, f"/v1/figures/reviews?period={year}").json()["rows"]
        counted = {row["key"]: (row["reviews"], row["child_reviews"]) for row in months if row["key"]}
        assert counted == {month: (meetings[month], children[month]) for month in counted}
        assert months[-1]["reviews"] == total == sum(row["reviews"] for row in months if row["key"])
        assert months[-2]["cumulative"] == months[-1]["child_reviews"]
        breaks = get(system, f"/v1/figures/reviews?period={year}&which=short_breaks").json()["rows"]
        assert {row["key"]: row["reviews"] for row in breaks if row["key"]} == {
            key: short_breaks[key] for key in counted
        }
    assert months[-1]["timeliness"] == 1
    secure = get(system, "/v1/figures/reviews?period=2019-20&which=secure").json()["rows"][-1]
    assert (secure["reviews"], secure["children"]) == (8, 5)
    remand = get(system, "/v1/figures/reviews?period=2019-20&remand=true").json()["rows"][-1]
    assert (remand["child_reviews"], remand["children"]) == (9, 8)


def test_the_annual_report_is_published_in_five_forms_with_the_published_figures(system: System) -> None:
    wanted = {"kind": "annual", "state": "published"}
    (report, before) = get(system, f"/v1/reports?{urlencode(wanted)}", "chair").json()["items"]
    assert (report["period"], before["period"]) == ("2019-20", "2018-19")
    (link,) = re.findall(r"A report +(\S+)", system.said())
    page = httpx.get(link, timeout=PATIENCE).text
    assert "1,620 reviews, in which 1,914 times a child" in page and "(894 different children)" in page
    assert not re.findall(r"(?:1,914|1,872) children", page)
    assert "774 child protection conferences" in page
    assert get(system, "/v1/reports?kind=conferences&state=published").json()["items"][0]["period"] == "2019-H2"
    path = f"/v1/reports/{report['reference']}/document"
    for form in ("html", "pdf", "docx", "csv"):
        assert get(system, f"{path}.{form}", "chair").status_code == 200
    book = load_workbook(io.BytesIO(get(system, f"{path}.xlsx", "chair").content))
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    months = published("lac_reviews_by_month", "reviews")
    of_both_years = {count for month, count in months.items() if "2018-04" <= month <= "2020-03"}
    assert of_both_years | {1620, 1914, 774, 350, 323} <= cells


def test_the_population_is_the_published_one(system: System) -> None:
    rows = get(system, "/v1/figures/reviews/activity?period=2018-19&until=2019-20").json()["rows"]
    population = {row["key"]: row["looked_after"] for row in rows}
    assert (population["2019-03"], population["2020-03"]) == (615, 626)
    checks = [sum(row[name] for row in rows) for name in ("midpoint_checks_due_done", "midpoint_checks_due")]
    assert 0.8 < checks[0] / checks[1] < 0.95
    decisions = published("leaving_care_directors_decisions_by_month", "decisions")
    assert {row["key"]: row["directors_decisions"] for row in rows} == {key: decisions[key] for key in population}


def test_the_figures_of_conferences_are_the_published_ones(system: System) -> None:
    conferences, children = (published("cp_conferences_by_month", what) for what in ("conferences", "children"))
    for year, total in (("2018-19", 741), ("2019-20", 774)):
        rows = get(system, f"/v1/figures/conferences?period={year}").json()["rows"]
        counted = {row["key"]: (row["conferences"], row["child_conferences"]) for row in rows if row["key"]}
        assert counted == {month: (conferences[month], children[month]) for month in counted}
        assert rows[-1]["conferences"] == total
    plans = get(system, "/v1/figures/conferences/plans?period=2019-20").json()["rows"]
    assert {row["key"]: row["open"] for row in plans}["2020-03"] == 350


def test_escalations_come_from_closed_conferences_and_are_linked_both_ways(system: System) -> None:
    (newest, *_) = get(system, "/v1/escalations?kind=conference_contribution&limit=1").json()["items"]
    proposals = get(system, f"/v1/conferences/proposals?reference={newest['meeting_reference']}").json()["items"]
    assert newest["reference"] in {proposal["escalation_reference"] for proposal in proposals}
    assert get(system, "/v1/conferences/proposals?state=confirmed").json()["items"] == []
    assert len(get(system, "/v1/conferences/proposals?state=proposed").json()["items"]) == 9


def test_it_can_be_seen_whose_reports_are_missing_and_which_plans_to_watch(system: System) -> None:
    assert get(system, "/v1/invitations/missing-reports").json()["items"]
    assert get(system, "/v1/protection-plans?watch=also_looked_after").json()["items"]


def test_professionals_are_invited_to_every_planned_conference(system: System) -> None:
    planned = get(system, "/v1/conferences?planned_from=2020-04-04&limit=100").json()["items"]
    assert len(planned) == 24
    for conference in planned:
        invited = get(system, f"/v1/conferences/{conference['reference']}").json()["invitations"]
        assert "professional" in {invitation["invited_as"] for invitation in invited}, conference["reference"]


def test_a_chairs_home_page_shows_something_of_everything(system: System) -> None:
    home = get(system, "/v1/home", "chair").json()
    assert home["missing"] == []
    assert home["due_soon"]["items"]
    assert home["unanswered_escalations"]["items"]
    late = get(system, "/v1/reviews/children?late=true").json()["items"]
    assert late
    assert {row["held_on"][:4] for row in late} <= {"2018", "2019"}


def test_what_the_docs_tell_to_type_works(system: System) -> None:
    blocks = SHELL.findall((PROJECT / "docs/integration.md").read_text())
    assert len(blocks) >= 4
    script = "set -eu\n" + "\n".join(block.replace("curl -s", "curl -s --fail-with-body") for block in blocks)
    script = script.replace("http://localhost:8000", system.ports.address("gateway"))
    # An address of the example's own kind is refused where private ones are, and taken here.
    ran = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert '"items"' in ran.stdout
    assert '"reference":"ESC-2020-' in ran.stdout
    assert '"secret":"whsec_' in ran.stdout
    assert examples()["unanswered"](system.ports.address("gateway"))[0].startswith("ESC-")


def examples() -> dict[str, Callable[..., Any]]:
    """The functions that the documents show."""
    names: dict[str, Any] = {}
    for example in re.findall(r"```python\n(.*?)```", (PROJECT / "docs/integration.md").read_text(), re.DOTALL):
        exec(compile(example, "integration.md", "exec"), names)
    return names


def test_the_verifying_example_verifies() -> None:
    from datetime import UTC, datetime

    from chassis.events.standard_webhooks import new_secret, sign

    secret, body = new_secret(), '{"id": "one"}'
    headers = sign([secret], "one", datetime.now(UTC), body)  # noqa: TID251
    assert examples()["receive"](secret, headers, body.encode()) == {"id": "one"}


def address(system: System, operation: Operation, headers: dict[str, str]) -> str:
    """The path of an operation, about the first record of the list that it stands under."""
    filled = ""
    for part in operation.path.split("/")[1:]:
        name, known = part.strip("{}"), None
        if part.startswith("{"):
            url = system.ports.address("gateway") + filled
            answer = httpx.get(url, params={"limit": 1}, headers=headers, timeout=PATIENCE)
            known = next(iter(answer.json()["items"]), None) if answer.status_code == 200 else None
        filled += f"/{(known or {}).get(name) or (known or {}).get('id') or name}"
    return filled


def test_every_list_and_every_figure_is_a_spreadsheet(system: System) -> None:
    headers = token(system, "team_manager")
    base, compared = system.ports.address("gateway"), 0
    for operation in tables(services.merged()):
        # What is read is written into the audit, and what is delivered into the list of deliveries, meanwhile.
        if "team_manager" not in operation.roles or operation.path.endswith(("audit-entries", "deliveries")):
            continue
        path, query = address(system, operation, headers), required(operation)
        as_json = httpx.get(base + path, params=query, headers=headers, timeout=PATIENCE)
        as_csv = httpx.get(base + path, params=query, headers=headers | {"Accept": "text/csv"}, timeout=PATIENCE)
        if as_json.status_code != 200:
            assert as_csv.status_code == as_json.status_code, path
            continue
        rows = rows_answered(as_json.json())
        names, found = rows_of(as_csv)
        assert names == list(row_schema(services.merged(), operation)["properties"]), path
        assert len(found) >= len(rows)
        for cells, row in zip(found, rows, strict=False):
            assert all(says(cells[name], row.get(name)) for name in names), (path, cells, row)
        compared += bool(rows)
    assert compared > 40
