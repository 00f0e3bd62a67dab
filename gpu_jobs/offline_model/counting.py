"""Whether a number in a search text counts people, whom alone the model counts: "two drunk men", «двоє в чорному».

A number is no group where it counts something else (hours, bottles, cars) or nothing at all ("camera two", "at five").
"""

from __future__ import annotations

from collections.abc import Sequence

from gpu_jobs.offline_model.links import PREPOSITIONS, WORN
from gpu_jobs.offline_model.word_reading import Sort, Word

_SKIPPED = (Sort.PLAIN, Sort.COLOUR, Sort.SHADE, Sort.ATTRIBUTE)
_OF_PEOPLE = ("двоє", "троє", "четверо", "пятеро")  # nothing but people and animals is counted so
_AROUND = ("pose:", "place:", "night", "day", "dusk", "rain", "mono")
_NUMBERED = frozenset(
    [
        "at",
        "aged",
        "camera",
        "cameras",
        "room",
        "gate",
        "number",
        "камера",
        "камері",
        "камери",
        "камеру",
        "кабінет",
        "номер",
    ]
)


def counts_people(words: Sequence[Word], i: int) -> bool:
    """Whether the number at `i` counts people: those told of next, or else whoever it stands for by itself."""
    apart = False  # a preposition ends what is counted: "two in the shop"
    for j, word in enumerate(words[i + 1 :], i + 1):
        if word.sort is Sort.PAUSE:
            break
        if word.sort in _SKIPPED:
            apart = apart or word.normal in PREPOSITIONS | WORN
        elif word.sort is Sort.UNKNOWN or word.meaning[0] == "place:schoolyard":  # "two drunk men", "school children"
            return apart or words[i].normal in _OF_PEOPLE or (j + 1 < len(words) and _is_person(words[j + 1]))
        elif word.sort is Sort.GARMENT:
            return apart
        elif not word.meaning[0].startswith("count:"):
            alone = apart or word.meaning[0].startswith("pose:")
            return _is_person(word) or (alone and word.meaning[0].startswith(_AROUND))
    return i == 0 or words[i - 1].normal not in _NUMBERED


def _is_person(word: Word) -> bool:
    return word.sort is Sort.FACTS and word.meaning[0] == "person"
