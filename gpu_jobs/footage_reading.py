"""Reading a video inside the decoding process: what it is, and its sampled frames. Untrusted bytes are parsed here."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator
from typing import BinaryIO

import av
import av.error
import numpy as np

from gpu_jobs.decode_protocol import End, FramesRequest, Probe, ProbeRequest, Write
from gpu_jobs.errors import CodecUnsupported, NotAVideo, NoVideoStream, Unreadable
from gpu_jobs.frame_sending import Counts, Footage, decoded, send_frames
from gpu_jobs.placing import Placing
from gpu_jobs.sampling import Sampling
from gpu_jobs.timeline import TimeBase

CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,asf,gif"
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
    "gif",
)
_OPTIONS = {
    "format_whitelist": CONTAINERS,
    "codec_whitelist": ",".join(CODECS),
    "protocol_whitelist": "",
    "correct_ts_overflow": "0",  # libavformat guesses once which times lie after a wrap; `placing` sees all of them
}
_CHANNEL_CHARSETS = ("ISO6937", "UCS-2BE", "KSC_5601", "GB2312", "UTF-8", *(f"ISO-8859-{n}" for n in range(1, 17)))
_UNDECLARED = frozenset({"mpegts", "mpeg", "gif"})  # no duration in the file: libavformat's is an estimate
_RATE_UNKNOWN = 25  # frames a second: how long the only frame of a file is shown that does not say it
_LAST_SHOWN_US_MAX = 3_000_000  # nothing proves that the last frame was true for longer


def warm_up() -> None:
    """Make FFmpeg, NumPy and the C library load what they load when first used: after the process has shut itself in
    there are no files."""
    _load_charsets()
    sample = io.BytesIO()
    with av.open(sample, "w", format="matroska") as container:
        stream = container.add_stream("mpeg4", rate=1)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    answer(sample, FramesRequest(Sampling(), 16), lambda *_: None)


def _load_charsets() -> None:
    """The name of a channel in an MPEG-TS may be in any of these; the C library has a file for each, which it keeps
    open as long as its converter is not given back."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "iconv_open"):
        libc.iconv_open.restype = ctypes.c_void_p
        for charset in _CHANNEL_CHARSETS:
            libc.iconv_open(b"UTF-8", charset.encode())


def answer(source: BinaryIO, request: ProbeRequest | FramesRequest, write: Write) -> End:
    """Raises NotAVideo, NoVideoStream, CodecUnsupported, Unreadable; MemoryError."""
    try:
        probe, placing = examine(source)
        write(probe)
        if isinstance(request, ProbeRequest):
            return End()
        container, stream = open_video(source)
        with container:
            return send_frames(stream, packets_of(container, stream), Footage(probe, placing), request, write)
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
    if head[4:8] in (b"ftyp", b"moov", b"mdat") or head[:4] in (b"RIFF", b"\x1a\x45\xdf\xa3", b"GIF8"):
        return Unreadable("the video cannot be read: the file is cut off or damaged; fetch it again from its source")
    return NotAVideo("the file is not a video; MP4, MOV, Matroska, WebM, AVI, MPEG, ASF and GIF files are read")


def examine(source: BinaryIO) -> tuple[Probe, Placing]:
    """Reads every packet's header, decodes one frame.

    Raises: NotAVideo, NoVideoStream, CodecUnsupported, Unreadable.
    """
    container, stream = open_video(source)
    with container:
        name, codec = container.format.name, stream.codec_context
        base = TimeBase(stream.time_base.numerator, stream.time_base.denominator)
        placing = Placing(base, name, packets_of(container, stream), reordered=bool(codec.has_b_frames))
        declared = (stream.duration or base.steps(container.duration or 0)) if name not in _UNDECLARED else 0
        rate = stream.guessed_rate or _RATE_UNKNOWN
    shown = placing.shown
    if not len(shown):
        raise Unreadable("the video has no frame with a timestamp; fetch it again from its source")
    step = placing.packet_step or base.steps(round(1e6 / rate))
    start, last = int(shown[0]), int(shown[-1])
    end = last + max(1, step, min(placing.last_duration, base.steps(_LAST_SHOWN_US_MAX)))
    ends_at = end + placing.unplaced_at_end * step
    width, height, rotation = _first_picture(source)
    return Probe(
        container=name,
        codec=codec.name,
        width=width if rotation % 180 == 0 else height,
        height=height if rotation % 180 == 0 else width,
        rotation=rotation,
        time_base=base,
        start_pts=start,
        end_pts=ends_at,
        duration_seconds=base.us(ends_at - start) / 1e6,
        cut_off_seconds=max(0, base.us(declared - (end - start))) / 1e6,
        keyframe_gap_seconds_max=base.us(int(np.diff([start, *placing.keys, end]).max())) / 1e6,
        frames_estimate=len(shown),
        missing_pts=placing.missing,
    ), placing


def packets_of(container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[av.Packet]:
    """The packets as far as the file goes: what follows a damage that the container cannot pass is lost.

    PyAV 18 keeps account of the streams that there were when it was asked: of one that begins later it may hand on
    packets, or fail at the end. Asked anew it knows that one, too, and reads on from where it was.
    """
    while True:
        try:
            for packet in container.demux(stream):
                if packet.size and packet.stream_index == stream.index:
                    yield packet
        except (av.error.InvalidDataError, av.error.EOFError):
            return
        except IndexError:
            continue
        return


def _first_picture(source: BinaryIO) -> tuple[int, int, int]:
    container, stream = open_video(source)
    with container:
        for frame in decoded(stream, packets_of(container, stream), Counts()):
            return frame.width, frame.height, round(frame.rotation / 90) * 90 % 360
    raise Unreadable("no frame of the video can be decoded; fetch it again from its source")
