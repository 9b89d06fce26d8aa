"""A PostgreSQL of a test's own, which it may kill."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local import postgres as launcher
from tests.support.serving import free_port


@pytest.fixture
async def own_server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Path, int]]:
    """A folder and a port for a PostgreSQL of the test's own; it writes to disk as the real one does."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = Path(tempfile.mkdtemp(prefix="chairs-faults-"))
    folder.chmod(0o711)
    yield folder / "postgres", free_port()
    await launcher.stop_left_behind(folder / "postgres")
    shutil.rmtree(folder, ignore_errors=True)
