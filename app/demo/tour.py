"""The walk: an incident, an authority approved by a second person, searches, refusals, and the replay."""

from __future__ import annotations

import base64
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from app.client.http import Client
from app.client.refused import Refused
from app.contact_sheet import SearchOnSheet, draw
from app.demo.district import District, command
from app.demo.server import DemoServer
from gpu_jobs.offline_model.demo_footage import DemoQuery, queries

SHOWN_EACH_LANGUAGE = 3
LIMIT = 5
TOLERANCE_SECONDS = 1.0  # a best frame this close to what happened counts as found
NARRATIVE = (
    "Учениця п’ятого класу повідомила, що біля шкільних воріт у неї забрали рюкзак і пішли в бік паркування. "
    "Потрібно знайти, хто проходив повз камери того ранку."
)


def walk(server: DemoServer, district: District, folder: Path, console: Console) -> dict[str, Any]:
    """Everything that an investigator, a supervisor and an auditor do here, and what came of it."""
    olena, taras = server.as_user("olena"), server.as_user("taras")
    first, last = _window(district)
    incident = command(olena, "/incidents", _incident(first))["id"]
    authorisation = command(olena, "/authorisations", _request(district, incident, first, last))["id"]
    refusals = [
        _refused("a search before the approval", olena, "/searches", _words(authorisation, "червона куртка")),
        _refused("the requester approves her own request", olena, f"/authorisations/{authorisation}/approve", {}),
    ]
    before_approval = _position(server)
    command(taras, f"/authorisations/{authorisation}/approve")
    searches, sheet = _searches(olena, district, authorisation)
    refusals += _refusals_after(olena, authorisation, last)
    _keep_the_best(olena, searches, incident)
    picture = folder / "contact-sheet.png"
    picture.write_bytes(draw(sheet))
    return {
        "incident": incident,
        "authorisation": authorisation,
        "searches": searches,
        "refusals": refusals,
        "replay": _replay(server, before_approval),
        "contact_sheet": str(picture),
        "day": f"{district.midnight:%Y-%m-%d}",
        "samples": str(_leave_samples(district, sheet, folder / "samples")),
    }


def _leave_samples(district: District, sheet: list[SearchOnSheet], folder: Path) -> Path:
    """Files to try `archive` and `--image` with: a film whose bytes are on no shelf yet, and the picture of a hit."""
    folder.mkdir()
    film = district.scripts[0].file
    unused_box = (16).to_bytes(4) + b"free" + bytes(8)  # players skip it; another digest, so another footage
    (folder / "clip.mp4").write_bytes(film.read_bytes() + unused_box)
    (folder / "suspect.jpg").write_bytes(next(each.thumbnails[1] for each in sheet if 1 in each.thumbnails))
    return folder


def _window(district: District) -> tuple[datetime, datetime]:
    starts = [district.recorded_at(script) for script in district.scripts]
    ends = [district.recorded_at(script) + timedelta(seconds=script.seconds) for script in district.scripts]
    return min(starts), max(ends)


def _incident(at: datetime) -> dict[str, Any]:
    return {
        "kind": "robbery",
        "occurred_from": at.isoformat(),
        "occurred_to": (at + timedelta(minutes=1)).isoformat(),
        "region": "UA-30",
        "community": "Подільська",
        "narrative": NARRATIVE,
    }


def _request(district: District, incident: str, first: datetime, last: datetime) -> dict[str, Any]:
    return {
        "legal_basis": "investigator-ruling",
        "reference": "760/1234/26",
        "incident": incident,
        "cameras": [district.code(script) for script in district.scripts],
        "window_from": first.isoformat(),
        "window_to": last.isoformat(),
        "quota": 100,
        "purpose": "Знайти, хто проходив біля школи, і простежити шлях рюкзака.",
        "valid_hours": 72,
    }


def _words(authorisation: str, text: str, **more: object) -> dict[str, Any]:
    return {"authorisation": authorisation, "text": text, "limit": LIMIT, **more}


def _searches(
    olena: Client, district: District, authorisation: str
) -> tuple[list[dict[str, Any]], list[SearchOnSheet]]:
    """Some in Ukrainian, some in English, and one by the picture of the first one's best hit."""
    asked = queries(list(district.scripts))
    chosen = [q for language in ("uk", "en") for q in _telling(asked, language)]
    found, sheet = [], []
    for query in chosen:
        started = time.perf_counter()
        answer = command(olena, "/searches", _words(authorisation, query.text))
        seconds = time.perf_counter() - started
        found.append(_outcome(district, query, answer, seconds))
        sheet.append(SearchOnSheet(query.text, answer, _pictures(olena, answer)))
    example = next((each.thumbnails[1] for each in sheet if 1 in each.thumbnails), None)
    if example is not None:
        image = base64.b64encode(example).decode()
        body = {"authorisation": authorisation, "image": image, "limit": LIMIT}
        answer = command(olena, "/searches", body)
        found.append({"query": "by picture: the best hit of the first search", "language": "-", **_facts(answer)})
        title = "За зображенням: найкращий збіг першого пошуку"
        sheet.append(SearchOnSheet(title, answer, _pictures(olena, answer), query_image=example))
    return found, sheet


def _telling(asked: list[DemoQuery], language: str) -> list[DemoQuery]:
    """Queries that one moment answers, each of another camera."""
    chosen: dict[str, DemoQuery] = {}
    for query in asked:
        if query.language == language and len(query.moments) == 1:
            chosen.setdefault(query.moments[0].camera, query)
    return list(chosen.values())[:SHOWN_EACH_LANGUAGE]


def _pictures(client: Client, answer: dict[str, Any]) -> dict[int, bytes]:
    shown = (moment for moment in answer["moments"] if moment["thumbnail"])
    return {moment["rank"]: client.picture(moment["thumbnail"]) for moment in shown}


def _facts(answer: dict[str, Any]) -> dict[str, Any]:
    keys = [
        "rank",
        "camera_name",
        "shown",
        "from_at",
        "to_at",
        "uncertainty_seconds",
        "score",
        "strength",
        "footage_sha256",
    ]
    return {
        "search": answer["id"],
        "coverage": answer["coverage"]["statement"],
        "unknown_words": answer["unknown_words"],
        "match": answer["match"]["statement"],
        "moments": [{key: moment[key] for key in keys} for moment in answer["moments"]],
    }


def _outcome(district: District, query: DemoQuery, answer: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What was found, held against what the renderer drew."""
    rank = next((m["rank"] for m in answer["moments"] if is_answer(district, query, m)), None)
    outcome = {"query": query.text, "language": query.language, "found_at_rank": rank}
    return {**outcome, "milliseconds": round(seconds * 1000), **_facts(answer)}


def is_answer(district: District, query: DemoQuery, moment: dict[str, Any]) -> bool:
    """Whether a found moment is one of those that the query asks for."""
    script = district.script(moment["camera_name"])
    second = (datetime.fromisoformat(moment["best_at"]) - district.recorded_at(script)).total_seconds()
    return any(
        wanted.camera == script.key and wanted.start_s - TOLERANCE_SECONDS <= second <= wanted.end_s + TOLERANCE_SECONDS
        for wanted in query.moments
    )


def _refused(what: str, client: Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    try:
        command(client, path, body)
    except Refused as refusal:
        return {"what": what, "type": refusal.problem["type"], "detail": refusal.line}
    raise AssertionError(f"{what} was not refused")


def _refusals_after(olena: Client, authorisation: str, last: datetime) -> list[dict[str, Any]]:
    later = {"from_at": last.isoformat(), "to_at": (last + timedelta(hours=1)).isoformat()}
    elsewhere = {"cameras": ["KYIV-999"]}
    nowhere = {"text": "червона куртка", "limit": LIMIT}
    return [
        _refused("a search without an authorisation", olena, "/searches", nowhere),
        _refused("a search beyond the window", olena, "/searches", _words(authorisation, "авто", **later)),
        _refused("a search in another camera", olena, "/searches", _words(authorisation, "авто", **elsewhere)),
    ]


def _keep_the_best(olena: Client, searches: list[dict[str, Any]], incident: str) -> None:
    """The first search's best hit is looked at by a person, and becomes part of the incident."""
    hit = f"/searches/{searches[0]['search']}/hits/1"
    command(olena, f"{hit}/review", {"verdict": "relevant", "note": "Схожий одяг, той самий час"})
    command(olena, f"{hit}/attach", {"incident": incident})


def _position(server: DemoServer) -> int:
    return int(server.as_user("oksana").ask("/record/views")["position"])


def _replay(server: DemoServer, before_approval: int) -> dict[str, Any]:
    """The auditor folds the record twice: now, and as it was before the approval."""
    oksana = server.as_user("oksana")
    first, second = oksana.ask("/record/views"), oksana.ask("/record/views", position=oksana_head(oksana))
    then = oksana.ask("/record/views", position=before_approval)
    refused = oksana.ask("/searches", refused=True, limit=50)
    return {
        "events": first["position"],
        "two_replays_are_equal": first["views"] == second["views"],
        "views": {view["name"]: view["sha256"] for view in first["views"]},
        "before_the_approval": {"position": then["position"], "searches_run": _searches_run(then)},
        "now": {"position": first["position"], "searches_run": _searches_run(first)},
        "refused_searches_on_record": len(refused["items"]),
    }


def oksana_head(oksana: Client) -> int:
    return int(oksana.ask("/record/views")["position"])


def _searches_run(views: dict[str, Any]) -> int:
    ledger = next(view for view in views["views"] if view["name"] == "search-ledger")
    return int(ledger["rows"]["searches"])
