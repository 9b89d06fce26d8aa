"""What ops can see of the gateway: that it runs, which services it finds ready, and its figures."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from gateway.asking import process_of

routes = APIRouter(include_in_schema=False)


@routes.get("/health/live")
async def live() -> dict[str, str]:
    """The process runs."""
    return {"status": "live"}


@routes.get("/health/ready")
async def ready(request: Request) -> dict[str, object]:
    """The gateway takes requests; `services` says which of them are ready.

    A service that is down does not make the gateway unready: taken out of the load balancer, it would take the other
    services with it.
    """
    return {"status": "ready", "services": await process_of(request).services.readiness()}


@routes.get("/metrics")
async def metrics() -> Response:
    """Figures for Prometheus."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
