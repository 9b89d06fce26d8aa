"""A small service of notes about children, for the tests of what every service can do with its records."""

from pathlib import Path
from typing import Annotated

from fastapi import Form, Query, Response, UploadFile
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlmodel import Field as Column
from sqlmodel import col

from chassis.access.audit import Look
from chassis.access.callers import Caller, Role, may
from chassis.base.fields import Several
from chassis.base.problems import NotFound
from chassis.command import Command, commanded_by
from chassis.db.columns import TEXTS, equal
from chassis.db.database import Reading, Table, own_registry
from chassis.service import Service
from chassis.web.pagination import JsonRows, PageQuery, sorted_by
from chassis.web.routes import Routes
from chassis.web.versions import IfMatch, check_version, etag


class NotesBase(Table, registry=own_registry()):
    """The parent of the notes' table."""


class Note(NotesBase, table=True):
    """Something written about children."""

    number: int = Column(primary_key=True)
    words: str
    about: str | None = None
    person_ids: list[str] = Column(sa_type=TEXTS)
    version: int = 1


class NoteIn(BaseModel):
    """A note to write."""

    model_config = ConfigDict(extra="forbid")

    number: int
    words: str
    about: str | None = None
    person_ids: list[str]


class NoteOut(NoteIn):
    """A note."""

    version: int


NOTES = JsonRows(
    select(*Note.__table__.c),  # type: ignore[attr-defined]
    filters=equal(Note, "words", "number"),
    order=[col(Note.number).desc()],
    hidden=["words"],
)
routes = Routes(prefix="/v1/notes")
Writer = Annotated[Command, commanded_by(Role.CHAIR)]
Reader = Annotated[Caller, may(Role.CHAIR)]


@routes.post("", status_code=201)
async def write_note(wanted: NoteIn, command: Writer) -> NoteOut:
    """Write a note; one about nobody fails after it was written."""
    command.session.add(Note(**wanted.model_dump()))
    await command.audit("write", wanted.person_ids, str(wanted.number))
    if not wanted.person_ids:
        raise RuntimeError(f"Nobody in {wanted.words}")
    return NoteOut(version=1, **wanted.model_dump())


@routes.post("/file", status_code=201)
async def write_file(command: Writer, number: Annotated[int, Form()], file: UploadFile) -> NoteOut:
    """Write a note as a file; one that is empty is undone."""
    words = (await file.read()).decode()
    command.session.add(Note(number=number, words=words, person_ids=["P1"]))
    if not words:
        await command.session.rollback()
    return NoteOut(number=number, words=words, person_ids=["P1"], version=1)


class NotesQuery(PageQuery):
    """The parameters of `read_all`."""

    words: Several[str] = None
    number: Several[int] = None
    sort: str = sorted_by("-number", "about")


@routes.get("")
async def read_all(reading: Reading, query: Annotated[NotesQuery, Query()], caller: Reader) -> Response:
    """All notes, newest first."""
    return await NOTES.page(reading, query, look=Look(caller, "read_all", "notes"))


@routes.get("/{number}")
async def read(number: int, reading: Reading, caller: Reader) -> Response:
    """One note."""
    found = await NOTES.one(reading, look=Look(caller, "read", str(number)), number=number)
    if found is None:
        raise NotFound
    return found


@routes.put("/{number}")
async def change(number: int, words: str, command: Writer, version: IfMatch, response: Response) -> NoteOut:
    """Change a note's words."""
    note = await command.session.get(Note, number, with_for_update=True)
    if note is None:
        raise NotFound
    check_version(note, version)
    note.words, note.version = words, note.version + 1
    response.headers["ETag"] = etag(note.version)
    return NoteOut.model_validate(note, from_attributes=True)


SERVICE = Service(
    name="notes",
    title="notes",
    description="notes",
    metadata=NotesBase.metadata,
    migrations=Path(__file__).parent / "notes_migrations",
    routers=[routes],
)
