"""The optional detector: a real ONNX file on real pictures, what stands still becomes crops, and what is not the model
that was asked for stops the start."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from gpu_jobs.detector import DetectorSettings, OnnxDetector, standing
from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.geometry import tiles, with_context
from gpu_jobs.masking import FaceMask
from gpu_jobs.motion import Motion, shrink
from gpu_jobs.pictures import Choice, Picture, pictures_of
from gpu_jobs.pipeline import FootagePipeline
from gpu_jobs.repeats import Repeats
from gpu_jobs.settings import PipelineSettings
from gpu_jobs.units import TimedFrame, UnitFrames
from search_index.footage_unit import CROP, FRAME, Box
from tests.fakes_gpu import ColourHistograms
from tests.gpu_jobs.onnx_files import bright_cells
from tests.gpu_jobs.video_files import claim_of, steady, write_video

SECOND = 1_000_000
SIZE = (320, 240)
Image = NDArray[np.uint8]


def settings_of(path: Path, model: bytes, **changes: Any) -> DetectorSettings:
    path.write_bytes(model)
    digest = hashlib.sha256(model).hexdigest()
    usual = DetectorSettings(path=str(path), sha256=digest, width=320, height=240, classes=((3, "car"), (4, "lorry")))
    return replace(usual, **changes)


@pytest.fixture(scope="module")
def mask() -> FaceMask:
    return FaceMask()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> DetectorSettings:
    return settings_of(tmp_path_factory.mktemp("model") / "bright.onnx", bright_cells(320, 240))


def yard(*bright: tuple[int, int, int], size: tuple[int, int] = SIZE, cell: int = 16) -> Image:
    """A grey place; (column, row, level) of cells that are brighter."""
    picture = np.full((size[1], size[0], 3), 90, np.uint8)
    for column, row, level in bright:
        picture[row * cell : (row + 1) * cell, column * cell : (column + 1) * cell] = level
    return picture


@pytest.mark.parametrize("batched", [True, False])
def test_things_are_found_in_pixels_of_the_picture_the_surest_first(tmp_path: Path, batched: bool) -> None:
    detector = OnnxDetector(settings_of(tmp_path / "m.onnx", bright_cells(320, 240, batched=batched)))
    assert detector.things(yard()) == ()
    found = detector.things(yard((2, 3, 220), (15, 9, 250)))
    assert found == (Box(240, 144, 16, 16), Box(32, 48, 16, 16))
    twice = detector.things(yard((2, 3, 250), size=(640, 480), cell=32))
    assert twice == (Box(64, 96, 32, 32),), "made smaller for the model, told in the picture's pixels"
    wide = detector.things(yard((2, 3, 250), size=(640, 320), cell=32))
    assert wide == (Box(64, 96, 32, 32),), "its proportions are kept, what is left of the input is black"


def test_only_the_classes_named_and_the_surest_of_them(settings: DetectorSettings) -> None:
    picture = yard((2, 3, 220), (15, 9, 250), (4, 4, 235))
    lorries = OnnxDetector(replace(settings, classes=((4, "lorry"),)))
    assert lorries.things(picture) == (Box(240, 144, 16, 16),)
    assert OnnxDetector(replace(settings, crops_max=2)).things(picture) == (
        Box(240, 144, 16, 16),
        Box(64, 64, 16, 16),
    )
    assert OnnxDetector(replace(settings, score_min=0.95)).things(picture) == (Box(240, 144, 16, 16),)


def made(images: list[Image], settings: DetectorSettings | None) -> list[Picture]:
    frames = tuple(TimedFrame(at * SECOND, at, image, shrink(image, 320)) for at, image in enumerate(images))
    unit = UnitFrames(0, 0, len(images) * SECOND, (), frames, ((0, len(images) * SECOND),))
    detector = OnnxDetector(settings) if settings else None
    choice = Choice(motion=Motion(), repeats=Repeats(), heartbeat_seconds=10, tiles_across=0, detector=detector)
    return pictures_of(unit, SIZE, choice)


def crops(pictures: list[Picture]) -> list[tuple[Box, int, int]]:
    return [(one.box, one.from_us // SECOND, one.to_us // SECOND) for one in pictures if one.kind == CROP]


def test_what_stands_still_becomes_one_crop_with_all_its_time(settings: DetectorSettings) -> None:
    """A parked car is there from the first second to the last: no motion tells of it."""
    images = [yard((6, 7, 240)) for _ in range(35)]
    assert crops(made(images, None)) == []
    assert crops(made(images, settings)) == [(with_context(Box(96, 112, 16, 16), *SIZE), 0, 30)]
    assert not any(one.scene for one in made(images, settings) if one.kind == CROP), "faces are sought as in a crop"


def test_what_drives_off_is_found_by_its_motion_and_has_no_second_crop(settings: DetectorSettings) -> None:
    images = [yard((6, 7, 240))] * 15 + [yard()] * 20
    by_motion = crops(made(images, None))
    assert by_motion
    assert crops(made(images, settings)) == by_motion


def test_what_moves_has_one_crop_and_not_two() -> None:
    moving = (Box(100, 100, 40, 40),)
    assert standing((Box(104, 102, 40, 40), Box(10, 10, 30, 30)), moving) == [Box(10, 10, 30, 30)]
    assert standing((Box(110, 110, 12, 12),), moving) == [Box(110, 110, 12, 12)], "a bag, before who carries it"


def test_the_strict_mask_fills_the_heads_of_who_sits_still(tmp_path: Path) -> None:
    """An upright box that a detector found has a head, in every picture of that frame."""

    class Upright:
        def things(self, picture: Image) -> tuple[Box, ...]:
            return (Box(100, 80, 20, 60),)

    frames = tuple(TimedFrame(at * SECOND, at, yard(), shrink(yard(), 320)) for at in range(5))
    unit = UnitFrames(0, 0, 5 * SECOND, (), frames, ((0, 5 * SECOND),))
    choice = Choice(motion=Motion(), repeats=Repeats(), heartbeat_seconds=10, tiles_across=2, detector=Upright())
    whole, crop, *_ = pictures_of(unit, SIZE, choice)
    assert (whole.kind, crop.kind, crop.box) == (FRAME, CROP, with_context(Box(100, 80, 20, 60), *SIZE))
    for picture in (whole, crop):
        (head,) = picture.heads
        assert head.y + picture.box.y <= 80 < head.y + head.height + picture.box.y <= 80 + 20


def test_a_pipeline_with_a_detector_indexes_what_stands_still_and_says_so_in_its_digest(
    settings: DetectorSettings, mask: FaceMask, tmp_path: Path
) -> None:
    usual, with_it = PipelineSettings(), PipelineSettings(detector=settings)
    moved = PipelineSettings(detector=replace(settings, path=str(tmp_path / "elsewhere.onnx")))
    other = PipelineSettings(detector=replace(settings, score_min=0.6))
    assert usual.detector is None
    assert len({usual.digest(), with_it.digest(), other.digest()}) == 3
    assert moved.digest() == with_it.digest(), "where the file lies decides no row"
    film = write_video(tmp_path / "still.mp4", steady(12, 2), lambda at: yard((6, 7, 240)))
    with FootagePipeline(ColourHistograms(), with_it, mask=mask).run(claim_of(film)) as run:
        (unit,) = run.units()
    parts = tiles(*SIZE, with_it.tiles_across)
    (parked,) = (row for row in unit.rows if row.kind == CROP and row.box not in parts)
    assert parked.box == with_context(Box(96, 112, 16, 16), *SIZE)
    assert (unit.pipeline, parked.to_us - parked.from_us) == (with_it.digest(), 10 * SECOND)
    with pytest.raises(ModelUnavailable, match=r"elsewhere\.onnx is missing"):
        FootagePipeline(ColourHistograms(), moved, mask=mask)


def test_the_operator_s_configuration_is_plain_json() -> None:
    text = b'{"path": "m.onnx", "sha256": "00", "width": 320, "height": 240, "classes": [[3, "car"]]}'
    assert msgspec.json.decode(text, type=DetectorSettings).classes == ((3, "car"),)


def test_another_file_is_refused_at_start(settings: DetectorSettings, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"bright\.onnx has SHA-256 [0-9a-f]{64}, not 00"):
        OnnxDetector(replace(settings, sha256="00"))
    with pytest.raises(ModelUnavailable, match=r"gone\.onnx is missing; put it at"):
        OnnxDetector(replace(settings, path=str(tmp_path / "gone.onnx")))
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        OnnxDetector(settings_of(tmp_path / "text.onnx", b"no model at all"))


def test_a_model_of_another_layout_is_refused_at_start(settings: DetectorSettings, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"takes .*\[1, 3, 240, 320\].* it must take .*\[3, 480, 320\]"):
        OnnxDetector(replace(settings, height=480))
    with pytest.raises(ModelUnavailable, match=r"gives .*'dets'.*; export it so that it gives .*'boxes'"):
        OnnxDetector(settings_of(tmp_path / "o.onnx", bright_cells(320, 240, outputs={"boxes": "dets"})))
    swapped = bright_cells(320, 240, outputs={"boxes": "scores", "scores": "boxes"})
    with pytest.raises(ModelUnavailable, match=r"gives boxes \(0,\), labels \(0,\), scores \(0, 4\); they must be"):
        OnnxDetector(settings_of(tmp_path / "s.onnx", swapped))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"width": 8}, "width: 8 is not within 32 and 4096"),
        ({"height": 5000}, "height: 5000 is not within"),
        ({"score_min": 1.0}, "score_min: 1.0 is not between"),
        ({"crops_max": 0}, "crops_max: 0 is not within"),
        ({"classes": ()}, "classes: none is named"),
        ({"classes": ((1, "human face"),)}, "classes: 'human face' never becomes a crop"),
        ({"classes": ((3, "car"), (1, "Head_of_person"))}, "classes: 'Head_of_person' never"),
        ({"classes": ((1, "обличчя"),)}, "never becomes a crop"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: DetectorSettings, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        replace(settings, **changes)


def test_what_only_sounds_like_a_face_is_none(settings: DetectorSettings) -> None:
    assert replace(settings, classes=((1, "surface vehicle"), (2, "headlight"))).classes[1][1] == "headlight"
