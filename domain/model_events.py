"""Which model makes the vectors: cards that were accepted, and switches from one generation of vectors to another."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.personal import Reason
from domain.sealed import Sealed


class ModelCardAccepted(Event, frozen=True, kw_only=True):
    """Somebody read what the model was trained on, what it can do and may be used for, and takes it for this
    deployment: exactly these weights, in this arithmetic, with this card."""

    TOPIC = "model.card-accepted"

    model: str  # as `Settings.model` names it
    precision: str  # the arithmetic that the generation is of: never "auto"
    generation: str  # digest of the encoder's manifest
    weights_sha256: str
    card_sha256: str
    licence: str  # as the card has it
    by: UUID
    reason: Sealed[Reason]


class SwitchBegun(Event, frozen=True, kw_only=True):
    """The index of the one generation is built beside that of the other, which goes on answering."""

    TOPIC = "model.switch-begun"

    from_generation: str
    to_generation: str
    by: UUID


class SwitchCompleted(Event, frozen=True, kw_only=True):
    """From here on the new generation answers: it holds all footage that the old one held. What it took."""

    TOPIC = "model.switch-completed"

    generation: str
    begun_at: datetime
    footages: int
    units: int
    rows: int
    bytes: int  # that its segments take on disk


class SwitchAbandoned(Event, frozen=True, kw_only=True):
    """The old generation stays, and what was built of the new one goes."""

    TOPIC = "model.switch-abandoned"

    generation: str  # that was to be built
    by: UUID
    reason: Sealed[Reason]


class GenerationRemoved(Event, frozen=True, kw_only=True):
    """Its units and segments are off the disk: nobody was reading them any more."""

    TOPIC = "model.generation-removed"

    generation: str
    units: int
    rows: int
    bytes: int
