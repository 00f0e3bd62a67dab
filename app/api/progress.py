"""How indexing goes, over HTTP: the backlog, and a stream of what happens to it."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import AsyncGenerator
from typing import Annotated

import msgspec
import structlog
from litestar import get
from litestar.concurrency import sync_to_thread
from litestar.exceptions import HTTPException
from litestar.params import FromQuery, HeaderParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage

from app.access.operations import Operation
from app.api.calls import Asked, House, call_of
from app.api.problems import status_of
from app.backlog import Backlog
from app.call import Call
from app.composition import Services
from app.watching import Told, Watching
from domain.errors import DomainError, Invalid

TICK_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0  # of silence; proxies give up after half a minute and more
ASK_AGAIN_SECONDS = 5.0  # whether the listener may still hear it
RETRY_MILLISECONDS = 3_000
POSITION_DIGITS_MAX = 18

LastHeard = Annotated[
    str | None,
    HeaderParameter(name="Last-Event-ID", description="the id of the event that was heard last: what followed is told"),
]


@get("/footage/backlog", sync_to_thread=True)
def read_backlog(request: Asked, house: House) -> Backlog:
    """What is not indexed yet, how far each footage under way is, how fast it goes, and when all of it will be done."""
    house.desk.require(call_of(request, house), Operation.FOOTAGE_WATCH)
    return house.backlogs.latest()


@get("/footage/progress", media_type="text/event-stream")
async def watch_progress(
    request: Asked, house: House, last_heard: LastHeard = None, lasting: FromQuery[bool] = False
) -> ServerSentEvent:
    """Server-sent events, until no footage waits for indexing; with `lasting`, until the listener goes or its login
    ends. `progress`: how far a footage under way is. `became`: it was indexed, rejected, failed or given up, none
    left out for who names the last event they heard. `backlog`: how much is left. `end`: nothing is. `refused`: the
    listener may hear no more, and why.
    """
    call = await sync_to_thread(_allowed, request, house)
    after = _position(last_heard)
    watching = await sync_to_thread(Watching, house.desk, house.views, house.backlogs, after=after, lasting=lasting)
    account = call.principal.account
    house.listeners.take(account)
    try:
        events = _events(request, house, watching)
        weakref.finalize(events, house.listeners.give_back, account)  # also where nobody ever begins to listen
    except BaseException:
        house.listeners.give_back(account)
        raise
    return ServerSentEvent(events)


def _allowed(request: Asked, house: Services) -> Call:
    call = call_of(request, house)
    house.desk.require(call, Operation.FOOTAGE_WATCH)
    return call


def _position(last_heard: str | None) -> int | None:
    if not last_heard:
        return None
    if not (last_heard.isascii() and last_heard.isdigit() and len(last_heard) <= POSITION_DIGITS_MAX):
        raise Invalid(
            "Last-Event-ID", f"{last_heard[:40]!r} is no event's id", "send the id of the last event unchanged"
        )
    return int(last_heard)


async def _events(request: Asked, house: Services, watching: Watching) -> AsyncGenerator[ServerSentEventMessage, None]:
    yield ServerSentEventMessage(data=None, comment="indexing", retry=RETRY_MILLISECONDS)
    asked = spoke = time.monotonic()
    while not (watching.is_over or house.listeners.closing.is_set()):
        if time.monotonic() - asked >= ASK_AGAIN_SECONDS:
            asked = time.monotonic()
            try:
                await sync_to_thread(_allowed, request, house)
            except (DomainError, HTTPException) as refusal:
                yield _refused(refusal)
                return
        for told in await sync_to_thread(watching.hear):
            spoke = time.monotonic()
            yield _message(told)
        if time.monotonic() - spoke >= HEARTBEAT_SECONDS:
            spoke = time.monotonic()
            yield ServerSentEventMessage(data=None, comment="still here")
        if not watching.is_over:
            await asyncio.sleep(TICK_SECONDS)


def _message(told: Told) -> ServerSentEventMessage:
    return ServerSentEventMessage(data=msgspec.json.encode(told.about), event=told.kind, id=told.position)


def _refused(refusal: DomainError | HTTPException) -> ServerSentEventMessage:
    """In the words of the problem that a new request would get."""
    status = status_of(refusal) if isinstance(refusal, DomainError) else refusal.status_code
    problem = {"status": int(status), "detail": refusal.detail}
    structlog.get_logger().info("a listener may hear no more", **problem)
    return ServerSentEventMessage(data=msgspec.json.encode(problem), event="refused")


ROUTES = (read_backlog, watch_progress)
