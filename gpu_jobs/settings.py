"""All that decides, beside the model, which rows a footage gives."""

from __future__ import annotations

import hashlib
from typing import Self

import msgspec

from gpu_jobs.detector import DetectorSettings
from gpu_jobs.masking import Masking
from gpu_jobs.motion import Motion
from gpu_jobs.repeats import Repeats
from gpu_jobs.sampling import Sampling
from gpu_jobs.units import Cutting


class PipelineSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that decides, beside the model, which rows a footage gives."""

    revision: int = 3  # of the code: raised whenever equal settings would give other rows
    sampling: Sampling = Sampling()
    cutting: Cutting = Cutting()
    motion: Motion = Motion()
    masking: Masking = Masking()
    heartbeat_seconds: int = 10  # a picture of a scene in which nothing moves
    tiles_across: int = 3  # parts of it, for what is small and still; 0 for none
    repeats: Repeats = Repeats()
    detector: DetectorSettings | None = None  # of things that stand still; none unless the operator brings one
    frame_side_px_max: int = 1920  # larger frames are made smaller: a unit of them is held in memory

    def __post_init__(self) -> None:
        if not 1 <= self.heartbeat_seconds <= 600:
            raise ValueError(f"heartbeat_seconds: {self.heartbeat_seconds} is not within 1 and 600")
        if not 0 <= self.tiles_across <= 8:
            raise ValueError(f"tiles_across: {self.tiles_across} is not within 0 and 8")
        if not 128 <= self.frame_side_px_max <= 4096:
            raise ValueError(f"frame_side_px_max: {self.frame_side_px_max} is not within 128 and 4096")
        if self.cutting.unit_seconds / self.sampling.period_seconds > 300:
            raise ValueError(
                "cutting.unit_seconds: a unit would hold more than 300 sampled frames in memory; "
                "make it shorter or sampling.period_seconds longer"
            )

    @classmethod
    def at_rate(cls, frames_per_second: float) -> Self:
        """The usual settings with another rate of sampling."""
        period = 1 / frames_per_second
        keyframe_gap = period if frames_per_second > 1 else 2 * period  # who asks for more than is usual gets it
        return cls(
            sampling=Sampling(
                period_seconds=period,
                keyframe_gap_seconds_max=keyframe_gap,
                gap_seconds=max(Sampling().gap_seconds, 2 * period),
            )
        )

    def document(self) -> bytes:
        """The canonical JSON form, in which a model is its digest, wherever its file lies."""
        detector = self.detector
        if detector:
            detector = msgspec.structs.replace(detector, path="", sha256=detector.sha256.lower())
        return msgspec.json.encode(msgspec.structs.replace(self, detector=detector), order="deterministic")

    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON form."""
        return hashlib.sha256(self.document()).hexdigest()
