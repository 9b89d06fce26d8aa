"""Tables of figures as the other services count them, without small numbers."""

from typing import Generic, TypeVar

from chassis.web.service_clients import Answered, ServiceClient


class Row(Answered):
    """A row of a table; the row without a key is the total."""

    key: str | None


class ReviewRow(Row):
    """Looked-after children's reviews."""

    reviews: int | None
    child_reviews: int | None
    children: int | None
    timeliness: float | None
    participation: float | None


class ConferenceRow(Row):
    """Child protection conferences."""

    conferences: int | None
    child_conferences: int | None
    children: int | None
    initial: int | None
    transfer_in: int | None
    reviews: int | None
    in_time: int | None
    late: int | None
    timeliness: float | None
    participation: float | None
    plans_made: int | None
    plans_ended: int | None
    quorate: int | None
    inquorate: int | None


class PlanRow(Row):
    """Child protection plans; `open` at the end of the row's last day."""

    open: int | None
    started: int | None
    started_repeat: int | None
    ended: int | None


class ContributionRow(Row):
    """What agencies contributed to conferences."""

    invited: int | None
    reports_expected: int | None
    reports_in_time: int | None
    reports_late: int | None
    reports_none: int | None
    attended: int | None
    apologies: int | None
    neither: int | None


class EscalationRow(Row):
    """Escalations by when they were raised."""

    raised: int | None
    answered: int | None
    response_rate: float | None


SomeRow = TypeVar("SomeRow", bound=Row)


class Table(Answered, Generic[SomeRow]):
    """A table of figures; `participation_age` is the age from which participation counts."""

    rows: list[SomeRow]
    participation_age: int | None = None

    def row(self, key: str | None) -> SomeRow | None:
        """The row with a key, or the total for None; None if there is no such row."""
        return next((row for row in self.rows if row.key == key), None)


SomeTable = TypeVar("SomeTable", bound=Table)  # type: ignore[type-arg]  # Of whatever rows.


class FiguresClient(ServiceClient):
    """A client of a service that counts figures."""

    async def _table(self, path: str, shape: type[SomeTable], asked: dict[str, str]) -> SomeTable:
        """The table for these query parameters, without small numbers; empty if there is no such service."""
        if not self._url:
            return shape(rows=[])
        return await self._ask("GET", path, shape, params={"suppress": "true"} | asked)
