"""What the index refuses. Every error names the fault and the mend."""

from __future__ import annotations


class IndexFault(Exception):
    """Base of all errors of this room."""


class StaleClaim(IndexFault):
    def __init__(self, footage: str, fence: int, current: int) -> None:
        super().__init__(f"footage {footage}: claim {fence} was superseded by {current}; stop and claim anew")
        self.footage, self.fence, self.current = footage, fence, current


class ManifestMismatch(IndexFault):
    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"vectors of generation {found} cannot join generation {expected}; index them with the model of this index"
        )
        self.expected, self.found = expected, found


class InvalidUnit(IndexFault):
    pass


class InvalidQuery(IndexFault):
    pass


class RowUnknown(IndexFault):
    def __init__(self, row: int) -> None:
        super().__init__(f"there is no row {row}")
        self.row = row
