"""The code keeps the shape that its reader relies on: short, described, and layered."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.source import PACKAGES, ROOT, Module, modules

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
# Names that say nothing, and beginnings of such names.
SAYS_NOTHING = frozenset({"helper", "helpers", "util", "utils", "manager", "common", "misc", "data", "info"})
SAYS_NOTHING_FIRST = ("manager_", "process_", "helper_", "utils_", "handle_data")

ALL = modules()
each_module = pytest.mark.parametrize("module", ALL, ids=[module.name for module in ALL])


def test_the_project_is_found() -> None:
    assert {module.name.partition("/")[0] for module in ALL} == set(PACKAGES)


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    assert {module.name: module.lines for module in ALL if module.lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_one_can_see() -> None:
    """A body is counted from its first statement, since endpoints declare every parameter that they take.

    Functions within are counted by themselves. Migrations are lists, written once and never changed.
    """
    found: dict[str, int] = {}
    for module in ALL:
        if "migrations" not in module.path.parts:
            lengths = {function.name: _length(function) for function in module.functions()}
            found |= {f"{module.name}:{name}": count for name, count in lengths.items() if count > LONGEST_FUNCTION}
    assert found == {}


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    within = [node for node in ast.walk(function) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lines = set(range(_after_docstring(function), (function.end_lineno or 0) + 1))
    for inner in within:
        if inner is not function:
            first = min([inner.lineno, *(decorator.lineno for decorator in inner.decorator_list)])
            lines -= set(range(first, (inner.end_lineno or 0) + 1))
    return len(lines)


def _after_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[0].lineno if body else function.end_lineno or 0


@each_module
def test_everything_public_says_what_it_is(module: Module) -> None:
    assert list(_undescribed(module)) == []


def _undescribed(module: Module) -> Iterator[str]:
    if ast.get_docstring(module.tree) is None:
        yield module.name
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _undescribed_in(node, module.name)


def _undescribed_in(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, place: str) -> Iterator[str]:
    if node.name.startswith("_"):
        return
    if ast.get_docstring(node) is None:
        yield f"{place}:{node.name}"
    if isinstance(node, ast.ClassDef):
        for inner in node.body:
            if isinstance(inner, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _undescribed_in(inner, f"{place}:{node.name}")


def test_every_module_is_named_for_what_it_holds() -> None:
    names = {module.name: _own_name(module.path) for module in ALL}
    unsaid = {
        place: name for place, name in names.items() if name in SAYS_NOTHING or name.startswith(SAYS_NOTHING_FIRST)
    }
    assert unsaid == {}


def _own_name(path: Path) -> str:
    return path.parent.name if path.stem == "__init__" else path.stem


def test_http_clients_are_made_in_one_place_and_the_proxy_alone_has_another() -> None:
    maker, proxy = "chassis/base/http.py", "gateway/proxy.py"
    assert {module.name for module in ALL if "aiohttp" in _imported(module)} == {maker, proxy}
    calls = {
        ast.unparse(node.func)
        for module in ALL
        if module.name != maker and not module.name.startswith("clients/")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
    }
    assert {call for call in calls if call.startswith("httpx")} == {"httpx.Headers", "httpx.Timeout"}


def _imported(module: Module) -> set[str]:
    nodes = list(ast.walk(module.tree))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in whole | parts}


def test_the_published_client_stands_alone() -> None:
    """It needs what its own package names, and nothing of the product; the product does not need it."""
    own, needed = "independent_chairs", {"httpx"}
    for module in ALL:
        theirs = _imported(module) - sys.stdlib_module_names
        if module.name.startswith("clients/"):
            assert theirs <= {own, *needed}, module.name
        else:
            assert own not in theirs, module.name


def test_the_layers_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert found.returncode == 0, found.stdout


def test_the_contracts_of_the_layers_name_every_service() -> None:
    """A new service is under the contracts from its first day, or this test says what is missing."""
    described = (ROOT / "pyproject.toml").read_text()
    for place in sorted((ROOT / "services").iterdir()):
        if (place / "app.py").exists():
            assert described.count(f'"services.{place.name}"') >= 2, place.name
            assert f'"services.{place.name}.rules"' in described, place.name
