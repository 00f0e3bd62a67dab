"""Completes the switch to another model: once its generation holds all that the present one holds, it answers instead.

Workers build it (`app/remaking.py`); this looks, loads the model, and swaps. The swap is one event, appended while
nobody can commit a unit: so no footage is found before it and not after it. Where the server dies after the event, its
next start opens what the event says.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from app.background import Notes
from app.calibrating import Calibrations
from app.clockwork import system_meta
from app.deployment import Deployment
from app.event_store.faults import EventUnreadable, LogBusy
from app.in_force import InForce, Sight
from app.model_loading import Load, load_card, models_on_record
from app.querying import Queries
from domain import model
from domain.errors import LogFull, VersionConflict, WrongState
from domain.ids import MODEL_STREAM
from domain.log import Change, EventLog
from domain.model import Card, CompleteSwitch, Switch
from domain.model_events import SwitchBegun
from gpu_jobs.encoders import Precision
from gpu_jobs.errors import ModelUnavailable
from projections.errors import TRANSIENT
from search_index.encoder import Encoder
from search_index.errors import IndexFault
from search_index.footage_index import FootageIndex

TICK_SECONDS = 1.0
FAULTS_MAX = 20  # told of footage that cannot be made
WAITS: tuple[type[Exception], ...] = (
    *TRANSIENT,
    LogFull,
    LogBusy,
    EventUnreadable,
    ModelUnavailable,
    IndexFault,
    OSError,
)


@dataclass
class Switching:
    deployment: Deployment
    log: EventLog
    in_force: InForce
    queries_of: Callable[[Encoder], Queries]
    load: Load | None = None
    completed: Callable[[], None] = lambda: None  # called after a swap
    notes: Notes = field(default_factory=Notes)
    _next: Sight | None = None  # opened for the swap, which has not come about yet
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def run(self, stop: threading.Event) -> None:
        """Look now and then, until `stop` is set."""
        while not stop.wait(TICK_SECONDS):
            with self.notes.waiting(WAITS, "the switch"):
                self.tick()
        self._close_next()

    def tick(self) -> bool:
        """Swap, where all is built. Returns whether it swapped. Raises what `WAITS` lists."""
        with self._one_at_a_time:
            return self._tick()

    def _tick(self) -> bool:
        models = models_on_record(self.log)
        switch = models.switch
        if models.in_force is not None and models.in_force.generation != self.in_force.now.generation:
            return self._follow(models.in_force)
        self.notes.skipped = held_up_by(self.in_force.index, switch) if switch else {}
        if self._next is not None and (switch is None or self._next.generation != switch.to_generation):
            self._close_next()
        if switch is None or self.in_force.index.count_unmade(switch.from_generation, switch.to_generation):
            return False
        if self._next is None:
            self._next = self._open(models.cards[switch.to_generation])
        if not self._is_whole(self._next.index) or not self._complete(self._next, switch):
            return False
        return self._take(self._next)

    def _is_whole(self, index: FootageIndex) -> bool:
        """Vectors and rows against their checksums, before anybody asks. What is damaged is made once more."""
        index.load()
        damaged = index.damaged()
        for segment, fault in damaged.items():
            structlog.get_logger().error("made once more before the switch", segment=segment, fault=fault)
            index.unmake(segment)
        return not damaged

    def _follow(self, card: Card) -> bool:
        """The record says that another model answers: what came after the event failed, and is done now."""
        if self._next is None or self._next.generation != card.generation:
            self._close_next()
            self._next = self._open(card)
        with self._next.index.taking_the_place_of(self.in_force.now.generation):
            pass  # nothing to record any more: the old one is closed as the event should have closed it
        return self._take(self._next)

    def _take(self, sight: Sight) -> bool:
        self.in_force.swap(sight)
        self._next = None
        self.completed()
        return True

    def _open(self, card: Card) -> Sight:
        encoder = load_card(card, self.load)
        calibrations = Calibrations(self.deployment.calibrations, encoder)
        calibrations.calibration()  # made before the swap: no search waits for it
        index = FootageIndex(self.deployment.index, encoder.manifest, beside=True)
        precision = Precision(card.precision, "as the model was accepted")
        return Sight(index, self.queries_of(encoder), calibrations, precision)

    def _complete(self, sight: Sight, switch: Switch) -> bool:
        """Put it on record, while nobody commits. False where more came meanwhile, or it was abandoned."""
        try:
            with sight.index.taking_the_place_of(switch.from_generation):
                events = self.log.events(MODEL_STREAM)
                command = self._counted(sight, switch)
                decided = model.DECIDER.decide(model.DECIDER.fold(events), command)
                self.log.append([Change(MODEL_STREAM, len(events), decided)], system_meta("model switch"))
        except (WrongState, VersionConflict) as fault:
            structlog.get_logger().info("not switched yet", reason=fault.detail)
            return False
        structlog.get_logger().info("switched", generation=switch.to_generation, rows=command.rows)
        return True

    def _counted(self, sight: Sight, switch: Switch) -> CompleteSwitch:
        held = sight.index.statistics()
        return CompleteSwitch(
            generation=switch.to_generation,
            begun_at=begun_at(self.log),
            footages=sight.index.count_held(switch.to_generation),
            footages_left=sight.index.count_unmade(switch.from_generation, switch.to_generation),
            units=held.units,
            rows=held.rows - held.gone,
            bytes=held.bytes,
        )

    def _close_next(self) -> None:
        if self._next is not None:
            self._next.index.close()
            self._next = None


def held_up_by(index: FootageIndex, switch: Switch) -> dict[str, str]:
    """Footage that could not be made so far, by its SHA-256, and why: as long as there is one, nothing is swapped."""
    failed = index.failed_remakes(switch.from_generation, switch.to_generation, limit=FAULTS_MAX)
    return {each.footage: f"{each.fault} (tried: {each.tries})" for each in failed}


def begun_at(log: EventLog) -> datetime:
    """When the last switch was begun."""
    return [each.meta.recorded_at for each in log.stream(MODEL_STREAM) if isinstance(each.event, SwitchBegun)][-1]
