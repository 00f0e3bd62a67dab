"""Anonymous means anonymous: after two hundred reports nothing that the house keeps or says knows who reported."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import hashlib
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing, redirect_stderr
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec
import pytest
import structlog

from app import logs
from app.residents import ROTATION_SECONDS, ReportTokens, Sources, TooManyReports
from tests.app.reports.office import EXIF, OFFICER, TOLD, Office, picture

REPORTS = 200
STEMS = ("198.51.", "Planted-Agent/", "@example.org")  # of all addresses, agents and contacts
CONTROL = "PLANTED-IN-THE-CLEAR"  # in a place where it must be found: else the search would find nothing anywhere


class Planted(NamedTuple):
    """What a request of a resident carries besides what they write."""

    address: str
    agent: str
    contact: str
    token: str

    def digests(self) -> Iterator[str]:
        return (hashlib.sha256(said.encode()).hexdigest() for said in self)


async def report(office: Office) -> list[Planted]:
    """Two hundred residents, each from an address of their own, with an agent, and a cookie that says who they are."""
    planted = []
    photo = base64.b64encode(picture()).decode()
    for number in range(REPORTS):
        address, agent = f"198.51.{100 + number // 100}.{100 + number % 100}", f"Planted-Agent/{number:03}"
        contact = f"resident-{number:03}@example.org"
        transport = httpx.ASGITransport(office.house.http.app, client=(address, 40_000 + number))
        said = {"User-Agent": agent, "X-Forwarded-For": address, "Referer": contact, "Cookie": f"who={contact}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://here", headers=said, trust_env=False
        ) as client:
            token = (await client.post("/reports/own/token")).json()["token"]
            own = {"Authorization": f"Report {token}"}
            body = {**TOLD, "photos": [photo] if number % 50 == 0 else []}
            answer = await client.post("/reports/own", json=body, headers=own)
            assert answer.status_code == 201, answer.text
            if number % 20 == 0:
                assert (await client.get("/reports/own", headers=own)).status_code == 200
                assert (await client.post("/reports/own", json=TOLD, headers=own)).status_code in (201, 422)
                assert (await client.get("/reports/own", headers={"Authorization": "Report x"})).status_code == 401
                added = {"narrative": "І ще одне"}
                assert (await client.post("/reports/own/follow-up", json=added, headers=own)).status_code == 200
        planted.append(Planted(address, agent, contact, token))
    return planted


def kept(office: Office, said: str) -> Iterator[tuple[str, bytes]]:
    """All that the house holds: every file as it is, every row of every database, every event, and what it logged."""
    for path in sorted(office.house.folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(office.house.folder)), path.read_bytes()
    for path in sorted(office.house.folder.glob("*.db")):
        yield f"rows of {path.name}", rows_of(path)
    for row in office.house.services.log.read(limit=100_000):
        yield "an event", msgspec.json.encode(row, enc_hook=repr)
    yield "the log output", said.encode()


def rows_of(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return repr([database.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables]).encode()


def test_no_address_agent_contact_or_token_of_a_reporter_is_kept_anywhere(office: Office) -> None:
    written, before = io.StringIO(), structlog.get_config()
    with redirect_stderr(written):
        logs.configure()
        planted = asyncio.run(report(office))
    structlog.configure(**before)
    key = office.house.ask(OFFICER, "/reports").json()["items"][0]["report"]
    office.house.done(OFFICER, f"/reports/{key}/acknowledge")
    office.house.register_camera(f"KYIV-{CONTROL}"[:32])
    holds = list(kept(office, written.getvalue()))
    assert sum(b"KYIV-PLANTED-IN-THE-CLEAR" in content for _, content in holds) >= 3, "the search would find it"
    assert b"/reports/own" in holds[-1][1], "what was asked for was logged"
    assert sum(name == "an event" for name, _ in holds) > REPORTS
    whole = b"\x00".join(content for _, content in holds)
    assert all(stem in said for each in planted for stem, said in zip(STEMS, each, strict=False))
    assert [stem for stem in STEMS if stem.encode() in whole] == []
    assert [each.token for each in planted if each.token.encode() in whole] == []
    small = whole.lower()
    assert [each for each in planted if each.token.replace("-", "").encode() in small] == []
    assert [digest for each in planted[::10] for digest in each.digests() if digest.encode() in whole] == []
    assert EXIF not in whole


def test_a_flood_from_one_source_is_slowed_and_others_are_not() -> None:
    at = [0.0]
    sources = Sources(6, clock=lambda: at[0])
    for _ in range(6):
        sources.take("203.0.113.5")
    with pytest.raises(TooManyReports) as refused:
        sources.take("203.0.113.5")
    wait = refused.value.fields["retry_after_seconds"]
    assert wait == 601
    with pytest.raises(TooManyReports):
        sources.check("203.0.113.5")
    sources.take("203.0.113.6")
    at[0] = float(wait)
    sources.take("203.0.113.5")
    at[0] = ROTATION_SECONDS
    sources.check("203.0.113.5")
    assert sources.size == 1, "what was known of the hour before is thrown away"


def test_a_source_is_counted_under_a_name_that_tells_nobody() -> None:
    one, other = Sources(6), Sources(6)
    for sources in (one, other):
        sources.take("203.0.113.5")
    assert one._buckets.keys() != other._buckets.keys()
    assert b"203.0.113.5" not in b"".join(one._buckets)


def test_over_http_a_flood_is_told_when_to_come_back_before_its_body_is_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowing = dataclasses.replace(office.house.services.residents, sources=Sources(1))
    monkeypatch.setattr(
        office.house.http.app.state, "services", dataclasses.replace(office.house.services, residents=slowing)
    )
    resident, late = office.resident(), office.resident()
    assert resident.submit().status_code == 201
    refused = late.submit()
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-reports")
    assert 0 < int(refused.headers["Retry-After"]) <= 3601
    assert late.post("/reports/own", "no body at all").status_code == 429
    assert office.house.http.get("/reports/own", headers=late.headers).status_code == 404, "nothing was kept"


def test_behind_a_proxy_the_source_is_the_last_that_it_names(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    services = office.house.services
    chosen = msgspec.structs.replace(services.deployment.settings, report_source_header="X-Forwarded-For")
    place = msgspec.structs.replace(services.deployment, settings=chosen)
    residents = dataclasses.replace(services.residents, sources=Sources(1))
    slowing = dataclasses.replace(services, deployment=place, residents=residents)
    monkeypatch.setattr(office.house.http.app.state, "services", slowing)

    def reported(named: str) -> int:
        sent = {**office.resident().headers, "X-Forwarded-For": named}
        return office.house.http.post("/reports/own", json=TOLD, headers=sent).status_code

    assert [reported("198.51.100.9, 203.0.113.5"), reported("203.0.113.6")] == [201, 201]
    assert reported("made up, 203.0.113.5") == 429
    assert [reported("2001:db8:1:2::5"), reported("2001:db8:1:2:ffff::9"), reported("2001:db8:1:3::5")] == [
        201,
        429,
        201,
    ]


def test_tokens_are_new_each_time_and_of_this_deployment() -> None:
    tokens = ReportTokens(b"secret")
    made = {tokens.new() for _ in range(50)}
    assert len(made) == 50
    token = made.pop()
    principal = tokens.principal(token)
    assert principal is not None
    assert principal.roles == {"resident"}
    assert ReportTokens(b"another").principal(token) is None
    changed = ("b" if token[0] != "b" else "c") + token[1:]
    assert tokens.principal(changed) is None
