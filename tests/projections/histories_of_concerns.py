"""Histories of officers and concerns, for `tests.projections.histories`: valid ones, made of plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain import concern, officer
from domain.event import Event
from domain.ids import NAMESPACE, officer_id
from domain.personal import Narrative, Reason
from domain.sealed import Sealed

CONCERN_KINDS = ("missing-school", "running-away", "family-in-crisis")
HELP_KINDS = ("talk", "psychologist", "social-services")
CAUSES = ("time-over", "withdrawn", "account-suspended")

Move = tuple[Callable[[int], Any], object]


def key(kind: str, number: int) -> UUID:
    return uuid5(NAMESPACE, f"test:{kind}:{number}")


class OfficersAndConcerns:
    """The part of a district that concerns these; the time is the district's."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.officers: dict[UUID, tuple[UUID, UUID, str]] = {}  # stream: to (account, unit, state)
        self.concerns: dict[UUID, str] = {}  # to its state

    def table(self, salt: int) -> list[Move]:
        return [
            (self.select_officer, True),
            (self.train_officer, self._officer(salt, "candidate", "lapsed")),
            (self.certify_officer, self._officer(salt, "trained", "certified")),
            (self.lapse_officer, self._officer(salt, "certified")),
            (self.raise_concern, True),
            (self.review_concern, self._concern(salt, "raised", "reviewed")),
            (self.answer_concern, self._concern(salt, "reviewed", "help-offered")),
            (self.expire_concern, self._concern(salt, "raised", "reviewed", "help-offered") if salt % 3 == 0 else None),
            (self.destroy_words, self._concern(salt, "expired")),
        ]

    def select_officer(self, salt: int) -> Any:
        account, unit = key("officer account", len(self.officers)), key("unit", salt % 3)
        self.officers[officer_id(account)] = (account, unit, "candidate")
        yield officer_id(account), [officer.CandidateSelected(account=account, unit=unit, by=key("by", salt))]

    def train_officer(self, salt: int) -> Any:
        stream = self._move(self._officer(salt, "candidate", "lapsed"), "trained")
        course = {"completed_at": self.now(), "by": key("by", salt)}
        extra = officer.TrainingCompleted(course="school-work", **course)
        yield (
            stream,
            [officer.TrainingCompleted(course=officer.REQUIRED_COURSE, **course), *([extra] if salt % 2 else [])],
        )

    def certify_officer(self, salt: int) -> Any:
        stream = self._move(self._officer(salt, "trained", "certified"), "certified")
        until = self.now() + timedelta(days=100 + len(self.concerns))
        yield stream, [officer.OfficerCertified(until=until, by=key("by", salt))]

    def lapse_officer(self, salt: int) -> Any:
        stream = self._officer(salt, "certified")
        account, unit, _ = self.officers[self._move(stream, "lapsed")]
        cause = CAUSES[salt % 3]
        withdrawn = {"by": key("by", salt), "reason": Sealed(stream, Reason(f"why {salt}"))}
        lapsed = officer.CertificationLapsed(
            account=account, unit=unit, cause=cause, at=self.now(), **(withdrawn if cause == "withdrawn" else {})
        )
        yield stream, [lapsed]

    def raise_concern(self, salt: int) -> Any:
        stream, child = key("concern", len(self.concerns)), salt % 5
        self.concerns[stream] = "raised"
        raised = concern.ConcernRaised(
            child=key("child", child),
            pseudonym=f"CH-{child:04}",
            kind=CONCERN_KINDS[salt % 3],
            unit=key("unit", salt % 3),
            by=key("account", salt % 4),
            narrative=Sealed(stream, Narrative(f"What was seen, {salt}")),
            names=(key("person", salt % 3),) if salt % 2 else (),
            expires_at=self.now() + timedelta(days=1 + salt % 90),
        )
        yield stream, [raised]

    def review_concern(self, salt: int) -> Any:
        stream = self._concern(salt, "raised", "reviewed")
        self.concerns[stream] = "reviewed"
        finding = "help-needed" if salt % 2 else "unclear"
        yield stream, [concern.ConcernReviewed(finding=finding, by=key("by", salt), reason=self._why(stream, salt))]

    def answer_concern(self, salt: int) -> Any:
        stream = self._concern(salt, "reviewed", "help-offered")
        by = {"by": key("by", salt), "reason": self._why(stream, salt)}
        if self.concerns[stream] == "reviewed" and salt % 3 == 0:
            self.concerns[stream] = "dismissed"
            yield stream, [concern.ConcernDismissed(cause="not-confirmed", **by)]
            return
        self.concerns[stream] = "help-offered"
        yield stream, [concern.HelpOffered(kind=HELP_KINDS[salt % 3], **by)]

    def expire_concern(self, salt: int) -> Any:
        stream = self._concern(salt, "raised", "reviewed", "help-offered")
        self.concerns[stream] = "expired"
        expired: Sequence[Event] = [concern.ConcernExpired(at=self.now())]
        yield stream, expired

    def destroy_words(self, salt: int) -> Any:
        stream = self._concern(salt, "expired")
        self.concerns[stream] = "destroyed"
        yield stream, [concern.WordsDestroyed(records=(stream,))]

    def _why(self, stream: UUID, salt: int) -> Sealed[Reason]:
        return Sealed(stream, Reason(f"because {salt}"))

    def _officer(self, salt: int, *states: str) -> Any:
        among = [stream for stream, (_, _, state) in self.officers.items() if state in states]
        return among[salt % len(among)] if among else None

    def _concern(self, salt: int, *states: str) -> Any:
        among = [stream for stream, state in self.concerns.items() if state in states]
        return among[salt % len(among)] if among else None

    def _move(self, stream: UUID, state: str) -> UUID:
        account, unit, _ = self.officers[stream]
        self.officers[stream] = (account, unit, state)
        return stream
