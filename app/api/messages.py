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


def phrase(text: str) -> str | None:
    """A phrase in Ukrainian, its values in their places."""
    if text in PHRASES:
        return PHRASES[text]
    for pattern, translation in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            between, values = translation.split("{}"), (_value(value) for value in found.groups())
            return "".join(part for pair in zip_longest(between, values, fillvalue="") for part in pair)
    return None


def _value(text: str) -> str:
    """What stands in a phrase: a kind, a state, a phrase of its own, or itself."""
    return KINDS.get(text) or STATES.get(text) or (phrase(text) if " " in text else None) or text


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
