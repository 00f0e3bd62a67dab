"""Checks of single values, for every value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import example
from hypothesis import given as generated
from hypothesis import strategies as st

from domain import checks
from domain.errors import Invalid

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@generated(st.datetimes(timezones=zones))
@example(datetime(1991, 1, 1, tzinfo=UTC))
@example(datetime(1990, 12, 31, 23, 59, 59, tzinfo=UTC))
@example(datetime(2200, 1, 1, tzinfo=UTC))
@example(datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC))
@example(datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))))
@example(datetime.min.replace(tzinfo=timezone(timedelta(hours=14))))
def test_an_instant_is_kept_or_refused_and_never_moved(instant: datetime) -> None:
    within = datetime(1991, 1, 1, tzinfo=UTC) <= instant < datetime(2200, 1, 1, tzinfo=UTC)
    try:
        kept = checks.utc("at", instant)
    except Invalid:
        assert not within
    else:
        assert within
        assert kept == instant
        assert kept.tzinfo is UTC


@generated(st.text())
def test_a_text_is_kept_without_the_blanks_around_it_or_refused(value: str) -> None:
    try:
        kept = checks.text("name", value, characters_max=20)
    except Invalid:
        assert not 1 <= len(value.strip()) <= 20 or any(
            ord(character) < 32 or ord(character) > 126 for character in value
        )
        return
    assert kept == value.strip()
    assert 1 <= len(kept) <= 20
    assert msgspec.json.decode(msgspec.json.encode(kept)) == kept
    assert checks.text("name", kept, characters_max=20) == kept


@pytest.mark.parametrize(
    "value", ["Кам’янець-Подільський", "м. Київ, вул. Хорива, 1/2", "two\nlines\tand a tab", "👮🏽‍♀️"]
)
def test_what_people_write_is_taken(value: str) -> None:
    assert checks.text("place", value, characters_max=100) == value


@pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "a\x7fb", "a\u202eb", "a\u2066b", "\udfff", "a\u2028b"])
def test_what_only_machines_write_is_refused(value: str) -> None:
    with pytest.raises(Invalid, match="write plain text; line breaks are welcome"):
        checks.text("place", value, characters_max=100)


def test_a_line_ends_nowhere_within() -> None:
    assert checks.line("name", " Олена \n") == "Олена"
    for value in ("a\nb", "a\rb"):
        with pytest.raises(Invalid, match="one line"):
            checks.line("name", value)


@pytest.mark.parametrize("value", ["a\nb", "a\r\nb", "a\x00b", "a\x1bb", "a\u2028b"])
def test_whatever_does_not_fit_into_one_line_gets_the_same_advice(value: str) -> None:
    with pytest.raises(Invalid) as refused:
        checks.line("text", value)
    assert refused.value.fields["mend"] == "write plain text in one line"


def test_a_refused_value_is_shown_short() -> None:
    with pytest.raises(Invalid) as refused:
        checks.one_of("kind", "x" * 10_000, ["a", "b"])
    assert len(refused.value.detail) < 100
    assert refused.value.fields["mend"] == "use one of: a, b"


@pytest.mark.parametrize("value", [0, 11, -(10**30)])
def test_a_whole_number_outside_its_bounds_is_refused(value: int) -> None:
    with pytest.raises(Invalid, match="from 1 to 10"):
        checks.whole("quota", value, least=1, most=10)
    assert [checks.whole("quota", edge, least=1, most=10) for edge in (1, 10)] == [1, 10]


@generated(st.floats())
def test_a_number_is_finite_and_within_its_bounds(value: float) -> None:
    try:
        assert checks.number("score", value, least=-1, most=1) == value
    except Invalid:
        assert not -1 <= value <= 1
    else:
        assert -1 <= value <= 1


@generated(st.lists(st.integers(0, 5), max_size=8))
def test_entries_are_kept_once_and_in_order(values: list[int]) -> None:
    try:
        kept = checks.unique("cameras", values, least=1, most=3)
    except Invalid:
        assert len(set(values)) not in {1, 2, 3}
        return
    assert sorted(set(values), key=values.index) == list(kept)
    assert 1 <= len(kept) <= 3


def test_spans_and_periods() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert checks.period("a", start, "b", start) == (start, start)
    with pytest.raises(Invalid, match="b: is a itself"):
        checks.span("a", start, "b", start)
    for check in (checks.period, checks.span):
        with pytest.raises(Invalid, match="b: is before a"):
            check("a", start, "b", start - timedelta(microseconds=1))
