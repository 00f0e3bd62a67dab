"""Coverage at any date is what a hand counts from the events: by when things were so, not by when they were entered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

from domain.communities.community import CommunityRegistered, PopulationStated, ProjectJoined
from domain.communities.post import PostedToCommunity, PostingEnded
from domain.communities.station import StationClosed, StationOpened
from domain.event import Event, Meta, Recorded
from domain.ids import community_id, post_id
from domain.log import Change
from projections.communities import coverage, places, posts
from projections.communities.coverage import Figures
from projections.database import ViewsDatabase
from projections.projector import Projector
from tests.fakes_log import MemoryEventLog
from tests.projections.histories import START, STEP
from tests.projections.histories_of_communities import Communities

UNIT, BY = uuid4(), uuid4()
NAMES = {"Боярська": "UA-32", "Обухівська": "UA-32", "Бучанська": "UA-32", "Подільська": "UA-30"}
BOIARKA, OBUKHIV, BUCHA, PODIL = (community_id(region, name) for name, region in NAMES.items())
IVAN, OLHA, PETRO = uuid4(), uuid4(), uuid4()


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


class Told:
    """A history told event by event, each entered a minute after the one before: later than it was so."""

    def __init__(self, log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> None:
        self.log, self.database, self.projector = log, database, projector
        self.now = START

    def tell(self, stream: UUID, *events: Event) -> None:
        self.now += STEP
        meta = Meta(
            actor=BY,
            role="supervisor",
            purpose="administration",
            command_id=uuid4(),
            correlation_id=uuid4(),
            recorded_at=self.now,
        )
        self.log.append([Change(stream, len(self.log.events(stream)), events)], meta)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self.projector.catch_up()
        assert self.projector.parked() == []
        with self.database.reading() as connection:
            yield connection

    def events(self) -> list[Recorded]:
        return [each for each in self.log.read(limit=100_000) if isinstance(each, Recorded)]


@pytest.fixture
def told(log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> Told:
    return Told(log, database, projector)


def station(community: UUID, opened_at: datetime) -> StationOpened:
    public = {"name": "Станція", "place": "вул. Шевченка, 1", "latitude": 50.3, "longitude": 30.3}
    return StationOpened(community=community, opened_at=opened_at, by=BY, **public)


def posted(account: UUID, community: UUID, from_at: datetime) -> PostedToCommunity:
    return PostedToCommunity(account=account, community=community, from_at=from_at, residence_attested=True, by=BY)


def stated(population: int, as_of: datetime, source: str = "Держстат") -> PopulationStated:
    return PopulationStated(population=population, as_of=as_of, source=source, by=BY)


STATION, OTHER_STATION = uuid4(), uuid4()


def told_years(told: Told) -> None:
    """Two years of a programme, entered in one day of the year after, and not in the order in which it came about."""
    for name, region in NAMES.items():
        told.tell(community_id(region, name), CommunityRegistered(name=name, region=region, unit=UNIT, by=BY))
    told.tell(BOIARKA, ProjectJoined(at=day(2024, 1, 1), by=BY), stated(60_000, day(2022, 1, 1)))
    told.tell(OBUKHIV, ProjectJoined(at=day(2025, 1, 1), by=BY), stated(58_000, day(2024, 6, 1), "Громада"))
    told.tell(PODIL, ProjectJoined(at=day(2024, 1, 1), by=BY), stated(198_000, day(2022, 1, 1)))
    told.tell(BOIARKA, stated(55_000, day(2025, 1, 1), "Громада"))
    told.tell(BOIARKA, stated(70_000, day(2021, 1, 1)))  # older, and entered last: it counts for no later date
    told.tell(STATION, station(BOIARKA, day(2024, 3, 1)), StationClosed(at=day(2025, 2, 1), cause="moved", by=BY))
    told.tell(OTHER_STATION, station(OBUKHIV, day(2025, 3, 1)))
    told.tell(post_id(PETRO), posted(PETRO, PODIL, day(2024, 2, 1)))
    told.tell(post_id(OLHA), posted(OLHA, BUCHA, day(2025, 2, 1)))  # of Bucha nobody said how many live there
    told.tell(post_id(IVAN), posted(IVAN, BOIARKA, day(2024, 2, 1)))
    told.tell(
        post_id(IVAN),
        PostingEnded(community=BOIARKA, at=day(2025, 2, 1), by=BY, cause="handed-over"),
        posted(IVAN, OBUKHIV, day(2025, 2, 1)),
    )


def recount(events: list[Recorded], region: str | None, at: datetime) -> Figures:
    """By hand: one pass over the events, and nothing of what the views are made of."""
    where = {each.stream: each.event.region for each in events if isinstance(each.event, CommunityRegistered)}
    inside = {key for key, of in where.items() if region in (None, of)}
    posted_to: dict[UUID, UUID] = {}
    joined, stations, claims = set[UUID](), set[UUID](), dict[UUID, tuple[datetime, int]]()
    for each in sorted(events, key=lambda each: (each.stream, each.version)):
        match each.event:
            case ProjectJoined(at=since) if since <= at and each.stream in inside:
                joined.add(each.stream)
            case PopulationStated(population=population, as_of=as_of) if as_of <= at:
                if each.stream not in claims or claims[each.stream][0] <= as_of:
                    claims[each.stream] = (as_of, population)
            case StationOpened(community=community, opened_at=since) if since <= at and community in inside:
                stations.add(each.stream)
            case StationClosed(at=until) if until <= at:
                stations.discard(each.stream)
            case PostedToCommunity(account=account, community=community, from_at=since) if since <= at:
                posted_to[account] = community
            case PostingEnded(at=until) if until <= at:
                (account,) = {key for key in posted_to if post_id(key) == each.stream}
                del posted_to[account]
    serving = [community for community in posted_to.values() if community in inside]
    residents = sum(claims[key][1] for key in set(serving) if key in claims)
    return Figures(len(serving), len(joined), len(stations), residents)


class Date(NamedTuple):
    at: datetime
    everywhere: Figures  # counted on paper
    kyiv_oblast: Figures


DATES = (
    Date(day(2024, 1, 31), Figures(0, 2, 0, 0), Figures(0, 1, 0, 0)),
    Date(day(2024, 12, 31), Figures(2, 2, 1, 258_000), Figures(1, 1, 1, 60_000)),
    Date(day(2025, 6, 1), Figures(3, 3, 1, 256_000), Figures(2, 2, 1, 58_000)),
)


@pytest.mark.parametrize("date", DATES, ids=lambda date: f"{date.at:%Y-%m-%d}")
def test_coverage_at_a_date_is_the_recount_of_the_events(told: Told, date: Date) -> None:
    told_years(told)
    with told.reading() as views:
        for region, expected in ((None, date.everywhere), ("UA-32", date.kyiv_oblast)):
            assert coverage.figures(views, region, date.at) == expected
            assert recount(told.events(), region, date.at) == expected


def test_it_begins_and_ends_at_the_instant(told: Told) -> None:
    told_years(told)
    handed_over, second = day(2025, 2, 1), timedelta(microseconds=1)
    with told.reading() as views:
        before, after = (coverage.reached_page(views, "UA-32", at).items for at in (handed_over - second, handed_over))
        assert [each.name for each in before] == ["Боярська"]
        assert [each.name for each in after] == ["Бучанська", "Обухівська"]
        opened = [coverage.figures(views, None, at).stations for at in (handed_over - second, handed_over)]
        assert opened == [1, 0]


def test_every_resident_is_a_claim_with_source_and_date_and_where_nobody_said_it_is_told(told: Told) -> None:
    told_years(told)
    at = day(2025, 6, 1)
    with told.reading() as views:
        bucha, obukhiv, podil = coverage.reached_page(views, None, at).items
        assert (bucha.population, bucha.source, bucha.as_of) == (None, None, None)
        assert (obukhiv.population, obukhiv.source, obukhiv.as_of) == (58_000, "Громада", day(2024, 6, 1))
        assert podil.stated_at is not None
        assert podil.stated_at > podil.as_of, "entered later than it was so"
        whole = coverage.coverage(views, None, at)
        assert (whole.reached, whole.unstated) == (3, 1)
        (early,) = coverage.reached_page(views, "UA-32", day(2024, 12, 31)).items
        assert early.population == 60_000, "what was said as of a later day, or an earlier, does not count"
        regions = coverage.by_region(views, at)
        assert {region: each.officers for region, each in regions.items()} == {"UA-30": 1, "UA-32": 2}
        assert coverage.by_region(views, day(2023, 1, 1)) == {}


def test_what_is_entered_late_changes_the_answer_for_the_past_and_says_when_it_was_entered(told: Told) -> None:
    told_years(told)
    at = day(2024, 1, 31)
    with told.reading() as views:
        assert coverage.figures(views, None, at).officers == 0
    told.tell(post_id(BY), posted(BY, BUCHA, day(2024, 1, 1)))
    with told.reading() as views:
        assert coverage.figures(views, None, at).officers == 1
        (late,) = posts.posting_page(views, active_at=at).items
        assert (late.from_at, late.posted_recorded_at) == (day(2024, 1, 1), told.now)


def test_what_a_reader_finds_of_communities_stations_and_posts(told: Told) -> None:
    told_years(told)
    with told.reading() as views:
        assert [each.name for each in places.community_page(views, region="UA-32").items] == [
            "Боярська", "Бучанська", "Обухівська",
        ]  # fmt: skip
        shown = places.community(views, BOIARKA)
        assert shown is not None
        assert (shown.joined_at, shown.version) == (day(2024, 1, 1), 5)
        assert [each.population for each in places.populations_of(views, BOIARKA)] == [60_000, 55_000, 70_000]
        then, now = (places.station_page(views, at).items for at in (day(2024, 12, 31), day(2025, 6, 1)))
        assert [(each.community_name, each.state) for each in then] == [("Боярська", "open")]
        assert [(each.state, each.cause) for each in now] == [("closed", "moved"), ("open", None)]
        first, second = posts.postings_of(views, IVAN)
        assert (first.until_at, first.cause, second.until_at) == (second.from_at, "handed-over", None)
        assert posts.posting_page(views, community=OBUKHIV).items == (second,)


def test_any_history_is_recounted_alike(told: Told) -> None:
    lived = Communities(lambda: told.now)
    for step in range(400):
        possible = [make for make, needs in lived.table(step * 7) if needs is not None]
        for stream, events in possible[(step * 5 + step // 7) % len(possible)](step * 13):
            told.tell(stream, *events)
    events = told.events()
    assert len({type(each.event) for each in events}) == 7
    instants = [START + timedelta(hours=hours) for hours in (-30, -20, -9, -1, 3, 7)]
    with told.reading() as views:
        for region in (None, "UA-30", "UA-32"):
            found = [coverage.figures(views, region, at) for at in instants]
            assert found == [recount(events, region, at) for at in instants]
            assert sum(earlier != later for earlier, later in pairwise(found)) > 3, "they tell the dates apart"
