"""The national picture over HTTP: who gets what of it; claims stand beside the counts and never enter one."""

from __future__ import annotations

import csv
import io
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree as Xml

import pytest

from app.api.words import LISTS
from app.call import now
from domain.kyiv_time import KYIV
from domain.national import words
from domain.national.seed_claims import SEED_CLAIMS
from domain.vocabulary import REGIONS
from tests.app.conftest import House
from tests.app.test_incident_counts import MARCH, WINDOW, Writer

CLAIM = {"measure": "cameras", "region": "UA-46", "value": 812, "as_of": "2025-03", "source": "Львівська ОВА"}
SENSITIVE = ("incidents-against", "incidents-by")


@pytest.fixture(scope="module", autouse=True)
def recorded(house: House) -> None:
    theirs, others = (Writer(house, UUID(house.units[unit])) for unit in ("investigators", "duty"))
    theirs.record(9, "UA-30", "victim")
    theirs.record(2, "UA-46", "victim", "offender", at=MARCH)
    others.record(6, "UA-51", "victim")
    house.register_camera("NAT-1", region="UA-46", analytics=True)
    house.register_camera("NAT-2", region="UA-46")
    house.done("admin", "/cameras/NAT-2/decommission", {"at": "2026-03-20T00:00:00+02:00"})
    house.register_camera("NAT-3", region="UA-30", installed_at="2026-04-02T00:00:00+03:00")


def asked(house: House, who: str, **more: str) -> dict[str, Any]:
    answer = house.ask(who, "/national", **WINDOW, **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def cells(answer: dict[str, Any], measure: str) -> dict[str, list[int | None]]:
    return {each["region"]: each["counts"][measure]["cells"] for each in answer["regions"]}


def shown(answer: dict[str, Any]) -> dict[str, str]:
    return {each["measure"]: each["shown"] for each in answer["measures"]}


class TestCounts:
    def test_what_stands_is_counted_at_the_end_of_each_month(self, house: House) -> None:
        for who in ("andrii", "oksana", "taras", "admin"):
            answer = asked(house, who)
            assert answer["months"] == ["2026-03", "2026-04"]
            of = cells(answer, "cameras")
            assert (of["UA-46"], of["UA-30"], of["UA-05"]) == ([1, 1], [0, 1], [None, None])
            assert cells(answer, "cameras-with-analytics")["UA-46"] == [1, 1]
            assert cells(answer, "cameras-with-analytics")["UA-30"] == [0, 0]
            (country,) = (each["country"] for each in answer["measures"] if each["measure"] == "cameras")
            assert country == {"cells": [1, 2], "value": 2, "left_out": 0}
            assert cells(answer, "juvenile-officers")["UA-30"] == [0, 0]

    def test_an_analyst_gets_the_counts_that_are_published_and_no_others(self, house: House) -> None:
        answer = asked(house, "andrii")
        assert {shown(answer)[measure] for measure in SENSITIVE} == {"suppressed"}
        for measure, side in zip(SENSITIVE, ("against", "by"), strict=True):
            table = house.ask("andrii", "/counts/incidents", side=side, **WINDOW).json()
            assert cells(answer, measure) == {each["region"]: each["cells"] for each in table["regions"]}
            (country,) = (each["country"] for each in answer["measures"] if each["measure"] == measure)
            assert country["cells"] == table["month_totals"]
        assert cells(answer, "incidents-against")["UA-30"] == [9, None]
        assert cells(answer, "incidents-against")["UA-46"] == [None, None]
        assert cells(answer, "incidents-against")["UA-51"] == [None, None], "the smallest that could be shown"

    def test_who_reads_incidents_counts_those_that_they_may_read(self, house: House) -> None:
        for who, lviv, odesa in (("oksana", 2, 6), ("taras", 0, 6), ("halyna", 2, 0)):
            answer = asked(house, who)
            assert {shown(answer)[measure] for measure in SENSITIVE} == {"own"}, who
            of = cells(answer, "incidents-against")
            assert (of["UA-46"], of["UA-51"]) == ([lviv, 0], [odesa, 0]), who

    def test_an_analyst_who_reads_incidents_too_does_not_get_what_is_published(self, house: House) -> None:
        """They could take what they know from the totals."""
        house.create_account("both", house.units["duty"], "analyst", "supervisor")
        assert {shown(asked(house, "both"))[measure] for measure in SENSITIVE} == {"own"}

    def test_administration_gets_none_of_them(self, house: House) -> None:
        answer = asked(house, "admin")
        assert {shown(answer)[measure] for measure in SENSITIVE} == {"withheld"}
        for measure in SENSITIVE:
            assert set(map(tuple, cells(answer, measure).values())) == {(None, None)}
        assert house.ask("admin", "/national.svg", measure="incidents-by").status_code == 403
        assert {row[-1] for row in sheet(house, "admin")[1:]} == {"не для вас"}

    def test_one_region_is_a_part_of_the_same_picture(self, house: House) -> None:
        whole, part = asked(house, "andrii"), asked(house, "andrii", region="UA-46")
        assert part["regions"] == [each for each in whole["regions"] if each["region"] == "UA-46"]
        assert part["measures"] == whole["measures"]

    @pytest.mark.parametrize("who", ["olena", "iryna"])
    @pytest.mark.parametrize("path", ["/national", "/national.csv", "/national.svg"])
    def test_it_is_not_for_those_who_work_in_one_place(self, house: House, who: str, path: str) -> None:
        refused = house.ask(who, path)
        assert (refused.status_code, refused.json()["type"].rsplit("/")[-1]) == (403, "forbidden")

    @pytest.mark.parametrize(
        ("path", "asked_for", "field"),
        [
            ("/national", {"to_month": "2199-01", "from_month": "2199-01"}, "to_month"),
            ("/national", {"from_month": "2020-01"}, "to_month"),
            ("/national.csv", {"region": "UA-99"}, "region"),
            ("/national.svg", {"measure": "stations-before"}, "measure"),
            ("/national.svg", {"region": "UA-30"}, "region"),
        ],
    )
    def test_what_is_no_picture(self, house: House, path: str, asked_for: dict[str, str], field: str) -> None:
        refused = house.ask("andrii", path, **asked_for)
        assert (refused.status_code, refused.json()["field"]) == (422, field)

    def test_the_month_that_is_not_over_counts_as_it_stands_now(self, house: House) -> None:
        answer = house.ask("andrii", "/national").json()
        assert answer["months"][-1] == f"{now().astimezone(KYIV):%Y-%m}"
        assert cells(answer, "cameras")["UA-46"][-1] == 1


def sheet(house: House, who: str, path: str = "/national.csv", language: str = "uk") -> list[list[str]]:
    headers = {"Authorization": f"Bearer {house.token(who)}", "Accept-Language": language}
    answer = house.http.get(path, params=WINDOW if path == "/national.csv" else {}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_a_sheet_tells_what_the_document_tells(house: House) -> None:
    answer = asked(house, "andrii")
    head, *rows = sheet(house, "andrii", language="en")
    assert head[:4] == ["Region code", "Region", "Month", "cameras"]
    assert len(rows) == (len(REGIONS) + 1) * 2
    for place, measure in enumerate(shown(answer), start=3):
        told = {(row[0], row[2]): row[place] for row in rows}
        for region, of_region in cells(answer, measure).items():
            for month, cell in zip(answer["months"], of_region, strict=True):
                assert told[region, month] == str(cell) or (cell is None and not told[region, month].isdecimal())


@pytest.mark.parametrize(("language", "title"), [("uk", "Події щодо дітей"), ("en", "Incidents against children")])
def test_a_map_tells_what_the_document_tells(house: House, language: str, title: str) -> None:
    headers = {"Authorization": f"Bearer {house.token('andrii')}", "Accept-Language": language}
    answer = house.http.get("/national.svg", params={"measure": "incidents-against", **WINDOW}, headers=headers)
    assert answer.headers["content-type"] == "image/svg+xml"
    root = Xml.fromstring(answer.content)
    written = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert written[0] == title
    assert "≥\u00a09" in written
    assert "2" not in written, "left out"


class TestClaims:
    def test_they_are_loaded_once_and_what_was_changed_since_stays(self, house: House) -> None:
        before = asked(house, "andrii")
        loaded = house.done("andrii", "/claims/seed")
        assert len(loaded["stated"]) == len(SEED_CLAIMS)
        said = {(each["measure"], each["region"], each["as_of"]): each for each in listed(house)}
        slip, analytics = said["incidents-against", "", "2021-05"], said["cameras-with-analytics", "", "2021-05"]
        assert (slip["value"], slip["remark"]) == (1_200_000, "likely-about-1200")
        body = {"value": 3_301, "precision": "about", "as_of": "2021-05", "source": "НПУ", "cause": "misread"}
        house.done("admin", f"/claims/{analytics['claim']}/correct", body, version=1)
        house.done("andrii", f"/claims/{slip['claim']}/withdraw", {"cause": "source-withdrew"})
        assert house.done("admin", "/claims/seed")["stated"] == []
        now_said = {each["claim"]: each for each in listed(house)}
        assert now_said[analytics["claim"]]["value"] == 3_301
        assert now_said[slip["claim"]]["state"] == "withdrawn"

        after = asked(house, "andrii")
        assert [bare(each) for each in after["regions"]] == [bare(each) for each in before["regions"]]
        assert (after["measures"], before["claims"]) == (before["measures"], [])
        beside = [each for each in after["claims"] if each["measure"] == "cameras"]
        assert [(each["claimed"], each["precision_label"], each["source"]) for each in beside] == [
            (31_000, "близько", "National Police of Ukraine, May 2021")
        ]
        assert not [each for each in after["claims"] if each["claim"] == slip["claim"]]
        (kyiv,) = (each for each in after["regions"] if each["region"] == "UA-30")
        assert [each["claimed"] for each in kyiv["claims"]] == [6_750]
        assert not {"value", "cells", "left_out"} & kyiv["claims"][0].keys(), "a claim has no field of a count"
        written = sheet(house, "olena", "/claims.csv")
        assert len(written) == len(SEED_CLAIMS)  # without the withdrawn one, and with a heading

    def test_one_is_stated_with_its_source_and_read_by_everybody(self, house: House) -> None:
        done = house.done("andrii", "/claims", CLAIM)
        for who in ("olena", "iryna", "taras", "oksana", "andrii", "admin"):
            read = house.ask(who, f"/claims/{done['id']}")
            assert read.headers["ETag"] == '"1"'
            assert {name: read.json()[name] for name in CLAIM} == CLAIM
            assert read.json()["by_username"] == "andrii"
        again = house.command("admin", "/claims", {**CLAIM, "value": 9})
        assert (again.status_code, again.json()["type"].rsplit("/")[-1]) == (409, "already-exists")
        assert asked(house, "admin", region="UA-46")["regions"][0]["claims"][0]["claimed"] == 812

    @pytest.mark.parametrize("who", ["olena", "iryna", "taras", "oksana"])
    def test_it_is_kept_by_analysts_and_administrators(self, house: House, who: str) -> None:
        key = listed(house)[0]["claim"]
        for path, body in (
            ("/claims", CLAIM),
            ("/claims/seed", {}),
            (f"/claims/{key}/withdraw", {"cause": "no-source"}),
        ):
            assert house.command(who, path, body).status_code == 403, path

    def test_there_is_no_such_claim(self, house: House) -> None:
        for path in ("correct", "withdraw"):
            body = {"cause": "no-source"} if path == "withdraw" else {
                "value": 1, "as_of": "2025", "source": "х", "cause": "misread"}  # fmt: skip
            assert house.command("andrii", f"/claims/{uuid4()}/{path}", body).status_code == 404
        assert house.ask("andrii", f"/claims/{uuid4()}").status_code == 404


def test_every_list_of_labels_is_told() -> None:
    held = [each for each in vars(words).values() if isinstance(each, MappingProxyType)]
    assert len(held) == 7
    assert [each for each in held if not any(each is told for told in LISTS.values())] == []


def listed(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.ask("olena", "/claims", limit=200).json()["items"]
    return found


def bare(region: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in region.items() if name != "claims"}
