"""Residents: who they are by a token that nobody keeps, and how often one source may report, which nobody keeps either.

A token is 160 random bits and a check of them under a key of the deployment, so that one that was made up is refused
before anything is looked up. It is given out before there is a report: an answer that gets lost loses nothing, since
whoever asks again under the same token is answered with the same receipt.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import msgspec

from app.access.gate import Principal
from app.access.resources import NOBODY
from app.deployment import Deployment
from app.event_store.root_key import RootKey
from domain.errors import DomainError
from domain.ids import reporter_id

ROLE = "resident"
SECRET_BYTES, CHECK_BYTES, GROUP = 20, 5, 5
TOKEN_LENGTH_MAX = 60
SOURCES_MAX = 20_000  # of which it is known for an hour that they reported
ROTATION_SECONDS = 3600.0


class TooManyReports(DomainError):
    """Slowed, not shut out: who it is, nobody knows."""

    code = "too-many-reports"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(
            f"too many reports come from where you are; wait {retry_after_seconds} seconds, or, if somebody is in "
            "danger, call 102 or 112",
            retry_after_seconds=retry_after_seconds,
        )


class ReportedAlready(DomainError):
    """Told to whoever holds the token alone."""

    code = "reported-already"

    def __init__(self) -> None:
        super().__init__(
            "this token has a report already, with other words; to add to it, use POST /reports/own/follow-up, and for "
            "another report ask for another token: POST /reports/own/token"
        )


class ReportTokens:
    """Makes tokens and reads them; keeps none."""

    def __init__(self, secret: bytes) -> None:
        self._key = hashlib.sha256(b"oberih/report-token/1" + secret).digest()

    def new(self) -> str:
        """Eight groups of five letters and digits."""
        secret = secrets.token_bytes(SECRET_BYTES)
        letters = base64.b32encode(secret + self._check(secret)).decode().lower()
        return "-".join(letters[place : place + GROUP] for place in range(0, len(letters), GROUP))

    def principal(self, token: str) -> Principal | None:
        """Whoever holds it; None where it is none of ours. Small and capital letters and hyphens make no difference."""
        try:
            read = base64.b32decode(token[:TOKEN_LENGTH_MAX].replace("-", "").upper().encode("ascii"))
        except (binascii.Error, UnicodeEncodeError):
            return None
        secret, check = read[:SECRET_BYTES], read[SECRET_BYTES:]
        if not hmac.compare_digest(self._check(secret), check):
            return None
        return Principal(account=reporter_id(secret), roles=frozenset({ROLE}), unit=NOBODY)

    def _check(self, secret: bytes) -> bytes:
        return hmac.digest(self._key, secret, "sha256")[:CHECK_BYTES]


class _Bucket(msgspec.Struct):
    left: float
    at: float


class Sources:
    """How many reports each source of requests may still make: in memory alone, under names that a key makes which is
    random, known to this process only, and thrown away every hour with all that it named.
    """

    def __init__(self, per_hour: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_hour, self._clock = per_hour, clock
        self._alone = Lock()
        self._buckets: dict[bytes, _Bucket] = {}
        self._key, self._turned_at = secrets.token_bytes(32), clock()

    def check(self, address: str) -> None:
        """Raises TooManyReports where nothing is left."""
        with self._alone:
            self._of(address)

    def take(self, address: str) -> None:
        """One report less. Raises TooManyReports."""
        with self._alone:
            self._of(address).left -= 1

    @property
    def size(self) -> int:
        return len(self._buckets)

    def _of(self, address: str) -> _Bucket:
        at = self._clock()
        if at - self._turned_at >= ROTATION_SECONDS:
            self._key, self._turned_at, self._buckets = secrets.token_bytes(32), at, {}
        name = hmac.digest(self._key, address.encode(), "sha256")
        bucket = self._buckets.setdefault(name, _Bucket(float(self._per_hour), at))
        if len(self._buckets) > SOURCES_MAX:  # the oldest gives way
            del self._buckets[next(iter(self._buckets))]
        per_second = self._per_hour / 3600
        bucket.left = min(float(self._per_hour), bucket.left + (at - bucket.at) * per_second)
        bucket.at = at
        if bucket.left < 1:
            raise TooManyReports(int((1 - bucket.left) / per_second) + 1)
        return bucket


@dataclass(frozen=True)
class Residents:
    tokens: ReportTokens
    sources: Sources

    @classmethod
    def of(cls, place: Deployment) -> Residents:
        return cls(ReportTokens(RootKey.read(place.root_key).line), Sources(place.settings.reports_per_hour))
