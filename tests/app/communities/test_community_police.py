"""Communities, stations, posts and coverage over HTTP: who keeps them, who reads them, and what follows by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar.testing import TestClient

from app.access.gate import Gate
from app.access.operations import Operation
from app.access.policy import parse
from app.access.resources import System
from app.api.asgi import create_app
from app.call import now
from domain.communities.post import PostedToCommunity, PostingEnded
from domain.ids import SYSTEM_ACTOR, post_id
from tests.app.communities.scene import CHIEF, COLLEAGUE, OFFICER, OTHER_CHIEF, CommunityPolice, ago
from tests.app.conftest import House
from tests.app.test_officers import Interrupted

WAIT_SECONDS = 60.0


@pytest.fixture(scope="module")
def police(house: House) -> CommunityPolice:
    made = CommunityPolice(house)
    made.settle()
    return made


@pytest.fixture(scope="module")
def boiarka(police: CommunityPolice) -> str:
    return police.community("Боярська", code="UA32140010000000001")


@pytest.fixture
def free(police: CommunityPolice) -> CommunityPolice:
    """Nobody is posted."""
    for username in (OFFICER, COLLEAGUE):
        if police.house.services.people.holder(UUID(police.accounts[username]))[0].community is not None:
            police.house.done("admin", f"/posts/{police.accounts[username]}/end", {"ended_at": now().isoformat()})
    return police


def since(police: CommunityPolice, username: str, community: str) -> dict[str, Any]:
    """A posting from now on: after whatever was before."""
    return {**police.posting(username, community), "from_at": now().isoformat()}


def events_of(police: CommunityPolice, username: str) -> list[Any]:
    return list(police.house.services.log.events(post_id(UUID(police.accounts[username]))))


def test_from_a_community_on_record_to_coverage(police: CommunityPolice) -> None:
    house = police.house
    made = house.done(CHIEF, "/communities", {"name": "Обухівська", "region": "UA-32"})
    community, before = made["id"], house.ask("andrii", "/coverage").json()["figures"]
    claim = {"population": 58_000, "as_of": ago(900), "source": "Держстат"}
    house.done(CHIEF, f"/communities/{community}/population", claim, version=made["version"])
    assert house.done(CHIEF, f"/communities/{community}/join", {"joined_at": ago(800)})["version"] == 3
    station = police.station(community, opened_at=ago(700))
    account = house.create_account("maryna", house.units["community"], "community-officer")
    house.done(CHIEF, "/officers", {"account": account, "service": "community-police"})
    of_service = f"/officers/{account}/{{}}?service=community-police"
    course = {"course": "community-policing", "completed_at": ago(600)}
    posting = {"account": account, "community": community, "from_at": ago(500), "residence_attested": True}
    house.done(CHIEF, of_service.format("trainings"), course)
    early = house.command(CHIEF, "/posts", posting)
    assert (early.status_code, early.json()["field"]) == (422, "account"), "trained, and not certified yet"
    house.done(CHIEF, of_service.format("certify"), {"until": (now() + timedelta(days=100)).isoformat()})
    house.done(CHIEF, "/posts", posting)

    shown = house.ask(OFFICER, f"/communities/{community}")
    assert shown.headers["ETag"] == '"3"'
    assert [(each["population"], each["source"]) for each in shown.json()["populations"]] == [(58_000, "Держстат")]
    (held,) = house.ask("maryna", f"/posts/{account}").json()["postings"]
    assert (held["community_name"], held["username"], held["until_at"]) == ("Обухівська", "maryna", None)
    assert (
        house.ask(CHIEF, f"/officers/{account}", service="community-police").json()["officer"]["state"] == "certified"
    )
    assert house.ask(CHIEF, f"/officers/{account}").status_code == 404, "juvenile prevention is another service"
    (pipeline,) = house.ask("admin", "/officers/pipeline", service="community-police").json()
    assert (pipeline["service"], pipeline["certified"], pipeline["trained"]) == ("community-police", 3, 0)

    after = house.ask("andrii", "/coverage").json()["figures"]
    grown = {name: after[name] - before[name] for name in ("officers", "communities", "stations", "residents")}
    assert grown == {"officers": 1, "communities": 1, "stations": 1, "residents": 58_000}
    (reached,) = house.ask("andrii", "/coverage/communities", at=ago(450)).json()["items"]
    assert (reached["name"], reached["population"], reached["source"]) == ("Обухівська", 58_000, "Держстат")
    (region,) = house.ask("oksana", "/coverage", at=ago(450)).json()["regions"]
    assert (region["region"], region["figures"]["residents"]) == ("UA-32", 58_000)
    assert house.ask("oksana", "/coverage", at=ago(750), region="UA-32").json()["figures"]["stations"] == 0

    house.done(CHIEF, f"/stations/{station}/close", {"closed_at": ago(1), "cause": "moved"})
    assert house.ask("olena", f"/stations/{station}").json()["state"] == "closed"
    assert [each["state"] for each in house.ask("olena", "/stations", community=community).json()["items"]] == [
        "closed"
    ]
    assert (
        len(house.ask("olena", "/stations", community=community, at=ago(2), station_state="open").json()["items"]) == 1
    )
    house.done(CHIEF, f"/posts/{account}/end", {"ended_at": ago(0.5)})
    assert house.ask("maryna", f"/posts/{account}").json()["community"] is None


def test_communities_are_found_without_signing_in_and_nothing_else_is(police: CommunityPolice, boiarka: str) -> None:
    http = police.house.http
    police.house.caught_up()
    found = http.get("/communities", params={"region": "UA-32"}).json()["items"]
    assert {"community": boiarka, "name": "Боярська", "region": "UA-32", "code": "UA32140010000000001"} in found
    assert http.get("/communities", params={"region": "UA-30"}).json()["items"] == []
    assert http.get("/communities", params={"region": "Київ"}).status_code == 422
    for path in (f"/communities/{boiarka}", "/stations", "/posts", "/coverage", "/coverage/communities"):
        assert http.get(path).status_code == 401, path
    assert http.post("/communities", json={"name": "Чужа", "region": "UA-32"}).status_code == 401


@pytest.mark.parametrize(
    ("username", "status"), [(OTHER_CHIEF, 403), (OFFICER, 403), ("oksana", 403), ("olena", 403), (CHIEF, 200)]
)
def test_who_keeps_a_community(police: CommunityPolice, boiarka: str, username: str, status: int) -> None:
    claim = {"population": 60_000, "as_of": ago(900), "source": "Держстат"}
    answer = police.house.command(username, f"/communities/{boiarka}/population", claim)
    assert answer.status_code == status, answer.text


def test_a_community_is_served_by_a_unit_of_community_police(police: CommunityPolice) -> None:
    body = {"name": "Бучанська", "region": "UA-32", "unit": police.house.units["juvenile"]}
    refused = police.house.command("admin", "/communities", body)
    assert (refused.status_code, refused.json()["field"]) == (422, "unit")
    assert police.house.command("nadiia", "/communities", body).status_code == 422, "their own unit, of another kind"
    assert police.house.command(OTHER_CHIEF, "/communities", body).status_code == 403


def test_who_posts_and_who_is_posted(free: CommunityPolice, boiarka: str) -> None:
    house, posting = free.house, since(free, OFFICER, boiarka)
    assert house.command(OTHER_CHIEF, "/posts", posting).status_code == 404, "may not know of the account"
    assert house.command("olena", "/posts", posting).status_code == 404
    assert house.command(COLLEAGUE, "/posts", posting).status_code == 404
    unattested = house.command(CHIEF, "/posts", {**posting, "residence_attested": False})
    assert (unattested.status_code, unattested.json()["field"]) == (422, "residence_attested")
    theirs = house.create_account("petro", house.units["community"], "community-officer", "supervisor")
    own = house.command("petro", "/posts", {**posting, "account": theirs})
    assert (own.status_code, own.json()["type"]) == (403, "/problems/own-posting")
    stranger = free.employ("danylo", "community-left", "community-officer")
    far = house.command("admin", "/posts", {**posting, "account": stranger})
    assert (far.status_code, far.json()["field"]) == (422, "account")


def test_where_somebody_is_posted_is_read_by_their_unit_and_themselves(free: CommunityPolice, boiarka: str) -> None:
    house, account = free.house, free.accounts[OFFICER]
    house.done(CHIEF, "/posts", since(free, OFFICER, boiarka))
    readers = {OFFICER: 200, COLLEAGUE: 200, CHIEF: 200, "oksana": 200, "admin": 200, OTHER_CHIEF: 404, "olena": 404}
    assert {reader: house.ask(reader, f"/posts/{account}").status_code for reader in readers} == readers
    assert house.ask("olena", "/posts").status_code == 403
    for reader, sees in ((COLLEAGUE, True), ("oksana", True), (OTHER_CHIEF, False)):
        listed = house.ask(reader, "/posts", active_at=now().isoformat(), community=boiarka).json()["items"]
        assert (account in [each["account"] for each in listed]) == sees, reader
    assert house.command(OFFICER, f"/posts/{account}/end", {"ended_at": now().isoformat()}).status_code == 403
    assert house.command(OTHER_CHIEF, f"/posts/{account}/end", {"ended_at": now().isoformat()}).status_code == 404


def test_a_post_decides_what_the_policies_see_of_its_holder(free: CommunityPolice, boiarka: str) -> None:
    house, account = free.house, free.accounts[OFFICER]
    known = house.services.desk.gate.policy
    posted_only = """
    @id("posted-list") @reason("Whoever is posted lists accounts.")
    permit (principal in Role::"community-officer", action == Action::"account.list", resource)
    when { principal has community };
    """
    gate = Gate(parse(known.policies_text + posted_only, known.schema_text))

    def seen() -> tuple[UUID | None, bool]:
        holder = house.services.people.holder(UUID(account))[0]
        return holder.community, gate.decide(holder, Operation.ACCOUNT_LIST, System()).allowed

    assert seen() == (None, False)
    house.done(CHIEF, "/posts", since(free, OFFICER, boiarka))
    assert seen() == (UUID(boiarka), True)
    house.done(CHIEF, f"/posts/{account}/end", {"ended_at": now().isoformat()})
    assert seen() == (None, False)


def meanwhile(police: CommunityPolice, happens: Callable[[], object], body: dict[str, Any]) -> httpx.Response:
    """Posting somebody, while something else happens between decision and record."""
    house = police.house
    desk = replace(house.services.desk, log=Interrupted(house.services.log, happens))
    with TestClient(create_app(replace(house.services, desk=desk))) as http:
        return replace(house, http=http).command(CHIEF, "/posts", body)


def test_of_two_postings_at_once_one_stands(free: CommunityPolice, boiarka: str) -> None:
    elsewhere = free.community("Вишнева")
    first, second = since(free, OFFICER, boiarka), since(free, OFFICER, elsewhere)
    refused = meanwhile(free, lambda: free.house.done("admin", "/posts", second), first)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/wrong-state")
    posted = [each for each in events_of(free, OFFICER) if isinstance(each, PostedToCommunity)]
    ended = [each for each in events_of(free, OFFICER) if isinstance(each, PostingEnded)]
    assert (len(posted) - len(ended), posted[-1].community) == (1, UUID(elsewhere))


def test_who_loses_the_certification_at_that_moment_is_not_posted(police: CommunityPolice, boiarka: str) -> None:
    account = police.employ("vasyl", "community", "community-officer")
    withdraw = f"/officers/{account}/withdraw?service=community-police"
    body = since(police, "vasyl", boiarka)
    refused = meanwhile(police, lambda: police.house.done(CHIEF, withdraw, {"reason": "Порушення"}), body)
    assert (refused.status_code, refused.json()["field"]) == (422, "account"), refused.text
    assert events_of(police, "vasyl") == []


def test_a_community_is_handed_over_whole_and_once(free: CommunityPolice, boiarka: str) -> None:
    house = free.house
    house.done(CHIEF, "/posts", since(free, OFFICER, boiarka))
    body = {
        "from_account": free.accounts[OFFICER],
        "to_account": free.accounts[COLLEAGUE],
        "at": now().isoformat(),
        "residence_attested": True,
    }
    path = f"/communities/{boiarka}/hand-over"
    before = [len(events_of(free, username)) for username in (OFFICER, COLLEAGUE)]
    assert house.command(CHIEF, path, {**body, "residence_attested": False}).status_code == 422
    assert house.command(OTHER_CHIEF, path, body).status_code == 404
    assert [len(events_of(free, username)) for username in (OFFICER, COLLEAGUE)] == before, "both or neither"
    first, again = (house.done(CHIEF, path, body, key="one hand-over") for _ in range(2))
    assert first == again
    left, taken = events_of(free, OFFICER), events_of(free, COLLEAGUE)
    assert [len(left) - before[0], len(taken) - before[1]] == [1, 1]
    assert (left[-1].cause, left[-1].at) == ("handed-over", taken[-1].from_at)
    holders = [house.services.people.holder(UUID(free.accounts[each]))[0] for each in (OFFICER, COLLEAGUE)]
    assert [each.community for each in holders] == [None, UUID(boiarka)]


@pytest.mark.parametrize("loses", ["certification", "role"])
def test_a_post_ends_with_what_it_rests_on(police: CommunityPolice, boiarka: str, loses: str) -> None:
    house, username = police.house, f"loses-{loses}"
    account = police.employ(username, "community", "community-officer")
    house.done(CHIEF, "/posts", since(police, username, boiarka))
    if loses == "role":
        house.done("admin", f"/accounts/{account}/roles/community-officer/withdraw")
    else:
        house.done(CHIEF, f"/officers/{account}/withdraw?service=community-police", {"reason": "Порушення"})
    deadline = time.monotonic() + WAIT_SECONDS
    while not isinstance(events_of(police, username)[-1], PostingEnded):
        assert time.monotonic() < deadline, house.services.background.status()
        time.sleep(0.05)
    ended = events_of(police, username)[-1]
    assert (ended.cause, ended.by) == ("certification-lapsed", SYSTEM_ACTOR)


def test_coverage_is_of_what_was_and_for_whom_it_is(police: CommunityPolice) -> None:
    house = police.house
    to_come = house.ask("andrii", "/coverage", at=(now() + timedelta(days=2)).isoformat())
    assert (to_come.status_code, to_come.json()["field"]) == (422, "at")
    assert house.ask("andrii", "/coverage", region="Київ").status_code == 422
    assert house.ask("iryna", "/coverage").status_code == house.ask("olena", "/coverage/communities").status_code == 403
    assert (
        house.ask(OFFICER, "/coverage").status_code == house.ask("andrii", "/coverage/communities").status_code == 200
    )
