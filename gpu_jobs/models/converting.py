"""Weights that the hub has only as a pickle, made into safetensors by a process that is shut in with them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from gpu_jobs.errors import ModelUnavailable

_ROOT = Path(__file__).resolve().parent.parent.parent
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from gpu_jobs.models.checkpoints import convert_sealed; convert_sealed()"
)
_SPACE_BYTES = 32 << 30  # of addresses, beside what the weights take: torch reserves far more than it uses


def convert(pickled: Path, target: Path) -> str:
    """Write the tensors of a pickled checkpoint to a new safetensors file, durably. Returns the pickle's SHA-256.

    Raises ModelUnavailable: it holds anything but tensors, or is damaged.
    """
    with pickled.open("rb") as source, target.open("xb") as written:
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        space = _SPACE_BYTES + 4 * pickled.stat().st_size
        words = [sys.executable, "-I", "-c", _BOOT, str(_ROOT), str(source.fileno()), str(space)]
        with subprocess.Popen(  # noqa: S603 (our own interpreter, our own module)
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"}, pass_fds=(source.fileno(),),
        ) as process:  # fmt: skip
            assert process.stdout is not None
            shutil.copyfileobj(process.stdout, written)  # a pipe: what is shut in may write no file
        written.flush()
        os.fsync(written.fileno())
    if process.returncode:
        raise ModelUnavailable(
            f"model: {pickled.name} (SHA-256 {sha256}) cannot be converted: it holds more than tensors, or is damaged"
        )
    return sha256
