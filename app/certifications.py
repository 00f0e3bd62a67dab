"""Who is certified, as an officer's own record says at the moment that a case is put in their charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.desk import Desk
from domain import officer
from domain.ids import officer_id
from domain.log import Change


@dataclass(frozen=True)
class Certifications:
    desk: Desk

    def is_certified(self, account: UUID, at: datetime) -> bool:
        """Whether a case may be put in their charge; nobody is certified of whom nothing is on record."""
        return officer.is_certified(self.desk.load(officer.DECIDER, officer_id(account)).state, at)

    def guard(self, account: UUID) -> Change:
        """Named unchanged in a decision that rests on it: where one lapses meanwhile, it is decided anew."""
        loaded = self.desk.load(officer.DECIDER, officer_id(account))
        return Change(loaded.stream, loaded.version, ())
