"""When each frame of an MP4 or AVI is shown, read from the container's own tables without any media library."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.gpu_jobs.container_surgery import box, boxes


def shown_ms(path: Path) -> list[float]:
    """Milliseconds of each frame after the first, in order of presentation."""
    content = path.read_bytes()
    times = _of_avi(content) if content[:4] == b"RIFF" else _of_mp4(content)
    return [at - times[0] for at in times]


def _of_mp4(mp4: bytes) -> list[float]:
    """The decoding times (stts), moved by the composition offsets (ctts), less what an edit list (elst) drops."""
    track = next(
        (start, end)
        for kind, start, end in boxes(mp4, box(mp4, b"moov")[0] + 8, box(mp4, b"moov")[1])
        if kind == b"trak" and b"vide" in mp4[start:end]
    )
    media = _box(mp4, track, b"mdia")
    header = _box(mp4, media, b"mdhd")[0]
    rate = struct.unpack(">I", mp4[header + (28 if mp4[header + 8] else 20) :][:4])[0]
    table = _box(mp4, _box(mp4, media, b"minf"), b"stbl")
    decoded, at = [], 0
    for count, step in _pairs(mp4, _box(mp4, table, b"stts"), ">II"):
        for _ in range(count):
            decoded.append(at)
            at += step
    offsets = [offset for count, offset in _pairs(mp4, _box(mp4, table, b"ctts"), ">Ii") for _ in range(count)]
    shown = sorted(at + offset for at, offset in zip(decoded, offsets or [0] * len(decoded), strict=True))
    begin = _edit_begin(mp4, track)
    return [at * 1000 / rate for at in shown if at >= begin]


def _edit_begin(mp4: bytes, track: tuple[int, int]) -> int:
    span = _box(mp4, _box(mp4, track, b"edts"), b"elst")
    count = struct.unpack(">I", mp4[span[0] + 12 :][:4])[0] if span[1] else 0
    starts = [struct.unpack(">i", mp4[span[0] + 20 + 12 * number :][:4])[0] for number in range(count)]
    return max([start for start in starts if start >= 0], default=0)


def _pairs(mp4: bytes, span: tuple[int, int], form: str) -> list[tuple[int, int]]:
    if not span[1]:
        return []
    count = struct.unpack(">I", mp4[span[0] + 12 :][:4])[0]
    return [struct.unpack(form, mp4[span[0] + 16 + 8 * number :][:8]) for number in range(count)]


def _box(mp4: bytes, within: tuple[int, int], wanted: bytes) -> tuple[int, int]:
    """(from, to) of a box; (0, 0) where there is none."""
    inner = boxes(mp4, within[0] + 8, within[1]) if within[1] else iter(())
    return next(((start, end) for kind, start, end in inner if kind == wanted), (0, 0))


def _of_avi(avi: bytes) -> list[float]:
    """A chunk of the first stream after the other, `scale / rate` seconds each; an empty one repeats the last."""
    header = avi.index(b"strh") + 8
    scale, rate = struct.unpack("<II", avi[header + 20 :][:8])
    at, times, number = avi.index(b"movi") + 4, [], 0
    end = at + struct.unpack("<I", avi[at - 8 :][:4])[0] - 4
    while at + 8 <= end:
        kind, size = struct.unpack("<4sI", avi[at : at + 8])
        if kind in (b"00dc", b"00db"):
            times += [number * scale * 1000 / rate] if size else []
            number += 1
        at += 12 if kind == b"LIST" else 8 + size + size % 2
    return times
