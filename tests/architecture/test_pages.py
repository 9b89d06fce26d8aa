"""The pages of the project: their commands are there, their links lead somewhere, and their pictures are small."""

import re
import subprocess
from pathlib import Path

from gateway import development
from tests.support.system import PROJECT


def test_the_commands_that_the_readme_names_are_there() -> None:
    listed = subprocess.run(["make"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    pages = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]
    named = {
        name
        for page in pages
        for name in re.findall(r"^make ([\w-]+)$|`make ([\w-]+)`", page.read_text(), re.MULTILINE)
    }
    named = {name or other for name, other in named}
    assert {"run", "test", "check", "bench"} <= named
    assert all(f"make {name}" in listed for name in named), named


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*PROJECT.glob("*.md"), *sorted((PROJECT / "docs").rglob("*.md")), PROJECT / "demo/README.md"]
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
            if target.startswith("/"):
                # An address of the running system, where one signs in: the only pages that the documents lead to.
                assert target.startswith(development.PATH), f"{page.name}: {target}"
            elif not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_pictures_are_small() -> None:
    pictures = [place for place in (PROJECT / "docs/pictures").iterdir() if place.suffix == ".png"]
    assert pictures
    assert all(place.stat().st_size < 150_000 for place in pictures)


def test_the_tree_is_that_of_the_map() -> None:
    shown = re.findall(r"^(\w+)/ ", (PROJECT / "README.md").read_text(), re.MULTILINE)
    assert shown
    assert all(Path(PROJECT / name).is_dir() for name in shown)
