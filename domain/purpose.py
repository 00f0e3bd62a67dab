"""Why somebody asks, as it stands in the envelope of every event: a code, and a case's number where there is one.

`investigation`, or `investigation:757/1147/26-к`. The envelope is in the clear and stays for ever, so there is no room
for words in it: whoever types "looking for Ivanko, 7, from School 4" would put a child into a record that nothing
leaves. A reference therefore has the form of a case number: no blanks, a digit, and never more than three letters in a
row, into which few names fit. What a purpose needs in words has its sealed place, such as an authorisation's purpose.
"""

from __future__ import annotations

import re

from domain import vocabulary
from domain.errors import Invalid

REFERENCE_CHARACTERS_MAX = 40

_LETTER = "A-Za-zА-ЩЬЮЯҐЄІЇа-щьюяґєії"
_REFERENCE = re.compile(rf"(?=.*[0-9])(?!.*[{_LETTER}]{{4}})[0-9{_LETTER}]+(?:[/.-][0-9{_LETTER}]+)*")


def purpose(field: str, value: str) -> str:
    """The purpose as it is recorded. What older events hold is read as it is: only what comes in is checked.

    Raises:
        Invalid: the code is none of `vocabulary.PURPOSES`, or the reference is no case number.
    """
    code, colon, reference = value.partition(":")
    if code not in vocabulary.PURPOSES:
        raise Invalid(
            field,
            "is not of the list, and is kept in the clear: no words are taken",
            f"use one of: {', '.join(vocabulary.PURPOSES)}; after a colon the number of a case may follow",
        )
    if not colon:
        return code
    if len(reference) > REFERENCE_CHARACTERS_MAX or not _REFERENCE.fullmatch(reference):
        raise Invalid(
            field,
            "what follows the colon is no case number",
            f"give one such as 757/1147/26: up to {REFERENCE_CHARACTERS_MAX} digits, letters (3 in a row) and / . -",
        )
    return value
