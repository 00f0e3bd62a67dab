"""Residents' reports over HTTP: the whole road, who sees what of it, and what whoever reported is told."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.reports import pictures
from domain.disclosure import Disclosed
from domain.event import Recorded
from domain.ids import CHILD_REGISTER, account_id
from domain.incident import IncidentRecorded
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

CLOSE = {"outcome": "dealt-with", "reason": "Лампу замінено"}
PARTS = ("", "/words", "/contact", "/duplicates", "/history")


class TestToken:
    def test_a_repeated_submission_is_the_same_report_with_the_same_answer(self, office: Office) -> None:
        resident = office.resident()
        first, again = resident.submit(), resident.submit()
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        other = resident.submit(narrative="Щось інше")
        assert other.json()["type"] == "/problems/command-id-reused"

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
        house.done(OFFICER, f"{path}/update", {"text": "Завтра огляд"})
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
        house.done(OFFICER, f"/reports/{second.report}/duplicate/undo", {"reason": "Інша лавка"})
        assert second.page()["state"] == "submitted"

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
        office.house.register_child("iryna", surname="Перебийніс", given_name="Соломія")
        path, before = f"/reports/{office.read().report}/publish", office.house.services.log.head()
        for text in ("Ліхтар розбила Соломія Перебийніс", "бачили перебийніс соломію біля ліхтаря"):
            refused = office.house.command(OFFICER, path, {"text": text, "attested": True})
            assert (refused.status_code, refused.json()["type"]) == (422, "/problems/child-named")
        asked = [row for row in office.house.recorded_since(before) if isinstance(row, Recorded)]
        assert [row.event.thing for row in asked if isinstance(row.event, Disclosed)] == [CHILD_REGISTER] * 2
        office.house.done(OFFICER, path, {"text": "Ліхтар розбито", "attested": True})

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
        house.done("iryna", f"/children/{child['id']}/erasure", order)
        house.done("nadiia", f"/children/{child['id']}/erasure/agree")
        assert house.ask(OFFICER, f"/reports/{resident.report}/words").json()["text"] is None
        assert [each["text"] for each in resident.page()["steps"] if each["what"] == "reporter-updated"] == [None]


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
        pictures.keep(services, UUID(resident.report), [picture()])  # the other request has come so far
        answer = office.house.ask(OFFICER, f"/reports/{resident.report}/photos/{photo['photo']}")
        assert answer.status_code == 200, answer.text

    def test_what_is_no_picture(self, office: Office) -> None:
        refused = office.resident().submit(photos=[base64.b64encode(b"%PDF-1.7 x").decode()])
        assert (refused.status_code, refused.json()["field"]) == (422, "photos")
        many = [base64.b64encode(picture()).decode()] * 5
        assert office.resident().submit(photos=many).json()["field"] == "photos"


def _public(office: Office, key: str) -> dict[str, object]:
    shown = office.house.http.get("/reports/public", params={"category": "lighting", "limit": 200}).json()["items"]
    (found,) = (each for each in shown if each["report"] == key)
    return dict(found)
