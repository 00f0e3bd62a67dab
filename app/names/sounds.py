"""How a name sounds: the ways of writing it, in two alphabets and by several rules, become one, or a few.

The letters of a sound are Latin ones, with C, S and Z for ч, ш (and щ) and ж. Sounds that the usual romanisations mix
are one (г, ґ and х; и, і, ї, й and ы; ш and щ), what they write or leave out is left out (the soft sign, apostrophes,
the glide of я, ю, є, ї), and a doubled letter is one.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice, product

READINGS_MAX = 6  # of a word with letters that stand for several sounds

_UNSEEN = re.compile("[\u0300\u0301\u00ad\u200b-\u200d\u2060\ufeff]")  # stress marks, soft hyphens, no widths
_IN_WORD = re.compile("[ʼ’'`ʹ‘′´＇\"*ьъʺ]")  # apostrophes, what is typed for them, and signs that have no sound
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[а-яёіїєґў]")
_ALIKE = str.maketrans("aceiopxyhkmt", "асеіорхункмт")  # Latin letters within a Cyrillic word: nobody sees them
_ONE_SOUND = "абвгґдезиійклмнопрстуфхцчшщыэў"
_LETTERS: dict[str, tuple[str, ...]] = {
    **{letter: (sound,) for letter, sound in zip(_ONE_SOUND, "abvhhdeziiiklmnoprstufhcCSSieu", strict=True)},
    "є": ("ie",), "ж": ("Z",), "ї": ("ii",), "ю": ("iu",), "я": ("ia",), "ё": ("e", "io"),
}  # fmt: skip
_LATIN: tuple[tuple[str, tuple[str, ...]], ...] = (  # the longest first
    ("shch", ("S",)), ("szcz", ("S",)), ("tsch", ("C",)), ("sch", ("S",)), ("tch", ("C",)), ("šč", ("S",)),
    ("zgh", ("zh",)), ("zh", ("Z", "zh")), ("kh", ("h",)), ("gh", ("h",)), ("ts", ("c",)), ("tz", ("c",)),
    ("cz", ("C",)), ("ch", ("C", "h")), ("sh", ("S",)), ("sz", ("S",)), ("ph", ("f",)), ("th", ("t",)),
    ("ff", ("v", "f")),
    ("ou", ("u", "ou")), ("š", ("S",)), ("č", ("C",)), ("ž", ("Z",)), ("ż", ("Z",)), ("ł", ("l",)), ("g", ("h",)),
    ("c", ("c", "k")), ("j", ("i",)), ("q", ("k",)), ("w", ("v",)), ("x", ("ks", "h")), ("y", ("i",)),
)  # fmt: skip


def words(text: str) -> tuple[str, ...]:
    """The words of a name in small letters, without apostrophes and soft signs; a double name is two words."""
    plain = _IN_WORD.sub("", _UNSEEN.sub("", unicodedata.normalize("NFC", text)).lower())
    return tuple(_WORD.findall(plain))


def sounds(word: str) -> tuple[str, ...]:
    """What a word of `words` sounds like: the usual reading first."""
    if _CYRILLIC.search(word):
        alternatives = [_LETTERS.get(letter, (letter,)) for letter in word.translate(_ALIKE)]
    else:
        alternatives = _of_latin(word)
    read = (_settled("".join(letters)) for letters in islice(product(*alternatives), READINGS_MAX))
    return tuple(dict.fromkeys(read))


def _of_latin(word: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    while word:
        letters, meant = next((each for each in _LATIN if word.startswith(each[0])), (word[0], (_plain(word[0]),)))
        found.append(meant)
        word = word[len(letters) :]
    return found


def _plain(letter: str) -> str:
    """Without its diacritic."""
    return unicodedata.normalize("NFKD", letter)[0]


def _settled(sound: str) -> str:
    """Without glides and doubled letters; т and с that follow each other are ц, as romanisations cannot tell them."""
    without = re.sub("i+(?=[aeou])", "", sound.replace("ts", "c"))
    return re.sub(r"(.)\1+", r"\1", without)
