"""Cutting a clip inside the decoding process: untrusted bytes are parsed here, and the new file is written here.

The process has no file of its own to write: what the muxer writes goes to its parent as parts, each with its place.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, TypeAlias

import av
import av.error
import numpy as np

from gpu_jobs import footage_reading
from gpu_jobs.clip_encoding import Encoding, encode
from gpu_jobs.clip_selection import EXACTLY, Selection, Span, select
from gpu_jobs.decode_protocol import ClipMade, ClipPart, ClipRequest, End, Probe, Write
from gpu_jobs.errors import ClipTooLarge, NotCopyable, NothingWithin, Unreadable
from gpu_jobs.footage_reading import examine, open_video, packets_of
from gpu_jobs.placing import Placing, has_pts
from gpu_jobs.timeline import MICROSECONDS, Anchor

_IN_MP4 = frozenset({"h264", "hevc", "av1", "libdav1d", "mpeg4", "vp9"})  # the rest goes into Matroska
_NOT_COPIED = frozenset({"gif"})
_AHEAD = frozenset({"av1", "libdav1d", "vp8", "vp9"})  # a packet may hold, unseen, pictures that are shown later
_STILL_US = 3_000_000  # nothing proves that a frame was true for longer
_BUFFER_BYTES = 1 << 18
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FAR = 1 << 62

Made: TypeAlias = tuple[int, int, int]  # first PTS, PTS of the end, frames


@dataclass(frozen=True)
class _Footage:
    """What is cut, and out of what."""

    source: BinaryIO
    request: ClipRequest
    probe: Probe
    placing: Placing

    @property
    def anchor(self) -> Anchor:
        return Anchor(self.probe.time_base, self.probe.start_pts, self.request.recorded_at_us)

    def span(self) -> Span:
        """What is asked for, as far as there is footage, in steps."""
        asked, probe = self.request, self.probe
        within_start = max(self._first_pts(asked.within_from_us), probe.start_pts)
        within_end = min(self._first_pts(asked.within_to_us), probe.end_pts)
        start, end = self._first_pts(asked.from_us), self._first_pts(asked.to_us)
        return Span(max(start, within_start), min(end, within_end), within_start, within_end)

    def ends(self, pts: int, before: int) -> int:
        """Where the frame with this PTS ends: at the next one, and at `before`."""
        shown = self.placing.shown
        after = int(np.searchsorted(shown, pts, "right"))
        following = int(shown[after]) if after < len(shown) else self.probe.end_pts
        longest = max(1, self.placing.step, self.probe.time_base.steps(_STILL_US))
        return max(pts + 1, min(following, pts + longest, before))

    def left_out(self, span: Span, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """[from_us, to_us) of what was asked, is there and is not in [start, end)."""
        shown, at_us = self.placing.shown, self.anchor.at_us
        before = shown[(shown >= span.start) & (shown < min(start, span.end))]
        after = shown[(shown >= max(end, span.start)) & (shown < span.end)]
        left = [(at_us(int(before[0])), at_us(start))] if len(before) else []
        return tuple([*left, (at_us(int(after[0])), self.end_us(span.end))] if len(after) else left)

    def end_us(self, pts: int) -> int:
        """When what ends at a PTS was over; a window that closes between two steps ends its last frame there."""
        return min(self.anchor.at_us(pts), self.request.within_to_us)

    def _first_pts(self, at_us: int) -> int:
        """The first PTS that is not before an instant."""
        base = self.probe.time_base
        steps = -((self.request.recorded_at_us - at_us) * base.denominator // (base.numerator * MICROSECONDS))
        return max(-_FAR, min(_FAR, self.probe.start_pts + steps))


class _Parts(io.RawIOBase):
    """A file that one can write and move about in; it lies with the parent. Raises ClipTooLarge."""

    def __init__(self, write: Write, bytes_max: int) -> None:
        self._write, self._bytes_max = write, bytes_max
        self._at = self._end = 0
        self.fault: ClipTooLarge | None = None  # libavformat may tell it as a fault of its own

    def write(self, content: bytes) -> int:  # type: ignore[override]
        size = len(content)
        if self._at + size > self._bytes_max:
            self.fault = ClipTooLarge(f"the clip would have more than {self._bytes_max} bytes; ask for a shorter one")
            raise self.fault
        if size:
            self._write(ClipPart(self._at, size), memoryview(content))
            self._at += size
            self._end = max(self._end, self._at)
        return size

    def seek(self, at: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        self._at = max(0, start + at)
        return self._at

    def tell(self) -> int:
        return self._at

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True


def warm_up() -> None:
    """Make FFmpeg, its encoder and its muxers load what they load when first used."""
    footage_reading.warm_up()
    sample = io.BytesIO()
    with av.open(sample, "w", format="matroska") as container:
        stream = container.add_stream("mpeg4", rate=1)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        for number in range(2):
            picture = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    for exact in (True, False):
        whole = ClipRequest(
            recorded_at_us=0, from_us=0, to_us=_FAR, within_from_us=0, within_to_us=_FAR, exact=exact, title="-",
            bytes_max=_FAR,
        )  # fmt: skip
        answer(sample, whole, lambda *_: None)


def answer(source: BinaryIO, request: ClipRequest, write: Write) -> End:
    """Raises NotAVideo, NoVideoStream, CodecUnsupported, Unreadable; the kinds of ClipImpossible; MemoryError."""
    parts = _Parts(write, request.bytes_max)
    try:
        probe, placing = examine(source)
        write(probe)
        footage = _Footage(source, request, probe, placing)
        span = footage.span()
        if span.start >= span.end:
            raise NothingWithin("there is no picture in this time; the footage has a gap there, or ends before")
        write(_exact(footage, span, parts) if request.exact else _copied(footage, span, parts))
        return End()
    except av.error.MemoryError as fault:
        raise MemoryError from fault
    except av.error.FFmpegError as fault:
        if parts.fault is not None:
            raise parts.fault from fault
        raise Unreadable(f"the clip cannot be made: {fault.strerror}; {EXACTLY}, or take another stretch") from fault


def _copied(footage: _Footage, span: Span, parts: _Parts) -> ClipMade:
    container, stream = open_video(footage.source)
    with container:
        codec = footage.probe.codec
        if codec in _NOT_COPIED:
            raise NotCopyable(f"footage of the codec {codec} is not cut without encoding it; {EXACTLY}")
        if not has_pts(footage.probe.container) and stream.codec_context.has_b_frames:
            raise NotCopyable(f"its times are not in the file, only their order; {EXACTLY}")
        chosen = select(footage.placing, span)
        if codec in _AHEAD and _group_end(footage, chosen) > span.within_end:
            raise NotCopyable(f"its packets may hold pictures from after the time that may be given out; {EXACTLY}")
        start, last = int(chosen.pts.min()), int(chosen.pts.max())
        end = footage.ends(last, span.within_end)
        kind = "mp4" if codec in _IN_MP4 else "matroska"
        with _target(kind, footage, (start, end), parts) as target:
            copy = _like(stream, target)
            for packet in _restamped(packets_of(container, stream), chosen, start, (last, end)):
                packet.time_base, packet.stream = stream.time_base, copy
                target.mux(packet)
        return _made(footage, span, (start, end, len(chosen.pts)), (kind, codec))


def _group_end(footage: _Footage, chosen: Selection) -> int:
    """The time before which all lies that the chosen packets may hold: that of the next keyframe."""
    placing = footage.placing
    following = np.flatnonzero(placing.visible & placing.keyframes)
    following = following[following > chosen.last]
    return int(placing.times[following[0]]) if len(following) else footage.probe.end_pts


def _like(stream: av.VideoStream, target: av.container.OutputContainer) -> av.VideoStream:
    try:
        return target.add_stream_from_template(stream, opaque=True)  # no encoder of that name is needed
    except ValueError as fault:
        name = stream.codec_context.name
        raise NotCopyable(f"the codec {name} has no place in {target.format.name}; {EXACTLY}") from fault


def _restamped(
    packets: Iterable[av.Packet], chosen: Selection, zero: int, ending: tuple[int, int]
) -> Iterator[av.Packet]:
    """The chosen packets, the clip's first frame being at 0. `ending`: PTS and end of the frame that is shown last."""
    times = iter(zip(chosen.pts.tolist(), chosen.dts.tolist(), strict=True))
    for number, packet in enumerate(packets):
        if number > chosen.last:
            return
        if number < chosen.first or not chosen.kept[number - chosen.first]:
            continue
        pts, dts = next(times)
        packet.pts, packet.dts = pts - zero, dts - zero
        if pts == ending[0]:
            packet.duration = ending[1] - pts
        yield packet


def _exact(footage: _Footage, span: Span, parts: _Parts) -> ClipMade:
    container, stream = open_video(footage.source)
    inside = (footage.placing.shown >= span.start) & (footage.placing.shown < span.end)
    if not inside.any():
        raise NothingWithin("there is no picture in this time; the footage has a gap there, or ends before")
    shown = footage.placing.shown[inside]
    with container, _target("mp4", footage, (int(shown[0]), span.end), parts) as target:
        encoding = Encoding(target, footage.probe, footage.placing, lambda pts: footage.ends(pts, span.end))
        start, end, frames = encode(stream, packets_of(container, stream), encoding, span)
    return _made(footage, span, (start, end, frames), ("mp4", "h264"))


def _target(kind: str, footage: _Footage, bounds: tuple[int, int], parts: _Parts) -> av.container.OutputContainer:
    """A file that says what it is, and of which equal packets make equal bytes."""
    request = footage.request
    target = av.open(parts, "w", format=kind, options={"fflags": "+bitexact"}, buffer_size=_BUFFER_BYTES)
    first, end = _utc(footage.anchor.at_us(bounds[0])), _utc(footage.end_us(bounds[1]))
    how = "exactly, encoded anew" if request.exact else "on keyframes, not encoded anew"
    target.metadata["creation_time"] = first
    target.metadata["comment"] = f"{request.title}; from {first} to {end} (UTC); cut {how}; without sound"
    return target


def _made(footage: _Footage, span: Span, made: Made, form: tuple[str, str]) -> ClipMade:
    start, end, frames = made
    versions = (f"{name} {'.'.join(map(str, av.library_versions[name]))}" for name in ("libavformat", "libavcodec"))
    return ClipMade(
        from_us=footage.anchor.at_us(start),
        to_us=footage.end_us(end),
        frames=frames,
        left_out=footage.left_out(span, start, end),
        container=form[0],
        codec=form[1],
        software=f"PyAV {av.__version__}, {', '.join(versions)}" + (", libx264" if footage.request.exact else ""),
    )


def _utc(at_us: int) -> str:
    return (_EPOCH + timedelta(microseconds=at_us)).isoformat(timespec="microseconds").replace("+00:00", "Z")
