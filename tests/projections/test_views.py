"""What each view shows after a history that a person can follow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from domain import account, camera, footage_events, footage_search, incident, policy, role_grant, search_coverage, unit
from domain import authorisation_events as authority
from domain.camera_day import TimeFreed, TimeTaken
from domain.camera_indexing import IndexingConfigured
from domain.disclosure import Disclosed
from domain.event import TOPICS, Event, Meta
from domain.example import MarkedAsExample
from domain.footage import DECIDER as FOOTAGE
from domain.footage import claimable
from domain.footage_of_camera import DURATION_SECONDS_MAX
from domain.footage_state import Footage
from domain.ids import POLICY_STREAM, account_id, camera_id, footage_id, role_grant_id
from domain.keeping_events import ClockCorrected
from domain.log import Change
from domain.personal import FileName, Narrative, PersonName, Reason, SearchQuery
from domain.sealed import Sealed
from domain.sign_in import SignedIn, SignInRefused
from projections import authorisation_queries as authorities
from projections import (
    cameras,
    disclosures,
    incident_board,
    incident_timeline,
    ledger_queries,
    organisation,
    organisation_queries,
    shelf_queries,
    sign_ins,
)
from projections.authorisations import authorisations, denials
from projections.clock_queries import corrected_after, corrected_since, corrections_of
from projections.database import ViewsDatabase
from projections.projector import Projector
from projections.search_ledger import searches
from projections.shelf_queries import Span
from projections.views import VIEWS
from tests.fakes_log import MemoryEventLog, open_token
from tests.projections.folding_tools import random_moves
from tests.projections.histories import START, District, write

MINUTE = timedelta(minutes=1)


class Told:
    """A history told event by event, a minute each, and folded at once."""

    def __init__(self, log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> None:
        self.log, self.database, self.projector = log, database, projector
        self.now = START
        self.actor = uuid4()

    def tell(self, stream: UUID, *events: Event) -> datetime:
        """Returns when it was recorded."""
        self.now += MINUTE
        meta = Meta(
            actor=self.actor,
            role="investigator",
            purpose="case 12/26",
            command_id=uuid4(),
            correlation_id=uuid4(),
            recorded_at=self.now,
        )
        version = sum(1 for _ in self.log.stream(stream))
        self.log.append([Change(stream, version, events)], meta)
        return self.now

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self.projector.catch_up()
        assert self.projector.parked() == []
        with self.database.reading() as connection:
            yield connection


@pytest.fixture
def told(log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> Told:
    return Told(log, database, projector)


def test_every_event_there_is_reaches_a_view() -> None:
    folded = {kind for view in VIEWS for kind in view.folds}
    unshown = {
        *(TimeTaken.__name__, TimeFreed.__name__),  # decided on; the footage's own events tell the same
        MarkedAsExample.__name__,  # told by every answer of such a deployment
    }
    assert {kind.__name__ for kind in TOPICS.values() if kind.__module__.startswith("domain.")} == {
        *(kind.__name__ for kind in folded),
        *unshown,
    }


def test_histories_hold_every_event_there_is() -> None:
    log = MemoryEventLog()
    district = District()
    for seed in range(5):
        write(log, random_moves(1_600, seed), district)
    for part in (district.of_reports, district.of_referrals, district.of_sharing, district.of_webhooks):
        for choice, salt in random_moves(400, 9):  # what takes many steps of one thing, among those of so many others
            possible = [make for make, needed in part.table(salt) if needed is not None]
            log.append(*district.do(possible[choice % len(possible)], salt))
    district_kinds = {type(row.event) for row in log.read(limit=100_000)}
    assert {kind.__name__ for view in VIEWS for kind in view.folds} == {kind.__name__ for kind in district_kinds}


# ------------------------------------------------------------------ incidents


def recorded(*, of: UUID, officer: UUID, kind: str = "theft", region: str = "UA-30", days: int = 0) -> Event:
    subject = uuid4()
    return incident.IncidentRecorded(
        kind=kind,
        occurred_from=START + timedelta(days=days),
        occurred_to=START + timedelta(days=days, hours=1),
        region=region,
        community="Подільська",
        unit=of,
        officer=officer,
        narrative=Sealed(subject, Narrative("Зник велосипед")),
        names=(subject,),
    )


def test_board_counts_children_and_moments(told: Told) -> None:
    key, of, officer = uuid4(), uuid4(), uuid4()
    child, other, search, seen_by = uuid4(), uuid4(), uuid4(), camera_id("CAM-1")
    at = told.tell(key, recorded(of=of, officer=officer))
    told.tell(key, incident.ChildLinked(child=child, pseudonym="CH-4F2A", role="victim"))
    told.tell(key, incident.ChildLinked(child=child, pseudonym="CH-4F2A", role="witness"))
    told.tell(key, incident.ChildLinked(child=other, pseudonym="CH-0001", role="offender"))
    linked = incident.FootageLinked(
        footage_sha256="ab" * 32, camera=seen_by, from_at=START, to_at=START + MINUTE, search=search, rank=2
    )
    told.tell(key, linked)
    changed_at = told.tell(key, incident.IncidentReclassified(kind="assault", reason=Sealed(key, Reason("hurt"))))
    with told.reading() as connection:
        shown = incident_board.incident(connection, key)
        assert shown == incident_board.BoardIncident(
            incident=key,
            kind="assault",
            unit=of,
            region="UA-30",
            community="Подільська",
            occurred_from=START,
            occurred_to=START + timedelta(hours=1),
            officer=officer,
            children_count=2,
            footage_count=1,
            has_place=False,
            unheard=0,
            state="open",
            recorded_at=at,
            changed_at=changed_at,
            version=6,
        )
        links = incident_board.children_of(connection, key)
        moments = incident_board.footage_of(connection, key)
        assert incident_board.incident(connection, uuid4()) is None
    assert [(link.pseudonym, link.role) for link in links] == [
        ("CH-0001", "offender"), ("CH-4F2A", "victim"), ("CH-4F2A", "witness"),
    ]  # fmt: skip
    assert [(moment.version, moment.camera, moment.search, moment.rank) for moment in moments] == [
        (5, seen_by, search, 2)
    ]


def test_board_is_filtered_by_whom_it_concerns(told: Told) -> None:
    mine, theirs, me, colleague = uuid4(), uuid4(), uuid4(), uuid4()
    own, led, foreign, voided = uuid4(), uuid4(), uuid4(), uuid4()
    told.tell(own, recorded(of=mine, officer=colleague, days=1))
    told.tell(led, recorded(of=theirs, officer=me, kind="bullying", days=2))
    told.tell(foreign, recorded(of=theirs, officer=colleague, region="UA-09", days=3))
    told.tell(voided, recorded(of=mine, officer=me, days=4))
    told.tell(voided, incident.IncidentVoided(reason=Sealed(voided, Reason("twice"))))

    with told.reading() as connection:

        def keys(**filters: object) -> list[UUID]:
            page = incident_board.incident_page(connection, **filters)  # type: ignore[arg-type]
            return [item.incident for item in page.items]

        columns = incident_board.incidents.c

        assert keys() == [foreign, led, own]
        assert keys(state=None) == [voided, foreign, led, own]
        assert keys(state="voided") == [voided]
        assert keys(only=(columns.unit == mine) | (columns.officer == me)) == [led, own]
        assert keys(unit=theirs) == [foreign, led]
        assert keys(officer=colleague) == [foreign, own]
        assert keys(region="UA-09") == [foreign]
        assert keys(kind="bullying", unit=mine) == []
        assert keys(occurred_after=START + timedelta(days=2)) == [foreign, led]
        assert keys(occurred_before=START + timedelta(days=2)) == [own]


def test_timeline_shows_who_when_why_and_keeps_sealed_parts_sealed(told: Told, log: MemoryEventLog) -> None:
    key = uuid4()
    at = told.tell(key, recorded(of=uuid4(), officer=uuid4()))
    told.tell(key, incident.ChildLinked(child=uuid4(), pseudonym="CH-4F2A", role="victim"))
    told.tell(uuid4(), recorded(of=uuid4(), officer=uuid4()))
    with told.reading() as connection:
        first = incident_timeline.timeline_page(connection, key, limit=1)
        rest = incident_timeline.timeline_page(connection, key, cursor=first.next_cursor)
    (entry,) = first.items
    stored = log.read(limit=1)[0].event
    assert isinstance(stored, incident.IncidentRecorded)
    assert (entry.position, entry.version, entry.topic) == (1, 1, "incident.recorded")
    assert (entry.recorded_at, entry.actor, entry.role, entry.purpose) == (at, told.actor, "investigator", "case 12/26")
    facts = entry.read_facts()
    assert facts["kind"] == "theft"
    assert facts["community"] == "Подільська"
    assert facts["narrative"] == {"sealed": 0, "subject": str(stored.narrative.subject)}
    assert entry.sealed == (stored.narrative.token,)
    assert (entry.sealed[0].stream, entry.sealed[0].version, entry.sealed[0].topic) == (key, 1, "incident.recorded")
    assert open_token(entry.sealed[0], Narrative) == Narrative("Зник велосипед")
    assert "велосипед" not in entry.facts
    assert [item.version for item in rest.items] == [2]
    assert rest.items[0].sealed == ()
    assert rest.next_cursor is None


# ------------------------------------------------------------------ cameras and footage


def registered(name: str, region: str = "UA-30", *, analytics: bool = False) -> camera.CameraRegistered:
    return camera.CameraRegistered(
        name=name,
        region=region,
        community="Подільська",
        owner="місто",
        place="Школа 4, ворота",
        place_kind="school-gate",
        analytics=analytics,
        installed_at=START,
    )


def test_cameras_by_region_with_their_outages(told: Told) -> None:
    one, two, far, gone = (camera_id(name) for name in ("KYIV-1", "KYIV-2", "LUH-1", "KYIV-0"))
    told.tell(two, registered("KYIV-2", analytics=True))
    told.tell(one, registered("KYIV-1"))
    told.tell(far, registered("LUH-1", "UA-09"))
    told.tell(gone, registered("KYIV-0"))
    told.tell(one, camera.OutageReported(from_at=START + 1 * MINUTE))
    told.tell(one, camera.CameraRestored(at=START + 5 * MINUTE))
    told.tell(one, camera.OutageReported(from_at=START + 9 * MINUTE))
    told.tell(one, IndexingConfigured(tiles_across=0, masked_heads="upright"))
    told.tell(one, IndexingConfigured(tiles_across=0, merge_repeats=False))
    told.tell(gone, camera.OutageReported(from_at=START + 2 * MINUTE))
    told.tell(gone, camera.CameraDecommissioned(at=START + 4 * MINUTE))
    with told.reading() as connection:
        everyone = cameras.camera_page(connection)
        assert [item.name for item in everyone.items] == ["LUH-1", "KYIV-0", "KYIV-1", "KYIV-2"]
        assert [item.state for item in everyone.items] == ["working", "decommissioned", "out", "working"]
        shown = cameras.camera(connection, one)
        assert shown is not None
        assert (shown.outages, shown.version, shown.place_kind, shown.latitude) == (2, 6, "school-gate", None)
        assert (shown.tiles_across, shown.masked_heads, shown.merge_repeats) == (0, None, False)
        assert not cameras.any_masks(connection, "upright")
        assert [item.name for item in cameras.camera_page(connection, region="UA-30", state="out").items] == ["KYIV-1"]
        assert [item.name for item in cameras.camera_page(connection, analytics=True).items] == ["KYIV-2"]
        assert cameras.camera_page(connection, owner="nobody").items == ()
        assert [(each.region, each.cameras, each.out, each.analytics) for each in cameras.regions(connection)] == [
            ("UA-09", 1, 0, 0), ("UA-30", 2, 1, 1),
        ]  # fmt: skip
        found = cameras.outages_of(connection, [one, gone])
        assert {(each.camera, each.number, each.from_at, each.to_at) for each in found} == {
            (one, 1, START + 1 * MINUTE, START + 5 * MINUTE),
            (one, 2, START + 9 * MINUTE, None),
            (gone, 1, START + 2 * MINUTE, START + 4 * MINUTE),
        }
        touching = cameras.outages_of(connection, [one], from_at=START + 5 * MINUTE, to_at=START + 9 * MINUTE)
        assert touching == (), "both ends are exclusive"
        assert set(cameras.cameras_named(connection, [one, far, uuid4()])) == {one, far}


def archived(sha256: str, of: UUID, from_at: datetime, seconds: float = 60) -> footage_events.FootageArchived:
    return footage_events.FootageArchived(
        sha256=sha256,
        size_bytes=1_000,
        camera=of,
        recorded_at=from_at,
        uncertainty_seconds=0.5,
        anchor_source="operator",
        duration_seconds=seconds,
        codec="h264",
        container="mp4",
        width=640,
        height=480,
        name=Sealed(footage_id(sha256), FileName("gate.mp4")),
    )


def indexed(from_at: datetime, to_at: datetime, *gaps: tuple[datetime, datetime]) -> footage_events.FootageIndexed:
    return footage_events.FootageIndexed(
        generation="g1",
        pipeline="p1",
        units=1,
        rows=42,
        from_at=from_at,
        to_at=to_at,
        gaps=gaps,
        frames_sampled=60,
        codec="h264",
        width=640,
        height=480,
    )


def claimed(until: datetime, attempt: int = 1) -> footage_events.FootageClaimed:
    return footage_events.FootageClaimed(worker="w1", lease_until=until, attempt=attempt)


def test_shelf_shows_what_became_of_each_footage(told: Told) -> None:
    of = camera_id("KYIV-1")
    done, bad, waiting = ("1" * 64, "2" * 64, "3" * 64)
    until = START + timedelta(hours=1)
    for number, sha256 in enumerate((done, bad, waiting)):
        told.tell(footage_id(sha256), archived(sha256, of, START + number * MINUTE))
    told.tell(footage_id(done), claimed(until))
    told.tell(footage_id(done), footage_events.ClaimRenewed(lease_until=until + MINUTE))
    gap = (START + timedelta(seconds=10), START + timedelta(seconds=12))
    told.tell(footage_id(done), indexed(START, START + MINUTE, gap))
    told.tell(footage_id(bad), claimed(until))
    told.tell(footage_id(bad), footage_events.FootageRejected(reason_code="no-video-stream", detail="no stream"))
    with told.reading() as connection:
        shown = shelf_queries.shelf_footage(connection, done)
        assert shown is not None
        assert (shown.state, shown.rows, shown.gaps, shown.generation) == ("indexed", 42, (gap,), "g1")
        assert (shown.from_at, shown.to_at, shown.lease_until, shown.version) == (START, START + MINUTE, None, 4)
        assert open_token(shown.name, FileName) == FileName("gate.mp4")
        page = shelf_queries.shelf_page(connection)
        assert [(item.sha256, item.state) for item in page.items] == [
            (waiting, "archived"), (bad, "rejected"), (done, "indexed"),
        ]  # fmt: skip
        assert [item.sha256 for item in shelf_queries.shelf_page(connection, state="rejected").items] == [bad]
        assert page.items[1].reason_code == "no-video-stream"
        assert [item.sha256 for item in shelf_queries.shelf_page(connection, to_at=START + MINUTE).items] == [done]
        assert shelf_queries.shelf_page(connection, camera=uuid4()).items == ()
        assert shelf_queries.shelf_footage(connection, "f" * 64) is None


def test_next_claimable_is_the_longest_archived_that_nobody_holds(told: Told) -> None:
    of, until = camera_id("KYIV-1"), START + timedelta(hours=1)
    first, second, third = ("1" * 64, "2" * 64, "3" * 64)
    told.tell(footage_id(second), archived(second, of, START + 5 * MINUTE))
    told.tell(footage_id(first), archived(first, of, START))
    told.tell(footage_id(third), archived(third, of, START + 9 * MINUTE))

    def next_at(at: datetime, limit: int = 5) -> list[str]:
        with told.reading() as connection:
            return [each.sha256 for each in shelf_queries.next_claimable(connection, at, limit=limit)]

    assert next_at(told.now) == [second, first, third]
    assert next_at(told.now, limit=1) == [second]
    told.tell(footage_id(second), claimed(until))
    assert next_at(until - MINUTE) == [first, third]
    assert next_at(until) == [second, first, third], "its lease is over"
    assert next_at(until - timedelta(days=3_652)) == [second, first, third], "its lease is of a clock that was ahead"
    told.tell(footage_id(second), footage_events.ClaimRenewed(lease_until=until + MINUTE))
    assert next_at(until) == [first, third]
    failed = footage_events.FootageFailed(reason_code="decoder-killed", detail="time", attempt=1, final=False)
    told.tell(footage_id(second), failed)
    assert next_at(told.now) == [second, first, third], "it may be tried again at once"
    told.tell(footage_id(second), claimed(until, 2))
    told.tell(footage_id(second), msgspec.structs.replace(failed, attempt=2, retry_at=until))
    assert next_at(until - MINUTE) == [first, third], "it rests"
    assert next_at(until - timedelta(days=3_652)) == [second, first, third], "its rest is of a clock that was ahead"
    assert next_at(until) == [second, first, third]
    told.tell(footage_id(second), claimed(until, 3))
    told.tell(footage_id(second), footage_events.ClaimReleased(attempts=2))
    assert next_at(told.now) == [second, first, third], "it was given back"
    with told.reading() as connection:
        given_back = shelf_queries.shelf_footage(connection, second)
    assert given_back is not None
    assert (given_back.state, given_back.attempts, given_back.lease_until) == ("failed", 2, None)
    told.tell(footage_id(second), claimed(until, 2))
    told.tell(footage_id(second), msgspec.structs.replace(failed, attempt=2, final=True))
    assert next_at(until + MINUTE) == [first, third]
    told.tell(footage_id(second), footage_events.FootageRetried())
    assert next_at(told.now) == [second, first, third]


def test_next_claimable_agrees_with_the_domain(
    log: MemoryEventLog, projector: Projector, database: ViewsDatabase
) -> None:
    district = write(log, random_moves(400))
    projector.catch_up()
    states: dict[UUID, Footage] = {}
    for row in log.read(limit=10_000):
        if type(row.event) in FOOTAGE.evolves:
            states[row.stream] = FOOTAGE.evolve(states.get(row.stream), row.event)
    for at in (START, district.now, district.now + timedelta(days=1)):
        with database.reading() as connection:
            found = {each.footage for each in shelf_queries.next_claimable(connection, at, limit=10_000)}
            versions = {each.footage: each.version for each in shelf_queries.shelf_page(connection, limit=200).items}
        assert found == {stream for stream, state in states.items() if claimable(state, at)}
        assert all(states[stream].version == version for stream, version in versions.items())


def test_coverage_tells_indexed_gaps_unindexed_and_outages_of_a_window(told: Told) -> None:
    of, other = camera_id("KYIV-1"), camera_id("KYIV-2")

    def at(minute: float) -> datetime:
        return START + minute * MINUTE

    told.tell(of, registered("KYIV-1"))
    told.tell(of, camera.OutageReported(from_at=at(20)))
    for sha256, start in (("1" * 64, 0), ("2" * 64, 10), ("3" * 64, 15), ("4" * 64, 40)):
        told.tell(footage_id(sha256), archived(sha256, of, at(start), 300))
    told.tell(footage_id("1" * 64), indexed(at(0), at(5), (at(3), at(4)), (at(1), at(1.5))))
    told.tell(footage_id("2" * 64), claimed(at(99)))
    told.tell(footage_id("3" * 64), claimed(at(99)))
    told.tell(footage_id("3" * 64), footage_events.FootageRejected(reason_code="broken", detail="broken"))
    with told.reading() as connection:
        found, empty = shelf_queries.coverage(connection, [of, other], at(1), at(30))
    assert found.camera == of
    assert found.indexed == (Span(at(1.5), at(3)), Span(at(4), at(5)))
    assert found.gaps == (Span(at(1), at(1.5)), Span(at(3), at(4)))
    assert found.unindexed == (Span(at(10), at(15)),)
    assert found.outages == (Span(at(20), at(30)),), "it lasts: to the window's end"
    assert empty == shelf_queries.CameraCoverage(camera=other, indexed=(), gaps=(), unindexed=(), outages=())


@given(st.lists(st.tuples(st.integers(-3, 23), st.integers(0, 9)), max_size=6))
def test_what_is_left_without_gaps_is_every_instant_outside_of_them(drawn: list[tuple[int, int]]) -> None:
    """Gaps may touch, overlap, hold each other, and reach beyond the footage."""
    gaps = sorted(Span(START + start * MINUTE, START + (start + length) * MINUTE) for start, length in drawn)
    whole = Span(START, START + 20 * MINUTE)
    left = shelf_queries.clipped(shelf_queries.without(whole, gaps), whole)
    for minute in range(20):
        at = START + minute * MINUTE
        in_gap = any(gap.from_at <= at < gap.to_at for gap in gaps)
        assert sum(span.from_at <= at < span.to_at for span in left) == (not in_gap)


@given(st.lists(st.tuples(st.integers(-3, 23), st.integers(0, 9)), max_size=6))
def test_only_what_other_footage_overlaps_is_compared_with_it(drawn: list[tuple[int, int]]) -> None:
    held = [Span(START + start * MINUTE, START + (start + length) * MINUTE) for start, length in drawn]
    whole = Span(START, START + 20 * MINUTE)
    near = shelf_queries.overlapping(whole, shelf_queries.joined(held))
    assert all(each.from_at < whole.to_at and whole.from_at < each.to_at for each in near)
    left = shelf_queries.clipped(shelf_queries.without(whole, near), whole)
    for minute in range(20):
        at = START + minute * MINUTE
        assert sum(span.from_at <= at < span.to_at for span in left) == (
            not any(each.from_at <= at < each.to_at for each in held)
        )


def test_each_of_a_day_of_short_footages_is_compared_with_its_neighbours_only() -> None:
    day = [Span(START + n * MINUTE, START + n * MINUTE + timedelta(seconds=58)) for n in range(1440)]
    held = shelf_queries.joined(day)
    assert held == day
    assert max(len(shelf_queries.overlapping(each, held)) for each in day) == 1


def test_footage_as_long_as_there_may_be_is_found_by_its_end(told: Told) -> None:
    of, sha256 = camera_id("KYIV-1"), "1" * 64
    told.tell(footage_id(sha256), archived(sha256, of, START, DURATION_SECONDS_MAX))
    end = START + timedelta(seconds=DURATION_SECONDS_MAX)
    with told.reading() as connection:
        (found,) = shelf_queries.coverage(connection, [of], end - MINUTE, end + MINUTE)
        assert found.unindexed == (Span(end - MINUTE, end),)
        assert len(shelf_queries.shelf_page(connection, from_at=end - MINUTE).items) == 1
        assert shelf_queries.shelf_page(connection, from_at=end).items == ()


def test_corrections_of_several_footages_come_to_one_each_and_only_where_they_had_or_have_the_time(told: Told) -> None:
    of = camera_id("KYIV-1")

    def at(minute: float) -> datetime:
        return START + minute * MINUTE

    told.tell(of, registered("KYIV-1"))
    into, through, away, before = ("1" * 64, "2" * 64, "3" * 64, "4" * 64)
    for sha256, start in ((into, 500), (through, 520), (away, 0), (before, 5)):
        told.tell(footage_id(sha256), archived(sha256, of, at(start), 60))
    told.tell(footage_id(before), corrected(before, at(600)))
    position = told.log.head()
    for sha256, minutes in ((into, (540, 5)), (through, (6, 560)), (away, (7, 580))):
        for minute in minutes:
            told.tell(footage_id(sha256), corrected(sha256, at(minute)))
    with told.reading() as connection:
        found = corrected_since(connection, position, [of], at(0), at(30))
        assert [(each.sha256, each.was_from, each.from_at) for each in found] == [
            (into, at(500), at(5)),
            (away, at(0), at(580)),
        ], "what was there between two corrections only is neither then nor now"
        of_each = corrections_of(connection, (into, away, before, "none"))
        assert set(of_each) == {into, away, before}
        assert found == tuple(corrected_after(of_each[sha256], position) for sha256 in (into, away))
        assert corrected_after(of_each[before], position) is None


def corrected(sha256: str, at: datetime) -> Event:
    reason = Sealed(footage_id(sha256), Reason("годинник поспішав"))
    return ClockCorrected(recorded_at=at, uncertainty_seconds=0.5, anchor_source="operator", reason=reason)


# ------------------------------------------------------------------ searches


def requested(requester: UUID, of: UUID, *, quota: int = 3) -> authority.AuthorisationRequested:
    return authority.AuthorisationRequested(
        requester=requester,
        requester_unit=of,
        legal_basis="court-order",
        reference="760/1/26",
        incident=uuid4(),
        cameras=(camera_id("KYIV-1"),),
        window_from=START,
        window_to=START + MINUTE,
        quota=quota,
        purpose=Sealed(uuid4(), Reason("the van")),
        valid_hours=1,
    )


def test_authorisation_from_request_to_its_end(told: Told) -> None:
    key, me, mine, chief, theirs = (uuid4() for _ in range(5))
    told.tell(key, requested(me, mine))
    told.tell(key, authority.ApprovalDenied(by=me, by_unit=mine, code="approver-is-requester"))
    expires_at = told.now + timedelta(hours=1)
    told.tell(key, authority.AuthorisationApproved(approver=chief, approver_unit=theirs, expires_at=expires_at))
    told.tell(key, authority.SearchDrawn(search=uuid4(), number=1))
    told.tell(key, authority.SearchDrawn(search=uuid4(), number=2))
    with told.reading() as connection:
        shown = authorities.authorisation(connection, key, told.now)
        assert shown is not None
        assert (shown.state, shown.used, shown.quota, shown.denials_count) == ("approved", 2, 3, 1)
        assert (shown.approver, shown.expires_at, shown.version) == (chief, expires_at, 5)
        assert open_token(shown.purpose, Reason) == Reason("the van")
        late = authorities.authorisation(connection, key, expires_at)
        assert late is not None
        assert late.state == "expired", "by the clock, without an event"
        assert authorities.expired_unsaid(connection, expires_at) == (key,)
        assert authorities.expired_unsaid(connection, expires_at - MINUTE) == ()
        denied = select(denials.c.code).where(denials.c.authorisation == key)
        assert list(connection.execute(denied).scalars()) == ["approver-is-requester"]
    told.tell(key, authority.AuthorisationExpired(at=expires_at))
    with told.reading() as connection:
        assert authorities.expired_unsaid(connection, expires_at) == ()
        ended = authorities.authorisation(connection, key, expires_at)
        assert ended is not None
        assert (ended.state, ended.ended_at) == ("expired", expires_at)


def test_authorisations_are_filtered_by_party_and_state(told: Told) -> None:
    me, mine, chief, theirs = (uuid4() for _ in range(4))
    own, foreign, refused, revoked = (uuid4() for _ in range(4))
    expires_at = START + timedelta(days=9)
    told.tell(own, requested(me, mine))
    told.tell(foreign, requested(uuid4(), theirs))
    told.tell(refused, requested(uuid4(), mine))
    told.tell(refused, authority.AuthorisationRefused(by=chief, reason=Sealed(refused, Reason("too wide"))))
    told.tell(revoked, requested(uuid4(), uuid4()))
    told.tell(revoked, authority.AuthorisationApproved(approver=me, approver_unit=mine, expires_at=expires_at))
    told.tell(revoked, authority.AuthorisationRevoked(by=chief, reason=Sealed(revoked, Reason("found"))))
    with told.reading() as connection:

        def keys(**filters: object) -> list[UUID]:
            page = authorities.authorisation_page(connection, told.now, **filters)  # type: ignore[arg-type]
            return [item.authorisation for item in page.items]

        assert keys() == [revoked, refused, foreign, own]
        assert keys(state="requested") == [foreign, own]
        assert keys(state="refused") == [refused]
        assert keys(requester=me) == [own]
        assert keys(requester_unit=mine) == [refused, own]
        columns = authorisations.c
        assert keys(only=(columns.requester_unit == mine) | (columns.approver == me)) == [revoked, refused, own]
        assert keys(only=authorities.state_at(expires_at) == "requested") == [foreign, own]
        shown = authorities.authorisation(connection, revoked, told.now)
        assert shown is not None
        assert shown.reason is not None
        assert (shown.ended_by, open_token(shown.reason, Reason)) == (chief, Reason("found"))


def search_run(me: UUID, mine: UUID, under: UUID, moments_count: int) -> footage_search.SearchRun:
    moments = tuple(
        footage_search.FoundMoment(
            rank=rank,
            camera=camera_id("KYIV-1"),
            from_at=START,
            to_at=START + MINUTE,
            best_at=START + MINUTE / 2,
            uncertainty_seconds=0.5,
            footage_sha256="1" * 64,
            row=100 + rank,
            score=0.31 - rank / 100,
            box=(1, 2, 3, 4),
        )
        for rank in range(1, moments_count + 1)
    )
    return footage_search.SearchRun(
        authorisation=under,
        searcher=me,
        searcher_unit=mine,
        cameras=(camera_id("KYIV-1"),),
        from_at=START,
        to_at=START + MINUTE,
        query=Sealed(uuid4(), SearchQuery(text="white van")),
        kind="text",
        unknown_words_count=1,
        generation="g1",
        limit=10,
        moments=moments,
        coverage=search_coverage.SearchCoverage(
            complete=False, scope_seconds=60.0, searched_seconds=50.0, rows_in_scope=7, unavailable_segments=("s1",)
        ),
    )


def test_ledger_shows_every_search_and_what_was_made_of_it(told: Told) -> None:
    me, mine, under, other = (uuid4() for _ in range(4))
    run, refused, place = uuid4(), uuid4(), uuid4()
    at = told.tell(run, search_run(me, mine, under, 3))
    told.tell(
        refused,
        footage_search.SearchRefused(
            searcher=other,
            searcher_unit=mine,
            code="authorisation-unknown",
            cameras=(),
            from_at=START,
            to_at=START + MINUTE,
            query=Sealed(refused, SearchQuery(text="van")),
            kind="text",
        ),
    )
    told.tell(run, footage_search.HitReviewed(rank=1, verdict="not-relevant", by=me))
    note = Sealed(run, Reason("the same van"))
    reviewed_at = told.tell(run, footage_search.HitReviewed(rank=2, verdict="relevant", by=me, note=note))
    told.tell(run, footage_search.HitAttached(rank=2, incident=place, by=other))
    with told.reading() as connection:
        page = ledger_queries.ledger_page(connection)
        assert [item.search for item in page.items] == [refused, run]
        shown = ledger_queries.ledger_search(connection, run)
        assert shown == page.items[1]
        assert shown is not None
        assert (shown.at, shown.searcher, shown.authorisation, shown.purpose) == (at, me, under, "case 12/26")
        assert (shown.moments_count, shown.reviewed_count, shown.relevant_count, shown.attached_count) == (3, 2, 1, 1)
        assert (shown.refused_code, shown.version, shown.unknown_words_count) == (None, 4, 1)
        assert shown.coverage is not None
        assert shown.coverage.unavailable_segments == ("s1",)
        assert open_token(shown.query, SearchQuery) == SearchQuery(text="white van")
        assert (page.items[0].refused_code, page.items[0].authorisation) == ("authorisation-unknown", None)
        hits = ledger_queries.hits_of(connection, run)
        assert [(hit.rank, hit.verdict, hit.row, hit.box) for hit in hits] == [
            (1, "not-relevant", 101, (1, 2, 3, 4)), (2, "relevant", 102, (1, 2, 3, 4)), (3, None, 103, (1, 2, 3, 4)),
        ]  # fmt: skip
        assert (hits[1].incident, hits[1].attached_by, hits[1].reviewed_at) == (place, other, reviewed_at)
        assert hits[1].note is not None
        assert open_token(hits[1].note, Reason) == Reason("the same van")
        for filters, expected in (
            ({"searcher": me}, [run]), ({"searcher_unit": mine}, [refused, run]), ({"authorisation": under}, [run]),
            ({"refused": True}, [refused]), ({"refused": False}, [run]), ({"before": at}, []),
            ({"after": at}, [refused, run]), ({"only": searches.c.moments_count > 0}, [run]),
        ):  # fmt: skip
            found = ledger_queries.ledger_page(connection, **filters)
            assert [item.search for item in found.items] == expected, filters


# ------------------------------------------------------------------ organisation


def test_organisation_shows_who_may_do_what_and_by_which_policy(told: Told) -> None:
    kyiv, luhansk = uuid4(), uuid4()
    olena, ivan = account_id("olena"), account_id("ivan")
    told.tell(kyiv, unit.UnitCreated(name="Подільське УП", region="UA-30", kind="investigation"))
    told.tell(luhansk, unit.UnitCreated(name="Лисичанське УП", region="UA-09", kind="patrol"))
    for key, username in ((olena, "olena"), (ivan, "ivan")):
        told.tell(key, account.AccountCreated(username=username, unit=kyiv, person=Sealed(key, PersonName(username))))
    grant = role_grant_id(olena, "investigator")
    told.tell(grant, role_grant.RoleGiven(account=olena, role="investigator", unit=kyiv))
    told.tell(grant, role_grant.RoleWithdrawn(account=olena, role="investigator"))
    with told.reading() as connection:
        assert organisation_queries.roles_in_force(connection, account=olena) == ()
    given_at = told.tell(grant, role_grant.RoleGiven(account=olena, role="investigator", unit=luhansk))
    told.tell(role_grant_id(ivan, "auditor"), role_grant.RoleGiven(account=ivan, role="auditor", unit=kyiv))
    told.tell(ivan, account.AccountSuspended(reason=Sealed(ivan, Reason("left"))))
    with told.reading() as connection:
        assert organisation_queries.policy_in_force(connection) is None
    for digest in ("a" * 64, "b" * 64):
        told.tell(POLICY_STREAM, policy.PolicyAdopted(sha256=digest, name="access.cedar"))
    with told.reading() as connection:
        assert [each.name for each in organisation_queries.unit_page(connection).items] == [
            "Лисичанське УП",
            "Подільське УП",
        ]
        assert [each.unit for each in organisation_queries.unit_page(connection, region="UA-30").items] == [kyiv]
        shown = organisation_queries.unit(connection, luhansk)
        assert shown is not None
        assert shown.kind == "patrol"
        assert [(each.username, each.state) for each in organisation_queries.account_page(connection).items] == [
            ("ivan", "suspended"), ("olena", "active"),
        ]  # fmt: skip
        active = organisation_queries.account_page(connection, unit=kyiv, state="active")
        assert [each.account for each in active.items] == [olena]
        assert organisation_queries.account_page(connection, only=organisation.accounts.c.unit == luhansk).items == ()
        suspended = organisation_queries.account(connection, ivan)
        assert suspended is not None
        assert (suspended.suspended_by, suspended.version) == (told.actor, 2)
        assert open_token(suspended.person, PersonName) == PersonName("ivan")
        (held,) = organisation_queries.roles_in_force(connection, account=olena)
        assert (held.role, held.unit, held.given_at, held.version) == ("investigator", luhansk, given_at, 3)
        assert [each.account for each in organisation_queries.roles_in_force(connection, role="auditor")] == [ivan]
        assert organisation_queries.roles_in_force(connection, unit=uuid4()) == ()
        in_force = organisation_queries.policy_in_force(connection)
        assert in_force is not None
        assert in_force.sha256 == "b" * 64
        assert [each.sha256[0] for each in organisation_queries.policies_adopted(connection)] == ["b", "a"]


def test_an_account_shows_whose_choice_its_password_is(told: Told) -> None:
    olena, iryna = account_id("olena"), account_id("iryna")

    def password_of(key: UUID) -> tuple[str, datetime, int]:
        with told.reading() as connection:
            shown = organisation_queries.account(connection, key)
        assert shown is not None
        return shown.password, shown.password_set_at, shown.version

    made = told.tell(olena, account_created("olena", initial=True))
    assert password_of(olena) == ("initial", made, 1)
    changed = told.tell(olena, account.PasswordChanged(credential=uuid4()))
    assert password_of(olena) == ("chosen", changed, 2)
    reset = told.tell(olena, account.PasswordReset(credential=uuid4()))
    assert password_of(olena) == ("initial", reset, 3)
    before = told.tell(iryna, account_created("iryna"))
    assert password_of(iryna) == ("chosen", before, 1)


def account_created(username: str, **more: bool) -> account.AccountCreated:
    person = Sealed(account_id(username), PersonName(username))
    return account.AccountCreated(username=username, unit=uuid4(), person=person, **more)


def test_sign_ins_show_who_came_in_and_whose_account_was_tried(told: Told) -> None:
    olena, iryna = account_id("olena"), account_id("iryna")
    told.tell(olena, account_created("olena"))
    first = told.tell(uuid4(), SignedIn(account=olena, initial=True))
    second = told.tell(uuid4(), SignInRefused(account=olena, code="wrong-password"))
    told.tell(uuid4(), SignedIn(account=iryna))
    with told.reading() as connection:

        def shown(**filters: object) -> list[tuple[str | None, bool, str | None]]:
            found = sign_ins.sign_in_page(connection, **filters)  # type: ignore[arg-type]
            return [(each.username, each.initial, each.refused_code) for each in found.items]

        of_olena = [("olena", False, "wrong-password"), ("olena", True, None)]
        assert shown() == [(None, False, None), *of_olena]
        assert shown(account=olena) == of_olena
        assert shown(refused=True) == of_olena[:1]
        assert shown(account=olena, refused=False) == of_olena[1:]
        assert shown(after=second, limit=2) == [(None, False, None), of_olena[0]]
        assert shown(before=second) == of_olena[1:]
        (entry,) = sign_ins.sign_in_page(connection, account=olena, refused=False).items
    assert (entry.at, entry.account) == (first, olena)


def test_disclosures_show_who_saw_what_and_for_what(told: Told) -> None:
    thing, other = uuid4(), uuid4()
    at = told.tell(uuid4(), Disclosed(thing=thing, operation="incident.read-narrative"))
    told.tell(uuid4(), Disclosed(thing=other, operation="account.read-name"))
    with told.reading() as connection:

        def things(**filters: object) -> list[UUID]:
            page = disclosures.disclosure_page(connection, **filters)  # type: ignore[arg-type]
            return [item.thing for item in page.items]

        assert things() == [other, thing]
        assert things(thing=thing) == [thing]
        assert things(actor=told.actor) == [other, thing]
        assert things(actor=thing) == []
        assert things(operation="account.read-name") == [other]
        assert things(after=at + MINUTE) == [other]
        assert things(before=at + MINUTE) == [thing]
        assert things(only=disclosures.disclosures.c.thing == other) == [other]
        (shown,) = disclosures.disclosure_page(connection, thing=thing).items
    assert (shown.position, shown.at, shown.actor) == (1, at, told.actor)
    assert (shown.role, shown.purpose) == ("investigator", "case 12/26")


# ------------------------------------------------------------------ names beside ids


def test_lists_name_people_units_and_cameras(told: Told) -> None:
    ours, olena, seen_by = uuid4(), account_id("olena"), camera_id("KYIV-1")
    told.tell(ours, unit.UnitCreated(name="Подільське УП", region="UA-30", kind="investigation"))
    told.tell(olena, account.AccountCreated(username="olena", unit=ours, person=Sealed(olena, PersonName("Олена"))))
    told.tell(seen_by, registered("KYIV-1"))
    told.actor = olena
    key, under, run, sha256 = uuid4(), uuid4(), uuid4(), "1" * 64
    told.tell(key, recorded(of=ours, officer=olena))
    told.tell(key, incident.FootageLinked(footage_sha256=sha256, camera=seen_by, from_at=START, to_at=START + MINUTE))
    told.tell(footage_id(sha256), archived(sha256, seen_by, START))
    told.tell(under, requested(olena, ours))
    told.tell(run, search_run(olena, ours, under, 1))
    told.tell(run, footage_search.HitReviewed(rank=1, verdict="relevant", by=olena))
    told.tell(run, footage_search.HitAttached(rank=1, incident=key, by=olena))
    with told.reading() as connection:
        (shown,) = incident_board.incident_page(connection).items
        assert (shown.unit_name, shown.officer_username) == ("Подільське УП", "olena")
        assert incident_board.footage_of(connection, key)[0].camera_name == "KYIV-1"
        timeline = incident_timeline.timeline_page(connection, key).items
        assert {entry.actor_username for entry in timeline} == {"olena"}
        assert shelf_queries.shelf_page(connection).items[0].camera_name == "KYIV-1"
        asked = authorities.authorisation(connection, under, told.now)
        assert asked is not None
        assert (asked.requester_username, asked.requester_unit_name) == ("olena", "Подільське УП")
        assert (asked.approver_username, asked.approver_unit_name) == (None, None)
        (line,) = ledger_queries.ledger_page(connection).items
        assert (line.searcher_username, line.searcher_unit_name) == ("olena", "Подільське УП")
        (hit,) = ledger_queries.hits_of(connection, run)
        assert (hit.camera_name, hit.reviewed_by_username, hit.attached_by_username) == ("KYIV-1", "olena", "olena")
        assert organisation_queries.account_page(connection).items[0].unit_name == "Подільське УП"


def test_camera_names_of_more_than_one_query_binds(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cameras, "NAMED_AT_ONCE_MAX", 2)
    keys = {name: camera_id(name) for name in ("KYIV-1", "KYIV-2", "KYIV-3", "KYIV-4", "KYIV-5")}
    for name, key in keys.items():
        told.tell(key, registered(name))
    with told.reading() as connection:
        found = cameras.camera_names(connection, [*keys.values(), uuid4()])
    assert found == {key: name for name, key in keys.items()}
