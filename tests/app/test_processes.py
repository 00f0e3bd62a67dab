"""Events are given to processes once, whatever comes between; what cannot be answered is parked and tried again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.process_positions import Positions
from app.processes import Processes, ViewsBehind, reaction_id
from domain.account import PasswordChanged, PasswordReset
from domain.errors import WrongState
from domain.event import Event, Meta, Recorded
from domain.ids import SYSTEM_ACTOR
from domain.log import Change
from tests.fakes_log import MemoryEventLog

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANSWERS = uuid4()


@dataclass
class Answering:
    """Answers every changed password with a reset one in a stream of its own: what is done twice shows there."""

    log: MemoryEventLog
    name: str = "answering"
    events: frozenset[type[Event]] = frozenset({PasswordChanged})
    refuses: set[UUID] = field(default_factory=set)
    meanwhile: list[Change] = field(default_factory=list)  # what others append while it decides

    def changes(self, caused: Recorded) -> Sequence[Change]:
        assert isinstance(caused.event, PasswordChanged)
        if caused.stream in self.refuses:
            raise WrongState("account", caused.stream, "suspended", "it signs in no more")
        version = len(self.log.events(ANSWERS))
        if self.meanwhile:
            self.log.append([self.meanwhile.pop()], meta())
        return (Change(ANSWERS, version, (PasswordReset(credential=caused.event.credential),)),)


@dataclass
class Views:
    upto: int = 10**9

    def wait(self, position: int, timeout_seconds: float) -> bool:
        return position <= self.upto


def meta() -> Meta:
    return Meta(
        actor=uuid4(), role="administrator", purpose="administration", command_id=uuid4(), correlation_id=uuid4(),
        recorded_at=AT,
    )  # fmt: skip


@pytest.fixture
def log() -> MemoryEventLog:
    return MemoryEventLog()


@pytest.fixture
def positions(tmp_path: Path) -> Iterator[Positions]:
    opened = Positions(tmp_path / "processes.db")
    yield opened
    opened.close()


def ask(log: MemoryEventLog, stream: UUID | None = None, *, event: Event | None = None) -> UUID:
    """Returns the credential that names this event, and the answer to it."""
    stream, credential = stream or uuid4(), uuid4()
    said = event or PasswordChanged(credential=credential)
    log.append([Change(stream, len(log.events(stream)), (said,))], meta())
    return credential


def answers(log: MemoryEventLog) -> list[UUID]:
    return [event.credential for event in log.events(ANSWERS) if isinstance(event, PasswordReset)]


def processes(log: MemoryEventLog, positions: Positions, *, views: Views | None = None, **more: object) -> Processes:
    answering = more.pop("answering", None) or Answering(log)
    assert isinstance(answering, Answering)
    return Processes(log, views or Views(), positions, (answering,), clock=lambda: AT)


def catch_up(runner: Processes) -> None:
    while runner.step():
        pass


def test_each_event_it_reacts_to_is_answered_once_and_in_order(log: MemoryEventLog, positions: Positions) -> None:
    asked = [ask(log) for _ in range(3)]
    ask(log, event=PasswordReset(credential=uuid4()))
    runner = processes(log, positions)
    catch_up(runner)
    asked.append(ask(log))
    catch_up(runner)
    assert answers(log) == asked


def test_the_answer_says_what_it_follows_from(log: MemoryEventLog, positions: Positions) -> None:
    stream = uuid4()
    ask(log, stream)
    catch_up(processes(log, positions))
    (cause,) = log.stream(stream)
    (answer,) = log.stream(ANSWERS)
    assert answer.meta == Meta(
        actor=SYSTEM_ACTOR,
        role="system",
        purpose="answering",
        command_id=reaction_id("answering", cause),
        correlation_id=cause.meta.correlation_id,
        causation=f"{stream}:1",
        recorded_at=AT,
    )


def test_another_run_goes_on_from_where_the_last_one_was(log: MemoryEventLog, positions: Positions) -> None:
    asked = [ask(log), ask(log)]
    catch_up(processes(log, positions))
    position, anchored = positions.of("answering")
    assert (position, anchored.endswith(":1")) == (2, True)
    asked.append(ask(log))
    catch_up(processes(log, positions))
    assert answers(log) == asked


def test_lost_positions_cost_no_second_answer(log: MemoryEventLog, positions: Positions, tmp_path: Path) -> None:
    asked = [ask(log) for _ in range(3)]
    catch_up(processes(log, positions))
    lost = Positions(tmp_path / "new.db")
    catch_up(processes(log, lost))
    lost.close()
    assert answers(log) == asked


def test_positions_of_another_log_count_for_nothing(log: MemoryEventLog, positions: Positions) -> None:
    positions.save("answering", 1, f"{uuid4()}:1")
    positions.save("answering", 10**6, f"{uuid4()}:1")
    asked = [ask(log)]
    catch_up(processes(log, positions))
    assert answers(log) == asked


def test_who_was_faster_makes_it_decide_anew(log: MemoryEventLog, positions: Positions) -> None:
    answering = Answering(log, meanwhile=[Change(ANSWERS, 0, (PasswordReset(credential=(other := uuid4())),))])
    asked = ask(log)
    catch_up(processes(log, positions, answering=answering))
    assert answers(log) == [other, asked]


def test_what_is_refused_is_parked_shown_and_tried_again_while_others_go_on(
    log: MemoryEventLog, positions: Positions
) -> None:
    answering, stream = Answering(log), uuid4()
    answering.refuses.add(stream)
    refused, later = ask(log, stream), ask(log)
    runner = processes(log, positions, answering=answering)
    catch_up(runner)
    assert answers(log) == [later]
    ((key, fault),) = runner.notes.skipped.items()
    assert (key, "suspended" in fault) == ("answering:1", True)
    runner.retry()
    assert len(positions.parked("answering")) == 1
    answering.refuses.clear()
    processes(log, positions, answering=answering).retry()  # also after a restart
    runner.retry()
    assert answers(log) == [later, refused]
    assert positions.parked("answering") == {}
    assert runner.notes.skipped == {}


def test_it_waits_for_the_views_that_it_reads(log: MemoryEventLog, positions: Positions) -> None:
    asked, views = ask(log), Views(upto=0)
    runner = processes(log, positions, views=views)
    with pytest.raises(ViewsBehind):
        runner.step()
    assert (answers(log), positions.parked("answering")) == ([], {})
    views.upto = 10
    catch_up(runner)
    assert answers(log) == [asked]


def test_an_answer_of_nothing_is_an_answer(log: MemoryEventLog, positions: Positions) -> None:
    """Its receipt stands, so that a replay does not find something to do that was not there then."""

    class Silent(Answering):
        def changes(self, caused: Recorded) -> Sequence[Change]:
            return ()

    ask(log)
    catch_up(processes(log, positions, answering=Silent(log)))
    (cause,) = log.read(limit=1)
    assert log.receipt(reaction_id("answering", cause)) is not None
