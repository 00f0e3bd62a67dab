"""Given an event, and the facts it is answered with, then commands."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.account import AccountSuspended
from domain.authorisation import RevokeAuthorisation, WithdrawAuthorisation
from domain.authorisation_state import APPROVED, PHASES, REQUESTED, Authorisation
from domain.event import Event, Meta, Recorded
from domain.hold import Hold
from domain.ids import SYSTEM_ACTOR, incident_hold_id, missing_child_authorisation_id
from domain.officer import DECIDER as OFFICER
from domain.officer import CertificationLapsed, LapseCertification
from domain.prevention_case_commands import ReassignCase
from domain.processes import leaving_service, reassigning, voiding
from domain.reports.state import CONVERTED, Report
from domain.role_grant import RoleWithdrawn
from tests.domain.examples import IRYNA, NOW, OLENA, PETRO, TARAS, UNIT, reason, uuid

LAPSED = CertificationLapsed(account=IRYNA, unit=UNIT, cause="time-over", at=NOW)
ONE, TWO, THREE = uuid(61), uuid(62), uuid(63)
FIRST, SECOND = sorted((OLENA, TARAS))


def moved(*to: UUID | None, certified_again: bool = False, colleagues: dict[UUID, int]) -> None:
    """Expects that the cases one, two, three ... go to these."""
    cases = (ONE, TWO, THREE)[: len(to)]
    got = reassigning.react(LAPSED, certified_again=certified_again, cases=reversed(cases), colleagues=colleagues)
    assert got == tuple(
        ReassignCase(
            case=case,
            from_officer=IRYNA,
            to=account,
            assignee_unit=None if account is None else UNIT,
            assignee_certified=account is not None,
        )
        for case, account in zip(cases, to, strict=True)
    )


class TestReassigning:
    def test_to_the_colleague_with_the_fewest(self) -> None:
        moved(TARAS, colleagues={OLENA: 3, TARAS: 1})
        moved(OLENA, colleagues={OLENA: 0, TARAS: 1})

    def test_each_case_counts_for_who_gets_it(self) -> None:
        moved(SECOND, FIRST, SECOND, colleagues={FIRST: 1, SECOND: 0})
        moved(FIRST, SECOND, FIRST, colleagues={FIRST: 0, SECOND: 0})

    def test_never_back_to_whose_certification_lapsed(self) -> None:
        moved(OLENA, OLENA, colleagues={IRYNA: 0, OLENA: 9})

    def test_where_nobody_is_certified_to_nobody(self) -> None:
        moved(None, None, colleagues={})
        moved(None, colleagues={IRYNA: 0})

    def test_without_open_cases_there_is_nothing_to_do(self) -> None:
        moved(colleagues={OLENA: 0})

    def test_who_was_certified_again_meanwhile_keeps_them(self) -> None:
        got = reassigning.react(LAPSED, certified_again=True, cases=[ONE], colleagues={OLENA: 0})
        assert got == ()


def recorded(stream: UUID, event: Event) -> Recorded:
    meta = Meta(
        actor=PETRO, role="administrator", purpose="administration", command_id=uuid(7), correlation_id=uuid(8),
        recorded_at=NOW,
    )  # fmt: skip
    return Recorded(5, stream, 3, meta, event)


class TestLeavingService:
    def test_a_suspended_account_is_certified_no_more(self) -> None:
        of_juvenile, _of_community = leaving_service.react(recorded(IRYNA, AccountSuspended(reason=reason())))
        assert of_juvenile == LapseCertification(account=IRYNA, cause="account-suspended", at=NOW)

    def test_nor_is_one_that_lost_the_role(self) -> None:
        withdrawn = RoleWithdrawn(account=IRYNA, role="juvenile-officer")
        (command,) = leaving_service.react(recorded(uuid(9), withdrawn))
        assert command == LapseCertification(account=IRYNA, cause="role-withdrawn", at=NOW)
        assert OFFICER.decide(None, command) == (), "who never was an officer is left alone"

    @pytest.mark.parametrize("role", ["investigator", "supervisor"])
    def test_another_role_has_nothing_to_do_with_it(self, role: str) -> None:
        assert leaving_service.react(recorded(uuid(9), RoleWithdrawn(account=IRYNA, role=role))) == ()


class TestVoiding:
    INCIDENT = uuid(71)

    def authority(self, phase: str) -> Authorisation:
        return Authorisation(
            requester=IRYNA,
            requester_unit=UNIT,
            incident=self.INCIDENT,
            cameras=frozenset(),
            window_from=NOW,
            window_to=NOW,
            quota=1,
            valid_hours=1,
            phase=phase,
        )

    def test_what_was_asked_is_withdrawn_and_what_was_approved_revoked(self) -> None:
        for phase, kind in ((REQUESTED, WithdrawAuthorisation), (APPROVED, RevokeAuthorisation)):
            (command,) = voiding.end_authority(self.INCIDENT, self.authority(phase))
            assert type(command) is kind
            assert command.authorisation == missing_child_authorisation_id(self.INCIDENT)

    @pytest.mark.parametrize("phase", [phase for phase in PHASES if phase not in (REQUESTED, APPROVED)])
    def test_what_has_ended_stays_ended(self, phase: str) -> None:
        assert voiding.end_authority(self.INCIDENT, self.authority(phase)) == ()

    def test_an_incident_without_either_takes_nothing_along(self) -> None:
        assert voiding.end_authority(self.INCIDENT, None) == ()
        assert voiding.release(self.INCIDENT, None) == ()

    def test_its_reports_are_taken_up_those_alone_that_are_still_it(self) -> None:
        became = Report(
            reporter=uuid(1), category="other", region="UA-30", community=uuid(2), unit=UNIT, phase=CONVERTED
        )
        reports = {
            uuid(81): replace(became, incident=self.INCIDENT),
            uuid(82): replace(became, incident=uuid(72)),
            uuid(83): replace(became, phase="submitted"),
            uuid(84): None,
        }
        (command,) = voiding.take_up(self.INCIDENT, reports, danger_minutes=15, at=NOW)
        assert (command.report, command.voided, command.by) == (uuid(81), True, SYSTEM_ACTOR)
        assert voiding.take_up(self.INCIDENT, {}, danger_minutes=15, at=NOW) == ()

    def test_a_hold_is_released_once(self) -> None:
        held = Hold(cameras=(ONE,), by=IRYNA, unit=UNIT)
        (command,) = voiding.release(self.INCIDENT, held)
        assert command.hold == incident_hold_id(self.INCIDENT)
        assert voiding.release(self.INCIDENT, replace(held, released=True)) == ()
