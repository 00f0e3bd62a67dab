"""The road of keeping and forgetting: retention of a camera, holds, erasures. The keeper carries out what goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.access.resources import Absent, Resource
from app.call import Call
from app.camera_days import CameraDays, given_up, moved
from app.desk import Desk, Loaded, expect
from domain import camera, footage, footage_keeping, hold, incident, keeping
from domain.checks import existing
from domain.clock_correction import CorrectClock, corrected_span, decide_correct
from domain.errors import Invalid
from domain.event import Event
from domain.footage_keeping import AgreeToErasure, RefuseErasure, RequestErasure
from domain.footage_state import Footage
from domain.hold import PlaceHold, ReleaseHold
from domain.ids import footage_id, keeping_id
from domain.keeping import Keeping, SetRetention
from domain.log import Change, Receipt

ErasureCommand: TypeAlias = RequestErasure | AgreeToErasure | RefuseErasure


@dataclass(frozen=True)
class Keepings:
    desk: Desk

    def set_retention(self, call: Call, name: str, command: SetRetention) -> Receipt:
        """How long a camera's footage is kept. `name` is what the caller called the camera."""

        def decide() -> Sequence[Change]:
            state = self.desk.load(camera.DECIDER, command.camera).state
            self.desk.require(call, Operation.CAMERA_SET_RETENTION, relations.camera(name, state))
            rules = self.rules(command.camera)
            expect(call, rules)
            return (Change(rules.stream, rules.version, keeping.DECIDER.decide(rules.state, command)),)

        return self.desk.commit(call, Operation.CAMERA_SET_RETENTION, decide)

    def place(self, call: Call, command: PlaceHold) -> Receipt:
        """A hold on all of its cameras at once. Its incident must be one that the caller may read."""

        def decide() -> Sequence[Change]:
            self.desk.require(call, Operation.HOLD_PLACE)
            if command.incident is not None:
                of = self.desk.load(incident.DECIDER, command.incident).state
                self.desk.require(call, Operation.INCIDENT_READ, relations.incident(command.incident, of))
            for key in command.cameras:
                if self.desk.load(camera.DECIDER, key).state is None:
                    raise Invalid("cameras", f"there is no camera {key}", "name cameras of GET /cameras")
            loaded = self.desk.load(hold.DECIDER, command.hold)
            expect(call, loaded)
            of_hold, of_cameras = hold.decide_place(loaded.state, command)
            return (Change(command.hold, loaded.version, of_hold), *self.changes_of(of_cameras))

        return self.desk.commit(call, Operation.HOLD_PLACE, decide)

    def release(self, call: Call, command: ReleaseHold) -> Receipt:
        def decide() -> Sequence[Change]:
            loaded = self.desk.load(hold.DECIDER, command.hold)
            self.desk.require(call, Operation.HOLD_RELEASE, relations.hold(command.hold, loaded.state))
            expect(call, loaded)
            of_hold, of_cameras = hold.decide_release(loaded.state, command)
            return (Change(command.hold, loaded.version, of_hold), *self.changes_of(of_cameras))

        return self.desk.commit(call, Operation.HOLD_RELEASE, decide)

    def erasure(self, call: Call, operation: Operation, command: ErasureCommand) -> Receipt:
        """Ask for an erasure, agree to it or refuse it; a hold that is placed meanwhile makes it be decided anew."""

        def decide() -> Sequence[Change]:
            loaded = self.desk.load(footage.DECIDER, footage_id(command.sha256))
            self.desk.require(call, operation, relations.footage(command.sha256, loaded.state))
            expect(call, loaded)
            events, guards = self._decided(loaded.state, command)
            return (Change(loaded.stream, loaded.version, events), *guards)

        return self.desk.commit(call, operation, decide)

    def correct_clock(self, call: Call, command: CorrectClock) -> Receipt:
        """Give footage the time at which it was really taken; it is indexed anew with it."""

        def decide() -> Sequence[Change]:
            loaded = self.desk.load(footage.DECIDER, footage_id(command.sha256))
            state = loaded.state
            self.desk.require(call, Operation.FOOTAGE_CORRECT_CLOCK, relations.footage(command.sha256, state))
            expect(call, loaded)
            known = existing("footage", command.sha256, state)
            new = CameraDays.between(self.desk.log, known.camera, *corrected_span(known, command))
            old = CameraDays.between(self.desk.log, known.camera, known.recorded_at, known.ends_at)
            of_camera = self.desk.load(camera.DECIDER, known.camera)
            rules = self.rules(known.camera)
            decided = decide_correct(known, of_camera.state, rules.state, (*old.taken, *new.taken), command)
            return (
                Change(loaded.stream, loaded.version, decided.of_footage),
                Change(rules.stream, rules.version, ()),  # no hold was placed meanwhile
                Change(of_camera.stream, of_camera.version, decided.of_camera),
                *moved(old, new, decided.of_days_left, decided.of_days_taken),
            )

        return self.desk.commit(call, Operation.FOOTAGE_CORRECT_CLOCK, decide)

    def as_resource(self, key: UUID) -> Resource | Absent:
        return relations.hold(key, self.desk.load(hold.DECIDER, key).state)

    def rules(self, of: UUID) -> Loaded[Keeping]:
        return self.desk.load(keeping.DECIDER, keeping_id(of))

    def _decided(self, state: Footage | None, command: ErasureCommand) -> tuple[tuple[Event, ...], tuple[Change, ...]]:
        if isinstance(command, RequestErasure):
            return footage_keeping.decide_request_erasure(state, command), ()
        if isinstance(command, RefuseErasure):
            return footage_keeping.decide_refuse(state, command), ()
        if state is None:
            return footage_keeping.decide_agree(None, None, command), ()
        rules = self.rules(state.camera)
        events = footage_keeping.decide_agree(state, rules.state, command)
        freed = given_up(self.desk.log, state, command.sha256) if events else ()
        return events, (Change(rules.stream, rules.version, ()), *freed)

    def changes_of(self, of_cameras: Mapping[UUID, tuple[Event, ...]]) -> list[Change]:
        """The keeping of each camera as it is now, with these events appended."""
        loaded = {key: self.rules(key) for key in of_cameras}
        return [Change(loaded[key].stream, loaded[key].version, events) for key, events in of_cameras.items()]
