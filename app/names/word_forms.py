"""What a name is without its ending, and which names a word may be a form of: people type what stands in a document,
and it stands there in whatever case the sentence has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

VOWELS = "aeiou"
LETTERS_MIN = 2  # of what is left
# In sounds: -ові, -еві, -ому, -ого, -ом, -ем, -им, -их. Those of vowels alone (-а, -у, -ої, -ою) go anyway.
_CASES = ("ovi", "evi", "omu", "emu", "oho", "eho", "om", "em", "im", "ih")
_FLEETING = (
    ("^([^aeiou])e([^aeiou])c$", r"\1\2ec"),  # Шевця: of Швець
    ("(?<=[aeou])i([ckn])$", r"e\1"),  # Зайця: of Заєць
    ("(?<=[^aeiou])([lrnkt])$", r"e\1"),  # Орла: of Орел
    ("(?<=[^aeiou])([lrnkt])$", r"o\1"),  # Дубка: of Дубок
    ("[oe]([lrnktd])$", r"i\1"),  # Сокола: of Сокіл; not Іванова, who is of Іванов
)
_FATHERS = ("oviC", "eviC", "iviC", "ovna", "evna", "ivna", "iC")


def stem(sound: str) -> str:
    """Of a name as it stands in a document of its own: without the vowels at its end."""
    bare = sound.rstrip(VOWELS)
    return bare if len(bare) >= LETTERS_MIN else sound


def stems(sound: str) -> tuple[str, ...]:
    """Of a name in any case: first as if it were in the first case."""
    return tuple(dict.fromkeys(_stems(sound)))


def surname_stems(sound: str) -> tuple[str, ...]:
    """As `stems`, with the vowels that some surnames have in the first case alone: Орел, Орла; Заєць, Зайця. Given
    names have too few letters for that: Ольги would be of Олег.
    """
    oblique = [*([stem(sound)] if sound[-1] in "aeiu" else []), *map(stem, _without_case(sound))]
    return tuple(dict.fromkeys((*stems(sound), *(whole for form in oblique for whole in _with_fleeting(form)))))


def fathers_stem(sound: str) -> str | None:
    """Of a patronymic: the stem of the father's name; None where the word is none."""
    bare = sound.rstrip(VOWELS)
    for nominative in dict.fromkeys((sound, *_without_case(sound), bare, f"{bare}a")):
        for ending in _FATHERS:
            if nominative.endswith(ending) and len(nominative) >= len(ending) + LETTERS_MIN:
                return stem(nominative.removesuffix(ending))
    return None


def slips_of(whole: str) -> Iterator[tuple[int, str]]:
    """For the index: the stem without one letter, and where that was."""
    for place in range(len(whole)):
        yield place, whole[:place] + whole[place + 1 :]


def wholes_near(typed: str) -> Iterator[str]:
    """Stems of which the typed one has a letter too many, or two neighbouring ones exchanged."""
    for place in range(len(typed)):
        yield typed[:place] + typed[place + 1 :]
    for place in range(len(typed) - 1):
        yield typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :]


def slips_near(typed: str) -> Iterator[tuple[int, str]]:
    """As `slips_of` has them, of stems of which the typed one has another letter, or lacks one."""
    yield from slips_of(typed)
    for place in range(len(typed) + 1):
        yield place, typed


def _stems(sound: str) -> Iterator[str]:
    for form in (sound, *_without_case(sound)):
        whole = stem(form)
        yield whole
        if re.search("[^aeiou]c$", whole):  # Кравця: of Кравець
            yield f"{whole[:-1]}ec"


def _with_fleeting(oblique: str) -> Iterator[str]:
    """Of the stem of another case than the first: the stems of the first one that it may be of."""
    for pattern, first in _FLEETING:
        if re.search(pattern, oblique):
            yield re.sub(pattern, first, oblique)


def _without_case(sound: str) -> Iterator[str]:
    for ending in _CASES:
        if sound.endswith(ending) and len(sound) >= len(ending) + LETTERS_MIN:
            yield sound.removesuffix(ending)
