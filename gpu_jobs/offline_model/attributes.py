"""Words that only say of what sort the next thing is: no bus is at a "bus stop", nobody runs in "running shoes", and a
"school uniform" is worn anywhere. They are told; what they would mean elsewhere is not looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gpu_jobs.offline_model.colour_reading import COLOURED_THINGS, COLOURLESS, parts_of
from gpu_jobs.offline_model.scenes import LIGHTS
from gpu_jobs.offline_model.word_reading import CYRILLIC, Sort, Word

_HEAD_WORDS = """
stop station shelter lane driver drivers shoe shoes boot boots trainers sneakers stick sticks frame track helmet helmets
leash collar walker walkers seat rack ticket licence license gown club vision shift care trip blazer
teacher after before ago
"""
_HEADS = frozenset(_HEAD_WORDS.split())
_OF_VEHICLES_WORDS = """
зупинка зупинки зупинці зупинку зупинкою водій водія водію водієм водії водіїв остановка остановки остановке остановку
водитель водителя водителю водителем водители водителей
"""
_OF_VEHICLES = frozenset(_OF_VEHICLES_WORDS.split())  # before the genitive: «водій автобуса»
_GENITIVE = ("а", "я", "и", "ів", "ов", "таксі", "такси")
_PEOPLE = frozenset({"person", "rider", "group"})
_OF_HOURS = ("вечірн", "нічн", "дощов")
_OF_SCHOOL = ("форм", "вчител", "учител", "краватк", "краватц")


def attributed(words: Sequence[Word]) -> list[Word]:
    """The words, those that only say of what sort the next one is as attributes."""
    found = [replace(word, sort=Sort.ATTRIBUTE) if _is_attribute(words, i) else word for i, word in enumerate(words)]
    return list(_without_roofs(found))


def _is_attribute(words: Sequence[Word], i: int) -> bool:
    word = words[i]
    before, after = (words[j] if 0 <= j < len(words) else None for j in (i - 1, i + 1))
    if word.sort is not Sort.FACTS:
        return False
    if before and before.normal in _OF_VEHICLES and word.normal.endswith(_GENITIVE):
        return _names_vehicle(word)
    if after is None or after.sort is Sort.PAUSE:
        return False
    first = word.meaning[0]
    worn = after.sort is Sort.GARMENT
    if first == "mono":  # «чорно-біла шапка»: neither its colours nor the picture's
        return word.normal.startswith("чорно") and (after.sort is Sort.UNKNOWN or parts_of(after) == COLOURLESS)
    if first == "place:schoolyard":
        return worn or after.normal in _HEADS or after.normal.startswith(_OF_SCHOOL)
    if CYRILLIC.search(word.normal):
        dear = word.normal.startswith("дорог") and word.normal[-1] == after.normal[-1]  # «дорога машина»
        return (dear and parts_of(after) is not None) or (worn and word.normal.startswith(_OF_HOURS))
    describes = first in (*LIGHTS, "rain", "dog", "rider") or first.startswith("pose:") or _names_vehicle(word)
    return describes and (worn or after.normal in _HEADS)


def _names_vehicle(word: Word) -> bool:
    return word.sort is Sort.FACTS and word.meaning[0] in COLOURED_THINGS


def _without_roofs(words: Sequence[Word]) -> Iterator[Word]:
    """ "black car with a white top": no garment, where a vehicle is named and nobody who could wear it."""
    roofs = any(_names_vehicle(word) for word in words) and not any(_is_of_people(word) for word in words)
    for word in words:
        yield replace(word, sort=Sort.UNKNOWN) if roofs and _is_side(word) else word


def _is_of_people(word: Word) -> bool:
    if word.sort is Sort.GARMENT:
        return not _is_side(word)
    return word.sort is Sort.FACTS and not _PEOPLE.isdisjoint(word.meaning)


def _is_side(word: Word) -> bool:
    return word.sort is Sort.GARMENT and (word.normal == "top" or word.normal.startswith(("верх", "низ")))
