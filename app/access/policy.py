"""The policies as they were read at start: parsed once, checked against their schema, fit to decide on.

Raises `PolicyInvalid`, and with it stops the start, where anything is amiss: an unchecked policy whose `forbid` fails
to evaluate is skipped by Cedar, and what it should have forbidden is allowed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cedarpy
import msgspec

from app.access.operations import Operation
from domain.errors import DomainError

POLICIES_NAME = "policies/*.cedar"
SCHEMA_NAME = "policies/*.cedarschema"
KNOW = "know"  # the action: may somebody know that a thing exists?

STATE_ENDING = "State"  # of the names of the entity types that are states


class PolicyInvalid(DomainError):
    """The policies cannot be used; nobody is let in under them."""

    code = "policy-invalid"


class Statement(msgspec.Struct, frozen=True):
    """One policy: its name in decisions, and the sentence that whoever is refused reads."""

    id: str
    reason: str
    code: str  # of the refusal; empty: "forbidden"
    permits: frozenset[str]  # the operations it names; empty where it forbids


class Policy(msgspec.Struct, frozen=True):
    """Policies and schema, as text for readers and as handles for Cedar."""

    policies_text: str
    schema_text: str
    concerning: Mapping[str, Any]  # by action: the cedarpy.PolicySet of those that may decide on it
    schema: Any  # cedarpy.Schema
    statements: tuple[Statement, ...]  # in the order of the text, which is how Cedar counts them
    sha256: str  # of `cat policies/*.cedarschema policies/*.cedar`, in the order of the names' bytes

    def permitted_to(self, operation: Operation) -> tuple[str, ...]:
        """For whom the operation is: the reasons of the policies that permit it."""
        return tuple(statement.reason for statement in self.statements if operation in statement.permits)


def load(folder: Path) -> Policy:
    """The policies of a folder, a file a subject. Raises PolicyInvalid, naming the file and the fault."""
    schemas, policies = (_files(folder, pattern) for pattern in (SCHEMA_NAME, POLICIES_NAME))
    for lacking in sorted(schemas.keys() ^ policies.keys()):
        raise PolicyInvalid(f"policies/{lacking} lacks its .cedar or its .cedarschema; restore it and start again")
    if not schemas:
        raise PolicyInvalid(f"there is no {SCHEMA_NAME}; restore the files and start again")
    return parse("".join(policies.values()), "".join(schemas.values()))


def parse(policies_text: str, schema_text: str) -> Policy:
    """The policies of two texts. Raises PolicyInvalid, naming the file and the fault."""
    try:
        schema = cedarpy.Schema.from_str(schema_text)
    except ValueError as fault:
        raise PolicyInvalid(f"{SCHEMA_NAME}: {fault}; mend the schema and start again") from fault
    try:
        cedarpy.PolicySet.from_str(policies_text)
    except ValueError as fault:
        raise PolicyInvalid(f"{POLICIES_NAME}: {fault}; mend the policy and start again") from fault
    checked = cedarpy.validate_policies(policies_text, schema)
    if not checked.validation_passed:
        faults = "; ".join(str(error) for error in checked.errors)
        raise PolicyInvalid(f"{POLICIES_NAME} does not fit {SCHEMA_NAME}: {faults}; mend the policy and start again")
    return Policy(
        policies_text,
        schema_text,
        _by_action(policies_text),
        schema,
        _statements(policies_text),
        hashlib.sha256((schema_text + policies_text).encode()).hexdigest(),
    )


def _files(folder: Path, pattern: str) -> dict[str, str]:
    """The texts by subject, in the order of the names' bytes."""
    return {path.stem: _text(path) for path in sorted(folder.glob(pattern), key=lambda path: path.name.encode())}


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as fault:
        raise PolicyInvalid(f"{path.name} cannot be read: {fault}; restore it and start again") from fault


def _statements(policies_text: str) -> tuple[Statement, ...]:
    """Every policy with its annotations. Raises PolicyInvalid where one lacks them or names somebody."""
    parsed = msgspec.json.decode(cedarpy.policies_to_json_str(policies_text))
    if parsed["templates"]:
        raise PolicyInvalid(f"{POLICIES_NAME}: holds a template; write it out as a policy")
    found: list[Statement] = []
    for name, policy in sorted(parsed["staticPolicies"].items(), key=lambda item: int(item[0].removeprefix("policy"))):
        notes = policy.get("annotations", {})
        identity, reason = notes.get("id"), notes.get("reason")
        if not identity or not reason:
            raise PolicyInvalid(f"{POLICIES_NAME}: {identity or name} lacks its @id or @reason; auditors read them")
        if any(identity == other.id for other in found):
            raise PolicyInvalid(f"{POLICIES_NAME}: two policies are called {identity}; name them apart")
        for kind, key in _entities(policy):
            if kind not in ("Role", "Action") and not kind.endswith(STATE_ENDING):  # no exceptions of persons
                raise PolicyInvalid(
                    f'{POLICIES_NAME}: {identity} names {kind}::"{key}"; speak of roles, relations and states'
                )
        permits = _named_actions(policy["action"]) if policy["effect"] == "permit" else frozenset()
        found.append(Statement(identity, reason, notes.get("code") or "", permits))
    return tuple(found)


def _by_action(policies_text: str) -> Mapping[str, Any]:
    """For each action the policies that name it, a group of actions, or none, under the ids that they have among all:
    no other can decide on it, and Cedar would go through all of them every time.
    """
    parsed = msgspec.json.decode(cedarpy.policies_to_json_str(policies_text))
    policies = parsed["staticPolicies"]
    named = {name: _named_actions(policy["action"]) for name, policy in policies.items()}
    actions = {*Operation, KNOW}
    return MappingProxyType(
        {
            str(action): cedarpy.PolicySet.from_json_str(
                msgspec.json.encode(
                    {
                        **parsed,
                        "staticPolicies": {
                            name: policy
                            for name, policy in policies.items()
                            if not named[name] or action in named[name] or not named[name] <= actions
                        },
                    }
                ).decode()
            )
            for action in actions
        }
    )


def _named_actions(constraint: dict[str, Any]) -> frozenset[str]:
    named = constraint.get("entities", [constraint["entity"]] if "entity" in constraint else [])
    return frozenset(entity["id"] for entity in named)


def _entities(node: Any) -> Iterator[tuple[str, str]]:
    """Every entity that a policy names, in its head and in its conditions."""
    if isinstance(node, dict):
        if node.keys() == {"type", "id"}:
            yield node["type"], node["id"]
        for child in node.values():
            yield from _entities(child)
    elif isinstance(node, list):
        for child in node:
            yield from _entities(child)
