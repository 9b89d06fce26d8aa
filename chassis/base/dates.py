"""Days as callers write them: ISO 8601 alone, never a bare number that would be read as seconds."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def _iso(value: Any) -> Any:
    """What the framework would take for seconds since 1970 is refused; it reads everything else."""
    if isinstance(value, int | float) or (isinstance(value, str) and not _ISO.fullmatch(value)):
        raise ValueError("Write a day as 2019-04-01.")
    return value


Day = Annotated[date, BeforeValidator(_iso)]
