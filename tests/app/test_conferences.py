"""Case conferences over HTTP: called by people or by themselves, agreed to by all, ended in a child's one plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.referring.reactions import Conferring, Excluding
from domain.event import Recorded
from domain.ids import SYSTEM_ACTOR, suggested_conference_id
from domain.sharing.conference_events import AgencyExcluded, ConferenceCalled
from domain.sharing.consent_events import ConsentWithdrawn
from domain.sharing.referral_events import ReferralAccepted
from tests.app.conftest import House
from tests.app.prevention_house import COLLEAGUE, IN_CHARGE, OTHER_SUPERVISOR, SUPERVISOR, ago
from tests.app.referring_house import PARTNER, PARTNER_OTHER, PROTECTOR, Space, soon, wait_for

TASK = {"service": "psychologist", "due_at": soon(10), "narrative": "Зустрічі двічі на тиждень"}
DONE = {"done_at": ago(0.01), "narrative": "Усі зустрічі відбулися"}


@pytest.fixture(scope="module")
def space(house: House) -> Space:
    return Space.of(house)


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


def conferences_of(space: Space, child: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = space.house.ask(IN_CHARGE, "/conferences", child=child).json()["items"]
    return found


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

    due = house.ask(PARTNER, "/conferences/tasks", own=True, due_within_days=20).json()["items"]
    assert [each["task"] for each in due if each["conference"] == key] == [first]
    overdue = house.ask(PARTNER, "/conferences/tasks", own=True, overdue=True).json()["items"]
    assert key not in [each["conference"] for each in overdue]
    foreign = house.command(PARTNER, f"{path}/tasks/{third}/done", DONE)
    assert (foreign.status_code, foreign.json()["field"]) == (422, "task")
    house.done(PARTNER, f"{path}/tasks/{first}/done", DONE)
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
    assert not Excluding(house.services.desk, house.services.views).changes(withdrawn), "nothing is left to do"
    house.done(IN_CHARGE, f"/conferences/{key}/tasks/{made}/done", DONE)
