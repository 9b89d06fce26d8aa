"""A full disk is one clear sentence. The disk is real, and small; only root can bring it, as in a container."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import postgres
from deploy.local.postgres import DiskFull
from tests.support.serving import free_port


@pytest.fixture(params=["nothing", "half a cluster"])
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A disk that has room for so much and no more."""
    size = {"nothing": "64k", "half a cluster": "12m"}[request.param]
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=711", "tmpfs", str(place)]
    if mount is None or subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("No small disk can be mounted here: what a full one leads to was NOT tried.")
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o111)
    yield place
    subprocess.run(["umount", str(place)], check=True)


async def test_no_room_for_the_database_is_said_in_one_sentence(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    home = small_disk / "postgres"
    with pytest.raises(DiskFull) as refused:
        await postgres.start(home, free_port())
    assert str(refused.value).startswith("The disk that holds ")
    assert str(small_disk) in str(refused.value)
    assert str(refused.value).endswith(" is full: make some room there and start again.")
