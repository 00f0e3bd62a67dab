"""The port of the index: `FootageIndex` (segments, faiss) and `OracleIndex` (NumPy) keep one contract."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search_index.answer import Answer
from search_index.footage_unit import Box, FootageUnit, RowPlace
from search_index.scope import Scope


class VectorIndex(Protocol):
    def commit(self, unit: FootageUnit) -> bool:
        """Make a unit durable and searchable, whole or not at all.

        Returns False, changing nothing, where the unit (footage, generation, number) is committed already.

        Raises:
            search_index.errors.StaleClaim: a newer claim (greater fence) has committed units of this footage.
            search_index.errors.FootageRemoved: this footage was taken out of the index for good.
            search_index.errors.ManifestMismatch: the unit is of another generation than this index.
            search_index.errors.InvalidUnit: vectors not finite, not of unit length, or not one a row.
        """
        ...

    def committed(self, footage: str) -> frozenset[int]:
        """The numbers of this footage's units that need not be made again."""
        ...

    def search(self, query: NDArray[np.float32], scope: Scope, *, moments_max: int) -> Answer:
        """The best moments in the scope for a unit vector (dimension,), by score, then row id.

        Raises:
            search_index.errors.InvalidQuery: wrong shape, not finite, not of unit length,
                or moments_max < 1.
        """
        ...

    def row_of(self, place: RowPlace, box: Box) -> int | None:
        """The row that shows this part of this footage at this instant; None where there is none. After footage was
        indexed anew, the same picture has another id.
        """
        ...

    def thumbnail(self, row: int, *, of: RowPlace | None = None) -> bytes:
        """The JPEG of a row. Raises search_index.errors.RowUnknown.

        `of` is what the asker knows of it: a restored index may have given the id anew, and then it is another row.
        """
        ...
