"""What a refusal says and to whom; that any doubt denies; that a server does not start on policies in doubt."""

from __future__ import annotations

import hashlib
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import structlog

from app.access import resources
from app.access.gate import AccountSuspended, Forbidden, Gate, PolicyFailed, Principal
from app.access.operations import Operation
from app.access.policy import POLICIES_NAME, SCHEMA_NAME, PolicyInvalid, load, parse
from app.access.resources import Absent
from domain.errors import NotFound
from domain.search_refusals import ApproverIsRequester, ApproverSameUnit

HOUSE = Path(resources.__file__).parent


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load()


def person(*roles: str, unit: UUID | None = None, suspended: bool = False) -> Principal:
    return Principal(account=uuid4(), roles=frozenset(roles), unit=unit or uuid4(), suspended=suspended)


def incident(unit: UUID, officer: UUID | None = None, state: str = "recorded") -> resources.Incident:
    return resources.Incident(key=uuid4(), unit=unit, officer=officer or uuid4(), state=state)


def test_a_party_is_told_why_and_for_whom_it_is(gate: Gate) -> None:
    investigator = person("investigator")
    with pytest.raises(Forbidden) as refused:
        gate.require(investigator, Operation.INCIDENT_VOID, incident(investigator.unit))
    assert refused.value.code == "forbidden"
    assert refused.value.operation == "incident.void"
    assert "supervisor of their unit" in refused.value.detail


def test_others_hear_what_they_would_hear_of_a_thing_that_does_not_exist(gate: Gate) -> None:
    stranger, thing = person("investigator"), incident(uuid4())
    with pytest.raises(NotFound) as hidden:
        gate.require(stranger, Operation.INCIDENT_READ, thing)
    with pytest.raises(NotFound) as absent:
        gate.require(stranger, Operation.INCIDENT_READ, Absent(of=resources.Incident, key=thing.key))
    domain_says = NotFound("incident", thing.key)
    for answer in (hidden.value, absent.value):
        assert (answer.code, answer.detail, answer.fields) == (domain_says.code, domain_says.detail, domain_says.fields)


@pytest.mark.parametrize("roles", [("auditor",), ("administrator",), ("investigator",), ()])
@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        (Operation.INCIDENT_READ, resources.Incident),
        (Operation.CAMERA_READ, resources.Camera),
        (Operation.FOOTAGE_RETRY, resources.Footage),
        (Operation.AUTHORISATION_APPROVE, resources.Authorisation),
        (Operation.SEARCH_THUMBNAIL, resources.Search),
        (Operation.ROLE_GIVE, resources.AccountRecord),
    ],
)
def test_what_does_not_exist_is_not_found_whoever_asks(
    gate: Gate, roles: tuple[str, ...], operation: Operation, kind: type[resources.Thing]
) -> None:
    with pytest.raises(NotFound):
        gate.require(person(*roles), operation, Absent(of=kind, key="no such thing"))


def test_a_decision_names_the_policies_behind_it(gate: Gate) -> None:
    supervisor = person("supervisor")
    thing = incident(supervisor.unit, officer=supervisor.account)
    assert gate.decide(supervisor, Operation.INCIDENT_READ, thing).reason_ids == ("incident-read-unit",)
    denied = gate.decide(supervisor, Operation.INCIDENT_VOID, thing)
    assert (denied.allowed, denied.party, denied.reason_ids) == (False, True, ("void-not-own",))
    assert "in charge of" in denied.reason


def test_four_eyes_have_the_domains_own_errors(gate: Gate) -> None:
    supervisor = person("investigator", "supervisor")
    own = resources.Authorisation(
        key=uuid4(), requester=supervisor.account, requester_unit=supervisor.unit, state="requested"
    )
    of_the_unit = resources.Authorisation(
        key=uuid4(), requester=uuid4(), requester_unit=supervisor.unit, state="requested"
    )
    with pytest.raises(ApproverIsRequester):
        gate.require(supervisor, Operation.AUTHORISATION_APPROVE, own)
    with pytest.raises(ApproverSameUnit):
        gate.require(supervisor, Operation.AUTHORISATION_APPROVE, of_the_unit)
    moved = person("supervisor")
    own_of_before = resources.Authorisation(
        key=uuid4(), requester=moved.account, requester_unit=uuid4(), state="requested"
    )
    with pytest.raises(ApproverIsRequester):
        gate.require(moved, Operation.AUTHORISATION_REFUSE, own_of_before)


def test_a_suspended_account_is_told_so_before_anything_is_looked_up(gate: Gate) -> None:
    with pytest.raises(AccountSuspended, match="suspended"):
        gate.require_active(person("administrator", suspended=True))
    gate.require_active(person())


def test_an_operation_is_asked_of_its_own_kind_of_thing(gate: Gate) -> None:
    with pytest.raises(TypeError, match=r"camera\.read is asked of a Camera"):
        gate.decide(person("auditor"), Operation.CAMERA_READ, incident(uuid4()))
    with pytest.raises(TypeError, match=r"camera\.read"):
        gate.visible(person("auditor"), Operation.CAMERA_LIST, [incident(uuid4())])


@pytest.mark.parametrize("role", ["root", 'investigator", "auditor', ""])
def test_a_role_that_the_schema_does_not_know_denies_everything(gate: Gate, role: str) -> None:
    asker = person("auditor", role)
    with structlog.testing.capture_logs() as logs, pytest.raises(NotFound):
        gate.require(asker, Operation.INCIDENT_READ, incident(asker.unit))
    assert logs[0]["log_level"] == "error"


def test_a_state_that_the_schema_does_not_know_denies(gate: Gate) -> None:
    with structlog.testing.capture_logs(), pytest.raises(NotFound):
        gate.require(person("auditor"), Operation.INCIDENT_READ, incident(uuid4(), state="lost"))


# Sound by the schema, and yet it cannot be evaluated: the officer's own facts are not among those of a request.
ERRING = """
@id("officer-suspended")
@reason("The officer in charge is suspended.")
forbid (principal, action in [Action::"incident.read", Action::"incident.list"], resource is Incident)
when { resource.officer.suspended };
"""


def test_an_erring_policy_denies_instead_of_being_skipped(gate: Gate) -> None:
    erring = Gate(parse(gate.policy.policies_text + ERRING, gate.policy.schema_text))
    investigator = person("investigator")
    thing = incident(investigator.unit)
    assert gate.decide(investigator, Operation.INCIDENT_READ, thing).allowed
    with structlog.testing.capture_logs() as logs:
        with pytest.raises(PolicyFailed):
            erring.require(investigator, Operation.INCIDENT_READ, thing)
        assert erring.visible(investigator, Operation.INCIDENT_LIST, [thing]) == []
    assert "officer" not in str(logs[0]["event"])
    assert logs[0]["errors"]


def test_one_gate_serves_many_threads(gate: Gate) -> None:
    investigator = person("investigator")
    own, foreign = incident(investigator.unit), incident(uuid4())

    def ask(number: int) -> bool:
        thing = own if number % 2 else foreign
        return gate.decide(investigator, Operation.INCIDENT_READ, thing).allowed

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(400))) == [bool(number % 2) for number in range(400)]


def test_the_digest_is_that_of_the_files_as_they_lie(gate: Gate) -> None:
    files = [*sorted(HOUSE.glob(SCHEMA_NAME)), *sorted(HOUSE.glob(POLICIES_NAME))]
    text = b"".join(path.read_bytes() for path in files)
    assert gate.digest == hashlib.sha256(text).hexdigest()
    other = parse(gate.policy.policies_text + "\n// a remark\n", gate.policy.schema_text)
    assert other.sha256 != gate.digest


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('Role::"investigator"', 'Role::"investigater"', "does not fit"),
        ("resource.officer", "resource.offcier", "does not fit"),
        ('Action::"incident.read"', 'Action::"incident.raed"', "does not fit"),
        ("permit (", "allow (", POLICIES_NAME),
        ('@id("incident-record")\n', "", "lacks its @id or @reason"),
        ('@reason("Auditors replay the record.")\n', "", "replay-audit lacks"),
        ('@id("replay-audit")', '@id("system-status")', "two policies are called system-status"),
        ('@code("approver-same-unit")', '@code("approver-same-room")', "no refusal has the code"),
        ("{ principal.suspended }", '{ principal == Account::"boss" }', 'names Account::"boss"'),
        ('permit (principal in Role::"auditor", action == Action::"replay.read", resource)',
         'permit (principal, action == Action::"replay.read", resource == System::"0")', 'names System::"0"'),
        ('permit (principal in Role::"auditor", action == Action::"replay.read", resource)',
         'permit (principal == ?principal, action == Action::"replay.read", resource)', "template"),
    ],
)  # fmt: skip
def test_policies_in_doubt_stop_the_start(gate: Gate, old: str, new: str, fault: str) -> None:
    assert old in gate.policy.policies_text
    with pytest.raises(PolicyInvalid, match=re.escape(fault)):
        Gate(parse(gate.policy.policies_text.replace(old, new, 1), gate.policy.schema_text))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("entity Unit;", "entity Unit", SCHEMA_NAME),
        ("    suspended: Bool,\n", "", "does not fit"),
        ('action "search.read" in', 'action "search.view" in', "does not fit"),
        (', "replay.read" in', " in", "does not fit"),
        ('"incident.read", "incident.timeline"', '"incident.read"', "does not fit"),
    ],
)
def test_a_schema_in_doubt_stops_the_start(gate: Gate, old: str, new: str, fault: str) -> None:
    assert old in gate.policy.schema_text
    with pytest.raises(PolicyInvalid, match=re.escape(fault)):
        Gate(parse(gate.policy.policies_text, gate.policy.schema_text.replace(old, new, 1)))


def test_an_operation_that_the_schema_lacks_stops_the_start(gate: Gate) -> None:
    policies = re.sub(r'@id\("replay-audit"\).*?;\n', "", gate.policy.policies_text, flags=re.DOTALL)
    with structlog.testing.capture_logs(), pytest.raises(PolicyInvalid, match=r"replay\.read cannot be decided on"):
        Gate(parse(policies, gate.policy.schema_text.replace(', "replay.read" in', " in")))


def test_missing_or_unreadable_files_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(PolicyInvalid, match=re.escape(SCHEMA_NAME)):
        load(tmp_path)
    shutil.copytree(HOUSE / "policies", tmp_path / "policies")
    load(tmp_path)
    (tmp_path / "policies" / "incidents.cedar").unlink()
    with pytest.raises(PolicyInvalid, match="policies/incidents lacks"):
        load(tmp_path)
    (tmp_path / "policies" / "incidents.cedar").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyInvalid, match=r"incidents\.cedar cannot be read"):
        load(tmp_path)


def test_without_policies_nothing_is_allowed_and_nothing_is_known(gate: Gate) -> None:
    empty = Gate(parse("", gate.policy.schema_text))
    with pytest.raises(NotFound):
        empty.require(person("administrator"), Operation.POLICY_READ, resources.System())
