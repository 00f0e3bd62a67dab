"""A model's card: what a person reads before a model is accepted, with the digests of all that it speaks of."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import msgspec

from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models.files import CARD_FILE, CARRIED, CONFIG_FILE, WEIGHTS_FILE
from search_index.durable import record_of

PLAIN = "{}"  # the template that is the searched words themselves
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a model, and by which bytes it is known. Lies beside a carried model as oberih-model.json."""

    name: str  # open_clip's name/tag, or what its maker calls it; the `model` of its vectors' manifest
    source: str  # where the files came from; of a tokenizer from another repository, that one and its commit, too
    revision: str = ""  # the commit of a hub's repository, "" where there is none
    licence: str
    intended_use: str  # what its makers say that it is for, and what it is not for
    languages: tuple[str, ...]  # that queries may be in: ISO 639-1
    templates: tuple[str, ...] = (PLAIN,)  # sentences into which searched words are put, at "{}"
    files: dict[str, str] = {}  # name → SHA-256 (hex), of every file beside the card

    def __post_init__(self) -> None:
        if not self.templates or any(each.count(PLAIN) != 1 for each in self.templates):
            raise ValueError("templates: each must have {} in it once, where the searched words go; mend the card")
        for name, sha256 in self.files.items():
            if name not in CARRIED:
                raise ValueError(f"files: {name!r} is no file of a carried model; take it out of folder and card")
            if not _SHA256.fullmatch(sha256):
                raise ValueError(f"files: {name} has no SHA-256 but {sha256!r}; mend the card")

    def document(self) -> bytes:
        """The canonical JSON form."""
        return msgspec.json.encode(self, order="deterministic")

    def digest(self) -> str:
        """SHA-256 (hex) of the canonical form: what is accepted when a card is accepted."""
        return hashlib.sha256(self.document()).hexdigest()

    def printed(self) -> bytes:
        """As it is written to a file."""
        return msgspec.json.format(self.document(), indent=2) + b"\n"


def read_card(folder: Path) -> ModelCard | None:
    """The card in a folder, None where there is none. Raises ModelUnavailable for one that cannot be read."""
    path = folder / CARD_FILE
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=ModelCard)
    except (msgspec.DecodeError, ValueError) as fault:
        raise ModelUnavailable(f"model: {path} is no card: {fault}; bring the folder anew") from fault


def checked(folder: Path) -> ModelCard | None:
    """The card of a folder whose files are, every one and no other, those that it names; None where there is none.

    Raises ModelUnavailable: a file is missing, altered, or was put beside them.
    """
    card = read_card(folder)
    if card is None:
        return None
    found = {path.name for path in folder.iterdir()} - {CARD_FILE}
    missing = {CONFIG_FILE, WEIGHTS_FILE, *card.files} - found
    if missing:
        raise ModelUnavailable(f"model: {folder} lacks {_listed(missing)}; bring the folder anew, whole")
    beside = found - set(card.files)
    if beside:
        raise ModelUnavailable(f"model: {folder} holds {_listed(beside)}, which its card does not name; take it out")
    for name, sha256 in sorted(card.files.items()):
        there = record_of(folder / name).sha256 if (folder / name).is_file() else ""
        if there != sha256:
            raise ModelUnavailable(
                f"model: {folder / name} has SHA-256 {there}, the card says {sha256}: "
                "it was altered, or damaged on the way; bring the folder anew"
            )
    return card


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))
