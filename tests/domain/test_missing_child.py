"""A missing child in one step, and a child's picture as a query: under that authority, and under no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain import authorisation, footage_search, hold, incident
from domain.authorisation import CHILD_IMAGE_HOURS, CHILD_IMAGE_HOURS_MAX, ApproveAuthorisation
from domain.authorisation_events import AuthorisationRequested
from domain.authorisation_ground import decide_approve_for, decide_request_for
from domain.authorisation_state import Authorisation
from domain.errors import AlreadyExists, DomainError, Invalid
from domain.footage_search import RefuseSearch, SearchRefused, SearchRun
from domain.ids import incident_hold_id, missing_child_authorisation_id
from domain.incident import ChildLinked, IncidentRecorded
from domain.keeping_events import FootageHeld
from domain.missing_child import ReportMissingChild, decide_report
from domain.nearby import Reach
from domain.personal import SearchQuery
from domain.sealed import Sealed
from domain.search_draw import check_authority, check_search
from domain.search_refusals import ApproverIsRequester, ApproverSameUnit, AuthorisationExpired, ChildImageRefused
from tests.domain.examples import (
    APPROVE,
    AUTHORISATION,
    DRAW,
    GATE,
    INCIDENT,
    LINK_CHILD,
    NOW,
    OLENA,
    OTHER_UNIT,
    RECORD,
    REQUEST,
    RUN,
    SEARCH,
    TARAS,
    UNIT,
    YARD,
    changed,
    hours,
    reason,
)
from tests.given import folded, given

REPORT = ReportMissingChild(
    record=changed(RECORD, occurred_to=NOW),
    child=LINK_CHILD,
    cameras=(GATE, YARD),
    reach=Reach(radius_metres=1_500, before_minutes=60, after_minutes=24 * 60),
    by=OLENA,
    unit=UNIT,
    reference="ЄО 12345",
    purpose=reason("Знайти дитину"),
    quota=50,
    valid_hours=12,
    child_image_hours_max=CHILD_IMAGE_HOURS,
)
ASK = changed(REQUEST, legal_basis="missing-child", valid_hours=12, child_image=True)
BOX = (10, 10, 40, 120)
PICTURE = SearchQuery(image_sha256="ab" * 32, box=BOX)


def authority(command: authorisation.RequestAuthorisation = ASK, approve: Any = APPROVE) -> Authorisation:
    asked = authorisation.DECIDER.decide(None, command)
    approved = authorisation.DECIDER.decide(authorisation.DECIDER.fold(asked), approve)
    state: Authorisation = folded(authorisation.DECIDER, [*asked, *approved])
    return state


class TestReport:
    def test_incident_child_hold_and_request_come_together(self) -> None:
        reported = decide_report(None, None, None, REPORT)
        recorded, linked = reported.of_incident
        assert isinstance(recorded, IncidentRecorded)
        assert recorded.kind == "missing-child"
        assert linked == ChildLinked(child=LINK_CHILD.child, pseudonym=LINK_CHILD.pseudonym, role="victim")
        held = FootageHeld(
            camera=GATE, hold=incident_hold_id(INCIDENT), from_at=NOW - hours(4), to_at=NOW + timedelta(days=1)
        )
        assert reported.of_cameras[GATE] == (held,)
        assert set(reported.of_cameras) == {GATE, YARD}
        assert folded(hold.DECIDER, reported.of_hold).cameras == (GATE, YARD)
        (asked,) = reported.of_authorisation
        assert isinstance(asked, AuthorisationRequested)
        assert (asked.child_image, asked.legal_basis, asked.incident) == (True, "missing-child", INCIDENT)
        assert (asked.window_from, asked.window_to) == (held.from_at, held.to_at), "what is held is what is searched"
        assert asked.cameras == (GATE, YARD)

    def test_who_is_missing_is_a_victim_whatever_was_named(self) -> None:
        reported = decide_report(None, None, None, changed(REPORT, child=changed(LINK_CHILD, role="witness")))
        assert [event.role for event in reported.of_incident if isinstance(event, ChildLinked)] == ["victim"]

    def test_a_child_may_be_linked_later(self) -> None:
        assert len(decide_report(None, None, None, changed(REPORT, child=None)).of_incident) == 1

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"valid_hours": CHILD_IMAGE_HOURS + 1}, "valid_hours"),
            ({"reference": "слово за словом без числа, аж поки не набереться шістдесят і ще трохи"}, "reference"),
            ({"purpose": reason(" ")}, "purpose"),
            ({"quota": 0}, "quota"),
            ({"record": changed(REPORT.record, region="UA-99")}, "region"),
            ({"record": changed(REPORT.record, occurred_from=NOW - timedelta(days=30))}, "last_seen_at"),
            ({"record": changed(REPORT.record, occurred_from=NOW + hours(1))}, "last_seen_at"),
            ({"record": changed(REPORT.record, occurred_from=NOW.replace(tzinfo=None))}, "last_seen_at"),
            ({"child": changed(LINK_CHILD, pseudonym="Марійка")}, "pseudonym"),
        ],
    )
    def test_one_part_that_cannot_be_refuses_all(self, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(Invalid, match=f"^{field}: "):
            decide_report(None, None, None, changed(REPORT, **changes))

    def test_as_long_ago_as_it_may_be_it_is_searched(self) -> None:
        record = changed(REPORT.record, occurred_from=NOW - timedelta(days=29))
        assert decide_report(None, None, None, changed(REPORT, record=record)).of_authorisation

    def test_without_a_camera_around_the_incident_is_recorded_alone(self) -> None:
        reported = decide_report(None, None, None, changed(REPORT, cameras=()))
        assert reported.of_incident == decide_report(None, None, None, REPORT).of_incident
        assert (reported.of_hold, reported.of_authorisation, dict(reported.of_cameras)) == ((), (), {})

    def test_it_is_reported_once(self) -> None:
        state = folded(incident.DECIDER, decide_report(None, None, None, REPORT).of_incident)
        with pytest.raises(AlreadyExists):
            decide_report(state, None, None, REPORT)


class TestAuthority:
    def test_it_is_asked_for_with_the_incident_of_a_missing_child(self) -> None:
        missing = folded(incident.DECIDER, incident.DECIDER.decide(None, changed(RECORD, kind="missing-child")))
        (asked,) = decide_request_for(None, missing, ASK)
        assert isinstance(asked, AuthorisationRequested)
        assert asked.child_image
        other = folded(incident.DECIDER, incident.DECIDER.decide(None, RECORD))
        with pytest.raises(Invalid, match=r"^incident: is of the kind robbery"):
            decide_request_for(None, other, ASK)
        decide_request_for(None, other, changed(ASK, child_image=False))  # the basis alone opens nothing to pictures
        with pytest.raises(Invalid, match=r"^incident: is of the kind robbery; refuse"):
            decide_approve_for(authorisation.DECIDER.fold((asked,)), other, APPROVE)
        assert decide_approve_for(authorisation.DECIDER.fold((asked,)), missing, APPROVE)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"legal_basis": "danger-to-life"}, "child_image"),
            ({"legal_basis": "court-order"}, "child_image"),
            ({"incident": None, "case_number": "12026100070001234"}, "incident"),
            ({"valid_hours": CHILD_IMAGE_HOURS + 1}, "valid_hours"),
            ({"valid_hours": 4, "child_image_hours_max": 3}, "valid_hours"),
            ({"valid_hours": CHILD_IMAGE_HOURS_MAX + 1, "child_image_hours_max": 720}, "valid_hours"),
        ],
    )
    def test_what_it_is_not_given_for(self, changes: dict[str, Any], field: str) -> None:
        given(authorisation.DECIDER).when(changed(ASK, **changes)).then_refused(Invalid, field=field)

    def test_it_takes_two_people_of_two_units(self) -> None:
        asked = authorisation.DECIDER.decide(None, ASK)
        for by, unit, denial in ((OLENA, OTHER_UNIT, ApproverIsRequester), (TARAS, UNIT, ApproverSameUnit)):
            approve = ApproveAuthorisation(authorisation=AUTHORISATION, by=by, by_unit=unit, at=NOW)
            (event,) = authorisation.DECIDER.decide(authorisation.DECIDER.fold(asked), approve)
            assert isinstance(authorisation.refusal_of(event), denial)

    def test_it_is_over_within_hours(self) -> None:
        state = authority()
        child = changed(DRAW, child_image=True)
        assert check_search(state, child) is None
        assert isinstance(check_search(state, changed(child, at=APPROVE.at + hours(12))), AuthorisationExpired)

    @pytest.mark.parametrize("basis", ["court-order", "investigator-ruling", "missing-child", "danger-to-life"])
    def test_under_any_other_authority_a_child_s_picture_is_refused(self, basis: str) -> None:
        state = authority(changed(REQUEST, legal_basis=basis))
        assert check_search(state, DRAW) is None
        refusal = check_search(state, changed(DRAW, child_image=True))
        assert isinstance(refusal, ChildImageRefused)
        assert isinstance(check_authority(state, changed(DRAW, child_image=True)), ChildImageRefused)

    def test_an_authorisation_from_before_allows_none(self) -> None:
        """Events that were stored without the field were for no child's picture, whatever their basis."""
        (asked,) = authorisation.DECIDER.decide(None, changed(REQUEST, legal_basis="missing-child"))
        assert isinstance(asked, AuthorisationRequested)
        assert not asked.child_image

    def test_who_is_no_party_to_it_learns_nothing_of_it(self) -> None:
        refusal = check_search(authority(), changed(DRAW, child_image=True, searcher=TARAS, searcher_unit=OTHER_UNIT))
        assert isinstance(refusal, DomainError)
        assert refusal.code == ApproverIsRequester.code


class TestQuery:
    def run(self, **changes: Any) -> Any:
        found = {"query": Sealed(SEARCH, PICTURE), "kind": "image", "child_image": True}
        return changed(RUN, **{**found, **changes})

    def test_that_the_picture_shows_a_child_is_on_record(self) -> None:
        (event,) = footage_search.DECIDER.decide(None, self.run())
        assert isinstance(event, SearchRun)
        assert event.child_image
        refuse = RefuseSearch(
            search=SEARCH,
            searcher=OLENA,
            searcher_unit=UNIT,
            code="child-image",
            cameras=(GATE,),
            from_at=NOW - hours(1),
            to_at=NOW,
            query=Sealed(SEARCH, PICTURE),
            kind="image",
            child_image=True,
        )
        (refused,) = footage_search.DECIDER.decide(None, refuse)
        assert isinstance(refused, SearchRefused)
        assert refused.child_image

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"query": Sealed(SEARCH, changed(PICTURE, box=None))}, "box"),
            ({"query": Sealed(SEARCH, changed(PICTURE, box=(0, 0, 50, 40)))}, "box"),
            ({"query": Sealed(SEARCH, SearchQuery(text="червона куртка")), "kind": "text"}, "child_image"),
        ],
    )
    def test_the_head_can_be_filled(self, changes: dict[str, Any], field: str) -> None:
        given(footage_search.DECIDER).when(self.run(**changes)).then_refused(Invalid, field=field)


def test_the_ids_follow_from_the_incident() -> None:
    reported = decide_report(None, None, None, REPORT)
    assert {held.hold for (held,) in reported.of_cameras.values()} == {incident_hold_id(INCIDENT)}
    assert missing_child_authorisation_id(INCIDENT) not in (INCIDENT, incident_hold_id(INCIDENT))
