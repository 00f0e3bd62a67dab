"""What a moment is. `FootageIndex` and `OracleIndex` each do it in their own way; this is the one definition.

1. The rows in scope are ranked by score (in millionths, greatest first), then by id.
2. A row lies where its *instant in scope* is: that of the frame it was made of (`at_us`), where that is in scope,
   else the nearest to it, of [from_us, to_us], that is; of two equally near the earlier.
3. Down that ranking, a row opens the next moment, as its *best*, unless it lies within `apart_us` of the best of an
   earlier moment of the same camera. The walk ends when enough moments are open or no row is left.
4. A moment's *reach* is the rows in scope of its camera within `apart_us` of its best, less those within `apart_us`
   of the best of an earlier moment. Its *hits* are the rows of its reach that score at most `score_margin` less than
   its best. It lasts from the earliest `from_us` to the latest `to_us` of its hits, each row's span cut to the
   interval of the scope that holds its instant: what lies outside an authorisation is not even hinted at.

Why so: a moment depends only on scope, query and the moments ranked before it, so the answer for K is the beginning
of the answer for K + 1 (growing moments by every row that happens to be looked at makes the first moment longer as
more are asked for). Best frames of a camera lie more than `apart_us` apart, so the list shows different instants; a
moment is short, twice `apart_us` and the length of its rows at most; and rows that merely lie near, such as the whole
frame around the crop that matched, do not stretch it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from search_index.score import MILLION


class Grouping(msgspec.Struct, frozen=True, kw_only=True):
    """How hits become moments. `score_margin` is a difference of cosines."""

    apart_us: int = 1_500_000  # of frames sampled each second, neighbours are one moment and the next are another
    score_margin: float = 0.05

    def __post_init__(self) -> None:
        if self.apart_us < 0:
            raise ValueError(f"apart_us is {self.apart_us}; give 0 or more microseconds")
        if not 0 <= self.score_margin <= 2:
            raise ValueError(f"score_margin is {self.score_margin}; give a difference of cosines, from 0 to 2")

    @property
    def margin(self) -> int:
        """`score_margin` in millionths."""
        return round(self.score_margin * MILLION)


def bests(cameras: Sequence[str], instants: Sequence[int], apart_us: int, moments_max: int) -> list[int]:
    """Step 3 of the definition: the places of the bests among rows given in rank order, by their instants in scope."""
    taken: defaultdict[str, list[int]] = defaultdict(list)
    found: list[int] = []
    for place, (camera, instant) in enumerate(zip(cameras, instants, strict=True)):
        if len(found) == moments_max:
            break
        if all(abs(instant - earlier) > apart_us for earlier in taken[camera]):
            taken[camera].append(instant)
            found.append(place)
    return found
