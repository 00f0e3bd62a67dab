"""The demonstration films show what their script says, when it says it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest

from gpu_jobs.offline_model import demo_footage
from gpu_jobs.offline_model.demo_footage import CameraScript, draw_frames, queries, script_of
from gpu_jobs.offline_model.demo_script import PLACES
from gpu_jobs.offline_model.reading import parse_query


@pytest.fixture(scope="module")
def district() -> list[CameraScript]:
    return [script_of(place, 1, Path(f"{place.key}.mp4")) for place in PLACES]


def test_every_camera_has_ten_distinct_events(district: list[CameraScript]) -> None:
    assert [camera.key for camera in district] == ["school-gate", "lypova-street", "market-parking", "park-playground"]
    for camera in district:
        assert len({event.facts for event in camera.events}) >= 10
        for event in camera.events:
            assert 0 <= event.start_s < event.end_s <= camera.seconds
            box = event.box_at_mid
            assert box.right > 0
            assert box.left < camera.width_px
            assert 0 < box.top < box.bottom <= camera.height_px


def test_every_query_has_few_answers(district: list[CameraScript]) -> None:
    asked = queries(district)
    assert len(asked) >= 60
    assert sum(query.language == "uk" for query in asked) * 2 == len(asked)
    assert all(1 <= len(query.moments) <= 2 for query in asked)


def test_queries_are_understood_as_they_are_meant(district: list[CameraScript]) -> None:
    for query in queries(district):
        read = parse_query(query.text)
        assert read.unknown_words == (), query.text
        colours = {fact for fact in query.facts if ":" in fact and not fact.startswith(("pose", "place"))}
        assert colours <= read.facts, (query.text, read.facts)


def test_frames_change_where_the_script_says_and_nowhere_else(district: list[CameraScript]) -> None:
    place, camera = PLACES[0], district[0]
    event = camera.events[0]
    seconds = (event.start_s + event.end_s) / 2
    numbers = (5, round(seconds * camera.fps))
    empty, passing = (next(islice(draw_frames(place, 1), n, None)).astype(int) for n in numbers)
    box = event.box_at_mid
    changed = np.abs(passing - empty).max(2) > 40
    rows, columns = np.nonzero(changed)
    assert len(rows) > 200
    assert box.top - 12 <= rows.min()
    assert rows.max() <= box.bottom + 12
    assert box.left - 40 <= columns.min()
    assert columns.max() <= box.right + 40


def test_same_seed_draws_the_same_frames() -> None:
    place = PLACES[2]
    one, two = (next(islice(draw_frames(place, seed), 40, None)) for seed in (3, 3))
    assert np.array_equal(one, two)


def test_a_film_keeps_its_clock_and_its_keyframes(tmp_path: Path) -> None:
    place = replace(PLACES[0], keyframe_gap_frames=20)
    file = tmp_path / "film.mp4"
    demo_footage.write_film(place, 1, file, seconds=5)
    with av.open(str(file)) as container:
        frames = list(container.decode(video=0))
    assert [round(frame.time, 3) for frame in frames] == [n / 10 for n in range(50)]
    keys = [n for n, frame in enumerate(frames) if frame.key_frame]
    assert keys == [0, 20, 40]
    assert (frames[0].width, frames[0].height) == (demo_footage.WIDTH_PX, demo_footage.HEIGHT_PX)
