"""Turns a search text into one query vector of the offline model, without torch.

    queries = OfflineQueries.load(folder)
    parsed = queries.parse("хлопець у червоній куртці з рюкзаком")
    parsed.facts           # frozenset({"person", "upper:red", "backpack"})
    parsed.unknown_words   # words to name in the answer as not taken into account
    queries.vector(parsed) # unit float32 (256,), or None: then ask the text tower

The model's fact table holds one vector for each fact. A query that was understood is the normalised sum of its facts'
vectors, so index, scope and scoring treat it like any other query vector (the cosine with a crop's embedding).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from gpu_jobs.offline_model.reading import ParsedQuery, parse_query

HEADS_FILE = "heads.safetensors"
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class OfflineQueries:
    """The fact table of one set of weights: fact -> vector (256,) float32, not normalised."""

    facts: dict[str, Vector]

    @classmethod
    def load(cls, folder: Path) -> OfflineQueries:
        """Reads `heads.safetensors` in the weights' folder; FileNotFoundError where there is none."""
        path = folder / HEADS_FILE
        if not path.exists():
            raise FileNotFoundError(f"{path}: this folder holds no offline model; give the folder of its weights")
        with safe_open(path, framework="np") as table:
            names = table.metadata()["facts"].split()
            vectors = table.get_tensor("vectors").astype(np.float32)
        if len(names) != len(vectors):
            raise ValueError(f"{path}: {len(names)} facts named but {len(vectors)} vectors stored; fetch it again")
        return cls(dict(zip(names, vectors, strict=True)))

    def parse(self, text: str) -> ParsedQuery:
        """What the text asks for, and which of its words the model does not know."""
        return parse_query(text)

    def vector(self, parsed: ParsedQuery) -> Vector | None:
        """The unit query vector (256,) float32, or None where nothing was understood."""
        wanted = sorted(parsed.facts & self.facts.keys())
        if not wanted:
            return None
        total = np.sum([self.facts[fact] for fact in wanted], axis=0)
        return np.asarray(total / np.linalg.norm(total), np.float32)

    def query_vector(self, text: str) -> tuple[Vector | None, tuple[str, ...]]:
        """`vector(parse(text))` and the words that it leaves out."""
        parsed = self.parse(text)
        return self.vector(parsed), parsed.unknown_words
