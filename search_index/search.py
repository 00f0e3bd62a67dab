"""The search of a view: scope, scan, exact scores, moments.

The scan's scores are approximate, so more rows are fetched than needed and scored exactly. That it was enough is
proved each time: no row that was left out can score as much as the last moment's best. Until that holds, more rows
are fetched.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.answer import Hit, Moment
from search_index.errors import ScopeBreach
from search_index.moments import Grouping, bests
from search_index.scan import error_bound, nearest
from search_index.scope import Scope
from search_index.score import MILLION, millionths
from search_index.selection import Ranges, Selection, positions_in
from search_index.view import Living

_FETCH_MIN = 256
_FETCH_PER_MOMENT = 16
_FETCH_GROWTH = 4


class Part(NamedTuple):
    """The rows of one segment that are in scope."""

    living: Living
    ranges: Ranges


class Ranked(NamedTuple):
    """Rows in rank order: which part, which position there, camera, instant in scope, score in millionths."""

    part: NDArray[np.int64]
    position: NDArray[np.int64]
    camera: list[str]
    instant: list[int]
    score: NDArray[np.int64]


class Search:
    """One query over the rows of some segments that are in one scope."""

    def __init__(self, query: NDArray[np.float32], living: Iterable[Living], scope: Scope, grouping: Grouping) -> None:
        self._query, self._scope, self._grouping = query, scope, grouping
        self.selection = Selection.of(scope)
        parts = (Part(one, one.ranges(self.selection)) for one in living)
        self._parts = [part for part in parts if len(part.ranges)]
        self.rows_in_scope = sum(int((part.ranges[:, 1] - part.ranges[:, 0]).sum()) for part in self._parts)

    def moments(self, moments_max: int) -> tuple[Moment, ...]:
        """The first moments, as `search_index.moments` defines them. Raises search_index.errors.ScopeBreach."""
        fetch = max(_FETCH_MIN, _FETCH_PER_MOMENT * moments_max)
        while True:
            ranked, ceiling = self._fetched(min(fetch, self.rows_in_scope))
            chosen = bests(ranked.camera, ranked.instant, self._grouping.apart_us, moments_max)
            if fetch >= self.rows_in_scope:
                break
            if len(chosen) == moments_max and ranked.score[chosen[-1]] > ceiling:
                break
            fetch *= _FETCH_GROWTH
        moments: list[Moment] = []
        for place in chosen:
            score = int(ranked.score[place])
            best = self._hit(int(ranked.part[place]), int(ranked.position[place]), score)
            taken = [moment.best.at_us for moment in moments if moment.camera == best.camera]
            moments.append(self._moment(len(moments) + 1, best, score, taken))
        return tuple(moments)

    def _fetched(self, fetch: int) -> tuple[Ranked, float]:
        """The rows that the scan finds, ranked, and the most that any other row can score (in millionths)."""
        found = nearest(self._query, [(part.living.segment.vectors, part.ranges) for part in self._parts], fetch)
        ids, instants, score = (np.empty(len(found.score), np.int64) for _ in range(3))
        camera = np.empty(len(found.score), object)
        for number, part in enumerate(self._parts):
            here = np.flatnonzero(found.part == number)
            segment, positions = part.living.segment, found.position[here]
            ids[here], instants[here] = segment.columns["id"][positions], segment.instants(positions, self.selection)
            camera[here] = segment.cameras[segment.columns["camera"][positions]]
            score[here] = millionths(segment.vectors[positions], self._query)
        order = np.lexsort((ids, -score))
        ranked = Ranked(
            found.part[order], found.position[order], camera[order].tolist(), instants[order].tolist(), score[order]
        )
        bound = error_bound(self._query.size)
        if (np.abs(found.score - score / MILLION) > bound).any():
            return ranked, np.inf  # a build of faiss that computes less exactly than fp32: no bound holds, fetch all
        return ranked, (float(found.score.min(initial=np.inf)) + bound) * MILLION

    def _hit(self, part: int, position: int, score: int) -> Hit:
        hit = self._parts[part].living.segment.hit(position, score, self.selection)
        told = (hit.from_us, hit.at_us, max(hit.at_us, hit.to_us - 1))  # `to_us` may be where an interval ends
        if not all(
            self._scope.allows(hit.camera, at_us) for at_us in told
        ):  # the scope itself, not what was made of it
            raise ScopeBreach(hit.row)
        return hit

    def _moment(self, rank: int, best: Hit, score: int, taken: list[int]) -> Moment:
        """The moment of a best, given the bests of its camera that rank before it."""
        apart_us = self._grouping.apart_us
        near = self.selection.near(best.camera, best.at_us, apart_us)
        spans = []
        for part in self._parts:
            ranges = part.living.ranges(near)
            if not len(ranges):
                continue
            segment = part.living.segment
            positions = positions_in(ranges)
            instants = segment.instants(positions, self.selection)
            hits = np.abs(instants - best.at_us) <= apart_us
            hits &= millionths(segment.vectors[positions], self._query) >= score - self._grouping.margin
            for earlier in taken:
                hits &= np.abs(instants - earlier) > apart_us
            spans.append(segment.spans(positions[hits], instants[hits], self.selection))
        hit_spans = np.concatenate(spans)
        return Moment(
            rank=rank,
            camera=best.camera,
            from_us=int(hit_spans[:, 0].min()),
            to_us=int(hit_spans[:, 1].max()),
            best=best,
            hits=len(hit_spans),
        )
