"""A country's children by name: drawn as often as names are in use, into units of the size that units have.

Surnames: a tenth of all children have one of the usual ones (`tests/app/names/name_pairs.py`), the most usual of which
about three in a thousand have, as in Ukraine; the others share made ones, of which few are common and most are rare.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID, uuid5

from domain.ids import NAMESPACE
from domain.personal import ChildIdentity
from tests.app.names.name_pairs import GIVEN, SURNAMES, identity_of, is_female

USUAL_SHARE = 0.1
MADE_SURNAMES = 200_000
LARGEST_UNIT = 50_000
_FATHERS = "Олександр Іван Петр Степан Богдан Тарас Роман Максим Віктор Павл Олег Ярослав Назар"
FATHERS = _FATHERS.split()
_PARTS = "ба ве гу до жи за ки ло ми ну пе ри со ту фе ха ци чу бра кро гле ста тре дзю шва"
_SYLLABLES = _PARTS.split()
_ENDINGS = ("енко", "енко", "ук", "юк", "ський", "ин", "як", "ич", "ко", "ів")


class Child(NamedTuple):
    key: UUID
    unit: UUID
    identity: ChildIdentity


def unit_key(number: int) -> UUID:
    return uuid5(NAMESPACE, f"unit {number} of the evaluation")


def unit_sizes(children: int) -> list[int]:
    """The largest has `LARGEST_UNIT`; each next one a little less, none under a hundredth of it."""
    sizes: list[int] = []
    while (left := children - sum(sizes)) > 0:
        sizes.append(min(left, max(LARGEST_UNIT // (len(sizes) + 1), LARGEST_UNIT // 100)))
    return sizes


def children(count: int, rng: random.Random, sizes: list[int]) -> Iterator[Child]:
    usual = list(accumulate(1 / (place + 50) for place in range(len(SURNAMES))))
    made = [_made(rng) for _ in range(MADE_SURNAMES)]
    rare = list(accumulate(1 / (place + 100) for place in range(MADE_SURNAMES)))
    given = list(accumulate(1 / (place + 5) for place in range(len(GIVEN))))
    units = [unit_key(number) for number, size in enumerate(sizes) for _ in range(size)]
    rng.shuffle(units)
    for unit, _ in zip(units, range(count), strict=True):
        if rng.random() < USUAL_SHARE:
            (surname,) = rng.choices(SURNAMES, cum_weights=usual)
        else:
            (surname,) = rng.choices(made, cum_weights=rare)
        (name,) = rng.choices(GIVEN, cum_weights=given)
        identity = identity_of(
            surname,
            name,
            patronymic=rng.choice(FATHERS) + ("івна" if is_female(name) else "ович"),
            born=f"{rng.randint(2008, 2026)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        )
        yield Child(UUID(int=rng.getrandbits(128)), unit, identity)


def _made(rng: random.Random) -> str:
    return ("".join(rng.choices(_SYLLABLES, k=rng.randint(1, 3))) + rng.choice(_ENDINGS)).capitalize()
