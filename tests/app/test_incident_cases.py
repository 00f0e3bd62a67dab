"""An incident's prevention cases: linked by those who may know of both, and hidden from everybody else."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.app.conftest import House
from tests.app.prevention_house import COLLEAGUE, IN_CHARGE, OTHER_OFFICER, SUPERVISOR, Prevention


@pytest.fixture(scope="module")
def prevention(house: House) -> Prevention:
    prevention = Prevention(house)
    prevention.settle()
    return prevention


def cases(house: House, who: str, incident: str) -> list[str]:
    answer = house.ask(who, f"/incidents/{incident}/cases")
    assert answer.status_code == 200, answer.text
    return [each["case"] for each in answer.json()["items"]]


def test_a_case_is_linked_seen_and_taken_back(prevention: Prevention) -> None:
    house, case = prevention.house, prevention.open()
    incident = house.record_incident(IN_CHARGE)
    before = house.ask(IN_CHARGE, f"/incidents/{incident}").json()["incident"]["version"]
    house.done(IN_CHARGE, f"/incidents/{incident}/cases", {"case": case})
    for who in (IN_CHARGE, COLLEAGUE, SUPERVISOR, "oksana"):
        assert cases(house, who, incident) == [case], who
    assert house.ask(IN_CHARGE, f"/incidents/{incident}").json()["incident"]["version"] == before
    assert case not in house.ask(IN_CHARGE, f"/incidents/{incident}/timeline").text
    stale = house.command(IN_CHARGE, f"/incidents/{incident}/cases/{case}/unlink", version=9)
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
    house.done(IN_CHARGE, f"/incidents/{incident}/cases/{case}/unlink", version=1)
    assert cases(house, IN_CHARGE, incident) == []


def test_a_case_that_is_not_theirs_to_know_is_as_one_that_does_not_exist(prevention: Prevention) -> None:
    house, case = prevention.house, prevention.open()
    theirs = house.record_incident(OTHER_OFFICER)
    answers = [
        house.command(OTHER_OFFICER, f"/incidents/{theirs}/cases", {"case": key}) for key in (case, str(uuid4()))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert {answer.json()["detail"].split()[-2] for answer in answers} == {"prevention-case"}


def test_an_investigator_hears_the_same_whether_there_is_a_case_or_not(prevention: Prevention) -> None:
    house, case = prevention.house, prevention.open()
    linked, plain = house.record_incident(IN_CHARGE), house.record_incident(IN_CHARGE)
    house.done(IN_CHARGE, f"/incidents/{linked}/cases", {"case": case})
    answers = [house.ask("olena", f"/incidents/{key}/cases") for key in (linked, str(uuid4()))]
    assert [answer.status_code for answer in answers] == [404, 404], "another unit's incident"
    own = house.record_incident("olena")
    refused = house.ask("olena", f"/incidents/{own}/cases")
    assert refused.status_code == 403
    assert house.command("olena", f"/incidents/{own}/cases", {"case": case}).status_code == 403
    assert cases(house, IN_CHARGE, plain) == []


def test_a_refusal_is_in_ukrainian_where_that_is_asked_for(house: House) -> None:
    headers = {"Authorization": f"Bearer {house.token('olena')}", "Accept-Language": "uk"}
    incident = house.record_incident("olena")
    refused = house.http.get(f"/incidents/{incident}/cases", headers=headers).json()
    assert "керівники підрозділу" in refused["detail"]
    body = {"last_seen_at": "2026-01-20T12:40:00+02:00", "region": "UA-30", "community": "Подільська",
            "narrative": "Червона куртка", "reference": "ЄО 1", "purpose": "Знайти"}  # fmt: skip
    long_ago = house.http.post("/missing-children", json=body, headers=headers).json()
    assert long_ago["detail"] == (
        "last_seen_at: понад 29 днів тому, а за такий час записи камер не шукають; "
        "зареєструйте подію через POST /incidents і просіть дозвіл на те, що треба шукати"
    )
