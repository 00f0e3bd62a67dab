"""The ASGI application: routes, limits, problems, metrics and the schema, over one `Services`."""

from __future__ import annotations

import time
from uuid import uuid4

import structlog
from litestar import Litestar, Router
from litestar.config.app import AppConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.plugins.prometheus import PrometheusConfig, PrometheusController
from litestar.types import ASGIApp, Guard, Message, Receive, Scope, Send

from app.api import (
    accesses,
    agencies,
    agreements,
    attachments,
    authorisations,
    camera_imports,
    camera_network,
    cameras,
    case_lists,
    case_narratives,
    case_work,
    cases,
    children,
    claims,
    clips,
    commitments,
    communities,
    concerns,
    conference_work,
    conferences,
    consents,
    coverage,
    footage,
    health,
    incident_counts,
    incident_links,
    incidents,
    initiatives,
    keeping,
    limits,
    models,
    national,
    officers,
    people,
    posts,
    programmes,
    progress,
    queue,
    reasons,
    record,
    recording,
    referrals,
    reports,
    schema,
    school_concerns,
    school_sessions,
    schools,
    searches,
    signing_in,
    stations,
    webhooks,
    words,
)
from app.api.calls import WholeRequest, services, signed_in
from app.api.parameters import known_in, known_only
from app.api.problems import EXCEPTION_HANDLERS
from app.composition import Services
from app.example import HEADER

# Each noun is a router of its own: handlers that share a path are registered at once. One by one, Litestar 2.25 wraps
# the earlier ones in a second thread hand-over, and they answer with a coroutine.
NOUNS = (
    *(signing_in, people, cameras, footage, progress, keeping, incidents, children, authorisations),
    *(reasons, searches, clips, models, record, accesses, words, health),
    *(recording, incident_links, incident_counts),
    *(officers, concerns),
    *(webhooks,),
    *(communities, stations, posts, coverage),
    *(national, claims),
    *(cases, case_work, case_narratives, case_lists, attachments, queue),
    *(schools, school_sessions, school_concerns, initiatives, commitments),
    *(camera_network, camera_imports, programmes),
    *(agencies, agreements, consents),
    *(referrals, conferences, conference_work),
    *(reports,),
)
GUARDS: list[Guard] = [signed_in, known_only]
BODY_BYTES_MAX = 20 * 2**20  # a query image in base64; footage has its own limit and is streamed


class Correlation:
    """Every request gets an id: in its logs, in its events, in its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        correlation = uuid4()
        scope.setdefault("state", {})["correlation_id"] = correlation
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=str(correlation))
        started = time.perf_counter()

        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"oberih-correlation", str(correlation).encode())]
                if not any(name.lower() == b"cache-control" for name, _ in message["headers"]):
                    message["headers"] = [*message["headers"], (b"cache-control", b"no-store")]  # answers name people
                if scope["app"].state.services.deployment.settings.example:
                    message["headers"] = [*message["headers"], (HEADER.encode(), b"true")]
                structlog.get_logger().info(
                    "answered",
                    method=scope.get("method"),
                    path=scope.get("path"),
                    status=message["status"],
                    milliseconds=round((time.perf_counter() - started) * 1000, 1),
                )
            await send(message)

        await self.app(scope, receive, with_id)


class Metrics(PrometheusController):
    """Counts and durations of requests, and of the projector and the index."""

    path = "/metrics"
    include_in_schema = False  # the framework's handler says nothing of what it answers
    openmetrics_format = True


def create_app(house: Services) -> Litestar:
    """The whole API over an open house. The caller closes the house."""
    prometheus = PrometheusConfig(app_name="oberih", prefix="oberih", group_path=True)
    limit = limits.per_minute(house.deployment.settings.requests_per_minute)
    app = Litestar(
        route_handlers=[*(Router(path="/", route_handlers=noun.ROUTES, guards=GUARDS) for noun in NOUNS), Metrics],
        dependencies={"house": Provide(services, sync_to_thread=False)},
        exception_handlers=EXCEPTION_HANDLERS,
        middleware=[DefineMiddleware(Correlation), prometheus.middleware, limit.middleware],
        openapi_config=OpenAPIConfig(
            title="Oberih",
            version="0.1.0",
            description="Case management and footage search for the protection of children.",
            components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
            security=[{"token": []}],
            use_handler_docstrings=True,
            render_plugins=schema.RENDERED,
        ),
        request_max_body_size=BODY_BYTES_MAX,
        request_class=WholeRequest,
        state=State({"services": house}),
        stores={limits.STORE: limits.Counts()},
        on_app_init=[_no_debug],
    )
    schema.complete(app.openapi_schema)
    app.state.parameters = known_in(app.openapi_schema)
    return app


def _no_debug(config: AppConfig) -> AppConfig:
    config.debug = False  # a debug page would show locals, and with them personal data
    return config
