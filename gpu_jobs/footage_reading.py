"""Reading a video inside the decoding process: what it is, and its sampled frames. Untrusted bytes are parsed here."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import BinaryIO

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.decode_protocol import End, FrameHeader, FramesRequest, Probe, ProbeRequest, Write
from gpu_jobs.errors import CodecUnsupported, NotAVideo, NoVideoStream, Unreadable
from gpu_jobs.geometry import scaled
from gpu_jobs.sampling import Periods, Sampling
from gpu_jobs.timeline import Gaps, Order, TimeBase

CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,asf"
CODECS = (
    "h264",
    "hevc",
    "mpeg4",
    "msmpeg4",
    "msmpeg4v2",
    "msmpeg4v1",
    "mpeg1video",
    "mpeg2video",
    "mjpeg",
    "h263",
    "vp8",
    "vp9",
    "av1",
    "libdav1d",
    "wmv1",
    "wmv2",
    "wmv3",
    "vc1",
)
_OPTIONS = {"format_whitelist": CONTAINERS, "codec_whitelist": ",".join(CODECS), "protocol_whitelist": ""}


def warm_up() -> None:
    """Make FFmpeg and NumPy load what they load when first used: after the process has shut itself in there are no
    files."""
    sample = io.BytesIO()
    with av.open(sample, "w", format="matroska") as container:
        stream = container.add_stream("mpeg4", rate=1)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    answer(sample, FramesRequest(Sampling(), 16), lambda *_: None)


def answer(source: BinaryIO, request: ProbeRequest | FramesRequest, write: Write) -> End:
    """Raises NotAVideo, NoVideoStream, CodecUnsupported, Unreadable; MemoryError."""
    try:
        probe = examine(source)
        write(probe)
        return send_frames(source, probe, request, write) if isinstance(request, FramesRequest) else End()
    except av.error.MemoryError as fault:
        raise MemoryError from fault
    except av.error.FFmpegError as fault:
        raise Unreadable(f"the video cannot be read: {fault.strerror}; fetch it again from its source") from fault


def open_video(source: BinaryIO) -> tuple[av.container.InputContainer, av.VideoStream]:
    """The container and its first video stream, decoding on one thread."""
    source.seek(0)
    try:
        container = av.open(source, options=_OPTIONS)
    except (av.error.InvalidDataError, av.error.ArgumentError, av.error.EOFError) as fault:
        raise _unopened(source) from fault
    streams = [stream for stream in container.streams.video if not _cover_picture(stream)]
    if not streams:
        raise NoVideoStream("the file has no video stream; archive the recording itself, not its sound or a picture")
    stream = streams[0]
    name = stream.codec_context.name if stream.codec_context else "unknown"
    if name not in CODECS:
        raise CodecUnsupported(f"the codec {name} is not read here; convert a copy to H.264 and keep the original")
    stream.codec_context.thread_count = 1
    return container, stream


def _cover_picture(stream: av.VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _unopened(source: BinaryIO) -> Exception:
    source.seek(0)
    head = source.read(4096)
    if head[4:8] in (b"ftyp", b"moov", b"mdat") or head[:4] in (b"RIFF", b"\x1a\x45\xdf\xa3"):
        return Unreadable("the video cannot be read: the file is cut off or damaged; fetch it again from its source")
    return NotAVideo("the file is not a video; MP4, MOV, Matroska, WebM, AVI, MPEG and ASF files are read")


def examine(source: BinaryIO) -> Probe:
    """Reads every packet's header, decodes one frame.

    Raises: NotAVideo, NoVideoStream, CodecUnsupported, Unreadable.
    """
    container, stream = open_video(source)
    with container:
        base = TimeBase(stream.time_base.numerator, stream.time_base.denominator)
        stamps, keys, steps, missing = _stamps(container, stream)
        declared = stream.duration or base.steps(container.duration or 0)
    if not stamps:
        raise Unreadable("the video has no frame with a timestamp; fetch it again from its source")
    stamps.sort()
    start, end = stamps[0], stamps[-1] + max(steps, _usual_step(stamps))
    edges = [start, *sorted(keys), end]
    width, height, rotation = _first_picture(source)
    return Probe(
        container=container.format.name,
        codec=stream.codec_context.name,
        width=width if rotation % 180 == 0 else height,
        height=height if rotation % 180 == 0 else width,
        rotation=rotation,
        time_base=base,
        start_pts=start,
        end_pts=end,
        duration_seconds=base.us(end - start) / 1e6,
        cut_off_seconds=max(0, base.us(declared - (end - start))) / 1e6,
        keyframe_gap_seconds_max=base.us(max(b - a for a, b in pairwise(edges))) / 1e6,
        frames_estimate=len(stamps),
        missing_pts=missing,
    )


def _stamps(container: av.container.InputContainer, stream: av.VideoStream) -> tuple[list[int], list[int], int, int]:
    """Timestamps of all packets and of keyframes, the last packet's duration, and how many have no timestamp."""
    stamps: list[int] = []
    keys: list[int] = []
    last, steps, missing = -(1 << 62), 0, 0
    for packet in _packets(container, stream):
        if packet.pts is None:
            missing += 1
        elif not packet.is_discard:
            stamps.append(packet.pts)
            if packet.is_keyframe:
                keys.append(packet.pts)
            if packet.pts > last:
                last, steps = packet.pts, packet.duration or 0
    return stamps, keys, steps, missing


def _packets(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.Packet]:
    """The packets as far as the file goes: what follows a damage that the container cannot pass is lost."""
    try:
        yield from (packet for packet in container.demux(stream) if packet.size)
    except (av.error.InvalidDataError, av.error.EOFError):
        return


def _usual_step(stamps: list[int]) -> int:
    return int(np.median(np.diff(stamps))) if len(stamps) > 1 else 0


def _first_picture(source: BinaryIO) -> tuple[int, int, int]:
    container, stream = open_video(source)
    with container:
        for frame in _decoded(container, stream, Counts()):
            return frame.width, frame.height, round(frame.rotation / 90) * 90 % 360
    raise Unreadable("no frame of the video can be decoded; fetch it again from its source")


class Counts:
    """What happened on the way."""

    def __init__(self) -> None:
        self.seen = self.sent = self.damaged = 0


def _decoded(
    container: av.container.InputContainer,
    stream: av.VideoStream,
    counts: Counts,
    wanted: Callable[[av.Packet], bool] = lambda _: True,
) -> Iterator[av.VideoFrame]:
    """The frames of wanted packets in order of presentation; damaged packets are counted and passed over."""
    for packet in _packets(container, stream):
        if not wanted(packet):
            continue
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


def send_frames(source: BinaryIO, probe: Probe, request: FramesRequest, write: Write) -> End:
    """Sends each sampled frame as RGB, turned as it is shown and at most `side_px_max` long. Times are PTS."""
    container, stream = open_video(source)
    counts, order = Counts(), Order()
    gaps = Gaps(probe.time_base.steps(round(request.sampling.gap_seconds * 1e6)))
    periods = Periods(request.sampling.period_seconds, probe.time_base, probe.start_pts)
    keyframes = request.sampling.keyframes_suffice(probe.keyframe_gap_seconds_max)

    def key_of_a_new_period(packet: av.Packet) -> bool:
        counts.seen += 1
        if packet.pts is not None and not packet.is_discard:
            gaps.see(packet.pts)
        return bool(packet.is_keyframe) and packet.pts is not None and periods.keep(packet.pts)

    with container:
        for frame in _decoded(container, stream, counts, key_of_a_new_period if keyframes else lambda _: True):
            counts.seen += not keyframes
            pts = order.admit(frame.pts)
            if pts is None or pts < probe.start_pts:
                continue
            gaps.see(pts)
            if keyframes or periods.keep(pts):
                picture = _shown(frame, probe, request.side_px_max)
                header = FrameHeader(pts=pts, width=picture.shape[1], height=picture.shape[0], gaps=gaps.take())
                write(header, picture.data)
                counts.sent += 1
    gaps.see(probe.end_pts)
    return End(
        seen=counts.seen,
        sent=counts.sent,
        damaged=counts.damaged,
        missing=order.missing,
        backward=order.backward,
        wrapped=order.wrapped,
        end_pts=probe.end_pts,
        gaps=gaps.take(),
    )


def _shown(frame: av.VideoFrame, probe: Probe, side_px_max: int) -> NDArray[np.uint8]:
    width, height = scaled(probe.width, probe.height, side_px_max)
    turned = probe.rotation % 180 != 0
    rgb = frame.to_ndarray(
        format="rgb24", width=height if turned else width, height=width if turned else height, threads=1
    )
    return np.ascontiguousarray(np.rot90(rgb, probe.rotation // 90))
