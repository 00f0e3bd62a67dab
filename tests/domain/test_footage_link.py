"""A stretch of footage becomes part of an incident only where the footage shows it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain import camera, footage, incident
from domain.errors import NotFound, WrongState
from domain.footage_link import decide_link
from domain.footage_of_camera import decide_archive
from domain.footage_refusals import OutsideFootage
from domain.incident import FootageLinked, IncidentVoided
from tests.domain.examples import ARCHIVE, LINK_FOOTAGE, NOW, RECORD, REGISTER, changed, hours, reason
from tests.given import folded

RECORDED = incident.DECIDER.decide(None, RECORD)[0]
STANDS = folded(incident.DECIDER, [RECORDED])
BEGINS_AT, ENDS_AT = NOW - hours(5), NOW - hours(5) + timedelta(minutes=10)


@pytest.fixture(scope="module")
def shelved() -> footage.Footage:
    """Ten minutes, right to half a second."""
    of_camera = folded(camera.DECIDER, [camera.DECIDER.decide(None, REGISTER)[0]])
    ((archived,), _) = decide_archive(None, of_camera, ARCHIVE)
    state: footage.Footage = folded(footage.DECIDER, [archived])
    return state


@pytest.mark.parametrize(
    ("from_at", "to_at"),
    [
        (BEGINS_AT, ENDS_AT),
        (BEGINS_AT + timedelta(minutes=1), BEGINS_AT + timedelta(minutes=1)),
        (BEGINS_AT - timedelta(seconds=0.5), ENDS_AT + timedelta(seconds=0.5)),
    ],
    ids=["the whole", "one instant", "what its clock may be off"],
)
def test_a_stretch_of_it_is_linked(shelved: footage.Footage, from_at: datetime, to_at: datetime) -> None:
    (linked,) = decide_link(STANDS, shelved, changed(LINK_FOOTAGE, from_at=from_at, to_at=to_at))
    assert isinstance(linked, FootageLinked)
    assert (linked.from_at, linked.to_at) == (from_at, to_at)


@pytest.mark.parametrize(
    ("from_at", "to_at", "field"),
    [
        (BEGINS_AT - timedelta(seconds=5), ENDS_AT, "from_at"),
        (BEGINS_AT, ENDS_AT + timedelta(seconds=5), "to_at"),
        (ENDS_AT + hours(1), ENDS_AT + hours(2), "from_at"),
        (BEGINS_AT - hours(2), BEGINS_AT - hours(1), "from_at"),
    ],
)
def test_what_it_does_not_show_is_refused(
    shelved: footage.Footage, from_at: datetime, to_at: datetime, field: str
) -> None:
    with pytest.raises(OutsideFootage) as refused:
        decide_link(STANDS, shelved, changed(LINK_FOOTAGE, from_at=from_at, to_at=to_at))
    assert refused.value.fields["field"] == field
    assert "lasts from 2026-11-20 09:00:00.0 EET to 2026-11-20 09:10:00.0 EET" in refused.value.detail


def test_what_the_incident_says_of_links_holds_too(shelved: footage.Footage) -> None:
    command = changed(LINK_FOOTAGE, from_at=BEGINS_AT, to_at=ENDS_AT)
    voided = folded(incident.DECIDER, [RECORDED, IncidentVoided(reason=reason())])
    with pytest.raises(WrongState):
        decide_link(voided, shelved, command)
    with pytest.raises(NotFound):
        decide_link(STANDS, None, command)
