"""Keys and secrets of the local system: made on its first start, kept in its folder, refused by production."""

import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from deploy.keys import Keys

# By this beginning production knows what must not come into it.
MARK = "development"


def local_keys(folder: Path) -> Keys:
    """The keys of this folder; made now if there are none, some are missing, or their file is of another version."""
    place = folder / "secrets.json"
    with suppress(FileNotFoundError, ValidationError):
        kept = TypeAdapter(Keys).validate_json(place.read_bytes())
        if kept.are_whole():
            return kept
    keys = Keys.fresh(MARK)
    # Under its own name it is whole or not there, and at no moment can others read it.
    half = folder / "secrets.json.half"
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(keys), file)
    half.rename(place)
    return keys
