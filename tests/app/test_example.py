"""A deployment is an example for good or never, and no other one can have a clock that is told the time."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import call, clock, deployment
from app.backup import back_up
from app.composition import Services, open_house
from app.demo.year.clock import simulated
from app.deployment import DeploymentFault, Settings
from app.initialising import initialise
from domain.errors import AlreadyExists
from domain.example import DECIDER, Example, MarkedAsExample, MarkExample
from domain.ids import SYSTEM_ACTOR
from tests.app.conftest import PASSWORD, serving
from tests.fakes_gpu import ColourHistograms

THEN = datetime(2025, 9, 1, 5, 0, tzinfo=UTC)
EXAMPLE = Settings(example=True)
MARK = MarkExample(by=SYSTEM_ACTOR)


def opened(folder: Path) -> Services:
    return open_house(folder, encoder=ColourHistograms())


@pytest.fixture
def example(tmp_path: Path) -> Path:
    initialise(tmp_path / "example", password=PASSWORD, settings=EXAMPLE)
    return tmp_path / "example"


@pytest.fixture
def earnest(tmp_path: Path) -> Path:
    initialise(tmp_path / "earnest", password=PASSWORD)
    return tmp_path / "earnest"


def test_the_mark_is_given_once_and_by_no_second_command() -> None:
    (marked,) = DECIDER.decide(None, MARK)
    assert DECIDER.fold([marked]) == Example(marked=True)
    with pytest.raises(AlreadyExists, match="example"):
        DECIDER.decide(Example(marked=True), MARK)


def test_an_example_says_so_in_every_answer_and_first_in_its_record(example: Path) -> None:
    with serving(opened(example)) as house:
        assert isinstance(house.services.log.events(house.services.log.read(limit=1)[0].stream)[0], MarkedAsExample)
        assert house.http.get("/health/ready").json()["example"] is True
        for path in ("/health/live", "/incidents", "/schema"):
            assert house.http.get(path).headers["oberih-example"] == "true", path


def test_a_deployment_in_earnest_says_nothing_of_it(earnest: Path) -> None:
    with serving(opened(earnest)) as house:
        assert house.http.get("/health/ready").json()["example"] is False
        assert "oberih-example" not in house.http.get("/health/live").headers


@pytest.mark.parametrize("marked", [True, False])
def test_the_mark_can_neither_be_taken_away_nor_added(tmp_path: Path, marked: bool) -> None:
    folder = tmp_path / "deployment"
    initialise(folder, password=PASSWORD, settings=Settings(example=marked))
    settings = folder / "oberih.json"
    changed = {**json.loads(settings.read_bytes()), "example": not marked}
    settings.write_text(json.dumps(changed))
    with pytest.raises(DeploymentFault, match="example"):
        opened(folder)
    settings.write_text(json.dumps({**changed, "example": marked}))
    opened(folder).close()


def test_a_backup_of_an_example_is_one(example: Path, tmp_path: Path) -> None:
    opened(example).close()
    back_up(example, tmp_path / "copy")
    (tmp_path / "copy" / "root.key").write_bytes((example / "root.key").read_bytes())
    (tmp_path / "copy" / "root.key").chmod(0o600)
    opened(tmp_path / "copy").close()
    assert deployment.load(tmp_path / "copy").settings.example


def test_only_while_it_is_told_the_time_a_process_goes_by_another_clock(example: Path) -> None:
    with simulated(THEN) as told:
        assert call.now() == THEN
        told.pass_request()
        house = opened(example)
        assert house.log.read(limit=1)[0].meta.recorded_at > THEN  # type: ignore[union-attr]
        house.close()
        told.reach(THEN)
        assert call.now() > THEN, "it never goes back"
    assert call.now().year > 2025


def test_a_deployment_in_earnest_opens_under_no_simulated_clock(earnest: Path, tmp_path: Path) -> None:
    with simulated(THEN):
        with pytest.raises(DeploymentFault, match="no example"):
            opened(earnest)
        with pytest.raises(DeploymentFault, match="no example"):
            initialise(tmp_path / "another", password=PASSWORD)
        assert not (tmp_path / "another").exists()
    opened(earnest).close()


def test_no_clock_is_simulated_beside_a_deployment_in_earnest(earnest: Path) -> None:
    house = opened(earnest)
    with pytest.raises(DeploymentFault, match="in earnest"), clock.told_by(lambda: THEN):
        pass
    house.close()
    with clock.told_by(lambda: THEN), pytest.raises(DeploymentFault, match="already"), clock.told_by(lambda: THEN):
        pass


def test_tokens_and_waiting_go_by_the_system_s_clock_also_in_an_example(example: Path) -> None:
    """The year jumps over days between two requests of one person; who holds a token holds it now."""
    with simulated(THEN), serving(opened(example)) as house:
        body = {"username": "admin", "password": PASSWORD}
        session = house.http.post("/login", json=body).json()
        assert datetime.fromisoformat(session["expires_at"]).year > THEN.year
        house.has_failed_often("admin")
        assert house.http.post("/login", json=body).status_code == 429
