"""Reads one word: what it stands for by the tables of both languages, and what it may be where it is in none.

A word that is in no table is, in this order: the same word with letters of another alphabet that look alike; Ukrainian
in Latin letters, where the query is not an English one; a misspelt word. What it was then read as is told, unless
nobody could see the difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain

from gpu_jobs.offline_model import forms, misspellings, russian, stems, transliteration
from gpu_jobs.offline_model import vocabulary as words
from gpu_jobs.offline_model.links import NEGATIONS
from gpu_jobs.offline_model.misspellings import Known

Stems = dict[str, tuple[str, ...]]
APOSTROPHES = str.maketrans({"ʼ": "'", "’": "'", "`": "'", "ʹ": "'", "‘": "'", "′": "'", "´": "'", "＇": "'", "ё": "е"})
UNSEEN = re.compile("[\u0300\u0301\u00ad\u200b-\u200d\u2060\ufeff]")  # stress marks, soft hyphens, no widths
QUOTED = re.compile(r"(?<=[^\W\d_])[\"*](?=[яюєїЯЮЄЇ])")  # подвір"я, подвір*я
CYRILLIC = re.compile("[а-яіїєґ]")
_NOUN_ENDINGS = """
а у и і ю я о е є ї й ь ою ею єю ом ем єм ам ям ами ями ах ях ів їв ей ові еві єві ка ку ки ці ою кою ок ик
ика ику иком ики ям ня ні ню
"""
NOUN_ENDINGS = frozenset(_NOUN_ENDINGS.split()) | {""}
ADJECTIVE_ENDINGS = (
    frozenset(words.HARD_ENDINGS.values())
    | frozenset(words.SOFT_ENDINGS.values())
    | frozenset(["им", "ім", "ими", "іми", "ів", "ої", "ьої", "ому", "ьому", "ьо", "о"])
)
_SOFT_ENDINGS = frozenset(words.SOFT_ENDINGS.values()) | frozenset(
    ["ьої", "ьо", "ім", "іми", "ий", "яя", "ее", "ие", "его", "ему", "им", "ем", "юю", "ею", "ей", "их", "ими", "е"]
)
_COLOUR_ENDINGS = ADJECTIVE_ENDINGS | russian.ADJECTIVE_ENDINGS  # «рожевый»: both languages in one word
_ADJECTIVES = "шкільн легков доросл вантажн порожн безлюдн дитяч чоловіч чорно-біл інфрачервон"
ADJECTIVES = frozenset(_ADJECTIVES.split())


class Sort(Enum):
    """What a word is to the reader."""

    COLOUR = "colour"
    GARMENT = "garment"
    FACTS = "facts"
    SHADE = "shade"
    PLAIN = "plain"
    ATTRIBUTE = "attribute"
    PAUSE = "pause"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed, its normal form, and its reading: a colour (several, where it may be any of them), a shade, a
    garment's part, or facts. `read_as`: the words that it was taken for, where they are others."""

    typed: str
    normal: str
    sort: Sort
    meaning: tuple[str, ...] = ()
    read_as: tuple[str, ...] = ()


_WIDENED = """
man men woman women lady boy girl guy schoolboy schoolgirl he she teen teenager suv jeep taxi sedan hatchback таксі
"""
_WIDENED_WORDS = frozenset(_WIDENED.split())
_STEMS_WIDENED = """
чоловік чоловіч жін хлоп дівч дядьк дядеч тіт бабус дідус пацан школярк підліт син
мужчин мужик женщин мальчи девоч девуш парен парн школьниц подрост джип позашляховик
седан хетчбек кросовер самоскид тягач
"""
_CYRILLIC_WIDENED = tuple(_STEMS_WIDENED.split())


def is_widened(word: Word) -> bool:
    """Whether a word says more than the model can tell: it knows no woman from a man, no jeep from another car."""
    return word.normal in _WIDENED_WORDS or word.normal.startswith(_CYRILLIC_WIDENED)


def plain_text(text: str) -> str:
    """One apostrophe, no stress marks, nothing invisible (й and ї stay)."""
    whole = UNSEEN.sub("", unicodedata.normalize("NFC", text)).translate(APOSTROPHES)
    return QUOTED.sub("'", whole)


def normal_form(word: str) -> str:
    """Lower case, as `plain_text`."""
    return plain_text(word).lower()


def _stem_of(word: str, table: Stems) -> tuple[str, ...] | None:
    for size in range(len(word), 1, -1):
        stem, ending = word[:size], word[size:]
        if stem not in table:
            continue
        meaning = table[stem]
        if meaning[0].startswith("pose:") and len(ending) <= 4:
            return meaning
        if stem in ADJECTIVES and ending in ADJECTIVE_ENDINGS:
            return meaning
        if ending in NOUN_ENDINGS:
            return meaning
    return None


def _colour_of(word: str) -> str | None:
    for size in range(len(word), 2, -1):
        stem = word[:size]
        endings = _SOFT_ENDINGS if stem in stems.UK_SOFT_COLOURS else _COLOUR_ENDINGS  # «сина» is the son's
        if stem in stems.UK_COLOUR_STEMS and word[size:] in endings:
            return stems.UK_COLOUR_STEMS[stem]
    return None


def _is_shade(word: str) -> bool:
    found = [stem for stem in stems.CYRILLIC_SHADES if word.startswith(stem)]
    return any(word[len(stem) :] in _COLOUR_ENDINGS for stem in found)


_UK_STEMS: Stems = stems.UK_STEMS | forms.STEMS
_UK_GARMENTS: Stems = dict.fromkeys(stems.UK_UPPER_STEMS, ("upper",))
_UK_GARMENTS |= dict.fromkeys(stems.UK_LOWER_STEMS, ("lower",))
_UK_GARMENTS |= {"сукн": ("upper", "lower"), "комбінезон": ("upper", "lower"), "костюм": ("upper", "lower")}
_UK_GARMENTS |= dict.fromkeys(("плаття", "платті", "платтю", "сарафан"), ("upper", "lower"))
_UK_GARMENTS |= dict.fromkeys(forms.UPPER, ("upper",))
_UK_GARMENTS |= dict.fromkeys(forms.LOWER, ("lower",))
_RU_GARMENTS: Stems = dict.fromkeys(russian.UPPER, ("upper",))
_RU_GARMENTS |= dict.fromkeys(russian.LOWER, ("lower",))
_RU_GARMENTS |= {"плать": ("upper", "lower"), "костюм": ("upper", "lower")}
_EN_GARMENTS: Stems = dict.fromkeys(stems.EN_UPPER_STEMS, ("upper",))
_EN_GARMENTS |= dict.fromkeys(stems.EN_LOWER_STEMS, ("lower",))
_EN_GARMENTS |= {"dress": ("upper", "lower"), "suit": ("upper", "lower"), "overalls": ("upper", "lower")}
_EN_GARMENTS |= {"tracksuit": ("upper", "lower")}
_BEGINNING = 4  # letters
_GARMENTS_BEGIN = frozenset(stem[:_BEGINNING] for stem in _UK_GARMENTS if len(stem) > _BEGINNING)
_PLAIN = frozenset(word.replace("ʼ", "") for word in stems.PLAIN_WORDS)


def _ukrainian(typed: str, word: str) -> Word:
    bare = word.replace("'", "")
    if bare in _PLAIN or bare in forms.PLAIN or bare.startswith("дитяч"):
        return Word(typed, bare, Sort.PLAIN)
    if colour := _colour_of(bare):
        return Word(typed, bare, Sort.COLOUR, (colour,))
    if _is_shade(bare):
        return Word(typed, bare, Sort.SHADE)
    if garment := _stem_of(bare, _UK_GARMENTS):
        return Word(typed, bare, Sort.GARMENT, garment)
    if facts := forms.FORMS.get(bare) or _stem_of(bare, _UK_STEMS):
        return Word(typed, bare, Sort.FACTS, facts)
    return Word(typed, bare, Sort.PLAIN) if bare in NEGATIONS else _russian(typed, bare)


def resembles_garment(word: str) -> bool:
    """Whether it begins as the name of a garment does, whatever its misspelt end: «куртцы»."""
    return len(word) > _BEGINNING and word[:_BEGINNING] in _GARMENTS_BEGIN


def _russian(typed: str, word: str) -> Word:
    if word in russian.PLAIN or word in russian.NEAR or word in russian.BACKWARD:
        return Word(typed, word, Sort.PLAIN)
    for size in range(len(word), 1, -1):
        stem, ending = word[:size], word[size:]
        if stem in russian.COLOURS and ending in russian.ADJECTIVE_ENDINGS:
            return Word(typed, word, Sort.COLOUR, (russian.COLOURS[stem],))
        adjective = stem in russian.ADJECTIVES and ending in russian.ADJECTIVE_ENDINGS
        if not adjective and ending not in russian.NOUN_ENDINGS:
            continue
        if garment := _RU_GARMENTS.get(stem):
            return Word(typed, word, Sort.GARMENT, garment)
        if facts := russian.STEMS.get(stem):
            return Word(typed, word, Sort.FACTS, facts)
    return Word(typed, word, Sort.UNKNOWN)


def _english(typed: str, word: str) -> Word:
    bare = word.removesuffix("'s")
    if bare in _PLAIN or bare in NEGATIONS:
        return Word(typed, bare, Sort.PLAIN)
    if bare in stems.EN_SHADES:
        return Word(typed, bare, Sort.SHADE)
    for form in (bare, bare.removesuffix("s"), bare.removesuffix("es"), bare.removesuffix("ed")):
        if form in stems.EN_COLOUR_STEMS:
            return Word(typed, form, Sort.COLOUR, (stems.EN_COLOUR_STEMS[form],))
        if form in _EN_GARMENTS:
            return Word(typed, form, Sort.GARMENT, _EN_GARMENTS[form])
        if form in stems.EN_STEMS:
            return Word(typed, form, Sort.FACTS, stems.EN_STEMS[form])
    return Word(typed, bare, Sort.UNKNOWN)


def exact(typed: str) -> Word:
    """What the tables say, and nothing else."""
    word = normal_form(typed)
    if (bare := word.replace("'", "")) in misspellings.OTHER_WORDS:
        return Word(typed, bare, Sort.UNKNOWN)
    return _ukrainian(typed, word) if CYRILLIC.search(word) else _english(typed, word)


def read_word(typed: str) -> Word:
    """By the tables, whatever alphabet its letters only look to be of."""
    read = exact(typed)
    if read.sort is Sort.UNKNOWN:
        for candidate in transliteration.same_looking(normal_form(typed)):
            if (seen := exact(candidate)).sort is not Sort.UNKNOWN:
                return replace(seen, typed=typed)
    return read


def transliterated(word: Word, *, short: bool = False) -> Word:
    """Of an unknown word in Latin letters: what it is in Cyrillic ones, if that is known. `short`: two letters, too."""
    typed = normal_form(word.typed)
    if typed in misspellings.OTHER_WORDS:
        return word
    layout = transliteration.other_layout(typed)
    candidates = chain([layout] if layout else [], transliteration.in_cyrillic(typed, short=short))
    for candidate in candidates:
        if (read := exact(candidate)).sort is not Sort.UNKNOWN:
            return _told(word, read)
    return word


def corrected(word: Word) -> Word:
    """Of an unknown word: the known one that is meant, where it is misspelt and only one can be; or the colours, where
    it may be several: all of them are looked for, and told."""
    typed = normal_form(word.typed).replace("'", "")
    nearest = misspellings.nearest(typed, _KNOWN)
    known = [read for slip in nearest if (read := exact(slip.read)).sort not in (Sort.UNKNOWN, Sort.PLAIN)]
    if known and all(read.sort is Sort.COLOUR for read in known):
        beside = misspellings.beside(typed, nearest[0], _KNOWN_COLOURS)
        return _one_of(word, [*known, *(exact(slip.read) for slip in beside)])
    if known and len({(read.sort, read.meaning) for read in known}) == 1:
        return _told(word, known[0])
    return word


def _one_of(word: Word, colours: Iterable[Word]) -> Word:
    """Any of these colours; each is told by the first word that names it."""
    named: dict[tuple[str, ...], str] = {}
    for read in colours:
        named.setdefault(read.meaning, read.normal)
    first, *_ = named.values()
    return Word(word.typed, first, Sort.COLOUR, tuple(chain.from_iterable(named)), tuple(named.values()))


def _told(word: Word, read: Word) -> Word:
    """Read as another word, which is told where it says anything."""
    return replace(read, typed=word.typed, read_as=() if read.sort is Sort.PLAIN else (read.normal,))


def _by_first_letter(known: Iterable[Known]) -> dict[str, tuple[Known, ...]]:
    sorted_out: dict[str, list[Known]] = {}
    for each in known:
        sorted_out.setdefault(each.stem[0], []).append(each)
    return {letter: tuple(each) for letter, each in sorted_out.items()}


def _known_colours() -> Iterator[Known]:
    for stem in stems.UK_COLOUR_STEMS:
        yield Known(stem, ADJECTIVE_ENDINGS)
    for stem in russian.COLOURS:
        yield Known(stem, russian.ADJECTIVE_ENDINGS)
    for word in stems.EN_COLOUR_STEMS:
        yield Known(word, frozenset(["", "s"]))


def _known() -> Iterator[Known]:
    """Every stem of the tables with the endings that may follow it, and every whole word."""
    yield from _known_colours()
    for stem in (*_UK_STEMS, *_UK_GARMENTS):
        yield Known(stem, ADJECTIVE_ENDINGS if stem in ADJECTIVES else NOUN_ENDINGS)
    for stem in (*russian.STEMS, *_RU_GARMENTS):
        yield Known(stem, russian.ADJECTIVE_ENDINGS if stem in russian.ADJECTIVES else russian.NOUN_ENDINGS)
    for word in (*_EN_GARMENTS, *stems.EN_STEMS):
        yield Known(word, frozenset(["", "s"]))
    for word in forms.FORMS:
        yield Known(word, frozenset([""]))


_KNOWN, _KNOWN_COLOURS = (_by_first_letter(dict.fromkeys(each)) for each in (_known(), _known_colours()))
