"""The road of decisions about models: accepting a card, beginning a switch, abandoning it; and how all that stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import TypeGuard

import msgspec

from app.access.operations import Operation
from app.backlog import RATE_MINUTES
from app.call import Call, now
from app.desk import Desk, expect
from app.in_force import InForce
from app.instants import to_us
from app.model_loading import Load, load_encoder
from app.relations import SYSTEM
from app.switching import begun_at, held_up_by
from domain import model
from domain.errors import Invalid
from domain.event import Event
from domain.ids import MODEL_STREAM
from domain.log import Change, Receipt
from domain.model import AbandonSwitch, AcceptModelCard, BeginSwitch, Card, Models, Switch
from domain.model_events import ModelCardAccepted
from domain.personal import Reason
from domain.sealed import Sealed
from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models.card import ModelCard
from gpu_jobs.models.catalogue import card_of


class SwitchProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the generation is that is built. `rate` is footage time per time; `faults` names footage that could not
    be made so far, by its SHA-256, and why: as long as there is one, the switch is not completed. Each is tried again
    by itself; who cannot mend the cause has it indexed anew (it is out of the search until then), erases it by order,
    or abandons the switch."""

    from_generation: str
    to_generation: str
    begun_at: datetime
    footages: int
    footages_left: int
    units: int
    rows: int
    bytes: int
    rate: float | None
    faults: dict[str, str]


class ModelsStand(msgspec.Struct, frozen=True, kw_only=True):
    """The generation that answers now and what it takes; the cards that were accepted; the switch under way."""

    generation: str
    model: str
    precision: str
    rows: int
    bytes: int
    accepted: list[Card]
    switch: SwitchProgress | None
    leaving: list[str]  # generations that go off the disk
    version: int


def name_of(model: str) -> str:
    """What a model is called, as the setting names it but for the path of its folder or file."""
    kind, _, path = model.partition(":")
    name = PurePath(path).name
    return model if not path else name if kind == "local-dir" else f"{kind}:{name}"


def _accepts(event: Event, name: str, card_sha256: str) -> TypeGuard[ModelCardAccepted]:
    return isinstance(event, ModelCardAccepted) and (event.model, event.card_sha256) == (name, card_sha256)


@dataclass(frozen=True)
class ModelDecisions:
    desk: Desk
    in_force: InForce
    load: Load | None = None
    card_of: Callable[[str], ModelCard] = card_of

    def accept(self, call: Call, name: str, precision: str, card_sha256: str, reason: str) -> tuple[Receipt, str]:
        """Accept the card that was read: its digest says which. The model is loaded, so that it is known by its bytes.
        Returns the generation of its vectors, too.

        Raises:
            domain.errors.Invalid: there is no such model here, or its card is another one now.
            and what `Desk.perform` raises.
        """

        def decide() -> Sequence[Change]:
            self.desk.require(call, Operation.MODEL_ACCEPT)
            loaded = self.desk.load(model.DECIDER, MODEL_STREAM)
            expect(call, loaded)
            command = self._offered(name, precision, card_sha256, call, reason)
            generations.append(command.generation)
            return (Change(MODEL_STREAM, loaded.version, model.DECIDER.decide(loaded.state, command)),)

        generations = list[str]()
        receipt = self.desk.commit(call, Operation.MODEL_ACCEPT, decide)
        if not generations:  # a retried command has its receipt, and is not decided again
            events = self.desk.log.events(MODEL_STREAM)[: receipt.streams[0].version]
            generations = [each.generation for each in events if _accepts(each, name, card_sha256)]
        return receipt, generations[-1]

    def _offered(self, name: str, precision: str, card_sha256: str, call: Call, reason: str) -> AcceptModelCard:
        try:
            card = self.card_of(name)
            if card.digest() != card_sha256:
                fault = f"the card of {name} has the digest {card.digest()} now"
                raise Invalid("card_sha256", fault, "read that card, and accept it if you can")
            manifest = (self.load or load_encoder)(name, precision).manifest
        except ModelUnavailable as fault:
            raise Invalid("model", str(fault).removeprefix("model: "), "fetch it first, or name another") from fault
        return AcceptModelCard(
            model=name,
            precision=manifest.precision,
            generation=manifest.digest(),
            weights_sha256=manifest.weights_sha256,
            card_sha256=card_sha256,
            licence=card.licence,
            by=call.principal.account,
            reason=Sealed(MODEL_STREAM, Reason(reason)),
        )

    def begin(self, call: Call, generation: str) -> Receipt:
        def decide() -> Sequence[Change]:
            self.desk.require(call, Operation.MODEL_SWITCH)
            loaded = self.desk.load(model.DECIDER, MODEL_STREAM)
            expect(call, loaded)
            command = BeginSwitch(
                from_generation=self.in_force.now.generation, to_generation=generation, by=call.principal.account
            )
            return (Change(MODEL_STREAM, loaded.version, model.DECIDER.decide(loaded.state, command)),)

        return self.desk.commit(call, Operation.MODEL_SWITCH, decide)

    def abandon(self, call: Call, reason: str) -> Receipt:
        def decide() -> Sequence[Change]:
            self.desk.require(call, Operation.MODEL_ABANDON)
            loaded = self.desk.load(model.DECIDER, MODEL_STREAM)
            expect(call, loaded)
            command = AbandonSwitch(by=call.principal.account, reason=Sealed(MODEL_STREAM, Reason(reason)))
            return (Change(MODEL_STREAM, loaded.version, model.DECIDER.decide(loaded.state, command)),)

        return self.desk.commit(call, Operation.MODEL_ABANDON, decide)

    def shows_places(self, call: Call) -> bool:
        """Whether the caller is told where on this machine models lie: who may switch to them is."""
        return self.desk.allows(call, Operation.MODEL_SWITCH, SYSTEM)

    def stand(self, call: Call) -> ModelsStand:
        shown = str if self.shows_places(call) else name_of
        loaded = self.desk.load(model.DECIDER, MODEL_STREAM)
        models = loaded.state or Models()
        with self.in_force.held() as sight:
            held = sight.index.statistics()
            manifest = next(each for each in sight.index.manifests() if each.digest() == sight.generation)
        return ModelsStand(
            generation=sight.generation,
            model=shown(models.in_force.model if models.in_force else manifest.model),
            precision=sight.precision.name,
            rows=held.rows - held.gone,
            bytes=held.bytes,
            accepted=[msgspec.structs.replace(each, model=shown(each.model)) for each in models.cards.values()],
            switch=self._progress(models.switch) if models.switch else None,
            leaving=sorted(models.leaving),
            version=loaded.version,
        )

    def _progress(self, switch: Switch) -> SwitchProgress:
        at = now()
        since_us = to_us(at - timedelta(minutes=RATE_MINUTES))
        old, new = switch.from_generation, switch.to_generation
        with self.in_force.held() as sight:
            held = sight.index.statistics_of(new)
            left = sight.index.count_unmade(old, new)
            footages = sight.index.count_held(old)
            faults = held_up_by(sight.index, switch)
            recent = sight.index.pace_of(new, since_us=since_us)
        return SwitchProgress(
            from_generation=old,
            to_generation=new,
            begun_at=begun_at(self.desk.log),
            footages=footages,
            footages_left=left,
            units=held.units,
            rows=held.rows - held.gone,
            bytes=held.bytes,
            rate=recent.rate(to_us(at)) if recent else None,
            faults=faults,
        )
