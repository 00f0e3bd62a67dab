"""Files sent to the shelf, each once: the server is asked for their digests first, so that a command that was cut off
goes on where it stopped when it is repeated.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from app.cli.options import iso
from app.cli.refused import refusal_of
from app.client.http import CHUNK_BYTES, Answer, Client, chunks, part
from app.client.refused import Refused
from domain.errors import DomainError
from domain.footage_state import DESTROYED, GONE
from domain.kyiv_time import shown

BUSY_PAUSE_SECONDS, BUSY_PAUSES_MAX = 5.0, 30
NOT_FOUND, TOO_MANY = "/problems/not-found", "/problems/too-many-requests"
ENDS = (  # what would be said of each file that is left, too
    *("/problems/no-server", "/problems/unauthorized", "/problems/forbidden"),
    *("/problems/disk-reserved", "/problems/log-full"),
)


class Item(NamedTuple):
    """A file, and what is said of it. The camera is as its name has it, or as it was given."""

    file: Path
    camera: str
    recorded_at: datetime


class Bars:
    """What is under way, for who looks on: the whole, and the file in hand. Without a terminal, silent."""

    def __init__(self, bars: Any, sizes: dict[Path, int]) -> None:
        self._bars, self._sizes, self._done_bytes, self._done = bars, sizes, 0, 0
        self._all = bars.add_task(self._of_all(), total=sum(sizes.values()))
        self._one = bars.add_task("", total=None, visible=False)

    def at(self, file: Path, doing: str, done_bytes: int) -> None:
        size = self._sizes.get(file, 0)
        self._bars.update(self._one, description=f"{doing} {file.name}", completed=done_bytes, total=size, visible=True)
        if doing == "sending":
            self._bars.update(self._all, completed=self._done_bytes + min(done_bytes, size))

    def past(self, file: Path) -> None:
        self._done_bytes += self._sizes.get(file, 0)
        self._done += 1
        self._bars.update(self._all, completed=self._done_bytes, description=self._of_all())

    def _of_all(self) -> str:
        return f"{self._done} of {len(self._sizes)} files"


@contextmanager
def showing(items: Sequence[Item]) -> Iterator[Bars]:
    """Progress on standard error: how many files and bytes, how fast, how long yet."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(binary_units=True))
    bars = Progress(
        *(*columns, TransferSpeedColumn(), TimeRemainingColumn()),
        console=Console(stderr=True),
        redirect_stdout=False,
        redirect_stderr=False,
    )
    sizes = {item.file: _size(item.file) for item in items}
    with bars:
        yield Bars(bars, sizes)


class Sending:
    """One run. `archived`, `refused` and `not_tried` are as the command tells them."""

    def __init__(
        self, client: Client, about: Answer, other_names: dict[str, str], key: str, refused: list[Answer]
    ) -> None:
        self._client, self._about, self._other_names, self._key = client, about, other_names, key
        self._cameras: dict[str, Answer | Refused] = {}
        self.archived: list[Answer] = []
        self.refused = refused
        self.not_tried: list[str] = []
        self.bytes_sent = 0

    def send(self, items: Sequence[Item], bars: Bars) -> None:
        """All of them; up to the first refusal that would be every other's, too, or to an interruption."""
        for place, item in enumerate(items):
            try:
                self.archived.append({"file": str(item.file), **self._one(item, bars)})
            except (Refused, DomainError, OSError) as fault:
                refusal = refusal_of(fault)
                self.refused.append({"file": str(item.file), **refusal.problem})
                if refusal.problem["type"] in ENDS:
                    self.not_tried = [str(left.file) for left in items[place + 1 :]]
                    return
            except KeyboardInterrupt:
                self.not_tried = [str(left.file) for left in items[place:]]
                return
            bars.past(item.file)

    def checked(self, item: Item) -> Answer | None:
        """What would be sent, without a look into the file; None where it would be refused, for which is seen to."""
        try:
            camera = self._camera(item.camera)
            if not (size_bytes := item.file.stat().st_size):
                raise Refused("the file is empty; export it again")
            installed_at = datetime.fromisoformat(str(camera["installed_at"]))
            if item.recorded_at < installed_at - timedelta(seconds=float(self._about["uncertainty_seconds"])):
                raise Refused(
                    f"it would be of {shown(item.recorded_at)}, before {camera['name']} stood there "
                    f"({shown(installed_at)}); see how its name is read"
                )
        except (Refused, OSError) as fault:
            self.refused.append({"file": str(item.file), **refusal_of(fault).problem})
            return None
        at = iso(item.recorded_at)
        return {"file": str(item.file), "camera": camera["name"], "recorded_at": at, "size_bytes": size_bytes}

    def _one(self, item: Item, bars: Bars) -> Answer:
        camera = self._camera(item.camera)
        with item.file.open("rb") as file:
            before = item.file.stat()
            if not before.st_size:
                raise Refused("the file is empty; export it again")
            digest = hashlib.sha256()
            for read, chunk in _told(file):
                digest.update(chunk)
                bars.at(item.file, "reading", read)
            sha256 = digest.hexdigest()
            if self._is_there(sha256, item, camera):
                return {"id": sha256, "already": True}
            _same(item.file, before)
            about = {
                "camera": self._other_names.get(item.camera.lower(), item.camera),
                **self._about,
                "recorded_at": iso(item.recorded_at),
                "name": item.file.name,
            }
            answer = self._patiently(
                lambda: self._client.upload(
                    "/footage",
                    lambda: chunks(file, lambda sent: bars.at(item.file, "sending", sent)),
                    before.st_size,
                    key=_key(self._key, sha256, about),
                    **about,
                )
            )
        _same(item.file, before)
        self.bytes_sent += before.st_size
        return answer

    def _camera(self, name: str) -> Answer:
        """The camera that a name means; asked for once. Raises Refused where there is none."""
        meant = self._other_names.get(name.lower(), name)
        if meant not in self._cameras:
            try:
                self._cameras[meant] = self._patiently(lambda: self._client.ask(f"/cameras/{part(meant)}"))["camera"]
            except Refused as refusal:
                if refusal.problem["type"] != NOT_FOUND:
                    raise
                called = meant if meant == name else f"{name} (--called {meant})"
                fault = f"no camera is registered as {called}; register it, or say which it is: --called {name}=CAMERA"
                self._cameras[meant] = Refused(fault, {**refusal.problem, "detail": fault})
        found = self._cameras[meant]
        if isinstance(found, Refused):
            raise found
        return found

    def _is_there(self, sha256: str, item: Item, camera: Answer) -> bool:
        """Whether these bytes are on the shelf, with the time of their name, or one that was corrected since. Raises
        Refused where they are there as something else."""
        try:
            found = self._patiently(lambda: self._client.ask(f"/footage/{sha256}"))
        except Refused as refusal:
            if refusal.problem["type"] != NOT_FOUND:
                raise
            return False
        if found["state"] in (GONE, DESTROYED):
            raise Refused("it was purged or erased, and is not taken again", {"type": "/problems/wrong-state"})
        from_at = datetime.fromisoformat(str(found["from_at"]))
        times = from_at, datetime.fromisoformat(str(found["archived_as"]))
        if found["camera"] != camera["camera"] or item.recorded_at not in times:
            raise Refused(
                f"these bytes are on the shelf as {found.get('camera_name') or found['camera']} of {shown(from_at)}, "
                f"and its name says {camera['name']} of {shown(item.recorded_at)}; see which is right, and correct "
                "a wrong time with: oberih footage clock",
                {"type": "/problems/footage-archived-otherwise"},
            )
        return True

    @staticmethod
    def _patiently(ask: Any) -> Answer:
        """So many files are more requests than a minute allows: then the minute is waited for."""
        for _ in range(BUSY_PAUSES_MAX):
            try:
                answer: Answer = ask()
                return answer
            except Refused as refusal:
                if refusal.problem["type"] != TOO_MANY:
                    raise
                time.sleep(BUSY_PAUSE_SECONDS)
        last: Answer = ask()
        return last


def _size(file: Path) -> int:
    """0 of a file that is not there, or not for us: it is refused when its turn comes."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _key(said: str, sha256: str, about: Answer) -> str:
    """The same file with the same facts is the same command, in this run and in every other, whatever lies beside
    it then."""
    facts = "\n".join(f"{name}={about[name]}" for name in sorted(about))
    return hashlib.sha256(f"archive\n{said}\n{sha256}\n{facts}".encode()).hexdigest()


def _told(file: Any) -> Iterator[tuple[int, bytes]]:
    read = 0
    while chunk := file.read(CHUNK_BYTES):
        read += len(chunk)
        yield read, chunk


def _same(file: Path, before: Any) -> None:
    """Raises Refused where somebody still writes it."""
    after = file.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise Refused("it changed while it was read; archive it once its recorder has finished it")
