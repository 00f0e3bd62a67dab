"""Hand-written stand-ins for what footage indexing stands on: models, the work queue, the index."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence

import cv2
import msgspec
import numpy as np

from gpu_jobs.work_queue import Claim, IndexingSummary
from search_index.encoder import Image, Manifest, TextEmbedding, Vectors
from search_index.entries import Progress
from search_index.errors import StaleClaim
from search_index.footage_unit import FootageUnit

_SLIPS = {"rde": "red", "gren": "green"}
_WIDENED = frozenset(["scarlet"])
_COLOURS = {
    "red": (220, 30, 30),
    "scarlet": (220, 30, 30),
    "green": (30, 160, 40),
    "blue": (30, 60, 220),
    "white": (245, 245, 245),
}


class ColourHistograms:
    """An encoder without a model: how much of the picture has which colour.

    Good enough to find again what was seen; also the baseline that a model must beat.
    """

    BINS = (12, 4, 4)  # hue, saturation, brightness
    embedded = 0

    @property
    def manifest(self) -> Manifest:
        return Manifest(
            model="colour histograms",
            weights_sha256="0" * 64,
            dimension=int(np.prod(self.BINS)),
            preprocessing="hue, saturation, brightness",
            tokenizer_sha256="0" * 64,
            precision="float32",
        )

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        self.embedded += len(images)
        rows = [self._row(image) for image in images]
        return np.stack(rows) if rows else np.empty((0, self.manifest.dimension), np.float32)

    def embed_text(self, text: str) -> TextEmbedding:
        typed = text.lower().split()
        known = [meant for word in typed if (meant := _SLIPS.get(word, word)) in _COLOURS]
        if not known:
            raise ValueError("text: this model knows colours only")
        patch = np.full((8, 8, 3), _COLOURS[known[0]], np.uint8)
        unknown = tuple(word for word in text.split() if _SLIPS.get(word.lower(), word.lower()) not in _COLOURS)
        read_as = tuple((word, _SLIPS[word]) for word in typed if word in _SLIPS)
        return TextEmbedding(self._row(patch), unknown, read_as, tuple(word for word in typed if word in _WIDENED))

    def _row(self, image: Image) -> Vectors:
        hsv = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2HSV)
        counts = cv2.calcHist([hsv], [0, 1, 2], None, self.BINS, [0, 180, 0, 256, 0, 256]).ravel()
        return np.asarray(np.sqrt(counts / counts.sum()), np.float32)  # the dot product of roots: Bhattacharyya


class CoarseHistograms(ColourHistograms):
    """Another model: fewer colours are told apart, so its vectors are shorter, and mean something else."""

    BINS = (6, 2, 3)

    @property
    def manifest(self) -> Manifest:
        return msgspec.structs.replace(super().manifest, model="coarse histograms", weights_sha256="1" * 64)


class MemoryIndex:
    """The part of the index that a worker uses, in memory."""

    def __init__(self) -> None:
        self.units: dict[tuple[str, int], FootageUnit] = {}
        self.fences: dict[str, int] = {}
        self.documents: dict[str, bytes] = {}

    def commit(self, unit: FootageUnit) -> bool:
        newest = self.fences.get(unit.footage, unit.fence)
        if unit.fence < newest:
            raise StaleClaim(unit.footage, unit.fence, newest)
        self.fences[unit.footage] = unit.fence
        key = unit.footage, unit.number
        if key in self.units:
            return False
        self.units[key] = unit
        return True

    def fence(self, footage: str) -> int:
        return self.fences.get(footage, 0)

    def forget_footage(self, footage: str, *, fence: int = 0) -> int:
        self.fences[footage] = fence
        self.units = {key: unit for key, unit in self.units.items() if key[0] != footage}
        return 0

    def committed(self, footage: str) -> frozenset[int]:
        return frozenset(number for name, number in self.units if name == footage)

    def pipelines(self, footage: str) -> frozenset[str]:
        return frozenset(unit.pipeline for (name, _), unit in self.units.items() if name == footage)

    def describe(self, pipeline: str, document: bytes) -> None:
        self.documents[pipeline] = document

    def progress(self, footage: str) -> Progress:
        units = [unit for (name, _), unit in self.units.items() if name == footage]
        covered = sum(end - start for unit in units for start, end in unit.covered)
        return Progress(units=len(units), rows=sum(len(unit.rows) for unit in units), covered_us=covered)


class MemoryQueue:
    """A work queue over a list of footages. `lose_after` renewals the claim belongs to somebody else."""

    def __init__(self, *claims: Claim, lose_after: int | None = None) -> None:
        self.waiting = list(claims)
        self.damages: dict[str, str] = {}  # by footage
        self.renewals = 0
        self.ended: list[tuple[str, str, object]] = []  # what became of which footage, and why
        self._lose_after = lose_after

    def claim(self, worker: str) -> Claim | None:
        return self.waiting.pop(0) if self.waiting else None

    def renew(self, claim: Claim) -> bool:
        self.renewals += 1
        return self._held()

    def damage(self, claim: Claim, pulse: Callable[[], None]) -> str:
        return self.damages.get(claim.footage, "")

    def released(self, claim: Claim) -> bool:
        return self._end("released", claim, "")

    def indexed(self, claim: Claim, summary: IndexingSummary) -> bool:
        return self._end("indexed", claim, summary)

    def rejected(self, claim: Claim, reason: str) -> bool:
        return self._end("rejected", claim, reason)

    def failed(self, claim: Claim, reason: str) -> bool:
        return self._end("failed", claim, reason)

    def _end(self, what: str, claim: Claim, why: object) -> bool:
        if self._held():
            self.ended.append((what, claim.footage, why))
        return self._held()

    def _held(self) -> bool:
        return self._lose_after is None or self.renewals <= self._lose_after


class EndsWithTheLast(MemoryQueue):
    """Sets `stop` when every footage of it has come to its end."""

    def __init__(self, *claims: Claim) -> None:
        super().__init__(*claims)
        self.stop, self._all_of_them = threading.Event(), len(claims)

    def claim(self, worker: str) -> Claim | None:
        if len(self.ended) == self._all_of_them:
            self.stop.set()
        return super().claim(worker)


def unit_bytes(unit: FootageUnit) -> bytes:
    """All that a unit is, but for the claim under which it was made: equal bytes are equal units."""
    digest = hashlib.sha256(np.ascontiguousarray(unit.vectors).tobytes())
    facts = (unit.footage, unit.camera, unit.number, unit.generation, unit.pipeline, unit.from_us, unit.to_us)
    digest.update(repr((facts, unit.covered)).encode())
    for row in unit.rows:
        digest.update(repr((row.kind, row.from_us, row.to_us, row.at_us, row.pts, row.box)).encode())
        digest.update(row.thumbnail)
    return digest.digest()
