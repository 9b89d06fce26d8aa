"""What a process of its own does: serve one service until it is told to end, killed, or the test is gone."""

import multiprocessing
import os
import threading
from typing import Any

from deploy.processes import serve
from deploy.services import SERVICES, service_named
from tests.support.faults.tally import TALLY

# Every process is a fork of one that has read all of the code: a kill costs no new reading.
KNOWN = {name: service_named(name) for name in SERVICES} | {TALLY.name: TALLY}


def main(part: str, name: str, given: dict[str, Any]) -> None:
    """Serve a service's API (`web`) or its loops (`worker`); nobody reads what it prints."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for printed in (1, 2):
        os.dup2(nowhere, printed)
    threading.Thread(target=_end_with_the_test, daemon=True).start()
    service = KNOWN[name]
    settings = service.settings(**given)
    serve(service.web(settings) if part == "web" else service.worker(settings), settings.host, settings.port)


def _end_with_the_test() -> None:
    test = multiprocessing.parent_process()
    assert test is not None
    test.join()
    os._exit(1)
