"""What a colour in a search text is of: the nearest thing that can have one, or something whose colour nobody learnt.

A colour stands before its noun, in Ukrainian at times behind it. Where the noun is a word that the model does not know,
or a thing whose colour it does not, the colour is no other thing's: the shoes are black, not the jacket.
"""

from __future__ import annotations

from collections.abc import Sequence

from gpu_jobs.offline_model.links import AND, BACKWARD, COLOURED_PLACES, ENDS_COLOUR, JOINING, NEGATIONS, WORN
from gpu_jobs.offline_model.scenes import EXTRAS, RIDDEN, VEHICLES
from gpu_jobs.offline_model.word_reading import CYRILLIC, Sort, Word, resembles_garment

Parts = tuple[str, ...]
COLOURLESS: Parts = ("colourless",)
COLOURED_THINGS = frozenset({*VEHICLES, *RIDDEN, "vehicle", "dog"})
_COLOURLESS_THINGS = frozenset({*EXTRAS} - {"umbrella"})
_VERB_ENDINGS = """
ing ed ть ться ся є чи ав ив ув ала ила ула іла ало ило уло али или ули іли шов шла шло шли
"""
_VERBS = tuple(_VERB_ENDINGS.split())
_THINGS_LIKE_VERBS = "building ceiling railing awning ring wing painting string earring shed bed sled moped"
_NO_VERBS = frozenset(_THINGS_LIKE_VERBS.split())
_ARTICLES = frozenset(["the", "a", "an"])
_OF_THE_BODY = frozenset(["haired", "headed", "skinned", "eyed", "faced", "bearded"])
_OF_SKIN = frozenset(["black", "white", "brown"])
_OF_HAIR = ("сив", "рыж", "руд")
_ANYTHING = frozenset(["thing", "things", "object", "objects", "річ", "речі", "предмет", "предмети"])
_PLURAL_ENDINGS = ("і", "их", "іх", "ими", "іми", "ие", "ые", "ых")
_ADJECTIVE_ENDINGS = ("ий", "ій", "ої", "ого", "ому", "их", "ими", "ый", "ой", "ая")
NEAR_WORDS = 4


def coloured(words: Sequence[Word], i: int) -> Parts:
    """What the colour at `i` is of: facts' parts ("upper", "colour"), or `COLOURLESS`."""
    after = words[i + 1].normal if i + 1 < len(words) else ""
    # «у білому та сірих штанах»: the singular ending shows that the first colour is not the trousers'.
    alone = after in AND and (words[i].normal.endswith("ому") or _is_the_top_s(words, i))
    ahead = None if alone or after in BACKWARD or _is_the_one_s_before(words, i) else coloured_ahead(words, i)
    return ahead or _behind(words, i) or _anywhere(words)


def _is_the_one_s_before(words: Sequence[Word], i: int) -> bool:
    """«куртка червона штани чорні»: between two garments, and by its ending of the first."""
    before, after = words[i - 1 : i], words[i + 1 : i + 2]
    if not all(near and near[0].sort is Sort.GARMENT and CYRILLIC.search(near[0].normal) for near in (before, after)):
        return False
    several = words[i].normal.endswith(_PLURAL_ENDINGS)
    return several == _is_plural(before[0]) != _is_plural(after[0])


def _is_plural(garment: Word) -> bool:
    """Of all that is worn below, only a skirt is one thing."""
    return garment.meaning == ("lower",) and not garment.normal.startswith(("спідни", "юб"))


def _is_the_top_s(words: Sequence[Word], i: int) -> bool:
    """ "in red and dark blue jeans": trousers of two colours nobody learnt, and people are described from the top. In
    Ukrainian the ending says of what the first colour is.
    """
    if CYRILLIC.search(words[i].normal):
        return False
    noun = next((word for word in words[i + 2 :] if word.sort not in (Sort.SHADE, Sort.COLOUR)), None)
    colours = sum(word.sort is Sort.COLOUR for word in words[i + 2 : i + 5])
    worn = noun is not None and noun.sort is Sort.GARMENT and noun.meaning == ("lower",)
    return worn and colours == 1 and is_worn(words, i)


def parts_of(word: Word) -> Parts | None:
    """Which colours a noun can have, or None where it is no noun of that kind."""
    if word.sort is Sort.GARMENT:
        return word.meaning
    if word.sort is not Sort.FACTS:
        return None
    if word.meaning[0] == "person" or "rider" in word.meaning:
        return ("upper",)
    if word.meaning[0] == "umbrella":
        return ("umbrella",)
    if word.meaning[0] in _COLOURLESS_THINGS:
        return None if word.normal == "hooded" else COLOURLESS  # "a red hooded jacket"
    return ("colour",) if word.meaning[0] in COLOURED_THINGS else None


def is_worn(words: Sequence[Word], i: int) -> bool:
    """«у темно-червоному»"""
    before = next((word for word in reversed(words[:i]) if word.sort is not Sort.SHADE), None)
    return before is not None and before.normal in WORN


def is_shading(words: Sequence[Word], i: int) -> bool:
    """Whether it is a shade of the colour that follows: "dark red"."""
    following = next((word for word in words[i + 1 :] if word.sort is not Sort.SHADE), None)
    return following is not None and following.sort is Sort.COLOUR


def coloured_ahead(words: Sequence[Word], i: int) -> Parts | None:
    """What follows the colour and is of it; None where nothing is that could be."""
    first = next((j for j in range(i + 1, len(words)) if not _is_of_colours(words, j)), len(words))
    if first < len(words) and words[first].normal in _OF_THE_BODY:
        return COLOURLESS
    other = first < len(words) and _is_other_thing(words[first]) and not _acts(words, i, first)
    for j, word in enumerate(words[i + 1 : i + 1 + NEAR_WORDS], i + 1):
        posed = word.sort is Sort.FACTS and word.meaning[0].startswith("pose:")
        next_thing = other and j > first and (word.sort is Sort.COLOUR or word.normal in AND)
        if posed or next_thing or word.sort is Sort.PAUSE or word.normal in ENDS_COLOUR:
            break
        if parts := _parts_coloured(words[i], word):
            return parts
    return COLOURLESS if other and not _follows_its_noun(words, i) else None


def _is_of_colours(words: Sequence[Word], j: int) -> bool:
    """Of a list of colours: "red and dark blue"."""
    if words[j].normal in JOINING and j + 1 < len(words):
        j += 1
    return words[j].sort in (Sort.COLOUR, Sort.ATTRIBUTE) or (words[j].sort is Sort.SHADE and is_shading(words, j))


def _is_other_thing(word: Word) -> bool:
    """It has a colour that the model does not know: "black shoes", «жовтий будинок», "a red bench"."""
    if word.sort is Sort.FACTS:
        return word.meaning[0].startswith("place:")
    return word.sort is Sort.SHADE or word.normal in COLOURED_PLACES or _is_unknown_thing(word)


def _is_unknown_thing(word: Word) -> bool:
    """ "man in red talking": a verb has no colour."""
    if word.sort is not Sort.UNKNOWN or word.normal in NEGATIONS | _ANYTHING or resembles_garment(word.normal):
        return False
    return word.normal in _NO_VERBS or not word.normal.endswith(_VERBS)


def _acts(words: Sequence[Word], i: int, first: int) -> bool:
    """ "man in red enters the shop": after a noun no article would follow."""
    following = words[first + 1].normal if first + 1 < len(words) else ""
    return words[first].sort is Sort.UNKNOWN and following in _ARTICLES and is_worn(words, i)


def _follows_its_noun(words: Sequence[Word], i: int) -> bool:
    """«машина червона стара», as only Ukrainian has it; but in «сині джинси білі кросівки» the noun has its colour."""
    before = words[i - 1] if i else None
    if before is None or not CYRILLIC.search(before.normal) or before.meaning[:1] == ("person",):
        return False
    if any(word.sort is Sort.COLOUR for word in words[max(0, i - 3) : i - 1]):
        return False
    return parts_of(before) not in (None, COLOURLESS)


def _behind(words: Sequence[Word], i: int) -> Parts | None:
    if is_worn(words, i):
        return ("upper",)
    if i and _is_unknown_thing(words[i - 1]) and not _agree(words[i - 1], words[i]):
        return COLOURLESS  # «взуття чорного кольору»
    for word in reversed(words[max(0, i - NEAR_WORDS) : i]):
        if parts := _parts_coloured(words[i], word):
            return parts
    return None


def _parts_coloured(colour: Word, noun: Word) -> Parts | None:
    """As `parts_of`; but a person's own colour, as it may be of "a black man" or «сива жінка», is of nothing worn."""
    parts = parts_of(noun)
    own = not _OF_SKIN.isdisjoint(colour.meaning) or colour.normal.startswith(_OF_HAIR)
    return COLOURLESS if own and noun.sort is Sort.FACTS and parts == ("upper",) else parts


def _agree(adjective: Word, colour: Word) -> bool:
    """By their endings, of the same noun: «автобус старий жовтий»."""
    return any(adjective.normal.endswith(each) and colour.normal.endswith(each) for each in _ADJECTIVE_ENDINGS)


def _anywhere(words: Sequence[Word]) -> Parts:
    found = [parts for word in words if (parts := parts_of(word)) and parts != COLOURLESS]
    return found[0] if found else ("upper", "colour")
