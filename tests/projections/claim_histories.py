"""Histories of claims, for `tests.projections.histories`: valid ones, made of plain numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from domain.ids import NAMESPACE, claim_id
from domain.national import claim

MEASURES = ("cameras", "stations", "incidents-by")
REGIONS = ("", "UA-30", "UA-09")

Move = tuple[Callable[[int], Any], object]


class Claims:
    """The part of a district that concerns these."""

    def __init__(self) -> None:
        self.claims: dict[UUID, str] = {}  # to its state

    def table(self, salt: int) -> list[Move]:
        return [
            (self.state_claim, True),
            (self.correct_claim, self._claim(salt)),
            (self.withdraw_claim, self._claim(salt) if salt % 3 == 0 else None),
        ]

    def state_claim(self, salt: int) -> Any:
        measure, region, source = MEASURES[salt % 3], REGIONS[salt % 2], f"source {len(self.claims)}"
        stream = claim_id(measure, region, "2021-05", source)
        self.claims[stream] = claim.STATED
        stated = claim.ClaimStated(measure=measure, region=region, by=self._by(salt), **self._saying(salt, source))
        yield stream, [stated]

    def correct_claim(self, salt: int) -> Any:
        saying = self._saying(salt + 1, f"source {salt}")
        yield self._claim(salt), [claim.ClaimCorrected(cause="misread", by=self._by(salt), **saying)]

    def withdraw_claim(self, salt: int) -> Any:
        stream = self._claim(salt)
        self.claims[stream] = claim.WITHDRAWN
        yield stream, [claim.ClaimWithdrawn(cause="no-source", by=self._by(salt))]

    def _saying(self, salt: int, source: str) -> dict[str, Any]:
        since = "2021-01" if salt % 2 else ""
        return {"value": salt, "precision": "about", "as_of": "2021-05", "since": since, "source": source}

    def _by(self, salt: int) -> UUID:
        return uuid5(NAMESPACE, f"test:by:{salt}")

    def _claim(self, salt: int) -> Any:
        among = [stream for stream, state in self.claims.items() if state == claim.STATED]
        return among[salt % len(among)] if among else None
