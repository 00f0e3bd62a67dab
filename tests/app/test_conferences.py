"""Case conferences over HTTP: called by people or by themselves, agreed to by all, ended in a child's one plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.demo.year.recount import made_under, recount
from app.demo.year.recount.history import History
from app.referring.reactions import IN_ERROR, Closing, Conferring
from app.withdrawing import Withdrawing
from domain.event import Recorded
from domain.ids import SYSTEM_ACTOR, account_id, suggested_conference_id
from domain.prevention_case_events import CaseClosed
from domain.processes.closing import WHY
from domain.sharing.conference import FIELDS, PURPOSE
from domain.sharing.conference_events import AgencyAdmitted, AgencyExcluded, ConferenceCalled, ConferenceCancelled
from domain.sharing.conference_state import KIND
from domain.sharing.consent_events import ConsentWithdrawn
from domain.sharing.referral_events import ReferralAccepted
from projections.sealed_records import records_naming
from tests.app.conftest import House
from tests.app.prevention_house import CLOSE, COLLEAGUE, IN_CHARGE, OTHER_OFFICER, OTHER_SUPERVISOR, SUPERVISOR, ago
from tests.app.referring_house import PARTNER, PARTNER_OTHER, PROTECTOR, Space, soon, wait_for
from tests.app.test_working_with import hand_over

TASK = {"service": "psychologist", "due_at": soon(10), "narrative": "Зустрічі двічі на тиждень"}


@pytest.fixture(scope="module")
def space(house: House) -> Space:
    return Space.of(house)


def done() -> dict[str, str]:
    return {"done_at": ago(0), "narrative": "Усі зустрічі відбулися"}


def task(space: Space, conference: str, to: str | None) -> str:
    body = {**TASK, "agency": None if to is None else space.agencies[to]}
    return str(space.house.done(IN_CHARGE, f"/conferences/{conference}/tasks", body)["task"])


def settled(space: Space, case: str, consent: str, *, supersedes: tuple[str, ...] = ()) -> tuple[str, str]:
    """A conference with one agency that ended in a plan, and the agency's task."""
    key = space.conference(case, PARTNER)
    space.admit(key, consent, PARTNER)
    made = task(space, key, PARTNER)
    space.house.done(PARTNER, f"/conferences/{key}/agree")
    space.house.done(SUPERVISOR, f"/conferences/{key}/settle", {"supersedes": list(supersedes)})
    return key, made


def conferences_of(space: Space, child: str, asked_by: str = IN_CHARGE) -> list[dict[str, Any]]:
    return list(space.house.ask(asked_by, "/conferences", child=child).json()["items"])


def test_from_the_call_to_one_plan(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    consent, key = space.consent(child), space.conference(case)
    path = f"/conferences/{key}"

    invited = house.ask(PARTNER, path).json()
    assert (invited["content"], invited["tasks"], invited["agencies"]) == (None, None, None)
    assert child not in str(invited)
    space.admit(key, consent, PARTNER, PARTNER_OTHER)
    house.done(IN_CHARGE, f"{path}/decisions", {"narrative": "Лишається в родині"})
    first, second = task(space, key, PARTNER), task(space, key, None)
    assert [each["text"] for each in house.ask(PARTNER, f"{path}/words").json()["items"]] == [
        "Лишається в родині",
        *[TASK["narrative"]] * 2,
    ]

    early = house.command(IN_CHARGE, f"{path}/settle").json()
    assert (early["type"], len(early["missing"])) == ("/problems/plan-not-agreed", 2)
    for partner in (PARTNER, PARTNER_OTHER):
        house.done(partner, f"{path}/agree")
    third = task(space, key, PARTNER_OTHER)
    assert not any(each["agreed"] for each in house.ask(PARTNER, path).json()["agencies"]), "to the plan as it is now"
    house.done(IN_CHARGE, f"{path}/tasks/{second}/drop")
    for partner in (PARTNER, PARTNER_OTHER):
        house.done(partner, f"{path}/agree")
    house.done(IN_CHARGE, f"{path}/settle")
    assert conferences_of(space, child)[0]["content"]["in_force"]
    assert conferences_of(space, child, PARTNER) == [], "of whom it is, it is told on record"

    due = house.ask(PARTNER, "/conferences/tasks", own=True, due_within_days=20).json()["items"]
    assert [each["task"] for each in due if each["conference"] == key] == [first]
    overdue = house.ask(PARTNER, "/conferences/tasks", own=True, overdue=True).json()["items"]
    assert key not in [each["conference"] for each in overdue]
    foreign = house.command(PARTNER, f"{path}/tasks/{third}/done", done())
    assert (foreign.status_code, foreign.json()["field"]) == (422, "task")
    early = house.command(PARTNER, f"{path}/tasks/{first}/done", {**done(), "done_at": ago(0.01)})
    assert (early.status_code, early.json()["field"]) == (422, "done_at"), "before anybody had agreed on it"
    house.done(PARTNER, f"{path}/tasks/{first}/done", done())
    shown = house.ask(SUPERVISOR, path).json()
    assert {each["task"]: each["done_at"] is not None for each in shown["tasks"]} == {first: True, third: False}
    assert shown["content"]["tasks_done_count"] == 1


def test_a_child_has_one_conference_and_one_plan_at_a_time(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    consent = space.consent(child)
    first, _ = settled(space, case, consent)
    second = space.conference(case, PARTNER)
    body = {"case": case, "agencies": [space.agencies[PARTNER]], "meets_at": soon(3)}
    assert house.command(SUPERVISOR, "/conferences", body).json()["type"] == "/problems/conference-under-way"
    space.admit(second, consent, PARTNER)
    task(space, second, PARTNER)
    house.done(PARTNER, f"/conferences/{second}/agree")
    refused = house.command(IN_CHARGE, f"/conferences/{second}/settle").json()
    assert (refused["type"], refused["standing"]) == ("/problems/plan-stands", [first])
    house.done(IN_CHARGE, f"/conferences/{second}/settle", {"supersedes": [first]})
    told = {each["summary"]["conference"]: each["content"]["in_force"] for each in conferences_of(space, child)}
    assert told == {first: False, second: True}
    tasks = house.ask(PARTNER, "/conferences/tasks", limit=200).json()["items"]
    assert first not in [each["conference"] for each in tasks], "what was superseded is to be done no more"
    (left,) = wait_for(space, UUID(first), AgencyExcluded)
    assert (str(left.agency), left.cause, left.by) == (space.agencies[PARTNER], "plan-superseded", SYSTEM_ACTOR)
    assert house.ask(PARTNER, f"/conferences/{first}/words").status_code == 404
    assert house.ask(PARTNER, f"/conferences/{second}/words").is_success, "it is of the new plan, too"
    as_told(space, consent, {first: "excluded", second: None})


def test_merged_the_child_still_has_one_plan(space: Space) -> None:
    house, (case, child), (other_case, other) = space.house, space.case(), space.case(given_name="Іванко")
    consent, of_other = space.consent(child), space.consent(other)
    first, _ = settled(space, case, consent)
    second, _ = settled(space, other_case, of_other)
    house.done(SUPERVISOR, f"/children/{child}/merge", {"other": other, "reason": "Одна дитина"})
    third = space.conference(other_case, PARTNER)
    space.admit(third, of_other, PARTNER)
    task(space, third, None)
    house.done(PARTNER, f"/conferences/{third}/agree")
    refused = house.command(IN_CHARGE, f"/conferences/{third}/settle", {"supersedes": [second]}).json()
    assert sorted(refused["standing"]) == sorted([first, second])
    house.done(IN_CHARGE, f"/conferences/{third}/settle", {"supersedes": [first, second]})
    told = {each["summary"]["conference"]: each["content"]["in_force"] for each in conferences_of(space, child)}
    assert told == {first: False, second: False, third: True}


def test_cancelled_another_may_be_called(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    consent, key = space.consent(child), space.conference(case)
    space.admit(key, consent, PARTNER)
    house.done(IN_CHARGE, f"/conferences/{key}/cancel", {"cause": "not-needed", "reason": "Переїхали"})
    assert house.ask(PARTNER, f"/conferences/{key}/words").status_code == 403
    assert [each["text"] for each in house.ask(IN_CHARGE, f"/conferences/{key}/words").json()["items"]] == ["Переїхали"]
    assert space.conference(case)


def test_a_closed_case_takes_its_conference_along_and_leaves_the_help_that_goes_on(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    consent = space.consent(child)
    planned, _ = settled(space, case, consent)
    letter, key = space.send(case, consent), space.conference(case)
    space.admit(key, consent, PARTNER)
    house.done(SUPERVISOR, f"/cases/{case}/close", CLOSE)
    (cancelled,) = wait_for(space, UUID(key), ConferenceCancelled)
    assert (cancelled.cause, cancelled.by) == ("case-closed", SYSTEM_ACTOR)
    assert house.ask(PARTNER, f"/conferences/{key}").json()["summary"]["cancelled"] == "case-closed"
    as_told(space, consent, {planned: None, letter: None, key: "cancelled"})
    assert house.ask(SUPERVISOR, f"/conferences/{planned}").json()["content"]["in_force"]
    assert [each["text"] for each in house.ask(SUPERVISOR, f"/conferences/{key}/words").json()["items"]] == [WHY]
    assert house.ask(PARTNER, f"/conferences/{key}/words").status_code == 403
    assert house.ask(PARTNER, f"/referrals/{letter}").json()["summary"]["state"] == "sent"

    house.done(SUPERVISOR, f"/cases/{case}/reopen", {"term_ends": soon(60), "reason": "Знову"})
    house.done(SUPERVISOR, f"/cases/{case}/assign", {"officer": str(account_id(IN_CHARGE))})
    assert space.conference(case), "none is under way about the child"
    closed = next(each for each in house.services.log.stream(UUID(case)) if isinstance(each.event, CaseClosed))
    assert not Closing(house.services.desk, house.services.views).changes(closed), "it was opened anew"


def test_of_a_case_that_was_opened_in_error_no_agency_reads_the_plan_any_more(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    plan, _ = settled(space, case, consent := space.consent(child))
    house.done(SUPERVISOR, f"/cases/{case}/close", {**CLOSE, "outcome": IN_ERROR})
    assert [(each.cause, each.by) for each in wait_for(space, UUID(plan), AgencyExcluded)] == [(IN_ERROR, SYSTEM_ACTOR)]
    assert house.ask(PARTNER, f"/conferences/{plan}/words").status_code == 404
    as_told(space, consent, {plan: "excluded"})


def as_told(space: Space, consent: str, ends: dict[str, str | None]) -> None:
    """What was made under a consent, and how it ended; and the recounts find the same."""
    house = space.house
    made = house.ask(SUPERVISOR, f"/consents/{consent}/made-under-it").json()
    assert {each["thing"]: each["ended_as"] for each in made["shares"]["items"]} == ends
    found = made_under.search(History.of(house.services.log))[UUID(consent)]
    assert [each["position"] for each in made["views"]["items"]] == [position for position, *_ in found.views]
    with house.services.views.reading() as views:
        differences = recount(house.services.log, views)["differences"]
    assert [each for each in differences if each.startswith("shares")] == []


def test_the_conference_of_a_child_that_was_erased_ends_with_its_case_too(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    key = space.conference(case)
    house.done(IN_CHARGE, f"/children/{child}/erasure", {"order": "757/1204/26-К", "reason": "Запит представника"})
    house.done(SUPERVISOR, f"/children/{child}/erasure/agree")
    house.services.childhood.erasures.tick()
    house.done(SUPERVISOR, f"/cases/{case}/close", CLOSE)
    (cancelled,) = wait_for(space, UUID(key), ConferenceCancelled)
    assert cancelled.cause == "case-closed"
    with house.services.views.reading() as views:
        assert cancelled.reason.subject in records_naming(views, UUID(child)), "it is listed as the child's"


def test_who_hears_of_it(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    key, nothing = space.conference(case, PARTNER), str(uuid4())
    space.admit(key, space.consent(child), PARTNER)
    for username in (PARTNER_OTHER, COLLEAGUE, OTHER_SUPERVISOR, "olena", "admin", "andrii"):
        for part in ("", "/words"):
            hidden, absent = (house.ask(username, f"/conferences/{each}{part}") for each in (key, nothing))
            assert (hidden.status_code, absent.status_code) == (404, 404), (username, part)
            assert hidden.text.replace(key, nothing) == absent.text
        assert house.command(username, f"/conferences/{key}/agree").status_code == 404
        assert key not in house.ask(username, "/conferences").text
    for username in ("oksana", PROTECTOR):
        assert house.ask(username, f"/conferences/{key}").json()["content"]["child"] == child
        assert house.ask(username, f"/conferences/{key}/words").status_code == 403


def test_without_a_consent_nobody_is_admitted(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    key = space.conference(case)
    consent = space.consent(child, fields=("identity",))
    body = {"agency": space.agencies[PARTNER], "agreement": space.agreement, "consent": consent}
    refused = house.command(IN_CHARGE, f"/conferences/{key}/agencies", body)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-consented")
    assert house.ask(PARTNER, f"/conferences/{key}/words").status_code == 403


def test_whoever_took_the_case_over_admits_under_an_agreement_of_its_own(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    consent, key = space.consent(child), space.conference(case)
    space.admit(key, consent, PARTNER)
    hand_over(house, case, "juvenile-left", SUPERVISOR, OTHER_SUPERVISOR, OTHER_OFFICER)
    path, other = f"/conferences/{key}", {"agency": space.agencies[PARTNER_OTHER], "consent": consent}
    refused = house.command(OTHER_OFFICER, f"{path}/agencies", {**other, "agreement": space.agreement})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-agreed"), "theirs who have it no more"
    own = str(space.agree("juvenile-left"))
    house.done(OTHER_OFFICER, f"{path}/agencies", {**other, "agreement": own})
    house.done(OTHER_OFFICER, f"{path}/decisions", {"narrative": "Лишається в родині"})
    for partner in (PARTNER, PARTNER_OTHER):  # each is told on what it was admitted on
        assert len(house.ask(partner, f"{path}/words").json()["items"]) == 1


def test_whatever_is_told_or_settled_asks_the_consent_at_that_moment(space: Space) -> None:
    """Of an agency that no process excludes: what it was admitted on does not let it be told, and never did."""
    house, (case, child) = space.house, space.case()
    consent, key = space.consent(child), space.conference(case)
    other = space.consent(child, fields=("identity",))
    path = f"/conferences/{key}"
    space.admit(key, consent, PARTNER)
    task(space, key, PARTNER)
    house.done(PARTNER, f"{path}/agree")
    of_both: dict[str, Any] = {
        "purpose": PURPOSE,
        "fields": FIELDS,
        "agreement": UUID(space.agreement),
        "by": account_id(IN_CHARGE),
    }
    agency, unit = space.agencies[PARTNER_OTHER], house.units[PARTNER_OTHER]
    admitted = AgencyAdmitted(agency=UUID(agency), agency_unit=UUID(unit), consent=UUID(other), **of_both)
    space.tell(UUID(key), admitted)
    new = {**TASK, "agency": space.agencies[PARTNER]}
    for part, body in (("settle", {}), ("decisions", {"narrative": "Лишається в родині"}), ("tasks", new)):
        refused = house.command(IN_CHARGE, f"{path}/{part}", body)
        assert (refused.status_code, refused.json()["field"]) == (422, "agencies"), part
        assert agency in refused.text
    refused = house.command(PARTNER_OTHER, f"{path}/agree")
    assert (refused.status_code, refused.json()["field"]) == (422, "agency")
    house.done(IN_CHARGE, f"{path}/exclude", {"agency": agency, "cause": "consent-withdrawn"})
    house.done(IN_CHARGE, f"{path}/settle")


def test_a_second_agency_brings_a_conference_about_once(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    consent = space.consent(child)
    sent = [space.send(case, consent, to) for to in (PARTNER, PARTNER, PARTNER_OTHER)]
    for key, who in zip(sent, (PARTNER, PARTNER, PARTNER_OTHER), strict=True):
        house.done(who, f"/referrals/{key}/accept")
    suggested = suggested_conference_id(UUID(sent[2]))
    (called,) = wait_for(space, suggested, ConferenceCalled)
    assert called.by == SYSTEM_ACTOR
    assert {str(each.agency) for each in called.invited} == set(space.agencies.values())
    process = Conferring(house.services.desk, house.services.views)
    for key in sent:  # delivered again, as after a crash that lost the receipt, too
        accepted = next(
            each for each in house.services.log.stream(UUID(key)) if isinstance(each.event, ReferralAccepted)
        )
        assert not process.changes(accepted), "one is under way"
    (shown,) = conferences_of(space, child)
    assert (shown["summary"]["state"], shown["summary"]["meets_at"]) == ("suggested", None)
    body = {"agency": space.agencies[PARTNER], "agreement": space.agreement, "consent": consent}
    early = house.command(IN_CHARGE, f"/conferences/{suggested}/agencies", body).json()
    assert (early["type"], early["state"]) == ("/problems/wrong-state", "suggested")
    house.done(IN_CHARGE, f"/conferences/{suggested}/schedule", {"meets_at": soon(2)})
    house.done(IN_CHARGE, f"/conferences/{suggested}/agencies", body)


def test_a_withdrawn_consent_ends_what_a_conference_tells(space: Space) -> None:
    house, (case, child) = space.house, space.case()
    consent = space.consent(child)
    key, made = settled(space, case, consent)
    assert house.ask(PARTNER, f"/conferences/{key}/words").is_success
    space.withdraw(consent)
    (excluded,) = wait_for(space, UUID(key), AgencyExcluded)
    assert (str(excluded.agency), excluded.cause) == (space.agencies[PARTNER], "consent-withdrawn")
    assert house.ask(PARTNER, f"/conferences/{key}").status_code == 404
    withdrawn = next(
        each for each in house.services.log.stream(UUID(consent)) if isinstance(each.event, ConsentWithdrawn)
    )
    assert isinstance(withdrawn, Recorded)
    excluding = Withdrawing(house.services.desk, house.services.views, "excluding", KIND)
    assert not excluding.changes(withdrawn), "nothing is left to do"
    house.done(IN_CHARGE, f"/conferences/{key}/tasks/{made}/done", done())


def test_an_agency_that_takes_part_no_more_is_not_told_when_those_meet_who_invited_it(space: Space) -> None:
    house, (case, _), leaving = space.house, space.case(), "yaryna"
    agency = space.join(leaving)
    body = {"case": case, "agencies": [str(agency), space.agencies[PARTNER]], "meets_at": soon(3)}
    key = house.done(IN_CHARGE, "/conferences", body)["id"]
    assert house.ask(leaving, f"/conferences/{key}").json()["summary"]["meets_at"] is not None
    house.done(PROTECTOR, f"/agencies/{agency}/withdraw", {"reason": "Вийшли"})
    (excluded,) = wait_for(space, UUID(key), AgencyExcluded)
    assert (excluded.agency, excluded.cause, excluded.by) == (agency, "agency-withdrawn", SYSTEM_ACTOR)
    assert house.ask(leaving, f"/conferences/{key}").status_code == 404
    assert house.ask(PARTNER, f"/conferences/{key}").is_success
