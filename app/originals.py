"""Whether an original is still the file that was archived."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from app.deployment import Deployment
from app.event_store.durable import digest_of, idle


def fault_of(deployment: Deployment, sha256: str, pulse: Callable[[], None] = idle) -> str:
    """What is wrong with it now, of vocabulary.ORIGINAL_FAULTS; "" where it is bit for bit what was archived. Reads all
    of it; `pulse` is called meanwhile, and may raise to stop that."""
    try:
        found = digest_of(deployment.original(sha256), pulse)
    except FileNotFoundError:
        return "missing"
    except OSError as fault:
        structlog.get_logger().error("original unreadable", footage=sha256[:12], fault=str(fault))
        return "unreadable"
    return "" if found == sha256 else "altered"
