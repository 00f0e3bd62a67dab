"""Concerns over HTTP: raised, reviewed by a second person, answered or dismissed, gone when their time is over."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.call import now
from app.clockwork import Clockwork, system_meta
from domain import concern
from domain.ids import account_id, child_pseudonym
from domain.log import Change
from domain.personal import Narrative
from domain.sealed import Sealed
from tests.app.conftest import FILM_SECONDS, FILMED_AT, House

TOLD = "Третій тиждень не ходить до школи, ночує у під’їзді; мама Оксана Гнатюк."
REASON = {"reason": "Розмова зі школою"}


@pytest.fixture(scope="module")
def office(house: House) -> House:
    """The house with a unit of juvenile prevention that has a supervisor and two officers, and another such unit."""
    house.create_account("lesia", house.units["juvenile"], "supervisor")
    house.create_account("pavlo", house.units["juvenile"], "juvenile-officer")
    other = house.done("admin", "/units", {"name": "other", "region": "UA-46", "kind": "juvenile-prevention"})["id"]
    house.create_account("stepan", other, "juvenile-officer")
    house.create_account("vira", other, "supervisor")
    return house


def raised(office: House, username: str = "iryna", **more: object) -> str:
    body = {"kind": "missing-school", "narrative": TOLD, "unit": office.units["juvenile"], **more}
    return str(office.done(username, "/concerns", body)["id"])


def expire(office: House, key: str) -> None:
    """As if its time were over: raised so long ago, and read by a clock of today."""
    stream, at = UUID(key), now() - timedelta(days=90)
    command = concern.RaiseConcern(
        concern=stream,
        child=uuid4(),
        pseudonym="CH-4F2A",
        kind="missing-school",
        unit=UUID(office.units["juvenile"]),
        unit_kind="juvenile-prevention",
        by=account_id("olena"),
        narrative=Sealed(stream, Narrative(TOLD)),
        days=90,
        at=at,
    )
    receipt = office.services.log.append(
        [Change(stream, 0, concern.DECIDER.decide(None, command))], system_meta("test")
    )
    assert office.services.projector.wait(receipt.last_position, timeout_seconds=30)


class TestRoad:
    def test_from_what_was_seen_to_an_offer_of_help(self, office: House) -> None:
        answer = office.done(
            "olena", "/concerns", {"kind": "missing-school", "narrative": TOLD, "unit": office.units["juvenile"]}
        )
        key = answer["id"]
        assert answer["pseudonym"] == child_pseudonym(UUID(answer["child"]))
        office.done("iryna", f"/concerns/{key}/review", {"finding": "help-needed", **REASON}, version=1)
        office.done("iryna", f"/concerns/{key}/help", {"kind": "psychologist", **REASON}, version=2)
        office.done("lesia", f"/concerns/{key}/help", {"kind": "school-support", **REASON})
        shown = office.ask("olena", f"/concerns/{key}").json()
        assert (shown["concern"]["state"], shown["concern"]["finding"]) == ("help-offered", "help-needed")
        assert [each["kind"] for each in shown["help"]] == ["psychologist", "school-support"]
        assert office.ask("olena", f"/concerns/{key}").headers["ETag"] == '"4"'
        assert office.ask("olena", f"/concerns/{key}/narrative").json() == {"text": TOLD}
        told = office.ask("pavlo", f"/concerns/{key}/reasons").json()["items"]
        assert [(each["version"], each["text"]) for each in told] == [(n, REASON["reason"]) for n in (2, 3, 4)]
        assert office.ask("olena", f"/concerns/{key}/reasons").status_code == 403

    def test_dismissed_after_a_review_that_found_nothing(self, office: House) -> None:
        key = raised(office)
        dismissal = {"cause": "not-confirmed", **REASON}
        early = office.command("lesia", f"/concerns/{key}/dismiss", dismissal).json()
        assert (early["type"], early["state"]) == ("/problems/wrong-state", "raised")
        office.done("pavlo", f"/concerns/{key}/review", {"finding": "no-help-needed", **REASON})
        office.done("lesia", f"/concerns/{key}/dismiss", dismissal)
        late = office.command("pavlo", f"/concerns/{key}/help", {"kind": "talk", **REASON}).json()
        assert (late["type"], late["state"]) == ("/problems/wrong-state", "dismissed")

    def test_nobody_reviews_their_own(self, office: House) -> None:
        refused = office.command("iryna", f"/concerns/{raised(office)}/review", {"finding": "unclear", **REASON})
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/reviewer-is-raiser")

    def test_the_second_of_two_at_once_is_told_the_version(self, office: House) -> None:
        key = raised(office)
        office.done("pavlo", f"/concerns/{key}/review", {"finding": "unclear", **REASON}, version=1)
        late = office.command("lesia", f"/concerns/{key}/review", {"finding": "help-needed", **REASON}, version=1)
        assert (late.status_code, late.headers["ETag"], late.json()["current_version"]) == (412, '"2"', 2)

    def test_a_repeated_command_gets_its_receipt(self, office: House) -> None:
        body = {"kind": "self-harm", "narrative": TOLD, "unit": office.units["juvenile"]}
        first, again = (office.done("olena", "/concerns", body, key="once") for _ in range(2))
        assert first == again

    @pytest.mark.parametrize("unit", ["investigators", "unknown"])
    def test_only_juvenile_prevention_looks_into_it(self, office: House, unit: str) -> None:
        body = {"kind": "self-harm", "narrative": TOLD, "unit": office.units.get(unit, str(uuid4()))}
        refused = office.command("olena", "/concerns", body)
        assert (refused.status_code, refused.json()["field"]) == (422, "unit")

    def test_a_child_of_an_incident_is_named_by_its_pseudonym_where_one_may_read_it(self, office: House) -> None:
        incident = office.record_incident("iryna")
        linked = office.done("iryna", f"/incidents/{incident}/children", {"role": "witness"})
        body = {"kind": "self-harm", "narrative": TOLD, "pseudonym": linked["pseudonym"]}
        assert office.done("iryna", "/concerns", body)["child"] == linked["child"]
        told = [
            office.command("olena", "/concerns", {**body, "unit": office.units["juvenile"], "pseudonym": name}).json()
            for name in (linked["pseudonym"], "CH-NOBODY")
        ]
        assert told[0]["detail"].replace(linked["pseudonym"], "CH-NOBODY") == told[1]["detail"]

    def test_a_child_is_named_by_its_id_where_one_may_know_of_it(self, office: House) -> None:
        registered, nobody = office.register_child(), str(uuid4())
        body = {"kind": "self-harm", "narrative": TOLD, "unit": office.units["juvenile"]}
        answer = office.done("iryna", "/concerns", {**body, "child": registered["id"]})
        assert answer["pseudonym"] == registered["pseudonym"]
        told = [office.command("olena", "/concerns", {**body, "child": key}) for key in (registered["id"], nobody)]
        assert [(each.status_code, each.json()["field"]) for each in told] == [(422, "child")] * 2
        assert told[0].json()["detail"].replace(registered["id"], nobody) == told[1].json()["detail"]


class TestWhoSees:
    def test_another_unit_and_administration_hear_that_there_is_none(self, office: House) -> None:
        key, nothing = raised(office, "olena"), str(uuid4())
        for username in ("bohdan", "stepan", "vira", "taras", "admin"):
            for part in ("", "/narrative", "/reasons"):
                hidden, absent = (office.ask(username, f"/concerns/{each}{part}") for each in (key, nothing))
                assert (hidden.status_code, absent.status_code) == (404, 404), username
                assert hidden.text.replace(key, nothing) == absent.text
            body = {"finding": "unclear", **REASON}
            posted = [office.command(username, f"/concerns/{each}/review", body) for each in (key, nothing)]
            assert {each.status_code for each in posted} == {404}
            assert posted[0].text.replace(key, nothing) == posted[1].text

    @pytest.mark.parametrize(
        ("username", "sees"),
        [("olena", True), ("iryna", True), ("pavlo", True), ("lesia", True), ("oksana", True), ("bohdan", False),
         ("stepan", False), ("vira", False), ("halyna", False)],
    )  # fmt: skip
    def test_a_list_shows_what_one_may_read(self, office: House, username: str, sees: bool) -> None:
        key = raised(office, "olena")
        page = office.ask(username, "/concerns", limit=200).json()["items"]
        assert (key in [each["concern"] for each in page]) == sees
        assert office.ask(username, f"/concerns/{key}").is_success == sees

    def test_an_auditor_reads_and_opens_nothing(self, office: House) -> None:
        key = raised(office)
        assert office.ask("oksana", f"/concerns/{key}").status_code == 200
        assert office.ask("oksana", f"/concerns/{key}/narrative").status_code == 403
        assert TOLD not in office.ask("oksana", f"/concerns/{key}").text

    def test_who_read_it_is_on_record(self, office: House) -> None:
        key = raised(office)
        for path in (f"/concerns/{key}", f"/concerns/{key}/narrative"):
            office.ask("pavlo", path)
        office.services.projector.wait(office.services.log.head(), timeout_seconds=30)
        made = office.ask("oksana", "/record/disclosures", thing=key).json()["items"]
        assert [each["operation"] for each in made] == ["concern.read-narrative", "concern.read"]

    def test_what_ends_soon(self, office: House) -> None:
        key = raised(office)
        for days, found in ((89, False), (91, True)):
            page = office.ask("lesia", "/concerns", expires_within_days=days, limit=200).json()["items"]
            assert (key in [each["concern"] for each in page]) == found
        refused = office.ask("lesia", "/concerns", expires_within_days=-1)
        assert (refused.status_code, refused.json()["field"]) == (422, "expires_within_days")


class TestTime:
    def test_when_its_time_is_over_it_is_gone_for_all_but_the_supervisor(self, office: House) -> None:
        key = str(uuid4())
        expire(office, key)
        for username in ("olena", "iryna", "pavlo"):
            assert office.ask(username, f"/concerns/{key}").status_code == 404, username
            listed = office.ask(username, "/concerns", limit=200).json()["items"]
            assert key not in [each["concern"] for each in listed]
        shown = office.ask("lesia", f"/concerns/{key}").json()["concern"]
        assert (shown["state"], shown["version"]) == ("expired", 1)
        told = ("child", "pseudonym", "kind", "raiser", "raiser_username", "finding", "offers_count", "dismissal")
        assert {shown[name] for name in told} == {None}, "no more than that there was one"
        (raised,) = office.services.log.events(UUID(key), until_version=1)
        filtered = office.ask("lesia", "/concerns", child=str(raised.child), limit=200).json()["items"]
        assert key not in [each["concern"] for each in filtered], "a filter would tell whose it was"
        assert office.ask("lesia", f"/concerns/{key}/narrative").status_code == 403
        late = office.command("lesia", f"/concerns/{key}/review", {"finding": "unclear", **REASON}).json()
        assert (late["type"], late["state"]) == ("/problems/wrong-state", "expired")

    def test_the_clockwork_says_so_once(self, office: House) -> None:
        key = str(uuid4())
        expire(office, key)
        clockwork = Clockwork(office.services.log, office.services.views)
        for _ in range(2):
            clockwork.tick()
            assert office.services.projector.wait(office.services.log.head(), timeout_seconds=30)
        events = office.services.log.events(UUID(key))
        assert [type(event) for event in events[1:]] == [concern.ConcernExpired]


class TestWeighsNothing:
    """A concern neither raises a risk nor authorises a search: where a ground is asked for, its id is no such thing."""

    def test_it_is_no_incident_to_search_for(self, office: House) -> None:
        office.register_camera("KYIV-851")
        request = {
            "legal_basis": "investigator-ruling",
            "reference": "760/1234/26",
            "cameras": ["KYIV-851"],
            "window_from": FILMED_AT.isoformat(),
            "window_to": (FILMED_AT + timedelta(seconds=FILM_SECONDS)).isoformat(),
            "quota": 1,
            "purpose": "Знайти",
            "valid_hours": 24,
        }
        key, nothing = raised(office, "olena"), str(uuid4())
        told = [office.command("olena", "/authorisations", {**request, "incident": each}) for each in (key, nothing)]
        assert [each.status_code for each in told] == [404, 404]
        assert told[0].text.replace(key, nothing) == told[1].text
        by_number = office.command("olena", "/authorisations", {**request, "case": key})
        assert (by_number.status_code, by_number.json()["field"]) == (422, "case")

    def test_it_is_no_authorisation(self, office: House) -> None:
        key = raised(office, "olena")
        refused = office.command("olena", "/searches", {"authorisation": key, "text": "red"})
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/authorisation-unknown")

    @pytest.mark.parametrize("noun", ["incidents", "authorisations", "searches", "accounts", "holds", "officers"])
    def test_it_is_nothing_else_under_its_id(self, office: House, noun: str) -> None:
        assert office.ask("olena", f"/{noun}/{raised(office, 'olena')}").status_code == 404

    def test_it_is_no_ground_of_a_hold(self, office: House) -> None:
        span = {"from_at": FILMED_AT.isoformat(), "to_at": (FILMED_AT + timedelta(hours=1)).isoformat()}
        body = {"cameras": ["KYIV-851"], **span, "incident": raised(office, "olena"), "reason": "доказ"}
        assert office.command("olena", "/holds", body).status_code == 404
