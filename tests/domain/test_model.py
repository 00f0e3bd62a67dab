"""Accepting a model's card, switching to it, abandoning that: what may happen, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace as changed

from domain.errors import Invalid, NotFound, WrongState
from domain.event import Event
from domain.model import (
    DECIDER,
    AbandonSwitch,
    AcceptModelCard,
    BeginSwitch,
    CompleteSwitch,
    RecordRemoval,
    SwitchBySameAccount,
)
from domain.model_events import GenerationRemoved, ModelCardAccepted, SwitchAbandoned, SwitchBegun, SwitchCompleted
from tests.domain.examples import NOW, OLENA, TARAS, reason
from tests.given import folded, given

OLD, NEW, THIRD = ("a" * 64, "b" * 64, "c" * 64)
WHY = reason("Картку прочитано")
ACCEPT = AcceptModelCard(
    model="local-dir:/srv/models/xlm",
    precision="float32",
    generation=NEW,
    weights_sha256="d" * 64,
    card_sha256="e" * 64,
    licence="MIT",
    by=OLENA,
    reason=WHY,
)
ACCEPTED = ModelCardAccepted(
    model="local-dir:/srv/models/xlm",
    precision="float32",
    generation=NEW,
    weights_sha256="d" * 64,
    card_sha256="e" * 64,
    licence="MIT",
    by=OLENA,
    reason=WHY,
)
BEGIN = BeginSwitch(from_generation=OLD, to_generation=NEW, by=TARAS)
BEGUN = SwitchBegun(from_generation=OLD, to_generation=NEW, by=TARAS)
COMPLETE = CompleteSwitch(generation=NEW, begun_at=NOW, footages=3, footages_left=0, units=9, rows=80, bytes=80_000)
COMPLETED = SwitchCompleted(generation=NEW, begun_at=NOW, footages=3, units=9, rows=80, bytes=80_000)
ABANDONED = SwitchAbandoned(generation=NEW, by=OLENA, reason=WHY)
LEFT = RecordRemoval(generation=OLD, units=9, rows=80, bytes=40_000)
REMOVED = GenerationRemoved(generation=OLD, units=9, rows=80, bytes=40_000)


def test_a_card_is_accepted_once() -> None:
    given(DECIDER).when(ACCEPT).then(ACCEPTED)
    given(DECIDER, ACCEPTED).when(changed(ACCEPT, by=TARAS)).then()


def test_another_card_of_the_same_weights_is_accepted_anew() -> None:
    again = changed(ACCEPT, card_sha256="f" * 64, by=TARAS)
    given(DECIDER, ACCEPTED).when(again).then(changed(ACCEPTED, card_sha256="f" * 64, by=TARAS))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("model", "моя модель"),
        ("model", ""),
        ("precision", "auto"),
        ("generation", "g1"),
        ("weights_sha256", ""),
        ("card_sha256", "E" * 64),
        ("licence", " "),
        ("reason", reason(" ")),
    ],
)
def test_what_cannot_be_accepted(field: str, value: Any) -> None:
    given(DECIDER).when(changed(ACCEPT, **{field: value})).then_refused(Invalid, field=field)


def test_somebody_else_begins_the_switch() -> None:
    given(DECIDER, ACCEPTED).when(BEGIN).then(BEGUN)
    given(DECIDER, ACCEPTED).when(changed(BEGIN, by=OLENA)).then_refused(SwitchBySameAccount)


def test_a_switch_needs_an_accepted_card() -> None:
    given(DECIDER).when(BEGIN).then_refused(NotFound)
    given(DECIDER, ACCEPTED).when(changed(BEGIN, to_generation=THIRD)).then_refused(NotFound)
    given(DECIDER, ACCEPTED).when(changed(BEGIN, to_generation="new")).then_refused(Invalid, field="to_generation")


def test_there_is_one_switch_at_a_time() -> None:
    other = changed(ACCEPTED, generation=THIRD)
    given(DECIDER, ACCEPTED, other, BEGUN).when(changed(BEGIN, to_generation=THIRD)).then_refused(WrongState)
    given(DECIDER, ACCEPTED, BEGUN).when(BEGIN).then_refused(WrongState)


def test_nobody_switches_to_what_is_in_force() -> None:
    given(DECIDER, ACCEPTED, BEGUN, COMPLETED).when(changed(BEGIN, from_generation=NEW)).then_refused(WrongState)


def test_a_switch_is_completed_whole() -> None:
    given(DECIDER, ACCEPTED, BEGUN).when(COMPLETE).then(COMPLETED)
    given(DECIDER, ACCEPTED, BEGUN).when(changed(COMPLETE, footages_left=1)).then_refused(WrongState)


@pytest.mark.parametrize("history", [(ACCEPTED,), (ACCEPTED, BEGUN, ABANDONED), (ACCEPTED, BEGUN, COMPLETED)])
def test_what_is_not_under_way_is_neither_completed_nor_abandoned(history: tuple[Event, ...]) -> None:
    given(DECIDER, *history).when(COMPLETE).then_refused(WrongState)
    given(DECIDER, *history).when(AbandonSwitch(by=OLENA, reason=WHY)).then_refused(WrongState)


def test_another_one_than_is_under_way_is_not_completed() -> None:
    given(DECIDER, ACCEPTED, BEGUN).when(changed(COMPLETE, generation=THIRD)).then_refused(WrongState)


def test_figures_of_a_switch_are_counts() -> None:
    for name in ("footages", "units", "rows", "bytes"):
        given(DECIDER, ACCEPTED, BEGUN).when(changed(COMPLETE, **{name: -1})).then_refused(Invalid, field=name)


def test_a_switch_is_abandoned_by_whomever() -> None:
    given(DECIDER, ACCEPTED, BEGUN).when(AbandonSwitch(by=OLENA, reason=WHY)).then(ABANDONED)
    given(DECIDER, ACCEPTED, BEGUN).when(AbandonSwitch(by=OLENA, reason=reason(""))).then_refused(
        Invalid, field="reason"
    )


def test_what_is_left_goes_once() -> None:
    given(DECIDER, ACCEPTED, BEGUN, COMPLETED).when(LEFT).then(REMOVED)
    given(DECIDER, ACCEPTED, BEGUN, COMPLETED, REMOVED).when(LEFT).then()
    given(DECIDER, ACCEPTED, BEGUN).when(LEFT).then()
    given(DECIDER).when(LEFT).then()
    abandoned = changed(LEFT, generation=NEW)
    given(DECIDER, ACCEPTED, BEGUN, ABANDONED).when(abandoned).then(changed(REMOVED, generation=NEW))


def test_what_is_still_to_go_is_not_built_again() -> None:
    given(DECIDER, ACCEPTED, BEGUN, ABANDONED).when(BEGIN).then_refused(WrongState)
    given(DECIDER, ACCEPTED, BEGUN, ABANDONED, changed(REMOVED, generation=NEW)).when(BEGIN).then(BEGUN)


def test_the_record_says_what_is_in_force() -> None:
    before = folded(DECIDER, [ACCEPTED, BEGUN])
    assert before.in_force is None
    assert before.is_in_force(OLD)
    after = folded(DECIDER, [ACCEPTED, BEGUN, COMPLETED])
    assert after.in_force.generation == NEW
    assert (after.is_in_force(NEW), after.is_in_force(OLD)) == (True, False)
    assert after.leaving == {OLD}
    back = [changed(ACCEPTED, generation=OLD), changed(BEGUN, from_generation=NEW, to_generation=OLD)]
    assert folded(DECIDER, [ACCEPTED, BEGUN, COMPLETED, REMOVED, *back]).leaving == frozenset()


def test_nobody_switches_from_a_model_that_answers_no_longer() -> None:
    third = changed(ACCEPTED, generation=THIRD, card_sha256="f" * 64)
    late = BeginSwitch(from_generation=OLD, to_generation=THIRD, by=TARAS)
    given(DECIDER, ACCEPTED, third, BEGUN, COMPLETED).when(late).then_refused(WrongState)
    given(DECIDER, ACCEPTED, third, BEGUN, COMPLETED).when(changed(late, from_generation=NEW)).then(
        SwitchBegun(from_generation=NEW, to_generation=THIRD, by=TARAS)
    )


def test_whoever_ever_accepted_a_generation_does_not_begin_the_switch_to_it() -> None:
    again = changed(ACCEPTED, card_sha256="f" * 64, by=TARAS)
    given(DECIDER, ACCEPTED, again).when(changed(BEGIN, by=OLENA)).then_refused(SwitchBySameAccount)
    given(DECIDER, ACCEPTED, again).when(BEGIN).then_refused(SwitchBySameAccount)


def test_no_card_takes_the_place_of_the_one_that_is_being_switched_to() -> None:
    late = changed(ACCEPT, generation=NEW, card_sha256="f" * 64, by=TARAS)
    given(DECIDER, ACCEPTED, BEGUN).when(late).then_refused(WrongState)
    given(DECIDER, ACCEPTED, BEGUN).when(changed(late, generation=THIRD)).then(
        changed(ACCEPTED, generation=THIRD, card_sha256="f" * 64, by=TARAS)
    )
