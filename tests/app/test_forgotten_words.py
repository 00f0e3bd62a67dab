"""What was written of a child that was erased: it opens to nobody, its keys go, and the incident, concern or case that
it stood in goes on.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from app.backup import back_up
from app.clockwork import system_meta
from domain import concern, incident, prevention_case_events
from domain.child_events import IdentityDestroyed, IdentityErased, NarrativeAdded
from domain.child_state import ERASED, REGISTERED
from domain.disclosure import Disclosed
from domain.event import Event, Recorded
from domain.ids import account_id
from domain.log import Change
from domain.personal import Narrative, Reason
from domain.sealed import Sealed
from projections.case_board import attachments
from projections.case_queries import gone_attachments
from projections.child_profiles import profiles
from tests.app.conftest import House
from tests.app.prevention_house import (
    CLOSE,
    CONTACT,
    IN_CHARGE,
    SUPERVISOR,
    Prevention,
    ahead,
)

PLACE = {"text": "під’їзд, де живе", "latitude": 50.45, "longitude": 30.52}


@pytest.fixture(scope="module")
def prevention(house: House) -> Prevention:
    made = Prevention(house)
    made.settle()
    return made


def erase(house: House, child: str) -> None:
    """On record alone: its keys stand until the next tick."""
    erased = IdentityErased(order="757/1204/26-К", requested_by=uuid4(), by=uuid4())
    append(house, UUID(child), erased)


def append(house: House, stream: UUID, *events: Event) -> None:
    log = house.services.log
    receipt = log.append([Change(stream, len(log.events(stream)), events)], system_meta("test"))
    assert house.services.projector.wait(receipt.last_position, timeout_seconds=30)


def destroy(house: House) -> None:
    house.services.childhood.erasures.tick()
    assert house.services.projector.wait(house.services.log.head(), timeout_seconds=30)


def certified(house: House, child: str) -> list[int]:
    return [each.records for each in house.services.log.events(UUID(child)) if isinstance(each, IdentityDestroyed)]


def texts(house: House, username: str, path: str) -> list[str | None]:
    answer = house.ask(username, path)
    assert answer.status_code == 200, answer.text
    return [each["text"] for each in answer.json()["items"]]


def subjects(house: House, key: str) -> list[UUID]:
    """Of all that is sealed in a thing's stream."""
    parts = (getattr(event, part, None) for event in house.services.log.events(UUID(key)) for part in
             ("narrative", "reason", "place", "name"))  # fmt: skip
    return [part.subject for part in parts if isinstance(part, Sealed)]


def keys(house: House, key: str) -> list[bool]:
    return [house.services.vault.has_key(subject) for subject in subjects(house, key)]


def test_an_incident_goes_on_without_what_named_the_child(house: House) -> None:
    child = house.register_child(surname="Забудько")
    known = {"child": child["id"], "pseudonym": child["pseudonym"]}
    key = house.record_incident(IN_CHARGE, narrative="Забудько пішла з дому", names=[child["id"]], place=PLACE)
    for role in ("victim", "witness"):
        house.done(IN_CHARGE, f"/incidents/{key}/children", {"role": role, **known})
    why = {"kind": "assault", "reason": "Забудько розповіла"}
    house.done("nadiia", f"/incidents/{key}/reclassify", why)
    assert texts(house, IN_CHARGE, f"/incidents/{key}/reasons") == ["Забудько розповіла"]
    erase(house, child["id"])
    assert keys(house, key) == [True] * 3
    assert texts(house, IN_CHARGE, f"/incidents/{key}/reasons") == [None], "though the key stands yet"
    assert house.ask(IN_CHARGE, f"/incidents/{key}/narrative").json() == {"text": None, "added": []}
    assert house.ask(IN_CHARGE, f"/incidents/{key}/place").json()["text"] is None
    destroy(house)
    assert keys(house, key) == [False] * 3
    unlink = f"/incidents/{key}/children/{child['id']}/unlink"
    house.done(IN_CHARGE, unlink, {"role": "witness", "reason": "Забудько не бачила"})
    house.done("nadiia", f"/incidents/{key}/reclassify", {"kind": "theft", "reason": "За висновком"})
    house.done("nadiia", f"/incidents/{key}/void", {"reason": "записано двічі"})
    assert texts(house, "nadiia", f"/incidents/{key}/reasons") == [None, None, "За висновком", "записано двічі"]
    destroy(house)
    assert keys(house, key) == [False] * 4 + [True] * 2, "what was written later and names it goes, too"
    assert certified(house, child["id"]) == [2, 1], "narrative and place are one record"
    destroy(house)
    assert certified(house, child["id"]) == [2, 1]


def test_what_is_written_in_a_concern_after_its_child_was_erased_goes_too(house: House, prevention: Prevention) -> None:
    child = house.register_child(surname="Забудько")
    body = {"kind": "missing-school", "narrative": "Забудько не ходить до школи", "unit": house.units["juvenile"]}
    known = {"child": child["id"], "pseudonym": child["pseudonym"]}
    key = house.done(IN_CHARGE, "/concerns", {**body, **known})["id"]
    erase(house, child["id"])
    assert house.ask(SUPERVISOR, f"/concerns/{key}/narrative").json() == {"text": None}
    destroy(house)
    said = Sealed(uuid4(), Reason("Забудько хворіла"))  # as older records may have it: nothing is taken any more
    append(house, UUID(key), concern.ConcernReviewed(finding="no-help-needed", by=account_id(SUPERVISOR), reason=said))
    said = Sealed(uuid4(), Reason("Забудько хворіла"))
    append(house, UUID(key), concern.ConcernDismissed(cause="not-confirmed", by=account_id(SUPERVISOR), reason=said))
    assert texts(house, SUPERVISOR, f"/concerns/{key}/reasons") == [None, None]
    destroy(house)
    assert keys(house, key) == [False] * 3
    assert certified(house, child["id"]) == [1, 2]


def opened_on(house: House, child: dict[str, Any]) -> str:
    body = {
        "child": child["id"],
        "ground": "administrative-offence",
        "term_ends": ahead(90),
        "reason": "Забудько знову",
    }
    key = str(house.done(IN_CHARGE, "/cases", body)["id"])
    house.done(SUPERVISOR, f"/cases/{key}/assign", {"officer": str(account_id(IN_CHARGE))})
    return key


def test_a_case_is_closed_when_its_child_was_erased(house: House, prevention: Prevention, tmp_path: Path) -> None:
    child = house.register_child(surname="Забудько")
    key = opened_on(house, child)
    house.done(IN_CHARGE, f"/cases/{key}/contacts", CONTACT)
    attachment = prevention.attach(IN_CHARGE, key).json()["attachment"]
    file = house.services.deployment.attachment(UUID(attachment))
    assert None not in texts(house, SUPERVISOR, f"/cases/{key}/narratives")
    erase(house, child["id"])
    assert keys(house, key) == [True] * 3
    assert texts(house, SUPERVISOR, f"/cases/{key}/narratives") == [None] * 3
    assert file.exists()
    answer = house.ask(SUPERVISOR, f"/cases/{key}/attachments/{attachment}")
    gone = answer.json()
    assert (answer.status_code, gone["type"]) == (410, "/problems/attachment-erased")
    of_child = house.services.log.stream(UUID(child["id"]))
    (erased,) = (each.meta.recorded_at for each in of_child if isinstance(each.event, IdentityErased))
    assert datetime.fromisoformat(gone["erased_at"]) == erased
    assert f"{erased:%Y-%m-%dT%H:%M:%SZ}" in gone["detail"]
    destroy(house)
    assert keys(house, key) == [False] * 3
    assert not file.exists()
    answer = house.ask(SUPERVISOR, f"/cases/{key}/attachments/{attachment}")
    assert answer.json() == gone, "not damaged: erased"
    refused = prevention.attach(IN_CHARGE, key)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/wrong-state")
    made = back_up(house.folder, tmp_path / "copy")
    assert f"attachment {attachment}" not in made.originals_damaged
    shutil.rmtree(tmp_path / "copy")
    house.done(SUPERVISOR, f"/cases/{key}/close", CLOSE)
    assert house.ask(SUPERVISOR, f"/cases/{key}").json()["content"]["outcome"] == "goals-met"
    assert texts(house, SUPERVISOR, f"/cases/{key}/narratives") == [None] * 4
    destroy(house)
    assert keys(house, key) == [False] * 4


def test_a_file_that_a_crash_left_of_an_erased_child_is_taken_off_at_the_start(
    house: House, prevention: Prevention
) -> None:
    child = house.register_child(surname="Забудько")
    attachment = UUID(prevention.attach(IN_CHARGE, opened_on(house, child)).json()["attachment"])
    kept, other = house.services.deployment.attachment(attachment), prevention.open()
    stays = house.services.deployment.attachment(UUID(prevention.attach(IN_CHARGE, other).json()["attachment"]))
    erase(house, child["id"])
    house.services.attachments.sweep()
    assert (kept.exists(), stays.exists()) == (False, True)


def test_forgetting_a_child_looks_after_the_files_of_its_own_cases_alone(house: House, prevention: Prevention) -> None:
    child, other = house.register_child(surname="Забудько"), prevention.open()
    removed = prevention.attach(IN_CHARGE, other).json()["attachment"]
    house.done(IN_CHARGE, f"/cases/{other}/attachments/{removed}/remove", {"reason": "Не той файл"})
    case = opened_on(house, child)
    mine = prevention.attach(IN_CHARGE, case).json()["attachment"]
    erase(house, child["id"])
    with house.services.views.reading() as views:
        assert gone_attachments(views, UUID(child["id"])) == ((UUID(mine), UUID(case), UUID(child["id"])),)
        assert {UUID(mine), UUID(removed)} <= {each.attachment for each in gone_attachments(views)}
    destroy(house)
    assert not house.services.deployment.attachment(UUID(mine)).exists()


def test_views_that_say_more_than_the_record_destroy_nothing(house: House, prevention: Prevention) -> None:
    """As they do beside an older record that was put back."""
    child, case = house.register_child(surname="Забудько"), prevention.open()
    mine = prevention.attach(IN_CHARGE, opened_on(house, child)).json()["attachment"]
    other = prevention.attach(IN_CHARGE, case).json()["attachment"]
    profile, attached = profiles.c.child == UUID(child["id"]), attachments.c.attachment == UUID(other)

    def say(phase: str, removed_at: datetime | None) -> None:
        with house.services.views.writing() as views:
            views.execute(update(profiles).where(profile).values(phase=phase))
            views.execute(update(attachments).where(attached).values(removed_at=removed_at))

    house.caught_up()
    say(ERASED, datetime.now(UTC))
    house.services.childhood.erasures.tick()
    house.services.attachments.sweep()
    say(REGISTERED, None)
    assert house.services.vault.has_key(UUID(child["id"]))
    assert certified(house, child["id"]) == []
    for each in (mine, other):
        assert house.services.deployment.attachment(UUID(each)).exists()


def test_why_something_was_done_with_a_child_opens_to_nobody_once_it_was_erased(house: House) -> None:
    child = house.register_child(surname="Забудько")["id"]
    body = {"surname": "Забудько", "given_name": "Соломія", "reason": "За свідоцтвом"}
    house.done(IN_CHARGE, f"/children/{child}/identity", body)
    before = house.services.log.head()
    assert texts(house, "nadiia", f"/children/{child}/reasons") == ["За свідоцтвом"]
    (row,) = house.services.log.read(after=before)
    assert isinstance(row, Recorded)
    assert isinstance(row.event, Disclosed)
    assert (row.event.thing, row.event.subject) == (UUID(child), UUID(child))
    erase(house, child)
    assert house.services.vault.has_key(UUID(child))
    before = house.services.log.head()
    assert texts(house, "nadiia", f"/children/{child}/reasons") == [None]
    assert house.recorded_since(before) == [], "nothing was disclosed"


def test_a_narrative_that_names_an_erased_child_goes_however_late_it_is_written(house: House) -> None:
    child, witness = (house.register_child(surname=name)["id"] for name in ("Забудько", "Свідок"))
    erase(house, child)
    destroy(house)
    told = Sealed(uuid4(), Narrative("Бачив, як Забудько пішла."))  # as older records may have it
    append(house, UUID(witness), NarrativeAdded(narrative=told, names=(UUID(child),)))
    assert texts(house, IN_CHARGE, f"/children/{witness}/narratives") == [None]
    destroy(house)
    assert keys(house, witness)[-1] is False
    assert certified(house, child) == [0, 1]


class TestWhatWasSealedUnderItsThing:
    """As events of before have it: they are read as ever, and take nothing with them that is written now."""

    def test_an_incident(self, house: House) -> None:
        child, key = house.register_child(surname="Забудько")["id"], uuid4()
        at = datetime.now(UTC) - timedelta(hours=1)
        recorded = incident.IncidentRecorded(
            kind="theft",
            occurred_from=at,
            occurred_to=at,
            region="UA-30",
            community="Подільська",
            unit=UUID(house.units["juvenile"]),
            officer=account_id(IN_CHARGE),
            narrative=Sealed(key, Narrative("Забудько пішла")),
            names=(UUID(child),),
        )
        changed = incident.IncidentReclassified(kind="assault", reason=Sealed(key, Reason("за висновком")))
        append(house, key, recorded, changed)
        assert house.ask(IN_CHARGE, f"/incidents/{key}/narrative").json() == {"text": "Забудько пішла", "added": []}
        assert texts(house, IN_CHARGE, f"/incidents/{key}/reasons") == ["за висновком"]
        erase(house, child)
        assert house.ask(IN_CHARGE, f"/incidents/{key}/narrative").json() == {"text": None, "added": []}
        destroy(house)
        assert keys(house, str(key)) == [False, False]
        house.done("nadiia", f"/incidents/{key}/void", {"reason": "записано двічі"})
        assert texts(house, "nadiia", f"/incidents/{key}/reasons") == [None, "записано двічі"]

    def test_a_case(self, house: House, prevention: Prevention) -> None:
        child, key = house.register_child(surname="Забудько"), uuid4()
        opened = prevention_case_events.CaseOpened(
            child=UUID(child["id"]),
            pseudonym=child["pseudonym"],
            ground="bullying",
            unit=UUID(house.units["juvenile"]),
            term_ends=datetime.now(UTC) + timedelta(days=30),
            reason=Sealed(key, Reason("Забудько знову")),
        )
        append(house, key, opened)
        assert texts(house, SUPERVISOR, f"/cases/{key}/narratives") == ["Забудько знову"]
        erase(house, child["id"])
        destroy(house)
        house.done(SUPERVISOR, f"/cases/{key}/close", CLOSE)
        assert texts(house, SUPERVISOR, f"/cases/{key}/narratives") == [None, None]
