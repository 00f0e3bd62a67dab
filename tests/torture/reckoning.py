"""After a crash: is everything there that was acknowledged, and is every retry answered by its receipt?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from domain.log import Receipt
from domain.personal import Reason
from tests.torture.writing import ERASED_EVERY, Noted, Store, command_id, digest, lane_stream, own_stream

NOTES_CHECKED = 20  # of the latest commands, in every cycle; all of them at the end
Command = tuple[int, int]  # lane, number


@dataclass
class Said:
    """What the killed process had printed."""

    sent: set[Command] = field(default_factory=set)
    done: dict[Command, Receipt] = field(default_factory=dict)
    erased: set[Command] = field(default_factory=set)

    @classmethod
    def read(cls, path: Path) -> Said:
        said = cls()
        for line in path.read_bytes().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break
            word, lane, number, *receipt = line.split(maxsplit=3)
            command = int(lane), int(number)
            if word == b"sent":
                said.sent.add(command)
            elif word == b"done":
                said.done[command] = msgspec.json.decode(receipt[0], type=Receipt)
            else:
                said.erased.add(command)
        return said


@dataclass
class Tally:
    """What all cycles of a campaign found."""

    cycles: int = 0
    acknowledged: int = 0
    lost: int = 0  # acknowledged and not there
    durable_unacknowledged: int = 0  # there, though nobody was told: a retry is answered by the receipt
    retries: int = 0
    retries_answered_otherwise: int = 0
    faults: list[str] = field(default_factory=list)  # anything else that is not as it should be

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.retries_answered_otherwise or self.faults)


class Reckoning:
    """Follows one folder through the crashes of a campaign."""

    def __init__(self, folder: Path, lanes: int, tally: Tally) -> None:
        self._folder = folder
        self._lanes = lanes
        self._done: dict[Command, Receipt] = {}
        self._erased: set[Command] = set()
        self.tally = tally

    def after_crash(self, said: Said) -> None:
        """Check the folder, send again what was not answered, and leave it ready for the next cycle."""
        self.tally.cycles += 1
        self.tally.acknowledged += len(said.done)
        self._check_files()
        store = Store(self._folder)
        self._count_lost(store, said.done)
        self._erased |= said.erased
        self._send_again(store, said)
        self._check_lanes(store)
        self._check_notes(store, sorted(self._done, key=lambda command: command[1])[-NOTES_CHECKED:])
        store.close()

    def at_the_end(self) -> None:
        """Everything once more: nothing that survived one crash was lost in a later one."""
        store = Store(self._folder)
        self._count_lost(store, dict(self._done))
        self._check_notes(store, list(self._done))
        store.close()

    def _check_files(self) -> None:
        for name in ("log.db", "keys.db"):
            if (self._folder / name).exists():
                with closing(sqlite3.connect(self._folder / name)) as connection:
                    answer = connection.execute("PRAGMA integrity_check").fetchall()
                if answer != [("ok",)]:
                    self.tally.faults.append(f"cycle {self.tally.cycles}: {name} is damaged: {answer[0]}")

    def _count_lost(self, store: Store, done: dict[Command, Receipt]) -> None:
        for command, receipt in done.items():
            if store.log.receipt(command_id(*command), command_digest=digest(*command)) == receipt:
                self._done[command] = receipt
            else:
                self.tally.lost += 1
                self._done.pop(command, None)

    def _send_again(self, store: Store, said: Said) -> None:
        """The unanswered commands, and some of the answered: each has one receipt, before and after."""
        unanswered = sorted(command for command in said.sent - said.done.keys() if command[1] <= store.done(command[0]))
        answered = [command for command in said.done if command in self._done][-3:]
        for command in [*answered, *unanswered]:
            head = store.log.head()
            before = store.log.receipt(command_id(*command), command_digest=digest(*command))
            if before is not None and command not in said.done:
                self.tally.durable_unacknowledged += 1
            receipt = store.send(*command)
            again = store.send(*command)
            self.tally.retries += 1
            if receipt != again or (before is not None and (receipt != before or store.log.head() != head)):
                self.tally.retries_answered_otherwise += 1
            self._done[command] = receipt

    def _check_lanes(self, store: Store) -> None:
        for lane in range(self._lanes):
            numbers = [getattr(event, "number", None) for event in store.log.events(lane_stream(lane))]
            if numbers != list(range(len(numbers))):
                self.tally.faults.append(f"cycle {self.tally.cycles}: lane {lane} is not 0, 1, 2 ...")

    def _check_notes(self, store: Store, commands: list[Command]) -> None:
        for command in commands:
            for place, event in enumerate(store.log.events(own_stream(*command))):
                assert isinstance(event, Noted)
                assert event.note.token is not None
                opened = store.vault.open(event.note.token, Reason)
                right: set[Reason | None] = {Reason(f"{command[1]}.{place}")} if command not in self._erased else {None}
                if command[1] % ERASED_EVERY == 0:
                    right.add(None)  # killed between the erasure and its report
                if opened not in right:
                    self.tally.faults.append(f"cycle {self.tally.cycles}: a note of {command} opens as {opened}")
