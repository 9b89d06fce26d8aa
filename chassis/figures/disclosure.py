"""Small numbers identify people: what published tables leave out, so that nobody is recognised by them.

Source: the practice of published statistics. Counts under a threshold are left out, and of what adds up to something
that is shown so many others that none can be worked out. Each sum is looked at by itself.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from chassis.figures.rows import Figures

# A row by its place in the table, and a field.
Cell = tuple[int, str]


@dataclass(frozen=True)
class Sum:
    """Cells that add up to another."""

    whole: Cell
    parts: Sequence[Cell]

    def gives_away(self, hidden: Collection[Cell], counts: Mapping[Cell, int], below: int) -> bool:
        """Whether what is hidden in it can be worked out from what is not, or is known to be small."""
        gone = [part for part in self.parts if part in hidden]
        if self.whole in hidden:
            return not gone
        return len(gone) == 1 or 0 < sum(counts[part] for part in gone) < below

    def another(self, hidden: Collection[Cell], counts: Mapping[Cell, int]) -> Cell | None:
        """The next smallest part to hide, one that is 0 last, if there is any left."""
        left = [part for part in self.parts if part not in hidden]
        return min(left, key=lambda part: (counts[part] == 0, counts[part]), default=None)


def leave_out_small(rows: Sequence[Figures], below: int, *, apart: Collection[str] = ()) -> None:
    """Leave out of a table, its total last, what is told of 1 person or more, but of fewer than `below`.

    A row about so few keeps its key alone. Rows do not add up to the total in the fields that are `apart`.
    """
    shape, total = type(rows[-1]), len(rows) - 1

    def downwards(field: str) -> Sum:
        return Sum((total, field), [(at, field) for at in range(total)])

    known_by = _counts(rows, [shape.KNOWN_BY])
    few = {at for at, _ in _hidden([downwards(shape.KNOWN_BY)], known_by, below)}
    across = [(at, whole, parts) for at in range(len(rows)) if at not in few for whole, parts in shape.SUMS]
    sums = [downwards(field) for field in sorted(shape.OF_PEOPLE.difference(apart))]
    sums += [Sum((at, whole), [(at, part) for part in parts]) for at, whole, parts in across]
    of_few = {(at, field) for at in few for field in shape.OF_PEOPLE}
    hidden = _hidden(sums, _counts(rows, shape.OF_PEOPLE), below, of_few)
    for at, row in enumerate(rows):
        gone = {field for field in shape.model_fields if at in few or (at, field) in hidden} - {"key"}
        gone |= {rate for rate, counted in shape.RATES.items() if gone.intersection(counted)}
        for field in gone:
            setattr(row, field, None)
    if any(getattr(row, shape.ADDED_UP) is None for row in rows):
        for row in rows:
            row.cumulative = None


def _counts(rows: Sequence[Figures], fields: Iterable[str]) -> dict[Cell, int]:
    return {(at, field): getattr(row, field) or 0 for field in fields for at, row in enumerate(rows)}


def _hidden(sums: Iterable[Sum], counts: Mapping[Cell, int], below: int, already: Collection[Cell] = ()) -> set[Cell]:
    """The cells that are small, and as many others as keep each of them from being worked out."""
    sums = list(sums)
    hidden = {cell for cell, count in counts.items() if 0 < count < below}.union(already)
    settled = False
    while not settled:
        settled = True
        for one in sums:
            while one.gives_away(hidden, counts, below) and (found := one.another(hidden, counts)):
                hidden.add(found)
                settled = False
    return hidden
