"""From when until when officers of juvenile prevention were certified: what the list of officers, which shows how they
stand now, no longer tells.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Uuid

from domain import officer as facts
from domain.event import Recorded
from projections.columns import Instant
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
certified_officers = Table(
    "certified_officers",
    metadata,
    Column("officer", Uuid, primary_key=True),
    Column("unit", Uuid, nullable=False),
    Column("service", String(32), nullable=False),
    Column("periods", Integer, nullable=False),  # so far, the open one included
    Column("open", Boolean, nullable=False),
)
certified_periods = Table(
    "certified_periods",
    metadata,
    Column("officer", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),  # as certified, or as it lapsed before
)


def _selected(rows: Rows, at: Recorded, event: facts.CandidateSelected) -> None:
    rows.put(certified_officers, officer=at.stream, unit=event.unit, service=event.service, periods=0, open=False)


def _certified(rows: Rows, at: Recorded, event: facts.OfficerCertified) -> None:
    """One that stands is prolonged."""
    before = rows.read(certified_officers, at.stream)
    if before["open"]:
        rows.change(certified_periods, at.stream, before["periods"], to_at=event.until)
        return
    number = before["periods"] + 1
    rows.put(certified_periods, officer=at.stream, number=number, from_at=at.meta.recorded_at, to_at=event.until)
    rows.change(certified_officers, at.stream, periods=number, open=True)


def _lapsed(rows: Rows, at: Recorded, event: facts.CertificationLapsed) -> None:
    before = rows.read(certified_officers, at.stream)
    rows.change(certified_periods, at.stream, before["periods"], to_at=event.at)
    rows.change(certified_officers, at.stream, open=False)


VIEW = View(
    name="certified_periods",
    version=2,
    metadata=metadata,
    folds={
        facts.CandidateSelected: _selected,
        facts.OfficerCertified: _certified,
        facts.CertificationLapsed: _lapsed,
    },
)
