"""The domain's events as stock eventsourcing keeps them: frozen dataclasses, JSON, an in-memory recorder."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import JSONTranscoder, ProcessRecorder, Transcoding
from eventsourcing.popo import POPOProcessRecorder

import projections.views  # noqa: F401  every topic is in TOPICS once this is imported
from domain.event import TOPICS, Meta, Recorded
from domain.footage_search import FoundMoment
from domain.sealed import Sealed, Token
from domain.search_coverage import CameraInterval, SearchCoverage

HERE = sys.modules[__name__]


def _stock_class(kind: type[Any]) -> type[Any]:
    fields = [(name, Any) for name in kind.__struct_fields__]
    made = dataclasses.make_dataclass(
        f"Stock{kind.__name__}", [*fields, ("meta", Any)], bases=(DomainEvent,), frozen=True, kw_only=True
    )
    made.__module__ = __name__  # so that its topic can be resolved
    setattr(HERE, made.__name__, made)
    return made


STOCK: dict[type[Any], type[Any]] = {kind: _stock_class(kind) for kind in TOPICS.values()}
OURS = {stock: kind for kind, stock in STOCK.items()}
FIELDS = {stock: kind.__struct_fields__ for kind, stock in STOCK.items()}


def _transcoding(kind: type[Any]) -> Transcoding:
    def encode(self: Transcoding, obj: Any) -> Any:
        return msgspec.to_builtins(obj.token if kind is Sealed else obj)

    def decode(self: Transcoding, stored: Any) -> Any:
        if kind is Sealed:
            token = msgspec.convert(stored, Token)
            return Sealed(token.subject, token=token)
        return msgspec.convert(stored, kind)

    members = {"type": kind, "name": kind.__name__, "encode": encode, "decode": decode}
    made: Transcoding = type(f"{kind.__name__}AsJson", (Transcoding,), members)()
    return made


class StockApplication(Application[UUID]):
    """Its events outlive it, so that a `ProjectionRunner`, which makes its own, finds them."""

    name = "stock"
    shared = POPOProcessRecorder()

    def construct_recorder(self) -> ProcessRecorder:
        return type(self).shared

    def register_transcodings(self, transcoder: Any) -> None:
        super().register_transcodings(transcoder)
        assert isinstance(transcoder, JSONTranscoder)
        for kind in (Meta, Sealed, FoundMoment, CameraInterval, SearchCoverage):
            transcoder.register(_transcoding(kind))


def fill(entries: Iterable[Recorded]) -> int:
    """Record the history anew. Returns how many events it has."""
    StockApplication.shared = POPOProcessRecorder()
    application = StockApplication()
    count = 0
    for entry in entries:
        fields = {name: getattr(entry.event, name) for name in entry.event.__struct_fields__}
        stock = STOCK[type(entry.event)](
            originator_id=entry.stream,
            originator_version=entry.version,
            timestamp=entry.meta.recorded_at,
            meta=entry.meta,
            **fields,
        )
        application.save(stock)
        count += 1
    return count


def as_recorded(stock: Any, position: int) -> Recorded:
    """The event as the folds take it; JSON has made its tuples lists."""
    kind = type(stock)
    fields = {name: getattr(stock, name) for name in FIELDS[kind]}
    event = OURS[kind](**{name: tuple(value) if type(value) is list else value for name, value in fields.items()})
    return Recorded(position, stock.originator_id, stock.originator_version, stock.meta, event)
