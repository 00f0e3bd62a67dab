"""The pipelines of one worker: one for each configuration that it meets, over one model, one detector and one room."""

from __future__ import annotations

import threading

from gpu_jobs.detector import DetectorSettings, OnnxDetector
from gpu_jobs.embedding import Embedding
from gpu_jobs.masking import FaceMask
from gpu_jobs.overlap import Room
from gpu_jobs.pipeline import UNITS_MAX, FootagePipeline
from gpu_jobs.settings import PipelineSettings
from search_index.encoder import Encoder


class Pipelines:
    """Threads may share it. However many footages are worked on, no more units are in memory than a few."""

    def __init__(self, encoder: Encoder, *, threads: int, footages_at_once: int) -> None:
        """Raises ModelUnavailable where the face detector is missing."""
        self._embedding, self._mask = Embedding(encoder, threads), FaceMask()
        self._room = Room(max(UNITS_MAX, footages_at_once + 1))
        self._detectors: dict[DetectorSettings, OnnxDetector] = {}
        self._known: dict[str, FootagePipeline] = {}
        self._lock = threading.Lock()

    def of(self, settings: PipelineSettings) -> FootagePipeline:
        """Raises ModelUnavailable where its object detector is missing or another one."""
        with self._lock:
            digest = settings.digest()
            if digest not in self._known:
                mask = self._mask.with_settings(settings.masking)
                encoder = self._embedding.encoder
                self._known[digest] = FootagePipeline(
                    encoder,
                    settings,
                    mask=mask,
                    detector=self._detector(settings.detector),
                    embedding=self._embedding,
                    room=self._room,
                )
            return self._known[digest]

    def _detector(self, settings: DetectorSettings | None) -> OnnxDetector | None:
        if settings is None:
            return None
        if settings not in self._detectors:
            self._detectors[settings] = OnnxDetector(settings)
        return self._detectors[settings]
