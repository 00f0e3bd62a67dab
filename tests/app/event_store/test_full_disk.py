"""A full disk refuses the command with LogFull, leaves nothing half done, and takes it again once there is space."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from domain.errors import LogFull
from domain.event import Meta
from domain.log import Receipt
from tests.app.event_store.samples import Store, change, meta, noted

A, B = UUID(int=0xA), UUID(int=0xB)
LONG = "x" * 3_000


def fill(store: Store) -> tuple[list[Receipt], Meta]:
    """Append two streams at a time until there is no space: what was acknowledged, and the command that was not."""
    receipts: list[Receipt] = []
    for version in range(2_000):
        envelope = meta()
        try:
            receipts.append(append_both(store, version, envelope))
        except LogFull:
            return receipts, envelope
    raise AssertionError("the log never was full")


def append_both(store: Store, version: int, envelope: Meta) -> Receipt:
    both = [change(stream, version, noted(LONG, subject=UUID(int=7))) for stream in (A, B)]
    return store.log.append(both, envelope)


def check_nothing_is_half_done(store: Store, receipts: list[Receipt], refused: Meta) -> None:
    done = len(receipts)
    assert store.log.head() == receipts[-1].last_position == 2 * done
    assert len(store.log.events(A)) == len(store.log.events(B)) == done
    assert [store.log.receipt(receipt.command_id) for receipt in receipts] == receipts
    assert store.log.receipt(refused.command_id) is None


def test_a_database_that_may_not_grow(tmp_path: Path) -> None:
    small = Store(tmp_path, pages_max=60)
    receipts, refused = fill(small)
    assert len(receipts) > 5
    check_nothing_is_half_done(small, receipts, refused)
    with pytest.raises(LogFull, match=r"log\.db: database or disk is full .*free space on its disk"):
        append_both(small, len(receipts), refused)
    small.close()

    store = Store(tmp_path)
    check_nothing_is_half_done(store, receipts, refused)
    again = append_both(store, len(receipts), refused)
    assert again.first_position > receipts[-1].last_position
    assert len(store.log.events(A)) == len(receipts) + 1
    store.close()


@pytest.mark.parametrize("limited", ["log", "keys"])
def test_files_that_may_not_grow(tmp_path: Path, limited: str) -> None:
    """RLIMIT_FSIZE counts for a whole process, so it is another one."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.app.event_store.full_disk", str(tmp_path), limited],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("refused after")
