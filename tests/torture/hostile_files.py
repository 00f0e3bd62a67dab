"""Videos and pictures made to break what reads them: real ones with something changed, and odd ones made by hand."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from tests.gpu_jobs.container_surgery import box, boxes
from tests.gpu_jobs.timed_files import Making, every, make_all
from tests.gpu_jobs.video_files import write_sound

REAL_BYTES_MAX = 400_000  # of a real clip, which is cut off so: every mutant of it is read and decoded


def base_videos(real: Path) -> list[bytes]:
    """Whole videos of every container and codec, and the beginnings of the real clips."""
    clips = [path for path in sorted(real.glob("*.*")) if path.suffix in (".mp4", ".avi")] if real.is_dir() else []
    return [*_whole_videos(), *(path.read_bytes()[:REAL_BYTES_MAX] for path in clips)]


@cache
def _whole_videos() -> tuple[bytes, ...]:
    with TemporaryDirectory() as folder:
        return tuple(file.path.read_bytes() for file in make_all(Path(folder), large=False))


def mutant(bases: list[bytes], chance: Random) -> bytes:
    """One of the videos with something changed in it; no two calls give the same."""
    content = bytearray(chance.choice(bases))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        content = chance.choice(CHANGES)(content, bases, chance)
    return bytes(content) + chance.randbytes(8)  # the same bytes twice would be the same footage


Change = Callable[[bytearray, list[bytes], Random], bytearray]


def _bits(content: bytearray, _: list[bytes], chance: Random) -> bytearray:
    for _ in range(chance.randrange(1, 60)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return content


def _header_bytes(content: bytearray, _: list[bytes], chance: Random) -> bytearray:
    for _ in range(8):
        content[chance.randrange(min(800, len(content)))] = chance.choice((0, 1, 127, 128, 255))
    return content


def _index_bytes(content: bytearray, _: list[bytes], chance: Random) -> bytearray:
    """The index of an MP4 or AVI is mostly at its end."""
    for _ in range(8):
        content[-chance.randrange(1, min(1500, len(content)))] = chance.choice((0, 1, 127, 128, 255))
    return content


def _cut(content: bytearray, _: list[bytes], chance: Random) -> bytearray:
    return content[: chance.randrange(1, len(content))]


def _beheaded(content: bytearray, _: list[bytes], chance: Random) -> bytearray:
    return content[chance.randrange(1, min(5000, len(content))) :] or content


def _spliced(content: bytearray, bases: list[bytes], chance: Random) -> bytearray:
    other = chance.choice(bases)
    return content[: chance.randrange(1, len(content))] + other[chance.randrange(len(other)) :]


def _doubled(content: bytearray, _: list[bytes], chance: Random) -> bytearray:
    start = chance.randrange(len(content))
    part = content[start : start + chance.randrange(1, 20_000)]
    return content[:start] + part + part + content[start:]


def _zeroed(content: bytearray, _: list[bytes], chance: Random) -> bytearray:
    start = chance.randrange(len(content))
    length = min(chance.randrange(1, 8000), len(content) - start)
    content[start : start + length] = bytes(length)
    return content


def _numbers(content: bytearray, _: list[bytes], chance: Random) -> bytearray:
    """Absurd sizes, counts, durations and time bases: a field of four bytes becomes an extreme one."""
    extremes = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00010000, 0xFFFF)
    names = [name for name in (b"tkhd", b"mvhd", b"mdhd", b"stts", b"ctts", b"stsz", b"stco", b"stsc", b"elst", b"avc1",
             b"strh", b"strf", b"avih", b"trun", b"tfhd", b"tfdt", b"trex", b"\x2a\xd7\xb1", b"\x44\x89", b"\xb0\x82")
             if name in content]  # fmt: skip
    near = content.index(chance.choice(names)) if names else chance.randrange(min(len(content), 2000))
    at = min(near + 4 + 4 * chance.randrange(24), max(0, len(content) - 4))
    struct.pack_into(">I", content, at, chance.choice(extremes)) if len(content) >= 4 else None
    return content


def _boxes_mixed(content: bytearray, _: list[bytes], chance: Random) -> bytearray:
    try:
        parts = [bytes(content[start:end]) for _, start, end in boxes(bytes(content))]
    except struct.error:
        return content
    parts = [part for part in parts if part][:64]
    chance.shuffle(parts)
    return bytearray(b"".join(parts)) or content


CHANGES: tuple[Change, ...] = (
    *(_bits, _bits, _header_bytes, _index_bytes, _cut, _beheaded, _spliced, _doubled, _zeroed, _numbers, _numbers),
    _boxes_mixed,
)


def odd_videos(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Files that are no honest video, or hardly one, by what they are."""
    whole = Making().write(folder / "whole.mp4", every(100, 2000)).read_bytes()
    yield from _texts(folder)
    yield from _empty_shells(whole)
    yield from _archives(whole)
    yield "MOV whose data are in another file", with_reference(whole, b"alis", b"/etc/passwd")
    yield "MOV whose data are at a URL", with_reference(whole, b"url ", b"http://127.0.0.1:9/secret\0")
    yield "MOV with a compressed index", _compressed_index(whole)
    yield "a video with a page of HTML in front", b"<html><script src=http://127.0.0.1:9></script></html>" + whole
    yield "a video behind a kilobyte of nothing", bytes(1024) + whole
    yield "two videos in one file", whole + whole
    yield "sound alone", write_sound(folder / "sound.mp4").read_bytes()
    yield "one frame of 16384 × 16384 in the header", _claimed_size(whole, 16384, 16384)
    yield "a frame of 65535 × 1", _claimed_size(whole, 65535, 1)
    yield "a frame of 0 × 0", _claimed_size(whole, 0, 0)
    yield "boxes in boxes, ten thousand deep", _nested(10_000)
    yield "a box that contains itself", struct.pack(">I4sI4s", 16, b"moov", 0, b"moov") + whole
    yield "very many streams", _many_streams(folder, 60)
    yield "a hundred thousand frames of nothing", Making("mpeg4", "avi", rate=25).write(
        folder / "many.avi", [0]).read_bytes()[:-1] + b"00dc\0\0\0\0" * 100_000  # fmt: skip
    yield "a PNG", _png(64, 64)
    yield "a JPEG with a video behind it", _jpeg() + whole
    yield "a cover picture alone", _cover_alone(folder)


def _texts(folder: Path) -> Iterator[tuple[str, bytes]]:
    target = folder / "whole.mp4"
    for name, text in {
        "an HLS playlist": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{target}\n#EXT-X-ENDLIST\n",
        "an HLS playlist of the network": "#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        "a concat script": f"ffconcat version 1.0\nfile {target}\n",
        "a concat protocol": f"concat:{target}|{target}\n",
        "an SDP": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        "a DASH manifest": '<?xml version="1.0"?><MPD><Period><BaseURL>file:///etc/passwd</BaseURL></Period></MPD>',
        "an ASX playlist": f'<asx version="3.0"><entry><ref href="file://{target}"/></entry></asx>',
        "an RTSP redirect": "rtsptextRTSP://127.0.0.1:9/\n",
        "an M3U": f"{target}\n",
        "XML with entities": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "a shell script": "#!/bin/sh\nrm -rf /\n",
        "SVG with a picture from elsewhere": '<svg><image href="file:///etc/passwd"/></svg>',
        "FFmpeg metadata": ";FFMETADATA1\ntitle=x\n",
    }.items():
        yield name, text.encode()


def _empty_shells(whole: bytes) -> Iterator[tuple[str, bytes]]:
    start, end = box(whole, b"moov")
    yield "nothing at all", b""
    yield "one byte", b"\0"
    yield "a megabyte of zeros", bytes(1 << 20)
    yield "an index without data", whole[start:end]
    yield "data without an index", whole[:start]
    yield "an ftyp alone", whole[:32]
    yield "a RIFF header alone", b"RIFF\xff\xff\xff\x7fAVI LIST"
    yield "an EBML header that is endless", b"\x1a\x45\xdf\xa3\x01" + b"\xff" * 64
    yield "MPEG-TS packets of nothing", (b"G\x1f\xff\x10" + b"\xff" * 184) * 500
    yield "a GIF without a picture", b"GIF89a\xff\xff\xff\xff\0\0\0;"


def _archives(whole: bytes) -> Iterator[tuple[str, bytes]]:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("video.mp4", whole)
    yield "a ZIP", held.getvalue()
    for _ in range(8):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("more.zip", held.getvalue())
        held = outer
    yield "a ZIP in a ZIP, eight times", held.getvalue()
    yield "gigabytes of zeros, compressed", zlib.compress(bytes(1 << 26), 9)


def with_reference(mp4: bytes, kind: bytes, to: bytes) -> bytes:
    """An MP4 whose data reference (dref) names another file or address instead of itself."""
    at = mp4.index(b"url \0\0\0\x01") - 4
    reference = struct.pack(">I4sI", 12 + len(to), kind, 0) + to
    content = bytearray(mp4[:at] + reference + mp4[at + 12 :])
    for path in ((), (b"trak",), (b"trak", b"mdia"), (b"trak", b"mdia", b"minf"), (b"trak", b"mdia", b"minf", b"dinf"),
                 (b"trak", b"mdia", b"minf", b"dinf", b"dref")):  # fmt: skip
        start, end = box(mp4, b"moov", *path)
        struct.pack_into(">I", content, start, end - start + len(reference) - 12)
    return bytes(content)


def _compressed_index(mp4: bytes) -> bytes:
    start, end = box(mp4, b"moov")
    packed = zlib.compress(bytes(1 << 24))
    inner = struct.pack(">I4s4sI4sI", 12, b"dcom", b"zlib", 12 + len(packed), b"cmvd", 1 << 31) + packed
    return mp4[:start] + struct.pack(">I4sI4s", 16 + len(inner), b"moov", 8 + len(inner), b"cmov") + inner + mp4[end:]


def _claimed_size(mp4: bytes, width: int, height: int) -> bytes:
    content = bytearray(mp4)
    at = mp4.index(b"avc1", box(mp4, b"moov")[0])
    struct.pack_into(">HH", content, at + 28, width, height)
    return bytes(content)


def _nested(depth: int) -> bytes:
    return struct.pack(">I4sII", 16, b"ftyp", 0x69736F6D, 0) + b"".join(
        struct.pack(">I4s", 8 * left, b"moov" if left == depth else b"trak") for left in range(depth, 0, -1)
    )


def _many_streams(folder: Path, count: int) -> bytes:
    import av

    with av.open(str(folder / "streams.mkv"), "w") as container:
        streams = [container.add_stream("mpeg4", rate=1) for _ in range(count)]
        for stream in streams:
            stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for stream in streams:
            frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
            container.mux([*stream.encode(frame), *stream.encode(None)])
    return (folder / "streams.mkv").read_bytes()


def _cover_alone(folder: Path) -> bytes:
    """A JPEG in the place where a song has its cover."""
    import av

    content = bytearray(write_sound(folder / "song.mp4").read_bytes())
    picture = _jpeg()
    item = struct.pack(">I4sII", 16 + len(picture), b"data", 13, 0) + picture
    cover = struct.pack(">I4s", 8 + len(item), b"covr") + item
    listed = struct.pack(">I4s", 8 + len(cover), b"ilst") + cover
    handler = struct.pack(">I4sII4s12sB", 33, b"hdlr", 0, 0, b"mdir", bytes(12), 0)
    meta = struct.pack(">I4sI", 12 + len(handler) + len(listed), b"meta", 0) + handler + listed
    more = struct.pack(">I4s", 8 + len(meta), b"udta") + meta
    start, end = box(bytes(content), b"moov")
    struct.pack_into(">I", content, start, end - start + len(more))
    made = bytes(content[:end] + more + content[end:])
    with av.open(io.BytesIO(made)) as container:
        assert container.streams.video  # the cover is taken for a video stream, as in a real song
    return made


def _png(width: int, height: int) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(held, "PNG")
    return held.getvalue()


def _jpeg() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(held, "JPEG")
    return held.getvalue()
