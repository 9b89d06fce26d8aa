"""How a service reaches its database: one transaction for each request, and a second engine for reading."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any, cast
from uuid import uuid4

import asyncpg
from fastapi import Depends, Request
from sqlalchemy import DateTime, MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import declared_attr, registry
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.settings import Settings

if TYPE_CHECKING:
    from chassis.work import Work

NAMING = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}


class Table(SQLModel):
    """The ancestor of every table; a table is named for its class in snake case: `AnswerLink` is `answer_link`.

    Each service makes a parent of its own, so that services share no metadata:
    `class Base(Table, registry=own_registry()): ...`.
    """

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


def own_registry(schema: str | None = None) -> registry:
    """A registry and metadata of one's own, with names for constraints that do not depend on the database."""
    return registry(metadata=MetaData(schema=schema, naming_convention=NAMING))


def moment(*, nullable: bool = False, **options: Any) -> Any:
    """A column for an aware moment in UTC (`timestamptz`)."""
    if nullable:
        options.setdefault("default", None)
    return Field(sa_type=cast("Any", DateTime(timezone=True)), nullable=nullable, **options)


def asyncpg_url(url: str) -> str:
    """A plain PostgreSQL address as SQLAlchemy wants it."""
    return re.sub(r"^postgres(ql)?(\+asyncpg)?://", "postgresql+asyncpg://", url)


def plain_url(url: str) -> str:
    """An address as the bare driver wants it."""
    return re.sub(r"^postgres(ql)?(\+asyncpg)?://", "postgresql://", url)


class Database:
    """A service's own database: nobody but this class commits."""

    def __init__(self, settings: Settings) -> None:
        self.url = plain_url(settings.database_url.get_secret_value())
        self.write_engine = _engine(settings, "write")
        # Each statement of a reading stands alone, which saves two round trips. What it writes is the audit's row
        # about the reading itself: losing the last fraction of a second of those in a power cut is accepted.
        self.read_engine = _engine(settings, "read", isolation_level="AUTOCOMMIT", pool_reset_on_return=None)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed at the block's end, or undone as a whole."""
        async with AsyncSession(self.write_engine, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for single statements that change nothing but the audit."""
        async with AsyncSession(self.read_engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    async def answers(self) -> bool:
        """Whether the database can be reached now."""
        try:
            async with self.read_engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return False
        return True

    async def listen_connection(self) -> asyncpg.Connection:
        """A connection of one's own, outside the pools, for LISTEN."""
        return await asyncpg.connect(self.url)

    def connections_in_use(self) -> dict[str, int]:
        """How many pooled connections each engine has handed out."""
        pools = {"write": self.write_engine.pool, "read": self.read_engine.pool}
        return {name: cast("Any", pool).checkedout() for name, pool in pools.items()}

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.write_engine.dispose()
        await self.read_engine.dispose()


def _engine(settings: Settings, use: str, **options: Any) -> AsyncEngine:
    server_settings = {"application_name": f"{settings.service_name}-{use}", "timezone": "UTC", "jit": "off"}
    if use == "read":
        server_settings["synchronous_commit"] = "off"
    arguments: dict[str, Any] = {"server_settings": server_settings, "timeout": 10}
    if not settings.statement_cache:
        arguments |= {
            "statement_cache_size": 0,
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": lambda: f"s{uuid4().hex}",
        }
    return create_async_engine(
        asyncpg_url(settings.database_url.get_secret_value()),
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args=arguments,
        **options,
    )


def work_of(request: Request) -> "Work":
    """What this process works with, as its application keeps it."""
    return cast("Work", request.app.state.work)


async def transaction(request: Request) -> AsyncIterator[AsyncSession]:
    """The request's one transaction, committed before the answer is sent."""
    async with work_of(request).database.transaction() as session:
        yield session


async def reading(request: Request) -> AsyncIterator[AsyncSession]:
    """A session for a request that changes nothing."""
    async with work_of(request).database.reading() as session:
        yield session


Transaction = Annotated[AsyncSession, Depends(transaction, scope="function")]
Reading = Annotated[AsyncSession, Depends(reading, scope="function")]
