"""Incidents, prevention cases and concerns, counted from the raw events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from app.demo.year.recount.history import Expected, History, Told, fact, last
from domain.kyiv_time import KYIV

Row = tuple[Any, ...]


def incidents(history: History) -> Iterator[Expected]:
    rows, children, cameras = list[Row](), list[Row](), list[Row]()
    for key, life in history.lives("incident").items():
        recorded = life[0]
        kind = fact(last(life, "incident.recorded", "incident.reclassified"), "kind")
        state = "open" if last(life, "incident.voided") is None else "voided"
        month = recorded["occurred_from"].astimezone(KYIV).strftime("%Y-%m")
        facts = (recorded["unit"], recorded["community"], recorded["officer"])
        rows.append((key, kind, *facts, month, state, recorded.at, life[-1].at, len(life)))
        children += _links(key, life, "child", ("child", "role"))
        cameras += _links(key, life, "camera", ("camera",))
    columns: tuple[str, ...] = (
        "incident",
        "kind",
        "unit",
        "community",
        "officer",
        "month",
        "state",
        "recorded_at",
        "changed_at",
    )
    yield Expected("incident-board", "incidents", (*columns, "version"), rows)
    columns = ("incident", "child", "role", "linked_at", "unlinked_at")
    yield Expected("incident-board", "incident_children", columns, children)
    yield Expected("incident-board", "incident_cameras", ("incident", "camera", "linked_at", "unlinked_at"), cameras)
    linked = [(e.stream, e.version) for e in history.of_topic("incident.footage-linked")]
    yield Expected("incident-board", "incident_footage", ("incident", "version"), linked)


def _links(key: UUID, life: list[Told], what: str, by: tuple[str, ...]) -> list[Row]:
    """The last linking of each, and when it was taken back, where it was after that."""
    found: dict[Row, Row] = {}
    for each in life:
        if each.topic in (f"incident.{what}-linked", f"incident.{what}-unlinked"):
            link = tuple(each[name] for name in by)
            begun = each.at if each.topic.endswith("-linked") else found[link][0]
            found[link] = (begun, None if each.topic.endswith("-linked") else each.at)
    return [(key, *link, *span) for link, span in found.items()]


def involvement(history: History) -> Iterator[Expected]:
    rows: dict[Row, Row] = {}
    for each in history.of_kind("involvement"):
        link = (each["incident"], each["case"])
        begins = each.topic == "involvement.case-linked"
        rows[link] = (each.at, each.actor, None) if begins else (*rows[link][:2], each.at)
    columns: tuple[str, ...] = ("incident", "case", "linked_at", "linked_by", "unlinked_at")
    yield Expected("involvement", "incident_cases", columns, [(*link, *row) for link, row in rows.items()])


def cases(history: History) -> Iterator[Expected]:
    rows, measures = list[Row](), list[Row]()
    for key, life in history.lives("prevention-case").items():
        rows.append((key, *_case(life)))
        measures += [(key, *row) for row in _measures(life)]
    columns: tuple[str, ...] = (
        "case",
        "child",
        "ground",
        "incident",
        "unit",
        "officer",
        "unassigned_at",
        "state",
        "risk",
        "plan_state",
        "offered_unit",
    )
    more = ("term_ends", "contacted_at", "outcome", "pending", "changed_at", "version")
    yield Expected("case-board", "prevention_cases", (*columns, *more), rows)
    columns = ("case", "measure", "kind", "due_at", "state", "result", "ended_at")
    yield Expected("case-board", "case_measures", columns, measures)
    contacts = [
        (e.stream, e.version, e["contact"], e["kind"], e["occurred_at"], e.actor)
        for e in history.of_topic("prevention-case.contact-noted")
    ]
    columns = ("case", "version", "contact", "kind", "occurred_at", "noted_by")
    yield Expected("case-board", "case_contacts", columns, contacts)
    attached = [(e.stream, e["attachment"]) for e in history.of_topic("prevention-case.attachment-added")]
    yield Expected("case-board", "case_attachments", ("case", "attachment"), attached)


def _case(life: list[Told]) -> Row:
    named = {each.topic.partition(".")[2]: each for each in life}  # the last of each topic
    opened = life[0]
    charge = _latest(named, "assigned", "reassigned", "transfer-accepted", "closed")
    phase = _latest(named, "opened", "closed", "reopened", "sealed")
    unit = named["transfer-accepted"]["unit"] if "transfer-accepted" in named else opened["unit"]
    officer = None if charge is None else charge.facts.get("officer", charge.facts.get("to"))
    state = {"closed": "closed", "sealed": "sealed"}.get(phase.topic.partition(".")[2], "open") if phase else "open"
    left = _latest(named, "opened", "reopened", "reassigned") if (officer, state) == (None, "open") else None
    offer = _latest(named, "transfer-offered", "transfer-accepted", "transfer-declined", "closed")
    offered = offer["to_unit"] if offer is not None and offer.topic.endswith("transfer-offered") else None
    term = _latest(named, "opened", "term-extended", "reopened")
    contacts = [each["occurred_at"] for each in life if each.topic.endswith(".contact-noted")]
    outcome = fact(named.get("closed"), "outcome") if state != "open" else None
    pending = tuple(measure for measure, *_, where, _, _ in _measures(life) if where == "scheduled")
    unassigned_at = None if left is None else left.at
    facts = (opened["child"], opened["ground"], opened["incident"], unit, officer, unassigned_at, state)
    judged = (fact(named.get("risk-assessed"), "level"), _plan(life), offered, fact(term, "term_ends"))
    return (*facts, *judged, max(contacts, default=None), outcome, pending, life[-1].at, len(life))


def _latest(named: dict[str, Told], *topics: str) -> Told | None:
    return max((named[topic] for topic in topics if topic in named), key=lambda each: each.version, default=None)


def _plan(life: list[Told]) -> str | None:
    """What is proposed when a case is closed is forgotten."""
    state = None
    for each in life:
        verb = each.topic.partition(".")[2]
        if verb.startswith("plan-"):
            state = verb.removeprefix("plan-")
        elif verb == "closed" and state == "proposed":
            state = None
    return state


def _measures(life: list[Told]) -> list[Row]:
    """What waits when a case is closed is dropped."""
    found: dict[Any, Row] = {}
    for each in life:
        verb = each.topic.partition(".")[2]
        if verb == "measure-scheduled":
            found[each["measure"]] = (each["kind"], each["due_at"], "scheduled", None, None)
        elif verb == "measure-completed":
            found[each["measure"]] = (*found[each["measure"]][:2], "completed", each["result"], each["ended_at"])
        elif verb == "closed":
            found = {
                key: (*row[:2], "dropped", None, None) if row[2] == "scheduled" else row for key, row in found.items()
            }
    return [(measure, *row) for measure, row in found.items()]


def concerns(history: History) -> Iterator[Expected]:
    rows, words = list[Row](), list[Row]()
    for key, life in history.lives("concern").items():
        raised = life[0]
        finding, dismissed = last(life, "concern.reviewed"), last(life, "concern.dismissed")
        destroyed = [each for each in life if each.topic == "concern.words-destroyed"]
        moved = [each.topic.partition(".")[2] for each in life if each not in destroyed]
        facts = (raised["child"], raised["kind"], raised["unit"], raised["by"], moved[-1], raised["expires_at"])
        found = (
            fact(finding, "finding"),
            fact(finding, "by"),
            fact(dismissed, "cause"),
            destroyed[-1].at if destroyed else None,
        )
        rows.append((key, *facts, *found, len(life)))
        gone = {record for each in destroyed for record in each["records"]}
        written = {each[part].subject for each in life for part in ("narrative", "reason") if part in each.facts}
        words += [(key, record, record in gone) for record in written]
    columns: tuple[str, ...] = (
        "concern",
        "child",
        "kind",
        "unit",
        "raiser",
        "state",
        "expires_at",
        "finding",
        "reviewer",
        "dismissal",
    )
    yield Expected("concerns", "concerns", (*columns, "words_destroyed_at", "version"), rows)
    yield Expected("concerns", "concern_words", ("concern", "record", "destroyed"), words)
    offers = [(e.stream, e.version, e["kind"], e["by"], e.at) for e in history.of_topic("concern.help-offered")]
    yield Expected("concerns", "help_offers", ("concern", "version", "kind", "by", "at"), offers)
