"""Tokens: who somebody is, for a quarter of an hour. What they may do is read anew at every request.

`TokenVerifier` is the port: an adapter for OpenID Connect can stand in the place of the embedded issuer, which
serves one machine only and refuses any address that others could reach.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

import msgspec
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OKPKey

from domain.account import UNNAMED
from domain.errors import DomainError

ALGORITHM = "Ed25519"  # RFC 9864; the only one, whatever a token's header says
TYPE = "at+jwt"  # RFC 9068
ISSUER = "oberih-loopback"
AUDIENCE = "oberih"
LIFETIME_SECONDS = 900
TOKEN_LENGTH_MAX = 2048
CLAIMS = frozenset({"iss", "aud", "sub", "credential", "iat", "exp", "jti"})


class InvalidToken(DomainError):
    """Nobody is who this token says they are."""

    code = "invalid-token"


class NotLoopback(DomainError):
    """The embedded issuer was to serve an address that other machines could reach."""

    code = "issuer-not-loopback"


class KeyFault(DomainError):
    """The signing key's file cannot be used as it is."""

    code = "signing-key-fault"


class Bearer(msgspec.Struct, frozen=True):
    """Whose token it is, and the credential that they signed in with: the token ends with it."""

    account: UUID
    credential: UUID


class TokenVerifier(Protocol):
    """Tells whose token it is. One implementation is embedded; OpenID Connect is another."""

    def verify(self, token: str) -> Bearer:
        """The account that the token names, and its credential. Raises InvalidToken."""
        ...


class IssuedToken(msgspec.Struct, frozen=True):
    token: str
    expires_at: datetime  # UTC


class LoopbackIssuer:
    """Issues and verifies tokens for a server that listens on this machine only."""

    def __init__(
        self,
        host: str,
        *,
        key: OKPKey | None = None,
        lifetime_seconds: int = LIFETIME_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`host` is what the server listens on. Without a `key` tokens end with this process.

        Raises:
            NotLoopback: other machines could reach the address.
        """
        require_loopback(host)
        self._key = key or OKPKey.generate_key("Ed25519")
        self._lifetime = timedelta(seconds=lifetime_seconds)
        self._now = now

    def issue(self, account: UUID, credential: UUID = UNNAMED) -> IssuedToken:
        """A token for somebody whose password was verified just now. It holds no role and no name."""
        issued_at = int(self._now().timestamp())
        expires_at = issued_at + int(self._lifetime.total_seconds())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(account),
            "credential": str(credential),
            "iat": issued_at,
            "exp": expires_at,
            "jti": str(uuid4()),
        }
        token = jwt.encode({"alg": ALGORITHM, "typ": TYPE}, claims, self._key, algorithms=[ALGORITHM])
        return IssuedToken(token, datetime.fromtimestamp(expires_at, UTC))

    def verify(self, token: str) -> Bearer:
        """The account that the token names, and its credential. Raises InvalidToken."""
        if len(token) > TOKEN_LENGTH_MAX:
            raise InvalidToken("the token is too long")
        try:
            decoded = jwt.decode(token, self._key, algorithms=[ALGORITHM])
            # Nothing beside these two: no key, address or extension that a token brings along is ever looked at.
            if decoded.header != {"alg": ALGORITHM, "typ": TYPE}:
                raise InvalidToken("the token is of another type")
            return self._bearer_of(decoded.claims)
        except ExpiredTokenError as fault:
            raise InvalidToken("the token has expired") from fault
        except (JoseError, ValueError) as fault:
            raise InvalidToken("the token is not one of ours") from fault

    def _bearer_of(self, claims: jwt.Claims) -> Bearer:
        rules = jwt.JWTClaimsRegistry(
            now=int(self._now().timestamp()), iss={"essential": True, "value": ISSUER}, exp={"essential": True}
        )
        rules.validate(claims)
        lifetime = claims["exp"] - claims["iat"] if claims.keys() == CLAIMS else None
        if lifetime is None or claims["aud"] != AUDIENCE or not 0 < lifetime <= self._lifetime.total_seconds():
            raise InvalidToken("the token was made for another use")
        UUID(claims["jti"])
        return Bearer(UUID(claims["sub"]), UUID(str(claims["credential"])))


def require_loopback(host: str) -> None:
    """Raises NotLoopback where other machines could reach the address."""
    if not _is_loopback(host):
        raise NotLoopback(
            f"the embedded issuer serves this machine only, and {host or 'every address'!r} is open to others; "
            "listen on 127.0.0.1, or set up OpenID Connect"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        if host != "localhost":
            return False
    found = socket.getaddrinfo(host, None)  # what this machine calls so may have been changed
    return all(ipaddress.ip_address(address[4][0]).is_loopback for address in found)


def stored_key(path: Path) -> OKPKey:
    """The signing key of a file (PEM, 0600), made where there is none: tokens outlive a restart of the server.

    Raises:
        KeyFault: the file is open to others, or holds no Ed25519 key.
    """
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _read_key(path)
    key = OKPKey.generate_key("Ed25519")
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.as_pem(private=True))
        file.flush()
        os.fsync(file.fileno())
    return key


def _read_key(path: Path) -> OKPKey:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise KeyFault(f"{path.name} is open to others ({mode:04o}); run: chmod 600 {path}")
    try:
        key = OKPKey.import_key(path.read_bytes())
    except (JoseError, ValueError) as fault:
        raise KeyFault(f"{path.name} holds no key: {fault}; remove it, and people log in again") from fault
    if key.curve_name != "Ed25519" or not key.is_private:
        raise KeyFault(f"{path.name} holds no private Ed25519 key; remove it, and people log in again")
    return key
