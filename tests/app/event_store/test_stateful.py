"""Any order of appends, retries, clashes, restarts and reads: the log on disk does what the one in memory does."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.errors import CommandIdReused, VersionConflict
from domain.event import Meta
from domain.log import Change, EventLog, Receipt
from tests.app.event_store.samples import Store, change, counted, meta
from tests.fakes_log import MemoryEventLog

STREAMS = [UUID(int=n) for n in (1, 2, 3)]
NUMBERS = st.lists(st.integers(-(2**63), 2**64 - 1), max_size=4)


class TwoLogs(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(Path(self.folder.name))
        self.model = MemoryEventLog()
        self.sent: list[tuple[list[Change], Meta, bytes]] = []

    def both(self, changes: list[Change], envelope: Meta, digest: bytes) -> None:
        assert outcome(self.store.log, changes, envelope, digest) == outcome(self.model, changes, envelope, digest)

    @rule(
        wanted=st.lists(st.tuples(st.sampled_from(STREAMS), st.integers(-1, 1), NUMBERS), max_size=3),
        digest=st.binary(max_size=2),
    )
    def append(self, wanted: list[tuple[UUID, int, list[int]]], digest: bytes) -> None:
        """At the right version mostly; sometimes one off."""
        changes = [
            change(stream, len(self.model.events(stream)) + (off if off == 1 else 0), *counted(*numbers))
            for stream, off, numbers in wanted
        ]
        self.sent.append((changes, meta(), digest))
        self.both(*self.sent[-1])

    @precondition(lambda self: self.sent)
    @rule(choice=st.integers(0), same_digest=st.booleans())
    def send_again(self, choice: int, same_digest: bool) -> None:
        changes, envelope, digest = self.sent[choice % len(self.sent)]
        self.both(changes, envelope, digest if same_digest else digest + b"other")

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = Store(Path(self.folder.name))

    @rule(after=st.integers(0, 30), limit=st.integers(1, 10), until=st.none() | st.integers(0, 30))
    def read(self, after: int, limit: int, until: int | None) -> None:
        assert list(self.store.log.read(after=after, limit=limit, until=until)) == list(
            self.model.read(after=after, limit=limit, until=until)
        )

    @invariant()
    def they_are_the_same(self) -> None:
        assert self.store.log.head() == self.model.head()
        for stream in STREAMS:
            assert list(self.store.log.stream(stream)) == list(self.model.stream(stream))

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


def outcome(log: EventLog, changes: list[Change], envelope: Meta, digest: bytes) -> Receipt | str:
    try:
        return log.append(changes, envelope, command_digest=digest)
    except (VersionConflict, CommandIdReused) as refused:
        return f"{refused.code}: {refused.detail}"


TwoLogs.TestCase.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestTwoLogs = TwoLogs.TestCase
