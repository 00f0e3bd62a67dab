"""Small events and builders for the tests of the log: the domain's own events change, these do not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from app.event_store.keys import KeyStore
from app.event_store.mapper import EventMapper
from app.event_store.root_key import RootKey
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from domain.event import Event, Meta
from domain.log import Change
from domain.personal import Reason
from domain.sealed import Sealed

NOW = datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=UTC)


class Counted(Event, frozen=True, kw_only=True):
    number: int
    at: datetime | None = None


class Noted(Event, frozen=True, kw_only=True):
    title: str
    note: Sealed[Reason]
    more: tuple[Sealed[Reason], ...] = ()


# Given here, not in the class bodies: these topics stay out of the domain's registry.
Counted.TOPIC, Noted.TOPIC = "test.counted", "test.noted"
SAMPLES: dict[str, type[Event]] = {cls.TOPIC: cls for cls in (Counted, Noted)}


def meta(command_id: UUID | None = None) -> Meta:
    return Meta(
        actor=UUID(int=1),
        role="investigator",
        purpose="test",
        command_id=command_id or uuid4(),
        correlation_id=UUID(int=2),
        recorded_at=NOW,
    )


def counted(*numbers: int) -> tuple[Counted, ...]:
    return tuple(Counted(number=number) for number in numbers)


def noted(text: str, *, subject: UUID | None = None, more: tuple[str, ...] = ()) -> Noted:
    subject = subject or uuid4()
    return Noted(
        title="plain",
        note=Sealed(subject, Reason(text)),
        more=tuple(Sealed(subject, Reason(text)) for text in more),
    )


def change(stream: UUID, expected_version: int, *events: Event) -> Change:
    return Change(stream, expected_version, events)


class Store:
    """A log with its keys in one folder, made where they are absent."""

    def __init__(self, folder: Path, *, pages_max: int | None = None) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.log_path = folder / "log.db"
        self.keys_path = folder / "keys.db"
        self.root_key_path = folder / "root.key"
        if not self.root_key_path.exists():
            RootKey.create(self.root_key_path)
        self.keys = KeyStore(self.keys_path, self.root_key_path, create=True)
        self.vault = Vault(self.keys)
        mapper = EventMapper(self.vault, topics=SAMPLES)
        self.log = SqliteEventLog(self.log_path, self.vault, create=True, pages_max=pages_max, mapper=mapper)

    def close(self) -> None:
        self.log.close()
        self.keys.close()
