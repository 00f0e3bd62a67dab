"""Server-sent events, as a browser reads them: taken up again where they broke off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Heard(NamedTuple):
    kind: str
    data: str
    id: str


def events(lines: Iterator[str]) -> Iterator[Heard]:
    """Each event of a stream of lines; comments, which only say that the server is there, fall away."""
    kind, data, last = "message", list[str](), ""
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield Heard(kind, "\n".join(data), last)
            kind, data = "message", []
        elif name == "data":
            data.append(value)
        elif name == "event":
            kind = value
        elif name == "id":
            last = value
