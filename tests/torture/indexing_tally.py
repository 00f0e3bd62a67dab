"""What the campaigns of indexing count, and what they hold a deployment to after every crash."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from domain.ids import footage_id
from tests.torture.indexing_house import committed_in
from tests.torture.indexing_process import Word


@dataclass
class IndexingTally:
    """What all rounds of a campaign found. In a round a deployment is indexed from nothing to its end."""

    rounds: int = 0
    kills: int = 0
    cuts: int = 0  # of the power
    poisoned: int = 0  # workers that died of the deadly film
    stalls: int = 0  # stopped for longer than the lease, and let go on
    drains: int = 0  # ended in order
    while_: dict[str, int] = field(default_factory=dict)  # how often each word was the last before a kill or cut
    commits: int = 0  # units whose commit was acknowledged
    claims: int = 0
    lost: int = 0  # acknowledged and not there
    refused_commits: int = 0  # of claims that others had taken over
    rows_compared: int = 0
    faults: list[str] = field(default_factory=list)  # anything else that is not as it should be

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.faults)

    def note(self, heard: list[Word]) -> None:
        what = heard[-1].what if heard else "starting"
        self.while_[what] = self.while_.get(what, 0) + 1


class Acknowledged:
    """Follows one deployment through a round: what was said to be done stays done."""

    def __init__(self, tally: IndexingTally) -> None:
        self._tally = tally
        self._units: set[tuple[str, int]] = set()
        self._ends: set[str] = set()
        self._claims: set[tuple[str, int]] = set()
        self._first_rows: dict[tuple[str, int], int] = {}

    def hear(self, heard: list[Word]) -> None:
        said = {what: {(word.footage, word.number) for word in heard if word.what == what} for what in _KEPT}
        self._tally.refused_commits += sum(word.what == "refused" for word in heard)
        self._tally.commits += len(said["committed"] - self._units)
        self._tally.claims += len(said["claimed"] - self._claims)
        self._units |= said["committed"]
        self._claims |= said["claimed"]
        self._ends |= {sha256 for sha256, _ in said["indexed"]}

    def check(self, folder: Path) -> None:
        """Every unit is there, the same as at the last look; every claim and end is on record."""
        there = committed_in(folder)
        lost = self._units - there.keys()
        again = {unit for unit, first_row in self._first_rows.items() if there.get(unit) != first_row} - lost
        if again:
            self._tally.faults.append(f"{len(again)} units went, and were made again")
        self._first_rows = {unit: first_row for unit, first_row in there.items() if unit in self._units}
        ended = {stream for stream, _ in versions(folder, "footage.indexed")}
        claims = {(footage_id(sha256).hex, fence) for sha256, fence in self._claims}
        self._tally.lost += len(lost) + len(claims - versions(folder, "footage.claimed"))
        self._tally.lost += len({footage_id(sha256).hex for sha256 in self._ends} - ended)


_KEPT = ("claimed", "committed", "indexed")


def versions(folder: Path, topic: str) -> set[tuple[str, int]]:
    """The streams (hex) and versions at which the record holds events of this topic."""
    query = "SELECT originator_id, originator_version FROM stored_events WHERE topic = ?"
    with closing(sqlite3.connect(folder / "log.db")) as log:
        return set(log.execute(query, (topic,)).fetchall())
