"""The frames of a stretch, encoded anew: each of them once, at the time that it was shown, turned as it is shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np

from gpu_jobs.clip_selection import Span
from gpu_jobs.decode_protocol import Probe
from gpu_jobs.errors import NotCopyable, NothingWithin
from gpu_jobs.frame_sending import Counts, Footage, FrameTimes, decoded
from gpu_jobs.placing import Placing, has_pts
from gpu_jobs.timeline import Order

_OPTIONS = {
    "preset": "veryfast",
    "crf": "17",  # a difference that people do not see
    # one thread, as the seal demands; without B-frames what is decoded next is what is shown next
    "x264-params": "threads=1:lookahead-threads=1:sync-lookahead=0:bframes=0:keyint=60:scenecut=0",
}
_RATE_UNKNOWN, _RATE_MAX = 25, 240  # frames a second: the encoder only plans its bits by it
_KEYFRAMES_BEFORE = 2  # some streams need more than one to show a whole picture


@dataclass(frozen=True)
class Encoding:
    target: av.container.OutputContainer
    probe: Probe
    placing: Placing
    ends: Callable[[int], int]  # where the frame with this PTS ends


def encode(
    stream: av.VideoStream, packets: Iterable[av.Packet], encoding: Encoding, span: Span
) -> tuple[int, int, int]:
    """First PTS, PTS of the end, number of frames. Raises NothingWithin."""
    times = FrameTimes(Footage(encoding.probe, encoding.placing), of_packets=has_pts(encoding.probe.container))
    order, writer = Order(), _Writer(encoding, stream)
    for frame in decoded(stream, _from_before(packets, encoding, span.start), Counts()):
        pts = order.admit(times.pts(frame))
        if pts is None or pts < span.start:
            continue
        if pts >= span.end:
            break
        writer.add(frame, pts)
    return writer.finish()


def _from_before(packets: Iterable[av.Packet], encoding: Encoding, start: int) -> Iterator[av.Packet]:
    """The packets from a keyframe on that lies before the start, with the times that they were found to have."""
    placing, first = encoding.placing, 0
    if has_pts(encoding.probe.container):
        before = np.flatnonzero(placing.keyframes & placing.is_placed() & (placing.times <= start))
        first = int(before[-_KEYFRAMES_BEFORE]) if len(before) >= _KEYFRAMES_BEFORE else 0
    for number, packet in enumerate(packets):
        if number >= first:
            packet.pts = placing.pts(number)
            yield packet


class _Writer:
    def __init__(self, encoding: Encoding, source: av.VideoStream) -> None:
        self._encoding, self._source = encoding, source
        self._stream: av.VideoStream | None = None
        self._size = (0, 0)
        self._ends: deque[int] = deque()
        self._zero = self._end = self._frames = 0

    def add(self, frame: av.VideoFrame, pts: int) -> None:
        if self._stream is None:
            self._zero, self._size = pts, (frame.width, frame.height)
        if (frame.width, frame.height) != self._size:
            raise NotCopyable("the pictures change their size on the way; cut what is before and after it, each alone")
        picture = _shown(frame, self._encoding.probe.rotation)
        if self._stream is None:
            self._stream = self._open(picture)
        base = self._encoding.probe.time_base
        picture.pts, picture.time_base = pts - self._zero, Fraction(base.numerator, base.denominator)
        picture.pict_type = av.video.frame.PictureType.NONE
        self._end = self._encoding.ends(pts)
        self._ends.append(self._end - self._zero)
        self._frames += 1
        self._mux(self._stream.encode(picture))

    def finish(self) -> tuple[int, int, int]:
        if self._stream is None:
            raise NothingWithin("no picture of this time can be decoded; the footage is damaged there")
        self._mux(self._stream.encode(None))
        return self._zero, self._end, self._frames

    def _open(self, picture: av.VideoFrame) -> av.VideoStream:
        base, step = self._encoding.probe.time_base, self._encoding.placing.step
        rate = Fraction(base.denominator, base.numerator * step) if step else Fraction(_RATE_UNKNOWN)
        stream = self._encoding.target.add_stream("libx264", rate=min(rate, Fraction(_RATE_MAX)), options=_OPTIONS)
        stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, picture.format.name
        stream.time_base = Fraction(base.numerator, base.denominator)
        context, source = stream.codec_context, self._source.codec_context
        context.time_base, context.thread_count = stream.time_base, 1
        if source.sample_aspect_ratio and self._encoding.probe.rotation % 180 == 0:
            context.sample_aspect_ratio = source.sample_aspect_ratio
        return stream

    def _mux(self, packets: Iterable[av.Packet]) -> None:
        for packet in packets:
            assert packet.pts is not None
            assert packet.time_base is not None
            base = self._encoding.probe.time_base
            steps = packet.pts * packet.time_base / Fraction(base.numerator, base.denominator)
            packet.duration = round((self._ends.popleft() - steps) * base.numerator / base.denominator
                                    / packet.time_base)  # fmt: skip
            self._encoding.target.mux(packet)


def _shown(frame: av.VideoFrame, rotation: int) -> av.VideoFrame:
    """As it is shown, in a form that every player knows; with odd sides in one that loses none of them."""
    if rotation:
        rgb = frame.to_ndarray(format="rgb24", threads=1)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(np.rot90(rgb, rotation // 90)), format="rgb24")
    wanted = "yuv444p" if frame.width % 2 or frame.height % 2 else "yuv420p"
    return frame if frame.format.name == wanted else frame.reformat(format=wanted, threads=1)
