"""The queue of a client that was offline: in order, each command once, each answered as if it had come alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.app.conftest import House
from tests.app.prevention_house import (
    ASSESSMENT,
    COLLEAGUE,
    CONTACT,
    IN_CHARGE,
    MEASURE,
    SUPERVISOR,
    Prevention,
    ahead,
)


@pytest.fixture(scope="module")
def prevention(house: House) -> Prevention:
    made = Prevention(house)
    made.settle()
    return made


def queued(path: str, body: object, *, version: int | None = None, **more: Any) -> dict[str, Any]:
    return {"path": path, "body": body, "idempotency_key": uuid4().hex, "expected_version": version, **more}


def sent(house: House, username: str, *commands: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.done(username, "/queue", {"commands": list(commands), **more})["answers"]
    assert [each["idempotency_key"] for each in found] == [each["idempotency_key"] for each in commands]
    return found


def topics(house: House, stream: str) -> list[str]:
    return [recorded.event.TOPIC.partition(".")[2] for recorded in house.services.log.stream(UUID(stream))]


def test_in_order_and_each_is_answered(house: House, prevention: Prevention) -> None:
    case = prevention.open()
    answers = sent(
        house,
        IN_CHARGE,
        queued(f"/cases/{case}/contacts", CONTACT, version=2),
        queued(f"/cases/{case}/measures", MEASURE, version=3),
        queued(f"/cases/{case}/risk", {**ASSESSMENT, "protective_factors": []}),
        queued(f"/cases/{uuid4()}/contacts", CONTACT),
        queued(f"/cases/{case}/contacts", {**CONTACT, "kind": "visit"}),
    )
    assert [each["status"] for each in answers] == [200, 200, 422, 404, 200]
    assert [each["version"] for each in answers] == [3, 4, None, None, 5]
    assert answers[2]["answer"]["field"] == "protective_factors"
    assert topics(house, case) == ["opened", "assigned", "contact-noted", "measure-scheduled", "contact-noted"]


def test_what_somebody_changed_meanwhile_is_not_overwritten(house: House, prevention: Prevention) -> None:
    """The supervisor extended the term while the officer was offline: the officer's command says so, and is lost by
    nobody; what does not depend on it is done."""
    case = prevention.open()
    house.done(SUPERVISOR, f"/cases/{case}/extend", {"term_ends": ahead(200), "reason": "Ще"}, version=2)
    stale, free = sent(
        house,
        IN_CHARGE,
        queued(f"/cases/{case}/risk", ASSESSMENT, version=2),
        queued(f"/cases/{case}/contacts", CONTACT),
    )
    assert (stale["status"], stale["version"], stale["answer"]["current_version"]) == (412, 3, 3)
    assert (free["status"], free["version"]) == (200, 4)
    assert topics(house, case) == ["opened", "assigned", "term-extended", "contact-noted"]


def test_the_whole_queue_sent_again_does_nothing_twice(house: House, prevention: Prevention) -> None:
    case = prevention.open()
    commands = [queued(f"/cases/{case}/contacts", CONTACT, version=2), queued(f"/cases/{case}/measures", MEASURE)]
    first = sent(house, IN_CHARGE, *commands)
    assert sent(house, IN_CHARGE, *commands) == first
    alone = house.command(IN_CHARGE, commands[0]["path"], CONTACT, key=commands[0]["idempotency_key"], version=2)
    assert alone.json() == first[0]["answer"], "the same command, whichever way it comes"
    assert topics(house, case) == ["opened", "assigned", "contact-noted", "measure-scheduled"]


def test_a_thing_made_offline_is_named_by_its_place(house: House, prevention: Prevention) -> None:
    incident = {
        "kind": "theft",
        "occurred_from": "2026-03-02T10:00:00+02:00",
        "occurred_to": "2026-03-02T10:00:00+02:00",
        "region": "UA-30",
        "community": "Подільська",
        "narrative": "Зник велосипед",
    }
    recorded, linked = sent(
        house, IN_CHARGE, queued("/incidents", incident), queued("/incidents/@1/children", {"role": "offender"})
    )
    assert (recorded["status"], linked["status"]) == (201, 200)
    assert linked["answer"]["id"] == recorded["answer"]["id"]
    refused, untried, other = sent(
        house,
        IN_CHARGE,
        queued("/incidents", {**incident, "kind": "pranks"}),
        queued("/incidents/@1/children", {"role": "offender"}),
        queued("/incidents", incident),
    )
    assert [refused["status"], untried["status"], other["status"]] == [422, 424, 201]
    assert untried["answer"] is None


def test_a_client_may_have_it_stop_at_a_refusal(house: House, prevention: Prevention) -> None:
    case = prevention.open()
    answers = sent(
        house,
        IN_CHARGE,
        queued(f"/cases/{case}/contacts", CONTACT),
        queued(f"/cases/{case}/contacts", {**CONTACT, "kind": "telepathy"}),
        queued(f"/cases/{case}/contacts", CONTACT),
        stop_at_refusal=True,
    )
    assert [each["status"] for each in answers] == [200, 422, 424]
    assert topics(house, case) == ["opened", "assigned", "contact-noted"]


def test_each_is_let_through_by_the_same_gate(house: House, prevention: Prevention) -> None:
    case = prevention.open()
    for person, status in ((COLLEAGUE, 403), ("olena", 404), ("oksana", 403)):
        (answer,) = sent(house, person, queued(f"/cases/{case}/contacts", CONTACT))
        assert answer["status"] == status
        alone = house.command(person, f"/cases/{case}/contacts", CONTACT)
        assert answer["answer"] == alone.json()
    assert topics(house, case) == ["opened", "assigned"]


def test_its_purpose_and_its_id_are_on_record(house: House, prevention: Prevention) -> None:
    case = prevention.open()
    sent(house, IN_CHARGE, queued(f"/cases/{case}/contacts", CONTACT, purpose="prevention"))
    last = list(house.services.log.stream(UUID(case)))[-1]
    assert last.meta.purpose == "prevention"


@pytest.mark.parametrize(
    "path",
    [
        "/queue", "/login", "/me/password", "/accounts", "/searches", "/footage", "cases", "//cases", "/cases/../login",
        "/cases?x=1", "/cases/%2e%2e/login", "https://elsewhere.example/cases", "/incidents/@1/children",
        "/cases/@0/seal", "/children/", f"/cases/{UUID(int=7)}/attachments",
    ],
)  # fmt: skip
def test_what_is_no_command_of_casework_is_refused_alone(house: House, path: str) -> None:
    before = house.services.log.head()
    unit = queued("/units", {"name": uuid4().hex, "region": "UA-30", "kind": "duty"})
    refused, done = sent(house, "admin", queued(path, {}), unit)
    assert (refused["status"], refused["answer"]["field"]) == (422, "commands[0].path")
    assert refused["answer"]["type"] == "/problems/invalid-value"
    assert done["status"] == 201
    assert house.services.log.head() == before + 1
    stopped, untried = sent(house, "admin", queued(path, {}), queued("/units", {}), stop_at_refusal=True)
    assert (stopped["status"], untried["status"]) == (422, 424)


def test_one_key_for_two_commands_and_a_version_of_the_queue_are_refused(house: House) -> None:
    command = queued("/units", {"name": "x", "region": "UA-30", "kind": "duty"})
    twice = house.command("admin", "/queue", {"commands": [command, command]})
    assert (twice.status_code, twice.json()["field"]) == (422, "idempotency_key")
    versioned = house.command("admin", "/queue", {"commands": [command]}, version=3)
    assert (versioned.status_code, versioned.json()["field"]) == (422, "If-Match")
    many = [queued("/units", {}) for _ in range(101)]
    assert house.command("admin", "/queue", {"commands": many}).status_code == 400
    assert house.command("admin", "/queue", {"commands": []}).status_code == 400


def test_a_key_that_no_header_carries_is_refused_before_anything_is_done(house: House, prevention: Prevention) -> None:
    """Two keys would become one there, and the second command would be taken for the first sent again."""
    case = prevention.open()
    commands = [queued(f"/cases/{case}/contacts", CONTACT) | {"idempotency_key": key} for key in ("запис-1", "допис-1")]
    answer = house.command(IN_CHARGE, "/queue", {"commands": commands})
    assert (answer.status_code, answer.json()["field"]) == (422, "idempotency_key")
    assert topics(house, case) == ["opened", "assigned"]


def test_a_command_that_made_nothing_has_no_id_to_stand_on(house: House, prevention: Prevention) -> None:
    searched, after = sent(
        house,
        IN_CHARGE,
        queued("/children/search", {"name": "Сірко"}),
        queued("/cases/@1/contacts", CONTACT),
    )
    assert searched["status"] < 500
    assert after["status"] == 424
