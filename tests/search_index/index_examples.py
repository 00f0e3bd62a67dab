"""Units of footage for the tests of the index, small and reproducible."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.answer import Answer
from search_index.encoder import Manifest
from search_index.footage_unit import CROP, FRAME, Box, FootageUnit, Row
from search_index.scope import Interval, Scope

SECOND = 1_000_000
START = 1_760_000_000 * SECOND  # an instant in October 2025
DIMENSION = 8
ALWAYS = (Interval(0, 2**62),)


def manifest(dimension: int = DIMENSION, model: str = "example") -> Manifest:
    return Manifest(
        model=model,
        weights_sha256="0" * 64,
        dimension=dimension,
        preprocessing="none",
        tokenizer_sha256="0" * 64,
        precision="float32",
    )


def unit_vectors(rng: np.random.Generator, count: int, dimension: int = DIMENSION) -> NDArray[np.float32]:
    vectors = rng.standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def row(at_us: int, *, length_us: int = SECOND - 1, kind: str = FRAME, name: str = "") -> Row:
    return Row(
        kind=kind,
        from_us=at_us,
        to_us=at_us + length_us,
        at_us=at_us,
        pts=at_us // 1000,
        box=Box(1, 2, 30, 40) if kind == CROP else Box(0, 0, 640, 360),
        thumbnail=f"JPEG {at_us} {kind} {name}".encode(),
    )


def unit(
    vectors: NDArray[np.float32],
    *,
    footage: str = "footage-1",
    camera: str = "camera-1",
    number: int = 0,
    fence: int = 1,
    start_us: int = START,
    at_us: Sequence[int] | None = None,
    length_us: int = 60 * SECOND,
    model: str = "example",
) -> FootageUnit:
    """A minute by default, its rows a second apart, each until just before the next."""
    instants = at_us if at_us is not None else [start_us + place * SECOND for place in range(len(vectors))]
    return FootageUnit(
        footage=footage,
        camera=camera,
        number=number,
        generation=manifest(vectors.shape[1], model).digest(),
        pipeline="pipeline-1",
        fence=fence,
        from_us=start_us,
        to_us=start_us + length_us,
        covered=((start_us, start_us + length_us),),
        rows=tuple(row(instant, name=camera, kind=(FRAME, CROP)[place % 2]) for place, instant in enumerate(instants)),
        vectors=vectors,
    )


def scope_of(*cameras: str, intervals: Sequence[Interval] = ALWAYS) -> Scope:
    return Scope(frozenset(cameras), tuple(intervals))


def rows_of(answer: Answer) -> list[int]:
    """The ids of the bests, in order of rank."""
    return [moment.best.row for moment in answer.moments]
