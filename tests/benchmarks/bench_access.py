"""Decisions a second, rows of a list a second, and how many faults in the policies the truth table catches.

python -m tests.benchmarks.bench_access [--table] [--faults]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from uuid import UUID, uuid4

from app.access.gate import Gate, Principal
from app.access.operations import Operation
from app.access.policy import PolicyInvalid, parse
from app.access.resources import PROPOSED, Authorisation, Incident, Thing
from app.access.tokens import LoopbackIssuer
from domain.errors import NotFound
from domain.vocabulary import ROLES
from tests.app.access import mutations, truth_table
from tests.app.access.mutations import Mutation

SECONDS = 3.0
ROLES_MAX = 3  # at once, where every set of them is tried: no policy names more than two that an asker has


def main() -> None:
    """Print the figures, one a line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--table", action="store_true", help="also count what the truth table covers (a minute)")
    arguments.add_argument("--faults", action="store_true", help="also plant every simple fault (minutes)")
    asked, gate = arguments.parse_args(), Gate.load()
    speed(gate)
    if asked.table:
        covered(gate)
    if asked.faults:
        faults(gate)


def speed(gate: Gate) -> None:
    """How fast the gate is."""
    investigator = Principal(account=uuid4(), roles=frozenset({"investigator"}), unit=uuid4())
    own = Incident(key=uuid4(), unit=investigator.unit, officer=uuid4(), state="recorded")
    foreign = Incident(key=uuid4(), unit=uuid4(), officer=uuid4(), state="recorded")
    units, officers = [uuid4() for _ in range(20)], [uuid4() for _ in range(100)]
    rows = [Incident(key=uuid4(), unit=units[n % 20], officer=officers[n % 100], state="recorded") for n in range(1000)]
    print("load", f"{1 / rate(Gate.load) * 1000:.1f} ms")
    print("decide, allowed", per_second(lambda: gate.decide(investigator, Operation.INCIDENT_READ, own)))
    print("decide, denied and hidden", per_second(lambda: gate.decide(investigator, Operation.INCIDENT_READ, foreign)))
    print(
        "visible, 1,000 rows of 100 kinds",
        per_second(lambda: gate.visible(investigator, Operation.INCIDENT_LIST, rows)),
    )
    gate.scope_of_lists(investigator, Operation.AUTHORISATION_LIST)
    print(
        "scope of a list, known roles",
        per_second(lambda: gate.scope_of_lists(investigator, Operation.AUTHORISATION_LIST)),
    )
    issuer = LoopbackIssuer("127.0.0.1")
    token = issuer.issue(investigator.account).token
    print("token verified", per_second(lambda: issuer.verify(token)))


def rate(work: Callable[[], object]) -> float:
    """How often a second the work can be done."""
    done, start = 0, time.process_time()  # of the processor: other work on the machine does not count
    while time.process_time() - start < SECONDS:
        work()
        done += 1
    return done / (time.process_time() - start)


def per_second(work: Callable[[], object]) -> str:
    found = rate(work)
    return f"{found:,.0f}/s ({1e6 / found:,.1f} µs)"


def covered(gate: Gate) -> None:
    """What the table answers, whether the policies agree, and how many faults planted by hand it catches."""
    table = truth_table.read()
    agreeing = sum(truth_table.verdict(gate, cell) == answer.expected for cell, answer in table.items())
    relations = {relation for cell in table for relation in cell.relation.split("+")} - {"-", "none"}
    print(
        f"{len({cell.operation for cell in table})} operations,",
        f"{len({cell.roles for cell in table})} sets of roles,",
    )
    print(f"{len(relations)} relations, alone and together, and none of them,")
    print(
        f"{len({answer.line for answer in table.values()})} rows by hand,",
        f"{len(table):,} decisions: {agreeing:,} agree",
    )
    caught = [outcome_of(gate, table, mutation) in ("refused", "caught") for mutation in mutations.PLANTED]
    print(f"{len(caught)} faults planted by hand: {sum(caught)} caught")


def faults(gate: Gate) -> None:
    """Every simple fault: refused at the start, caught by the table, without effect anywhere, or a survivor."""
    table = truth_table.read()
    counts = {"refused": 0, "caught": 0, "without effect": 0, "survives": 0}
    for mutation in mutations.systematic(gate.policy.policies_text):
        outcome = outcome_of(gate, table, mutation)
        counts[outcome] += 1
        if outcome == "survives":
            print("SURVIVES", mutation)
    print(f"{sum(counts.values())} faults:", ", ".join(f"{count} {outcome}" for outcome, count in counts.items()))


def outcome_of(gate: Gate, table: dict[truth_table.Cell, truth_table.Expectation], mutation: Mutation) -> str:
    text = gate.policy.policies_text
    try:
        faulty = Gate(parse(mutation.apply(text), gate.policy.schema_text))
    except PolicyInvalid:
        return "refused"
    operations = mutations.touched(mutation, text)
    for cell, answer in table.items():
        if cell.operation in operations and truth_table.verdict(faulty, cell) != answer.expected:
            return "caught"
    same = all(verdict(gate, *case) == verdict(faulty, *case) for case in whole_space(operations))
    return "without effect" if same else "survives"


def verdict(gate: Gate, principal: Principal, operation: Operation, thing: Thing) -> str:
    refusal = gate.refusal(principal, operation, thing)
    return "allow" if refusal is None else "hidden" if isinstance(refusal, NotFound) else "precise"


def whole_space(operations: set[Operation]) -> Iterator[tuple[Principal, Operation, Thing]]:
    """Every set of roles, with every set of relations, in every state: all that a policy can tell apart."""
    for operation in operations:
        kind = operation.on
        owners = [name for name, entity in kind.FACTS.items() if entity in ("Account", "Unit")]
        states = sorted({state for _, state in truth_table.situations(operation)})
        decided = [name for name in owners if "approver" not in name or kind is not Authorisation]
        for roles in subsets(list(ROLES), most=ROLES_MAX):
            principal = Principal(account=truth_table.ME, roles=frozenset(roles), unit=truth_table.MY_UNIT)
            for state in states:
                for mine in subsets(decided if state in (PROPOSED, "requested") else owners):
                    yield principal, operation, thing_of(kind, mine, state)


def thing_of(kind: type[Thing], mine: tuple[str, ...], state: str) -> Thing:
    facts: dict[str, UUID | str] = {}
    for name, entity in kind.FACTS.items():
        if entity in ("Account", "Unit"):
            own = truth_table.ME if entity == "Account" else truth_table.MY_UNIT
            facts[name] = own if name in mine else uuid4()
        else:
            facts[name] = state
    return kind(key="it", **facts)


def subsets(names: list[str], most: int | None = None) -> Iterator[tuple[str, ...]]:
    for size in range(len(names) + 1 if most is None else most + 1):
        yield from combinations(names, size)


if __name__ == "__main__":
    main()
