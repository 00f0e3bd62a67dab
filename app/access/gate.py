"""The gate: every operation on every thing is asked for here, before anything else is decided about it.

A refusal tells the parties to a thing why, and tells everybody else what they would hear of a thing that does not
exist. Whatever cannot be evaluated is denied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, NamedTuple, TypeVar
from uuid import UUID

import cedarpy
import msgspec
import structlog

from app.access import list_scope
from app.access.list_scope import ListScope
from app.access.list_shows import LIST_SHOWS
from app.access.operations import Operation
from app.access.policy import KNOW, Policy, PolicyInvalid, Statement, load
from app.access.resources import NOBODY, Absent, FactValue, Resource, System, Thing, phantom
from domain.errors import DomainError, NotFound
from domain.search_refusals import ApproverIsRequester, ApproverSameUnit

__all__ = ["AccountSuspended", "Decision", "Forbidden", "Gate", "PolicyFailed", "Principal", "Resource"]

AnyThing = TypeVar("AnyThing", bound=Thing)


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, as they are at this moment: read anew for every request, never from a token."""

    account: UUID
    roles: frozenset[str]  # domain.vocabulary.ROLES, as exercised in `unit`
    unit: UUID
    community: UUID | None = None  # where they are posted as a community police officer
    suspended: bool = False


class Forbidden(DomainError):
    """The asker knows of the thing, but may not do this."""

    code: ClassVar[str] = "forbidden"

    def __init__(self, operation: str, reason: str) -> None:
        super().__init__(f"{operation} is not for you: {reason}", operation=operation, reason=reason)
        self.operation = operation
        self.reason = reason


class AccountSuspended(Forbidden):
    """Nothing is for this account any more."""

    code = "account-suspended"


class PolicyFailed(Forbidden):
    """The policies could not be evaluated, so nobody is let through."""

    code = "policy-failed"


# What a denial raises, by the @code of the policy that forbade.
REFUSALS: Mapping[str, Callable[[str, str], DomainError]] = MappingProxyType(
    {
        Forbidden.code: Forbidden,
        AccountSuspended.code: AccountSuspended,
        PolicyFailed.code: PolicyFailed,
        ApproverIsRequester.code: lambda _operation, _reason: ApproverIsRequester(),
        ApproverSameUnit.code: lambda _operation, _reason: ApproverSameUnit(),
    }
)


class Decision(msgspec.Struct, frozen=True):
    """The answer of the policies, and which of them gave it."""

    allowed: bool
    party: bool  # may the asker know that the thing exists?
    reason_ids: tuple[str, ...]  # @id of the policies that permitted, or that forbade; empty: none permitted
    code: str = ""  # of a denial: a key of REFUSALS
    reason: str = ""  # of a denial, for the asker


class _Answer(NamedTuple):
    allowed: bool
    failed: bool
    statements: tuple[Statement, ...]


class Gate:
    """Decides by one set of policies, which never changes while it stands. Safe to share between threads."""

    def __init__(self, policy: Policy) -> None:
        """Raises PolicyInvalid where the policies cannot decide on every operation."""
        self.policy = policy
        self._scopes: dict[tuple[Operation, frozenset[str], bool, bool], tuple[list_scope.Alternative, ...]] = {}
        self._check()

    @classmethod
    def load(cls, folder: Path | None = None) -> Gate:
        """The gate of the policies in a folder, by default those of the house. Raises PolicyInvalid."""
        return cls(load(folder or Path(__file__).parent))

    @property
    def digest(self) -> str:
        """What `policy.adopted` records: hex SHA-256 of `cat policies/*.cedarschema policies/*.cedar`."""
        return self.policy.sha256

    def decide(self, principal: Principal, operation: Operation, resource: Thing) -> Decision:
        """Whether the principal may do this to that. Raises TypeError where the operation is not for such a thing."""
        _fit(operation, resource)
        (answer,) = self._ask(principal, operation, (resource,))
        ids = tuple(statement.id for statement in answer.statements)
        if answer.allowed:
            return Decision(True, True, ids)
        (knows,) = self._ask(principal, KNOW, (resource,))
        if answer.failed:
            return Decision(False, knows.allowed, ids, PolicyFailed.code, "the policies cannot be evaluated")
        code = next((statement.code for statement in answer.statements if statement.code), Forbidden.code)
        reasons = [statement.reason for statement in answer.statements] or self.policy.permitted_to(operation)
        return Decision(False, knows.allowed, ids, code, " ".join(reasons) or "No policy permits it to anybody.")

    def refusal(self, principal: Principal, operation: Operation, resource: Thing | Absent) -> DomainError | None:
        """What `require` would raise, or None where the principal may."""
        if isinstance(resource, Absent):
            self.decide(principal, operation, phantom(resource.of, resource.key))  # the same work as for a hidden one
            return NotFound(resource.of.WORD, resource.key)
        decision = self.decide(principal, operation, resource)
        if decision.allowed:
            return None
        if not decision.party:
            return NotFound(resource.WORD, resource.key)
        return REFUSALS[decision.code](operation, decision.reason)

    def require(self, principal: Principal, operation: Operation, resource: Thing | Absent) -> None:
        """Let the principal pass, or raise.

        Raises:
            Forbidden (or a DomainError with a code of its own): they know of the thing, but may not do this.
            domain.errors.NotFound: they may not know of it, or it does not exist: nothing tells which.
        """
        refusal = self.refusal(principal, operation, resource)
        if refusal is not None:
            raise refusal

    def require_active(self, principal: Principal) -> None:
        """To be asked once a request, before any thing is looked up. Raises AccountSuspended."""
        (answer,) = self._ask(principal, KNOW, (System(),))
        if not answer.allowed:
            raise AccountSuspended("anything", " ".join(statement.reason for statement in answer.statements))

    def visible(self, principal: Principal, operation: Operation, resources: Sequence[AnyThing]) -> list[AnyThing]:
        """Of a list's rows, those that its reader may read; `operation` is the list's or the row's."""
        allowed = self._allowed(principal, LIST_SHOWS.get(operation, operation), resources)
        return [resource for resource, yes in zip(resources, allowed, strict=True) if yes]

    def scope_of_lists(self, principal: Principal, operation: Operation) -> ListScope:
        """The same answer as `visible`, as a condition on rows that a query can carry."""
        shown = LIST_SHOWS[operation]
        posted = principal.community is not None
        key = (shown, principal.roles, principal.suspended, posted)  # no policy names an account or a unit: policy.py
        if key not in self._scopes:
            self._scopes[key] = list_scope.alternatives(
                shown.on,
                principal.account,
                principal.unit,
                principal.community,
                lambda rows: self._allowed(principal, shown, rows),
            )
        return ListScope(principal.account, principal.unit, principal.community, shown.on, self._scopes[key])

    def _allowed(self, principal: Principal, operation: Operation, resources: Sequence[Thing]) -> list[bool]:
        """One answer a resource; those with the same facts are asked for once, and all in one batch."""
        distinct: dict[tuple[FactValue, ...], Thing] = {}
        for resource in resources:
            _fit(operation, resource)
            distinct.setdefault(_facts(resource), resource)
        answers = self._ask(principal, operation, tuple(distinct.values()))
        allowed = dict(zip(distinct, (answer.allowed for answer in answers), strict=True))
        return [allowed[_facts(resource)] for resource in resources]

    def _ask(self, principal: Principal, action: str, resources: Sequence[Thing]) -> list[_Answer]:
        """What Cedar says of each; an error in a policy, in a fact or in the request is a denial."""
        if not resources:
            return []
        results = cedarpy.is_authorized_batch(
            [_request(principal, action, place, resource) for place, resource in enumerate(resources)],
            self.policy.concerning[str(action)],
            _entities(principal, resources),
            self.policy.schema,
        )
        answers = []
        for result in results:
            failed = bool(result.diagnostics.errors)
            if failed:
                structlog.get_logger().error("policy not evaluated", action=action, errors=result.diagnostics.errors)
            places = sorted(int(name.removeprefix("policy")) for name in result.diagnostics.reasons)
            statements = tuple(self.policy.statements[place] for place in places)
            answers.append(_Answer(result.allowed and not failed, failed, statements))
        return answers

    def _check(self) -> None:
        """Every operation is in the schema, for its kind of thing; every @code has its refusal."""
        nobody = Principal(account=NOBODY, roles=frozenset(), unit=NOBODY)
        for operation in Operation:
            for action in (operation, KNOW):
                (answer,) = self._ask(nobody, action, (phantom(operation.on, "any"),))
                if answer.failed:
                    raise PolicyInvalid(
                        f"{action} cannot be decided on for {operation.on.KIND}; declare it in the schema"
                    )
        for statement in self.policy.statements:
            if statement.code and statement.code not in REFUSALS:
                raise PolicyInvalid(f"{statement.id}: no refusal has the code {statement.code!r}; mend the @code")


def _fit(operation: Operation, resource: Thing) -> None:
    if not isinstance(resource, operation.on):
        raise TypeError(f"{operation} is asked of a {operation.on.KIND}, not of a {resource.KIND}")


def _facts(resource: Thing) -> tuple[FactValue, ...]:
    return tuple(getattr(resource, name) for name in resource.FACTS)


def _fact(entity: str, value: UUID | str | frozenset[UUID]) -> object:
    if isinstance(value, frozenset):
        return [{"type": "Unit", "id": str(unit)} for unit in sorted(value)]
    return {"type": entity, "id": str(value)}


def _request(principal: Principal, action: str, place: int, resource: Thing) -> dict[str, object]:
    return {
        "principal": {"type": "Account", "id": str(principal.account)},
        "action": {"type": "Action", "id": str(action)},
        "resource": {"type": resource.KIND, "id": str(place)},  # its place, not its key: no policy may rest on a key
        "context": {},
    }


def _entities(principal: Principal, resources: Sequence[Thing]) -> str:
    asker = {
        "uid": {"type": "Account", "id": str(principal.account)},
        "attrs": {
            "unit": _fact("Unit", principal.unit),
            "suspended": principal.suspended,
            **({} if principal.community is None else {"community": _fact("Community", principal.community)}),
        },
        "parents": [{"type": "Role", "id": role} for role in sorted(principal.roles)],
    }
    things = [
        {
            "uid": {"type": resource.KIND, "id": str(place)},
            "attrs": {
                name: _fact(entity, getattr(resource, name))
                for name, entity in resource.FACTS.items()
                if getattr(resource, name) is not None
            },
            "parents": [],
        }
        for place, resource in enumerate(resources)
    ]
    return msgspec.json.encode([asker, *things]).decode()
