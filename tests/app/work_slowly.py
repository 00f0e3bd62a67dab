"""`oberih worker` with a model of colours, which says so after every unit of footage and then takes its time.

python -m tests.app.work_slowly DATA [PARENT]
"""

from __future__ import annotations

import sys
import time
from itertools import chain, repeat
from pathlib import Path

from app import model_loading, serving
from gpu_jobs.pipeline import Progress
from tests.fakes_gpu import ColourHistograms

# The first is longer than the worker's look at its parent takes; the others wait for a test that comes late to end it.
PAUSES_SECONDS = chain((2.0,), repeat(30.0))


def tell(_: Progress) -> None:
    print("unit committed", flush=True)
    time.sleep(next(PAUSES_SECONDS))


if __name__ == "__main__":
    model_loading.load_encoder = lambda *_, **__: ColourHistograms()
    serving.tell = tell
    serving.work(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
