"""No event without actor and purpose: the whole house is used by people who never say what for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from app.call import now
from app.clockwork import Clockwork
from domain.disclosure import Disclosed
from domain.event import Recorded
from domain.ids import SYSTEM_ACTOR, account_id
from domain.prevention_case_events import CaseReassigned
from domain.vocabulary import PURPOSES
from tests.app.conftest import FILM_SECONDS, FILMED_AT, House
from tests.app.prevention_house import ASSESSMENT, IN_CHARGE, SUPERVISOR, Prevention

NOBODY = UUID(int=0)
WAIT_SECONDS = 60.0


def search_and_cut(house: House, film: bytes) -> str:
    """Returns the search."""
    house.register_camera("KYIV-801")
    assert house.upload("olena", film, "KYIV-801", FILMED_AT).status_code == 201
    house.index_all()
    authority = house.authorise(["KYIV-801"])
    found = house.done("olena", "/searches", {"authorisation": authority, "text": "red", "limit": 1})
    hit = f"/searches/{found['id']}/hits/1"
    assert house.ask("olena", f"{hit}/thumbnail").status_code == 200
    house.done("olena", f"{hit}/review", {"verdict": "relevant"})
    house.done("olena", f"{hit}/attach", {"incident": house.record_incident()})
    window = {"from_at": FILMED_AT.isoformat(), "to_at": (FILMED_AT + timedelta(seconds=FILM_SECONDS / 2)).isoformat()}
    sha256 = found["moments"][0]["footage_sha256"]
    cut = house.command("olena", f"/footage/{sha256}/clips", {"authorisation": authority, **window})
    assert cut.status_code == 201, cut.text
    assert house.command("iryna", "/searches", {"authorisation": authority, "text": "red"}).status_code == 403
    house.done("admin", "/cameras/KYIV-801/retention", {"days": 30, "basis": "Наказ 12"})
    house.done("admin", "/footage/scrub")
    return str(found["id"])


def prevent(house: House) -> str:
    """Returns a case that its officer's lapse hands over."""
    prevention = Prevention(house)
    prevention.settle()
    case = prevention.open()
    house.done(IN_CHARGE, f"/cases/{case}/risk", ASSESSMENT)
    assert house.ask(SUPERVISOR, f"/cases/{case}").status_code == 200
    child = house.register_child()["id"]
    body = {"kind": "missing-school", "narrative": "Ночує у під’їзді.", "unit": house.units["juvenile"]}
    house.done("iryna", "/concerns", body)
    refused = house.ask("iryna", f"/children/{child}/identity")
    assert (refused.status_code, refused.json()["field"]) == (422, "Oberih-Purpose")
    missing = {
        "last_seen_at": (now() - timedelta(hours=2)).isoformat(),
        "region": "UA-30",
        "community": "Подільська",
        "place": {"latitude": 50.46, "longitude": 30.51},
        "narrative": "Не повернулася зі школи.",
        "reference": "ЄО 12345",
        "purpose": "Знайти, куди пішла дитина",
        "cameras": ["KYIV-801"],
    }
    house.done("olena", "/missing-children", missing)
    prevention.lapse(IN_CHARGE, house.units["juvenile"])
    return case


@pytest.fixture(scope="module")
def recorded(house: House, red_film: bytes) -> Sequence[Recorded]:
    """All that is in the log at the end."""
    house.purpose = ""
    search = search_and_cut(house, red_film)
    case = UUID(prevent(house))
    assert house.ask("oksana", f"/searches/{search}").status_code == 200
    assert house.http.post("/login", json={"username": "olena", "password": "wrong"}).status_code == 401
    deadline = time.monotonic() + WAIT_SECONDS
    while not any(isinstance(event, CaseReassigned) for event in house.services.log.events(case)):
        assert time.monotonic() < deadline, house.services.background.status()
        time.sleep(0.05)
    Clockwork(house.services.log, house.services.views).tick()
    rows = house.services.log.read(limit=10_000)
    assert len(rows) < 10_000
    return [row for row in rows if isinstance(row, Recorded)]


def test_every_event_says_who_in_which_role_and_what_for(recorded: Sequence[Recorded]) -> None:
    assert len({type(row.event) for row in recorded}) > 30
    for row in recorded:
        assert row.meta.actor != NOBODY, row
        assert row.meta.role, row
        assert row.meta.purpose, row


def test_what_people_did_serves_a_purpose_of_the_list(recorded: Sequence[Recorded]) -> None:
    by_people = [row for row in recorded if row.meta.actor != SYSTEM_ACTOR]
    assert {row.meta.purpose for row in by_people} <= {*PURPOSES, "sign-in"}
    assert {"prevention", "investigation", "missing-person", "administration"} <= {r.meta.purpose for r in by_people}


def test_what_a_process_did_serves_the_purpose_of_what_it_follows(recorded: Sequence[Recorded]) -> None:
    by_place = {f"{row.stream}:{row.version}": row for row in recorded}
    followed = [row for row in recorded if row.meta.causation]
    assert followed
    for row in followed:
        assert row.meta.purpose == by_place[row.meta.causation].meta.purpose


def test_a_purpose_that_was_said_stands(house: House, recorded: Sequence[Recorded]) -> None:
    incident = next(row.stream for row in recorded if row.event.TOPIC == "incident.recorded")
    for said, kept in (("audit:12/26", "audit:12/26"), ("", "prevention")):
        assert house.ask("oksana", f"/incidents/{incident}", purpose=said).status_code == 200
        (last,) = house.services.log.read(after=house.services.log.head() - 1)
        assert isinstance(last, Recorded)
        assert isinstance(last.event, Disclosed)
        assert (last.event.thing, last.meta.actor) == (incident, account_id("oksana"))
        assert last.meta.purpose == kept
