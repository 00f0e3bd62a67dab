"""Films of which some must go and some must stay, what each leaves behind, and an oracle that was told the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np

from app.call import now
from app.clockwork import system_meta
from app.deployment import Settings
from app.initialising import initialise
from domain import keeping
from domain.ids import camera_id
from domain.keeping import SetRetention
from domain.log import Change
from search_index.footage_index import FootageIndex
from search_index.footage_unit import FootageUnit
from search_index.footage_unit import Row as UnitRow
from search_index.oracle import OracleIndex
from tests.app.conftest import PASSWORD, House
from tests.fakes_gpu import ColourHistograms
from tests.torture.indexing_house import ARCHIVIST, FRAME_SECONDS, film
from tests.torture.stored_rows import stored

OF_RETENTION, OF_ORDERS = "KYIV-910", "KYIV-911"
RETENTION, ORDER, HELD, KEPT = "retention over", "order", "held", "neither"
DAYS = 5  # over which the films are spread: each day's segment holds some of every fate
NEEDLES_OF_KIND = 4  # of each film


class Planted(msgspec.Struct, kw_only=True):
    """A film, and what is looked for in every file."""

    sha256: str
    content: bytes
    camera: str
    at: datetime
    fate: str
    name: str
    needles: list[bytes] = []

    @property
    def goes(self) -> bool:
        return self.fate in {RETENTION, ORDER}


def found(folder: Path) -> None:
    settings = Settings(requests_per_minute=10**6, frames_per_second=1 / FRAME_SECONDS, reserve_bytes=0)
    initialise(folder, password=PASSWORD, settings=settings)


def plant(house: House, films: int) -> list[Planted]:
    """Archive and index them all; then the segments of a day are one."""
    for username, role in ((ARCHIVIST, "investigator"), ("nadiia", "administrator")):
        unit = house.done("admin", "/units", {"name": username, "region": "UA-30", "kind": "investigation"})["id"]
        house.create_account(username, unit, role)
    for camera in (OF_RETENTION, OF_ORDERS):
        house.register_camera(camera)
    begin = (now() - timedelta(days=40)).replace(hour=9, minute=0, second=0, microsecond=0)
    planted = [film_of_fate(number, begin) for number in range(films)]
    for each in planted:
        answer = house.upload(ARCHIVIST, each.content, each.camera, each.at, name=each.name)
        assert answer.status_code == 201, answer.text
    house.index_all()
    house.services.index.seal()
    return planted


def film_of_fate(number: int, begin: datetime) -> Planted:
    place = number // 2
    camera, fates = (
        (OF_RETENTION, (RETENTION, RETENTION, HELD)) if number % 2 == 0 else (OF_ORDERS, (ORDER, HELD, KEPT))
    )
    needle = hashlib.sha256(f"film {number}".encode()).digest()
    content = film(number, 1) + needle
    return Planted(
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        camera=camera,
        at=begin + timedelta(days=place % DAYS, minutes=3 * (place // DAYS)),
        fate=fates[place % 3],
        name=f"Свідок {number} Петренко.mp4",
        needles=[needle],
    )


def decide_fates(house: House, planted: list[Planted]) -> None:
    """Holds first, by a case or by an incident; then what would take the films away."""
    for number, each in enumerate(each for each in planted if each.fate == HELD):
        span = {"from_at": each.at + timedelta(seconds=10), "to_at": each.at + timedelta(seconds=20)}
        body = {"cameras": [each.camera], **{name: at.isoformat() for name, at in span.items()}, "reason": "доказ"}
        by = {"case": "12026100070001234"} if number % 2 else {"incident": house.record_incident()}
        house.done(ARCHIVIST, "/holds", {**body, **by})
    for each in planted:
        if each.camera == OF_ORDERS and each.fate != KEPT:
            body = {"order": "757/1204/26-К", "reason": f"ухвала про {each.name}"}
            house.done("admin", f"/footage/{each.sha256}/erasure", body)
            agreed = house.command("nadiia", f"/footage/{each.sha256}/erasure/agree")
            assert agreed.status_code == (200 if each.goes else 409), agreed.text
    key = camera_id(OF_RETENTION)  # the same decider, told of ten days ago: a retention counts after a week
    rules = house.services.keepings.rules(key)
    command = SetRetention(camera=key, days=30, basis="Наказ 12", at=now() - timedelta(days=10))
    events = keeping.DECIDER.decide(rules.state, command)
    house.services.log.append([Change(rules.stream, rules.version, events)], system_meta("test"))
    house.caught_up()


def told_oracle(index: FootageIndex) -> tuple[OracleIndex, list[FootageUnit]]:
    """An oracle of the same units with the same row ids, and these units with all their rows."""
    oracle, units = OracleIndex(ColourHistograms().manifest), []
    places = {
        int(row): (living.segment, place)
        for living in index._reader.current().living.values()
        for place, row in enumerate(living.segment.columns["id"])
    }
    committed = index._reads._db.execute(
        "SELECT footage, camera, number, generation, pipeline, fence, from_us, to_us, covered, first_row, rows"
        " FROM units ORDER BY first_row"
    ).fetchall()
    for footage, camera, number, generation, pipeline, fence, from_us, to_us, covered, first_row, count in committed:
        rows, vectors = [], []
        for row in range(first_row, first_row + count):
            segment, place = places[row]
            (picture,) = segment.thumbnails(np.array([place]))
            rows.append(UnitRow(**stored(segment, place), thumbnail=picture))
            vectors.append(segment.vectors[place].astype(np.float32))
        unit = FootageUnit(
            footage=footage,
            camera=camera,
            number=number,
            generation=generation,
            pipeline=pipeline,
            fence=fence,
            from_us=from_us,
            to_us=to_us,
            covered=msgspec.json.decode(covered, type=tuple[tuple[int, int], ...]),
            rows=tuple(rows),
            vectors=np.stack(vectors),
        )
        assert oracle.commit(unit)
        units.append(unit)
    return oracle, units


def add_needles(planted: list[Planted], units: list[FootageUnit]) -> None:
    """Pictures and vectors that one film alone has."""
    pictures = {unit.footage: [row.thumbnail for row in unit.rows] for unit in units}
    vectors = {unit.footage: [vector.astype("<f2").tobytes() for vector in unit.vectors] for unit in units}
    for of_kind in (pictures, vectors):
        films = Counter(needle for needles in of_kind.values() for needle in set(needles))
        for each in planted:
            own = [needle for needle in dict.fromkeys(of_kind[each.sha256]) if films[needle] == 1]
            assert own, "a film without a picture and a vector of its own proves nothing"
            each.needles += own[:NEEDLES_OF_KIND]
