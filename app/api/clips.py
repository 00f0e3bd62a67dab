"""Clips over HTTP: a part of a footage, sent as a file of its own, and the ledger of those that were sent."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Annotated, Any, BinaryIO
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.api.answers import Page, page_of
from app.api.calls import Asked, House, call_of
from app.api.files import FileStream, Sending
from app.clip_manifest import ClipManifest, manifest_of
from app.cutting import Wish
from app.desk import expect_nothing
from app.instants import asked_about
from app.lists import clip_columns, condition
from domain import authorisation, clip
from domain.checks import existing
from domain.clip import EXACT, LOSSLESS
from projections.clips import ClipLine, clip_page

Doc = msgspec.Meta

BLOCK_BYTES = 1 << 20
TYPES = {"mp4": ("video/mp4", "mp4"), "matroska": ("video/x-matroska", "mkv")}


class Cut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of [from_at, to_at) of the footage. On keyframes, nothing is encoded anew and the clip is wider than asked;
    `exact` gives the frames of that time, encoded anew.
    """

    authorisation: Annotated[UUID, Doc(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"])]
    from_at: Annotated[datetime, Doc(examples=["2026-11-23T14:05:00+02:00"])]
    to_at: Annotated[datetime, Doc(examples=["2026-11-23T14:06:00+02:00"])]
    exact: bool = False


@post("/footage/{sha256:str}/clips", sync_to_thread=True, media_type="video/mp4")
def cut_clip(request: Asked, house: House, sha256: FromPath[str], data: JSONBody[Cut]) -> FileStream:
    """Take a clip out, under an authorisation that covers its camera and time. It is on record, with its digest, before
    it is sent; sent again to a command that is repeated, where the same can be made. Faces in it are not masked; it
    has no sound. `Oberih-Clip` names its manifest, `Repr-Digest` is its SHA-256. An If-Match is refused.
    """
    call = call_of(request, house, data)
    expect_nothing(call)
    from_at, to_at = asked_about("from_at", data.from_at), asked_about("to_at", data.to_at)
    assert from_at is not None
    assert to_at is not None
    wish = Wish(
        sha256=sha256.lower(),
        from_at=from_at,
        to_at=to_at,
        mode=EXACT if data.exact else LOSSLESS,
        authorisation=data.authorisation,
    )
    given = house.cutting.cut(call, wish)
    media_type, suffix = TYPES[given.cut.container]
    digest = base64.b64encode(bytes.fromhex(given.cut.sha256)).decode()
    return FileStream(
        Sending(given.file, blocks_of(given.file)),
        media_type=media_type,
        status_code=201,
        headers={
            "Content-Length": str(given.cut.size_bytes),
            "Content-Disposition": f'attachment; filename="{given.key}.{suffix}"',
            "Repr-Digest": f"sha-256=:{digest}:",
            "Oberih-Clip": str(given.key),
            "Link": f'</clips/{given.key}>; rel="describedby"',
        },
    )


def blocks_of(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    return iter(partial(file.read, BLOCK_BYTES), b"")


@get("/clips", sync_to_thread=True)
def list_clips(
    request: Asked,
    house: House,
    authorisation: FromQuery[UUID | None] = None,
    footage: FromQuery[str | None] = None,
    refused: FromQuery[bool | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[ClipLine]:
    """The ledger of clips: those that the caller may read, the latest first, refused ones too."""
    call = call_of(request, house)
    house.desk.require(call, Operation.CLIP_LIST)
    only = condition(house, call, Operation.CLIP_LIST, clip_columns())
    with house.views.reading() as views:
        page = clip_page(
            views,
            only=only,
            authorisation=authorisation,
            footage_sha256=None if footage is None else footage.lower(),
            refused=refused,
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


@get("/clips/{key:uuid}", sync_to_thread=True)
def read_clip(request: Asked, house: House, key: FromPath[UUID]) -> ClipManifest:
    """The manifest of a clip that was taken out: of what, when, by whom, under what, and its digest. That it was read,
    by anybody but who took the clip, goes on record before it is answered.
    """
    call = call_of(request, house)
    state = house.desk.load(clip.DECIDER, key).state
    authority = None if state is None else house.desk.load(authorisation.DECIDER, state.authorisation).state
    house.desk.require(call, Operation.CLIP_READ, relations.clip(key, state, authority))
    existing("clip", key, state)
    house.disclosures.consult(call, Operation.CLIP_READ, key)
    return manifest_of(house, key)


ROUTES: tuple[Any, ...] = (cut_clip, list_clips, read_clip)
