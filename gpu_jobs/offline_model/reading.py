"""Reads a search text in English or Ukrainian: the facts it asks for, and the words that the model cannot know.

The rules are few and plain: every word is looked up by its stem (`word_reading`), a colour belongs to the nearest thing
that can have one, what is misspelt is told with what it was read as, and whatever is in no table is reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gpu_jobs.offline_model import russian
from gpu_jobs.offline_model.scenes import POSES, RIDDEN, VEHICLES
from gpu_jobs.offline_model.word_reading import (
    CYRILLIC,
    WITHOUT,
    Sort,
    Word,
    corrected,
    normal_form,
    plain_text,
    read_word,
    transliterated,
)

WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*|[,;.]")
PHRASES = (
    (re.compile(r"\bno[- ]one\b", re.IGNORECASE), "nobody"),
    (re.compile(r"\b(?:car park|parked in a lot)\b", re.IGNORECASE), "parking"),
    (re.compile(r"\brainy day\b", re.IGNORECASE), "rain"),
    # of a picture, not of clothes: nothing follows that could have colours
    (
        re.compile(r"\bblack[- ]and[- ]white(?=\s*(?:$|[,;.]|picture|photo|image|camera|video))", re.IGNORECASE),
        "monochrome",
    ),
    # no model here knows a gate; the school says where
    (re.compile(r"\b(school)(?:'?s)? gates?\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\b(шк[іо]льн\w+) вор[оі]т\w*", re.IGNORECASE), r"\1"),
    (re.compile(r"\bвор[оі]т\w* (школ\w+)", re.IGNORECASE), r"\1"),
)
EN_GENDER = frozenset(["man", "men", "woman", "women", "lady", "boy", "girl", "guy", "schoolboy", "schoolgirl"])
UK_GENDER = ("чоловік", "жін", "хлоп", "дівч", "дядьк", "тітк", "школярк")
RU_GENDER = ("мужчин", "женщин", "мальчи", "девоч", "девуш")
_PREPOSITIONS = "with on at by near under from to over past through на з із зі біля коло поруч під до від"
PREPOSITIONS = frozenset(_PREPOSITIONS.split()) | russian.NEAR
WORN = frozenset(["in", "wearing", "dressed", "у", "в", "во"])
BACKWARD = frozenset(["кольору", "колір", "кольором"]) | russian.BACKWARD
COLOURED_THINGS = frozenset({*VEHICLES, *RIDDEN, "vehicle", "dog"})
COLOURLESS_THINGS = frozenset({"backpack", "bag", "hat"})


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """`facts`: what the text asks for, empty where nothing was understood. `unknown_words`: as typed, not taken
    into account. `widened_words`: taken in a wider sense than meant (the model tells no woman from a man). `read_as`:
    words, as typed, that were taken for others, and for which."""

    text: str
    facts: frozenset[str]
    unknown_words: tuple[str, ...]
    widened_words: tuple[str, ...]
    read_as: tuple[tuple[str, str], ...] = ()


def read_words(text: str) -> list[Word]:
    """Every word of a text with its reading; a hyphenated word that is in no table is read part by part."""
    found: list[Word] = []
    plain = plain_text(text)
    for phrase, word in PHRASES:
        plain = phrase.sub(word, plain)
    for match in WORD.finditer(plain):
        typed = match.group()
        if typed in ",;.":
            found.append(Word(typed, typed, Sort.PAUSE))
            continue
        read = read_word(typed)
        if read.sort is Sort.UNKNOWN and "-" in typed:
            found.extend(read_word(part) for part in typed.split("-"))
        else:
            found.append(read)
    return [corrected(word) if word.sort is Sort.UNKNOWN else word for word in _in_one_alphabet(found)]


def _in_one_alphabet(found: list[Word]) -> list[Word]:
    """Words in Latin letters that are Ukrainian, where more of the query's words are so than are English."""
    latin = [word for word in found if word.sort is not Sort.PAUSE and not CYRILLIC.search(normal_form(word.typed))]
    unknown = [word for word in latin if word.sort is Sort.UNKNOWN]
    meant = [word for word in unknown if transliterated(word).read_as]
    if len(meant) <= len(latin) - len(unknown):
        return found
    return [_in_cyrillic(word) if word.sort in (Sort.UNKNOWN, Sort.PLAIN) else word for word in found]


def _in_cyrillic(word: Word) -> Word:
    """Short words too, and those that are English by chance («do», «na»)."""
    if CYRILLIC.search(normal_form(word.typed)):
        return word
    return transliterated(word, short=True)


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
                if word.normal in EN_GENDER or word.normal.startswith((*UK_GENDER, *RU_GENDER)):
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
            else:  # «машина без червоного»
                coloured = [j for j in range(i + 1, min(i + 3, len(self.words))) if self.words[j].sort is Sort.COLOUR]
                skip.update(range(i, coloured[0] + 1) if coloured else ())
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
        colours = self.words[i].meaning  # several, where a misspelt word may be any of them
        after = self.words[i + 1].normal if i + 1 < len(self.words) else ""
        # «у білому та сірих штанах»: the singular ending shows that the first colour is not the trousers'.
        alone = self.words[i].normal.endswith("ому") and after in ("та", "і", "й")
        parts = None if alone or after in BACKWARD else self._ahead(i)
        parts = parts or self._behind(i) or self._anywhere()
        if parts == ("colourless",):
            self.unknown.append(self.words[i].typed)
            return
        self.facts.update(f"{part}:{name}" for part in parts for name in colours)
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
    read_as = dict.fromkeys((word.typed, read) for word in reader.words for read in word.read_as)
    return ParsedQuery(text, frozenset(reader.facts), tuple(reader.unknown), tuple(reader.widened), tuple(read_as))
