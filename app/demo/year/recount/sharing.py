"""Agencies, agreements, consents, referrals, conferences, and what was shared with whom, from the raw events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.demo.year.recount.history import Expected, History, Told, fact, last, when

Row = tuple[Any, ...]
AGREEMENT_STATES = {
    "sharing-agreement.proposed": "proposed",
    "sharing-agreement.signed": "signed",
    "sharing-agreement.suspended": "suspended",
    "sharing-agreement.resumed": "signed",
    "sharing-agreement.ended": "ended",
    "sharing-agreement.expired": "expired",
}
CONSENT_STATES = {
    "consent.given": "given",
    "consent.refused": "refused",
    "consent.not-sought": "not-sought",
    "consent.override-requested": "override-requested",
    "consent.overridden": "overridden",
    "consent.override-lifted": "lifted",
    "consent.withdrawn": "withdrawn",
    "consent.expired": "expired",
}
REFERRAL_STATES = {
    "referral.sent": "sent",
    "referral.accepted": "accepted",
    "referral.declined": "declined",
    "referral.completed": "completed",
    "referral.revoked": "revoked",
}
REFERRAL_ENDS = ("referral.declined", "referral.completed", "referral.revoked")


def _state(life: list[Told], states: dict[str, str]) -> str:
    found = last(life, *states)
    assert found is not None
    return states[found.topic]


def agencies(history: History) -> Iterator[Expected]:
    rows = []
    for key, life in history.lives("agency").items():
        first, gone = life[0], last(life, "agency.withdrawn")
        state = "active" if gone is None else "withdrawn"
        rows.append((key, first["name"], first["kind"], first["region"], first["unit"], state, when(gone), len(life)))
    columns = ("agency", "name", "kind", "region", "unit", "state", "withdrawn_at", "version")
    yield Expected("agencies", "agencies", columns, rows)


def agreements(history: History) -> Iterator[Expected]:
    rows, units, parties = list[Row](), list[Row](), list[Row]()
    for key, life in history.lives("sharing-agreement").items():
        first, signed = life[0], last(life, "sharing-agreement.signed")
        narrowed = last(life, "sharing-agreement.proposed", "sharing-agreement.fields-narrowed")
        added = [each["purpose"] for each in life if each.topic == "sharing-agreement.purpose-added"]
        facts = (first["units"], first["agencies"], (*first["purposes"], *added), fact(narrowed, "fields"))
        state = _state(life, AGREEMENT_STATES)
        rows.append((key, state, *facts, first["by"], fact(signed, "by"), life[-1].at, len(life)))
        units += [(key, unit) for unit in first["units"]]
        parties += [(key, agency) for agency in first["agencies"]]
    columns = ("agreement", "state", "units", "agencies", "purposes", "fields", "proposer", "signer", "changed_at")
    yield Expected("sharing-agreements", "sharing_agreements", (*columns, "version"), rows)
    yield Expected("sharing-agreements", "sharing_agreement_units", ("agreement", "unit"), units)
    yield Expected("sharing-agreements", "sharing_agreement_agencies", ("agreement", "agency"), parties)


def consents(history: History) -> Iterator[Expected]:
    rows, parties = list[Row](), list[Row]()
    for key, life in history.lives("consent").items():
        first, withdrawn = life[0], last(life, "consent.withdrawn")
        denied = last(life, "consent.override-denied")
        moved = last(life, *CONSENT_STATES)
        is_denied = denied is not None and moved is not None and denied.version > moved.version
        state = CONSENT_STATES[first.topic] if is_denied else _state(life, CONSENT_STATES)
        facts = (first["child"], first["unit"], first.facts.get("giver"), first["purposes"], first["fields"])
        rows.append((key, *facts, state, fact(withdrawn, "giver"), first["by"], life[-1].at, len(life)))
        parties += [(key, agency) for agency in first["agencies"]]
    columns = ("consent", "child", "unit", "giver", "purposes", "fields", "state", "withdrawn_by_giver", "recorded_by")
    yield Expected("consents", "consents", (*columns, "changed_at", "version"), rows)
    yield Expected("consents", "consent_agencies", ("consent", "agency"), parties)


def referrals(history: History) -> Iterator[Expected]:
    rows, deliveries = list[Row](), list[Row]()
    for key, life in history.lives("referral").items():
        first, ended = life[0], last(life, *REFERRAL_ENDS)
        answered = last(life, "referral.accepted", "referral.declined")
        facts = (first["child"], first["case"], first["agency"], first["purpose"], first["fields"], first["consent"])
        causes = (fact(last(life, "referral.completed"), "outcome"), fact(last(life, "referral.revoked"), "cause"))
        state = _state(life, REFERRAL_STATES)
        rows.append((key, *facts, state, fact(answered, "by"), *causes, when(ended), life[-1].at, len(life)))
        delivered = [each for each in life if each.topic == "referral.service-delivered"]
        deliveries += [(key, e.version, e["service"], e["delivered_at"], e["by"]) for e in delivered]
    columns: tuple[str, ...] = ("referral", "child", "case", "agency", "purpose", "fields", "consent", "state")
    more = ("answered_by", "outcome", "revoked", "ended_at", "changed_at", "version")
    yield Expected("referrals", "referrals", (*columns, *more), rows)
    columns = ("referral", "version", "service", "delivered_at", "by")
    yield Expected("referrals", "referral_deliveries", columns, deliveries)


def conferences(history: History) -> Iterator[Expected]:
    rows, parties, tasks = list[Row](), list[Row](), list[Row]()
    for key, life in history.lives("conference").items():
        first, cancelled = life[0], last(life, "conference.cancelled")
        scheduled = last(life, "conference.called", "conference.scheduled")
        meets_at = fact(scheduled, "meets_at")
        agreed = last(life, "conference.plan-agreed")
        state = "cancelled" if cancelled else "agreed" if agreed else "called" if meets_at else "suggested"
        decided = sum(1 for each in life if each.topic == "conference.decision-recorded")
        facts = (first["child"], first["case"], first["unit"], first["by"])
        rows.append((key, *facts, state, meets_at, decided, fact(cancelled, "cause"), life[-1].at, len(life)))
        parties += [(key, *row) for row in _parties(life)]
        tasks += [(key, *row) for row in _tasks(life)]
    columns: tuple[str, ...] = ("conference", "child", "case", "shared_by", "called_by", "state", "meets_at")
    yield Expected("conferences", "conferences", (*columns, "decisions", "cancelled", "changed_at", "version"), rows)
    columns = ("conference", "agency", "invited", "admitted", "excluded", "agreed_version")
    yield Expected("conferences", "conference_agencies", columns, parties)
    columns = ("conference", "task", "agency", "service", "dropped", "done_at", "done_by")
    yield Expected("conferences", "conference_tasks", columns, tasks)
    yield Expected("conferences", "agreed_plans", ("stream", "under_way", "in_force"), list(_plans(history)))


def _plans(history: History) -> Iterator[Row]:
    """Of each child: the conference under way, and the one whose plan is in force."""
    for stream, life in history.lives("agreed-plan").items():
        opened = last(life, "agreed-plan.planning-opened")
        over = {e["conference"] for e in life if e.topic in ("agreed-plan.planning-ended", "agreed-plan.put-in-force")}
        under_way = fact(opened, "conference")
        decided = last(life, "agreed-plan.put-in-force", "agreed-plan.superseded")
        in_force = decided["conference"] if decided and decided.topic == "agreed-plan.put-in-force" else None
        yield stream, None if under_way in over else under_way, in_force


def _parties(life: list[Told]) -> list[Row]:
    found: dict[Any, Row] = {each.agency: (True, False, None, None) for each in life[0]["invited"]}
    for each in life:
        if each.topic == "conference.agency-admitted":
            found[each["agency"]] = (True, True, None, None)
        elif each.topic == "conference.agency-excluded":
            found[each["agency"]] = (False, False, each["cause"], None)
        elif each.topic == "conference.agency-agreed":
            found[each["agency"]] = (*found[each["agency"]][:3], each.version)
    return [(agency, *row) for agency, row in found.items()]


def _tasks(life: list[Told]) -> list[Row]:
    dropped = {each["task"] for each in life if each.topic == "conference.task-dropped"}
    done = {each["task"]: (each["done_at"], each["by"]) for each in life if each.topic == "conference.task-done"}
    agreed = [each for each in life if each.topic == "conference.task-agreed"]
    return [
        (e["task"], e["agency"], e["service"], e["task"] in dropped, *done.get(e["task"], (None, None))) for e in agreed
    ]


def shares(history: History) -> Iterator[Expected]:
    """What was shared, until when, and why not longer: a referral is one share, an admission is one each time."""
    rows, fields, admissions = list[Row](), list[Row](), list[Row]()
    for key, life in history.lives("referral").items():
        ended = last(life, *REFERRAL_ENDS)
        as_ = REFERRAL_STATES[ended.topic] if ended else None
        cause = ended["cause"] if ended is not None and as_ == "revoked" else None
        rows.append((key, *_share(life[0], "referral"), when(ended), as_, cause))
        fields += [(key, 1, field) for field in life[0]["fields"]]
    for key, life in history.lives("conference").items():
        stands = dict.fromkeys((each.agency for each in life[0]["invited"]), 0)
        begun, over = dict[int, Told](), dict[int, Told]()
        for each in life:
            if each.topic == "conference.agency-admitted":
                stands[each["agency"]] = each.version
                begun[each.version] = each
            elif each.topic == "conference.agency-excluded":
                over[stands[each["agency"]]] = each
                stands[each["agency"]] = 0
        for version, each in begun.items():
            gone = over.get(version)
            rows.append((key, *_share(each, "conference"), when(gone), gone and "excluded", fact(gone, "cause")))
            fields += [(key, version, field) for field in each["fields"]]
        admissions += [(key, agency, version) for agency, version in stands.items()]
    columns = ("thing", "version", "kind", "consent", "agreement", "agency", "purpose", "fields", "shared_by")
    yield Expected("shares", "shares", (*columns, "ended_at", "ended_as", "cause"), rows)
    yield Expected("shares", "shared_fields", ("thing", "version", "field"), fields)
    yield Expected("shares", "conference_admissions", ("conference", "agency", "version"), admissions)


def _share(e: Told, kind: str) -> Row:
    return (e.version, kind, e["consent"], e["agreement"], e["agency"], e["purpose"], e["fields"], e["by"])
