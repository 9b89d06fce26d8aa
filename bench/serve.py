"""One process of the bench: a service, the gateway, or a floor."""

import gc
import json
import os
import sys
from typing import Any

import uvicorn

from deploy.services import SERVICES, service_named


def application(what: str, given: dict[str, Any]) -> Any:
    """The application that is measured."""
    if what in SERVICES:
        described = service_named(what)
        return described.web(described.settings(**given))
    if what == "gateway":
        from gateway.app import web
        from gateway.settings import GatewaySettings

        return web(GatewaySettings(**given))
    from bench import floor

    return floor.application(what, given)


def main() -> None:
    """Serve until told to stop."""
    app = application(sys.argv[1], json.loads(os.environ["BENCH"]))
    config = uvicorn.Config(app, port=int(sys.argv[2]), log_config=None, access_log=False, proxy_headers=False)
    server = uvicorn.Server(config)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    server.run()


if __name__ == "__main__":
    main()
