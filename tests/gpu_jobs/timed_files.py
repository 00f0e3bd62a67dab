"""Some sixty small videos of every kind in which time goes wrong; each frame shows its true time in its pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests.gpu_jobs.container_surgery import (
    edited,
    restamped,
    without_avi_index,
    without_fragment,
)
from tests.gpu_jobs.drawn_time import drawn
from tests.gpu_jobs.ordinary_priority import ordinary_priority

SIZE = (160, 96)
WRAP = 1 << 33
TS_START = 900_000  # steps of 1/90000 s
QUICK = {
    "libx264": {"preset": "ultrafast", "forced-idr": "1", "bf": "0"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {
        "preset": "8",
        "crf": "4",
        "svtav1-params": "pred-struct=1:enable-tf=0:enable-dlf=0:enable-cdef=0:enable-restoration=0",
    },
}
B_FRAMES = {"preset": "veryfast", "bf": "3", "b_strategy": "0", "forced-idr": "1"}
OTHER_RATES = {"mpeg2video": 25, "gif": 100, "libsvtav1": 50}


@dataclass(frozen=True)
class TimedFile:
    """A file and its truth. Times are milliseconds as drawn."""

    kind: str
    path: Path
    shown_ms: tuple[int, ...]  # every frame whose time can be known, in order: the first is at the recorded instant
    step_ms: int  # one frame


@dataclass(frozen=True)
class Making:
    """How a file is encoded. `key_ms` is the distance of keyframes."""

    codec: str = "libx264"
    suffix: str = "mp4"
    size: tuple[int, int] = SIZE
    key_ms: int = 1000
    rate: int = 0  # steps a second of the encoder; 0: what suits the codec
    pix_fmt: str = "yuv420p"
    rotation: int = 0
    options: dict[str, str] | None = None
    container: dict[str, str] | None = None
    format: str | None = None

    def write(self, path: Path, instants_ms: Sequence[int], stamps_ms: Sequence[int] | None = None) -> Path:
        """Frames that show `instants_ms`, stamped so, or as told otherwise."""
        rate = self.rate or OTHER_RATES.get(self.codec, 1000)
        base = Fraction(1, rate)
        with (
            ordinary_priority(),
            av.open(str(path), "w", format=self.format, options=self.container or {}) as container,
        ):
            stream = container.add_stream(
                self.codec, rate=rate, options=self.options or dict(QUICK.get(self.codec, {}))
            )
            picture = self._picture(0)
            stream.width, stream.height = picture.shape[1], picture.shape[0]
            stream.pix_fmt, stream.gop_size = self.pix_fmt, 10_000
            stream.codec_context.time_base = base
            if self.rotation:
                stream.set_display_rotation(self.rotation)
            stretch = -1
            for at_ms, stamp_ms in zip(instants_ms, stamps_ms or instants_ms, strict=True):
                frame = av.VideoFrame.from_ndarray(self._picture(at_ms), format="rgb24")
                frame.pts, frame.time_base = round(stamp_ms * rate / 1000), base
                if stamp_ms // self.key_ms > stretch:
                    stretch = stamp_ms // self.key_ms
                    frame.pict_type = av.video.frame.PictureType.I
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    def _picture(self, at_ms: int) -> np.ndarray:
        return np.ascontiguousarray(np.rot90(drawn(at_ms, self.size), -self.rotation // 90))


def every(step_ms: int, until_ms: int, *, start_ms: int = 0) -> list[int]:
    return list(range(start_ms, until_ms, step_ms))


VARYING = [0, 90, 210, 300, 420, 480, 600, 750, 830, 960, 1100, 1230, 1300, 1420]
STALLED = [*VARYING, *(at + 4200 for at in VARYING), *(at + 9100 for at in VARYING)]  # two gaps of 3.5 s and less


class Studio:
    """Makes the files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files: list[TimedFile] = []

    def add(
        self,
        kind: str,
        name: str,
        making: Making,
        instants_ms: Sequence[int],
        *,
        step_ms: int = 100,
        shown_ms: Sequence[int] | None = None,
        change: Callable[[bytes], bytes] | None = None,
    ) -> None:
        path = self._folder / f"{kind.replace(' ', '-')}-{name}.{making.suffix}"
        making.write(path, instants_ms)
        if change:
            path.write_bytes(change(path.read_bytes()))
        known = tuple(instants_ms if shown_ms is None else shown_ms)
        self.files.append(TimedFile(kind, path, known, step_ms))


def make_all(folder: Path, *, large: bool = True) -> list[TimedFile]:
    """`large` adds what is slow to make: the 8K second."""
    studio = Studio(folder)
    for part in (_codecs, _varying, _stamps, _backward, _edit_lists, _shapes, _few, _broken):
        part(studio)
    if large:
        studio.add("8K", "h264", Making(size=(7680, 4320)), every(250, 1000), step_ms=250)
        studio.add("8K", "mjpeg", Making("mjpeg", "avi", (7680, 4320), rate=4, pix_fmt="yuvj420p"), every(250, 1000),
                   step_ms=250)  # fmt: skip
    return studio.files


def _codecs(studio: Studio) -> None:
    steady = every(100, 3000)
    for name, making in {
        "h264": Making(),
        "h264-b": Making(options=B_FRAMES),
        "hevc-b": Making("libx265"),
        "mpeg4": Making("mpeg4"),
        "av1": Making("libsvtav1", size=(320, 192)),
        "h264-mkv": Making(suffix="mkv", options=B_FRAMES),
        "vp9-mkv": Making("libvpx-vp9", "mkv"),
        "vp9-webm": Making("libvpx-vp9", "webm"),
        "vp8-webm": Making("libvpx", "webm"),
        "av1-webm": Making("libsvtav1", "webm", (320, 192)),
        "mjpeg-mov": Making("mjpeg", "mov", pix_fmt="yuvj420p"),
        "h264-mov": Making(suffix="mov", options=B_FRAMES),
        "h264-ts": Making(suffix="ts", options=B_FRAMES),
        "hevc-ts": Making("libx265", "ts"),
        "h263-3gp": Making("h263", "3gp", (176, 144), rate=10),
        "wmv2": Making("wmv2", "wmv", rate=10),
    }.items():
        studio.add("codecs", name, making, steady)
    for suffix in ("mpg", "ts"):
        making = Making("mpeg2video", suffix, options={"bf": "2"})
        studio.add("codecs", f"mpeg2-{suffix}", making, every(40, 2400), step_ms=40)
    for name, making in {
        "mjpeg": Making("mjpeg", "avi", rate=10, pix_fmt="yuvj420p"),
        "mpeg4": Making("mpeg4", "avi", rate=10),
        "mpeg4-b": Making("mpeg4", "avi", rate=10, options={"bf": "2"}),
        "msmpeg4": Making("msmpeg4", "avi", rate=10),
        "h264": Making(suffix="avi", rate=10),
        "h264-b": Making(suffix="avi", rate=10, options=B_FRAMES),
        "h264-b-far-keys": Making(suffix="avi", rate=10, options=B_FRAMES, key_ms=9000),
    }.items():
        studio.add("AVI", name, making, steady)
    studio.add("AVI", "without-index", Making("mpeg4", "avi", rate=10), steady, change=without_avi_index)
    studio.add("AVI", "b-without-index", Making(suffix="avi", rate=10, options=B_FRAMES), steady,
               change=without_avi_index)  # fmt: skip


def _varying(studio: Studio) -> None:
    for name, making in {
        "mp4": Making(options=B_FRAMES),
        "mp4-far-keys": Making(key_ms=60_000),
        "mkv": Making(suffix="mkv", options=B_FRAMES),
        "webm": Making("libvpx-vp9", "webm"),
        "mov": Making("mpeg4", "mov"),
        "ts": Making(suffix="ts"),
        "gif": Making("gif", "gif", pix_fmt="rgb8"),
        "fragments": Making(container={"movflags": "frag_keyframe+empty_moov"}),
    }.items():
        studio.add("VFR with stalls", name, making, STALLED, step_ms=150)
    for name, making in {
        "mp4": Making(key_ms=25_000, options=B_FRAMES),
        "mkv": Making("mpeg4", "mkv", key_ms=25_000),
        "avi": Making("mpeg4", "avi", rate=5, key_ms=25_000),
    }.items():
        studio.add("keyframes 25 s apart", name, making, every(200, 27_000), step_ms=200)


def _ts(studio: Studio, kind: str, name: str, stamp: Callable[[int, int], int | None], **more: object) -> None:
    """`stamp(number, pts)` gives the PTS of a picture in the order of decoding, None to take it away."""
    for suffix, options in (("", None), ("-b", B_FRAMES)):
        making = Making(suffix="ts", options=options)
        studio.add(kind, name + suffix, making, every(100, 6000), change=lambda ts: restamped(ts, stamp), **more)  # type: ignore[arg-type]


def _stamps(studio: Studio) -> None:
    _ts(studio, "wrapped PTS", "early", lambda _, pts: (pts + WRAP - 60_000) % WRAP)
    _ts(studio, "wrapped PTS", "late", lambda _, pts: (pts + WRAP - 400_000) % WRAP)
    _ts(studio, "wrapped PTS", "at-zero", lambda _, pts: (pts + WRAP - 18_000) % WRAP)
    _ts(studio, "first PTS is not zero", "day", lambda _, pts: pts + 80_000 * 90_000)
    studio.add("first PTS is not zero", "mkv", Making(suffix="mkv"), every(100, 11_200, start_ms=7200))
    making = Making(suffix="mkv", options=B_FRAMES)
    studio.add("first PTS is not zero", "mkv-b", making, every(100, 11_200, start_ms=7200))


def _backward(studio: Studio) -> None:
    tenth = 9000
    plain, every_100 = Making(suffix="ts"), every(100, 6000)

    def add(name: str, kind: str, stamp: Callable[[int, int], int | None], shown: Sequence[int]) -> None:
        studio.add(kind, name, plain, every_100, change=lambda ts: restamped(ts, stamp), shown_ms=shown)

    add("restart", "backward PTS", lambda n, pts: pts + TS_START - (n >= 20) * 20 * tenth, every(100, 2000))
    add("restart-by-little", "backward PTS", lambda n, pts: pts + TS_START - (n >= 20) * 5 * tenth, every(100, 2000))
    add("fell-back-for-five", "backward PTS", lambda n, pts: pts + TS_START - (20 <= n < 25) * 15 * tenth,
        [*every(100, 2000), *every(100, 6000, start_ms=2500)])  # fmt: skip
    add("fell-back-for-one", "backward PTS", lambda n, pts: pts + TS_START - (n == 20) * 3 * tenth,
        [*every(100, 2000), *every(100, 6000, start_ms=2100)])  # fmt: skip
    add("leapt-ahead-for-one", "backward PTS", lambda n, pts: pts + TS_START + (n == 20) * 50 * tenth,
        [*every(100, 2000), *every(100, 6000, start_ms=2100)])  # fmt: skip
    add("leapt-far-ahead-for-three", "backward PTS", lambda n, pts: pts + TS_START + (20 <= n < 23) * 10**8,
        [*every(100, 2000), *every(100, 6000, start_ms=2300)])  # fmt: skip
    add("first-is-stray", "backward PTS", lambda n, pts: pts + TS_START + (n == 0) * 10**8,
        every(100, 6000, start_ms=100))  # fmt: skip
    add(
        "every-third",
        "missing PTS",
        lambda n, pts: None if n % 3 == 2 else pts,
        [t for t in every_100 if t % 300 != 200],
    )
    add("a-second", "missing PTS", lambda n, pts: None if 20 <= n < 32 else pts,
        [*every(100, 2000), *every(100, 6000, start_ms=3200)])  # fmt: skip
    add("the-end", "missing PTS", lambda n, pts: None if n >= 20 else pts, every(100, 2000))
    making = Making(suffix="ts", options=B_FRAMES)
    studio.add("missing PTS", "with-b", making, every_100, change=lambda ts: restamped(ts, _no_fifth))


def _no_fifth(number: int, pts: int) -> int | None:
    return None if number % 5 == 4 else pts


def _edit_lists(studio: Studio) -> None:
    steady = every(100, 6000)
    for name, making in {"": Making(), "-b": Making(options=B_FRAMES)}.items():
        studio.add("edit lists", f"delay{name}", making, steady, change=lambda mp4: edited(mp4, delay_ms=2500))
        studio.add("edit lists", f"trimmed-at-key{name}", making, steady, shown_ms=steady[20:],
                   change=lambda mp4: edited(mp4, skip_ms=2000))  # fmt: skip
        studio.add("edit lists", f"trimmed{name}", making, steady, shown_ms=steady[17:],
                   change=lambda mp4: edited(mp4, skip_ms=1700))  # fmt: skip
        studio.add("edit lists", f"trimmed-both-ends{name}", making, steady, shown_ms=steady[17:47],
                   change=lambda mp4: edited(mp4, skip_ms=1700, length_ms=3000))  # fmt: skip


def _shapes(studio: Studio) -> None:
    for rotation in (90, 180, 270):
        studio.add("rotation", str(rotation), Making(rotation=rotation, options=B_FRAMES), every(100, 1500))
    studio.add("rotation", "90-mov", Making("mpeg4", "mov", rotation=90), every(100, 1500))
    for name, making in {
        "mpeg4": Making("mpeg4", "avi", (321, 241), rate=10),
        "vp9": Making("libvpx-vp9", "webm", (321, 241)),
        "h264-444": Making(size=(321, 241), pix_fmt="yuv444p"),
        "mjpeg": Making("mjpeg", "mov", (321, 241), pix_fmt="yuvj420p"),
        "narrow": Making(size=(34, 480)),
        "gif": Making("gif", "gif", (97, 63), pix_fmt="rgb8"),
    }.items():
        studio.add("odd sizes", name, making, every(100, 1500))


def _few(studio: Studio) -> None:
    for name, making in {
        "mp4": Making(),
        "mkv": Making(suffix="mkv"),
        "avi": Making("mpeg4", "avi", rate=10),
        "ts": Making(suffix="ts"),
        "webm": Making("libvpx-vp9", "webm"),
        "gif": Making("gif", "gif", pix_fmt="rgb8"),
        "mjpeg": Making("mjpeg", "mov", pix_fmt="yuvj420p"),
    }.items():
        studio.add("one frame", name, making, [0])
    studio.add("one frame", "two", Making(), [0, 1700], step_ms=1700)
    studio.add("GIF", "steady", Making("gif", "gif", pix_fmt="rgb8"), every(100, 3000))
    studio.add("GIF", "slow", Making("gif", "gif", pix_fmt="rgb8"), every(1300, 9000), step_ms=1300)


def _broken(studio: Studio) -> None:
    fragments = Making(container={"movflags": "frag_keyframe+empty_moov+default_base_moof"})
    steady = every(100, 9000)
    studio.add("fragments", "whole", fragments, steady)
    studio.add("fragments", "four-are-missing", fragments, steady,
               shown_ms=[*every(100, 2000), *every(100, 9000, start_ms=6000)],
               change=lambda mp4: without_fragment(mp4, range(2, 6)))  # fmt: skip
    studio.add("fragments", "starts-in-the-middle", fragments, steady, shown_ms=every(100, 9000, start_ms=3000),
               change=lambda mp4: without_fragment(mp4, range(3)))  # fmt: skip
    for name, making in {
        "mp4": Making(container={"movflags": "faststart"}),
        "mkv": Making(suffix="mkv", options=B_FRAMES),
        "ts": Making(suffix="ts", options=B_FRAMES),
        "avi": Making("mjpeg", "avi", rate=10, pix_fmt="yuvj420p"),
        "webm": Making("libvpx-vp9", "webm"),
        "gif": Making("gif", "gif", pix_fmt="rgb8"),
        "fragments": fragments,
    }.items():
        studio.add("cut off", name, making, steady, change=lambda content: content[: len(content) * 3 // 5])
