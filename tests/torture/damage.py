"""Damage under a deployment: `python -m tests.torture.damage [--cases N] [--seed N]`.

In each case something happens to one file: a bit flips, a block is zeroed, the end is cut off, the file is gone. It is
a segment's file or an original, while nobody serves the deployment or while it is served. Each is found when the
deployment is opened or by the scrub, and named; answers say that they are partial; a segment is made again from its
footage, with the rows that were; an original is whole again once the same file is archived again, and what was altered
is indexed anew.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from app import logs
from app.composition import open_house
from domain.footage_state import ARCHIVED
from search_index.segment_file import DESCRIPTION, ROWS, THUMBNAILS, VECTORS
from tests.app.conftest import FILMED_AT, House, serving
from tests.fakes_gpu import ColourHistograms
from tests.torture.indexing_house import (
    ARCHIVIST,
    CAMERAS,
    Row,
    archived,
    film,
    found,
    index_undisturbed,
    rows_of,
)

FILMS, MINUTES = 3, 2  # one of each camera
BLOCK_BYTES = 512
HARMS = ("flip", "zero", "truncate", "delete")
SEGMENT_FILES = (VECTORS, ROWS, THUMBNAILS, DESCRIPTION)
ORIGINAL = "original"
SETTLING_SECONDS_MAX = 60.0


@dataclass
class DamageTally:
    cases: int = 0
    by_file: dict[str, int] = field(default_factory=dict)
    by_harm: dict[str, int] = field(default_factory=dict)
    found_by: dict[str, int] = field(default_factory=dict)  # "start" or "scrub"
    rows_made_again: int = 0
    originals_healed: int = 0
    faults: list[str] = field(default_factory=list)

    def count(self, counts: dict[str, int], what: str) -> None:
        counts[what] = counts.get(what, 0) + 1


class Patient:
    """One deployment whose footage is indexed: what it held when it was well, and its house."""

    def __init__(self, folder: Path, chance: Random) -> None:
        self.folder, self.chance, self.tally = folder, chance, DamageTally()
        self.digests = found(folder, FILMS, MINUTES)
        self.films = {sha256: film(number, MINUTES) for number, sha256 in enumerate(self.digests)}
        index_undisturbed(folder)
        self.rows: dict[str, list[Row]] = rows_of(folder)
        self.footages: dict[str, tuple[str, ...]] = {}  # of each segment, before anything happens to it
        with self.served() as house:
            self.authorisation = house.authorise(
                list(CAMERAS),
                window_from=FILMED_AT.isoformat(),
                window_to=(FILMED_AT + timedelta(minutes=MINUTES)).isoformat(),
                quota=1_000,
                valid_hours=720,
            )
            self.footages = {name: house.services.index.footages_in(name) for name in self._segments()}

    def any_case(self) -> None:
        name = self.chance.choice([*SEGMENT_FILES, ORIGINAL])
        harm, is_served = self.chance.choice(HARMS), self.chance.random() < 0.5
        if harm == "truncate" and name in (VECTORS, ROWS):
            is_served = False  # a mapped file that is cut off ends whoever reads it there
        self.case(name, harm, is_served=is_served)

    def case(self, name: str, harm: str, *, is_served: bool) -> None:
        self.tally.cases += 1
        self.tally.count(self.tally.by_file, name)
        self.tally.count(self.tally.by_harm, harm)
        what = f"case {self.tally.cases}, {name} {harm}, {'served' if is_served else 'not served'}"
        if not is_served:
            path = self._harmed(name, harm)
        with self.served() as house:
            if is_served:
                self._is_complete(house)  # its files are open
                path = self._harmed(name, harm)
            examine = self._examine_original if name == ORIGINAL else self._examine_segment
            faults = [*examine(house, path, harm, is_served=is_served), *self._faults_when_well(house)]
            self.tally.faults += [f"{what}: {fault}" for fault in faults]

    @contextmanager
    def served(self) -> Iterator[House]:
        with serving(open_house(self.folder, encoder=ColourHistograms())) as house:
            yield house

    def _harmed(self, name: str, harm: str) -> Path:
        if name == ORIGINAL:
            sha256 = self.chance.choice(self.digests)
            path = self.folder / "footage" / sha256[:2] / sha256
        else:
            path = self.folder / "index" / "segments" / self.chance.choice(self._segments()) / name
        harmed(path, harm, self.chance)
        return path

    def _is_complete(self, house: House) -> bool:
        """Whether a search says that all was searched."""
        ask = {"authorisation": self.authorisation, "text": "red", "limit": 5}
        return bool(house.done(ARCHIVIST, "/searches", ask)["coverage"]["complete"])

    def _examine_segment(self, house: House, path: Path, harm: str, *, is_served: bool) -> Iterator[str]:
        segment, index = path.parent.name, house.services.index
        hurt = set(self.footages[segment])
        if is_served or (path.name == THUMBNAILS and harm in {"flip", "zero"}):  # of these the sizes are read at start
            self.tally.count(self.tally.found_by, "scrub")
            answer = house.done("admin", "/footage/scrub")
            if path.name not in answer["damaged_segments"].get(segment, ""):
                yield f"the scrub says {answer['damaged_segments']}"
        else:
            self.tally.count(self.tally.found_by, "start")
        if hurt and self._is_complete(house):  # what was forgotten, and waits for a seal, is searched by nobody
            yield "a search says that it is complete"
        anew = until(lambda: {each for each in hurt if house_state(house, each) == ARCHIVED} == hurt)
        if not anew:
            yield f"not all of {hurt} is to be made anew"
        house.index_all()
        self.tally.rows_made_again += sum(len(self.rows[sha256]) for sha256 in hurt)
        if index.damaged():
            yield f"set aside still: {index.damaged()}"

    def _examine_original(self, house: House, path: Path, harm: str, *, is_served: bool) -> Iterator[str]:
        sha256 = path.name
        self.tally.count(self.tally.found_by, "scrub")
        fault = "missing" if harm == "delete" else "altered"
        answer = house.done("admin", "/footage/scrub")
        if answer["damaged_originals"] != {sha256: fault} or answer["damaged_segments"]:
            yield f"the scrub says {answer}"
        house.caught_up()
        shown = house.ask("admin", f"/footage/{sha256}").json()["damage"]
        if shown != fault or house.http.get("/health/ready").json()["originals_damaged"] != 1:
            yield f"the shelf says {shown}"
        number = self.digests.index(sha256)
        archived(house, number, self.films[sha256])
        if path.read_bytes() != self.films[sha256]:
            yield "archived again, it is not whole"
        house.index_all()
        self.tally.originals_healed += 1

    def _faults_when_well(self, house: House) -> Iterator[str]:
        house.caught_up()
        health = house.http.get("/health/ready").json()
        if health["segments_unavailable"] or health["originals_damaged"] or not health["ready"]:
            yield f"health says {health}"
        if not self._is_complete(house):
            yield "a search says that it is partial, and all is repaired"
        if rows_of(self.folder) != self.rows:
            yield "the rows are not those that were"
        if self.chance.random() < 0.5:
            house.services.index.seal()
        index = house.services.index
        self.footages = {name: index.footages_in(name) for name in self._segments()}

    def _segments(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "index" / "segments").iterdir())


def house_state(house: House, sha256: str) -> str:
    return str(house.ask("admin", f"/footage/{sha256}").json()["state"])


def until(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SETTLING_SECONDS_MAX
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def harmed(path: Path, harm: str, chance: Random) -> None:
    """Do it in place, as a disk does."""
    size = path.stat().st_size
    if harm == "delete":
        path.unlink()
    elif harm == "truncate":
        os.truncate(path, chance.randrange(size))
    elif harm == "flip":
        at = chance.randrange(size)
        overwrite(path, at, bytes([path.read_bytes()[at] ^ 1 << chance.randrange(8)]))
    else:
        content = path.read_bytes()
        at = chance.choice([at for at in range(0, size, BLOCK_BYTES) if any(content[at : at + BLOCK_BYTES])])
        overwrite(path, at, bytes(min(BLOCK_BYTES, size - at)))


def overwrite(path: Path, at: int, content: bytes) -> None:
    mode = path.stat().st_mode
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)
    path.chmod(mode)


def run(cases: int, seed: int, scratch: Path) -> DamageTally:
    patient = Patient(scratch / "deployment", Random(seed))
    while patient.tally.cases < cases and not patient.tally.faults:
        patient.any_case()
    return patient.tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    logs.configure(readable=False)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        tally = run(chosen.cases, chosen.seed, Path(scratch))
    seconds = round(time.monotonic() - begun, 1)
    print(json.dumps({"torture": "damage", "seed": chosen.seed, "seconds": seconds, **asdict(tally)}))
    sys.exit(1 if tally.faults else 0)


if __name__ == "__main__":
    main()
