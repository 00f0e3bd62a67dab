"""Loading the claims that the project began with: those that are not on record yet, all in one commit."""

from __future__ import annotations

from collections.abc import Sequence

from app.access.operations import Operation
from app.call import Call, now
from app.composition import Services
from app.desk import expect_nothing
from domain.ids import claim_id
from domain.log import Change, Receipt
from domain.national import claim
from domain.national.claim import StateClaim
from domain.national.seed_claims import SEED_CLAIMS


def load_seed_claims(house: Services, call: Call) -> Receipt:
    """What was corrected or withdrawn since stays so. The receipt names the claims that are new."""
    expect_nothing(call)

    def decide() -> Sequence[Change]:
        house.desk.require(call, Operation.CLAIM_LOAD)
        by, at = call.principal.account, now()
        changes = []
        for measure, region, saying in SEED_CLAIMS:
            key = claim_id(measure, region, saying.as_of, saying.source)
            if house.desk.load(claim.DECIDER, key).state is None:
                stating = StateClaim(claim=key, measure=measure, region=region, saying=saying, by=by, at=at)
                changes.append(Change(key, 0, claim.DECIDER.decide(None, stating)))
        return changes

    return house.desk.commit(call, Operation.CLAIM_LOAD, decide)
