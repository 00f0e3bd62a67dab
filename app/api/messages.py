"""Refusals in Ukrainian, for whoever asks for it by Accept-Language. What programs read of a problem stays as it is.

A refusal says its fault and its mend in English where it is raised; here each such phrase has its Ukrainian one, with
`{}` where a value stands. A sentence of which a part has none is answered in English as a whole, never half and half.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import zip_longest

from app.api.ukrainian import KINDS, PHRASES, REASONS, STATES, TITLES
from domain.errors import DomainError, Invalid, WrongState
from domain.vocabulary import ROLES

NAMES = {**{code: label.uk for code, label in ROLES.items()}, **STATES, **KINDS}
SENTENCES = ("fault", "mend", "reason")
_ENGLISH = re.compile(r"[A-Za-z]{2,} +[a-z]{2,}")  # no value has two words side by side
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")  # but what somebody typed, which stands in quotation marks
_STATE = re.compile(r"the (\S+) (\S+) is (.+?); (.+)")


def title_of(error: DomainError) -> str | None:
    """What sort of refusal it is, in Ukrainian; None where that is not written down."""
    return TITLES.get(error.code)


def detail_of(error: DomainError) -> str | None:
    """The sentence of a refusal in Ukrainian; None where a part of it is not written down."""
    if isinstance(error, Invalid):
        fault, mend = phrase(error.fault), phrase(error.mend)
        return None if fault is None or mend is None else f"{error.field}: {fault}; {mend}"
    if isinstance(error, WrongState):
        return _of_state(error.detail)
    if error.code == "forbidden":
        reason = _reasons(str(error.fields["reason"]))
        return None if reason is None else f"{error.fields['operation']} — не для вас: {reason}"
    return phrase(error.detail)


def fields_of(error: DomainError) -> dict[str, object]:
    """The members of its problem, of which those that are sentences are in Ukrainian where they are written down."""
    said = {
        name: phrase(str(value)) or (_reasons(str(value)) if name == "reason" else None)
        for name, value in error.fields.items()
        if name in SENTENCES
    }
    return {**error.fields, **{name: text for name, text in said.items() if text is not None}}


def phrase(text: str) -> str | None:
    """A phrase in Ukrainian, its values in their places; None where it, or words in a value's place, are not known."""
    if text in PHRASES:
        return PHRASES[text]
    for pattern, translation in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            values = [_value(value) for value in found.groups()]
            if None not in values:
                between = translation.split("{}")
                return "".join(str(part) for pair in zip_longest(between, values, fillvalue="") for part in pair)
    return None


def _value(text: str) -> str | None:
    """What stands in a phrase: a name, a phrase of its own, several of them, or a value; None: it is English."""
    if text in NAMES:
        return NAMES[text]
    if (said := phrase(text) if " " in text else None) is not None:
        return said
    if " or " in text:
        parts = [_value(part) for part in text.split(" or ")]
        return None if None in parts else " або ".join(str(part) for part in parts)
    return None if _ENGLISH.search(_QUOTED.sub("", text)) else text


def _of_state(detail: str) -> str | None:
    found = _STATE.fullmatch(detail)
    if found is None:
        return None
    kind, key, state, mend = found.groups()
    said, mended = STATES.get(state) or phrase(state), phrase(mend)
    if kind not in KINDS or said is None or mended is None:
        return None
    return f"{KINDS[kind]} {key}: {said}; {mended}"


def _reasons(text: str) -> str | None:
    """The sentences of policies, of which one refusal may have several."""
    left, said = text, []
    while left:
        known = next((each for each in REASONS if left.startswith(each)), None)
        if known is None:
            return None
        said.append(REASONS[known])
        left = left[len(known) :].lstrip()
    return " ".join(said) or None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with values in them, the most definite first."""
    held = sorted((each for each in PHRASES if "{}" in each), key=lambda each: -len(each))
    return tuple((re.compile(re.escape(each).replace(r"\{\}", "(.+?)"), re.DOTALL), PHRASES[each]) for each in held)
