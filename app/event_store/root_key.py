"""The root key: one small file that wraps all subject keys. Who loses it loses all personal data, for good."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.event_store.durable import sync_folder
from app.event_store.faults import StoreRefused

KEY_BYTES = 32
NONCE_BYTES = 12
_MARK = "oberih-root-key-1"  # so that another file is named as such, not tried as a key


class RootKey:
    """Wraps and unwraps subject keys. The wrapping names the subject, so that wrapped keys cannot change places."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._key = key

    @classmethod
    def create(cls, path: Path) -> RootKey:
        """Make a new root key file, durably, readable by its owner alone.

        Raises:
            FileExistsError: there is one; it is never overwritten.
        """
        key = os.urandom(KEY_BYTES)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(cls(key).line)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
        return cls(key)

    @classmethod
    def read(cls, path: Path) -> RootKey:
        """The key of a file made by `create`.

        Raises:
            StoreRefused: absent, readable by others, or not a root key.
        """
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            words = path.read_bytes()[:200].split()
        except FileNotFoundError:
            raise StoreRefused(path, "the root key is missing", "put it back from where it is kept apart") from None
        if mode & 0o077:
            raise StoreRefused(path, f"others may read it (mode {mode:04o})", f"run `chmod 600 {path}`")
        try:
            mark, encoded = words
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            mark, key = b"", b""
        if mark != _MARK.encode() or len(key) != KEY_BYTES:
            raise StoreRefused(
                path, "this is not a root key file", "put back the root.key that was made by `oberih init`"
            )
        return cls(key)

    @property
    def line(self) -> bytes:
        """The file as `create` writes it: one that came back with another line ending is the same secret."""
        return f"{_MARK} {base64.b64encode(self._key).decode()}\n".encode()

    def derived(self, use: str) -> bytes:
        """A key of its own for one use, which tells nothing of this one or of those for other uses."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"oberih/derived/1/{use}".encode()).derive(self._key)

    def wrap(self, secret: bytes, subject: UUID) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, _place(subject))

    def unwrap(self, wrapped: bytes, subject: UUID) -> bytes:
        """Raises cryptography's InvalidTag for another root key, another subject or altered bytes."""
        return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _place(subject))


def _place(subject: UUID) -> bytes:
    return b"oberih/wrapped/1" + subject.bytes
