"""What always holds of an incident and of what stands beside it, said from its whole history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from domain import incident_events as facts
from domain.authorisation_events import AuthorisationRequested
from domain.event import Recorded
from domain.footage_state import Footage
from domain.ids import camera_id, incident_hold_id, involvement_id, keeping_id, missing_child_authorisation_id
from domain.incident_state import Incident
from domain.involvement import CaseLinked, CaseUnlinked
from domain.keeping_events import HoldPlaced
from domain.vocabulary import CHILD_ROLES
from tests.domain.casework import Casework
from tests.domain.examples import NOW, hours

MISSING_CHILD = "missing-child"
CLOCKS_MAX = timedelta(seconds=5)  # more than clocks differ, and than any of FOOTAGE is off
CAMERAS = tuple(camera_id(f"KYIV-{number:03}") for number in range(4))
FOOTAGE = {
    f"{number:064x}": Footage(
        camera=camera,
        recorded_at=NOW - hours(number),
        duration_seconds=600.0,
        uncertainty_seconds=0.5,
        size_bytes=1_000,
    )
    for number, camera in enumerate(CAMERAS, start=1)
}


def holds(work: Casework, key: UUID, state: Incident, history: list[Recorded]) -> None:
    voided_at = _voided_at(history)
    assert state.voided == (voided_at is not None)
    assert state.kind == _kind_at(history, history[-1].position)
    assert {(each.child, each.role) for each in state.children} == _children(history)
    assert len(state.children) == len(_children(history))
    assert set(state.cameras) == _cameras(history)
    assert len(state.cameras) == len(set(state.cameras)), "a camera is linked twice"
    _footage_holds(state, history)
    _cases_hold(work, key, voided_at)
    for asked in _authorities(work, key):
        assert voided_at is None or asked.position < voided_at, "an authority was asked for a voided incident"
        if asked.event.child_image:
            assert _kind_at(history, asked.position) == MISSING_CHILD, "a child's picture, and no child is missing"
    if missing_child_authorisation_id(key) in work.live:
        _report_holds(work, key, history)


def _voided_at(history: list[Recorded]) -> int | None:
    recorded = history[0].event
    assert isinstance(recorded, facts.IncidentRecorded)
    assert recorded.occurred_from <= recorded.occurred_to <= history[0].meta.recorded_at + CLOCKS_MAX
    for number, row in enumerate(history[1:], start=1):
        assert not isinstance(row.event, facts.IncidentRecorded), "recorded twice"
        if isinstance(row.event, facts.IncidentVoided):
            assert number == len(history) - 1, "a voided incident took something"
            return row.position
    return None


def _kind_at(history: list[Recorded], position: int) -> str:
    kind = ""
    for row in history:
        if row.position <= position and isinstance(row.event, facts.IncidentRecorded | facts.IncidentReclassified):
            assert row.event.kind != kind, "reclassified as what it was"
            kind = row.event.kind
    return kind


def _children(history: list[Recorded]) -> set[tuple[UUID, str]]:
    """Each child in each of its roles; what is taken back was there."""
    linked = dict[tuple[UUID, str], str]()
    for row in history:
        match row.event:
            case facts.ChildLinked(child=child, role=role, pseudonym=pseudonym):
                assert (child, role) not in linked, "a child is linked twice in one role"
                assert role in CHILD_ROLES
                linked[child, role] = pseudonym
                called = {(other, name) for (other, _), name in linked.items()}
                assert len(called) == len(dict(called)) == len({name for _, name in called}), "two children are mixed"
            case facts.ChildUnlinked(child=child, role=role):
                del linked[child, role]
    return set(linked)


def _cameras(history: list[Recorded]) -> set[UUID]:
    linked = set[UUID]()
    for row in history:
        match row.event:
            case facts.CameraLinked(camera=camera):
                linked.add(camera)
            case facts.CameraUnlinked(camera=camera):
                linked.remove(camera)
    return linked


def _footage_holds(state: Incident, history: list[Recorded]) -> None:
    """Each stretch once, and such as the footage shows."""
    links = [row.event for row in history if isinstance(row.event, facts.FootageLinked)]
    assert state.footage == tuple(links)
    assert len({(each.footage_sha256, each.from_at, each.to_at) for each in links}) == len(links), "a stretch twice"
    for link in links:
        footage = FOOTAGE[link.footage_sha256]
        assert link.camera == footage.camera
        assert footage.recorded_at - CLOCKS_MAX < link.from_at <= link.to_at, "the footage does not show it"
        assert link.to_at < footage.ends_at + CLOCKS_MAX, "the footage does not show it"


def _cases_hold(work: Casework, key: UUID, voided_at: int | None) -> None:
    """Each case once; none since the incident was voided, though links are taken back."""
    linked = list[UUID]()
    for row in work.history(involvement_id(key)):
        match row.event:
            case CaseLinked(incident=of, case=case):
                assert voided_at is None or row.position < voided_at, "a case was linked to a voided incident"
                assert of == key
                assert case not in linked, "a case is linked twice"
                linked.append(case)
            case CaseUnlinked(case=case):
                linked.remove(case)
    if involvement_id(key) in work.live:
        assert work.live[involvement_id(key)].cases == tuple(linked)


def _authorities(work: Casework, key: UUID) -> list[Any]:
    firsts = (work.history(stream)[0] for stream in work.streams["authorisation"])
    return [row for row in firsts if isinstance(row.event, AuthorisationRequested) and row.event.incident == key]


def _report_holds(work: Casework, key: UUID, history: list[Recorded]) -> None:
    """A missing child: incident, hold and request in one step, and what is to be searched is held."""
    (request,) = work.history(missing_child_authorisation_id(key))
    (placed,) = work.history(incident_hold_id(key))
    assert request.meta.command_id == placed.meta.command_id == history[0].meta.command_id, "reported bit by bit"
    recorded, asked, held = history[0].event, request.event, placed.event
    assert isinstance(recorded, facts.IncidentRecorded)
    assert isinstance(asked, AuthorisationRequested)
    assert isinstance(held, HoldPlaced)
    assert recorded.kind == MISSING_CHILD
    assert asked.child_image
    assert asked.valid_hours <= 24, "the search for a missing child has no end"
    assert set(asked.cameras) == set(held.cameras)
    assert held.from_at <= asked.window_from <= recorded.occurred_to
    assert held.to_at == asked.window_to
    for camera in held.cameras:
        keeping = work.live[keeping_id(camera)]
        assert incident_hold_id(key) in {each.hold for each in keeping.holds}, "what is to be searched may go"
    for row in history[1:]:
        if row.meta.command_id == request.meta.command_id:
            assert isinstance(row.event, facts.ChildLinked)
            assert row.event.role == "victim", "who is missing is a victim"
