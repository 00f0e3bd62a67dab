"""Children: every command taken, every refusal, and what merging and erasing may never do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain import child_erasure, child_merging
from domain.child import (
    CONTACTS_MAX,
    DECIDER,
    NARRATIVES_MAX,
    OTHER_NAMES_MAX,
    AddNarrative,
    CorrectContacts,
    CorrectIdentity,
    RegisterChild,
)
from domain.child_erasure import (
    AgreeToChildErasure,
    RecordChildDestruction,
    RefuseChildErasure,
    RequestChildErasure,
)
from domain.child_events import (
    ChildErasureRefused,
    ChildErasureRequested,
    ChildRegistered,
    ContactsCorrected,
    IdentityCorrected,
    IdentityDestroyed,
    IdentityErased,
    MergedInto,
    MergeUndone,
    NarrativeAdded,
    ProfilesMerged,
    ProfilesUnmerged,
)
from domain.child_merging import MERGED_MAX, MergeProfiles, UnmergeProfiles
from domain.child_state import Child
from domain.errors import AlreadyExists, DomainError, Invalid, NotFound, WrongState
from domain.footage_refusals import ErasureBySameAccount
from domain.incident import NAMES_MAX, NARRATIVE_CHARACTERS_MAX
from domain.personal import ChildContacts, ChildIdentity, Narrative
from domain.sealed import Sealed
from tests.domain.examples import CHILD, NOW, OLENA, OTHER_CHILD, TARAS, UNIT, changed, reason, uuid
from tests.given import folded, given

NOTE = uuid(71)
IDENTITY = ChildIdentity(surname="Сірко", given_name="Іван", patronymic="Петрович", born="2012-05-17")
CONTACTS = ChildContacts(phones=("+380 44 123 45 67",), guardians=("мати, Олена Сірко",), school="Ліцей № 7")


def identity(**changes: Any) -> Sealed[ChildIdentity]:
    return Sealed(CHILD, changed(IDENTITY, **changes))


def contacts(**changes: Any) -> Sealed[ChildContacts]:
    return Sealed(CHILD, changed(CONTACTS, **changes))


def narrative(text: str = "Другий тиждень не ночує вдома.") -> Sealed[Narrative]:
    return Sealed(NOTE, Narrative(text))


REGISTER = RegisterChild(
    child=CHILD,
    pseudonym="CH-4F2A",
    unit=UNIT,
    identity=identity(),
    contacts=contacts(),
    narrative=narrative(),
    names=(uuid(5),),
    at=NOW,
)
CORRECT = CorrectIdentity(child=CHILD, identity=identity(surname="Сирко"), reason=reason(), at=NOW)
CONTACT = CorrectContacts(child=CHILD, contacts=contacts())
ADD = AddNarrative(child=CHILD, narrative=narrative(), names=(uuid(5),))
REGISTERED = DECIDER.decide(None, REGISTER)[0]
MERGED_AWAY = MergedInto(survivor=OTHER_CHILD)
ASKED = ChildErasureRequested(order="12-з", by=OLENA, reason=reason())
ERASED = IdentityErased(order="12-з", requested_by=OLENA, by=TARAS)


class TestRegistering:
    def test_with_all_that_is_known(self) -> None:
        given(DECIDER).when(REGISTER).then(
            ChildRegistered(
                pseudonym="CH-4F2A",
                unit=UNIT,
                identity=Sealed(CHILD, IDENTITY),
                contacts=Sealed(CHILD, CONTACTS),
                narrative=narrative(),
                names=(uuid(5),),
            )
        )

    def test_with_no_more_than_a_surname(self) -> None:
        bare = Sealed(CHILD, ChildIdentity(surname="Сірко"))
        command = RegisterChild(child=CHILD, pseudonym="CH-4F2A", unit=UNIT, identity=bare, at=NOW)
        given(DECIDER).when(command).then(ChildRegistered(pseudonym="CH-4F2A", unit=UNIT, identity=bare))

    def test_once(self) -> None:
        given(DECIDER, REGISTERED).when(REGISTER).then_refused(AlreadyExists, says=str(CHILD))

    @pytest.mark.parametrize("born", ["", "2012", "2012-05", "2012-05-17", "2026-11-20", "1986"])
    def test_born_as_far_as_it_is_known(self, born: str) -> None:
        assert given(DECIDER).when(changed(REGISTER, identity=identity(born=born))).error is None

    @pytest.mark.parametrize(
        ("changes", "field", "says"),
        [
            ({"pseudonym": "Івась"}, "pseudonym", "CH-"),
            ({"identity": identity(surname="  ")}, "surname", "empty"),
            ({"identity": identity(surname="12")}, "surname", "no letter"),
            ({"identity": identity(surname="Сірко\nІван")}, "surname", "one line"),
            ({"identity": identity(surname="С" * 81)}, "surname", "81 characters"),
            ({"identity": identity(given_name="+")}, "given_name", "no letter"),
            ({"identity": identity(patronymic="\u202eІван")}, "patronymic", "control"),
            ({"identity": identity(other_names=("7",))}, "other_names", "no letter"),
            (
                {"identity": identity(other_names=tuple(f"А{n}" for n in range(OTHER_NAMES_MAX + 1)))},
                "other_names",
                "11",
            ),
            ({"identity": identity(born="17.05.2012")}, "born", "write 2012"),
            ({"identity": identity(born="2012-02-30")}, "born", "calendar"),
            ({"identity": identity(born="2012-13")}, "born", "calendar"),
            ({"identity": identity(born="2026-11-21")}, "born", "future"),
            ({"identity": identity(born="1985")}, "born", "40 years"),
            ({"identity": identity(born="0000")}, "born", "calendar"),
            ({"contacts": contacts(phones=("мамин",))}, "phones", "no number"),
            ({"contacts": contacts(phones=tuple(f"1234{n}" for n in range(10, 11 + CONTACTS_MAX)))}, "phones", "21"),
            ({"contacts": contacts(addresses=("а\nб",))}, "addresses", "one line"),
            ({"contacts": contacts(guardians=("x" * 301,))}, "guardians", "301"),
            ({"contacts": contacts(school=" ")}, "school", "empty"),
            ({"narrative": narrative(" ")}, "narrative", "empty"),
            ({"narrative": narrative("x" * (NARRATIVE_CHARACTERS_MAX + 1))}, "narrative", "20001"),
            ({"names": tuple(uuid(n) for n in range(NAMES_MAX + 1))}, "names", "101 entries"),
            ({"narrative": None}, "names", "no narrative"),
        ],
    )
    def test_what_cannot_be_registered(self, changes: dict[str, Any], field: str, says: str) -> None:
        given(DECIDER).when(changed(REGISTER, **changes)).then_refused(Invalid, field=field, says=says)

    @pytest.mark.parametrize(
        ("changes", "secret"),
        [
            ({"identity": identity(surname="Сірко\nІван")}, "Сірко"),
            ({"identity": identity(surname="Сірко\u0007")}, "Сірко"),
            ({"identity": identity(born="17 травня")}, "травня"),
            ({"contacts": contacts(phones=("телефон мами",))}, "мами"),
        ],
    )
    def test_a_refusal_does_not_repeat_what_was_written(self, changes: dict[str, Any], secret: str) -> None:
        error = given(DECIDER).when(changed(REGISTER, **changes)).then_refused(Invalid)
        assert secret not in f"{error} {error.fields}"


class TestCorrecting:
    def test_the_identity_with_a_reason(self) -> None:
        given(DECIDER, REGISTERED).when(CORRECT).then(
            IdentityCorrected(identity=identity(surname="Сирко"), reason=reason())
        )

    @pytest.mark.parametrize(
        ("changes", "field"), [({"reason": reason(" ")}, "reason"), ({"identity": identity(surname="")}, "surname")]
    )
    def test_what_cannot_be_corrected(self, changes: dict[str, Any], field: str) -> None:
        given(DECIDER, REGISTERED).when(changed(CORRECT, **changes)).then_refused(Invalid, field=field)

    def test_contacts(self) -> None:
        given(DECIDER, REGISTERED).when(CONTACT).then(ContactsCorrected(contacts=contacts()))

    def test_contacts_that_are_none(self) -> None:
        none = Sealed(CHILD, ChildContacts())
        given(DECIDER, REGISTERED).when(changed(CONTACT, contacts=none)).then(ContactsCorrected(contacts=none))

    def test_contacts_that_cannot_be(self) -> None:
        wrong = changed(CONTACT, contacts=contacts(phones=("мамин",)))
        given(DECIDER, REGISTERED).when(wrong).then_refused(Invalid, field="phones")

    def test_a_narrative_is_added(self) -> None:
        given(DECIDER, REGISTERED).when(ADD).then(NarrativeAdded(narrative=narrative(), names=(uuid(5),)))

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"narrative": narrative("")}, "narrative"), ({"names": tuple(map(uuid, range(NAMES_MAX + 1)))}, "names")],
    )
    def test_what_cannot_be_added(self, changes: dict[str, Any], field: str) -> None:
        given(DECIDER, REGISTERED).when(changed(ADD, **changes)).then_refused(Invalid, field=field)

    def test_narratives_are_bounded(self) -> None:
        many = [NarrativeAdded(narrative=narrative())] * (NARRATIVES_MAX - 1)
        given(DECIDER, REGISTERED, *many[1:]).when(ADD).then(NarrativeAdded(narrative=narrative(), names=(uuid(5),)))
        given(DECIDER, REGISTERED, *many).when(ADD).then_refused(WrongState, says="full")


CHANGES = [CORRECT, CONTACT, ADD]


@pytest.mark.parametrize("command", CHANGES, ids=lambda command: type(command).__name__)
class TestWhatTakesNothing:
    def test_a_child_that_nobody_registered(self, command: Any) -> None:
        given(DECIDER).when(command).then_refused(NotFound, says=str(CHILD))

    def test_a_profile_that_was_merged_names_the_one_that_takes_it(self, command: Any) -> None:
        given(DECIDER, REGISTERED, MERGED_AWAY).when(command).then_refused(WrongState, says=f"{OTHER_CHILD}")

    def test_a_profile_that_was_erased(self, command: Any) -> None:
        given(DECIDER, REGISTERED, ASKED, ERASED).when(command).then_refused(WrongState, says="erased")

    def test_one_that_was_parted_takes_it_again(self, command: Any) -> None:
        parted = MergeUndone(survivor=OTHER_CHILD)
        assert given(DECIDER, REGISTERED, MERGED_AWAY, parted).when(command).error is None


def state(*events: Any) -> Child | None:
    found: Child | None = folded(DECIDER, events)
    return found


def refused(decide: Callable[..., object], *taken: Any) -> DomainError:
    with pytest.raises(DomainError) as caught:
        decide(*taken)
    return caught.value


MERGE = MergeProfiles(survivor=CHILD, other=OTHER_CHILD, reason=reason())
UNMERGE = UnmergeProfiles(survivor=CHILD, other=OTHER_CHILD, reason=reason())
MERGED = ProfilesMerged(other=OTHER_CHILD, reason=reason())
AWAY = MergedInto(survivor=CHILD)


class TestMerging:
    def test_each_profile_gets_its_event(self) -> None:
        assert child_merging.decide_merge(state(REGISTERED), state(REGISTERED), MERGE) == ((MERGED,), (AWAY,))

    def test_parting_gives_back_both_states(self) -> None:
        parted = child_merging.decide_unmerge(state(REGISTERED, MERGED), state(REGISTERED, AWAY), UNMERGE)
        assert parted == ((ProfilesUnmerged(other=OTHER_CHILD, reason=reason()),), (MergeUndone(survivor=CHILD),))
        assert state(REGISTERED, MERGED, *parted[0]) == state(REGISTERED)
        assert state(REGISTERED, AWAY, *parted[1]) == state(REGISTERED)

    def test_several_may_be_merged_into_one(self) -> None:
        third = ProfilesMerged(other=uuid(33), reason=reason())
        assert child_merging.decide_merge(state(REGISTERED, third), state(REGISTERED), MERGE) == ((MERGED,), (AWAY,))

    @pytest.mark.parametrize(
        ("survivor", "other", "command", "error", "says"),
        [
            ((REGISTERED,), (REGISTERED,), changed(MERGE, other=CHILD), Invalid, "the same profile"),
            ((), (REGISTERED,), MERGE, NotFound, str(CHILD)),
            ((REGISTERED,), (), MERGE, NotFound, str(OTHER_CHILD)),
            ((REGISTERED, MergedInto(survivor=uuid(33))), (REGISTERED,), MERGE, WrongState, "merged into"),
            ((REGISTERED,), (REGISTERED, MergedInto(survivor=uuid(33))), MERGE, WrongState, "merged into"),
            ((REGISTERED,), (REGISTERED, AWAY), MERGE, WrongState, "merged into"),
            ((REGISTERED, ASKED), (REGISTERED,), MERGE, WrongState, "up for erasure"),
            ((REGISTERED,), (REGISTERED, ASKED), MERGE, WrongState, "up for erasure"),
            ((REGISTERED, ASKED, ERASED), (REGISTERED,), MERGE, WrongState, "erased"),
            ((REGISTERED,), (REGISTERED, ASKED, ERASED), MERGE, WrongState, "erased"),
            ((REGISTERED,), (REGISTERED, changed(MERGED, other=uuid(33))), MERGE, Invalid, "merge this one into"),
            ((REGISTERED,), (REGISTERED,), changed(MERGE, reason=reason("")), Invalid, "empty"),
        ],
    )
    def test_what_cannot_be_merged(
        self, survivor: Any, other: Any, command: MergeProfiles, error: type[DomainError], says: str
    ) -> None:
        got = refused(child_merging.decide_merge, state(*survivor), state(*other), command)
        assert (type(got), says in got.detail) == (error, True), got.detail

    def test_merged_profiles_are_bounded(self) -> None:
        many = [ProfilesMerged(other=uuid(1_000 + n), reason=reason()) for n in range(MERGED_MAX)]
        child_merging.decide_merge(state(REGISTERED, *many[1:]), state(REGISTERED), MERGE)
        assert "20" in refused(child_merging.decide_merge, state(REGISTERED, *many), state(REGISTERED), MERGE).detail

    @pytest.mark.parametrize(
        ("survivor", "other", "command", "error", "says"),
        [
            ((), (REGISTERED, AWAY), UNMERGE, NotFound, str(CHILD)),
            ((REGISTERED, MERGED), (), UNMERGE, NotFound, str(OTHER_CHILD)),
            ((REGISTERED,), (REGISTERED,), UNMERGE, Invalid, "not merged into this"),
            ((REGISTERED, MERGED, ASKED), (REGISTERED, AWAY), UNMERGE, WrongState, "up for erasure"),
            ((REGISTERED, MERGED, ASKED, ERASED), (REGISTERED, AWAY, ERASED), UNMERGE, WrongState, "erased"),
            ((REGISTERED, MERGED), (REGISTERED, AWAY), changed(UNMERGE, reason=reason("")), Invalid, "empty"),
        ],
    )
    def test_what_cannot_be_parted(
        self, survivor: Any, other: Any, command: UnmergeProfiles, error: type[DomainError], says: str
    ) -> None:
        got = refused(child_merging.decide_unmerge, state(*survivor), state(*other), command)
        assert (type(got), says in got.detail) == (error, True), got.detail

    @drawn(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)), max_size=40))
    def test_whatever_is_merged_and_parted_no_profile_is_lost_or_reached_over_another(self, moves: Any) -> None:
        keys = [uuid(500 + number) for number in range(5)]
        streams: dict[UUID, list[Any]] = {key: [REGISTERED] for key in keys}
        for merges, one, other in moves:
            decide: Any = child_merging.decide_merge if merges else child_merging.decide_unmerge
            command: Any = (MergeProfiles if merges else UnmergeProfiles)(
                survivor=keys[one], other=keys[other], reason=reason()
            )
            try:
                of_one, of_other = decide(DECIDER.fold(streams[keys[one]]), DECIDER.fold(streams[keys[other]]), command)
            except DomainError:
                continue
            streams[keys[one]] += of_one
            streams[keys[other]] += of_other
        states = {key: DECIDER.fold(events) for key, events in streams.items()}
        for key, found in states.items():
            assert found is not None
            assert all(states[other].survivor == key for other in found.merged)  # type: ignore[union-attr]
            assert len(set(found.merged)) == len(found.merged)
            if found.survivor is not None:
                assert not found.merged
                assert key in states[found.survivor].merged  # type: ignore[union-attr]


REQUEST = RequestChildErasure(child=CHILD, order="12-з", by=OLENA, reason=reason())
AGREE = AgreeToChildErasure(child=CHILD, by=TARAS)
REFUSE = RefuseChildErasure(child=CHILD, by=OLENA, reason=reason())


class TestErasing:
    def test_asked_for_with_an_order_and_a_reason(self) -> None:
        assert child_erasure.decide_request(state(REGISTERED), REQUEST) == (ASKED,)

    @pytest.mark.parametrize(
        ("history", "command", "error", "says"),
        [
            ((), REQUEST, NotFound, str(CHILD)),
            ((REGISTERED, ASKED), REQUEST, WrongState, "up for erasure"),
            ((REGISTERED, MERGED_AWAY), REQUEST, WrongState, "merged into"),
            ((REGISTERED, ASKED, ERASED), REQUEST, WrongState, "erased"),
            ((REGISTERED,), changed(REQUEST, order="?"), Invalid, "order"),
            ((REGISTERED,), changed(REQUEST, reason=reason("")), Invalid, "empty"),
        ],
    )
    def test_what_cannot_be_asked_for(
        self, history: Any, command: RequestChildErasure, error: type[DomainError], says: str
    ) -> None:
        got = refused(child_erasure.decide_request, state(*history), command)
        assert (type(got), says in got.detail) == (error, True), got.detail

    def test_a_second_person_agrees(self) -> None:
        assert child_erasure.decide_agree(state(REGISTERED, ASKED), {}, AGREE) == {CHILD: (ERASED,)}

    def test_what_was_merged_into_it_goes_with_it(self) -> None:
        other = state(REGISTERED, AWAY)
        assert other is not None
        decided = child_erasure.decide_agree(state(REGISTERED, MERGED, ASKED), {OTHER_CHILD: other}, AGREE)
        assert decided == {CHILD: (ERASED,), OTHER_CHILD: (ERASED,)}

    def test_nobody_agrees_with_themselves(self) -> None:
        got = refused(child_erasure.decide_agree, state(REGISTERED, ASKED), {}, changed(AGREE, by=OLENA))
        assert type(got) is ErasureBySameAccount
        assert "another supervisor" in got.detail

    @pytest.mark.parametrize(
        ("history", "says"),
        [((), str(CHILD)), ((REGISTERED,), "not up for erasure"), ((REGISTERED, ASKED, ERASED), "erased"),
         ((REGISTERED, ASKED, ChildErasureRefused(by=TARAS, reason=reason())), "not up for erasure")],
    )  # fmt: skip
    def test_what_nobody_asked_for_is_neither_agreed_to_nor_refused(self, history: Any, says: str) -> None:
        assert says in refused(child_erasure.decide_agree, state(*history), {}, AGREE).detail
        assert says in refused(child_erasure.decide_refuse, state(*history), REFUSE).detail

    def test_whoever_asked_may_think_again(self) -> None:
        refusal = ChildErasureRefused(by=OLENA, reason=reason())
        assert child_erasure.decide_refuse(state(REGISTERED, ASKED), REFUSE) == (refusal,)
        assert state(REGISTERED, ASKED, refusal) == state(REGISTERED)

    def test_refused_with_a_reason(self) -> None:
        got = refused(child_erasure.decide_refuse, state(REGISTERED, ASKED), changed(REFUSE, reason=reason("")))
        assert "empty" in got.detail

    def test_its_destruction_is_recorded_once_and_only_of_what_was_erased(self) -> None:
        record = RecordChildDestruction(child=CHILD, records=3)
        gone = IdentityDestroyed(records=3)
        assert child_erasure.decide_destroyed(state(REGISTERED, ASKED, ERASED), record) == (gone,)
        assert child_erasure.decide_destroyed(state(REGISTERED, ASKED, ERASED, gone), record) == ()
        assert child_erasure.decide_destroyed(state(REGISTERED, ASKED), record) == ()

    def test_what_was_written_later_is_certified_by_itself(self) -> None:
        gone = IdentityDestroyed(records=3)
        history = (REGISTERED, ASKED, ERASED, gone)
        record = RecordChildDestruction(child=CHILD, records=5)
        further = IdentityDestroyed(records=2)
        assert child_erasure.decide_destroyed(state(*history), record) == (further,)
        assert child_erasure.decide_destroyed(state(*history, further), record) == ()

    def test_nothing_is_certified_of_a_child_that_is_not_there(self) -> None:
        record = RecordChildDestruction(child=CHILD, records=3)
        assert type(refused(child_erasure.decide_destroyed, None, record)) is NotFound


def test_its_phases() -> None:
    corrected = IdentityCorrected(identity=identity(), reason=reason())
    histories: dict[str, tuple[Any, ...]] = {
        "registered": (REGISTERED, corrected),
        "merged": (REGISTERED, corrected, MERGED_AWAY),
        "erased": (REGISTERED, ASKED, ERASED),
    }
    assert {phase: state(*events).phase for phase, events in histories.items()} == {  # type: ignore[union-attr]
        phase: phase for phase in histories
    }
    gone = state(REGISTERED, MERGED_AWAY, ERASED)
    assert gone is not None
    assert gone.phase == "erased", "a merged profile that went with its survivor"
