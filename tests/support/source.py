"""The project's own Python modules, and everything else that stands in its tree."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("chassis", "services", "gateway", "demo", "deploy", "clients")


@dataclass(frozen=True)
class Module:
    """One file of Python."""

    path: Path

    @property
    def name(self) -> str:
        """Where it is, as people write it."""
        return str(self.path.relative_to(ROOT))

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self.path.read_text().splitlines())

    @cached_property
    def tree(self) -> ast.Module:
        """What it says."""
        return ast.parse(self.path.read_text(), self.name)

    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function in it, however deep."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def modules() -> list[Module]:
    """All modules of the project but its tests."""
    return [Module(path) for path in files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES]


def files() -> list[Path]:
    """Everything in the tree: what is kept, and what is new and not ignored."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file()]
