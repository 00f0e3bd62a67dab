"""Concerns, as random casework drives them, and what always holds of them."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

from domain import concern, concern_words
from domain.event import Recorded
from domain.ids import child_pseudonym
from tests.domain.casework import Casework
from tests.domain.casework_parts.part import Actor, Decided, Makes, Part, Spans
from tests.domain.golden import sealed_parts


def _raise(work: Casework, chance: Random, actor: Actor, key: UUID, state: Any) -> concern.RaiseConcern:
    child = work.person(chance)
    return concern.RaiseConcern(
        concern=key,
        child=child,
        pseudonym=child_pseudonym(child) if chance.random() < 0.98 else "Марійка",
        kind=work.code(chance, concern_words.CONCERN_KINDS),
        unit=actor.unit,
        unit_kind="juvenile-prevention" if chance.random() < 0.97 else "",
        by=actor.account,
        narrative=work.words(chance),
        names=(child,) if chance.random() < 0.7 else (child, work.person(chance)),
        days=chance.choice((0, 30, 90, 90)),
        at=work.now,
    )


MAKES: Makes = {
    concern.RaiseConcern: _raise,
    concern.ReviewConcern: lambda work, chance, actor, key, state: concern.ReviewConcern(
        concern=key,
        finding=work.code(chance, concern_words.CONCERN_FINDINGS),
        reason=work.reason(chance),
        by=actor.account,
        at=work.now,
    ),
    concern.OfferHelp: lambda work, chance, actor, key, state: concern.OfferHelp(
        concern=key,
        kind=work.code(chance, concern_words.HELP_KINDS),
        reason=work.reason(chance),
        by=actor.account,
        at=work.now,
    ),
    concern.DismissConcern: lambda work, chance, actor, key, state: concern.DismissConcern(
        concern=key,
        cause=work.code(chance, concern_words.CONCERN_DISMISSALS),
        reason=work.reason(chance),
        by=actor.account,
        at=work.now,
    ),
    concern.ExpireConcern: lambda work, chance, actor, key, state: concern.ExpireConcern(concern=key, at=work.now),
    concern.RecordWordsDestruction: lambda work, chance, actor, key, state: concern.RecordWordsDestruction(
        concern=key, records=tuple(_records(work, key))
    ),
}


def _destroyed(work: Casework, command: concern.RecordWordsDestruction) -> tuple[Decided, ...]:
    """The keys go before the certificate says so."""
    decided = work.decided(concern.DECIDER.kind, command.concern, command)
    if decided.events:
        work.vault.erase(*command.records)
        work.destroyed.update(command.records)
    return (decided,)


def _records(work: Casework, key: UUID) -> list[UUID]:
    parts = (sealed for recorded in work.history(key) for sealed, _ in sealed_parts(recorded.event))
    return list(dict.fromkeys(sealed.subject for sealed in parts))


SPANS: Spans = {concern.RecordWordsDestruction: _destroyed}


def _holds(work: Casework, key: UUID, state: concern.Concern, history: list[Recorded]) -> None:
    raised = history[0].event
    assert isinstance(raised, concern.ConcernRaised)
    assert state.expires_at == raised.expires_at
    finding = ""
    for number, recorded in enumerate(history[1:], start=2):
        match recorded.event:
            case concern.ConcernReviewed(by=by, finding=found):
                assert by != raised.by, "who raised it reviewed it"
                finding = found
            case concern.HelpOffered():
                assert finding == concern.HELP_NEEDED
            case concern.ConcernDismissed():
                assert finding not in ("", concern.HELP_NEEDED)
                ends = (concern.ConcernExpired, concern.WordsDestroyed)
                assert all(isinstance(later.event, ends) for later in history[number:])
            case concern.ConcernExpired():
                certificates = [later.event for later in history[number:]]
                assert certificates == certificates[:1], "what has expired takes nothing"
                assert all(isinstance(each, concern.WordsDestroyed) for each in certificates)
                assert recorded.meta.recorded_at >= raised.expires_at
                continue
            case concern.WordsDestroyed():
                assert isinstance(history[number - 2].event, concern.ConcernExpired), (
                    "destroyed before its time was over"
                )
                assert all(value is None for _, value in work.opened(key)), "what an expired concern left can be opened"
                continue
        assert recorded.meta.recorded_at < raised.expires_at, "taken after its time"


def _fits(work: Casework, key: UUID, state: concern.Concern) -> tuple[type, ...]:
    phase = concern.phase_at(state, work.now)
    if phase == concern.EXPIRED and state.phase != concern.EXPIRED:
        return (concern.ExpireConcern,)
    if phase == concern.EXPIRED and not state.destroyed:
        return (concern.RecordWordsDestruction,)
    if phase == concern.REVIEWED:
        needed = state.finding == concern.HELP_NEEDED
        return (concern.ReviewConcern, concern.OfferHelp if needed else concern.DismissConcern)
    if phase == concern.RAISED:
        return (concern.ReviewConcern,)
    return (concern.OfferHelp,) if phase == concern.HELP_OFFERED else ()


PART = Part(concern.DECIDER, (concern.RaiseConcern,), MAKES, _holds, _fits, spans=SPANS, new_share=0.1, weight=2)
