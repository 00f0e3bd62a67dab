"""Cameras, what is kept of them, authority to search, and searches, counted from the raw events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.demo.year.recount.history import Expected, History, Told, fact, last, when

ENDS = {"authorisation.refused": "refused", "authorisation.revoked": "revoked", "authorisation.withdrawn": "withdrawn"}


def cameras(history: History) -> Iterator[Expected]:
    rows, outages = [], list[tuple[Any, ...]]()
    for camera, life in history.lives("camera").items():
        registered, gone = life[0], last(life, "camera.decommissioned")
        spans = list(_outages(life))
        outages += [(camera, number, *span) for number, span in enumerate(spans, 1)]
        state = "decommissioned" if gone else "out" if spans and spans[-1][1] is None else "working"
        chosen = [e["frames_per_second"] for e in life if e.topic == "camera.indexing-configured"]
        recognises = fact(last(life, "camera.registered", "camera.analytics-declared"), "analytics")
        facts = (registered["name"], registered["community"], registered["place_kind"], recognises)
        ends = (fact(gone, "at"), chosen[-1] if chosen else None, len(life))
        rows.append((camera, *facts, state, len(spans), *ends))
    columns: tuple[str, ...] = (
        "camera",
        "name",
        "community",
        "place_kind",
        "analytics",
        "state",
        "outages",
        "decommissioned_at",
    )
    yield Expected("cameras", "cameras", (*columns, "frames_per_second", "version"), rows)
    yield Expected("cameras", "camera_outages", ("camera", "number", "from_at", "to_at"), outages)


def _outages(life: list[Told]) -> Iterator[tuple[Any, Any]]:
    """From when to when; None of one that lasts. What is decommissioned while it is out is missed no more."""
    begun = None
    for each in life:
        if each.topic == "camera.outage-reported":
            begun = each["from_at"]
        elif begun is not None and each.topic in ("camera.restored", "camera.decommissioned"):
            yield begun, max(begun, each["at"])
            begun = None
    if begun is not None:
        yield begun, None


def keeping(history: History) -> Iterator[Expected]:
    latest = {
        e["camera"]: (e["camera"], e["days"], e["basis"], e.actor) for e in history.of_topic("keeping.retention-set")
    }
    yield Expected("keeping", "retention", ("camera", "days", "basis", "set_by"), list(latest.values()))
    holds, held = [], []
    for hold, life in history.lives("hold").items():
        placed, released = life[0], last(life, "hold.released")
        facts = (placed["incident"], placed["case"], placed["by"], placed["unit"], placed["from_at"], placed["to_at"])
        holds.append((hold, *facts, placed["cameras"], when(released), fact(released, "by"), len(life)))
        held += [(camera, hold, placed["from_at"], placed["to_at"], released is None) for camera in placed["cameras"]]
    columns: tuple[str, ...] = (
        "hold",
        "incident",
        "case",
        "by",
        "unit",
        "from_at",
        "to_at",
        "cameras",
        "released_at",
        "released_by",
    )
    yield Expected("keeping", "holds", (*columns, "version"), holds)
    yield Expected("keeping", "held_cameras", ("camera", "hold", "from_at", "to_at", "stands"), held)


def authorisations(history: History) -> Iterator[Expected]:
    rows, denials = [], []
    for key, life in history.lives("authorisation").items():
        asked, approved = life[0], last(life, "authorisation.approved")
        ended = last(life, *ENDS)
        expired = last(life, "authorisation.expired")
        state = ENDS[ended.topic] if ended else "expired" if expired else "approved" if approved else "requested"
        drawn = [e for e in life if e.topic == "authorisation.search-drawn"]
        facts = (asked["requester"], asked["incident"], asked["cameras"], asked["quota"], asked["reference"])
        decided = (fact(approved, "approver"), fact(approved, "expires_at"))
        rows.append((key, *facts, state, len(drawn), *decided, when(ended) or fact(expired, "at"), len(life)))
        denials += [
            (key, e.version, e["by"], e["code"], e.at) for e in life if e.topic == "authorisation.approval-denied"
        ]
    columns: tuple[str, ...] = (
        "authorisation",
        "requester",
        "incident",
        "cameras",
        "quota",
        "reference",
        "state",
        "used",
    )
    more = ("approver", "expires_at", "ended_at", "version")
    yield Expected("authorisations", "authorisations", (*columns, *more), rows)
    columns = ("authorisation", "version", "by", "code", "at")
    yield Expected("authorisations", "authorisation_denials", columns, denials)


def searches(history: History) -> Iterator[Expected]:
    rows, hits = [], []
    for key, life in history.lives("search").items():
        asked = life[0]
        moments = asked.facts.get("moments", ())
        facts = (asked["searcher"], asked["searcher_unit"], asked["authorisation"], asked["cameras"], asked["kind"])
        rows.append((key, asked.position, asked.at, *facts, asked.facts.get("code"), len(moments), len(life)))
        hits += [(key, rank) for rank, _ in enumerate(moments, 1)]
    columns: tuple[str, ...] = (
        "search",
        "position",
        "at",
        "searcher",
        "searcher_unit",
        "authorisation",
        "cameras",
        "kind",
    )
    more = ("refused_code", "moments_count", "version")
    yield Expected("search-ledger", "searches", (*columns, *more), rows)
    yield Expected("search-ledger", "search_hits", ("search", "rank"), hits)


def shelf(history: History) -> Iterator[Expected]:
    """No footage comes in this year: a row of one of these would be there of no event."""
    archived = [(e.stream,) for e in history.of_topic("footage.archived")]
    yield Expected("footage-shelf", "footage", ("footage",), archived)
    yield Expected("clock-corrections", "filmed", ("footage",), archived)
    corrected = [(e.stream, e.version) for e in history.of_topic("footage.clock-corrected")]
    yield Expected("clock-corrections", "clock_corrections", ("footage", "version"), corrected)
    yield Expected("clips", "clips", ("clip",), [(e.stream,) for e in history.of_topic("clip.cut", "clip.refused")])
    yield Expected("models", "model_history", ("position",), [(e.position,) for e in history.of_kind("model")])
