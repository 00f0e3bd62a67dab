"""Keeping and forgetting over HTTP: retention of cameras, holds, erasures by order, certificates, the scrub."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned
from app.api.calls import Asked, House, call_of
from app.api.cameras import camera_key
from app.api.people import Reasoned
from app.call import Call, now
from domain import footage, incident
from domain.checks import existing
from domain.clock_correction import CorrectClock
from domain.footage import ReindexFootage
from domain.footage_keeping import AgreeToErasure, RefuseErasure, RequestErasure
from domain.hold import PlaceHold, ReleaseHold
from domain.ids import footage_id, keeping_id
from domain.keeping import SetRetention
from domain.keeping_events import FootageDestroyed, FootageErased, FootagePurged
from domain.log import Receipt
from domain.personal import Reason
from domain.sealed import Sealed
from projections import keeping
from projections.keeping import HoldLine, Lost, Retention

Doc = msgspec.Meta


class NewRetention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    days: Annotated[int, Doc(examples=[30], description="from the footage's end")]
    basis: Annotated[str, Doc(examples=["Наказ № 12 від 03.11.2026"], description="number of the order that says so")]


class NewHold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For an incident or a case, exactly one of them."""

    cameras: Annotated[list[str], Doc(examples=[["KYIV-014"]])]
    from_at: Annotated[datetime, Doc(examples=["2026-11-20T12:00:00+02:00"])]
    to_at: Annotated[datetime, Doc(examples=["2026-11-20T14:00:00+02:00"])]
    incident: Annotated[UUID | None, Doc(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"])] = None
    case: Annotated[str, Doc(examples=["12026100070001234"])] = ""
    reason: Annotated[str, Doc(examples=["Запис потрібен слідству"])]


class NewErasure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    order: Annotated[str, Doc(examples=["757/1204/26-К"], description="number of the court's or authority's order")]
    reason: Annotated[str, Doc(examples=["Ухвала суду про знищення запису"])]


class NewClock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the first frame was really taken."""

    recorded_at: Annotated[datetime, Doc(examples=["2026-11-20T12:03:30+02:00"])]
    uncertainty_seconds: Annotated[float, Doc(examples=[0.5])] = 1.0
    anchor_source: Annotated[str, Doc(examples=["operator"])] = "operator"
    reason: Annotated[str, Doc(examples=["Годинник реєстратора поспішав на 3 хв 30 с"])]


class HoldAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`lost`: footage of these cameras and times that was gone before anything held it."""

    hold: HoldLine
    lost: tuple[Lost, ...]


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """That footage is off the disks of this deployment, why, and who decided. Backups are not reached by it."""

    sha256: str
    camera: UUID
    reason: str  # "retention" or "order"
    order: str | None
    requested_by: UUID | None
    agreed_by: UUID | None
    retention_days: int | None
    decided_at: datetime
    destroyed_at: datetime
    original_bytes: int
    rows: int


class ScrubAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one reading of every byte found: by SHA-256, by segment, by file of the record."""

    originals: int
    damaged_originals: dict[str, str]
    damaged_segments: dict[str, str]
    damaged_record: dict[str, str]
    reindexed: list[str]


@post("/cameras/{name:str}/retention", status_code=200, sync_to_thread=True)
def set_retention(request: Asked, house: House, name: FromPath[str], data: JSONBody[NewRetention]) -> Response[Done]:
    """How long this camera's footage is kept. It counts from a week later on: what must stay can be held until then."""
    call = call_of(request, house, data)
    key = camera_key(name)
    command = SetRetention(camera=key, days=data.days, basis=data.basis, at=now())
    return done(house.keepings.set_retention(call, name, command), keeping_id(key))


@get("/retention", sync_to_thread=True)
def list_retention(request: Asked, house: House) -> list[Retention]:
    """The cameras that have a retention of their own; all others have the deployment's."""
    house.desk.require(call_of(request, house), Operation.CAMERA_LIST)
    with house.views.reading() as views:
        return list(keeping.retentions(views))


@post("/holds", sync_to_thread=True)
def place_hold(request: Asked, house: House, data: JSONBody[NewHold]) -> Response[Done]:
    """Keep footage of these cameras and times, whatever retention or orders say, until the hold is released."""
    call = call_of(request, house, data)
    key = call.new_key()
    command = PlaceHold(
        hold=key,
        cameras=tuple(camera_key(name) for name in data.cameras),
        from_at=data.from_at,
        to_at=data.to_at,
        incident=data.incident,
        case=data.case,
        by=call.principal.account,
        unit=call.principal.unit,
        reason=Sealed(key, Reason(data.reason)),
    )
    return done(house.keepings.place(call, command), key, created=True)


@get("/holds", sync_to_thread=True)
def list_holds(
    request: Asked,
    house: House,
    standing: FromQuery[bool | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[HoldLine]:
    """Holds, the latest first."""
    call = call_of(request, house)
    house.desk.require(call, Operation.HOLD_LIST)
    with house.views.reading() as views:
        page = page_of(keeping.hold_page(views, standing=standing, cursor=cursor, limit=limit))
    return Page([_for(house, call, line) for line in page.items], page.next)


def _for(house: House, call: Call, line: HoldLine) -> HoldLine:
    """Whoever may not read an incident does not learn of it from what is held for it."""
    if line.incident is None:
        return line
    of = relations.incident(line.incident, house.desk.load(incident.DECIDER, line.incident).state)
    may_know = house.desk.allows(call, Operation.INCIDENT_READ, of)
    return line if may_know else msgspec.structs.replace(line, incident=None)


@get("/holds/{key:uuid}", sync_to_thread=True)
def read_hold(request: Asked, house: House, key: FromPath[UUID]) -> Response[HoldAnswer]:
    """One hold, and what it came too late for."""
    call = call_of(request, house)
    house.desk.require(call, Operation.HOLD_READ, house.keepings.as_resource(key))
    with house.views.reading() as views:
        found = existing("hold", key, keeping.hold_line(views, key))
        return versioned(HoldAnswer(hold=_for(house, call, found), lost=keeping.lost_to(views, found)), found.version)


@post("/holds/{key:uuid}/release", status_code=200, sync_to_thread=True)
def release_hold(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]) -> Response[Done]:
    """Let go of it: from now on retention and orders count again."""
    call = call_of(request, house, data)
    command = ReleaseHold(hold=key, by=call.principal.account, reason=Sealed(key, Reason(data.reason)))
    return done(house.keepings.release(call, command), key)


@post("/footage/{sha256:str}/erasure", status_code=200, sync_to_thread=True)
def request_erasure(request: Asked, house: House, sha256: FromPath[str], data: JSONBody[NewErasure]) -> Response[Done]:
    """Ask for footage to be erased by order; another administrator decides."""
    call = call_of(request, house, data)
    reason = Sealed(footage_id(sha256), Reason(data.reason))
    command = RequestErasure(sha256=sha256.lower(), order=data.order, by=call.principal.account, reason=reason)
    return done(house.keepings.erasure(call, Operation.FOOTAGE_REQUEST_ERASURE, command), sha256)


@post("/footage/{sha256:str}/erasure/agree", status_code=200, sync_to_thread=True)
def agree_to_erasure(request: Asked, house: House, sha256: FromPath[str]) -> Response[Done]:
    """Agree to it: the footage is out of every search at once, and off the disk within minutes."""
    call = call_of(request, house)
    command = AgreeToErasure(sha256=sha256.lower(), by=call.principal.account)
    receipt = house.keepings.erasure(call, Operation.FOOTAGE_DECIDE_ERASURE, command)
    with house.in_force.held() as sight:
        sight.index.remove_footage(sha256.lower())
    house.keeper.wake()
    return done(receipt, sha256)


@post("/footage/{sha256:str}/erasure/refuse", status_code=200, sync_to_thread=True)
def refuse_erasure(request: Asked, house: House, sha256: FromPath[str], data: JSONBody[Reasoned]) -> Response[Done]:
    """Refuse it; it may be asked for again."""
    call = call_of(request, house, data)
    reason = Sealed(footage_id(sha256), Reason(data.reason))
    command = RefuseErasure(sha256=sha256.lower(), by=call.principal.account, reason=reason)
    return done(house.keepings.erasure(call, Operation.FOOTAGE_DECIDE_ERASURE, command), sha256)


@get("/footage/{sha256:str}/certificate", sync_to_thread=True)
def read_certificate(request: Asked, house: House, sha256: FromPath[str]) -> Certificate:
    """That it was destroyed. 404 before it is."""
    call = call_of(request, house)
    key = footage_id(sha256)
    state = house.desk.load(footage.DECIDER, key).state
    house.desk.require(call, Operation.FOOTAGE_READ, relations.footage(sha256, state))
    history = list(house.log.stream(key))
    ends = [each for each in history if isinstance(each.event, FootagePurged | FootageErased)]
    destroyed = [each for each in history if isinstance(each.event, FootageDestroyed)]
    (decided, done_at) = existing("certificate", sha256, (ends[-1], destroyed[-1]) if destroyed else None)
    why, deed = decided.event, done_at.event
    assert state is not None
    assert isinstance(deed, FootageDestroyed)
    by_order = isinstance(why, FootageErased)
    return Certificate(
        sha256=sha256,
        camera=state.camera,
        reason="order" if by_order else "retention",
        order=why.order if isinstance(why, FootageErased) else None,
        requested_by=why.requested_by if isinstance(why, FootageErased) else None,
        agreed_by=why.by if isinstance(why, FootageErased) else None,
        retention_days=why.retention_days if isinstance(why, FootagePurged) else None,
        decided_at=decided.meta.recorded_at,
        destroyed_at=done_at.meta.recorded_at,
        original_bytes=deed.original_bytes,
        rows=deed.rows,
    )


@post("/footage/{sha256:str}/clock", status_code=200, sync_to_thread=True)
def correct_clock(request: Asked, house: House, sha256: FromPath[str], data: JSONBody[NewClock]) -> Response[Done]:
    """Say when it was really taken. It is out of the search until it is indexed anew with that time."""
    call = call_of(request, house, data)
    command = CorrectClock(
        sha256=sha256.lower(),
        recorded_at=data.recorded_at,
        uncertainty_seconds=data.uncertainty_seconds,
        anchor_source=data.anchor_source,
        reason=Sealed(footage_id(sha256), Reason(data.reason)),
        at=now(),
    )
    receipt = house.keepings.correct_clock(call, command)
    if receipt.last_position:
        _forget(house, sha256, receipt)  # no hit with the wrong time from now on
    return done(receipt, sha256)


@post("/footage/{sha256:str}/reindex", status_code=200, sync_to_thread=True)
def reindex_footage(request: Asked, house: House, sha256: FromPath[str]) -> Response[Done]:
    """Index it anew: until that is done, it is not searched, and answers say so."""
    call = call_of(request, house)
    command = ReindexFootage(sha256=sha256.lower(), reason_code="operator")
    key = footage_id(sha256)
    receipt = house.desk.perform(
        call,
        Operation.FOOTAGE_REINDEX,
        footage.DECIDER,
        key,
        command,
        lambda state: relations.footage(sha256, state),
    )
    _forget(house, sha256, receipt)
    return done(receipt, sha256)


def _forget(house: House, sha256: str, receipt: Receipt) -> None:
    """It is out of every search until it is made anew; what a claim from before the receipt still makes is not taken.
    Done again it changes nothing.
    """
    with house.in_force.held() as sight:
        sight.index.forget_footage(sha256.lower(), fence=receipt.streams[0].version)


@post("/footage/scrub", status_code=200, sync_to_thread=True)
def scrub(request: Asked, house: House) -> ScrubAnswer:
    """Read every original and every segment now, and mend what can be mended. Takes as long as reading takes."""
    house.desk.require(call_of(request, house), Operation.FOOTAGE_SCRUB)
    return ScrubAnswer(**vars(house.scrub.round()))


ROUTES = (
    *(set_retention, list_retention, place_hold, list_holds, read_hold, release_hold),
    *(request_erasure, agree_to_erasure, refuse_erasure, read_certificate, correct_clock, reindex_footage, scrub),
)
