"""Random commands of several actors over several aggregates: no invariant breaks, and replay is the live state.

`CASEWORK_STEPS=10000 pytest tests/domain/test_casework_machine.py -s` drives as many, and tells what it reached.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from msgspec.structs import replace as changed

from app.event_store.vault import Vault
from domain import checks, child, child_events, concern, incident, officer
from domain.child_erasure import AgreeToChildErasure, RecordChildDestruction, decide_destroyed
from domain.child_merging import MergeProfiles
from domain.child_state import Child
from domain.concern import ConcernReviewed
from domain.decider import Decider
from domain.event import TOPICS
from domain.ids import involvement_id
from domain.involvement import LinkCase
from domain.registry import DECIDERS
from tests.domain.casework import Casework, Tally
from tests.domain.casework_parts import child as child_part
from tests.domain.casework_parts import concern as concern_part
from tests.domain.casework_parts import incident as incident_part
from tests.domain.casework_parts import officer as officer_part
from tests.domain.casework_parts import prevention_case as case_part
from tests.domain.casework_parts.part import Decided, Part
from tests.domain.golden import fixed_keys

STEPS = int(os.environ.get("CASEWORK_STEPS", "2000"))
RUN_STEPS = 250  # of one history, before another begins
ACCEPTED_SHARE_MIN = 0.4

PARTS = (officer_part.PART, concern_part.PART, case_part.PART, child_part.PART, incident_part.PART)
"""Every aggregate of casework that is driven: another one is another `Part` here."""

AGGREGATES = ("incident", "involvement", "child", "prevention-case", "concern", "officer")
"""Whose events must all be reached, whatever the parts make up: the involvement is an incident's, beside it."""


def event_types() -> set[str]:
    """The topics of their events: those on which something is decided later, and any others that are named so."""
    evolved = {event.TOPIC for kind in AGGREGATES for event in DECIDERS[kind].evolves}
    return evolved | {topic for topic in TOPICS if topic.partition(".")[0] in AGGREGATES}


def machine(parts: tuple[Part, ...], tally: Tally) -> type[RuleBasedStateMachine]:
    class CaseworkMachine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.opened = ExitStack()  # keys of its own: what one history destroys, another makes again
            folder = Path(self.opened.enter_context(tempfile.TemporaryDirectory()))
            vault = Vault(self.opened.enter_context(fixed_keys(folder, {})))
            self.work = Casework(parts, vault, tally)
            self.steps, self.holds = 0, True

        @rule(salt=st.integers(0, 2**32 - 1))
        def somebody_does_something(self, salt: int) -> None:
            self.holds = False
            self.steps += 1  # the generator likes to repeat itself, and the same command again is mostly refused
            self.work.step(Random((tally.rounds << 64) | (self.steps << 32) | salt))  # checks what it touched
            self.holds = True

        @invariant()
        def the_log_holds_what_was_taken(self) -> None:
            assert self.work.log.head() == sum(len(self.work.log.events(key)) for key in self.work.live)

        def teardown(self) -> None:
            with self.opened:
                if self.holds:  # else it is told already what does not
                    self.work.check_all()

    return CaseworkMachine


def drive(steps: int, parts: tuple[Part, ...] = PARTS) -> Tally:
    """At least so many steps. Raises AssertionError, with the history as salts, where something does not hold. It is
    not shrunk: a salt says nothing by its size, and checking every stream anew at each try takes minutes.
    """
    tally = Tally()
    while tally.steps < steps:
        tally.rounds += 1
        run_state_machine_as_test(
            machine(parts, tally),
            settings=settings(
                max_examples=-(-(steps - tally.steps) // RUN_STEPS),
                stateful_step_count=RUN_STEPS,
                deadline=None,
                derandomize=True,
                phases=(Phase.generate,),
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    return tally


def test_nothing_that_anybody_does_breaks_an_invariant() -> None:
    tally = drive(STEPS)
    print(f"{tally.steps} steps, {tally.accepted_share:.0%} taken, {sum(tally.events.values())} events")
    print(f"{tally.over_streams} appends to several streams, {tally.reactions} answers of processes")
    for kind, count in sorted(tally.events.items(), key=lambda item: item[0].TOPIC):
        print(f"  {kind.TOPIC}: {count}")
    assert tally.steps >= STEPS
    assert tally.accepted_share >= ACCEPTED_SHARE_MIN
    missed = event_types() - {kind.TOPIC for kind in tally.events}
    assert not missed, f"no command that was made up led to {sorted(missed)}"
    assert tally.refusals
    assert tally.over_streams
    assert tally.reactions


def test_every_command_is_driven() -> None:
    for part in PARTS:
        assert part.makes.keys() == part.decider.decides.keys() | part.spans.keys()


def with_fault(kind: str, spans: dict[type, Any] | None = None, **tables: dict[type, Any]) -> tuple[Part, ...]:
    """The parts, one of which decides or evolves otherwise."""
    faulty = []
    for part in PARTS:
        if part.decider.kind == kind:
            known = part.decider
            decides = {**known.decides, **tables.get("decides", {})}
            evolves = {**known.evolves, **tables.get("evolves", {})}
            decider: Decider[Any, Any] = Decider(kind=kind, decides=decides, evolves=evolves)
            part = replace(part, decider=decider, spans={**part.spans, **(spans or {})})  # noqa: PLW2901
        faulty.append(part)
    return tuple(faulty)


def noticed(says: str, parts: tuple[Part, ...]) -> None:
    """Ends with the first that is noticed; which commands are made up depends on what else the tests have loaded."""
    with pytest.raises(AssertionError, match=says):
        drive(10_000, parts)


def test_a_decider_that_lets_the_raiser_review_is_noticed() -> None:
    def careless(state: Any, command: concern.ReviewConcern) -> tuple[Any, ...]:
        return (ConcernReviewed(finding="unclear", by=state.raiser, reason=command.reason),) if state else ()

    noticed("who raised it reviewed it", with_fault("concern", decides={concern.ReviewConcern: careless}))


def test_a_state_that_rests_on_more_than_the_events_is_noticed() -> None:
    evolved: list[int] = []

    def drifting(state: officer.Officer, event: officer.OfficerCertified) -> officer.Officer:
        evolved.append(1)
        return officer.Officer(
            state.account, state.unit, officer.CERTIFIED, state.courses[: len(evolved) % 2], event.until
        )

    noticed("replay differs from live", with_fault("officer", evolves={officer.OfficerCertified: drifting}))


def test_an_erasure_that_one_person_asks_for_and_agrees_to_is_noticed() -> None:
    def careless(work: Casework, command: AgreeToChildErasure) -> tuple[Decided, ...]:
        state = checks.existing("child", command.child, work.live.get(command.child))
        asked = checks.existing("erasure", command.child, state.erasure)
        erased = child_events.IdentityErased(order=asked.order, requested_by=asked.by, by=command.by)
        return tuple(Decided("child", key, (erased,)) for key in (command.child, *state.merged))

    noticed("who asked for an erasure agreed to it", with_fault("child", {AgreeToChildErasure: careless}))


def test_an_erased_child_that_takes_words_is_noticed() -> None:
    def careless(state: Child | None, command: child.AddNarrative) -> tuple[Any, ...]:
        known = checks.existing("child", command.child, state)
        return child.decide_add_narrative(changed(known, erased=False), command)

    noticed("an erased child took something", with_fault("child", decides={child.AddNarrative: careless}))


def test_a_merge_that_only_one_profile_knows_of_is_noticed() -> None:
    def half(work: Casework, command: MergeProfiles) -> tuple[Decided, ...]:
        return tuple(child_part.SPANS[MergeProfiles](work, command))[:1]

    noticed("one of two profiles does not know of it", with_fault("child", {MergeProfiles: half}))


def test_parting_that_does_not_give_back_what_was_is_noticed() -> None:
    def forgetful(state: Child, event: child_events.MergeUndone) -> Child:
        return changed(state, survivor=None, narratives=0)

    parts = with_fault("child", evolves={child_events.MergeUndone: forgetful})
    noticed("two that were parted are not as before", parts)


def test_keys_that_outlive_an_erasure_are_noticed() -> None:
    def idle(work: Casework, command: RecordChildDestruction) -> tuple[Decided, ...]:
        decided = decide_destroyed(work.live.get(command.child), command)
        return (Decided("child", command.child, decided),)

    noticed("what an erased child left can be opened", with_fault("child", {RecordChildDestruction: idle}))


def test_words_that_outlive_an_expired_concern_are_noticed() -> None:
    def idle(work: Casework, command: concern.RecordWordsDestruction) -> tuple[Decided, ...]:
        return (work.decided("concern", command.concern, command),)

    noticed("what an expired concern left can be opened", with_fault("concern", {concern.RecordWordsDestruction: idle}))


def test_a_voided_incident_that_takes_a_link_is_noticed() -> None:
    def careless(state: Any, command: incident.LinkChild) -> tuple[Any, ...]:
        standing = changed(checks.existing("incident", command.incident, state), voided=False)
        return incident.decide_link_child(standing, command)

    noticed("a voided incident took something", with_fault("incident", decides={incident.LinkChild: careless}))


def test_a_case_that_is_linked_to_a_voided_incident_is_noticed() -> None:
    """The decider of the stream beside it knows nothing of the incident; the one of both does."""

    def alone(work: Casework, command: LinkCase) -> tuple[Decided, ...]:
        return (work.decided("involvement", involvement_id(command.incident), command),)

    noticed("a case was linked to a voided incident", with_fault("incident", {LinkCase: alone}))


def test_cases_of_a_lapsed_officer_that_nobody_takes_on_are_noticed() -> None:
    parts = tuple(replace(part, processes=()) for part in PARTS)
    noticed("in charge of a case without a certification", parts)
