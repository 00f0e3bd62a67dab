"""The ledger of clips: who took what out of which footage, under which authority, and who was refused one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from domain import clip as facts
from domain.event import Recorded
from projections.cameras import camera_name_of
from projections.columns import Instant
from projections.organisation import unit_name_of, username_of
from projections.paging import Page, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
clips = Table(
    "clips",
    metadata,
    Column("clip", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("authorisation", Uuid, nullable=False),
    Column("footage_sha256", String(64), nullable=False),
    Column("camera", Uuid, nullable=False),
    Column("asked_from", Instant, nullable=False),
    Column("asked_to", Instant, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("refused_code", String(64)),
    Column("from_at", Instant),
    Column("to_at", Instant),
    Column("sha256", String(64)),
    Column("size_bytes", BigInteger),
    UniqueConstraint("position"),
    UniqueConstraint("authorisation", "position"),
    UniqueConstraint("footage_sha256", "position"),
)


class ClipLine(msgspec.Struct, frozen=True, kw_only=True):
    """`refused_code` is of the refusal; what is null with it belongs to a clip that was given out."""

    position: int
    clip: UUID
    at: datetime
    by: UUID
    by_username: str | None
    unit: UUID
    unit_name: str | None
    purpose: str
    authorisation: UUID
    footage_sha256: str
    camera: UUID
    camera_name: str | None
    asked_from: datetime
    asked_to: datetime
    mode: str
    refused_code: str | None
    from_at: datetime | None
    to_at: datetime | None
    sha256: str | None
    size_bytes: int | None


def clip_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    authorisation: UUID | None = None,
    footage_sha256: str | None = None,
    refused: bool | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ClipLine]:
    """Clips, the latest first. Every filter that is given must hold; `only` is what the reader may see."""
    query = rows_of(
        ClipLine,
        clips,
        by_username=username_of(clips.c.by),
        unit_name=unit_name_of(clips.c.unit),
        camera_name=camera_name_of(clips.c.camera),
    )
    for name, wanted in {"authorisation": authorisation, "footage_sha256": footage_sha256}.items():
        if wanted is not None:
            query = query.where(clips.c[name] == wanted)
    if only is not None:
        query = query.where(only)
    if refused is not None:
        code = clips.c.refused_code
        query = query.where(code.is_not(None) if refused else code.is_(None))
    return page(connection, ClipLine, query, (clips.c.position,), cursor=cursor, limit=limit, newest_first=True)


def _cut(rows: Rows, at: Recorded, event: facts.ClipCut) -> None:
    rows.put(
        clips,
        **_asked(at, event),
        from_at=event.from_at,
        to_at=event.to_at,
        sha256=event.sha256,
        size_bytes=event.size_bytes,
    )


def _refused(rows: Rows, at: Recorded, event: facts.ClipRefused) -> None:
    rows.put(clips, **_asked(at, event), refused_code=event.code)


def _asked(at: Recorded, event: facts.ClipCut | facts.ClipRefused) -> dict[str, object]:
    return {
        "clip": at.stream,
        "position": at.position,
        "at": at.meta.recorded_at,
        "by": event.by,
        "unit": event.unit,
        "purpose": at.meta.purpose,
        "authorisation": event.authorisation,
        "footage_sha256": event.footage_sha256,
        "camera": event.camera,
        "asked_from": event.asked_from,
        "asked_to": event.asked_to,
        "mode": event.mode,
    }


VIEW = View(name="clips", version=1, metadata=metadata, folds={facts.ClipCut: _cut, facts.ClipRefused: _refused})
