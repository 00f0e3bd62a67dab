"""What the index refuses. Every error names the fault and the mend."""

from __future__ import annotations

from pathlib import Path


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


class GenerationClosed(IndexFault):
    def __init__(self, generation: str) -> None:
        super().__init__(f"generation {generation} takes nothing more: another one has its place; begin anew with that")
        self.generation = generation


class InvalidUnit(IndexFault):
    pass


class InvalidQuery(IndexFault):
    pass


class RowUnknown(IndexFault):
    def __init__(self, row: int) -> None:
        super().__init__(f"there is no row {row}")
        self.row = row


class FootageRemoved(IndexFault):
    def __init__(self, footage: str) -> None:
        super().__init__(f"footage {footage} was removed from the index; its units are not taken again")
        self.footage = footage


class SegmentDamaged(IndexFault):
    def __init__(self, segment: str, fault: str) -> None:
        super().__init__(f"segment {segment} is not searched: {fault}; restore its folder from a backup, then verify")
        self.segment, self.fault = segment, fault


class CatalogueTooNew(IndexFault):
    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"the index catalogue has schema version {found} and this program knows {known}; run a newer program"
        )
        self.found, self.known = found, known


class CatalogueDamaged(IndexFault):
    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(
            f"{path} is damaged: {fault}; restore the index from a backup, or move its folder away: the scrub then has"
            " all footage indexed anew"
        )
        self.path, self.fault = path, fault


class ScopeBreach(IndexFault):
    """A row outside the scope was about to leave: a defect of the index, and nothing is answered."""

    def __init__(self, row: int) -> None:
        super().__init__(f"row {row} is outside the scope of the search; nothing is answered")
        self.row = row
