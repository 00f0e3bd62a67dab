"""Histories of the CCTV network as a whole, for `tests.projections.histories`: valid ones, made of plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.camera_network.analytics import AnalyticsDeclared
from domain.camera_network.camera_import import CamerasImported
from domain.camera_network.programme import CamerasFunded, FundingWithdrawn, Goal, ProgrammeAdopted
from domain.ids import NAMESPACE, programme_id

REGIONS = ("UA-30", "UA-32", "UA-09")
GOAL_KINDS = ("cameras", "officers", "stations")

Move = tuple[Callable[[int], Any], object]


class CameraNetwork:
    """The part of a district that concerns it; the time and the cameras are the district's."""

    def __init__(self, now: Callable[[], datetime], cameras: Mapping[UUID, str]) -> None:
        self.now, self.cameras = now, cameras
        self.programmes: dict[UUID, tuple[int, ...]] = {}  # to the numbers of its fundings; negative: withdrawn
        self.imports = 0

    def table(self, salt: int) -> list[Move]:
        standing = [key for key, state in self.cameras.items() if state in ("working", "out")]
        return [
            (self.declare_analytics, standing or None),
            (self.adopt_programme, True if salt % 4 == 0 else None),
            (self.fund_cameras, (self.programmes and self.cameras) or None),
            (self.withdraw_funding, self._funded(salt)),
            (self.import_cameras, True if salt % 5 == 0 else None),
        ]

    def declare_analytics(self, salt: int) -> Any:
        standing = [key for key, state in self.cameras.items() if state in ("working", "out")]
        yield standing[salt % len(standing)], [AnalyticsDeclared(analytics=salt % 2 == 0, from_at=self.now())]

    def adopt_programme(self, salt: int) -> Any:
        name, region = f"programme {len(self.programmes)}", REGIONS[salt % 3]
        key, to_at = programme_id(region, name), self.now() + timedelta(days=365)
        self.programmes[key] = ()
        goals = tuple(Goal(kind=kind, target=1 + salt, by=to_at) for kind in GOAL_KINDS[: 1 + salt % 3])
        yield (
            key,
            [
                ProgrammeAdopted(
                    name=name,
                    region=region,
                    from_at=self.now(),
                    to_at=to_at,
                    funder="region",
                    goals=goals,
                    by=self._by(salt),
                )
            ],
        )

    def fund_cameras(self, salt: int) -> Any:
        key, cameras = list(self.programmes)[salt % len(self.programmes)], list(self.cameras)
        number = len(self.programmes[key]) + 1
        self.programmes[key] += (number,)
        chosen = tuple(cameras[salt % len(cameras) :][: 1 + salt % 4])
        funded = CamerasFunded(
            number=number, cameras=chosen, amount_kopecks=100 + salt, funder=f"funder {salt % 3}", by=self._by(salt)
        )
        yield key, [funded]

    def withdraw_funding(self, salt: int) -> Any:
        key = self._funded(salt)
        number = next(each for each in self.programmes[key] if each > 0)
        self.programmes[key] = tuple(-each if each == number else each for each in self.programmes[key])
        yield key, [FundingWithdrawn(number=number, by=self._by(salt))]

    def import_cameras(self, salt: int) -> Any:
        self.imports += 1
        counts = {"rows": 10, "registered": 7, "already": 2, "refused": 1}
        key = uuid5(NAMESPACE, f"test:camera import:{self.imports}")
        yield key, [CamerasImported(sha256=f"{self.imports:064x}", **counts, by=self._by(salt))]

    def _funded(self, salt: int) -> Any:
        among = [key for key, numbers in self.programmes.items() if any(each > 0 for each in numbers)]
        return among[salt % len(among)] if among and salt % 2 else None

    def _by(self, salt: int) -> UUID:
        return uuid5(NAMESPACE, f"test:by:{salt % 5}")
