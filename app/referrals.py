"""The road of a referral: sent with a copy of what is agreed on, answered by the agency, ended by either side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from app import relations
from app.access.operations import Operation
from app.access.resources import NOBODY
from app.call import Call, now
from app.composition import Services
from app.desk import Desk, expect
from app.disclosing import require_purpose
from app.referring.standing import (
    Basis,
    Family,
    Share,
    basis_of,
    case_of,
    family_of,
    pseudonym_in,
    require_standing,
    require_unsealed,
    stands,
    unchanged,
)
from app.shared_fields import Source, compose
from app.unerased import unerased
from domain.checks import existing
from domain.child_state import ERASED
from domain.errors import WrongState
from domain.log import Change, Receipt
from domain.personal import SharedFields
from domain.prevention_case_state import KIND as CASE
from domain.prevention_case_state import OPEN, PreventionCase
from domain.sealed import Sealed
from domain.sharing import referral
from domain.sharing.referral import KIND, AcceptReferral, Referral, ReferralCommand, SendReferral
from domain.sharing.referral_events import ReferralSent

Making: TypeAlias = Callable[[Referral], tuple[ReferralCommand, Sequence[Change]]]


class NewReferral(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    agency: UUID
    service: str
    purpose: str
    fields: tuple[str, ...]
    agreement: UUID
    consent: UUID
    help_needed: str | None


def send(house: Services, call: Call, new: NewReferral) -> tuple[Receipt, UUID]:
    """From a case that the caller may read. Whatever can be refused is, before anything of the child is opened.

    Raises:
        domain.sharing.refusals.NotAgreed, NotConsented: it may not be shared.
        domain.errors.Invalid: nothing is known of a field.
        domain.errors.WrongState: the case is over, or the child was erased.
        and what `Desk.perform` raises.
    """
    key = call.new_key()

    def decide() -> Sequence[Change]:
        case = case_of(house.desk, new.case)
        house.desk.require(call, Operation.CASE_READ, relations.prevention_case(new.case, case.state))
        state = existing(CASE, new.case, case.state)
        family, share = family_of(house.desk, state.child), _share(state.unit, new)
        basis = basis_of(house.desk, family, share, now())
        proposed = relations.proposed_referral(key, state, basis.agency_unit or NOBODY)
        house.desk.require(call, Operation.REFERRAL_SEND, proposed)
        loaded = house.desk.load(referral.DECIDER, key)
        expect(call, loaded)
        guards = unerased(house.desk, family.members)
        command = referral.sendable(loaded.state, _command(house, call, key, new, state, family, basis))
        source = Source(new.case, state, family.own, family.members, new.help_needed)
        shared = Sealed(call.new_record(), compose(house, call, source, command.fields))
        decided = referral.decide_send(loaded.state, msgspec.structs.replace(command, shared=shared))
        return Change(key, loaded.version, decided), unchanged(case), *basis.guards, *guards

    return house.desk.commit(call, Operation.REFERRAL_SEND, decide), key


def work(house: Services, call: Call, operation: Operation, key: UUID, making: Making) -> Receipt:
    """One command to a referral that exists; `making` says which, and what it rests on."""

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(referral.DECIDER, key)
        house.desk.require(call, operation, resource(house.desk, key, loaded.state))
        expect(call, loaded)
        state = existing(KIND, key, loaded.state)
        command, guards = making(state)
        return Change(key, loaded.version, referral.DECIDER.decide(state, command)), *guards

    return house.desk.commit(call, operation, decide)


def accept(house: Services, call: Call, key: UUID) -> Receipt:
    """The agreement and the consent must still stand."""

    def making(state: Referral) -> tuple[ReferralCommand, Sequence[Change]]:
        family = family_of(house.desk, state.child)
        _of_nobody_erased(key, family)
        basis = basis_of(house.desk, family, share_of(state), now())
        command = AcceptReferral(
            referral=key, agreed=basis.agreed, consented=basis.consented, by=call.principal.account
        )
        return command, (*basis.guards, *family.guards)

    return work(house, call, Operation.REFERRAL_ACCEPT, key, making)


def writing(house: Services, key: UUID, command: ReferralCommand) -> Making:
    """A command that takes words about the child, who must not be erased."""

    def making(state: Referral) -> tuple[ReferralCommand, Sequence[Change]]:
        family = family_of(house.desk, state.child)
        _of_nobody_erased(key, family)
        return command, family.guards

    return making


def opened(house: Services, call: Call, key: UUID) -> tuple[ReferralSent, SharedFields | None]:
    """What was shared; None where the child was erased. On record, with what for, before it is answered; to the agency
    only while it may still be shared, whether or not the referral was revoked already.
    """
    state = known(house, call, Operation.REFERRAL_OPEN, key)
    require_purpose(call)
    require_open(house, call, state)
    sent = next(iter(house.log.events(key, until_version=1)))
    assert isinstance(sent, ReferralSent)
    return sent, house.disclosures.open(call, Operation.REFERRAL_OPEN, key, sent.shared, SharedFields)


def require_open(house: Services, call: Call, state: Referral) -> None:
    """That what is sealed of it is opened: the case is not sealed; and to somebody who serves in the agency, it may
    still be told. Raises WrongState, NotAgreed, NotConsented.
    """
    require_unsealed(house.desk, state.case)
    if call.principal.unit == state.agency_unit:
        require_standing(house.desk, state.child, share_of(state), now())


def is_still_shared(house: Services, call: Call, state: Referral) -> bool:
    """Whether the caller may be told of whom it is: the agency's people, as long as what it rests on stands, whether or
    not the process that revokes it has run.
    """
    if call.principal.unit != state.agency_unit:
        return True
    return stands(house.desk, state.child, share_of(state), now())


def known(house: Services, call: Call, operation: Operation, key: UUID) -> Referral:
    """The referral, where the caller may do this. Raises NotFound, Forbidden."""
    state = house.desk.load(referral.DECIDER, key).state
    house.desk.require(call, operation, resource(house.desk, key, state))
    return existing(KIND, key, state)


def resource(desk: Desk, key: UUID, state: Referral | None) -> Any:
    """What the gate is asked about. The case of what does not exist is looked up, too: it takes as long."""
    return relations.referral(key, state, case_of(desk, key if state is None else state.case).state)


def share_of(state: Referral) -> Share:
    return Share(
        unit=state.unit,
        agency=state.agency,
        purpose=state.purpose,
        fields=state.fields,
        agreement=state.agreement,
        consent=state.consent,
    )


def _share(unit: UUID, new: NewReferral) -> Share:
    return Share(
        unit=unit,
        agency=new.agency,
        purpose=new.purpose,
        fields=new.fields,
        agreement=new.agreement,
        consent=new.consent,
    )


def _command(
    house: Services, call: Call, key: UUID, new: NewReferral, case: PreventionCase, family: Family, basis: Basis
) -> SendReferral:
    """With nothing shared yet."""
    return SendReferral(
        referral=key,
        child=case.child,
        pseudonym=pseudonym_in(house.log, new.case),
        case=new.case,
        case_open=case.phase == OPEN,
        unit=case.unit,
        agency=new.agency,
        agency_unit=basis.agency_unit,
        service=new.service,
        purpose=new.purpose,
        fields=new.fields,
        agreement=new.agreement,
        consent=new.consent,
        agreed=basis.agreed,
        consented=basis.consented,
        profile=None if family.own == case.child else family.own,
        by=call.principal.account,
        shared=Sealed(call.new_record(), SharedFields()),
    )


def _of_nobody_erased(key: UUID, family: Family) -> None:
    """Said of the referral: who has not accepted it is not told which child it is about. Raises WrongState."""
    if family.erased:
        raise WrongState(KIND, key, ERASED, "nothing more is recorded about this child", words="about an erased child")
