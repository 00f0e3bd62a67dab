"""`python -m tests.domain.golden`: adds to stored_events.jsonl the stored bytes of event shapes that it lacks.

Lines are only ever added. Each holds one event as the log once stored it: its topic and shape, its bytes, the wrapped
keys of its sealed parts (under ROOT_KEY, a key for these tests alone), and what it must be read as for ever. A shape
is a topic with the names and types of its fields; of each shape there is an event with every field and one with only
the required ones. Where a topic is retired, its lines get a `now` by hand: what its upcast makes of them.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import sys
import tempfile
import types
import typing
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args, get_origin
from uuid import UUID, uuid5

import msgspec

from app.event_store.keys import KeyStore
from app.event_store.mapper import EventMapper
from app.event_store.vault import Vault
from domain.event import TOPICS, Event, Meta, Recorded
from domain.sealed import Sealed

GOLDEN = Path(__file__).with_name("stored_events.jsonl")
ROOT_KEY = f"oberih-root-key-1 {base64.b64encode(bytes(range(32))).decode()}\n"
NAMESPACE = UUID("676f6c64-656e-4000-8000-000000000000")


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    topic: str
    shape: str
    version: int
    state: bytes
    keys: dict[UUID, bytes]  # subject -> wrapped key
    meta: dict[str, Any]
    event: dict[str, Any]  # a sealed part: its subject, its number, and what it opens as
    now: dict[str, Any] | None = None


# what an event is read as -------------------------------------------------------------------------------------------


def readable(event: Event, vault: Vault) -> dict[str, Any]:
    """The event as JSON values. Each sealed part is opened as the type that its class gives it."""
    opened = {id(part): (part, vault.open(token_of(part), kind)) for part, kind in sealed_parts(event)}

    def show(value: Any) -> Any:
        part, secret = opened[id(value)]
        return {"subject": part.subject, "part": token_of(part).part, "opens_as": secret}

    shown: dict[str, Any] = msgspec.to_builtins(event, enc_hook=show)
    return shown


def as_it_is(event: Event) -> dict[str, Any]:
    """A fresh event as `readable` shows one that was stored."""
    numbers = itertools.count()

    def show(value: Any) -> Any:
        return {"subject": value.subject, "part": next(numbers), "opens_as": value.fresh_value()}

    shown: dict[str, Any] = msgspec.to_builtins(event, enc_hook=show)
    return shown


def sealed_parts(event: Event) -> Iterator[tuple[Sealed[Any], Any]]:
    for name, hint in typing.get_type_hints(type(event)).items():
        value = getattr(event, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Sealed):
                (kind,) = (get_args(each)[0] for each in (hint, *get_args(hint)) if get_origin(each) is Sealed)
                yield part, kind


def token_of(part: Sealed[Any]) -> Any:
    assert part.token is not None, "it was read from stored bytes"
    return part.token


# examples of a shape ------------------------------------------------------------------------------------------------


def shape_of(cls: type[Event]) -> str:
    """A digest of the names and types of all its fields."""
    return hashlib.sha256("\n".join(sorted(_described(cls))).encode()).hexdigest()[:16]


def _described(cls: Any, path: str = "") -> Iterator[str]:
    for field in msgspec.structs.fields(cls):
        yield f"{path}.{field.name}: {field.type if field.required else f'{field.type} (optional)'}"
        for nested in (field.type, *get_args(field.type)):
            if isinstance(nested, type) and issubclass(nested, msgspec.Struct):
                yield from _described(nested, f"{path}.{field.name}")


def example(kind: Any, path: str, *, full: bool) -> Any:
    """A value of a type, always the same at the same path."""
    number = zlib.crc32(path.encode()) % 1_000
    plain = {
        UUID: uuid5(NAMESPACE, path),
        datetime: datetime(2026, 1, 1, 0, 0, 0, number, tzinfo=UTC) + timedelta(hours=number),
        str: f"{path.rsplit('.', 1)[-1]} є{number}",
        int: number,
        float: number + 0.25,
        bool: True,
    }
    if kind in plain:
        return plain[kind]
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Sealed:
        return Sealed(uuid5(NAMESPACE, f"subject {path}"), example(parts[0], path, full=full))
    if origin is tuple:
        items = [parts[0]] * 2 if parts[-1] is Ellipsis else parts
        return tuple(example(item, f"{path}.{place}", full=full) for place, item in enumerate(items))
    if origin in (types.UnionType, typing.Union):
        return example(next(part for part in parts if part is not type(None)), path, full=full)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = [field for field in msgspec.structs.fields(kind) if full or field.required]
        return kind(**{field.name: example(field.type, f"{path}.{field.name}", full=full) for field in fields})
    raise TypeError(f"{path}: {kind} needs an example here")


# the file -----------------------------------------------------------------------------------------------------------


@contextmanager
def fixed_keys(folder: Path, wrapped: dict[UUID, bytes]) -> Iterator[KeyStore]:
    """A key store with the root key of these tests."""
    root_key = folder / "root.key"
    root_key.write_text(ROOT_KEY)
    root_key.chmod(0o600)
    keys = KeyStore(folder / "keys.db", root_key, create=True)
    keys._database.rows("PRAGMA synchronous = OFF")  # nothing of this survives the test: no key waits for the disk
    with keys._database.transaction() as writer:
        writer.executemany("INSERT INTO subject_keys VALUES (?, ?)", [(s.bytes, key) for s, key in wrapped.items()])
    yield keys
    keys.close()


def stored(event: Event, folder: Path) -> Line:
    """The event through the real mapper and vault, and what it reads as."""
    meta = example(Meta, event.TOPIC, full=True)
    version = 7
    with fixed_keys(folder, {}) as keys:
        mapper = EventMapper(Vault(keys))
        row = mapper.to_stored_event(Recorded(0, NAMESPACE, version, meta, event))
        read = mapper.recorded(1, NAMESPACE, version, row.topic, row.state)
        wrapped = {
            UUID(bytes=subject): key
            for subject, key in keys._database.rows("SELECT subject, wrapped FROM subject_keys ORDER BY subject")
        }
        seen = readable(read.event, Vault(keys))
    return Line(event.TOPIC, shape_of(type(event)), version, row.state, wrapped, msgspec.to_builtins(meta), seen)


def lines() -> list[Line]:
    return (
        [msgspec.json.decode(line, type=Line) for line in GOLDEN.read_bytes().splitlines()] if GOLDEN.exists() else []
    )


def missing_shapes() -> list[type[Event]]:
    """The domain's events of which no line has the present shape."""
    known = {(line.topic, line.shape) for line in lines()}
    ours = [cls for cls in TOPICS.values() if cls.__module__.startswith("domain.")]
    return [cls for cls in ours if (cls.TOPIC, shape_of(cls)) not in known]


def main() -> None:
    added = missing_shapes()
    with GOLDEN.open("ab") as file:
        for cls in added:
            events = [example(cls, cls.TOPIC, full=full) for full in (True, False)]
            for event in events[:1] if events[0] == events[1] else events:
                with tempfile.TemporaryDirectory() as folder:
                    file.write(msgspec.json.encode(stored(event, Path(folder))) + b"\n")
    print(f"added: {', '.join(cls.TOPIC for cls in added) or 'nothing'}", file=sys.stderr)


if __name__ == "__main__":
    main()
