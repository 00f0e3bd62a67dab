"""Profiles of children, which sealed records name whom, and all timelines, counted from the raw events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from app.demo.year.recount.history import Expected, History, Told, fact, last
from domain.ids import report_words_id
from domain.sealed import Sealed

Row = tuple[Any, ...]
OF_SPACE = (
    *("consent.given", "consent.refused", "consent.not-sought"),
    *("referral.sent", "conference.called", "report.triaged"),
)
KINDS_WITH_WORDS = (
    "incident",
    "prevention-case",
    "concern",
    "report",
    "consent",
    "referral",
    "conference",
    "authorisation",
)


def profiles(history: History) -> Iterator[Expected]:
    rows = list[Row]()
    for child, life in history.lives("child").items():
        registered, erased = life[0], last(life, "child.identity-erased")
        merged = last(life, "child.merged-into", "child.merge-undone")
        survivor = merged["survivor"] if merged is not None and merged.topic == "child.merged-into" else None
        phase = "erased" if erased else "merged" if survivor else "registered"
        told = sum(1 for each in life if each.facts.get("narrative") is not None)
        destroyed = [each for each in life if each.topic == "child.identity-destroyed"]
        gone = (destroyed[0].at if destroyed else None, sum(each["records"] for each in destroyed))
        facts = (registered["pseudonym"], registered["unit"], phase, survivor, told, fact(erased, "order"))
        rows.append((child, *facts, *gone, registered.at, life[-1].at, len(life)))
    columns: tuple[str, ...] = (
        "child",
        "pseudonym",
        "unit",
        "phase",
        "survivor",
        "narratives",
        "erasure_order",
        "destroyed_at",
    )
    more = ("records_destroyed", "registered_at", "changed_at", "version")
    yield Expected("child-profiles", "child_profiles", (*columns, *more), rows)
    links = [
        (e["child"], e.stream, e.position, 1 if e.topic == "incident.child-linked" else -1)
        for e in history.of_topic("incident.child-linked", "incident.child-unlinked")
    ]
    yield Expected("child-profiles", "child_links", ("child", "incident", "position", "change"), links)


def timelines(history: History) -> Iterator[Expected]:
    """Every event of these kinds is in its timeline once, with who, when, why, and which facts were given."""
    told = {
        ("incident-timeline", "incident_timeline"): history.of_kind("incident"),
        ("case-timeline", "case_timeline"): history.of_kind("prevention-case"),
        ("report-timeline", "report_timeline"): history.of_kind("report"),
        ("child-timeline", "child_events"): history.of_kind("child"),
        ("child-timeline", "concern_events"): tuple(
            each
            for each in history.of_kind("concern")
            if each.topic not in ("concern.expired", "concern.words-destroyed")
        ),
    }
    columns: tuple[str, ...] = (
        "position",
        "thing",
        "version",
        "topic",
        "recorded_at",
        "actor",
        "role",
        "purpose",
        "facts",
    )
    for (view, table), events in told.items():
        rows = [(e.position, e.stream, e.version, e.topic, e.at, e.actor, e.role, e.purpose, _given(e)) for e in events]
        yield Expected(view, table, columns, rows)


def _given(e: Told) -> Row:
    """The names of its facts, without those that were left out."""
    return tuple(sorted(name for name, value in e.facts.items() if value not in (None, ())))


def names_of_facts(stored: str) -> Row:
    """What is compared of a timeline's facts: which there are."""
    return tuple(sorted(json.loads(stored)))


def sealed_records(history: History) -> Iterator[Expected]:
    """Which child each sealed record names, and the records that list nobody."""
    names, records = dict[Row, Row](), dict[Any, Row]()
    for each in history.events:
        for subject, persons, about in _naming(each):
            for person in persons:
                names[person, subject] = (person, subject, each.stream, about and person == persons[0])
        if each.topic == "report.converted-to-incident":
            for subject in (report_words_id(each.stream), each["record"]):
                records[subject] = (subject, each.stream, each.position)
        for subject, thing in _of_search(each):
            records[subject] = (subject, thing, each.position)
        if _lists_nobody(each):
            for part in ("reason", "narrative"):
                sealed = each.facts.get(part)
                if isinstance(sealed, Sealed) and sealed.subject != each.stream:
                    records[sealed.subject] = (sealed.subject, each.stream, each.position)
    yield Expected(
        "sealed-records", "sealed_record_names", ("person", "subject", "thing", "about"), list(names.values())
    )
    yield Expected("sealed-records", "sealed_records", ("subject", "thing", "position"), list(records.values()))
    became = [(each.stream, each["incident"]) for each in history.of_topic("report.converted-to-incident")]
    yield Expected("sealed-records", "report_incidents", ("report", "incident"), became)
    asked = history.of_topic("authorisation.requested")
    authorities = [(each.stream, each["incident"]) for each in asked if any(_of_search(each))]
    yield Expected("sealed-records", "authority_incidents", ("authorisation", "incident"), authorities)


def _of_search(e: Told) -> Iterator[tuple[Any, Any]]:
    """The record of what a missing child's authorisation was asked for, and of what was asked under any; of which."""
    if e.topic == "authorisation.requested" and e["incident"] is not None:
        if e["legal_basis"] == "missing-child":
            yield e["purpose"].subject, e.stream
    elif e.topic in ("search.run", "search.refused") and e["authorisation"] is not None:
        yield e["query"].subject, e["authorisation"]


def _naming(e: Told) -> Iterator[tuple[Any, tuple[Any, ...], bool]]:
    """The records of an event that list whom they name: the record, whom, and whether the first is what it is about."""
    found = _of_space(e) if e.topic in OF_SPACE else _of_casework(e)
    yield from ((record, persons, about) for record, persons, about in found if record is not None)


def _of_casework(e: Told) -> Iterator[tuple[Any, tuple[Any, ...], bool]]:
    match e.topic:
        case "child.registered" | "child.narrative-added":
            yield _subject(e["narrative"]), (e.stream, *e["names"]), False
        case "child.profiles-merged" | "child.profiles-unmerged":
            yield _subject(e["reason"]), (e.stream, e["other"]), False
        case "incident.recorded":
            yield _subject(e["narrative"]), e["names"], False
        case "incident.child-unlinked":
            yield _subject(e["reason"]), (e["child"],), False
        case "prevention-case.opened":
            yield e.stream, (e["child"],), True
            yield _subject(e["reason"]), (e["child"],), True
        case "concern.raised":
            yield _subject(e["narrative"]), (e["child"], *e["names"]), True


def _of_space(e: Told) -> Iterator[tuple[Any, tuple[Any, ...], bool]]:
    match e.topic:
        case "consent.given" | "consent.refused":
            yield _subject(e["giver_name"]), (e["child"],), True
        case "consent.not-sought":
            yield _subject(e["reason"]), (e["child"],), True
        case "referral.sent" | "conference.called":
            record = e.stream if e.topic == "conference.called" else _subject(e["shared"])
            for child in dict.fromkeys((e["child"], e["profile"])):
                if child is not None:
                    yield record, (child,), True
        case "report.triaged":
            yield report_words_id(e.stream), e["names"], False


def _subject(sealed: Any) -> Any:
    return None if sealed is None else sealed.subject


def _lists_nobody(e: Told) -> bool:
    """Records of incidents, cases and concerns but those that list somebody; a link that is taken back does both."""
    if e.topic == "incident.child-unlinked":
        return True
    kind = e.topic.partition(".")[0]
    named = e.topic in ("incident.recorded", "report.submitted") or any(_naming(e))
    return kind in KINDS_WITH_WORDS and not named
