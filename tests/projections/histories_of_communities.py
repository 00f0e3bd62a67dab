"""Histories of communities, stations and posts, for `tests.projections.histories`: valid, and made of plain numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.communities import community, post, station
from domain.ids import NAMESPACE, community_id, post_id

REGIONS = ("UA-30", "UA-32")

Move = tuple[Callable[[int], Any], object]


def key(kind: str, number: int) -> UUID:
    return uuid5(NAMESPACE, f"test:{kind}:{number}")


class Communities:
    """The part of a district that concerns these; the time is the district's. What is entered may have been so days
    before.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.communities: dict[UUID, bool] = {}  # to whether it joined
        self.stations: dict[UUID, datetime] = {}  # open ones, to since when
        self.posts: dict[UUID, tuple[UUID | None, datetime]] = {}  # account: to where, and since when that is so

    def table(self, salt: int) -> list[Move]:
        some = list(self.communities) or None
        return [
            (self.register_community, True),
            (self.state_population, some),
            (self.join_project, [key for key, joined in self.communities.items() if not joined] or None),
            (self.open_station, some),
            (self.close_station, list(self.stations) or None),
            (self.post_officer, some),
            (self.end_post, self._posted() or None),
        ]

    def register_community(self, salt: int) -> Any:
        region, name = REGIONS[salt % 2], f"Community {len(self.communities)}"
        self.communities[community_id(region, name)] = False
        yield (
            community_id(region, name),
            [community.CommunityRegistered(name=name, region=region, unit=key("unit", salt % 3), by=key("by", salt))],
        )

    def state_population(self, salt: int) -> Any:
        claim = {"population": salt % 90_000, "as_of": self._before(salt), "source": f"source {salt % 4}"}
        yield self._some(salt), [community.PopulationStated(**claim, by=key("by", salt))]

    def join_project(self, salt: int) -> Any:
        outside = [key for key, joined in self.communities.items() if not joined]
        stream = outside[salt % len(outside)]
        self.communities[stream] = True
        yield stream, [community.ProjectJoined(at=self._before(salt), by=key("by", salt))]

    def open_station(self, salt: int) -> Any:
        stream, opened_at = key("station", salt * 1_000 + len(self.stations)), self._before(salt)
        self.stations[stream] = opened_at
        opened = station.StationOpened(
            community=self._some(salt),
            name=f"Station {salt}",
            place="a street",
            latitude=50.0,
            longitude=30.0,
            opened_at=opened_at,
            by=key("by", salt),
        )
        yield stream, [opened]

    def close_station(self, salt: int) -> Any:
        stream = list(self.stations)[salt % len(self.stations)]
        at = max(self.stations.pop(stream), self._before(salt // 2))
        yield stream, [station.StationClosed(at=at, cause="moved", by=key("by", salt))]

    def post_officer(self, salt: int) -> Any:
        account = key("community officer", salt % 6)
        where, since = self.posts.get(account, (None, None))
        if where is not None:
            yield from self._end(account, salt)
            return
        from_at = self._before(salt) if since is None else max(since, self._before(salt))
        self.posts[account] = (self._some(salt), from_at)
        posted = post.PostedToCommunity(
            account=account,
            community=self._some(salt),
            from_at=from_at,
            residence_attested=True,
            by=key("by", salt),
        )
        yield post_id(account), [posted]

    def end_post(self, salt: int) -> Any:
        posted = self._posted()
        yield from self._end(posted[salt % len(posted)], salt)

    def _end(self, account: UUID, salt: int) -> Any:
        where, since = self.posts[account]
        assert where is not None
        at = max(since, self._before(salt // 3))
        self.posts[account] = (None, at)
        yield post_id(account), [post.PostingEnded(community=where, at=at, by=key("by", salt))]

    def _posted(self) -> list[UUID]:
        return [account for account, (where, _) in self.posts.items() if where is not None]

    def _some(self, salt: int) -> UUID:
        return list(self.communities)[salt % len(self.communities)]

    def _before(self, salt: int) -> datetime:
        return self.now() - timedelta(hours=salt % 40)
