"""Every kind of file in which time goes wrong, through the real decoding process, against the time in its pixels."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest

from gpu_jobs.errors import Unreadable
from gpu_jobs.frame_sending import GAPS_MAX
from gpu_jobs.sampling import Sampling
from tests.gpu_jobs.drawn_time import drawn, read
from tests.gpu_jobs.time_judge import Sampled, judge, sampled
from tests.gpu_jobs.timed_files import Making, TimedFile, every, make_all

USUAL = Sampling()
DENSE = Sampling(period_seconds=0.2, keyframe_gap_seconds_max=0)  # nearly every frame, none by keyframes alone


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[TimedFile]:
    return make_all(tmp_path_factory.mktemp("timed"), large=False)


@pytest.fixture(scope="session")
def usual(files: list[TimedFile]) -> Iterator[dict[Path, Sampled]]:
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda file: sampled(file.path, USUAL), files)
        yield {file.path: one for file, one in zip(files, found, strict=True)}


def test_writing_such_files_leaves_this_process_its_priority(tmp_path: Path) -> None:
    before = os.sched_getscheduler(0)
    Making("libsvtav1", size=(320, 192)).write(tmp_path / "one.mp4", every(100, 1000))
    assert os.sched_getscheduler(0) == before
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(os.sched_getscheduler, 0).result() == before


def test_there_are_enough_files_of_every_kind(files: list[TimedFile]) -> None:
    assert len(files) >= 50
    assert len({file.kind for file in files}) >= 12


def test_every_sampled_frame_is_at_its_time_and_what_is_missing_is_told(
    files: list[TimedFile], usual: dict[Path, Sampled]
) -> None:
    wrong = {
        file.path.name: verdict
        for file in files
        if not (verdict := judge(file, usual[file.path], USUAL)).is_right(USUAL)
    }
    assert wrong == {}


def test_time_is_right_whatever_the_sampling(files: list[TimedFile]) -> None:
    hard = [file for file in files if file.kind in ("backward PTS", "missing PTS", "AVI", "edit lists")][::3]
    verdicts = {file.path.name: judge(file, sampled(file.path, DENSE), DENSE) for file in hard}
    assert {name: verdict for name, verdict in verdicts.items() if not verdict.is_right(DENSE)} == {}


@pytest.mark.parametrize("name", ["backward-PTS-restart.ts", "missing-PTS-the-end.ts"])
def test_what_cannot_be_placed_at_the_end_is_a_gap_and_no_shorter_footage(
    usual: dict[Path, Sampled], name: str
) -> None:
    (got,) = [one for path, one in usual.items() if path.name == name]
    assert got.length_ms == pytest.approx(6000, abs=100)
    assert got.gaps == (pytest.approx((1900, got.length_ms), abs=100),)
    assert got.end.missing + got.end.backward == 40


def test_a_quiet_program_stream_is_as_long_as_it_is(tmp_path: Path) -> None:
    path = Making(suffix="mpg", rate=10).write(tmp_path / "quiet.mpg", every(100, 6000))
    got = sampled(path, USUAL)
    assert got.end.missing > 40, "several frames share one PES, and only the first has a timestamp"
    assert got.length_ms == pytest.approx(6000)


def test_what_was_cut_off_is_told(usual: dict[Path, Sampled]) -> None:
    told = {path.name: one.probe.cut_off_seconds for path, one in usual.items() if path.name.startswith("cut-off")}
    assert told["cut-off-mp4.mp4"] == pytest.approx(9 - usual_length(usual, "cut-off-mp4.mp4"), abs=0.15)
    assert told["cut-off-mkv.mkv"] == pytest.approx(9 - usual_length(usual, "cut-off-mkv.mkv"), abs=0.15)


def usual_length(usual: dict[Path, Sampled], name: str) -> float:
    return next(one.length_ms for path, one in usual.items() if path.name == name) / 1000


def test_the_counter_is_read_only_where_it_is_whole_and_upright() -> None:
    picture = drawn(123_456, (160, 96))
    assert read(picture) == 123_456
    assert read(picture[::2, ::3]) == 123_456
    assert read(picture[::-1]) is None
    assert read(picture // 8) is None


def test_keyframes_that_cannot_be_decoded_leave_a_gap(tmp_path: Path) -> None:
    file = Making("libvpx-vp9", "webm").write(tmp_path / "whole.webm", range(0, 12_000, 100))
    content = bytearray(file.read_bytes())
    with av.open(str(file)) as container:
        for packet in container.demux(video=0):
            if packet.size and packet.is_keyframe and 3 <= packet.pts * packet.time_base < 9:
                at = content.index(bytes(packet))
                content[at : at + packet.size] = bytes(packet.size)
    file.write_bytes(content)
    got = sampled(file, USUAL)
    assert [at for at, _ in got.frames] == [0, 1000, 2000, 9000, 10_000, 11_000]
    assert got.gaps == ((2000, 9000),)


def test_a_video_that_stops_more_often_than_can_be_recorded_is_refused(tmp_path: Path) -> None:
    making = Making("mjpeg", "mkv", (32, 16), rate=1, pix_fmt="yuvj420p")
    file = making.write(tmp_path / "stills.mkv", range(0, (GAPS_MAX + 2) * 4000, 4000))
    with pytest.raises(Unreadable, match="stops more than 9000 times"):
        sampled(file, USUAL)


def test_sound_that_begins_later_costs_no_picture(tmp_path: Path) -> None:
    first = Making(suffix="ts").write(tmp_path / "silent.ts", range(0, 20_000, 200))
    whole = tmp_path / "whole.ts"
    with av.open(str(tmp_path / "sound.ts"), "w") as container, av.open(str(first)) as source:
        video = container.add_stream_from_template(source.streams.video[0])
        sound = container.add_stream("mp2", rate=48_000, layout="mono")
        for packet in source.demux(video=0):
            if packet.dts is None:
                continue
            packet.stream = video
            packet.pts, packet.dts = packet.pts + 1_800_000, packet.dts + 1_800_000
            container.mux(packet)
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1152), np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts = 48_000, round((packet.pts / 90_000) * 48_000)
            container.mux(sound.encode(frame))
    whole.write_bytes(first.read_bytes() + (tmp_path / "sound.ts").read_bytes())
    got = sampled(whole, USUAL)
    assert [at for at, _ in got.frames] == list(range(0, 40_000, 1000))
    assert [drawn for _, drawn in got.frames] == list(range(0, 20_000, 1000)) * 2
