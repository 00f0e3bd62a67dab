"""From a real file to rows, and a query picture that finds them again; faces are filled on the way."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from gpu_jobs.embedding import threads_here
from gpu_jobs.errors import BoxOutside, ImageUnreadable, ModelUnavailable
from gpu_jobs.faces import Closeup, Faces
from gpu_jobs.geometry import cut, tiles, with_context
from gpu_jobs.masking import FILL, FaceMask, Masking, filled
from gpu_jobs.motion import Motion
from gpu_jobs.pipeline import FootagePipeline, IndexingRun
from gpu_jobs.query_image import QueryImages
from gpu_jobs.repeats import Repeats
from gpu_jobs.sampling import Sampling
from gpu_jobs.settings import PipelineSettings
from gpu_jobs.thumbnails import BYTES_MAX, SIDE_PX_MAX, thumbnail
from gpu_jobs.units import Cutting
from gpu_jobs.worker import Worker
from search_index.footage_unit import CROP, FRAME, Box, FootageUnit, Row
from tests.fakes_gpu import ColourHistograms, MemoryIndex, MemoryQueue
from tests.gpu_jobs.video_files import RECORDED_AT_US, claim_of, scene, steady, write_video

SECOND = 1_000_000


def still_then_moving(at: float) -> np.ndarray:
    """Nobody for twenty seconds, then somebody crosses."""
    picture = scene(0, (320, 240))
    picture[100:240, :] = 120
    return picture if at < 20 else scene(at, (320, 240))


@pytest.fixture(scope="module")
def mask() -> FaceMask:
    return FaceMask()


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("yard") / "yard.mp4", steady(28, 5), still_then_moving)


@pytest.fixture(scope="module")
def indexed(yard: Path, mask: FaceMask) -> tuple[IndexingRun, list[FootageUnit]]:
    with FootagePipeline(ColourHistograms(), mask=mask).run(claim_of(yard)) as run:
        return run, list(run.units())


def rows_of(units: list[FootageUnit], kind: str) -> list[Row]:
    return [row for unit in units for row in unit.rows if row.kind == kind]


def test_a_unit_carries_all_that_the_index_needs(indexed: tuple[IndexingRun, list[FootageUnit]]) -> None:
    run, (unit,) = indexed
    assert (unit.number, unit.from_us, unit.to_us) == (0, RECORDED_AT_US, RECORDED_AT_US + 28 * SECOND)
    assert unit.covered == ((unit.from_us, unit.to_us),)
    assert unit.generation == ColourHistograms().manifest.digest()
    assert unit.pipeline == PipelineSettings().digest()
    assert unit.vectors.shape == (len(unit.rows), ColourHistograms().manifest.dimension)
    assert unit.vectors.dtype == np.float32
    assert np.linalg.norm(unit.vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert (run.progress().done_seconds, run.progress().total_seconds) == (28, 28)
    assert run.progress().left_seconds == 0
    summary = run.summary(units=1, rows=len(unit.rows))
    assert (summary.width, summary.height, summary.codec, summary.frames_sampled) == (320, 240, "h264", 28)
    assert (summary.from_us, summary.to_us, summary.gaps) == (unit.from_us, unit.to_us, ())


def test_a_still_scene_is_kept_at_each_heartbeat_and_no_time_is_left_without_a_picture(
    indexed: tuple[IndexingRun, list[FootageUnit]],
) -> None:
    frames = rows_of(indexed[1], FRAME)
    assert [(row.at_us - RECORDED_AT_US) // SECOND for row in frames[:2]] == [0, 10]
    spans = [(row.from_us, row.to_us) for row in frames]
    assert all(row.from_us == row.at_us for row in frames)
    assert all(after[0] - before[1] == SECOND for before, after in pairwise(spans))


def test_crops_are_where_something_moves(indexed: tuple[IndexingRun, list[FootageUnit]]) -> None:
    parts = tiles(320, 240, PipelineSettings().tiles_across)
    crops = [row for row in rows_of(indexed[1], CROP) if row.box not in parts]
    assert {(row.at_us - RECORDED_AT_US) // SECOND for row in crops} == set(range(20, 28))
    for row in crops:
        at = (row.at_us - RECORDED_AT_US) / SECOND
        true = Box(round((320 - 40) * (at % 10) / 10), 120, 40, 80)
        expected = with_context(true, 320, 240)
        assert abs(row.box.x - expected.x) <= 8
        assert abs(row.box.y - expected.y) <= 8
        assert abs(row.box.width - expected.width) <= 16
        assert abs(row.box.height - expected.height) <= 16


def test_thumbnails_are_small_jpegs_of_the_row(indexed: tuple[IndexingRun, list[FootageUnit]]) -> None:
    for row in indexed[1][0].rows:
        with Image.open(io.BytesIO(row.thumbnail)) as picture:
            assert picture.format == "JPEG"
            assert picture.size == (row.box.width, row.box.height)
        assert len(row.thumbnail) <= BYTES_MAX


def test_a_thumbnail_of_a_picture_full_of_detail_stays_small() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (900, 1600, 3)).astype(np.uint8)
    jpeg = thumbnail(noise)
    assert len(jpeg) <= BYTES_MAX
    with Image.open(io.BytesIO(jpeg)) as picture:
        assert max(picture.size) <= SIDE_PX_MAX
        assert picture.width / picture.height == pytest.approx(16 / 9, abs=0.05)


def test_a_box_drawn_round_a_thing_finds_it_again(
    indexed: tuple[IndexingRun, list[FootageUnit]], mask: FaceMask
) -> None:
    """The query's frame is 0.4 s from any sampled one."""
    _, (unit,) = indexed
    images = QueryImages(ColourHistograms(), mask)
    picture = io.BytesIO()
    Image.fromarray(still_then_moving(24.4)).save(picture, "PNG")
    left = round((320 - 40) * 0.44)
    scores = unit.vectors @ images.vector(picture.getvalue(), (left, 120, 40, 80))
    best = unit.rows[int(scores.argmax())]
    assert best.kind == CROP
    assert scores.max() > 0.95
    whole = unit.vectors @ images.vector(picture.getvalue())
    assert unit.rows[int(whole.argmax())].kind == FRAME


@pytest.mark.parametrize("box", [(-1, 0, 10, 10), (0, 0, 0, 10), (100, 100, 61, 10), (0, 111, 10, 10)])
def test_a_box_outside_the_picture_is_refused(mask: FaceMask, box: tuple[int, int, int, int]) -> None:
    picture = io.BytesIO()
    Image.fromarray(scene(0)).save(picture, "PNG")
    with pytest.raises(BoxOutside, match="not within the picture of 160 × 120 pixels"):
        QueryImages(ColourHistograms(), mask).vector(picture.getvalue(), box)


def test_an_unreadable_query_picture_is_refused(mask: FaceMask) -> None:
    with pytest.raises(ImageUnreadable):
        QueryImages(ColourHistograms(), mask).vector(b"MZ" + bytes(200))


def somebody(height: int) -> np.ndarray:
    """A drawn person who looks at the camera, 7 : 8, the face in the upper half."""
    skin, hair = (222, 180, 150), (50, 35, 25)
    picture = np.full((400, 300, 3), (90, 120, 90), np.uint8)
    cv2.ellipse(picture, (150, 400), (130, 130), 0, 0, 360, (60, 60, 130), -1)  # shoulders
    cv2.rectangle(picture, (120, 200), (180, 300), (190, 150, 125), -1)
    cv2.ellipse(picture, (150, 125), (75, 92), 0, 0, 360, hair, -1)
    cv2.ellipse(picture, (150, 150), (60, 80), 0, 0, 360, skin, -1)
    for x in (125, 175):
        cv2.ellipse(picture, (x, 138), (12, 6), 0, 0, 360, (235, 235, 235), -1)
        cv2.circle(picture, (x, 138), 6, (30, 20, 15), -1)
        cv2.line(picture, (x - 16, 122), (x + 16, 120), hair, 6)
    cv2.line(picture, (150, 140), (146, 172), (166, 135, 112), 4)
    cv2.ellipse(picture, (150, 176), (12, 5), 0, 0, 180, (110, 90, 75), 3)
    cv2.ellipse(picture, (150, 200), (22, 7), 0, 0, 360, (160, 70, 70), -1)
    picture = np.pad(cv2.GaussianBlur(picture, (15, 15), 0), ((100, 300), (200, 200), (0, 0)), mode="edge")
    return cv2.resize(picture, (height * 7 // 8, height), interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("height", [90, 200, 400])
def test_a_face_is_filled_solid(mask: FaceMask, height: int) -> None:
    picture = somebody(height)
    faces = mask.faces(picture, whole=False)
    assert len(faces) == 1
    covered = filled(picture, faces)
    eyes = np.s_[round(height * 0.28) : round(height * 0.31), round(height * 0.40) : round(height * 0.47)]
    assert np.all(covered[eyes] == FILL)
    assert not np.all(picture[eyes] == FILL)
    coat = np.s_[round(height * 0.7) :, :]
    assert np.array_equal(covered[coat], picture[coat])


def test_a_place_without_faces_stays_as_it_is(mask: FaceMask) -> None:
    picture = scene(3, (320, 240))
    assert mask.faces(picture, whole=True) == ()


def test_a_face_too_small_for_a_scene_is_filled_where_a_crop_shows_it(mask: FaceMask) -> None:
    scene_of_one = scene(3, (1280, 960))
    person = Box(900, 520, 70, 80)
    scene_of_one[person.y : person.y + person.height, person.x : person.x + person.width] = somebody(80)
    assert mask.faces(scene_of_one, whole=True) == ()  # as it is sent through the detector, there is none to see
    closeup = Closeup(person, Faces(cut(scene_of_one, person), whole=False))
    (face,) = closeup.found(mask)
    assert (person.x, person.y) < (face.x, face.y)
    assert face.x + face.width < person.x + person.width
    eyes = np.s_[person.y + 22 : person.y + 25, person.x + 29 : person.x + 33]
    assert np.all(filled(scene_of_one, [face])[eyes] == FILL)


def test_what_lies_beyond_a_picture_s_edge_is_filled_as_far_as_it_is_shown() -> None:
    picture = np.zeros((20, 30, 3), np.uint8)
    covered = filled(picture, [Box(-5, -5, 10, 10), Box(-9, 3, 4, 4), Box(28, 18, 10, 10)])
    assert int((covered == FILL).all(axis=2).sum()) == 25 + 4


def test_nothing_is_embedded_where_the_detector_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"face detector nowhere\.onnx is missing"):
        FaceMask(model=tmp_path / "nowhere.onnx")
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"\x08\x04\x3a\xff\x01")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        FaceMask(model=broken)


def test_real_faces_in_real_footage_are_filled(footage_folder: Path, mask: FaceMask) -> None:
    """Of the people who enter the room, those who turn their face to the camera."""
    pipeline = FootagePipeline(ColourHistograms(), mask=mask)
    clip = footage_folder / "one-by-one-person-detection.mp4"
    with pipeline.run(claim_of(clip), frozenset({0, 2})) as run:
        (unit,) = run.units()
    grey = []
    for row in unit.rows:
        with Image.open(io.BytesIO(row.thumbnail)) as picture:
            pixels = np.asarray(picture.convert("RGB")).astype(int)
        grey.append(np.all(np.abs(pixels - FILL) <= 3, axis=2).mean())
    assert sum(share > 0.005 for share in grey) >= 10


def test_settings_that_cannot_work_are_refused_and_every_other_has_its_digest() -> None:
    assert PipelineSettings().digest() == PipelineSettings.at_rate(1).digest()
    others = [
        PipelineSettings.at_rate(2),
        PipelineSettings(motion=Motion(differ_levels=30)),
        PipelineSettings(cutting=Cutting(lead_in_seconds=20)),
        PipelineSettings(heartbeat_seconds=20),
        PipelineSettings(tiles_across=0),
        PipelineSettings(repeats=Repeats(differ_levels=0)),
        PipelineSettings(masking=Masking(heads="upright")),
    ]
    assert len({PipelineSettings().digest(), *(one.digest() for one in others)}) == 8
    with pytest.raises(ValueError, match="more than 300 sampled frames"):
        PipelineSettings(sampling=Sampling(period_seconds=0.1))
    with pytest.raises(ValueError, match="heartbeat_seconds: 0 is not within"):
        PipelineSettings(heartbeat_seconds=0)


def test_keyframes_do_not_stand_for_a_faster_rate_than_they_have() -> None:
    assert PipelineSettings.at_rate(1).sampling.keyframes_suffice(2.0)
    assert not PipelineSettings.at_rate(2).sampling.keyframes_suffice(1.0)
    assert PipelineSettings.at_rate(0.2).sampling.keyframes_suffice(10.0)


def test_slow_sampling_knows_a_gap_from_a_pause() -> None:
    assert PipelineSettings.at_rate(0.2).sampling.gap_seconds == 10


def test_worker_s_timings_tell_where_the_time_went(yard: Path) -> None:
    worker = Worker(MemoryQueue(claim_of(yard)), MemoryIndex(), ColourHistograms())
    assert worker.work_once()
    timings = worker.timings
    assert timings is not None
    parts = (timings.decode, timings.motion, timings.mask, timings.thumbnails, timings.embed, timings.commit)
    assert all(0 < part < timings.total * threads_here() for part in parts)
    assert timings.decode_cpu > 0
