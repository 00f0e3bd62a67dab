"""Concerns: raised by one person, looked into by a second, answered with help, dismissed, or left until they expire."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from app.demo.year.region import KnownChild, Region
from domain.concern_words import CONCERN_DISMISSALS, CONCERN_KINDS, HELP_KINDS

KNOWN_CHILD, REVIEWED, SELF_REVIEWED, SECOND_HELP, READ = 0.4, 0.85, 0.1, 0.3, 0.5
FINDINGS = 0.6, 0.1, 0.3


def begin(region: Region) -> None:
    random = region.random("concerns")
    for _ in range(region.amounts.concerns):
        region.calendar.enter(region.calendar.some_day(random, 5), lambda: _raise(region, random))


def _raise(region: Region, random: Random) -> None:
    by = random.choice(region.serving("juvenile-officer"))
    body: dict[str, Any] = {
        "kind": random.choice(tuple(CONCERN_KINDS)),
        "narrative": "Третій тиждень не ходить до школи, ночує у під’їзді.",
    }
    known = region.known_children(by.unit)
    if known and random.random() < KNOWN_CHILD:
        child = random.choice(known)
        body |= {"child": child.child, "pseudonym": child.pseudonym}
    raised = region.door.post(by.username, "/concerns", body)
    if "child" not in body:
        until = datetime.fromisoformat(raised["expires_at"])
        child = KnownChild(raised["child"], raised["pseudonym"], by.unit, None, until)
        region.children.append(child)
    if random.random() < REVIEWED:
        at = region.calendar.later(random, 1, 14)
        region.calendar.enter(at, lambda: review(region, random, raised["id"], raised["child"], by.unit, by.username))


def review(
    region: Region, random: Random, key: str, child: str, unit: str, raiser: str, *, is_police: bool = True
) -> None:
    """Whoever raised it is refused first, now and then."""
    if child in region.erased:
        return
    reviewers = [*region.serving("juvenile-officer", unit), *region.serving("supervisor", unit)]
    reviewer = random.choice([each for each in reviewers if each.username != raiser]).username
    (finding,) = random.choices(("help-needed", "unclear", "no-help-needed"), FINDINGS)
    body = {"finding": finding, "reason": "Розмова з класною керівницею"}
    if random.random() < READ:
        region.door.ask(reviewer, f"/concerns/{key}")
        region.door.ask(reviewer, f"/concerns/{key}/narrative")
    if is_police and raiser not in region.gone and random.random() < SELF_REVIEWED:
        region.door.refused(raiser, f"/concerns/{key}/review", body)
    region.door.post(reviewer, f"/concerns/{key}/review", body)
    if finding == "help-needed":
        _offer(region, random, key, reviewer)
    elif finding == "no-help-needed":
        cause = {"cause": random.choice(tuple(CONCERN_DISMISSALS)), "reason": "Дитина хворіла, довідка є"}
        region.door.post(reviewer, f"/concerns/{key}/dismiss", cause)


def _offer(region: Region, random: Random, key: str, by: str) -> None:
    for _ in range(2 if random.random() < SECOND_HELP else 1):
        body = {"kind": random.choice(tuple(HELP_KINDS)), "reason": "Домовлено про зустріч зі шкільною психологинею"}
        region.door.post(by, f"/concerns/{key}/help", body)
