"""Initiatives over HTTP: who leads and reads them, and public commitments, reminded of and missed in their time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.call import now
from app.clockwork import Clockwork, system_meta
from domain.disclosure import Disclosed
from domain.event import Recorded
from domain.ids import CHILD_REGISTER, account_id
from domain.initiatives.initiative_events import CommitmentMade, CommitmentMissed, CommitmentReminded
from domain.log import Change
from tests.app.conftest import House
from tests.app.neighbourhood import (
    HERE,
    JUVENILE,
    OFFICER,
    OTHER_OFFICER,
    PARTNER,
    POLICE_SUPERVISOR,
    THERE,
    Neighbourhood,
)
from tests.app.prevention_house import ago, ahead

SAID = "Від зупинки темно; Марія Коваль каже, що син ходить проїжджою частиною."
ISSUE = {"category": "lighting", "met_at": ago(2), "narrative": SAID}
COMMITMENT = {
    "body": "Відділ благоустрою",
    "what": "Освітити тротуар від зупинки до ліцею",
    "due_at": ahead(30),
}
PUBLIC = "/public/commitments"


@pytest.fixture(scope="module")
def around(house: House) -> Neighbourhood:
    neighbourhood = Neighbourhood(house)
    neighbourhood.settle()
    return neighbourhood


@pytest.fixture
def initiative(around: Neighbourhood) -> str:
    return str(around.house.done(OFFICER, "/initiatives", {"title": "Безпечний шлях до школи"})["id"])


def told(around: Neighbourhood, **filters: object) -> list[dict[str, object]]:
    """As somebody reads it who never signed in."""
    around.house.caught_up()
    answer = around.house.http.get(PUBLIC, params=filters)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


def made(around: Neighbourhood, initiative: str, due_at: datetime, remind_at: datetime) -> UUID:
    """A commitment of some time ago, as if it had been made then."""
    stream, key = UUID(initiative), uuid4()
    event = CommitmentMade(
        commitment=key,
        body="Відділ благоустрою",
        what="Освітити тротуар",
        made_at=now() - timedelta(days=60),
        due_at=due_at,
        remind_at=remind_at,
        by=account_id(OFFICER),
    )
    log = around.house.services.log
    log.append([Change(stream, len(log.events(stream)), (event,))], system_meta("test"))
    around.house.caught_up()
    return key


def tick(around: Neighbourhood) -> None:
    Clockwork(around.house.services.log, around.house.services.views).tick()
    around.house.caught_up()


class TestRoad:
    def test_from_what_residents_raise_to_a_commitment_that_is_kept(
        self, around: Neighbourhood, initiative: str
    ) -> None:
        house = around.house
        issue = house.done(OFFICER, f"/initiatives/{initiative}/issues", ISSUE)["id"]
        body = {**COMMITMENT, "issue": issue}
        key = house.done(POLICE_SUPERVISOR, f"/initiatives/{initiative}/commitments", body)["id"]
        (shown,) = told(around, initiative=initiative)
        assert (shown["commitment"], shown["body"], shown["state"]) == (key, COMMITMENT["body"], "open")
        assert (shown["community_name"], shown["category"]) == ("Подільська", "lighting")
        house.done(OFFICER, f"/initiatives/{initiative}/commitments/{key}/keep", {"kept_at": now().isoformat()})
        (shown,) = told(around, initiative=initiative)
        assert (shown["state"], shown["missed_at"]) == ("kept", None)
        again = house.command(OFFICER, f"/initiatives/{initiative}/commitments/{key}/miss").json()
        assert (again["type"], again["state"]) == ("/problems/wrong-state", "kept")
        listed = house.ask(OFFICER, "/initiatives").json()["items"]
        (mine,) = (each for each in listed if each["initiative"] == initiative)
        assert (mine["issues_count"], mine["commitments_count"], mine["version"]) == (1, 1, 4)

    def test_what_everybody_reads_names_no_child_and_that_it_was_looked_up_is_on_record(
        self, around: Neighbourhood, initiative: str
    ) -> None:
        house, named = around.house, "Ліхтар для Соломії Перебийніс"
        house.register_child(JUVENILE, surname="Перебийніс", given_name="Соломія")
        before = house.services.log.head()
        commitments = f"/initiatives/{initiative}/commitments"
        for path, body in (("/initiatives", {"title": named}), (commitments, {**COMMITMENT, "what": named})):
            refused = house.command(OFFICER, path, body)
            assert (refused.status_code, refused.json()["type"]) == (422, "/problems/child-named")
        looked = [row.event for row in house.services.log.read(after=before) if isinstance(row, Recorded)]
        assert [event.thing for event in looked if isinstance(event, Disclosed)] == [CHILD_REGISTER] * 2
        assert house.command(OTHER_OFFICER, commitments, {**COMMITMENT, "what": named}).status_code == 404

    def test_launched_by_who_leads_there(self, around: Neighbourhood) -> None:
        body = {"title": "Разом", "community": str(THERE)}
        assert around.house.command(OTHER_OFFICER, "/initiatives", {"title": "Разом"}).status_code == 201
        for username in (OFFICER, POLICE_SUPERVISOR, JUVENILE, PARTNER, "admin", "oksana"):
            assert around.house.command(username, "/initiatives", body).status_code == 403, username

    def test_a_repeated_command_gets_its_receipt(self, around: Neighbourhood, initiative: str) -> None:
        path = f"/initiatives/{initiative}/commitments"
        first, again = (around.house.done(OFFICER, path, COMMITMENT, key=f"once {initiative}") for _ in range(2))
        assert first == again
        assert len(told(around, initiative=initiative)) == 1


class TestWhoSees:
    def test_what_residents_said_is_opened_on_record_by_who_leads(self, around: Neighbourhood, initiative: str) -> None:
        house = around.house
        house.done(OFFICER, f"/initiatives/{initiative}/issues", ISSUE)
        for username in (OFFICER, POLICE_SUPERVISOR):
            (opened,) = house.ask(username, f"/initiatives/{initiative}/issues").json()["items"]
            assert (opened["category"], opened["text"]) == ("lighting", SAID)
        made = house.ask("oksana", "/record/disclosures", thing=initiative).json()["items"]
        assert [each["operation"] for each in made] == ["initiative.read-issues"] * 2
        for username in (OFFICER, "oksana"):
            assert SAID not in house.ask(username, f"/initiatives/{initiative}").text
        assert house.ask("oksana", f"/initiatives/{initiative}/issues").status_code == 403

    def test_for_everybody_else_there_is_none(self, around: Neighbourhood, initiative: str) -> None:
        nothing, house = str(uuid4()), around.house
        for username in (OTHER_OFFICER, PARTNER, JUVENILE, "olena", "taras", "admin"):
            for part in ("", "/issues"):
                hidden, absent = (house.ask(username, f"/initiatives/{each}{part}") for each in (initiative, nothing))
                assert (hidden.status_code, absent.status_code) == (404, 404), username
                assert hidden.text.replace(initiative, nothing) == absent.text
            posted = [
                house.command(username, f"/initiatives/{each}/commitments", COMMITMENT)
                for each in (initiative, nothing)
            ]
            assert {each.status_code for each in posted} == {404}
        assert initiative not in house.ask(OTHER_OFFICER, "/initiatives").text
        assert house.ask(PARTNER, "/initiatives").status_code == 403


class TestPublic:
    def test_everybody_reads_them_without_signing_in_and_what_was_said_is_not_in_it(
        self, around: Neighbourhood, initiative: str
    ) -> None:
        issue = around.house.done(OFFICER, f"/initiatives/{initiative}/issues", ISSUE)["id"]
        path = f"/initiatives/{initiative}/commitments"
        around.house.done(OFFICER, path, {**COMMITMENT, "issue": issue})
        around.house.caught_up()
        answer = around.house.http.get(PUBLIC)
        assert answer.status_code == 200
        assert COMMITMENT["what"] in answer.text
        assert SAID not in answer.text
        assert str(account_id(OFFICER)) not in answer.text
        assert around.house.http.get("/initiatives").status_code == 401

    def test_by_community_state_and_day(self, around: Neighbourhood, initiative: str) -> None:
        path = f"/initiatives/{initiative}/commitments"
        key = around.house.done(OFFICER, path, COMMITMENT)["id"]
        for filters, found in (
            ({"community": str(HERE)}, True),
            ({"community": str(THERE)}, False),
            ({"region": "UA-30"}, True),
            ({"region": "UA-46"}, False),
            ({"commitment_state": "open"}, True),
            ({"commitment_state": "missed"}, False),
            ({"due_within_days": 29}, False),
            ({"due_within_days": 31}, True),
        ):
            assert (key in [each["commitment"] for each in told(around, **filters, limit=200)]) == found, filters
        for name, value in (("commitment_state", "late"), ("region", "Київ"), ("street", "x")):
            assert around.house.http.get(PUBLIC, params={name: value}).status_code == 422, name


class TestTime:
    def test_it_is_reminded_of_before_its_day_and_once(self, around: Neighbourhood, initiative: str) -> None:
        key = made(around, initiative, now() + timedelta(days=3), now() - timedelta(minutes=1))
        for _ in range(2):
            tick(around)
        events = around.house.services.log.events(UUID(initiative))
        assert [type(event) for event in events[2:]] == [CommitmentReminded]
        (shown,) = told(around, initiative=initiative)
        assert (shown["commitment"], shown["state"]) == (str(key), "open")
        assert shown["reminded_at"] is not None

    def test_when_its_day_is_over_it_is_missed_and_the_clockwork_says_so_once(
        self, around: Neighbourhood, initiative: str
    ) -> None:
        due = now() - timedelta(days=1)
        key = made(around, initiative, due, due - timedelta(days=7))
        waits = made(around, initiative, now() + timedelta(days=30), now() + timedelta(days=23))
        assert {each["commitment"]: each["state"] for each in told(around, initiative=initiative)} == {
            str(key): "missed",
            str(waits): "open",
        }
        for _ in range(2):
            tick(around)
        events = around.house.services.log.events(UUID(initiative))
        assert list(events[3:]) == [CommitmentMissed(commitment=key, at=due)]
        path = f"/initiatives/{initiative}/commitments/{key}/keep"
        around.house.done(OFFICER, path, {"kept_at": (due + timedelta(hours=5)).isoformat()})
        (late,) = told(around, initiative=initiative, commitment_state="kept-late")
        assert late["commitment"] == str(key)
        assert late["missed_at"] is not None

    def test_what_will_not_be_kept_is_said_before_its_day(self, around: Neighbourhood, initiative: str) -> None:
        path = f"/initiatives/{initiative}/commitments"
        key = around.house.done(OFFICER, path, COMMITMENT)["id"]
        around.house.done(OFFICER, f"{path}/{key}/miss")
        (shown,) = told(around, initiative=initiative)
        assert shown["state"] == "missed"
