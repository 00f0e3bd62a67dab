"""Communities, posts, schools, initiatives and programmes, counted from the raw events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.demo.year.recount.history import Expected, History, fact, last, when
from domain.kyiv_time import KYIV

Row = tuple[Any, ...]


def communities(history: History) -> Iterator[Expected]:
    rows = []
    for key, life in history.lives("community").items():
        first, joined = life[0], last(life, "community.project-joined")
        rows.append((key, first["name"], first["region"], first["unit"], fact(joined, "at"), len(life)))
    columns: tuple[str, ...] = ("community", "name", "region", "unit", "joined_at", "version")
    yield Expected("communities", "communities", columns, rows)
    claims = [
        (e.stream, e.version, e["population"], e["as_of"], e["source"], e["by"])
        for e in history.of_topic("community.population-stated")
    ]
    columns = ("community", "version", "population", "as_of", "source", "by")
    yield Expected("communities", "populations", columns, claims)
    stations = []
    for key, life in history.lives("station").items():
        opened, closed = life[0], last(life, "station.closed")
        facts = (opened["community"], opened["name"], opened["place"], opened["opened_at"])
        stations.append((key, *facts, fact(closed, "at"), fact(closed, "cause"), len(life)))
    columns = ("station", "community", "name", "place", "opened_at", "closed_at", "cause", "version")
    yield Expected("communities", "stations", columns, stations)


def posts(history: History) -> Iterator[Expected]:
    """Postings of one officer follow one another: each ends before the next begins."""
    rows, current = list[Row](), list[Row]()
    for key, life in history.lives("post").items():
        begun = [each for each in life if each.topic == "post.posted"]
        ended = [each for each in life if each.topic == "post.ended"]
        for number, each in enumerate(begun):
            end = ended[number] if number < len(ended) else None
            facts = (each["account"], each["community"], each["from_at"], fact(end, "at"), fact(end, "cause"))
            rows.append((key, each.version, *facts, each["by"], (end or each).version))
        current.append((key, begun[-1].version, len(life)))
    columns: tuple[str, ...] = ("post", "began", "account", "community", "from_at", "until_at", "cause", "posted_by")
    yield Expected("posts", "postings", (*columns, "version"), rows)
    yield Expected("posts", "posts", ("post", "began", "version"), current)


def schools(history: History) -> Iterator[Expected]:
    rows, passports, contacts, sessions = list[Row](), list[Row](), list[Row](), list[Row]()
    for key, life in history.lives("school").items():
        first, passport = life[0], last(life, "school.passport-updated")
        points = () if passport is None else passport["points"]
        checked = (sum(1 for each in points if each.met), len(points)) if passport else (None, None)
        facts = (first["name"], first["community"], first["unit"], first["police_unit"], first["prevention_unit"])
        rows.append((key, *facts, passport.version if passport else None, *checked, life[-1].at, len(life)))
        passports += [(key, e.version, e["by"], e.at) for e in life if e.topic == "school.passport-updated"]
        gone = {e["contact"]: e.at for e in life if e.topic == "school.help-contact-withdrawn"}
        named = [e for e in life if e.topic == "school.help-contact-named"]
        contacts += [(e["contact"], key, e["role"], e.at, gone.get(e["contact"])) for e in named]
        taken_back = {e["session"]: e.at for e in life if e.topic == "school.session-withdrawn"}
        for each in (e for e in life if e.topic == "school.session-held"):
            people = sum(group.count for group in each["groups"])
            month = each["held_at"].astimezone(KYIV).strftime("%Y-%m")
            held = (each["subject"], each["audience"], people, each["held_at"], month, each["by"])
            sessions.append((each["session"], key, *held, taken_back.get(each["session"])))
    columns: tuple[str, ...] = ("school", "name", "community", "unit", "police_unit", "prevention_unit")
    more = ("passport_version", "points_met", "points_checked", "changed_at", "version")
    yield Expected("schools", "schools", (*columns, *more), rows)
    yield Expected("schools", "school_passports", ("school", "version", "by", "at"), passports)
    yield Expected("schools", "school_contacts", ("contact", "school", "role", "named_at", "withdrawn_at"), contacts)
    columns = ("session", "school", "subject", "audience", "people", "held_at", "month", "by", "withdrawn_at")
    yield Expected("school-sessions", "school_sessions", columns, sessions)


def initiatives(history: History) -> Iterator[Expected]:
    rows, issues, promises = list[Row](), list[Row](), list[Row]()
    for key, life in history.lives("initiative").items():
        first = life[0]
        facts = (first["title"], first["community"], first["unit"])
        rows.append((key, *facts, first.at, life[-1].at, len(life)))
        raised = [e for e in life if e.topic == "initiative.issue-raised"]
        issues += [(e["issue"], key, e["category"], e["met_at"]) for e in raised]
        for made in (e for e in life if e.topic == "initiative.commitment-made"):
            own = [e for e in life if e.facts.get("commitment") == made["commitment"]]
            kept, missed = last(own, "initiative.commitment-kept"), last(own, "initiative.commitment-missed")
            late = kept is not None and kept["kept_at"] > made["due_at"]
            state = "kept-late" if late else "kept" if kept else "missed" if missed else "open"
            ends = (when(last(own, "initiative.commitment-reminded")), fact(kept, "kept_at"), fact(missed, "at"))
            promises.append((made["commitment"], key, made["body"], made["due_at"], state, *ends))
    columns: tuple[str, ...] = ("initiative", "title", "community", "unit", "launched_at", "changed_at", "version")
    yield Expected("initiatives", "initiatives", columns, rows)
    yield Expected("initiatives", "initiative_issues", ("issue", "initiative", "category", "met_at"), issues)
    columns = ("commitment", "initiative", "body", "due_at", "state", "reminded_at", "kept_at", "missed_at")
    yield Expected("initiatives", "commitments", columns, promises)


def network(history: History) -> Iterator[Expected]:
    places, said = list[Row](), list[Row]()
    for camera, life in history.lives("camera").items():
        first = life[0]
        standing = last(life, "camera.decommissioned") is None
        places.append((camera, standing, first["longitude"], first["latitude"]))
        said.append((camera, 1, first["analytics"], first["installed_at"]))
        declared = [e for e in life if e.topic == "camera.analytics-declared"]
        said += [(camera, e.version, e["analytics"], e["from_at"]) for e in declared]
    yield Expected("camera_places", "camera_places", ("camera", "standing", "longitude", "latitude"), places)
    yield Expected("camera_analytics", "camera_analytics", ("camera", "version", "analytics", "from_at"), said)
    imported = [(e.stream, e["rows"], e["registered"]) for e in history.of_kind("camera-import")]
    yield Expected("camera_imports", "camera_imports", ("camera_import", "rows", "registered"), imported)
    programmes, fundings, paid = list[Row](), list[Row](), list[Row]()
    for key, life in history.lives("programme").items():
        first = life[0]
        programmes.append((key, first["name"], first["region"], first["funder"], len(life)))
        gone = {e["number"] for e in life if e.topic == "programme.funding-withdrawn"}
        for e in (e for e in life if e.topic == "programme.cameras-funded"):
            number = e["number"]
            fundings.append((key, number, e["funder"], e["amount_kopecks"], len(e["cameras"]), number in gone))
            paid += [(key, number, camera) for camera in e["cameras"]]
    yield Expected("programmes", "programmes", ("programme", "name", "region", "funder", "version"), programmes)
    columns = ("programme", "number", "funder", "amount_kopecks", "cameras", "withdrawn")
    yield Expected("programmes", "programme_fundings", columns, fundings)
    yield Expected("programmes", "programme_cameras", ("programme", "number", "camera"), paid)
