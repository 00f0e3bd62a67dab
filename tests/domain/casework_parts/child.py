"""Children's profiles, as random casework drives them, and what always holds of them."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

from domain import child, child_erasure, child_merging
from domain.child_state import Child
from domain.ids import child_pseudonym
from domain.personal import ChildContacts, ChildIdentity
from domain.sealed import Sealed
from tests.domain.casework import Casework
from tests.domain.casework_parts.child_rules import holds
from tests.domain.casework_parts.part import Actor, Decided, Makes, Part, Spans
from tests.domain.golden import sealed_parts

KIND = child.DECIDER.kind

# ---------------------------------------------------------------------- how its commands are made up


def _whose(work: Casework, chance: Random) -> UUID:
    """Somebody that has no profile: met before, or new."""
    without = [person for person in work.persons if person not in work.live]
    if not without:
        work.persons.append(work.new("person"))
    return chance.choice(without) if without else work.persons[-1]


def _identity(chance: Random, key: UUID) -> Sealed[ChildIdentity]:
    surname = "" if chance.random() < 0.03 else chance.choice(("Сірко", "Сирко", "Заєць"))
    return Sealed(key, ChildIdentity(surname=surname, born=chance.choice(("", "2012", "2012-05", "2012-05-17"))))


def _contacts(chance: Random, key: UUID) -> Sealed[ChildContacts]:
    phone = "мамин" if chance.random() < 0.03 else f"+380 44 123 {chance.randrange(1000, 9999)}"
    return Sealed(key, ChildContacts(phones=(phone,), school="Ліцей № 7"))


def _register(work: Casework, chance: Random, actor: Actor, key: UUID, state: Child | None) -> child.RegisterChild:
    told = chance.random() < 0.5
    return child.RegisterChild(
        child=key,
        pseudonym=child_pseudonym(key) if chance.random() < 0.98 else "Марійка",
        unit=actor.unit,
        identity=_identity(chance, key),
        contacts=_contacts(chance, key) if chance.random() < 0.5 else None,
        narrative=work.words(chance) if told else None,
        names=(work.person(chance),) if told or chance.random() < 0.03 else (),
        at=work.now,
    )


def _merge(work: Casework, chance: Random, actor: Actor, key: UUID, state: Child | None) -> child_merging.MergeProfiles:
    others = [other for other in _standing(work) if other != key and not work.live[other].merged]
    other = chance.choice(others if others and chance.random() < 0.8 else work.persons)
    return child_merging.MergeProfiles(survivor=key, other=other, reason=work.reason(chance))


def _unmerge(
    work: Casework, chance: Random, actor: Actor, key: UUID, state: Child | None
) -> child_merging.UnmergeProfiles:
    merged = state.merged if state is not None and state.merged else work.persons
    return child_merging.UnmergeProfiles(survivor=key, other=chance.choice(merged), reason=work.reason(chance))


def _agree(
    work: Casework, chance: Random, actor: Actor, key: UUID, state: Child | None
) -> child_erasure.AgreeToChildErasure:
    """Now and then by who asked for it."""
    asked = None if state is None else state.erasure
    by = asked.by if asked is not None and chance.random() < 0.3 else actor.account
    return child_erasure.AgreeToChildErasure(child=key, by=by)


MAKES: Makes = {
    child.RegisterChild: _register,
    child.CorrectIdentity: lambda work, chance, actor, key, state: child.CorrectIdentity(
        child=key, identity=_identity(chance, key), reason=work.reason(chance, key), at=work.now
    ),
    child.CorrectContacts: lambda work, chance, actor, key, state: child.CorrectContacts(
        child=key, contacts=_contacts(chance, key)
    ),
    child.AddNarrative: lambda work, chance, actor, key, state: child.AddNarrative(
        child=key, narrative=work.words(chance), names=(work.person(chance),) if chance.random() < 0.3 else ()
    ),
    child_merging.MergeProfiles: _merge,
    child_merging.UnmergeProfiles: _unmerge,
    child_erasure.RequestChildErasure: lambda work, chance, actor, key, state: child_erasure.RequestChildErasure(
        child=key,
        order=f"{chance.randrange(99)}-з" if chance.random() < 0.97 else "?",
        by=actor.account,
        reason=work.reason(chance, key),
    ),
    child_erasure.AgreeToChildErasure: _agree,
    child_erasure.RefuseChildErasure: lambda work, chance, actor, key, state: child_erasure.RefuseChildErasure(
        child=key, by=actor.account, reason=work.reason(chance, key)
    ),
    child_erasure.RecordChildDestruction: lambda work, chance, actor, key, state: child_erasure.RecordChildDestruction(
        child=key, records=len(_records_naming(work, key))
    ),
}


def _fits(work: Casework, key: UUID, state: Child) -> tuple[type, ...]:
    if state.erased:
        further = not state.destroyed or len(_records_naming(work, key)) > state.records_destroyed
        return (child_erasure.RecordChildDestruction,) if further else ()
    if state.survivor is not None:
        return ()
    written = (child.CorrectIdentity, child.CorrectContacts, child.AddNarrative)
    if state.erasure is not None:
        agree = child_erasure.AgreeToChildErasure
        return (*written, *(agree,) * 4, *(child_erasure.RefuseChildErasure,) * 2)
    return (
        *(*written, child_erasure.RequestChildErasure),
        *((child_merging.MergeProfiles,) * 4 if len(_standing(work)) > 1 else ()),
        *((child_merging.UnmergeProfiles,) * 4 if state.merged else ()),
    )


def _standing(work: Casework) -> list[UUID]:
    """Profiles that take commands."""
    states = {key: work.live[key] for key in work.streams[KIND]}
    return [key for key, state in states.items() if state.survivor is None and not state.erased]


# ---------------------------------------------------------------------- how those of several streams are decided


def _merged(work: Casework, command: child_merging.MergeProfiles) -> tuple[Decided, ...]:
    return _of_both(command, child_merging.decide_merge(*_both(work, command), command))


def _unmerged(work: Casework, command: child_merging.UnmergeProfiles) -> tuple[Decided, ...]:
    return _of_both(command, child_merging.decide_unmerge(*_both(work, command), command))


def _both(work: Casework, command: Any) -> tuple[Child | None, Child | None]:
    return work.live.get(command.survivor), work.live.get(command.other)


def _of_both(command: Any, decided: tuple[Any, Any]) -> tuple[Decided, ...]:
    return Decided(KIND, command.survivor, decided[0]), Decided(KIND, command.other, decided[1])


def _agreed(work: Casework, command: child_erasure.AgreeToChildErasure) -> tuple[Decided, ...]:
    state = work.live.get(command.child)
    merged = {} if state is None else {key: work.live[key] for key in state.merged}
    decided = child_erasure.decide_agree(state, merged, command)
    return tuple(Decided(KIND, key, events) for key, events in decided.items())


def _destroyed(work: Casework, command: child_erasure.RecordChildDestruction) -> tuple[Decided, ...]:
    """The keys go before the certificate says so."""
    decided = child_erasure.decide_destroyed(work.live.get(command.child), command)
    if decided:
        gone = {command.child, *_records_naming(work, command.child)}
        work.vault.erase(*gone)
        work.destroyed |= gone
    return (Decided(KIND, command.child, decided),)


def _records_naming(work: Casework, key: UUID) -> set[UUID]:
    """What is written of the child: in its profile, in its cases and concerns (and a case's files, which are sealed
    under the case), and wherever it is named.
    """
    found = set[UUID]()
    for stream in work.live:
        history = work.history(stream)
        about = key in (stream, getattr(history[0].event, "child", None))
        if about:
            found.add(stream)
        for recorded in history:
            if about or key in (*getattr(recorded.event, "names", ()), getattr(recorded.event, "other", None)):
                found.update(sealed.subject for sealed, _ in sealed_parts(recorded.event))
    return found - {key}


SPANS: Spans = {
    child_merging.MergeProfiles: _merged,
    child_merging.UnmergeProfiles: _unmerged,
    child_erasure.RequestChildErasure: lambda work, command: (
        Decided(KIND, command.child, child_erasure.decide_request(work.live.get(command.child), command)),
    ),
    child_erasure.AgreeToChildErasure: _agreed,
    child_erasure.RefuseChildErasure: lambda work, command: (
        Decided(KIND, command.child, child_erasure.decide_refuse(work.live.get(command.child), command)),
    ),
    child_erasure.RecordChildDestruction: _destroyed,
}

PART = Part(
    child.DECIDER,
    (child.RegisterChild,),
    MAKES,
    holds,
    _fits,
    spans=SPANS,
    key=_whose,
    new_share=0.12,
    weight=3,
)
