"""Two profiles with full histories, merged and parted again: every answer of the API is as it was before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest

from app.call import now
from domain import child_events
from domain.disclosure import Disclosed
from domain.event import Recorded
from domain.ids import account_id
from tests.app import api_reads
from tests.app.conftest import House
from tests.app.prevention_house import (
    ASSESSMENT,
    CLOSE,
    COLLEAGUE,
    CONTACT,
    IN_CHARGE,
    MEASURE,
    OTHER_SUPERVISOR,
    SUPERVISOR,
    Prevention,
    ahead,
)
from tests.app.referring_house import Space

READERS = (IN_CHARGE, COLLEAGUE, SUPERVISOR, OTHER_SUPERVISOR, "oksana", "andrii")
CAMERA = "KYIV-941"
MERGING = {
    event.TOPIC
    for event in (
        child_events.ProfilesMerged,
        child_events.MergedInto,
        child_events.ProfilesUnmerged,
        child_events.MergeUndone,
    )
}
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOTHING_TO_TELL = {"/clips", "/searches", "/losses", "/incidents/ID/losses", "/authorisations/ID/reasons"}  # none here
OF_THE_PROFILE_ITSELF = ("version", "changed_at")  # which tell that something was recorded of it

# What cannot concern a child, and is not asked. A route that is not named here is.
UNCONCERNED = {
    **dict.fromkeys(
        ("/health/live", "/health/ready", "/metrics", "/projections", "/schema", "/schema/openapi.json",
         "/schema/{path:str}", "/policy"),
        "the system itself",
    ),
    **dict.fromkeys(("/words", "/classification"), "words to choose from"),
    **dict.fromkeys(
        ("/me", "/units", "/accounts", "/accounts/{key:uuid}", "/accounts/{key:uuid}/name",
         "/accounts/{key:uuid}/reasons", "/officers", "/officers/pipeline", "/officers/{key:uuid}",
         "/officers/{key:uuid}/reasons", "/record/sign-ins"),
        "people who serve",
    ),
    **dict.fromkeys(
        ("/webhooks", "/webhooks/{key:uuid}", "/webhooks/{key:uuid}/deliveries"),
        "which messages went out, as they did",
    ),
    **dict.fromkeys(
        ("/communities", "/communities/{key:uuid}", "/stations", "/stations/{key:uuid}", "/posts", "/posts/{key:uuid}",
         "/coverage", "/coverage/communities"),
        "communities, and who serves there",
    ),
    **dict.fromkeys(
        ("/cameras", "/cameras/{name:str}", "/retention", "/models", "/models/history", "/models/reasons", "/footage",
         "/footage/backlog", "/footage/progress", "/footage/{sha256:str}", "/footage/{sha256:str}/certificate",
         "/footage/{sha256:str}/name", "/footage/{sha256:str}/reasons", "/searches/{key:uuid}",
         "/searches/{key:uuid}/hits/{rank:int}/thumbnail", "/clips/{key:uuid}"),
        "cameras and footage, in which no child has a profile",
    ),
    **dict.fromkeys(("/claims", "/claims.csv", "/claims/{key:uuid}"), "what sources said of regions"),
    **dict.fromkeys(
        ("/schools", "/schools/{key:uuid}", "/schools/{key:uuid}/contacts", "/schools/sessions", "/counts/sessions"),
        "schools, of whose pupils there are counts alone",
    ),
    **dict.fromkeys(
        ("/school-concerns", "/school-concerns/{key:uuid}"),
        "what came of concerns, without the child: for schools, of whom none is among the readers",
    ),
    **dict.fromkeys(
        ("/initiatives", "/initiatives/{key:uuid}", "/initiatives/{key:uuid}/issues", "/public/commitments"),
        "what residents raised of a place, and public bodies committed themselves to",
    ),
    **dict.fromkeys(
        ("/cameras/nearest", "/cameras/uptime", "/cameras/imports", "/cameras/imports/{key:uuid}",
         "/cameras/imports/{key:uuid}/refused", "/cameras/imports/{key:uuid}/refused.csv",
         "/cameras/{name:str}/analytics", "/network/uptime", "/network/coverage", "/programmes",
         "/programmes/{key:uuid}", "/programmes/{key:uuid}/cameras"),
        "the CCTV network, in which no child has a profile",
    ),
    **dict.fromkeys(
        ("/agencies", "/agencies/{key:uuid}", "/agencies/{key:uuid}/reasons", "/agreements", "/agreements/ledger",
         "/agreements/{key:uuid}", "/agreements/{key:uuid}/reasons"),
        "who may share which fields with whom, of whatever child",
    ),
    **dict.fromkeys(
        ("/reports", "/reports/own", "/reports/public", "/reports/public/words", "/reports/{key:uuid}",
         "/reports/{key:uuid}/words", "/reports/{key:uuid}/contact", "/reports/{key:uuid}/photos/{photo:uuid}",
         "/reports/{key:uuid}/duplicates", "/reports/{key:uuid}/history", "/counts/reports"),
        "reports of residents, which name a child only in sealed words",
    ),
    **dict.fromkeys(
        ("/record", "/record/disclosures", "/record/views"),
        "the log, which every answer adds to: `test_the_log_has_grown_by_the_merging_and_the_reading_alone`",
    ),
}  # fmt: skip


class Twin(NamedTuple):
    """One of the two, and everything that it is in."""

    child: str
    name: str
    incidents: tuple[str, str]  # the second one, of a missing child
    case: str
    attachment: str
    concern: str
    authorisation: str
    holds: tuple[str, ...]
    consents: tuple[str, ...]
    referral: str
    conference: str

    @property
    def things(self) -> set[str]:
        """That tell of it in its timeline."""
        return {self.child, *self.incidents, self.case, self.concern}


class Answers(NamedTuple):
    twins: tuple[Twin, Twin]
    head: int
    before: Mapping[str, Any]
    merged: Mapping[str, Any]
    parted: Mapping[str, Any]


def lived(space: Space, given_name: str) -> Twin:
    prevention, house = space.prevention, space.house
    incident, pseudonym = prevention.child()
    name = {"surname": "Добродій", "given_name": given_name, "patronymic": "Юріївна", "born": "2013-04-02"}
    contacts = {"phones": ["+380 44 555 12 12"], "guardians": ["бабуся"], "school": "Ліцей № 7"}
    told = {"contacts": contacts, "narrative": f"{given_name} не ночує вдома."}
    child = str(house.done(IN_CHARGE, "/children", {**name, **told, "pseudonym": pseudonym})["id"])
    house.done(IN_CHARGE, f"/children/{child}/identity", {**name, "other_names": ["Катя"], "reason": "За свідоцтвом"})
    house.done(IN_CHARGE, f"/children/{child}/contacts", {**contacts, "addresses": [f"Київ, {given_name}"]})
    house.done(IN_CHARGE, f"/children/{child}/narratives", {"text": f"{given_name} прийшла сама."})
    missing = gone(house, child)
    case, attachment = worked_on(prevention, child, incident)
    house.done(SUPERVISOR, f"/incidents/{incident}/reclassify", {"kind": "assault", "reason": "Застосовано силу"})
    hold = {"cameras": [CAMERA], "from_at": ahead(-2), "to_at": ahead(-1), "incident": incident, "reason": "Доказ"}
    holds = (missing["hold"], str(house.done(IN_CHARGE, "/holds", hold)["id"]))
    raised = {"kind": "missing-school", "narrative": f"{given_name} не ходить до школи.", "child": child}
    concern = str(house.done(IN_CHARGE, "/concerns", raised)["id"])
    house.done(SUPERVISOR, f"/concerns/{concern}/review", {"finding": "help-needed", "reason": "Розмова"})
    house.done(SUPERVISOR, f"/concerns/{concern}/help", {"kind": "psychologist", "reason": "Домовлено"})
    incidents = (incident, missing["id"])
    return Twin(
        child,
        given_name,
        incidents,
        case,
        attachment,
        concern,
        missing["authorisation"],
        holds,
        answered(house, child),
        *space.live(case, child),
    )


def answered(house: House, child: str) -> tuple[str, str]:
    """A consent that somebody gave, and one that nobody was asked for."""
    unit = house.done("admin", "/units", {"name": f"agency-{child}", "region": "UA-30", "kind": "agency"})["id"]
    body = {"name": f"Служба {child}", "kind": "social-services", "region": "UA-30", "unit": unit}
    agencies = [house.done("admin", "/agencies", body)["id"]]
    about = {"child": child, "purposes": ["shelter"], "agencies": agencies, "fields": ["risk"]}
    said = {"giver": "parent", "giver_name": "Юрій Добродій", "expires_at": ahead(60)}
    given = house.done(IN_CHARGE, "/consents/given", {**about, **said})["id"]
    unasked = {"cause": "no-time", "reason": "Ніч"}
    return str(given), str(house.done(IN_CHARGE, "/consents/not-sought", {**about, **unasked})["id"])


def gone(house: House, child: str) -> dict[str, Any]:
    report = {
        "last_seen_at": (now() - timedelta(hours=2)).isoformat(),
        "region": "UA-30",
        "community": "Подільська",
        "cameras": [CAMERA],
        "narrative": "Не повернулася зі школи.",
        "reference": "ЄО 12345",
        "purpose": "Знайти",
        "child": child,
    }
    return house.done(IN_CHARGE, "/missing-children", report)


def worked_on(prevention: Prevention, child: str, incident: str) -> tuple[str, str]:
    """A case that was closed and taken up again, with work that is due, offered to another unit."""
    house = prevention.house
    case = prevention.open(child=child, pseudonym=None, incident=incident)
    path = f"/cases/{case}"
    house.done(IN_CHARGE, f"/incidents/{incident}/cases", {"case": case})
    house.done(SUPERVISOR, f"{path}/close", CLOSE)
    house.done(SUPERVISOR, f"{path}/reopen", {"term_ends": ahead(90), "reason": "Знову"})
    house.done(SUPERVISOR, f"{path}/assign", {"officer": str(account_id(IN_CHARGE))})
    for part, body in (("risk", ASSESSMENT), ("plans", {"narrative": "Гурток"}), ("measures", MEASURE)):
        house.done(IN_CHARGE, f"{path}/{part}", body)
    house.done(IN_CHARGE, f"{path}/contacts", CONTACT)
    attachment = str(prevention.attach(IN_CHARGE, case).json()["attachment"])
    offer = {"to_unit": house.units["juvenile-left"], "answer_by": ahead(7), "reason": "Переїхали"}
    house.done(SUPERVISOR, f"{path}/transfer", offer)
    return case, attachment


@pytest.fixture(scope="module")
def answers(house: House) -> Answers:
    prevention = Prevention(house)
    prevention.settle()
    house.register_camera(CAMERA)
    space = Space(house, prevention)
    space.settle()
    one, other = lived(space, "Катерина"), lived(space, "Екатерина")
    body = {"other": other.child, "reason": "Одна дитина"}
    before, head = dict(asked(house, (one, other))), house.services.log.head()
    house.done(SUPERVISOR, f"/children/{one.child}/merge", body)
    merged = dict(asked(house, (one, other), (SUPERVISOR,)))
    house.done(SUPERVISOR, f"/children/{one.child}/unmerge", body)
    return Answers((one, other), head, before, merged, dict(asked(house, (one, other))))


def asked(house: House, twins: tuple[Twin, Twin], readers: tuple[str, ...] = READERS) -> Iterator[tuple[str, Any]]:
    """Everything that may tell of one of them, by who asked for what."""
    things = {
        "children": [twin.child for twin in twins],
        "incidents": [key for twin in twins for key in twin.incidents],
        "cases": [twin.case for twin in twins],
        "attachment": [twin.attachment for twin in twins],
        "concerns": [twin.concern for twin in twins],
        "consents": [key for twin in twins for key in twin.consents],
        "referrals": [twin.referral for twin in twins],
        "conferences": [twin.conference for twin in twins],
        "authorisations": [twin.authorisation for twin in twins],
        "holds": [key for twin in twins for key in twin.holds],
    }
    paths = list(api_reads.paths(house.http.app, things, without=UNCONCERNED))
    for username in readers:
        for path in paths:
            yield f"{username} {path}", told(house.ask(username, path))
        for twin in twins:
            name = {"name": f"Добродій {twin.name}"}
            yield f"{username} searches {twin.name}", told(house.command(username, "/children/search", name))


def told(answer: httpx.Response) -> tuple[int, Any]:
    """What is answered, but for what the merging itself is told by."""
    is_json = answer.headers["content-type"].startswith("application/json")
    return answer.status_code, without_merging(answer.json()) if is_json else answer.content


def without_merging(told: Any) -> Any:
    if isinstance(told, list):
        return [without_merging(each) for each in told if not (isinstance(each, dict) and each.get("topic") in MERGING)]
    if not isinstance(told, dict):
        return told
    left_out = OF_THE_PROFILE_ITSELF if {"phase", "registered_at"} <= told.keys() else ()
    return {name: without_merging(value) for name, value in told.items() if name not in left_out}


def test_every_read_is_asked_for_or_cannot_concern_a_child(house: House) -> None:
    assert UNCONCERNED.keys() <= api_reads.routes(house.http.app), "a route that is gone"
    with pytest.raises(KeyError):
        list(api_reads.paths(house.http.app, {}, without=UNCONCERNED))


def test_parted_every_answer_is_as_before(answers: Answers) -> None:
    assert answers.before.keys() == answers.parted.keys()
    assert len(answers.before) > 50 * len(READERS)
    different = [asked for asked, answer in answers.before.items() if answers.parted[asked] != answer]
    assert not different


def test_what_was_compared_tells_of_both(answers: Answers) -> None:
    """Nothing is the same because it was empty, or refused to everybody."""
    for twin in answers.twins:
        for key in twin.things:
            assert sum(status == 200 and key in str(body) for status, body in answers.before.values()) >= 5, key
    asked_for = {KEY.sub("ID", asked.partition(" ")[2]) for asked in answers.before}
    answered = {KEY.sub("ID", asked.partition(" ")[2]) for asked, answer in answers.before.items() if tells(answer)}
    assert asked_for - answered == NOTHING_TO_TELL


def tells(answer: tuple[int, Any]) -> bool:
    status, body = answer
    return status == 200 and body not in ({"items": [], "next": None}, [])


def test_merged_the_child_has_both_histories(answers: Answers) -> None:
    one, other = answers.twins
    timeline = answers.merged[f"{SUPERVISOR} /children/{one.child}/timeline"][1]["items"]
    own = [answers.before[f"{SUPERVISOR} /children/{twin.child}/timeline"][1]["items"] for twin in answers.twins]
    assert timeline == sorted([*own[0], *own[1]], key=lambda entry: entry["position"])
    assert {entry["thing"] for entry in timeline} == one.things | other.things
    shown = answers.merged[f"{SUPERVISOR} /children/{one.child}"][1]
    assert [each["child"] for each in shown["merged"]] == [other.child]
    found = answers.merged[f"{SUPERVISOR} searches {other.name}"][1]["items"]
    assert {(each["child"], each["survivor"]) for each in found} == {(one.child, None), (other.child, one.child)}
    assert answers.merged[f"{SUPERVISOR} /children/{one.child}/duplicates"][1]["candidates"] == []


def test_merged_nothing_but_the_profiles_is_told_otherwise(answers: Answers) -> None:
    of_profiles = ("/children/", "searches ")
    different = {asked.partition(" ")[2] for asked, answer in answers.merged.items() if answers.before[asked] != answer}
    assert different
    assert {asked for asked in different if not asked.startswith(of_profiles)} == set()


def test_what_is_left_out_of_the_comparison_is_the_merging(house: House, answers: Answers) -> None:
    one, other = answers.twins
    topics = {
        twin.child: [
            each["topic"]
            for each in house.ask(SUPERVISOR, f"/children/{twin.child}/timeline").json()["items"]
            if each["topic"] in MERGING
        ]
        for twin in answers.twins
    }
    assert topics == {
        one.child: ["child.profiles-merged", "child.profiles-unmerged"],
        other.child: ["child.merged-into", "child.merge-undone"],
    }


def test_the_log_has_grown_by_the_merging_and_the_reading_alone(house: House, answers: Answers) -> None:
    added = [row for row in house.services.log.read(after=answers.head, limit=100_000) if isinstance(row, Recorded)]
    assert {row.event.TOPIC for row in added} == {*MERGING, Disclosed.TOPIC}
    assert sum(row.event.TOPIC in MERGING for row in added) == 4
    by_stream = {UUID(twin.child) for twin in answers.twins}
    assert {row.stream for row in added if row.event.TOPIC in MERGING} == by_stream
