"""`oberih worker` with a model of colours, which says so after every unit of footage and then takes its time.

python -m tests.app.work_slowly DATA [PARENT]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from app import model_loading, serving
from gpu_jobs.pipeline import Progress
from tests.fakes_gpu import ColourHistograms

PAUSE_SECONDS = 2.0  # longer than the worker's look at its parent takes


def tell(_: Progress) -> None:
    print("unit committed", flush=True)
    time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    model_loading.load_encoder = lambda *_, **__: ColourHistograms()
    serving.tell = tell
    serving.work(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
