"""What a search text says is not there. The search cannot leave things out, so that these words are told instead.

A negation reaches to the first thing or person that follows, as far as no comma and no preposition comes between, and
over "or" to the next; «немає» reaches back, too. Only "without people", of nobody else, is something to look for: a
picture in which nobody is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gpu_jobs.offline_model.links import ABSENT, AND, JOINING, NEGATIONS, OR, PREPOSITIONS, WITHOUT, WORN
from gpu_jobs.offline_model.scenes import EXTRAS, KINDS
from gpu_jobs.offline_model.word_reading import Sort, Word, is_widened

_STOPS = PREPOSITIONS | WORN | JOINING
_NOBODY = frozenset(["nobody", "nothing", "anybody", "нікого", "никого"])  # «нікого немає» says it once
_THINGS = frozenset((*KINDS, *EXTRAS, "vehicle"))
UNKNOWN_MAX = 2  # words that nobody knows, before what is negated: «без нагляду дорослих»


@dataclass(frozen=True, slots=True)
class Negation:
    """`at`: the word that negates; `first` and `more`: the words that it takes in, by their place, those that say
    something; `of_people`: what is not there is people, of any kind."""

    at: int
    first: Sequence[int]
    more: Sequence[int] = ()
    of_people: bool = False


def negations(words: Sequence[Word]) -> Iterator[Negation]:
    """In order; no word is in two of them."""
    past = 0
    for i, word in enumerate(words):
        if i < past or word.normal not in NEGATIONS:
            continue
        found = _backward(words, i, past) or _forward(words, i)
        if any(words[j].normal in _NOBODY for j in found.first):
            continue
        past = max((i, *found.first, *found.more)) + 1
        yield found


def _backward(words: Sequence[Word], i: int, past: int) -> Negation | None:
    """«червоної машини немає на вулиці»: what follows says where."""
    if words[i].normal not in ABSENT or i == past or words[i - 1].sort not in (Sort.FACTS, Sort.GARMENT):
        return None
    if words[i - 1].normal in _NOBODY:
        return Negation(i, [i - 1])
    following = words[i + 1] if i + 1 < len(words) else None
    if following and following.sort is not Sort.PAUSE and following.normal not in _STOPS:
        return None
    start = i - 1
    while start > past and words[start - 1].sort is Sort.COLOUR:
        start -= 1
    first = range(start, i)
    return Negation(i, first, of_people=len(first) == 1 and _any_person(words[start]))


def _forward(words: Sequence[Word], i: int) -> Negation:
    first = _reach(words, i + 1)
    if not first:
        return Negation(i, ())
    end = first[-1]
    more: list[int] = []
    while joined := _joined(words, end, _names_person(words[first[-1]])):
        more += joined
        end = joined[-1]
    if words[i].normal not in WITHOUT:
        return Negation(i, _of_its_colour(words, first), _of_its_colour(words, more))
    of_people = len(first) == 1 and _any_person(words[first[0]])
    worn = _worn(words, end) if _names_person(words[end]) else []
    return Negation(i, first, [*more, *worn], of_people=of_people and not worn)


def _worn(words: Sequence[Word], end: int) -> list[int]:
    """ "without a woman in a red coat": where she is not, her coat is not either."""
    found: list[int] = []
    if end + 1 < len(words) and words[end + 1].normal in WORN:
        for j, word in enumerate(words[end + 2 :], end + 2):
            if word.normal in JOINING or word.sort not in (Sort.PLAIN, Sort.COLOUR, Sort.SHADE, Sort.GARMENT):
                break
            if word.sort is not Sort.PLAIN:
                found.append(j)
            if word.sort is Sort.GARMENT:
                break
    return found


def _of_its_colour(words: Sequence[Word], reached: Sequence[int]) -> Sequence[int]:
    """«не синя куртка»: there is a jacket, of another colour."""
    coloured = any(words[j].sort in (Sort.COLOUR, Sort.SHADE) for j in reached)
    return [j for j in reached if not (coloured and words[j].sort in (Sort.FACTS, Sort.GARMENT))]


def _joined(words: Sequence[Word], end: int, people: bool) -> list[int]:
    """ "or" takes in whatever follows; "and" only a bare noun, and no person where things are not there."""
    joint = words[end + 1].normal if end + 2 < len(words) else None
    if joint in OR:
        return _reach(words, end + 2)
    following = words[end + 2] if joint in AND else None
    if following and _is_thing(following) and (people or not _names_person(following)):
        return [end + 2]
    return []


def _reach(words: Sequence[Word], start: int) -> list[int]:
    """Up to the first thing or person; where none is named, what is said of it: «без червоного», «без бороди»."""
    found: list[int] = []
    unknown = 0
    for j, word in enumerate(words[start:], start):
        if word.sort is Sort.PAUSE or word.normal in NEGATIONS or (found and word.normal in _STOPS):
            break
        if word.sort is Sort.PLAIN:
            continue
        noun, leads_on = word.sort in (Sort.FACTS, Sort.GARMENT), _leads_on(words, j)
        unknown += word.sort is Sort.UNKNOWN
        if unknown > UNKNOWN_MAX or (unknown and not noun and word.sort is not Sort.UNKNOWN):
            break
        if found and noun and not leads_on and not _is_thing(word):
            break
        found.append(j)
        if noun and not leads_on:
            break
    return found


def _leads_on(words: Sequence[Word], j: int) -> bool:
    """Of a noun that says what sort of thing the next one is: "school bus", "two people", "a crowd of children"."""
    if words[j].sort is not Sort.FACTS or not words[j].meaning[0].startswith(("count:", "group", "place:schoolyard")):
        return False
    following = [word for word in words[j + 1 : j + 3] if word.normal != "of"][:1]
    return any(_is_thing(word) for word in following)


def _is_thing(word: Word) -> bool:
    return word.sort is Sort.GARMENT or (word.sort is Sort.FACTS and word.meaning[0] in _THINGS)


def _names_person(word: Word) -> bool:
    return word.sort is Sort.FACTS and "person" in word.meaning


def _any_person(word: Word) -> bool:
    """No woman and no child: without them there may be others."""
    return word.sort is Sort.FACTS and word.meaning == ("person",) and not is_widened(word)
