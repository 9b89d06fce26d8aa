"""Checks of the API's document by the tools of those who build on it; they need Node.js: `python -m deploy.checks`."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NODE = Path(__file__).parent / "node"
DOCUMENT = Path(__file__).parent.parent / "docs" / "openapi.json"
INSTALLED = NODE / "node_modules" / ".package-lock.json"


def install() -> None:
    """Install the locked tools, unless they are there."""
    lock = NODE / "package-lock.json"
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= lock.stat().st_mtime:
        return
    print("Installing what checks the API's document …", flush=True)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=NODE, check=True)


def commands(types: Path) -> dict[str, list[str]]:
    """Every check by its name, in order; `types` is where the generated types go."""
    tools = NODE / "node_modules" / ".bin"
    return {
        "redocly": [f"{tools}/redocly", "lint", "--config", f"{NODE}/redocly.yaml", str(DOCUMENT)],
        "spectral": [
            *(f"{tools}/spectral", "lint", "--ruleset", f"{NODE}/spectral.yaml"),
            *("--fail-severity", "error", str(DOCUMENT)),
        ],
        "openapi-typescript": [f"{tools}/openapi-typescript", str(DOCUMENT), "--output", str(types / "api.ts")],
        "tsc": [
            *(f"{tools}/tsc", "--strict", "--noEmit", "--target", "es2022", "--module", "es2022"),
            *("--moduleResolution", "bundler", "--skipLibCheck", "false", str(types / "consumer.ts")),
        ],
    }


def main() -> None:
    """Run every check; the first that fails ends it."""
    if shutil.which("npm") is None:
        print("SKIPPED: Node.js is not installed, so the API's document was not checked by its tools.", file=sys.stderr)
        return
    install()
    with tempfile.TemporaryDirectory(prefix="chairs-types-") as folder:
        types = Path(folder)
        shutil.copy(NODE / "consumer.ts", types)
        for name, command in commands(types).items():
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            if done.returncode:
                print(done.stdout, done.stderr, file=sys.stderr)
                raise SystemExit(f"{name} found something wrong in docs/openapi.json.")
            print(f"{name}: nothing wrong", flush=True)


if __name__ == "__main__":
    main()
