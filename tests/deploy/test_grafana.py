"""The dashboard and the runbooks: they name what exists."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY, CollectorRegistry

import chassis.service
import gateway.app  # noqa: F401  (it declares its metrics)
from deploy.services import SERVICES, service_named
from tests.support.contracts import services

ROOT = Path(chassis.service.__file__).parents[1]
GRAFANA = ROOT / "deploy" / "grafana"
DASHBOARD = json.loads((GRAFANA / "dashboards" / "independent-chairs.json").read_text())
ALERTS = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())
# What Prometheus and its prober say by themselves.
OTHERS = {"up", "probe_success"}
# Words of the query language that look like metrics.
LANGUAGE = {
    "absent", "and", "by", "histogram_quantile", "increase", "label_values", "max", "max_over_time", "min",
    "min_over_time", "offset", "on", "or", "rate", "sum", "time", "unless",
}  # fmt: skip


def declared(registry: CollectorRegistry = REGISTRY) -> dict[str, set[str]]:
    """Every metric that the code declares, as Prometheus stores it, with its labels."""
    for service in SERVICES:
        service_named(service)
    found: dict[str, set[str]] = {}
    for collector in set(registry._collector_to_names):
        labels = set(getattr(collector, "_labelnames", ()))
        for name in registry._collector_to_names[collector]:
            found[name] = labels | ({"le"} if name.endswith("_bucket") else set())
    return found


def metrics_of(query: str) -> set[str]:
    """The metrics that a query names."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"|\b(by|on|without) ?\([^)]*\)", " ", query)
    bare = re.sub(r"label_values\((\w+),[^)]*\)", r"\1", bare)
    return {word for word in re.findall(r"[a-z_][a-z_0-9]*", bare) if word not in LANGUAGE}


def labels_of(query: str) -> set[str]:
    """The labels that a query names."""
    named = {word for part in re.findall(r"\{([^}]*)\}", query) for word in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", part)}
    grouped = {
        word for part in re.findall(r"\b(?:by|on|without) ?\(([^)]*)\)", query) for word in re.findall(r"\w+", part)
    }
    return named | grouped


def panels() -> list[dict[str, Any]]:
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def rules() -> list[dict[str, Any]]:
    return [rule for group in ALERTS["groups"] for rule in group["rules"]]


def queries() -> list[str]:
    shown = [target["expr"] for panel in panels() for target in panel["targets"]]
    chosen = [variable["definition"] for variable in DASHBOARD["templating"]["list"]]
    return shown + chosen + [rule["expr"] for rule in rules()]


@pytest.mark.parametrize("query", queries())
def test_every_metric_and_label_of_a_query_exists_in_the_code(query: str) -> None:
    known, named = declared(), metrics_of(query)
    assert named and named <= set(known) | OTHERS
    # The process and its probe are the labels of deploy/prometheus/.
    labels = {"process", "probe"}.union(*(known.get(metric, set()) for metric in named))
    assert labels_of(query) <= labels
    assert not {"job", "instance"} & labels_of(query)


def test_every_metric_of_the_code_is_on_the_dashboard() -> None:
    # Those of the language itself, and of its collector, are on nobody's dashboard.
    ours = {name for name in declared() if not name.startswith(("python_", "process_"))}
    shown = set().union(*(metrics_of(target["expr"]) for panel in panels() for target in panel["targets"]))

    def base(name: str) -> str:
        return re.sub("_(bucket|count|sum|created|total|info)$", "", name)

    assert {base(name) for name in ours} <= {base(name) for name in shown}


def test_the_panels_fit_together() -> None:
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24 and not cells & taken, panel["title"]
        taken |= cells


def test_the_dashboard_finds_its_data_source_and_grafana_the_dashboard() -> None:
    (source,) = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text())["datasources"]
    (provider,) = yaml.safe_load((GRAFANA / "provisioning/dashboards/files.yml").read_text())["providers"]
    mounted = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["grafana"]["volumes"]
    assert f"./deploy/grafana/dashboards:{provider['options']['path']}:ro" in mounted
    assert {part["datasource"]["uid"] for panel in panels() for part in (panel, *panel["targets"])} == {source["uid"]}
    assert source["url"] == "http://prometheus:9090"


def test_every_alert_says_how_bad_it_is_and_has_a_runbook() -> None:
    text = (ROOT / "docs" / "runbooks.md").read_text()
    sections = {
        heading.lower().replace(" ", "-"): body
        for heading, body in re.findall(r"(?ms)^## (.+?)$(.*?)(?=^## |\Z)", text)
    }
    pointed = set()
    for rule in rules():
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["summary"]
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert page == "docs/runbooks.md" and anchor in sections
        pointed.add(anchor)
    assert pointed == set(sections)
    assert all(all(f"**{word}:**" in body for word in ("Means", "Look at", "Do")) for body in sections.values())


def test_every_route_and_link_of_the_runbooks_exists() -> None:
    text = (ROOT / "docs" / "runbooks.md").read_text()
    apps = [service_named(name).web(service_named(name).settings(environment="development")) for name in SERVICES]
    documented = {
        f"{method.upper()} {path}"
        for app in [*apps, services.gateway().pages]
        for path, item in app.openapi()["paths"].items()
        for method in item
    }
    named = re.findall(r"`((?:GET|POST|DELETE|PUT) /[^`?]+)", text)
    assert named
    for route in named:
        forms = [re.sub(r"\{[^}]*\}", "{}", route.replace("NAME", name)) for name in SERVICES]
        forms += [form.replace("send_weekly_reminder", "{}") for form in forms]
        assert set(forms) & {re.sub(r"\{[^}]*\}", "{}", path) for path in documented}, route
    anchors = {heading.lower().replace(" ", "-") for heading in re.findall(r"(?m)^## (.+)$", text)}
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= anchors
