"""Who signed in is on record before they are in; who tried is on record, and cannot flood it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from litestar.testing import TestClient

from app.access.passwords import FREE_FAILURES
from app.api.asgi import create_app
from app.event_store.faults import LogBusy
from app.people import People
from app.sign_ins import SignIns
from domain.errors import LogFull
from domain.event import Meta, Recorded
from domain.ids import SYSTEM_ACTOR, account_id
from domain.log import Change, Receipt
from domain.sign_in import SignedIn, SignInRefused
from tests.app.conftest import PASSWORD, House
from tests.waiting import wait_until

SECOND = "Kalyna-2026-typed-into-the-wrong-field"


def log_in(http: TestClient[Any], username: str, password: str = PASSWORD) -> httpx.Response:
    return http.post("/login", json={"username": username, "password": password})


def recorded(house: House) -> list[Recorded]:
    """The sign-ins and refusals so far, once those that wait are recorded."""
    house.services.background.end("sign-ins")
    house.services.background.start("sign-ins", house.services.sign_ins.run, house.services.sign_ins.notes)
    rows = house.services.log.read(limit=100_000)
    return [row for row in rows if isinstance(row, Recorded) and isinstance(row.event, SignedIn | SignInRefused)]


@pytest.fixture
def somebody(house: House) -> str:
    """An account of which nobody has tried anything yet."""
    username = f"new-{uuid4().hex[:8]}"
    house.create_account(username, house.units["duty"], "supervisor", "investigator")
    return username


def test_a_sign_in_is_on_record_as_the_accounts_own_deed(house: House, somebody: str) -> None:
    before = len(recorded(house))
    answer = log_in(house.http, somebody)
    (event,) = recorded(house)[before:]
    assert event.event == SignedIn(account=account_id(somebody))
    assert (event.meta.actor, event.meta.role) == (account_id(somebody), "investigator+supervisor")
    assert str(event.meta.correlation_id) == answer.headers["oberih-correlation"]


def test_a_sign_in_with_an_initial_password_says_so(house: House, somebody: str) -> None:
    house.done("admin", f"/accounts/{account_id(somebody)}/password", {"password": SECOND})
    log_in(house.http, somebody, SECOND)
    assert recorded(house)[-1].event == SignedIn(account=account_id(somebody), initial=True)


def test_a_wrong_password_is_on_record_and_not_as_the_accounts_deed(house: House, somebody: str) -> None:
    before = len(recorded(house))
    assert log_in(house.http, somebody, SECOND).status_code == 401
    (event,) = recorded(house)[before:]
    assert event.event == SignInRefused(account=account_id(somebody), code="wrong-password")
    assert (event.meta.actor, event.meta.role) == (SYSTEM_ACTOR, "system")
    assert SECOND.encode() not in b"".join(path.read_bytes() for path in house.folder.glob("*.db*"))


def test_a_wrong_old_password_is_on_record_too(house: House, somebody: str) -> None:
    before = len(recorded(house))
    house.command(somebody, "/me/password", {"old": SECOND, "new": PASSWORD})
    assert [row.event for row in recorded(house)[before:]] == [
        SignInRefused(account=account_id(somebody), code="wrong-password")
    ]


def test_a_suspended_account_with_its_right_password(house: House, somebody: str) -> None:
    house.done("admin", f"/accounts/{account_id(somebody)}/suspend", {"reason": "звільнено"})
    assert log_in(house.http, somebody).status_code == 401
    assert recorded(house)[-1].event == SignInRefused(account=account_id(somebody), code="account-suspended")


def test_names_that_nobody_has_are_never_on_record(house: House) -> None:
    before = house.services.log.head()
    for _ in range(FREE_FAILURES + 2):
        log_in(house.http, SECOND.lower())
    recorded(house)
    assert house.services.log.head() == before


def test_a_flood_of_attempts_is_one_line_for_each_wait(house: House, somebody: str) -> None:
    before = len(recorded(house))
    for wait in range(1, 3):
        house.has_failed_often(somebody)
        assert {log_in(house.http, somebody, password).status_code for password in (SECOND, PASSWORD) * 10} == {429}
        refused = SignInRefused(account=account_id(somebody), code="too-many-attempts")
        assert [row.event for row in recorded(house)[before:]] == [refused] * wait


class FullLog:
    """A log whose disk is full, until it is not."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.full, self.fault = True, fault or LogFull("database or disk is full")
        self.appended: list[tuple[Change, ...]] = []
        self.asked, self.taken = threading.Event(), threading.Event()

    def append(self, changes: Sequence[Change], meta: Meta, *, command_digest: bytes = b"") -> Receipt:
        self.asked.set()
        if self.full:
            raise self.fault
        self.appended.append(tuple(changes))
        self.taken.set()
        return Receipt(meta.command_id, (), 0, 0, meta.recorded_at)


def test_where_it_cannot_be_recorded_nobody_is_signed_in(house: House) -> None:
    sign_ins = SignIns(FullLog())  # type: ignore[arg-type]
    people = People(house.services.desk, house.services.passwords, sign_ins)
    with TestClient(create_app(replace(house.services, people=people, sign_ins=sign_ins))) as http:
        refused = log_in(http, "taras")
        assert (refused.status_code, refused.json()["type"]) == (507, "/problems/log-full")
        assert "token" not in refused.text
        assert log_in(http, "taras", SECOND).status_code == 401


@pytest.mark.parametrize("fault", [LogFull("disk is full"), LogBusy(15), sqlite3.OperationalError("disk I/O error")])
def test_a_refusal_waits_for_the_log_and_says_that_it_waits(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    monkeypatch.setattr("app.sign_ins.RETRY_SECONDS", 0.01)
    log, stop = FullLog(fault), threading.Event()
    sign_ins = SignIns(log)  # type: ignore[arg-type]
    thread = threading.Thread(target=sign_ins.run, args=(stop,))
    thread.start()
    try:
        sign_ins.refused(account_id("taras"), "wrong-password")
        assert log.asked.wait(60)
        wait_until(lambda: sign_ins.notes.fault is not None)
        assert sign_ins.notes.fault == f"{type(fault).__name__}: {fault}"
        log.full = False
        assert log.taken.wait(60)
    finally:
        stop.set()
        thread.join()
    (((change),),) = log.appended
    assert change.events == (SignInRefused(account=account_id("taras"), code="wrong-password"),)
    assert sign_ins.notes.fault is None


def test_what_waits_when_the_house_closes_is_recorded_and_nobody_is_waited_for_in_vain() -> None:
    stop = threading.Event()
    stop.set()
    for full, recorded_in_the_end in ((False, 3), (True, 0)):
        log = FullLog()
        log.full = full
        sign_ins = SignIns(log)  # type: ignore[arg-type]
        for _ in range(3):
            sign_ins.refused(account_id("taras"), "wrong-password")
        sign_ins.run(stop)
        assert len(log.appended) == recorded_in_the_end


def test_a_code_that_is_none_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="SIGN_IN_REFUSALS"):
        SignIns(FullLog()).refused(account_id("taras"), "bad-mood")  # type: ignore[arg-type]


def test_who_checks_reads_the_sign_ins(house: House, somebody: str) -> None:
    log_in(house.http, somebody)
    log_in(house.http, somebody, SECOND)
    recorded(house)
    key = account_id(somebody)
    for reader in ("oksana", "admin"):
        shown = house.ask(reader, "/record/sign-ins", account=key).json()["items"]
        assert [(each["username"], each["refused_code"]) for each in shown] == [
            (somebody, "wrong-password"),
            (somebody, None),
        ]
    only = house.ask("oksana", "/record/sign-ins", account=key, refused=True).json()["items"]
    assert [each["refused_code"] for each in only] == ["wrong-password"]
    later = house.ask("oksana", "/record/sign-ins", account=key, from_at="2199-01-01T00:00:00Z").json()
    assert later["items"] == []
    for reader in ("olena", "taras", "iryna"):
        assert house.ask(reader, "/record/sign-ins").status_code == 403


def test_only_auditors_read_who_saw_what(house: House) -> None:
    incident = house.record_incident()
    house.ask("olena", f"/incidents/{incident}/narrative")
    shown = house.ask("oksana", "/record/disclosures", thing=incident).json()["items"]
    assert ("incident.read-narrative", "olena") in [(each["operation"], each["actor_username"]) for each in shown]
    nothing = house.ask("oksana", "/record/disclosures", thing=incident, operation="incident.burn").json()
    assert nothing["items"] == []
    for reader in ("olena", "admin", "taras"):
        assert house.ask(reader, "/record/disclosures").status_code == 403
