"""How likely two reports are of one thing: near in place and time, and alike in words. A person decides on it.

Words are compared in the clear, in memory, and nothing of it is kept. Ukrainian inflects at the end, so two words are
one where they begin alike and differ in no more than an ending; a slip is forgiven by groups of letters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from datetime import datetime

import msgspec

from domain.personal import Place
from domain.position import metres_between

METRES, HOURS = 150.0, 36.0  # at which being near counts about a third
NEAR_UNKNOWN = 0.35  # where one of them says no position
WEIGHTS = {"words": 0.50, "near": 0.28, "soon": 0.10, "category": 0.12}
LIKELY = 0.5  # a score from which they are shown as likely one: `tests/benchmarks/results/duplicates.md`
ENDING_LETTERS_MAX = 3
PREFIX_LETTERS_MIN = 3

_WORD = re.compile(r"[^\W\d_]+")
_SAY_NOTHING = frozenset(
    _WORD.findall(
        "але або без біля був була було вже ввечері від вона вони воно все він для його коли між мене навпроти над наш"
        " нас недалеко ній один перед під після поруч при про проти себе сьогодні так там також тепер того той тому тут"
        " учора вчора хто цей цього через чому щоб що які який якась якісь яка ця це"
        " about after again all and are around been before beside but did does for from had has have here his into its"
        " just near next now off one our out over some that the their them then there they this today was were what"
        " when which who will with yesterday you your"
    )
)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it is compared."""

    text: str
    category: str
    at: datetime
    place: Place | None = None


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """`words` and `score` are from 0 to 1."""

    metres: int | None  # None: one of them says no position
    hours: float
    words: float
    score: float
    likely: bool


def likeness(one: Told, other: Told) -> Likeness:
    """The same from either side."""
    metres = _metres(one.place, other.place)
    hours = abs((one.at - other.at).total_seconds()) / 3600
    words = words_alike(one.text, other.text)
    score = (
        WEIGHTS["words"] * min(1.0, 2 * words)
        + WEIGHTS["near"] * (NEAR_UNKNOWN if metres is None else math.exp(-metres / METRES))
        + WEIGHTS["soon"] * math.exp(-hours / HOURS)
        + WEIGHTS["category"] * (one.category == other.category)
    )
    return Likeness(
        metres=None if metres is None else round(metres),
        hours=round(hours, 1),
        words=round(words, 3),
        score=round(score, 3),
        likely=score >= LIKELY,
    )


def words_alike(one: str, other: str) -> float:
    """0: no word in common; 1: the same words in whatever order and form."""
    mine, theirs = _words(one), _words(other)
    if not mine or not theirs:
        return 0.0
    found = sum(_weight(word) for word in mine if any(_is_one(word, each) for each in theirs))
    found += sum(_weight(word) for word in theirs if any(_is_one(word, each) for each in mine))
    whole = found / sum(_weight(word) for word in (*mine, *theirs))
    return max(whole, _letters_alike(mine, theirs))


def _words(text: str) -> list[str]:
    """Those that say something, once each, without the apostrophes that people write in five ways."""
    plain = unicodedata.normalize("NFC", text.casefold()).translate({ord(each): "" for each in "'’ʼ`´"})
    said = (word for word in _WORD.findall(plain) if len(word) >= PREFIX_LETTERS_MIN and word not in _SAY_NOTHING)
    return list(dict.fromkeys(said))


def _weight(word: str) -> float:
    """Long words say more than short ones."""
    return math.sqrt(len(word))


def _is_one(word: str, other: str) -> bool:
    """Two forms of one word: the same beginning, and no more than an ending beside it."""
    shared = 0
    for mine, theirs in zip(word, other, strict=False):
        if mine != theirs:
            break
        shared += 1
    longest = max(len(word), len(other))
    return shared >= PREFIX_LETTERS_MIN and longest - shared <= ENDING_LETTERS_MAX and 2 * shared >= longest


def _letters_alike(mine: list[str], theirs: list[str]) -> float:
    """The cosine of how often each three letters in a row stand in both; less, because letters alone say little."""
    one, other = _trigrams(mine), _trigrams(theirs)
    shared = sum(count * other[each] for each, count in one.items())
    length = math.sqrt(sum(count**2 for count in one.values()) * sum(count**2 for count in other.values()))
    return 0.8 * shared / length if length else 0.0


def _trigrams(words: list[str]) -> Counter[str]:
    return Counter(f"_{word}_"[place : place + 3] for word in words for place in range(len(word)))


def _metres(one: Place | None, other: Place | None) -> float | None:
    if one is None or other is None or one.latitude is None or other.latitude is None:
        return None
    assert one.longitude is not None
    assert other.longitude is not None
    return metres_between(one.latitude, one.longitude, other.latitude, other.longitude)
