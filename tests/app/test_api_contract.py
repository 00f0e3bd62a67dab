"""The API as a whole: nothing is open by mistake, everything is described, errors have one shape, nothing breaks it."""

from __future__ import annotations

import ast
import asyncio
import base64
import dataclasses
import importlib
import inspect
import os
import pkgutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis.strategies as st
import jsonschema_rs
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from litestar import Litestar
from litestar.testing import TestClient
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

import app
import domain
from app.access.operations import Operation
from app.api.asgi import create_app
from app.api.problems import MEDIA_TYPE, STATUS, status_of
from app.api.schema import PUBLIC, PUBLIC_READS
from app.clockwork import system_meta
from app.receiving import Receiving
from domain.errors import DomainError
from domain.event import Event, Recorded
from domain.ids import account_id
from domain.log import Change
from domain.sealed import Sealed
from domain.search_refusals import SearchRefusal
from domain.webhooks.webhook import WebhookConfirmed, WebhookRegistered
from tests.app.communities.scene import OFFICER as POSTED
from tests.app.communities.scene import CommunityPolice
from tests.app.conftest import FILMED_AT, House
from tests.app.neighbourhood import OFFICER, PARTNER, Neighbourhood
from tests.app.prevention_house import ASSESSMENT, MEASURE, Prevention, ago, ahead
from tests.app.reports.office import OFFICER as REPORTS_OFFICER
from tests.app.reports.office import Office, picture
from tests.benchmarks.register_rows import as_csv
from tests.benchmarks.register_rows import communities as communities_of_registers
from tests.benchmarks.register_rows import register as rows_of_register

ROOMS = Path(app.__file__).parent
POLICE = ("admin", "olena", "iryna", "taras", "oksana", "lesia", "yaroslav", "andrii")
PEOPLE = (*POLICE, PARTNER, OFFICER, REPORTS_OFFICER, "zlata", "danylo")
OF_A_POINT = "/cameras/nearest"  # which is in the query: `tests/app/camera_network/test_network.py` asks it
ENDLESS = ["/footage/progress"]  # a stream: it goes on while footage waits, which no worker is here to take
OF_A_REPORT = "/reports/own"  # read by the token of a report, which no account has
EXAMPLES = int(os.environ.get("FUZZ", "2"))  # requests an operation and mode; FUZZ=200 sends thousands

# Every refusal with a code of its own, and its status: a new one is put here, on purpose.
STATUSES = {
    403: {
        "account-suspended",
        "approver-is-proposer",
        "approver-is-requester",
        "approver-same-unit",
        "authorisation-expired",
        "authorisation-not-approved",
        "authorisation-revoked",
        "authorisation-unknown",
        "child-image",
        "forbidden",
        "not-agreed",
        "not-consented",
        "outside-cameras",
        "outside-window",
        "own-account",
        "own-certification",
        "own-posting",
        "reviewer-is-raiser",
        "confirmer-is-registrar",
        "signer-is-proposer",
        "authoriser-is-requester",
        "erasure-by-same-account",
        "switch-by-same-account",
        "password-must-be-changed",
        "picture-outside-search",
        "policy-failed",
        "quota-spent",
    },
    404: {"not-found"},
    409: {
        "already-exists",
        "attachment-damaged",
        "clip-not-repeated",
        "footage-damaged",
        "conference-under-way",
        "footage-on-hold",
        "plan-not-agreed",
        "plan-stands",
        "reported-already",
        "retention-not-over",
        "subject-erased",
        "wrong-state",
    },
    410: {"attachment-erased", "footage-gone", "picture-gone", "report-gone"},
    412: {"version-conflict"},
    413: {"upload-too-large"},
    422: {
        "child-named",
        "claim-lost",
        "clip-impossible",
        "command-id-reused",
        "footage-archived-otherwise",
        "footage-overlap",
        "footage-unusable",
        "hit-not-relevant",
        "invalid-value",
        "outside-camera-life",
        "outside-footage",
        "place-forbidden",
        "separation-of-duties",
    },
    429: {"too-many-attempts", "too-many-listeners", "too-many-reports"},
    503: {"cuts-under-way", "import-under-way", "log-busy", "rebuild-under-way", "replay-under-way"},
    507: {"disk-reserved", "log-full"},
}


@pytest.fixture(scope="module")
def api(house: House) -> Litestar:
    """The same house without a limit of requests."""
    return limited(house, 10**9)


def limited(house: House, requests_per_minute: int, **more: Any) -> Litestar:
    place = house.services.deployment
    chosen = msgspec.structs.replace(place.settings, requests_per_minute=requests_per_minute, **more)
    place = msgspec.structs.replace(place, settings=chosen)
    receiving = Receiving(place, ThreadPoolExecutor(1))
    archiving = dataclasses.replace(house.services.archiving, deployment=place, receiving=receiving)
    return create_app(dataclasses.replace(house.services, deployment=place, archiving=archiving))


@pytest.fixture(scope="module")
def document(house: House) -> dict[str, Any]:
    answer = house.http.get("/schema/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(scope="module")
def real(house: House, red_film: bytes) -> dict[str, Any]:
    """Something of each kind, by the parameters that name it in paths: without, nothing is found to break."""
    camera = house.register_camera("KYIV-801")
    sha256 = house.upload("olena", red_film, "KYIV-801", FILMED_AT).json()["id"]
    house.index_all()
    authorisation = house.authorise(["KYIV-801"])
    search = house.done("olena", "/searches", {"authorisation": authorisation, "text": "red"})["id"]
    incident = house.record_incident("iryna")
    child = {"child": str(uuid4()), "pseudonym": "CH-4F2A", "role": "victim"}
    house.done("iryna", f"/incidents/{incident}/children", child)
    profile = house.register_child(narrative="Не ночує вдома.")["id"]
    house.done("nadiia", f"/children/{profile}/erasure", {"order": "12-з", "reason": "Запит представника"})
    account = house.ask("admin", "/me").json()["account"]
    span = {"from_at": FILMED_AT.isoformat(), "to_at": (FILMED_AT + timedelta(hours=1)).isoformat()}
    held = {"cameras": ["KYIV-801"], **span, "case": "12026100070001234", "reason": "доказ"}
    hold = house.done("olena", "/holds", held)["id"]
    cut = {"authorisation": authorisation, "from_at": span["from_at"]}
    cut["to_at"] = (FILMED_AT + timedelta(seconds=2)).isoformat()
    clip = house.command("olena", f"/footage/{sha256}/clips", cut).headers["Oberih-Clip"]
    colleague = house.create_account("pavlo", house.units["juvenile"], "juvenile-officer")
    house.create_account("lesia", house.units["juvenile"], "supervisor")
    house.done("lesia", "/officers", {"account": colleague})
    concern = house.done("iryna", "/concerns", {"kind": "missing-school", "narrative": "не ходить до школи"})["id"]
    said = {"measure": "cameras", "value": 6_750, "as_of": "2021-05", "source": "НПУ"}
    of_case = case_with_all_its_parts(house)
    of_sharing = what_sharing_rests_on(house, of_case["case"])
    token = {"Authorization": f"Bearer {house.token('admin')}"}
    house.services.log.append(communities_of_registers(), system_meta("test"))
    register = as_csv(rows_of_register(1))
    import_ = house.http.post("/cameras/imports", content=register, headers=token).json()["camera_import"]
    keys = {
        "cameras": import_,
        **of_sharing,
        "cases": of_case.pop("case"),
        "officers": colleague,
        "concerns": concern,
        "claims": house.done("andrii", "/claims", said)["id"],
        "clips": clip,
        "incidents": incident,
        "children": profile,
        "authorisations": authorisation,
        "searches": search,
        "accounts": account,
        "holds": hold,
        **community_with_all_its_parts(house),
        **(of_school := school_with_all_its_parts(house)),
        **(of_network := programme_and_webhook(house)),
        "reports": (of_report := report_with_all_its_parts(house)).pop("report"),
    }
    named = {"name": "KYIV-801", "camera": camera, "sha256": sha256, "rank": 1, "role": "auditor"}
    nothing = {"task": str(uuid4()), "agency": of_sharing["agencies"]}
    parts = {**of_case, **of_school, **of_report, **of_network, **nothing}
    return {"keys": keys, "child": child["child"], "case": keys["cases"], **named, **parts}


def community_with_all_its_parts(house: House) -> dict[str, str]:
    """By the nouns of their paths: with a station, and an officer who is posted there."""
    police = CommunityPolice(house)
    police.settle(POSTED)
    community = police.community("Боярська")
    claim = {"population": 60_000, "as_of": ago(900), "source": "Держстат"}
    house.done("admin", f"/communities/{community}/population", claim)
    station = police.station(community)
    house.done("admin", "/posts", police.posting(POSTED, community))
    return {"communities": community, "stations": station, "posts": police.accounts[POSTED]}


def case_with_all_its_parts(house: House) -> dict[str, str]:
    """In iryna's charge, whom lesia supervises; offered to yaroslav's unit; by the parameters that name its parts."""
    unit = {"name": "juvenile-left", "region": "UA-30", "kind": "juvenile-prevention"}
    other = house.done("admin", "/units", unit)["id"]
    house.create_account("yaroslav", other, "supervisor")
    prevention = Prevention(house)
    prevention.certify("iryna", house.units["juvenile"])
    case = prevention.open(assign=None)
    house.done("lesia", f"/cases/{case}/assign", {"officer": str(account_id("iryna"))})
    attachment = prevention.attach("iryna", case).json()["attachment"]
    house.done("iryna", f"/cases/{case}/measures", MEASURE)
    house.done("iryna", f"/cases/{case}/plans", {"narrative": "Гурток"})
    house.done("lesia", f"/cases/{case}/transfer", {"to_unit": other, "answer_by": ahead(7), "reason": "Переїхали"})
    shown = house.ask("iryna", f"/cases/{case}").json()
    parts = {"plan": shown["content"]["plan"], "measure": shown["measures"][0]["measure"], "attachment": attachment}
    return {"case": case, **parts}


def school_with_all_its_parts(house: House) -> dict[str, str]:
    """A school with a session, a contact and a concern, and an initiative with a commitment: by the nouns, and by the
    parameters that name parts of them.
    """
    around = Neighbourhood(house)
    around.settle()
    around.open_schools()
    school = around.schools["school"]
    audience = {"audience": "pupils", "groups": [{"age_group": "upper-school", "count": 24}]}
    held = {"subject": "mines", "held_at": ago(1), **audience}
    concern = {"kind": "missing-school", "narrative": "не приходить"}
    initiative = house.done(OFFICER, "/initiatives", {"title": "Шлях до школи"})["id"]
    promise = {"body": "Відділ благоустрою", "what": "Освітити тротуар", "due_at": ahead(30)}
    return {
        "schools": school,
        "session": house.done(PARTNER, f"/schools/{school}/sessions", held)["id"],
        "contact": house.done(PARTNER, f"/schools/{school}/contacts", {"role": "nurse", "full_name": "Леся"})["id"],
        "school-concerns": house.done(PARTNER, "/school-concerns", concern)["id"],
        "initiatives": initiative,
        "commitment": house.done(OFFICER, f"/initiatives/{initiative}/commitments", promise)["id"],
    }


def report_with_all_its_parts(house: House) -> dict[str, str]:
    """With a picture, by the parameters that name its parts."""
    office = Office(house)
    office.settle()
    report = office.reported(photos=[base64.b64encode(picture()).decode()]).report
    (photo,) = house.ask(REPORTS_OFFICER, f"/reports/{report}").json()["photos"]
    return {"report": report, "photo": photo["photo"]}


def what_sharing_rests_on(house: House, case: str) -> dict[str, str]:
    """An agency in which danylo serves, an agreement with it, a consent and what rests on them; zlata protects data."""
    house.create_account("zlata", house.units["audit"], "data-protection-officer")
    unit = house.done("admin", "/units", {"name": "services", "region": "UA-30", "kind": "agency"})["id"]
    house.create_account("danylo", unit, "partner")
    body = {"name": "Служба у справах дітей", "kind": "children-service", "region": "UA-30", "unit": unit}
    agency = house.done("admin", "/agencies", body)["id"]
    scope = {"agencies": [agency], "purposes": ["shelter", "joint-planning"], "fields": ["risk", "plan"]}
    agreed = {**scope, "from_at": ahead(-1), "until": ahead(90)}
    child = house.ask("iryna", f"/cases/{case}").json()["content"]["child"]
    said = {**scope, "child": child, "giver": "parent", "giver_name": "Оксана Гнатюк", "expires_at": ahead(60)}
    agreement = house.done("lesia", "/agreements", agreed)["id"]
    house.done("zlata", f"/agreements/{agreement}/sign")
    consent = house.done("iryna", "/consents/given", said)["id"]
    house.done("iryna", f"/cases/{case}/risk", ASSESSMENT)
    shared = {"case": case, "agency": agency, "service": "psychologist", "purpose": "shelter", "fields": ["risk"]}
    rests_on = {"agreement": agreement, "consent": consent}
    conference = house.done("iryna", "/conferences", {"case": case, "agencies": [agency], "meets_at": ahead(3)})["id"]
    admitted = {"agency": agency, "agreement": agreement, "consent": consent}
    house.done("iryna", f"/conferences/{conference}/agencies", admitted)
    return {
        "agencies": agency,
        "agreements": agreement,
        "consents": consent,
        "referrals": house.done("iryna", "/referrals", {**shared, **rests_on})["id"],
        "conferences": conference,
    }


def programme_and_webhook(house: House) -> dict[str, str]:
    goal = {"kind": "cameras", "target": 2, "by": ahead(90)}
    adopted = {"name": "Безпечна громада", "region": "UA-30", "from_at": ago(9), "to_at": ahead(99), "funder": "Рада"}
    programme = house.done("admin", "/programmes", {**adopted, "goals": [goal]})["id"]
    house.done(
        "admin", f"/programmes/{programme}/fundings", {"cameras": ["KYIV-801"], "amount_kopecks": 5, "funder": "Рада"}
    )
    key = uuid4()  # of an origin that nobody allowed: no test sends anything
    registered = WebhookRegistered(
        account=account_id("lesia"), url="https://partner.example/", subjects=("concern",), by=account_id("admin")
    )
    confirmed = WebhookConfirmed(by=account_id("zlata"))
    house.services.log.append([Change(key, 0, (registered, confirmed))], system_meta("test"))
    house.caught_up()
    return {"programmes": programme, "webhooks": str(key), "number": "1"}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in item.keys() & {"get", "post", "put", "patch", "delete"}:
            yield method.upper(), path, item[method]


def addressed(path: str, real: dict[str, Any]) -> dict[str, Any]:
    return {**real, "key": real["keys"].get(path.split("/")[1], str(uuid4()))}


def assert_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == status
    assert body["title"]
    assert len(body["detail"].split()) > 2, "a problem says more than its status"
    return body


class TestGate:
    def test_every_route_but_the_public_ones_asks_for_a_token(
        self, house: House, document: dict[str, Any], real: dict[str, Any]
    ) -> None:
        open_to_all = set()
        for method, path, _ in operations(document):
            answer = house.http.request(method, path.format_map(addressed(path, real)), json={})
            if answer.status_code != HTTPStatus.UNAUTHORIZED:
                open_to_all.add(path)
                public = path.startswith(PUBLIC) or (method == "GET" and path in PUBLIC_READS)
                assert public, f"{method} {path}: {answer.status_code}"
        assert open_to_all == {
            *("/login", "/health/live", "/health/ready", "/communities", "/public/commitments"),
            *("/reports/own/token", "/reports/public", "/reports/public/words"),
        }

    def test_every_route_that_reads_is_reachable(
        self, house: House, document: dict[str, Any], real: dict[str, Any]
    ) -> None:
        for method, path, _ in operations(document):
            left_out = path in (*ENDLESS, OF_A_REPORT, OF_A_POINT) or path.endswith(
                "/certificate"
            )  # the last thing there is
            if method == "GET" and not left_out:
                answers = [house.ask(person, path.format_map(addressed(path, real))) for person in PEOPLE]
                assert 200 in [answer.status_code for answer in answers], f"{path}: {answers}"
                for answer in answers:
                    said = [answer.headers[name] for name in ("cache-control", "vary", "x-content-type-options")]
                    assert said == ["no-store", "Accept, Accept-Language, Authorization", "nosniff"], path

    def test_the_routes_and_the_document_are_the_same(self, api: Litestar, document: dict[str, Any]) -> None:
        served = {(method, route.path_format) for route in api.routes for method in getattr(route, "methods", ())}
        described = {(method, path) for method, path, _ in operations(document)}
        assert {(method, path) for method, path in served - described if method != "OPTIONS"} == {
            ("GET", "/metrics"),
            ("GET", "/schema"),
            ("GET", "/schema/openapi.json"),
            ("GET", "/schema/{path}"),
        }

    def test_every_operation_is_asked_for(self) -> None:
        named = {
            node.attr
            for source in ROOMS.rglob("*.py")
            if "access" not in source.parts
            for node in ast.walk(ast.parse(source.read_text()))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Operation"
        }
        assert {operation.name for operation in Operation} - named == set()


class TestDocument:
    def test_every_route_is_described(self, document: dict[str, Any]) -> None:
        for method, path, operation in operations(document):
            assert operation["summary"], f"{method} {path}"
            assert operation.get("description"), f"{method} {path} has no docstring"
            assert MEDIA_TYPE in operation["responses"]["default"]["content"], f"{method} {path}"

    def test_every_body_has_an_example_of_each_required_value(self, document: dict[str, Any]) -> None:
        schemas = document["components"]["schemas"]
        for method, path, operation in operations(document):
            for name, content in operation.get("requestBody", {}).get("content", {}).items():
                if name != "application/json":
                    continue
                body = schemas[content["schema"]["$ref"].rpartition("/")[2]]
                bare = [field for field in body.get("required", ()) if not body["properties"][field].get("examples")]
                assert not bare, f"{method} {path}: no examples of {bare}"
                assert any(each.get("examples") for each in body["properties"].values()), f"{method} {path}"

    def test_every_answer_of_a_command_and_the_headers_it_takes_are_described(self, document: dict[str, Any]) -> None:
        for method, path, operation in operations(document):
            if method == "POST" and not path.startswith(PUBLIC):
                headers = {each["name"] for each in operation["parameters"] if each["in"] == "header"}
                named = {"Oberih-File-Name"} if path == "/cases/{key}/attachments" else set()
                assert headers == {"Oberih-Purpose", "Idempotency-Key", "If-Match"} | named, path

    def test_no_page_runs_scripts_of_another_server(self, house: House) -> None:
        answer = house.http.get("/schema")
        assert "json" in answer.headers["content-type"]
        assert "<script" not in answer.text


class TestProblems:
    def test_every_code_has_its_status(self) -> None:
        over_http = {
            kind for kind in every_error() if not kind.__module__.startswith(("app.cli", "app.client", "app.demo"))
        }
        found: dict[str, HTTPStatus] = {kind.code: status_of(blank(kind)) for kind in over_http}
        local = {
            "invalid-token",
            "deployment-fault",
            "credentials-fault",
            "signing-key-fault",
            "issuer-not-loopback",
            "policy-invalid",
            "registered-meanwhile",  # of a row, told in the report of its import
            "server-closes",  # of an import, told by its state
        }
        expected = {code: status for status, codes in STATUSES.items() for code in codes}
        assert {code: status for code, status in found.items() if code in expected} == expected
        assert found.keys() - expected.keys() - local == {DomainError.code}
        assert STATUS.keys() <= expected.keys()

    def test_a_search_refusal_without_a_code_of_its_own_does_not_exist(self) -> None:
        assert all(
            "code" in vars(kind)
            for kind in SearchRefusal.__subclasses__()
            if kind.__module__ == "domain.search_refusals"
        )

    def test_what_the_framework_refuses_has_the_same_shape(self, house: House) -> None:
        token = {"Authorization": f"Bearer {house.token('olena')}"}
        ask = house.http
        assert_problem(ask.get("/nowhere"), 404, "not-found")
        assert_problem(ask.get("/incidents/no-id", headers=token), 404, "not-found")
        answer = ask.put("/incidents", headers=token)
        assert_problem(answer, 405, "method-not-allowed")
        assert "POST" in answer.headers["allow"]
        answer = ask.get("/incidents")
        assert_problem(answer, 401, "unauthorized")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert_problem(ask.get("/incidents", params={"limit": "many"}, headers=token), 400, "bad-request")
        answer = ask.post("/searches", content=b"x" * (21 * 2**20), headers=token)
        assert_problem(answer, 413, "request-entity-too-large")

    def test_too_many_requests(self, house: House) -> None:
        with TestClient(limited(house, 2)) as http:
            token = {"Authorization": f"Bearer {house.token('olena')}"}
            answers = [http.get("/me", headers=token) for _ in range(3)]
            assert [answer.status_code for answer in answers] == [200, 200, 429]
            assert_problem(answers[2], 429, "too-many-requests")
            assert int(answers[2].headers["ratelimit-reset"]) <= 60
            assert http.get("/health/live").status_code == 200

    def test_an_upload_that_is_too_large_leaves_nothing(self, house: House, real: dict[str, Any]) -> None:
        with TestClient(limited(house, 100, upload_bytes_max=1_000)) as http:
            answer = http.post(
                "/footage",
                params={"camera": "KYIV-801", "recorded_at": "2026-03-02T12:00:00Z"},
                content=b"x" * 1_001,
                headers={"Authorization": f"Bearer {house.token('olena')}"},
            )
        assert_problem(answer, 413, "upload-too-large")
        assert list((house.folder / "incoming").iterdir()) == []


class TestOddRequests:
    """What a person would never send and a broken or hostile client might."""

    @pytest.fixture
    def headers(self, house: House) -> dict[str, str]:
        return {"Authorization": f"Bearer {house.token('olena')}", "Content-Type": "application/json"}

    @pytest.mark.parametrize(
        ("body", "says"),
        [
            (b"", "body: is missing"),
            (b'{"kind":"\xff"}', "UTF-8"),
            (b'{"kind":"\\ud800", "region": 5}', "surrogate"),
            (b"[" * 100_000, "nested"),
            (b'{"a":' * 100_000, "nested"),
            (b"nul", "truncated"),
            (b'{"kind": 5}', "kind: is a whole number; send text"),
            (b'{"kind": "theft", "region": "UA-30", "kind": "robbery"}', "names 'kind' twice"),
            (b'{"kind": {"a": [{"b": 1, "b": 1}]}}', "names 'b' twice"),
            (b'{"kind": ' + b"9" * 5_000 + b"}", "out of range"),
        ],
        ids=[
            "empty",
            "not UTF-8",
            "half a character",
            "lists",
            "objects",
            "cut off",
            "type",
            "twice",
            "deep",
            "number",
        ],
    )
    def test_a_body_that_is_no_json(self, house: House, headers: dict[str, str], body: bytes, says: str) -> None:
        answer = house.http.post("/incidents", content=body, headers=headers)
        assert says in assert_problem(answer, 400, "bad-request")["detail"]

    @pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data; boundary=x", "application/msgpack"])
    def test_a_body_of_another_type(self, house: House, headers: dict[str, str], media_type: str) -> None:
        answer = house.http.post("/incidents", content=b"{}", headers={**headers, "Content-Type": media_type})
        assert "application/json" in assert_problem(answer, 415, "unsupported-media-type")["detail"]

    @pytest.mark.parametrize(
        ("header", "value"),
        [
            ("If-Match", "9" * 5_000),
            ("If-Match", '"-1"'),
            ("If-Match", '""'),
            ("Idempotency-Key", "k" * 201),
            ("Idempotency-Key", ""),
            ("Oberih-Purpose", "x" * 2_001),
            ("Oberih-Purpose", "%00"),
            ("Oberih-Purpose", "%E2%80%AEreversed"),
            ("Oberih-Purpose", ""),
            ("Oberih-Purpose", "looking for Ivanko, 7 years old"),
            ("Oberih-Purpose", "investigation:Ivanko7"),
        ],
    )
    def test_a_header_that_cannot_be_taken(
        self, house: House, headers: dict[str, str], header: str, value: str
    ) -> None:
        answer = house.http.get("/me", headers={**headers, header: value})
        assert assert_problem(answer, 422, "invalid-value")["field"] == header

    def test_a_purpose_is_on_record_as_it_was_said(self, house: House, headers: dict[str, str]) -> None:
        incident = house.record_incident("bohdan")
        said = {**headers, "Oberih-Purpose": "investigation:757/1147/26-%D0%BA"}
        assert house.http.get(f"/incidents/{incident}", headers=said).status_code == 200
        (event,) = house.services.log.read(after=house.services.log.head() - 1)
        assert isinstance(event, Recorded)
        assert event.meta.purpose == "investigation:757/1147/26-к"

    @pytest.mark.parametrize(
        ("username", "path", "field"),
        [
            ("olena", "/footage?from_at=2026-01-01T00:00:00", "from_at"),
            ("olena", "/footage?to_at=9999-12-31T23:59:59-14:00", "to_at"),
            ("olena", "/incidents?limit=99999999999999999999999", "limit"),
            ("olena", "/incidents?cursor=%00", "cursor"),
            ("olena", "/incidents?limit=-1", "limit"),
            ("olena", "/incidents?kind=pranks", "kind"),
            ("olena", "/incidents?region=UA-99", "region"),
            ("olena", "/incidents?incident_state=closed", "incident_state"),
            ("olena", "/cameras?region=Kyiv", "region"),
            ("olena", "/cameras?camera_state=broken", "camera_state"),
            ("olena", "/footage?footage_state=lost", "footage_state"),
            ("olena", "/footage?erasure=asked", "erasure"),
            ("olena", "/authorisations?authorisation_state=asked", "authorisation_state"),
            ("olena", "/units?region=", "region"),
            ("olena", "/cameras/uptime?to_at=0001-01-01T00:00:00Z", "to_at"),
            ("olena", "/network/uptime?to_at=2026-01-01T00:00:00", "to_at"),
            ("oksana", "/record?position=99999999999999999999999", "position"),
            ("oksana", "/record?position=-5", "position"),
            ("oksana", "/record?after=-1", "after"),
            ("oksana", "/record?until=2026-01-01T00:00:00", "until"),
            ("oksana", "/record/views?position=9223372036854775808", "position"),
        ],
    )
    def test_a_parameter_out_of_range(self, house: House, username: str, path: str, field: str) -> None:
        answer = house.http.get(path, headers={"Authorization": f"Bearer {house.token(username)}"})
        assert assert_problem(answer, 422, "invalid-value")["field"] == field

    @pytest.mark.parametrize(
        "place", [[2**64 - 1, str(uuid4())], ["2026-01-01T00:00:00", str(uuid4())], [None], "x", 5]
    )
    @pytest.mark.parametrize("path", ["/incidents", "/footage", "/cameras", "/searches", "/authorisations"])
    def test_a_cursor_of_ones_own_making(self, house: House, path: str, place: Any) -> None:
        cursor = base64.urlsafe_b64encode(msgspec.msgpack.encode(place)).decode().rstrip("=")
        assert assert_problem(house.ask("olena", path, cursor=cursor), 422, "invalid-value")["field"] == "cursor"

    @pytest.mark.parametrize("rank", ["-1", "0", "2147483648", "99999999999999999999", "9" * 4_400])
    def test_a_hit_that_is_not_there(self, house: House, real: dict[str, Any], rank: str) -> None:
        answer = house.ask("olena", f"/searches/{real['keys']['searches']}/hits/{rank}/thumbnail")
        assert_problem(answer, 404, "not-found")

    @pytest.mark.parametrize("name", ["%00", "%ff", "%ED%A0%80", "a%2Fb", "..%2f..", "x" * 3_000])
    def test_a_path_of_odd_characters(self, house: House, name: str) -> None:
        for path in ("/cameras", "/footage"):
            assert_problem(house.ask("olena", f"{path}/{name}"), 404, "not-found")

    @pytest.mark.parametrize(
        "times",
        [
            {"from_at": "2026-03-02T08:00:00", "to_at": "2026-03-02T08:00:10Z"},
            {"from_at": "2026-03-02T08:00:00"},
            {"from_at": "9999-12-31T23:59:59-14:00"},
            {"from_at": "0001-01-01T00:00:00+14:00"},
        ],
    )
    def test_a_search_at_an_impossible_time(self, house: House, real: dict[str, Any], times: dict[str, str]) -> None:
        body = {"authorisation": real["keys"]["authorisations"], "text": "red", **times}
        answer = house.command("olena", "/searches", body)
        assert assert_problem(answer, 422, "invalid-value")["field"] == "from_at"

    @pytest.mark.parametrize(
        "at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59", "2026-03-02", "2026-03-29T03:30", "x", "\x00", ""]
    )
    def test_an_upload_of_an_impossible_time(self, house: House, real: dict[str, Any], at: str) -> None:
        answer = house.http.post(
            "/footage",
            params={"camera": "KYIV-801", "recorded_at": at},
            content=b"never read",
            headers={"Authorization": f"Bearer {house.token('olena')}"},
        )
        assert assert_problem(answer, 422, "invalid-value")["field"] == "recorded_at"

    def test_another_file_under_the_same_key_is_no_retry(
        self, house: House, real: dict[str, Any], red_film: bytes
    ) -> None:
        """It would be answered with the first one's receipt, and be lost."""
        query = {"camera": "KYIV-801", "recorded_at": "2026-03-02T10:00:00Z"}
        headers = {"Authorization": f"Bearer {house.token('olena')}", "Idempotency-Key": uuid4().hex}
        padding = (16).to_bytes(4) + b"free" + bytes(8)
        first, again, other = (
            house.http.post("/footage", params=query, content=content, headers=headers)
            for content in (red_film + padding, red_film + padding, red_film + 2 * padding)
        )
        assert (first.status_code, first.json()) == (201, again.json())
        assert_problem(other, 422, "command-id-reused")
        assert len(list((house.folder / "footage").glob("*/*"))) == 2


@pytest.mark.parametrize(
    ("path", "query"), [("/incidents", b""), ("/footage", b"camera=KYIV-801&recorded_at=2026-03-02T12:00:00Z")]
)
def test_a_client_that_goes_away_is_no_fault_of_the_server(
    house: House, api: Litestar, real: dict[str, Any], path: str, query: bytes
) -> None:
    said: list[Any] = []
    heard = [{"type": "http.request", "body": b"{half", "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> Any:
        return heard.pop(0)

    async def send(message: Any) -> None:
        said.append(message)

    scope: Any = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": query,
        "headers": [(b"authorization", f"Bearer {house.token('olena')}".encode())],
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(api(scope, receive, send))
    assert said[0]["status"] == 400
    assert b"ended before it was whole" in said[1]["body"]
    assert list((house.folder / "incoming").iterdir()) == []


def test_a_retried_search_is_answered_as_it_was(house: House, real: dict[str, Any]) -> None:
    body = {"authorisation": real["keys"]["authorisations"], "text": "red"}
    first = house.done("olena", "/searches", body, key="first search")
    house.done("olena", "/searches", body)
    assert house.done("olena", "/searches", body, key="first search") == first
    assert house.ask("olena", f"/searches/{first['id']}").json() == {**first, "reviews": [], "clock_changes": []}


def test_what_is_sealed_stays_sealed(house: House, document: dict[str, Any], real: dict[str, Any]) -> None:
    """No answer carries a ciphertext: whoever kept it could read it should they ever come by the keys."""
    entries = house.services.log.read(limit=10_000)
    ciphertexts = [token for entry in entries if isinstance(entry, Recorded) for token in ciphertexts_of(entry.event)]
    assert len(ciphertexts) > 5
    written = [each for token in ciphertexts for each in (base64.b64encode(token).decode()[:24], token.hex()[:24])]
    for method, path, _ in operations(document):
        for person in PEOPLE:
            if method == "GET" and path not in ENDLESS:
                text = house.ask(person, path.format_map(addressed(path, real))).text
                assert not [each for each in written if each in text], f"{path} as {person}"


def ciphertexts_of(event: Event) -> Iterator[bytes]:
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(value, Sealed) and value.token is not None:
            yield value.token.ciphertext


def every_error() -> set[type[DomainError]]:
    """Of all rooms, whichever modules the tests have imported so far."""
    for room in (app, domain):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found: set[type[DomainError]] = set()
    waiting: list[type[DomainError]] = [DomainError]
    while waiting:
        kind = waiting.pop()
        found.add(kind)
        waiting += kind.__subclasses__()
    return {kind for kind in found if not inspect.isabstract(kind) and kind.__module__.startswith(("app.", "domain."))}


def blank(kind: type[DomainError]) -> DomainError:
    return kind.__new__(kind)


PASSWORDS = ["/login", "/accounts", "/me/password", "/accounts/{key}/password"]


def described(api: Litestar) -> Iterator[Any]:
    """Every operation of the document, but those that take passwords, slow by design, and streams: they are tested by
    hand."""
    schema = schemathesis.openapi.from_asgi("/schema/openapi.json", api)
    for found in schema.exclude(path=PASSWORDS + ENDLESS).get_all_operations():
        assert isinstance(found, Ok)
        yield found.ok()


class Promises:
    """What the document says of answers. Schemathesis' own check takes `prefixItems` for an invalid schema."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._validators: dict[str, Any] = {}

    def assert_kept(self, method: str, path: str, answer: Any) -> None:
        """The status and the type are among those that are described, and the body is as its schema says."""
        responses = self._document["paths"][path][method.lower()]["responses"]
        response = responses.get(str(answer.status_code)) or responses["default"]
        assert str(answer.status_code) in responses or answer.status_code >= 400, f"{path}: {answer.status_code}"
        media_type = answer.headers["content-type"]
        media_type = (media_type if isinstance(media_type, str) else media_type[0]).partition(";")[0]
        assert media_type in response["content"], f"{path}: {answer.status_code} as {media_type}"
        if "json" in media_type:
            schema = response["content"][media_type]["schema"]
            self._validator(schema).validate(answer.json())

    def _validator(self, schema: dict[str, Any]) -> Any:
        key = str(schema)
        if key not in self._validators:
            whole = {**schema, "components": self._document["components"]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]


@pytest.fixture(scope="module")
def promises(document: dict[str, Any]) -> Promises:
    return Promises(document)


def test_what_is_answered_is_as_described(
    house: House, document: dict[str, Any], promises: Promises, real: dict[str, Any]
) -> None:
    for method, path, _ in operations(document):
        if method == "GET" and path not in ENDLESS:
            for person in PEOPLE:
                promises.assert_kept(method, path, house.ask(person, path.format_map(addressed(path, real))))


@pytest.mark.parametrize("mode", GenerationMode)
def test_no_request_breaks_the_server(
    house: House, api: Litestar, promises: Promises, real: dict[str, Any], mode: GenerationMode
) -> None:
    """Requests as the document describes them, and as it does not."""
    counts = [attempt(house, operation, promises, real, mode) for operation in described(api)]
    assert sum(count > 0 for count in counts) > 40


def attempt(house: House, operation: Any, promises: Promises, real: dict[str, Any], mode: GenerationMode) -> int:
    """How many requests were sent: none where nothing in them could be other than described."""
    statuses: list[int] = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(mode), person=st.sampled_from(PEOPLE), finds=st.booleans())
    def sent(case: Any, person: str, finds: bool) -> None:
        if finds and case.path_parameters:
            known = addressed(case.path, real)
            case.path_parameters = {name: str(known[name]) for name in case.path_parameters}
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {house.token(person)}"}
        answer = case.call()
        case.validate_response(answer, checks=[not_a_server_error])
        promises.assert_kept(case.method, case.path, answer)
        statuses.append(answer.status_code)

    with suppress(Unsatisfiable):
        sent()
    return len(statuses)
