"""Agencies, agreements and consents over HTTP; and everything that was made under a consent, once it is withdrawn."""

from __future__ import annotations

import time
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from app.clockwork import Clockwork
from domain.account import AccountCreated
from domain.disclosure import Disclosed
from domain.event import Event, Recorded
from domain.sharing.conference_events import AgencyAdmitted, AgencyExcluded
from domain.sharing.referral_events import ReferralCompleted, ReferralDeclined, ReferralRevoked, ReferralSent
from tests.app.conftest import House
from tests.app.prevention_house import IN_CHARGE, OTHER_OFFICER, OTHER_SUPERVISOR, SUPERVISOR
from tests.app.referring_house import PARTNER, PARTNER_OTHER, PROTECTOR, Space, soon

COLLEAGUE_SUPERVISOR = "nadiia"
MOTHER, WHY = "Оксана Гнатюк", "Батько на кухні почув розмову"
REASON = {"reason": WHY}
WAIT_SECONDS = 60.0


@pytest.fixture(scope="module")
def space(house: House) -> Space:
    return Space.of(house)


def scope(space: Space, child: str, *partners: str, **more: Any) -> dict[str, Any]:
    return {
        "child": child,
        "purposes": ["psychological-help", "joint-planning"],
        "agencies": [space.agencies[each] for each in partners or (PARTNER, PARTNER_OTHER)],
        "fields": ["identity", "contacts", "help-needed", "plan"],
        **more,
    }


def given(space: Space, child: str, *partners: str, **more: Any) -> str:
    answer = {"giver": "parent", "giver_name": MOTHER, "expires_at": soon(60), **more}
    return str(space.house.done(IN_CHARGE, "/consents/given", scope(space, child, *partners, **answer))["id"])


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


class TestAgencies:
    def test_registered_by_administrators_read_by_all_who_work_with_children_and_withdrawn(self, house: House) -> None:
        unit = house.done("admin", "/units", {"name": "children", "region": "UA-30", "kind": "agency"})["id"]
        body = {"name": "Служба у справах дітей", "kind": "children-service", "region": "UA-30", "unit": unit}
        assert problem(house.command("olena", "/agencies", body)) == (403, "forbidden")
        police = house.command("admin", "/agencies", {**body, "unit": house.units["juvenile"]})
        assert (police.status_code, police.json()["field"]) == (422, "unit")
        key = house.done("admin", "/agencies", body)["id"]
        assert problem(house.command("admin", "/agencies", body)) == (409, "already-exists")
        assert house.ask("olena", f"/agencies/{key}").json()["state"] == "active"
        assert key in house.ask("olena", "/agencies", kind="children-service").text
        assert house.ask("andrii", "/agencies").status_code == 403

    def test_withdrawn_by_data_protection(self, space: Space) -> None:
        house = space.house
        unit = house.done("admin", "/units", {"name": "left", "region": "UA-30", "kind": "agency"})["id"]
        body = {"name": "Центр", "kind": "crisis-centre", "region": "UA-30", "unit": unit}
        key = house.done("admin", "/agencies", body)["id"]
        assert problem(house.command("admin", f"/agencies/{key}/withdraw", REASON)) == (403, "forbidden")
        house.done(PROTECTOR, f"/agencies/{key}/withdraw", REASON, version=1)
        shown = house.ask("olena", f"/agencies/{key}")
        assert (shown.json()["state"], shown.headers["ETag"]) == ("withdrawn", '"2"')
        assert [each["text"] for each in house.ask(PROTECTOR, f"/agencies/{key}/reasons").json()["items"]] == [WHY]
        assert house.ask("olena", f"/agencies/{key}/reasons").status_code == 403


class TestAgreements:
    def propose(self, space: Space, *partners: str) -> str:
        body = {
            "agencies": [space.agencies[each] for each in partners],
            "purposes": ["psychological-help"],
            "fields": ["identity", "help-needed"],
            "from_at": soon(-1),
            "until": soon(300),
        }
        return str(space.house.done(SUPERVISOR, "/agreements", body)["id"])

    def test_two_people_make_it_and_either_side_reads_it(self, space: Space) -> None:
        house, path = space.house, f"/agreements/{self.propose(space, PARTNER)}"
        assert problem(house.command(SUPERVISOR, f"{path}/sign")) == (403, "forbidden")
        house.done(PROTECTOR, f"{path}/sign", version=1)
        for reader in (PARTNER, PROTECTOR, SUPERVISOR, IN_CHARGE, "oksana"):
            assert house.ask(reader, path).json()["state"] == "signed", reader
            assert path.rpartition("/")[2] in house.ask(reader, "/agreements", agreement_state="signed").text, reader
        for stranger in (PARTNER_OTHER, OTHER_SUPERVISOR, OTHER_OFFICER):
            assert problem(house.ask(stranger, path)) == (404, "not-found")
            assert path.rpartition("/")[2] not in house.ask(stranger, "/agreements").text
        assert house.ask("olena", "/agreements").status_code == 403
        assert problem(house.ask("olena", path)) == (404, "not-found")

    def test_widened_by_two_narrowed_suspended_resumed_and_ended(self, space: Space) -> None:
        house, path = space.house, f"/agreements/{self.propose(space, PARTNER)}"
        house.done(PROTECTOR, f"{path}/sign")
        house.done(SUPERVISOR, f"{path}/purposes", {"purpose": "shelter"})
        assert house.ask(PARTNER, path).json()["proposed_purposes"] == ["shelter"]
        house.done(PROTECTOR, f"{path}/purposes/sign", {"purpose": "shelter"})
        house.done(SUPERVISOR, f"{path}/fields", {"fields": ["help-needed"]})
        shown = house.ask(PROTECTOR, path).json()
        assert (shown["purposes"], shown["fields"]) == (["psychological-help", "shelter"], ["help-needed"])
        house.done(PROTECTOR, f"{path}/suspend", REASON)
        assert house.ask(SUPERVISOR, path).json()["state"] == "suspended"
        house.done(PROTECTOR, f"{path}/resume", REASON)
        house.done(SUPERVISOR, f"{path}/end", REASON)
        assert house.ask(PARTNER, path).json()["state"] == "ended"
        assert len(house.ask(SUPERVISOR, f"{path}/reasons").json()["items"]) == 3
        assert house.ask(PARTNER, f"{path}/reasons").status_code == 403
        assert problem(house.command(PROTECTOR, f"{path}/sign")) == (409, "wrong-state")

    def test_for_the_own_unit_with_agencies_that_take_part(self, space: Space) -> None:
        house = space.house
        body = {"purposes": ["shelter"], "fields": ["risk"], "from_at": soon(-1), "until": soon(9)}
        agencies = {"agencies": [space.agencies[PARTNER]]}
        other = {"units": [house.units["juvenile-left"]], **agencies}
        assert problem(house.command(SUPERVISOR, "/agreements", {**body, **other})) == (403, "forbidden")
        nobody = house.command(SUPERVISOR, "/agreements", {**body, "agencies": [house.units["juvenile"]]})
        assert (nobody.status_code, nobody.json()["field"]) == (422, "agencies")
        school = {"units": [house.units["juvenile"], house.units[PARTNER]], **agencies}
        assert house.command(SUPERVISOR, "/agreements", {**body, **school}).json()["field"] == "units"


class TestConsents:
    def test_put_on_record_by_those_who_work_with_the_child_and_read_without_a_name(self, space: Space) -> None:
        house, (_, child) = space.house, space.case()
        key = given(space, child)
        path = f"/consents/{key}"
        for reader in (IN_CHARGE, SUPERVISOR, PROTECTOR, "oksana"):
            shown = house.ask(reader, path)
            assert (shown.json()["state"], shown.json()["giver"]) == ("given", "parent"), reader
            listed = house.ask(reader, "/consents", child=child, consent_state="given")
            assert [each["consent"] for each in listed.json()["items"]] == [key], reader
            assert MOTHER not in shown.text + listed.text
        assert house.ask(SUPERVISOR, f"{path}/giver").json() == {"full_name": MOTHER}
        for reader in (PROTECTOR, "oksana"):
            assert house.ask(reader, f"{path}/giver").status_code == 403
            assert house.ask(reader, f"{path}/reasons").status_code == 403
        for stranger in (PARTNER, OTHER_OFFICER, OTHER_SUPERVISOR, "olena", "admin"):
            for part in ("", "/giver", "/reasons", "/made-under-it"):
                assert problem(house.ask(stranger, path + part)) == (404, "not-found"), stranger
        for stranger in (PARTNER, "olena", "admin"):
            assert house.ask(stranger, "/consents").status_code == 403
        assert house.ask(OTHER_OFFICER, "/consents").json()["items"] == []

    def test_a_data_protection_officer_reads_neither_child_nor_case(self, space: Space) -> None:
        house, (case, child) = space.house, space.case()
        given(space, child)
        for path in (f"/children/{child}", f"/children/{child}/identity", f"/cases/{case}", f"/cases/{case}/timeline"):
            assert problem(house.ask(PROTECTOR, path)) == (404, "not-found"), path

    def test_only_of_a_child_that_the_unit_works_with(self, space: Space) -> None:
        house = space.house
        child = house.register_child(IN_CHARGE, surname="Безсправна")["id"]
        answer = {"giver": "parent", "giver_name": MOTHER, "expires_at": soon(60)}
        body = scope(space, child, **answer)
        assert problem(house.command(IN_CHARGE, "/consents/given", body)) == (403, "forbidden")
        unread = house.command(OTHER_OFFICER, "/consents/given", body)
        assert (unread.status_code, unread.json()["field"]) == (422, "child")
        assert problem(house.command(PARTNER, "/consents/given", body)) == (403, "forbidden")

    def test_refused_and_done_without_where_two_people_say_so(self, space: Space) -> None:
        house, (_, child) = space.house, space.case()
        refused = {"giver": "guardian", "giver_name": MOTHER}
        path = f"/consents/{house.done(IN_CHARGE, '/consents/refused', scope(space, child, **refused))['id']}"
        asked = {"basis": "suspected-violence", "days": 14, **REASON}
        house.done(COLLEAGUE_SUPERVISOR, f"{path}/override", asked, version=1)
        assert problem(house.command(IN_CHARGE, f"{path}/override/authorise", REASON)) == (403, "forbidden")
        own = house.command(COLLEAGUE_SUPERVISOR, f"{path}/override/authorise", REASON)
        assert problem(own) == (403, "authoriser-is-requester")
        house.done(SUPERVISOR, f"{path}/override/authorise", REASON)
        shown = house.ask(PROTECTOR, path)
        assert (shown.json()["state"], shown.json()["basis"]) == ("overridden", "suspected-violence")
        assert WHY not in shown.text
        assert [each["text"] for each in house.ask(SUPERVISOR, f"{path}/reasons").json()["items"]] == [WHY, WHY]
        house.done(SUPERVISOR, f"{path}/override/lift", REASON)
        assert house.ask(IN_CHARGE, path).json()["state"] == "lifted"

    def test_not_sought_and_the_override_denied(self, space: Space) -> None:
        house, (_, child) = space.house, space.case()
        unasked = {"cause": "asking-endangers-child", **REASON}
        path = f"/consents/{house.done(IN_CHARGE, '/consents/not-sought', scope(space, child, **unasked))['id']}"
        house.done(IN_CHARGE, f"{path}/override", {"basis": "danger-to-life", "days": 3, **REASON})
        house.done(SUPERVISOR, f"{path}/override/deny", REASON)
        assert house.ask(IN_CHARGE, path).json()["state"] == "not-sought"
        assert house.ask(IN_CHARGE, f"{path}/giver").json() == {"full_name": None}


class Made(NamedTuple):
    """What an independent search of the log finds under a consent."""

    shares: list[tuple[int, UUID, UUID, tuple[str, ...]]]  # position, thing, agency, fields
    views: list[tuple[int, UUID, UUID, str]]  # position, thing, actor, operation


def search(house: House, consent: str) -> Made:
    """By reading every event there is, one after the other, and nothing else."""
    made, serving, told = Made([], []), dict[UUID, UUID](), dict[tuple[UUID, UUID], UUID]()
    for row in house.services.log.read(limit=100_000):
        assert isinstance(row, Recorded)
        match row.event:
            case AccountCreated(unit=unit):
                serving[row.stream] = unit
            case ReferralSent() | AgencyAdmitted() if str(row.event.consent) == consent:
                made.shares.append((row.position, row.stream, row.event.agency, row.event.fields))
                told[row.stream, row.event.agency] = row.event.agency_unit
            case ReferralDeclined() | ReferralCompleted() | ReferralRevoked():
                told = {key: unit for key, unit in told.items() if key[0] != row.stream}
            case AgencyExcluded(agency=agency):
                told.pop((row.stream, agency), None)
            case Disclosed(thing=thing, operation=operation):
                units = [unit for key, unit in told.items() if key[0] == thing]
                if serving.get(row.meta.actor) in units:
                    made.views.append((row.position, thing, row.meta.actor, operation))
    return made


def told(house: House, reader: str, consent: str) -> Made:
    """What the API tells, page by page."""
    shares, views, cursors = list[Any](), list[Any](), dict[str, Any]()
    while True:
        answer = house.ask(reader, f"/consents/{consent}/made-under-it", limit=2, **cursors).json()
        shares += answer["shares"]["items"] if "shares_cursor" in cursors or not cursors else []
        views += answer["views"]["items"] if "views_cursor" in cursors or not cursors else []
        parts = (("shares_cursor", answer["shares"]["next"]), ("views_cursor", answer["views"]["next"]))
        cursors = {name: cursor for name, cursor in parts if cursor is not None and (not cursors or name in cursors)}
        if not cursors:
            break
    return Made(
        [
            (each["shared_position"], UUID(each["thing"]), UUID(each["agency"]), tuple(each["fields"]))
            for each in shares
        ],
        [(each["position"], UUID(each["thing"]), UUID(each["actor"]), each["operation"]) for each in views],
    )


def wait_for(house: House, thing: str, kind: type[Event]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not any(isinstance(event, kind) for event in house.services.log.events(UUID(thing))):
        assert time.monotonic() < deadline, house.services.background.status()
        time.sleep(0.05)
    house.caught_up()


def opened(house: House, partner: str, referral: str) -> None:
    house.done(partner, f"/referrals/{referral}/accept")
    assert house.ask(partner, f"/referrals/{referral}").status_code == 200
    assert house.ask(partner, f"/referrals/{referral}/shared").status_code == 200


class TestWithdrawal:
    def test_all_that_rests_on_a_consent_is_taken_back_and_listed_as_the_log_has_it(self, space: Space) -> None:
        house, (case, child) = space.house, space.case()
        consent, other = given(space, child), given(space, child)
        meeting = space.conference(case)
        letters = [space.send(case, consent, partner) for partner in (PARTNER, PARTNER_OTHER, PARTNER)]
        spared = space.send(case, other)
        for letter, partner in zip(letters, (PARTNER, PARTNER_OTHER, PARTNER), strict=True):
            opened(house, partner, letter)
        opened(house, PARTNER, spared)
        house.done(PARTNER, f"/referrals/{letters[2]}/complete", {"outcome": "helped"})
        assert house.ask(IN_CHARGE, f"/referrals/{letters[0]}").status_code == 200  # no view of an agency
        space.admit(meeting, consent, PARTNER)
        space.admit(meeting, other, PARTNER_OTHER)
        for partner in (PARTNER, PARTNER_OTHER):
            assert house.ask(partner, f"/conferences/{meeting}").status_code == 200

        withdrawal = {"giver": "child", **REASON}
        assert problem(house.command(PARTNER, f"/consents/{consent}/withdraw", withdrawal)) == (404, "not-found")
        house.done(IN_CHARGE, f"/consents/{consent}/withdraw", withdrawal)
        for letter in letters[:2]:
            wait_for(house, letter, ReferralRevoked)
            assert house.ask(PARTNER, f"/referrals/{letter}/shared").status_code in (403, 404, 409)
        wait_for(house, meeting, AgencyExcluded)
        assert house.ask(PARTNER, f"/referrals/{spared}/shared").status_code == 200

        found = search(house, consent)
        assert (len(found.shares), len(found.views) >= 7) == (4, True)
        for reader in (PROTECTOR, IN_CHARGE, SUPERVISOR, "oksana"):
            assert told(house, reader, consent) == found, reader
        self.ended_as_it_was(house, consent, letters)
        assert told(house, PROTECTOR, other) == search(house, other)

    def ended_as_it_was(self, house: House, consent: str, letters: list[str]) -> None:
        answer = house.ask(PROTECTOR, f"/consents/{consent}/made-under-it")
        assert MOTHER not in answer.text
        assert WHY not in answer.text
        ends = {each["thing"]: (each["ended_as"], each["cause"]) for each in answer.json()["shares"]["items"]}
        revoked = ("revoked", "consent-withdrawn")
        assert [ends.pop(letter) for letter in letters] == [revoked, revoked, ("completed", None)]
        assert list(ends.values()) == [("excluded", "consent-withdrawn")]

    def test_what_time_ends_is_taken_back_too(self, space: Space) -> None:
        house, (case, child) = space.house, space.case()
        consent = given(space, child, expires_at=soon(4 / 86_400))
        letter = space.send(case, consent)
        deadline = time.monotonic() + WAIT_SECONDS
        clocks = Clockwork(house.services.log, house.services.views)
        while house.ask(PROTECTOR, f"/consents/{consent}").json()["state"] != "expired":
            assert time.monotonic() < deadline
            time.sleep(0.2)
        clocks.tick()
        wait_for(house, letter, ReferralRevoked)
        (share,) = house.ask(PROTECTOR, f"/consents/{consent}/made-under-it").json()["shares"]["items"]
        assert share["cause"] == "consent-over"

    def test_a_suspended_agreement_takes_back_and_the_ledger_counts(self, space: Space) -> None:
        house, (case, child) = space.house, space.case()
        agreement = str(space.agree())
        letter = space.send(case, given(space, child), agreement=agreement, fields=["identity", "help-needed"])
        line = {"agreement": agreement, "agency": space.agencies[PARTNER], "agency_name": PARTNER, "shared_count": 1}

        def ledger(reader: str) -> list[Any]:
            lines = house.ask(reader, "/agreements/ledger").json()
            return [each for each in lines if each["agreement"] == agreement]

        expected = [{**line, "field": field, "open_count": 1} for field in ("help-needed", "identity")]
        assert ledger(PROTECTOR) == ledger(SUPERVISOR) == expected
        assert ledger(OTHER_SUPERVISOR) == []
        assert house.ask(PARTNER, "/agreements/ledger").status_code == 403
        house.done(PROTECTOR, f"/agreements/{agreement}/suspend", REASON)
        wait_for(house, letter, ReferralRevoked)
        assert [each["open_count"] for each in ledger(PROTECTOR)] == [0, 0]
        again = house.command(IN_CHARGE, "/referrals", space.referral(case, given(space, child), agreement=agreement))
        assert problem(again) == (403, "not-agreed")
