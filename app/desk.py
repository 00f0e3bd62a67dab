"""The road of a command: gate, decider, event log, views, receipt. Every change of the record goes this way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.access.gate import Gate
from app.access.operations import Operation
from app.access.resources import Absent, Resource
from app.call import Call
from app.relations import SYSTEM
from domain.decider import Decider
from domain.errors import Invalid, VersionConflict
from domain.event import StreamId
from domain.log import Change, EventLog, Receipt
from projections.projector import Projector

State = TypeVar("State")
Command = TypeVar("Command")

DECISIONS_MAX = 5  # a command is decided anew when others were faster, this often
VIEWS_WAIT_SECONDS = 2.0  # so that who wrote reads it back; the receipt stands whether or not the views caught up


@dataclass(frozen=True)
class Loaded(Generic[State]):
    """An aggregate as it is now. `version` 0: its stream does not exist."""

    stream: StreamId
    state: State | None
    version: int


@dataclass(frozen=True)
class Desk:
    """Where commands are taken. One for the whole server; it keeps nothing between commands."""

    log: EventLog
    gate: Gate
    projector: Projector

    def load(self, decider: Decider[Command, State], stream: StreamId) -> Loaded[State]:
        """The aggregate after its last event, and its version. A stream of another kind is none of this kind: an id
        of one thing that is given for another finds nothing.
        """
        events = self.log.events(stream)
        if events and type(events[0]) not in decider.evolves:
            return Loaded(stream, None, 0)
        return Loaded(stream, decider.fold(events), len(events))

    def require(self, call: Call, operation: Operation, resource: Resource | Absent = SYSTEM) -> None:
        """Let a question through. Raises as `perform` does."""
        self.gate.require(call.principal, operation, resource)

    def allows(self, call: Call, operation: Operation, resource: Resource | Absent) -> bool:
        """Whether the caller may, for what is left out of an answer where not."""
        return not isinstance(resource, Absent) and self.gate.decide(call.principal, operation, resource).allowed

    def perform(
        self,
        call: Call,
        operation: Operation,
        decider: Decider[Command, State],
        stream: StreamId,
        command: Command,
        resource: Callable[[State | None], Resource | Absent],
        beside: Callable[[State | None], Sequence[Change]] = lambda _: (),
    ) -> Receipt:
        """One command to one aggregate. Whether the caller may know of it is decided before anything else. `beside`
        names the streams, unchanged, that the decision rests on, too; or refuses.

        Raises:
            domain.errors.NotFound: there is no such thing, or not for this caller.
            app.access.gate.Forbidden: the caller knows of it, but may not do this.
            domain.errors.VersionConflict: it is not at the version that the caller expected.
            domain.errors.DomainError: the aggregate refuses.
        """

        def decide() -> Sequence[Change]:
            loaded = self.load(decider, stream)
            self.gate.require(call.principal, operation, resource(loaded.state))
            expect(call, loaded)
            decided = Change(stream, loaded.version, decider.decide(loaded.state, command))
            return decided, *beside(loaded.state)

        return self.commit(call, operation, decide)

    def commit(self, call: Call, operation: Operation, decide: Callable[[], Sequence[Change]]) -> Receipt:
        """Decide and append until nobody was faster. A command seen before gets its receipt.

        `decide` loads what it decides on, afresh at every attempt, asks the gate for the `operation`, and says by
        `expect` which version the caller's If-Match is of: the others that it names may change meanwhile.
        """
        known = self.log.receipt(call.command_id, command_digest=call.digest)
        if known is not None:
            return known
        for left in reversed(range(DECISIONS_MAX)):
            changes = decide()
            try:
                receipt = self.log.append(changes, call.meta(operation), command_digest=call.digest)
                break
            except VersionConflict:
                if not left:
                    raise
        self.projector.wait(receipt.last_position, timeout_seconds=VIEWS_WAIT_SECONDS)
        return receipt

    def caught_up(self) -> int:
        """Wait a moment for the views. Returns the position that they were to reach; they may still be behind it."""
        head = self.log.head()
        self.projector.wait(head, timeout_seconds=VIEWS_WAIT_SECONDS)
        return head


def expect_nothing(call: Call) -> None:
    """Of a command that always makes something new: it has no version yet. Raises Invalid where If-Match names one."""
    if call.expected_version is not None:
        raise Invalid("If-Match", "this makes something new, which has no version yet", "leave it out")


def expect(call: Call, loaded: Loaded[State]) -> None:
    """What If-Match asks for. Raises VersionConflict with the current version."""
    if call.expected_version not in (None, loaded.version):
        raise VersionConflict(loaded.stream, call.expected_version or 0, loaded.version)
