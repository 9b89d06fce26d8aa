"""The map of the API in the documentation names everything that the API has."""

import re

from tests.support.contracts.services import merged
from tests.support.source import ROOT

MAP = (ROOT / "docs" / "map.md").read_text()


def test_every_first_word_of_an_address_is_on_the_map() -> None:
    named = set(re.findall(r"`/([a-z-]+)", MAP))
    assert {path.split("/")[2] for path in merged()["paths"]} <= named
