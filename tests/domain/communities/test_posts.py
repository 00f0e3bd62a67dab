"""Posts of community police officers, the handing over of a community, and the certification that both rest on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain import officer
from domain.account import AccountSuspended
from domain.communities import post
from domain.communities.handing_over import HandOver, decide_hand_over
from domain.communities.post import EndPosting, OwnPosting, PostedToCommunity, PostingEnded, PostToCommunity
from domain.errors import Invalid, NotFound, WrongState
from domain.event import Event, Meta, Recorded
from domain.ids import SYSTEM_ACTOR, community_id, officer_id
from domain.officer import (
    COMMUNITY,
    JUVENILE,
    CandidateSelected,
    CertificationLapsed,
    CertifyOfficer,
    CompleteTraining,
    LapseCertification,
    OfficerCertified,
    SelectCandidate,
    TrainingCompleted,
    WithdrawCertification,
    qualified_at,
)
from domain.processes import leaving_post, leaving_service, reassigning
from domain.role_grant import RoleWithdrawn
from tests.domain.examples import IRYNA, NOW, OLENA, OTHER_UNIT, PETRO, TARAS, UNIT, changed, hours, reason, uuid
from tests.given import folded, given

BOIARKA, OBUKHIV = community_id("UA-32", "Боярська"), community_id("UA-32", "Обухівська")
TRAINED_AT = NOW - timedelta(days=100)
SERVES = frozenset({"community-officer"})

TO_BOIARKA = PostToCommunity(
    account=IRYNA,
    unit=UNIT,
    community=BOIARKA,
    community_unit=UNIT,
    roles=SERVES,
    qualified_at=TRAINED_AT,
    from_at=NOW - hours(50),
    residence_attested=True,
    by=PETRO,
    at=NOW,
)
END = EndPosting(account=IRYNA, ended_at=NOW - hours(1), by=PETRO, at=NOW)
POSTED = PostedToCommunity(
    account=IRYNA, community=BOIARKA, from_at=NOW - hours(50), residence_attested=True, by=PETRO
)  # fmt: skip
ENDED = PostingEnded(community=BOIARKA, at=NOW - hours(1), by=PETRO)


def test_posted_and_ended() -> None:
    given(post.DECIDER).when(TO_BOIARKA).then(POSTED)
    given(post.DECIDER, POSTED).when(END).then(ENDED)


def test_posted_again_once_the_last_post_ended() -> None:
    elsewhere = changed(TO_BOIARKA, community=OBUKHIV, from_at=ENDED.at)
    given(post.DECIDER, POSTED, ENDED).when(elsewhere).then(
        PostedToCommunity(account=IRYNA, community=OBUKHIV, from_at=ENDED.at, residence_attested=True, by=PETRO)
    )
    early = changed(elsewhere, from_at=ENDED.at - hours(1))
    given(post.DECIDER, POSTED, ENDED).when(early).then_refused(Invalid, field="from_at", says="last posting")


@pytest.mark.parametrize("community", [BOIARKA, OBUKHIV])
def test_one_active_post_an_officer(community: UUID) -> None:
    given(post.DECIDER, POSTED).when(changed(TO_BOIARKA, community=community, from_at=NOW)).then_refused(
        WrongState, says=f"posted to {BOIARKA}"
    )


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"roles": frozenset({"juvenile-officer"})}, "account", "community-officer"),
        ({"unit": OTHER_UNIT}, "account", "another unit"),
        ({"unit": None}, "account", "another unit"),
        ({"qualified_at": None}, "account", "not certified"),
        ({"residence_attested": False}, "residence_attested", "lives in the community"),
        ({"from_at": NOW + hours(1)}, "from_at", "future"),
        ({"from_at": TRAINED_AT - hours(1)}, "from_at", "trained"),
    ],
)
def test_who_cannot_be_posted(change: dict[str, Any], field: str, says: str) -> None:
    given(post.DECIDER).when(changed(TO_BOIARKA, **change)).then_refused(Invalid, field=field, says=says)


def test_nobody_posts_themselves() -> None:
    given(post.DECIDER).when(changed(TO_BOIARKA, by=IRYNA)).then_refused(OwnPosting, says="another supervisor")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ended_at": NOW + hours(1)}, "ended_at"),
        ({"ended_at": NOW - hours(51)}, "ended_at"),
        ({"cause": "tired"}, "cause"),
    ],
)
def test_how_a_post_cannot_end(change: dict[str, Any], field: str) -> None:
    given(post.DECIDER, POSTED).when(changed(END, **change)).then_refused(Invalid, field=field)


def test_what_ended_or_never_was_does_not_end() -> None:
    given(post.DECIDER, POSTED, ENDED).when(END).then_refused(WrongState, says="ended")
    given(post.DECIDER).when(END).then_refused(NotFound)


# handing over --------------------------------------------------------------------------------------------------------

AT = NOW - hours(2)
TO_TARAS = changed(TO_BOIARKA, account=TARAS, from_at=AT)
HAND_OVER = HandOver(from_account=IRYNA, posting=TO_TARAS)


def test_a_community_is_handed_over_at_one_instant() -> None:
    found = decide_hand_over(folded(post.DECIDER, (POSTED,)), None, HAND_OVER)
    assert found.leaving == (PostingEnded(community=BOIARKA, at=AT, by=PETRO, cause="handed-over"),)
    assert found.taking == (
        PostedToCommunity(account=TARAS, community=BOIARKA, from_at=AT, residence_attested=True, by=PETRO),
    )


@pytest.mark.parametrize(
    ("leaving", "taking", "change", "error", "says"),
    [
        ((POSTED,), (), {"account": IRYNA}, Invalid, "who hands over"),
        ((POSTED,), (), {"community": OBUKHIV}, Invalid, "not posted to this community"),
        ((POSTED, ENDED), (), {}, Invalid, "not posted to this community"),
        ((), (), {}, NotFound, str(IRYNA)),
        ((POSTED,), (changed(POSTED, account=TARAS),), {}, WrongState, "posted to"),
        ((POSTED,), (), {"qualified_at": None}, Invalid, "not certified"),
        ((POSTED,), (), {"from_at": POSTED.from_at - hours(1)}, Invalid, "before the posting began"),
        ((POSTED,), (), {"by": TARAS}, OwnPosting, "another supervisor"),
    ],
)
def test_what_is_not_handed_over(
    leaving: tuple[Event, ...], taking: tuple[Event, ...], change: dict[str, Any], error: type[Exception], says: str
) -> None:
    command = HandOver(from_account=IRYNA, posting=changed(TO_TARAS, **change))
    with pytest.raises(error, match=says):
        decide_hand_over(folded(post.DECIDER, leaving), folded(post.DECIDER, taking), command)


# certified for a service ---------------------------------------------------------------------------------------------

SELECT = SelectCandidate(account=IRYNA, unit=UNIT, service=COMMUNITY, roles=SERVES, by=PETRO)
CHOSEN = CandidateSelected(account=IRYNA, unit=UNIT, service=COMMUNITY, by=PETRO)
COURSE = TrainingCompleted(course="community-policing", completed_at=TRAINED_AT, by=PETRO)
CERTIFY = CertifyOfficer(account=IRYNA, until=NOW + hours(50), roles=SERVES, by=PETRO, at=NOW)
CERTIFIED = OfficerCertified(until=NOW + hours(50), by=PETRO)


def test_the_way_to_certification_is_of_one_service() -> None:
    given(officer.DECIDER).when(SELECT).then(CHOSEN)
    wrong_role = changed(SELECT, roles=frozenset({"juvenile-officer"}))
    given(officer.DECIDER).when(wrong_role).then_refused(Invalid, field="account", says="community-officer")
    given(officer.DECIDER).when(changed(SELECT, service="navy")).then_refused(Invalid, field="service")
    given(officer.DECIDER, CHOSEN, COURSE).when(CERTIFY).then(CERTIFIED)
    other = CompleteTraining(account=IRYNA, course="juvenile-prevention", completed_at=TRAINED_AT, by=PETRO, at=NOW)
    given(officer.DECIDER, CHOSEN).when(other).then(
        TrainingCompleted(course="juvenile-prevention", completed_at=TRAINED_AT, by=PETRO)
    )
    given(officer.DECIDER, CHOSEN, changed(COURSE, course="juvenile-prevention")).when(CERTIFY).then_refused(
        WrongState, says="community-policing"
    )


def test_each_service_has_a_stream_and_that_of_juvenile_prevention_is_the_old_one() -> None:
    assert officer_id(IRYNA) == officer_id(IRYNA, JUVENILE) != officer_id(IRYNA, COMMUNITY)
    old = CandidateSelected(account=IRYNA, unit=UNIT, by=PETRO)
    assert folded(officer.DECIDER, (old,)).service == JUVENILE


def test_what_lapses_names_the_service() -> None:
    lapse = LapseCertification(account=IRYNA, service=COMMUNITY, cause="role-withdrawn", at=NOW)
    withdraw = WithdrawCertification(account=IRYNA, reason=reason("Порушення"), by=PETRO, at=NOW)
    for command in (lapse, withdraw):
        (lapsed,) = given(officer.DECIDER, CHOSEN, COURSE, CERTIFIED).when(command).events
        assert isinstance(lapsed, CertificationLapsed)
        assert lapsed.service == COMMUNITY


def test_since_when_somebody_is_qualified() -> None:
    again = changed(COURSE, completed_at=NOW - hours(1))
    school = changed(COURSE, course="school-work", completed_at=TRAINED_AT - hours(9))
    certified = folded(officer.DECIDER, (CHOSEN, school, COURSE, again, CERTIFIED))
    assert qualified_at(certified, NOW) == TRAINED_AT
    assert qualified_at(certified, CERTIFIED.until) is None, "its time is over"
    assert qualified_at(folded(officer.DECIDER, (CHOSEN, COURSE)), NOW) is None
    assert qualified_at(None, NOW) is None


# what follows by itself ----------------------------------------------------------------------------------------------

LAPSED = CertificationLapsed(account=IRYNA, unit=UNIT, service=COMMUNITY, cause="time-over", at=NOW - hours(3))
HELD = post.Post(account=IRYNA, community=BOIARKA, since=NOW - hours(50), last=BOIARKA)


def recorded(stream: UUID, event: Event) -> Recorded:
    meta = Meta(
        actor=PETRO, role="administrator", purpose="administration", command_id=uuid(7), correlation_id=uuid(8),
        recorded_at=NOW,
    )  # fmt: skip
    return Recorded(5, stream, 3, meta, event)


def test_a_lapsed_certification_ends_the_post() -> None:
    (command,) = leaving_post.react(LAPSED, certified_again=False, post=HELD, at=NOW)
    assert command == EndPosting(
        account=IRYNA, ended_at=NOW - hours(3), cause="certification-lapsed", by=SYSTEM_ACTOR, at=NOW
    )
    late = changed(HELD, since=NOW - hours(1))
    (command,) = leaving_post.react(LAPSED, certified_again=False, post=late, at=NOW)
    assert command.ended_at == late.since, "entered after the lapse: it never was"
    given(post.DECIDER, POSTED).when(command).then(
        PostingEnded(community=BOIARKA, at=late.since, by=SYSTEM_ACTOR, cause="certification-lapsed")
    )


@pytest.mark.parametrize(
    ("lapsed", "again", "held"),
    [
        (changed(LAPSED, service=JUVENILE), False, HELD),
        (LAPSED, True, HELD),
        (LAPSED, False, None),
        (LAPSED, False, changed(HELD, community=None)),
    ],
)
def test_what_ends_no_post(lapsed: CertificationLapsed, again: bool, held: post.Post | None) -> None:
    assert leaving_post.react(lapsed, certified_again=again, post=held, at=NOW) == ()


def test_no_case_hangs_on_the_certification_for_another_service() -> None:
    assert reassigning.react(LAPSED, certified_again=False, cases=[uuid(81)], colleagues={OLENA: 0}) == ()


def test_who_leaves_service_is_certified_for_none_and_who_loses_a_role_not_for_its_service() -> None:
    commands = leaving_service.react(recorded(IRYNA, AccountSuspended(reason=reason())))
    assert {command.service for command in commands} == {JUVENILE, COMMUNITY}
    withdrawn = RoleWithdrawn(account=IRYNA, role="community-officer")
    (command,) = leaving_service.react(recorded(uuid(9), withdrawn))
    assert (command.service, command.cause) == (COMMUNITY, "role-withdrawn")
