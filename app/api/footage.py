"""The footage shelf over HTTP: files streamed in, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath, FromQuery, QueryParameter

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done, done_with, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.api.cameras import camera_key
from app.archiving import Anchor
from app.instants import in_utc, parse
from domain import footage
from domain.checks import existing
from domain.footage import RetryFootage
from domain.footage_events import FootageArchived
from domain.footage_state import PHASES
from domain.ids import footage_id
from domain.personal import FileName
from projections import shelf_queries

Erasing = Annotated[
    str | None, QueryParameter(description="pending: asked for by order, and not decided on; or carried-out")
]


class FootageAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One archived file. The name it came with is sealed."""

    sha256: str
    camera: UUID
    camera_name: str | None
    from_at: datetime
    to_at: datetime
    uncertainty_seconds: float
    anchor_source: str
    size_bytes: int
    codec: str
    container: str
    width: int
    height: int
    archived_at: datetime
    state: str
    attempts: int
    lease_until: datetime | None
    retry_at: datetime | None
    reason_code: str | None
    detail: str | None
    generation: str | None
    pipeline: str | None  # digest of the configuration that it was indexed with
    units: int | None
    rows: int | None
    frames_sampled: int | None
    indexed_from: datetime | None
    indexed_to: datetime | None
    gaps: tuple[tuple[datetime, datetime], ...] | None
    indexed_at: datetime | None
    erasure_order: str | None  # asked for and not decided on, or carried out
    erasure_by: UUID | None
    announced_to: datetime  # where the file says that it ends: later than `to_at` where it was cut off or damaged
    gone_by: str | None  # "retention" or "order"
    gone_at: datetime | None
    destroyed_at: datetime | None
    damage: str | None  # what the last scrub found wrong with the original
    version: int


class FootageDetail(FootageAnswer, frozen=True, kw_only=True):
    """`made_with` is what `pipeline` stands for; null where it is not indexed, or was before that was kept.
    `archived_as` is the time that it was archived with: another than `from_at` where its clock was corrected since.
    """

    archived_as: datetime
    made_with: dict[str, Any] | None


class FileNameAnswer(msgspec.Struct, frozen=True):
    name: str | None  # null once it was erased


class Archived(Done, frozen=True, kw_only=True):
    """`already`: the same bytes of the same camera and time were on the shelf; nothing changed."""

    already: bool


@post("/footage", request_max_body_size=None, media_type="application/json")
async def archive_footage(
    request: Asked,
    house: House,
    camera: Annotated[str, QueryParameter(description="id or code")],
    recorded_at: Annotated[
        str, QueryParameter(description="of the first frame; ISO 8601, Kyiv time without an offset")
    ],
    uncertainty_seconds: FromQuery[float] = 1.0,
    anchor_source: FromQuery[str] = "operator",
    name: FromQuery[str] = "footage",
) -> Response[Archived]:
    """Archive one video file, sent as the raw body. Identified by its SHA-256: twice is one footage.

    What can be refused without the file is refused before it is read. It makes something new: an If-Match is refused.
    """
    query = [camera, recorded_at, uncertainty_seconds, anchor_source, name]
    call = await sync_to_thread(call_of, request, house, query)
    anchor = Anchor(
        camera=camera_key(camera),
        recorded_at=parse("recorded_at", recorded_at),
        uncertainty_seconds=uncertainty_seconds,
        source=anchor_source,
        name=name,
    )
    await sync_to_thread(house.archiving.check, call, anchor, camera, announced_bytes(request))
    received = await house.archiving.receiving.receive(request.stream())
    call = msgspec.structs.replace(call, digest=house.digests.digest(call.digest.hex(), received.sha256))
    receipt, already = await sync_to_thread(house.archiving.archive, call, received, anchor)
    return done_with(Archived, receipt, received.sha256, created=not already, already=already)


def announced_bytes(request: Asked) -> int:
    """What the client says that it sends; 0 where it does not. The server's parser has refused what is no number."""
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


@get("/footage", sync_to_thread=True)
def list_footage(
    request: Asked,
    house: House,
    camera: FromQuery[str | None] = None,
    footage_state: FromQuery[str | None] = None,
    from_at: FromQuery[datetime | None] = None,
    to_at: FromQuery[datetime | None] = None,
    erasure: Erasing = None,
    damaged: FromQuery[bool | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[FootageAnswer]:
    """The shelf, the latest first: what is archived, waiting, indexed, rejected or given up."""
    house.desk.require(call_of(request, house), Operation.FOOTAGE_LIST)
    with house.views.reading() as views:
        page = shelf_queries.shelf_page(
            views,
            camera=None if camera is None else camera_key(camera),
            state=wanted("footage_state", footage_state, PHASES),
            from_at=in_utc("from_at", from_at),
            to_at=in_utc("to_at", to_at),
            erasure=wanted("erasure", erasure, shelf_queries.ERASURES),
            damaged=damaged,
            cursor=cursor,
            limit=limit,
        )
    return page_of(page, FootageAnswer)


@get("/footage/{sha256:str}", sync_to_thread=True)
def read_footage(request: Asked, house: House, sha256: FromPath[str]) -> Response[FootageDetail]:
    """One archived file: state, coverage and gaps, and with which configuration it was indexed."""
    call = call_of(request, house)
    state = house.desk.load(footage.DECIDER, footage_id(sha256)).state
    house.desk.require(call, Operation.FOOTAGE_READ, relations.footage(sha256, state))
    with house.views.reading() as views:
        found = existing("footage", sha256, shelf_queries.shelf_footage(views, sha256.lower()))
    with house.in_force.held() as sight:
        document = sight.index.description(found.pipeline) if found.pipeline else None
    made_with = msgspec.json.decode(document, type=dict[str, Any]) if document else None
    facts = msgspec.structs.asdict(msgspec.convert(found, FootageAnswer, from_attributes=True))
    (archived,) = house.log.events(footage_id(sha256), until_version=1)
    assert isinstance(archived, FootageArchived)
    return versioned(FootageDetail(**facts, archived_as=archived.recorded_at, made_with=made_with), found.version)


@get("/footage/{sha256:str}/name", sync_to_thread=True)
def read_file_name(request: Asked, house: House, sha256: FromPath[str]) -> FileNameAnswer:
    """The name that the file came with. Opening it goes on record before it is answered."""
    call = call_of(request, house)
    operation, key = Operation.FOOTAGE_READ_NAME, footage_id(sha256)
    house.desk.require(call, operation, relations.footage(sha256, house.desk.load(footage.DECIDER, key).state))
    archived = house.log.events(key, until_version=1)[0]
    assert isinstance(archived, FootageArchived)
    name = house.disclosures.open(call, operation, key, archived.name, FileName)
    return FileNameAnswer(None if name is None else name.name)


@post("/footage/{sha256:str}/retry", status_code=200, sync_to_thread=True)
def retry_footage(request: Asked, house: House, sha256: FromPath[str]) -> Response[Done]:
    """Index it again: after its attempts were spent, or without waiting for the next one."""
    call = call_of(request, house)
    receipt = house.desk.perform(
        call,
        Operation.FOOTAGE_RETRY,
        footage.DECIDER,
        footage_id(sha256),
        RetryFootage(sha256=sha256),
        lambda state: relations.footage(sha256, state),
    )
    return done(receipt, sha256)


ROUTES = (archive_footage, list_footage, read_footage, read_file_name, retry_footage)
