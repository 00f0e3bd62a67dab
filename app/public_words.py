"""Whether a text that people outside are to read names a child on record. That the register was asked is on record
itself: else a text could be used to find out who stands in it.
"""

from __future__ import annotations

import re
from itertools import chain, pairwise

from app.access.operations import Operation
from app.call import Call
from app.composition import Services
from app.desk import VIEWS_WAIT_SECONDS
from app.names.features import GIVEN_NAME, SURNAME, Asked, asked_for, asked_of_phones
from app.names.sounds import words
from domain.errors import Invalid
from domain.ids import CHILD_REGISTER
from projections.child_queries import units_with_children

TEXT_CHARACTERS_MAX = 1_000  # of what people outside are to read
BOTH = frozenset({SURNAME, GIVEN_NAME})

# Whichever dash was typed; without one, as the system makes them: eight places, a digit among them, as in no word.
_PSEUDONYM = re.compile(r"\bCH(?: ?[-\u2010-\u2015\u2212] ?[0-9A-Z]{4,12}| ?(?=[A-Z]*\d)[0-9A-Z]{8})\b")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_AS_LATIN = str.maketrans("АВЕІКМНОРСТХ", "ABEIKMHOPCTX")  # they look the same
_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?P<by>[\W_]{1,3})[^\W\d_](?:(?P=by)[^\W\d_])+(?![^\W_])")


def names_child(
    house: Services, call: Call, operation: Operation, text: str, field: str = "text", region: str | None = None
) -> bool:
    """Whether two words of it, side by side or with one between, are surname and given name of a child on record with
    any unit, also with a slip or with its letters spaced out; whether it has a telephone number of one; or what looks
    like a pseudonym, on record or not. Asked by a caller whom the gate let through. Raises Invalid where not all can be
    looked up now.

    `region`: of the units that are asked, for what one reporter is to read; what everybody reads is held against all.
    Each unit that is asked costs all features of the text.
    """
    if len(text) > TEXT_CHARACTERS_MAX:
        raise Invalid(field, f"has {len(text)} characters", f"at most {TEXT_CHARACTERS_MAX} are taken: shorten it")
    house.disclosures.record(call, operation, CHILD_REGISTER)
    if _PSEUDONYM.search(_UNSEEN.sub("", text).upper().translate(_AS_LATIN)):
        return True
    index, head = house.childhood.names, house.log.head()
    if not all(wait(head, VIEWS_WAIT_SECONDS) for wait in (house.projector.wait_whole, index.wait)):
        raise Invalid(field, "cannot be looked through for names now", "send it again in a moment")
    with house.views.reading() as views:
        having = units_with_children(views, region)
    asked = _asked_by(text)
    return any(match for unit in having for match in index.search(unit, asked).matches)


def _asked_by(text: str) -> Asked:
    closed = _SPACED.sub(_closed_up, text)
    return pairs_in(text) | asked_of_phones(text) | (pairs_in(closed) if closed != text else {})


def _closed_up(spaced: re.Match[str]) -> str:
    """S p a c e d letters as a word; a capital letter among small ones begins another."""
    letters = "".join(letter for letter in spaced[0] if letter.isalpha())
    return letters if letters.isupper() else "".join(f" {each}" if each.isupper() else each for each in letters)


def pairs_in(text: str) -> Asked:
    """What is looked for: of each two words that may be one name, surname and given name together."""
    said = words(text)
    near = chain(pairwise(said), zip(said, said[2:], strict=False))
    asked: Asked = {}
    for one, other in dict.fromkeys(near):
        found = asked_for(f"{one} {other}")
        asked.update({feature: wanted for feature, wanted in found.items() if wanted[1] >= BOTH})
    return asked
