"""Which model makes the vectors of this deployment: cards are accepted, and one accepted model takes another's place.

All of it is one stream, `ids.MODEL_STREAM`. As long as no switch was completed, the model is the one that the settings
name; from then on the record says which. Two people have a part in it: who accepts a card does not begin the switch to
it. There is one switch at a time. A generation that is left, or that was abandoned, goes off the disk; only then may it
be built again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.decider import Decider
from domain.errors import DomainError, NotFound, WrongState
from domain.event import Event
from domain.footage import COUNT_MAX
from domain.model_events import (
    GenerationRemoved,
    ModelCardAccepted,
    SwitchAbandoned,
    SwitchBegun,
    SwitchCompleted,
)
from domain.personal import Reason
from domain.sealed import Sealed

PRECISIONS = "float32", "bfloat16"  # of a model's arithmetic
_ONE_AT_A_TIME = "wait until that is completed, or abandon it"
_MODEL = re.compile(r"[\w.:/@+-]{1,300}", re.ASCII)


class SwitchBySameAccount(DomainError):
    """Four eyes: who accepted a model's card does not begin the switch to it."""

    code = "switch-by-same-account"

    def __init__(self) -> None:
        super().__init__("nobody switches to a model whose card they accepted themselves; ask another administrator")


class AcceptModelCard(msgspec.Struct, frozen=True, kw_only=True):
    model: str
    precision: str
    generation: str
    weights_sha256: str
    card_sha256: str
    licence: str
    by: UUID
    reason: Sealed[Reason]


class BeginSwitch(msgspec.Struct, frozen=True, kw_only=True):
    from_generation: str  # in force now
    to_generation: str
    by: UUID


class CompleteSwitch(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted while nobody could commit to the old generation."""

    generation: str
    begun_at: datetime
    footages: int
    footages_left: int  # that the old generation holds and the new one does not
    units: int
    rows: int
    bytes: int


class AbandonSwitch(msgspec.Struct, frozen=True, kw_only=True):
    by: UUID
    reason: Sealed[Reason]


class RecordRemoval(msgspec.Struct, frozen=True, kw_only=True):
    generation: str
    units: int
    rows: int
    bytes: int


ModelCommand: TypeAlias = AcceptModelCard | BeginSwitch | CompleteSwitch | AbandonSwitch | RecordRemoval


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A model that was accepted."""

    model: str
    precision: str
    generation: str
    weights_sha256: str
    card_sha256: str
    licence: str
    by: UUID
    accepted_by: frozenset[UUID] = frozenset()  # everybody who ever accepted this generation


class Switch(msgspec.Struct, frozen=True):
    from_generation: str
    to_generation: str


class Models(msgspec.Struct, frozen=True):
    """`in_force` is None until a switch was completed: then the settings' model is."""

    cards: Mapping[str, Card] = MappingProxyType({})  # by generation: those accepted last
    in_force: Card | None = None
    switch: Switch | None = None  # under way
    leaving: frozenset[str] = frozenset()  # generations that are to go off the disk

    def is_in_force(self, generation: str) -> bool:
        """Whether it may answer: of the settings' model the record does not say which generation it makes."""
        return self.in_force is None or self.in_force.generation == generation


def decide_accept(state: Models | None, command: AcceptModelCard) -> tuple[Event, ...]:
    """Nothing where the same card of the same weights was accepted already, by whomever. Refused while a switch to
    these weights is under way: it is begun by somebody else than whoever accepted what comes into force.
    """
    models = state or Models()
    accepted = ModelCardAccepted(
        model=checks.pattern("model", command.model, _MODEL, "use up to 300 Latin letters, digits and . : / @ + - _"),
        precision=checks.one_of("precision", command.precision, PRECISIONS),
        generation=checks.sha256("generation", command.generation),
        weights_sha256=checks.sha256("weights_sha256", command.weights_sha256),
        card_sha256=checks.sha256("card_sha256", command.card_sha256),
        licence=checks.line("licence", command.licence),
        by=command.by,
        reason=checks.reason("reason", command.reason),
    )
    known = models.cards.get(command.generation)
    if known is not None and (known.model, known.card_sha256) == (command.model, command.card_sha256):
        return ()
    if models.switch is not None and models.switch.to_generation == command.generation:
        # Whoever began the switch would bring their own card into force with it.
        raise WrongState("model", command.model, "not free", _ONE_AT_A_TIME, words="being switched to")
    return (accepted,)


def decide_begin(state: Models | None, command: BeginSwitch) -> tuple[Event, ...]:
    models, wanted = state or Models(), checks.sha256("to_generation", command.to_generation)
    card = models.cards.get(wanted)
    if card is None:
        raise NotFound("accepted model card of generation", wanted)
    if models.switch is not None:
        raise WrongState("model", card.model, "not free", _ONE_AT_A_TIME, words="waiting for another switch")
    if wanted == command.from_generation:
        raise WrongState("model", card.model, "in force", "nothing is left to do")
    if not models.is_in_force(command.from_generation) or command.from_generation in models.leaving:
        mend = "another model has just come into force; ask again in a moment"
        raise WrongState("model", card.model, "not next", mend, words="to follow a model that answers no longer")
    if wanted in models.leaving:
        raise WrongState("model", card.model, "leaving", "what was built of it goes off the disk first; ask again soon")
    if command.by in card.accepted_by:
        raise SwitchBySameAccount
    return (SwitchBegun(from_generation=command.from_generation, to_generation=wanted, by=command.by),)


def decide_complete(state: Models | None, command: CompleteSwitch) -> tuple[Event, ...]:
    """Only whole: no footage that was found before is not found after."""
    models = state or Models()
    if models.switch is None or models.switch.to_generation != command.generation:
        raise WrongState("model", command.generation, "not being switched to", "it was abandoned, or completed")
    if command.footages_left:
        fault = f"{command.footages_left} footages are not built in it yet"
        raise WrongState("model", command.generation, "being built", "wait, or abandon the switch", words=fault)
    return (
        SwitchCompleted(
            generation=command.generation,
            begun_at=checks.utc("begun_at", command.begun_at),
            footages=checks.whole("footages", command.footages, least=0, most=COUNT_MAX),
            units=checks.whole("units", command.units, least=0, most=COUNT_MAX),
            rows=checks.whole("rows", command.rows, least=0, most=COUNT_MAX),
            bytes=checks.whole("bytes", command.bytes, least=0, most=COUNT_MAX),
        ),
    )


def decide_abandon(state: Models | None, command: AbandonSwitch) -> tuple[Event, ...]:
    models, reason = state or Models(), checks.reason("reason", command.reason)
    if models.switch is None:
        raise WrongState("model", "switch", "not under way", "there is nothing to abandon")
    return (SwitchAbandoned(generation=models.switch.to_generation, by=command.by, reason=reason),)


def decide_removal(state: Models | None, command: RecordRemoval) -> tuple[Event, ...]:
    """Once: a crash between the deed and its record repeats the deed, which then finds nothing left."""
    models = state or Models()
    if command.generation not in models.leaving:
        return ()
    return (
        GenerationRemoved(
            generation=command.generation,
            units=checks.whole("units", command.units, least=0, most=COUNT_MAX),
            rows=checks.whole("rows", command.rows, least=0, most=COUNT_MAX),
            bytes=checks.whole("bytes", command.bytes, least=0, most=COUNT_MAX),
        ),
    )


def evolve_accepted(state: Models | None, event: ModelCardAccepted) -> Models:
    models = state or Models()
    before = models.cards.get(event.generation)
    card = Card(
        model=event.model,
        precision=event.precision,
        generation=event.generation,
        weights_sha256=event.weights_sha256,
        card_sha256=event.card_sha256,
        licence=event.licence,
        by=event.by,
        accepted_by=(before.accepted_by if before else frozenset()) | {event.by},
    )
    return replace(models, cards=MappingProxyType({**models.cards, event.generation: card}))


def evolve_begun(state: Models, event: SwitchBegun) -> Models:
    return replace(state, switch=Switch(event.from_generation, event.to_generation))


def evolve_completed(state: Models, event: SwitchCompleted) -> Models:
    assert state.switch is not None
    left = state.leaving | {state.switch.from_generation}
    return replace(state, in_force=state.cards[event.generation], switch=None, leaving=left)


def evolve_abandoned(state: Models, event: SwitchAbandoned) -> Models:
    return replace(state, switch=None, leaving=state.leaving | {event.generation})


def evolve_removed(state: Models, event: GenerationRemoved) -> Models:
    return replace(state, leaving=state.leaving - {event.generation})


DECIDER: Decider[ModelCommand, Models] = Decider(
    kind="model",
    decides={
        AcceptModelCard: decide_accept,
        BeginSwitch: decide_begin,
        CompleteSwitch: decide_complete,
        AbandonSwitch: decide_abandon,
        RecordRemoval: decide_removal,
    },
    evolves={
        ModelCardAccepted: evolve_accepted,
        SwitchBegun: evolve_begun,
        SwitchCompleted: evolve_completed,
        SwitchAbandoned: evolve_abandoned,
        GenerationRemoved: evolve_removed,
    },
)
