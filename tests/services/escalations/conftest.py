"""A fresh service with an invented directory for each test."""

import pytest

from tests.conftest import Running
from tests.services.escalations.desk import Desk


@pytest.fixture
async def desk(running: Running) -> Desk:
    return await Desk.open(running)
