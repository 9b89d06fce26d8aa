"""The document of the whole API as a file, made from the code alone: nothing has to run for it."""

import json
from pathlib import Path

from pydantic import SecretStr

from deploy import CannotRun
from deploy.keys import GATEWAY, Keys
from deploy.merged_document import Clash, merge
from deploy.services import SERVICES, service_named
from gateway.app import Gateway
from gateway.settings import GatewaySettings

PLACE = Path("docs/openapi.json")
COMMAND = "python -m deploy openapi"


def rendered() -> str:
    """The merged document; `CannotRun` if services call different things by the same name."""
    # Nobody is ever asked anything with this key: the gateway's pages are described, not served.
    settings = GatewaySettings(internal_signing_key=SecretStr(json.dumps(Keys.fresh().signing[GATEWAY])))
    services = {name: service_named(name) for name in SERVICES}
    documents = {name: service.web(service.settings(service_name=name)).openapi() for name, service in services.items()}
    try:
        merged = merge(Gateway(settings).pages.openapi(), documents)
    except Clash as clash:
        raise CannotRun(f"The services' documents do not fit together: {clash}") from None
    return json.dumps(merged, indent=2, ensure_ascii=False) + "\n"


def write(place: Path = PLACE) -> None:
    """Write the document where it is kept."""
    place.write_text(rendered())


def check(place: Path = PLACE) -> None:
    """`CannotRun` if the document that is kept is not the one of this code."""
    if not place.exists() or place.read_text() != rendered():
        raise CannotRun(f"{place} is not what the code says: run `{COMMAND}` and commit the result.")
