"""What an index does where another generation of vectors is built beside the one that answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from search_index.encoder import Manifest
from search_index.entries import Removed, Unmade
from search_index.store import Store
from search_index.upkeep import seal
from search_index.view import Reader


class Beside:
    """Part of `FootageIndex`. "Here" is the generation that it was opened for."""

    _store: Store

    @property
    def generation(self) -> str:
        return self._store.generation

    def manifests(self) -> list[Manifest]:
        """Of every generation in the folder, the oldest first."""
        return self._store.catalogue.manifests()

    def unmade(self, of: str, *, limit: int) -> list[Unmade]:
        """Footage that the generation `of` holds and this one does not hold whole, in the order to make it in."""
        return self._store.catalogue.unmade(of, self.generation, limit)

    def count_unmade(self, of: str) -> int:
        return self._store.catalogue.count_unmade(of, self.generation)

    def count_held(self) -> int:
        """How many footages are here, or a part of them."""
        return self._store.catalogue.count_held(self.generation)

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
            share = store.of(manifest)
            sealed += seal(share, Reader(store.catalogue, store.segments, share.generation), rows_max)
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

    def forget_generation(self, generation: str) -> None:
        """That it was removed is on record: it may be built again."""
        self._store.catalogue.forget_generation(generation)


