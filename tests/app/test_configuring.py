"""How a camera's footage is looked at: chosen on record, carried by the claim, read back years later."""

from __future__ import annotations

import base64
import itertools
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app import deployment, looking, model_loading
from app.at_work import open_work
from app.deployment import DeploymentFault, Settings
from app.indexing_queue import IndexingQueue
from app.initialising import initialise
from domain.camera_indexing import FRAMES_PER_SECOND_MAX, FRAMES_PER_SECOND_MIN, MASKED_HEADS, IndexingConfigured
from gpu_jobs.detector import DetectorSettings
from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.settings import PipelineSettings
from search_index.footage_index import FootageIndex
from tests.app.conftest import FILMED_AT, PASSWORD, House, film
from tests.fakes_gpu import ColourHistograms


@pytest.fixture(scope="module")
def gate(house: House) -> str:
    house.register_camera("KYIV-701")
    return "KYIV-701"


def archived(house: House, camera: str, folder: Path) -> str:
    content = film(folder / f"{camera}.mp4", seconds=6) + camera.encode()
    return str(house.upload("olena", content, camera, FILMED_AT).json()["id"])


def shown(house: House, sha256: str) -> dict[str, Any]:
    found: dict[str, Any] = house.ask("olena", f"/footage/{sha256}").json()
    return found


def test_what_is_chosen_holds_for_the_camera_and_what_is_not_is_the_deployment_s(house: House, gate: str) -> None:
    before = house.ask("olena", f"/cameras/{gate}").json()
    assert before["indexing"] == {
        "frames_per_second": 1.0, "heartbeat_seconds": 10, "tiles_across": 3, "masked_heads": "faces",
        "merge_repeats": True, "detect_things": False,
    }  # fmt: skip
    house.done("admin", f"/cameras/{gate}/indexing", {"frames_per_second": 2.0, "tiles_across": 0})
    after = house.ask("olena", f"/cameras/{gate}").json()
    assert after["indexing"] == {**before["indexing"], "frames_per_second": 2.0, "tiles_across": 0}
    assert after["camera"]["frames_per_second"] == 2.0
    assert after["camera"]["heartbeat_seconds"] is None
    house.done("admin", f"/cameras/{gate}/indexing", {"defaults": True})
    assert house.ask("olena", f"/cameras/{gate}").json()["indexing"] == before["indexing"]


def test_a_choice_that_cannot_be_is_refused_and_says_why(house: House, gate: str) -> None:
    answer = house.command("admin", f"/cameras/{gate}/indexing", {"frames_per_second": 50})
    assert answer.status_code == 422
    assert answer.json()["field"] == "frames_per_second"
    assert house.command("olena", f"/cameras/{gate}/indexing", {"tiles_across": 1}).status_code == 403
    detect = {"detect_things": True}
    assert house.command("admin", f"/cameras/{gate}/indexing", detect).json()["field"] == "detect_things"
    assert house.command("olena", f"/cameras/{gate}/indexing", detect).status_code == 403, (
        "who may not is told so first"
    )
    assert house.command("admin", "/cameras/KYIV-799/indexing", detect).status_code == 404


def test_footage_is_indexed_with_what_holds_for_its_camera_and_says_so_until_it_is_indexed_anew(
    house: House, tmp_path: Path
) -> None:
    house.register_camera("KYIV-702")
    sha256 = archived(house, "KYIV-702", tmp_path)
    house.index_all()
    usual = shown(house, sha256)
    assert usual["pipeline"] == PipelineSettings().digest()
    assert usual["made_with"] == msgspec.to_builtins(PipelineSettings())
    house.done("admin", "/cameras/KYIV-702/indexing", {"frames_per_second": 5, "masked_heads": "upright"})
    house.index_all()
    assert shown(house, sha256)["pipeline"] == usual["pipeline"], "what is indexed stays as it is"
    house.done("admin", f"/footage/{sha256}/reindex")
    house.index_all()
    anew = shown(house, sha256)
    assert anew["made_with"]["sampling"]["period_seconds"] == 0.2
    assert anew["made_with"]["masking"]["heads"] == "upright"
    assert anew["frames_sampled"] > 3 * usual["frames_sampled"]


def test_footage_under_way_is_made_with_one_configuration(house: House, tmp_path: Path) -> None:
    house.register_camera("KYIV-703")
    content = film(tmp_path / "long.mp4", seconds=150)
    sha256 = str(house.upload("olena", content, "KYIV-703", FILMED_AT).json()["id"])
    stop = threading.Event()
    with open_work(house.folder, encoder=ColourHistograms(), report=lambda _: stop.set()) as (worker, _):
        assert worker.work_once(stop)  # one unit
    house.done("admin", "/cameras/KYIV-703/indexing", {"tiles_across": 0})
    assert house.services.index.committed(sha256) == {0}
    house.index_all()
    assert house.services.index.committed(sha256) == {0, 1, 2}
    assert house.services.index.pipelines(sha256) == {shown(house, sha256)["pipeline"]}
    assert shown(house, sha256)["made_with"]["tiles_across"] == 0


def test_a_claim_carries_the_settings_of_its_camera(house: House, tmp_path: Path) -> None:
    house.register_camera("KYIV-704")
    house.done("admin", "/cameras/KYIV-704/indexing", {"heartbeat_seconds": 30, "merge_repeats": False})
    sha256 = archived(house, "KYIV-704", tmp_path)
    queue = IndexingQueue(house.services.log, house.services.views, house.services.deployment, house.services.index)
    claim = queue.claim("tester")
    assert claim is not None
    assert claim.footage == sha256
    assert claim.settings is not None
    assert (claim.settings.heartbeat_seconds, claim.settings.repeats.differ_levels) == (30, 0)
    assert queue.released(claim)


def test_query_pictures_are_masked_as_strictly_as_the_footage_of_any_camera(
    house: House, red_film: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gpu_jobs import query_image

    strict: list[bool] = []
    ready = query_image.ready
    monkeypatch.setattr(query_image, "ready", lambda *of, **more: strict.append(of[1].strict) or ready(*of, **more))
    house.register_camera("KYIV-705")
    house.done("admin", "/cameras/KYIV-702/indexing", {"defaults": True})
    authorisation = house.authorise(["KYIV-705"])
    picture = base64.b64encode(_picture()).decode()
    for heads in (None, "upright"):
        if heads:
            house.done("admin", "/cameras/KYIV-705/indexing", {"masked_heads": heads})
        house.done("olena", "/searches", {"authorisation": authorisation, "image": picture, "limit": 1})
    assert strict == [False, True]


def _picture() -> bytes:
    import io

    import numpy as np
    from PIL import Image

    made = io.BytesIO()
    Image.fromarray(np.full((64, 64, 3), 90, np.uint8)).save(made, "PNG")
    return made.getvalue()


def test_whatever_may_be_chosen_is_a_pipeline() -> None:
    """The domain's ranges are within those of indexing."""
    rates, beats, tiles = (FRAMES_PER_SECOND_MIN, 1.0, FRAMES_PER_SECOND_MAX), (1, 600), (0, 8)
    digests = set()
    for rate, beat, across, heads, merge in itertools.product(rates, beats, tiles, MASKED_HEADS, (True, False)):
        chosen = IndexingConfigured(
            frames_per_second=rate, heartbeat_seconds=beat, tiles_across=across, masked_heads=heads, merge_repeats=merge
        )
        digests.add(looking.looking(Settings(), chosen).pipeline(Settings()).digest())
    assert len(digests) == 3 * 2 * 2 * 2 * 2
    assert looking.looking(Settings()).pipeline(Settings()) == PipelineSettings()


@pytest.mark.parametrize(
    ("setting", "value"),
    [("frames_per_second", 6), ("masked_heads", "none"), ("heartbeat_seconds", 0), ("footages_at_once", 0)],
)
def test_a_setting_of_the_deployment_that_cannot_be_is_refused_at_start(
    tmp_path: Path, setting: str, value: object
) -> None:
    place = deployment.create(tmp_path / "fresh")
    (place.folder / "oberih.json").write_bytes(msgspec.json.encode({setting: value}))
    with pytest.raises(DeploymentFault, match=setting):
        deployment.load(place.folder)


def test_the_precision_of_an_index_decides_once_there_is_one(tmp_path: Path) -> None:
    place = deployment.create(tmp_path / "fresh", Settings(precision="auto"))
    _, first = model_loading.model_of_settings(place)
    assert first.name in ("float32", "bfloat16")
    assert first.chosen.startswith("measured, a batch in: float32 ")
    recorded = msgspec.structs.replace(ColourHistograms().manifest, precision="bfloat16")
    with FootageIndex(place.index, recorded):
        pass
    model, later = model_loading.model_of_settings(place)
    assert (later.name, later.chosen) == ("bfloat16", "as the index has recorded")
    assert model.manifest.precision == "bfloat16"


def test_health_tells_the_arithmetic(house: House) -> None:
    told = house.http.get("/health/ready").json()
    assert (told["precision"], told["precision_chosen"]) == ("float32", "as the given model has it")


DETECTOR = {"path": "things.onnx", "sha256": "0" * 64, "width": 320, "height": 320, "classes": [[3, "car"]]}


def test_a_detector_is_the_deployment_s_and_each_camera_may_do_without(house: House, gate: str) -> None:
    answer = house.command("admin", f"/cameras/{gate}/indexing", {"detect_things": True})
    assert (answer.status_code, answer.json()["field"]) == (422, "detect_things")
    with_one = Settings(detector=msgspec.convert(DETECTOR, DetectorSettings))
    usual = looking.looking(with_one)
    assert usual.detect_things
    assert usual.pipeline(with_one).detector == with_one.detector
    without = looking.looking(with_one, IndexingConfigured(detect_things=False))
    assert without.pipeline(with_one).detector is None


def test_a_worker_whose_detector_is_missing_does_not_begin(tmp_path: Path) -> None:
    initialise(tmp_path / "fresh", password=PASSWORD)
    place = deployment.load(tmp_path / "fresh")
    initialised = msgspec.json.encode({"detector": {**DETECTOR, "path": str(tmp_path / "things.onnx")}})
    (place.folder / "oberih.json").write_bytes(initialised)
    with (
        pytest.raises(ModelUnavailable, match=r"things\.onnx"),
        open_work(place.folder, encoder=ColourHistograms()),
    ):
        pytest.fail("it began")
