"""What somebody can do with a thing as it stands: the operations that neither its state nor their roles refuse."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, bindparam, func, literal_column
from sqlalchemy.dialects.postgresql import JSONB

from chassis.access.callers import Role, roles_of_caller


@dataclass(frozen=True)
class Move:
    """An operation on a thing: who may ask for it, and how the thing has to stand."""

    operation: str
    roles: Collection[Role]
    standings: Collection[str]


class Moves:
    """The operations on the things of one kind. `name` tells them from those of others in one statement."""

    def __init__(self, name: str, *moves: Move) -> None:
        self.parameter = f"moves_of_{name}"
        self._moves = moves

    def possible(self, standing: str) -> list[str]:
        """What the caller can do with a thing that stands so."""
        roles = roles_of_caller()
        return [
            move.operation for move in self._moves if standing in move.standings and not roles.isdisjoint(move.roles)
        ]

    def column(self, standing: Any) -> ColumnElement[Any]:
        """The same of each row, as the member `can`, for `JsonRows` that are told of these moves."""
        found = func.jsonb_extract_path(bindparam(self.parameter, type_=JSONB), standing)
        return func.coalesce(found, literal_column("'[]'::jsonb")).label("can")

    def value(self) -> str:
        """The value of the column's parameter."""
        standings = {standing for move in self._moves for standing in move.standings}
        return json.dumps({standing: self.possible(standing) for standing in standings})


def can() -> Any:
    """The field of an answer with what the caller can do."""
    return Field(
        description="What the caller can do with it now, by `operationId`: neither its state nor their roles refuse it."
    )
