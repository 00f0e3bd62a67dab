"""The CCTV network over HTTP: nearest cameras, uptime, coverage, analytics, programmes and their goals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.call import now
from tests.app.conftest import House

INSTALLED = "2024-09-01T00:00:00+03:00"
PLACES = {"NEAR-1": (50.4501, 30.5234), "NEAR-2": (50.4511, 30.5234), "NEAR-3": (50.47, 30.6), "NEAR-4": (49.84, 24.03)}
PROGRAMME = {
    "name": "Безпечна громада",
    "region": "UA-32",
    "from_at": "2025-01-01T00:00:00+02:00",
    "to_at": "2027-12-31T23:59:59+02:00",
    "funder": "Київська обласна рада",
    "goals": [
        {"kind": "cameras", "target": 2, "by": "2027-12-31T23:59:59+02:00"},
        {"kind": "stations", "target": 7, "by": "2026-12-31T23:59:59+02:00"},
    ],
}


@pytest.fixture(scope="module")
def network(house: House) -> House:
    for name, (latitude, longitude) in PLACES.items():
        house.register_camera(name, latitude=latitude, longitude=longitude, installed_at=INSTALLED)
    house.register_camera("NEAR-5")
    house.done("admin", "/cameras/NEAR-2/outages", {"from_at": (now() - timedelta(days=3)).isoformat()})
    for number in range(3):
        house.register_camera(f"OBL-{number}", region="UA-32", community="Бучанська", installed_at=INSTALLED)
    return house


class TestNetwork:
    def test_the_nearest_first(self, network: House) -> None:
        answer = network.ask("olena", "/cameras/nearest", latitude=50.4501, longitude=30.5234, limit=3)
        items = answer.json()["items"]
        assert [each["name"] for each in items] == ["NEAR-1", "NEAR-2", "NEAR-3"]
        assert items[0]["metres"] == 0
        assert items[1]["metres"] == pytest.approx(111.2, abs=0.2)
        assert items[1]["state"] == "out"

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"latitude": 30.5, "longitude": 50.4}, "latitude"),
            ({"latitude": 50.4, "longitude": 30.5, "limit": 0}, "limit"),
            ({"latitude": 50.4, "longitude": 30.5, "limit": 201}, "limit"),
        ],
    )
    def test_what_is_nowhere(self, network: House, query: dict[str, float], field: str) -> None:
        answer = network.ask("olena", "/cameras/nearest", **query)
        assert (answer.status_code, answer.json()["field"]) == (422, field)

    def test_single_cameras_are_not_for_who_counts(self, network: House) -> None:
        assert network.ask("andrii", "/cameras/nearest", latitude=50, longitude=30).status_code == 403
        assert network.ask("andrii", "/cameras/uptime").status_code == 403
        assert network.ask("andrii", "/cameras/NEAR-1/analytics").status_code == 404

    def test_uptime_of_cameras_and_regions(self, network: House) -> None:
        until = now() - timedelta(days=1)
        window = {"from_at": (until - timedelta(days=4)).isoformat(), "to_at": until.isoformat()}
        found = network.ask("olena", "/cameras/uptime", region="UA-30", limit=200, **window).json()["items"]
        uptimes = {each["name"]: each["uptime"] for each in found}
        assert uptimes["NEAR-1"] == 1.0
        assert uptimes["NEAR-2"] == pytest.approx(0.5, abs=0.01)
        regions = network.ask("andrii", "/network/uptime", **window).json()["regions"]
        kyiv = next(each for each in regions if each["region"] == "UA-30")
        assert kyiv["uptime"] == pytest.approx(1 - 2 / (4 * kyiv["cameras"]), abs=0.01)
        assert network.ask("andrii", "/network/uptime").json()["regions"]

    @pytest.mark.parametrize(
        ("from_at", "to_at", "field"),
        [
            ("2199-01-01T00:00:00Z", "2199-02-01T00:00:00Z", "from_at"),
            ("2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z", "to_at"),
            ("2001-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "from_at"),
        ],
    )
    def test_no_such_window(self, network: House, from_at: str, to_at: str, field: str) -> None:
        answer = network.ask("andrii", "/network/uptime", from_at=from_at, to_at=to_at)
        assert (answer.status_code, answer.json()["field"]) == (422, field)

    def test_coverage(self, network: House) -> None:
        (bucha,) = network.ask("andrii", "/network/coverage", region="UA-32").json()["items"]
        assert (bucha["community"], bucha["cameras"], bucha["placed"]) == ("Бучанська", 3, 0)

    def test_analytics_are_declared(self, network: House) -> None:
        body = {"analytics": True, "from_at": "2025-03-01T00:00:00+02:00"}
        network.done("admin", "/cameras/OBL-2/analytics", body, version=1)
        assert network.ask("olena", "/cameras/OBL-2").json()["camera"]["analytics"] is True
        said = network.ask("olena", "/cameras/OBL-2/analytics").json()["items"]
        assert [each["analytics"] for each in said] == [False, True]
        assert network.command("halyna", "/cameras/OBL-2/analytics", body).status_code == 403


@pytest.fixture(scope="module")
def programme(network: House) -> str:
    return str(network.done("halyna", "/programmes", PROGRAMME)["id"])


class TestProgrammes:
    def test_from_adoption_to_what_it_paid_for(self, network: House, programme: str) -> None:
        path = f"/programmes/{programme}"
        body: dict[str, Any] = {"cameras": ["OBL-0", "obl-1"], "amount_kopecks": 5_000_00, "funder": "Громада"}
        network.done("admin", f"{path}/fundings", body, version=1)
        network.done("admin", f"{path}/fundings", {**body, "funder": "Помилка"}, version=2)
        network.done("halyna", f"{path}/fundings/2/withdraw", version=3)
        shown = network.ask("andrii", path)
        told = shown.json()
        assert shown.headers["ETag"] == '"4"'
        assert (told["programme"]["cameras_funded"], told["programme"]["amount_kopecks"]) == (2, 5_000_00)
        assert [each["withdrawn"] for each in told["fundings"]] == [False, True]
        assert [(each["reached"], each["standing"]) for each in told["goals"]] == [
            (3, "reached"),
            (0, "open"),
        ]
        paid = network.ask("olena", f"{path}/cameras").json()["items"]
        assert [each["name"] for each in paid] == ["OBL-0", "OBL-1"]
        assert network.ask("andrii", f"{path}/cameras").status_code == 403
        listed = network.ask("andrii", "/programmes", region="UA-32").json()["items"]
        assert [each["programme"] for each in listed] == [programme]

    def test_adopted_twice_it_is_refused(self, network: House, programme: str) -> None:
        answer = network.command("halyna", "/programmes", PROGRAMME)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/already-exists")

    @pytest.mark.parametrize("named", ["NEAR-1", "NOBODY-1"])
    def test_only_cameras_of_its_region_are_funded(self, network: House, programme: str, named: str) -> None:
        body = {"cameras": [named], "amount_kopecks": 1, "funder": "Громада"}
        answer = network.command("admin", f"/programmes/{programme}/fundings", body)
        assert (answer.status_code, answer.json()["field"]) == (422, "cameras")
        assert named in answer.json()["detail"]

    def test_who_keeps_and_who_reads(self, network: House, programme: str) -> None:
        body = {"cameras": ["OBL-2"], "amount_kopecks": 1, "funder": "Інша"}
        for username, status in (("olena", 403), ("oksana", 403), ("andrii", 403)):
            assert network.command(username, f"/programmes/{programme}/fundings", body).status_code == status
            assert network.command(username, "/programmes", {**PROGRAMME, "name": "Інша"}).status_code == 403
            assert network.ask(username, f"/programmes/{programme}").status_code == 200
        assert network.ask("olena", f"/programmes/{uuid4()}").status_code == 404
