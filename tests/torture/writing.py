"""`python -m tests.torture.writing FOLDER LANES FULL|NORMAL`: a process that appends until it is killed.

Each lane is a thread with its own commands 0, 1, 2 ...; command n adds one step to the lane's stream (so that its
version tells how many commands were done) and, in the same append, sealed notes to a stream of its own. Every seventh
command's subject is erased afterwards. What is about to happen and what was acknowledged is printed, a line each, to
standard output: `sent LANE N`, `done LANE N RECEIPT`, `erased LANE N`.
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

import msgspec

from app.event_store.keys import KeyStore
from app.event_store.mapper import EventMapper
from app.event_store.root_key import RootKey
from app.event_store.sqlite_file import Synchronous
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from domain.event import Event, Meta
from domain.log import Change, Receipt
from domain.personal import Reason
from domain.sealed import Sealed

NAMESPACE = UUID("746f7274-7572-6500-8000-000000000000")
ERASED_EVERY, LONG_EVERY, LONG_EVENTS = 7, 10, 20


class Stepped(Event, frozen=True, kw_only=True):
    number: int


class Noted(Event, frozen=True, kw_only=True):
    note: Sealed[Reason]


Stepped.TOPIC, Noted.TOPIC = "torture.stepped", "torture.noted"  # not in the domain's registry
SAMPLES: dict[str, type[Event]] = {cls.TOPIC: cls for cls in (Stepped, Noted)}


class Store:
    """Log and keys of one folder, whose root key stands in it already."""

    def __init__(self, folder: Path, synchronous: Synchronous = "FULL") -> None:
        self.keys = KeyStore(folder / "keys.db", folder / "root.key", create=True)
        self.vault = Vault(self.keys)
        mapper = EventMapper(self.vault, topics=SAMPLES)
        self.log = SqliteEventLog(folder / "log.db", self.vault, create=True, synchronous=synchronous, mapper=mapper)

    def close(self) -> None:
        self.log.close()
        self.keys.close()

    def done(self, lane: int) -> int:
        """How many commands of the lane the log holds."""
        return len(self.log.events(lane_stream(lane)))

    def send(self, lane: int, number: int) -> Receipt:
        """Command `number` of the lane, the same each time."""
        own, subject = own_stream(lane, number), subject_of(lane, number)
        notes = LONG_EVENTS if number % LONG_EVERY == 0 else 1
        changes = [
            Change(lane_stream(lane), number, (Stepped(number=number),)),
            Change(own, 0, tuple(Noted(note=Sealed(subject, Reason(f"{number}.{n}"))) for n in range(notes))),
        ]
        return self.log.append(changes, envelope(lane, number), command_digest=digest(lane, number))


def new_folder(folder: Path) -> Path:
    """A deployment before its first start: the root key alone."""
    folder.mkdir(parents=True)
    RootKey.create(folder / "root.key")
    return folder


def lane_stream(lane: int) -> UUID:
    return uuid5(NAMESPACE, f"lane {lane}")


def own_stream(lane: int, number: int) -> UUID:
    return uuid5(NAMESPACE, f"own {lane} {number}")


def subject_of(lane: int, number: int) -> UUID:
    return uuid5(NAMESPACE, f"subject {lane} {number}")


def command_id(lane: int, number: int) -> UUID:
    return uuid5(NAMESPACE, f"command {lane} {number}")


def digest(lane: int, number: int) -> bytes:
    return f"{lane}.{number}".encode()


def envelope(lane: int, number: int) -> Meta:
    return Meta(
        actor=NAMESPACE,
        role="investigator",
        purpose="torture",
        command_id=command_id(lane, number),
        correlation_id=NAMESPACE,
        recorded_at=datetime(2026, 11, 20, tzinfo=UTC),
    )


def say(*words: object) -> None:
    """One write a line: what was said before a kill is whole."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def write_until_killed(store: Store, lane: int) -> None:
    number = store.done(lane)
    while True:
        say("sent", lane, number)
        receipt = store.send(lane, number)
        say("done", lane, number, msgspec.json.encode(receipt).decode())
        if number % ERASED_EVERY == 0:
            store.vault.erase(subject_of(lane, number))
            say("erased", lane, number)
        number += 1


if __name__ == "__main__":
    opened = Store(Path(sys.argv[1]), "NORMAL" if sys.argv[3] == "NORMAL" else "FULL")
    for each in range(int(sys.argv[2])):
        threading.Thread(target=write_until_killed, args=(opened, each)).start()
