"""From one model to another while people search: accepted by one, begun by another, built beside, swapped at once."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from app import remaking
from app import serving as shifts
from app.at_work import open_remaking, open_work
from app.backup import back_up
from app.composition import Services, open_house
from app.coverage import scope_of
from app.deployment import Settings
from app.in_force import Sight
from app.initialising import ADMINISTRATOR, initialise
from app.instants import to_us
from app.looking import looking
from app.model_decisions import name_of
from app.model_loading import models_on_record
from domain import footage
from domain.footage_events import FootageIndexed
from domain.footage_state import INDEXED
from domain.ids import MODEL_STREAM, camera_id, footage_id
from domain.model_events import GenerationRemoved, SwitchCompleted
from gpu_jobs import encoders
from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models import catalogue
from gpu_jobs.models.card import ModelCard
from gpu_jobs.models.files import CARD_FILE, CONFIG_FILE, WEIGHTS_FILE
from gpu_jobs.pipeline import FootagePipeline
from gpu_jobs.work_queue import Claim
from search_index.durable import record_of
from search_index.encoder import Encoder, Image, Vectors
from search_index.entries import Unmade
from search_index.errors import ManifestMismatch
from search_index.footage_index import FootageIndex
from tests.app.conftest import FILMED_AT, PASSWORD, PEOPLE, House, film, furnish, serving
from tests.app.test_background import make_unreadable
from tests.fakes_gpu import CoarseHistograms, ColourHistograms
from tests.waiting import wait_until

CAMERA = "KYIV-701"
COARSE = "local-dir:/models/coarse"
CARD = ModelCard(name="coarse", source="made for a test", licence="MIT", intended_use="tests", languages=("en",))
PEOPLE_HERE = (
    *(each for each in PEOPLE if each[0] in {"olena", "taras", "oksana"}),
    ("stepan", "audit", ADMINISTRATOR),
)
OLD, NEW = (encoder.manifest.digest() for encoder in (ColourHistograms(), CoarseHistograms()))


def load(model: str, precision: str) -> Encoder:
    """The one model that lies here."""
    if model != COARSE:
        raise ModelUnavailable(f"model: {model!r} is not here")
    return CoarseHistograms()


def opened(folder: Path) -> Services:
    services = open_house(folder, encoder=ColourHistograms(), load=load)
    object.__setattr__(services.models, "card_of", lambda _: CARD)
    return services


@pytest.fixture(scope="module")
def furnished_here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished") / "deployment"
    initialise(folder, password=PASSWORD, settings=Settings(requests_per_minute=10**6))
    with serving(opened(folder)) as house:
        furnish(house, PEOPLE_HERE)
        house.register_camera(CAMERA)
    return folder


@pytest.fixture
def house(furnished_here: Path, tmp_path: Path) -> Iterator[House]:
    services = opened(shutil.copytree(furnished_here, tmp_path / "deployment"))
    services.background.end("keeper")  # the tests look themselves, and nobody at the same time
    with serving(services) as house:
        yield house


@pytest.fixture
def films(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], bytes]:
    folder = tmp_path_factory.mktemp("films")

    def made(number: int) -> bytes:
        colours = (220, 30, 30), (30, 160, 40), (30, 60, 220)
        return film(folder / f"{number}.mp4", colour=colours[number % 3], seconds=12 + number)

    return made


def archived(house: House, content: bytes, number: int) -> str:
    answer = house.upload("olena", content, CAMERA, FILMED_AT + timedelta(minutes=number))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def accept(house: House) -> None:
    body = {"model": COARSE, "card_sha256": CARD.digest(), "reason": "Картку прочитано"}
    house.done("admin", "/models/accept", body)


def begin(house: House) -> None:
    accept(house)
    house.done("stepan", "/models/switch", {"generation": NEW})


def remake_all(house: House) -> int:
    """What workers do beside indexing."""
    made = 0
    with open_remaking(house.folder, load=load) as opened:
        assert opened is not None
        while opened[0].remake_once():
            made += 1
    return made


def authority(house: House) -> str:
    window = {"window_from": FILMED_AT.isoformat(), "window_to": (FILMED_AT + timedelta(minutes=9)).isoformat()}
    return house.authorise([CAMERA], quota=1_000, **window)


def found(house: House, text: str = "red") -> Any:
    """What the sight of this moment finds, all of it."""
    with house.services.in_force.held() as sight:
        vector = sight.queries.vector(text, b"", None, ()).vector
        scope = scope_of([camera_id(CAMERA)], FILMED_AT, FILMED_AT + timedelta(hours=1))
        return sight.index.search(vector, scope, moments_max=50)


def is_swapped(house: House) -> bool:
    """The swap, by whichever thread comes first."""
    house.services.switching.tick()
    return house.services.in_force.now.generation == NEW


def test_four_eyes_and_what_is_refused(house: House) -> None:
    body = {"model": COARSE, "card_sha256": CARD.digest(), "reason": "Картку прочитано"}
    assert house.command("olena", "/models/accept", body).status_code == 403
    other = house.command("admin", "/models/accept", {**body, "card_sha256": "0" * 64})
    assert (other.status_code, other.json()["field"]) == (422, "card_sha256")
    missing = house.command("admin", "/models/accept", {**body, "model": "nowhere"})
    assert (missing.status_code, missing.json()["field"]) == (422, "model")
    assert house.command("stepan", "/models/switch", {"generation": NEW}).status_code == 404
    receipt = house.command("admin", "/models/accept", body, key="accept-once").json()
    assert receipt["generation"] == NEW
    assert house.command("admin", "/models/accept", body, key="accept-once").json() == receipt, (
        "also where it is retried"
    )
    assert house.done("admin", "/models/accept", body)["generation"] == NEW, "and where nothing changed"
    own = house.command("admin", "/models/switch", {"generation": NEW})
    assert (own.status_code, own.json()["type"]) == (403, "/problems/switch-by-same-account")
    (card,) = house.ask("oksana", "/models").json()["accepted"]
    assert (card["licence"], card["weights_sha256"]) == ("MIT", CoarseHistograms().manifest.weights_sha256)
    (reason,) = house.ask("stepan", "/models/reasons").json()["items"]
    assert reason["text"] == "Картку прочитано"
    assert house.ask("oksana", "/models/reasons").status_code == 403


def test_only_who_may_switch_is_told_where_models_lie(house: House, films: Callable[[int], bytes]) -> None:
    sha256 = archived(house, films(0), 0)
    house.index_all()
    begin(house)
    house.services.deployment.original(sha256).unlink()
    remake_all(house)
    for username, model in (("admin", COARSE), ("stepan", COARSE), *((each, "coarse") for each in ("olena", "oksana"))):
        stand, history = house.ask(username, "/models"), house.ask(username, "/models/history")
        (card,) = stand.json()["accepted"]
        assert (card["model"], card["card_sha256"], card["generation"]) == (model, CARD.digest(), NEW), username
        assert [each["model"] for each in history.json()["items"]] == [None, model]
        assert ("/models/coarse" in stand.text + history.text) is (model == COARSE)
        assert str(house.folder) not in stand.text
        assert stand.json()["switch"]["faults"][sha256].startswith("OriginalDamaged: the original is missing; ")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("local-dir:/srv/models/xlm-base", "xlm-base"),
        ("local-dir:/srv/models/xlm-base/", "xlm-base"),
        ("ViT-B-32:/srv/models/ours.safetensors", "ViT-B-32:ours.safetensors"),
        ("ViT-B-32/laion2b_s34b_b79k", "ViT-B-32/laion2b_s34b_b79k"),
        ("offline", "offline"),
    ],
)
def test_a_model_s_name_says_nothing_of_the_machine(model: str, name: str) -> None:
    assert name_of(model) == name


def test_searches_are_answered_throughout_each_by_one_generation(house: House, films: Callable[[int], bytes]) -> None:
    digests = [archived(house, films(number), number) for number in range(3)]
    house.index_all()
    key, before = authority(house), found(house)
    assert before.coverage.generation == OLD
    answers, over = list[dict[str, Any]](), threading.Event()

    def searching() -> None:
        while not over.is_set():
            answers.append(house.done("olena", "/searches", {"authorisation": key, "text": "red", "limit": 20}))

    with ThreadPoolExecutor(2) as people:
        asking = [people.submit(searching) for _ in range(2)]
        try:
            begin(house)
            assert remake_all(house) == len(digests)
            assert is_swapped(house)
            after = found(house)
            swapped_at = len(answers)
            while len(answers) < swapped_at + 4:
                assert not any(each.done() for each in asking)
        finally:
            over.set()
        for each in asking:
            each.result()
    right = {OLD: scores_of(before), NEW: scores_of(after)}
    assert set(right) == {answer["coverage"]["generation"] for answer in answers}
    for answer in answers:
        given = [(moment["score"], moment["footage_sha256"]) for moment in answer["moments"]]
        assert given == [moment[:2] for moment in right[answer["coverage"]["generation"]]][:20]
    assert not {row for *_, row in right[OLD]} & {row for *_, row in right[NEW]}


def scores_of(answer: Any) -> list[tuple[float, str, int]]:
    return [(moment.best.score, moment.best.footage, moment.best.row) for moment in answer.moments]


def test_the_new_generation_is_what_its_model_alone_would_have_made(
    house: House, films: Callable[[int], bytes], tmp_path: Path
) -> None:
    digests = [archived(house, films(number), number) for number in range(2)]
    house.index_all()
    begin(house)
    remake_all(house)
    assert is_swapped(house)
    switched = found(house)
    back = [house.services.index.progress(sha256) for sha256 in digests]
    with FootageIndex(tmp_path / "alone", CoarseHistograms().manifest) as alone:
        for sha256 in digests:
            index_alone(house, sha256, alone)
        assert [alone.progress(sha256) for sha256 in digests] == back
        vector = house.services.in_force.now.queries.vector("red", b"", None, ()).vector
        scope = scope_of([camera_id(CAMERA)], FILMED_AT, FILMED_AT + timedelta(hours=1))
        told = alone.search(vector, scope, moments_max=50)
    assert [moment[0] for moment in scores_of(told)] == [moment[0] for moment in scores_of(switched)]
    assert {moment[:2] for moment in scores_of(told) if moment[0]} == {
        moment[:2] for moment in scores_of(switched) if moment[0]
    }
    assert told.coverage.searched == switched.coverage.searched


def index_alone(
    house: House, sha256: str, index: FootageIndex, *, units: int | None = None, sampling: Settings | None = None
) -> None:
    """With the model that is switched to; so many units of it, looked at as these settings say."""
    place = house.services.deployment
    state = footage.DECIDER.fold(house.services.log.events(footage_id(sha256)))
    assert state is not None
    claim = Claim(
        footage=sha256, path=place.original(sha256), camera=str(state.camera), recorded_at_us=to_us(state.recorded_at),
        uncertainty_us=0, fence=state.fence, lease_seconds=60,
    )  # fmt: skip
    settings = sampling or place.settings
    pipeline = FootagePipeline(CoarseHistograms(), looking(settings).pipeline(settings))
    with pipeline.run(claim) as run:
        for unit in islice(run.units(), units):
            index.commit(unit)


def test_what_is_left_goes_off_the_disk_with_exact_figures(house: House, films: Callable[[int], bytes]) -> None:
    archived(house, films(0), 0)
    house.index_all()
    old = house.services.index.statistics()
    begin(house)
    remake_all(house)
    with house.services.in_force.held():  # somebody still looks with the old one
        assert is_swapped(house)
        new = house.services.index.statistics()
        house.services.keeper.tick()
        assert models_on_record(house.services.log).leaving == {OLD}
    house.services.keeper.tick()
    *_, completed, removed = house.services.log.events(MODEL_STREAM)
    assert isinstance(completed, SwitchCompleted)
    assert isinstance(removed, GenerationRemoved)
    assert (completed.units, completed.rows, completed.bytes) == (new.units, new.rows, new.bytes)
    assert (removed.units, removed.rows, removed.bytes) == (old.units, old.rows, old.bytes)
    segments = house.folder / "index" / "segments"
    assert sum(file.stat().st_size for file in segments.rglob("*") if file.is_file()) == new.bytes
    assert {each.digest() for each in house.services.index.manifests()} == {NEW}
    history = house.ask("oksana", "/models/history").json()["items"]
    assert [each["topic"].partition(".")[2] for each in history] == [
        "generation-removed", "switch-completed", "switch-begun", "card-accepted",
    ]  # fmt: skip
    assert found(house).moments


def test_the_server_swaps_by_itself_and_takes_what_is_left_off_the_disk(
    house: House, films: Callable[[int], bytes]
) -> None:
    archived(house, films(0), 0)
    house.index_all()
    keeper = house.services.keeper
    house.services.background.start("keeper", keeper.run, keeper.notes)
    begin(house)
    remake_all(house)
    wait_until(lambda: isinstance(house.services.log.events(MODEL_STREAM)[-1], GenerationRemoved))
    assert house.services.in_force.now.generation == NEW
    assert {each.digest() for each in house.services.index.manifests()} == {NEW}


def test_after_a_start_the_record_says_which_model_answers(house: House, films: Callable[[int], bytes]) -> None:
    sha256 = archived(house, films(0), 0)
    house.index_all()
    key = authority(house)
    hit = house.done("olena", "/searches", {"authorisation": key, "text": "red", "limit": 1})["moments"][0]
    begin(house)
    remake_all(house)
    assert is_swapped(house)
    house.services.keeper.tick()
    assert house.ask("olena", hit["thumbnail"]).status_code == 200, "what was found before keeps its picture"
    copied = back_up(house.folder, house.folder.parent / "copy")
    assert copied.is_whole
    assert not copied.footages_ahead
    (house.folder.parent / "copy" / "root.key").write_bytes((house.folder / "root.key").read_bytes())
    (house.folder.parent / "copy" / "root.key").chmod(0o600)
    again = opened(house.folder.parent / "copy")
    try:
        assert again.in_force.now.generation == NEW
        assert again.index.progress(sha256).units
        assert again.scrub.round().reindexed == []
    finally:
        again.close()
    with open_work(house.folder, encoder=ColourHistograms(), load=load) as (_, index):
        assert index.generation == NEW


def test_footage_that_comes_meanwhile_is_found_before_and_after(house: House, films: Callable[[int], bytes]) -> None:
    first = archived(house, films(0), 0)
    house.index_all()
    begin(house)
    second = archived(house, films(1), 1)
    house.index_all()
    assert {moment.best.footage for moment in found(house).moments} == {first, second}
    assert not is_swapped(house)
    remake_all(house)
    assert is_swapped(house)
    assert {moment.best.footage for moment in found(house).moments} == {first, second}
    third = archived(house, films(2), 2)
    with open_work(house.folder, load=load) as (worker, _):
        assert worker.work_once()
    assert third in {moment.best.footage for moment in found(house).moments}


def test_the_last_of_a_switch_are_not_put_off_by_new_footage(house: House, films: Callable[[int], bytes]) -> None:
    archived(house, films(0), 0)
    house.index_all()
    begin(house)
    with open_remaking(house.folder, load=load) as at_it:
        assert at_it is not None
        at_it[1].try_remake(house.services.index.footages()[0].footage)  # somebody is at it
        waiting = archived(house, films(1), 1)
        with open_work(house.folder, encoder=ColourHistograms(), load=load) as (worker, _):
            assert not worker.work_once()
        assert at_it[0].remake_once()
    assert is_swapped(house)
    with open_work(house.folder, load=load) as (worker, index):
        assert worker.work_once()
        assert index.committed(waiting)


def test_a_worker_of_the_model_that_is_left_indexes_nothing_more(house: House, films: Callable[[int], bytes]) -> None:
    archived(house, films(0), 0)
    house.index_all()
    begin(house)
    remake_all(house)
    with open_work(house.folder, encoder=ColourHistograms(), load=load) as (worker, _):
        assert is_swapped(house)
        late = archived(house, films(1), 1)
        assert worker.work_once()  # claims it, is refused by the catalogue, and gives it back
        state = footage.DECIDER.fold(house.services.log.events(footage_id(late)))
        assert state is not None
        assert (state.phase, state.attempt) == ("archived", 0)
    house.caught_up()
    with open_work(house.folder, load=load) as (worker, _):
        assert worker.work_once()
    (ended,) = [each for each in house.services.log.events(footage_id(late)) if isinstance(each, FootageIndexed)]
    assert ended.generation == NEW


def test_an_abandoned_switch_leaves_nothing(house: House, films: Callable[[int], bytes]) -> None:
    archived(house, films(0), 0)
    house.index_all()
    before = found(house)
    begin(house)
    with open_remaking(house.folder, load=load) as at_it:
        assert at_it is not None
        assert at_it[0].remake_once()
        house.done("stepan", "/models/abandon", {"reason": "Шукає гірше"})
        house.services.keeper.tick()
        assert not at_it[0].remake_once()
    assert not is_swapped(house)
    assert found(house) == before
    assert {each.digest() for each in house.services.index.manifests()} == {OLD}
    assert house.ask("admin", "/models").json()["leaving"] == []
    house.done("stepan", "/models/switch", {"generation": NEW})  # and it may be begun again
    remake_all(house)
    assert is_swapped(house)


def test_what_is_erased_or_corrected_meanwhile_is_so_in_both(house: House, films: Callable[[int], bytes]) -> None:
    last, erased, corrected, kept = (archived(house, films(number), number) for number in range(4))
    house.index_all()
    begin(house)
    remake_all_but_swap(house)
    house.done("admin", f"/footage/{erased}/erasure", {"order": "760/77/26", "reason": "ухвала"})
    house.done("stepan", f"/footage/{erased}/erasure/agree")
    clock = {"recorded_at": (FILMED_AT + timedelta(minutes=6)).isoformat(), "uncertainty_seconds": 1.0}
    house.done("admin", f"/footage/{corrected}/clock", {**clock, "anchor_source": "operator", "reason": "годинник"})
    assert {moment.best.footage for moment in found(house).moments} == {last, kept}
    remake_all(house)
    assert is_swapped(house)
    with open_work(house.folder, load=load) as (worker, _):
        assert worker.work_once()
        assert not worker.work_once()
    house.services.keeper.tick()
    moments = found(house).moments
    assert {moment.best.footage for moment in moments} == {last, corrected, kept}
    of_corrected = [moment for moment in moments if moment.best.footage == corrected]
    assert all(moment.from_us >= to_us(FILMED_AT + timedelta(minutes=6)) for moment in of_corrected)
    certificate = house.ask("admin", f"/footage/{erased}/certificate")
    assert certificate.status_code == 200, certificate.text
    assert house.services.index.rows_of(erased)[1] == 0


def remake_all_but_swap(house: House) -> None:
    """Built, and not looked at yet: a hair's breadth before the swap."""
    indexed = house.services.index.footages()
    with open_remaking(house.folder, load=load) as at_it:
        assert at_it is not None
        for _ in indexed[:-1]:
            assert at_it[0].remake_once()


def test_a_lost_original_holds_the_switch_up_and_says_so(house: House, films: Callable[[int], bytes]) -> None:
    sha256 = archived(house, films(0), 0)
    house.index_all()
    begin(house)
    place = house.services.deployment.original(sha256)
    aside = place.rename(place.with_suffix(".aside"))
    with open_remaking(house.folder, load=load) as at_it:
        assert at_it is not None
        assert at_it[0].remake_once()
    assert not is_swapped(house)
    progress = house.ask("admin", "/models").json()["switch"]
    assert (progress["footages"], progress["footages_left"]) == (1, 1)
    assert "the original is missing" in progress["faults"][sha256]
    waiting = archived(house, films(1), 1)
    house.index_all()  # new footage does not wait for it
    state = footage.DECIDER.fold(house.services.log.events(footage_id(waiting)))
    assert state is not None
    assert state.phase == INDEXED
    aside.rename(place)
    remake_all(house)
    assert is_swapped(house)


def test_so_does_one_that_was_altered_since_of_which_nothing_is_made(
    house: House, films: Callable[[int], bytes]
) -> None:
    """It can be decoded, to less than is searched now."""
    content = films(0)
    sha256 = archived(house, content, 0)
    house.index_all()
    begin(house)
    place = house.services.deployment.original(sha256)
    place.chmod(0o600)
    start, end = len(content) // 4, len(content) * 3 // 4
    place.write_bytes(content[:start] + bytes(end - start) + content[end:])
    with open_remaking(house.folder, load=load) as at_it:
        assert at_it is not None
        assert at_it[0].remake_once()
        assert not at_it[1].committed(sha256)
    assert not is_swapped(house)
    assert "the original is altered" in house.ask("admin", "/models").json()["switch"]["faults"][sha256]
    place.write_bytes(content)
    remake_all(house)
    assert is_swapped(house)


class Failing(CoarseHistograms):
    """That model on a machine where it runs out of memory."""

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        raise RuntimeError("out of memory")


class Impatient(threading.Event):
    """Notes how long somebody waits for it, lets nobody wait, and is set after so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.waited: list[float | None] = []
        self._times = times

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout)
        if len(self.waited) >= self._times:
            self.set()
        return self.is_set()


def test_what_is_no_footage_s_fault_is_tried_again_ever_more_slowly_and_named(
    house: House, films: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sha256 = archived(house, films(0), 0)
    house.index_all()
    begin(house)
    stop = Impatient(4)
    with open_remaking(house.folder, load=lambda *_: Failing()) as at_it:
        assert at_it is not None
        at_it[0].run(stop, poll_seconds=0.5)
    assert stop.waited == [1.0, 2.0, 4.0, 0.5], "three tries; from then on it rests, and others would be made"
    assert "out of memory" in caplog.text
    assert not is_swapped(house)
    assert house.ask("admin", "/models").json()["switch"]["faults"] == {
        sha256: "RuntimeError: out of memory (tried: 3)"
    }
    health = house.http.get("/health/ready")
    assert (health.status_code, health.json()["skipped"]) == (200, 1)
    (work,) = [
        each for each in house.ask("admin", "/projections").json()["background"] if each["name"] == "model switch"
    ]
    assert work["skipped"] == {sha256: "RuntimeError: out of memory (tried: 3)"}
    assert remake_all(house) == 0
    monkeypatch.setattr(remaking, "REST_SECONDS_MIN", 0.0)
    assert remake_all(house) == 1
    assert is_swapped(house)
    house.services.switching.tick()
    assert house.http.get("/health/ready").json()["skipped"] == 0


@pytest.mark.parametrize(("tries", "rest_seconds"), [(3, 600), (4, 1200), (5, 2400), (6, 3600), (5_000, 3600)])
def test_the_rest_after_a_failed_try_grows_up_to_an_hour(tries: int, rest_seconds: int) -> None:
    now_us = time.time_ns() // 1_000
    assert not remaking.rests(Unmade("ab" * 32, 1, 2, now_us, "RuntimeError: again"))
    assert not remaking.rests(Unmade("ab" * 32, 1, tries, now_us + 10**13, "RuntimeError: tried by a clock ahead"))
    for slack_seconds, rests in ((rest_seconds + 30, True), (30, True), (-30, False)):
        tried_us = now_us - (rest_seconds - slack_seconds) * 1_000_000
        assert remaking.rests(Unmade("ab" * 32, 1, tries, tried_us, "RuntimeError: again")) is rests


def test_a_worker_goes_on_indexing_beside_footage_that_cannot_be_made(
    house: House, films: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    archived(house, films(0), 0)
    house.index_all()
    begin(house)
    monkeypatch.setattr(shifts, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(shifts, "open_work", partial(open_work, encoder=ColourHistograms(), load=load))
    monkeypatch.setattr(shifts, "open_remaking", partial(open_remaking, load=lambda *_: Failing()))
    stop = threading.Event()
    with ThreadPoolExecutor(1) as worker:
        shift = worker.submit(shifts._shift, house.folder, stop)
        try:
            wait_until(lambda: shift.done() or bool(house.services.index.failed_remakes(OLD, NEW, limit=1)))
            sha256 = archived(house, films(1), 1)
            wait_until(lambda: shift.done() or phase(house, sha256) == INDEXED)
            assert not shift.done()
        finally:
            stop.set()
        shift.result()


def test_footage_whose_record_is_unreadable_holds_the_switch_up_and_is_named(
    house: House, films: Callable[[int], bytes]
) -> None:
    sha256 = archived(house, films(0), 0)
    house.index_all()
    begin(house)
    whole = stored(house, footage_id(sha256), 1)
    make_unreadable(house, footage_id(sha256), 1)
    with open_remaking(house.folder, load=load) as at_it:
        assert at_it is not None
        assert not at_it[0].remake_once()
        assert not is_swapped(house)
        (fault,) = house.ask("admin", "/models").json()["switch"]["faults"].values()
        assert fault.startswith(f"EventUnreadable: event 1 of stream {footage_id(sha256)}")
        assert "its upcaster is missing, or the row was altered" in fault
        assert house.http.get("/health/ready").json()["skipped"] == 1
        store(house, footage_id(sha256), 1, whole)
        assert at_it[0].remake_once(), "by the worker that met it, too"
    assert is_swapped(house)


@pytest.mark.parametrize(("held", "lost"), [(1, ""), (2, "; 60.0 s that are searched now would not be (tried: ")])
def test_footage_that_was_never_whole_counts_as_made_where_as_much_of_it_was_looked_at(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int, lost: str
) -> None:
    """Whatever revision of this program made what is there of it; where less was looked at, that is said."""
    sha256 = archived(house, film(tmp_path / "long.mp4", seconds=170), 0)
    house.index_all()
    begin(house)
    with open_remaking(house.folder, load=load) as at_it:
        assert at_it is not None
        index_alone(house, sha256, at_it[1], units=1)
        with closing(sqlite3.connect(house.folder / "index" / "catalogue.db", isolation_level=None)) as catalogue:
            catalogue.execute("DELETE FROM units WHERE generation = ? AND number >= ?", (OLD, held))
            catalogue.execute("UPDATE units SET pipeline = ? WHERE generation = ?", ("0" * 64, OLD))
        house.services.deployment.original(sha256).unlink()
        assert at_it[0].remake_once()
    assert is_swapped(house) is not bool(lost)
    if lost:
        assert lost in house.ask("admin", "/models").json()["switch"]["faults"][sha256]


def test_what_another_configuration_left_is_forgotten_and_the_try_is_not(
    house: House, films: Callable[[int], bytes]
) -> None:
    sha256 = archived(house, films(0), 0)
    house.index_all()
    begin(house)
    with open_remaking(house.folder, load=load) as at_it:
        assert at_it is not None
        index_alone(house, sha256, at_it[1], sampling=msgspec.structs.replace(Settings(), frames_per_second=2.0))
        made = at_it[1].committed(sha256)
        house.services.deployment.original(sha256).unlink()
        assert at_it[0].remake_once()
        assert made
        assert not at_it[1].committed(sha256)
    assert "missing" in house.ask("admin", "/models").json()["switch"]["faults"][sha256]


def test_footage_that_can_no_longer_be_made_is_indexed_anew_to_let_the_switch_go_on(
    house: House, films: Callable[[int], bytes]
) -> None:
    """The way out that `oberih model status` names, where an original is lost for good."""
    lost, kept = (archived(house, films(number), number) for number in range(2))
    house.index_all()
    begin(house)
    house.services.deployment.original(lost).unlink()
    assert remake_all(house) >= 2
    assert not is_swapped(house)
    house.done("admin", f"/footage/{lost}/reindex")
    house.index_all()
    assert is_swapped(house)
    assert {moment.best.footage for moment in found(house).moments} <= {kept}
    assert house.ask("admin", f"/footage/{lost}").json()["state"] == "failed"


def stored(house: House, stream: UUID, version: int) -> bytes:
    with closing(sqlite3.connect(house.folder / "log.db", isolation_level=None)) as log:
        query = "SELECT state FROM stored_events WHERE originator_id = ? AND originator_version = ?"
        return bytes(log.execute(query, (stream.hex, version)).fetchone()[0])


def store(house: House, stream: UUID, version: int, content: bytes) -> None:
    with closing(sqlite3.connect(house.folder / "log.db", isolation_level=None)) as log:
        change = "UPDATE stored_events SET state = ? WHERE originator_id = ? AND originator_version = ?"
        log.execute(change, (content, stream.hex, version))


def phase(house: House, sha256: str) -> str:
    state = footage.DECIDER.fold(house.services.log.events(footage_id(sha256)))
    assert state is not None
    return state.phase


def test_another_model_than_was_accepted_is_not_used(house: House, films: Callable[[int], bytes]) -> None:
    archived(house, films(0), 0)
    house.index_all()
    begin(house)

    with pytest.raises(ManifestMismatch), open_remaking(house.folder, load=lambda *_: ColourHistograms()):
        pass
    assert {each.digest() for each in house.services.index.manifests()} == {OLD}


CONFIG = {
    "model_cfg": {
        "embed_dim": 24,
        "vision_cfg": {"image_size": 40, "layers": 1, "width": 32, "patch_size": 8, "head_width": 16},
        "text_cfg": {"context_length": 10, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"size": [40, 40], "mean": [0.4, 0.4, 0.4], "std": [0.3, 0.3, 0.3]},
}


def test_a_checkpoint_of_another_architecture_takes_the_place(
    house: House, films: Callable[[int], bytes], tmp_path: Path
) -> None:
    """A real one, of random weights: accepted by its card, loaded, built and searched as any carried model."""
    place = checkpoint(tmp_path / "other")
    name = f"local-dir:{place}"
    house.services.switching.load = encoders.load_encoder
    for attribute, value in (("load", encoders.load_encoder), ("card_of", catalogue.card_of)):
        object.__setattr__(house.services.models, attribute, value)
    sha256 = archived(house, films(0), 0)
    house.index_all()
    card = catalogue.card_of(name)
    house.done("admin", "/models/accept", {"model": name, "card_sha256": card.digest(), "reason": "Прочитано"})
    (accepted,) = house.ask("admin", "/models").json()["accepted"]
    house.done("stepan", "/models/switch", {"generation": accepted["generation"]})
    with open_remaking(house.folder, load=encoders.load_encoder) as at_it:
        assert at_it is not None
        assert at_it[0].remake_once()
    house.services.switching.tick()
    sight = house.services.in_force.now
    assert sight.generation == accepted["generation"]
    assert sight.queries.vector("a red car", b"", None, ()).vector.shape == (24,)
    assert {moment.best.footage for moment in found(house, "a red car").moments} == {sha256}


def checkpoint(place: Path) -> Path:
    """A carried model with its card."""
    import open_clip  # noqa: TID251 (only it can draw the weights that it will load)
    import torch  # noqa: TID251
    from safetensors.torch import save_file

    place.mkdir()
    (place / CONFIG_FILE).write_text(json.dumps(CONFIG))
    torch.manual_seed(6)
    network = open_clip.model.CLIP(24, CONFIG["model_cfg"]["vision_cfg"], CONFIG["model_cfg"]["text_cfg"])
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, place / WEIGHTS_FILE)
    files = {name: record_of(place / name).sha256 for name in (CONFIG_FILE, WEIGHTS_FILE)}
    (place / CARD_FILE).write_bytes(msgspec.structs.replace(CARD, files=files).printed())
    return place


def test_what_is_damaged_is_made_once_more_before_the_switch(house: House, films: Callable[[int], bytes]) -> None:
    archived(house, films(0), 0)
    house.index_all()
    begin(house)
    segments = house.folder / "index" / "segments"
    before = {path.name for path in segments.iterdir()}
    with house.services.switching._one_at_a_time:  # the server's own thread looks every second
        assert remake_all(house) == 1
        (made,) = {path.name for path in segments.iterdir()} - before
        vectors = segments / made / "vectors.f16"
        vectors.write_bytes(vectors.read_bytes()[:-8])
    assert not is_swapped(house)
    assert house.services.in_force.index.count_unmade(OLD, NEW) == 1
    assert remake_all(house) == 1
    assert is_swapped(house)
    assert found(house).coverage.unavailable_segments == ()


def test_a_swap_that_failed_after_its_event_is_brought_to_its_end(
    house: House, films: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    archived(house, films(0), 0)
    house.index_all()
    begin(house)

    def full(_: Sight) -> bool:
        raise OSError("no space left on device")

    with monkeypatch.context() as failing:
        failing.setattr(house.services.switching, "_take", full)
        assert remake_all(house) == 1
        with pytest.raises(OSError, match="no space"):
            house.services.switching.tick()
        assert house.services.in_force.now.generation == OLD
    assert is_swapped(house)
    assert found(house).coverage.generation == NEW
