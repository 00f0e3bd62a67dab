"""Every search without authority gets its own problem type, is on record, and draws nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from app.call import Call, now
from app.question import Question
from app.searching import Searching
from domain import authorisation
from domain.log import Change
from domain.search_draw import DrawSearch
from domain.search_refusals import AuthorisationExpired
from tests.app.conftest import FILM_SECONDS, FILMED_AT, House, unknown

CAMERA = "KYIV-201"


@pytest.fixture(scope="module", autouse=True)
def camera(house: House) -> str:
    house.register_camera("KYIV-202")
    return house.register_camera(CAMERA)


def ask(authorisation: str | None, **more: object) -> dict[str, object]:
    body: dict[str, object] = {"text": "red", "limit": 3, **more}
    return body if authorisation is None else {**body, "authorisation": authorisation}


def no_authorisation(house: House) -> tuple[str, dict[str, object]]:
    return "olena", ask(None)


def unknown_authorisation(house: House) -> tuple[str, dict[str, object]]:
    return "olena", ask(str(unknown()))


def another_units(house: House) -> tuple[str, dict[str, object]]:
    return "iryna", ask(house.authorise([CAMERA]))


def not_approved(house: House) -> tuple[str, dict[str, object]]:
    return "olena", ask(house.authorise([CAMERA], approve=False))


def revoked(house: House) -> tuple[str, dict[str, object]]:
    key = house.authorise([CAMERA])
    house.done("taras", f"/authorisations/{key}/revoke", {"reason": "більше не потрібно"})
    return "olena", ask(key)


def expired(house: House) -> tuple[str, dict[str, object]]:
    """Time is not waited for: the approval is put on record as of two days ago, by the same decider."""
    key = house.authorise([CAMERA], approve=False)
    desk = house.services.desk
    loaded = desk.load(authorisation.DECIDER, UUID(key))
    approve = authorisation.ApproveAuthorisation(
        authorisation=UUID(key), by=unknown(), by_unit=unknown(), at=now() - timedelta(days=2)
    )
    events = authorisation.DECIDER.decide(loaded.state, approve)
    recorded = list(house.services.log.stream(UUID(key)))
    meta = recorded[0].meta
    house.services.log.append(
        [Change(UUID(key), loaded.version, events)], msgspec.structs.replace(meta, command_id=unknown())
    )
    return "olena", ask(key)


def another_camera(house: House) -> tuple[str, dict[str, object]]:
    return "olena", ask(house.authorise([CAMERA]), cameras=["KYIV-202"])


def before_the_window(house: House) -> tuple[str, dict[str, object]]:
    return "olena", ask(house.authorise([CAMERA]), from_at=(FILMED_AT - timedelta(seconds=1)).isoformat())


def after_the_window(house: House) -> tuple[str, dict[str, object]]:
    late = FILMED_AT + timedelta(seconds=FILM_SECONDS + 1)
    return "olena", ask(house.authorise([CAMERA]), to_at=late.isoformat())


def in_another_century(house: House) -> tuple[str, dict[str, object]]:
    return "olena", ask(house.authorise([CAMERA]), from_at="1980-01-01T00:00:00Z")


def more_cameras_than_any_authorisation_names(house: House) -> tuple[str, dict[str, object]]:
    return "olena", ask(house.authorise([CAMERA]), cameras=[str(UUID(int=number)) for number in range(501)])


def quota_spent(house: House) -> tuple[str, dict[str, object]]:
    key = house.authorise([CAMERA], quota=1)
    house.done("bohdan", "/searches", ask(key))
    return "olena", ask(key)


REFUSALS: list[tuple[Callable[[House], tuple[str, dict[str, object]]], str]] = [
    (no_authorisation, "authorisation-unknown"),
    (unknown_authorisation, "authorisation-unknown"),
    (another_units, "authorisation-unknown"),
    (not_approved, "authorisation-not-approved"),
    (revoked, "authorisation-revoked"),
    (expired, "authorisation-expired"),
    (another_camera, "outside-cameras"),
    (before_the_window, "outside-window"),
    (after_the_window, "outside-window"),
    (in_another_century, "outside-window"),
    (more_cameras_than_any_authorisation_names, "outside-cameras"),
    (quota_spent, "quota-spent"),
]


@pytest.mark.parametrize(("prepare", "code"), REFUSALS, ids=[each[0].__name__ for each in REFUSALS])
def test_a_search_without_authority_is_refused_and_on_record(
    house: House, prepare: Callable[[House], tuple[str, dict[str, object]]], code: str
) -> None:
    searcher, body = prepare(house)
    answer = house.command(searcher, "/searches", body, key=f"refused-{prepare.__name__}")
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{code}"
    line = house.ask("oksana", "/searches", refused=True).json()["items"][0]
    shown = house.ask("oksana", f"/searches/{line['search']}")
    assert (shown.status_code, shown.json()["state"], shown.json()["refused_code"]) == (409, "refused", code)
    assert (line["refused_code"], line["authorisation"]) == (code, body.get("authorisation"))
    assert line["moments_count"] == 0
    if prepare is not unknown_authorisation and body.get("authorisation"):
        used = house.ask("oksana", f"/authorisations/{body['authorisation']}").json()["used"]
        assert used == (1 if code == "quota-spent" else 0)
    retried = house.command(searcher, "/searches", body, key=f"refused-{prepare.__name__}")
    assert retried.json()["type"] == f"/problems/{code}"
    assert house.ask("oksana", "/searches", refused=True).json()["items"][0]["search"] == line["search"]


def test_nobody_approves_their_own_request_and_the_attempt_is_on_record(house: House) -> None:
    key = house.authorise([CAMERA], approve=False)
    own = house.command("olena", f"/authorisations/{key}/approve")
    assert (own.status_code, own.json()["type"]) == (403, "/problems/approver-is-requester")
    colleague = house.command("halyna", f"/authorisations/{key}/approve")
    assert (colleague.status_code, colleague.json()["type"]) == (403, "/problems/approver-same-unit")
    events = house.ask("oksana", "/record", stream=key).json()["items"]
    denied = [each["facts"]["code"] for each in events if each["topic"] == "authorisation.approval-denied"]
    assert denied == ["approver-is-requester", "approver-same-unit"]
    assert house.ask("olena", f"/authorisations/{key}").json()["state"] == "requested"


def test_the_approver_does_not_search_under_what_they_approved(house: House) -> None:
    key = house.authorise([CAMERA])
    answer = house.command("taras", "/searches", ask(key))
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/approver-is-requester"
    assert house.ask("oksana", "/searches", refused=True).json()["items"][0]["refused_code"] == "approver-is-requester"


def test_who_is_no_party_learns_nothing_from_the_record_of_the_refusal(house: House) -> None:
    """An authorisation of others and one that does not exist leave the same line in the searcher's ledger."""
    lines = []
    for key in (house.authorise([CAMERA]), str(unknown())):
        house.command("iryna", "/searches", ask(key))
        lines.append(house.ask("iryna", "/searches").json()["items"][0])
    assert lines[0]["cameras"] == lines[1]["cameras"] == []
    assert lines[0]["from_at"][:10] != FILMED_AT.date().isoformat()


def test_a_retry_answers_who_may_read_the_search_now(house: House) -> None:
    body = ask(house.authorise([CAMERA]))
    assert house.command("bohdan", "/searches", body, key="kept").status_code == 201
    account = house.ask("bohdan", "/me").json()["account"]
    house.done("admin", f"/accounts/{account}/roles/investigator/withdraw")
    assert house.command("bohdan", "/searches", body, key="kept").status_code == 404


class AskedEarlier(Searching):
    """Of which the looking took a while."""

    def _ask(self, call: Call, question: Question, search: UUID) -> DrawSearch:
        return msgspec.structs.replace(super()._ask(call, question, search), at=now() - timedelta(days=1, hours=12))


def test_an_authorisation_that_ends_while_the_index_is_asked_answers_nothing(house: House) -> None:
    key = UUID(str(expired(house)[1]["authorisation"]))
    searching = AskedEarlier(house.services.desk, house.services.in_force, house.services.views)
    call = house.call("olena")
    with pytest.raises(AuthorisationExpired):
        searching.run(call, Question(authorisation=key, text="red"))
    line = house.ask("oksana", "/searches", refused=True).json()["items"][0]
    assert (line["search"], line["refused_code"]) == (str(call.new_key()), "authorisation-expired")
    assert house.ask("oksana", f"/authorisations/{key}").json()["used"] == 0
