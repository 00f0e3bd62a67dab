"""How footage is looked at: what the deployment has, where nobody chose otherwise for a camera."""

from __future__ import annotations

import msgspec
from msgspec.structs import asdict

from app.deployment import Settings
from domain.camera_indexing import UPRIGHT, IndexingConfigured
from gpu_jobs.masking import Masking
from gpu_jobs.repeats import Repeats
from gpu_jobs.settings import PipelineSettings


class Looking(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for a camera: as in `domain.camera_indexing.IndexingConfigured`, nothing left open."""

    frames_per_second: float
    heartbeat_seconds: int
    tiles_across: int
    masked_heads: str
    merge_repeats: bool
    detect_things: bool  # never where the deployment has no detector

    def pipeline(self, settings: Settings) -> PipelineSettings:
        """What that is to a worker of the deployment."""
        return msgspec.structs.replace(
            PipelineSettings.at_rate(self.frames_per_second),
            heartbeat_seconds=self.heartbeat_seconds,
            tiles_across=self.tiles_across,
            masking=Masking(heads="upright" if self.masked_heads == UPRIGHT else "found"),
            repeats=Repeats() if self.merge_repeats else Repeats(differ_levels=0),
            detector=settings.detector if self.detect_things else None,
        )


def looking(settings: Settings, chosen: IndexingConfigured = IndexingConfigured()) -> Looking:  # noqa: B008 (immutable)
    """What holds for a camera for which this was chosen."""
    held = {name: getattr(settings, name) if value is None else value for name, value in asdict(chosen).items()}
    return Looking(**{**held, "detect_things": held["detect_things"] and settings.detector is not None})
