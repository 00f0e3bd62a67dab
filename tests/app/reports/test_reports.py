"""Residents' reports over HTTP: the whole road, who sees what of it, and what whoever reported is told."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.api.messages import phrase
from app.backup import back_up
from app.reports import pictures
from app.residents import Sources
from domain.disclosure import Disclosed
from domain.event import Recorded
from domain.ids import CHILD_REGISTER, SYSTEM_ACTOR, account_id, report_words_id
from domain.incident import IncidentRecorded
from projections.incident_board import STATES
from tests.app.reports.office import (
    COMMUNITY,
    EXIF,
    OFFICER,
    OTHER_COMMUNITY,
    OTHER_OFFICER,
    OTHER_SUPERVISOR,
    SUPERVISOR,
    TOLD,
    Office,
    picture,
    unknown,
)
from tests.waiting import wait_until

CLOSE = {"outcome": "dealt-with", "reason": "Лампу замінено"}
PARTS = ("", "/words", "/contact", "/duplicates", "/history")


class TestToken:
    def test_a_repeated_submission_is_the_same_report_with_the_same_answer(self, office: Office) -> None:
        resident = office.resident()
        first, again = resident.submit(), resident.submit()
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        other = resident.submit(narrative="Щось інше")
        assert other.json()["type"] == "/problems/reported-already"

    def test_of_two_reports_under_one_at_once_the_later_hears_that_there_is_one(self, office: Office) -> None:
        resident, told = office.resident(), list[str]()

        class Meanwhile(Sources):
            def take(self, address: str) -> None:
                if not told:
                    told.append("the other one comes in between")
                    assert resident.submit(narrative="Не горить ліхтар").status_code == 201

        residents = office.house.services.residents
        before = residents.sources
        object.__setattr__(residents, "sources", Meanwhile(10**6))
        refused = resident.submit()
        object.__setattr__(residents, "sources", before)
        assert refused.json()["type"] == "/problems/reported-already"

    def test_its_letters_may_be_written_large_and_without_hyphens(self, office: Office) -> None:
        resident = office.reported()
        resident.token = resident.token.replace("-", "").upper()
        assert resident.page()["state"] == "submitted"

    @pytest.mark.parametrize("token", ["", "x", "a" * 40, "ліхтар", "aaaaa-" * 8, "a" * 5_000])
    def test_one_that_was_made_up_is_nobodys(self, office: Office, token: str) -> None:
        for scheme in ("Report", "Bearer"):
            sent = {"Authorization": f"{scheme} {token}".encode()}
            assert office.house.http.get("/reports/own", headers=sent).status_code == 401

    def test_a_token_of_a_report_opens_nothing_else_and_the_other_way_round(self, office: Office) -> None:
        resident = office.reported()
        for path in ("/reports", f"/reports/{resident.report}", "/me", "/words"):
            assert office.house.http.get(path, headers=resident.headers).status_code == 401
        bearer = {"Authorization": f"Bearer {office.house.token(OFFICER)}"}
        assert office.house.http.get("/reports/own", headers=bearer).status_code == 401

    def test_without_a_report_there_is_none(self, office: Office) -> None:
        resident = office.resident()
        assert office.house.http.get("/reports/own", headers=resident.headers).status_code == 404
        assert resident.post("/reports/own/follow-up", {"narrative": "І ще"}).status_code == 404


class TestRoad:
    def test_read_weighed_updated_closed_and_opened_again(self, office: Office) -> None:
        resident, house = office.reported(), office.house
        path = f"/reports/{resident.report}"
        assert "Nobody has read it yet" in resident.page()["says"]
        house.done(OFFICER, f"{path}/acknowledge")
        house.done(SUPERVISOR, f"{path}/triage", {"priority": "ordinary"})
        version = house.ask(OFFICER, path).json()["report"]["version"]
        told = [
            house.command(OFFICER, f"{path}/update", {"text": "Завтра огляд"}, key="update", version=version)
            for _ in range(2)
        ]
        assert told[0].json() == told[1].json(), "sent again with the version that it was decided on"
        stale = house.command(OFFICER, f"{path}/update", {"text": "Огляд був"}, version=version)
        assert (stale.status_code, stale.json()["type"]) == (412, "/problems/version-conflict")
        assert resident.post("/reports/own/follow-up", {"narrative": "Сьогодні знову темно"}).status_code == 200
        house.done(OFFICER, f"{path}/close", CLOSE)
        page = resident.page()
        assert page["state"] == "closed"
        assert "does not mean" in page["says"]
        assert "не означає" in resident.page("uk")["says"]
        assert page["may_reopen_until"] is not None
        assert [(each["what"], each["text"]) for each in page["steps"]] == [
            ("submitted", None),
            ("acknowledged", None),
            ("triaged", None),
            ("reporter-updated", "Завтра огляд"),
            ("followed-up", None),
            ("closed", "Лампу замінено"),
        ]
        assert resident.post("/reports/own/reopen", {"reason": "Досі темно"}).status_code == 200
        assert resident.page()["state"] == "submitted"
        assert "Nobody has read it since." in resident.page()["says"]
        told = house.ask(SUPERVISOR, f"{path}/words").json()
        assert told["text"] == TOLD["narrative"]
        assert told["place"]["latitude"] == 50.46123
        assert [each["text"] for each in told["written"]] == [
            *("Завтра огляд", "Сьогодні знову темно", "Лампу замінено", "Досі темно"),
        ]
        assert house.ask(OFFICER, path).json()["report"]["latitude"] == 50.46

    def test_that_they_asked_after_it_is_on_no_record(self, office: Office) -> None:
        resident = office.read()
        before = office.house.services.log.head()
        resident.page()
        assert office.house.services.log.head() == before

    def test_what_is_opened_is_on_record_first(self, office: Office) -> None:
        resident = office.reported()
        before = office.house.services.log.head()
        office.house.ask(OFFICER, f"/reports/{resident.report}/words")
        office.house.ask(OFFICER, f"/reports/{resident.report}")
        seen = [row.event for row in office.house.recorded_since(before) if isinstance(row, Recorded)]
        assert {each.operation for each in seen if isinstance(each, Disclosed)} == {"report.read-words", "report.read"}

    def test_a_contact_is_opened_apart_and_only_where_there_is_one(self, office: Office) -> None:
        named = office.reported(contact={"full_name": "Оксана Мельник", "phone": "+380 44 555 12 12"})
        contact = office.house.ask(OFFICER, f"/reports/{named.report}/contact").json()["contact"]
        assert contact["phone"] == "+380 44 555 12 12"
        anonymous = office.reported()
        assert office.house.ask(OFFICER, f"/reports/{anonymous.report}/contact").json() == {"contact": None}

    def test_a_contact_is_forgotten_alone_at_its_reporters_wish(self, office: Office) -> None:
        named = office.reported(contact={"full_name": "Оксана Мельник", "phone": "+380 44 555 12 12"})
        assert not named.page()["anonymous"]
        for _ in range(2):
            assert named.post("/reports/own/contact/forget", {}).status_code == 200
        assert named.page()["anonymous"]
        path = f"/reports/{named.report}"
        assert office.house.ask(OFFICER, f"{path}/contact").json() == {"contact": None}
        assert office.house.ask(OFFICER, path).json()["report"]["anonymous"]
        assert office.house.ask(OFFICER, f"{path}/words").json()["text"] == TOLD["narrative"]

    def test_passed_on_to_another_community_and_to_a_body(self, office: Office) -> None:
        resident, house = office.read(), office.house
        path = f"/reports/{resident.report}"
        there = {"region": "UA-30", "community": OTHER_COMMUNITY, "reason": "Це вже Оболонь"}
        house.done(OFFICER, f"{path}/redirect", there)
        assert house.ask(OFFICER, path).status_code == 404
        assert house.ask(OTHER_OFFICER, path).json()["report"]["state"] == "submitted"
        house.done(OTHER_OFFICER, f"{path}/redirect", {"body": "local-authority", "reason": "Ліхтарі громади"})
        page = resident.page()
        assert (page["state"], page["steps"][-1]["code"]) == ("redirected", "local-authority")
        assert [each["text"] for each in page["steps"] if each["what"] == "redirected"] == [None, None]
        written = house.ask(OTHER_SUPERVISOR, f"{path}/words").json()["written"]
        assert [each["text"] for each in written] == ["Це вже Оболонь", "Ліхтарі громади"]
        assert "do not know" in page["says"]
        nowhere = {"region": "UA-30", "community": "Ніде", "reason": "x"}
        assert house.command(OTHER_OFFICER, f"{path}/redirect", nowhere).json()["field"] == "community"

    def test_a_community_that_is_not_on_record(self, office: Office) -> None:
        refused = office.resident().submit(community="Ніде")
        assert (refused.status_code, refused.json()["field"]) == (422, "community")

    def test_the_words_that_one_is_made_with(self, office: Office) -> None:
        told = office.house.http.get("/reports/public/words", params={"region": "UA-30"}).json()
        assert [each["name"] for each in told["communities"]] == [COMMUNITY, OTHER_COMMUNITY]
        assert "lighting" in {each["code"] for each in told["categories"]}


class TestWhoSees:
    def test_everybody_else_hears_that_there_is_none(self, office: Office) -> None:
        key, nothing = office.reported().report, unknown()
        for username in (OTHER_OFFICER, OTHER_SUPERVISOR, "olena", "iryna", "taras", "andrii", "admin"):
            for part in PARTS:
                hidden, absent = (office.house.ask(username, f"/reports/{each}{part}") for each in (key, nothing))
                assert (hidden.status_code, absent.status_code) == (404, 404), (username, part)
                assert hidden.text.replace(key, nothing) == absent.text
            posted = [office.house.command(username, f"/reports/{each}/close", CLOSE) for each in (key, nothing)]
            assert {each.status_code for each in posted} == {404}

    @pytest.mark.parametrize(
        ("username", "sees"),
        [(OFFICER, True), (SUPERVISOR, True), ("oksana", True), (OTHER_OFFICER, False), (OTHER_SUPERVISOR, False),
         ("taras", False), ("olena", False)],
    )  # fmt: skip
    def test_a_list_shows_what_one_may_read(self, office: Office, username: str, sees: bool) -> None:
        key = office.reported().report
        shown = office.house.ask(username, "/reports").json()["items"]
        assert (key in {each["report"] for each in shown}) == sees
        assert all("reporter" not in each for each in shown)

    def test_an_auditor_reads_it_sealed_and_changes_nothing(self, office: Office) -> None:
        key = office.reported().report
        assert office.house.ask("oksana", f"/reports/{key}").status_code == 200
        for part in ("/words", "/contact", "/duplicates"):
            assert office.house.ask("oksana", f"/reports/{key}{part}").status_code == 403
        assert office.house.command("oksana", f"/reports/{key}/acknowledge").status_code == 403

    def test_analysts_see_counts_without_small_ones(self, office: Office) -> None:
        office.reported()
        counted = office.house.ask("andrii", "/counts/reports").json()
        cells = [count for region in counted["regions"] for count in region["cells"]]
        assert all(count is None or count >= 5 for count in cells)
        assert office.house.ask("andrii", "/reports").status_code == 403
        assert office.house.ask(OFFICER, "/counts/reports").status_code == 403

    def test_the_history_names_no_reporter(self, office: Office) -> None:
        resident = office.read()
        principal = office.house.services.residents.tokens.principal(resident.token)
        assert principal is not None
        told = office.house.ask(OFFICER, f"/reports/{resident.report}/history")
        assert [each["topic"] for each in told.json()["items"]] == ["report.submitted", "report.acknowledged"]
        assert str(principal.account) not in told.text


class TestDanger:
    def test_nobody_acted_in_time_so_the_duty_desk_answers_it_too(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resident = office.reported(category="danger-to-life", narrative="Чоловік погрожує зброєю у дворі")
        path = f"/reports/{resident.report}"
        assert "112" in resident.page()["says"]
        office.tick(14, monkeypatch)
        assert office.house.ask("taras", path).status_code == 404
        office.tick(16, monkeypatch)
        assert office.house.ask("taras", path).json()["report"]["escalated_at"] is not None
        assert resident.report in {each["report"] for each in office.house.ask("taras", "/reports").json()["items"]}
        assert "duty desk was called in" in resident.page()["says"]
        office.house.done("taras", f"{path}/acknowledge")
        assert office.house.ask(OFFICER, path).json()["report"]["state"] == "acknowledged"

    def test_read_in_time_nobody_else_is_called_in(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        resident = office.read(category="danger-to-life")
        office.tick(60, monkeypatch)
        assert office.house.ask("taras", f"/reports/{resident.report}").status_code == 404


class TestDuplicates:
    def test_what_may_be_of_one_thing_is_shown_with_its_detail_and_on_record(self, office: Office) -> None:
        house = office.house
        narrative = "Двоє підлітків розбили лавку в парку Наталка і кидають пляшки"
        first = office.read(category="property-damage", narrative=narrative)
        second = office.reported(
            category="property-damage", narrative="У парку «Наталка» підлітки побили лавки та пляшки"
        )
        before = house.services.log.head()
        found = house.ask(OFFICER, f"/reports/{second.report}/duplicates").json()
        best = found["candidates"][0]
        assert (best["report"]["report"], best["text"], best["likeness"]["likely"]) == (first.report, narrative, True)
        seen = {
            str(row.event.thing)
            for row in house.recorded_since(before)
            if isinstance(row, Recorded) and isinstance(row.event, Disclosed)
        }
        assert {first.report, second.report} <= seen
        house.done(OFFICER, f"/reports/{second.report}/duplicate", {"of": first.report})
        assert house.ask(OFFICER, f"/reports/{first.report}").json()["duplicates"] == [second.report]
        house.done(OFFICER, f"/reports/{first.report}/close", CLOSE)
        page = second.page()
        assert (page["state"], page["goes_on_as"]) == ("duplicate", "closed")
        assert "work on that report has ended" in page["says"]
        house.done(OFFICER, f"/reports/{second.report}/duplicate/undo", {"reason": "Інша лавка"})
        assert second.page()["state"] == "submitted"

    def test_a_danger_goes_on_under_what_was_weighed_so(self, office: Office) -> None:
        house, first, second = office.house, office.read(), office.reported(category="danger-to-life")
        path, of = f"/reports/{second.report}/duplicate", {"of": first.report}
        refused = house.command(OFFICER, path, of)
        assert (refused.status_code, refused.json()["field"]) == (422, "of")
        house.done(OFFICER, f"/reports/{first.report}/triage", {"priority": "danger-to-life", "names": []})
        house.done(OFFICER, path, of)

    def test_of_one_that_the_officer_may_not_read(self, office: Office) -> None:
        mine, theirs = office.read(), office.reported(community=OTHER_COMMUNITY)
        told = [
            office.house.command(OFFICER, f"/reports/{mine.report}/duplicate", {"of": of}).json()["detail"]
            for of in (theirs.report, unknown())
        ]
        assert told[0].replace(theirs.report, "") == told[1].replace(told[1].split()[1], "")


class TestPublishing:
    def test_everybody_reads_what_an_officer_wrote_and_nothing_else(self, office: Office) -> None:
        resident = office.reported()
        shown = office.house.http.get("/reports/public", params={"category": "lighting", "limit": 200}).json()["items"]
        assert resident.report not in {each["report"] for each in shown}, "nobody has read it"
        path = f"/reports/{resident.report}"
        office.house.done(OFFICER, f"{path}/acknowledge")
        assert _public(office, resident.report)["text"] is None
        text = "Не працює освітлення біля школи"
        office.house.done(OFFICER, f"{path}/publish", {"text": text, "attested": True})
        public = _public(office, resident.report)
        assert (public["text"], public["latitude"], public["longitude"]) == (text, 50.46, 30.51)
        assert public["month"] == f"{datetime.now(UTC):%Y-%m}"
        assert "submitted_at" not in public
        office.house.done(OFFICER, f"{path}/publish", {})
        assert _public(office, resident.report)["text"] is None

    def test_a_text_that_names_a_child_is_refused_and_that_it_was_looked_up_is_on_record(self, office: Office) -> None:
        reached = {"phones": ["+380 44 123 45 67"]}
        office.house.register_child("iryna", surname="Перебийніс", given_name="Соломія", contacts=reached)
        path, before = f"/reports/{office.read().report}/publish", office.house.services.log.head()
        named = ("Ліхтар розбила Соломія Перебийніс", "бачили перебийніс соломію біля ліхтаря")
        hidden = (
            "П е р е б и й н і с  С о л о м і я",
            "це П.е.р.е.б.и.й.н.і.с Соломія",
            "знову СН-4F2A",
            "дитина CH0TS7Z1ZD",
            "дитина CH-\u200b0TS7Z1ZD",
            "тел. 0441234567",
        )
        for text in (*named, *hidden):
            refused = office.house.command(OFFICER, path, {"text": text, "attested": True})
            assert (refused.status_code, refused.json()["type"]) == (422, "/problems/child-named"), text
        asked = [row for row in office.house.recorded_since(before) if isinstance(row, Recorded)]
        assert [row.event.thing for row in asked if isinstance(row.event, Disclosed)] == [CHILD_REGISTER] * 8
        office.house.done(OFFICER, path, {"text": "Ліхтар розбито, CHRISTMAS", "attested": True})

    def test_nor_is_a_child_named_to_whoever_reported(self, office: Office) -> None:
        house, resident = office.house, office.read()
        key = resident.report
        house.register_child("iryna", surname="Салогуб", given_name="Віталій")
        named, before = "Ліхтар розбив Салогуб Віталій", house.services.log.head()
        for path, body in (
            ("update", {"text": named}),
            ("close", {"outcome": "dealt-with", "reason": named}),
        ):
            refused = house.command(OFFICER, f"/reports/{key}/{path}", body)
            assert (refused.status_code, refused.json()["type"]) == (422, "/problems/child-named"), path
            assert house.command(OTHER_OFFICER, f"/reports/{key}/{path}", body).status_code == 404
        asked = [row.event for row in house.recorded_since(before) if isinstance(row, Recorded)]
        assert [(type(each), each.thing) for each in asked] == [(Disclosed, CHILD_REGISTER)] * 2  # type: ignore[attr-defined]
        house.done(OFFICER, f"/reports/{key}/redirect", {"body": "ambulance", "reason": named})
        assert all(named != each["text"] for each in resident.page()["steps"])

    def test_what_one_reporter_reads_is_held_against_the_region_and_what_all_read_against_everybody(
        self, office: Office
    ) -> None:
        house, key = office.house, office.read().report
        unit = {"name": "ювенальна превенція, Львів", "region": "UA-46", "kind": "juvenile-prevention"}
        house.create_account("danylo", str(house.done("admin", "/units", unit)["id"]), "juvenile-officer")
        house.register_child("danylo", surname="Заблоцький", given_name="Остап")
        named = {"text": "Дякуємо, Остапе Заблоцький"}
        house.done(OFFICER, f"/reports/{key}/update", named)
        refused = house.command(OFFICER, f"/reports/{key}/publish", {**named, "attested": True})
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/child-named")

    def test_of_children_and_homes_nothing_is_public(self, office: Office) -> None:
        resident = office.read(category="domestic-violence", narrative="Крики за стіною")
        shown = office.house.http.get("/reports/public", params={"limit": 200}).json()["items"]
        assert resident.report not in {each["report"] for each in shown}
        told = {"text": "Крики", "attested": True}
        assert office.house.command(OFFICER, f"/reports/{resident.report}/publish", told).json()["field"] == "text"


class TestConverting:
    def test_an_incident_and_the_hold_around_it_in_one_step(self, office: Office) -> None:
        house = office.house
        camera = house.register_camera("KYIV-977", latitude=50.4612, longitude=30.5124)
        resident = office.read(category="property-damage")
        now = datetime.now(UTC)
        body = {
            "kind": "property-damage",
            "occurred_from": (now - timedelta(hours=2)).isoformat(),
            "occurred_to": (now - timedelta(hours=1)).isoformat(),
            "unit": house.units["investigators"],
            "officer": str(account_id("olena")),
            "words": "За повідомленням мешканця.",
        }
        path = f"/reports/{resident.report}/convert"
        wrong = {**body, "officer": str(account_id("iryna"))}
        assert house.command(OFFICER, path, wrong).json()["field"] == "officer"
        assert house.command(OFFICER, path, {**body, "unit": house.units["duty"]}).json()["field"] == "unit"
        incident = house.done(OFFICER, path, body)["incident"]
        shown = house.ask("olena", f"/incidents/{incident}").json()["incident"]
        assert (shown["kind"], shown["community"]) == ("property-damage", COMMUNITY)
        told = house.ask("olena", f"/incidents/{incident}/narrative").json()["text"]
        assert told == f"За повідомленням мешканця.\n\n{TOLD['narrative']}"
        holds = house.ask("olena", "/holds").json()["items"]
        assert [each for each in holds if each["incident"] == incident], camera
        assert resident.page()["state"] == "converted"
        assert house.ask(OFFICER, f"/incidents/{incident}").status_code == 404
        assert isinstance(house.services.log.events(UUID(incident))[0], IncidentRecorded)

    def test_what_its_reporter_adds_is_before_the_officer_of_the_incident_until_they_read_it(
        self, office: Office
    ) -> None:
        house, resident = office.house, office.read()
        now = datetime.now(UTC).isoformat()
        body = {"kind": "other", "occurred_from": now, "occurred_to": now, "unit": house.units["juvenile"]}
        body["officer"] = str(account_id("iryna"))
        resident.post("/reports/own/follow-up", {"narrative": "Ліхтар розбили троє"})
        incident = house.done(OFFICER, f"/reports/{resident.report}/convert", body)["incident"]
        path, words = f"/incidents/{incident}", f"/reports/{resident.report}/words"

        def unheard() -> int:
            count: int = house.ask("iryna", path).json()["incident"]["unheard"]
            listed = [house.ask("iryna", "/incidents", unheard=True, incident_state=state) for state in STATES]
            only = {each["incident"] for answer in listed for each in answer.json()["items"]}
            assert (incident in only) == (count > 0)
            return count

        assert unheard() == 1, "what was added before is not in the narrative"
        assert house.ask("iryna", f"{path}/narrative").json()["added"][0]["text"] == "Ліхтар розбили троє"
        house.caught_up()
        assert unheard() == 0
        resident.post("/reports/own/follow-up", {"narrative": "Один із них повернувся"})
        assert resident.report in {
            each["report"] for each in house.ask(OFFICER, "/reports", unheard=True).json()["items"]
        }
        assert house.ask(OFFICER, words).status_code == 200
        house.caught_up()
        assert house.ask(OFFICER, f"/reports/{resident.report}").json()["report"]["unheard"] == 0
        assert unheard() == 1, "that the community's officer read it, the incident's officer did not hear"
        head = house.caught_up()
        added = [each["text"] for each in house.ask("iryna", f"{path}/narrative").json()["added"]]
        assert added == ["Ліхтар розбили троє", "Один із них повернувся"]
        opened = {row.event.thing for row in house.recorded_since(head) if isinstance(row.event, Disclosed)}
        assert opened == {UUID(incident), UUID(resident.report)}
        house.caught_up()
        assert unheard() == 0
        resident.post("/reports/own/follow-up", {"narrative": "Тепер тихо"})
        assert unheard() == 1
        house.done("nadiia", f"{path}/void", {"reason": "Записано двічі"})
        assert unheard() == 0, "of a voided incident its officer reads the narrative no more"

    def test_of_an_incident_that_was_struck_off_is_read_anew(self, office: Office) -> None:
        house, resident = office.house, office.read()
        path, now = f"/reports/{resident.report}", datetime.now(UTC).isoformat()
        body = {"kind": "bullying", "occurred_from": now, "occurred_to": now, "unit": house.units["juvenile"]}
        body["officer"] = str(account_id("iryna"))
        incident = house.done(OFFICER, f"{path}/convert", body)["incident"]
        child = house.register_child("iryna", surname="Недригайло")["id"]
        house.done("iryna", f"/incidents/{incident}/children", {"child": child, "role": "victim"})
        again = {"reason": "Було насправді"}
        assert house.command(OFFICER, f"{path}/reopen", again).status_code == 409, "while the incident stands"
        house.done("nadiia", f"/incidents/{incident}/void", {"reason": "Не те вікно"})
        wait_until(lambda: "opened again" in resident.page()["says"])
        house.caught_up()
        shown = house.ask(OFFICER, path).json()["report"]
        assert (shown["state"], shown["incident"]) == ("submitted", None)
        *_, last = house.services.log.stream(UUID(resident.report))
        assert (last.meta.actor, last.event.TOPIC) == (SYSTEM_ACTOR, "report.reopened")
        resident.post("/reports/own/follow-up", {"narrative": "Він і сьогодні тут"})
        assert house.ask("nadiia", f"/incidents/{incident}/narrative").json()["added"] == [], "it is another's by now"
        assert house.ask(OFFICER, path).json()["report"]["unheard"] == 1
        house.done(OFFICER, f"{path}/acknowledge")
        assert "struck off" not in resident.page()["says"]
        other = house.done(OFFICER, f"{path}/convert", body)["incident"]
        house.done("iryna", f"/children/{child}/erasure", {"order": "12-з", "reason": "Запит представника"})
        house.done("nadiia", f"/children/{child}/erasure/agree")
        assert house.ask(OFFICER, f"{path}/words").json()["text"] is None
        for each in (incident, other):
            assert house.ask("nadiia", f"/incidents/{each}/narrative").json()["text"] is None

    def test_erasing_a_child_of_the_incident_takes_the_words_of_the_report(self, office: Office) -> None:
        house = office.house
        resident, child = office.read(), house.register_child("iryna", surname="Недригайло")
        now = datetime.now(UTC).isoformat()
        body = {"kind": "bullying", "occurred_from": now, "occurred_to": now, "unit": house.units["juvenile"]}
        body["officer"] = str(account_id("iryna"))
        incident = house.done(OFFICER, f"/reports/{resident.report}/convert", body)["incident"]
        house.done("iryna", f"/incidents/{incident}/children", {"child": child["id"], "role": "victim"})
        order = {"order": "12-з", "reason": "Запит представника"}
        house.done(OFFICER, f"/reports/{resident.report}/update", {"text": "Недригайлів уже відвідали."})
        assert [each["text"] for each in resident.page()["steps"] if each["what"] == "reporter-updated"] == [
            "Недригайлів уже відвідали."
        ]
        assert house.ask(OFFICER, f"/reports/{resident.report}/words").json()["text"] == TOLD["narrative"]
        resident.post("/reports/own/follow-up", {"narrative": "Недригайло знову тут"})
        house.done("iryna", f"/children/{child['id']}/erasure", order)
        house.done("nadiia", f"/children/{child['id']}/erasure/agree")
        assert house.ask(OFFICER, f"/reports/{resident.report}/words").json()["text"] is None
        assert [each["text"] for each in resident.page()["steps"] if each["what"] == "reporter-updated"] == [None]
        narrative = house.ask("iryna", f"/incidents/{incident}/narrative").json()
        assert (narrative["text"], [each["text"] for each in narrative["added"]]) == (None, [None])
        assert house.ask("iryna", f"/incidents/{incident}/place").json()["latitude"] is None
        house.caught_up()
        assert house.ask("iryna", f"/incidents/{incident}").json()["incident"]["unheard"] == 0


class TestPictures:
    def test_a_picture_is_made_anew_from_its_pixels(self, office: Office) -> None:
        content = picture()
        assert EXIF in content
        resident = office.reported(photos=[base64.b64encode(content).decode()])
        (photo,) = office.house.ask(OFFICER, f"/reports/{resident.report}").json()["photos"]
        path = f"/reports/{resident.report}/photos/{photo['photo']}"
        answer = office.house.ask(OFFICER, path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert answer.content[:3] == b"\xff\xd8\xff"
        assert b"Exif" not in answer.content
        assert EXIF not in answer.content
        assert office.house.ask(OTHER_OFFICER, path).status_code == 404
        sealed = office.house.services.deployment.attachment(UUID(photo["photo"])).read_bytes()
        assert answer.content[:64] not in sealed

    def test_a_report_that_is_sent_twice_at_once_keeps_the_pictures_that_are_on_record(self, office: Office) -> None:
        resident = office.reported(photos=[base64.b64encode(picture()).decode()])
        (photo,) = office.house.ask(OFFICER, f"/reports/{resident.report}").json()["photos"]
        services = office.house.services
        others = pictures.keep(services, UUID(resident.report), [picture()])  # the other request has come so far
        answer = office.house.ask(OFFICER, f"/reports/{resident.report}/photos/{photo['photo']}")
        assert answer.status_code == 200, answer.text
        pictures.drop(services, others)

    def test_a_backup_has_them_and_names_those_that_are_damaged_and_not_erased(
        self, office: Office, tmp_path: Path
    ) -> None:
        services = office.house.services
        sent = [base64.b64encode(picture(side)).decode() for side in (64, 65)]

        def files_of(key: str) -> list[Path]:
            photos = office.house.ask(OFFICER, f"/reports/{key}").json()["photos"]
            return [services.deployment.attachment(UUID(each["photo"])) for each in photos]

        broken, erased = (office.reported(photos=sent).report for _ in "12")
        (altered, missing), lost = files_of(broken), files_of(erased)
        services.vault.erase(report_words_id(UUID(erased)))
        altered.write_bytes(b"nothing of it")
        for path in (missing, *lost):
            path.unlink()
        whole = files_of(office.reported(photos=sent).report)
        made = back_up(office.house.folder, tmp_path / "copy")
        assert made.originals_damaged.keys() == {f"attachment {UUID(path.name)}" for path in (altered, missing)}
        on_disk, copied = (
            {path.name for path in (folder / "attachments").glob("*/*")}
            for folder in (office.house.folder, tmp_path / "copy")
        )
        assert copied == on_disk - {altered.name}
        assert {path.name for path in whole} <= copied

    def test_what_is_no_picture(self, office: Office) -> None:
        refused = office.resident().submit(photos=[base64.b64encode(b"%PDF-1.7 x").decode()])
        assert (refused.status_code, refused.json()["field"]) == (422, "photos")
        assert refused.json()["detail"].count("send ") == 1
        assert phrase("not a readable JPEG, PNG, WEBP picture"), "in Ukrainian, too"
        many = [base64.b64encode(picture()).decode()] * 5
        assert office.resident().submit(photos=many).json()["field"] == "photos"


def _public(office: Office, key: str) -> dict[str, object]:
    shown = office.house.http.get("/reports/public", params={"category": "lighting", "limit": 200}).json()["items"]
    (found,) = (each for each in shown if each["report"] == key)
    return dict(found)
