"""Residents' reports, counted from the raw events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.demo.year.recount.history import Expected, History, Told, fact, last
from domain.kyiv_time import KYIV

Row = tuple[Any, ...]
STATES = {
    "report.submitted": "submitted",
    "report.acknowledged": "acknowledged",
    "report.triaged": "triaged",
    "report.converted-to-incident": "converted",
    "report.closed": "closed",
    "report.reopened": "submitted",
}
OF_STATE = (*STATES, "report.redirected", "report.marked-duplicate", "report.duplicate-undone")


def reports(history: History) -> Iterator[Expected]:
    rows, public = list[Row](), list[Row]()
    for key, life in history.lives("report").items():
        first = life[0]
        moved = [each for each in life if each.topic == "report.redirected"]
        where = moved[-1] if moved else first
        facts = (first["reporter"], first["anonymous"], first["category"], where["community"], where["unit"])
        rows.append((key, *facts, _state(life), *_found(life), *_times(life), life[-1].at, len(life)))
        public.append((key, first.at.astimezone(KYIV).strftime("%Y-%m")))
    columns: tuple[str, ...] = ("report", "reporter", "anonymous", "category", "community", "unit", "state")
    more = ("priority", "duplicate_of", "incident", "body", "outcome", "published")
    times = ("due_at", "escalated_at", "heard_at", "changed_at", "version")
    yield Expected("reports", "reports", (*columns, *more, *times), rows)
    yield Expected("public-reports", "public_reports", ("report", "month"), public)
    added = history.of_topic("report.followed-up")
    rows = [(each.stream, each.version, each.position, each["narrative"].subject) for each in added]
    yield Expected("report-follow-ups", "report_follow_ups", ("report", "version", "position", "subject"), rows)


def _state(life: list[Told]) -> str:
    """As a duplicate it waits in the state that it had, and goes on from there when it is none."""
    state, before = "", ""
    for each in life:
        if each.topic == "report.marked-duplicate":
            state, before = "duplicate", state
        elif each.topic == "report.duplicate-undone":
            state = before
        elif each.topic == "report.redirected":
            state = "redirected" if each["body"] else "submitted"
        else:
            state = STATES.get(each.topic, state)
    return state


def _found(life: list[Told]) -> Row:
    opened_at = max((each.version for each in life if each.topic == "report.reopened"), default=0)
    since = [each for each in life if each.version > opened_at]
    joined = last(life, "report.marked-duplicate", "report.duplicate-undone")
    redacted = last(life, "report.redacted")
    passed_on = [each["body"] for each in since if each.topic == "report.redirected" and each["body"]]
    return (
        fact(last(life, "report.triaged"), "priority"),
        joined["of"] if joined is not None and joined.topic == "report.marked-duplicate" else None,
        fact(last(since, "report.converted-to-incident"), "incident"),
        passed_on[-1] if passed_on else None,
        fact(last(since, "report.closed"), "outcome"),
        redacted is not None and redacted["narrative"] is not None,
    )


def _times(life: list[Told]) -> Row:
    """Until when somebody must act, when the duty desks were called in, and when the reporter was heard last."""
    due_at = escalated_at = heard_at = None
    for each in life:
        match each.topic:
            case "report.submitted" | "report.triaged" | "report.redirected" | "report.reopened":
                due_at = each["due_at"]
            case "report.acknowledged" | "report.escalated" | "report.converted-to-incident" | "report.closed":
                due_at = None
        if each.topic == "report.escalated":
            escalated_at = each.at
        elif each.topic == "report.reopened" or (each.topic == "report.redirected" and not each["body"]):
            escalated_at = None
        if each.topic in ("report.submitted", "report.followed-up"):
            heard_at = each.at
    return (due_at, escalated_at, heard_at)
