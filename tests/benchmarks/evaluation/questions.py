"""A corpus is what is asked of what: films of cameras, and questions with the spans that answer them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

import msgspec

from gpu_jobs.work_queue import Claim
from tests.benchmarks.evaluation.metrics import Span

RECORDED_AT_US = 1_779_000_000_000_000
APART_US = 3_600_000_000  # films of a corpus do not overlap in time


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One wording. `about`: the same in every wording of a question, which are resampled together. No spans: it has no
    answer, and what a search names is a false alarm."""

    about: str
    language: Literal["en", "uk"]
    text: str
    truth: tuple[Span, ...]
    unsure: tuple[Span, ...] = ()
    strata: frozenset[str] = frozenset()


class Film(msgspec.Struct, frozen=True, kw_only=True):
    camera: str
    file: Path
    seconds: float
    number: int

    @property
    def recorded_at_us(self) -> int:
        return RECORDED_AT_US + self.number * APART_US

    def claim(self) -> Claim:
        return Claim(
            footage=hashlib.sha256(self.file.read_bytes()).hexdigest(),
            path=self.file,
            camera=self.camera,
            recorded_at_us=self.recorded_at_us,
            uncertainty_us=0,
            fence=1,
            lease_seconds=3600,
        )


class Corpus(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    films: tuple[Film, ...]
    questions: tuple[Question, ...]

    @property
    def answerable(self) -> tuple[Question, ...]:
        return tuple(one for one in self.questions if one.truth)

    @property
    def unanswerable(self) -> tuple[Question, ...]:
        return tuple(one for one in self.questions if not one.truth)

    @property
    def minutes(self) -> float:
        return sum(film.seconds for film in self.films) / 60
