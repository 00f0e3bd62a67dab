"""The index's own database: which segments count, which units are committed, which rows are gone.

A commit holds the write lock from the first check to the end (BEGIN IMMEDIATE): workers queue, readers never wait,
and whatever the catalogue does not name is an orphan. Row ids come from a counter that only grows.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

import msgspec
import numpy as np
from numpy.typing import NDArray

from search_index.claims import Claims
from search_index.configurations import Configurations
from search_index.entries import CoveredUnit, IndexedFootage, SegmentEntry, Statistics
from search_index.errors import FootageRemoved, RowUnknown, StaleClaim
from search_index.footage_unit import FootageUnit
from search_index.generations import Generations
from search_index.pace import PaceQueries, spans_of

_GONE = (  # rows of a generation that are gone, while some segment's files hold them
    "FROM tombstones JOIN units"
    " ON first_row = (SELECT max(first_row) FROM units WHERE first_row <= row AND rows > 0) AND rows > 0"
    " WHERE NOT off_disk AND generation = ?"
)
GRAVE, GRAVE_END = "/forgotten-", "/forgotten."  # after the name of footage whose units were forgotten; all between


class Catalogue(Claims, Configurations, Generations, PaceQueries):
    """Every method is one step; several are whole together within `change` (writes) or `reading`."""

    # Units

    def admit(self, unit: FootageUnit) -> int | None:
        """The id of the unit's first row, None where the unit is committed. For use within `change`.

        Raises:
            search_index.errors.FootageRemoved, search_index.errors.StaleClaim, search_index.errors.GenerationClosed
        """
        self.refuse_closed(unit.generation)
        known = self._db.execute("SELECT fence, removed FROM footages WHERE footage = ?", (unit.footage,)).fetchone()
        fence, removed = known or (unit.fence, 0)
        if removed:
            raise FootageRemoved(unit.footage)
        if unit.fence < fence:
            raise StaleClaim(unit.footage, unit.fence, fence)
        key = (unit.footage, unit.generation, unit.number)
        committed = "SELECT 1 FROM units WHERE footage = ? AND generation = ? AND number = ?"
        if self._db.execute(committed, key).fetchone():
            return None
        return int(self._db.execute("SELECT next_row FROM counter").fetchone()[0])

    def record(self, unit: FootageUnit, first_row: int, entry: SegmentEntry | None) -> None:
        """Store what `admit` allowed, with the segment that holds its rows. For use within `change`."""
        self._db.execute(
            "INSERT INTO footages (footage, fence) VALUES (?, ?)"
            " ON CONFLICT (footage) DO UPDATE SET fence = max(fence, excluded.fence)",
            (unit.footage, unit.fence),
        )
        self._db.execute("UPDATE counter SET next_row = ?", (first_row + len(unit.rows),))
        if entry:
            self._add(entry)
        self._db.execute(
            "INSERT INTO units (footage, generation, number, camera, pipeline, fence, from_us, to_us, covered,"
            " first_row, rows, segment, committed_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                unit.footage, unit.generation, unit.number, unit.camera, unit.pipeline, unit.fence,
                unit.from_us, unit.to_us, msgspec.json.encode(unit.covered),
                first_row, len(unit.rows), entry.name if entry else None, time.time_ns() // 1_000,
            ),
        )  # fmt: skip

    def units_after(self, generation: str, seq: int, segments: Iterable[str] | None = None) -> list[CoveredUnit]:
        """Units in order of commit; only those of some segments where `segments` is given."""
        query = (
            "SELECT seq, camera, from_us, to_us, covered, segment, removed FROM units JOIN footages USING (footage)"
            " WHERE generation = ? AND seq > ?"
        )
        values: list[object] = [generation, seq]
        if segments is not None:
            query += " AND segment IN (SELECT value FROM json_each(?))"
            values.append(msgspec.json.encode(list(segments)).decode())
        with self._lock:
            found = self._db.execute(query + " ORDER BY seq", values).fetchall()
        return [
            CoveredUnit(seq, camera, from_us, to_us, spans_of(covered), segment, bool(removed))
            for seq, camera, from_us, to_us, covered, segment, removed in found
        ]

    # Segments

    def segments(self, generation: str | None) -> list[SegmentEntry]:
        """All that count, of one generation or of all, those set aside too."""
        query = (
            "SELECT name, generation, day, rows, bytes, digest, fault FROM segments"
            " WHERE generation = coalesce(?, generation) ORDER BY day, rowid"
        )
        fields = SegmentEntry.__struct_fields__
        with self._lock:
            rows = self._db.execute(query, (generation,)).fetchall()
        return [SegmentEntry(**dict(zip(fields, row, strict=True))) for row in rows]

    def mark(self, segment: str, fault: str | None) -> None:
        """Set a segment aside, or take it back where `fault` is None."""
        with self._lock:
            self._db.execute("UPDATE segments SET fault = ? WHERE name = ? AND fault IS NOT ?", (fault, segment, fault))

    def replace(self, old: list[str], entry: SegmentEntry | None, dropped: NDArray[np.int64]) -> None:
        """Let one segment (none, where no row is left) take the place of others, without the dropped rows."""
        with self.change():
            self._replace(old, entry, dropped)

    def _replace(self, old: list[str], entry: SegmentEntry | None, dropped: NDArray[np.int64]) -> None:
        if entry:
            self._add(entry)
        name = entry.name if entry else None
        self._db.executemany("UPDATE units SET segment = ? WHERE segment = ?", ((name, one) for one in old))
        self._db.executemany("DELETE FROM segments WHERE name = ?", ((one,) for one in old))
        off_disk = "UPDATE tombstones SET off_disk = 1 WHERE row = ?"
        self._db.executemany(off_disk, ((row,) for row in dropped.tolist()))

    def _add(self, entry: SegmentEntry) -> None:
        self._db.execute(
            "INSERT INTO segments (name, generation, day, rows, bytes, digest) VALUES (?, ?, ?, ?, ?, ?)",
            (entry.name, entry.generation, entry.day, entry.rows, entry.bytes, entry.digest),
        )

    # Rows

    def segment_of(self, row: int, generation: str) -> str:
        """Raises search_index.errors.RowUnknown: never given, of another generation, or gone."""
        query = (
            "SELECT segment FROM units WHERE first_row <= ? AND ? < first_row + rows AND generation = ?"
            " AND NOT EXISTS (SELECT 1 FROM tombstones WHERE row = ?) ORDER BY first_row DESC LIMIT 1"
        )
        with self._lock:
            found = self._db.execute(query, (row, row, generation, row)).fetchone()
        if found is None or found[0] is None:
            raise RowUnknown(row)
        return str(found[0])

    def bury(self, rows: Iterable[int]) -> int:
        """Make rows invisible for ever. For use within `change`. Returns how many were not yet.

        Raises search_index.errors.RowUnknown for an id that was never given.
        """
        rows = list(rows)
        (end,) = self._db.execute("SELECT next_row FROM counter").fetchone()
        for row in rows:
            if not 0 < row < end:
                raise RowUnknown(row)
        before = self._db.total_changes
        self._db.executemany("INSERT OR IGNORE INTO tombstones (row) VALUES (?)", ((row,) for row in rows))
        return self._db.total_changes - before

    def bury_footage(self, footage: str) -> int:
        """Make a footage's rows of every generation invisible and refuse further units. Within `change`."""
        self._db.execute(
            "INSERT INTO footages (footage, fence, removed) VALUES (?, 0, 1)"
            " ON CONFLICT (footage) DO UPDATE SET removed = 1",
            (footage,),
        )
        units = self._db.execute(
            "SELECT first_row, rows FROM units WHERE footage = ? AND segment IS NOT NULL", (footage,)
        ).fetchall()
        return sum(self.bury(range(first, first + rows)) for first, rows in units)

    def forget_footage(self, footage: str, fence: int) -> int:
        """Bury a footage's units under a name that nobody else has; older fences than this commit nothing more of it.
        Within `change`.
        """
        known = self._db.execute("SELECT removed, fence FROM footages WHERE footage = ?", (footage,)).fetchone()
        if known and (known[0] or 0 < fence <= known[1]):  # removed; or forgotten before, and perhaps made again since
            return 0
        buried = 0
        if known:
            grave = self._grave(footage)
            self._db.execute("UPDATE units SET footage = ? WHERE footage = ?", (grave, footage))
            self._db.execute("DELETE FROM remakes WHERE footage = ?", (footage,))
            self._db.execute(
                "UPDATE footages SET rows_removed = (SELECT rows_removed FROM footages WHERE footage = ?)"
                " WHERE footage = ?",
                (footage, grave),
            )
            self._db.execute("DELETE FROM footages WHERE footage = ?", (footage,))
            buried = self.bury_footage(grave)
        if fence:
            self._db.execute("INSERT INTO footages (footage, fence) VALUES (?, ?)", (footage, fence))
        return buried

    def forget_made(self, footage: str, generation: str) -> int:
        """Bury what a footage has in one generation; it may be made there again. Within `change`."""
        key = footage, generation
        self._db.execute("DELETE FROM remakes WHERE footage = ? AND generation = ?", key)
        if not self._db.execute("SELECT 1 FROM units WHERE footage = ? AND generation = ?", key).fetchone():
            return 0
        grave = self._grave(footage)
        self._db.execute("UPDATE units SET footage = ? WHERE footage = ? AND generation = ?", (grave, *key))
        return self.bury_footage(grave)

    def _grave(self, footage: str) -> str:
        (last,) = self._db.execute("SELECT coalesce(max(seq), 0) FROM units").fetchone()
        grave = f"{footage}{GRAVE}{last}-{self.removed_footages()}"
        self._db.execute("INSERT INTO footages (footage, fence) VALUES (?, 0)", (grave,))
        return grave

    def rows_of(self, footage: str) -> tuple[int, int]:
        """How many rows a footage ever had, forgotten ones too, and how many some segment's files still hold."""
        query = (
            "SELECT rows, CASE WHEN segment IS NULL THEN 0 ELSE rows - (SELECT count(*) FROM tombstones"
            " WHERE off_disk AND row >= first_row AND row < first_row + rows) END FROM units"
            " WHERE footage = ? OR (footage > ? AND footage < ?)"
        )
        before = (
            "SELECT coalesce(sum(rows_removed), 0) FROM footages WHERE footage = ? OR (footage > ? AND footage < ?)"
        )
        names = (footage, footage + GRAVE, footage + GRAVE_END)
        with self.reading():
            found = self._db.execute(query, names).fetchall()
            (removed,) = self._db.execute(before, names).fetchone()
        return (removed or 0) + sum(ever for ever, _ in found), sum(still for _, still in found)

    def footages_in(self, segment: str) -> tuple[str, ...]:
        """The footages that have units in a segment, without those that were removed."""
        query = "SELECT DISTINCT footage FROM units JOIN footages USING (footage) WHERE segment = ? AND NOT removed"
        with self._lock:
            return tuple(row[0] for row in self._db.execute(query + " ORDER BY footage", (segment,)))

    def drop(self, segment: str) -> bool:
        """Forget a segment whose footages were all removed, its rows being off the disk with it. Within `change`.

        False where footage in it still counts.
        """
        if self.footages_in(segment):
            return False
        units = self._db.execute("SELECT first_row, rows FROM units WHERE segment = ?", (segment,)).fetchall()
        rows = np.array([row for first, count in units for row in range(first, first + count)], np.int64)
        self._replace([segment], None, rows)
        return True

    def indexed_footages(self) -> list[IndexedFootage]:
        query = (
            "SELECT footage, json_group_array(DISTINCT camera), footages.fence, min(from_us), max(to_us)"
            " FROM units JOIN footages USING (footage) WHERE NOT removed GROUP BY footage"
        )
        with self._lock:
            rows = self._db.execute(query).fetchall()
        names = ("fence", "from_us", "to_us")
        return [
            IndexedFootage(
                footage=footage,
                cameras=frozenset(msgspec.json.decode(cameras, type=list[str])),
                **dict(zip(names, spans, strict=True)),
            )
            for footage, cameras, *spans in rows
        ]

    def tombstones_state(self) -> tuple[int, int]:
        """Changes whenever what `tombstones` returns does."""
        count = "SELECT count(*) FROM tombstones WHERE NOT off_disk"
        with self._lock:
            last = self._db.execute("SELECT coalesce(max(seq), 0) FROM tombstones").fetchone()[0]
            return self._db.execute(count).fetchone()[0], last

    def tombstones(self) -> NDArray[np.int64]:
        """The rows that are gone while their vectors are still on disk, ascending."""
        query = "SELECT row FROM tombstones WHERE NOT off_disk ORDER BY row"
        with self._lock:
            rows = self._db.execute(query).fetchall()
        return np.array(rows, np.int64).reshape(-1)

    def holed(self, generation: str) -> frozenset[str]:
        """The segments of a generation that hold rows which are gone."""
        with self._lock:
            return frozenset(row[0] for row in self._db.execute(f"SELECT DISTINCT segment {_GONE}", (generation,)))

    def statistics(self, generation: str) -> Statistics:
        query = "SELECT count(*), coalesce(sum(rows), 0), coalesce(sum(bytes), 0), count(fault) FROM segments"
        with self.reading():
            segments, rows, size, unavailable = self._db.execute(
                query + " WHERE generation = ?", (generation,)
            ).fetchone()
            (units,) = self._db.execute("SELECT count(*) FROM units WHERE generation = ?", (generation,)).fetchone()
            (buried,) = self._db.execute(f"SELECT count(*) {_GONE}", (generation,)).fetchone()
        return Statistics(
            generation=generation, units=units, rows=rows, gone=buried,
            segments=segments, unavailable=unavailable, bytes=size,
        )  # fmt: skip

    def removed_footages(self) -> int:
        with self._lock:
            return int(self._db.execute("SELECT count(*) FROM footages WHERE removed").fetchone()[0])
