"""Events are given to processes once, whatever comes between; what cannot be answered is parked and tried again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
import structlog

from app.background import Background, Work
from app.event_store.faults import LogBusy
from app.process_positions import Positions
from app.processes import Processes, ViewsBehind, begins_id, reaction_id
from domain.account import PasswordChanged, PasswordReset
from domain.errors import LogFull, WrongState
from domain.event import Event, Meta, Recorded
from domain.ids import SYSTEM_ACTOR
from domain.log import Change
from projections.folding import anchor
from tests.fakes_log import MemoryEventLog
from tests.waiting import wait_until

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANSWERS = uuid4()


@dataclass
class Answering:
    """Answers every changed password with a reset one in a stream of its own: what is done twice shows there."""

    log: MemoryEventLog
    name: str = "answering"
    events: frozenset[type[Event]] = frozenset({PasswordChanged})
    answers_history: bool = True
    refuses: set[UUID] = field(default_factory=set)
    meanwhile: list[Change] = field(default_factory=list)  # what others append while it decides
    breaks_at: dict[UUID, Exception] = field(default_factory=dict)  # a fault of its own, by the stream that it meets

    def changes(self, caused: Recorded) -> Sequence[Change]:
        assert isinstance(caused.event, PasswordChanged)
        if caused.stream in self.breaks_at:
            raise self.breaks_at[caused.stream]
        if caused.stream in self.refuses:
            raise WrongState("account", caused.stream, "suspended", "it signs in no more")
        version = len(self.log.events(ANSWERS))
        if self.meanwhile:
            self.log.append([self.meanwhile.pop()], meta())
        return (Change(ANSWERS, version, (PasswordReset(credential=caused.event.credential),)),)


@dataclass
class Views:
    upto: int = 10**9

    def wait_whole(self, position: int, timeout_seconds: float) -> bool:
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
        purpose=cause.meta.purpose,
        command_id=reaction_id("answering", cause),
        correlation_id=cause.meta.correlation_id,
        causation=f"{stream}:1",
        recorded_at=AT,
    )


class OlderLog(MemoryEventLog):
    """Whose events were recorded when an envelope could say no purpose."""

    def read(self, *, after: int = 0, limit: int = 500, until: int | None = None) -> Sequence[Recorded]:
        return [
            msgspec.structs.replace(row, meta=msgspec.structs.replace(row.meta, purpose=""))
            for row in super().read(after=after, limit=limit, until=until)
        ]


def test_what_follows_an_older_event_without_purpose_names_the_process(positions: Positions) -> None:
    log = OlderLog()
    ask(log)
    catch_up(processes(log, positions))
    (answer,) = log.stream(ANSWERS)
    assert answer.meta.purpose == "answering"


def test_another_run_goes_on_from_where_the_last_one_was(log: MemoryEventLog, positions: Positions) -> None:
    asked = [ask(log), ask(log)]
    catch_up(processes(log, positions))
    saved = positions.of("answering")
    assert saved is not None
    assert (saved[0], saved[1].endswith(":1")) == (2, True)
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


def newcomer(log: MemoryEventLog, positions: Positions) -> Processes:
    """Of a process that came to logs at work, in a program that has just started."""
    runner = processes(log, positions, answering=Answering(log, name="newcomer", answers_history=False))
    runner.begin()
    return runner


def test_one_that_came_later_answers_nothing_of_what_happened_before_it_first_ran(
    log: MemoryEventLog, positions: Positions
) -> None:
    for _ in range(2):
        ask(log)
    newcomer(log, positions)  # and it ends before anything happens
    asked = [ask(log)]
    catch_up(newcomer(log, positions))
    asked.append(ask(log))
    catch_up(newcomer(log, positions))
    assert answers(log) == asked


def test_in_a_new_deployment_it_answers_everything(log: MemoryEventLog, positions: Positions) -> None:
    newcomer(log, positions)
    asked = [ask(log)]
    catch_up(newcomer(log, positions))
    assert answers(log) == asked


@pytest.mark.parametrize("is_from_before", [False, True])
@pytest.mark.parametrize("of_another_log", [False, True])
def test_where_its_position_is_lost_it_goes_back_to_the_first_that_it_answered(
    log: MemoryEventLog, positions: Positions, tmp_path: Path, of_another_log: bool, is_from_before: bool
) -> None:
    ask(log)
    runner = newcomer(log, positions)
    asked = [ask(log)]
    catch_up(runner)
    asked.append(ask(log))
    if is_from_before:  # of a program that did not say yet where it begins
        del log._receipts[begins_id("newcomer")]
    lost = Positions(tmp_path / "new.db")
    if of_another_log:
        lost.save("newcomer", 2, f"{uuid4()}:1")
    catch_up(newcomer(log, lost))
    lost.close()
    assert answers(log) == asked


@pytest.mark.parametrize("is_from_before", [False, True])
def test_what_was_parked_before_the_first_that_it_answered_outlives_a_lost_position(
    log: MemoryEventLog, positions: Positions, tmp_path: Path, is_from_before: bool
) -> None:
    ask(log)
    broken, answering = uuid4(), Answering(log, name="newcomer", answers_history=False)
    answering.breaks_at[broken] = KeyError("no such thing")
    runner = processes(log, positions, answering=answering)
    runner.begin()
    parked, answered = ask(log, broken), ask(log)
    catch_up(runner)
    assert answers(log) == [answered]
    if is_from_before:  # and served once by this program
        del log._receipts[begins_id("newcomer")]
        newcomer(log, positions)
    lost = Positions(tmp_path / "new.db")
    catch_up(newcomer(log, lost))
    assert (answers(log), lost.parked("newcomer")) == ([answered, parked], {})
    lost.close()


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


def beside(log: MemoryEventLog) -> Answering:
    """Another process, which answers in the same stream."""
    return Answering(log, name="beside")


def test_a_fault_of_a_process_parks_the_one_event_and_stops_neither_it_nor_another(
    log: MemoryEventLog, positions: Positions
) -> None:
    answering, stream = Answering(log), uuid4()
    answering.breaks_at[stream] = KeyError("no such thing")
    broken, later = ask(log, stream), ask(log)
    runner = Processes(log, Views(), positions, (answering, beside(log)), clock=lambda: AT)
    with structlog.testing.capture_logs() as said:
        catch_up(runner)
    assert answers(log) == [later, broken, later], "one was answered by one process alone"
    assert runner.notes.skipped == {"answering:1": "KeyError: 'no such thing'"}
    ((fault, traceback),) = [(each["fault"], each["exc_info"].__traceback__) for each in said]
    assert (fault, traceback is not None) == ("KeyError: 'no such thing'", True)
    answering.breaks_at.clear()
    runner.retry()
    assert answers(log) == [later, broken, later, broken]
    assert (positions.parked("answering"), runner.notes.skipped) == ({}, {})


def test_its_thread_outlives_the_fault_and_a_restart_meets_it_parked(log: MemoryEventLog, positions: Positions) -> None:
    answering, stream = Answering(log), uuid4()
    answering.breaks_at[stream] = ZeroDivisionError()
    ask(log, stream)

    def live() -> Work:
        """One life of the thread, till it has answered what is asked now."""
        runner, background, asked = processes(log, positions, answering=answering), Background(), ask(log)
        background.start("processes", runner.run, runner.notes)
        wait_until(lambda: asked in answers(log) and bool(runner.notes.skipped))
        (work,) = background.status()
        background.end("processes")
        return work

    parked = {"answering:1": "ZeroDivisionError: "}
    for _ in range(2):
        assert live() == Work(name="processes", running=True, fault=None, skipped=parked)


@pytest.mark.parametrize("transient", [OSError("the disk is away"), LogBusy(15), LogFull("no space"), ViewsBehind()])
def test_a_transient_fault_parks_nothing(log: MemoryEventLog, positions: Positions, transient: Exception) -> None:
    answering, stream = Answering(log), uuid4()
    answering.breaks_at[stream] = transient
    asked = ask(log, stream)
    runner = processes(log, positions, answering=answering)
    with pytest.raises(type(transient)):
        runner.step()
    assert positions.parked("answering") == {}
    answering.breaks_at.clear()
    catch_up(runner)
    assert answers(log) == [asked]


def test_what_was_parked_of_another_log_is_let_go(log: MemoryEventLog, positions: Positions) -> None:
    """A log that was put back from a backup ends before it, or the process has still to come to it."""
    asked = [ask(log), ask(log)]
    for position in (2, 10**6):
        positions.save("answering", position, f"{uuid4()}:1", parked="it was refused")
    runner = processes(log, positions)
    runner.retry()
    assert (answers(log), positions.parked("answering"), runner.notes.skipped) == ([], {}, {})
    catch_up(runner)
    assert answers(log) == asked


def test_what_was_parked_is_judged_as_what_stands_there_now(log: MemoryEventLog, positions: Positions) -> None:
    ask(log, event=PasswordReset(credential=uuid4()))  # nothing to it
    asked = [ask(log), ask(log)]
    for position, entry in enumerate(log.read(), 1):
        positions.save("answering", position, anchor(entry), parked="it was refused")
    for _ in range(2):
        processes(log, positions).retry()
        assert (answers(log), positions.parked("answering")) == (asked, {})


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
