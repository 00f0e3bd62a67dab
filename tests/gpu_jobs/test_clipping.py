"""Clips of every kind of file in which time goes wrong, against the time in their pixels; and of hostile processes."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest

from gpu_jobs import decode_parent
from gpu_jobs.clip_selection import Span, decode_times, select
from gpu_jobs.clipping import cut
from gpu_jobs.errors import (
    ClipTooLarge,
    DecodeEscaping,
    DecodeOverLimit,
    GpuJobFault,
    NoKeyframeWithin,
    NotCopyable,
    NothingWithin,
)
from gpu_jobs.placing import Placing
from gpu_jobs.timeline import TimeBase
from tests.gpu_jobs.clip_judge import Asked, clip_of, faults, usual
from tests.gpu_jobs.ordinary_priority import ordinary_priority
from tests.gpu_jobs.test_sandbox import ATTEMPTS, TAKEN_OVER
from tests.gpu_jobs.timed_files import B_FRAMES, Making, TimedFile, every, make_all


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[TimedFile]:
    return make_all(tmp_path_factory.mktemp("clipped"), large=False)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds, a keyframe each second."""
    return Making(options=B_FRAMES).write(tmp_path_factory.mktemp("steady") / "steady.mp4", every(100, 6000))


def test_every_kind_of_file_gives_right_clips_or_is_refused_with_the_mend(
    files: list[TimedFile], tmp_path: Path
) -> None:
    def wrong_with(number: int) -> list[str]:
        file, exact = files[number], bool(number % 2)
        try:
            seen = clip_of(file.path, asked := usual(file, exact=exact), tmp_path / str(number), file.shown_ms[0])
        except (NotCopyable, NoKeyframeWithin) as refusal:
            return [] if not exact and "--exact" in str(refusal) else [str(refusal)]
        return faults(file, asked, seen)

    with ThreadPoolExecutor(2) as pool:
        found = dict(zip((file.path.name for file in files), pool.map(wrong_with, range(len(files))), strict=True))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_is_kept_on_keyframes_and_applied_exactly(tmp_path: Path, rotation: int) -> None:
    path = Making(rotation=rotation, options=B_FRAMES).write(tmp_path / "turned.mp4", every(100, 2500))
    kept = clip_of(path, Asked(1200, 1900), tmp_path / "kept.mp4")
    applied = clip_of(path, Asked(1200, 1900, exact=True), tmp_path / "applied.mp4")
    assert (kept.rotation, applied.rotation) == (rotation, 0)
    assert [at for _, at in applied.frames] == every(100, 1900, start_ms=1200)
    assert kept.frames[0][1] == 1000


def test_a_clip_on_keyframes_copies_packets_bit_for_bit(steady: Path, tmp_path: Path) -> None:
    clip_of(steady, Asked(2000, 3000), tmp_path / "clip.mp4")

    def packets(path: Path) -> list[bytes]:
        with av.open(str(path)) as container:
            return [bytes(packet) for packet in container.demux(video=0) if packet.size]

    whole, part = packets(steady), packets(tmp_path / "clip.mp4")
    start = whole.index(part[0])
    assert whole[start : start + len(part)] == part


def test_the_same_question_gives_the_same_bytes(steady: Path, tmp_path: Path) -> None:
    for exact in (False, True):
        for name in ("first", "again"):
            clip_of(steady, Asked(1500, 2500, exact=exact), tmp_path / name)
        assert (tmp_path / "first").read_bytes() == (tmp_path / "again").read_bytes()


def test_what_lies_outside_of_the_window_is_not_in_the_file(steady: Path, tmp_path: Path) -> None:
    seen = clip_of(steady, Asked(1500, 4500, within_from_ms=1300, within_to_ms=4250), tmp_path / "clip.mp4")
    times = [at for _, at in seen.frames]
    assert times == every(100, times[-1] + 100, start_ms=2000)
    assert times[-1] < 4250
    (start, end) = seen.clip.left_out
    assert (start[0] % 10**7, start[1] % 10**7) == (1_500_000, 2_000_000)
    assert end[1] % 10**7 == 4_250_000


def test_pictures_that_a_packet_holds_beforehand_do_not_leave_either(tmp_path: Path) -> None:
    """AV1 codes a picture seconds before it is shown, in the packet of another one."""
    path = tmp_path / "ahead.mkv"
    with ordinary_priority(), av.open(str(path), "w") as container:
        video = container.add_stream("libsvtav1", rate=10, options={"preset": "12"})
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        video.codec_context.gop_size = 40
        for number in range(80):
            picture = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number, np.uint8), format="rgb24")
            picture.pts = number
            container.mux(video.encode(picture))
        container.mux(video.encode())
    assert isinstance(refused(path, Asked(0, 2900, within_to_ms=3000)), NotCopyable)
    with (tmp_path / "clip").open("w+b", buffering=0) as out:
        assert cut(path, Asked(0, 2900, within_to_ms=3000, exact=True).request(), out).frames == 29
        assert cut(path, Asked(0, 2900, within_to_ms=5000).request(), out).frames >= 29


@pytest.mark.parametrize("exact", [False, True])
def test_a_window_may_close_between_two_steps_of_the_footage(tmp_path: Path, *, exact: bool) -> None:
    path = tmp_path / "tenths.avi"  # whose time base is a tenth of a second
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        for _ in range(60):
            container.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")))
        container.mux(video.encode())
    asked = Asked(0, 5000, within_to_ms=3333, exact=exact)
    with (tmp_path / "clip").open("w+b", buffering=0) as out:
        clip = cut(path, asked.request(), out)
    assert (clip.to_us - asked.request().within_to_us, clip.frames) == (0, 34)
    assert all(end <= asked.request().within_to_us for _, end in clip.left_out)


def test_sound_does_not_leave(tmp_path: Path) -> None:
    path = tmp_path / "loud.mkv"
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        voices = container.add_stream("pcm_s16le", rate=8000)
        for number in range(20):
            container.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")))
            sound = av.AudioFrame.from_ndarray(np.full((1, 800), 77, np.int16), format="s16", layout="mono")
            sound.rate, sound.pts = 8000, number * 800
            container.mux(voices.encode(sound))
        container.mux(video.encode())
    for exact in (False, True):
        with (tmp_path / "clip").open("w+b", buffering=0) as out:
            cut(path, Asked(0, 1500, exact=exact).request(), out)
        with av.open(str(tmp_path / "clip")) as container:
            assert [stream.type for stream in container.streams] == ["video"]
        assert np.full(40, 77, np.int16).tobytes() not in (tmp_path / "clip").read_bytes()


def refused(path: Path, asked: Asked) -> GpuJobFault:
    with io.FileIO(path.with_suffix(".clip"), "w+b") as out, pytest.raises(GpuJobFault) as caught:
        cut(path, asked.request(), out)  # type: ignore[arg-type]
    return caught.value


def test_what_cannot_be_cut_is_refused_by_name(steady: Path) -> None:
    assert isinstance(refused(steady, Asked(7000, 9000)), NothingWithin)
    assert isinstance(refused(steady, Asked(2310, 2390, exact=True)), NothingWithin)
    assert isinstance(refused(steady, Asked(1100, 1900, 1100, 1900)), NoKeyframeWithin)
    assert isinstance(refused(steady, Asked(1000, 2000, bytes_max=1000)), ClipTooLarge)
    assert isinstance(refused(steady, Asked(1000, 2000, bytes_max=1000, exact=True)), ClipTooLarge)


class Numbered:
    """A packet of one step: so much of av.Packet as the placing of times asks for."""

    is_discard = False

    def __init__(self, dts: int, pts: int | None, *, key: bool = False) -> None:
        self.dts, self.pts, self.duration, self.is_keyframe = dts, pts, 1, key


def placed(order: list[int], keys: set[int]) -> Placing:
    packets = [Numbered(number, pts, key=pts in keys) for number, pts in enumerate(order)]
    return Placing(TimeBase(1, 10), "matroska", packets, reordered=True)


def test_no_frame_is_shown_after_one_that_is_missing() -> None:
    placing = placed([2, 5, 3, 4, 8, 6, 7, 11, 9, 10], {2})
    chosen = select(placing, Span(2, 4, 0, 100))
    assert sorted(chosen.pts.tolist()) == [2, 3, 4, 5], "to the end of the run that 5 closes"
    chosen = select(placing, Span(2, 10, 0, 10))
    assert sorted(chosen.pts.tolist()) == [2, 3, 4, 5, 6, 7, 8], "11 may not leave, and 9 needs it"


def test_pictures_before_the_keyframe_that_need_earlier_ones_stay_behind() -> None:
    placing = placed([2, 4, 3, 8, 6, 7, 9, 10], {2, 8})  # 6 and 7 are shown before the keyframe 8
    chosen = select(placing, Span(8, 10, 5, 100))
    assert chosen.pts.tolist() == [8, 9]
    with pytest.raises(NoKeyframeWithin, match="--exact"):
        select(placing, Span(6, 8, 5, 100))
    with pytest.raises(NothingWithin):
        select(placing, Span(11, 12, 5, 100))


def test_times_of_decoding_grow_and_are_never_after_the_frame() -> None:
    pts = np.array([2, 5, 3, 4, 8, 6, 7], np.int64)
    dts = decode_times(pts)
    assert (np.diff(dts) > 0).all()
    assert (dts <= pts).all()
    with pytest.raises(NotCopyable):
        decode_times(np.array([2, 2, 3], np.int64))


PREPARED = """
from gpu_jobs.decode_protocol import *
from gpu_jobs.timeline import TimeBase
PROBE = Probe(container="mp4", codec="h264", width=1, height=1, rotation=0, time_base=TimeBase(1, 1), start_pts=0,
    end_pts=1, duration_seconds=1, cut_off_seconds=0, keyframe_gap_seconds_max=1, frames_estimate=1, missing_pts=0)
BLOCK = memoryview(bytes(1 << 20))
def made(start, end): return ClipMade(from_us=start, to_us=end, frames=1, container="", codec="", software="")
def send(write, *parts):
    write(PROBE)
    for part in parts: write(*part)
    return End()
"""
OVER_LIMIT = {
    "a hole": "send(rest[2], (ClipPart(10, 1), BLOCK[:1]))",
    "before the file": "send(rest[2], (ClipPart(-5, 1), BLOCK[:1]))",
    "too large a part": "send(rest[2], (ClipPart(0, 1 << 40), BLOCK[:1]))",
    "too large a file": "send(rest[2], *((ClipPart(each << 20, 1 << 20), BLOCK) for each in range(9)))",
    "for ever": "send(rest[2], *((ClipPart(0, 1 << 20), BLOCK) for _ in range(1000)))",
    "another time": "send(rest[2], (ClipPart(0, 1), BLOCK[:1]), (made(-10**18, 10**18), None))",
    "a picture": "send(rest[2], (FrameHeader(pts=0, width=1, height=1), BLOCK[:3]))",
}


@pytest.fixture
def hostile(steady: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def run(attempt: str, before: str) -> None:
        monkeypatch.setattr(decode_parent, "_BOOT", TAKEN_OVER.format(attempt=attempt, before=before))
        with (tmp_path / "clip").open("w+b", buffering=0) as out:
            cut(steady, Asked(0, 1000, bytes_max=8 << 20).request(), out)

    return run


@pytest.mark.parametrize("attempt", list(ATTEMPTS)[2:7])
def test_a_cutting_process_that_was_taken_over_is_killed_and_named(hostile, attempt: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DecodeEscaping, match=ATTEMPTS[attempt]):
        hostile(attempt, "")


@pytest.mark.parametrize("attempt", OVER_LIMIT)
def test_its_parent_writes_only_where_it_may(hostile, tmp_path: Path, attempt: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DecodeOverLimit):
        hostile(OVER_LIMIT[attempt], PREPARED)
    assert (tmp_path / "clip").stat().st_size <= 8 << 20
