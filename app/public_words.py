"""Whether a text that is to be public names a child on record. That the register was asked is on record itself: else a
text could be used to find out who stands in it.
"""

from __future__ import annotations

from itertools import chain, pairwise

from sqlalchemy import select

from app.access.operations import Operation
from app.call import Call
from app.composition import Services
from app.desk import VIEWS_WAIT_SECONDS
from app.names.features import GIVEN_NAME, SURNAME, Asked, asked_for
from app.names.sounds import words
from domain.errors import Invalid
from domain.ids import CHILD_REGISTER
from projections.organisation import units

TEXT_CHARACTERS_MAX = 1_000  # of what is published
BOTH = frozenset({SURNAME, GIVEN_NAME})


def names_child(house: Services, call: Call, operation: Operation, text: str) -> bool:
    """Whether two words of it, side by side or with one between, are surname and given name of a child on record with
    any unit, also with a slip; asked by a caller whom the gate let through. Raises Invalid where not all names can be
    looked up now.
    """
    if len(text) > TEXT_CHARACTERS_MAX:
        raise Invalid("text", f"has {len(text)} characters", f"at most {TEXT_CHARACTERS_MAX} are taken: shorten it")
    asked = pairs_in(text)
    house.disclosures.record(call, operation, CHILD_REGISTER)
    index = house.childhood.names
    if not index.wait(house.log.head(), VIEWS_WAIT_SECONDS):
        raise Invalid("text", "cannot be looked through for names now", "send it again in a moment")
    with house.views.reading() as views:
        every = tuple(views.execute(select(units.c.unit)).scalars())
    return any(match for unit in every for match in index.search(unit, asked).matches)


def pairs_in(text: str) -> Asked:
    """What is looked for: of each two words that may be one name, surname and given name together."""
    said = words(text)
    near = chain(pairwise(said), zip(said, said[2:], strict=False))
    asked: Asked = {}
    for one, other in dict.fromkeys(near):
        found = asked_for(f"{one} {other}")
        asked.update({feature: wanted for feature, wanted in found.items() if wanted[1] >= BOTH})
    return asked
