"""Is the server alive, and is it ready? Open to everybody on this machine; says nothing about a person, nor where
anything lies: what a fault says in words is in the log, and for auditors and administrators in GET /projections.
"""

from __future__ import annotations

import shutil

import msgspec
from litestar import Response, get

from app.api.calls import House
from gpu_jobs.decoding import sandbox
from projections import shelf_queries

FREE_BYTES_MIN = 256 * 2**20  # below this the record may soon be unwritable
LAG_EVENTS_MAX = 5_000


class Health(msgspec.Struct, frozen=True, kw_only=True):
    ready: bool
    example: bool  # nothing in it is of anybody
    faults: list[str]  # who is at fault, in words of this program alone
    head: int  # last position of the log
    lag: int  # events that the views are behind
    parked: int  # streams with events that a view could not take
    skipped: int  # things that work in the background could not take; GET /projections names them
    index_rows: int
    segments_unavailable: int
    free_bytes: int
    originals_damaged: int  # as the last scrub found them,
    record_damaged: bool  # and the files of the record; GET /projections says how
    precision: str  # of the model's arithmetic,
    precision_chosen: str  # and how it came to it
    sandbox_missing: list[str]  # protections that this machine cannot give the process that reads footage


@get("/health/live", sync_to_thread=False, public=True)
def live() -> str:
    """The process answers."""
    return "alive"


@get("/health/ready", sync_to_thread=True, public=True)
def ready(house: House) -> Response[Health]:
    """The record can be written, the views follow it, its policy is in force, no thread died. 503 where not."""
    status = house.projector.status()
    free_bytes = shutil.disk_usage(house.deployment.folder).free
    with house.in_force.held() as sight:
        index = sight.index.statistics()
    faults = [f"the views are {view.state}" for view in status if view.fault] + house.background.faults()
    if house.projector.stale():  # one that is rebuilt while the live one is whole is none
        faults.append("views are of another program or log and are folded anew")
    lag = max(view.lag for view in status)
    if lag > LAG_EVENTS_MAX:
        faults.append(f"the views are {lag} events behind")
    if free_bytes < FREE_BYTES_MIN:
        faults.append(f"only {free_bytes} bytes are free on the disk of the record")
    if not house.policy_in_force():
        faults.append("the policies of this program are not adopted; an administrator adopts them")
    with house.views.reading() as views:
        damaged = shelf_queries.damaged(views)
    health = Health(
        ready=not faults,
        example=house.deployment.settings.example,
        faults=sorted(set(faults)),
        head=status[0].head,
        lag=lag,
        parked=sum(view.parked for view in status),
        skipped=sum(len(work.skipped) for work in house.background.status()),
        index_rows=index.rows - index.gone,
        segments_unavailable=index.unavailable,
        free_bytes=free_bytes,
        originals_damaged=damaged,
        record_damaged=bool(house.scrub.notes.skipped),
        precision=sight.precision.name,
        precision_chosen=sight.precision.chosen,
        sandbox_missing=list(sandbox().missing),
    )
    return Response(health, status_code=200 if health.ready else 503)


ROUTES = (live, ready)
