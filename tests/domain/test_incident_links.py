"""What an incident is linked to: children by role, cameras, prevention cases; and links that are taken back."""

from __future__ import annotations

from typing import Any

import pytest

from domain import involvement
from domain.errors import Invalid, NotFound, WrongState
from domain.incident import (
    CAMERA_LINKS_MAX,
    DECIDER,
    CameraLinked,
    CameraUnlinked,
    ChildLinked,
    ChildUnlinked,
    IncidentVoided,
    LinkCamera,
    UnlinkCamera,
    UnlinkChild,
)
from domain.involvement import CASES_MAX, CaseLinked, CaseUnlinked, LinkCase, UnlinkCase, decide_link_to
from tests.domain.examples import CHILD, GATE, INCIDENT, LINK_CHILD, OTHER_CHILD, RECORD, YARD, changed, reason, uuid
from tests.given import folded, given

RECORDED = DECIDER.decide(None, RECORD)[0]
VOIDED = IncidentVoided(reason=reason())
OFFENDER = ChildLinked(child=CHILD, pseudonym="CH-4F2A", role="offender")
VICTIM = ChildLinked(child=CHILD, pseudonym="CH-4F2A", role="victim")
UNLINK_CHILD = UnlinkChild(incident=INCIDENT, child=CHILD, role="offender", reason=reason("Переплутано"))
LINK_CAMERA = LinkCamera(incident=INCIDENT, camera=GATE)
UNLINK_CAMERA = UnlinkCamera(incident=INCIDENT, camera=GATE)
CASE = uuid(71)


def test_a_wrong_role_is_taken_back_and_the_others_stay() -> None:
    history = (RECORDED, OFFENDER, VICTIM)
    unlinked = ChildUnlinked(child=CHILD, role="offender", reason=reason("Переплутано"))
    given(DECIDER, *history).when(UNLINK_CHILD).then(unlinked)
    assert folded(DECIDER, [*history, unlinked]).children == (VICTIM,)


def test_what_was_taken_back_may_be_linked_again() -> None:
    unlinked = ChildUnlinked(child=CHILD, role="victim", reason=reason())
    given(DECIDER, RECORDED, VICTIM, unlinked).when(LINK_CHILD).then(VICTIM)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"child": OTHER_CHILD}, "child"),
        ({"role": "witness"}, "child"),
        ({"role": "suspect"}, "role"),
        ({"reason": reason(" ")}, "reason"),
    ],
)
def test_what_is_not_taken_back(changes: dict[str, Any], field: str) -> None:
    given(DECIDER, RECORDED, OFFENDER).when(changed(UNLINK_CHILD, **changes)).then_refused(Invalid, field=field)


def test_a_camera_is_linked_once_and_taken_back_once() -> None:
    given(DECIDER, RECORDED).when(LINK_CAMERA).then(CameraLinked(camera=GATE))
    linked = (RECORDED, CameraLinked(camera=GATE), CameraLinked(camera=YARD))
    given(DECIDER, *linked).when(LINK_CAMERA).then_nothing()
    given(DECIDER, *linked).when(UNLINK_CAMERA).then(CameraUnlinked(camera=GATE))
    assert folded(DECIDER, [*linked, CameraUnlinked(camera=GATE)]).cameras == (YARD,)
    given(DECIDER, RECORDED).when(UNLINK_CAMERA).then_nothing()


def test_cameras_are_bounded() -> None:
    many = [CameraLinked(camera=uuid(2000 + number)) for number in range(CAMERA_LINKS_MAX)]
    given(DECIDER, RECORDED, *many[:-1]).when(LINK_CAMERA).then(CameraLinked(camera=GATE))
    given(DECIDER, RECORDED, *many).when(LINK_CAMERA).then_refused(Invalid, field="camera", says="200")


COMMANDS = [UNLINK_CHILD, LINK_CAMERA, UNLINK_CAMERA]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_a_voided_incident_takes_nothing_and_an_unknown_one_is_not_found(command: Any) -> None:
    given(DECIDER, RECORDED, OFFENDER, VOIDED).when(command).then_refused(WrongState, says="voided")
    given(DECIDER).when(command).then_refused(NotFound, says=str(INCIDENT))


LINK_CASE = LinkCase(incident=INCIDENT, case=CASE)
UNLINK_CASE = UnlinkCase(incident=INCIDENT, case=CASE)
CASE_LINKED = CaseLinked(incident=INCIDENT, case=CASE)


def test_a_case_is_linked_once_and_taken_back_once() -> None:
    given(involvement.DECIDER).when(LINK_CASE).then(CASE_LINKED)
    given(involvement.DECIDER, CASE_LINKED).when(LINK_CASE).then_nothing()
    unlinked = CaseUnlinked(incident=INCIDENT, case=CASE)
    given(involvement.DECIDER, CASE_LINKED).when(UNLINK_CASE).then(unlinked)
    given(involvement.DECIDER, CASE_LINKED, unlinked).when(UNLINK_CASE).then_nothing()
    given(involvement.DECIDER, CASE_LINKED, unlinked).when(LINK_CASE).then(CASE_LINKED)
    given(involvement.DECIDER).when(UNLINK_CASE).then_nothing()


def test_cases_are_bounded() -> None:
    many = [CaseLinked(incident=INCIDENT, case=uuid(3000 + number)) for number in range(CASES_MAX)]
    given(involvement.DECIDER, *many).when(LINK_CASE).then_refused(Invalid, field="case", says="100")


def test_a_case_is_linked_to_an_incident_that_stands() -> None:
    standing = folded(DECIDER, [RECORDED])
    assert decide_link_to(None, standing, LINK_CASE) == (CASE_LINKED,)
    with pytest.raises(WrongState, match="voided"):
        decide_link_to(None, folded(DECIDER, [RECORDED, VOIDED]), LINK_CASE)
    with pytest.raises(NotFound):
        decide_link_to(None, None, LINK_CASE)


def test_the_incident_itself_says_nothing_of_cases() -> None:
    """Whoever reads its history must not see, by a version that is missing, that there is a case."""
    assert not any("case" in cls.TOPIC for cls in DECIDER.evolves)
