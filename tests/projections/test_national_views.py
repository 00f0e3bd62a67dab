"""What is counted of each region equals a recount from the bare events; claims stand apart, and no count sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from domain import camera, incident, officer, unit
from domain.camera_network.analytics import AnalyticsDeclared
from domain.communities import community, post, station
from domain.event import Event, Recorded
from domain.ids import NAMESPACE, camera_id, claim_id, officer_id
from domain.national import claim
from domain.personal import Reason
from domain.reports import events as report_events
from domain.reports import report
from domain.reports.words import PUBLISHED
from domain.schools.school_events import SchoolRegistered
from domain.sealed import Sealed
from projections.database import ViewsDatabase
from projections.national import claims, counts
from projections.national.window import Counts, Window
from projections.projector import Projector
from projections.view import kind_of
from tests.fakes_log import MemoryEventLog
from tests.projections.folding_tools import random_moves
from tests.projections.histories import START, District, write

BECAUSE = Sealed(uuid5(NAMESPACE, "because"), Reason("помилково"))
MONTHS = ("2026-06", "2026-07", "2026-08", "2026-09", "2026-10")
WINDOW = Window(MONTHS, START + timedelta(days=10))  # in September
COUNTED = {
    "cameras": counts.cameras_installed,
    "cameras-with-analytics": counts.cameras_with_analytics,
    "juvenile-officers": counts.juvenile_officers,
    "community-officers": counts.community_officers,
    "stations": counts.stations_open,
    "communities": counts.communities_in_project,
    "schools": counts.schools_registered,
    "reports": counts.reports_submitted,
    "incidents-against": counts.incidents_against,
    "incidents-by": counts.incidents_by,
}


def all_counts(database: ViewsDatabase, window: Window = WINDOW) -> dict[str, Counts]:
    with database.reading() as views:
        return {name: count(views, window) for name, count in COUNTED.items()}


class Recount:
    """By hand, event by event, as slowly as it takes; it knows nothing of views."""

    def __init__(self, log: MemoryEventLog, window: Window) -> None:
        rows = [row for row in log.read(limit=100_000) if isinstance(row, Recorded)]
        self.streams: dict[UUID, list[Recorded]] = {}
        for row in rows:
            self.streams.setdefault(row.stream, []).append(row)
        self.window = window

    def of(self, kind: type[Event]) -> Iterator[tuple[Event, list[Recorded]]]:
        for rows in self.streams.values():
            if isinstance(rows[0].event, kind):
                yield rows[0].event, rows[1:]

    def standing(self, *, analytics: bool) -> Counts:
        found: Counter[tuple[str, str]] = Counter()
        for begun, later in self.of(camera.CameraRegistered):
            assert isinstance(begun, camera.CameraRegistered)
            gone = [row.event.at for row in later if isinstance(row.event, camera.CameraDecommissioned)]
            for month, end in ends(self.window):
                stands = begun.installed_at < end and not any(at < end for at in gone)
                declared = [row.event for row in later if isinstance(row.event, AnalyticsDeclared)]
                said = [begun.analytics, *(each.analytics for each in declared if each.from_at < end)]
                found[begun.region, month] += stands and (said[-1] or not analytics)
        return dict(found)

    def certified(self) -> Counts:
        regions = {row[0].stream: row[0].event.region for row in self.streams.values()
                   if isinstance(row[0].event, unit.UnitCreated)}  # fmt: skip
        found: Counter[tuple[str, str]] = Counter(
            {(region, month): 0 for region in regions.values() for month in MONTHS}
        )
        for selected, later in self.of(officer.CandidateSelected):
            assert isinstance(selected, officer.CandidateSelected)
            for month, end in ends(self.window):
                if selected.service == officer.JUVENILE and selected.unit in regions and is_certified(later, end):
                    found[regions[selected.unit], month] += 1
        return dict(found)

    def of_communities(self) -> dict[str, Counts]:
        rows = [row for stream in self.streams.values() for row in stream]
        regions = {row.stream: row.event.region for row in rows if isinstance(row.event, community.CommunityRegistered)}
        joined = [(row.stream, row.event.at, None) for row in rows if isinstance(row.event, community.ProjectJoined)]
        closed = {row.stream: row.event.at for row in rows if isinstance(row.event, station.StationClosed)}
        opened = [
            (row.event.community, row.event.opened_at, closed.get(row.stream))
            for row in rows
            if isinstance(row.event, station.StationOpened)
        ]
        posted = []
        for stream in self.streams.values():
            events = [row.event for row in stream]
            for place, event in enumerate(events):
                if isinstance(event, post.PostedToCommunity):
                    later = [each.at for each in events[place:] if isinstance(each, post.PostingEnded)]
                    posted.append((event.community, event.from_at, later[0] if later else None))
        found = {}
        for name, spans in (("communities", joined), ("stations", opened), ("community-officers", posted)):
            count = Counter({(region, month): 0 for region in regions.values() for month in MONTHS})
            for where, from_at, to_at in spans:
                for month, end in ends(self.window):
                    count[regions[where], month] += from_at < end and (to_at is None or to_at >= end)
            found[name] = dict(count)
        return found

    def schools(self) -> Counts:
        found: Counter[tuple[str, str]] = Counter()
        for first, *_ in self.streams.values():
            if isinstance(first.event, SchoolRegistered):
                for month, end in ends(self.window):
                    found[first.event.region, month] += first.meta.recorded_at < end
        return dict(found)

    def reports(self) -> Counts:
        found: Counter[tuple[str, str]] = Counter()
        for first, *later in self.streams.values():
            if isinstance(first.event, report_events.ReportSubmitted) and not listed([first, *later]):
                moved = [row.event.region for row in later if isinstance(row.event, report_events.ReportRedirected)]
                region = [first.event.region, *moved][-1]
                found[region, f"{first.meta.recorded_at + timedelta(hours=3):%Y-%m}"] += 1  # Kyiv's summer
        return {key: number for key, number in found.items() if key[1] in MONTHS}

    def incidents(self, role: str) -> Counts:
        found: Counter[tuple[str, str]] = Counter()
        for recorded, later in self.of(incident.IncidentRecorded):
            assert isinstance(recorded, incident.IncidentRecorded)
            events = [row.event for row in later]
            kinds = [recorded.kind, *(each.kind for each in events if isinstance(each, incident.IncidentReclassified))]
            linked = Counter((each.child, each.role) for each in events if isinstance(each, incident.ChildLinked))
            linked.subtract((each.child, each.role) for each in events if isinstance(each, incident.ChildUnlinked))
            counts = any(as_role == role and number > 0 for (_, as_role), number in linked.items())
            counts |= role == "victim" and kinds[-1] == "missing-child"
            if counts and not any(isinstance(each, incident.IncidentVoided) for each in events):
                found[recorded.region, f"{recorded.occurred_from + timedelta(hours=3):%Y-%m}"] += 1  # Kyiv's summer
        return {key: number for key, number in found.items() if key[1] in MONTHS}


def listed(life: list[Recorded]) -> bool:
    """Whether it is in the public list: of a category that everybody may see, read, and not told of already."""
    submitted, state = life[0].event, report.DECIDER.fold([row.event for row in life])
    assert isinstance(submitted, report_events.ReportSubmitted)
    assert state is not None
    return submitted.category in PUBLISHED and state.phase not in ("submitted", "duplicate")


def ends(window: Window) -> Iterator[tuple[str, datetime]]:
    for month in window.months:
        first_after = datetime(2026, int(month[5:]) + 1, 1, tzinfo=UTC)
        offset = timedelta(hours=2 if month == "2026-10" else 3)  # Kyiv's clocks go back on the last Sunday of October
        yield month, min(first_after - offset, window.at)


def is_certified(later: list[Recorded], at: datetime) -> bool:
    """What the record says of that instant, looked at as a line of events."""
    until = None
    for row in later:
        if isinstance(row.event, officer.OfficerCertified) and row.meta.recorded_at < at:
            until = row.event.until
        if isinstance(row.event, officer.CertificationLapsed) and row.event.at < at:
            until = None
    return until is not None and at <= until


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counts_equal_a_recount_from_the_bare_events(
    log: MemoryEventLog, database: ViewsDatabase, projector: Projector, seed: int
) -> None:
    district = District()
    write(log, random_moves(1_000, seed), district)
    for salt in range(20):
        officers = district.of_concerns
        for make in (
            officers.select_officer,
            officers.train_officer,
            officers.certify_officer,
            link_offender(district),
        ):
            log.append(*district.do(make, salt))
    log.append(*district.do(district.register_camera, 10))  # with analytics
    log.append(*district.do(certify_for_communities(district), 3))  # no officer of juvenile prevention
    for salt in range(6):
        if len(district.of_communities._posted()) < 3:
            log.append(*district.do(district.of_communities.post_officer, salt))
    projector.catch_up()
    assert projector.parked() == []
    recount = Recount(log, WINDOW)
    counted = all_counts(database)
    assert counted["cameras"] == recount.standing(analytics=False)
    assert counted["cameras-with-analytics"] == recount.standing(analytics=True)
    assert counted["juvenile-officers"] == recount.certified()
    for name, expected in recount.of_communities().items():
        assert counted[name] == expected, name
    assert counted["schools"] == recount.schools()
    assert counted["reports"] == recount.reports()
    assert counted["incidents-against"] == recount.incidents("victim")
    assert counted["incidents-by"] == recount.incidents("offender")
    assert [name for name, of_measure in counted.items() if not sum(of_measure.values())] == [], "not compared"


def certify_for_communities(district: District) -> Callable[[int], Any]:
    """Somebody of a unit, for community police, in the months that are counted."""

    def made(salt: int) -> Any:
        account, by = uuid5(NAMESPACE, "community officer"), uuid5(NAMESPACE, "chief")
        selected = officer.CandidateSelected(account=account, unit=district.units[0], by=by, service=officer.COMMUNITY)
        certified = officer.OfficerCertified(until=START + timedelta(days=365), by=by)
        yield officer_id(account, officer.COMMUNITY), [selected, certified]

    return made


def link_offender(district: District) -> Callable[[int], Any]:
    """Histories link no child as an offender."""

    def make(salt: int) -> Any:
        standing = [key for key, state in district.incidents.items() if state != "voided"]
        child = uuid5(NAMESPACE, f"child {salt % 3}")
        linked = incident.ChildLinked(child=child, pseudonym="CH-4F2A", role="offender")
        event: Event = linked if salt % 4 else incident.ChildUnlinked(child=child, role="offender", reason=BECAUSE)
        yield standing[salt % len(standing)], [linked, *([event] if event is not linked else [])]

    return make


def test_no_count_sees_a_claim(log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> None:
    district = District()
    write(log, random_moves(300), district)
    projector.catch_up()
    before = all_counts(database)
    for _ in range(60):
        for make in (district.of_claims.state_claim, district.of_claims.correct_claim):
            log.append(*district.do(make, len(district.of_claims.claims)))
    projector.catch_up()
    assert all_counts(database) == before
    with database.reading() as views:
        assert len(claims.standing(views)) >= 60


def test_the_view_of_claims_reads_claims_alone_and_no_other_view_reads_one(database: ViewsDatabase) -> None:
    reading = {view.name for view in database.views if "claim" in view.kinds}
    assert reading == {"claims"}
    assert claims.VIEW.kinds == {"claim"}
    assert {kind_of(event.TOPIC) for event in claims.VIEW.folds} == {"claim"}


class Told:
    def __init__(self, log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> None:
        self.log, self.database, self.projector, self.district = log, database, projector, District()

    def tell(self, stream: UUID, *events: Event, at: datetime = START) -> None:
        self.district.now = at - timedelta(minutes=1)
        self.log.append(*self.district.do(lambda _: [(stream, list(events))], 0))

    def counts(self, name: str, at: datetime = datetime(2026, 12, 1, tzinfo=UTC)) -> dict[str, list[int | None]]:
        self.projector.catch_up()
        assert self.projector.parked() == []
        found = all_counts(self.database, Window(MONTHS, at))[name]
        return {region: [found.get((region, month)) for month in MONTHS] for region, _ in found}


@pytest.fixture
def told(log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> Told:
    return Told(log, database, projector)


def installed(name: str, at: datetime, *, analytics: bool = False) -> tuple[UUID, Event]:
    facts = {"community": "Подільська", "owner": "місто", "place": "Ліцей", "place_kind": "school-gate"}
    registered = camera.CameraRegistered(name=name, region="UA-30", analytics=analytics, installed_at=at, **facts)
    return camera_id(name), registered


def test_a_month_ends_on_kyivs_clocks(told: Told) -> None:
    last_of_july = datetime(2026, 7, 31, 21, tzinfo=UTC)  # midnight in Kyiv
    told.tell(*installed("CAM-1", last_of_july - timedelta(seconds=1), analytics=True))
    told.tell(*installed("CAM-2", last_of_july))
    told.tell(camera_id("CAM-1"), camera.CameraDecommissioned(at=last_of_july + timedelta(days=31)))
    assert told.counts("cameras") == {"UA-30": [0, 1, 2, 1, 1]}
    assert told.counts("cameras-with-analytics") == {"UA-30": [0, 1, 1, 0, 0]}
    assert told.counts("cameras", last_of_july) == {"UA-30": [0, 1, 1, 1, 1]}, "what is to come is as it is now"


def test_a_certification_counts_from_when_it_was_given_until_it_ends(told: Told) -> None:
    key, of = officer_id(uuid5(NAMESPACE, "officer")), uuid5(NAMESPACE, "unit")
    told.tell(of, unit.UnitCreated(name="Ювенали", region="UA-46", kind="juvenile-prevention"))
    assert told.counts("juvenile-officers") == {"UA-46": [0, 0, 0, 0, 0]}
    by, account = uuid5(NAMESPACE, "by"), uuid5(NAMESPACE, "account")
    june, july, september = (datetime(2026, month, 10, tzinfo=UTC) for month in (6, 7, 9))
    told.tell(key, officer.CandidateSelected(account=account, unit=of, by=by), at=june)
    told.tell(key, officer.OfficerCertified(until=september, by=by), at=june)
    assert told.counts("juvenile-officers") == {"UA-46": [1, 1, 1, 0, 0]}
    told.tell(key, officer.OfficerCertified(until=september + timedelta(days=365), by=by), at=july)
    assert told.counts("juvenile-officers") == {"UA-46": [1, 1, 1, 1, 1]}
    ended = {"account": account, "unit": of, "by": by}
    told.tell(key, officer.CertificationLapsed(cause="withdrawn", at=july + timedelta(days=30), **ended), at=september)
    assert told.counts("juvenile-officers") == {"UA-46": [1, 1, 0, 0, 0]}
    told.tell(key, officer.OfficerCertified(until=september + timedelta(days=365), by=by), at=september)
    assert told.counts("juvenile-officers") == {"UA-46": [1, 1, 0, 1, 1]}


def test_claims_by_measure_region_and_time(told: Told) -> None:
    by = uuid5(NAMESPACE, "by")
    keys = []
    for measure, region, as_of in (
        ("cameras", "", "2021-05"),
        ("cameras", "UA-30", "2020"),
        ("cameras", "UA-30", "2021"),
    ):
        keys.append(claim_id(measure, region, as_of, "МВС"))
        saying = {"value": 7, "precision": "about", "as_of": as_of, "source": "МВС"}
        told.tell(keys[-1], claim.ClaimStated(measure="cameras", region=region, by=by, **saying))
    told.tell(keys[0], claim.ClaimCorrected(value=8, precision="as-stated", as_of="2021-06", source="НПУ",
                                            remark="doubted", cause="misread", by=by))  # fmt: skip
    told.tell(keys[1], claim.ClaimWithdrawn(cause="no-source", by=by))
    told.projector.catch_up()
    with told.database.reading() as views:
        shown = claims.claim_page(views).items
        assert [each.claim for each in shown] == keys
        of_country, withdrawn, _ = shown
        said = (of_country.value, of_country.as_of, of_country.source, of_country.remark, of_country.cause)
        assert said == (8, "2021-06", "НПУ", "doubted", "misread")
        assert (withdrawn.state, withdrawn.cause, withdrawn.value, withdrawn.version) == (
            "withdrawn",
            "no-source",
            7,
            2,
        )
        assert [each.claim for each in claims.standing(views)] == [keys[0], keys[2]]
        assert [each.claim for each in claims.claim_page(views, region="UA-30", state="stated").items] == [keys[2]]
        assert claims.claim(views, keys[1]) == withdrawn
