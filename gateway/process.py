"""What the gateway's own pages work with: made once at the process's start."""

from dataclasses import dataclass
from typing import cast

from fastapi import Request

from chassis.access.callers import TokenReader
from gateway.asking import Services
from gateway.document import Documents


@dataclass(frozen=True)
class Process:
    """How the pages ask the services, what is known of their documents, and who may ask.

    `token_reader` has the name by which the chassis' role guard looks for it: it trusts this gateway's own word alone.
    """

    token_reader: TokenReader
    services: Services
    documents: Documents


def process_of(request: Request) -> Process:
    """What this process's pages work with."""
    return cast("Process", request.app.state.process)
