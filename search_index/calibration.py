"""How much a score means: the chance that a picture which does not show what is asked for scores as much.

A model's scores mean nothing by themselves: .31 may be outstanding for one query and ordinary for the next. They are
held against the scores of *null rows*: one model's vectors of pictures that are the same for ever, a set for each kind
of row. So the chance depends on query, model and null rows alone, never on what is in the index or was asked before.

Up to the top tenth of the null scores the chance is a count, (r + 1) / (n + 1). Beyond, the tail is the generalised
Pareto distribution of peaks over a threshold (Pickands 1975; fitted by moments, Hosking and Wallis 1987), its shape
held within [-.2, 0], which keeps a made-up end of the scale far off: what errs, errs towards chance.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from search_index.durable import exclusive, publish, write_file
from search_index.score import MILLION, millionths

FORMAT = 1
ROWS_MIN = 20  # fewer say nothing: where a query leaves so few, all null rows are taken
_TAIL_SHARE = 0.1
_TAIL_ROWS_MIN = 10
_SHAPE_MIN = -0.2
_CHANCE_MIN = 1e-8  # no tail is followed further
_DIGEST_BYTES = 64


class CalibrationDamaged(Exception):
    """The file of null rows is not what was written; it can be made anew from the model."""


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Null rows of one generation of vectors, by kind of row."""

    format: int = FORMAT
    generation: str  # Manifest.digest() of the model
    pictures: str  # digest of the pictures that they are of
    dimension: int
    rows: dict[str, bytes]  # by kind: vectors (n, dimension), little-endian fp16 as rows of the index are

    @classmethod
    def of(cls, generation: str, pictures: str, vectors: Mapping[str, NDArray[np.float32]]) -> Calibration:
        (dimension,) = {each.shape[1] for each in vectors.values()}
        rows = {kind: each.astype("<f2").tobytes() for kind, each in vectors.items()}
        return cls(generation=generation, pictures=pictures, dimension=dimension, rows=rows)

    @classmethod
    def read(cls, path: Path) -> Calibration:
        """Raises CalibrationDamaged, and FileNotFoundError where it was never made."""
        content = path.read_bytes()
        digest, body = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if hashlib.sha256(body).hexdigest().encode() != digest:
            raise CalibrationDamaged(f"{path}: its content is not what was written")
        try:
            found = msgspec.msgpack.decode(body, type=cls)
        except msgspec.ValidationError as fault:
            raise CalibrationDamaged(f"{path}: {fault}") from fault
        if found.format != FORMAT or found.generation != path.stem:
            raise CalibrationDamaged(f"{path}: of format {found.format} and generation {found.generation}")
        return found

    def write(self, path: Path) -> None:
        """Whole or not at all, in place of a damaged one."""
        body = msgspec.msgpack.encode(self)
        aside = path.with_suffix(".new")
        with exclusive(path.with_suffix(".lock")):  # processes that make the same one write one after the other
            aside.unlink(missing_ok=True)  # of one that was cut off
            write_file(aside, (hashlib.sha256(body).hexdigest().encode(), body))
            publish(aside, path)

    def digest(self) -> str:
        """SHA-256 (hex): which null distribution a percentile is of."""
        return hashlib.sha256(msgspec.msgpack.encode(self)).hexdigest()

    def yardstick(self, query: NDArray[np.float32], showing: Mapping[str, NDArray[np.bool_]]) -> Yardstick:
        """For one query's unit vector (dimension,). `showing` says of each kind's null rows which show what is asked
        for: those are no chance hits, and left out."""
        tails = {}
        for kind, content in self.rows.items():
            vectors = np.frombuffer(content, "<f2").reshape(-1, self.dimension)
            others = ~showing[kind] if kind in showing else np.ones(len(vectors), np.bool_)
            tails[kind] = _Tail(millionths(vectors[others] if others.sum() >= ROWS_MIN else vectors, query))
        return Yardstick(tails)


class Yardstick:
    """What a score of one query means, by kind of row."""

    def __init__(self, tails: Mapping[str, _Tail]) -> None:
        self._tails = tails

    def chance(self, kind: str, score: float) -> float:
        """The chance, within (0, 1], that a row of this kind scores as much without showing what is asked for."""
        return self._tails[kind].chance(round(score * MILLION))


class _Tail:
    """The null scores of one query, in millionths."""

    def __init__(self, scores: NDArray[np.int64]) -> None:
        self._scores = np.sort(scores)
        self._rows = len(scores)
        top = min(self._rows, max(_TAIL_ROWS_MIN, round(self._rows * _TAIL_SHARE)))
        self._threshold = int(self._scores[-top])
        excess = (self._scores[-top:] - self._threshold).astype(np.float64)
        mean, variance = float(excess.mean()), float(excess.var())
        shape = (1 - mean * mean / variance) / 2 if variance else 0.0
        self._shape = min(0.0, max(_SHAPE_MIN, shape))
        self._scale = mean * (1 - self._shape)
        self._share = top / (self._rows + 1)

    def chance(self, score: int) -> float:
        if score <= self._threshold or not self._scale:
            as_much = self._rows - int(np.searchsorted(self._scores, score, side="left"))
            return (as_much + 1) / (self._rows + 1)
        excess = (score - self._threshold) / self._scale
        return max(self._share * self._beyond(excess), _CHANCE_MIN)

    def _beyond(self, excess: float) -> float:
        """The share of the tail beyond an excess over its threshold, in units of its scale."""
        if self._shape > -1e-6:
            return math.exp(-excess)
        return float(max(0.0, 1 + self._shape * excess) ** (-1 / self._shape))
