"""What a decoding process is asked and answers, over two pipes.

Every message is a 4-byte length (big-endian) and that many bytes of MessagePack. A `FrameHeader` is followed by
width × height × 3 bytes of RGB, a `ClipPart` by its content. The answer to a request is: `Sealed`, then for footage
one `Probe`, then frames, or the parts of a clip and `ClipMade`, then `End`; or `Refused` at any place, which is the
last message.
"""

from __future__ import annotations

import struct
from typing import BinaryIO, Protocol

import msgspec

from gpu_jobs.sampling import Sampling
from gpu_jobs.timeline import TimeBase

MESSAGE_BYTES_MAX = 1 << 20


class ProbeRequest(msgspec.Struct, frozen=True, tag=True):
    """What is this footage? Answered without frames."""


class FramesRequest(msgspec.Struct, frozen=True, tag=True):
    """The sampled frames of this footage, none larger than `side_px_max`."""

    sampling: Sampling
    side_px_max: int


class ImageRequest(msgspec.Struct, frozen=True, tag=True):
    """One picture, as shown. More than `pixels_max` in its header is refused before anything is decoded."""

    pixels_max: int


class ClipRequest(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A part of this footage as a video file of its own. Times are microseconds of UTC.

    Of [from_us, to_us) is asked; nothing of it may lie outside of [within_from_us, within_to_us).
    """

    recorded_at_us: int  # of the footage's first frame
    from_us: int
    to_us: int
    within_from_us: int
    within_to_us: int
    exact: bool  # encode anew; else packets are copied, from keyframe on
    title: str  # what the clip says of where it comes from
    bytes_max: int


Request = ProbeRequest | FramesRequest | ImageRequest | ClipRequest


class Order(msgspec.Struct, frozen=True):
    """The first message to the process: its limits and the request."""

    memory_bytes: int
    cpu_seconds: int
    request: Request


class Sealed(msgspec.Struct, frozen=True, tag=True):
    """The process has shut itself in. What it could not have here is missing from `protections`."""

    protections: tuple[str, ...]


class Probe(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What the container tells of its first video stream, checked against every packet in it."""

    container: str
    codec: str
    width: int  # of the shown picture, after rotation
    height: int
    rotation: int  # degrees anticlockwise by which the stored picture is turned to be shown: 0, 90, 180 or 270
    time_base: TimeBase
    start_pts: int  # of the first frame
    end_pts: int  # where the last frame ends
    duration_seconds: float  # between those two
    cut_off_seconds: float  # what the container announces beyond that: the file was cut off, or damaged
    keyframe_gap_seconds_max: float
    frames_estimate: int
    missing_pts: int  # packets without a timestamp


class FrameHeader(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    pts: int
    width: int
    height: int
    gaps: tuple[tuple[int, int], ...] = ()  # (from, to) in PTS, found since the frame before


class ClipPart(msgspec.Struct, frozen=True, tag=True):
    """Where in the clip's file the bytes lie that follow. What was sent before may be written over, as muxers do."""

    at: int
    size: int


class ClipMade(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The clip is whole. It shows [from_us, to_us): its first frame is at from_us, its last one ends at to_us."""

    from_us: int
    to_us: int
    frames: int
    left_out: tuple[tuple[int, int], ...] = ()  # of what was asked and there is, in microseconds of UTC
    container: str
    codec: str
    software: str


class End(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Nothing follows. `skipped` frames were seen and not sent; the faults count frames that were not usable."""

    seen: int = 0
    sent: int = 0
    damaged: int = 0
    missing: int = 0
    backward: int = 0
    wrapped: int = 0
    end_pts: int = 0
    gaps: tuple[tuple[int, int], ...] = ()
    cpu_seconds: float = 0.0


class Refused(msgspec.Struct, frozen=True, tag=True):
    kind: str  # of gpu_jobs.errors.REFUSALS
    reason: str


Message = Sealed | Probe | FrameHeader | ClipPart | ClipMade | End | Refused


class Write(Protocol):
    """Sends a message, and after a FrameHeader its pixels, after a ClipPart its content."""

    def __call__(self, message: Message, content: memoryview | None = None) -> None: ...


_messages: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)
_orders: msgspec.msgpack.Decoder[Order] = msgspec.msgpack.Decoder(Order)


def pack(message: Message | Order) -> bytes:
    body = msgspec.msgpack.encode(message)
    return struct.pack(">I", len(body)) + body


def unpack(body: bytes) -> Message:
    """Raises msgspec.DecodeError (a ValueError) for anything else than a message."""
    return _messages.decode(body)


def length(prefix: bytes) -> int:
    """Bytes of the message that follows its prefix. Raises ValueError for more than a message may have."""
    (size,) = struct.unpack(">I", prefix)
    if size > MESSAGE_BYTES_MAX:
        raise ValueError(f"a message of {size} bytes; at most {MESSAGE_BYTES_MAX} are allowed")
    return int(size)


def read_order(source: BinaryIO) -> Order:
    return _orders.decode(source.read(length(source.read(4))))
