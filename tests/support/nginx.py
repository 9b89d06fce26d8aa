"""The reverse proxy that is shipped: Debian's nginx, installed where that is possible, with the very file of production."""

import asyncio
import fcntl
import os
import re
import shutil
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from subprocess import run

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import deploy
from chassis.base.clock import machine_now
from tests.support.serving import free_port
from tests.support.waiting import eventually

CONFIGURATION = Path(deploy.__file__).parent / "nginx" / "nginx.conf"
LOCK = Path(tempfile.gettempdir()) / "chairs-tests-nginx.lock"
SEARCHED = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True)
class Nginx:
    """One that runs before a gateway: its port on this machine, what its clients trust, and where it logs."""

    port: int
    trust: ssl.SSLContext
    logs: Path

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"https://localhost:{self.port}"


NginxBefore = Callable[[str], Awaitable[Nginx]]


def _program() -> str:
    """Where it is; where it is missing one of the run's workers installs it, while the others wait until it is whole."""
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if shutil.which("nginx", path=SEARCHED) is None and os.geteuid() == 0 and shutil.which("apt-get"):
            for words in (["update"], ["install", "--yes", "--no-install-recommends", "nginx-light"]):
                run(["apt-get", "-qq", *words], check=False, capture_output=True, timeout=300)
    found = shutil.which("nginx", path=SEARCHED)
    if found is None:
        pytest.skip("NOT TESTED BEHIND A PROXY: nginx is missing and could not be installed (apt-get install nginx).")
    return found


def _certificate(folder: Path) -> None:
    """A certificate for this machine that nobody else signed, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    moment = machine_now()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _configured(folder: Path, port: int, gateway: str) -> str:
    """The shipped file with a test's own addresses and folders, and less patience with whoever is slow or many."""
    text = CONFIGURATION.read_text()
    temporary = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in TEMPORARY)
    for shipped, own in {
        "user www-data;": "user root;" if os.geteuid() == 0 else "",
        "/run/nginx.pid": f"{folder}/pid",
        "/var/log/nginx": str(folder),
        "http {": f"http {{ {temporary}",
        "server gateway:8000": f"server {gateway.removeprefix('http://')}",
        "listen 8443": f"listen 127.0.0.1:{port}",
        "/etc/nginx/tls": str(folder),
        # A busy machine sends no fifty requests a second.
        "rate=50r/s": "rate=10r/s",
    }.items():
        assert shipped in text, shipped
        text = text.replace(shipped, own)
    return re.sub(r"^(.*_timeout) 10s;", r"\1 5s;", text, flags=re.MULTILINE)


@pytest.fixture
async def nginx_before(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[NginxBefore]:
    """Run nginx as it is shipped.

    `nginx = await nginx_before("http://127.0.0.1:8000")`: the address is the gateway's.
    """
    program = await asyncio.to_thread(_program)
    async with AsyncExitStack() as stack:

        async def before(gateway: str) -> Nginx:
            folder, port = tmp_path_factory.mktemp("nginx"), free_port()
            _certificate(folder)
            (folder / "nginx.conf").write_text(_configured(folder, port, gateway))
            words = ("-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log"), "-g", "daemon off;")
            running = await asyncio.create_subprocess_exec(program, *words)
            stack.push_async_callback(running.wait)
            stack.callback(running.terminate)

            async def answers() -> bool:
                assert running.returncode is None, (folder / "error.log").read_text()
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    return False
                writer.close()
                return True

            assert await eventually(answers)
            return Nginx(port, ssl.create_default_context(cafile=folder / "certificate.pem"), folder)

        yield before
