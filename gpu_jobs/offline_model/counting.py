"""Whether a number in a search text counts people, whom alone the model counts: "two drunk men", «двоє на мотоциклі».

A number is no group where it counts something else (hours, bottles, cars) or nothing ("camera two", "boy, five").
"""

from __future__ import annotations

from collections.abc import Sequence

from gpu_jobs.offline_model.colour_reading import parts_of
from gpu_jobs.offline_model.links import PREPOSITIONS, WORN
from gpu_jobs.offline_model.word_reading import Sort, Word

_OF_PEOPLE = frozenset(["двоє", "троє", "четверо", "пятеро"])  # nothing but people and animals is counted so
_OF = frozenset(["of", "з", "із", "зі", "из"])
_ENDS = (PREPOSITIONS | WORN) - {"of"}  # what is counted stands before: "two in the shop", "two of the men"
_SEVERAL = ("several", "кільк", "несколько")
_GATHERING = (*_SEVERAL, "group", "груп", "crowd", "натовп", "толп")
_OF_MEASURES = """
годин хвилин секунд доб дн день діб тиж місяц рок рік раз метр час минут недел месяц лет год
hour minute second day week month year time metre meter
"""
_MEASURES = tuple(_OF_MEASURES.split())
_NUMBERED = frozenset("at aged of camera cameras room gate number камера камери камері камеру номер".split())  # noqa: SIM905


def counts_people(words: Sequence[Word], i: int) -> bool:
    """Whether the number at `i` counts people: those told of next, or those that it stands for by itself."""
    for j, word in enumerate(words[i + 1 :], i + 1):
        if word.sort is Sort.PAUSE or word.normal in _ENDS or _says(word, "pose:"):
            return _stands_for_people(words, i, j)
        if _is_people(word):
            return True
        if _may_describe(word) or word.normal.startswith(_MEASURES):
            return _describes_people(words, j) or words[i].normal in _OF_PEOPLE
        if word.sort is Sort.GARMENT or (word.sort is Sort.FACTS and not _says(word, "count:")):
            return False
    return _stands_for_people(words, i, len(words))


def gathers_people(words: Sequence[Word], i: int) -> bool:
    """Whether what gathers at `i` are people: "several men", "a crowd"; not "several cars", nor «кілька хвилин»."""
    if not words[i].normal.startswith(_GATHERING):  # "together": who is told of elsewhere
        named = [word for word in words if word.sort is Sort.FACTS and parts_of(word)]
        return not named or any(map(_is_people, named))
    for j, word in enumerate(words[i + 1 :], i + 1):
        if word.sort is Sort.PAUSE or word.normal in _ENDS:
            return True
        if word.sort is Sort.UNKNOWN:
            return not words[i].normal.startswith(_SEVERAL) or _describes_people(words, j)
        if word.sort is Sort.FACTS and not _says(word, "count:"):
            return _is_people(word) or parts_of(word) is None
    return True


def _describes_people(words: Sequence[Word], j: int) -> bool:
    """Whether the words from `j` on say of what sort the people are that follow: "two tall masked men", "two school
    children"; but of «дві години тому чоловік» nobody is an hour.
    """
    for word in words[j:]:
        if word.normal.startswith(_MEASURES):
            return False
        if not _may_describe(word):
            return _is_people(word)
    return False


def _may_describe(word: Word) -> bool:
    return word.sort is Sort.UNKNOWN or _says(word, "place:schoolyard") or _says(word, "hood")


def _stands_for_people(words: Sequence[Word], i: int, end: int) -> bool:
    """ "two in black", «троє», "a group of five": a bare number may be anything's."""
    before = words[i - 1].normal if i else ""
    if words[i].normal in _OF_PEOPLE or (i > 1 and before in _OF and _says(words[i - 2], "group")):
        return True
    if end == len(words) or words[end].sort is Sort.PAUSE or before in _NUMBERED:
        return False
    if _says(words[end], "pose:"):
        return True
    for word in words[end + 1 :]:
        if word.sort is Sort.PAUSE or word.normal in _ENDS:
            return True
        if word.sort in (Sort.FACTS, Sort.GARMENT, Sort.UNKNOWN):  # "two in a car" may be dogs
            return word.sort is not Sort.FACTS or _is_people(word) or parts_of(word) is None
    return True


def _is_people(word: Word) -> bool:
    return _says(word, "person") or (word.sort is Sort.FACTS and "rider" in word.meaning)


def _says(word: Word, fact: str) -> bool:
    return word.sort is Sort.FACTS and word.meaning[0].startswith(fact)
