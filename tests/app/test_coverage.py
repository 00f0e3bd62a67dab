"""What an answer says of how much was really looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from msgspec.structs import replace

from app.clockwork import system_meta
from app.coverage import SENTENCES_MAX, coverage_of, in_a_row, statement
from app.instants import to_us
from domain.ids import footage_id
from domain.log import Change
from domain.personal import FileName
from domain.sealed import Sealed
from domain.search_coverage import CameraInterval, DestroyedInterval, SearchCoverage, UnsureClock
from domain.search_draw import DrawSearch
from search_index.answer import Coverage
from search_index.scope import Interval
from tests.app.conftest import House
from tests.domain.examples import archived_events, changed

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


(ARCHIVED,) = archived_events()


def looked_at(seconds: int = 3600, unavailable: tuple[str, ...] = ()) -> Coverage:
    return Coverage(
        searched={str(GATE): (Interval(to_us(START), to_us(START) + seconds * 1_000_000),)},
        unavailable_segments=unavailable,
        rows_in_scope=9,
        generation="g",
    )


def told(house: House, index: Coverage, *, behind: int = 0, dropped: int = 0) -> SearchCoverage:
    head = house.caught_up()
    with house.services.views.reading() as views:
        return coverage_of(views, ASK, index, head=head + behind, dropped=dropped)


def said(house: House, index: Coverage, *, behind: int = 0, dropped: int = 0) -> tuple[bool, str]:
    coverage = told(house, index, behind=behind, dropped=dropped)
    return coverage.complete, statement(coverage, {GATE: "KYIV-014"})


def files_in_a_row(*, holes_seconds: float) -> Coverage:
    """Sixty, a minute from one's beginning to the next's."""
    minutes = [to_us(START + timedelta(minutes=minute)) for minute in range(60)]
    parts = tuple(Interval(start, start + 60_000_000 - round(holes_seconds * 1_000_000)) for start in minutes)
    return Coverage(searched={str(GATE): parts}, unavailable_segments=(), rows_in_scope=9, generation="g")


def test_complete_is_said_only_where_all_was_looked_at(house: House) -> None:
    assert said(house, looked_at()) == (True, "complete: all of these cameras and times was searched")
    assert said(house, looked_at(3599))[0]
    complete, words = said(house, looked_at(3000))
    assert not complete
    assert words.startswith("partial: 50 min of the 60 min of these cameras and times was searched")


def test_what_recorders_leave_between_files_keeps_no_answer_from_being_complete(house: House) -> None:
    coverage = told(house, files_in_a_row(holes_seconds=0.9))
    assert coverage.complete
    assert coverage.searched_seconds == 3546.0
    end = ASK.to_at - timedelta(seconds=0.9)
    assert coverage.searched == (CameraInterval(camera=GATE, from_at=START, to_at=end),), "one for all of them"
    apart = told(house, files_in_a_row(holes_seconds=1.1))
    assert (apart.complete, len(apart.searched)) == (False, 60)
    for number in range(2):  # there are files in two of the holes, which nobody has looked at
        sha256, at = f"{number}" * 64, START + timedelta(minutes=number, seconds=59.1)
        name = Sealed(footage_id(sha256), FileName("gate.mp4"))
        archived = changed(ARCHIVED, sha256=sha256, camera=GATE, recorded_at=at, duration_seconds=0.6, name=name)
        house.services.log.append([Change(footage_id(sha256), 0, (archived,))], system_meta("test"))
    assert not told(house, files_in_a_row(holes_seconds=0.9)).complete
    assert told(house, files_in_a_row(holes_seconds=0.01)).complete, "so little is missing"


def test_a_clock_that_is_less_sure_than_usual_keeps_an_answer_from_being_complete(house: House) -> None:
    yard = UUID(int=2)
    index = replace(looked_at(), searched={str(yard): (Interval(to_us(START), to_us(ASK.to_at)),)})

    def told_with(number: int, from_minute: int, uncertainty_seconds: float) -> SearchCoverage:
        sha256, at = f"{number:064x}", START + timedelta(minutes=from_minute)
        name = Sealed(footage_id(sha256), FileName("yard.mp4"))
        archived = changed(
            ARCHIVED,
            sha256=sha256,
            camera=yard,
            recorded_at=at,
            duration_seconds=600.0,
            uncertainty_seconds=uncertainty_seconds,
            name=name,
        )
        house.services.log.append([Change(footage_id(sha256), 0, (archived,))], system_meta("test"))
        head = house.caught_up()
        with house.services.views.reading() as views:
            return coverage_of(views, replace(ASK, cameras=(yard,)), index, head=head, dropped=0)

    assert told_with(16, 0, 1.0).complete, "as surely as files are archived"
    assert told_with(17, 20, 600.0).complete, "wherever within this it was, it was within the hour"
    coverage = told_with(18, 55, 90.0)
    assert not coverage.complete
    assert coverage.unsure_clocks == (UnsureClock(camera=yard, uncertainty_seconds=90.0),)
    assert "the clock of KYIV-015 is true to ± 90 s" in statement(coverage, {yard: "KYIV-015"})


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


def test_what_retention_took_in_a_row_is_told_once_and_what_an_order_took_by_itself() -> None:
    def gone(minute: int, by: str = "retention", order: str = "") -> DestroyedInterval:
        from_at = START + timedelta(minutes=minute)
        to_at = from_at + timedelta(seconds=59.96)
        return DestroyedInterval(
            camera=GATE, from_at=from_at, to_at=to_at, footage_sha256=f"{minute:064}", at=to_at, by=by, order=order
        )

    rows = [gone(minute) for minute in range(30)]
    (one,) = in_a_row(rows)
    assert (one.from_at, one.to_at, one.at, one.footages) == (rows[0].from_at, rows[-1].to_at, rows[-1].at, 30)
    assert one.footage_sha256 == rows[0].footage_sha256
    parted = [*rows[:3], gone(3, "order", "757/1"), gone(4, "order", "757/2"), *rows[6:8]]
    assert [each.footages for each in in_a_row(parted)] == [3, 1, 1, 2]


def test_a_span_over_a_change_of_kyivs_clocks_says_by_which_it_goes() -> None:
    at = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    spans = [(at, at + timedelta(minutes=minutes)) for minutes in (5, 20)]
    gaps = tuple(CameraInterval(camera=GATE, from_at=from_at, to_at=to_at) for from_at, to_at in spans)
    coverage = SearchCoverage(complete=False, scope_seconds=60, searched_seconds=30, rows_in_scope=0, gaps=gaps)
    told = statement(coverage, {GATE: "KYIV-014"})
    assert "KYIV-014 has no usable picture 25.10 03:50:00 EEST–25.10 03:55:00 EEST" in told
    assert "KYIV-014 has no usable picture 25.10 03:50:00 EEST–25.10 03:10:00 EET" in told


def test_a_statement_stays_readable_however_much_there_is_to_say() -> None:
    spans = tuple(
        CameraInterval(
            camera=GATE, from_at=START + timedelta(minutes=2 * n), to_at=START + timedelta(minutes=2 * n + 1)
        )
        for n in range(500)
    )
    coverage = SearchCoverage(
        complete=False, scope_seconds=60_000, searched_seconds=30_000, rows_in_scope=0, gaps=spans
    )
    told = statement(coverage, {GATE: "KYIV-014"})
    assert told.count("has no usable picture") == SENTENCES_MAX
    assert "and 480 more times like that" in told
