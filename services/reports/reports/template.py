"""What each kind of report consists of: a TOML file for each, the council's own or one of `templates/`."""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chassis.base.problems import Conflict
from chassis.figures.tables import Restart
from services.reports.documents.model import Band, ChartKind, Key
from services.reports.indicators.definitions import INDICATORS
from services.reports.quality.tables import TABLES
from services.reports.rules import ReportKind

TEMPLATES = Path(__file__).parent / "templates"
# The table of what does not add up in tables that were published before.
SLIPS = "slips"


class ReportTemplateWrong(Conflict):
    """The template of this kind of report, or a table that was published before, cannot be used."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChartTemplate(_Part):
    """A chart of the table that it stands in."""

    key: Key
    kind: ChartKind
    title: str
    alternative: str
    series: tuple[str, ...] = Field(min_length=1)
    band: Band | None = None


class TableTemplate(_Part):
    """A table of indicators; `back` is how many periods before it shows as well."""

    key: Key
    caption: str
    indicators: tuple[str, ...] = Field(min_length=1)
    by: str = "month"
    back: int = Field(0, ge=0, le=5)
    restart: Restart | None = None
    other_below: int = 0
    charts: tuple[ChartTemplate, ...] = ()

    @model_validator(mode="after")
    def _counts_what_is_counted(self) -> "TableTemplate":
        for name in self.indicators:
            if name not in INDICATORS:
                raise ValueError(f"there is no indicator {name}")
            if self.by not in INDICATORS[name].figures.rows:
                raise ValueError(f"{name} is not counted by {self.by}")
        return self


class SectionTemplate(_Part):
    """A section: its heading, what to write there, whose heading it is, its tables, and the sections below it."""

    key: Key
    heading: str
    guidance: str = ""
    source: str = ""
    words: bool = Field(True, description="Whether somebody has to write words.")
    tables: tuple[TableTemplate, ...] = ()
    records: tuple[str, ...] = Field((), description="Tables of the quality of the work, or `slips`.")
    sections: tuple["SectionTemplate", ...] = ()

    @model_validator(mode="after")
    def _shows_what_is_recorded(self) -> "SectionTemplate":
        if unknown := set(self.records) - TABLES - {SLIPS}:
            raise ValueError(f"there is no table {', '.join(sorted(unknown))}")
        return self


class Template(_Part):
    """What a kind of report consists of."""

    title: str
    subtitle: str = ""
    marking: str = ""
    sections: tuple[SectionTemplate, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_everything_once(self) -> "Template":
        tables = [table for section in self.walk() for table in section.tables]
        records = [record for section in self.walk() for record in section.records]
        charts = [chart.key for table in tables for chart in table.charts]
        for keys in ([section.key for section in self.walk()], [*(table.key for table in tables), *charts, *records]):
            if repeated := {key for key in keys if keys.count(key) > 1}:
                raise ValueError(f"more than one part is called {', '.join(sorted(repeated))}")
        return self

    def walk(self) -> Iterator[SectionTemplate]:
        """Every section in the order of reading."""
        yield from _walk(self.sections)

    def indicators(self) -> list[str]:
        """The indicators of its tables, each once."""
        tables = (table for section in self.walk() for table in section.tables)
        return list(dict.fromkeys(name for table in tables for name in table.indicators))


def _walk(sections: tuple[SectionTemplate, ...]) -> Iterator[SectionTemplate]:
    for section in sections:
        yield section
        yield from _walk(section.sections)


@lru_cache
def template_of(kind: ReportKind, own: Path | None) -> Template:
    """The council's own template of a kind where its folder has one; `ReportTemplateWrong` says where it is wrong."""
    place = TEMPLATES / f"{kind}.toml"
    if own is not None and (own / place.name).exists():
        place = own / place.name
    try:
        return Template.model_validate(tomllib.loads(place.read_text()))
    except tomllib.TOMLDecodeError as error:
        raise ReportTemplateWrong(f"{place.name} is not TOML: {error}.") from None
    except ValidationError as error:
        found = (f"{'.'.join(map(str, each['loc'])) or 'the whole'}: {each['msg']}" for each in error.errors())
        raise ReportTemplateWrong(f"{place.name} is wrong. {'; '.join(found)}.") from None
