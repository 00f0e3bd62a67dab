"""Changes to the containers of real video files that no muxer makes: timestamps, edit lists, what is left out."""

from __future__ import annotations

import struct
from collections.abc import Callable, Container, Iterator

_PACKET = 188  # bytes of an MPEG-TS packet
_CLOCK = 1 << 33


def restamped(ts: bytes, stamp: Callable[[int, int], int | None]) -> bytes:
    """An MPEG-TS in which picture `number` (in the order of decoding) has the PTS `stamp(number, pts)`, and its DTS
    moved with it; None takes both away."""
    content = bytearray(ts)
    for number, at in enumerate(_picture_headers(content)):
        with_dts = content[at + 7] >> 6 == 3
        pts = _read_stamp(content, at + 9)
        new = stamp(number, pts)
        if new is None:
            length = 10 if with_dts else 5
            content[at + 7] &= 0x3F
            content[at + 9 : at + 9 + length] = b"\xff" * length  # stuffing
            continue
        if with_dts:
            _write_stamp(content, at + 14, _read_stamp(content, at + 14) + new - pts)
        _write_stamp(content, at + 9, new)
    return bytes(content)


def _picture_headers(content: bytearray) -> Iterator[int]:
    for start in range(0, len(content) - _PACKET + 1, _PACKET):
        begins, adapted = content[start + 1] & 0x40, content[start + 3] & 0x20
        at = start + 4 + (1 + content[start + 4] if adapted else 0)
        if begins and content[at : at + 3] == b"\0\0\1" and 0xE0 <= content[at + 3] < 0xF0:
            yield at


def _read_stamp(content: bytearray, at: int) -> int:
    first, second, third = content[at], *struct.unpack(">HH", content[at + 1 : at + 5])
    return (first >> 1 & 7) << 30 | second >> 1 << 15 | third >> 1


def _write_stamp(content: bytearray, at: int, steps: int) -> None:
    steps %= _CLOCK
    content[at] = content[at] & 0xF0 | steps >> 30 << 1 | 1
    struct.pack_into(">HH", content, at + 1, (steps >> 15 & 0x7FFF) << 1 | 1, (steps & 0x7FFF) << 1 | 1)


def boxes(mp4: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """(type, from, to) of the boxes of an ISO file within a span."""
    at, end = start, len(mp4) if end is None else end
    while at + 8 <= end:
        size, kind = struct.unpack(">I4s", mp4[at : at + 8])
        size = struct.unpack(">Q", mp4[at + 8 : at + 16])[0] if size == 1 else size or end - at
        yield kind, at, at + size
        at += size


def box(mp4: bytes, *path: bytes) -> tuple[int, int]:
    """(from, to) of the first box at a path such as b"moov", b"trak"."""
    start, end = 0, len(mp4)
    for depth, wanted in enumerate(path):
        inner = start + 8 if depth else 0
        start, end = next((a, b) for kind, a, b in boxes(mp4, inner, end) if kind == wanted)
    return start, end


def edited(mp4: bytes, *, delay_ms: int = 0, skip_ms: int = 0, length_ms: int | None = None) -> bytes:
    """An MP4 (index at its end) whose one track has this edit list: wait, then show [skip, skip + length)."""
    movie, track = box(mp4, b"moov"), box(mp4, b"moov", b"trak")
    header = box(mp4, b"moov", b"trak", b"mdia", b"mdhd")[0]
    edit = box(mp4, b"moov", b"trak", b"edts")
    media_rate = struct.unpack(">I", mp4[header + 20 : header + 24])[0]
    first = struct.unpack(">i", mp4[edit[1] - 8 : edit[1] - 4])[0]  # where the muxer's own list begins: B-frames
    movie_ms = 1000 * struct.unpack(">I", mp4[header + 24 : header + 28])[0] // media_rate
    length_ms = movie_ms - skip_ms if length_ms is None else length_ms
    entries = [(delay_ms, -1)] * (delay_ms > 0) + [(length_ms, first + skip_ms * media_rate // 1000)]
    listed = struct.pack(">II", 0, len(entries))
    listed += b"".join(struct.pack(">IiI", length, start, 1 << 16) for length, start in entries)
    new = struct.pack(">I4sI4s", 16 + len(listed), b"edts", 8 + len(listed), b"elst") + listed
    grown = len(new) - (edit[1] - edit[0])
    content = bytearray(mp4[: edit[0]] + new + mp4[edit[1] :])
    for start, end in (movie, track):
        struct.pack_into(">I", content, start, end - start + grown)
    return bytes(content)


def without_fragment(mp4: bytes, dropped: Container[int]) -> bytes:
    """A fragmented MP4 without some of its fragments, and without the index of them at its end."""
    kept, number = b"", -1
    for kind, start, end in boxes(mp4):
        number += kind == b"moof"
        if kind != b"mfra" and not (kind in (b"moof", b"mdat") and number in dropped):
            kept += mp4[start:end]
    return kept


def without_avi_index(avi: bytes) -> bytes:
    """An AVI as a recorder leaves it that lost its power: the index was to be written at the end."""
    return avi[: avi.rindex(b"idx1")]
