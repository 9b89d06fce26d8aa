"""Letters as one PDF: each to a name at an address, with the photograph and the telephone of whoever signs it."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from chassis.base.clock import london_day
from chassis.base.fields import day_in_words
from chassis.process import Process
from chassis.web.pdf import pdf
from services.notifications.directory.models import Colleague, Photograph
from services.notifications.letters.addressees import To, addressees
from services.notifications.settings import settings_of

TEMPLATE = (Path(__file__).parent / "templates" / "letter.typ").read_bytes()
# Of somebody whose address was taken away after the letter was printed.
NOBODY = To("", "", [])


async def letters_pdf(process: Process, letters: Sequence[dict[str, Any]]) -> bytes:
    """The letters in their order, each of them beginning on a page of its own."""
    known = await addressees(process, [(letter["recipient_id"], letter["letter"]["parent_in"]) for letter in letters])
    chair_ids = {letter["letter"]["chair_id"] for letter in letters}
    async with process.database.reading() as session:
        chairs = (await session.exec(select(Colleague).where(col(Colleague.id).in_(chair_ids)))).all()
        pictures = (await session.exec(select(Photograph).where(col(Photograph.colleague_id).in_(chair_ids)))).all()
    council = settings_of(process).council
    data = {
        "council": asdict(council) | {"contact": council.contact},
        "chairs": {chair.id: _chair(chair) for chair in chairs},
        "photographs": {picture.colleague_id: list(picture.content) for picture in pictures},
        "letters": [
            {
                "to": asdict(known.get(letter["recipient_id"], NOBODY)),
                "day": day_in_words(london_day(datetime.fromisoformat(letter["printed_at"]))),
                **letter["letter"],
            }
            for letter in letters
        ],
    }
    return await asyncio.to_thread(pdf, TEMPLATE, data)


def _chair(chair: Colleague) -> dict[str, str]:
    return {"name": chair.name, "email": chair.email, "telephone": chair.telephone or ""}
