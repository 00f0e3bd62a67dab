"""A poison event parks its stream, in the view that cannot take it; the rest goes on, and a retry mends it."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import NotFound
from domain.event import Event, Recorded
from domain.incident import ChildLinked, IncidentReclassified
from projections import disclosures, incident_board, incident_timeline, organisation, sealed_records
from projections.database import ViewsDatabase, open_views
from projections.errors import RetryFailed
from projections.projector import Projector
from projections.reports import follow_ups
from projections.rows import Rows
from projections.view import Fold
from projections.views import VIEWS
from tests.fakes_log import MemoryEventLog
from tests.projections.folding_tools import Poisoned, TornLog, digests, moves, random_moves, views_with, with_hook
from tests.projections.histories import District, Moves, write


def parked_positions(projector: Projector, label: str) -> list[int]:
    return [letter.position for letter in projector.parked() if letter.label == label]


@pytest.fixture
def three_incidents(log: MemoryEventLog) -> list[UUID]:
    """Positions 1 to 3 record three incidents, 4 to 12 link a child and footage to each and reclassify it."""
    district = District()
    for salt in (0, 1, 2):
        changes, meta = district.do(district.record_incident, salt)
        log.append(changes, meta)
    for change in (1, 3, 0):
        for number in range(3):
            # a salt picks incident `number` of 3 and change `change` of 6
            changes, meta = district.do(district.change_incident, 3 * change + number)
            log.append(changes, meta)
    return list(district.incidents)


def test_only_the_stream_is_parked_and_only_in_that_view(
    log: MemoryEventLog, tmp_path: Path, three_incidents: list[UUID]
) -> None:
    second = three_incidents[1]
    at_fault = [row.position for row in log.stream(second)][1]
    database = open_views(tmp_path / "views.db", views_with("incident-board", Poisoned(at_fault)))
    projector = Projector(log, database)
    projector.catch_up()

    letters = projector.parked()
    assert [(letter.label, letter.stream, letter.position) for letter in letters] == [
        ("incident-board", second, row.position) for row in list(log.stream(second))[1:]
    ]
    assert letters[0].fault == f"ValueError: cannot take position {at_fault}"
    assert letters[0].topic == ChildLinked.TOPIC
    assert {letter.fault for letter in letters[1:]} == {f"waits for position {at_fault} of its stream"}
    assert projector.parked(second) == letters
    assert projector.parked(three_incidents[0]) == []
    assert {status.name: status.parked for status in projector.status()}["incident-board"] == 1
    assert sum(status.parked for status in projector.status()) == 1

    with database.reading() as connection:
        versions = {item.incident: item.version for item in incident_board.incident_page(connection).items}
        timeline = incident_timeline.timeline_page(connection, second).items
    assert versions == {three_incidents[0]: 4, second: 1, three_incidents[2]: 4}
    assert [entry.version for entry in timeline] == [1, 2, 3, 4], "the other view goes on"
    database.close()


def test_retry_folds_in_order_and_unparks(log: MemoryEventLog, tmp_path: Path, three_incidents: list[UUID]) -> None:
    second = three_incidents[1]
    positions = [row.position for row in log.stream(second)]
    poison, folded = Poisoned(positions[1]), []

    def hook(at: Recorded) -> None:
        poison(at)
        if at.stream == second:
            folded.append(at.position)

    database = open_views(tmp_path / "views.db", views_with("incident-board", hook))
    projector = Projector(log, database)
    projector.catch_up()

    folded.clear()
    with pytest.raises(RetryFailed, match=re.escape(f"at position {positions[1]}: ValueError")) as failed:
        projector.retry(second)
    assert failed.value.fields["stream"] == str(second)
    assert len(projector.parked()) == 3, "nothing changed"

    poison.positions.clear()
    assert projector.retry(second) == 3
    assert folded == positions[1:]
    assert projector.parked() == []
    with pytest.raises(NotFound):
        projector.retry(second)
    healthy = open_views(None, VIEWS)
    Projector(log, healthy).catch_up()
    assert digests(database) == digests(healthy)
    healthy.close()
    database.close()


def test_retry_that_fails_half_way_changes_nothing(
    log: MemoryEventLog, tmp_path: Path, three_incidents: list[UUID]
) -> None:
    second = three_incidents[1]
    positions = [row.position for row in log.stream(second)]
    poison = Poisoned(positions[1], positions[3])
    database = open_views(tmp_path / "views.db", views_with("incident-board", poison))
    projector = Projector(log, database)
    projector.catch_up()
    before = digests(database)
    poison.positions.discard(positions[1])
    with pytest.raises(RetryFailed, match=f"at position {positions[3]}"):
        projector.retry(second)
    assert digests(database) == before
    assert parked_positions(projector, "incident-board") == positions[1:]
    database.close()


@settings(max_examples=25, deadline=None)
@given(history=moves, poisoned=st.sets(st.integers(1, 70), min_size=1, max_size=4), batch_events=st.integers(1, 30))
def test_parked_and_retried_ends_where_it_would_have_ended(
    history: Moves, poisoned: set[int], batch_events: int
) -> None:
    log = MemoryEventLog()
    write(log, history)
    poison = Poisoned(*poisoned)
    database = open_views(None, [with_hook(view, poison) for view in VIEWS])
    projector = Projector(log, database, batch_events=batch_events)
    projector.catch_up()
    for label in {letter.label for letter in projector.parked()}:
        for stream in {letter.stream for letter in projector.parked()}:
            parked = [letter for letter in projector.parked(stream) if letter.label == label]
            first = min((letter.position for letter in parked), default=0)
            view = next(view for view in VIEWS if view.name == label)
            later = [row.position for row in log.stream(stream) if type(row.event) in view.folds]
            assert [letter.position for letter in parked] == [position for position in later if position >= first > 0]
    poison.positions.clear()
    for stream in {letter.stream for letter in projector.parked()}:
        projector.retry(stream)
    healthy = open_views(None, VIEWS)
    Projector(log, healthy).catch_up()
    assert digests(database) == digests(healthy)
    database.close()
    healthy.close()


def test_row_that_does_not_decode_parks_its_stream_until_it_does(database: ViewsDatabase) -> None:
    log = TornLog()
    write(log, random_moves(400))
    linked = next(row for row in log.read(limit=500) if isinstance(row.event, IncidentReclassified))
    log.torn[linked.position] = IncidentReclassified.TOPIC
    projector = Projector(log, database, batch_events=50)
    assert projector.catch_up() == log.head()
    assert {letter.stream for letter in projector.parked()} == {linked.stream}
    assert {letter.label for letter in projector.parked()} == {
        *("child-profiles", "incident-board", "incident-timeline", "sealed-records")
    }
    assert projector.parked()[0].fault == "unreadable: bytes are not what they were"
    with pytest.raises(RetryFailed, match="unreadable"):
        projector.retry(linked.stream)
    log.torn.clear()  # a newer program has the upcaster
    projector.retry(linked.stream)
    healthy = open_views(None, VIEWS)
    Projector(log, healthy).catch_up()
    assert digests(database) == digests(healthy)
    healthy.close()


def test_row_of_no_known_kind_is_shown_missing_in_every_view(database: ViewsDatabase) -> None:
    log = TornLog()
    write(log, random_moves(30))
    log.torn[7] = "rumour.spread"
    projector = Projector(log, database)
    projector.catch_up()
    assert {letter.label for letter in projector.parked() if letter.position == 7} == {view.name for view in VIEWS}
    assert {letter.topic for letter in projector.parked() if letter.position == 7} == {"rumour.spread"}


def test_event_that_changes_a_row_which_is_not_there_is_poison(log: MemoryEventLog, database: ViewsDatabase) -> None:
    district = District()
    write(log, random_moves(60), district)
    stranger = uuid4()
    changes, meta = district.do(
        lambda salt: [(stranger, [ChildLinked(child=uuid4(), pseudonym="CH-1", role="victim")])], 0
    )
    log.append(changes, meta)
    write(log, random_moves(60, seed=2), district)
    projector = Projector(log, database)
    projector.catch_up()
    assert [(letter.label, letter.stream) for letter in projector.parked()] == [("incident-board", stranger)]
    assert "incidents: 1 rows were to change, 0 are there" in projector.parked()[0].fault


def test_row_that_the_database_refuses_is_poison_and_leaves_nothing_behind(
    log: MemoryEventLog, tmp_path: Path, three_incidents: list[UUID]
) -> None:
    """The fault comes when the batch is written: what was written of it before must go, too."""
    victim = list(log.stream(three_incidents[1]))[1]
    assert isinstance(victim.event, ChildLinked)
    board = incident_board.VIEW

    def without_officer(rows: Rows, at: Recorded, event: ChildLinked) -> None:
        board.folds[ChildLinked](rows, at, event)
        if at.position == victim.position:
            rows.change(incident_board.incidents, at.stream, officer=None)  # written after the children

    folds: dict[type[Event], Fold] = {**board.folds, ChildLinked: without_officer}
    # the board's queries show the names of units and officers, and what was added to reports
    beside = (organisation.VIEW, disclosures.VIEW, sealed_records.VIEW, follow_ups.VIEW)
    database = open_views(tmp_path / "views.db", [msgspec.structs.replace(board, folds=folds), *beside])
    assert Projector(log, database, batch_events=3).step() == 3  # the incidents are there before the batch at fault
    projector = Projector(log, database)
    projector.catch_up()
    letters = projector.parked()
    assert letters[0].position == victim.position
    assert "NOT NULL" in letters[0].fault
    assert victim.event.pseudonym not in letters[0].fault, "a fault carries no row"
    assert {letter.stream for letter in letters} == {victim.stream}
    with database.reading() as connection:
        versions = {item.incident: item.version for item in incident_board.incident_page(connection).items}
        assert incident_board.children_of(connection, victim.stream) == ()
    assert versions == {three_incidents[0]: 4, victim.stream: 1, three_incidents[2]: 4}
    database.close()
