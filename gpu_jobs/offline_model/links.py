"""The small words that hold a query together: what stands where, what is joined, what is not there."""

from __future__ import annotations

from gpu_jobs.offline_model import russian

_PREPOSITIONS = "with on at by near under from to over past through на з із зі біля коло поруч під до від"
PREPOSITIONS = frozenset(_PREPOSITIONS.split()) | russian.NEAR
WORN = frozenset(["in", "wearing", "dressed", "у", "в", "во"])
BACKWARD = frozenset(["кольору", "колір", "кольором"]) | russian.BACKWARD
OR = frozenset(["or", "nor", "або", "чи", "или"])
AND = frozenset(["and", "та", "і", "й", "и"])
JOINING = OR | AND
_ABSENT = "немає нема нет"  # behind what is not there, too: «людей немає»
_WITHOUT = "without except no без крім окрім ні ані ни жоден жодна жодне жодного жодної жодну жодному жодній жодних"
_NOT = "not never neither не isn't aren't wasn't weren't doesn't don't didn't hasn't haven't"
ABSENT = frozenset(_ABSENT.split())
WITHOUT = frozenset(_WITHOUT.split()) | ABSENT
NEGATIONS = WITHOUT | frozenset(_NOT.split())
_NEW_PHRASE = """
a an the who which that carrying holding having has have що який яка яке які тримає несе веде везе тягне має носить
которая который которое которые несет держит имеет
"""
ENDS_COLOUR = PREPOSITIONS | WORN | NEGATIONS | frozenset(_NEW_PHRASE.split())  # no colour reaches over these
_COLOURED_PLACES = """
bench floor ground court yard area park lot лавці лаві лавку землі землю підлозі підлогу двір дворі двору
"""
COLOURED_PLACES = frozenset(_COLOURED_PLACES.split())  # that carry no fact, but may have a colour: "a red bench"
