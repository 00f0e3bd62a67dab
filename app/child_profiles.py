"""The road of a child's profile: registered, merged with another one and parted again, erased when two agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.access.resources import Absent, Resource
from app.call import Call
from app.desk import Desk, Loaded, expect
from app.unerased import unerased
from domain import child, child_erasure, child_merging
from domain.child import AddNarrative, ChildCommand, RegisterChild
from domain.child_erasure import AgreeToChildErasure, RefuseChildErasure, RequestChildErasure
from domain.child_events import ChildRegistered, ContactsCorrected, IdentityCorrected
from domain.child_merging import MergeProfiles, UnmergeProfiles
from domain.child_state import Child, standing
from domain.event import Event
from domain.log import Change, EventLog, Receipt
from domain.personal import ChildContacts, ChildIdentity
from domain.sealed import Sealed
from projections.case_queries import case_units_of
from projections.database import ViewsDatabase

NamesCheck: TypeAlias = Callable[[Sequence[UUID]], None]  # raises Invalid where one of them is nobody to be named
ErasureCommand: TypeAlias = RequestChildErasure | AgreeToChildErasure | RefuseChildErasure


@dataclass(frozen=True)
class ChildProfiles:
    desk: Desk
    views: ViewsDatabase

    def register(self, call: Call, register: Callable[[], RegisterChild], check: NamesCheck) -> Receipt:
        """A profile for a child. `register` finds out which child is meant, once the caller was let through; `check`
        says who may be named in what is told of it.
        """

        def decide() -> Sequence[Change]:
            proposed = relations.proposed_child(call.new_key(), call.principal.unit)
            self.desk.require(call, Operation.CHILD_REGISTER, proposed)
            command = register()
            loaded = self._loaded(command.child)
            expect(call, loaded)
            decided = child.DECIDER.decide(loaded.state, command)
            return Change(command.child, loaded.version, decided), *self._named(command, check)

        return self.desk.commit(call, Operation.CHILD_REGISTER, decide)

    def change(self, call: Call, operation: Operation, command: ChildCommand) -> Receipt:
        """One command to one profile."""
        key = command.child
        return self.desk.perform(call, operation, child.DECIDER, key, command, lambda state: self.resource(key, state))

    def add_narrative(self, call: Call, command: AddNarrative, check: NamesCheck) -> Receipt:
        key = command.child
        return self.desk.perform(
            call,
            Operation.CHILD_ADD_NARRATIVE,
            child.DECIDER,
            key,
            command,
            lambda state: self.resource(key, state),
            lambda _: self._named(command, check),
        )

    def correct(self, call: Call, key: UUID, correction: Callable[[], ChildCommand]) -> Receipt:
        """A command that rests on what is sealed: made once the caller was let through and the profile takes it."""

        def decide() -> Sequence[Change]:
            loaded = self._loaded(key)
            self.desk.require(call, Operation.CHILD_CORRECT, self.resource(key, loaded.state))
            expect(call, loaded)
            standing(loaded.state, key)
            return (_change(loaded, child.DECIDER.decide(loaded.state, correction())),)

        return self.desk.commit(call, Operation.CHILD_CORRECT, decide)

    def merge(self, call: Call, command: MergeProfiles) -> Receipt:
        return self._both(call, Operation.CHILD_MERGE, command, child_merging.decide_merge)

    def unmerge(self, call: Call, command: UnmergeProfiles) -> Receipt:
        return self._both(call, Operation.CHILD_UNMERGE, command, child_merging.decide_unmerge)

    def erasure(self, call: Call, operation: Operation, command: ErasureCommand) -> Receipt:
        """Ask for an erasure, agree to it or refuse it."""

        def decide() -> Sequence[Change]:
            loaded = self._loaded(command.child)
            self.desk.require(call, operation, self.resource(command.child, loaded.state))
            expect(call, loaded)
            if isinstance(command, RequestChildErasure):
                return (_change(loaded, child_erasure.decide_request(loaded.state, command)),)
            if isinstance(command, RefuseChildErasure):
                return (_change(loaded, child_erasure.decide_refuse(loaded.state, command)),)
            return self._agreed(loaded, command)

        return self.desk.commit(call, operation, decide)

    def resource(self, key: UUID, state: Child | None) -> Resource | Absent:
        """What the gate is asked about. What does not exist is looked up, too: it takes as long."""
        with self.views.reading() as views:
            case_units = case_units_of(views, key)
        return relations.child(key, state, case_units)

    def load(self, key: UUID) -> Child | None:
        return self._loaded(key).state

    def _named(self, command: RegisterChild | AddNarrative, check: NamesCheck) -> Sequence[Change]:
        others = [name for name in command.names if name != command.child]
        check(others)
        return unerased(self.desk, others)

    def _agreed(self, loaded: Loaded[Child], command: AgreeToChildErasure) -> Sequence[Change]:
        merged = {key: self._loaded(key) for key in (() if loaded.state is None else loaded.state.merged)}
        states = {key: each.state for key, each in merged.items() if each.state is not None}
        decided = child_erasure.decide_agree(loaded.state, states, command)
        every = {command.child: loaded, **merged}
        return [_change(every[key], events) for key, events in decided.items()]

    def _both(
        self,
        call: Call,
        operation: Operation,
        command: MergeProfiles | UnmergeProfiles,
        decider: Callable[..., tuple[tuple[Event, ...], tuple[Event, ...]]],
    ) -> Receipt:
        """A command to two profiles, both of which the caller may do it to. If-Match is of the one that survives."""

        def decide() -> Sequence[Change]:
            kept, other = self._loaded(command.survivor), self._loaded(command.other)
            self.desk.require(call, operation, self.resource(command.survivor, kept.state))
            self.desk.require(call, operation, self.resource(command.other, other.state))
            expect(call, kept)
            of_kept, of_other = decider(kept.state, other.state, command)
            return (_change(kept, of_kept), _change(other, of_other))

        return self.desk.commit(call, operation, decide)

    def _loaded(self, key: UUID) -> Loaded[Child]:
        return self.desk.load(child.DECIDER, key)


def latest(log: EventLog, key: UUID) -> tuple[Sealed[ChildIdentity], Sealed[ChildContacts] | None]:
    """Who a registered child is, and where it is found, as last corrected. Sealed: opening it is a disclosure."""
    identity: Sealed[ChildIdentity] | None = None
    contacts: Sealed[ChildContacts] | None = None
    for event in log.events(key):
        if isinstance(event, ChildRegistered | IdentityCorrected):
            identity = event.identity
        if isinstance(event, ChildRegistered | ContactsCorrected):
            contacts = event.contacts
    assert identity is not None, "a registered child has one"
    return identity, contacts


def _change(loaded: Loaded[Child], events: tuple[Event, ...]) -> Change:
    return Change(loaded.stream, loaded.version, events)
