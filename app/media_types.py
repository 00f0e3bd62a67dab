"""What a file is by its own bytes. What its name or its sender says of it counts for nothing."""

from __future__ import annotations

import re

from domain.case_words import MEDIA_TYPES
from domain.errors import Invalid

HEAD_BYTES = 512  # of a file, that are looked at

_AUDIO_IN_OGG = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")
_AUDIO_BRANDS = (b"M4A ", b"M4B ", b"M4P ")  # of MP4: another may hold pictures
_MPEG_FRAME = re.compile(rb"\xff[\xe2-\xe7\xf2-\xff][^\xf0-\xff]", re.DOTALL)  # a frame's sync, of layer III or II


def media_type_of(head: bytes) -> str:
    """The type of a file that begins so, one of `case_words.MEDIA_TYPES`. Raises Invalid for all others."""
    found = _found(head)
    if found is None:
        raise Invalid(
            "file", "is neither a picture, a PDF document nor a sound, by its bytes", f"send {', '.join(MEDIA_TYPES)}"
        )
    return found


def _found(head: bytes) -> str | None:
    if head[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if head[:8] == b"\x89PNG\r\n\x1a\n" and head[12:16] == b"IHDR":
        return "image/png"
    if head[:5] == b"%PDF-":
        return "application/pdf"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[:4] == b"OggS":
        return "audio/ogg" if any(mark in head[28:64] for mark in _AUDIO_IN_OGG) else None
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:12] in _AUDIO_BRANDS else None
    if head[:3] == b"ID3" or _MPEG_FRAME.match(head):
        return "audio/mpeg"
    return None
