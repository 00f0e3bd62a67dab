"""Query pictures made to break what reads them: too large, too many, odd of colour, cut off, two things at once."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from random import Random

import numpy as np
from PIL import Image

GOOD = "good"  # a picture that must be taken


def pictures(count: int, chance: Random) -> Iterator[tuple[str, bytes]]:
    """Odd ones first, then mutants."""
    odd = list(odd_pictures())
    yield from odd[:count]
    good = [content for _, content in odd if 500 < len(content) < 200_000]
    for _ in range(count - len(odd)):
        content = bytearray(chance.choice(good))
        kind = chance.randrange(4)
        if kind == 0:
            content = content[: chance.randrange(1, len(content))]
        elif kind == 1:
            struct.pack_into(">I", content, chance.randrange(min(len(content), 60) - 4), chance.randrange(1 << 32))
        elif kind == 2:
            content[chance.randrange(len(content)) :] = chance.choice(good)[: chance.randrange(1, 4000)]
        else:
            for _ in range(chance.randrange(1, 40)):
                content[chance.randrange(len(content))] = chance.randrange(256)
        yield "mutant", bytes(content)


def odd_pictures() -> Iterator[tuple[str, bytes]]:
    noise = np.random.default_rng(5).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    picture = Image.fromarray(noise)
    for kind in ("JPEG", "PNG", "WEBP"):
        yield f"{GOOD}: {kind}", saved(picture, kind)
    for mode, kind in (("CMYK", "JPEG"), ("L", "JPEG"), ("1", "PNG"), ("P", "PNG"), ("RGBA", "PNG"), ("LA", "PNG"),
                       ("I;16", "PNG"), ("RGBA", "WEBP")):  # fmt: skip
        yield f"{GOOD}: {mode} {kind}", saved(_in_mode(picture, mode), kind)
    yield f"{GOOD}: progressive JPEG", saved(picture, "JPEG", progressive=True)
    for orientation in range(1, 9):
        exif = picture.getexif()
        exif[0x0112] = orientation
        yield f"{GOOD}: turned {orientation}", saved(picture, "JPEG", exif=exif)
    exif[0x0112] = 60_000
    yield "turned by nonsense", saved(picture, "JPEG", exif=exif)
    yield f"{GOOD}: animated PNG", saved(picture, "PNG", save_all=True, append_images=[picture.rotate(90)] * 5)
    yield f"{GOOD}: animated WebP", saved(picture, "WEBP", save_all=True, append_images=[picture.rotate(90)] * 5)
    yield "an animated GIF", saved(picture, "GIF", save_all=True, append_images=[picture] * 5)
    for kind in ("BMP", "TIFF", "GIF", "ICO", "PPM"):
        yield f"a {kind}", saved(picture, kind)
    yield "a bomb of one colour", saved(Image.new("1", (30_000, 30_000)), "PNG")
    yield "a header of 2^31 × 2^31", _png_header(2**31 - 1, 2**31 - 1)
    yield "a header of 0 × 0", _png_header(0, 0)
    yield "a header of 65000 × 65000 in a JPEG", _jpeg_of(saved(picture, "JPEG"), 65_000, 65_000)
    yield "a megabyte of text in it", _with_text(saved(picture, "PNG"), 1 << 20)
    yield "text that is a bomb", _with_text(saved(picture, "PNG"), 1 << 28)
    yield "a colour profile that is a bomb", saved(picture, "PNG", icc_profile=bytes(1 << 24))
    yield f"{GOOD}: a JPEG with a ZIP behind it", saved(picture, "JPEG") + b"PK\x03\x04" + bytes(100)
    yield "a ZIP with a JPEG behind it", b"PK\x03\x04" + saved(picture, "JPEG")
    yield "a JPEG that is a script", b"\xff\xd8\xff\xfe\x00\x10/*<script>alert(1)</script>*/"
    yield "an SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
    yield "PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n"
    yield "a PDF", b"%PDF-1.7\n%\xe2\xe3\n"
    yield "an MP4", b"\0\0\0\x20ftypisom" + bytes(64)
    yield "half a JPEG", saved(picture, "JPEG")[:600]
    yield "one byte", b"\xff"
    yield "zeros", bytes(100_000)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    held = io.BytesIO()
    picture.save(held, kind, **options)
    return held.getvalue()


def _in_mode(picture: Image.Image, mode: str) -> Image.Image:
    if mode == "I;16":
        return Image.fromarray(np.asarray(picture.convert("L"), np.uint16) * 257)
    return picture.convert(mode)


def _png_header(width: int, height: int) -> bytes:
    body = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", body) + _chunk(b"IDAT", zlib.compress(bytes(1 << 20)))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _with_text(png: bytes, size: int) -> bytes:
    text = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(size), 9))
    return png[:33] + text + png[33:]


def _jpeg_of(jpeg: bytes, width: int, height: int) -> bytes:
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]
