"""People read Kyiv's clocks, in every sentence that tells a time; the fields beside it are UTC for programs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.errors import DomainError
from domain.footage_refusals import FootageArchivedOtherwise, FootageOverlap, OutsideCameraLife
from domain.kyiv_time import shown
from domain.search_refusals import AuthorisationExpired, OutsideWindow

KEY = UUID("7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60")
WINTER, SUMMER = datetime(2026, 1, 15, 8, 30, tzinfo=UTC), datetime(2026, 7, 15, 8, 30, tzinfo=UTC)
ISO = re.compile(r"\d{4}-\d\d-\d\dT")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (WINTER, "2026-01-15 10:30:00.0 EET"),
        (SUMMER, "2026-07-15 11:30:00.0 EEST"),
        (SUMMER + timedelta(milliseconds=999), "2026-07-15 11:30:00.9 EEST"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25 03:30:00.0 EEST"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25 03:30:00.0 EET"),
    ],
)
def test_an_instant_in_words(at: datetime, words: str) -> None:
    assert shown(at) == words


@pytest.mark.parametrize(
    ("refusal", "fields"),
    [
        (AuthorisationExpired(KEY, WINTER), {"expired_at"}),
        (OutsideWindow(WINTER, SUMMER), {"allowed_from", "allowed_to"}),
        (OutsideCameraLife("at", WINTER, WINTER, SUMMER), {"at", "installed_at", "decommissioned_at"}),
        (FootageOverlap("ab" * 32, WINTER, SUMMER, 3.5), {"from_at", "to_at"}),
        (FootageArchivedOtherwise("ab" * 32, KEY, WINTER), {"recorded_at"}),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_refusal_says_kyiv_time_and_carries_utc(refusal: DomainError, fields: set[str]) -> None:
    assert "2026-01-15 10:30:00.0 EET" in refusal.detail
    assert not ISO.search(refusal.detail)
    for field in fields:
        assert str(refusal.fields[field]).endswith("T08:30:00+00:00")
