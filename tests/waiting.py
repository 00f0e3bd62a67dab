"""For what another thread or process does in its own time: long enough for a machine that is busy with other things."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS_MAX = 120.0


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline, f"it did not come about within {SECONDS_MAX:.0f} seconds"
        time.sleep(0.01)
