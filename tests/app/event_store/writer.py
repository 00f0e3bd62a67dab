"""`python -m tests.app.event_store.writer FOLDER NAME COUNT`: another process that appends to the same log.

Appends COUNT events to the stream that all writers share and, in the same append, to one of its own; prints the
position of each. With the name "once" it sends one command, whose id all such writers share, and prints its receipt.
"""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import UUID, uuid5

from app.event_store import sqlite_file
from domain.errors import VersionConflict
from tests.app.event_store.samples import Store, change, counted, meta, noted
from tests.waiting import SECONDS_MAX

SHARED = UUID(int=0x5A)


def append_many(store: Store, name: str, count: int) -> None:
    own = uuid5(SHARED, name)
    for number in range(count):
        envelope = meta(uuid5(own, str(number)))
        while True:
            both = [change(SHARED, len(store.log.events(SHARED)), *counted(number)), change(own, number, noted(name))]
            try:
                receipt = store.log.append(both, envelope)
            except VersionConflict:
                continue
            break
        print(receipt.last_position, flush=True)


def append_once(store: Store) -> None:
    envelope = meta(UUID(int=0x0ACE))
    print(store.log.append([change(SHARED, 0, *counted(1))], envelope, command_digest=b"the same"))


if __name__ == "__main__":
    sqlite_file.BUSY_TIMEOUT_MS = int(SECONDS_MAX * 1_000)  # as the tests' own
    opened = Store(Path(sys.argv[1]))
    if sys.argv[2] == "once":
        append_once(opened)
    else:
        append_many(opened, sys.argv[2], int(sys.argv[3]))
    opened.close()
