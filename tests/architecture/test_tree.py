"""What stands in the tree belongs on everybody's machine: no mirror, no private path, no secret, no binary surprise."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic_settings import BaseSettings

from chassis.base.settings import Settings
from deploy.services import SERVICES, service_named
from gateway.settings import GatewaySettings
from tests.support.source import ROOT, files

# Written in pieces, so that these lists do not find themselves.
REGISTRIES = ("pypi.org/" + "simple", "files.python" + "hosted.org", "registry." + "npmjs.org", "registry.yarn" + "pkg")
MACHINE_PATHS = re.compile(r"(?<![\w.$}])/(?:wo" r"rk/|tmp/t|home/\w|ro" r"ot/|Users/\w)")
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE" r" KEY-----|\"d\": ?\"[\w-]{43}\"|whsec_[A-Za-z0-9+/]{24,}")
EXAMPLE = ROOT / ".env.example"


def texts() -> dict[str, str]:
    """Every text file of the tree, by its place."""
    found = {}
    for path in files():
        raw = path.read_bytes()
        if b"\0" not in raw[:8000]:
            found[str(path.relative_to(ROOT))] = raw.decode("utf-8", "replace")
    return found


TEXTS = texts()


def test_nothing_says_from_where_packages_come() -> None:
    assert {place: registry for place, text in TEXTS.items() for registry in REGISTRIES if registry in text} == {}


def test_locks_of_node_packages_name_no_mirror() -> None:
    for place, text in TEXTS.items():
        if Path(place).name in {"package-lock.json", "npm-shrinkwrap.json"}:
            assert list(_resolved(json.loads(text))) == [], place


def _resolved(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["resolved"]] if isinstance(node.get("resolved"), str) else []
        return own + [found for value in node.values() for found in _resolved(value)]
    return [found for value in node for found in _resolved(value)] if isinstance(node, list) else []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = {place: match.group() for place, text in TEXTS.items() if (match := MACHINE_PATHS.search(text))}
    assert found == {}


def test_no_file_holds_a_secret() -> None:
    found = {place: match.group()[:12] for place, text in TEXTS.items() if (match := PRIVATE_KEY.search(text))}
    assert found == {}


def settings_classes() -> list[type[BaseSettings]]:
    """The settings of every process."""
    return [Settings, GatewaySettings, *(service_named(name).settings for name in SERVICES)]


def test_every_setting_says_what_it_is() -> None:
    for settings in settings_classes():
        undescribed = [name for name, field in settings.model_fields.items() if not field.description]
        assert undescribed == [], settings.__name__


@pytest.mark.skipif(not EXAMPLE.exists(), reason="There is no .env.example.")
def test_the_example_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"^#?\s?([A-Z][A-Z0-9_]+)=", EXAMPLE.read_text(), re.MULTILINE))
    fields = {name.upper() for settings in settings_classes() for name in settings.model_fields}
    # The command line says which service a process is.
    assert fields - named == {"SERVICE_NAME"}
    assert named <= fields


def test_every_decision_has_a_date_and_a_status() -> None:
    status = re.compile(
        r"^# \d+\. .+\n\nStatus: (accepted|superseded by \[decision \d+\]\(\S+\)) on \d{4}-\d\d-\d\d\.\n"
    )
    decisions = {place: text for place, text in TEXTS.items() if place.startswith("docs/decisions/0")}
    assert len(decisions) > 30
    assert [place for place, text in decisions.items() if not status.match(text)] == []


def test_the_room_that_is_shown_is_the_one_that_runs() -> None:
    shown = re.findall(
        r"^## `(\S+)`.*?^```python\n(.*?)^```", (ROOT / "docs/a-room.md").read_text(), re.MULTILINE | re.DOTALL
    )
    assert len(shown) == 5
    for place, code in shown:
        kept = (ROOT / place).read_text()
        for block in code.strip("\n").split("\n\n\n"):
            assert block in kept, f"{place} has no {block.splitlines()[0]}"
