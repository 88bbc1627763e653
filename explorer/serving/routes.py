"""Addresses beside the pages: `/health` for a load balancer, `/metrics` for a scraper.

Where the pages are under a base path these are there too: a proxy that passes only that path on reaches them, and one
that asks the server itself need not know it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from explorer.jobs.pool import WorkerPool
from explorer.serving.metrics import CONTENT_TYPE, Metrics

METRICS = "EXPLORER_METRICS"
"""The setting that opens `/metrics`; it is closed by default, because anyone who reaches the pages could read it."""

Services = Callable[[], Mapping[str, WorkerPool]]


def routes(
    services: Services, metrics: Callable[[], Metrics], environment: Mapping[str, str], base: str = ""
) -> list[Route]:
    """The addresses that `environment` opens, at the root and under the base path of the pages."""

    def health(_: Request) -> Response:
        """200 while questions are taken in; 503 from the moment when the server is told to stop."""
        found = services()
        stopping = any(service.closed for service in found.values())
        body = {"status": "stopping" if stopping else "ok"} | {
            name: {"waiting": service.counters.waiting, "running": service.counters.running}
            for name, service in found.items()
        }
        return JSONResponse(body, status_code=503 if stopping else 200)

    def numbers(_: Request) -> Response:
        return Response(metrics().text(), media_type=CONTENT_TYPE)

    scraped = environment.get(METRICS, "").strip().lower() == "on"
    opened = {"health": health} | ({"metrics": numbers} if scraped else {})
    places = dict.fromkeys(("/", f"/{base.strip('/')}/".replace("//", "/")))
    return [Route(place + name, answer) for place in places for name, answer in opened.items()]
