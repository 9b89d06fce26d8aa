"""A database that is reached by TLS: every connection honours `sslmode`, and a wrong certificate is refused."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from chassis.db.connecting import encrypted
from deploy.services import service_named
from tests.support.faults.load import chair, fill_directory, wanted
from tests.support.running import DatabaseOf, Running

SSL_REQUEST = bytes.fromhex("0000000804d2162f")


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate of its own authority for this machine, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)  # noqa: TID251 -- a certificate is valid by the machine's clock.
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    places = folder / f"{name}.crt", folder / f"{name}.key"
    places[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    places[1].write_bytes(key.private_bytes(*private))
    return places


class Encrypting:
    """Stands before a server that knows no TLS, and takes none but encrypted connections."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        self._there = (host, port)
        self._context = context
        self.taken = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection both ways, once it is encrypted."""
        try:
            if await reader.readexactly(len(SSL_REQUEST)) != SSL_REQUEST:
                return
            writer.write(b"S")
            await writer.start_tls(self._context)
            self.taken += 1
            there, back = await asyncio.open_connection(*self._there)
            await asyncio.gather(carry(reader, back), carry(there, writer))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def encrypting(url: str, folder: Path) -> AsyncIterator[tuple[Encrypting, int, Path]]:
    """The server of an address behind TLS: where it listens, and the authority to trust."""
    parts = urlsplit(url)
    assert parts.hostname and parts.port
    authority, key = certificate(folder, "ours")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, key)
    before = Encrypting(parts.hostname, parts.port, context)
    server = await asyncio.start_server(before.take, "127.0.0.1", 0)
    try:
        yield before, server.sockets[0].getsockname()[1], authority
    finally:
        server.close()


@pytest.mark.parametrize("mode", ["require", "verify-full"])
async def test_every_connection_is_encrypted(
    database_of: DatabaseOf, running: Running, tmp_path: Path, mode: str
) -> None:
    direct = await database_of("escalations")
    await fill_directory(direct)
    plain, owner = (url.get_secret_value() for url in (direct.database_url, direct.migration_database_url))
    async with encrypting(plain, tmp_path) as (before, port, authority):
        query = f"?sslmode={mode}" + (f"&sslrootcert={authority}" if mode == "verify-full" else "")

        def through(url: str) -> SecretStr:
            return SecretStr(url.replace(f":{urlsplit(url).port}/", f":{port}/") + query)

        changed = {"database_url": through(plain), "migration_database_url": through(owner), "worker_in_web": True}
        settings = direct.model_copy(update=changed)
        await service_named("escalations").migrate(settings)
        escalations = await running("escalations", settings)
        assert (await escalations.post("/v1/escalations", json=wanted(), headers=chair())).status_code == 201
        assert (await escalations.get("/v1/escalations", headers=chair())).status_code == 200
        assert (await escalations.get("/health/ready")).status_code == 200
        # Migrating, writing, reading, and listening for wake-ups.
        assert before.taken >= 4


async def test_a_server_that_cannot_prove_who_it_is_gets_no_word(
    database_of: DatabaseOf, running: Running, tmp_path: Path
) -> None:
    direct = await database_of("escalations")
    plain = direct.database_url.get_secret_value()
    stranger, _ = certificate(tmp_path, "another")
    async with encrypting(plain, tmp_path) as (_, port, _):
        url = plain.replace(f":{urlsplit(plain).port}/", f":{port}/") + f"?sslmode=verify-full&sslrootcert={stranger}"
        escalations = await running("escalations", direct.model_copy(update={"database_url": SecretStr(url)}))
        answer = await escalations.post("/v1/escalations", json=wanted(), headers=chair())
        assert answer.status_code == 503


@pytest.mark.parametrize(
    ("url", "environment", "expected"),
    [
        ("postgres://a:b@db/x", "production", "postgresql://a:b@db/x?sslmode=verify-full"),
        ("postgresql://a:b@db/x?target_session_attrs=any", "production", None),
        ("postgresql://a:b@db/x?sslmode=disable", "production", "postgresql://a:b@db/x?sslmode=disable"),
        ("postgresql://a:b@127.0.0.1:5432/x", "production", "postgresql://a:b@127.0.0.1:5432/x"),
        ("postgresql://a:b@/x?host=/run/postgresql", "production", "postgresql://a:b@/x?host=/run/postgresql"),
        ("postgresql://a:b@db/x", "development", "postgresql://a:b@db/x"),
    ],
)
def test_production_proves_whom_it_speaks_to_unless_the_address_says_otherwise(
    url: str, environment: str, expected: str | None
) -> None:
    assert encrypted(url, environment) == (expected or f"{url}&sslmode=verify-full")
