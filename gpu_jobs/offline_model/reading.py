"""Reads a search text in English or Ukrainian: the facts it asks for, and the words that the model cannot know.

The rules are few and plain: every word is looked up by its stem, a colour belongs to the nearest thing that can have
one, and whatever is in no table is reported rather than guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import Enum

from gpu_jobs.offline_model import vocabulary as words
from gpu_jobs.offline_model.scenes import POSES, RIDDEN, VEHICLES

Stems = dict[str, tuple[str, ...]]
WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*|[,;.]")
APOSTROPHES = str.maketrans({"ʼ": "'", "’": "'", "`": "'", "ʹ": "'", "‘": "'", "′": "'", "ё": "е"})
PHRASES = (
    (re.compile(r"\bno[- ]one\b", re.IGNORECASE), "nobody"),
    (re.compile(r"\b(?:car park|parked in a lot)\b", re.IGNORECASE), "parking"),
    (re.compile(r"\brainy day\b", re.IGNORECASE), "rain"),
    # of a picture, not of clothes: nothing follows that could have colours
    (
        re.compile(r"\bblack[- ]and[- ]white(?=\s*(?:$|[,;.]|picture|photo|image|camera|video))", re.IGNORECASE),
        "monochrome",
    ),
)
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
ADJECTIVES = frozenset({"шкільн", "легков", "доросл", "вантажн", "порожн", "безлюдн", "дитяч", "чоловіч"})
EN_GENDER = frozenset(["man", "men", "woman", "women", "lady", "boy", "girl", "guy", "schoolboy", "schoolgirl"])
UK_GENDER = ("чоловік", "жін", "хлоп", "дівч", "дядьк", "тітк", "школярк")
_PREPOSITIONS = "with on at by near under from to over past through на з із зі біля коло поруч під до від"
PREPOSITIONS = frozenset(_PREPOSITIONS.split())
WORN = frozenset(["in", "wearing", "dressed", "у", "в"])
BACKWARD = frozenset(["кольору", "колір", "кольором"])
WITHOUT = frozenset(["without", "no", "без"])
COLOURED_THINGS = frozenset({*VEHICLES, *RIDDEN, "vehicle", "dog"})
COLOURLESS_THINGS = frozenset({"backpack", "bag", "hat"})


class Sort(Enum):
    """What a word is to the reader."""

    COLOUR = "colour"
    GARMENT = "garment"
    FACTS = "facts"
    PLAIN = "plain"
    PAUSE = "pause"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed, its normal form, and its reading: a colour, a garment's part, or facts."""

    typed: str
    normal: str
    sort: Sort
    meaning: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """`facts`: what the text asks for, empty where nothing was understood. `unknown_words`: as typed, not taken
    into account. `widened_words`: taken in a wider sense than meant (the model tells no woman from a man)."""

    text: str
    facts: frozenset[str]
    unknown_words: tuple[str, ...]
    widened_words: tuple[str, ...]


def normal_form(word: str) -> str:
    """Lower case, one apostrophe, no accents that a keyboard adds (й and ї stay)."""
    return unicodedata.normalize("NFC", word).lower().translate(APOSTROPHES)


def _stem_of(word: str, stems: Stems) -> tuple[str, ...] | None:
    for size in range(len(word), 1, -1):
        stem, ending = word[:size], word[size:]
        if stem not in stems:
            continue
        meaning = stems[stem]
        if meaning[0].startswith("pose:") and len(ending) <= 4:
            return meaning
        if stem in ADJECTIVES and ending in ADJECTIVE_ENDINGS:
            return meaning
        if ending in NOUN_ENDINGS:
            return meaning
    return None


def _colour_of(word: str) -> str | None:
    for size in range(len(word), 2, -1):
        if word[:size] in words.UK_COLOUR_STEMS and word[size:] in ADJECTIVE_ENDINGS:
            return words.UK_COLOUR_STEMS[word[:size]]
    return None


_UK_GARMENTS: Stems = dict.fromkeys(words.UK_UPPER_STEMS, ("upper",))
_UK_GARMENTS |= dict.fromkeys(words.UK_LOWER_STEMS, ("lower",))
_UK_GARMENTS |= {"сукн": ("upper", "lower"), "комбінезон": ("upper", "lower"), "костюм": ("upper", "lower")}
_EN_GARMENTS: Stems = dict.fromkeys(words.EN_UPPER_STEMS, ("upper",))
_EN_GARMENTS |= dict.fromkeys(words.EN_LOWER_STEMS, ("lower",))
_EN_GARMENTS |= {"dress": ("upper", "lower"), "suit": ("upper", "lower"), "overalls": ("upper", "lower")}
_PLAIN = frozenset(word.replace("ʼ", "") for word in words.PLAIN_WORDS)


def _ukrainian(typed: str, word: str) -> Word:
    bare = word.replace("'", "")
    if bare in _PLAIN or bare.startswith("дитяч"):
        return Word(typed, bare, Sort.PLAIN)
    if colour := _colour_of(bare):
        return Word(typed, bare, Sort.COLOUR, (colour,))
    if garment := _stem_of(bare, _UK_GARMENTS):
        return Word(typed, bare, Sort.GARMENT, garment)
    if facts := _stem_of(bare, words.UK_STEMS):
        return Word(typed, bare, Sort.FACTS, facts)
    return Word(typed, bare, Sort.PLAIN if bare in WITHOUT else Sort.UNKNOWN)


def _english(typed: str, word: str) -> Word:
    bare = word.removesuffix("'s")
    if bare in _PLAIN or bare in WITHOUT:
        return Word(typed, bare, Sort.PLAIN)
    for form in (bare, bare.removesuffix("s"), bare.removesuffix("es"), bare.removesuffix("ed")):
        if form in words.EN_COLOUR_STEMS:
            return Word(typed, form, Sort.COLOUR, (words.EN_COLOUR_STEMS[form],))
        if form in _EN_GARMENTS:
            return Word(typed, form, Sort.GARMENT, _EN_GARMENTS[form])
        if form in words.EN_STEMS:
            return Word(typed, form, Sort.FACTS, words.EN_STEMS[form])
    return Word(typed, bare, Sort.UNKNOWN)


def read_words(text: str) -> list[Word]:
    """Every word of a text with its reading; a hyphenated word that is in no table is read part by part."""
    found: list[Word] = []
    plain = unicodedata.normalize("NFC", text).translate(APOSTROPHES)
    for phrase, word in PHRASES:
        plain = phrase.sub(word, plain)
    for match in WORD.finditer(plain):
        typed = match.group()
        if typed in ",;.":
            found.append(Word(typed, typed, Sort.PAUSE))
            continue
        read = _read(typed)
        if read.sort is Sort.UNKNOWN and "-" in typed:
            found.extend(_read(part) for part in typed.split("-"))
        else:
            found.append(read)
    return found


def _read(typed: str) -> Word:
    word = normal_form(typed)
    return _ukrainian(typed, word) if CYRILLIC.search(word) else _english(typed, word)


@dataclass(slots=True)
class _Reader:
    words: list[Word]
    facts: set[str] = field(default_factory=set)
    unknown: list[str] = field(default_factory=list)
    widened: list[str] = field(default_factory=list)

    def read(self) -> None:
        skip = self._negated()
        for i, word in enumerate(self.words):
            if i in skip or word.sort is Sort.UNKNOWN:
                self.unknown.append(word.typed)
            elif word.sort is Sort.COLOUR:
                self._bind(i)
            elif word.sort is Sort.GARMENT:
                self.facts.add("person")
            elif word.sort is Sort.FACTS and word.meaning[0].startswith("count:") and not self._counts_people(i):
                self.unknown.append(word.typed)
            elif word.sort is Sort.FACTS and not self._modifies(i):
                self.facts.update(word.meaning)
                if word.normal in EN_GENDER or word.normal.startswith(UK_GENDER):
                    self.widened.append(word.typed)
        self._agree()

    def _negated(self) -> set[int]:
        """Words after "without": the search cannot leave things out, so these are reported instead."""
        skip: set[int] = set()
        for i, word in enumerate(self.words):
            if word.normal not in WITHOUT:
                continue
            for j in range(i + 1, min(i + 4, len(self.words))):
                if self.words[j].sort in (Sort.FACTS, Sort.GARMENT):
                    if self.words[j].meaning[0] == "person":
                        self.facts.add("empty")
                    skip.update(range(i, j + 1))
                    break
        if "empty" in self.facts:
            self.words = [word for i, word in enumerate(self.words) if i not in skip]
            return set()
        return skip

    def _modifies(self, i: int) -> bool:
        """ "dark" before a colour, "school" before a bus: no time of day and no place."""
        following = self.words[i + 1] if i + 1 < len(self.words) else None
        if following is None:
            return False
        if self.words[i].normal == "dark":
            return following.sort is Sort.COLOUR
        if self.words[i].meaning == ("mono",) and (parts := self._parts(following)):  # «чорно-біла куртка»
            self.facts.update(f"{part}:{name}" for part in parts for name in ("black", "white"))
            return True
        about_school = self.words[i].meaning == ("place:schoolyard",) and following.sort is Sort.FACTS
        return about_school and following.meaning[0] in ("bus", "backpack", "bag", "person")

    def _counts_people(self, i: int) -> bool:
        """Only people are counted, where they are told of next or stand by themselves («двоє у червоному»)."""
        things = [word for word in self.words[i + 1 : i + 4] if word.sort is Sort.FACTS and self._parts(word)]
        return not things or things[0].meaning[0] == "person"

    def _bind(self, i: int) -> None:
        name = self.words[i].meaning[0]
        after = self.words[i + 1].normal if i + 1 < len(self.words) else ""
        # «у білому та сірих штанах»: the singular ending shows that the first colour is not the trousers'.
        alone = self.words[i].normal.endswith("ому") and after in ("та", "і", "й")
        parts = None if alone or after in BACKWARD else self._ahead(i)
        parts = parts or self._behind(i) or self._anywhere()
        if parts == ("colourless",):
            self.unknown.append(self.words[i].typed)
            return
        self.facts.update(f"{part}:{name}" for part in parts)
        if "upper" in parts or "lower" in parts:
            self.facts.add("person")

    def _parts(self, word: Word) -> tuple[str, ...] | None:
        """Which colours a noun can have, or None where it is no noun of that kind."""
        if word.sort is Sort.GARMENT:
            return word.meaning
        if word.sort is not Sort.FACTS:
            return None
        if word.meaning[0] == "person" or "rider" in word.meaning:
            return ("upper",)
        if word.meaning[0] == "umbrella":
            return ("umbrella",)
        if word.meaning[0] in COLOURLESS_THINGS:
            return ("colourless",)
        return ("colour",) if word.meaning[0] in COLOURED_THINGS else None

    def _ahead(self, i: int) -> tuple[str, ...] | None:
        for word in self.words[i + 1 : i + 5]:
            verb = word.meaning and word.meaning[0].startswith("pose:")
            if verb or word.sort is Sort.PAUSE or word.normal in PREPOSITIONS | WORN:
                return None
            if parts := self._parts(word):
                return parts
        return None

    def _behind(self, i: int) -> tuple[str, ...] | None:
        if i and self.words[i - 1].normal in WORN:
            return ("upper",)
        for word in reversed(self.words[max(0, i - 4) : i]):
            if parts := self._parts(word):
                return parts
        return None

    def _anywhere(self) -> tuple[str, ...]:
        found = [parts for word in self.words if (parts := self._parts(word)) and parts != ("colourless",)]
        return found[0] if found else ("upper", "colour")

    def _agree(self) -> None:
        """Settles facts that say the same twice: a lorry is no car, a child no adult, a cyclist is on a bicycle."""
        if self.facts & {"truck", "van", "bus"}:
            self.facts -= {"car", "vehicle"}
        if {"child", "adult"} <= self.facts:
            self.facts.discard("adult")
        if "rider" in self.facts or ("person" in self.facts and self.facts & set(RIDDEN)):
            self.facts |= {"rider", "person"}
        if "empty" in self.facts:
            self.facts -= {"person", "adult", "child"}
        if any(fact.startswith("count:") for fact in self.facts):
            self.facts.add("group")
        if "night" in self.facts:
            self.facts.discard("day")
        if "group" in self.facts:
            self.facts = (self.facts - {"adult"}) | {"person"}
        if "person" not in self.facts:
            self.facts -= {f"pose:{pose}" for pose in POSES}


def parse_query(text: str) -> ParsedQuery:
    """Reads a search text; see `ParsedQuery`."""
    reader = _Reader(read_words(text))
    reader.read()
    return ParsedQuery(text, frozenset(reader.facts), tuple(reader.unknown), tuple(reader.widened))
