"""What is wrong with the shape of a body or parameter, with the mend, in both languages.

The framework's decoder (msgspec) says its fault in a dozen set sentences; here each has ours.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from app.api.languages import UKRAINIAN


class _Shape(NamedTuple):
    pattern: str
    en: str
    uk: str


_NAMES = {
    "str": ("text", "текст"),
    "int": ("a whole number", "ціле число"),
    "float": ("a number", "число"),
    "bool": ("true or false", "true або false"),
    "array": ("a list", "перелік"),
    "object": ("an object", "об’єкт"),
    "null": ("null", "null"),
    "datetime": ("a time", "час"),
    "date": ("a date", "дату"),
    "duration": ("a duration", "тривалість"),
    "uuid": ("a UUID", "UUID"),
}
_SHAPES = tuple(
    (re.compile(each.pattern, re.DOTALL), each)
    for each in (
        _Shape("'data'", "is missing; send JSON", "немає; надішліть JSON"),
        _Shape(
            "Object missing required field `(.+)`",
            "has no {}, which is needed; send it",
            "не має {}, а воно потрібне; надішліть його",
        ),
        _Shape(
            "Object contains unknown field `(.+)`",
            "has {}, which this operation does not know; leave it out, or see GET /schema",
            "має {}, якого ця операція не знає; приберіть або див. GET /schema",
        ),
        _Shape(
            "(?:Invalid UUID|badly formed hexadecimal UUID string)",
            "is no UUID; send its 36 characters, such as 2f1c8a3e-5b7d-4c60-9e0a-1d2b3c4d5e6f",
            "не UUID; надішліть його 36 символів, як-от 2f1c8a3e-5b7d-4c60-9e0a-1d2b3c4d5e6f",
        ),
        _Shape(
            "Invalid RFC3339 encoded datetime",
            "is no time; write it as 2026-11-23T14:05:00+02:00",
            "не час; напишіть так: 2026-11-23T14:05:00+02:00",
        ),
        _Shape(
            "Invalid RFC3339 encoded date", "is no date; write it as 2026-11-23", "не дата; напишіть так: 2026-11-23"
        ),
        _Shape("Expected `(.+)`, got `(.+)`", "is {1}; send {0}", "дано {1}; надішліть {0}"),
        _Shape(
            "Expected `str` of length >= (.+)",
            "is too short; write at least {} letters",
            "закоротке; щонайменше літер: {}",
        ),
        _Shape(
            "Expected `str` of length <= (.+)",
            "is too long; write at most {} letters",
            "задовге; щонайбільше літер: {}",
        ),
        _Shape(
            "Expected `(?:int|float)` (>=|<=|>|<) (.+)",
            "is out of bounds; send {0} {1}",
            "поза межами; надішліть {0} {1}",
        ),
        _Shape(
            "Invalid enum value (.+)",
            "{} is not of the list; GET /schema names those that are",
            "{} не з переліку; ті, що є, називає GET /schema",
        ),
        _Shape(
            "Input data was truncated|JSON is malformed.*|Invalid UTF-8.*|Invalid escape.*",
            "is no whole JSON; send JSON in UTF-8",
            "не цілий JSON; надішліть JSON у UTF-8",
        ),
    )
)


def told(message: str, language: str) -> str | None:
    """The sentence of the decoder in ours; None where it, or a name in it, is not known here."""
    column = 1 if language == UKRAINIAN else 0
    for pattern, shape in _SHAPES:
        if (found := pattern.fullmatch(message)) is not None:
            named = shape.pattern.startswith("Expected `(.+)`")
            values = [_named(value, column) if named else value for value in found.groups()]
            return None if None in values else (shape.en, shape.uk)[column].format(*values)
    return None


def _named(types: str, column: int) -> str | None:
    """What one of these types is called: `uuid | null`."""
    names = [_NAMES[each][column] if each in _NAMES else None for each in types.split(" | ")]
    return None if None in names else (" or ", " або ")[column].join(str(name) for name in names)
