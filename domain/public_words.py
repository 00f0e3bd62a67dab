"""What everybody may read names no child: the names of those on record are looked for in it."""

from __future__ import annotations

from domain.errors import DomainError


class ChildNamed(DomainError):
    """What names a child is never public."""

    code = "child-named"

    def __init__(self) -> None:
        super().__init__("the text names a child on record, and would be public; write it without any name")
