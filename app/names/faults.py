"""What can go wrong with the index of names itself."""

from __future__ import annotations

from domain.errors import DomainError


class NotForgotten(Exception):
    """The child is out of the index, but its tokens may stand in the write-ahead log still."""


class RebuildUnderWay(DomainError):
    """One at a time: two would empty and fill the same tables beside the live ones."""

    code = "rebuild-under-way"

    def __init__(self) -> None:
        super().__init__("the index of names is being made anew already, and that goes on; ask again when it is done")
