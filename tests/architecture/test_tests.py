"""Tests stand where the code they test does, and what several of them use stands in `tests/support` alone."""

import ast
from collections import Counter
from collections.abc import Iterator

from tests.support.source import ROOT, Module, files

MOST_FILES = 20
TESTS = ROOT / "tests"
SUPPORT = TESTS / "support"
ALL = [Module(path) for path in files() if path.suffix == ".py" and path.is_relative_to(TESTS)]
# What these test is of no single room.
OF_NO_ROOM = {"architecture", "browser", "contracts", "faults", "journeys", "returns", "support"}


def test_what_several_tests_use_stands_in_support() -> None:
    """No module imports from a test module or a `conftest.py`."""
    imported = {module.name: [name for name in _imported(module) if name.startswith("tests.")] for module in ALL}
    found = {
        importer: names
        for importer, all_names in imported.items()
        if (names := [name for name in all_names if not name.startswith("tests.support.")])
    }
    assert found == {}


def _imported(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_outside_support_stand_tests_alone() -> None:
    outside = [module.path for module in ALL if not module.path.is_relative_to(SUPPORT)]
    assert [str(path) for path in outside if path.name != "conftest.py" and not path.name.startswith("test_")] == []


def test_no_folder_has_more_files_than_one_can_look_over() -> None:
    counts = Counter(module.path.parent for module in ALL)
    assert {str(folder): count for folder, count in counts.items() if count > MOST_FILES} == {}


def test_the_folders_of_the_tests_are_rooms_of_the_code() -> None:
    folders = {module.path.parent.relative_to(TESTS) for module in ALL if module.path.parent != TESTS}
    rooms = [folder for folder in folders if folder.parts[0] not in OF_NO_ROOM]
    assert [str(room) for room in rooms if not (ROOT / room).is_dir()] == []
