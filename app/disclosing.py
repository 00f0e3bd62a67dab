"""The one door to what is sealed, and the record of who read casework: first it goes on record, then it is answered.

Who opens is the call's principal, what for is its purpose, and whose data it is, is the token's subject: the person, or
the record (such as a narrative) that names some. All three are in the disclosure, so that it can be told of a person
who saw their data, and of a reader what they saw.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

import msgspec

from app.access.operations import Operation
from app.call import Call
from app.event_store.vault import Vault
from domain.child_events import IdentityErased
from domain.disclosure import Disclosed
from domain.errors import Invalid
from domain.log import Change, EventLog
from domain.sealed import Sealed, Token
from domain.vocabulary import PURPOSES
from projections.database import ViewsDatabase
from projections.sealed_records import children_named

T = TypeVar("T")


class Wish(NamedTuple):
    """One sealed value of a thing that is to be opened, and as what."""

    thing: UUID
    sealed: Sealed[Any] | Token
    kind: type[Any]


@dataclass(frozen=True)
class Disclosures:
    log: EventLog
    vault: Vault
    views: ViewsDatabase

    def open(self, call: Call, operation: Operation, thing: UUID, sealed: Sealed[T] | Token, kind: type[T]) -> T | None:
        """One value, as `open_each`."""
        opened: T | None = self.open_each(call, operation, [Wish(thing, sealed, kind)])[0]
        return opened

    def open_each(
        self, call: Call, operation: Operation, wishes: Sequence[Wish], *, consulted: Sequence[UUID] = ()
    ) -> list[Any]:
        """All values, for a caller whom the gate let through; None where the subject was erased, or a child that it
        names: of such a one nothing opens, though its key may stand yet. On record at once, one disclosure for each
        thing and subject; and that the things `consulted` were looked into.

        Raises:
            domain.errors.LogFull: the disclosure could not be recorded, so nothing was opened.
        """
        asked = [(wish, _token_of(wish.sealed)) for wish in wishes]
        erased = self._of_erased({token.subject for _, token in asked})
        opened = dict.fromkeys((wish.thing, token.subject) for wish, token in asked if token.subject not in erased)
        if opened or consulted:
            self._record(call, operation, [*((thing, None) for thing in consulted), *opened])
        return [None if token.subject in erased else self.vault.open(token, wish.kind) for wish, token in asked]

    def open_addressed(self, sealed: Sealed[T] | Token, kind: type[T]) -> T | None:
        """What was written to everybody, or to whoever reads it by their own token: not on record, since a record of
        when somebody asked after their own report would be one of them. None as with `open_each`.
        """
        token = _token_of(sealed)
        return None if self._of_erased({token.subject}) else self.vault.open(token, kind)

    def consult(self, call: Call, operation: Operation, thing: UUID) -> None:
        """Put on record that the caller reads the thing, unless it was they who put the thing itself on record.

        Raises:
            domain.errors.LogFull: it could not be recorded, so nothing is to be answered.
        """
        first = next(iter(self.log.stream(thing, until_version=1)))
        if first.meta.actor != call.principal.account:
            self.record(call, operation, thing)

    def record(self, call: Call, operation: Operation, *things: UUID) -> None:
        """Put on record that the caller sees each thing, or something of it that is not in the clear."""
        if things:
            self._record(call, operation, [(thing, None) for thing in things])

    def erased_at(self, subject: UUID) -> datetime | None:
        """When the first erasure of a child that the subject is of, or names, was agreed to; None where none was."""
        with self.views.reading() as views:
            named = children_named(views, [subject]).get(subject, frozenset())
        erased = [
            row.meta.recorded_at
            for child in named
            for row in self.log.stream(child)
            if isinstance(row.event, IdentityErased)
        ]
        return min(erased, default=None)

    def _of_erased(self, subjects: Collection[UUID]) -> frozenset[UUID]:
        """Whom a record names, the views tell; whether one of these was erased, the log itself."""
        with self.views.reading() as views:
            named = children_named(views, subjects)
        children = frozenset[UUID]().union(*named.values())
        erased = {
            child for child in children if any(isinstance(event, IdentityErased) for event in self.log.events(child))
        }
        return frozenset(subject for subject, each in named.items() if not each.isdisjoint(erased))

    def _record(self, call: Call, operation: Operation, seen: Sequence[tuple[UUID, UUID | None]]) -> None:
        """Each disclosure is a stream of its own, under a command id of its own: readers never wait for one another."""
        meta = msgspec.structs.replace(call.meta(operation), command_id=uuid4())
        events = [Disclosed(thing=thing, operation=str(operation), subject=subject) for thing, subject in seen]
        self.log.append([Change(uuid4(), 0, (event,)) for event in events], meta)


def require_purpose(call: Call) -> None:
    """Raises Invalid where the caller did not say what for."""
    if not call.purpose:
        mend = f"say why, with one of: {', '.join(PURPOSES)}"
        raise Invalid("Oberih-Purpose", "is missing, and this opens what is known of a person", mend)


def _token_of(sealed: Sealed[Any] | Token) -> Token:
    token = sealed if isinstance(sealed, Token) else sealed.token
    if token is None:
        raise ValueError("only what came from the log is disclosed")
    return token
