"""A file is what its bytes say, and nothing else."""

from __future__ import annotations

import pytest

from app.media_types import media_type_of
from domain.case_words import MEDIA_TYPES
from domain.errors import Invalid

KNOWN = {
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "application/pdf": b"%PDF-1.7\n",
    "audio/mpeg": b"ID3\x04\x00\x00",
    "audio/wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "audio/ogg": b"OggS" + bytes(24) + b"OpusHead",
    "audio/mp4": b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00",
}


@pytest.mark.parametrize("media_type", KNOWN)
def test_each_kind_that_is_taken(media_type: str) -> None:
    assert media_type_of(KNOWN[media_type] + bytes(100)) == media_type


def test_every_kind_on_the_list_can_be_told() -> None:
    assert KNOWN.keys() == MEDIA_TYPES.keys()


def test_sound_without_a_tag() -> None:
    assert media_type_of(b"\xff\xfb\x90\x64" + bytes(100)) == "audio/mpeg"


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"MZ\x90\x00",
        b"PK\x03\x04",
        b"<html><script>",
        b"<?xml version='1.0'?><svg/>",
        b" %PDF-1.7",  # a document that begins otherwise may be another document as well
        b"GIF89a",
        b"RIFF\x24\x00\x00\x00AVI LIST",
        b"OggS" + bytes(24) + b"\x80theora",
        b"\x00\x00\x00\x20ftypisom\x00\x00\x00\x00",
        b"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00",
        b"\xff\xff\xff\xff",
        b"\x7fELF",
        bytes(200),
    ],
)
def test_whatever_else_it_is_is_refused(head: bytes) -> None:
    with pytest.raises(Invalid, match="by its bytes"):
        media_type_of(head)
