"""What an answer says of how much was really looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from app.coverage import coverage_of, statement
from app.instants import to_us
from domain.search_draw import DrawSearch
from search_index.answer import Coverage
from search_index.scope import Interval
from tests.app.conftest import House

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
GATE = UUID(int=1)
ASK = DrawSearch(
    authorisation=uuid4(),
    search=uuid4(),
    searcher=uuid4(),
    searcher_unit=uuid4(),
    searcher_investigates=True,
    cameras=(GATE,),
    from_at=START,
    to_at=START + HOUR,
    at=START + 2 * HOUR,
)


def looked_at(seconds: int = 3600, unavailable: tuple[str, ...] = ()) -> Coverage:
    return Coverage(
        searched={str(GATE): (Interval(to_us(START), to_us(START) + seconds * 1_000_000),)},
        unavailable_segments=unavailable,
        rows_in_scope=9,
        generation="g",
    )


def said(house: House, index: Coverage, *, behind: int = 0, dropped: int = 0) -> tuple[bool, str]:
    head = house.services.desk.caught_up()
    with house.services.views.reading() as views:
        coverage = coverage_of(views, ASK, index, head=head + behind, dropped=dropped)
    return coverage.complete, statement(coverage, {GATE: "KYIV-014"})


def test_complete_is_said_only_where_all_was_looked_at(house: House) -> None:
    assert said(house, looked_at()) == (True, "complete: all of these cameras and times was searched")
    assert said(house, looked_at(3599))[0]
    complete, words = said(house, looked_at(3000))
    assert not complete
    assert words.startswith("partial: 50 min of the 60 min of these cameras and times was searched")


def test_a_segment_set_aside_a_hit_left_out_and_views_that_lag_are_told(house: House) -> None:
    complete, words = said(house, looked_at(unavailable=("s1",)))
    assert not complete
    assert "segments of the index that are unavailable: 1" in words
    complete, words = said(house, looked_at(), dropped=2)
    assert not complete
    assert "2 found in footage that the record does not know so, and left out" in words
    complete, words = said(house, looked_at(3000), behind=7)
    assert "7 events were not yet taken into this account" in words
    assert "not yet taken" not in said(house, looked_at(3000))[1]


def test_a_camera_of_which_nothing_is_indexed_is_named(house: House) -> None:
    nothing = Coverage(searched={}, unavailable_segments=(), rows_in_scope=0, generation="g")
    complete, words = said(house, nothing)
    assert not complete
    assert "nothing of KYIV-014 is indexed in this time" in words
