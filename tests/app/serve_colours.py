"""`oberih serve` with a model of colours, for tests that need a real server.

python -m tests.app.serve_colours DATA PORT
"""

from __future__ import annotations

import sys
from pathlib import Path

from app import composition, serving
from tests.fakes_gpu import ColourHistograms

if __name__ == "__main__":
    composition.load_encoder = lambda *_: ColourHistograms()
    serving.serve(Path(sys.argv[1]), int(sys.argv[2]), 0)
