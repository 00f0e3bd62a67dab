"""Under which claims units were made."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from search_index.database import Database


class Claims(Database):
    """What the catalogue tells of fences."""

    def fence(self, footage: str) -> int:
        query = "SELECT fence FROM footages WHERE footage = ? AND NOT removed"
        with self._lock:
            found = self._db.execute(query, (footage,)).fetchone()
        return int(found[0]) if found else 0

    def fences_of(self, rows: Collection[int]) -> dict[int, int]:
        """By row, forgotten ones too: the fence of the claim that its unit was made under."""
        query = (
            "SELECT value, fence FROM json_each(?) JOIN units"
            " ON first_row = (SELECT max(first_row) FROM units WHERE first_row <= value AND rows > 0)"
            " WHERE rows > 0 AND value < first_row + rows"
        )
        with self._lock:
            return dict(self._db.execute(query, (msgspec.json.encode(list(rows)).decode(),)))
