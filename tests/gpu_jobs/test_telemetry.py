"""What the libraries would tell or keep about this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MASK = """
import numpy as np
from gpu_jobs.masking import FaceMask
FaceMask().faces(np.zeros((64, 64, 3), np.uint8), whole=True)
"""


def test_masking_leaves_nothing_in_the_home_directory(tmp_path: Path) -> None:
    """onnxruntime keeps an identity and a store of what it will send there, unless it is told not to."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_", "CI"))}
    subprocess.run([sys.executable, "-c", MASK], cwd=ROOT, env={**kept, "HOME": str(tmp_path)}, check=True, timeout=120)
    assert list(tmp_path.rglob("*")) == []
