"""What a score means depends on query, model and null rows alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from search_index.calibration import Calibration, CalibrationDamaged
from search_index.footage_unit import CROP, FRAME

DIMENSION = 32


def unit_rows(count: int, seed: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


CALIBRATION = Calibration.of("generation", "pictures", {FRAME: unit_rows(300, 1), CROP: unit_rows(1000, 2)})
QUERY = unit_rows(1, 3)[0]


def test_in_the_body_the_chance_is_a_count() -> None:
    scores = np.sort(unit_rows(1000, 2).astype(np.float16).astype(np.float64) @ QUERY.astype(np.float64))
    yardstick = CALIBRATION.yardstick(QUERY, {})
    for place in np.flatnonzero(np.diff(scores[:880]) > 1e-5):
        between = (scores[place] + scores[place + 1]) / 2
        assert yardstick.chance(CROP, between) == (1000 - place - 1 + 1) / 1001


def test_a_higher_score_is_never_likelier() -> None:
    yardstick = CALIBRATION.yardstick(QUERY, {})
    for kind in (FRAME, CROP):
        chances = [yardstick.chance(kind, score) for score in np.linspace(-1, 1, 400)]
        assert chances == sorted(chances, reverse=True)
        assert 0 < chances[-1] < 1e-6
        assert chances[0] == 1


def test_the_tail_says_what_a_million_more_null_rows_say() -> None:
    yardstick = Calibration.of("generation", "pictures", {CROP: unit_rows(10_000, 2)}).yardstick(QUERY, {})
    many = np.sort(unit_rows(1_000_000, 4) @ QUERY)
    for share in (1e-2, 1e-3, 1e-4):
        told = yardstick.chance(CROP, float(many[-round(share * len(many))]))
        assert share / 2 < told < share * 6, "it errs towards chance"


def test_kinds_have_their_own_null_rows() -> None:
    yardstick = CALIBRATION.yardstick(QUERY, {})
    assert yardstick.chance(CROP, 0.3) != yardstick.chance(FRAME, 0.3)


def test_null_rows_that_show_what_is_asked_for_are_no_chance_hits() -> None:
    near = unit_rows(1000, 2) @ QUERY > 0.2
    left_out = CALIBRATION.yardstick(QUERY, {CROP: near})
    assert left_out.chance(CROP, 0.25) < CALIBRATION.yardstick(QUERY, {}).chance(CROP, 0.25)
    everything = np.ones(1000, np.bool_)
    all_out = CALIBRATION.yardstick(QUERY, {CROP: everything})
    assert all_out.chance(CROP, 0.25) == CALIBRATION.yardstick(QUERY, {}).chance(CROP, 0.25), "too few would be left"


def test_null_rows_that_are_all_alike_still_tell_more_from_less() -> None:
    alike = Calibration.of("generation", "pictures", {CROP: np.repeat(unit_rows(1, 5), 50, axis=0)})
    yardstick = alike.yardstick(QUERY, {})
    score = float(unit_rows(1, 5)[0] @ QUERY)
    assert yardstick.chance(CROP, score - 0.1) == 1
    assert yardstick.chance(CROP, score + 0.1) == 1 / 51


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "generation.nulls"
    CALIBRATION.write(path)
    read = Calibration.read(path)
    assert read == CALIBRATION
    assert read.digest() == CALIBRATION.digest()
    CALIBRATION.write(path)  # over an older one
    assert Calibration.read(path) == CALIBRATION


@pytest.mark.parametrize("place", [0, 70, -1])
def test_a_flipped_byte_is_seen(tmp_path: Path, place: int) -> None:
    path = tmp_path / "one.nulls"
    CALIBRATION.write(path)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(CalibrationDamaged, match=r"one\.nulls"):
        Calibration.read(path)


def test_a_file_of_another_generation_is_not_taken_for_this_one_s(tmp_path: Path) -> None:
    CALIBRATION.write(tmp_path / "another.nulls")
    with pytest.raises(CalibrationDamaged, match="of format 1 and generation generation"):
        Calibration.read(tmp_path / "another.nulls")
