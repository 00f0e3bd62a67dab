"""The hand-written table of who may do what, read and spread out into single cells.

A row may group what shares an answer with `|`; `*` stands for every relation or state of the operation, and among
the operations (in the row of the suspended only) for all of them. Roles and operations are always named. A cell that
no row answers, or that two rows answer, is a fault of the table.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from app.access.gate import Gate, Principal
from app.access.operations import Operation
from app.access.resources import (
    PROPOSED,
    UNITS,
    AccountRecord,
    Authorisation,
    Child,
    Clip,
    Community,
    Concern,
    Conference,
    Consent,
    Hold,
    Incident,
    Initiative,
    Officer,
    Post,
    PreventionCase,
    Referral,
    Report,
    School,
    Search,
    SharingAgreement,
    Station,
    Thing,
    Webhook,
)
from domain.errors import NotFound
from domain.vocabulary import ROLES

TABLE = Path(__file__).with_name("truth_table.csv")

ALLOW, PRECISE, HIDDEN = "allow", "deny-precise", "deny-hidden"
EXPECTATIONS = (ALLOW, PRECISE, HIDDEN)

SUSPENDED = "suspended"
ROLE_SETS = (
    "investigator",
    "juvenile-officer",
    "supervisor",
    "auditor",
    "administrator",
    "none",
    "investigator+supervisor",
    "administrator+investigator",
    "auditor+administrator",
    "auditor+supervisor",
    "analyst",
    "community-officer",
    "school-partner",
    "partner",
    "data-protection-officer",
    "resident",
)

# Of a suspended account. No policy permits more to fewer roles, but those that forbid something to these two.
SUSPENDED_ROLE_SETS = (
    "+".join(role for role in ROLES if role not in ("administrator", "auditor")),
    "administrator",
    "auditor",
    "none",
)

# What each word of a relation makes the principal's own.
RELATION_FACTS: dict[type[Thing], dict[str, str]] = {
    Hold: {"own-unit": "unit", "in-charge": "officer"},
    Incident: {"own-unit": "unit", "in-charge": "officer"},
    Child: {"own-unit": "unit", "case-unit": "case_units"},
    Authorisation: {
        "requester": "requester",
        "requester-unit": "requester_unit",
        "approver": "approver",
        "approver-unit": "approver_unit",
    },
    Search: {
        "searcher": "searcher",
        "searcher-unit": "searcher_unit",
        "requester": "requester",
        "approver": "approver",
    },
    AccountRecord: {"self": "account", "own-unit": "unit"},
    Officer: {"self": "account", "own-unit": "unit"},
    Concern: {"own-unit": "unit", "raiser": "raiser"},
    Community: {"own-unit": "unit"},
    Station: {"own-unit": "unit"},
    Post: {"self": "account", "own-unit": "unit"},
    PreventionCase: {"own-unit": "unit", "assigned": "officer", "offered-unit": "offered_unit"},
    Webhook: {"own": "account"},
    School: {
        "own-unit": "unit",
        "own-community": "community",
        "police-unit": "police_unit",
        "prevention-unit": "prevention_unit",
    },
    Initiative: {"own-community": "community", "own-unit": "unit"},
    SharingAgreement: {"own-unit": "units", "agency": "agency_units"},
    Consent: {"own-unit": "unit", "case-unit": "case_units"},
    Referral: {"own-unit": "unit", "in-charge": "officer", "agency": "agency_unit"},
    Conference: {
        "own-unit": "unit",
        "in-charge": "officer",
        "invited": "invited_units",
        "admitted": "admitted_units",
    },
    Report: {"reporter": "reporter", "own-community": "community", "own-unit": "unit", "duty": "escalated_units"},
}

RELATIONS: dict[type[Thing], tuple[str, ...]] = {
    Hold: ("none", "own-unit", "in-charge", "own-unit+in-charge"),
    Incident: ("none", "own-unit", "in-charge", "own-unit+in-charge"),
    Child: ("none", "own-unit", "case-unit"),
    Authorisation: (
        "none",
        "requester",
        "requester-unit",
        "requester+requester-unit",
        "approver",
        "approver-unit",
        "approver+approver-unit",
    ),
    Search: ("none", "searcher", "searcher-unit", "searcher+searcher-unit", "requester", "approver"),
    AccountRecord: ("none", "self", "own-unit", "self+own-unit"),
    Officer: ("none", "self", "own-unit", "self+own-unit"),
    Concern: ("none", "own-unit", "raiser", "own-unit+raiser"),
    Community: ("none", "own-unit"),
    Station: ("none", "own-unit"),
    Post: ("none", "self", "own-unit", "self+own-unit"),
    PreventionCase: ("none", "own-unit", "assigned", "own-unit+assigned", "offered-unit"),
    Webhook: ("none", "own"),
    School: ("none", "own-unit", "own-community", "police-unit", "prevention-unit"),
    Initiative: ("none", "own-community", "own-unit"),
    SharingAgreement: ("none", "own-unit", "agency"),
    Consent: ("none", "own-unit", "case-unit", "own-unit+case-unit"),
    Referral: ("none", "own-unit", "in-charge", "own-unit+in-charge", "agency"),
    Conference: ("none", "own-unit", "in-charge", "own-unit+in-charge", "invited", "invited+admitted"),
    Report: ("none", "reporter", "own-community", "own-unit", "duty"),
}
RELATION_FACTS[Clip], RELATIONS[Clip] = RELATION_FACTS[Search], RELATIONS[Search]

CREATES = (
    Operation.INCIDENT_RECORD,
    Operation.INCIDENT_REPORT_MISSING,
    Operation.CHILD_REGISTER,
    Operation.CASE_OPEN,
    Operation.CONCERN_RAISE,
    Operation.AGREEMENT_PROPOSE,
    Operation.CONSENT_RECORD,
    Operation.REFERRAL_SEND,
    Operation.CONFERENCE_CALL,
    Operation.REPORT_SUBMIT,
    Operation.AUTHORISATION_REQUEST,
    Operation.SEARCH_RUN,
    Operation.SCHOOL_REGISTER,
    Operation.INITIATIVE_LAUNCH,
    Operation.CONCERN_RAISE_FROM_SCHOOL,
)

NAMES = UUID("5d1f1f7e-6a0c-4d8e-9b7a-3f5a2c9e1b04")
ME, MY_UNIT, MY_COMMUNITY = (uuid5(NAMES, name) for name in ("me", "my unit", "my community"))


class Cell(NamedTuple):
    operation: Operation
    roles: str
    suspended: bool
    relation: str
    state: str


class Expectation(NamedTuple):
    expected: str
    line: int


class Faults(ValueError):
    """The table is incomplete, contradicts itself, or says a word that means nothing."""


def situations(operation: Operation) -> Iterator[tuple[str, str]]:
    """Every relation and state that the operation can meet its thing in."""
    kind = operation.on
    states = (PROPOSED,) if operation in CREATES else kind.STATES or ("-",)
    for state in states:
        for relation in RELATIONS.get(kind, ("-",)):
            nobody_decided = kind is Authorisation and state in (PROPOSED, "requested", "withdrawn")
            if not (nobody_decided and "approver" in relation):
                yield relation, state


def cells() -> Iterator[Cell]:
    """Everything that the table must answer."""
    for operation in Operation:
        for relation, state in situations(operation):
            for roles in ROLE_SETS:
                yield Cell(operation, roles, False, relation, state)
            for roles in SUSPENDED_ROLE_SETS:
                yield Cell(operation, roles, True, relation, state)


def read(path: Path = TABLE) -> dict[Cell, Expectation]:
    """The table, one entry a cell. Raises Faults, naming every one."""
    with path.open(encoding="utf-8", newline="") as file:
        return spread(list(csv.DictReader(file)))


def spread(rows: list[dict[str, str]]) -> dict[Cell, Expectation]:
    """The rows, one entry a cell. Raises Faults, naming every one."""
    found: dict[Cell, Expectation] = {}
    faults: list[str] = []
    named: set[str] = set()
    for line, row in enumerate(rows, start=2):
        if row["expected"] not in EXPECTATIONS or not row["why"]:
            faults.append(f"line {line}: expected is one of {EXPECTATIONS}, and why is said")
        try:
            answered = list(_cells_of(row))
        except Faults as fault:
            faults.append(f"line {line}: {fault}")
            continue
        named.update(row["operations"].split("|"))
        for cell in answered:
            if cell in found:
                faults.append(f"line {line}: {cell} is answered in line {found[cell].line} already")
            found[cell] = Expectation(row["expected"], line)
    faults += [f"no row names {operation}" for operation in Operation if operation not in named]
    faults += [f"no row answers {cell}" for cell in cells() if cell not in found]
    if faults:
        raise Faults("\n".join(faults))
    return dict(sorted(found.items(), key=lambda item: item[0].suspended))


def _cells_of(row: dict[str, str]) -> Iterator[Cell]:
    everyone = row["roles"] == SUSPENDED
    operations = list(Operation) if everyone else [_operation(name) for name in row["operations"].split("|")]
    for operation in operations:
        known = list(situations(operation))
        relations = _words(row["relations"], [relation for relation, _ in known])
        states = _words(row["states"], [state for _, state in known])
        for roles in SUSPENDED_ROLE_SETS if everyone else _words(row["roles"], list(ROLE_SETS), star=False):
            for relation, state in known:
                if relation in relations and state in states:
                    yield Cell(operation, roles, everyone, relation, state)


def _operation(name: str) -> Operation:
    if name not in list(Operation):
        raise Faults(f"there is no operation {name}")
    return Operation(name)


def _words(text: str, known: list[str], *, star: bool = True) -> list[str]:
    if text == "*" and star:
        return known
    words = text.split("|")
    unknown = [word for word in words if word not in known]
    if unknown:
        raise Faults(f"{unknown} means nothing here; say one of {sorted(set(known))}")
    return words


def principal_of(cell: Cell) -> Principal:
    """The one who asks."""
    roles = frozenset() if cell.roles == "none" else frozenset(cell.roles.split("+"))
    return Principal(account=ME, roles=roles, unit=MY_UNIT, community=MY_COMMUNITY, suspended=cell.suspended)


def thing_of(cell: Cell) -> Thing:
    """The thing that is asked for: what the relation does not make the principal's own is somebody else's."""
    kind = cell.operation.on
    mine = {RELATION_FACTS[kind][word] for word in cell.relation.split("+") if word not in ("none", "-")}
    facts: dict[str, Any] = {}
    for name, entity in kind.FACTS.items():
        if entity == "Account":
            facts[name] = ME if name in mine else uuid5(NAMES, f"somebody who is {name}")
        elif entity == "Unit":
            facts[name] = MY_UNIT if name in mine else uuid5(NAMES, f"some unit that is {name}")
        elif entity == "Community":
            facts[name] = MY_COMMUNITY if name in mine else uuid5(NAMES, f"some community that is {name}")
        elif entity == UNITS:
            facts[name] = frozenset({MY_UNIT if name in mine else uuid5(NAMES, f"some unit that is in {name}")})
        else:
            facts[name] = cell.state
    if cell.state in ("requested", "withdrawn"):
        del facts["approver"], facts["approver_unit"]
    return kind(key="it", **facts)


def verdict(gate: Gate, cell: Cell) -> str:
    """What the gate does in the cell."""
    refusal = gate.refusal(principal_of(cell), cell.operation, thing_of(cell))
    if refusal is None:
        return ALLOW
    return HIDDEN if isinstance(refusal, NotFound) else PRECISE
