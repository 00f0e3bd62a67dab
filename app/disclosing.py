"""The one door to what is sealed, and the record of who read casework: first it goes on record, then it is answered.

Who opens is the call's principal, what for is its purpose, and whose data it is, is the token's subject: the person, or
the record (such as a narrative) that names some. All three are in the disclosure, so that it can be told of a person
who saw their data, and of a reader what they saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

import msgspec

from app.access.operations import Operation
from app.call import Call
from app.event_store.vault import Vault
from domain.disclosure import Disclosed
from domain.errors import Invalid
from domain.log import Change, EventLog
from domain.sealed import Sealed, Token
from domain.vocabulary import PURPOSES

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

    def open(self, call: Call, operation: Operation, thing: UUID, sealed: Sealed[T] | Token, kind: type[T]) -> T | None:
        """The value, for a caller whom the gate let through; None once its subject was erased.

        Raises:
            domain.errors.LogFull: the disclosure could not be recorded, so nothing was opened.
        """
        token = _token_of(sealed)
        self._record(call, operation, [(thing, token.subject)])
        return self.vault.open(token, kind)

    def open_each(
        self, call: Call, operation: Operation, wishes: Sequence[Wish], *, consulted: Sequence[UUID] = ()
    ) -> list[Any]:
        """All values, for a caller whom the gate let through and who says what for; None where a subject was erased.
        On record at once, one disclosure for each thing and subject; and that the things `consulted` were looked into.

        Raises:
            domain.errors.Invalid: no purpose was said.
            domain.errors.LogFull: the disclosure could not be recorded, so nothing was opened.
        """
        require_purpose(call)
        tokens = [_token_of(wish.sealed) for wish in wishes]
        opened = dict.fromkeys((wish.thing, token.subject) for wish, token in zip(wishes, tokens, strict=True))
        if opened or consulted:
            self._record(call, operation, [*((thing, None) for thing in consulted), *opened])
        return [self.vault.open(token, wish.kind) for wish, token in zip(wishes, tokens, strict=True)]

    def consult(self, call: Call, operation: Operation, thing: UUID) -> None:
        """Put on record that the caller reads the thing, unless it was they who put the thing itself on record.

        Raises:
            domain.errors.LogFull: it could not be recorded, so nothing is to be answered.
        """
        first = next(iter(self.log.stream(thing, until_version=1)))
        if first.meta.actor != call.principal.account:
            self.record(call, operation, thing)

    def record(self, call: Call, operation: Operation, thing: UUID) -> None:
        """Put on record that the caller sees the thing, or something of it that is not in the clear."""
        self._record(call, operation, [(thing, None)])

    def _record(self, call: Call, operation: Operation, seen: Sequence[tuple[UUID, UUID | None]]) -> None:
        """Each disclosure is a stream of its own, under a command id of its own: readers never wait for one another."""
        meta = msgspec.structs.replace(call.meta(), command_id=uuid4())
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
