"""How far the indexing of each footage has come, and how fast units were committed lately, by whichever worker."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from search_index.database import Database
from search_index.entries import Commits, FootagePace, Pace, Progress

Span = tuple[int, int]


class PaceQueries(Database):
    """What the catalogue tells of units by the time when they were committed."""

    def committed(self, footage: str, generation: str) -> frozenset[int]:
        query = "SELECT number FROM units WHERE footage = ? AND generation = ?"
        with self._lock:
            return frozenset(row[0] for row in self._db.execute(query, (footage, generation)))

    def progress(self, footage: str, generation: str) -> Progress:
        query = "SELECT rows, covered FROM units WHERE footage = ? AND generation = ?"
        with self._lock:
            units = self._db.execute(query, (footage, generation)).fetchall()
        spans = [span for _, covered in units for span in spans_of(covered)]
        return Progress(
            units=len(units), rows=sum(rows for rows, _ in units), covered_us=sum(end - start for start, end in spans)
        )

    def pace(self, generation: str, footages: Collection[str], since_us: int) -> Pace:
        """Of these footages in this generation; and of all that was committed to it since that instant."""
        recently = (
            "SELECT footage, committed_us, to_us - from_us FROM units"
            " WHERE committed_us >= ? AND generation = ? ORDER BY seq"
        )
        reached = (
            "SELECT footage, count(*), sum(rows), max(to_us) FROM units"
            " WHERE generation = ? AND footage IN (SELECT value FROM json_each(?)) GROUP BY footage"
        )
        with self.reading():
            recent = self._db.execute(recently, (since_us, generation)).fetchall()
            found = self._db.execute(reached, (generation, msgspec.json.encode(list(footages)).decode())).fetchall()
        by_footage: dict[str, list[Span]] = {footage: [] for footage, *_ in found}
        for footage, at_us, lasts_us in recent:
            if footage in by_footage:
                by_footage[footage].append((at_us, lasts_us))
        return Pace(
            recent=_commits([(at_us, lasts_us) for _, at_us, lasts_us in recent]),
            of={
                footage: FootagePace(units=units, rows=rows, reached_us=to_us, recent=_commits(by_footage[footage]))
                for footage, units, rows, to_us in found
            },
        )


def _commits(units: list[Span]) -> Commits | None:
    """Of (committed at, lasts) in order of commit. The first one only tells from when on the others were worked on."""
    if not units:
        return None
    return Commits(first_us=units[0][0], footage_us=sum(lasts_us for _, lasts_us in units[1:]))


def spans_of(covered: bytes) -> tuple[Span, ...]:
    return msgspec.json.decode(covered, type=tuple[Span, ...])
