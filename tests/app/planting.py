"""Names, phones and sentences that occur nowhere else, and the search for them in every form of writing."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote, quote_plus

import numpy as np
from numpy.typing import NDArray

SYLLABLES = (
    ("ба", "ba"), ("ве", "ve"), ("гу", "hu"), ("до", "do"), ("жи", "zhy"), ("за", "za"), ("ки", "ky"), ("ло", "lo"),
    ("му", "mu"), ("не", "ne"), ("пі", "pi"), ("ру", "ru"), ("со", "so"), ("тя", "tia"), ("фе", "fe"),
)  # fmt: skip
SYLLABLES_OF_WORD = 5
WORDS = len(SYLLABLES) ** SYLLABLES_OF_WORD
STRIDE = 7_919  # shares no factor with WORDS: every number gets a word of its own, unlike the one before it
HEAD_BYTES = 8
TABLE_BITS = 24
MIXER = np.uint64(0x9E3779B97F4A7C15)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


class Secret(NamedTuple):
    """What is planted, and the words of it that occur nowhere else: none of them may stand anywhere."""

    text: str
    words: tuple[str, ...]


@dataclass
class Planter:
    """Makes secrets, and knows all that it made."""

    made: list[Secret] = field(default_factory=list)

    def name(self) -> str:
        """A surname, given name or patronymic: it counts in both alphabets."""
        word, latin = self._word()
        return self._keep(word.capitalize(), word, latin)

    def phone(self) -> str:
        digits = f"{(len(self.made) + 1) * STRIDE % 10**7:07}"
        spaced = f"+380 44 {digits[:3]} {digits[3:5]} {digits[5:]}"
        return self._keep(spaced, spaced, f"38044{digits}")

    def sentence(self) -> str:
        word, _ = self._word()
        return self._keep(f"Про це {word} знає лише бабуся; нікому не кажи.", word)

    def file_name(self) -> str:
        word, _ = self._word()
        return self._keep(f"{word}.pdf", word)

    def document(self) -> bytes:
        """A PDF document by its first bytes."""
        return PDF + self.sentence().encode()

    def _word(self) -> tuple[str, str]:
        number, parts = (len(self.made) + 1) * STRIDE % WORDS, []
        for _ in range(SYLLABLES_OF_WORD):
            number, place = divmod(number, len(SYLLABLES))
            parts.append(SYLLABLES[place])
        return "".join(cyrillic for cyrillic, _ in parts), "".join(latin for _, latin in parts)

    def _keep(self, text: str, *words: str) -> str:
        self.made.append(Secret(text, words))
        return text


def written(word: str) -> Iterator[tuple[str, bytes]]:
    """The names and bytes of all forms in which it might stand in a file, an address or a message."""
    for text in {word, word.lower(), word.upper(), word.capitalize()}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield encoding, text.encode(encoding)
        for name, form in _escaped(text):
            yield name, form.encode()
        for before in range(3):
            yield f"base64 after {before} bytes", _within_base64(text.encode(), before)


def _escaped(text: str) -> Iterator[tuple[str, str]]:
    percent, escapes = quote(text, safe=""), json.dumps(text)[1:-1]
    yield "percent-encoded", percent
    yield "percent-encoded as a form", quote_plus(text)
    yield "percent-encoded in small letters", re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), percent)
    yield "JSON escapes", escapes
    yield "JSON escapes in capitals", re.sub(r"\\u(\w{4})", lambda found: rf"\u{found[1].upper()}", escapes)


def _within_base64(content: bytes, before: int) -> bytes:
    """The characters that it has in base64, whatever stands around it; `before`: bytes before it, modulo three."""
    encoded = base64.b64encode(bytes(before) + content)
    return encoded[-(-before * 8 // 6) : (before + len(content)) * 8 // 6]


class Search:
    """Thousands of words, looked for at once: by their first bytes in a table, then each by itself."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._names = {
            form: f"{secret.text!r} ({name} of {word!r})"
            for secret in secrets
            for word in secret.words
            for name, form in written(word)
        }
        self._by_head: dict[bytes, list[bytes]] = {}
        for form in self._names:
            if len(form) < HEAD_BYTES:
                raise ValueError(f"{form!r} is too short to be looked for; plant a longer word")
            self._by_head.setdefault(form[:HEAD_BYTES], []).append(form)
        self._table = np.zeros(1 << TABLE_BITS, bool)
        self._table[_places(np.frombuffer(b"".join(self._by_head), "<u8"))] = True

    def found_in(self, content: bytes) -> set[str]:
        """Which secrets stand in it, and how."""
        found = set()
        for offset in range(HEAD_BYTES):
            count = (len(content) - offset) // HEAD_BYTES
            if count <= 0:
                break
            heads = np.frombuffer(content, "<u8", count, offset)
            for number in np.flatnonzero(self._table[_places(heads)]):
                start = offset + HEAD_BYTES * int(number)
                for form in self._by_head.get(content[start : start + HEAD_BYTES], ()):
                    if content.startswith(form, start):
                        found.add(self._names[form])
        return found


def _places(heads: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (heads * MIXER) >> np.uint64(64 - TABLE_BITS)
