"""The null pictures of each kind of row, and which of them show what a query states."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from search_index.encoder import Image
from search_index.footage_unit import CROP, FRAME

KINDS = FRAME, CROP
SIZES_PX = {FRAME: (224, 128), CROP: (96, 96)}  # width, height
ACROSS = {FRAME: 20, CROP: 40}  # pictures side by side in a file
_FOLDER = Path(__file__).parent
FactSets = tuple[frozenset[str], ...]


def picture_file(kind: str) -> Path:
    """All pictures of a kind as one WebP picture, row by row."""
    return _FOLDER / f"{kind}s.webp"


def facts_file(kind: str) -> Path:
    """A line for each picture: the fact sets true of it, one after the other ("|")."""
    return _FOLDER / f"{kind}s.facts"


@cache
def fact_sets(kind: str) -> tuple[FactSets, ...]:
    """What is true of each null picture of a kind, as `gpu_jobs.offline_model.scenes.fact_sets` has it."""
    lines = facts_file(kind).read_text().splitlines()
    return tuple(tuple(frozenset(part.split()) for part in line.split("|")) for line in lines)


def images(kind: str) -> list[Image]:
    """The null pictures of a kind, RGB, in the order of `fact_sets`."""
    sheet = cv2.imdecode(np.frombuffer(picture_file(kind).read_bytes(), np.uint8), cv2.IMREAD_COLOR_RGB)
    if sheet is None:
        raise ValueError(f"{picture_file(kind)}: cannot be decoded; restore it from the repository")
    width, height = SIZES_PX[kind]
    places = (divmod(place, ACROSS[kind]) for place in range(len(fact_sets(kind))))
    return [
        np.ascontiguousarray(sheet[row * height : (row + 1) * height, column * width : (column + 1) * width], np.uint8)
        for row, column in places
    ]


def showing(kind: str, stated: frozenset[str]) -> NDArray[np.bool_]:
    """Which of the pictures (n,) show what is stated; without anything stated none does."""
    sets = fact_sets(kind)
    return np.array([bool(stated) and any(stated <= facts for facts in each) for each in sets], np.bool_)


@cache
def digest() -> str:
    """SHA-256 (hex) of all null pictures and facts: which null distribution a percentile is of."""
    files = (file(kind) for kind in KINDS for file in (picture_file, facts_file))
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()
