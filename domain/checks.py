"""Checks of single values in commands. Each returns the value as it is to be recorded, or raises `Invalid`,
which names the field, the fault and the mend. A limit is a named constant of the aggregate that has it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from domain.errors import Invalid, NotFound
from domain.kyiv_time import shown
from domain.personal import Reason
from domain.sealed import Sealed

CLOCK_TOLERANCE = timedelta(seconds=5)  # two machines' clocks may differ by this much
EARLIEST = datetime(1991, 1, 1, tzinfo=UTC)  # a year of "0202" or an unset clock's 1970 is a slip
LATEST = datetime(2200, 1, 1, tzinfo=UTC)  # and so is 9999, to which no duration could be added
NAME_CHARACTERS_MAX = 200
REASON_CHARACTERS_MAX = 2_000

_SHA256 = re.compile(r"[0-9a-f]{64}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_IN_ONE_LINE = "write plain text in one line"

State = TypeVar("State")
Item = TypeVar("Item")


def existing(kind: str, key: UUID | str, state: State | None) -> State:
    """The state of a stream that must be there. Raises NotFound."""
    if state is None:
        raise NotFound(kind, key)
    return state


def text(field: str, value: str, *, characters_max: int) -> str:
    """Words of a person, without the blanks around them. Control characters are refused, with those that reverse
    the direction of writing (a name that shows as another), and halves of characters, which cannot be stored.
    """
    return _plain(field, value, characters_max, "write plain text; line breaks are welcome")


def _plain(field: str, value: str, characters_max: int, mend: str) -> str:
    trimmed = value.strip()
    if not trimmed:
        raise Invalid(field, "is empty", "write something")
    if len(trimmed) > characters_max:
        raise Invalid(field, f"has {len(trimmed)} characters", f"at most {characters_max} are taken: shorten it")
    if _CONTROL.search(trimmed):
        raise Invalid(field, "has control characters", mend)
    return trimmed


def line(field: str, value: str, *, characters_max: int = NAME_CHARACTERS_MAX) -> str:
    """One line of text."""
    if "\n" in value.strip() or "\r" in value.strip():
        raise Invalid(field, "has more than one line", _IN_ONE_LINE)
    return _plain(field, value, characters_max, _IN_ONE_LINE)


def name(field: str, value: str, *, characters_max: int = NAME_CHARACTERS_MAX) -> str:
    """What somebody is called: one line, without characters that nobody sees. Two names that look alike are alike."""
    trimmed = line(field, value, characters_max=characters_max)
    if any(unicodedata.category(letter) == "Cf" for letter in trimmed):
        raise Invalid(field, "has characters that cannot be seen", "type it anew, with nothing but what is read")
    return trimmed


def reason(field: str, value: Sealed[Reason]) -> Sealed[Reason]:
    """Why somebody decided so, still to be sealed."""
    text(field, value.fresh_value().text, characters_max=REASON_CHARACTERS_MAX)
    return value


def pattern(field: str, value: str, expression: re.Pattern[str], mend: str) -> str:
    """A code of a fixed shape."""
    if not expression.fullmatch(value):
        raise Invalid(field, f"{_shown(value)} is not such a code", mend)
    return value


def sha256(field: str, value: str) -> str:
    """A SHA-256 digest in lower-case hex."""
    return pattern(field, value, _SHA256, "give the 64 lower-case hexadecimal digits of the SHA-256")


def one_of(field: str, value: str, allowed: Collection[str]) -> str:
    """A code of a closed list of `domain.vocabulary`."""
    if value not in allowed:
        raise Invalid(field, f"{_shown(value)} is not known", f"use one of: {', '.join(allowed)}")
    return value


def whole(field: str, value: int, *, least: int, most: int) -> int:
    if not least <= value <= most:
        raise Invalid(field, f"is {value}", f"give a whole number from {least} to {most}")
    return value


def number(field: str, value: float, *, least: float, most: float) -> float:
    """A finite number within its bounds, both included."""
    if not math.isfinite(value) or not least <= value <= most:
        raise Invalid(field, f"is {value:g}", f"give a number from {least:g} to {most:g}")
    return value


def unique(field: str, values: Iterable[Item], *, least: int, most: int) -> tuple[Item, ...]:
    """Each value once, in the order given."""
    once = tuple(dict.fromkeys(values))
    if not least <= len(once) <= most:
        raise Invalid(field, f"has {len(once)} entries", f"give {least} to {most}")
    return once


def utc(field: str, value: datetime) -> datetime:
    """An instant in UTC. An instant without time zone is refused: nobody could say later which one was meant."""
    _with_zone(field, value)
    if not EARLIEST <= value < LATEST:
        raise Invalid(field, f"is before {EARLIEST.year} or after {LATEST.year - 1}", "check the year")
    return value.astimezone(UTC)


def past(field: str, value: datetime, at: datetime) -> datetime:
    """An instant in UTC that is not after the command's time `at`, give or take what clocks differ."""
    instant = utc(field, value)
    if instant > at + CLOCK_TOLERANCE:
        raise Invalid(field, f"{shown(instant)} is in the future", "check date, hour and time zone")
    return instant


def in_order(start_field: str, start: datetime, end_field: str, end: datetime) -> tuple[datetime, datetime]:
    """[start, end) in UTC, not empty, of whatever years."""
    start_utc, end_utc = _with_zone(start_field, start).astimezone(UTC), _with_zone(end_field, end).astimezone(UTC)
    if end_utc <= start_utc:
        raise Invalid(end_field, f"is not after {start_field}", "exchange them, or correct one")
    return start_utc, end_utc


def period(start_field: str, start: datetime, end_field: str, end: datetime) -> tuple[datetime, datetime]:
    """From start to end in UTC; both may be one instant."""
    start_utc, end_utc = utc(start_field, start), utc(end_field, end)
    if end_utc < start_utc:
        raise Invalid(end_field, f"is before {start_field}", "exchange them, or correct one")
    return start_utc, end_utc


def span(start_field: str, start: datetime, end_field: str, end: datetime) -> tuple[datetime, datetime]:
    """[start, end) in UTC, not empty."""
    start_utc, end_utc = period(start_field, start, end_field, end)
    if end_utc == start_utc:
        raise Invalid(end_field, f"is {start_field} itself", "give a later time")
    return start_utc, end_utc


def _with_zone(field: str, value: datetime) -> datetime:
    if value.utcoffset() is None:
        raise Invalid(field, "has no time zone", "add one, such as +03:00 or Z")
    return value


def _shown(value: str) -> str:
    """A refused value in an error, shortened: errors travel further than commands."""
    return repr(value if len(value) <= 40 else value[:40] + "…")
