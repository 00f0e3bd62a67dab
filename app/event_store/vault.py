"""Sealing and opening: personal data under its subject's key, bound to the one place where it stands."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.event_store.faults import TokenRefused
from app.event_store.keys import KeyStore
from app.event_store.root_key import KEY_BYTES, NONCE_BYTES
from domain.sealed import Sealed, Token

T = TypeVar("T")


class Sealer:
    """Seals values while their subjects' keys may still be made: one block of `Vault.sealing`."""

    def __init__(self, key_of: Callable[[UUID], bytes]) -> None:
        self._cipher_of = cache(lambda subject: AESGCM(key_of(subject)))

    def seal(self, sealed: Sealed[Any], stream: UUID, version: int, topic: str, part: int) -> Token:
        """The token of a fresh value. Raises ValueError for one from the log: it is bound to where it stands."""
        value = msgspec.msgpack.encode(sealed.fresh_value())
        nonce = os.urandom(NONCE_BYTES)
        place = _place(stream, version, topic, sealed.subject, part)
        ciphertext = nonce + self._cipher_of(sealed.subject).encrypt(nonce, value, place)
        return Token(sealed.subject, stream, version, topic, part, ciphertext)


class Vault:
    """Opens tokens for those who may read them; who may, and the record of it, is the caller's care."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    @contextmanager
    def sealing(self) -> Iterator[Sealer]:
        """New subjects' keys are durable when the block ends. Raises as `KeyStore.sealing` does."""
        with self._keys.sealing() as key_of:
            yield Sealer(key_of)

    def open(self, token: Token, kind: type[T]) -> T | None:
        """The value; None once its subject was erased.

        Raises:
            TokenRefused: it was not sealed in the place that the token names, or it was altered.
            StoreRefused: the key of its subject was altered.
        """
        key = self._keys.key(token.subject)
        if key is None:
            return None
        place = _place(token.stream, token.version, token.topic, token.subject, token.part)
        try:
            value = AESGCM(key).decrypt(token.ciphertext[:NONCE_BYTES], token.ciphertext[NONCE_BYTES:], place)
        except (InvalidTag, ValueError):  # the second: too short to be one
            raise TokenRefused(token.stream, token.version, token.part) from None
        return msgspec.msgpack.decode(value, type=kind)

    def derived_key(self, subject: UUID, use: bytes) -> bytes | None:
        """A key for one use alone, such as one file, that goes with the subject's; None once it was destroyed."""
        key = self._keys.key(subject)
        return None if key is None else HKDF(SHA256(), KEY_BYTES, salt=None, info=b"oberih/derived/1" + use).derive(key)

    def has_key(self, subject: UUID) -> bool:
        return self._keys.has(subject)

    def make_key(self, subject: UUID) -> None:
        """The subject's key stands when this returns. Raises as `KeyStore.sealing` does."""
        with self._keys.sealing() as key_of:
            key_of(subject)

    def erase(self, *subjects: UUID) -> None:
        """Destroy what opens the subjects' values, everywhere and for ever. Raises as `KeyStore.erase` does."""
        self._keys.erase(*subjects)


def _place(stream: UUID, version: int, topic: str, subject: UUID, part: int) -> bytes:
    """The additional data of AES-GCM: every field has its length fixed, the last one runs to the end."""
    return b"".join(
        (b"oberih/sealed/1", stream.bytes, version.to_bytes(8), subject.bytes, part.to_bytes(4), topic.encode())
    )
