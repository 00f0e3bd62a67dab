"""Referrals over HTTP: what an agency is told, on what that rests; and that it is told nothing more afterwards."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from litestar.testing import TestClient

from app.api.asgi import create_app
from app.call import Call, now
from app.referrals import share_of
from app.referring.standing import require_standing
from app.shared_fields import Source, compose
from app.withdrawing import Withdrawing
from domain import prevention_case
from domain.disclosure import Disclosed
from domain.errors import Invalid
from domain.event import Recorded
from domain.ids import SYSTEM_ACTOR, account_id
from domain.personal import SharedFields
from domain.sharing import referral
from domain.sharing.agreement_events import AgreementSuspended, PurposeProposed
from domain.sharing.referral_events import ReferralRevoked, ReferralSent
from domain.sharing.refusals import NotConsented
from tests.app.conftest import House
from tests.app.prevention_house import (
    CLOSE,
    COLLEAGUE,
    IN_CHARGE,
    OTHER_OFFICER,
    OTHER_SUPERVISOR,
    SUPERVISOR,
    ago,
    ahead,
)
from tests.app.referring_house import CONTACTS, FIELDS, HELP, PARTNER, PARTNER_OTHER, PROTECTOR, Space, wait_for
from tests.app.test_officers import Interrupted

DELIVERED = {"service": "psychologist", "delivered_at": ago(0.1), "narrative": "Перша зустріч відбулася"}
REVOKED = {"cause": "not-needed", "reason": "Родина переїхала"}


@pytest.fixture(scope="module")
def space(house: House) -> Space:
    return Space.of(house)


def operations(space: Space, thing: str) -> list[str]:
    """What was read of it, and opened, the first one first."""
    made = space.house.ask("oksana", "/record/disclosures", thing=thing).json()["items"]
    return [each["operation"] for each in reversed(made)]


def test_from_sending_to_the_end(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    key = space.send(case, space.consent(child))
    path = f"/referrals/{key}"

    before = house.ask(PARTNER, path)
    assert before.json()["content"] is None
    assert before.json()["deliveries"] is None
    summary = before.json()["summary"]
    assert (summary["service"], summary["region"], summary["purpose"]) == (
        "psychologist",
        "UA-30",
        "psychological-help",
    )
    for secret in (child, case, house.ask(IN_CHARGE, path).json()["content"]["pseudonym"]):
        assert secret not in before.text
        assert secret not in house.ask(PARTNER, "/referrals").text
    early = house.ask(PARTNER, f"{path}/shared", purpose="prevention")
    assert (early.status_code, early.json()["type"]) == (403, "/problems/forbidden")

    house.done(PARTNER, f"{path}/accept", version=1)
    assert house.ask(PARTNER, path).json()["content"]["child"] == child
    unsaid = house.ask(PARTNER, f"{path}/shared", purpose="")
    assert (unsaid.status_code, unsaid.json()["field"]) == (422, "Oberih-Purpose")
    opened = house.ask(PARTNER, f"{path}/shared", purpose="prevention").json()
    assert opened["fields"] == list(FIELDS)
    assert opened["shared"] == {
        "identity": {"surname": "Сірко", "given_name": "Іван", "patronymic": "Петрович", "born": "2012-05-17"},
        "phones": CONTACTS["phones"],
        "addresses": CONTACTS["addresses"],
        "help_needed": HELP,
    }
    assert operations(space, key) == ["referral.see", "referral.read", "referral.open"]

    house.done(PARTNER, f"{path}/deliveries", DELIVERED)
    assert [each["service"] for each in house.ask(IN_CHARGE, path).json()["deliveries"]] == ["psychologist"]
    for reader in (PARTNER, SUPERVISOR):
        assert [each["text"] for each in house.ask(reader, f"{path}/words").json()["items"]] == [DELIVERED["narrative"]]
    house.done(PARTNER, f"{path}/complete", {"outcome": "helped"})
    assert house.ask(PARTNER, f"{path}/shared", purpose="prevention").status_code == 403
    assert house.ask(PARTNER, path).json()["summary"]["outcome"] == "helped"


def test_nothing_opens_after_it_was_revoked(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    key = space.send(case, space.consent(child))
    path = f"/referrals/{key}"
    house.done(PARTNER, f"{path}/accept")
    house.done(SUPERVISOR, f"{path}/revoke", REVOKED)
    assert house.ask(PARTNER, path).json()["content"] is None
    for part in ("shared", "words"):
        assert house.ask(PARTNER, f"{path}/{part}", purpose="prevention").status_code == 403
    late = house.command(PARTNER, f"{path}/deliveries", DELIVERED).json()
    assert (late["type"], late["state"]) == ("/problems/wrong-state", "revoked")
    assert [each["text"] for each in house.ask(IN_CHARGE, f"{path}/words").json()["items"]] == [REVOKED["reason"]]


def test_declined_with_a_reason_for_those_who_asked(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    path = f"/referrals/{space.send(case, space.consent(child))}"
    house.done(PARTNER, f"{path}/decline", {"cause": "no-capacity", "reason": "Немає годин"})
    shown = house.ask(IN_CHARGE, path).json()["summary"]
    assert (shown["state"], shown["declined"]) == ("declined", "no-capacity")
    assert [each["text"] for each in house.ask(IN_CHARGE, f"{path}/words").json()["items"]] == ["Немає годин"]
    assert house.ask(PARTNER, f"{path}/shared", purpose="prevention").status_code == 403


def test_a_withdrawn_consent_is_felt_at_once(space: Space) -> None:
    """It is asked of the consent itself, whether or not the process has revoked the referrals yet."""
    house, (case, child) = space.house, space.case()
    consent = space.consent(child)
    sent, waiting = space.send(case, consent), space.send(case, consent)
    house.done(PARTNER, f"/referrals/{sent}/accept")
    state = house.services.desk.load(referral.DECIDER, UUID(sent)).state
    assert state is not None
    require_standing(house.services.desk, UUID(child), share_of(state), now())
    space.withdraw(consent)
    with pytest.raises(NotConsented):
        require_standing(house.services.desk, UUID(child), share_of(state), now())
    assert house.ask(PARTNER, f"/referrals/{sent}/shared", purpose="prevention").status_code == 403
    assert house.command(PARTNER, f"/referrals/{waiting}/accept").status_code in (403, 409)
    for key in (sent, waiting):
        (revoked,) = wait_for(space, UUID(key), ReferralRevoked)
        assert (revoked.cause, revoked.reason) == ("consent-withdrawn", None)
    refused = house.command(IN_CHARGE, "/referrals", space.referral(case, consent)).json()
    assert refused["type"] == "/problems/not-consented"


def test_what_was_shared_once_the_agreement_was_resumed_goes_on(space: Space) -> None:
    """However late the process comes that tidies up after the suspension."""
    house, (case, child), agreement = space.house, space.case(), space.agree()
    consent = space.consent(child)
    before = space.send(case, consent, agreement=str(agreement))
    house.done(PROTECTOR, f"/agreements/{agreement}/suspend", {"reason": "Перевірка"})
    assert [each.cause for each in wait_for(space, UUID(before), ReferralRevoked)] == ["agreement-suspended"]
    house.done(PROTECTOR, f"/agreements/{agreement}/resume", {"reason": "Гаразд"})
    space.send(case, consent, agreement=str(agreement))
    stream = house.services.log.stream(agreement)
    suspended = next(each for each in stream if isinstance(each.event, AgreementSuspended))
    assert not Withdrawing(house.services.desk, house.services.views).changes(suspended)


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"fields": ["identity", "risk"], "help_needed": None}, 403, "not-consented"),
        ({"purpose": "no-such-purpose"}, 403, "not-agreed"),
        ({"agreement": "unknown"}, 403, "not-agreed"),
        ({"consent": "unknown"}, 403, "not-consented"),
        ({"agency": "unknown"}, 422, "agency"),
        ({"service": "counselling"}, 422, "service"),
        ({"fields": []}, 422, "fields"),
        ({"fields": ["plan"], "help_needed": None}, 422, "fields"),
        ({"fields": ["identity"]}, 422, "help_needed"),
        ({"help_needed": None}, 422, "help_needed"),
    ],
)
def test_what_is_not_shared(
    space: Space, widely: tuple[str, str], changes: dict[str, object], status: int, says: str
) -> None:
    case, consent = widely
    body = space.referral(case, consent)
    body |= {name: str(uuid4()) if value == "unknown" else value for name, value in changes.items()}
    before = space.house.services.log.head()
    refused = space.house.command(IN_CHARGE, "/referrals", body)
    assert refused.status_code == status, refused.text
    assert says in (refused.json()["type"].rpartition("/")[2], refused.json().get("field"))
    made = {type(each.event) for each in space.house.recorded_since(before) if isinstance(each, Recorded)}
    assert ReferralSent not in made
    assert status != 403 or not made, "nothing was opened for what may not be shared"


@pytest.fixture(scope="module")
def widely(space: Space) -> tuple[str, str]:
    """A case, and a consent for some fields of its child."""
    case, child = space.case()
    return case, space.consent(child, fields=(*FIELDS, "plan"))


def test_a_consent_of_another_child_permits_nothing(space: Space, widely: tuple[str, str]) -> None:
    _, other = space.case(surname="Гнатюк")
    refused = space.house.command(IN_CHARGE, "/referrals", space.referral(widely[0], space.consent(other)))
    assert refused.json()["type"] == "/problems/not-consented"


def test_who_hears_of_it(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    key, nothing = space.send(case, space.consent(child)), str(uuid4())
    house.done(PARTNER, f"/referrals/{key}/accept")
    for username in (PARTNER_OTHER, COLLEAGUE, OTHER_SUPERVISOR, "olena", "admin", "andrii"):
        for part in ("", "/shared", "/words"):
            paths = [f"/referrals/{each}{part}" for each in (key, nothing)]
            hidden, absent = (house.ask(username, path, purpose="prevention") for path in paths)
            assert (hidden.status_code, absent.status_code) == (404, 404), (username, part)
            assert hidden.text.replace(key, nothing) == absent.text
        assert house.command(username, f"/referrals/{key}/decline", {"cause": "x", "reason": "y"}).status_code == 404
        assert key not in house.ask(username, "/referrals").text
    for username in ("oksana", PROTECTOR):
        assert house.ask(username, f"/referrals/{key}").json()["content"]["child"] == child
        assert house.ask(username, f"/referrals/{key}/shared", purpose="audit").status_code == 403
    for username, keys in ((PARTNER, []), (IN_CHARGE, [key]), (SUPERVISOR, [key])):
        found = house.ask(username, "/referrals", child=child).json()["items"]
        assert [each["summary"]["referral"] for each in found] == keys, "of whom it is, an agency is told on record"


def test_a_retry_gets_its_receipt_and_a_strangers_case_is_none(space: Space, widely: tuple[str, str]) -> None:
    house, body = space.house, space.referral(*widely)
    first, again = (house.done(IN_CHARGE, "/referrals", body, key="sent once") for _ in range(2))
    assert first == again
    for username in (PARTNER, OTHER_SUPERVISOR):
        told = [house.command(username, "/referrals", {**body, "case": key}) for key in (widely[0], str(uuid4()))]
        assert [each.status_code for each in told] == [404, 404]
    assert house.command(COLLEAGUE, "/referrals", body).status_code == 403


def test_decided_anew_it_opens_the_childs_records_once(space: Space) -> None:
    """What it rests on changed, and what is shared did not."""
    house, (case, child) = space.house, space.case()
    agreement, body, before = space.agree(), space.referral(case, space.consent(child)), house.services.log.head()
    proposed = PurposeProposed(purpose="shelter", by=account_id(SUPERVISOR))
    log = Interrupted(house.services.log, lambda: space.tell(agreement, proposed))
    desk = replace(house.services.desk, log=log)
    with TestClient(create_app(replace(house.services, desk=desk))) as http:
        replace(house, http=http).done(IN_CHARGE, "/referrals", {**body, "agreement": str(agreement)})
    assert house.services.log.events(agreement)[-1] == proposed
    made = [each.event for each in house.recorded_since(before) if isinstance(each, Recorded)]
    assert [each.operation for each in made if isinstance(each, Disclosed)] == ["referral.send"]
    assert isinstance(made[-1], ReferralSent)


def test_of_a_merged_child_the_survivor_is_shared_and_erasing_it_takes_what_was_shared(space: Space) -> None:
    house, (case, child) = space.house, space.case(given_name="Іванко")
    kept = house.register_child(IN_CHARGE, surname="Сірко", given_name="Іван")["id"]
    house.done(SUPERVISOR, f"/children/{kept}/merge", {"other": child, "reason": "Одна дитина"})
    key = space.send(case, space.consent(kept), fields=["identity"], help_needed=None)
    house.done(PARTNER, f"/referrals/{key}/accept")
    shared = house.ask(PARTNER, f"/referrals/{key}/shared", purpose="prevention").json()["shared"]
    assert shared["identity"]["given_name"] == "Іван"
    assert house.ask(IN_CHARGE, "/referrals", child=kept).json()["items"][0]["summary"]["referral"] == key
    house.done(IN_CHARGE, f"/children/{kept}/erasure", {"order": "12-з", "reason": "Рішення суду"})
    house.done(SUPERVISOR, f"/children/{kept}/erasure/agree")
    assert house.ask(PARTNER, f"/referrals/{key}/shared", purpose="prevention").json()["shared"] is None
    sent = house.services.log.events(UUID(key), until_version=1)[0]
    assert isinstance(sent, ReferralSent)
    house.services.childhood.erasures.tick()
    assert sent.shared.token is not None
    assert house.services.vault.open(sent.shared.token, SharedFields) is None
    late = house.command(PARTNER, f"/referrals/{key}/deliveries", DELIVERED).json()
    assert (late["type"], late["state"]) == ("/problems/wrong-state", "erased")
    assert kept not in str(late)
    assert child not in str(late)


def test_a_referral_opens_no_profile_that_its_sender_may_not_read(space: Space) -> None:
    """The case went to another unit; its child's profile was merged into one that the first unit keeps."""
    house, (case, child) = space.house, space.case()
    kept, other = house.register_child(IN_CHARGE, surname="Сірко")["id"], house.units["juvenile-left"]
    offer = {"to_unit": other, "answer_by": ahead(7), "reason": "Переїхали"}
    house.done(SUPERVISOR, f"/cases/{case}/transfer", offer)
    house.done(OTHER_SUPERVISOR, f"/cases/{case}/transfer/accept", {"officer": str(account_id(OTHER_OFFICER))})
    house.done(SUPERVISOR, f"/children/{kept}/merge", {"other": child, "reason": "Одна дитина"})
    assert house.ask(OTHER_OFFICER, f"/children/{kept}/identity", purpose="prevention").status_code == 404
    principal, _ = house.services.people.holder(account_id(OTHER_OFFICER))
    call = Call(principal=principal, purpose="prevention", command_id=uuid4(), digest=b"", correlation_id=uuid4())
    state = house.services.desk.load(prevention_case.DECIDER, UUID(case)).state
    assert state is not None
    source = Source(UUID(case), state, UUID(kept), (UUID(kept), UUID(child)), None)
    with pytest.raises(Invalid, match="may not open"):
        compose(house.services, call, source, ["identity"])


def test_of_a_case_that_was_opened_in_error_nothing_is_shared_any_more(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    key = space.send(case, space.consent(child))
    house.done(SUPERVISOR, f"/cases/{case}/close", {**CLOSE, "outcome": "opened-in-error"})
    (revoked,) = wait_for(space, UUID(key), ReferralRevoked)
    assert (revoked.cause, revoked.by) == ("opened-in-error", SYSTEM_ACTOR)
    assert house.command(PARTNER, f"/referrals/{key}/accept").status_code in (403, 409)


def test_what_is_sealed_is_shared_no_more(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    key = space.send(case, space.consent(child))
    house.done(PARTNER, f"/referrals/{key}/accept")
    house.done(SUPERVISOR, f"/cases/{case}/close", CLOSE)
    assert house.ask(PARTNER, f"/referrals/{key}/shared", purpose="prevention").is_success, "help goes on"
    house.done(SUPERVISOR, f"/cases/{case}/seal", {"reason": "Рішення"})
    (revoked,) = wait_for(space, UUID(key), ReferralRevoked)
    assert (revoked.cause, revoked.by) == ("case-sealed", SYSTEM_ACTOR)
    by_police = house.ask(SUPERVISOR, f"/referrals/{key}/shared", purpose="prevention").json()
    assert (by_police["type"], by_police["state"]) == ("/problems/wrong-state", "sealed")
    assert house.ask(PARTNER, f"/referrals/{key}/shared", purpose="prevention").status_code == 403
