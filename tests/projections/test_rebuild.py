"""A view is rebuilt beside the live one and swapped whole; until then, and where it fails, the live one stands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, Uuid, func, inspect, select

from domain.errors import NotFound
from domain.event import Event, Recorded
from domain.incident import ChildLinked, IncidentRecorded
from projections import incident_board, search_ledger
from projections.database import ViewsDatabase, copies, open_views, position_of
from projections.errors import RebuildCancelled, RebuildRefused, RebuildSuperseded
from projections.projector import Projector
from projections.rebuild import Rebuild
from projections.rows import Rows
from projections.status import LIVE, REBUILDING, STALE
from projections.view import BESIDE, View
from projections.views import VIEWS
from tests.conftest import ROOT
from tests.fakes_log import MemoryEventLog
from tests.projections.folding_tools import Poisoned, digests, moves, random_moves, views_with
from tests.projections.histories import Moves, write


def tables_of(database: ViewsDatabase) -> set[str]:
    with database.reading() as connection:
        return set(inspect(connection).get_table_names())


@settings(max_examples=10, deadline=None)
@given(history=moves, batch_events=st.integers(1, 30), view=st.sampled_from(VIEWS))
def test_rebuilt_view_equals_the_live_one(history: Moves, batch_events: int, view: View) -> None:
    log = MemoryEventLog()
    write(log, history)
    database = open_views(None, VIEWS)
    projector = Projector(log, database, batch_events=batch_events)
    projector.catch_up()
    before, tables = digests(database), tables_of(database)
    rebuilt = projector.rebuild(view.name)
    assert (rebuilt.name, rebuilt.position, rebuilt.events, rebuilt.parked) == (view.name, log.head(), log.head(), 0)
    assert digests(database) == before
    assert tables_of(database) == tables
    database.close()


def test_rebuild_mends_a_damaged_view_and_can_be_repeated(
    log: MemoryEventLog, database: ViewsDatabase, projector: Projector
) -> None:
    write(log, random_moves(150))
    projector.catch_up()
    right = digests(database)
    for _ in range(3):
        with database.writing() as connection:
            connection.execute(search_ledger.searches.update().values(purpose="changed by hand"))
        assert digests(database) != right
        projector.rebuild("search-ledger")
        assert digests(database) == right


def test_projector_goes_on_after_the_swap(log: MemoryEventLog, projector: Projector, database: ViewsDatabase) -> None:
    district = write(log, random_moves(100))
    projector.catch_up()
    for view in VIEWS:
        projector.rebuild(view.name)
    write(log, random_moves(100, seed=2), district)
    projector.catch_up()
    fresh = open_views(None, VIEWS)
    Projector(log, fresh).catch_up()
    assert digests(database) == digests(fresh)
    fresh.close()


def test_unknown_view(projector: Projector) -> None:
    with pytest.raises(NotFound, match="there is no view rumours"):
        projector.rebuild("rumours")


def test_cancelled_rebuild_leaves_the_live_view_as_it_was(
    log: MemoryEventLog, database: ViewsDatabase, projector: Projector
) -> None:
    write(log, random_moves(150))
    projector = Projector(log, database, batch_events=10)
    projector.catch_up()
    before, tables = digests(database), tables_of(database)
    stop = threading.Event()
    seen: list[tuple[int, int]] = []

    def progress(position: int, goal: int) -> None:
        seen.append((position, goal))
        assert {status.state for status in projector.status() if status.name == "cameras"} == {REBUILDING}
        if len(seen) == 3:
            stop.set()

    with pytest.raises(RebuildCancelled, match="cancelled at position 30"):
        projector.rebuild("cameras", stop=stop, progress=progress)
    assert seen == [(10, log.head()), (20, log.head()), (30, log.head())]
    assert digests(database) == before
    assert tables_of(database) == tables
    assert {status.state for status in projector.status()} == {LIVE}


def test_rebuild_that_breaks_leaves_the_live_view_as_it_was(log: MemoryEventLog, database: ViewsDatabase) -> None:
    projector = Projector(log, database, batch_events=10)
    write(log, random_moves(100))
    projector.catch_up()
    before, tables = digests(database), tables_of(database)

    def broken(position: int, goal: int) -> None:
        if position > 50:
            raise RuntimeError("the terminal is gone")

    with pytest.raises(RuntimeError):
        projector.rebuild("cameras", progress=broken)
    assert (digests(database), tables_of(database)) == (before, tables)


def test_killed_rebuild_leaves_the_live_view_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from tests.fakes_log import MemoryEventLog\n"
        "from tests.projections.histories import write; from tests.projections.folding_tools import random_moves\n"
        "from projections.database import open_views; from projections.projector import Projector\n"
        "from projections.views import VIEWS\n"
        "log = MemoryEventLog(); write(log, random_moves(200))\n"
        "projector = Projector(log, open_views(Path(sys.argv[1]), VIEWS), batch_events=10)\n"
        "projector.catch_up()\n"
        "def progress(position, goal):\n"
        "    print(position, flush=True)\n"
        "    if position >= 100: time.sleep(60)\n"
        "projector.rebuild('footage-shelf', progress=progress)\n"
    )
    path = tmp_path / "views.db"
    process = subprocess.Popen([sys.executable, "-c", program, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as lines:
        while lines.readline().strip() != "100":
            assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
    log = MemoryEventLog()
    write(log, random_moves(200))
    fresh = open_views(None, VIEWS)
    Projector(log, fresh).catch_up()
    database = open_views(path, VIEWS)
    projector = Projector(log, database)
    assert any(name.endswith(BESIDE) for name in tables_of(database)), "it was killed on its way"
    assert digests(database) == digests(fresh)
    assert {status.state for status in projector.status()} == {LIVE}
    with database.writing() as connection:  # a row that the next rebuild would not write over
        connection.exec_driver_sql("UPDATE footage__next SET footage = 'stray ' || sha256 WHERE archived_position < 50")
    projector.rebuild("footage-shelf")
    assert not any(name.endswith(BESIDE) for name in tables_of(database))
    assert digests(database) == digests(fresh)
    database.close()
    fresh.close()


def test_readers_read_throughout_and_see_whole_views_of_one_position(
    log: MemoryEventLog, database: ViewsDatabase
) -> None:
    """Every snapshot holds all incidents up to its position: none is torn by a batch, a rebuild or a swap."""
    district = write(log, random_moves(200))
    projector = Projector(log, database, batch_events=10)
    projector.catch_up()
    stop = threading.Event()
    snapshots: list[tuple[int, int, int]] = []

    def read() -> None:
        while not stop.is_set():
            with database.reading() as connection:
                count = connection.execute(select(func.count()).select_from(incident_board.incidents)).scalar_one()
                page = incident_board.incident_page(connection, state=None, limit=200).items
                snapshots.append((position_of(connection), count, len(page)))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(4):
        before = len(snapshots)
        projector.rebuild("incident-board")
        assert len(snapshots) > before, "nobody could read during the rebuild"
        write(log, random_moves(60, seed=number), district)
        projector.catch_up()
    stop.set()
    for reader in readers:
        reader.join(60)
    recorded = [0]
    for row in log.read(limit=10_000):
        recorded.append(recorded[-1] + isinstance(row.event, IncidentRecorded))
    assert recorded[-1] > recorded[snapshots[0][0]], "the history went on"
    assert [each for each in snapshots if each[1:] != (recorded[each[0]], recorded[each[0]])] == []


@pytest.mark.parametrize("grown", [2, 12], ids=["by less than a batch", "by more than a batch"])
def test_live_view_moves_on_during_the_rebuild(log: MemoryEventLog, database: ViewsDatabase, grown: int) -> None:
    district = write(log, random_moves(100))
    projector = Projector(log, database, batch_events=10)
    projector.catch_up()
    rounds = iter(range(20))

    def progress(position: int, goal: int) -> None:
        number = next(rounds, None)
        if number is not None:  # after the rebuild's read, before its transaction
            write(log, random_moves(grown, seed=number), district)
            projector.catch_up()

    rebuilt = projector.rebuild("cameras", progress=progress)
    assert rebuilt.position == rebuilt.events == database.position() == log.head()
    fresh = open_views(None, VIEWS)
    Projector(log, fresh).catch_up()
    assert digests(database) == digests(fresh)
    fresh.close()


def test_later_rebuild_of_the_same_view_takes_over(log: MemoryEventLog, database: ViewsDatabase) -> None:
    write(log, random_moves(100))
    projector = Projector(log, database, batch_events=10)
    projector.catch_up()
    before = digests(database)
    second: list[object] = []

    def progress(position: int, goal: int) -> None:
        if position == 50 and not second:
            second.append(Rebuild(log, database, VIEWS[2], batch_events=100).run(threading.Event(), lambda *_: None))

    with pytest.raises(RebuildSuperseded):
        projector.rebuild("cameras", progress=progress)
    assert len(second) == 1
    assert digests(database) == before
    assert not any(name.endswith(BESIDE) for name in tables_of(database))


def test_rebuild_that_would_lose_streams_is_refused(log: MemoryEventLog, tmp_path: Path) -> None:
    write(log, random_moves(900))
    poison = Poisoned()
    database = open_views(tmp_path / "views.db", views_with("incident-board", poison))
    projector = Projector(log, database)
    projector.catch_up()
    before = digests(database)
    victim = next(row for row in log.read(limit=1_000) if isinstance(row.event, ChildLinked))
    poison.positions = {victim.position}
    with pytest.raises(RebuildRefused, match="parks 1 streams") as refused:
        projector.rebuild("incident-board")
    assert refused.value.fields["streams"] == [str(victim.stream)]
    assert digests(database) == before
    assert projector.parked() == []
    database.close()


def test_rebuild_with_the_cure_unparks(log: MemoryEventLog, tmp_path: Path) -> None:
    write(log, random_moves(900))
    victim = next(row for row in log.read(limit=1_000) if isinstance(row.event, ChildLinked))
    poison = Poisoned(victim.position)
    database = open_views(tmp_path / "views.db", views_with("incident-board", poison))
    projector = Projector(log, database)
    projector.catch_up()
    assert projector.rebuild("incident-board").parked == 1, "as much is parked as before: nothing is lost"
    assert {letter.stream for letter in projector.parked()} == {victim.stream}
    poison.positions.clear()
    assert projector.rebuild("incident-board").parked == 0
    assert projector.parked() == []
    database.close()


# ------------------------------------------------------------------ versions


def second_version(view: View, *, with_table: bool) -> View:
    """The board as a later program may have it: a count of incidents by unit instead of what it was."""
    metadata = MetaData()
    counts = Table(
        "incidents" if with_table else "incident_counts",
        metadata,
        Column("incident", Uuid, primary_key=True),
        Column("children", Integer, nullable=False),
    )

    def recorded(rows: Rows, at: Recorded, event: Event) -> None:
        rows.put(counts, incident=at.stream, children=0)

    def linked(rows: Rows, at: Recorded, event: Event) -> None:
        rows.change(counts, at.stream, children=rows.read(counts, at.stream)["children"] + 1)

    folds: dict[type[Event], Callable[..., None]] = {IncidentRecorded: recorded, ChildLinked: linked}
    return View(name=view.name, version=view.version + 1, metadata=metadata, folds=folds)


@pytest.mark.parametrize("with_table", [True, False], ids=["same table, other columns", "another table"])
def test_view_of_an_older_program_is_stale_until_rebuilt(log: MemoryEventLog, tmp_path: Path, with_table: bool) -> None:
    district = write(log, random_moves(150))
    old = open_views(tmp_path / "views.db", VIEWS)
    Projector(log, old).catch_up()
    old.close()

    views = (second_version(VIEWS[0], with_table=with_table), *VIEWS[1:])
    database = open_views(tmp_path / "views.db", views)
    projector = Projector(log, database)
    assert projector.stale() == ("incident-board",)
    assert [status.state for status in projector.status()][:2] == [STALE, LIVE]
    write(log, random_moves(50, seed=3), district)
    projector.catch_up()  # the others go on meanwhile

    stop = threading.Event()
    runner = threading.Thread(target=projector.run, args=(stop,))
    runner.start()
    try:
        write(log, random_moves(10, seed=4), district)
        assert projector.wait(log.head(), 60)
    finally:
        stop.set()
        runner.join(60)
    assert projector.stale() == ()
    fresh = open_views(None, views)
    Projector(log, fresh).catch_up()
    assert digests(database) == digests(fresh)
    assert tables_of(database) == tables_of(fresh), "no table of the older version is left"
    fresh.close()
    database.close()


def test_view_that_is_new_to_an_old_database_is_built(log: MemoryEventLog, tmp_path: Path) -> None:
    write(log, random_moves(100))
    few = open_views(tmp_path / "views.db", VIEWS[1:])
    Projector(log, few).catch_up()
    few.close()
    database = open_views(tmp_path / "views.db", VIEWS)
    projector = Projector(log, database)
    assert projector.stale() == ("incident-board",)
    assert projector.wait(log.head(), 0)
    assert not projector.wait_whole(log.head(), 0), "that view has nothing yet"
    projector.rebuild("incident-board")
    assert projector.wait_whole(log.head(), 0)
    fresh = open_views(None, VIEWS)
    Projector(log, fresh).catch_up()
    assert digests(database) == digests(fresh)
    fresh.close()
    database.close()


def test_views_of_another_log_are_declared_stale_and_built_anew(tmp_path: Path) -> None:
    """An older backup of the log was put back beside views that had come further."""
    first, other = MemoryEventLog(), MemoryEventLog()
    write(first, random_moves(100))
    write(other, random_moves(60, seed=9))
    database = open_views(tmp_path / "views.db", VIEWS)
    Projector(first, database).catch_up()
    projector = Projector(other, database)
    assert set(projector.stale()) == {view.name for view in VIEWS}
    for name in projector.stale():
        projector.rebuild(name)
    fresh = open_views(None, VIEWS)
    Projector(other, fresh).catch_up()
    assert digests(database) == digests(fresh)
    assert {status.state for status in projector.status()} == {LIVE}
    fresh.close()
    database.close()


def test_same_log_is_known_again(log: MemoryEventLog, tmp_path: Path) -> None:
    write(log, random_moves(100))
    database = open_views(tmp_path / "views.db", VIEWS)
    Projector(log, database).catch_up()
    assert Projector(log, database).stale() == ()
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(copies)).scalar_one() == len(VIEWS)
    database.close()
