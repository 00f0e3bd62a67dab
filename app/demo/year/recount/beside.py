"""What stands beside the counts: claims of sources, periods of certifications, and what partners' systems were told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.demo.year.recount.history import Expected, History, Told, fact, last

SAID = ("value", "precision", "as_of", "since", "source", "remark")


def claims(history: History) -> Iterator[Expected]:
    rows = []
    for key, life in history.lives("claim").items():
        withdrawn = last(life, "claim.withdrawn")
        said = last(life, "claim.stated", "claim.corrected")
        assert said is not None
        state = "withdrawn" if withdrawn else "stated"
        rows.append((key, life[0]["measure"], life[0]["region"], *(said[name] for name in SAID), state, len(life)))
    yield Expected("claims", "claims", ("claim", "measure", "region", *SAID, "state", "version"), rows)


def certified_periods(history: History) -> Iterator[Expected]:
    officers, periods = list[tuple[Any, ...]](), list[tuple[Any, ...]]()
    for officer, life in history.lives("officer").items():
        spans = _spans(life)
        officers.append((officer, life[0]["unit"], life[0]["service"], len(spans), bool(spans) and spans[-1][2]))
        periods += [(officer, number, from_at, to_at) for number, (from_at, to_at, _) in enumerate(spans, start=1)]
    yield Expected(
        "certified_periods", "certified_officers", ("officer", "unit", "service", "periods", "open"), officers
    )
    yield Expected("certified_periods", "certified_periods", ("officer", "number", "from_at", "to_at"), periods)


def _spans(life: list[Told]) -> list[tuple[Any, Any, bool]]:
    """From when, until when, and whether it stands, as far as it is said."""
    spans = list[tuple[Any, Any, bool]]()
    for each in life:
        if each.topic == "officer.certified":
            begun = spans.pop()[0] if spans and spans[-1][2] else each.at
            spans.append((begun, each["until"], True))
        elif each.topic == "officer.certification-lapsed":
            spans[-1] = (spans[-1][0], each["at"], False)
    return spans


def webhooks(history: History) -> Iterator[Expected]:
    rows = []
    for key, life in history.lives("webhook").items():
        turned = last(life, "webhook.paused", "webhook.resumed")
        paused = turned if turned is not None and turned.topic == "webhook.paused" else None
        removed = any(each.topic == "webhook.removed" for each in life)
        begun = any(each.topic == "webhook.confirmed" for each in life)
        state = "removed" if removed else "paused" if paused else "active" if begun else "registered"
        rows.append(
            (key, life[0]["account"], life[0]["url"], state, None if removed else fact(paused, "cause"), len(life))
        )
    yield Expected("webhooks", "webhooks", ("webhook", "account", "url", "state", "pause_cause", "version"), rows)
    taken = [
        (e.stream, e["webhook"], e["stream"], e["version"], e["topic"]) for e in history.of_kind("webhook-delivery")
    ]
    columns = ("delivery", "webhook", "thing", "thing_version", "topic")
    yield Expected("webhooks", "webhook_deliveries", columns, taken)
