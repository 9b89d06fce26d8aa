"""How a service reaches its database: one transaction for each request that changes something."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, cast
from uuid import uuid4

import asyncpg
from fastapi import Depends, FastAPI, Request, Response
from sqlalchemy import DateTime, MetaData, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as SQLAlchemyTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import declared_attr, registry
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.problems import Malformed
from chassis.base.settings import Settings
from chassis.db.connecting import CONNECT_SECONDS, connect
from chassis.db.statements import BROKEN, Statements

NAMING = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
}

# How SQLAlchemy speaks to a database; to which one, `connect` knows.
DRIVER = "postgresql+asyncpg://"
# SQLSTATEs by which a server says that it cannot now: it starts or stops, has no connection free, or ran out of time.
NOT_NOW = frozenset({"57P01", "57P02", "57P03", "53300", "57014", "55P03"})
# SQLSTATE of character_not_in_repertoire and untranslatable_character.
UNSTORABLE = frozenset({"22021", "22P05"})


class Table(SQLModel):
    """The ancestor of every table; a table is named for its class in snake case: `AnswerLink` is `answer_link`.

    Each service makes a parent of its own, so that services share no metadata:
    `class Base(Table, registry=own_registry()): ...`.
    """

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 -- SQLAlchemy calls it on the class.
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


def own_registry(schema: str | None = None) -> registry:
    """A registry and metadata of one's own, with names for constraints that do not depend on the database."""
    return registry(metadata=MetaData(schema=schema, naming_convention=NAMING))


def moment(*, nullable: bool = False, **options: Any) -> Any:
    """A column for an aware moment in UTC (`timestamptz`)."""
    if nullable:
        options.setdefault("default", None)
    return Field(sa_type=cast("Any", DateTime(timezone=True)), nullable=nullable, **options)


class Database:
    """A service's own database: nobody but this class commits."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.engine = _engine(settings)
        self.statements = Statements(settings)
        few = {"pool_size": settings.figures_pool_size, "statement_seconds": settings.figures_seconds}
        self.figures = Statements(settings.model_copy(update=few), "figures")
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed at the block's end, or undone as a whole."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            try:
                yield session
            except TimeoutError:
                # Nobody answers there any more: to undo it properly would wait for as long again.
                await session.invalidate()
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for a worker's own questions, each of which stands alone."""
        async with AsyncSession(self._autocommit, expire_on_commit=False, autoflush=False) as session:
            yield session

    async def answers(self) -> bool:
        """Whether the database can be reached now."""
        try:
            await self.statements.first_row("SELECT 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return False
        return True

    async def listen_connection(self) -> asyncpg.Connection:
        """A connection of one's own, outside the pools, for LISTEN."""
        return await connect(self._settings, "listen")

    def connections_in_use(self) -> dict[str, int]:
        """How many connections each pool has handed out."""
        return {
            "write": cast("Any", self.engine.pool).checkedout(),
            "read": self.statements.in_use(),
            "figures": self.figures.in_use(),
        }

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()
        await asyncio.gather(self.statements.close(), self.figures.close())


def unreachable(error: BaseException | None) -> bool:
    """Whether an error means that the database could not be reached, rather than that it refused."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or any(map(unreachable, (error.orig, error.orig and error.orig.__cause__)))
    if getattr(error, "sqlstate", None) in NOT_NOW:
        return True
    return isinstance(error, (*BROKEN, OSError, TimeoutError, SQLAlchemyTimeout))


def refuse_unstorable(app: FastAPI) -> None:
    """Answer a text that the database cannot hold as the caller's mistake: the NUL character, or half of a pair."""

    async def refused(_: Request, error: Exception) -> Response:
        original = error.orig if isinstance(error, DBAPIError) else error
        if getattr(original, "sqlstate", None) not in UNSTORABLE:
            raise error
        return Malformed("A text holds a character that cannot be stored.").response()

    for kind in (DBAPIError, asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError):
        app.add_exception_handler(kind, refused)


def _engine(settings: Settings) -> AsyncEngine:
    async def connected(*_: Any, **__: Any) -> asyncpg.Connection:
        return await connect(settings, "write")

    arguments: dict[str, Any] = {"async_creator_fn": connected}
    if not settings.statement_cache:
        arguments |= {
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": lambda: f"s{uuid4().hex}",
        }
    return create_async_engine(
        DRIVER,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=CONNECT_SECONDS,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args=arguments,
    )


def database_of(request: Request) -> Database:
    """The database of the process that answers, as its application keeps it."""
    return cast("Database", request.app.state.process.database)


async def transaction(request: Request) -> AsyncIterator[AsyncSession]:
    """The request's one transaction, committed before the answer is sent."""
    async with database_of(request).transaction() as session:
        yield session


async def reading(request: Request) -> Statements:
    """Single statements, for a request that changes nothing."""
    return database_of(request).statements


async def figures(request: Request) -> Statements:
    """The same for what counts whole years, on few connections: many figures at once leave the others to lists."""
    return database_of(request).figures


Transaction = Annotated[AsyncSession, Depends(transaction, scope="function")]
Reading = Annotated[Statements, Depends(reading)]
Figures = Annotated[Statements, Depends(figures)]


SCHEMA = "chassis"


class Base(Table, registry=own_registry(SCHEMA)):
    """The parent of the chassis's tables."""


async def advisory_lock(session: AsyncSession, thing: str) -> None:
    """Wait until no other transaction has locked this thing, and keep it locked until this one ends.

    For things that may have no row yet which could be locked. What was committed meanwhile is seen afterwards.
    """
    await (await session.connection()).execute(select(func.pg_advisory_xact_lock(func.hashtext(thing))))
