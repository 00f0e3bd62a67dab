"""A part of a footage as a video file of its own, made in a process of its own, which has no file to write.

What that process sends is put where it says in a file that the caller opened, within bounds, and never parsed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from gpu_jobs.decode_parent import DecodeLimits, Decoder
from gpu_jobs.decode_protocol import ClipMade, ClipPart, ClipRequest, End, Probe, Sealed
from gpu_jobs.decoding import footage_file
from gpu_jobs.errors import DecodeOverLimit

WRITTEN_OVER_BYTES_MAX = 64 << 20  # a muxer writes its headers over when it knows more
TEXT_CHARACTERS_MAX = 400  # of what the process says that it used


class Clip(msgspec.Struct, frozen=True, kw_only=True):
    """What was made. It shows [from_us, to_us) of UTC."""

    from_us: int
    to_us: int
    frames: int
    left_out: tuple[tuple[int, int], ...]  # [from_us, to_us) of what was asked and there is
    container: str
    codec: str
    software: str
    size_bytes: int


def _room(more_bytes: int) -> None:
    return


def cut(
    path: Path,
    request: ClipRequest,
    out: BinaryIO,
    *,
    limits: DecodeLimits = DecodeLimits(),  # noqa: B008 (immutable)
    room: Callable[[int], None] = _room,
) -> Clip:
    """Cut a clip of a footage into `out`, an empty, unbuffered file. `room` is asked before bytes are written, and may
    raise.

    Raises:
        gpu_jobs.errors.ClipImpossible: no such clip can be made: nothing is there, or it must be encoded anew.
        gpu_jobs.errors.FootageRefused, DecodeFailed: as `decoding.probe` does.
    """
    with footage_file(path) as source, Decoder(source, request, limits) as decoder:
        decoder.expect(Sealed)
        decoder.expect(Probe)
        size_bytes = written = 0
        while not isinstance(message := decoder.message(), ClipMade):
            if not isinstance(message, ClipPart):
                raise DecodeOverLimit(f"the decoding process sent {type(message).__name__}, not a part of the clip")
            content = decoder.content(message)
            written += message.size
            size_bytes = _checked(message, size_bytes, written, request.bytes_max)
            room(message.size)
            _write(out, content, message.at)
        _check_bounds(message, request)
        decoder.expect(End)
        return Clip(
            from_us=message.from_us,
            to_us=message.to_us,
            frames=message.frames,
            left_out=message.left_out[:2],
            container=message.container,
            codec=message.codec,
            software=message.software,
            size_bytes=size_bytes,
        )


def _checked(part: ClipPart, size_bytes: int, written: int, bytes_max: int) -> int:
    """The clip's size with this part, which must not leave a hole or go over the bound."""
    end = part.at + part.size
    if not 0 <= part.at <= size_bytes or end > bytes_max or written - max(size_bytes, end) > WRITTEN_OVER_BYTES_MAX:
        raise DecodeOverLimit("the decoding process wrote where it may not")
    return max(size_bytes, end)


def _check_bounds(made: ClipMade, request: ClipRequest) -> None:
    """Of a process that was taken over nothing is true; of an honest one this shows a fault of ours."""
    if not request.within_from_us <= made.from_us < made.to_us <= request.within_to_us or made.frames < 1:
        raise DecodeOverLimit("the decoding process made a clip of more than it may")
    said = made.container, made.codec, made.software
    if any(len(each) > TEXT_CHARACTERS_MAX or not each.isprintable() for each in said):
        raise DecodeOverLimit("the decoding process said what nobody can read")
    if any(not request.from_us <= start <= end <= request.to_us for start, end in made.left_out):
        raise DecodeOverLimit("the decoding process left out what was not asked for")


def _write(out: BinaryIO, content: bytearray, at: int) -> None:
    rest = memoryview(content)
    while rest:
        count = os.pwrite(out.fileno(), rest, at)
        rest, at = rest[count:], at + count
