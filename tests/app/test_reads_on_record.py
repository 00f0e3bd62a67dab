"""Reading somebody else's casework is on record before it is answered (Directive (EU) 2016/680, article 25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

import pytest
from litestar.testing import TestClient

from app.api.asgi import create_app
from app.disclosing import Disclosures
from domain.disclosure import Disclosed
from domain.errors import LogFull
from domain.event import Meta, Recorded
from domain.ids import RECORD, account_id
from domain.log import Change, Receipt
from tests.app.conftest import FILMED_AT, House

WORDS = "red"


@pytest.fixture(scope="module")
def search(house: House, red_film: bytes) -> str:
    """A search of Olena's, with results."""
    house.register_camera("KYIV-601")
    assert house.upload("olena", red_film, "KYIV-601", FILMED_AT).status_code == 201
    house.index_all()
    authorisation = house.authorise(["KYIV-601"])
    return str(house.done("olena", "/searches", {"authorisation": authorisation, "text": WORDS})["id"])


def read(house: House, username: str, path: str, **query: object) -> list[tuple[str, str]]:
    """Asks, and returns what that put on record: each operation and thing."""
    before = house.services.log.head()
    answer = house.ask(username, path, **query)
    assert answer.status_code == 200, answer.text
    added = [row for row in house.services.log.read(after=before) if isinstance(row, Recorded)]
    assert {row.meta.actor for row in added} <= {account_id(username)}
    assert all(isinstance(row.event, Disclosed) for row in added)
    return [(row.event.operation, str(row.event.thing)) for row in added if isinstance(row.event, Disclosed)]


@pytest.mark.parametrize("reader", ["bohdan", "halyna", "oksana"])
def test_reading_a_colleagues_incident_is_on_record(house: House, reader: str) -> None:
    incident = house.record_incident("olena")
    assert read(house, reader, f"/incidents/{incident}") == [("incident.read", incident)]
    assert read(house, reader, f"/incidents/{incident}/timeline") == [("incident.timeline", incident)]


def test_reading_what_one_recorded_oneself_is_not(house: House) -> None:
    incident = house.record_incident("olena")
    assert read(house, "olena", f"/incidents/{incident}") == []
    assert read(house, "olena", f"/incidents/{incident}/timeline") == []


def test_the_officer_in_charge_who_did_not_record_it_is_a_reader(house: House) -> None:
    incident = house.record_incident("olena", officer=str(account_id("bohdan")))
    assert read(house, "bohdan", f"/incidents/{incident}") == [("incident.read", incident)]


def test_reading_a_search_of_somebody_else_is_on_record(house: House, search: str) -> None:
    path = f"/searches/{search}"
    assert read(house, "olena", path) == []
    assert read(house, "oksana", path) == [("search.read", search)]
    assert read(house, "bohdan", path) == [("search.read", search), ("search.read-query", search)]


def test_a_replay_is_a_reading_of_what_it_shows(house: House) -> None:
    incident = house.record_incident("olena")
    assert read(house, "oksana", "/record", stream=incident) == [("replay.read", incident)]
    assert read(house, "oksana", "/record", stream=uuid4()) == [], "it shows nothing"
    assert read(house, "oksana", "/record", limit=1000) == [("replay.read", str(RECORD))]
    head = house.services.log.head()
    assert read(house, "oksana", "/record", after=head - 1) == [], "that it was read, and no more"


def test_a_replay_that_makes_readings_comes_to_an_end(house: House) -> None:
    house.record_incident("olena")
    house.caught_up()
    after, pages = str(house.services.log.head() - 1), 0
    while after is not None:
        page = house.ask("oksana", "/record", after=after, limit=1).json()
        after, pages = page["next"], pages + 1
    assert pages == 3, "the incident, that it was read, and nothing"


def test_lists_are_not_on_record(house: House, search: str) -> None:
    for username, path in (("bohdan", "/incidents"), ("oksana", "/searches"), ("oksana", "/authorisations")):
        assert read(house, username, path) == []


def test_a_reading_that_is_refused_is_no_reading(house: House) -> None:
    hidden = house.record_incident("iryna")
    before = house.services.log.head()
    assert house.ask("olena", f"/incidents/{hidden}").status_code == 404
    assert house.services.log.head() == before


class FullLog:
    """Reads as the real one; nothing can be written."""

    def __init__(self, house: House) -> None:
        self.stream = house.services.log.stream

    def append(self, changes: Sequence[Change], meta: Meta, *, command_digest: bytes = b"") -> Receipt:
        raise LogFull("database or disk is full")


def test_where_it_cannot_be_recorded_nothing_is_answered(house: House, search: str) -> None:
    incident = house.record_incident("olena")
    disclosures = Disclosures(FullLog(house), house.services.vault, house.services.views)  # type: ignore[arg-type]
    with TestClient(create_app(replace(house.services, disclosures=disclosures))) as http:
        full = House(house.services, http, house.folder, house.units)
        for path in (f"/incidents/{incident}", f"/incidents/{incident}/timeline", f"/searches/{search}", "/record"):
            refused = full.ask("oksana", path)
            assert (refused.status_code, refused.json()["type"]) == (507, "/problems/log-full"), path
            assert "Подільська" not in refused.text
        assert full.ask("olena", f"/incidents/{incident}").status_code == 200
