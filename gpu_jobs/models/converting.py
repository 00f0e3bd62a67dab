"""Weights that the hub has only as a pickle, made into safetensors by a process that is shut in with them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import msgspec

from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.sandbox import SHUT_IN

_ROOT = Path(__file__).resolve().parent.parent.parent
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from gpu_jobs.models.checkpoints import convert_sealed; convert_sealed()"
)
DISPENSABLE = tuple(each for each in SHUT_IN if each != "rlimits")  # limits of a process are everywhere
_LINE_BYTES = 256
_SPACE_BYTES = 32 << 30  # of addresses, beside what the weights take: torch reserves far more than it uses


class Converted(msgspec.Struct, frozen=True):
    """Which pickle was read (SHA-256, hex), and what of the seal this kernel could not give the process that did."""

    sha256: str
    lacked: tuple[str, ...]


def convert(pickled: Path, target: Path, *, without: Collection[str] = ()) -> Converted:
    """Write the tensors of a pickled checkpoint to a new safetensors file, durably. `without` are parts of the seal
    (of `DISPENSABLE`) that may be missing.

    Raises ModelUnavailable: another part is missing; it holds anything but tensors, or is damaged.
    """
    with pickled.open("rb") as source, target.open("xb") as written:
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        space = _SPACE_BYTES + 4 * pickled.stat().st_size
        words = [sys.executable, "-I", "-c", _BOOT, str(_ROOT), str(source.fileno()), str(space), *without]
        with subprocess.Popen(  # noqa: S603 (our own interpreter, our own module)
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"}, pass_fds=(source.fileno(),),
        ) as process:  # fmt: skip
            assert process.stdout is not None
            held = process.stdout.readline(_LINE_BYTES).decode().split()
            shutil.copyfileobj(process.stdout, written)  # a pipe: what is shut in may write no file
        written.flush()
        os.fsync(written.fileno())
    lacked = tuple(each for each in SHUT_IN if each not in held)
    if not held:
        raise ModelUnavailable(
            f"model: {pickled.name} is not read: the process that should convert it ended with {process.returncode} "
            "before it was shut in; convert it on another machine and carry the folder"
        )
    _refuse_open(pickled.name, lacked, without)
    if process.returncode:
        raise ModelUnavailable(
            f"model: {pickled.name} (SHA-256 {sha256}) cannot be converted: it holds more than tensors, or is damaged"
        )
    return Converted(sha256, lacked)


def _refuse_open(name: str, lacked: Collection[str], without: Collection[str]) -> None:
    """Raises ModelUnavailable where the process was not shut in as it had to be: then it read nothing."""
    if refused := [each for each in lacked if each not in without]:
        raise ModelUnavailable(
            f"model: {name} is not read: this kernel lacks {' and '.join(refused)}, so a crafted file could reach more "
            "than itself; convert it on another machine and carry the folder, or take that upon yourself: "
            f"{' '.join(f'--convert-without {each}' for each in refused)}"
        )
