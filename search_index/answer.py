"""What a search answers: moments, and how much of the scope was really searched."""

from __future__ import annotations

import msgspec

from search_index.footage_unit import Box
from search_index.scope import Interval


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One row that matched. `score` is the fp64 dot product with the stored fp16 row, rounded to 1e-6.

    Its times lie within the scope, what lies outside is not hinted at: `at_us` is the row's instant in scope
    (`search_index.moments`), `from_us` and `to_us` are cut to the interval that holds it.
    """

    row: int  # its id, never reused
    score: float
    kind: str
    camera: str
    footage: str
    at_us: int
    from_us: int
    to_us: int
    box: Box
    pictured: bool  # whether the row's picture was made at `at_us`; else outside the scope, and it is not to be shown


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Hits of one camera that lie close in time, as `search_index.moments` defines it.

    `best` is the first of them by (score, id).
    """

    rank: int  # from 1
    camera: str
    from_us: int
    to_us: int
    best: Hit
    hits: int


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What of the scope was searched: "no hit" outside `searched` means nothing."""

    searched: dict[str, tuple[Interval, ...]]  # camera -> indexed intervals within the scope
    unavailable_segments: tuple[str, ...]  # damaged or missing: their rows were not searched
    rows_in_scope: int
    generation: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    moments: tuple[Moment, ...]
    coverage: Coverage
    exact: bool
