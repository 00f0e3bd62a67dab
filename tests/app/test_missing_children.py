"""Footage is held with the incident; a missing child's report is one step, and its picture a query for that alone."""

from __future__ import annotations

import base64
import dataclasses
import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import numpy as np
import pytest
from PIL import Image

from app.call import now
from app.clockwork import system_meta
from app.process_positions import Positions
from app.processes import Processes, reaction_id
from app.reactions import Voiding
from domain.authorisation_events import AuthorisationRevoked, AuthorisationWithdrawn
from domain.footage_search import SearchRefused, SearchRun
from domain.ids import SYSTEM_ACTOR, camera_id, footage_id
from domain.keeping_events import FootagePurged, HoldReleased
from domain.log import Change
from domain.processes.voiding import WHY
from tests.app.conftest import FILMED_AT, House, film
from tests.waiting import wait_until

PLACE = {"latitude": 50.4600, "longitude": 30.5100}
NEAR = {"latitude": 50.4605, "longitude": 30.5100}  # 56 m
OUTER = {"latitude": 50.4680, "longitude": 30.5100}  # 890 m
FAR = {"latitude": 50.6000, "longitude": 30.5100}


@pytest.fixture(scope="module", autouse=True)
def cameras(house: House) -> None:
    for name, place in (("KYIV-701", NEAR), ("KYIV-702", OUTER), ("KYIV-703", FAR)):
        house.register_camera(name, **place)


def upload(house: House, folder: Path, camera: str, mark: bytes) -> str:
    """A film of its own. Returns its digest."""
    content = film(folder / f"{mark.hex()}.mp4", seconds=3) + camera.encode() + mark
    answer = house.upload("olena", content, camera, FILMED_AT + timedelta(minutes=mark[0]))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def purge(house: House, sha256: str) -> None:
    """As the keeper does when its retention is over."""
    stream = footage_id(sha256)
    version = len(house.services.log.events(stream))
    gone = FootagePurged(kept_until=now(), retention_days=1)
    house.services.log.append([Change(stream, version, (gone,))], system_meta("test"))
    house.services.desk.caught_up()


def report(**more: Any) -> dict[str, Any]:
    body = {
        "last_seen_at": (now() - timedelta(hours=2)).isoformat(),
        "region": "UA-30",
        "community": "Подільська",
        "place": PLACE,
        "narrative": "Не повернулася зі школи; червона куртка.",
        "reference": "ЄО 12345",
        "purpose": "Знайти, куди пішла дитина",
    }
    return {**body, **more}


class TestHolds:
    def test_what_was_near_is_held_before_its_retention_lapses_and_the_rest_goes(
        self, house: House, tmp_path: Path
    ) -> None:
        near, far = upload(house, tmp_path, "KYIV-701", b"\x05"), upload(house, tmp_path, "KYIV-703", b"\x05")
        body = {"occurred_from": (FILMED_AT + timedelta(minutes=4)).isoformat(), "occurred_to": "", "place": PLACE}
        body["occurred_to"] = (FILMED_AT + timedelta(minutes=6)).isoformat()
        incident = house.record_incident(**body)
        keeper = house.services.keeper
        settings = msgspec.structs.replace(keeper.deployment.settings, retention_days=1)
        strict = dataclasses.replace(keeper, deployment=msgspec.structs.replace(keeper.deployment, settings=settings))
        strict.tick()
        house.services.desk.caught_up()
        states = {sha256: house.ask("admin", f"/footage/{sha256}").json()["state"] for sha256 in (near, far)}
        assert states == {near: "archived", far: "destroyed"}
        assert house.ask("olena", f"/incidents/{incident}/losses").json()["items"] == []

    def test_the_answer_says_what_is_held_and_a_retry_the_same(self, house: House) -> None:
        body = {
            "kind": "robbery",
            "occurred_from": FILMED_AT.isoformat(),
            "occurred_to": FILMED_AT.isoformat(),
            "region": "UA-30",
            "community": "Подільська",
            "narrative": "Біля воріт забрали рюкзак.",
        }
        with_place = house.done("olena", "/incidents", {**body, "place": PLACE}, key="held-once")
        assert house.done("olena", "/incidents", {**body, "place": PLACE}, key="held-once") == with_place
        assert with_place["cameras_held"] == 1
        hold = house.ask("olena", f"/holds/{with_place['hold']}").json()["hold"]
        assert hold["cameras"] == [str(camera_id("KYIV-701"))]
        assert hold["incident"] == with_place["id"]
        assert hold["from_at"] == (FILMED_AT - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
        without = house.done("olena", "/incidents", body)
        assert (without["hold"], without["cameras_held"]) == (None, 0)
        words = house.done("olena", "/incidents", {**body, "place": {"text": "Двір"}})
        assert words["hold"] is None

    def test_what_was_gone_before_is_listed_as_lost_and_what_goes_later_is_not(
        self, house: House, tmp_path: Path
    ) -> None:
        lost, kept = upload(house, tmp_path, "KYIV-701", b"\x15"), upload(house, tmp_path, "KYIV-701", b"\x16")
        purge(house, lost)
        span = {f"occurred_{side}": (FILMED_AT + timedelta(minutes=21)).isoformat() for side in ("from", "to")}
        incident = house.record_incident(**span, place=PLACE)
        purge(house, kept)  # somebody released the hold, and its time was over
        (loss,) = house.ask("olena", f"/incidents/{incident}/losses").json()["items"]
        assert (loss["sha256"], loss["gone_by"], loss["camera_name"]) == (lost, "retention", "KYIV-701")
        assert loss["incident"] == incident
        assert lost in [each["sha256"] for each in house.ask("olena", "/losses").json()["items"]]
        assert house.ask("iryna", "/losses").json()["items"] == [], "another unit's incident"
        assert [each["sha256"] for each in house.ask("oksana", "/losses").json()["items"]].count(lost) >= 1
        hidden = house.ask("iryna", f"/incidents/{incident}/losses")
        unreal = house.ask("iryna", f"/incidents/{uuid4()}/losses")
        assert hidden.status_code == unreal.status_code == 404
        assert house.ask("andrii", "/losses").status_code == 403

    def test_where_exactly_is_opened_by_those_who_work_on_it_and_on_record(self, house: House) -> None:
        incident = house.record_incident(place={**PLACE, "text": "Двір, під’їзд 2"})
        assert house.ask("olena", f"/incidents/{incident}").json()["incident"]["has_place"] is True
        assert house.ask("olena", f"/incidents/{incident}/place").json() == {**PLACE, "text": "Двір, під’їзд 2"}
        read = [
            each for each in house.ask("oksana", "/record/disclosures").json()["items"] if each["thing"] == incident
        ]
        assert read, "that it was opened is on record"
        assert house.ask("oksana", f"/incidents/{incident}/place").status_code == 403
        assert house.ask("iryna", f"/incidents/{incident}/place").status_code == 404
        assert "під’їзд" not in house.ask("oksana", f"/incidents/{incident}/timeline").text
        nowhere = house.record_incident()
        assert house.ask("olena", f"/incidents/{nowhere}/place").json() == dict.fromkeys(("text", *PLACE))

    def test_a_camera_is_linked_and_taken_back(self, house: House) -> None:
        incident = house.record_incident()
        house.done("olena", f"/incidents/{incident}/cameras", {"camera": "KYIV-701"})
        shown = house.ask("olena", f"/incidents/{incident}").json()["cameras"]
        assert [each["camera_name"] for each in shown] == ["KYIV-701"]
        house.done("olena", f"/incidents/{incident}/cameras/KYIV-701/unlink")
        assert house.ask("olena", f"/incidents/{incident}").json()["cameras"] == []
        assert house.command("olena", f"/incidents/{incident}/cameras", {"camera": "KYIV-999"}).status_code == 404


class TestMissing:
    def test_one_command_records_holds_and_requests(self, house: House) -> None:
        done = house.done("iryna", "/missing-children", report(), key="missing-once")
        assert house.done("iryna", "/missing-children", report(), key="other")["id"] != done["id"]
        assert done["cameras_held"] == 2
        assert done["pseudonym"].startswith("CH-")
        shown = house.ask("iryna", f"/incidents/{done['id']}").json()
        assert shown["incident"]["kind"] == "missing-child"
        assert [(each["child"], each["role"]) for each in shown["children"]] == [(done["child"], "victim")]
        asked = house.ask("iryna", f"/authorisations/{done['authorisation']}").json()
        assert (asked["state"], asked["child_image"], asked["incident"]) == ("requested", True, done["id"])
        assert sorted(asked["camera_names"]) == ["KYIV-701", "KYIV-702"]
        assert asked["valid_hours"] == house.services.deployment.settings.child_image_hours_max
        hold = house.ask("iryna", f"/holds/{done['hold']}").json()["hold"]
        assert sorted(hold["cameras"]) == sorted(asked["cameras"])
        assert (hold["from_at"], hold["to_at"]) == (asked["window_from"], asked["window_to"])
        house.done("taras", f"/authorisations/{done['authorisation']}/approve")

    @pytest.mark.parametrize("seen", ["2026-11-20T12:40:00", "0001-01-01T00:00:00Z"])
    def test_a_time_that_nobody_can_mean_is_named(self, house: House, seen: str) -> None:
        answer = house.command("iryna", "/missing-children", report(last_seen_at=seen))
        assert answer.status_code in (400, 422), answer.text

    def test_all_of_it_or_nothing(self, house: House) -> None:
        for more, field in (
            ({"valid_hours": 25}, "valid_hours"),
            ({"last_seen_at": (now() + timedelta(hours=1)).isoformat()}, "last_seen_at"),
            ({"last_seen_at": (now() - timedelta(days=300)).isoformat()}, "last_seen_at"),
            ({"purpose": " "}, "purpose"),
            ({"radius_metres": 0}, "place: radius_metres"),
        ):
            before = house.services.log.head()
            refused = house.command("olena", "/missing-children", report(**more))
            assert (refused.status_code, refused.json()["field"]) == (422, field), refused.text
            assert house.recorded_since(before) == []

    @pytest.mark.parametrize("place", [None, {"latitude": 48.0, "longitude": 30.0}])
    def test_where_no_camera_is_around_the_report_is_not_lost(
        self, house: House, place: dict[str, float] | None
    ) -> None:
        sent = report(place=place)
        done = house.done("iryna", "/missing-children", sent, key=f"alone {place}")
        assert (done["hold"], done["cameras_held"], done["authorisation"]) == (None, 0, None)
        assert house.done("iryna", "/missing-children", sent, key=f"alone {place}") == done
        shown = house.ask("iryna", f"/incidents/{done['id']}").json()
        assert shown["incident"]["kind"] == "missing-child"
        assert [each["child"] for each in shown["children"]] == [done["child"]]

    def test_an_investigator_reports_and_leaves_the_child_to_a_juvenile_officer(self, house: House) -> None:
        done = house.done("olena", "/missing-children", report(place=None, cameras=["KYIV-703"]))
        assert (done["child"], done["pseudonym"], done["cameras_held"]) == (None, None, 1)
        assert house.command("olena", "/missing-children", report(pseudonym="CH-4F2A")).status_code == 403

    @pytest.mark.parametrize(("who", "status"), [("halyna", 403), ("oksana", 403), ("admin", 403), ("andrii", 403)])
    def test_who_does_not(self, house: House, who: str, status: int) -> None:
        before = house.services.log.head()
        assert house.command(who, "/missing-children", report()).status_code == status
        assert house.recorded_since(before) == []

    def test_a_child_that_was_linked_by_mistake_is_taken_back(self, house: House) -> None:
        done = house.done("iryna", "/missing-children", report())
        path = f"/incidents/{done['id']}/children/{done['child']}/unlink"
        assert house.command("olena", path, {"role": "victim", "reason": "x"}).status_code == 404
        house.done("iryna", path, {"role": "victim", "reason": "Переплутано"})
        assert house.ask("iryna", f"/incidents/{done['id']}").json()["children"] == []
        listed = house.ask("iryna", "/children", pseudonym=done["pseudonym"]).json()["items"]
        assert listed == []


class TestVoiding:
    def test_what_was_requested_and_held_ends_with_the_incident_once(self, house: House, tmp_path: Path) -> None:
        done = house.done("iryna", "/missing-children", report())
        house.done("taras", f"/authorisations/{done['authorisation']}/approve")
        ask = {
            "authorisation": done["authorisation"],
            "image": picture(),
            "child_image": True,
            "box": BOX,
        }
        assert house.command("iryna", "/searches", ask).status_code == 201
        house.done("nadiia", f"/incidents/{done['id']}/void", {"reason": "Дитина вдома"})
        authority, held = UUID(done["authorisation"]), UUID(done["hold"])
        wait_until(lambda: isinstance(house.services.log.events(authority)[-1], AuthorisationRevoked))
        refused = house.command("iryna", "/searches", ask)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/authorisation-revoked")
        *_, incident = house.services.log.stream(UUID(done["id"]))
        for stream, kind in ((authority, AuthorisationRevoked), (held, HoldReleased)):
            *_, last = house.services.log.stream(stream)
            assert isinstance(last.event, kind)
            assert (last.meta.actor, last.meta.causation) == (SYSTEM_ACTOR, f"{incident.stream}:{incident.version}")
            assert last.meta.purpose == incident.meta.purpose
        (reason,) = house.ask("taras", f"/authorisations/{authority}/reasons").json()["items"]
        assert reason["text"] == WHY
        forgotten = Positions(tmp_path / "processes.db")  # as after a crash, or of a restored backup
        again = Processes(house.services.log, house.services.projector, forgotten, (_voiding(house),))
        before = house.services.log.head()
        while again.step():
            pass
        assert house.recorded_since(before) == []
        forgotten.close()

    def test_what_was_voided_before_this_first_ran_is_left_as_it_was(self, house: House, tmp_path: Path) -> None:
        log, later = house.services.log, _voiding(house, "later")
        before, after = (house.done("iryna", "/missing-children", report()) for _ in range(2))
        house.done("nadiia", f"/incidents/{before['id']}/void", {"reason": "Дитина вдома"})
        positions = Positions(tmp_path / "processes.db")
        first = Processes(log, house.services.projector, positions, (later,))
        first.begin()
        house.done("nadiia", f"/incidents/{after['id']}/void", {"reason": "Дитина вдома"})
        while first.step():
            pass
        voided = [list(log.stream(UUID(done["id"])))[-1] for done in (before, after)]
        assert [log.receipt(reaction_id("later", each)) is not None for each in voided] == [False, True]
        positions.close()

    def test_what_nobody_approved_is_withdrawn_and_other_holds_stand(self, house: House) -> None:
        done, other = (house.done("iryna", "/missing-children", report()) for _ in range(2))
        house.done("nadiia", f"/incidents/{done['id']}/void", {"reason": "Двічі записано"})
        authority = UUID(done["authorisation"])
        wait_until(lambda: isinstance(house.services.log.events(authority)[-1], AuthorisationWithdrawn))
        house.caught_up()
        assert house.ask("iryna", f"/holds/{done['hold']}").json()["hold"]["released_at"] is not None
        assert house.ask("iryna", f"/holds/{other['hold']}").json()["hold"]["released_at"] is None
        assert house.ask("iryna", f"/authorisations/{other['authorisation']}").json()["state"] == "requested"


def test_erasing_the_child_takes_what_was_written_to_find_it(house: House) -> None:
    done, child = house.done("iryna", "/missing-children", report()), house.register_child("iryna")["id"]
    house.done("iryna", f"/incidents/{done['id']}/children", {"child": child, "role": "victim"})
    authority = done["authorisation"]
    house.done("taras", f"/authorisations/{authority}/approve")
    asked = house.done("iryna", "/searches", {"authorisation": authority, "text": "red"})
    anew = {"legal_basis": "missing-child", "reference": "ЄО 12346", "incident": done["id"], "cameras": ["KYIV-701"]}
    anew |= {
        "window_from": (now() - timedelta(hours=3)).isoformat(),
        "window_to": now().isoformat(),
        "quota": 5,
        "valid_hours": 24,
    }
    other = house.done("iryna", "/authorisations", {**anew, "purpose": "Знайти, куди пішла дитина"})["id"]
    assert house.ask("taras", f"/authorisations/{authority}/purpose").json()["text"] is not None
    house.done("iryna", f"/children/{child}/erasure", {"order": "12-з", "reason": "Рішення суду"})
    house.done("nadiia", f"/children/{child}/erasure/agree")
    for each in (authority, other):
        assert house.ask("taras", f"/authorisations/{each}/purpose").json()["text"] is None
    house.services.childhood.erasures.tick()
    assert house.ask("iryna", f"/searches/{asked['id']}").json()["text"] is None, "nor the searcher's own words"
    house.done("taras", f"/authorisations/{authority}/revoke", {"reason": "Дитину знайдено"})
    (reason,) = house.ask("taras", f"/authorisations/{authority}/reasons").json()["items"]
    assert reason["text"] == "Дитину знайдено"


def _voiding(house: House, name: str = "voiding") -> Voiding:
    return Voiding(house.services.desk, house.services.views, danger_minutes=15, name=name)


BOX = [20, 10, 60, 140]  # of the picture


def picture() -> str:
    noise = np.random.default_rng(5).integers(0, 255, (160, 120, 3), dtype=np.uint8)
    written = io.BytesIO()
    Image.fromarray(noise).save(written, "PNG")
    return base64.b64encode(written.getvalue()).decode()


class TestPicture:
    def test_it_is_a_query_under_a_missing_child_s_authority_and_on_record(self, house: House) -> None:
        done = house.done("iryna", "/missing-children", report())
        ask = {
            "authorisation": done["authorisation"],
            "image": picture(),
            "child_image": True,
            "box": BOX,
        }
        early = house.command("iryna", "/searches", ask)
        assert early.json()["type"] == "/problems/authorisation-not-approved"
        house.done("taras", f"/authorisations/{done['authorisation']}/approve")
        for box in (None, [0, 0, 100, 50]):
            refused = house.command("iryna", "/searches", {**ask, "box": box})
            assert (refused.status_code, refused.json()["field"]) == (422, "box")
        search = house.done("iryna", "/searches", ask)["id"]
        (event,) = house.services.log.events(UUID(search), until_version=1)
        assert isinstance(event, SearchRun)
        assert event.child_image
        line = next(each for each in house.ask("oksana", "/searches").json()["items"] if each["search"] == search)
        assert line["child_image"] is True

    @pytest.mark.parametrize("basis", ["investigator-ruling", "missing-child"])
    def test_every_other_authority_refuses_it_and_that_is_on_record(self, house: House, basis: str) -> None:
        key = house.authorise(["KYIV-701"], legal_basis=basis)
        ask = {"authorisation": key, "image": picture(), "box": BOX}
        refused = house.command("olena", "/searches", {**ask, "child_image": True})
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/child-image")
        (line,) = house.ask("oksana", "/searches", authorisation=key, refused=True).json()["items"]
        assert (line["refused_code"], line["child_image"]) == ("child-image", True)
        (event,) = house.services.log.events(UUID(line["search"]))
        assert isinstance(event, SearchRefused)

    def test_the_kind_is_not_had_without_the_missing_child(self, house: House) -> None:
        body = {
            "legal_basis": "missing-child",
            "reference": "760/1/26",
            "incident": house.record_incident(),
            "cameras": ["KYIV-701"],
            "window_from": FILMED_AT.isoformat(),
            "window_to": (FILMED_AT + timedelta(hours=1)).isoformat(),
            "quota": 5,
            "purpose": "Знайти",
            "valid_hours": 4,
            "child_image": True,
        }
        refused = house.command("olena", "/authorisations", body)
        assert (refused.status_code, refused.json()["field"]) == (422, "incident")
        body["incident"] = house.record_incident(kind="missing-child")
        assert house.command("olena", "/authorisations", {**body, "valid_hours": 48}).json()["field"] == "valid_hours"
        key = house.done("olena", "/authorisations", body)["id"]
        own = house.command("halyna", f"/authorisations/{key}/approve")
        assert (own.status_code, own.json()["type"]) == (403, "/problems/approver-same-unit")
        house.done("halyna", f"/incidents/{body['incident']}/reclassify", {"kind": "robbery", "reason": "Помилка"})
        late = house.command("taras", f"/authorisations/{key}/approve")
        assert (late.status_code, late.json()["field"]) == (422, "incident"), "no child is missing any more"
        assert house.ask("olena", f"/authorisations/{key}").json()["state"] == "requested"
