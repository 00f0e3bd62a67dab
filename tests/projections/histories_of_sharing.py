"""Histories of agencies, agreements and consents, for `tests.projections.histories`: made of plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain.event import Event
from domain.ids import NAMESPACE
from domain.personal import PersonName, Reason
from domain.sealed import Sealed
from domain.sharing import agency, agreement_events, consent_events

Move = tuple[Callable[[int], Any], object]
PURPOSES, FIELDS = ("social-support", "shelter", "legal-aid"), ("identity", "contacts", "risk")
STANDING = ("proposed", "signed", "suspended")


def key(kind: str, number: int) -> UUID:
    return uuid5(NAMESPACE, f"test:{kind}:{number}")


class Sharing:
    """The part of a district that concerns these; the time is the district's."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.agencies: dict[UUID, str] = {}  # each stream to its state
        self.agreements: dict[UUID, str] = {}
        self.consents: dict[UUID, str] = {}

    def table(self, salt: int) -> list[Move]:
        return [
            (self.register_agency, True),
            (self.withdraw_agency, self._in(self.agencies, salt, "active") if salt % 5 == 0 else None),
            (self.propose_agreement, self.agencies or None),
            (self.sign_agreement, self._in(self.agreements, salt, "proposed")),
            (self.change_agreement, self._in(self.agreements, salt, "signed")),
            (self.resume_agreement, self._in(self.agreements, salt, "suspended")),
            (self.end_agreement, self._in(self.agreements, salt, *STANDING) if salt % 4 == 0 else None),
            (self.answer_consent, self.agencies or None),
            (self.ask_for_override, self._in(self.consents, salt, "refused", "not-sought")),
            (self.decide_on_override, self._in(self.consents, salt, "override-requested")),
            (self.end_consent, self._in(self.consents, salt, "given", "overridden")),
        ]

    def register_agency(self, salt: int) -> Any:
        stream = key("agency", len(self.agencies))
        self.agencies[stream] = "active"
        facts = {"name": f"Agency {salt}", "kind": "health-care", "region": "UA-30"}
        yield stream, [agency.AgencyRegistered(unit=key("agency unit", salt % 3), by=key("by", salt), **facts)]

    def withdraw_agency(self, salt: int) -> Any:
        stream = self._move(self.agencies, "withdrawn", salt, "active")
        yield stream, [agency.AgencyWithdrawn(by=key("by", salt), reason=self._why(salt))]

    def propose_agreement(self, salt: int) -> Any:
        stream = key("agreement", len(self.agreements))
        self.agreements[stream] = "proposed"
        proposed = agreement_events.AgreementProposed(
            units=(key("unit", salt % 3),),
            agencies=self._some_agencies(salt),
            purposes=PURPOSES[: 1 + salt % 2],
            fields=FIELDS,
            from_at=self.now(),
            until=self.now() + timedelta(days=1 + salt % 90),
            by=key("by", salt),
        )
        yield stream, [proposed]

    def sign_agreement(self, salt: int) -> Any:
        stream = self._move(self.agreements, "signed", salt, "proposed")
        yield stream, [agreement_events.AgreementSigned(by=key("by", salt))]

    def change_agreement(self, salt: int) -> Any:
        by = key("by", salt)
        if salt % 3 == 0:
            stream = self._move(self.agreements, "suspended", salt, "signed")
            yield stream, [agreement_events.AgreementSuspended(by=by, reason=self._why(salt))]
            return
        stream = self._in(self.agreements, salt, "signed")
        narrowed = agreement_events.FieldsNarrowed(fields=FIELDS[: 1 + salt % 3], by=by)
        proposed = agreement_events.PurposeProposed(purpose="schooling", by=by)
        added = agreement_events.PurposeAdded(purpose="schooling", by=by)
        yield stream, [narrowed] if salt % 2 else [proposed, added]

    def resume_agreement(self, salt: int) -> Any:
        stream = self._move(self.agreements, "signed", salt, "suspended")
        yield stream, [agreement_events.AgreementResumed(by=key("by", salt), reason=self._why(salt))]

    def end_agreement(self, salt: int) -> Any:
        stream = self._move(self.agreements, "ended", salt, *STANDING)
        ended = agreement_events.AgreementEnded(by=key("by", salt), reason=self._why(salt))
        yield stream, [ended if salt % 8 else agreement_events.AgreementExpired(at=self.now())]

    def answer_consent(self, salt: int) -> Any:
        stream, state = key("consent", len(self.consents)), ("given", "refused", "not-sought")[salt % 3]
        self.consents[stream] = state
        name = Sealed(key("consent record", len(self.consents)), PersonName(f"Giver {salt}"))
        about: dict[str, Any] = {
            "child": key("child", salt % 5),
            "pseudonym": f"CH-{salt % 5:04}",
            "unit": key("unit", salt % 3),
            "purposes": PURPOSES[:2],
            "agencies": self._some_agencies(salt),
            "fields": FIELDS,
            "by": key("by", salt),
        }
        until = self.now() + timedelta(days=1 + salt % 90)
        answers: dict[str, Callable[[], Event]] = {
            "given": lambda: consent_events.ConsentGiven(giver="parent", giver_name=name, expires_at=until, **about),
            "refused": lambda: consent_events.ConsentRefused(giver="child", giver_name=name, **about),
            "not-sought": lambda: consent_events.ConsentNotSought(cause="no-time", reason=self._why(salt), **about),
        }
        yield stream, [answers[state]()]

    def ask_for_override(self, salt: int) -> Any:
        stream = self._in(self.consents, salt, "refused", "not-sought")
        basis = {"basis": "court-decision", "days": 1 + salt % 30}
        asked = consent_events.OverrideRequested(by=key("by", salt), reason=self._why(salt), **basis)
        denied = consent_events.OverrideDenied(by=key("by", salt), reason=self._why(salt))
        if salt % 3 == 0:
            yield stream, [asked, denied]
            return
        self.consents[stream] = "override-requested"
        yield stream, [asked]

    def decide_on_override(self, salt: int) -> Any:
        stream = self._move(self.consents, "overridden", salt, "override-requested")
        overridden = consent_events.ConsentOverridden(
            basis="court-decision",
            requester=key("by", salt + 1),
            by=key("by", salt),
            expires_at=self.now() + timedelta(days=3),
            reason=self._why(salt),
        )
        yield stream, [overridden]

    def end_consent(self, salt: int) -> Any:
        stream = self._in(self.consents, salt, "given", "overridden")
        by: dict[str, Any] = {"by": key("by", salt), "reason": self._why(salt)}
        lifted = consent_events.OverrideLifted(**by)
        withdrawn = consent_events.ConsentWithdrawn(giver="parent", **by)
        ended = withdrawn if self.consents[stream] == "given" else lifted
        self.consents[stream] = "ended"
        yield stream, [ended if salt % 3 else consent_events.ConsentExpired(at=self.now())]

    def _some_agencies(self, salt: int) -> tuple[UUID, ...]:
        return tuple(self.agencies)[: 1 + salt % 3]

    def _why(self, salt: int) -> Sealed[Reason]:
        return Sealed(key("sharing record", salt), Reason(f"because {salt}"))

    def _in(self, streams: dict[UUID, str], salt: int, *states: str) -> Any:
        among: Sequence[UUID] = [stream for stream, state in streams.items() if state in states]
        return among[salt % len(among)] if among else None

    def _move(self, streams: dict[UUID, str], state: str, salt: int, *states: str) -> UUID:
        stream: UUID = self._in(streams, salt, *states)
        streams[stream] = state
        return stream
