"""One commit of a model's repository on the hub: its files as they are fetched; weights and other large ones (LFS) are
held against the hub's digest, small ones come as the hub sends them, and the card has the digests of all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from huggingface_hub import HfApi, constants, hf_hub_download, try_to_load_from_cache

from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models.files import WEIGHTS_FILE
from search_index.durable import record_of


class Repository:
    """What lies in one repository, at the commit that was the newest when it was opened."""

    def __init__(self, name: str) -> None:
        """Raises ModelUnavailable where the hub cannot be reached, or has no such repository."""
        with _reaching(name):
            told = HfApi().model_info(name, files_metadata=True)
        self.name, self.revision = name, str(told.sha)
        self._sha256 = {each.rfilename: each.lfs.sha256 if each.lfs else None for each in told.siblings or ()}

    def __contains__(self, file: str) -> bool:
        return file in self._sha256

    def fetched(self, file: str) -> Path:
        """Where the file lies now, in the hub's cache; what was fetched in part is fetched on.

        Raises ModelUnavailable: the way broke down, or what came is not what the hub says it is.
        """
        with _reaching(self.name):
            path = Path(hf_hub_download(self.name, file, revision=self.revision))
        expected = self._sha256[file]
        if expected is not None and (there := record_of(path).sha256) != expected:
            raise ModelUnavailable(
                f"model: {file} of {self.name} came with SHA-256 {there}, the hub says {expected}; "
                f"remove {path.resolve()} and fetch it again"
            )
        return path


def is_cached(repository: str) -> bool:
    """Whether open_clip would find safetensors of it here without asking the hub."""
    return isinstance(try_to_load_from_cache(repository, WEIGHTS_FILE), str)


@contextmanager
def _reaching(repository: str) -> Iterator[None]:
    try:
        yield
    except (httpx2.HTTPError, OSError, ValueError) as fault:  # the kinds that the hub's client has
        raise ModelUnavailable(
            f"model: {repository} cannot be fetched from {constants.ENDPOINT}: {str(fault).strip().splitlines()[0]}; "
            "where there is no internet, fetch it elsewhere and carry the folder"
        ) from fault
