"""The generations of vectors in one catalogue: one answers; another may be built beside it, of the same footage.

A footage is made in another generation as a whole, by one worker at a time; its units are committed like any others,
under the fence of the claim that it was indexed by, so that a forgotten or corrected footage takes none of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from search_index.database import Database
from search_index.encoder import Manifest
from search_index.entries import SILENT, SILENT_TRIES, Removed, Unmade
from search_index.errors import FootageRemoved, GenerationClosed, ManifestMismatch, StaleClaim
from search_index.pace import spans_of
from search_index.scope import Interval
from search_index.selection import merged, overlap

_HELD = "FROM units WHERE units.footage = footages.footage AND generation = :old"
_UNMADE = (
    f"FROM footages LEFT JOIN remakes ON remakes.footage = footages.footage AND remakes.generation = :new"
    f" WHERE NOT removed AND coalesce(done, 0) = 0 AND EXISTS (SELECT 1 {_HELD})"
)


class Generations(Database):
    """Part of the catalogue."""

    def register(self, manifest: Manifest, *, beside: bool) -> None:
        """Make a generation known. Raises ManifestMismatch where others are here and `beside` is not set."""
        digest = manifest.digest()
        known = [row[0] for row in self._db.execute("SELECT digest FROM generations ORDER BY rowid")]
        if digest in known:
            return
        if known and not beside:
            raise ManifestMismatch(expected=known[-1], found=digest)
        self._db.execute(
            "INSERT INTO generations (digest, manifest) VALUES (?, ?)", (digest, msgspec.json.encode(manifest))
        )

    def manifests(self) -> list[Manifest]:
        """Of every generation in this folder, the oldest first."""
        with self._lock:
            rows = self._db.execute("SELECT manifest FROM generations ORDER BY rowid").fetchall()
        return [msgspec.json.decode(row[0], type=Manifest) for row in rows]

    def refuse_closed(self, generation: str) -> None:
        """Raises search_index.errors.GenerationClosed where nothing more may be committed to it. Within `change`."""
        found = self._db.execute("SELECT closed FROM generations WHERE digest = ?", (generation,)).fetchone()
        if found is None or found[0]:
            raise GenerationClosed(generation)

    # Building one beside another

    def unmade(self, old: str, new: str, limit: int) -> list[Unmade]:
        """Footage that the old generation holds and the new one does not hold whole: the latest indexed first, what was
        tried in vain last."""
        return self._unmade("", old, new, limit)

    def failed_remakes(self, old: str, new: str, limit: int) -> list[Unmade]:
        """Those of them of which somebody said that they could not be made, or over which they fell silent again and
        again."""
        return self._unmade("AND (fault <> :silent OR fault = :silent AND tries >= :silent_tries)", old, new, limit)

    def _unmade(self, only: str, old: str, new: str, limit: int) -> list[Unmade]:
        query = (
            "SELECT footages.footage, fence, coalesce(tries, 0), coalesce(tried_us, 0), fault "
            f"{_UNMADE} {only} ORDER BY coalesce(tries, 0), footages.rowid DESC LIMIT :limit"
        )
        with self._lock:
            values = {"old": old, "new": new, "limit": limit, "silent": SILENT, "silent_tries": SILENT_TRIES}
            found = self._db.execute(query, values).fetchall()
        return [Unmade(*row) for row in found]

    def count_unmade(self, old: str, new: str) -> int:
        with self._lock:
            return int(self._db.execute(f"SELECT count(*) {_UNMADE}", {"old": old, "new": new}).fetchone()[0])

    def count_held(self, generation: str) -> int:
        """How many footages it holds, or a part of them."""
        query = f"SELECT count(*) FROM footages WHERE NOT removed AND EXISTS (SELECT 1 {_HELD})"  # noqa: S608
        with self._lock:
            return int(self._db.execute(query, {"old": generation}).fetchone()[0])

    def uncovered_us(self, footage: str, old: str, new: str) -> int:
        """How much of the time that the old generation covers of it the new one does not."""
        with self.reading():
            held, made = self._covered(footage, old), self._covered(footage, new)
        return _length_us(held) - _length_us(overlap(held, made))

    def _covered(self, footage: str, generation: str) -> tuple[Interval, ...]:
        query = "SELECT covered FROM units WHERE footage = ? AND generation = ?"
        rows = self._db.execute(query, (footage, generation)).fetchall()
        return merged(Interval(*span) for (covered,) in rows for span in spans_of(covered))

    def last_remake_us(self, generation: str) -> int:
        query = "SELECT coalesce(max(tried_us), 0) FROM remakes WHERE generation = ?"
        with self._lock:
            return int(self._db.execute(query, (generation,)).fetchone()[0])

    def try_remake(self, footage: str, generation: str) -> None:
        """Somebody begins with it. Until something else is said, they fell silent. Tries count from 1 again where the
        one before left a unit more."""
        with self.change():
            self.refuse_closed(generation)
            self._refuse_gone(footage)
            self._db.execute(
                "INSERT INTO remakes (footage, generation, tries, units, tried_us, fault)"
                " SELECT :footage, :new, 1, count(*), :now, :fault FROM units"
                " WHERE footage = :footage AND generation = :new ON CONFLICT DO UPDATE SET"
                " tries = CASE WHEN excluded.units > units THEN 1 ELSE tries + 1 END,"
                " units = excluded.units, tried_us = excluded.tried_us, fault = excluded.fault",
                {"footage": footage, "new": generation, "now": _now_us(), "fault": SILENT},
            )

    def spare_remake(self, footage: str, generation: str) -> None:
        """The try does not count: it was given up in order."""
        with self._lock:
            self._db.execute(
                "UPDATE remakes SET tries = tries - 1, fault = NULL WHERE footage = ? AND generation = ?",
                (footage, generation),
            )

    def fail_remake(self, footage: str, generation: str, fault: str) -> None:
        with self._lock:
            self._db.execute(
                "UPDATE remakes SET fault = ?, tried_us = ? WHERE footage = ? AND generation = ?",
                (fault, _now_us(), footage, generation),
            )

    def finish_remake(self, footage: str, generation: str, fence: int) -> None:
        """All of it is committed there. Raises FootageRemoved, or StaleClaim where it was claimed anew meanwhile."""
        with self.change():
            self.refuse_closed(generation)
            found = self._refuse_gone(footage)
            if fence < found:
                raise StaleClaim(footage, fence, found)
            self._db.execute(
                "UPDATE remakes SET done = 1, fault = NULL, tried_us = ? WHERE footage = ? AND generation = ?",
                (_now_us(), footage, generation),
            )

    def is_remade(self, footage: str, generation: str) -> bool:
        query = "SELECT 1 FROM remakes WHERE footage = ? AND generation = ? AND done"
        with self._lock:
            return self._db.execute(query, (footage, generation)).fetchone() is not None

    def _refuse_gone(self, footage: str) -> int:
        found = self._db.execute("SELECT fence, removed FROM footages WHERE footage = ?", (footage,)).fetchone()
        if found is None or found[1]:
            raise FootageRemoved(footage)
        return int(found[0])

    @contextmanager
    def closing(self, generation: str) -> Iterator[None]:
        """Nobody commits meanwhile; and nothing more to that generation afterwards, where nothing is raised."""
        with self.change():
            yield
            self._db.execute("UPDATE generations SET closed = 1 WHERE digest = ?", (generation,))

    # Taking one away

    def remove_generation(self, generation: str) -> Removed:
        """Forget all that was committed to it; how much that was is told as long as it is known here. Within `change`.

        That a footage had rows there is remembered in numbers.
        """
        found = self._db.execute("SELECT removed FROM generations WHERE digest = ?", (generation,)).fetchone()
        if found is None:
            return Removed()
        if found[0] is not None:
            return msgspec.json.decode(found[0], type=Removed)
        (units,) = self._db.execute("SELECT count(*) FROM units WHERE generation = ?", (generation,)).fetchone()
        counts = "SELECT coalesce(sum(rows), 0), coalesce(sum(bytes), 0) FROM segments WHERE generation = ?"
        rows, size = self._db.execute(counts, (generation,)).fetchone()
        removed = Removed(units=units, rows=rows, bytes=size)
        for statement in _REMOVING:
            self._db.execute(statement, {"old": generation})
        self._db.execute(
            "UPDATE generations SET closed = 1, removed = ? WHERE digest = ?",
            (msgspec.json.encode(removed), generation),
        )
        return removed

    def removed_generations(self) -> frozenset[str]:
        with self._lock:
            found = self._db.execute("SELECT digest FROM generations WHERE removed IS NOT NULL").fetchall()
        return frozenset(row[0] for row in found)

    def forget_generation(self, generation: str) -> None:
        """After it was removed, and that is on record: it may be built again."""
        with self._lock:
            self._db.execute("DELETE FROM generations WHERE digest = ? AND removed IS NOT NULL", (generation,))


_REMOVING = (
    "UPDATE footages SET rows_removed = rows_removed + (SELECT coalesce(sum(rows), 0) FROM units"
    " WHERE units.footage = footages.footage AND generation = :old)",
    "DELETE FROM tombstones WHERE (SELECT generation FROM units WHERE first_row <= row AND rows > 0"
    " ORDER BY first_row DESC LIMIT 1) = :old",
    "DELETE FROM remakes WHERE generation = :old",
    "DELETE FROM units WHERE generation = :old",
    "DELETE FROM segments WHERE generation = :old",
)


def _length_us(intervals: Sequence[Interval]) -> int:
    return sum(interval.to_us - interval.from_us for interval in intervals)


def _now_us() -> int:
    return time.time_ns() // 1_000
