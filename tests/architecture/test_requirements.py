"""What is named as needed is what gets installed: exact, hashed, and from whichever registry the machine has."""

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from chassis.web.openapi import VERSION
from tests.support.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
NEEDED = {
    "requirements.txt": PROJECT["dependencies"],
    "requirements-dev.txt": PROJECT["dependencies"] + EXTRAS["local"] + EXTRAS["test"],
    "requirements-bench.txt": PROJECT["dependencies"] + EXTRAS["local"] + EXTRAS["bench"],
}


def locked(file: str) -> list[tuple[Requirement, list[str]]]:
    """Each locked requirement of a file, with the hashes that its download must have."""
    joined = re.sub(r"\\\n", " ", (ROOT / file).read_text())
    lines = [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [(Requirement(line.split(" --hash=")[0]), re.findall(r"--hash=(\S+)", line)) for line in lines]


def versions(file: str) -> dict[str, str]:
    """The one version of each package that this machine installs from a file."""
    found = [
        requirement for requirement, _ in locked(file) if requirement.marker is None or requirement.marker.evaluate()
    ]
    assert len({canonicalize_name(requirement.name) for requirement in found}) == len(found)
    return {canonicalize_name(requirement.name): next(iter(requirement.specifier)).version for requirement in found}


@pytest.mark.parametrize("file", NEEDED)
def test_whatever_is_needed_is_locked_at_a_version_that_serves(file: str) -> None:
    at = versions(file)
    wrong = [
        line
        for line in NEEDED[file]
        if not (needed := Requirement(line)).specifier.contains(at.get(canonicalize_name(needed.name), "0"))
        or canonicalize_name(needed.name) not in at
    ]
    assert wrong == []


@pytest.mark.parametrize("file", NEEDED)
def test_each_requirement_is_exact_hashed_and_names_no_address(file: str) -> None:
    for requirement, hashes in locked(file):
        assert [specifier.operator for specifier in requirement.specifier] == ["=="], requirement
        assert requirement.url is None
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes), requirement


@pytest.mark.parametrize("file", ["requirements-dev.txt", "requirements-bench.txt"])
def test_development_and_the_bench_use_what_production_installs(file: str) -> None:
    assert versions("requirements.txt").items() <= versions(file).items()


def test_production_installs_nothing_that_only_tests_need() -> None:
    named = {canonicalize_name(Requirement(line).name) for extra in EXTRAS.values() for line in extra}
    assert named & versions("requirements.txt").keys() == set()


def test_the_package_and_the_api_have_one_version() -> None:
    assert PROJECT["version"] == VERSION


def test_the_clients_are_of_the_products_version() -> None:
    python = tomllib.loads((ROOT / "clients/python/pyproject.toml").read_text())["project"]["version"]
    typescript = json.loads((ROOT / "clients/typescript/package.json").read_text())["version"]
    assert (python, typescript) == (VERSION, VERSION)
