"""What the views show of agreements, consents, and what was shared under them."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, false, true

from domain.account import AccountCreated
from domain.disclosure import Disclosed
from domain.ids import agency_id
from domain.personal import PersonName, Reason, SharedFields
from domain.processes.withdrawing import Resting
from domain.sealed import Sealed
from domain.sharing import agency, agreement_events, conference_events, consent_events, referral_events
from projections.database import ViewsDatabase
from projections.projector import Projector
from projections.sealed_records import records_naming
from projections.sharing import agencies, agreements, consents, shares
from tests.fakes_log import MemoryEventLog
from tests.projections.histories import START
from tests.projections.test_views import Told

BY, UNIT, AGENCY_UNIT, OTHER_UNIT = uuid4(), uuid4(), uuid4(), uuid4()
AGENCY, OTHER_AGENCY = agency_id(AGENCY_UNIT), agency_id(OTHER_UNIT)
DAY = timedelta(days=1)
FIELDS = ("identity", "risk")


@pytest.fixture
def told(log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> Told:
    return Told(log, database, projector)


def why() -> Sealed[Reason]:
    return Sealed(uuid4(), Reason("Мати передумала"))


def agreed(told: Told, *, days: int = 30) -> UUID:
    key = uuid4()
    proposed = agreement_events.AgreementProposed(
        units=(UNIT,),
        agencies=(AGENCY,),
        purposes=("shelter",),
        fields=FIELDS,
        from_at=START,
        until=START + days * DAY,
        by=BY,
    )
    told.tell(key, proposed, agreement_events.AgreementSigned(by=BY))
    return key


def consented(told: Told, *, days: int = 30) -> UUID:
    key = uuid4()
    given = consent_events.ConsentGiven(
        child=uuid4(),
        pseudonym="CH-4F2A",
        unit=UNIT,
        giver="parent",
        giver_name=Sealed(uuid4(), PersonName("Оксана Гнатюк")),
        purposes=("shelter",),
        agencies=(AGENCY,),
        fields=FIELDS,
        expires_at=START + days * DAY,
        by=BY,
    )
    told.tell(key, given)
    return key


def basis(agreement: UUID, consent: UUID) -> dict[str, Any]:
    return {
        "agency": AGENCY,
        "agency_unit": AGENCY_UNIT,
        "purpose": "shelter",
        "fields": FIELDS,
        "agreement": agreement,
        "consent": consent,
        "by": BY,
    }


def sent(told: Told, agreement: UUID, consent: UUID) -> UUID:
    key, child = uuid4(), uuid4()
    letter = referral_events.ReferralSent(
        child=child,
        pseudonym="CH-4F2A",
        case=uuid4(),
        service="shelter",
        shared=Sealed(uuid4(), SharedFields()),
        unit=UNIT,
        **basis(agreement, consent),
    )
    told.tell(key, letter)
    return key


def member(told: Told, unit: UUID) -> UUID:
    key = uuid4()
    told.tell(key, AccountCreated(username=key.hex[:12], unit=unit, person=Sealed(key, PersonName("Ніна"))))
    return key


def look(told: Told, reader: UUID, thing: UUID) -> None:
    told.actor = reader
    told.tell(uuid4(), Disclosed(thing=thing, operation="referral.read"))


def test_an_agency_takes_part_until_it_is_withdrawn(told: Told) -> None:
    registered = agency.AgencyRegistered(name="Центр", kind="crisis-centre", region="UA-46", unit=AGENCY_UNIT, by=BY)
    told.tell(AGENCY, registered)
    with told.reading() as views:
        assert [each.state for each in agencies.agency_page(views, region="UA-46").items] == ["active"]
        assert agencies.agency_page(views, kind="probation").items == ()
    told.tell(AGENCY, agency.AgencyWithdrawn(by=BY, reason=why()))
    with told.reading() as views:
        (shown,) = agencies.agency_page(views, state="withdrawn").items
        assert (shown, shown.withdrawn_at, shown.version) == (agencies.agency(views, AGENCY), told.now, 2)


def test_an_agreement_and_its_way(told: Told) -> None:
    key, over = agreed(told), START + 30 * DAY
    told.tell(key, agreement_events.PurposeProposed(purpose="schooling", by=BY))
    with told.reading() as views:
        shown = agreements.agreement(views, key, told.now)
        assert shown is not None
        assert (shown.state, shown.purposes, shown.proposed_purposes) == ("signed", ("shelter",), ("schooling",))
        assert agreements.agreement_page(views, told.now, only=agreements.of_unit(UNIT)).items == (shown,)
        assert agreements.agreement_page(views, told.now, only=agreements.of_agency_unit(AGENCY_UNIT)).items == (shown,)
        for other in (agreements.of_unit(AGENCY_UNIT), agreements.of_agency_unit(UNIT)):
            assert agreements.agreement_page(views, told.now, only=other).items == ()
        assert agreements.agreement_page(views, told.now, agency=OTHER_AGENCY).items == ()
        assert [each.state for each in agreements.agreement_page(views, over, state="expired").items] == ["expired"]
        assert (agreements.expired_unsaid(views, over - DAY), agreements.expired_unsaid(views, over)) == ((), (key,))
    told.tell(key, agreement_events.PurposeAdded(purpose="schooling", by=BY))
    told.tell(key, agreement_events.FieldsNarrowed(fields=("risk",), by=BY))
    told.tell(key, agreement_events.AgreementExpired(at=over))
    with told.reading() as views:
        shown = agreements.agreement(views, key, told.now)
        assert shown is not None
        assert (shown.purposes, shown.proposed_purposes, shown.fields) == (("shelter", "schooling"), (), ("risk",))
        assert (shown.ended_at, agreements.expired_unsaid(views, over)) == (over, ())


def test_a_consent_ends_by_time_or_by_a_word(told: Told) -> None:
    early, late = consented(told, days=5), consented(told)
    over = START + 5 * DAY
    with told.reading() as views:
        assert consents.expired_unsaid(views, over) == (early,)
        assert [each.consent for each in consents.consent_page(views, over, state="given").items] == [late]
        assert consents.consent_page(views, over, agency=OTHER_AGENCY).items == ()
    told.tell(late, consent_events.ConsentWithdrawn(giver="child", by=BY, reason=why()))
    told.tell(early, consent_events.ConsentExpired(at=over))
    with told.reading() as views:
        shown = consents.consent(views, late, over)
        assert shown is not None
        assert (shown.state, shown.withdrawn_by_giver, shown.ended_at is None) == ("withdrawn", "child", False)
        assert consents.expired_unsaid(views, over) == ()


def resting(views: Connection, kind: str, noun: str, key: UUID) -> tuple[Resting, ...]:
    return shares.resting_on(views, kind, noun, key, before=sys.maxsize)


def test_what_was_shared_and_seen_under_a_consent(told: Told) -> None:
    """Looks of the agency's people alone, while it was shared with them; whatever rests on another consent is left."""
    agreement, consent, other = agreed(told), consented(told), consented(told)
    partner, stranger, officer = (member(told, unit) for unit in (AGENCY_UNIT, OTHER_UNIT, UNIT))
    letter, spared = sent(told, agreement, consent), sent(told, agreement, other)
    for reader in (partner, stranger, officer):
        look(told, reader, letter)
    look(told, partner, spared)
    with told.reading() as views:
        assert [each.thing for each in resting(views, "referral", "consent", consent)] == [letter]
        (share,) = shares.share_page(views, consent, only=true()).items
        assert shares.resting_on(views, "referral", "consent", consent, before=share.shared_position) == ()
        for noun, key in (("agreement", agreement), ("agency", AGENCY)):
            assert {each.thing for each in resting(views, "referral", noun, key)} == {letter, spared}
            assert resting(views, "conference", noun, key) == ()
        lines = [(each.field, each.shared_count, each.open_count) for each in shares.ledger(views)]
        assert lines == [("identity", 2, 2), ("risk", 2, 2)]
        assert shares.ledger(views, only=agreements.of_unit(OTHER_UNIT)) == []
    told.tell(letter, referral_events.ReferralRevoked(cause="consent-withdrawn", by=BY))
    look(told, partner, letter)
    with told.reading() as views:
        (share,) = shares.share_page(views, consent, only=true()).items
        assert (share.thing, share.fields, share.ended_as, share.cause) == (
            letter,
            FIELDS,
            "revoked",
            "consent-withdrawn",
        )
        assert [(each.actor, each.thing) for each in shares.view_page(views, consent, only=true()).items] == [
            (partner, letter)
        ]
        assert resting(views, "referral", "consent", consent) == ()
        assert [each.open_count for each in shares.ledger(views)] == [1, 1]


def test_an_admission_to_a_conference_is_a_share(told: Told) -> None:
    agreement, consent, meeting, child = agreed(told), consented(told), uuid4(), uuid4()
    called = conference_events.ConferenceCalled(
        child=child,
        pseudonym="CH-4F2A",
        profile=child,
        case=uuid4(),
        unit=UNIT,
        invited=(conference_events.Invited(agency=OTHER_AGENCY, unit=OTHER_UNIT),),
        by=BY,
    )
    told.tell(meeting, called, conference_events.AgencyAdmitted(**basis(agreement, consent)))
    look(told, member(told, AGENCY_UNIT), meeting)
    told.tell(meeting, conference_events.AgencyExcluded(agency=OTHER_AGENCY, cause="left", by=BY))
    with told.reading() as views:
        (share,) = shares.share_page(views, consent, only=true()).items
        assert shares.share_page(views, consent, only=false()).items == ()
        assert shares.hidden_counts(views, consent, only=true()) == (0, 0)
        assert shares.hidden_counts(views, consent, only=false()) == (1, 1)
        assert (share.thing, share.kind, share.ended_at) == (meeting, "conference", None)
        assert len(shares.view_page(views, consent, only=true()).items) == 1
        assert resting(views, "referral", "consent", consent) == ()
        (rests,) = resting(views, "conference", "consent", consent)
        assert (rests.thing, rests.agency, rests.fields) == (meeting, AGENCY, share.fields)
    told.tell(meeting, conference_events.AgencyExcluded(agency=AGENCY, cause="consent-withdrawn", by=BY))
    with told.reading() as views:
        (share,) = shares.share_page(views, consent, only=true()).items
        assert (share.ended_as, share.cause) == ("excluded", "consent-withdrawn")
        assert resting(views, "conference", "consent", consent) == ()


def test_a_cancelled_conference_ends_what_it_shares_with_all_who_were_still_admitted(told: Told) -> None:
    agreement, consent, meeting, child = agreed(told), consented(told), uuid4(), uuid4()
    partner = member(told, AGENCY_UNIT)
    about: dict[str, Any] = {"child": child, "pseudonym": "CH-4F2A", "profile": child, "case": uuid4(), "unit": UNIT}
    first = conference_events.AgencyAdmitted(**basis(agreement, consent))
    other = conference_events.AgencyAdmitted(
        **{**basis(agreement, consent), "agency": OTHER_AGENCY, "agency_unit": OTHER_UNIT}
    )
    left = conference_events.AgencyExcluded(agency=AGENCY, cause="left", by=BY)
    told.tell(meeting, conference_events.ConferenceCalled(invited=(), by=BY, **about), first, left, other)
    told.tell(meeting, first)
    with told.reading() as views:
        assert [each.agency for each in resting(views, "conference", "consent", consent)] == [
            OTHER_AGENCY,
            AGENCY,
        ]
    told.tell(meeting, conference_events.ConferenceCancelled(cause="case-closed", by=BY, reason=why()))
    look(told, partner, meeting)
    with told.reading() as views:
        ends = [(each.ended_as, each.cause) for each in shares.share_page(views, consent, only=true()).items]
        assert ends == [("excluded", "left"), *[("cancelled", "case-closed")] * 2]
        assert resting(views, "conference", "consent", consent) == ()
        assert {(each.agency, each.shared_count, each.open_count) for each in shares.ledger(views)} == {
            (AGENCY, 2, 0),
            (OTHER_AGENCY, 1, 0),
        }
        assert shares.view_page(views, consent, only=true()).items == ()
    told.tell(meeting, conference_events.AgencyExcluded(agency=AGENCY, cause="left", by=BY))
    with told.reading() as views:
        last = shares.share_page(views, consent, only=true()).items[-1]
        assert (last.agency, last.ended_as) == (AGENCY, "cancelled"), "it had ended"


def test_what_is_sealed_of_a_consent_is_the_childs_and_goes_with_it(told: Told) -> None:
    asked, unasked, child = uuid4(), uuid4(), uuid4()
    name, reasons = Sealed(uuid4(), PersonName("Оксана Гнатюк")), [why() for _ in range(3)]
    about: dict[str, Any] = {
        "child": child,
        "pseudonym": "CH-4F2A",
        "unit": UNIT,
        "purposes": ("shelter",),
        "agencies": (AGENCY,),
        "fields": FIELDS,
        "by": BY,
    }
    told.tell(asked, consent_events.ConsentRefused(giver="parent", giver_name=name, **about))
    told.tell(asked, consent_events.OverrideRequested(basis="legal-duty", days=3, by=BY, reason=reasons[0]))
    told.tell(asked, consent_events.OverrideDenied(by=BY, reason=reasons[1]))
    told.tell(unasked, consent_events.ConsentNotSought(cause="no-time", reason=reasons[2], **about))
    with told.reading() as views:
        assert set(records_naming(views, child)) == {name.subject, *(reason.subject for reason in reasons)}
        shown = consents.consent(views, asked, told.now)
        assert shown is not None
        assert (shown.state, shown.basis, shown.requester) == ("refused", None, None)
