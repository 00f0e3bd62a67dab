"""From features to what is stored: tokens under a key that is derived from the root key and stands in no database.

A token is of one unit: the same name in two units is two tokens, so that a search cannot leave its unit, and nobody who
holds the index sees that two units know children of one name. What is stored of a child is always a multiple of
`PADDED_TO` tokens, some of them by chance: how long a name is, and how much of it is known, does not show. A child's id
is enciphered: the index cannot be laid beside the views.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PADDED_TO = 16
TOKEN_BYTES = 8  # of a million children's tokens, two are alike by chance once in ten thousand deployments


class NameKey:
    """The two keys of an index of names. Safe between threads."""

    def __init__(self, secret: bytes) -> None:
        self._tokens = hashlib.sha256(b"oberih/name-tokens/1" + secret).digest()
        key = hashlib.sha256(b"oberih/name-entries/1" + secret).digest()
        # One block, which is a permutation of ids: each id is enciphered once, and nothing is repeated.
        self._ids = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305

    def token(self, unit: UUID, feature: str) -> int:
        digest = hmac.digest(self._tokens, unit.bytes + feature.encode(), "sha256")
        return int.from_bytes(digest[:TOKEN_BYTES], signed=True)

    def kept(self, units: Collection[UUID], features: Iterable[str]) -> tuple[int, ...]:
        """The tokens to store, for every unit that is to find them, in an order that says nothing."""
        tokens = {self.token(unit, feature) for feature in features for unit in units}
        while len(tokens) % PADDED_TO:
            tokens.add(int.from_bytes(secrets.token_bytes(TOKEN_BYTES), signed=True))
        return tuple(sorted(tokens))

    def enciphered(self, child: UUID) -> bytes:
        return self._ids.encryptor().update(child.bytes)

    def deciphered(self, stored: bytes) -> UUID:
        return UUID(bytes=self._ids.decryptor().update(stored))

    def check(self) -> bytes:
        """Tells this key from another one."""
        return hmac.digest(self._tokens, b"which key", "sha256")
