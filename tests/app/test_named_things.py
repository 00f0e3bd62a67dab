"""What a command names besides its own thing: decided after the gate, on the state that is appended to."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.ids import account_id
from tests.app.conftest import FILM_SECONDS, FILMED_AT, House

CASE = "12026100070001234"


@pytest.fixture(scope="module")
def sha256(house: House, red_film: bytes) -> str:
    house.register_camera("KYIV-401")
    return str(house.upload("olena", red_film, "KYIV-401", FILMED_AT).json()["id"])


class TestWithdrawing:
    def test_a_waiting_request_is_withdrawn_by_its_requester_and_decided_on_by_nobody(self, house: House) -> None:
        house.register_camera("KYIV-402")
        key = house.authorise(["KYIV-402"], approve=False)
        withdraw = f"/authorisations/{key}/withdraw"
        for username, status in (("bohdan", 403), ("halyna", 403), ("taras", 403), ("iryna", 404), ("oksana", 403)):
            assert house.command(username, withdraw, {"reason": "x"}).status_code == status, username
        house.done("olena", withdraw, {"reason": "Камеру названо помилково"})
        shown = house.ask("olena", f"/authorisations/{key}").json()
        assert (shown["state"], shown["version"]) == ("withdrawn", 2)
        again = house.command("olena", withdraw, {"reason": "x"}).json()
        assert (again["type"], again["state"]) == ("/problems/wrong-state", "withdrawn")
        assert house.command("taras", f"/authorisations/{key}/approve").status_code == 404, "no longer theirs to know"
        refused = house.command("olena", "/searches", {"authorisation": key, "text": "red"}).json()
        assert (refused["type"], refused["state"]) == ("/problems/authorisation-not-approved", "withdrawn")

    def test_what_was_approved_is_revoked_instead(self, house: House) -> None:
        house.register_camera("KYIV-403")
        key = house.authorise(["KYIV-403"])
        refused = house.command("olena", f"/authorisations/{key}/withdraw", {"reason": "x"}).json()
        assert (refused["type"], refused["state"]) == ("/problems/wrong-state", "approved")


class TestGround:
    def test_a_case_is_named_by_its_number(self, house: House) -> None:
        house.register_camera("KYIV-404")
        key = house.authorise(["KYIV-404"], incident=None, case=CASE)
        assert house.ask("olena", f"/authorisations/{key}").json()["case_number"] == CASE

    def test_a_voided_incident_is_no_ground(self, house: House) -> None:
        house.register_camera("KYIV-405")
        incident = house.record_incident()
        house.done("halyna", f"/incidents/{incident}/void", {"reason": "Записано двічі"})
        refused = house.command("olena", "/authorisations", request("KYIV-405", incident)).json()
        assert (refused["type"], refused["state"]) == ("/problems/wrong-state", "voided")

    @pytest.mark.parametrize("username", ["oksana", "admin", "taras"])
    def test_whose_role_does_not_request_learns_nothing_of_what_they_name(self, house: House, username: str) -> None:
        house.register_camera("KYIV-406") if username == "oksana" else None
        real, unreal = house.record_incident(), str(uuid4())
        answers = [house.command(username, "/authorisations", request("KYIV-406", key)) for key in (real, unreal)]
        assert {answer.status_code for answer in answers} == {403}
        assert answers[0].json() == answers[1].json()

    def test_another_unit_s_incident_is_as_one_that_does_not_exist(self, house: House) -> None:
        house.register_camera("KYIV-407")
        real, unreal = house.record_incident("iryna"), str(uuid4())
        answers = [house.command("olena", "/authorisations", request("KYIV-407", key)).json() for key in (real, unreal)]
        assert [each["detail"].replace(key, "ID") for each, key in zip(answers, (real, unreal), strict=True)] == [
            "there is no incident ID"
        ] * 2


class TestFootage:
    def test_a_stretch_of_it_is_linked_and_nothing_beyond(self, house: House, sha256: str) -> None:
        incident = house.record_incident()
        ends_at = FILMED_AT + timedelta(seconds=FILM_SECONDS)
        path = f"/incidents/{incident}/footage"
        body = {"footage_sha256": sha256, "from_at": FILMED_AT.isoformat(), "to_at": ends_at.isoformat()}
        late = house.command("olena", path, {**body, "to_at": (ends_at + timedelta(hours=1)).isoformat()})
        assert (late.status_code, late.json()["type"]) == (422, "/problems/outside-footage")
        assert late.json()["field"] == "to_at"
        assert "lasts from 2026-03-02 10:00:00.0 EET to 2026-03-02 10:00:24.0 EET" in late.json()["detail"]
        house.done("olena", path, body)
        (linked,) = house.ask("olena", f"/incidents/{incident}").json()["footage"]
        assert (linked["camera_name"], linked["from_at"]) == ("KYIV-401", "2026-03-02T08:00:00Z")

    def test_whoever_may_not_link_learns_nothing_of_footage(self, house: House, sha256: str) -> None:
        path = f"/incidents/{house.record_incident('iryna')}/footage"
        span = {"from_at": FILMED_AT.isoformat(), "to_at": FILMED_AT.isoformat()}
        answers = [house.command("olena", path, {"footage_sha256": key, **span}) for key in (sha256, "f" * 64)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json()["kind"] == answers[1].json()["kind"] == "incident"


class TestOfficers:
    @pytest.mark.parametrize("username", ["olena", "bohdan", "iryna"])
    def test_investigators_and_juvenile_officers_are_in_charge(self, house: House, username: str) -> None:
        key = house.record_incident(officer=str(account_id(username)))
        assert house.ask("oksana", f"/incidents/{key}").json()["incident"]["officer_username"] == username

    def test_others_are_not_and_who_does_not_exist_is_as_they_are(self, house: House) -> None:
        names = ("halyna", "oksana", "admin", "nobody-of-this-name")
        answers = [house.command("olena", "/incidents", record(officer=name)).json() for name in names]
        for name, answer in zip(names, answers, strict=True):
            assert answer["type"] == "/problems/invalid-value"
            assert answer["field"] == "officer"
            assert answer["fault"] == f"{account_id(name)} is no investigator or juvenile-officer"

    def test_who_may_not_record_learns_nothing_of_accounts(self, house: House) -> None:
        answers = [house.command("oksana", "/incidents", record(officer=name)) for name in ("olena", "nobody")]
        assert [answer.status_code for answer in answers] == [403, 403]
        assert answers[0].json() == answers[1].json()

    def test_a_suspended_one_is_in_charge_of_nothing(self, house: House) -> None:
        person = {"username": "petro", "full_name": "Петро", "password": "a password for tests"}
        account = house.done("admin", "/accounts", {**person, "unit": house.units["investigators"]})["id"]
        house.done("admin", f"/accounts/{account}/roles", {"role": "investigator"})
        house.record_incident(officer=account)
        house.done("admin", f"/accounts/{account}/suspend", {"reason": "Звільнено"})
        assert house.command("olena", "/incidents", record(officer="petro")).json()["field"] == "officer"


def request(camera: str, incident: str) -> dict[str, object]:
    return {
        "legal_basis": "investigator-ruling",
        "reference": "760/1234/26",
        "incident": incident,
        "cameras": [camera],
        "window_from": FILMED_AT.isoformat(),
        "window_to": (FILMED_AT + timedelta(minutes=1)).isoformat(),
        "quota": 5,
        "purpose": "Знайти рюкзак",
        "valid_hours": 24,
    }


def record(officer: str) -> dict[str, object]:
    return {
        "kind": "theft",
        "occurred_from": FILMED_AT.isoformat(),
        "occurred_to": FILMED_AT.isoformat(),
        "region": "UA-30",
        "community": "Подільська",
        "narrative": "Зник велосипед",
        "officer": str(account_id(officer)),
    }
