"""Schools over HTTP: who keeps and sees them, sessions as counts, concerns of which a school hears the outcome."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.call import now
from app.clockwork import system_meta
from domain import concern
from domain.ids import account_id, school_id
from domain.log import Change
from domain.personal import Narrative
from domain.sealed import Sealed
from tests.app.conftest import House
from tests.app.neighbourhood import (
    HERE,
    JUVENILE,
    JUVENILE_SUPERVISOR,
    OFFICER,
    OTHER_JUVENILE,
    OTHER_OFFICER,
    OTHER_PARTNER,
    PARTNER,
    POLICE_SUPERVISOR,
    THERE,
    Neighbourhood,
)
from tests.app.prevention_house import ago

READERS = (PARTNER, OFFICER, POLICE_SUPERVISOR, JUVENILE, JUVENILE_SUPERVISOR)
STRANGERS = (OTHER_PARTNER, OTHER_OFFICER, OTHER_JUVENILE, "olena", "taras", "andrii", "admin")
TOLD = "Учень 6-Б Іван Сірко третій тиждень не приходить."
REASON = {"reason": "Розмова з класною керівницею"}
CONTACT = {"role": "psychologist", "full_name": "Леся Гнатюк", "phone": "+380 44 555 12 12"}


@pytest.fixture(scope="module")
def around(house: House) -> Neighbourhood:
    neighbourhood = Neighbourhood(house)
    neighbourhood.settle()
    neighbourhood.open_schools()
    return neighbourhood


@pytest.fixture(scope="module")
def school(around: Neighbourhood) -> str:
    return around.schools["school"]


def session(**more: object) -> dict[str, object]:
    body = {
        "subject": "whom-to-turn-to",
        "audience": "pupils",
        "groups": [{"age_group": "upper-school", "count": 24}],
        "held_at": ago(0.1),
    }
    return {**body, **more}


def point(name: str, *, met: bool) -> dict[str, object]:
    return {"point": name, "met": met, "checked_at": ago(1)}


class TestRegistering:
    def test_by_whoever_works_with_it(self, around: Neighbourhood, school: str) -> None:
        assert school == str(school_id(UUID(around.house.units["school"])))
        shown = around.house.ask(OFFICER, f"/schools/{school}").json()["school"]
        assert (shown["name"], shown["region"], shown["community"]) == ("Ліцей school", "UA-30", str(HERE))
        assert (shown["police_unit_name"], shown["prevention_unit_name"]) == ("community-police", "juvenile")
        assert (shown["capacity"], shown["passport_version"]) == (600, None)

    @pytest.mark.parametrize("username", [OTHER_OFFICER, PARTNER, OTHER_JUVENILE, "olena"])
    def test_not_by_others(self, around: Neighbourhood, username: str) -> None:
        body = around.new_school("school", "juvenile")
        assert around.house.command(username, "/schools", body).status_code == 403

    @pytest.mark.parametrize("username", [POLICE_SUPERVISOR, JUVENILE, JUVENILE_SUPERVISOR])
    def test_once_whoever_asks(self, around: Neighbourhood, username: str) -> None:
        refused = around.house.command(username, "/schools", around.new_school("school", "juvenile"))
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/already-exists")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"unit": "duty"}, "unit"), ({"community": str(uuid4())}, "community")],
        ids=["unit", "community"],
    )
    def test_of_what_there_is(self, around: Neighbourhood, changes: dict[str, str], field: str) -> None:
        units = around.house.units
        body = {**around.new_school("duty", "juvenile"), **changes, "unit": units["duty"]}
        body = body if field == "unit" else {**body, "unit": around.house.done("admin", "/units", FRESH)["id"]}
        refused = around.house.command(JUVENILE, "/schools", {**body, "prevention_unit": None})
        assert (refused.status_code, refused.json()["field"]) == (422, field)


FRESH = {"name": "fresh", "region": "UA-30", "kind": "school"}


class TestWhoSees:
    def test_those_who_work_with_it(self, around: Neighbourhood, school: str) -> None:
        around.house.done(PARTNER, f"/schools/{school}/contacts", CONTACT)
        around.house.done(PARTNER, f"/schools/{school}/sessions", session())
        for username in READERS:
            assert around.house.ask(username, f"/schools/{school}").status_code == 200, username
            (named, *_) = around.house.ask(username, f"/schools/{school}/contacts").json()["items"]
            assert (named["full_name"], named["phone"]) == (CONTACT["full_name"], CONTACT["phone"])
            listed = around.house.ask(username, "/schools").json()["items"]
            assert [each["school"] for each in listed] == [school], username
            calendar = around.house.ask(username, "/schools/sessions").json()["items"]
            assert {each["school"] for each in calendar} == {school}, username

    def test_for_everybody_else_there_is_none(self, around: Neighbourhood, school: str) -> None:
        nothing, house = str(uuid4()), around.house
        house.done(JUVENILE, f"/schools/{school}/sessions", session())
        assert house.ask(JUVENILE, "/schools/sessions", school=school).json()["items"]
        commands = {
            "passport": {"points": [point("shelter", met=True)]},
            "sessions": session(),
            "contacts": CONTACT,
            f"sessions/{uuid4()}/withdraw": None,
            f"contacts/{uuid4()}/withdraw": None,
        }
        for username in STRANGERS:
            for part in ("", "/contacts"):
                hidden, absent = (house.ask(username, f"/schools/{each}{part}") for each in (school, nothing))
                assert (hidden.status_code, absent.status_code) == (404, 404), username
                assert hidden.text.replace(school, nothing) == absent.text
        for part, body in commands.items():
            hidden, absent = (
                house.command(OTHER_PARTNER, f"/schools/{each}/{part}", body) for each in (school, nothing)
            )
            assert (hidden.status_code, absent.status_code) == (404, 404), part
            assert hidden.text.replace(school, nothing) == absent.text
        own = house.ask(OTHER_PARTNER, "/schools").json()["items"]
        assert [each["school"] for each in own] == [around.schools["other-school"]]
        assert house.ask(OTHER_PARTNER, "/schools/sessions", school=school).json()["items"] == []

    def test_an_auditor_reads_and_opens_nothing(self, around: Neighbourhood, school: str) -> None:
        read = around.house.ask("oksana", f"/schools/{school}")
        assert (read.status_code, around.house.ask("oksana", f"/schools/{school}/contacts").status_code) == (200, 403)
        assert len(around.house.ask("oksana", "/schools").json()["items"]) == 2

    @pytest.mark.parametrize("path", ["/incidents", "/cases", "/children", "/children/profiles", "/concerns"])
    def test_a_school_reads_no_casework(self, around: Neighbourhood, path: str) -> None:
        assert around.house.ask(PARTNER, path).status_code == 403

    def test_nor_any_of_it(self, around: Neighbourhood) -> None:
        incident = around.house.record_incident(JUVENILE)
        child = around.house.register_child(JUVENILE)["id"]
        for path in (f"/incidents/{incident}", f"/children/{child}", f"/children/{child}/identity"):
            assert around.house.ask(PARTNER, path).status_code == 404, path


class TestWhatASchoolKeeps:
    @pytest.mark.parametrize("username", [PARTNER, OFFICER])
    def test_they_find_the_words_and_units_that_they_write_with(self, around: Neighbourhood, username: str) -> None:
        words = around.house.ask(username, "/words").json()["lists"]
        assert "shelter" in [each["code"] for each in words["passport_points"]]
        assert around.house.ask(username, "/units").status_code == 200

    def test_its_passport_in_every_version(self, around: Neighbourhood, school: str) -> None:
        house, path = around.house, f"/schools/{school}/passport"
        first = house.done(PARTNER, path, {"points": [point("shelter", met=False)]})["version"]
        points = [point("shelter", met=True), point("alarm-button", met=False)]
        second = house.done(OFFICER, path, {"points": points}, version=first)["version"]
        shown = house.ask(JUVENILE, f"/schools/{school}").json()
        assert [each["version"] for each in shown["passports"]] == [second, first]
        assert [(each["point"], each["met"]) for each in shown["passports"][0]["points"]] == [
            ("shelter", True),
            ("alarm-button", False),
        ]
        told = shown["school"]
        assert (told["passport_version"], told["points_met"], told["points_checked"]) == (second, 1, 2)
        late = house.command(PARTNER, path, {"points": points}, version=first)
        assert (late.status_code, late.json()["current_version"]) == (412, second)
        assert house.command(JUVENILE, path, {"points": points}).status_code == 403

    def test_whom_pupils_can_turn_to_until_withdrawn(self, around: Neighbourhood) -> None:
        house, key = around.house, around.schools["other-school"]
        contact = house.done(OTHER_PARTNER, f"/schools/{key}/contacts", CONTACT)["id"]
        listed = house.ask(OTHER_JUVENILE, f"/schools/{key}/contacts").json()["items"]
        assert [each["contact"] for each in listed] == [contact]
        assert CONTACT["full_name"] not in house.ask(OTHER_JUVENILE, f"/schools/{key}").text
        made = house.ask("oksana", "/record/disclosures", thing=key).json()["items"]
        assert [each["operation"] for each in made] == ["school.read-contacts"]
        house.done(OTHER_OFFICER, f"/schools/{key}/contacts/{contact}/withdraw")
        assert house.ask(OTHER_PARTNER, f"/schools/{key}/contacts").json()["items"] == []
        again = house.command(OTHER_OFFICER, f"/schools/{key}/contacts/{contact}/withdraw")
        assert (again.status_code, again.json()["field"]) == (422, "contact")


class TestSessions:
    def test_there_is_no_place_for_a_list_of_pupils(self, around: Neighbourhood, school: str) -> None:
        for more in ({"pupils": ["Іван Сірко"]}, {"narrative": "Був Іван Сірко"}):
            refused = around.house.command(PARTNER, f"/schools/{school}/sessions", session(**more))
            assert refused.status_code == 400, more

    def test_an_audience_of_few_is_no_session(self, around: Neighbourhood, school: str) -> None:
        for ages in (("upper-school",), ("basic-school", "upper-school")):  # of which the month's count would tell each
            few = session(groups=[{"age_group": age, "count": 4} for age in ages])
            refused = around.house.command(PARTNER, f"/schools/{school}/sessions", few)
            assert (refused.status_code, refused.json()["field"]) == (422, "groups")

    def test_no_group_of_few_is_told_from_the_others(self, around: Neighbourhood, school: str) -> None:
        def told(*counts: int) -> tuple[list[int | None], int | None]:
            named = zip(("primary-school", "basic-school", "upper-school"), counts, strict=False)
            groups = [{"age_group": group, "count": count} for group, count in named]
            key = around.house.done(PARTNER, f"/schools/{school}/sessions", session(groups=groups))["id"]
            shown = around.house.ask(PARTNER, "/schools/sessions", school=school, limit=200).json()["items"]
            (held,) = (each for each in shown if each["session"] == key)
            return [each["count"] for each in held["groups"]], held["people"]

        assert told(12, 24) == ([12, 24], 36)
        assert told(1, 24) == ([None, None], 25)
        assert told(1, 24, 30) == ([None, None, 30], 55)

    def test_counted_by_region_community_and_school(self, around: Neighbourhood) -> None:
        house, key = around.house, around.schools["other-school"]
        held = {"held_at": "2026-03-31T23:30:00+03:00"}
        path = f"/schools/{key}/sessions"
        house.done(OTHER_PARTNER, path, session(**held))
        adults = {"audience": "teachers", "groups": [{"age_group": "adults", "count": 12}], **held}
        house.done(OTHER_JUVENILE, path, session(**adults))
        mistaken = house.done(OTHER_OFFICER, path, session(held_at="2026-04-01T00:30:00+03:00"))["id"]
        house.done(OTHER_OFFICER, f"{path}/{mistaken}/withdraw")
        months = {"from_month": "2026-03", "to_month": "2026-04"}
        for place, named, called in (
            ("region", "UA-46", "Львівська область"),
            ("community", str(THERE), "Личаківська"),
            ("school", key, "Ліцей other-school"),
        ):
            told = house.ask("andrii", "/counts/sessions", place=place, **months).json()
            assert (told["months"], told["audience_min"]) == (["2026-03", "2026-04"], 5)
            assert told["items"] == [
                {"place": named, "name": called, "month": "2026-03", "sessions": 2, "pupils": 24, "adults": 12}
            ]
        assert house.ask(PARTNER, "/counts/sessions").status_code == 403
        refused = house.ask("andrii", "/counts/sessions", place="street")
        assert (refused.status_code, refused.json()["field"]) == (422, "place")

    def test_the_calendar_by_time_and_place(self, around: Neighbourhood) -> None:
        house = around.house
        span = {"from_at": "2026-03-01T00:00:00+02:00", "to_at": "2026-03-31T23:30:00+03:00"}
        assert house.ask("oksana", "/schools/sessions", **span).json()["items"] == []
        later = {**span, "to_at": "2026-04-01T00:00:00+03:00"}
        found = house.ask("oksana", "/schools/sessions", **later, community=str(THERE)).json()["items"]
        assert [each["people"] for each in found].count(24) == 1
        assert {each["school_name"] for each in found} == {"Ліцей other-school"}
        assert house.ask("oksana", "/schools/sessions", **later, region="UA-30").json()["items"] == []


def raised(around: Neighbourhood, username: str = PARTNER) -> str:
    body = {"kind": "missing-school", "narrative": TOLD}
    answer = around.house.done(username, "/school-concerns", body)
    assert answer.keys() == {"id", "version", "position", "command_id", "recorded_at", "expires_at"}
    return str(answer["id"])


class TestConcerns:
    def test_the_school_s_unit_looks_into_it_and_the_school_hears_a_category(self, around: Neighbourhood) -> None:
        house, key = around.house, raised(around)

        def heard() -> str:
            told = house.ask(PARTNER, f"/school-concerns/{key}")
            assert told.json().keys() == {"concern", "outcome", "raised_at", "expires_at"}
            assert "ETag" not in told.headers
            (listed,) = (
                each for each in house.ask(PARTNER, "/school-concerns").json()["items"] if each["concern"] == key
            )
            assert listed == told.json()
            return str(listed["outcome"])

        assert heard() == "looked-into"
        shown = house.ask(JUVENILE, f"/concerns/{key}").json()["concern"]
        assert (shown["school"], shown["raiser_username"]) == (around.schools["school"], PARTNER)
        from_here = house.ask(JUVENILE, "/concerns", school=around.schools["school"]).json()["items"]
        assert key in [each["concern"] for each in from_here]
        assert house.ask(JUVENILE, f"/concerns/{key}/narrative").json() == {"text": TOLD}
        house.done(JUVENILE, f"/concerns/{key}/review", {"finding": "help-needed", **REASON})
        assert heard() == "looked-into"
        house.done(JUVENILE, f"/concerns/{key}/help", {"kind": "psychologist", **REASON})
        assert heard() == "help-offered"

    def test_one_that_came_to_nothing_is_told_without_why(self, around: Neighbourhood) -> None:
        house, key = around.house, raised(around)
        house.done(JUVENILE, f"/concerns/{key}/review", {"finding": "no-help-needed", **REASON})
        house.done(JUVENILE, f"/concerns/{key}/dismiss", {"cause": "not-confirmed", **REASON})
        assert house.ask(PARTNER, f"/school-concerns/{key}").json()["outcome"] == "no-more-to-do"

    def test_the_raiser_knows_of_it_and_reads_no_more_than_that(self, around: Neighbourhood) -> None:
        key = raised(around)
        for part in ("", "/narrative", "/reasons"):
            assert around.house.ask(PARTNER, f"/concerns/{key}{part}").status_code == 403
        body = {"finding": "unclear", **REASON}
        assert around.house.command(PARTNER, f"/concerns/{key}/review", body).status_code == 403

    def test_another_school_hears_of_none(self, around: Neighbourhood) -> None:
        key, nothing = raised(around), str(uuid4())
        hidden, absent = (around.house.ask(OTHER_PARTNER, f"/school-concerns/{each}") for each in (key, nothing))
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert hidden.text.replace(key, nothing) == absent.text
        assert around.house.ask(OTHER_PARTNER, "/school-concerns").json()["items"] == []

    @pytest.mark.parametrize("username", [OFFICER, JUVENILE, "olena", "oksana", "admin"])
    def test_the_outcomes_are_for_schools(self, around: Neighbourhood, username: str) -> None:
        assert around.house.ask(username, "/school-concerns").status_code == 403
        body = {"kind": "missing-school", "narrative": TOLD}
        assert around.house.command(username, "/school-concerns", body).status_code == 403

    def test_a_school_cannot_find_out_whether_a_child_is_known(self, around: Neighbourhood) -> None:
        """It names nobody: neither here, nor by the road of those who may."""
        house, known = around.house, around.house.register_child(JUVENILE)
        for named in ({"child": known["id"]}, {"pseudonym": known["pseudonym"]}, {"names": [known["id"]]}):
            body = {"kind": "missing-school", "narrative": TOLD, **named}
            assert house.command(PARTNER, "/school-concerns", body).status_code == 400, named
        tried = {"kind": "missing-school", "narrative": TOLD, "unit": house.units["juvenile"]}
        answers = [
            house.command(PARTNER, "/concerns", {**tried, "child": str(child), "pseudonym": pseudonym})
            for child, pseudonym in (
                (known["id"], known["pseudonym"]),
                (uuid4(), "CH-NOBODY"),
                (known["id"], "CH-X1X1"),
            )
        ]
        assert {each.status_code for each in answers} == {403}
        assert len({each.json()["detail"] for each in answers}) == 1

    def test_each_is_of_a_child_of_its_own(self, around: Neighbourhood) -> None:
        shown = [around.house.ask(JUVENILE, f"/concerns/{raised(around)}").json()["concern"] for _ in range(2)]
        assert shown[0]["child"] != shown[1]["child"]

    def test_whoever_looks_into_it_finds_out_who_it_is_and_the_school_is_not_told(self, around: Neighbourhood) -> None:
        house, key = around.house, raised(around)
        known = str(house.register_child(JUVENILE, given_name="Устим")["id"])
        pseudonym = house.ask(JUVENILE, f"/concerns/{key}").json()["concern"]["pseudonym"]
        described = house.register_child(JUVENILE, given_name="Устим", pseudonym=pseudonym)["id"]
        body = {"other": described, "reason": "Одна дитина"}
        house.done(JUVENILE_SUPERVISOR, f"/children/{known}/merge", body)
        timeline = house.ask(JUVENILE, f"/children/{known}/timeline").json()["items"]
        assert key in [each["thing"] for each in timeline]
        heard = house.ask(PARTNER, f"/school-concerns/{key}").text
        assert known not in heard
        assert pseudonym not in heard

    def test_a_unit_without_a_school_raises_none(self, around: Neighbourhood) -> None:
        unit = around.house.done("admin", "/units", {**FRESH, "name": "unregistered"})["id"]
        around.house.create_account("zoia", unit, "school-partner")
        body = {"kind": "missing-school", "narrative": TOLD}
        refused = around.house.command("zoia", "/school-concerns", body)
        assert (refused.status_code, refused.json()["field"]) == (422, "school")

    def test_when_its_time_is_over_it_is_gone(self, around: Neighbourhood) -> None:
        stream, unit = uuid4(), UUID(around.house.units["juvenile"])
        command = concern.RaiseConcern(
            concern=stream,
            child=uuid4(),
            pseudonym="CH-4F2A",
            kind="missing-school",
            unit=unit,
            unit_kind="juvenile-prevention",
            by=account_id(PARTNER),
            narrative=Sealed(stream, Narrative(TOLD)),
            school=UUID(around.schools["school"]),
            days=90,
            at=now() - timedelta(days=90),
        )
        decided = concern.DECIDER.decide(None, command)
        around.house.services.log.append([Change(stream, 0, decided)], system_meta("test"))
        assert around.house.ask(PARTNER, f"/school-concerns/{stream}").status_code == 404
        listed = around.house.ask(PARTNER, "/school-concerns").json()["items"]
        assert str(stream) not in [each["concern"] for each in listed]
        shown = around.house.ask(JUVENILE_SUPERVISOR, f"/concerns/{stream}").json()["concern"]
        assert (shown["state"], shown["school"]) == ("expired", None)
