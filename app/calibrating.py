"""What scores mean with the model in force: its null rows, made once and kept, and a yardstick for each question."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from app.instants import from_us
from domain.footage_search import FoundMoment
from domain.footage_state import Footage
from domain.strength import percentile_of, strength_of
from gpu_jobs.nulls import pictures as nulls
from gpu_jobs.offline_model.reading import parse_query
from search_index.answer import Moment
from search_index.calibration import Calibration, CalibrationDamaged, Yardstick
from search_index.encoder import Encoder


@dataclass(frozen=True)
class Calibrations:
    """The calibration of one model, in a file of the data directory named after the model's generation.

    What is there is kept: percentiles mean the same after the null pictures of a later program have changed. Threads
    may share it; the first who asks makes it, and the others wait.
    """

    folder: Path
    encoder: Encoder
    _made: list[Calibration] = field(default_factory=list)
    _digest: list[str] = field(default_factory=list)
    _making: threading.Lock = field(default_factory=threading.Lock)

    def calibration(self) -> Calibration:
        """Read it, or make it where it is not there or damaged: a thousand pictures for the model. Raises OSError."""
        with self._making:
            if not self._made:
                self._made.append(self._kept() or self._make())
            return self._made[0]

    def digest(self) -> str:
        """Of the calibration, reckoned once: it is a megabyte, and every search names it."""
        if not self._digest:
            self._digest.append(self.calibration().digest())
        return self._digest[0]

    @property
    def path(self) -> Path:
        return self.folder / f"{self.encoder.manifest.digest()}.nulls"

    def yardstick(self, query: NDArray[np.float32], text: str) -> Yardstick:
        """What this query's scores mean. Null pictures that show what the text asks for are left out of it; which they
        are is read from the text as the offline model reads it, whatever the model."""
        facts = parse_query(text).facts
        return self.calibration().yardstick(query, {kind: nulls.showing(kind, facts) for kind in nulls.KINDS})

    def _kept(self) -> Calibration | None:
        try:
            return Calibration.read(self.path)
        except FileNotFoundError:
            return None
        except CalibrationDamaged as damage:
            structlog.get_logger().warning("calibration is made anew", fault=str(damage))
            return None

    def _make(self) -> Calibration:
        vectors = {kind: self.encoder.embed_images(nulls.images(kind)) for kind in nulls.KINDS}
        made = Calibration.of(self.encoder.manifest.digest(), nulls.digest(), vectors)
        self.folder.mkdir(exist_ok=True, mode=0o700)
        made.write(self.path)
        structlog.get_logger().info("calibrated", model=made.generation, calibration=made.digest())
        return made


def found_moment(rank: int, moment: Moment, footage: Footage, yardstick: Yardstick, rows: int) -> FoundMoment:
    """A moment as it goes on record, of a search over so many rows."""
    best = moment.best
    percentile = percentile_of(yardstick.chance(best.kind, best.score))
    return FoundMoment(
        rank=rank,
        camera=footage.camera,
        from_at=from_us(moment.from_us),
        to_at=from_us(moment.to_us),
        best_at=from_us(best.at_us),
        uncertainty_seconds=footage.uncertainty_seconds,
        footage_sha256=best.footage,
        row=best.row,
        score=best.score,
        box=(best.box.x, best.box.y, best.box.width, best.box.height),
        pictured=best.pictured,
        row_kind=best.kind,
        percentile=percentile,
        strength=strength_of(percentile, rows),
    )
