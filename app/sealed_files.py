"""Files sealed block by block under a key of their own, which follows from their subject's: nothing of one is ever on
the disk in the clear, and all of it is gone once that key is destroyed.

A file is a mark, a salt and blocks of AES-GCM. Each block is bound to its place and to whether it is the last, so that
none can be moved, dropped or cut off unnoticed; the salt makes every file's key new, so that no nonce serves twice.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.event_store.faults import SubjectErased
from app.event_store.vault import Vault

MARK = b"oberih-sealed-file-1\n"
SALT_BYTES = 16
BLOCK_BYTES = 1 << 20
TAG_BYTES = 16


class FileAltered(Exception):
    """It is not what was written."""


class FileSealer:
    """Seals one file as it comes in. It holds no more than a block of it."""

    def __init__(self, vault: Vault, subject: UUID, key: UUID) -> None:
        """Raises SubjectErased where what is of this subject can be sealed no more, and LogFull."""
        vault.make_key(subject)
        self._salt = os.urandom(SALT_BYTES)
        self._cipher = _cipher(vault, subject, key, self._salt)
        self._place = 0

    @property
    def head(self) -> bytes:
        return MARK + self._salt

    def seal(self, block: bytes, *, last: bool) -> bytes:
        """The next block; of BLOCK_BYTES, unless it is the last."""
        sealed = self._cipher.encrypt(_nonce(self._place), block, _bound(self._place, last=last))
        self._place += 1
        return sealed


def opened(file: BinaryIO, vault: Vault, subject: UUID, key: UUID) -> Iterator[bytes]:
    """The blocks of a sealed file, which raise FileAltered where one is not what was written, or one too few or many.

    Raises:
        SubjectErased: nobody can open it any more.
        FileAltered: it does not begin as one.
    """
    if file.read(len(MARK)) != MARK:
        raise FileAltered("it is no sealed file")
    return _blocks(file, _cipher(vault, subject, key, file.read(SALT_BYTES)))


def _blocks(file: BinaryIO, cipher: AESGCM) -> Iterator[bytes]:
    place, block = 0, file.read(BLOCK_BYTES + TAG_BYTES)
    while True:
        following = file.read(BLOCK_BYTES + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(place), block, _bound(place, last=not following))
        except InvalidTag:
            raise FileAltered(f"its block {place} was altered") from None
        if not following:
            return
        place, block = place + 1, following


def _cipher(vault: Vault, subject: UUID, key: UUID, salt: bytes) -> AESGCM:
    derived = vault.derived_key(subject, b"file/" + key.bytes + salt)
    if derived is None:
        raise SubjectErased(subject)
    return AESGCM(derived)


def _nonce(place: int) -> bytes:
    return place.to_bytes(12)


def _bound(place: int, *, last: bool) -> bytes:
    return b"oberih/sealed-file/1" + place.to_bytes(8) + bytes([last])
