"""Approving an authorisation. An attempt at one's own request is refused, and the attempt itself is on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.call import Call, now
from app.desk import Desk, expect
from domain import authorisation, incident
from domain.authorisation import ApproveAuthorisation, refusal_of
from domain.authorisation_events import ApprovalDenied
from domain.authorisation_ground import decide_approve_for
from domain.log import Change, Receipt
from domain.search_refusals import ApproverIsRequester, ApproverSameUnit


@dataclass(frozen=True)
class Approvals:
    desk: Desk

    def approve(self, call: Call, key: UUID) -> Receipt:
        """Approve as a person of another unit.

        Raises:
            domain.search_refusals.ApproverIsRequester, ApproverSameUnit: after the attempt was put on record.
            and what `Desk.perform` raises.
        """
        receipt = self.desk.commit(call, Operation.AUTHORISATION_APPROVE, lambda: self._decide(call, key))
        version = receipt.streams[0].version
        (event,) = self.desk.log.events(key, after_version=version - 1, until_version=version)
        refusal = refusal_of(event)
        if refusal is not None:
            raise refusal
        return receipt

    def _decide(self, call: Call, key: UUID) -> Sequence[Change]:
        loaded = self.desk.load(authorisation.DECIDER, key)
        principal = call.principal
        try:
            self.desk.require(call, Operation.AUTHORISATION_APPROVE, relations.authorisation(key, loaded.state))
        except (ApproverIsRequester, ApproverSameUnit) as refusal:
            denied = ApprovalDenied(by=principal.account, by_unit=principal.unit, code=refusal.code)
            return (Change(key, loaded.version, (denied,)),)
        expect(call, loaded)
        command = ApproveAuthorisation(authorisation=key, by=principal.account, by_unit=principal.unit, at=now())
        asked_for = None if loaded.state is None else loaded.state.incident
        ground = None if asked_for is None else self.desk.load(incident.DECIDER, asked_for)
        decided = decide_approve_for(loaded.state, None if ground is None else ground.state, command)
        # The incident is named unchanged: whoever voids it meanwhile makes this decide anew.
        of_incident = () if ground is None else (Change(ground.stream, ground.version, ()),)
        return Change(key, loaded.version, decided), *of_incident
