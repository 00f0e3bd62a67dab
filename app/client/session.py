"""Who is logged in where: a file that only its owner can read, in the user's configuration folder.

OBERIH_SERVER and OBERIH_TOKEN take its place, for programs that call `oberih`.
"""

from __future__ import annotations

import ipaddress
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import typer

from app.client.refused import Refused

DEFAULT_PORT = 8420
DEFAULT_SERVER = f"http://127.0.0.1:{DEFAULT_PORT}"


@dataclass(frozen=True)
class Session:
    """A server, and the token it gave. Without a token nobody is logged in there."""

    server: str
    token: str | None = None
    username: str | None = None
    expires_at: str | None = None


def path() -> Path:
    return Path(typer.get_app_dir("oberih")) / "session.json"


def current(server: str | None) -> Session:
    """The session to use. A kept token goes to the server that gave it and to no other."""
    kept = _kept()
    chosen = address(server) if server else (kept.server if kept else DEFAULT_SERVER)
    token = os.environ.get("OBERIH_TOKEN")
    if token:
        return Session(chosen, token)
    return kept if kept and kept.server == chosen else Session(chosen)


def keep(session: Session) -> Path:
    """Write the session, readable by its owner only from its first byte on, whole or not at all."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = file.with_suffix(f".{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump(asdict(session), out)
    aside.replace(file)
    return file


def renew(session: Session) -> bool:
    """Keep a new token in the place of the old one. False where the old one came from the environment."""
    if os.environ.get("OBERIH_TOKEN"):
        return False
    keep(session)
    return True


def forget() -> bool:
    """Log out here. False where nobody was logged in. (The token itself ends by the clock.)"""
    file = path()
    there = file.exists()
    file.unlink(missing_ok=True)
    return there


def address(server: str) -> str:
    """The server's address in one spelling. Refused where a password would travel readable by others."""
    import httpx

    wrong = Refused(f"{server!r} is not the address of a server; write it as {DEFAULT_SERVER}")
    try:
        parts = urlsplit(server.strip() if "://" in server else f"http://{server.strip()}")
        httpx.URL(parts.geturl())  # what will be asked to go there
    except (ValueError, httpx.InvalidURL) as fault:
        raise wrong from fault
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise wrong
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise Refused(f"{server} would carry passwords and tokens unencrypted; use https://{parts.netloc}")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _kept() -> Session | None:
    try:
        return Session(**json.loads(path().read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as fault:
        raise Refused(f"{path()} is damaged ({fault}); remove it and log in again: oberih login USER") from fault
