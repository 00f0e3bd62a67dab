"""Every verb speaks to its route; output is a table for people or exactly one JSON document."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from app.cli import app
from domain.ids import account_id
from tests.app.cli.fake_server import FakeServer

Oberih = Callable[..., Result]
ID = "7a1c0000-0000-4000-8000-000000000001"
OTHER = "7a1c0000-0000-4000-8000-000000000002"
OLENA = "8a6df2ef-3b3c-5a52-9d5c-000000000000"
RECEIPT = {"id": ID, "version": 1, "position": 42}
WINDOW = ("--from", "2026-11-23T08:00", "--to", "2026-11-23T18:00")
WINDOW_UTC = ("2026-11-23T06:00:00Z", "2026-11-23T16:00:00Z")

COMMANDS = [
    (
        "unit create Podil --region UA-30 --kind patrol",
        "/units",
        {"name": "Podil", "region": "UA-30", "kind": "patrol"},
    ),
    (f"user suspend {ID} --reason left", f"/accounts/{ID}/suspend", {"reason": "left"}),
    (f"user give-role {ID} auditor", f"/accounts/{ID}/roles", {"role": "auditor"}),
    (f"user withdraw-role {ID} auditor", f"/accounts/{ID}/roles/auditor/withdraw", {}),
    ("policy adopt", "/policy/adopt", {}),
    ("camera outage KYIV-014 --from 2026-11-23T08:00", "/cameras/KYIV-014/outages", {"from_at": WINDOW_UTC[0]}),
    ("camera decommission KYIV-014 --at 2026-11-23T08:00", "/cameras/KYIV-014/decommission", {"at": WINDOW_UTC[0]}),
    (
        "camera configure KYIV-014 --frames-per-second 2 --heads upright --keep-repeats --no-detect",
        "/cameras/KYIV-014/indexing",
        {
            "frames_per_second": 2.0,
            "masked_heads": "upright",
            "merge_repeats": False,
            "detect_things": False,
            "defaults": False,
        },
    ),
    (
        f"incident reclassify {ID} --kind theft --reason r",
        f"/incidents/{ID}/reclassify",
        {"kind": "theft", "reason": "r"},
    ),
    (
        f"incident link-child {ID} --child {OTHER} --pseudonym CH-4F2A --role victim",
        f"/incidents/{ID}/children",
        {"child": OTHER, "pseudonym": "CH-4F2A", "role": "victim"},
    ),
    (
        f"incident link-footage {ID} --footage ab12 {' '.join(WINDOW)}",
        f"/incidents/{ID}/footage",
        {"footage_sha256": "ab12", "from_at": WINDOW_UTC[0], "to_at": WINDOW_UTC[1]},
    ),
    (f"incident void {ID} --reason twice", f"/incidents/{ID}/void", {"reason": "twice"}),
    (f"authorise withdraw {ID} --reason r", f"/authorisations/{ID}/withdraw", {"reason": "r"}),
    (f"authorise approve {ID}", f"/authorisations/{ID}/approve", {}),
    (f"authorise refuse {ID} --reason r", f"/authorisations/{ID}/refuse", {"reason": "r"}),
    (f"authorise revoke {ID} --reason r", f"/authorisations/{ID}/revoke", {"reason": "r"}),
    ("footage retry ab12", "/footage/ab12/retry", {}),
    (f"searches review {ID} 2 relevant", f"/searches/{ID}/hits/2/review", {"verdict": "relevant"}),
    (f"searches attach {ID} 2 --incident {OTHER}", f"/searches/{ID}/hits/2/attach", {"incident": OTHER}),
    ("projections rebuild cameras", "/projections/rebuild", {"name": "cameras"}),
    (f"projections retry {ID}", "/projections/retry", {"stream": ID}),
]


@pytest.mark.parametrize(("words", "path", "body"), COMMANDS, ids=[words for words, _, _ in COMMANDS])
def test_a_verb_sends_its_command(server: FakeServer, oberih: Oberih, words: str, path: str, body: object) -> None:
    server.answers(f"POST {path}", RECEIPT)
    result = oberih(*words.split(), "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout) == RECEIPT
    assert result.stderr == ""
    assert server.seen[0].json == body
    assert server.seen[0].headers["idempotency-key"]


QUESTIONS = [
    ("me", "/me"),
    (f"user show {ID}", f"/accounts/{ID}"),
    ("camera show KYIV-014", "/cameras/KYIV-014"),
    (f"incident show {ID}", f"/incidents/{ID}"),
    (f"authorise show {ID}", f"/authorisations/{ID}"),
    ("footage show ab12", "/footage/ab12"),
    ("projections status", "/projections"),
]


@pytest.mark.parametrize(("words", "path"), QUESTIONS, ids=[words for words, _ in QUESTIONS])
def test_a_question_shows_every_field(server: FakeServer, oberih: Oberih, words: str, path: str) -> None:
    document = {"id": ID, "at": "2026-07-01T09:00:00.25Z", "yes": True, "cameras": ["A", "B"], "deep": {"x": [1, 2]}}
    document["parts"] = [{"fault": "broken", "position": 12345}]
    server.answers(f"GET {path}", document)
    assert json.loads(oberih(*words.split(), "--json").stdout) == document
    readable = oberih(*words.split()).stdout
    for shown in (ID, "2026-07-01 12:00:00.2 EEST", "yes", "A, B", "1, 2", "parts:", "broken", "12345"):
        assert shown in readable


LISTS = ["unit", "user", "camera", "footage", "incident", "authorise", "searches"]
IDS = {
    "unit": "unit",
    "user": "account",
    "camera": "camera",
    "footage": "sha256",
    "incident": "incident",
    "authorise": "authorisation",
    "searches": "search",
}
PATHS = {"unit": "/units", "user": "/accounts", "camera": "/cameras", "incident": "/incidents", "footage": "/footage"}


@pytest.mark.parametrize("noun", LISTS)
def test_lists_are_tables_with_whole_ids(server: FakeServer, oberih: Oberih, noun: str) -> None:
    path = {**PATHS, "authorise": "/authorisations", "searches": "/searches"}[noun]
    page = {"items": [{IDS[noun]: ID, "state": "архів", "name": "x" * 60}], "next": "more"}
    server.answers(f"GET {path}", page)
    readable = oberih(noun, "list", "--limit", "1")
    assert readable.exit_code == 0, readable.stderr
    assert ID in readable.stdout
    assert readable.stderr == "there are more than these 1: raise --limit\n"
    as_json = oberih(noun, "list", "--limit", "1", "--json")
    assert json.loads(as_json.stdout) == page
    assert as_json.stderr == ""


def test_an_empty_list_says_so_beside_the_answer(server: FakeServer, oberih: Oberih) -> None:
    server.answers("GET /incidents", {"items": [], "next": None})
    result = oberih("incident", "list")
    assert (result.stdout, result.stderr) == ("", "no incidents\n")


def test_an_incident_is_recorded_with_a_narrative_from_standard_input(server: FakeServer, oberih: Oberih) -> None:
    server.answers("POST /incidents", RECEIPT, 201)
    words = ("--kind", "bullying", "--from", "2026-11-23T08:00", "--region", "UA-30", "--community", "Подільська")
    result = oberih("incident", "record", *words, "--narrative-file", "-", stdin="Біля воріт.\nДвоє.\n")
    assert result.exit_code == 0, result.stderr
    assert server.seen[0].json == {
        "kind": "bullying",
        "occurred_from": WINDOW_UTC[0],
        "occurred_to": WINDOW_UTC[0],
        "region": "UA-30",
        "community": "Подільська",
        "narrative": "Біля воріт.\nДвоє.\n",
        "names": [],
    }
    assert oberih("incident", "record", *words).exit_code == 2


def test_a_user_is_created_in_a_unit_by_its_name(server: FakeServer, oberih: Oberih) -> None:
    server.answers(
        "GET /units", {"items": [{"unit": OTHER, "name": "Podil"}, {"unit": ID, "name": "Lviv"}], "next": None}
    )
    server.answers("POST /accounts", RECEIPT, 201)
    words = ("user", "create", "olena", "--full-name", "Олена Коваль", "--password-file", "-", "--unit")
    assert oberih(*words, "Lviv", stdin="correct horse\n").exit_code == 0
    sent = {"username": "olena", "full_name": "Олена Коваль", "unit": ID, "password": "correct horse"}
    assert server.seen[-1].json == sent
    unknown = oberih(*words, "Odesa", stdin="correct horse\n")
    assert unknown.exit_code == 1
    assert unknown.stderr == "oberih: no unit has the name 'Odesa'; give its id: oberih unit list shows them\n"


def test_a_reset_sends_the_initial_password(server: FakeServer, oberih: Oberih) -> None:
    server.answers(f"POST /accounts/{ID}/password", RECEIPT)
    result = oberih("user", "reset-password", ID, "--password-file", "-", stdin="correct horse\n")
    assert result.exit_code == 0, result.stderr
    assert server.seen[0].json == {"password": "correct horse"}
    assert "correct horse" not in result.stdout + result.stderr


def test_a_username_means_its_account(server: FakeServer, oberih: Oberih) -> None:
    oberih("user", "show", "Olena")
    oberih("user", "show", "olena")
    assert server.seen[0].path == server.seen[1].path != "/accounts/olena"


def test_a_camera_is_registered_with_all_its_facts(server: FakeServer, oberih: Oberih) -> None:
    server.answers("POST /cameras", RECEIPT, 201)
    said = "--region UA-30 --community Podil --owner city --place gate --place-kind school-gate --analytics"
    where = "--installed-at 2026-01-15T09:00 --latitude 50.46 --longitude 30.51"
    assert oberih("camera", "register", "KYIV-014", *said.split(), *where.split()).exit_code == 0
    assert server.seen[0].json == {
        "name": "KYIV-014",
        "region": "UA-30",
        "community": "Podil",
        "owner": "city",
        "place": "gate",
        "place_kind": "school-gate",
        "latitude": 50.46,
        "longitude": 30.51,
        "analytics": True,
        "installed_at": "2026-01-15T07:00:00Z",
    }


def test_an_authorisation_is_requested_for_an_incident_or_a_case(server: FakeServer, oberih: Oberih) -> None:
    server.answers("POST /authorisations", RECEIPT, 201)
    words = ("authorise", "request", "--basis", "court-order", "--reference", "757/26", "--camera", "KYIV-014")
    whole = (*words, "--camera", ID, *WINDOW, "--purpose", "фургон")
    assert oberih(*whole).exit_code == 2
    assert oberih(*whole, "--incident", ID, "--child-image").exit_code == 0
    assert server.seen[0].json == {
        "legal_basis": "court-order",
        "reference": "757/26",
        "cameras": ["KYIV-014", ID],
        "window_from": WINDOW_UTC[0],
        "window_to": WINDOW_UTC[1],
        "purpose": "фургон",
        "incident": ID,
        "quota": 20,
        "valid_hours": 72,
        "child_image": True,
    }


def test_the_policy_is_shown_as_it_stands(server: FakeServer, oberih: Oberih) -> None:
    server.answers("GET /policy", {"sha256": "ab12", "in_force": True, "text": "permit (principal);"})
    result = oberih("policy", "show")
    assert (result.stdout, result.stderr) == ("permit (principal);\n", "sha256 ab12, in force: yes\n")


OPENED = [("incident narrative", "incidents", "text"), ("authorise purpose", "authorisations", "text")]


@pytest.mark.parametrize(("words", "noun", "field"), [*OPENED, ("user name", "accounts", "full_name")])
def test_what_was_sealed_is_read(server: FakeServer, oberih: Oberih, words: str, noun: str, field: str) -> None:
    route = f"GET /{noun}/{ID}/{'name' if field == 'full_name' else words.split()[1]}"
    server.answers(route, {field: "Біля воріт.\nДвоє.", "added": []})
    server.answers(route, {field: None, "added": []})
    assert oberih(*words.split(), ID).stdout == "Біля воріт.\nДвоє.\n"
    assert oberih(*words.split(), ID).stdout == "erased\n"


def test_what_its_reporter_added_is_read_with_the_narrative(server: FakeServer, oberih: Oberih) -> None:
    at = "2026-07-01T09:00:00.25Z"
    answer = {"text": "Біля воріт.", "added": [{"at": at, "text": "Знов прийшов."}, {"at": at, "text": None}]}
    server.answers(f"GET /incidents/{ID}/narrative", answer)
    added = [f"added 2026-07-01 12:00:00.2 EEST: {text}" for text in ("Знов прийшов.", "erased")]
    assert oberih("incident", "narrative", ID).stdout.splitlines() == ["Біля воріт.", *added]
    assert json.loads(oberih("incident", "narrative", ID, "--json").stdout) == answer
    server.answers("GET /incidents", {"items": [{"incident": ID, "state": "open", "unheard": 2}], "next": None})
    assert "open, 2 unheard" in oberih("incident", "list").stdout


@pytest.mark.parametrize(
    ("words", "path", "query"),
    [
        ("camera list --community P --state out", "/cameras", {"community": "P", "camera_state": "out"}),
        ("footage list --camera K --state indexed", "/footage", {"camera": "K", "footage_state": "indexed"}),
        ("footage list --erasure pending --damaged", "/footage", {"erasure": "pending", "damaged": "true"}),
        ("incident list --kind theft --state open", "/incidents", {"kind": "theft", "incident_state": "open"}),
        ("authorise list --state approved", "/authorisations", {"authorisation_state": "approved"}),
        (f"searches list --refused --authorisation {ID}", "/searches", {"refused": "true", "authorisation": ID}),
        ("searches list --run", "/searches", {"refused": "false"}),
    ],
)
def test_lists_are_narrowed(server: FakeServer, oberih: Oberih, words: str, path: str, query: dict[str, str]) -> None:
    server.answers(f"GET {path}", {"items": [], "next": None})
    assert oberih(*words.split(), "--limit", "7").exit_code == 0
    assert server.seen[0].query == {"limit": "7", **query}


def test_who_checks_lists_sign_ins_and_disclosures(server: FakeServer, oberih: Oberih) -> None:
    at, olena = "2026-11-23T12:00:00Z", str(account_id("olena"))
    entry = {"position": 7, "at": at, "account": ID, "username": "olena", "initial": False, "refused_code": None}
    refused = {**entry, "username": None, "refused_code": "wrong-password"}
    server.answers("GET /record/sign-ins", {"items": [entry, refused], "next": None})
    words = ("record", "sign-ins", "--user", "olena", "--refused", "--from", "2026-11-23T14:00")
    readable = oberih(*words)
    assert server.seen[0].query == {"limit": "100", "account": olena, "refused": "true", "from_at": at}
    for told in ("14:00:00.0", "olena", "signed in", ID, "wrong-password"):
        assert told in readable.stdout
    seen = {"position": 8, "at": at, "actor": ID, "actor_username": "olena", "role": "investigator"}
    page = {"items": [{**seen, "purpose": "investigation", "operation": "incident.read", "thing": OTHER}], "next": None}
    server.answers("GET /record/disclosures", page)
    readable = oberih("record", "disclosures", "--thing", OTHER, "--operation", "incident.read", "--user", ID)
    assert server.seen[1].query == {"limit": "100", "thing": OTHER, "operation": "incident.read", "actor": ID}
    for told in ("olena", "investigator", "incident.read", OTHER, "investigation"):
        assert told in readable.stdout
    assert json.loads(oberih("record", "disclosures", "--json").stdout) == page


def event(position: int) -> dict[str, object]:
    return {
        "position": position,
        "stream": ID,
        "version": 1,
        "topic": "unit.created",
        "actor": OTHER,
        "role": "administrator",
        "recorded_at": "2026-11-23T12:00:00Z",
        "facts": {"narrative": {"sealed": ID}, "region": "UA-30", "name": "x" * 300},
    }


def test_replay_shows_the_log_and_the_digests_of_the_views(server: FakeServer, oberih: Oberih) -> None:
    server.answers("GET /record", {"items": [event(1), event(2)], "next": "2"})
    server.answers("GET /record", {"items": [event(3)], "next": None})
    views = {
        "position": 3,
        "views": [{"name": "board", "rows": {"incidents": 7, "children": 2}, "sha256": "d" * 64}],
    }
    server.answers("GET /record/views", views)
    readable = oberih("replay", "--until", "2026-11-23T14:00").stdout
    for shown in (
        "unit.created",
        "14:00:00.0",
        ID,
        "position 3",
        "narrative=(sealed),",
        "region=UA-30,",
        "name=xxx",
        "d" * 64,
        "incidents 7, children 2",
    ):
        assert shown in readable
    assert "x" * 200 not in readable
    first, second, third = server.seen
    assert first.query == {"after": "0", "limit": "1000", "until": "2026-11-23T12:00:00Z"}
    assert second.query["after"] == "2"
    assert third.query == {"until": "2026-11-23T12:00:00Z"}


def test_replay_as_json_is_one_document(server: FakeServer, oberih: Oberih) -> None:
    server.answers("GET /record", {"items": [event(1)], "next": None})
    server.answers("GET /record/views", {"position": 1, "views": []})
    answer = json.loads(oberih("replay", "--position", "1", "--json").stdout)
    assert answer["items"] == [event(1)]
    assert answer["views"]["position"] == 1
    assert [seen.query["position"] for seen in server.seen] == ["1", "1"]
    one_stream = json.loads(oberih("replay", "--stream", ID, "--json").stdout)
    assert "views" not in one_stream
    assert oberih("replay", "--position", "1", "--until", "2026-11-23").exit_code == 2


def leaves(tree: typer.core.TyperGroup, *path: str) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    for name, command in tree.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from leaves(command, *path, name)
        else:
            assert isinstance(command, typer.core.TyperCommand)
            yield " ".join((*path, name)), command


def test_every_command_has_a_sentence_of_help_and_json() -> None:
    root = typer.main.get_command(app)
    assert isinstance(root, typer.core.TyperGroup)
    commands = dict(leaves(root))
    assert len(commands) > 40
    assert [name for name, command in commands.items() if not (command.help or "").split("\n")[0].endswith(".")] == []
    without = {name for name, each in commands.items() if not any("--json" in one.opts for one in each.params)}
    assert without == {"serve", "worker"}
    for name in commands:
        assert CliRunner().invoke(app, [*name.split(), "--help"]).exit_code == 0


@pytest.mark.parametrize("words", [[], ["search", "x"], ["camera", "paint"], ["search", "--limit", "0"]])
def test_wrong_usage_is_status_2(words: list[str]) -> None:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert result.stdout == "" or not words


def test_help_loads_no_heavy_library() -> None:
    heavy = ("torch", "litestar", "av", "numpy", "cv2", "PIL", "httpx", "eventsourcing", "sqlalchemy", "faiss")
    code = f"import sys, app.cli; print([name for name in {heavy} if name in sys.modules])"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_python_m_app_is_the_command(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    words = [sys.executable, "-m", "app", "archive", "a.mp4", "--camera", "K"]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--recorded-at" in done.stderr
    assert done.stdout == ""
