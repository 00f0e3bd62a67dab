"""Every command that changes something which has a version is refused where the caller has read another version."""

from __future__ import annotations

from typing import Any

from domain.event import Recorded
from tests.app.conftest import PASSWORD, House
from tests.app.test_api_contract import PEOPLE, addressed, document, operations, real  # noqa: F401 (fixtures)

STALE = 4_711
NO_VERSION = {  # and what becomes of an If-Match there
    "/login": "public: makes a token, changes nothing on record",
    "/children/search": "a question: a name in its body, because addresses are logged; it changes nothing",
    "/footage/scrub": "reads every byte; what it finds is decided on each footage as it is then",
    **dict.fromkeys(
        (
            "/reports/own/token",
            "/reports/own",
            "/reports/own/follow-up",
            "/reports/own/reopen",
            "/reports/own/contact/forget",
        ),
        "by the token of a report: whoever holds it reads no version",
    ),
    "/projections/rebuild": "a view is no thing of the record: rebuilt twice, it is the same",
    "/projections/retry": "a view is no thing of the record: what is parked is retried in order, or stays",
}
REFUSED = {  # plainly, before anything is done: they make something new each time, which has no version yet
    "/footage": "before the film is sent",
    "/footage/{sha256}/clips": "before anything is cut",
    "/searches": "before anything is looked for",
    "/cameras/imports": "before a row is judged",
    "/claims": "before it is stated",
    "/claims/seed": "before any is stated",
    "/webhooks": "before it is registered",
    "/queue": "each of its commands has a version of its own",
}


def example(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:  # noqa: F811
    """A body of the examples that the document gives of each required value."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return {}
    body = document["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
    return {field: body["properties"][field]["examples"][0] for field in body.get("required", ())}


def bodies(house: House, real: dict[str, Any]) -> dict[str, dict[str, Any]]:  # noqa: F811
    """What an example cannot know: things of this house."""
    return {
        "/accounts": {"unit": house.units["duty"]},
        "/children/{key}/merge": {"other": house.register_child()["id"]},
        "/children/{key}/unmerge": {"other": house.register_child()["id"]},
        "/authorisations": {"incident": real["keys"]["incidents"], "cameras": ["KYIV-801"]},
        "/holds": {"cameras": ["KYIV-801"], "case": "12026100070001234"},
        "/me/password": {"old": PASSWORD},
        "/officers": {"account": real["keys"]["officers"]},
        "/webhooks": {"account": real["keys"]["accounts"]},
        "/referrals": {
            "case": real["keys"]["cases"],
            "agency": real["keys"]["agencies"],
            "agreement": real["keys"]["agreements"],
            "consent": real["keys"]["consents"],
        },
        "/conferences/{key}/agencies": {"agency": real["keys"]["agencies"]},
        "/conferences/{key}/exclude": {"agency": real["keys"]["agencies"]},
        "/conferences": {"case": real["keys"]["cases"], "agencies": [real["keys"]["agencies"]]},
        "/stations": {"community": real["keys"]["communities"]},
        "/posts": {"account": real["keys"]["posts"], "community": real["keys"]["communities"]},
        "/communities/{key}/hand-over": {
            "from_account": real["keys"]["posts"],
            "to_account": real["keys"]["officers"],
        },
    }


def test_a_stale_if_match_is_refused_by_every_command(
    house: House,
    document: dict[str, Any],  # noqa: F811
    real: dict[str, Any],  # noqa: F811
) -> None:
    keys = {"accounts": house.ask("taras", "/me").json()["account"], "incidents": house.record_incident()}
    known = {**real, "keys": {**real["keys"], **keys}}
    more = bodies(house, known)
    before = house.services.log.head()
    answers: dict[str, list[int]] = {}
    for method, path, operation in operations(document):
        if method == "POST" and path not in NO_VERSION | REFUSED:
            of_juvenile = path.startswith(("/incidents/{key}/children", "/incidents/{key}/cases"))  # theirs to link
            address = path.format_map(addressed(path, real if of_juvenile else known))
            body = {**example(document, operation), **more.get(path, {})}
            answers[path] = [
                house.command(person, address, body, version=STALE).status_code
                for person in (*PEOPLE, "halyna", "nadiia")
            ]
    assert len(answers) > 15
    wrong = {path: sorted(set(found)) for path, found in answers.items() if 412 not in found or set(found) & {200, 201}}
    assert sorted(wrong.items()) == []
    recorded = {row.event.TOPIC for row in house.services.log.read(after=before) if isinstance(row, Recorded)}
    assert recorded <= {"authorisation.approval-denied"}, "what somebody may not approve is on record"


def test_where_there_is_no_version_the_document_or_the_refusal_says_so(
    house: House,
    document: dict[str, Any],  # noqa: F811
    real: dict[str, Any],  # noqa: F811
) -> None:
    described = {path for _, path, _ in operations(document)}
    assert described >= NO_VERSION.keys() | REFUSED.keys()
    query = {"camera": real["name"], "recorded_at": "2026-03-02T08:00:00Z"}
    headers = {"Authorization": f"Bearer {house.token('olena')}", "If-Match": f'"{STALE}"'}
    search = {"authorisation": real["keys"]["authorisations"], "text": "red"}
    answers = {
        "/footage": house.http.post("/footage", params=query, content=b"x", headers=headers),
        "/searches": house.command("olena", "/searches", search, version=STALE),
    }
    for path, answer in answers.items():
        assert (answer.status_code, answer.json()["field"]) == (422, "If-Match"), path
        assert "If-Match" in document["paths"][path]["post"]["description"]
