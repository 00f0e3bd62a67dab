"""Structured logs on standard error: one JSON line an event, with correlation ids and without personal data.

What may be logged is ids, codes, counts and durations. Texts that people wrote, names and query words never are.
"""

from __future__ import annotations

import logging
import sys

import structlog


def configure(*, readable: bool = False, least: int = logging.INFO) -> None:
    """Once, at the start of a process. `readable` is for a terminal; `least`: the lowest level shown."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=False) if readable else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        # Standard error as it is when something is logged: whoever redirects it later is heard, too.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
