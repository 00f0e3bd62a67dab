"""The contact sheet: Cyrillic is really drawn, long words stay inside, odd pictures leave their place empty."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from app.canvas import Canvas, lines_of, shortened, width_of
from app.contact_sheet import CAMERAS, MARGIN, PAPER, SOFT, WIDTH, SearchOnSheet, draw
from tests.app.cli.test_search import FOUND, jpeg, moment


def drawn(words: str) -> np.ndarray:
    canvas = Canvas(Image.new("RGB", (60, 60), (255, 255, 255)))
    canvas.write(10, 45, words, 40, (0, 0, 0))
    return np.asarray(Image.open(io.BytesIO(canvas.png())))


def test_ukrainian_letters_are_drawn_each_as_itself() -> None:
    missing = drawn("\ue000")  # private use: no font has it
    pictures = [drawn(letter) for letter in "ЖжЇїЄєҐґЩщіи’№–±…"]
    assert all((picture < 128).sum() > 20 for picture in pictures)
    assert all(not np.array_equal(picture, missing) for picture in pictures)
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def sheet(title: str, count: int, thumbnails: dict[int, bytes], query_image: bytes | None = None) -> Image.Image:
    found = {**FOUND, "moments": [moment(rank) for rank in range(1, count + 1)]}
    return Image.open(io.BytesIO(draw([SearchOnSheet(title, found, thumbnails, query_image)])))


@pytest.mark.parametrize("count", [0, 1, 5, 6, 10, 100])
def test_any_number_of_hits_fits_the_sheet(count: int) -> None:
    picture = sheet("людина", count, {rank: jpeg((10, 200, 10)) for rank in range(1, count + 1)})
    assert picture.width == WIDTH
    pixels = np.asarray(picture)
    assert (pixels[-20:] == PAPER).all()  # nothing is cut off below
    assert (pixels[:, -20:] == PAPER).all()
    greens = (pixels[..., 1] > 150) & (pixels[..., 0] < 60) & (pixels[..., 2] < 60)
    assert (greens.sum() > 20_000 * count) if count else not greens.any()


@pytest.mark.parametrize("scores", [(0.3, 0.1), (-0.02, -0.1), (0.1, -0.1), (0.0, 0.0), (-0.1, -0.1)])
def test_every_hit_has_a_bar_and_the_best_one_s_is_full(scores: tuple[float, float]) -> None:
    found = {**FOUND, "moments": [{**moment(rank + 1), "score": score} for rank, score in enumerate(scores)]}
    pixels = np.asarray(Image.open(io.BytesIO(draw([SearchOnSheet("x", found, {})]))))
    blue = (pixels == CAMERAS[0]).all(axis=2)
    bars = [int(blue[:, left : left + 350].sum(axis=1).max()) for left in (56, 56 + 355 + 22)]
    assert bars[0] > 250
    assert 5 < bars[1] <= bars[0]
    assert (bars[1] < bars[0] - 50) == (scores[1] < scores[0])


def test_a_title_of_any_length_stays_inside() -> None:
    for title in ("слово " * 2000, "безпробілів" * 1000):
        assert (np.asarray(sheet(title, 1, {}))[:, -20:] == PAPER).all()


def test_unreadable_pictures_leave_their_place_empty() -> None:
    good = sheet("x", 1, {})
    assert sheet("x", 1, {1: b"no picture at all"}).tobytes() == good.tobytes()
    assert sheet("x", 1, {1: jpeg((1, 2, 3))[:200]}).size == good.size


def test_the_picture_that_was_looked_for_stands_beside_the_title() -> None:
    pixels = np.asarray(sheet("like van.jpg", 0, {}, query_image=jpeg((220, 10, 10))))
    assert ((pixels[..., 0] > 200) & (pixels[..., 1] < 40)).sum() > 5000


def test_several_searches_stand_below_one_another() -> None:
    one = SearchOnSheet("перший", FOUND, {})
    heights = [Image.open(io.BytesIO(draw([one] * count))).height for count in (1, 2, 3)]
    assert heights[2] - heights[1] == heights[1] - heights[0] > 300


def test_a_sheet_names_its_search_its_authority_and_when_it_was() -> None:
    known = {"searched_at": "2026-11-23T12:05:07.3Z", "authorisation": "a-1", "authorisation_reference": "760/1234/26"}
    picture = np.asarray(Image.open(io.BytesIO(draw([SearchOnSheet("x", {**FOUND, **known}, {})]))))
    alone = Canvas(Image.new("RGB", (WIDTH, len(picture)), PAPER))
    words = f"Search {FOUND['id']} · 2026-11-23 14:05:07.3 EET · authorisation 760/1234/26 a-1"
    alone.write(MARGIN, len(picture) - MARGIN - 6, words, 17, SOFT)
    rows = slice(-MARGIN - 20, None)
    assert np.array_equal(picture[rows], np.asarray(Image.open(io.BytesIO(alone.png())))[rows])


def test_a_sheet_that_is_drawn_later_says_what_its_times_are_worth() -> None:
    change = {"statement": "its clock was corrected", "hits": [{"rank": 1, "shown": "2026-11-23 14:05:12.3 EET"}]}
    before, since = (
        np.asarray(Image.open(io.BytesIO(draw([SearchOnSheet("x", answer, {})]))))
        for answer in (FOUND, {**FOUND, "clock_changes": [change]})
    )
    assert len(since) > len(before)
    words = "Note: its clock was corrected; hit 1 really was at 2026-11-23 14:05:12.3 EET"
    assert lines_of(words, WIDTH - 2 * MARGIN, 17) == [words]


def test_words_are_broken_and_shortened_to_their_width() -> None:
    lines = lines_of("людина в червоній куртці біля воріт", 200, 20)
    assert " ".join(lines) == "людина в червоній куртці біля воріт"
    assert all(width_of(line, 20) <= 200 for line in lines)
    assert shortened("коротко", 400, 20) == "коротко"
    short = shortened("д" * 500, 200, 20)
    assert short.endswith("…")
    assert 180 < width_of(short, 20) <= 200
