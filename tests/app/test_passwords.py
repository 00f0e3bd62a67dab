"""Passwords over HTTP: an initial one is good for choosing another, and everything about them is on record."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from litestar.testing import TestClient
from msgspec.structs import replace

from app.access.passwords import BUCKETS, Passwords
from app.api.asgi import create_app
from app.api.schema import PUBLIC, PUBLIC_READS
from app.people import People
from domain.account import UNNAMED, AccountCreated
from domain.errors import LogFull
from domain.event import Meta
from domain.ids import account_id
from domain.log import Change, Receipt
from domain.personal import PersonName
from domain.sealed import Sealed
from tests.app.conftest import PASSWORD, House

INITIAL = "chosen by the administrator"
OWN = "known to its holder alone"
OTHER = "another one of the same holder"


@pytest.fixture
def newcomer(house: House) -> str:
    """A new account with an initial password. Returns its username."""
    username = f"new-{uuid4().hex[:8]}"
    body = {"username": username, "full_name": "Нова Людина", "unit": house.units["duty"], "password": INITIAL}
    account = house.done("admin", "/accounts", body)["id"]
    house.done("admin", f"/accounts/{account}/roles", {"role": "supervisor"})
    return username


def log_in(house: House, username: str, password: str) -> httpx.Response:
    return house.http.post("/login", json={"username": username, "password": password})


def with_token(house: House, token: str, method: str, path: str, body: object = None) -> httpx.Response:
    return house.http.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"})


def code(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition("/")[2]


def change(house: House, token: str, old: str, new: str) -> httpx.Response:
    return with_token(house, token, "POST", "/me/password", {"old": old, "new": new})


def routes(house: House) -> Iterator[tuple[str, str, object]]:
    """Each route that asks for a token, with a body made of the examples that the document gives."""
    document = house.http.get("/schema/openapi.json").json()
    for path, item in document["paths"].items():
        for method in item.keys() & {"get", "post"}:
            content = item[method].get("requestBody", {}).get("content", {}).get("application/json")
            body = None
            if content is not None:
                schema = document["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
                body = {name: schema["properties"][name]["examples"][0] for name in schema.get("required", ())}
            if not path.startswith(PUBLIC) and not (method == "get" and path in PUBLIC_READS):
                yield method.upper(), path, body


def filled(method: str, path: str) -> str:
    queries = {
        ("POST", "/footage"): "?camera=K&recorded_at=2026-03-02T08:00:00Z",
        ("GET", "/cameras/nearest"): "?latitude=50.45&longitude=30.52",
    }
    query = queries.get((method, path), "")
    values = {"rank": 1, "number": 1, "role": "auditor", "sha256": "ab", "name": "K", "camera": "K"}
    return path.format_map(defaultdict(uuid4, values)) + query


def test_with_an_initial_password_one_can_choose_another_and_do_nothing_else(house: House, newcomer: str) -> None:
    session = log_in(house, newcomer, INITIAL).json()
    assert session["password_must_be_changed"] is True
    assert with_token(house, session["token"], "GET", "/me").json()["password_must_be_changed"] is True
    refused = with_token(house, session["token"], "GET", "/units")
    assert (refused.status_code, code(refused)) == (403, "password-must-be-changed")
    assert "oberih password" in refused.json()["detail"]
    before = house.services.log.head()
    for method, path, body in routes(house):
        if path not in ("/me", "/me/password"):
            answer = with_token(house, session["token"], method, filled(method, path), body)
            assert code(answer) == "password-must-be-changed", f"{method} {path}: {answer.text}"
    assert house.services.log.head() == before
    chosen = change(house, session["token"], INITIAL, OWN)
    assert chosen.status_code == 200, chosen.text
    assert chosen.json()["password_must_be_changed"] is False
    assert chosen.json()["roles"] == ["supervisor"]
    assert with_token(house, chosen.json()["token"], "GET", "/units").status_code == 200
    assert with_token(house, chosen.json()["token"], "GET", "/me").json()["password_must_be_changed"] is False


def test_a_changed_password_ends_the_old_one_and_every_other_token(house: House, newcomer: str) -> None:
    first, second = (log_in(house, newcomer, INITIAL).json()["token"] for _ in range(2))
    token = change(house, first, INITIAL, OWN).json()["token"]
    for ended in (first, second):
        answer = with_token(house, ended, "GET", "/me")
        assert (answer.status_code, code(answer)) == (401, "unauthorized")
        assert "log in again" in answer.json()["detail"]
    assert log_in(house, newcomer, INITIAL).status_code == 401
    assert log_in(house, newcomer, OWN).status_code == 200
    assert with_token(house, token, "GET", "/units").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("not the password", OWN, "old"),
        (INITIAL, "short", "new"),
        (INITIAL, INITIAL, "new"),
        (INITIAL, "x" * 201, "new"),
    ],
    ids=["wrong", "short", "the same", "long"],
)
def test_a_change_that_is_refused_changes_nothing(house: House, newcomer: str, old: str, new: str, field: str) -> None:
    token = log_in(house, newcomer, INITIAL).json()["token"]
    before = list(house.services.log.stream(account_id(newcomer)))
    refused = change(house, token, old, new)
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert list(house.services.log.stream(account_id(newcomer))) == before
    assert log_in(house, newcomer, INITIAL).status_code == 200


def test_guessing_the_old_password_is_throttled_like_signing_in(house: House, newcomer: str) -> None:
    token = log_in(house, newcomer, INITIAL).json()["token"]
    assert change(house, token, "not the password", OWN).status_code == 422
    with sqlite3.connect(house.services.deployment.credentials) as database:
        bucket = account_id(newcomer).int % BUCKETS
        assert database.execute("SELECT failures FROM failure WHERE bucket = ?", (bucket,)).fetchone() == (1,)
    house.has_failed_often(newcomer)
    assert change(house, token, INITIAL, OWN).status_code == 429
    assert log_in(house, newcomer, INITIAL).status_code == 429


def test_an_administrator_resets_a_password_to_an_initial_one(house: House, newcomer: str) -> None:
    account = account_id(newcomer)
    token = change(house, log_in(house, newcomer, INITIAL).json()["token"], INITIAL, OWN).json()["token"]
    assert house.ask("admin", f"/accounts/{account}").json()["password"] == "chosen"
    house.done("admin", f"/accounts/{account}/password", {"password": OTHER})
    assert house.ask("admin", f"/accounts/{account}").json()["password"] == "initial"
    assert with_token(house, token, "GET", "/me").status_code == 401
    assert log_in(house, newcomer, OWN).status_code == 401
    assert log_in(house, newcomer, OTHER).json()["password_must_be_changed"] is True


def test_a_reset_ends_the_wait_of_who_forgot_their_password(house: House, newcomer: str) -> None:
    house.has_failed_often(newcomer)
    assert log_in(house, newcomer, INITIAL).status_code == 429
    house.done("admin", f"/accounts/{account_id(newcomer)}/password", {"password": OTHER})
    assert log_in(house, newcomer, OTHER).status_code == 200


def test_nobody_resets_their_own_password_and_only_administrators_anothers(house: House, newcomer: str) -> None:
    body = {"password": OTHER}
    own = house.command("admin", f"/accounts/{account_id('admin')}/password", body)
    assert (own.status_code, "POST /me/password" in own.json()["detail"]) == (403, True)
    for username in ("taras", "oksana"):
        assert house.command(username, f"/accounts/{account_id(newcomer)}/password", body).status_code == 403
    assert house.command("olena", f"/accounts/{account_id(newcomer)}/password", body).status_code == 404
    assert log_in(house, newcomer, INITIAL).status_code == 200


def test_a_repeated_reset_is_done_once_however_late_it_comes(house: House, newcomer: str) -> None:
    path = f"/accounts/{account_id(newcomer)}/password"
    first = house.done("admin", path, {"password": OTHER}, key=f"reset-{newcomer}")
    token = log_in(house, newcomer, OTHER).json()["token"]
    assert change(house, token, OTHER, OWN).status_code == 200
    assert house.done("admin", path, {"password": OTHER}, key=f"reset-{newcomer}") == first
    assert log_in(house, newcomer, OWN).status_code == 200
    assert log_in(house, newcomer, OTHER).status_code == 401


def test_a_username_without_a_password_is_mended_by_a_reset(house: House) -> None:
    """As an older program left it that died between the event and the hash."""
    admin = house.services.people.holder(account_id("admin"))[0]
    key = account_id("half-made")
    created = AccountCreated(username="half-made", unit=admin.unit, person=Sealed(key, PersonName("Хтось")))
    meta = next(house.services.log.stream(account_id("admin"))).meta
    house.services.log.append([Change(key, 0, (created,))], replace(meta, command_id=uuid4()))
    assert log_in(house, "half-made", OTHER).status_code == 401
    house.done("admin", f"/accounts/{key}/password", {"password": OTHER})
    assert log_in(house, "half-made", OTHER).json()["password_must_be_changed"] is True


def test_a_hash_whose_event_was_never_recorded_lets_nobody_in(house: House, newcomer: str) -> None:
    house.services.passwords.prepare(account_id(newcomer), uuid4(), OTHER)
    assert log_in(house, newcomer, OTHER).status_code == 401
    house.services.passwords.prepare(account_id("never-made"), uuid4(), OTHER)
    assert log_in(house, "never-made", OTHER).status_code == 401
    assert log_in(house, newcomer, INITIAL).status_code == 200


class FullLog:
    """Reads as the real one; nothing can be written."""

    def __init__(self, house: House) -> None:
        self.events, self.receipt = house.services.log.events, house.services.log.receipt

    def append(self, changes: Sequence[Change], meta: Meta, *, command_digest: bytes = b"") -> Receipt:
        raise LogFull("database or disk is full")


def test_a_change_that_cannot_be_recorded_leaves_the_old_password_and_nothing_of_the_new(
    house: House, newcomer: str
) -> None:
    desk = dataclasses.replace(house.services.desk, log=FullLog(house))  # type: ignore[arg-type]
    people = People(desk, house.services.passwords, house.services.sign_ins)
    token = log_in(house, newcomer, INITIAL).json()["token"]
    with TestClient(create_app(dataclasses.replace(house.services, people=people))) as http:
        body, headers = {"old": INITIAL, "new": OWN}, {"Authorization": f"Bearer {token}"}
        assert http.post("/me/password", json=body, headers=headers).status_code == 507
    with sqlite3.connect(house.services.deployment.credentials) as database:
        key = account_id(newcomer).bytes
        assert database.execute("SELECT count(*) FROM credential WHERE account = ?", (key,)).fetchone() == (1,)
    assert log_in(house, newcomer, INITIAL).status_code == 200


def test_passwords_are_on_record_without_themselves(house: House, newcomer: str) -> None:
    key = account_id(newcomer)
    change(house, log_in(house, newcomer, INITIAL).json()["token"], INITIAL, OWN)
    house.done("admin", f"/accounts/{key}/password", {"password": OTHER})
    events = house.ask("oksana", "/record", stream=key).json()["items"]
    assert [(each["topic"], each["actor"]) for each in events] == [
        ("account.created", str(account_id("admin"))),
        ("account.password-changed", str(key)),
        ("account.password-reset", str(account_id("admin"))),
    ]
    stored = b"".join(path.read_bytes() for path in Path(house.folder).glob("*.db*"))
    for password in (INITIAL, OWN, OTHER):
        assert password.encode() not in stored
    credentials = {UUID(each["facts"]["credential"]) for each in events}
    assert len(credentials) == 3


class Overtaken(Passwords):
    """Somebody resets the password after this one was found right, and before the token is made."""

    after: Callable[[], object] = staticmethod(lambda: None)

    def verify(self, account: UUID, password: str, credential: UUID = UNNAMED) -> bool:
        right = super().verify(account, password, credential)
        self.after()
        return right


def test_a_password_that_is_reset_while_it_is_looked_at_gives_no_token(house: House, newcomer: str) -> None:
    passwords = Overtaken(house.services.deployment.credentials)
    path, body = f"/accounts/{account_id(newcomer)}/password", {"password": OTHER}
    passwords.after = lambda: house.done("admin", path, body)
    people = People(house.services.desk, passwords, house.services.sign_ins)
    with TestClient(create_app(dataclasses.replace(house.services, people=people))) as http:
        answer = http.post("/login", json={"username": newcomer, "password": INITIAL})
    assert answer.status_code == 401
    assert log_in(house, newcomer, OTHER).status_code == 200


def test_the_first_administrator_chose_their_password(house: House) -> None:
    assert log_in(house, "admin", PASSWORD).json()["password_must_be_changed"] is False
