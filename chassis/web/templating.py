"""How templates are read: what is missing is an error, and what is put in cannot be markup unless it is plain text."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def environment(*folders: Path, escapes: bool = True) -> Environment:
    """The templates of these folders, the first that has one; plain text is not escaped."""
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=escapes,  # noqa: S701 -- plain text is no markup.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
