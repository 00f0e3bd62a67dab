"""A file of any length, quickly: one drawn minute is encoded, and its packets are written again and again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

SIZE = (1280, 720)
_RATE = 4
_MINUTE = 60 * _RATE


def write_long_footage(path: Path, minutes: int, size: tuple[int, int] = SIZE, moving_seconds: int = 15) -> Path:
    """H.264 at 4 frames a second, a keyframe a second, in which somebody crosses at the start of each minute."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=_RATE, options={"preset": "ultrafast", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.gop_size = _RATE
        frames = (
            av.VideoFrame.from_ndarray(_picture(number / _RATE, size, moving_seconds), format="rgb24")
            for number in range(_MINUTE)
        )
        minute = [packet for frame in [*frames, None] for packet in stream.encode(frame)]
        step = round(Fraction(1, _RATE) / minute[0].time_base)
        contents = [(bytes(packet), packet.is_keyframe, packet.time_base) for packet in minute]
        for number in range(minutes * _MINUTE):
            content, key, base = contents[number % _MINUTE]
            packet = av.Packet(content)
            packet.stream, packet.time_base, packet.is_keyframe = stream, base, key
            packet.pts = packet.dts = number * step
            packet.duration = step
            container.mux(packet)
    return path


def _picture(at: float, size: tuple[int, int], moving_seconds: int) -> NDArray[np.uint8]:
    width, height = size
    picture = np.full((height, width, 3), 120, np.uint8)
    picture[: height // 3] = 90
    picture[height // 3 - 4 : height // 3, ::8] = 60
    if at < moving_seconds:
        wide, high = width // 16, height * 5 // 18
        left, top = round((width - wide) * at / moving_seconds), height // 2
        cv2.rectangle(picture, (left, top), (left + wide, top + high), (200, 30, 30), -1)
    return picture
