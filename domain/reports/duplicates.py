"""How likely two reports are of one thing: near in place and time, and alike in words. A person decides on it.

Words are compared in the clear, in memory, and nothing of it is kept. Ukrainian inflects at the end, so two words are
one where they begin alike and differ in no more than an ending; a slip is forgiven by groups of letters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

import msgspec

from domain.personal import Place
from domain.position import metres_between

METRES, HOURS = 250.0, 36.0  # at which being near counts about a third
METRES_MAX = 800  # further apart, two reports are of two things, whatever they say
NEAR_UNKNOWN = 0.35  # where one of them says no position
WORDS_UNKNOWN = 0.35  # where they are written in two scripts, and no word can be compared
WEIGHTS = {"words": 0.37, "near": 0.37, "soon": 0.07, "category": 0.19}
FEW_WORDS = 3.0  # two who tell of one thing have a third of their words in common, seldom more
LIKELY = 0.6  # a score from which they are shown as likely one: `tests/benchmarks/results/duplicates.md`
ENDING_LETTERS_MAX = 3
PREFIX_LETTERS_MIN = 3

PROPER = 0.6  # how much a name counts, such as a street's: of two things in one place, both say it

_CYRILLIC = re.compile(r"[а-яіїєґ]", re.IGNORECASE)
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
    said = WORDS_UNKNOWN if _in_two_scripts(one.text, other.text) else min(1.0, FEW_WORDS * words)
    score = (
        WEIGHTS["words"] * said
        + WEIGHTS["near"] * (NEAR_UNKNOWN if metres is None else math.exp(-((metres / METRES) ** 2)))
        + WEIGHTS["soon"] * math.exp(-hours / HOURS)
        + WEIGHTS["category"] * (one.category == other.category)
    )
    return Likeness(
        metres=None if metres is None else round(metres),
        hours=round(hours, 1),
        words=round(words, 3),
        score=round(score, 3),
        likely=score >= LIKELY and (metres is None or metres <= METRES_MAX),
    )


def words_alike(one: str, other: str) -> float:
    """0: no word in common; 1: the same words in whatever order and form."""
    mine, theirs = _words(one), _words(other)
    if not mine or not theirs:
        return 0.0
    found = sum(weight for word, weight in mine.items() if any(_is_one(word, each) for each in theirs))
    found += sum(weight for word, weight in theirs.items() if any(_is_one(word, each) for each in mine))
    whole = found / sum((*mine.values(), *theirs.values()))
    return max(whole, _letters_alike(mine, theirs))


def _words(text: str) -> dict[str, float]:
    """Those that say something, and how much: long ones more than short ones, names less. Without the apostrophes that
    people write in five ways.
    """
    plain = unicodedata.normalize("NFC", text).translate({ord(each): "" for each in "'’ʼ`´"})
    found: dict[str, float] = {}
    for place, word in enumerate(_WORD.findall(plain)):
        small = word.casefold()
        if len(small) >= PREFIX_LETTERS_MIN and small not in _SAY_NOTHING:
            found[small] = math.sqrt(len(small)) * (PROPER if place and word[0].isupper() else 1.0)
    return found


def _in_two_scripts(one: str, other: str) -> bool:
    return bool(_CYRILLIC.search(one)) != bool(_CYRILLIC.search(other))


def _is_one(word: str, other: str) -> bool:
    """Two forms of one word: the same beginning, and no more than an ending beside it."""
    shared = 0
    for mine, theirs in zip(word, other, strict=False):
        if mine != theirs:
            break
        shared += 1
    longest = max(len(word), len(other))
    return shared >= PREFIX_LETTERS_MIN and longest - shared <= ENDING_LETTERS_MAX and 2 * shared >= longest


def _letters_alike(mine: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    """The cosine of how often each three letters in a row stand in both; less, because letters alone say little."""
    one, other = _trigrams(mine), _trigrams(theirs)
    shared = sum(count * other.get(each, 0.0) for each, count in one.items())
    length = math.sqrt(sum(count**2 for count in one.values()) * sum(count**2 for count in other.values()))
    return 0.8 * shared / length if length else 0.0


def _trigrams(words: Mapping[str, float]) -> dict[str, float]:
    found = defaultdict[str, float](float)
    for word, weight in words.items():
        for place in range(len(word)):
            found[f"_{word}_"[place : place + 3]] += weight
    return found


def _metres(one: Place | None, other: Place | None) -> float | None:
    if one is None or other is None or one.latitude is None or other.latitude is None:
        return None
    assert one.longitude is not None
    assert other.longitude is not None
    return metres_between(one.latitude, one.longitude, other.latitude, other.longitude)
