"""Officers over HTTP: selected, trained, certified; by the supervisor of their unit, and never by themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from litestar.testing import TestClient

from app.api.asgi import create_app
from app.call import now
from app.clockwork import Clockwork, system_meta
from domain import officer
from domain.event import Meta
from domain.ids import account_id, officer_id
from domain.log import Change, EventLog, Receipt
from tests.app.conftest import House

SOON, LATER = timedelta(days=10), timedelta(days=400)


@pytest.fixture(scope="module")
def office(house: House) -> House:
    house.create_account("lesia", house.units["juvenile"], "supervisor")
    other = house.done("admin", "/units", {"name": "other", "region": "UA-46", "kind": "juvenile-prevention"})["id"]
    house.create_account("vira", other, "supervisor")
    house.create_account("stepan", other, "juvenile-officer")
    return house


NUMBER = iter(range(1000))


def candidate(office: House) -> str:
    account = office.create_account(f"officer{next(NUMBER)}", office.units["juvenile"], "juvenile-officer")
    office.done("lesia", "/officers", {"account": account})
    return account


def train(office: House, account: str) -> dict[str, Any]:
    body = {"course": "juvenile-prevention", "completed_at": (now() - SOON).isoformat()}
    return office.done("lesia", f"/officers/{account}/trainings", body)


def certify(office: House, account: str, within: timedelta) -> dict[str, Any]:
    return office.done("lesia", f"/officers/{account}/certify", {"until": (now() + within).isoformat()})


def test_from_selection_to_a_withdrawn_certification(office: House) -> None:
    account = candidate(office)
    early = office.command("lesia", f"/officers/{account}/certify", {"until": (now() + SOON).isoformat()}).json()
    assert (early["type"], early["state"]) == ("/problems/wrong-state", "candidate")
    assert train(office, account)["version"] == 2
    certify(office, account, SOON)
    certify(office, account, LATER)
    shown = office.ask("iryna", f"/officers/{account}")
    assert shown.headers["ETag"] == '"4"'
    assert (shown.json()["officer"]["state"], len(shown.json()["trainings"])) == ("certified", 1)
    office.done("lesia", f"/officers/{account}/withdraw", {"reason": "Порушення правил"})
    shown = office.ask("lesia", f"/officers/{account}").json()["officer"]
    assert (shown["state"], shown["lapse_cause"]) == ("lapsed", "withdrawn")
    (given,) = office.ask("lesia", f"/officers/{account}/reasons").json()["items"]
    assert given["text"] == "Порушення правил"
    assert office.ask("iryna", f"/officers/{account}/reasons").status_code == 403


def test_only_a_juvenile_officer_in_service_is_selected(office: House) -> None:
    office.create_account("danylo", office.units["juvenile"], "investigator")
    refused = office.command("lesia", "/officers", {"account": str(account_id("danylo"))}).json()
    assert (refused["type"], refused["field"]) == ("/problems/invalid-value", "account")


def test_nobody_certifies_themselves(office: House) -> None:
    office.create_account("myron", office.units["juvenile"], "supervisor", "juvenile-officer")
    account = str(account_id("myron"))
    refused = office.command("myron", "/officers", {"account": account})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/own-certification")
    office.done("lesia", "/officers", {"account": account})
    train(office, account)
    refused = office.command("myron", f"/officers/{account}/certify", {"until": (now() + SOON).isoformat()})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/own-certification")


def test_another_unit_s_officer_is_as_one_that_does_not_exist(office: House) -> None:
    account, nothing = candidate(office), str(uuid4())
    until = {"until": (now() + SOON).isoformat()}
    for username in ("vira", "stepan", "olena", "halyna"):
        told = [office.ask(username, f"/officers/{key}") for key in (account, nothing)]
        told += [office.command(username, f"/officers/{key}/certify", until) for key in (account, nothing)]
        assert {each.status_code for each in told} == {404}, username
        assert told[0].text.replace(account, nothing) == told[1].text
        assert told[2].text.replace(account, nothing) == told[3].text
    selected = [office.command("vira", "/officers", {"account": key}) for key in (account, nothing)]
    assert [each.status_code for each in selected] == [404, 404]
    assert selected[0].text.replace(account, nothing) == selected[1].text


@pytest.mark.parametrize(
    ("username", "status", "sees"),
    [("lesia", 200, True), ("iryna", 200, True), ("oksana", 200, True), ("admin", 200, True), ("vira", 200, False),
     ("stepan", 200, False), ("olena", 403, False)],
)  # fmt: skip
def test_a_list_shows_what_one_may_read(office: House, username: str, status: int, sees: bool) -> None:
    account = candidate(office)
    answer = office.ask(username, "/officers", limit=200)
    assert answer.status_code == status
    assert (account in [each["account"] for each in answer.json().get("items", [])]) == sees
    pipeline = office.ask(username, "/officers/pipeline")
    assert pipeline.status_code == status
    assert (office.units["juvenile"] in [each["unit"] for each in pipeline.json()] if status == 200 else False) == sees


def test_the_pipeline_and_whose_certification_is_over_soon(office: House) -> None:
    def counts() -> dict[str, int]:
        rows = office.ask("lesia", "/officers/pipeline").json()
        return {key: value for row in rows for key, value in row.items() if isinstance(value, int)}

    before = counts()
    soon, later, pupil = candidate(office), candidate(office), candidate(office)
    for account in (soon, later, pupil):
        train(office, account)
    certify(office, soon, SOON)
    certify(office, later, LATER)
    after = counts()
    assert (after["certified"] - before["certified"], after["trained"] - before["trained"]) == (2, 1)
    page = office.ask("lesia", "/officers", lapses_within_days=30, limit=200).json()["items"]
    found = [each["account"] for each in page]
    assert soon in found
    assert later not in found
    assert pupil not in found


def test_the_clockwork_says_that_a_certification_is_over(office: House) -> None:
    account = candidate(office)
    train(office, account)
    stream = officer_id(UUID(account))
    over = officer.OfficerCertified(until=now() - SOON, by=account_id("lesia"))  # as if it had been certified long ago
    receipt = office.services.log.append([Change(stream, 2, (over,))], system_meta("test"))
    assert office.services.projector.wait(receipt.last_position, timeout_seconds=30)
    assert office.ask("lesia", f"/officers/{account}").json()["officer"]["state"] == "lapsed"
    clockwork = Clockwork(office.services.log, office.services.views)
    for _ in range(2):
        clockwork.tick()
        assert office.services.projector.wait(office.services.log.head(), timeout_seconds=30)
    (lapsed,) = office.services.log.events(stream, after_version=3)
    assert isinstance(lapsed, officer.CertificationLapsed)
    assert (lapsed.cause, lapsed.at, lapsed.unit) == ("time-over", over.until, UUID(office.units["juvenile"]))


class Interrupted:
    """The real log, to which something happens once, just before the first append."""

    def __init__(self, log: EventLog, happens: Callable[[], object]) -> None:
        self._log, self._waiting = log, [happens]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def append(self, changes: Sequence[Change], meta: Meta, *, command_digest: bytes = b"") -> Receipt:
        if self._waiting:
            self._waiting.pop()()
        return self._log.append(changes, meta, command_digest=command_digest)


@pytest.mark.parametrize("loses", ["the role", "the account"])
@pytest.mark.parametrize("command", ["select", "certify"])
def test_who_loses_role_or_account_at_that_moment_is_not_taken(
    office: House, monkeypatch: pytest.MonkeyPatch, command: str, loses: str
) -> None:
    """What the decision stands on is named in it: where it moved on, the decision is made anew."""
    account = office.create_account(f"officer{next(NUMBER)}", office.units["juvenile"], "juvenile-officer")
    body: dict[str, object] = {"account": account}
    path = "/officers"
    if command == "certify":
        office.done("lesia", path, body)
        train(office, account)
        path, body = f"/officers/{account}/certify", {"until": (now() + SOON).isoformat()}

    def loss() -> object:
        if loses == "the role":
            return office.done("admin", f"/accounts/{account}/roles/juvenile-officer/withdraw")
        return office.done("admin", f"/accounts/{account}/suspend", {"reason": "Звільнено"})

    log = Interrupted(office.services.log, loss)
    desk = replace(office.services.desk, log=log)
    with TestClient(create_app(replace(office.services, desk=desk))) as http:
        refused = replace(office, http=http).command("lesia", path, body)
    assert (refused.status_code, refused.json().get("field")) == (422, "account"), refused.text
