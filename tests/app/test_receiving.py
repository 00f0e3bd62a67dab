"""Footage on its way in: nothing is read that will be refused, nothing is kept that did not come whole."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import threading
from collections import namedtuple
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from litestar import Litestar

from app import deployment
from app.api.asgi import create_app
from app.deployment import Deployment, Settings
from app.receiving import BLOCK_BYTES, DiskReserved, Received, Receiving, UploadTooLarge, _Incoming
from domain.errors import LogFull
from tests.app.conftest import FILMED_AT, House
from tests.app.test_api_contract import limited

Usage = namedtuple("Usage", "total used free")


class Watched(ThreadPoolExecutor):
    """Threads, and how much was asked of them at once."""

    def __init__(self) -> None:
        super().__init__(2)
        self.blocks: list[int] = []
        self.at_once_max = 0
        self._under_way = 0
        self._count = threading.Lock()

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        self.blocks += [len(each) for each in arguments if isinstance(each, bytes)]
        with self._count:
            self._under_way += 1
            self.at_once_max = max(self.at_once_max, self._under_way)
        future = super().submit(work, *arguments, **named)
        future.add_done_callback(self._over)
        return future

    def _over(self, _: Future[Any]) -> None:
        with self._count:
            self._under_way -= 1


@pytest.fixture
def threads() -> Iterator[Watched]:
    with Watched() as watched:
        yield watched


@pytest.fixture
def place(tmp_path: Path) -> Deployment:
    return deployment.create(tmp_path / "deployment", Settings(reserve_bytes=0))


async def sent(chunks: Sequence[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def received(place: Deployment, threads: ThreadPoolExecutor, *chunks: bytes) -> Received:
    return asyncio.run(Receiving(place, threads).receive(sent(chunks)))


@pytest.mark.parametrize(
    "sizes",
    [[], [0], [1], [BLOCK_BYTES], [BLOCK_BYTES + 1], [700_000] * 5, [3 * BLOCK_BYTES, 0, 5], [1] * 300],
    ids=str,
)
def test_what_is_sent_is_what_lies_there_whatever_pieces_it_comes_in(
    place: Deployment, threads: Watched, sizes: list[int]
) -> None:
    chunks = [bytes([number % 251]) * size for number, size in enumerate(sizes)]
    whole = b"".join(chunks)
    found = received(place, threads, *chunks)
    assert (found.sha256, found.size_bytes) == (hashlib.sha256(whole).hexdigest(), len(whole))
    assert found.path.read_bytes() == whole
    assert threads.at_once_max == 1, "no block is taken before the last one is written"
    assert sum(threads.blocks) == len(whole)
    assert max(threads.blocks) <= BLOCK_BYTES


def test_too_much_is_refused_as_soon_as_it_is_too_much(place: Deployment, threads: Watched) -> None:
    small = Deployment(place.folder, msgspec.structs.replace(place.settings, upload_bytes_max=BLOCK_BYTES))
    with pytest.raises(UploadTooLarge):
        received(small, threads, *[bytes(BLOCK_BYTES)] * 5)
    assert len(threads.blocks) == 2
    assert list(place.incoming.iterdir()) == []


def test_the_reserve_is_kept_while_a_file_of_unknown_length_comes(
    place: Deployment, threads: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Deployment(place.folder, msgspec.structs.replace(place.settings, reserve_bytes=10 * BLOCK_BYTES))
    free = iter(range(14, 0, -1))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, next(free) * BLOCK_BYTES))
    with pytest.raises(DiskReserved) as refused:
        received(kept, threads, *[bytes(BLOCK_BYTES)] * 20)
    assert refused.value.fields == {"free_bytes": 10 * BLOCK_BYTES, "reserve_bytes": 10 * BLOCK_BYTES}
    assert len(threads.blocks) == 5
    assert list(place.incoming.iterdir()) == []


def test_a_disk_that_fills_up_is_a_refusal_of_its_own(threads: Watched, tmp_path: Path) -> None:
    """/dev/full refuses every byte for want of space."""
    full = deployment.create(tmp_path / "full", Settings(reserve_bytes=0))

    path = full.incoming / "file"
    path.symlink_to("/dev/full")
    incoming = _Incoming(path, Receiving(full, threads))
    incoming._file = path.open("wb", buffering=0)
    with pytest.raises(LogFull):
        incoming.write(b"x")
    incoming.drop()
    assert list(full.incoming.iterdir()) == []


def test_who_goes_away_leaves_nothing(place: Deployment, threads: Watched) -> None:
    async def stalling() -> AsyncIterator[bytes]:
        yield bytes(2 * BLOCK_BYTES)
        await asyncio.sleep(3_600)

    async def go_away() -> None:
        task = asyncio.ensure_future(Receiving(place, threads).receive(stalling()))
        while len(threads.blocks) < 2:
            await asyncio.sleep(0)
        assert len(list(place.incoming.iterdir())) == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert list(place.incoming.iterdir()) == []

    asyncio.run(go_away())


# What is refused before a byte of the body is read.


def answered_unread(app: Litestar, query: dict[str, object], headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """The answer to an upload whose body nobody may ask for."""
    messages: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("the body was asked for")

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/footage",
        "raw_path": b"/footage",
        "root_path": "",
        "query_string": urlencode(query).encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 5),
        "server": ("127.0.0.1", 80),
    }
    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    body = b"".join(each.get("body", b"") for each in messages if each["type"] == "http.response.body")
    return messages[0]["status"], msgspec.json.decode(body)


@pytest.fixture(scope="module")
def camera(house: House) -> str:
    house.register_camera("KYIV-701")
    return "KYIV-701"


@pytest.fixture(scope="module")
def nearly_full(house: House) -> Litestar:
    """The house on a disk that has room for 16 GiB above what is kept free."""
    return limited(house, 1_000, reserve_bytes=max(0, shutil.disk_usage(house.folder).free - 2**34))


@pytest.mark.parametrize(
    ("query", "headers", "status", "code", "field"),
    [
        ({"recorded_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}, {}, 422, "invalid-value", "recorded_at"),
        ({"recorded_at": "yesterday"}, {}, 422, "invalid-value", "recorded_at"),
        ({"recorded_at": "2020-01-01T00:00:00Z"}, {}, 422, "outside-camera-life", "recorded_at"),
        ({"uncertainty_seconds": -1}, {}, 422, "invalid-value", "uncertainty_seconds"),
        ({"uncertainty_seconds": "nan"}, {}, 422, "invalid-value", "uncertainty_seconds"),
        ({"anchor_source": "hearsay"}, {}, 422, "invalid-value", "anchor_source"),
        ({"name": "x" * 256}, {}, 422, "invalid-value", "name"),
        ({"camera": "KYIV-999"}, {}, 404, "not-found", None),
        ({}, {"If-Match": '"3"'}, 422, "invalid-value", "If-Match"),
        ({}, {"Content-Length": str(2**40)}, 413, "upload-too-large", None),
        ({}, {"Content-Length": str(2**35)}, 507, "disk-reserved", None),
    ],
)
def test_what_can_be_refused_without_the_file_is_refused_before_it_is_read(
    house: House,
    nearly_full: Litestar,
    camera: str,
    query: dict[str, object],
    headers: dict[str, str],
    status: int,
    code: str,
    field: str | None,
) -> None:
    about = {"camera": camera, "recorded_at": FILMED_AT.isoformat(), **query}
    token = {"Authorization": f"Bearer {house.token('olena')}"}
    found, problem = answered_unread(nearly_full, about, {**token, **headers})
    assert (found, problem["type"], problem.get("field")) == (status, f"/problems/{code}", field), problem


def test_a_body_is_asked_for_where_nothing_stands_against_it(house: House, camera: str) -> None:
    token = {"Authorization": f"Bearer {house.token('olena')}"}
    query = {"camera": camera, "recorded_at": FILMED_AT.isoformat()}
    status, _ = answered_unread(create_app(house.services), query, token)
    assert status == 500, "what failed is the question for the body"


def test_a_file_keeps_its_name_also_with_percent_signs_in_it(house: House, camera: str, red_film: bytes) -> None:
    name = "знижка 50%D0 2026-03-02T08%3A00.mp4"
    sha256 = house.upload("olena", red_film, camera, FILMED_AT, name=name).json()["id"]
    assert house.ask("olena", f"/footage/{sha256}/name").json()["name"] == name
