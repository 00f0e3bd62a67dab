"""What of a name is kept, and what is asked of what is kept: features, each a short text that a key then makes a token.

No feature is of a given name alone: of these there are so few, and some so common, that counting would tell them. What
is kept of a child is of the surname, of surname and given name together, and of either with the father's name or the
year of birth; where no given name is known, that is kept with the surname. The surname is kept with each of its letters
left out, so that a slip is found; a slip in the given name is found in the list of given names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations
from typing import TypeAlias

from app.names.given_names import names_called, names_in_any_case, names_near
from app.names.sounds import sounds, words
from app.names.word_forms import fathers_stem, slips_near, slips_of, stem, stems, surname_stems, wholes_near
from domain.personal import ChildIdentity

SAME, CLOSE = "same", "close"  # domain.vocabulary.NAME_MATCHES
SURNAME, GIVEN_NAME, PATRONYMIC, BIRTH_YEAR = "surname", "given-name", "patronymic", "birth-year"  # NAME_PARTS
QUERY_WORDS_MAX = 5
FEATURES_MAX = 192  # of one child: many other names would make a child known by how much is kept of it
PAIR_LETTERS_MIN, ALONE_LETTERS_MIN = 4, 5  # of a stem in which a slip is looked for: with more than it, and alone
NOT_GIVEN = ""  # in the place of the given name of a child of whom none is known

Asked: TypeAlias = dict[str, tuple[str, frozenset[str]]]  # feature -> how like it is (SAME | CLOSE), in what it agrees

_YEAR = re.compile(r"(?:19|20)\d\d")


def kept_of(identity: ChildIdentity) -> tuple[str, ...]:
    """The features of a child, in no order that says anything; the most telling are kept where there are too many."""
    others = [word for name in identity.other_names for word in words(name)]
    surnames = dict.fromkeys((*words(identity.surname), *others))
    given = dict.fromkeys((*(words(identity.given_name) or (NOT_GIVEN,)), *others))
    fathers = [found for word in words(identity.patronymic) for sound in sounds(word)[:1] if (found := _father(sound))]
    year = year_of(identity.born)
    kept: dict[str, None] = {}
    for surname in surnames:
        for sound in sounds(surname)[:2]:
            kept.update(dict.fromkeys(_of_surname(stem(sound), surname, given, fathers, year)))
    if year:
        kept.update({_given_year(name, year): None for word in given if word for name in _given(word)})
    return tuple(sorted(list(kept)[:FEATURES_MAX]))


def asked_for(name: str, born: str = "") -> Asked:
    """What is looked for by the words of a name, in any order and case, and the year of birth where it is known."""
    asked: Asked = {}
    typed = tuple(dict.fromkeys(words(name)))[:QUERY_WORDS_MAX]
    year = year_of(born) or next(iter(_YEAR.findall(name)), "")
    fathers = {found for word in typed for sound in sounds(word)[:1] if (found := _father(sound))}
    for surname, given in permutations(typed, 2):
        _ask_for_pair(asked, surname, given)
    for word in typed:
        if len(typed) == 1:
            _ask_for_surname(asked, word)
        for whole in _stems_of(word):
            for father in fathers:
                _ask(asked, f"F:{whole}|{father}", SAME, SURNAME, PATRONYMIC)
        if year:
            _ask_for_year(asked, word, year)
            for given_name, grade in _given_as_typed(word).items():
                _ask(asked, _given_year(given_name, year), grade, GIVEN_NAME, BIRTH_YEAR)
    return asked


def is_given_name_alone(name: str, born: str = "") -> bool:
    """Whether all that is typed is a given name, of which nothing is kept by itself: none called so is looked for."""
    typed = words(name)
    if len(typed) != 1 or year_of(born) or _YEAR.search(name):
        return False
    return any(names_called(sound) or names_in_any_case(sound) for sound in sounds(typed[0]))


def year_of(born: str) -> str:
    return born[:4]


def _of_surname(whole: str, surname: str, given: dict[str, None], fathers: list[str], year: str) -> Iterator[str]:
    for word in given:
        if word != surname:
            for name in _given(word):
                yield f"P:{whole}|{name}"
    yield f"S:{whole}"
    yield from (f"F:{whole}|{father}" for father in fathers)
    if year:
        yield f"Y:{whole}|{year}"
    if len(whole) >= PAIR_LETTERS_MIN:
        for name in (name for word in given if word != surname for name in _given(word)):
            yield from (f"P{place}:{left}|{name}" for place, left in slips_of(whole))
        if year:
            yield from (f"Y{place}:{left}|{year}" for place, left in slips_of(whole))
    if len(whole) >= ALONE_LETTERS_MIN:
        yield from (f"S{place}:{left}" for place, left in slips_of(whole))


def _ask_for_pair(asked: Asked, surname: str, given: str) -> None:
    for name, grade in _given_as_typed(given).items():
        for whole in _stems_of(surname):
            _ask(asked, f"P:{whole}|{name}", grade, SURNAME, GIVEN_NAME)
        for kept in _with_a_slip(surname):
            _ask(asked, f"P{kept}|{name}", CLOSE, SURNAME, GIVEN_NAME)
    for whole in _stems_of(surname):
        _ask(asked, f"P:{whole}|{NOT_GIVEN}", CLOSE, SURNAME)


def _ask_for_year(asked: Asked, surname: str, year: str) -> None:
    for whole in _stems_of(surname):
        _ask(asked, f"Y:{whole}|{year}", SAME, SURNAME, BIRTH_YEAR)
    for kept in _with_a_slip(surname):
        _ask(asked, f"Y{kept}|{year}", CLOSE, SURNAME, BIRTH_YEAR)


def _with_a_slip(surname: str) -> Iterator[str]:
    """How a surname is kept that is meant by one with a slip, where more than the surname agrees."""
    for typed in _whole_or_stem(surname):
        if len(typed) >= PAIR_LETTERS_MIN:
            yield from (f":{whole}" for whole in wholes_near(typed))
            yield from (f"{place}:{left}" for place, left in slips_near(typed))
        elif len(typed) == PAIR_LETTERS_MIN - 1:  # it may lack a letter
            yield from (f"{place}:{typed}" for place in range(PAIR_LETTERS_MIN))


def _ask_for_surname(asked: Asked, word: str) -> None:
    for whole in _stems_of(word):
        _ask(asked, f"S:{whole}", SAME, SURNAME)
    for typed in _whole_or_stem(word):
        if len(typed) >= ALONE_LETTERS_MIN:
            for whole in wholes_near(typed):
                _ask(asked, f"S:{whole}", CLOSE, SURNAME)
            for place, left in slips_near(typed):
                _ask(asked, f"S{place}:{left}", CLOSE, SURNAME)


def _ask(asked: Asked, feature: str, grade: str, *parts: str) -> None:
    if asked.get(feature, (CLOSE,))[0] == CLOSE:
        asked[feature] = (grade, frozenset(parts))


def _stems_of(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(whole for sound in sounds(word) for whole in surname_stems(sound)))


def _whole_or_stem(word: str) -> tuple[str, ...]:
    """In which a slip is looked for: a vowel at the end may be an ending, or what is left of the name's own end."""
    return tuple(dict.fromkeys(form for sound in sounds(word) for form in (stem(sound), sound)))


def _given(word: str) -> tuple[str, ...]:
    """What is kept of a given name: the names of the list that it is a form of, or its own stem."""
    if word == NOT_GIVEN:
        return (NOT_GIVEN,)
    sound = sounds(word)[0]
    return tuple(sorted(names_called(sound))) or (f"~{stem(sound)}",)


def _given_as_typed(word: str) -> dict[str, str]:
    """The names that are meant, and how surely."""
    meant: dict[str, str] = {}
    for sound in sounds(word):
        called = names_called(sound)
        cased = names_in_any_case(sound)
        near = frozenset() if called or cased else names_near(sound)
        meant.update(dict.fromkeys(near, CLOSE))
        meant.update(dict.fromkeys(cased, CLOSE if called else SAME))
        meant.update(dict.fromkeys(called, SAME))
        if not called:
            meant.update({f"~{whole}": SAME for whole in stems(sound)})
    return meant


def _father(sound: str) -> str:
    """The father's name that a patronymic is of; his name's stem where it is in no list. Empty: it is no patronymic."""
    of = fathers_stem(sound)
    return "" if of is None else min(names_in_any_case(of), default=f"~{of}")


def _given_year(name: str, year: str) -> str:
    return f"G:{name}|{year}"
