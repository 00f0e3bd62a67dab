"""What a camera sent is decided on by day: its own stream stays short, and overlaps stay impossible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.camera_days import CameraDays
from app.clockwork import system_meta
from app.indexing_queue import IndexingQueue
from domain.camera import FootageReceived, FootageReleased
from domain.camera_day import TimeFreed, TimeTaken
from domain.errors import VersionConflict
from domain.ids import camera_day_id, camera_id, footage_id
from domain.log import Change
from tests.app.conftest import House, film

MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bytes]:
    """Ten seconds each, no two alike."""
    folder = tmp_path_factory.mktemp("films")
    return (film(folder / f"{n}.mp4", seconds=10, colour=(20 * n, 200 - 9 * n, 60)) for n in range(12))


@pytest.fixture(scope="module")
def camera(house: House) -> str:
    house.register_camera("KYIV-901")
    return "KYIV-901"


def length(house: House, name: str) -> int:
    return len(house.services.log.events(camera_id(name)))


def refused(house: House, content: bytes, name: str, at: datetime) -> str:
    answer = house.upload("olena", content, name, at, uncertainty_seconds=0)
    return "" if answer.is_success else str(answer.json()["type"])


def test_a_camera_s_stream_stays_as_short_as_its_life_is_plain(
    house: House, camera: str, films: Iterator[bytes]
) -> None:
    for minute in range(3):
        assert refused(house, next(films), camera, MIDNIGHT + timedelta(hours=9, minutes=minute)) == ""
    assert length(house, camera) == 1
    day = camera_day_id(camera_id(camera), MIDNIGHT.date())
    assert [type(event) for event in house.services.log.events(day)] == [TimeTaken] * 3


def test_footage_across_midnight_is_overlapped_on_neither_day(
    house: House, camera: str, films: Iterator[bytes]
) -> None:
    assert refused(house, next(films), camera, MIDNIGHT - 5 * SECOND) == ""
    for start in (-12, 0):
        assert refused(house, next(films), camera, MIDNIGHT + start * SECOND) == "/problems/footage-overlap"
    assert refused(house, next(films), camera, MIDNIGHT + 5 * SECOND) == ""


def test_who_decided_on_a_day_that_has_changed_decides_anew(house: House) -> None:
    log, key = house.services.log, camera_id("KYIV-902")
    taken = TimeTaken(footage_sha256="a" * 64, from_at=MIDNIGHT, to_at=MIDNIGHT + 10 * SECOND, uncertainty_seconds=0)
    first, second, reader = (CameraDays.between(log, key, MIDNIGHT, MIDNIGHT + SECOND) for _ in range(3))
    log.append(first.changes([taken]), system_meta("test"))
    with pytest.raises(VersionConflict):
        log.append(second.changes([taken]), system_meta("test"))
    with pytest.raises(VersionConflict):
        log.append(reader.changes(), system_meta("test"))
    assert CameraDays.between(log, key, MIDNIGHT, MIDNIGHT + SECOND).taken == (taken,)


def test_what_was_recorded_before_days_had_streams_counts_still(
    house: House, films: Iterator[bytes], tmp_path: Path
) -> None:
    key = UUID(house.register_camera("KYIV-903"))
    old = FootageReceived(
        footage_sha256="b" * 64, from_at=MIDNIGHT, to_at=MIDNIGHT + 60 * SECOND, uncertainty_seconds=0
    )
    house.services.log.append([Change(key, 1, (old,))], system_meta("test"))
    content = next(films)
    assert refused(house, content, "KYIV-903", MIDNIGHT + 20 * SECOND) == "/problems/footage-overlap"
    answer = house.command("admin", "/cameras/KYIV-903/decommission", {"at": (MIDNIGHT + 30 * SECOND).isoformat()})
    assert "there is footage of it until" in answer.json()["detail"]
    released = FootageReleased(footage_sha256="b" * 64)
    house.services.log.append([Change(key, 2, (released,))], system_meta("test"))
    assert refused(house, content, "KYIV-903", MIDNIGHT + 20 * SECOND) == ""


def test_a_camera_is_not_decommissioned_before_its_last_footage_and_takes_none_after(
    house: House, films: Iterator[bytes]
) -> None:
    house.register_camera("KYIV-904")
    assert refused(house, next(films), "KYIV-904", MIDNIGHT + timedelta(days=2)) == ""

    def decommission(at: datetime) -> int:
        return house.command("admin", "/cameras/KYIV-904/decommission", {"at": at.isoformat()}).status_code

    assert decommission(MIDNIGHT) == 422
    assert decommission(MIDNIGHT + timedelta(days=2) + 5 * SECOND) == 422
    assert decommission(MIDNIGHT + timedelta(days=2) + 11 * SECOND) == 200
    assert refused(house, next(films), "KYIV-904", MIDNIGHT + timedelta(days=3)) == "/problems/outside-camera-life"


def test_rejected_footage_frees_its_days(house: House, films: Iterator[bytes]) -> None:
    house.register_camera("KYIV-905")
    house.index_all()
    at = MIDNIGHT + timedelta(days=4) - 5 * SECOND
    sha256 = house.upload("olena", next(films), "KYIV-905", at).json()["id"]
    services = house.services
    queue = IndexingQueue(services.log, services.views, services.deployment, services.index)
    claim = queue.claim("worker-1")
    assert claim is not None
    assert claim.footage == sha256
    assert queue.rejected(claim, "no-video-stream: none")
    assert services.log.events(footage_id(sha256))[-1].TOPIC == "footage.rejected"
    for day in (at.date(), (at + 10 * SECOND).date()):
        last = services.log.events(camera_day_id(camera_id("KYIV-905"), day))[-1]
        assert last == TimeFreed(footage_sha256=sha256)
    assert refused(house, next(films), "KYIV-905", at) == ""
