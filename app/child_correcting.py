"""Correcting what is sealed about a child: what a correction leaves out stays as it stands.

What stands is opened for that, on record like any other opening: that a correction changes nothing tells what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from app.access.operations import Operation
from app.call import Call, now
from app.child_profiles import latest
from app.composition import Services
from domain import child
from domain.checks import existing
from domain.errors import Invalid
from domain.log import Receipt
from domain.personal import ChildContacts, ChildIdentity, Reason
from domain.sealed import Sealed

Value = TypeVar("Value", bound=msgspec.Struct)


def correct_identity(house: Services, call: Call, key: UUID, given: Mapping[str, Any], reason: str) -> Receipt:
    """Raises Invalid where nothing is given or nothing changes, and what `Desk.perform` raises."""

    def command() -> child.CorrectIdentity:
        stands = latest(house.log, key)[0]
        identity = _corrected(given, lambda: _opened(house, call, key, stands, ChildIdentity))
        return child.CorrectIdentity(
            child=key, identity=Sealed(key, identity), reason=Sealed(key, Reason(reason)), at=now()
        )

    return house.childhood.profiles.correct(call, key, command)


def correct_contacts(house: Services, call: Call, key: UUID, given: Mapping[str, Any]) -> Receipt:
    """Raises as `correct_identity` does."""

    def command() -> child.CorrectContacts:
        stands = latest(house.log, key)[1]
        contacts = _corrected(
            given, lambda: ChildContacts() if stands is None else _opened(house, call, key, stands, ChildContacts)
        )
        return child.CorrectContacts(child=key, contacts=Sealed(key, contacts))

    return house.childhood.profiles.correct(call, key, command)


def _opened(house: Services, call: Call, key: UUID, sealed: Sealed[Value], kind: type[Value]) -> Value:
    return existing("child", key, house.disclosures.open(call, Operation.CHILD_CORRECT, key, sealed, kind))


def _corrected(given: Mapping[str, Any], stands: Callable[[], Value]) -> Value:
    if not given:
        raise Invalid("body", "corrects nothing", "give what is to be otherwise; what is left out stays as it is")
    before = stands()
    corrected = msgspec.structs.replace(before, **given)
    if corrected == before:
        raise Invalid("body", "says what stands on record already", "give what is to be otherwise")
    return corrected
