"""Real video files for tests, made with PyAV: every frame is drawn by a function of its time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.work_queue import Claim

Draw = Callable[[float], NDArray[np.uint8]]  # seconds from the start -> picture (height, width, 3), RGB
SIZE = (160, 120)
RECORDED_AT_US = 1_779_000_000_000_000
_STAMPS_A_SECOND = 1000


def steady(seconds: float, rate: float = 10) -> list[float]:
    """The instants of frames at a constant rate."""
    return [number / rate for number in range(round(seconds * rate))]


def scene(at: float, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """A grey yard with a fence in which a red thing crosses from left to right in ten seconds, then a blue one."""
    width, height = size
    picture = np.full((height, width, 3), 120, np.uint8)
    picture[: height // 3] = 90
    picture[height // 3 - 2 : height // 3, ::4] = 60
    part = at % 10 / 10
    left, top = round((width - width // 8) * part), height // 2
    picture[top : top + height // 3, left : left + width // 8] = (200, 30, 30) if at % 20 < 10 else (30, 40, 200)
    return picture


def write_video(
    path: Path,
    instants: Iterable[float],
    draw: Draw = scene,
    *,
    codec: str = "libx264",
    keyframe_seconds: float = 1.0,
    rotation: int = 0,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Frames at the given instants (seconds), a keyframe wherever a stretch of `keyframe_seconds` begins."""
    with av.open(str(path), "w", options=container_options or {}) as container:
        first = draw(0.0)
        stream = container.add_stream(codec, rate=_STAMPS_A_SECOND, options=options or _quick(codec))
        stream.width, stream.height = first.shape[1], first.shape[0]
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.time_base = Fraction(1, _STAMPS_A_SECOND)
        stream.gop_size = 100_000
        if rotation:
            stream.set_display_rotation(rotation)
        stretch = -1
        for at in instants:
            frame = av.VideoFrame.from_ndarray(draw(at), format="rgb24")
            frame.pts, frame.time_base = round(at * _STAMPS_A_SECOND), Fraction(1, _STAMPS_A_SECOND)
            if int(at / keyframe_seconds) > stretch:
                stretch = int(at / keyframe_seconds)
                frame.pict_type = av.video.frame.PictureType.I
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _quick(codec: str) -> dict[str, str]:
    return {"preset": "ultrafast", "bf": "2", "forced-idr": "1"} if codec == "libx264" else {}


def write_sound(path: Path) -> Path:
    """A file with sound only."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48_000, layout="mono")
        for number in range(20):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, number * 1024
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def claim_of(path: Path, *, footage: str = "f" * 64, fence: int = 1, lease_seconds: float = 3600) -> Claim:
    return Claim(
        footage=footage,
        path=path,
        camera="11111111-1111-4111-8111-111111111111",
        recorded_at_us=RECORDED_AT_US,
        uncertainty_us=0,
        fence=fence,
        lease_seconds=lease_seconds,
    )
