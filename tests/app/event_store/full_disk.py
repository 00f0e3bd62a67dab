"""`python -m tests.app.event_store.full_disk FOLDER log|keys`: a process whose files may not grow beyond a limit."""

from __future__ import annotations

import resource
import signal
import sys
from pathlib import Path
from uuid import UUID, uuid4

from domain.errors import LogFull
from tests.app.event_store.samples import Store, change, meta, noted
from tests.app.event_store.test_full_disk import append_both, check_nothing_is_half_done, fill


def limit_file_size(limit_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def full_log(store: Store) -> None:
    limit_file_size(256 * 1024)
    receipts, refused = fill(store)
    check_nothing_is_half_done(store, receipts, refused)
    limit_file_size(resource.RLIM_INFINITY)
    append_both(store, len(receipts), refused)
    assert len(store.log.events(UUID(int=0xA))) == len(receipts) + 1
    print(f"refused after {len(receipts)} commands")


def full_keys(store: Store) -> None:
    """New subjects need keys: where those cannot be stored, the event is not stored either."""
    for _ in range(300):  # makes the keys' write-ahead log by far the longest of the files
        with store.keys.sealing() as key_of:
            key_of(uuid4())
    limit_file_size(store.keys_path.with_name("keys.db-wal").stat().st_size + 64 * 1024)
    stream, done, fault = uuid4(), 0, ""
    while not fault:
        try:
            store.log.append([change(stream, done, noted("x"))], meta())
            done += 1
        except LogFull as refused:
            fault = refused.detail
    assert "keys.db" in fault, fault
    assert done > 0
    assert store.log.head() == done
    limit_file_size(resource.RLIM_INFINITY)
    store.log.append([change(stream, done, noted("x"))], meta())
    print(f"refused after {done} commands")


if __name__ == "__main__":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    opened = Store(Path(sys.argv[1]))
    {"log": full_log, "keys": full_keys}[sys.argv[2]](opened)
    opened.close()
