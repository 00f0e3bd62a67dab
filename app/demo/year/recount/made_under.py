"""What was made under each consent, searched for in the raw events: what was shared with which agency, and what its
people looked at while it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from app.demo.year.recount.history import History, Told, last

SHARED = ("referral.sent", "conference.agency-admitted")
OVER = ("referral.declined", "referral.completed", "referral.revoked", "conference.cancelled")  # for every agency

Asked: TypeAlias = Callable[[UUID], tuple[list[Any], list[Any]]]


@dataclass
class Made:
    """Under one consent, in the order of the record."""

    shares: list[tuple[Any, ...]] = field(default_factory=list)  # position, thing, agency, fields
    views: list[tuple[Any, ...]] = field(default_factory=list)  # position, thing, who looked, at what


def search(history: History) -> dict[UUID, Made]:
    """By consent. Every event is looked at, one after the other, and no view."""
    serving = {each.stream: each["unit"] for each in history.of_topic("account.created")}
    made = defaultdict[UUID, Made](Made)
    standing: dict[tuple[UUID, UUID], Told] = {}  # by thing and agency: what is shared now
    for each in history.events:
        if each.topic in SHARED:
            made[each["consent"]].shares.append((each.position, each.stream, each["agency"], tuple(each["fields"])))
            standing[each.stream, each["agency"]] = each
        elif each.topic in OVER:
            standing = {key: share for key, share in standing.items() if key[0] != each.stream}
        elif each.topic == "conference.agency-excluded":
            standing.pop((each.stream, each["agency"]), None)
        elif each.topic == "disclosure.made":
            for (thing, _), share in standing.items():
                if thing == each["thing"] and share["agency_unit"] == serving.get(each.actor):
                    made[share["consent"]].views.append((each.position, thing, each.actor, each["operation"]))
    return made


def beside_the_answers(history: History, asked: Asked) -> dict[str, Any]:
    """What the system tells of every consent, beside the search. `asked` returns the shares and the views that are told
    of a consent, all pages.
    """
    found, faults, withdrawn = search(history), list[str](), list[dict[str, Any]]()
    for consent, life in history.lives("consent").items():
        shares, views = asked(consent)
        for what, told, searched in (
            ("shares", [_share(each) for each in shares], found[consent].shares),
            ("views", [_view(each) for each in views], found[consent].views),
        ):
            if told != searched:
                faults.append(f"consent {consent}: {what} told {told}, found in the record {searched}")
        if last(life, "consent.withdrawn"):
            still = sum(1 for each in shares if each["ended_at"] is None)
            withdrawn.append({"shares": len(shares), "still_shared": still, "views": len(views)})
    return {
        "consents": len(history.lives("consent")),
        "shares": sum(len(each.shares) for each in found.values()),
        "views": sum(len(each.views) for each in found.values()),
        "withdrawn": withdrawn,
        "differences": faults,
    }


def _share(told: dict[str, Any]) -> tuple[Any, ...]:
    return told["shared_position"], UUID(told["thing"]), UUID(told["agency"]), tuple(told["fields"])


def _view(told: dict[str, Any]) -> tuple[Any, ...]:
    return told["position"], UUID(told["thing"]), UUID(told["actor"]), told["operation"]
