"""A unit of the police: the scope of need-to-know, and the "other unit" of the four-eyes rule."""

from __future__ import annotations

from domain.event import Event


class UnitCreated(Event, frozen=True, kw_only=True):
    TOPIC = "unit.created"

    name: str
    region: str  # vocabulary.REGIONS
    kind: str  # vocabulary.UNIT_KINDS
