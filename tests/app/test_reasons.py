"""Why people decided so: sealed, opened for those whom it concerns, and on record before it is answered."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from tests.app.conftest import FILMED_AT, House

CAMERA = "KYIV-071"


@pytest.fixture(scope="module")
def shelved(house: House, red_film: bytes) -> str:
    house.register_camera(CAMERA)
    assert house.upload("olena", red_film, CAMERA, FILMED_AT).status_code == 201
    return hashlib.sha256(red_film).hexdigest()


def texts(house: House, who: str, path: str) -> list[str | None]:
    answer = house.ask(who, path)
    assert answer.status_code == 200, answer.text
    return [each["text"] for each in answer.json()["items"]]


def disclosed(house: House, operation: str) -> list[str]:
    found = house.ask("oksana", "/record/disclosures", operation=operation).json()["items"]
    return [each["actor_username"] for each in found]


def test_whoever_agrees_to_an_erasure_reads_why(house: House, shelved: str) -> None:
    path = f"/footage/{shelved}/reasons"
    assert texts(house, "admin", path) == []
    assert disclosed(house, "footage.read-reasons") == []  # nothing was there to disclose
    order = {"order": "757/1204/26-К", "reason": "ухвала суду про знищення"}
    house.done("admin", f"/footage/{shelved}/erasure", order)
    house.create_account("varvara", house.units["duty"], "administrator")
    assert texts(house, "varvara", path) == ["ухвала суду про знищення"]
    assert disclosed(house, "footage.read-reasons") == ["varvara"]
    house.done("varvara", f"/footage/{shelved}/erasure/refuse", {"reason": "ухвалу скасовано"})
    (asked, refused) = house.ask("admin", path).json()["items"]
    assert (asked["topic"], asked["by_username"]) == ("footage.erasure-requested", "admin")
    assert (refused["topic"], refused["by_username"]) == ("footage.erasure-refused", "varvara")


def test_why_footage_is_held_is_for_the_unit_that_it_serves(house: House, shelved: str) -> None:
    body = {
        "cameras": [CAMERA],
        "from_at": FILMED_AT.isoformat(),
        "to_at": (FILMED_AT + timedelta(minutes=1)).isoformat(),
        "case": "12026100070001234",
        "reason": "свідок назвав хлопця",
    }
    path = f"/holds/{house.done('olena', '/holds', body)['id']}/reasons"
    assert texts(house, "bohdan", path) == ["свідок назвав хлопця"]
    for other in ("taras", "oksana", "admin"):
        assert house.ask(other, path).status_code == 403
    assert disclosed(house, "hold.read-reasons") == ["bohdan"]


def test_reasons_of_incidents_authorisations_and_accounts(house: House) -> None:
    incident = house.record_incident()
    house.done("halyna", f"/incidents/{incident}/void", {"reason": "записано двічі"})
    assert texts(house, "halyna", f"/incidents/{incident}/reasons") == ["записано двічі"]
    asked = house.authorise([CAMERA], approve=False)
    house.done("taras", f"/authorisations/{asked}/refuse", {"reason": "вікно завелике"})
    assert texts(house, "olena", f"/authorisations/{asked}/reasons") == ["вікно завелике"]
    account = house.create_account("petro", house.units["duty"], "supervisor")
    house.done("admin", f"/accounts/{account}/suspend", {"reason": "звільнився"})
    assert texts(house, "admin", f"/accounts/{account}/reasons") == ["звільнився"]
    assert house.ask("iryna", f"/authorisations/{asked}/reasons").status_code == 404
