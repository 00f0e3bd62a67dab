"""What a server did not do, or a command could not: one line that says what happened and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """The command was not done. `problem` is what the server said of it, where a server did."""

    def __init__(self, line: str, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(line)
        self.line = line
        self.problem = {"type": "/problems/not-done", "title": "Not done", "detail": line, **(problem or {})}
