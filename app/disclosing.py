"""Reading casework and opening what is sealed: first it goes on record, then it is answered. Never the other way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID, uuid4

import msgspec

from app.access.operations import Operation
from app.call import Call
from app.event_store.vault import Vault
from domain.disclosure import Disclosed
from domain.log import Change, EventLog
from domain.sealed import Sealed, Token

T = TypeVar("T")


@dataclass(frozen=True)
class Disclosures:
    log: EventLog
    vault: Vault

    def open(self, call: Call, operation: Operation, thing: UUID, sealed: Sealed[T] | Token, kind: type[T]) -> T | None:
        """The value, for a caller whom the gate let through; None once its subject was erased.

        Raises:
            domain.errors.LogFull: the disclosure could not be recorded, so nothing was opened.
        """
        token = sealed if isinstance(sealed, Token) else sealed.token
        if token is None:
            raise ValueError("only what came from the log is disclosed")
        self.record(call, operation, thing)
        return self.vault.open(token, kind)

    def consult(self, call: Call, operation: Operation, thing: UUID) -> None:
        """Put on record that the caller reads the thing, unless it was they who put the thing itself on record.

        Raises:
            domain.errors.LogFull: it could not be recorded, so nothing is to be answered.
        """
        first = next(iter(self.log.stream(thing, until_version=1)))
        if first.meta.actor != call.principal.account:
            self.record(call, operation, thing)

    def record(self, call: Call, operation: Operation, thing: UUID) -> None:
        """Put on record that the caller sees the thing, or something of it that is not in the clear.

        Each disclosure is a stream of its own, under a command id of its own: readers never wait for one another.
        """
        meta = msgspec.structs.replace(call.meta(), command_id=uuid4())
        self.log.append([Change(uuid4(), 0, (Disclosed(thing=thing, operation=str(operation)),))], meta)
