"""Months as they are asked for."""

from __future__ import annotations

import re

from app.call import now
from domain.checks import pattern
from domain.errors import Invalid
from domain.kyiv_time import KYIV

MONTH = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")
MONTHS_MAX = 60


def months(from_month: str | None, to_month: str | None) -> tuple[str, ...]:
    """Every month from the one to the other, of Kyiv's clocks; the last twelve, unless others are named. Raises
    Invalid.
    """
    today = now().astimezone(KYIV)
    end = today.year * 12 + today.month - 1 if to_month is None else _number("to_month", to_month)
    start = end - 11 if from_month is None else _number("from_month", from_month)
    if not 0 <= end - start < MONTHS_MAX:
        fault = f"is not within {MONTHS_MAX} months from from_month"
        raise Invalid("to_month", fault, "name a later month, or fewer at once")
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1))


def _number(field: str, month: str) -> int:
    year, _, in_year = pattern(field, month, MONTH, "write it as 2026-11").partition("-")
    return int(year) * 12 + int(in_year) - 1
