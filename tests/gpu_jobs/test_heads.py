"""The stricter mask: the top of every upright moving figure, in crops, whole frames, thumbnails and query boxes."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gpu_jobs.geometry import with_context
from gpu_jobs.heads import head_of, heads_of, within
from gpu_jobs.masking import FILL, FaceMask, Masking
from gpu_jobs.pipeline import FootagePipeline
from gpu_jobs.query_image import QueryImages
from gpu_jobs.settings import PipelineSettings
from search_index.encoder import Image as Shown
from search_index.encoder import Vectors
from search_index.footage_unit import CROP, FRAME, Box
from tests.fakes_gpu import ColourHistograms
from tests.gpu_jobs.video_files import RECORDED_AT_US, claim_of, scene, steady, write_video

STRICT = Masking(heads="upright")


@pytest.fixture(scope="module")
def strict() -> FaceMask:
    return FaceMask(STRICT)


def silhouette(*figures: Box) -> np.ndarray:
    mask = np.zeros((240, 320), np.uint8)
    for figure in figures:
        mask[figure.y : figure.y + figure.height, figure.x : figure.x + figure.width] = 1
    return mask


def covers(heads: tuple[Box, ...], part: Box) -> bool:
    filled = np.zeros((240, 320), bool)
    for head in heads:
        filled[head.y : head.y + head.height, head.x : head.x + head.width] = True
    return bool(filled[part.y : part.y + part.height, part.x : part.x + part.width].all())


def test_the_upper_fifth_of_an_upright_figure_is_its_head() -> None:
    figure = Box(100, 80, 30, 100)
    heads = heads_of(figure, silhouette(figure))
    assert covers(heads, Box(100, 76, 30, 24))
    assert not covers(heads, Box(110, 110, 10, 10))


def test_of_two_who_walk_together_each_loses_their_own_head() -> None:
    tall, short = Box(100, 60, 30, 120), Box(130, 110, 30, 70)
    heads = heads_of(Box(100, 60, 60, 120), silhouette(tall, short))
    assert covers(heads, Box(100, 60, 30, 24))
    assert covers(heads, Box(130, 110, 30, 14))


def test_what_lies_or_drives_keeps_its_top() -> None:
    wide = Box(100, 80, 120, 60)
    assert heads_of(wide, silhouette(wide)) == head_of(wide) == ()


def test_a_part_shows_the_heads_that_reach_into_it() -> None:
    heads = Box(10, 10, 20, 20), Box(90, 90, 20, 20), Box(200, 200, 5, 5)
    assert within(heads, Box(20, 20, 80, 80)) == (Box(0, 0, 10, 10), Box(70, 70, 10, 10))


class Sees(ColourHistograms):
    """Keeps what it is shown."""

    def __init__(self) -> None:
        self.shown: list[Shown] = []

    def embed_images(self, images: list[Shown]) -> Vectors:
        self.shown += images
        return super().embed_images(images)


def still_then_moving(at: float) -> np.ndarray:
    return scene(at, (320, 240)) if at >= 4 else np.where(scene(0, (320, 240)) > 150, 120, scene(0, (320, 240)))


@pytest.mark.parametrize("heads", ["found", "upright"])
def test_every_picture_and_thumbnail_of_a_walker_is_without_the_head(tmp_path: Path, heads: str) -> None:
    """The walker is 40 × 80 px, its top at row 120."""
    clip = write_video(tmp_path / "yard.mp4", steady(10, 5), still_then_moving)
    settings = PipelineSettings(masking=STRICT if heads == "upright" else Masking())
    with FootagePipeline(ColourHistograms(), settings).run(claim_of(clip)) as run:
        rows = [row for unit in run.units() for row in unit.rows if row.at_us - RECORDED_AT_US > 5_000_000]
    assert {row.kind for row in rows} == {CROP, FRAME}
    for row in rows:
        at = (row.at_us - RECORDED_AT_US) / 1e6
        with Image.open(io.BytesIO(row.thumbnail)) as picture:
            pixels = np.asarray(picture.convert("RGB")).astype(int)
        left = round((320 - 40) * (at % 10) / 10) - row.box.x
        head = pixels[122 - row.box.y : 134 - row.box.y, left + 4 : left + 36]
        body = pixels[170 - row.box.y : 190 - row.box.y, left + 4 : left + 36]
        assert np.abs(body - (200, 30, 30)).max() < 60
        assert (np.abs(head - FILL).max() < 40) == (heads == "upright")


def test_a_query_box_is_treated_like_a_crop(strict: FaceMask) -> None:
    picture = io.BytesIO()
    Image.fromarray(scene(3, (320, 240))).save(picture, "PNG")
    sees, box = Sees(), Box(84, 120, 40, 80)
    QueryImages(sees, strict).vector(picture.getvalue(), (box.x, box.y, box.width, box.height))
    QueryImages(sees, FaceMask()).vector(picture.getvalue(), (box.x, box.y, box.width, box.height))
    part = with_context(box, 320, 240)
    head = np.s_[box.y - part.y : box.y - part.y + 16, box.x - part.x : box.x - part.x + 40]
    without, as_it_is = sees.shown
    assert (without[head] == FILL).all()
    assert not (as_it_is[head] == FILL).any()
    below = np.s_[box.y - part.y + 17 :, :]
    assert np.array_equal(without[below], as_it_is[below])
