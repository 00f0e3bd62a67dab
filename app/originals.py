"""Whether an original is still the file that was archived."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog

from app.deployment import Deployment

CHUNK_BYTES = 1 << 20


def idle() -> None:
    return


def fault_of(deployment: Deployment, sha256: str, pulse: Callable[[], None] = idle) -> str:
    """What is wrong with it now, of vocabulary.ORIGINAL_FAULTS; "" where it is bit for bit what was archived. Reads all
    of it; `pulse` is called meanwhile, and may raise to stop that: what it raises is no fault of the original's."""
    digest, chunks = hashlib.sha256(), _chunks(deployment.original(sha256))
    while True:
        try:
            chunk = next(chunks, b"")
        except FileNotFoundError:
            return "missing"
        except OSError as fault:
            structlog.get_logger().error("original unreadable", footage=sha256[:12], fault=str(fault))
            return "unreadable"
        if not chunk:
            return "" if digest.hexdigest() == sha256 else "altered"
        digest.update(chunk)
        pulse()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
