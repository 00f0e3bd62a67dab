"""Profiles of children over HTTP: who reads which, what is found by name, and what merging and erasing leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from litestar.testing import TestClient

from app.api.asgi import create_app
from app.composition import Services
from app.event_store.faults import LogBusy
from app.names.features import Asked
from app.names.index import Found, NameIndex
from domain.disclosure import Disclosed
from domain.errors import DomainError, LogFull
from domain.event import Meta, Recorded
from domain.ids import CHILD_REGISTER, account_id, child_pseudonym
from domain.log import Change, Receipt
from tests.app.conftest import House

READS = ("", "/identity", "/narratives", "/timeline", "/duplicates", "/reasons")
SEALED_FROM_AUDITORS = list(zip(READS, (200, 403, 403, 200, 403, 403), strict=True))
PERSON = {"surname": "Запорожець", "given_name": "Соломія", "patronymic": "Юріївна", "born": "2013-04-02"}


@pytest.fixture(scope="module")
def child(house: House) -> str:
    contacts = {"phones": ["+380 44 555 12 12"], "guardians": ["бабуся"], "school": "Ліцей № 7"}
    return str(house.register_child(**PERSON, contacts=contacts, narrative="Не ночує вдома.")["id"])


def on_record(house: House, before: int) -> list[tuple[str, UUID, UUID | None, str]]:
    added = [row for row in house.services.log.read(after=before) if isinstance(row, Recorded)]
    return [
        (row.event.operation, row.event.thing, row.event.subject, row.meta.purpose)
        for row in added
        if isinstance(row.event, Disclosed)
    ]


class Lacking:
    """An index of names that is behind the log, or finds more than it reads."""

    def __init__(self, names: NameIndex, *, is_behind: bool) -> None:
        self._names, self._is_behind = names, is_behind

    def wait(self, position: int, timeout_seconds: float) -> bool:
        return not self._is_behind

    def search(self, unit: UUID, asked: Asked) -> Found:
        return msgspec.structs.replace(self._names.search(unit, asked), complete=self._is_behind)


class Unwritable:
    """A log that takes no disclosure."""

    def __init__(self, fault: DomainError) -> None:
        self._fault = fault

    def append(self, changes: Sequence[Change], meta: Meta, *, command_digest: bytes = b"") -> Receipt:
        raise self._fault


def without(house: House, what: str) -> Services:
    """The same house, where looking up who is alike fails."""
    held = house.services
    if what in ("behind", "too-many"):
        lacking = Lacking(held.childhood.names, is_behind=what == "behind")
        return replace(held, childhood=replace(held.childhood, names=lacking))  # type: ignore[arg-type]
    log = Unwritable(LogFull("the disk is full") if what == "log-full" else LogBusy(5))
    return replace(held, disclosures=replace(held.disclosures, log=log))  # type: ignore[arg-type]


class TestReading:
    def test_the_unit_reads_who_it_is_and_that_goes_on_record_with_purpose_and_subject(
        self, house: House, child: str
    ) -> None:
        before = house.services.log.head()
        shown = house.ask("iryna", f"/children/{child}/identity", purpose="missing-person").json()
        assert shown["identity"] == PERSON
        assert shown["contacts"]["phones"] == ["+380 44 555 12 12"]
        key = UUID(child)
        assert on_record(house, before) == [("child.read-identity", key, key, "missing-person")]

    def test_a_narrative_s_subject_is_the_narrative(self, house: House, child: str) -> None:
        before = house.services.log.head()
        (line,) = house.ask("nadiia", f"/children/{child}/narratives").json()["items"]
        assert (line["text"], line["by_username"]) == ("Не ночує вдома.", "iryna")
        ((operation, thing, subject, _),) = on_record(house, before)
        assert (operation, thing) == ("child.read-narrative", UUID(child))
        assert subject not in (None, UUID(child))

    @pytest.mark.parametrize("part", READS)
    def test_without_a_purpose_nothing_is_opened(self, house: House, child: str, part: str) -> None:
        before = house.services.log.head()
        refused = house.ask("iryna", f"/children/{child}{part}", purpose="")
        assert (refused.status_code, refused.json()["field"]) == (422, "Oberih-Purpose")
        assert house.recorded_since(before) == []

    @pytest.mark.parametrize("part", READS)
    @pytest.mark.parametrize("username", ["olena", "halyna", "taras", "admin"])
    def test_not_there_and_not_yours_are_the_same_bytes(
        self, house: House, child: str, username: str, part: str
    ) -> None:
        nobody = str(uuid4())
        theirs, none = (house.ask(username, f"/children/{key}{part}") for key in (child, nobody))
        assert (theirs.status_code, none.status_code) == (404, 404)
        assert theirs.content.replace(child.encode(), nobody.encode()) == none.content

    @pytest.mark.parametrize(("part", "status"), SEALED_FROM_AUDITORS)
    def test_an_auditor_reads_the_record_as_it_is_sealed(
        self, house: House, child: str, part: str, status: int
    ) -> None:
        answer = house.ask("oksana", f"/children/{child}{part}", purpose="audit")
        assert answer.status_code == status
        assert not any(word in answer.text for word in (*PERSON.values(), "555 12 12", "ночує"))

    def test_lists_show_the_profiles_of_the_unit(self, house: House, child: str) -> None:
        shown = {name: house.ask(name, "/children/profiles", limit=200).json() for name in ("nadiia", "halyna")}
        assert child in {each["child"] for each in shown["nadiia"]["items"]}
        assert shown["halyna"]["items"] == []
        assert child in {each["child"] for each in house.ask("oksana", "/children/profiles").json()["items"]}


class TestRegistering:
    def test_a_child_that_is_in_an_incident_keeps_id_and_pseudonym(self, house: House) -> None:
        incident = house.record_incident("iryna")
        linked = house.done("iryna", f"/incidents/{incident}/children", {"role": "victim"})
        registered = house.register_child(pseudonym=linked["pseudonym"])
        assert (registered["child"], registered["pseudonym"]) == (linked["child"], linked["pseudonym"])
        again = house.command("iryna", "/children", {"surname": "Сірко", "child": linked["child"]})
        assert again.json()["type"] == "/problems/already-exists"

    def test_a_retry_registers_once(self, house: House) -> None:
        first = house.done("iryna", "/children", {"surname": "Сірко"}, key="register once")
        assert house.done("iryna", "/children", {"surname": "Сірко"}, key="register once") == first
        assert first["pseudonym"] == child_pseudonym(UUID(first["child"]))

    def test_a_child_of_an_incident_that_is_not_theirs_is_as_one_that_does_not_exist(self, house: House) -> None:
        house.create_account("ivanna", house.units["investigators"], "juvenile-officer")
        incident = house.record_incident("iryna")
        linked = house.done("iryna", f"/incidents/{incident}/children", {"role": "victim"})
        nobody = str(uuid4())
        theirs, none = (
            house.command("ivanna", "/children", {"surname": "Сірко", "child": key})
            for key in (linked["child"], nobody)
        )
        assert theirs.status_code == 422
        assert theirs.text.replace(linked["child"], nobody) == none.text

    @pytest.mark.parametrize("field", ["surname", "given_name", "patronymic"])
    @pytest.mark.parametrize("unseen", ["\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\u00ad", "\U000e0041"])
    def test_no_name_has_a_character_that_nobody_sees(self, house: House, field: str, unseen: str) -> None:
        named = {"surname": "Сірко", field: f"Сір{unseen}ко"}
        refused = house.command("iryna", "/children", named)
        assert (refused.status_code, refused.json()["field"]) == (422, field)
        refused = house.command("iryna", "/children", {"surname": "Сірко", "other_names": [f"Сір{unseen}ко"]})
        assert (refused.status_code, refused.json()["field"]) == (422, "other_names")

    @pytest.mark.parametrize("surname", ["В’юнник", "В'юнник", "Вʼюнник", "Нечуй-Левицький", "О`Коннор"])
    def test_apostrophes_and_hyphens_are_part_of_a_name(self, house: House, surname: str) -> None:
        assert house.command("iryna", "/children", {"surname": surname}).status_code == 201

    def test_one_who_is_called_so_already_is_named(self, house: House) -> None:
        """In whatever spelling; not who was born in another year, nor whom the caller may not read."""
        house.create_account("zlata", house.units["investigators"], "juvenile-officer")
        named = {"surname": "Вернидуб", "given_name": "Олексій", "born": "2012-05-17"}
        house.done("zlata", "/children", named)
        first = house.done("iryna", "/children", named)
        assert first["similar"] == []
        before = house.services.log.head()
        latin = {**named, "surname": "Vernydub", "given_name": "Oleksii"}
        second = house.done("iryna", "/children", latin, key="again")
        assert second["similar"] == [first["child"]]
        assert on_record(house, before) == [("child.read", UUID(first["child"]), None, "prevention")]
        assert house.done("iryna", "/children", latin, key="again") == second, "a retry"
        for other in ({"born": "2009"}, {"born": ""}, {"given_name": "Марія"}):
            assert house.done("iryna", "/children", {**named, **other})["similar"] == []

    def test_without_a_purpose_nobody_is_looked_up(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        named = {"surname": "Бездоля", "given_name": "Олексій", "born": "2012-05-17"}
        known = house.done("iryna", "/children", named)["child"]
        monkeypatch.setattr(house, "purpose", "")
        before = house.services.log.head()
        registered = house.done("iryna", "/children", named)
        assert registered["similar"] is None
        assert known not in str(registered)
        assert on_record(house, before) == []

    @pytest.mark.parametrize("fault", ["behind", "too-many", "log-full", "log-busy"])
    def test_where_not_all_were_looked_up_it_is_not_said_that_there_is_nobody(self, house: House, fault: str) -> None:
        """And the child is registered all the same."""
        named = {"surname": "Недогляд", "given_name": "Олексій", "born": "2012-05-17"}
        house.done("iryna", "/children", named)
        services = without(house, fault)
        with TestClient(create_app(services)) as http:
            registered = House(services, http, house.folder, house.units).done("iryna", "/children", named)
        assert registered["similar"] is None
        assert house.ask("iryna", f"/children/{registered['child']}").status_code == 200

    @pytest.mark.parametrize("username", ["olena", "nadiia", "oksana", "admin"])
    def test_who_does_not_register(self, house: House, username: str) -> None:
        assert house.command(username, "/children", {"surname": "Сірко"}).status_code == 403


class TestCorrecting:
    def test_identity_contacts_and_narratives(self, house: House) -> None:
        key = house.register_child(**{**PERSON, "surname": "Непийвода"})["id"]
        correct = {**PERSON, "surname": "Непийпиво", "reason": "За свідоцтвом"}
        house.done("iryna", f"/children/{key}/identity", correct, version=1)
        house.done("iryna", f"/children/{key}/contacts", {"addresses": ["Київ"]}, version=2)
        house.done("iryna", f"/children/{key}/narratives", {"text": "Розмова з учителем"}, version=3)
        shown = house.ask("iryna", f"/children/{key}/identity").json()
        assert (shown["identity"]["surname"], shown["contacts"]["addresses"]) == ("Непийпиво", ["Київ"])
        assert found(house, "Непийпиво Соломія") == [(key, "same")]
        assert found(house, "Непийвода Соломія") == [], "what it was called by mistake finds it no more"
        (reason,) = house.ask("nadiia", f"/children/{key}/reasons").json()["items"]
        assert reason["text"] == "За свідоцтвом"
        stale = house.command("iryna", f"/children/{key}/contacts", {}, version=3)
        assert (stale.status_code, stale.json()["current_version"]) == (412, 4)

    def test_what_a_correction_leaves_out_stays_and_null_takes_it_away(self, house: House) -> None:
        contacts = {"phones": ["+380 44 555 12 12"], "guardians": ["бабуся"], "school": "Ліцей № 7"}
        key = house.register_child(**{**PERSON, "surname": "Недайборщ"}, contacts=contacts)["id"]

        def stands() -> tuple[Any, Any]:
            shown = house.ask("iryna", f"/children/{key}/identity").json()
            return shown["identity"], shown["contacts"]

        before = house.services.log.head()
        house.done("iryna", f"/children/{key}/identity", {"surname": " Недайкаша ", "reason": "x"})
        assert on_record(house, before) == [("child.correct", UUID(key), UUID(key), "prevention")]
        assert stands() == ({**PERSON, "surname": "Недайкаша"}, contacts)
        house.done("iryna", f"/children/{key}/identity", {"patronymic": None, "born": None, "reason": "x"})
        house.done("iryna", f"/children/{key}/contacts", {"phones": None, "school": "Ліцей № 8"})
        assert stands() == (
            {"surname": "Недайкаша", "given_name": "Соломія"},
            {"guardians": ["бабуся"], "school": "Ліцей № 8"},
        )
        assert found(house, "Недайкаша Соломія") == [(key, "same")]

    @pytest.mark.parametrize(
        ("part", "body", "fault"),
        [
            ("identity", {"reason": "x"}, "corrects nothing"),
            ("contacts", {}, "corrects nothing"),
            ("identity", {"surname": "Борщ", "given_name": "Соломія", "reason": "x"}, "says what stands"),
            ("contacts", {"school": "Ліцей № 7", "phones": None}, "says what stands"),
        ],
    )
    def test_a_correction_that_corrects_nothing_is_refused(
        self, house: House, part: str, body: dict[str, Any], fault: str
    ) -> None:
        key = house.register_child(**{**PERSON, "surname": "Борщ"}, contacts={"school": "Ліцей № 7"})["id"]
        refused = house.command("iryna", f"/children/{key}/{part}", body)
        assert (refused.status_code, refused.json()["field"]) == (422, "body")
        assert fault in refused.json()["detail"]
        assert house.ask("iryna", f"/children/{key}").json()["profile"]["version"] == 1

    def test_the_surname_stays_in_any_case_and_a_retry_of_a_correction_is_none_that_changes_nothing(
        self, house: House
    ) -> None:
        key = house.register_child(**{**PERSON, "surname": "Куліш"})["id"]
        for nothing in (None, "", " "):
            body = {"surname": nothing, "reason": "x"}
            assert house.command("iryna", f"/children/{key}/identity", body).status_code in (400, 422)
        body = {"surname": "Кулеш", "reason": "x"}
        first = house.done("iryna", f"/children/{key}/identity", body, key="once")
        assert house.done("iryna", f"/children/{key}/identity", body, key="once") == first


def found(house: House, name: str, username: str = "iryna", born: str = "") -> list[tuple[str, str]]:
    answer = house.done(username, "/children/search", {"name": name, "born": born})
    assert answer["complete"]
    return [(each["child"], each["match"]) for each in answer["items"]]


class TestSearching:
    @pytest.mark.parametrize(
        ("typed", "match"),
        [
            ("Запорожець Соломія", "same"),
            ("соломія запорожець", "same"),
            ("Solomiia Zaporozhets", "same"),
            ("Запорожець Соломія Юріївна", "same"),
            ("Запорожець", "same"),
            ("Запорожця Соломією", "same"),
            ("Запорожиць Соломія", "close"),
        ],
    )
    def test_however_it_is_written(self, house: House, child: str, typed: str, match: str) -> None:
        assert found(house, typed) == [(child, match)]

    def test_a_given_name_alone_finds_with_the_year_of_birth(self, house: House, child: str) -> None:
        assert (child, "same") in found(house, "Соломія", born="2013")
        for typed in ("Соломія", "Соломією"):
            answer = house.done("iryna", "/children/search", {"name": typed})
            assert (answer["items"], answer["complete"], answer["gap"]) == ([], False, "given-name-alone")

    def test_a_profile_without_a_given_name_is_like_every_one_of_its_surname(self, house: House) -> None:
        key = house.done("iryna", "/children", {"surname": "Безіменний"})["id"]
        assert found(house, "Безіменний Євген") == [(key, "close")]

    @pytest.mark.parametrize("born", ["нісенітниця", "1999-13", "2013-02-30", "1913", "2913"])
    def test_a_birth_that_no_profile_could_have_is_refused(self, house: House, born: str) -> None:
        refused = house.command("iryna", "/children/search", {"name": "Запорожець", "born": born})
        assert (refused.status_code, refused.json()["field"]) == (422, "born")

    def test_that_somebody_searched_is_on_record_also_where_nobody_is_found(self, house: House, child: str) -> None:
        before = house.services.log.head()
        assert found(house, "Нікого Немає") == []
        assert on_record(house, before) == [("child.search", CHILD_REGISTER, None, "prevention")]
        before = house.services.log.head()
        found(house, "Запорожець Соломія")
        key = UUID(child)
        assert on_record(house, before) == [
            ("child.search", CHILD_REGISTER, None, "prevention"),
            ("child.search", key, key, "prevention"),
        ]

    def test_another_unit_finds_nothing_of_it(self, house: House, child: str) -> None:
        assert found(house, "Запорожець Соломія", "halyna") == []
        assert found(house, "Запорожець Соломія", "nadiia") == [(child, "same")]

    @pytest.mark.parametrize("username", ["olena", "oksana", "admin"])
    def test_who_does_not_search(self, house: House, username: str) -> None:
        assert house.command(username, "/children/search", {"name": "Запорожець"}).status_code == 403

    @pytest.mark.parametrize("name", ["", "  ", "12", "x" * 201])
    def test_a_name_has_a_word(self, house: House, name: str) -> None:
        assert house.command("iryna", "/children/search", {"name": name}).json()["field"] == "name"


def twins(house: House, surname: str) -> tuple[str, str]:
    """Two profiles that may be of one child, each in an incident of its own."""
    keys = []
    for given_name in ("Катерина", "Екатерина"):
        incident = house.record_incident("iryna")
        linked = house.done("iryna", f"/incidents/{incident}/children", {"role": "victim"})
        house.register_child(surname=surname, given_name=given_name, child=linked["child"])
        keys.append(str(linked["child"]))
    return keys[0], keys[1]


def histories(house: House, *keys: str) -> list[Any]:
    """What every view and question shows of them, but that they were merged and parted."""
    found_of: list[Any] = []
    for key in keys:
        shown = house.ask("nadiia", f"/children/{key}").json()
        for name in ("version", "changed_at"):
            shown["profile"].pop(name)
        timeline = house.ask("nadiia", f"/children/{key}/timeline").json()["items"]
        found_of += [
            shown,
            [each for each in timeline if "merge" not in each["topic"]],
            house.ask("nadiia", f"/children/{key}/identity").json(),
            house.ask("nadiia", f"/children/{key}/narratives").json(),
        ]
    return found_of


class TestMerging:
    def test_likely_duplicates_are_shown_with_what_it_takes_to_decide(self, house: House) -> None:
        one, other = twins(house, "Незлобний")
        before = house.services.log.head()
        shown = house.ask("nadiia", f"/children/{one}/duplicates").json()
        assert (shown["identity"]["given_name"], len(shown["incidents"])) == ("Катерина", 1)
        (candidate,) = shown["candidates"]
        assert (candidate["profile"]["child"], candidate["profile"]["match"]) == (other, "same")
        assert candidate["profile"]["agrees_in"] == ["birth-year", "given-name", "patronymic", "surname"]
        assert candidate["profile"]["identity"]["given_name"] == "Екатерина"
        assert [each["role"] for each in candidate["incidents"]] == ["victim"]
        assert {(each[0], each[2]) for each in on_record(house, before)} == {
            ("child.duplicates", UUID(one)),
            ("child.duplicates", UUID(other)),
        }

    def test_merged_and_parted_both_histories_are_as_before(self, house: House) -> None:
        one, other = twins(house, "Добродій")
        before = histories(house, one, other)
        merge = {"other": other, "reason": "Одна дитина"}
        house.done("nadiia", f"/children/{one}/merge", merge, version=1)
        merged = house.ask("nadiia", f"/children/{one}/timeline").json()["items"]
        assert {each["child"] for each in merged} == {one, other}
        assert sum(each["topic"] == "incident.recorded" for each in merged) == 2
        shown = house.ask("nadiia", f"/children/{other}").json()["profile"]
        assert (shown["phase"], shown["survivor"]) == ("merged", one)
        refused = house.command("iryna", f"/children/{other}/narratives", {"text": "x"}).json()
        assert (refused["type"], one in refused["detail"]) == ("/problems/wrong-state", True)
        assert house.ask("nadiia", f"/children/{one}/duplicates").json()["candidates"] == []
        house.done("nadiia", f"/children/{one}/unmerge", {"other": other, "reason": "Двоюрідні"}, version=2)
        assert histories(house, one, other) == before
        reasons = house.ask("nadiia", f"/children/{one}/reasons").json()["items"]
        assert [each["text"] for each in reasons] == ["Одна дитина", "Двоюрідні"]

    def test_a_timeline_leaves_out_incidents_that_its_reader_may_not_read(self, house: House) -> None:
        one, _ = twins(house, "Стороння")
        theirs = house.record_incident("olena", officer=str(account_id("iryna")))
        house.done("iryna", f"/incidents/{theirs}/children", {"role": "witness", "child": one})
        things = {
            name: {each["thing"] for each in house.ask(name, f"/children/{one}/timeline").json()["items"]}
            for name in ("iryna", "nadiia", "oksana")
        }
        assert things["nadiia"] == things["iryna"] - {theirs}, "of another unit, and she is not in charge"
        assert theirs in things["iryna"] & things["oksana"]

    def test_another_child_of_the_incident_is_not_in_the_timeline(self, house: House) -> None:
        incident = house.record_incident("iryna")
        linked = [house.done("iryna", f"/incidents/{incident}/children", {"role": "witness"}) for _ in range(2)]
        house.done("iryna", f"/incidents/{incident}/children", {"role": "victim", "child": linked[0]["child"]})
        house.register_child(child=linked[0]["child"])
        shown = house.ask("iryna", f"/children/{linked[0]['child']}/timeline").text
        assert linked[1]["pseudonym"] not in shown
        assert shown.count("incident.recorded") == 1, "once, though the child has two roles"
        assert shown.count("incident.child-linked") == 2

    def test_a_profile_of_another_unit_is_as_one_that_does_not_exist(self, house: House) -> None:
        house.create_account("yuliia", house.units["investigators"], "juvenile-officer")
        ours, theirs, nobody = house.register_child()["id"], house.register_child("yuliia")["id"], str(uuid4())
        answers = [
            house.command("nadiia", f"/children/{ours}/merge", {"other": other, "reason": "x"})
            for other in (theirs, nobody)
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert answers[0].text.replace(theirs, nobody) == answers[1].text


class TestErasing:
    def test_two_people_erase_and_nothing_is_read_found_or_written_any_more(self, house: House) -> None:
        house.create_account("zoriana", house.units["juvenile"], "supervisor")
        one, other = twins(house, "Забудько")
        witness = house.register_child(surname="Свідок")["id"]
        about = {"text": "Бачив, як Забудько пішла.", "names": [one]}
        house.done("iryna", f"/children/{witness}/narratives", about)
        house.done("nadiia", f"/children/{one}/merge", {"other": other, "reason": "Одна дитина"})
        ask = {"order": "757/1204/26-К", "reason": "Запит представника"}
        house.done("nadiia", f"/children/{one}/erasure", ask)
        own = house.command("nadiia", f"/children/{one}/erasure/agree")
        assert (own.status_code, own.json()["type"]) == (403, "/problems/erasure-by-same-account")
        house.done("zoriana", f"/children/{one}/erasure/agree")
        house.services.childhood.erasures.tick()
        house.services.projector.wait(house.services.log.head(), 10)
        for key in (one, other):
            assert not house.services.vault.has_key(UUID(key))
            assert house.ask("iryna", f"/children/{key}/identity").json() == {"identity": None, "contacts": None}
            profile = house.ask("iryna", f"/children/{key}").json()["profile"]
            assert (profile["phase"], profile["destroyed_at"] is not None) == ("erased", True)
            assert house.command("iryna", f"/children/{key}/contacts", {}).status_code == 409
        assert found(house, "Забудько") == []
        told = house.ask("iryna", f"/children/{witness}/narratives").json()["items"]
        assert [each["text"] for each in told] == [None], "it named the child"
        assert house.ask("nadiia", f"/children/{one}/timeline").json()["items"], "that it happened stays"
        house.services.childhood.names.rebuild()
        assert found(house, "Забудько") == [], "and does not come back"

    def test_an_erasure_may_be_refused(self, house: House) -> None:
        key = house.register_child()["id"]
        ask = {"order": "12-з", "reason": "Запит"}
        house.done("iryna", f"/children/{key}/erasure", ask)
        assert house.command("iryna", f"/children/{key}/erasure/agree").status_code == 403
        house.done("nadiia", f"/children/{key}/erasure/refuse", {"reason": "Справа триває"})
        assert house.command("nadiia", f"/children/{key}/erasure/agree").status_code == 409
        assert house.ask("iryna", f"/children/{key}/identity").json()["identity"]["surname"] == "Сірко"


def test_the_index_of_names_is_made_anew_over_http(house: House, child: str) -> None:
    anew = {"name": "child-names"}
    with house.services.childhood.names._making_anew:
        refused = house.command("admin", "/projections/rebuild", anew)
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/rebuild-under-way")
    assert house.done("admin", "/projections/rebuild", anew)["events"] == house.services.log.head()
    assert found(house, "Запорожець Соломія") == [(child, "same")]
