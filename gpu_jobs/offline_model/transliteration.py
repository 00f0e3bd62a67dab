"""Words in the wrong alphabet, brought to the one that they are meant in: candidates, of which the reader knows one.

- look-alikes: a Latin "a" within a Cyrillic word, which nobody can see;
- Ukrainian (or Russian) in Latin letters, by any of the ways in use: "chervona mashyna", "hlopets", "zhinka";
- Ukrainian typed with the English layout on: "xthdjyf vfibyf".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

LATIN, CYRILLIC = re.compile("[a-z]"), re.compile("[а-яіїєґ]")
CANDIDATES_MAX = 256  # of a word of many letters that stand for several
LAYOUT_LETTERS_MIN = 5  # shorter English words are too often something in the other layout
LETTERS_MIN = 4  # shorter words mean too much in English
_ALIKE = dict(zip("abcehikmoptxy", "авсенікмортху", strict=True))
_TO_CYRILLIC = str.maketrans(_ALIKE)
_TO_LATIN = str.maketrans({cyrillic: latin for latin, cyrillic in _ALIKE.items()})
_LAYOUT = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.", "йцукенгшщзхїфівапролджєячсмитьбю")
_LETTERS: tuple[tuple[str, tuple[str, ...]], ...] = (  # the longest first
    ("shch", ("щ",)), ("sch", ("щ",)), ("zh", ("ж",)), ("kh", ("х",)), ("ts", ("ц", "ць")), ("tz", ("ц",)),
    ("ch", ("ч",)), ("sh", ("ш",)), ("yu", ("ю",)), ("iu", ("ю",)), ("ju", ("ю",)), ("ya", ("я",)), ("ia", ("я", "іа")),
    ("ja", ("я",)), ("ye", ("є", "е")), ("ie", ("є", "іє")), ("je", ("є",)), ("yi", ("ий", "ї", "ій")), ("ji", ("ї",)),
    ("yo", ("йо", "е")), ("yy", ("ий", "ый")), ("yj", ("ий", "ый")), ("iy", ("ій", "ий")), ("ij", ("ій", "ий")),
    ("ii", ("ії", "ій")), ("a", ("а",)), ("b", ("б",)), ("c", ("ц", "к")), ("d", ("д",)), ("e", ("е", "є")),
    ("f", ("ф",)), ("g", ("г", "ґ")), ("h", ("г", "х")), ("i", ("і", "и", "й")), ("j", ("й",)), ("k", ("к",)),
    ("l", ("л", "ль")), ("m", ("м",)), ("n", ("н",)), ("o", ("о",)), ("p", ("п",)), ("r", ("р",)), ("s", ("с",)),
    ("t", ("т",)), ("u", ("у",)), ("v", ("в",)), ("w", ("в",)), ("x", ("х", "кс")), ("y", ("и", "й", "і", "ы")),
    ("z", ("з",)), ("'", ("ь", "")),
)  # fmt: skip


def same_looking(word: str) -> Iterator[str]:
    """The word in one alphabet, where letters of the other only look like its own. For a word of both, or of such
    letters alone."""
    for letters, table in ((LATIN, _TO_CYRILLIC), (CYRILLIC, _TO_LATIN)):
        changed = word.translate(table)
        if changed != word and not letters.search(changed):
            yield changed


def in_cyrillic(word: str, *, short: bool = False) -> Iterator[str]:
    """What a word of Latin letters may be in Cyrillic ones, the usual spellings first; short words where asked for."""
    if (len(word) < LETTERS_MIN and not short) or CYRILLIC.search(word):
        return
    sounds: list[tuple[str, ...]] = []
    rest = word
    while rest:
        found = next(((latin, cyrillic) for latin, cyrillic in _LETTERS if rest.startswith(latin)), None)
        if found is None:
            return
        sounds.append(found[1])
        rest = rest[len(found[0]) :]
    yield from ("".join(letters) for letters in islice(product(*sounds), CANDIDATES_MAX))


def other_layout(word: str) -> str | None:
    """What the same keys give in the Ukrainian layout; None where the word has other letters than the English one."""
    if len(word) < LAYOUT_LETTERS_MIN or not LATIN.search(word) or CYRILLIC.search(word):
        return None
    return word.translate(_LAYOUT)
