"""A data directory: made once, refused when it is not what it should be."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app import deployment
from app.access.passwords import CredentialsFault
from app.backup import migrate
from app.composition import open_house
from app.deployment import DeploymentFault
from app.event_store.faults import StoreRefused
from app.event_store.root_key import RootKey
from app.initialising import initialise
from domain.errors import Invalid
from search_index.errors import ManifestMismatch
from tests.app.conftest import PASSWORD
from tests.fakes_gpu import ColourHistograms


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    folder = tmp_path / "fresh"
    initialise(folder, password=PASSWORD)
    return folder


def test_a_deployment_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="password"):
        initialise(tmp_path / "one", password="short")
    with pytest.raises(Invalid, match="username"):
        initialise(tmp_path / "one", administrator="НЕ ТАК", password=PASSWORD)
    assert not (tmp_path / "one").exists()
    made = initialise(tmp_path / "one")
    assert len(made.password) >= 12
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "one").glob("*.db")} == {0}
    with pytest.raises(DeploymentFault, match="not empty"):
        initialise(tmp_path / "one")


def test_what_is_no_deployment_is_refused(tmp_path: Path, fresh: Path) -> None:
    with pytest.raises(DeploymentFault, match="oberih init"):
        open_house(tmp_path / "nowhere")
    settings = fresh / "oberih.json"
    settings.write_text('{"format": 99}')
    with pytest.raises(DeploymentFault, match="newer program"):
        open_house(fresh)
    settings.write_text('{"modell": "offline"}')
    with pytest.raises(DeploymentFault, match="modell"):
        open_house(fresh)


def test_a_wrong_or_missing_root_key_is_refused_and_changes_nothing(fresh: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in fresh.glob("*.db")}
    (fresh / "root.key").rename(tmp_path / "kept")
    with pytest.raises(StoreRefused, match=r"root\.key"):
        open_house(fresh, encoder=ColourHistograms())
    RootKey.create(fresh / "root.key")
    with pytest.raises(StoreRefused, match="root key"):
        open_house(fresh, encoder=ColourHistograms())
    (fresh / "root.key").unlink()
    (tmp_path / "kept").rename(fresh / "root.key")
    assert {name: (fresh / name).read_bytes() for name in before} == before
    open_house(fresh, encoder=ColourHistograms()).close()


@pytest.mark.parametrize("name", ["log.db", "keys.db", "credentials.db"])
def test_a_database_of_a_newer_program_is_refused(fresh: Path, name: str) -> None:
    with closing(sqlite3.connect(fresh / name)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises((StoreRefused, CredentialsFault), match="99"):
        open_house(fresh, encoder=ColourHistograms())


class AnotherModel(ColourHistograms):
    BINS = (6, 4, 4)


def test_an_index_of_another_model_is_refused_never_mixed(fresh: Path) -> None:
    open_house(fresh, encoder=ColourHistograms()).close()
    with pytest.raises(ManifestMismatch):
        open_house(fresh, encoder=AnotherModel())


def test_migrating_brings_a_directory_to_this_format(fresh: Path) -> None:
    assert migrate(fresh).to_format == deployment.FORMAT
    assert deployment.load(fresh).settings.format == deployment.FORMAT
