"""Decoding inside the decoding process: which frames of a video are sent, with which time, and what is missing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.decode_protocol import End, FrameHeader, FramesRequest, Probe, Write
from gpu_jobs.errors import Unreadable
from gpu_jobs.geometry import scaled
from gpu_jobs.placing import Placing, has_pts
from gpu_jobs.sampling import Periods
from gpu_jobs.timeline import Gaps, Order

GAPS_MAX = 9_000  # of one footage: its record takes little more


@dataclass(frozen=True)
class Footage:
    """What the first look at a file found."""

    probe: Probe
    placing: Placing


class Counts:
    """What happened on the way."""

    def __init__(self) -> None:
        self.seen = self.sent = self.damaged = self.gaps = 0


def decoded(stream: av.VideoStream, packets: Iterable[av.Packet], counts: Counts) -> Iterator[av.VideoFrame]:
    """The frames in order of presentation; damaged packets are counted and passed over."""
    for packet in packets:
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            counts.damaged += 1
            continue
        yield from frames
    try:
        yield from stream.codec_context.decode(None)
    except (av.error.InvalidDataError, av.error.EOFError):
        counts.damaged += 1


def send_frames(
    stream: av.VideoStream, packets: Iterable[av.Packet], footage: Footage, request: FramesRequest, write: Write
) -> End:
    """Sends each sampled frame as RGB, turned as it is shown and at most `side_px_max` long. Times are PTS."""
    probe, sampling = footage.probe, request.sampling
    counts, order = Counts(), Order()
    gaps = Gaps(probe.time_base.steps(round(sampling.gap_seconds * 1e6)))
    gaps.see(probe.start_pts)
    # where PTS are not in the file, only the order of all frames tells them
    keyframes = sampling.keyframes_suffice(probe.keyframe_gap_seconds_max) and (
        has_pts(probe.container) or not stream.codec_context.has_b_frames
    )
    road: _Keyframes | _EveryFrame = (_Keyframes if keyframes else _EveryFrame)(footage, request, counts, gaps)
    times = FrameTimes(footage, of_packets=keyframes or has_pts(probe.container))
    for frame in decoded(stream, road.wanted(_timed(packets, footage.placing)), counts):
        pts = order.admit(times.pts(frame))
        if pts is None or pts < probe.start_pts or not road.keep(pts):
            continue
        picture = _shown(frame, probe, request.side_px_max)
        found = gaps.take(pts)
        write(FrameHeader(pts=pts, width=picture.shape[1], height=picture.shape[0], gaps=found), picture.data)
        counts.sent, counts.gaps = counts.sent + 1, counts.gaps + len(found)
        if counts.gaps > GAPS_MAX:
            raise Unreadable(f"the video stops more than {GAPS_MAX} times; cut a copy into shorter files")
    road.end()
    return End(
        seen=counts.seen,
        sent=counts.sent,
        damaged=counts.damaged,
        missing=footage.placing.missing,
        backward=footage.placing.unplaced + order.backward,
        wrapped=footage.placing.wrapped,
        end_pts=probe.end_pts,
        gaps=gaps.take(probe.end_pts),
    )


def _timed(packets: Iterable[av.Packet], placing: Placing) -> Iterator[av.Packet]:
    """The packets with the times that they were found to have: a decoder hands them on to its frames."""
    for number, packet in enumerate(packets):
        packet.pts = placing.pts(number)
        yield packet


class _EveryFrame:
    """All packets are decoded; of each period the first frame is kept."""

    def __init__(self, footage: Footage, request: FramesRequest, counts: Counts, gaps: Gaps) -> None:
        probe = footage.probe
        self._counts, self._gaps, self._end_pts = counts, gaps, probe.end_pts
        self._periods = Periods(request.sampling.period_seconds, probe.time_base, probe.start_pts)

    def wanted(self, packets: Iterable[av.Packet]) -> Iterator[av.Packet]:
        yield from packets

    def keep(self, pts: int) -> bool:
        self._counts.seen += 1
        self._gaps.see(pts)
        return self._periods.keep(pts)

    def end(self) -> None:
        self._gaps.see(self._end_pts)


class _Keyframes:
    """Of each period the first keyframe is decoded. The packets between show that the camera did not stall."""

    def __init__(self, footage: Footage, request: FramesRequest, counts: Counts, gaps: Gaps) -> None:
        probe = footage.probe
        self._counts, self._gaps = counts, gaps
        self._start_pts, self._end_pts = probe.start_pts, probe.end_pts
        self._periods = Periods(request.sampling.period_seconds, probe.time_base, probe.start_pts)
        self._awaited: deque[int] = deque()  # given to the decoder
        self._kept = probe.start_pts

    def wanted(self, packets: Iterable[av.Packet]) -> Iterator[av.Packet]:
        for packet in packets:
            self._counts.seen += 1
            if packet.pts is None or packet.is_discard or packet.pts < self._start_pts:
                continue
            self._gaps.see(packet.pts)
            if packet.is_keyframe and self._periods.keep(packet.pts):
                self._awaited.append(packet.pts)
                yield packet

    def keep(self, pts: int) -> bool:
        """Where a keyframe before this one did not come out of the decoder, nothing was seen since the last."""
        lost = False
        while self._awaited and self._awaited[0] <= pts:
            lost |= self._awaited.popleft() < pts
        if lost:
            self._gaps.blind(self._kept, pts)
        self._kept = pts
        return True

    def end(self) -> None:
        self._gaps.see(self._end_pts)
        if self._awaited:
            self._gaps.blind(self._kept, self._end_pts)


class FrameTimes:
    """The time of each frame as it comes out of the decoder.

    Where PTS are not in the file, packets are numbered in the order of decoding, and the decoder says at which packet
    it let go of a frame: always the same number of packets late, as the first frame shows, which is a keyframe. The
    last frames, let go when no packet is left, follow one by one.
    """

    def __init__(self, footage: Footage, *, of_packets: bool) -> None:
        self._of_packets = of_packets
        self._step = max(1, footage.placing.step)
        self._late: int | None = None
        self._last: int | None = None

    def pts(self, frame: av.VideoFrame) -> int | None:
        if self._of_packets or frame.pts is None:
            at: int | None = frame.pts
        elif frame.dts is None:
            at = frame.pts if self._last is None else self._last + self._step
        else:
            self._late = frame.dts - frame.pts if self._late is None else self._late
            at = frame.dts - self._late
        self._last = at
        return at


def _shown(frame: av.VideoFrame, probe: Probe, side_px_max: int) -> NDArray[np.uint8]:
    width, height = scaled(probe.width, probe.height, side_px_max)
    turned = probe.rotation % 180 != 0
    rgb = frame.to_ndarray(
        format="rgb24", width=height if turned else width, height=width if turned else height, threads=1
    )
    return np.ascontiguousarray(np.rot90(rgb, probe.rotation // 90))
