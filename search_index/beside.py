"""What an index does where another generation of vectors is built beside the one that answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from search_index.encoder import Manifest
from search_index.entries import Commits, Removed, Statistics, Unmade
from search_index.store import Store
from search_index.upkeep import seal


class Beside:
    """Part of `FootageIndex`. "Here" is the generation that it was opened for."""

    _store: Store

    @property
    def generation(self) -> str:
        return self._store.generation

    def manifests(self) -> list[Manifest]:
        """Of every generation in the folder, the oldest first."""
        return self._store.catalogue.manifests()

    def unmade(self, old: str, new: str, *, limit: int) -> list[Unmade]:
        """Footage that the old generation holds and the new one does not hold whole, in the order to make it in."""
        return self._store.catalogue.unmade(old, new, limit)

    def count_unmade(self, old: str, new: str) -> int:
        return self._store.catalogue.count_unmade(old, new)

    def count_held(self, generation: str) -> int:
        """How many footages a generation holds, or a part of them."""
        return self._store.catalogue.count_held(generation)

    def failed_remakes(self, old: str, new: str, *, limit: int) -> list[Unmade]:
        """Those of them that could not be made, by what was said of it, or by how often nothing was."""
        return self._store.catalogue.failed_remakes(old, new, limit)

    def pace_of(self, generation: str, *, since_us: int) -> Commits | None:
        """What was committed to another generation since then (UTC)."""
        return self._store.catalogue.pace(generation, (), since_us).recent

    def uncovered_us(self, footage: str, old: str) -> int:
        """How much of the time that the old generation covers of a footage is not covered here."""
        return self._store.catalogue.uncovered_us(footage, old, self.generation)

    def pipelines_of(self, footage: str, generation: str) -> frozenset[str]:
        """As `pipelines`, of another generation."""
        return self._store.catalogue.pipelines(footage, generation)

    def statistics_of(self, generation: str) -> Statistics:
        """As `statistics`, of another generation."""
        return self._store.catalogue.statistics(generation)

    def last_remake_us(self, generation: str) -> int:
        """When somebody last began or ended to make a footage in a generation (UTC); 0 where nobody ever did."""
        return self._store.catalogue.last_remake_us(generation)

    def try_remake(self, footage: str) -> None:
        """Say that somebody begins to make a footage here. Raises search_index.errors.FootageRemoved."""
        self._store.catalogue.try_remake(footage, self.generation)

    def spare_remake(self, footage: str) -> None:
        """Say that they gave it up in order: the try does not count."""
        self._store.catalogue.spare_remake(footage, self.generation)

    def fail_remake(self, footage: str, fault: str) -> None:
        self._store.catalogue.fail_remake(footage, self.generation, fault)

    def finish_remake(self, footage: str, fence: int) -> None:
        """Say that all of a footage is here. Raises StaleClaim, FootageRemoved or GenerationClosed."""
        self._store.catalogue.finish_remake(footage, self.generation, fence)

    def is_remade(self, footage: str) -> bool:
        return self._store.catalogue.is_remade(footage, self.generation)

    def forget_made(self, footage: str) -> int:
        """Make the rows that a footage has here invisible; it may be made here again. Returns how many were visible."""
        catalogue = self._store.catalogue
        with catalogue.change():
            return catalogue.forget_made(footage, self.generation)

    @contextmanager
    def taking_the_place_of(self, old: str) -> Iterator[None]:
        """While held nothing is committed; afterwards nothing more to the old generation, where nothing was raised."""
        with self._store.catalogue.closing(old):
            yield

    def seal_all(self, *, rows_max: int = 1_000_000) -> int:
        """`seal`, of every generation: what is to go is off the disk afterwards, whichever model made it."""
        store, sealed = self._store, 0
        for manifest in store.catalogue.manifests():
            sealed += seal(store.of(manifest), rows_max)
        return sealed

    def remove_generation(self, generation: str) -> Removed:
        """Take all that was committed to a generation off the disk, and nothing more is. Done again, it tells the same
        until `forget_generation`. Raises OSError where a segment cannot be removed."""
        if generation == self.generation:
            raise ValueError(f"generation {generation} is the one that is read here")
        catalogue = self._store.catalogue
        with self._store.sealing():
            with catalogue.change():
                removed = catalogue.remove_generation(generation)
            self._store.sweep()
        return removed

    def removed_generations(self) -> frozenset[str]:
        """Those of which `remove_generation` took all, and that may not be built again yet."""
        return self._store.catalogue.removed_generations()

    def damaged_beside(self) -> dict[str, str]:
        """As `damaged`, of the other generations."""
        entries = self._store.catalogue.segments(None)
        return {entry.name: entry.fault for entry in entries if entry.fault and entry.generation != self.generation}

    def unmake(self, segment: str) -> None:
        """Take a segment of another generation off the disk; the footage in it may be made there again."""
        catalogue = self._store.catalogue
        with self._store.sealing():
            with catalogue.change():
                for entry in (each for each in catalogue.segments(None) if each.name == segment):
                    for footage in catalogue.footages_in(segment):
                        catalogue.forget_made(footage, entry.generation)
                    catalogue.drop(segment)
            self._store.discard([segment])

    def forget_generation(self, generation: str) -> None:
        """That it was removed is on record: it may be built again."""
        self._store.catalogue.forget_generation(generation)
