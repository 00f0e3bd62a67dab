"""People enter Europe/Kyiv; the record and the API keep UTC; the index keeps microseconds of UTC.

How people see an instant is `domain/kyiv_time.py`'s, because refusals tell times, too.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from domain.checks import utc
from domain.errors import Invalid
from domain.kyiv_time import KYIV

YEAR_MIN, YEAR_MAX = 1900, 2999  # of what may be asked about at all
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_us(at: datetime) -> int:
    """Microseconds of UTC since 1970, exact (no float on the way)."""
    return (at - EPOCH) // timedelta(microseconds=1)


def from_us(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def parse(field: str, text: str) -> datetime:
    """An instant as people write it: ISO 8601; without an offset it is Kyiv time.

    Raises:
        domain.errors.Invalid: not an instant, or one that Kyiv's clocks skipped or showed twice.
    """
    try:
        at = datetime.fromisoformat(text.strip())
        if at.time() == time.min and ":" not in text and "T" not in text:
            raise Invalid(field, f"{text.strip()} is a day without a time", "add one, as in 2026-11-23T14:05")
    except ValueError:
        raise Invalid(field, f"{text!r} is not a time", "write it as 2026-11-23T14:05 or with an offset") from None
    if at.tzinfo is not None:
        return utc(field, at)
    return of_kyiv(field, at, text.strip())


def of_kyiv(field: str, at: datetime, text: str) -> datetime:
    """A reading of Kyiv's clocks, which `text` shows as people wrote it. Raises Invalid as `parse` does."""
    utc(field, at.replace(tzinfo=UTC))  # beyond these years no zone can be reckoned
    first, second = at.replace(tzinfo=KYIV, fold=0), at.replace(tzinfo=KYIV, fold=1)
    if first.utcoffset() != second.utcoffset():
        raise _changing(field, text, first, second)
    return first.astimezone(UTC)


def _changing(field: str, text: str, first: datetime, second: datetime) -> Invalid:
    """An hour that Kyiv's clocks skipped in spring or showed twice in autumn; `first` and `second` are its readings
    with the offsets before and after the change.
    """
    before, after = first.utcoffset() or timedelta(), second.utcoffset() or timedelta()
    if after > before:
        begins = first.replace(minute=0, second=0, microsecond=0)  # clocks change at the full hour
        skipped = f"{begins:%H:%M} to {begins + (after - before):%H:%M}"
        mend = f"give a time after it, as in {first + (after - before):%Y-%m-%dT%H:%M}"
        return Invalid(field, f"{text} did not exist: Kyiv's clocks skipped {skipped} that night", mend)
    offsets = [f"{at:%z}"[:3] + ":" + f"{at:%z}"[3:] for at in (first, second)]
    mend = f"give {text}{offsets[0]} for the first time, {text}{offsets[1]} for the second"
    return Invalid(field, f"Kyiv's clocks showed {text} twice that night", mend)


def asked_about(field: str, at: datetime | None) -> datetime | None:
    """A bound of what somebody wants to see, in UTC. Wider than what can be archived: to ask for 1980 is no slip of
    the keyboard that nobody needs to know of, but a search outside of every authorisation, and goes on record.

    Raises:
        domain.errors.Invalid: without a time zone, or of a year that is none.
    """
    if at is None:
        return None
    if at.utcoffset() is None:
        raise Invalid(field, "has no time zone", "add one, such as +03:00 or Z")
    if not YEAR_MIN <= at.year <= YEAR_MAX:
        raise Invalid(field, f"is of the year {at.year}", "check the year")
    return at.astimezone(UTC)


def in_utc(field: str, at: datetime | None) -> datetime | None:
    """A bound that may be left open. Raises domain.errors.Invalid without a time zone, or of an impossible year."""
    return None if at is None else utc(field, at)
