"""Reads a search text in English or Ukrainian: the facts it asks for, and the words that the model cannot know.

The rules are few and plain: every word is looked up by its stem (`word_reading`), a colour belongs to the nearest thing
that can have one, what is misspelt is told with what it was read as, and whatever is in no table is reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from gpu_jobs.offline_model.attributes import attributed
from gpu_jobs.offline_model.colour_reading import COLOURLESS, coloured, coloured_ahead, is_shading, is_worn, parts_of
from gpu_jobs.offline_model.counting import counts_people, gathers_people
from gpu_jobs.offline_model.links import JOINING, NEGATIONS, PREPOSITIONS, WORN
from gpu_jobs.offline_model.negation import Negation, negations
from gpu_jobs.offline_model.scenes import POSES, RIDDEN
from gpu_jobs.offline_model.word_reading import (
    CYRILLIC,
    Sort,
    Word,
    corrected,
    is_widened,
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
    (re.compile(r"\bday light\b", re.IGNORECASE), "daylight"),
    (re.compile(r"\b(?:при |за )?денн\w+ світл\w+", re.IGNORECASE), "вдень"),
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
BEFORE_DARK = frozenset(["the", "is", "was", "after", "before", "at"])
AFTER_DARK = PREPOSITIONS | WORN | JOINING | NEGATIONS | {"outside"}


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
    return attributed([corrected(word) if word.sort is Sort.UNKNOWN else word for word in _in_one_alphabet(found)])


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
    unknown: set[int] = field(default_factory=set)  # by their places
    widened: list[str] = field(default_factory=list)

    def read(self) -> None:
        self._leave_out()
        people = self._names_people()
        for i, word in enumerate(self.words):
            if word.sort in (Sort.UNKNOWN, Sort.ATTRIBUTE):
                self.unknown.add(i)
            elif word.sort is Sort.SHADE and not is_shading(self.words, i):
                self._shadow(i, people)
            elif word.sort is Sort.COLOUR:
                self._bind(i)
            elif word.sort is Sort.GARMENT:
                self.facts.add("person")
            elif word.sort is Sort.FACTS:
                self._take(i, people)
        self._agree()

    def _take(self, i: int, people: bool) -> None:
        word = self.words[i]
        if self._is_of_things(i) or (people and word.meaning[0] == "empty"):  # "man with empty hands"
            self.unknown.add(i)
        elif not self._modifies(i):
            self.facts.update(word.meaning)
            if is_widened(word):
                self.widened.append(word.typed)

    def _is_of_things(self, i: int) -> bool:
        """A number or a group, but not of people."""
        first = self.words[i].meaning[0]
        if first == "group":
            return not gathers_people(self.words, i)
        return first.startswith("count:") and not counts_people(self.words, i)

    def _leave_out(self) -> None:
        """What is not to be there cannot be left out, and is told; but "without people" is something to look for."""
        found = list(negations(self.words))
        for each in found:
            for i in (each.at, *each.first, *each.more):
                self.words[i] = replace(self.words[i], sort=Sort.UNKNOWN)
        people = self._names_people()
        for each in found:
            self._settle(each, nobody=each.of_people and not people)

    def _settle(self, negation: Negation, *, nobody: bool) -> None:
        if nobody:
            self.facts.add("empty")
        understood = [*negation.first, *([] if negation.more else [negation.at])] if nobody else []
        for i in understood:
            self.words[i] = replace(self.words[i], sort=Sort.PLAIN)
        for i in {negation.at, *negation.first, *negation.more}.difference(understood):
            self.words[i] = replace(self.words[i], read_as=())

    def _names_people(self) -> bool:
        return any(self._is_person(i) for i in range(len(self.words)))

    def _is_person(self, i: int) -> bool:
        word = self.words[i]
        if word.sort is Sort.COLOUR:  # «у червоному»
            return is_worn(self.words, i) and coloured_ahead(self.words, i) is None
        if word.sort is not Sort.FACTS:
            return word.sort is Sort.GARMENT
        named = word.meaning[0].startswith("count:") or not {"person", "rider", "group"}.isdisjoint(word.meaning)
        return named and not self._is_of_things(i)

    def _shadow(self, i: int, people: bool) -> None:
        """ "in the dark" is night, and so is "a car in dark"; a dark jacket is one of a colour that nobody said."""
        before, word, after = (self.words[j] if 0 <= j < len(self.words) else None for j in (i - 1, i, i + 1))
        named = before is None or before.sort is Sort.PAUSE or before.normal in BEFORE_DARK
        alone = after is None or after.sort is Sort.PAUSE or after.normal in AFTER_DARK
        if after is not None and after.sort is Sort.FACTS:
            alone = after.meaning[0].startswith(("pose:", "night", "rain", "mono"))
            named = named or after.meaning[0] == "night"  # "a dark night"
        named = named or (before is not None and before.normal == "in" and not people)
        if word is not None and word.normal == "dark" and named and alone:
            self.facts.add("night")
        else:
            self.unknown.add(i)

    def _modifies(self, i: int) -> bool:
        """ "school" before a bus: no place."""
        following = self.words[i + 1] if i + 1 < len(self.words) else None
        if following is None:
            return False
        if self.words[i].normal.startswith("чорно-біл") and (parts := parts_of(following)):  # «чорно-біла куртка»
            self.facts.update(f"{part}:{name}" for part in parts for name in ("black", "white"))
            return True
        about_school = self.words[i].meaning == ("place:schoolyard",)
        return about_school and following.meaning[:1] in (("bus",), ("backpack",), ("bag",), ("person",))

    def _bind(self, i: int) -> None:
        colours = self.words[i].meaning  # several, where a misspelt word may be any of them
        parts = coloured(self.words, i)
        if parts == COLOURLESS:
            self.unknown.add(i)
            return
        self.facts.update(f"{part}:{name}" for part in parts for name in colours)
        if "upper" in parts or "lower" in parts:
            self.facts.add("person")

    def _agree(self) -> None:
        """Settles facts that say the same twice: a lorry is no car, a child no adult, a cyclist is on a bicycle."""
        if self.facts & {"truck", "van", "bus"}:
            self.facts -= {"car", "vehicle"}
        if {"child", "adult"} <= self.facts:
            self.facts.discard("adult")
        if "rider" in self.facts or ("person" in self.facts and self.facts & set(RIDDEN)):
            self.facts |= {"rider", "person"}
        if "empty" in self.facts:
            self.facts.discard("person")
        if any(fact.startswith("count:") for fact in self.facts):
            self.facts.add("group")
        if "night" in self.facts:
            self.facts.discard("day")
        if "group" in self.facts:
            self.facts = (self.facts - {"adult"}) | {"person"}
        if "person" not in self.facts:
            self._tell_poses()

    def _tell_poses(self) -> None:
        """Of people alone the model knows what they do: «собака біжить» is any dog."""
        for i, word in enumerate(self.words):
            if word.sort is Sort.FACTS and word.meaning[0].startswith("pose:"):
                self.unknown.add(i)
                self.words[i] = replace(word, read_as=())
        self.facts -= {f"pose:{pose}" for pose in POSES}


def parse_query(text: str) -> ParsedQuery:
    """Reads a search text; see `ParsedQuery`. Where it says nothing to look for, every word is told."""
    reader = _Reader(read_words(text))
    reader.read()
    if not reader.facts and not reader.unknown:
        reader.unknown = {i for i, word in enumerate(reader.words) if word.sort is not Sort.PAUSE}
    unknown = tuple(reader.words[i].typed for i in sorted(reader.unknown))
    read_as = dict.fromkeys((word.typed, read) for word in reader.words for read in word.read_as)
    return ParsedQuery(text, frozenset(reader.facts), unknown, tuple(reader.widened), tuple(read_as))
