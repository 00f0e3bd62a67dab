"""What units were made with: the digest that each carries, and the document that it is the digest of."""

from __future__ import annotations

from search_index.database import Database


class Configurations(Database):
    """Part of the catalogue."""

    def pipelines(self, footage: str, generation: str) -> frozenset[str]:
        query = "SELECT DISTINCT pipeline FROM units WHERE footage = ? AND generation = ?"
        with self._lock:
            return frozenset(row[0] for row in self._db.execute(query, (footage, generation)))

    def describe(self, pipeline: str, document: bytes) -> None:
        if self.description(pipeline) is None:
            with self._lock:
                self._db.execute("INSERT OR IGNORE INTO pipelines VALUES (?, ?)", (pipeline, document))

    def description(self, pipeline: str) -> bytes | None:
        with self._lock:
            found = self._db.execute("SELECT document FROM pipelines WHERE digest = ?", (pipeline,)).fetchone()
        return bytes(found[0]) if found else None
