"""The account under which PostgreSQL runs: it refuses to be root, so root lends it to `nobody`."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.troubles import CannotRun

OTHERS_MAY_PASS = 0o001


@dataclass(frozen=True)
class Account:
    """A user and group of this machine; none of both is whoever runs this process."""

    user: int | None = None
    group: int | None = None

    @property
    def options(self) -> dict[str, Any]:
        """How `subprocess` is told to run something as this account."""
        return {} if self.user is None else {"user": self.user, "group": self.group, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Whether the account can pass every folder above a path."""
        return self.user is None or all(folder.stat().st_mode & OTHERS_MAY_PASS for folder in path.resolve().parents)

    def own(self, path: Path) -> None:
        """Make a file or folder the account's own."""
        if self.user is not None:
            os.chown(path, self.user, self.group or self.user)

    def folder(self, path: Path) -> Path:
        """A folder that is the account's own and that it can reach.

        Under a home that only root may enter, the folder itself lives in the machine's temporary folder and the path
        becomes a link to it.
        """
        path = path.absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() and not path.exists():
            path.unlink()
        if not path.exists() and not self.reaches(path):
            elsewhere = Path(tempfile.mkdtemp(prefix="independent-chairs-", dir="/var/tmp"))
            path.symlink_to(elsewhere)
        path.mkdir(exist_ok=True)
        path.chmod(0o700)
        self.own(path.resolve())
        return path.resolve()


def server_account() -> Account:
    """Ourselves, or `nobody` where we are root."""
    if os.geteuid() != 0:
        return Account()
    import pwd  # noqa: PLC0415  (there is none on Windows, where nobody is root)

    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise CannotRun("PostgreSQL does not run as root, and this machine has no user `nobody` to run it.") from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def remove_folder(path: Path) -> None:
    """Remove a folder that `Account.folder` made, wherever it lives."""
    shutil.rmtree(path.resolve(), ignore_errors=True)
    if path.is_symlink():
        path.unlink()
