"""A deployment is copied while it serves, and restored; a backup is whole or not there, and says what it lacks."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from litestar.testing import TestClient
from typer.testing import CliRunner

from app import deployment
from app.api.asgi import create_app
from app.backup import back_up
from app.cli import app
from app.clockwork import system_meta
from app.composition import open_house, open_record
from app.deployment import DeploymentFault
from app.event_store.durable import copy_digested
from app.event_store.faults import StoreRefused
from domain.ids import footage_id
from domain.keeping_events import FootagePurged
from domain.log import Change
from tests.app.conftest import FILMED_AT, PASSWORD, House, film
from tests.fakes_gpu import ColourHistograms

ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_copy_taken_while_serving_is_restored_whole(house: House, tmp_path: Path) -> None:
    house.register_camera("KYIV-401")
    assert house.upload("olena", film(tmp_path / "f.mp4", seconds=6), "KYIV-401", FILMED_AT).status_code == 201
    house.index_all()
    window = {"window_to": (FILMED_AT + timedelta(seconds=6)).isoformat()}
    authorisation = house.authorise(["KYIV-401"], **window)
    before = house.ask("oksana", "/record/views").json()
    copied = back_up(house.folder, tmp_path / "copy")
    house.record_incident()  # later than the copy
    assert (copied.position, copied.originals, copied.is_whole) == (before["position"], 1, True)
    assert not (tmp_path / "copy.partial").exists()
    assert not (tmp_path / "copy" / "root.key").exists()
    shutil.copy2(house.folder / "root.key", tmp_path / "copy" / "root.key")
    services = open_house(tmp_path / "copy", encoder=ColourHistograms())
    try:
        assert services.projector.wait(copied.position, timeout_seconds=30)
        with TestClient(create_app(services)) as http:
            restored = House(services, http, tmp_path / "copy", {})
            assert restored.ask("oksana", "/record/views").json() == before
            found = restored.done("olena", "/searches", {"authorisation": authorisation, "text": "red", "limit": 1})
            assert found["moments"]
            assert restored.ask("olena", found["moments"][0]["thumbnail"]).status_code == 200
            assert restored.http.post("/login", json={"username": "olena", "password": PASSWORD}).status_code == 200
    finally:
        services.close()


@pytest.fixture
def still(house: House, tmp_path: Path) -> tuple[Path, list[str]]:
    """A deployment that nobody serves, with the digests of its two originals."""
    names = {each["name"] for each in house.ask("olena", "/cameras").json()["items"]}
    if "KYIV-402" not in names:
        house.register_camera("KYIV-402")
        for minute, colour in enumerate(((200, 10, 10), (10, 10, 200))):
            content = film(tmp_path / "f.mp4", seconds=4, colour=colour)
            at = FILMED_AT + timedelta(minutes=minute)
            assert house.upload("olena", content, "KYIV-402", at).status_code == 201
        house.index_all()
    back_up(house.folder, tmp_path / "still")
    digests = sorted(path.name for path in (tmp_path / "still" / "footage").glob("??/*"))
    assert len(digests) >= 2
    return tmp_path / "still", digests


def original(folder: Path, digest: str) -> Path:
    return folder / "footage" / digest[:2] / digest


def content_of(folder: Path) -> dict[str, bytes]:
    """Every file of a copy. Databases by what is in them: two copies number their pages' changes differently."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() if path.suffix != ".db" else dumped(path) for name, path in found.items()}


def dumped(path: Path) -> bytes:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        return "\n".join(database.iterdump()).encode()


def test_a_backup_that_dies_at_any_step_leaves_no_folder_at_its_target(
    still: tuple[Path, list[str]], tmp_path: Path
) -> None:
    program = [sys.executable, "-m", "tests.app.die_in_backup", str(still[0]), str(tmp_path / "copies")]
    done = subprocess.run(program, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=240)
    steps = done.stdout.splitlines()
    published = steps.index(next(step for step in steps if step.endswith(".partial to copy")))
    assert published > 30
    assert any("keys.db" in step for step in steps[:published])
    assert any(original(still[0], still[1][0]).name in step for step in steps[:published])
    whole = content_of(tmp_path / "copies" / f"{len(steps):03}" / "copy")
    for number in range(len(steps)):
        copies = tmp_path / "copies" / f"{number:03}"
        if number <= published:
            assert not (copies / "copy").exists(), steps[number]
        else:
            assert content_of(copies / "copy") == whole, steps[number]
    left = tmp_path / "copies" / f"{published:03}" / "copy"
    with pytest.raises(DeploymentFault, match=r"copy\.partial is there.*remove it"):
        back_up(still[0], left)
    shutil.rmtree(left.with_name("copy.partial"))
    assert back_up(still[0], left).is_whole


def test_all_that_is_copied_is_durable_before_the_copy_has_its_name(
    still: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[str] = set()
    real, renaming = os.fsync, Path.rename

    def fsync(opened: int) -> None:
        synced.add(str(Path(f"/proc/self/fd/{opened}").readlink()))
        real(opened)

    def rename(self: Path, target: Path) -> Path:
        if self.name == "copy.partial":
            everything = {str(self), *(str(path) for path in self.rglob("*"))}
            assert everything <= synced
        return renaming(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", rename)
    back_up(still[0], tmp_path / "copy")
    assert str(tmp_path) in synced


def test_a_target_that_exists_is_refused_and_left_alone(still: tuple[Path, list[str]], tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    with pytest.raises(DeploymentFault, match="exists already; name a new folder"):
        back_up(still[0], tmp_path / "copy")
    assert not list((tmp_path / "copy").iterdir())
    assert not (tmp_path / "copy.partial").exists()


def test_a_backup_that_fails_leaves_nothing_of_the_copy(still: tuple[Path, list[str]], tmp_path: Path) -> None:
    (still[0] / "log.db").unlink()
    with pytest.raises(StoreRefused, match=r"log\.db: it is missing"):
        back_up(still[0], tmp_path / "copy")
    assert not list(tmp_path.glob("copy*"))


def test_a_backup_to_a_full_disk_ends_in_one_line(still: tuple[Path, list[str]], tmp_path: Path) -> None:
    program = [sys.executable, "-m", "app", "backup", "--data", str(still[0]), "--to", str(tmp_path / "copy")]
    limited = ["sh", "-c", 'ulimit -f 64 && exec "$@"', "sh", *program]  # what no file grows beyond
    said = subprocess.run(limited, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
    (line,) = said.stderr.splitlines()
    assert (said.returncode, line.startswith(f"oberih: {tmp_path / 'copy'}: a database was not copied: ")) == (1, True)
    assert not list(tmp_path.glob("copy*"))


def test_every_file_is_for_the_owner_alone(still: tuple[Path, list[str]], tmp_path: Path) -> None:
    back_up(still[0], tmp_path / "copy")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "copy").iterdir() if path.is_file()}
    assert modes == dict.fromkeys(("oberih.json", "log.db", "keys.db", "credentials.db"), 0o600)
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o700


def test_originals_that_are_gone_or_altered_are_named_and_the_rest_is_saved(
    still: tuple[Path, list[str]], tmp_path: Path
) -> None:
    folder, (altered, gone, *kept) = still
    original(folder, gone).unlink()
    original(folder, altered).chmod(0o600)
    original(folder, altered).write_bytes(b"not the film")
    (folder / "footage" / "aa").mkdir(exist_ok=True)
    (folder / "footage" / "aa" / ("a" * 64)).write_bytes(b"what no event names")
    command = ["backup", "--data", str(folder), "--to", str(tmp_path / "copy"), "--json"]
    said = CliRunner().invoke(app, command, catch_exceptions=False)
    assert said.exit_code == 1
    told = json.loads(said.stdout)
    assert told["originals"] == len(kept)
    assert told["originals_damaged"].keys() == {gone, altered}
    assert told["originals_damaged"][gone] == "it is missing"
    assert f"oberih: original {gone}: it is missing" in said.stderr
    assert "find them in an older backup" in said.stderr
    copied = {path.name: path for path in (tmp_path / "copy" / "footage").glob("??/*")}
    assert copied.keys() == {*kept, f"{altered}.damaged"}
    assert copied[f"{altered}.damaged"].read_bytes() == b"not the film"


def test_a_row_that_is_gone_from_the_record_is_named_and_the_rest_is_saved(
    still: tuple[Path, list[str]], tmp_path: Path
) -> None:
    with closing(sqlite3.connect(still[0] / "log.db")) as log, log:
        log.execute("DROP TRIGGER stored_events_delete")
        log.execute("DELETE FROM stored_events WHERE rowid = 2")
    copied = back_up(still[0], tmp_path / "copy")
    fault = f"of {copied.position} events that were recorded {copied.position - 1} are there"
    assert (copied.is_whole, copied.record_damaged) == (False, {"log.db": fault})


def test_what_is_purged_while_the_copy_is_made_is_no_damage(
    house: House, still: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, digests = still
    shutil.copy2(house.folder / "root.key", folder / "root.key")
    left = list(digests)

    def purge_all_then_copy(source: BinaryIO, target: Path) -> tuple[str, str]:
        with ExitStack() as opening:
            log, _ = open_record(deployment.load(folder), opening)
            while left:
                sha256 = left.pop()
                stream = footage_id(sha256)
                purged = FootagePurged(kept_until=FILMED_AT, retention_days=30)
                log.append([Change(stream, len(log.events(stream)), (purged,))], system_meta("test"))
                original(folder, sha256).unlink()
        return copy_digested(source, target)

    monkeypatch.setattr("app.backup.copy_digested", purge_all_then_copy)
    copied = back_up(folder, tmp_path / "copy")
    assert (copied.originals, copied.originals_damaged) == (1, {}), "the one that was open, and none is missing"


@pytest.mark.parametrize("spoil", ["state = x'00'", "originator_id = 'v' || substr(originator_id, 2)"])
def test_an_unreadable_event_that_names_an_original_is_reported(
    still: tuple[Path, list[str]], tmp_path: Path, spoil: str
) -> None:
    folder, digests = still
    with closing(sqlite3.connect(folder / "log.db", isolation_level=None)) as log:
        log.execute("DROP TRIGGER stored_events_update")
        (position,) = log.execute("SELECT min(rowid) FROM stored_events WHERE topic = 'footage.archived'").fetchone()
        log.execute(f"UPDATE stored_events SET {spoil} WHERE rowid = ?", (position,))
        log.execute(
            "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (?, 1, ?, x'00')",
            ("v" * 32, FootagePurged.TOPIC),
        )
    copied = back_up(folder, tmp_path / "copy")
    assert list(copied.originals_damaged) == [f"at position {position}"]
    assert copied.originals == len(digests) - 1
    assert not copied.is_whole
