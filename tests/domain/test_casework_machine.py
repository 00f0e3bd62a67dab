"""Random commands of several actors over several aggregates: no invariant breaks, and replay is the live state.

`CASEWORK_STEPS=10000 pytest tests/domain/test_casework_machine.py -s` drives as many, and tells what it reached.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.event_store.vault import Vault
from domain import concern, officer
from domain.concern import ConcernReviewed
from domain.decider import Decider
from tests.domain.casework import Casework, Part, Tally
from tests.domain.casework_parts import PARTS
from tests.domain.golden import fixed_keys

STEPS = int(os.environ.get("CASEWORK_STEPS", "2000"))
RUN_STEPS = 250  # of one history, before another begins
ACCEPTED_SHARE_MIN = 0.4


@pytest.fixture(scope="module")
def vault() -> Iterator[Vault]:
    with tempfile.TemporaryDirectory() as folder, fixed_keys(Path(folder), {}) as keys:
        yield Vault(keys)


def machine(parts: tuple[Part, ...], vault: Vault, tally: Tally) -> type[RuleBasedStateMachine]:
    class CaseworkMachine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.work = Casework(parts, vault, tally)
            self.steps = 0

        @rule(salt=st.integers(0, 2**32 - 1))
        def somebody_does_something(self, salt: int) -> None:
            self.steps += 1  # the generator likes to repeat itself, and the same command again is mostly refused
            self.work.step(Random((tally.rounds << 64) | (self.steps << 32) | salt))  # checks what it touched

        @invariant()
        def the_log_holds_what_was_taken(self) -> None:
            assert self.work.log.head() == sum(len(self.work.log.events(key)) for key in self.work.live)

        def teardown(self) -> None:
            self.work.check_all()

    return CaseworkMachine


def drive(steps: int, vault: Vault, parts: tuple[Part, ...] = PARTS) -> Tally:
    """At least so many steps. Raises AssertionError, with the history as salts, where something does not hold. It is
    not shrunk: a salt says nothing by its size, and checking every stream anew at each try takes minutes.
    """
    tally = Tally()
    while tally.steps < steps:
        tally.rounds += 1
        run_state_machine_as_test(
            machine(parts, vault, tally),
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


def test_nothing_that_anybody_does_breaks_an_invariant(vault: Vault) -> None:
    tally = drive(STEPS, vault)
    print(f"{tally.steps} steps, {tally.accepted_share:.0%} taken, {sum(tally.events.values())} events")
    for kind, count in sorted(tally.events.items(), key=lambda item: item[0].TOPIC):
        print(f"  {kind.TOPIC}: {count}")
    assert tally.steps >= STEPS
    assert tally.accepted_share >= ACCEPTED_SHARE_MIN
    reached = {kind.TOPIC for kind in tally.events}
    assert {event.TOPIC for part in PARTS for event in part.decider.evolves} == reached
    assert tally.refusals


def test_every_command_is_driven() -> None:
    for part in PARTS:
        assert part.makes.keys() == part.decider.decides.keys()


def with_decider(kind: str, **tables: dict[type, Any]) -> tuple[Part, ...]:
    """The parts, one of which decides or evolves otherwise: a planted fault."""
    faulty = []
    for part in PARTS:
        if part.decider.kind == kind:
            known = part.decider
            decides = {**known.decides, **tables.get("decides", {})}
            evolves = {**known.evolves, **tables.get("evolves", {})}
            part = replace(part, decider=Decider(kind=kind, decides=decides, evolves=evolves))  # noqa: PLW2901
        faulty.append(part)
    return tuple(faulty)


def test_a_decider_that_lets_the_raiser_review_is_noticed(vault: Vault) -> None:
    def careless(state: Any, command: concern.ReviewConcern) -> tuple[Any, ...]:
        return (ConcernReviewed(finding="unclear", by=state.raiser, reason=command.reason),) if state else ()

    with pytest.raises(AssertionError, match="who raised it reviewed it"):
        drive(300, vault, with_decider("concern", decides={concern.ReviewConcern: careless}))


def test_a_state_that_rests_on_more_than_the_events_is_noticed(vault: Vault) -> None:
    evolved: list[int] = []

    def drifting(state: officer.Officer, event: officer.OfficerCertified) -> officer.Officer:
        evolved.append(1)
        return officer.Officer(
            state.account, state.unit, officer.CERTIFIED, state.courses[: len(evolved) % 2], event.until
        )

    with pytest.raises(AssertionError, match="replay differs from live"):
        drive(300, vault, with_decider("officer", evolves={officer.OfficerCertified: drifting}))
