"""Real files through the decoding process: what they are, which frames come, and what is refused or bounded."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gpu_jobs import decode_parent, decode_process, footage_reading
from gpu_jobs.decode_protocol import End, FramesRequest, Order, Probe, Refused
from gpu_jobs.decoding import DecodeLimits, FootageFrames, decode_image, probe
from gpu_jobs.errors import (
    REFUSALS,
    CodecUnsupported,
    DecodeCrashed,
    DecodeFailed,
    DecodeOverLimit,
    DecodeTimedOut,
    EmptyFile,
    GpuJobFault,
    ImageTooLarge,
    ImageUnreadable,
    NotAVideo,
    NoVideoStream,
    Unreadable,
)
from gpu_jobs.sampling import Sampling
from tests.gpu_jobs.video_files import scene, steady, write_sound, write_video

ROOT = Path(__file__).resolve().parents[2]


def sampled(path: Path, sampling: Sampling | None = None, side_px_max: int = 1920) -> tuple[Probe, list[float], End]:
    """The probe, the seconds of the sampled frames, and the end."""
    with FootageFrames(path, sampling or Sampling(), side_px_max=side_px_max) as frames:
        base, start = frames.probe.time_base, frames.probe.start_pts
        return frames.probe, [base.us(frame.pts - start) / 1e6 for frame in frames], frames.end


@pytest.mark.parametrize(
    ("name", "codec", "says"), [("a.mp4", "libx264", "h264"), ("a.mkv", "mpeg4", "mpeg4"), ("a.avi", "mpeg4", "mpeg4")]
)
def test_probe_tells_what_the_file_is(tmp_path: Path, name: str, codec: str, says: str) -> None:
    found = probe(write_video(tmp_path / name, steady(4), codec=codec, keyframe_seconds=2))
    assert (found.codec, found.width, found.height, found.rotation) == (says, 160, 120, 0)
    assert found.duration_seconds == pytest.approx(4, abs=0.11)
    assert found.keyframe_gap_seconds_max == pytest.approx(2, abs=0.11)
    assert found.frames_estimate == 40
    assert found.cut_off_seconds == pytest.approx(0, abs=0.11)


def test_keyframes_alone_are_read_where_they_are_close_enough(tmp_path: Path) -> None:
    _, close, end = sampled(write_video(tmp_path / "close.mp4", steady(6), keyframe_seconds=2))
    assert close == [0, 2, 4]
    assert (end.seen, end.sent) == (60, 3)
    _, far, end = sampled(write_video(tmp_path / "far.mp4", steady(6), keyframe_seconds=3))
    assert far == [0, 1, 2, 3, 4, 5]
    assert (end.seen, end.sent) == (60, 6)


def test_keyframe_after_keyframe_still_gives_one_frame_a_period(tmp_path: Path) -> None:
    _, times, _ = sampled(write_video(tmp_path / "intra.avi", steady(4), codec="mjpeg", keyframe_seconds=0.1))
    assert times == [0, 1, 2, 3]


@pytest.mark.parametrize("keyframe_seconds", [1.0, 100.0])
def test_time_is_the_timestamp_where_the_rate_varies_and_the_camera_stalls(
    tmp_path: Path, keyframe_seconds: float
) -> None:
    instants = [t for t in steady(8, 7.3) if not 2.2 < t < 6.4] + [8.05, 8.9, 9.95, 11.2]
    file = write_video(tmp_path / "stall.mkv", instants, keyframe_seconds=keyframe_seconds)
    with FootageFrames(file, Sampling(), side_px_max=1920) as frames:
        got = [(frame.pts / 1000, frame.gaps) for frame in frames]
    drawn = [round(t, 3) for t in instants]
    assert all(at in drawn for at, _ in got)
    assert [gap for _, gaps in got for gap in gaps] == [(2192, 6438)]
    assert [at for at, gaps in got if gaps] == [6.438]


def test_pictures_are_what_was_drawn(tmp_path: Path) -> None:
    file = write_video(tmp_path / "a.mp4", steady(3), keyframe_seconds=100)
    with FootageFrames(file, Sampling(), side_px_max=1920) as frames:
        for number, frame in enumerate(frames):
            error = np.abs(frame.image.astype(int) - scene(float(number)).astype(int)).mean()
            assert frame.image.shape == (120, 160, 3)
            assert error < 8


@pytest.mark.parametrize(("rotation", "turns"), [(90, 1), (180, 2), (-90, 3)])
def test_rotated_footage_is_shown_upright(tmp_path: Path, rotation: int, turns: int) -> None:
    file = write_video(tmp_path / "turned.mp4", steady(1), rotation=rotation)
    with FootageFrames(file, Sampling(), side_px_max=1920) as frames:
        frame = next(iter(frames))
        assert frame.image.shape[:2] == (frames.probe.height, frames.probe.width)
    expected = np.rot90(scene(0), turns)
    assert frame.image.shape == expected.shape
    assert np.abs(frame.image.astype(int) - expected.astype(int)).mean() < 8


def test_odd_sizes_and_large_frames(tmp_path: Path) -> None:
    file = write_video(tmp_path / "odd.mp4", steady(1), lambda at: scene(at, (202, 118)))
    with FootageFrames(file, Sampling(), side_px_max=101) as frames:
        assert (frames.probe.width, frames.probe.height) == (202, 118)
        assert next(iter(frames)).image.shape == (59, 101, 3)


def test_empty_and_renamed_files_are_refused(tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.mp4", tmp_path / "text.mp4"
    empty.touch()
    text.write_text("10:32 nothing to report\n" * 500)
    with pytest.raises(EmptyFile, match="the file is empty; send it again"):
        probe(empty)
    with pytest.raises(NotAVideo, match="the file is not a video"):
        probe(text)


class FailingDisk(io.BytesIO):
    """Gives so many reads, then an error of the disk."""

    def __init__(self, content: bytes, reads: int) -> None:
        super().__init__(content)
        self._left = reads

    def read(self, size: int | None = -1) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().read(size)


@pytest.mark.parametrize("reads", [0, 1, 2])
def test_a_fault_of_the_disk_is_no_verdict_on_the_file(tmp_path: Path, reads: int) -> None:
    disk = FailingDisk(write_video(tmp_path / "yard.mp4", steady(4)).read_bytes(), reads)
    order = Order(1 << 30, 60, FramesRequest(Sampling(), 160))
    word = decode_process._last_word(footage_reading.answer, disk, order, lambda *_: None)
    assert isinstance(word, Refused)
    assert issubclass(REFUSALS[word.kind], DecodeFailed), word
    assert "Input/output error" in word.reason


def test_a_playlist_reaches_no_other_file(tmp_path: Path) -> None:
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{tmp_path}/other.ts\n")
    with pytest.raises(NotAVideo):
        probe(playlist)


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoVideoStream, match="no video stream"):
        probe(write_sound(tmp_path / "sound.mp4"))


def test_codec_outside_the_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CodecUnsupported, match="codec ffv1 is not read here"):
        probe(write_video(tmp_path / "archive.mkv", steady(1), codec="ffv1"))


def test_truncated_file_without_its_index_is_refused(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mp4", steady(4)).read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unreadable, match="cut off or damaged"):
        probe(cut)


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [("a.mp4", "libx264", {"movflags": "faststart"}), ("a.mkv", "libx264", {}), ("a.avi", "mpeg4", {})],
)
def test_truncated_file_is_read_as_far_as_it_goes(
    tmp_path: Path, name: str, codec: str, options: dict[str, str]
) -> None:
    whole = write_video(tmp_path / name, steady(8), codec=codec, container_options=options, keyframe_seconds=100)
    cut = tmp_path / f"cut-{name}"
    kept = 0.25 if name == "a.avi" else 0.67  # of an AVI as sparse as this, the most is its index
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * kept)])
    found, times, _ = sampled(cut)
    assert 3 < found.duration_seconds < 7
    assert times == [float(second) for second in range(len(times))]
    assert len(times) >= 4
    if name != "a.avi":  # its header tells what is there, not what was
        assert found.cut_off_seconds + found.duration_seconds == pytest.approx(8, abs=0.2)


def test_a_damaged_middle_costs_its_frames_only(tmp_path: Path) -> None:
    whole = bytearray(write_video(tmp_path / "whole.avi", steady(12), codec="mpeg4", keyframe_seconds=3).read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 400] = bytes(400)
    damaged = tmp_path / "damaged.avi"
    damaged.write_bytes(whole)
    _, times, _ = sampled(damaged)
    assert {0, 1, 2, 3, 10, 11} <= {round(at) for at in times}


def test_mutants_cost_no_more_than_a_typed_error(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mp4", steady(2), keyframe_seconds=100).read_bytes()
    draw = np.random.default_rng(7)
    mutant, ends = tmp_path / "mutant.mp4", []
    for _ in range(6):
        content = bytearray(whole)
        for _ in range(12):
            content[draw.integers(len(content))] = draw.integers(256)
        mutant.write_bytes(content)
        try:
            ends.append(len(sampled(mutant)[1]))
        except GpuJobFault:
            ends.append(-1)
    assert len(ends) == 6


def test_a_hanging_process_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_video(tmp_path / "a.mp4", steady(1))
    monkeypatch.setattr(decode_parent, "_BOOT", "import time; time.sleep(60)")
    with pytest.raises(DecodeTimedOut, match="sent nothing whole for 1 seconds"):
        probe(file, DecodeLimits(silence_seconds=1))


def test_a_crash_is_a_typed_error_that_names_the_signal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_video(tmp_path / "a.mp4", steady(1))
    monkeypatch.setattr(decode_parent, "_BOOT", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(DecodeCrashed, match="ended with signal SIGSEGV"):
        probe(file)


@pytest.mark.parametrize(
    "answer",
    [
        r"b'\xff\xff\xff\xff'",
        r"b'\x00\x00\x00\x04abcd'",
        r"b'\x00\x00\x00\x06' + bytes([0x81, 0xa4]) + b'typo'",
    ],
)
def test_nonsense_from_the_process_is_a_typed_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    file = write_video(tmp_path / "a.mp4", steady(1))
    monkeypatch.setattr(decode_parent, "_BOOT", f"import os; os.write(1, {answer})")
    with pytest.raises(DecodeOverLimit, match="answered nonsense"):
        probe(file)


def test_processor_time_and_memory_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_video(tmp_path / "a.mp4", steady(1))
    with pytest.raises(GpuJobFault):
        sampled_within(file, DecodeLimits(memory_bytes=64 << 20))
    limited = """import sys; sys.path.insert(0, sys.argv[1])
from gpu_jobs.sandbox import seal
seal(memory_bytes=1 << 30, cpu_seconds=1)
while True: pass"""
    monkeypatch.setattr(decode_parent, "_BOOT", limited)
    with pytest.raises(DecodeTimedOut, match="more than 1 seconds of processor time"):
        probe(file, DecodeLimits(cpu_seconds=1))


def test_a_process_whose_parent_is_gone_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_video(tmp_path / "a.mp4", steady(1))
    orphaned = """import os, sys; sys.path.insert(0, sys.argv[1])
sys.argv[3] = str(os.getppid() + 1)
from gpu_jobs.decode_process import main
main()"""
    monkeypatch.setattr(decode_parent, "_BOOT", orphaned)
    with pytest.raises(DecodeCrashed):
        probe(file)


def sampled_within(path: Path, limits: DecodeLimits) -> None:
    with FootageFrames(path, Sampling(), side_px_max=1920, limits=limits) as frames:
        for _ in frames:
            continue


def test_more_frames_than_allowed_are_refused(tmp_path: Path) -> None:
    file = write_video(tmp_path / "a.mp4", steady(4))
    with pytest.raises(DecodeOverLimit, match="more than 3 sampled frames"):
        sampled_within(file, DecodeLimits(frames_max=3))


def jpeg(width: int, height: int, kind: str = "JPEG", orientation: int = 1) -> bytes:
    out = io.BytesIO()
    picture = Image.fromarray(np.asarray(Image.fromarray(scene(0)).resize((width, height))))
    exif = picture.getexif()
    exif[0x0112] = orientation
    picture.save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_query_pictures_are_decoded(kind: str) -> None:
    image = decode_image(jpeg(100, 60, kind))
    assert image.shape == (60, 100, 3)
    assert image.dtype == np.uint8


def test_a_picture_of_sixteen_bits_is_as_bright_as_it_was() -> None:
    grey = np.linspace(0, 65_535, 64 * 48).reshape(48, 64).astype(np.uint16)
    out = io.BytesIO()
    Image.fromarray(grey).save(out, "PNG")
    assert np.abs(decode_image(out.getvalue()).astype(int) - (grey // 257)[:, :, None]).max() <= 1


def test_a_picture_is_turned_as_its_camera_was_held() -> None:
    assert decode_image(jpeg(100, 60, orientation=6)).shape == (100, 60, 3)


def test_a_picture_too_large_is_refused_by_its_header() -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    with pytest.raises(ImageTooLarge, match="20000 × 20000 pixels"):
        decode_image(bomb.getvalue())
    with pytest.raises(ImageTooLarge, match="bytes are more than 10"):
        decode_image(b"x" * 11, DecodeLimits(image_bytes_max=10))


@pytest.mark.parametrize("content", [b"", b"not a picture", jpeg(100, 60)[:300], b"GIF89a" + bytes(100)])
def test_an_unreadable_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ImageUnreadable):
        decode_image(content)
