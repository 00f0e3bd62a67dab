"""What was added to incidents as the views show it: links taken back, cameras, cases, counts, losses, cameras near."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain import camera, footage_events, incident, involvement, keeping_events
from domain.ids import camera_id, footage_id, involvement_id, keeping_id
from domain.personal import FileName, Narrative, Place, Reason
from domain.sealed import Sealed
from projections import child_queries, incident_board, incident_counts, losses
from projections import involvement as views_of_involvement
from projections.database import ViewsDatabase
from projections.nearby_cameras import cameras_around
from projections.projector import Projector
from tests.fakes_log import MemoryEventLog
from tests.projections.histories import START
from tests.projections.test_views import Told

HOUR = timedelta(hours=1)


@pytest.fixture
def told(log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> Told:
    return Told(log, database, projector)


def record(told: Told, *, region: str = "UA-30", at: datetime = START, place: bool = False) -> UUID:
    key = uuid4()
    told.tell(
        key,
        incident.IncidentRecorded(
            kind="theft",
            occurred_from=at,
            occurred_to=at + HOUR,
            region=region,
            community="Подільська",
            unit=uuid4(),
            officer=uuid4(),
            narrative=Sealed(key, Narrative("Зник велосипед")),
            place=Sealed(key, Place(text="Двір")) if place else None,
        ),
    )
    return key


def link(told: Told, key: UUID, child: UUID, role: str) -> None:
    told.tell(key, incident.ChildLinked(child=child, pseudonym="CH-4F2A", role=role))


def unlink(told: Told, key: UUID, child: UUID, role: str) -> None:
    told.tell(key, incident.ChildUnlinked(child=child, role=role, reason=Sealed(key, Reason("помилково"))))


def test_a_link_that_was_taken_back_is_shown_nowhere(told: Told) -> None:
    key, child = record(told, place=True), uuid4()
    link(told, key, child, "offender")
    link(told, key, child, "witness")
    unlink(told, key, child, "offender")
    with told.reading() as views:
        assert [each.role for each in incident_board.children_of(views, key)] == ["witness"]
        assert [each.role for each in child_queries.child_page(views).items] == ["witness"]
        assert incident_counts.counts(views, "by", ["2026-09"]) == {}
    unlink(told, key, child, "witness")
    with told.reading() as views:
        shown = incident_board.incident(views, key)
        assert shown is not None
        assert (shown.children_count, shown.has_place, shown.version) == (0, True, 5)
        assert child_queries.child_page(views).items == ()
        assert child_queries.known_as(views, START, children=[child]) == ((child, "CH-4F2A"),), (
            "its id is not used anew"
        )
    link(told, key, child, "victim")
    with told.reading() as views:
        assert incident_counts.counts(views, "against", ["2026-09"]) == {("UA-30", "2026-09"): 1}


def test_cameras_and_cases(told: Told) -> None:
    key, gate, yard, case = record(told), camera_id("KYIV-1"), camera_id("KYIV-2"), uuid4()
    told.tell(key, incident.CameraLinked(camera=gate), incident.CameraLinked(camera=yard))
    told.tell(key, incident.CameraUnlinked(camera=gate))
    linked = involvement.CaseLinked(incident=key, case=case)
    linked_at = told.tell(involvement_id(key), linked)
    with told.reading() as views:
        assert [each.camera for each in incident_board.cameras_of(views, key)] == [yard]
        (found,) = views_of_involvement.cases_of(views, key)
        assert (found.case, found.linked_at, found.linked_by) == (case, linked_at, told.actor)
        shown = incident_board.incident(views, key)
        assert shown is not None
        assert shown.version == 4, "nothing of it tells that there is a case"
    told.tell(involvement_id(key), involvement.CaseUnlinked(incident=key, case=case))
    with told.reading() as views:
        assert views_of_involvement.cases_of(views, key) == ()


def test_an_incident_counts_once_on_each_side_and_in_kyiv_s_month(told: Told) -> None:
    both = record(told, at=datetime(2026, 9, 30, 21, 30, tzinfo=UTC))  # half past midnight of October in Kyiv
    for role in ("victim", "offender", "witness"):
        link(told, both, uuid4(), role)
        link(told, both, uuid4(), role)
    voided, witnessed = record(told), record(told)
    link(told, voided, uuid4(), "victim")
    told.tell(voided, incident.IncidentVoided(reason=Sealed(voided, Reason("двічі"))))
    link(told, witnessed, uuid4(), "witness")
    with told.reading() as views:
        for side in ("against", "by"):
            assert incident_counts.counts(views, side, ["2026-09", "2026-10"]) == {("UA-30", "2026-10"): 1}
        nobody = incident_board.incidents.c.unit == uuid4()
        assert incident_counts.counts(views, "by", ["2026-10"], only=nobody) == {}


def register(told: Told, name: str, latitude: float | None, *, installed_at: datetime = START) -> UUID:
    key = camera_id(name)
    told.tell(
        key,
        camera.CameraRegistered(
            name=name,
            region="UA-30",
            community="Подільська",
            owner="city",
            place="gate",
            place_kind="school-gate",
            latitude=latitude,
            longitude=None if latitude is None else 30.5,
            analytics=False,
            installed_at=installed_at,
        ),
    )
    return key


def test_cameras_that_stood_around_a_place_at_a_time(told: Told) -> None:
    near = register(told, "KYIV-1", 50.001)
    register(told, "KYIV-2", 50.5)
    register(told, "KYIV-3", None)
    gone, new = register(told, "KYIV-4", 50.0), register(told, "KYIV-5", 50.0, installed_at=START + 9 * HOUR)
    told.tell(gone, camera.CameraDecommissioned(at=START + 2 * HOUR))
    with told.reading() as views:

        def around(from_at: datetime, to_at: datetime) -> set[UUID]:
            found = cameras_around(views, 50.0, 30.5, 300, from_at=from_at, to_at=to_at)
            return {each.camera for each in found}

        assert around(START, START + HOUR) == {near, gone}
        assert around(START + 3 * HOUR, START + 4 * HOUR) == {near}
        assert around(START + 3 * HOUR, START + 10 * HOUR) == {near, new}


def test_losses_are_what_was_gone_before_the_hold_in_its_cameras_and_times(told: Told) -> None:
    key, gate = record(told), register(told, "KYIV-1", 50.0)

    def archive(number: int, at: datetime, uncertainty_seconds: float = 0.5) -> str:
        sha256 = f"{number:064x}"
        told.tell(
            footage_id(sha256),
            footage_events.FootageArchived(
                sha256=sha256,
                size_bytes=1,
                camera=gate,
                recorded_at=at,
                uncertainty_seconds=uncertainty_seconds,
                anchor_source="operator",
                duration_seconds=60.0,
                codec="h264",
                container="mp4",
                width=64,
                height=48,
                name=Sealed(footage_id(sha256), FileName("a.mp4")),
            ),
        )
        return sha256

    def purge(sha256: str) -> None:
        told.tell(footage_id(sha256), keeping_events.FootagePurged(kept_until=START, retention_days=1))

    lost, stays, later, outside = (archive(number, START + number * HOUR) for number in range(4))
    before = START - timedelta(seconds=90)  # until half a minute before the hold
    perhaps, not_so = archive(4, before, uncertainty_seconds=31), archive(5, before, uncertainty_seconds=29)
    for gone in (lost, outside, perhaps, not_so):
        purge(gone)
    hold, span = uuid4(), {"from_at": START, "to_at": START + 2 * HOUR + timedelta(minutes=1)}
    why = Sealed(hold, Reason("поблизу"))
    told.tell(
        hold,
        keeping_events.HoldPlaced(cameras=(gate,), incident=key, by=uuid4(), unit=uuid4(), reason=why, **span),
    )
    told.tell(keeping_id(gate), keeping_events.FootageHeld(camera=gate, hold=hold, **span))
    purge(later)
    with told.reading() as views:
        found = losses.loss_page(views).items
        assert {(each.sha256, each.incident, each.gone_by) for each in found} == {
            (each, key, "retention") for each in (lost, perhaps)
        }
        assert stays not in {each.sha256 for each in found}
        assert losses.loss_page(views, incident=uuid4()).items == ()
        assert losses.loss_page(views, only=incident_board.incidents.c.unit == uuid4()).items == ()
