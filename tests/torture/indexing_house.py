"""A deployment whose footage is indexed while it is killed: how it is made, what its rows are, what it may hold.

The films are small (a frame each ten seconds, something in every other one), so a unit of a minute takes a
fraction of a second, and everything else is as it is anywhere: settings, decoding apart, the mask, segments.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from app import deployment
from app.at_work import open_work
from app.composition import open_house
from app.deployment import Settings
from app.event_store.keys import KeyStore
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from app.initialising import initialise
from domain import footage
from domain.footage_events import FootageFailed, FootageIndexed
from domain.footage_state import CLAIMED, INDEXED, Footage
from domain.ids import footage_id
from search_index.encoder import Image, Vectors
from search_index.footage_index import FootageIndex
from search_index.segment_file import DESCRIPTION, ROWS, THUMBNAILS, VECTORS
from tests.app.conftest import FILMED_AT, PASSWORD, House, serving
from tests.fakes_gpu import ColourHistograms
from tests.torture.stored_rows import origin, stored

LEASE_SECONDS = 1.5  # the least is one: what a dead worker held is soon claimed again
FRAME_SECONDS = 10
ARCHIVIST = "olena"
POISON = (250, 0, 250)  # a picture of nothing else is what `Deadly` dies of
CAMERAS = ("KYIV-900", "KYIV-901", "KYIV-902")
_DATABASES = ("log.db", "keys.db", "views.db", "credentials.db", "names.db", "processes.db", "index/catalogue.db")
_CALIBRATION = re.compile(r"[0-9a-f]{64}\.(nulls|lock)$")  # of each model that ever answered
_OTHER_FILES = {"oberih.json", "root.key", "serving.lock", "last-scrub", "index/sealing.lock", "index/remaking.lock"}
_SEGMENT_FILES = (DESCRIPTION, VECTORS, ROWS, THUMBNAILS)
Row = tuple[object, ...]  # all that a row is but its id, which depends on who was first


def film(number: int, minutes: int, *, deadly: bool = False) -> bytes:
    """Coloured things jump about before a wall; no other number has the same. Half of a deadly one is `POISON`."""
    rng, held = np.random.default_rng(number), io.BytesIO()
    wall = rng.integers(110, 140, (96, 128, 3), dtype=np.uint8)
    with av.open(held, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=1)
        stream.width, stream.height, stream.pix_fmt, stream.time_base = 128, 96, "yuv420p", Fraction(1, 10)
        for place in range(minutes * 60 // FRAME_SECONDS):
            picture = wall.copy()
            if place % 2:
                left, top = int(rng.integers(0, 100)), int(rng.integers(0, 60))
                picture[top : top + 30, left : left + 24] = rng.integers(0, 255, 3)
            if deadly and place >= minutes * 30 // FRAME_SECONDS:
                picture[:] = POISON
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = place * FRAME_SECONDS * 10, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return held.getvalue()


class Deadly(ColourHistograms):
    """An encoder with a fault that takes the whole process with it."""

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        for image in images:
            if np.abs(image.astype(np.int16) - POISON).max() < 60:
                os.kill(os.getpid(), signal.SIGKILL)
        return super().embed_images(images)


def found(folder: Path, films: int, minutes: int, *, deadly: bool = False) -> list[str]:
    """A deployment with footage that waits to be indexed, the last one deadly where so asked. Returns its digests."""
    settings = Settings(
        requests_per_minute=10**6, lease_seconds=LEASE_SECONDS, frames_per_second=1 / FRAME_SECONDS, reserve_bytes=0
    )
    initialise(folder, password=PASSWORD, settings=settings)
    with serving(open_house(folder, encoder=ColourHistograms())) as house:
        for username, role in ((ARCHIVIST, "investigator"), ("taras", "supervisor")):
            unit = house.done("admin", "/units", {"name": username, "region": "UA-30", "kind": "duty"})["id"]
            house.create_account(username, unit, role)
        for camera in CAMERAS:
            house.register_camera(camera)
        made = [film(number, minutes, deadly=deadly and number == films - 1) for number in range(films)]
        return [archived(house, number, content) for number, content in enumerate(made)]


def archived(house: House, number: int, content: bytes) -> str:
    """Film after film, three cameras side by side."""
    at = FILMED_AT + timedelta(hours=number // len(CAMERAS))
    answer = house.upload(ARCHIVIST, content, CAMERAS[number % len(CAMERAS)], at)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


def index_undisturbed(folder: Path) -> None:
    """One worker, one film after another."""
    services = open_house(folder, encoder=ColourHistograms())
    try:
        with open_work(folder, encoder=ColourHistograms()) as (worker, _):
            assert services.projector.wait(services.log.head(), timeout_seconds=60)
            while worker.work_once():
                assert services.projector.wait(services.log.head(), timeout_seconds=60)
    finally:
        services.close()


@contextmanager
def record_of(folder: Path) -> Iterator[SqliteEventLog]:
    place = deployment.load(folder)
    with ExitStack() as opening:
        keys = KeyStore(place.keys, place.root_key)
        opening.callback(keys.close)
        yield opening.enter_context(SqliteEventLog(place.log, Vault(keys)))


def states_of(folder: Path, digests: list[str]) -> dict[str, Footage]:
    """What is on record of each."""
    with record_of(folder) as log:
        states = {sha256: footage.DECIDER.fold(log.events(footage_id(sha256))) for sha256 in digests}
    return {sha256: state for sha256, state in states.items() if state is not None}


def rows_of(folder: Path, encoder: ColourHistograms | None = None) -> dict[str, list[Row]]:
    """All that the index holds of each footage: its units first, then its rows, whatever segment they lie in.

    Opening it sweeps what a crash left, as any start does.
    """
    found: dict[str, list[Row]] = {}
    with FootageIndex(folder / "index", (encoder or ColourHistograms()).manifest) as index:
        with index._reads.reading():
            units = index._reads._db.execute(
                "SELECT footage, number, camera, generation, pipeline, from_us, to_us, covered, rows FROM units"
                " JOIN footages USING (footage) WHERE NOT removed AND generation = ? ORDER BY footage, number",
                (index.generation,),
            ).fetchall()
        for sha256, *unit in units:
            found.setdefault(sha256, []).append(tuple(unit))
        rows: dict[str, list[Row]] = {}
        for living in index._reader.current().living.values():
            segment = living.segment
            places = np.setdiff1d(np.arange(len(segment.vectors)), living.gone)
            for place, picture in zip(places, segment.thumbnails(places), strict=True):
                sha256, camera = origin(segment, int(place))
                facts = *stored(segment, int(place)).values(), camera
                rows.setdefault(sha256, []).append((*facts, segment.vectors[place].tobytes(), picture))
    return {sha256: [*units, *sorted(rows.get(sha256, []), key=repr)] for sha256, units in found.items()}


def digest_of(rows: list[Row]) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def committed_in(folder: Path) -> dict[tuple[str, int], int]:
    """The id of the first row of each unit that the catalogue holds."""
    with closing(sqlite3.connect(folder / "index" / "catalogue.db")) as catalogue:
        units = catalogue.execute("SELECT footage, number, first_row FROM units").fetchall()
    return {(sha256, number): first_row for sha256, number, first_row in units}


def unexpected_files(folder: Path, originals: list[str]) -> list[str]:
    """Files and folders that neither the catalogue nor the record names. Nothing works on the folder meanwhile."""
    with closing(sqlite3.connect(folder / "index" / "catalogue.db")) as catalogue:
        segments = [name for (name,) in catalogue.execute("SELECT name FROM segments")]
    expected = {f"{name}{end}" for name in _DATABASES for end in ("", "-wal", "-shm", "-journal")} | _OTHER_FILES
    expected |= {f"index/segments/{name}/{file}" for name in segments for file in _SEGMENT_FILES}
    expected |= {f"footage/{sha256[:2]}/{sha256}" for sha256 in originals}
    expected |= {
        str(path.relative_to(folder)) for path in folder.glob("calibrations/*") if _CALIBRATION.match(path.name)
    }
    folders = {str(above) for name in expected for above in Path(name).parents} | {"incoming"}
    there = list(folder.rglob("*"))
    return [str(path.relative_to(folder)) for path in there if str(path.relative_to(folder)) not in expected | folders]


def faults_at_rest(
    folder: Path, digests: list[str], undisturbed: dict[str, list[Row]], deadly: str = ""
) -> Iterator[str]:
    """What is not as after an undisturbed run, when all is done and nothing works on the folder. The deadly one is
    given up with its reason, and what is there of it is whole."""
    rows = rows_of(folder)
    for sha256 in digests:
        if sha256 == deadly:
            yield from () if set(rows.get(sha256, [])) <= set(undisturbed[sha256]) else (f"{sha256[:12]} is otherwise",)
        elif digest_of(rows.get(sha256, [])) != digest_of(undisturbed[sha256]):
            yield f"{sha256[:12]}: {len(rows.get(sha256, []))} rows, not the {len(undisturbed[sha256])} of one worker"
    with FootageIndex(folder / "index", ColourHistograms().manifest) as index:
        yield from (f"segment {name}: {fault}" for name, fault in index.verify().items())
        counts = {sha256: index.progress(sha256) for sha256 in digests}
    yield from (f"left over: {name}" for name in unexpected_files(folder, digests))
    with record_of(folder) as log:
        for sha256 in digests:
            events = log.events(footage_id(sha256))
            if sha256 == deadly:
                last = events[-1]
                if not isinstance(last, FootageFailed) or (last.reason_code, last.final) != ("worker-silent", True):
                    yield f"{sha256[:12]} is deadly, and ended with {last}"
                continue
            ends = [event for event in events if isinstance(event, FootageIndexed)]
            state = footage.DECIDER.fold(events)
            if state is None or state.phase != INDEXED or len(ends) != 1:
                yield f"{sha256[:12]} is {state and state.phase}, indexed {len(ends)} times, at last {events[-1]}"
            elif (ends[0].units, ends[0].rows) != (counts[sha256].units, counts[sha256].rows):
                yield f"{sha256[:12]}: the record says {ends[0].units} units, the catalogue {counts[sha256].units}"
            if state is not None and (state.phase == CLAIMED or state.anew_since):
                yield f"{sha256[:12]} is held, or was made anew"
