"""One service as a process of its own: `python -m tests.faults.serve web escalations`, its settings in SETTINGS."""

import json
import os
import sys
import threading

from deploy.services import SERVICES, service_named
from deploy.serving import serve
from tests.faults.tally import TALLY


def main(part: str, name: str) -> None:
    """Serve a service's API (`web`) or its loops (`worker`) until told to end, or until the test is gone."""
    threading.Thread(target=_end_with_the_test, daemon=True).start()
    service = service_named(name) if name in SERVICES else TALLY
    settings = service.settings(**json.loads(os.environ["SETTINGS"]))
    serve(service.web(settings) if part == "web" else service.worker(settings), settings.host, settings.port)


def _end_with_the_test() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
