"""Units, accounts, roles and the policy in force."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from domain import account, policy, role_grant, unit
from domain.account import (
    UNNAMED,
    AccountCreated,
    AccountSuspended,
    ChangePassword,
    PasswordChanged,
    PasswordReset,
    ResetPassword,
    SuspendAccount,
)
from domain.errors import AlreadyExists, Invalid, NotFound, OwnAccount, SeparationOfDuties, WrongState
from domain.event import Event
from domain.personal import PersonName
from domain.policy import AdoptPolicy, PolicyAdopted
from domain.role_grant import RoleGiven, RoleWithdrawn, WithdrawRole, grants_of
from domain.sealed import Sealed
from domain.unit import CreateUnit, UnitCreated
from domain.vocabulary import ROLES
from tests.domain.examples import (
    CREATE_ACCOUNT,
    CREDENTIAL,
    GIVE,
    OLENA,
    OTHER_CREDENTIAL,
    OTHER_SHA256,
    OTHER_UNIT,
    PETRO,
    SHA256,
    UNIT,
    changed,
    reason,
)
from tests.given import folded, given

CREATE_UNIT = CreateUnit(unit=UNIT, name="Слідчий відділ Подільського УП", region="UA-30", kind="investigation")
UNIT_CREATED = unit.DECIDER.decide(None, CREATE_UNIT)[0]


def test_unit_created() -> None:
    given(unit.DECIDER).when(CREATE_UNIT).then(
        UnitCreated(name="Слідчий відділ Подільського УП", region="UA-30", kind="investigation")
    )
    given(unit.DECIDER, UNIT_CREATED).when(CREATE_UNIT).then_refused(AlreadyExists, says=str(UNIT))


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": ""}, "name"), ({"name": "x" * 201}, "name"), ({"region": "Київ"}, "region"), ({"kind": "x"}, "kind")],
)
def test_what_unit_cannot_be_created(changes: dict[str, Any], field: str) -> None:
    given(unit.DECIDER).when(changed(CREATE_UNIT, **changes)).then_refused(Invalid, field=field)


# Accounts

ACCOUNT_CREATED = account.DECIDER.decide(None, CREATE_ACCOUNT)[0]
SUSPEND = SuspendAccount(account=OLENA, by=PETRO, reason=reason())
SUSPENDED = AccountSuspended(reason=reason())


def test_account_created() -> None:
    given(account.DECIDER).when(CREATE_ACCOUNT).then(
        AccountCreated(
            username="olena",
            unit=UNIT,
            person=Sealed(OLENA, PersonName("Олена Коваль")),
            credential=CREDENTIAL,
            initial=True,
        )
    )


def test_a_username_is_taken_for_ever() -> None:
    given(account.DECIDER, ACCOUNT_CREATED).when(CREATE_ACCOUNT).then_refused(AlreadyExists, says="olena")
    given(account.DECIDER, ACCOUNT_CREATED, SUSPENDED).when(CREATE_ACCOUNT).then_refused(AlreadyExists)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"username": "Olena"}, "username", "small Latin"),
        ({"username": "олена"}, "username", "small Latin"),
        ({"username": "ol"}, "username", "3 to 32"),
        ({"username": "o" * 33}, "username", "3 to 32"),
        ({"username": "1olena"}, "username", "letter first"),
        ({"person": Sealed(OLENA, PersonName(""))}, "full_name", "empty"),
        ({"person": Sealed(OLENA, PersonName("x" * 201))}, "full_name", "201"),
        ({"person": Sealed(OLENA, PersonName("Олена\u200b Коваль"))}, "full_name", "cannot be seen"),
    ],
)
def test_what_account_cannot_be_created(changes: dict[str, Any], field: str, says: str) -> None:
    given(account.DECIDER).when(changed(CREATE_ACCOUNT, **changes)).then_refused(Invalid, field=field, says=says)


def test_account_suspended() -> None:
    given(account.DECIDER, ACCOUNT_CREATED).when(SUSPEND).then(SUSPENDED)
    assert folded(account.DECIDER, [ACCOUNT_CREATED, SUSPENDED]).suspended is True


def test_what_account_cannot_be_suspended() -> None:
    given(account.DECIDER).when(SUSPEND).then_refused(NotFound, says=str(OLENA))
    given(account.DECIDER, ACCOUNT_CREATED, SUSPENDED).when(SUSPEND).then_refused(WrongState, says="suspended")
    given(account.DECIDER, ACCOUNT_CREATED).when(changed(SUSPEND, by=OLENA)).then_refused(OwnAccount)
    given(account.DECIDER, ACCOUNT_CREATED).when(changed(SUSPEND, reason=reason(""))).then_refused(
        Invalid, field="reason"
    )


# Passwords

CHANGE = ChangePassword(account=OLENA, credential=OTHER_CREDENTIAL)
RESET = ResetPassword(account=OLENA, by=PETRO, credential=OTHER_CREDENTIAL)
CHANGED, PASSWORD_RESET = (kind(credential=OTHER_CREDENTIAL) for kind in (PasswordChanged, PasswordReset))


def credential_after(*history: Event) -> tuple[UUID, bool]:
    state = folded(account.DECIDER, history)
    return state.credential, state.initial


def test_a_password_that_somebody_else_chose_is_initial_until_its_holder_chooses_one() -> None:
    assert credential_after(ACCOUNT_CREATED) == (CREDENTIAL, True)
    given(account.DECIDER, ACCOUNT_CREATED).when(CHANGE).then(CHANGED)
    assert credential_after(ACCOUNT_CREATED, CHANGED) == (OTHER_CREDENTIAL, False)
    given(account.DECIDER, ACCOUNT_CREATED, CHANGED).when(RESET).then(PASSWORD_RESET)
    assert credential_after(ACCOUNT_CREATED, CHANGED, PASSWORD_RESET) == (OTHER_CREDENTIAL, True)
    (own,) = account.DECIDER.decide(None, changed(CREATE_ACCOUNT, initial=False))
    assert credential_after(own) == (CREDENTIAL, False)


def test_an_account_of_before_credentials_had_names_has_a_chosen_password() -> None:
    old = AccountCreated(username="olena", unit=UNIT, person=CREATE_ACCOUNT.person)
    assert credential_after(old) == (UNNAMED, False)


def test_what_password_cannot_be_changed_or_reset() -> None:
    for command in (CHANGE, RESET):
        given(account.DECIDER).when(command).then_refused(NotFound, says=str(OLENA))
        given(account.DECIDER, ACCOUNT_CREATED, SUSPENDED).when(command).then_refused(WrongState, says="suspended")
    given(account.DECIDER, ACCOUNT_CREATED).when(changed(RESET, by=OLENA)).then_refused(OwnAccount, says="resets")


# Roles

GIVEN = RoleGiven(account=OLENA, role="investigator", unit=UNIT)
WITHDRAWN = RoleWithdrawn(account=OLENA, role="investigator")
WITHDRAW = WithdrawRole(account=OLENA, role="investigator", by=PETRO)


def test_role_given_withdrawn_and_given_again() -> None:
    given(role_grant.DECIDER).when(GIVE).then(GIVEN)
    given(role_grant.DECIDER, GIVEN).when(WITHDRAW).then(WITHDRAWN)
    given(role_grant.DECIDER, GIVEN, WITHDRAWN).when(changed(GIVE, unit=OTHER_UNIT)).then(
        changed(GIVEN, unit=OTHER_UNIT)
    )


def test_a_role_held_already_changes_nothing() -> None:
    given(role_grant.DECIDER, GIVEN).when(changed(GIVE, roles_held=frozenset({"investigator"}))).then_nothing()


def test_a_role_is_held_in_one_unit() -> None:
    given(role_grant.DECIDER, GIVEN).when(changed(GIVE, unit=OTHER_UNIT)).then_refused(WrongState, says="withdraw it")


def test_nobody_changes_their_own_roles() -> None:
    given(role_grant.DECIDER).when(changed(GIVE, by=OLENA)).then_refused(OwnAccount)
    given(role_grant.DECIDER, GIVEN).when(changed(WITHDRAW, by=OLENA)).then_refused(OwnAccount)


def test_a_suspended_account_gets_no_role() -> None:
    given(role_grant.DECIDER).when(changed(GIVE, account_suspended=True)).then_refused(WrongState, says="suspended")


GIVEN_TO_ACCOUNTS = [role for role in ROLES if role != "resident"]


@pytest.mark.parametrize("role", GIVEN_TO_ACCOUNTS)
@pytest.mark.parametrize("held", [*GIVEN_TO_ACCOUNTS, None])
def test_who_checks_does_nothing_that_is_checked(role: str, held: str | None) -> None:
    """Exactly the pairs of auditor and another role are refused."""
    command = changed(GIVE, role=role, roles_held=frozenset() if held is None else frozenset({held}))
    outcome = given(role_grant.DECIDER).when(command)
    if held is not None and held != role and "auditor" in {held, role}:
        outcome.then_refused(SeparationOfDuties, says=held)
    else:
        outcome.then(changed(GIVEN, role=role))


def test_the_role_of_whoever_holds_a_token_is_given_to_no_account() -> None:
    given(role_grant.DECIDER).when(changed(GIVE, role="resident")).then_refused(Invalid, field="role")


def test_what_role_cannot_be_given_or_withdrawn() -> None:
    given(role_grant.DECIDER).when(changed(GIVE, role="king")).then_refused(Invalid, field="role")
    given(role_grant.DECIDER).when(changed(WITHDRAW, role="king")).then_refused(Invalid, field="role")
    given(role_grant.DECIDER).when(WITHDRAW).then_refused(WrongState, says="not held")
    given(role_grant.DECIDER, GIVEN, WITHDRAWN).when(WITHDRAW).then_refused(WrongState, says="not held")


def test_each_role_of_each_account_has_a_stream() -> None:
    streams = [*grants_of(OLENA).values(), *grants_of(PETRO).values()]
    assert len(set(streams)) == 2 * len(ROLES)
    assert list(grants_of(OLENA)) == list(ROLES)


# The policy in force

ADOPT = AdoptPolicy(sha256=SHA256, name="2026-11")
ADOPTED = PolicyAdopted(sha256=SHA256, name="2026-11")


def test_policy_adopted_when_its_text_is_another() -> None:
    given(policy.DECIDER).when(ADOPT).then(ADOPTED)
    given(policy.DECIDER, ADOPTED).when(changed(ADOPT, name="the same")).then_nothing()
    other = PolicyAdopted(sha256=OTHER_SHA256, name="2026-12")
    given(policy.DECIDER, ADOPTED).when(changed(ADOPT, sha256=OTHER_SHA256, name="2026-12")).then(other)
    given(policy.DECIDER, ADOPTED, other).when(ADOPT).then(ADOPTED)


@pytest.mark.parametrize(("changes", "field"), [({"sha256": "x"}, "sha256"), ({"name": ""}, "name")])
def test_what_policy_cannot_be_adopted(changes: dict[str, Any], field: str) -> None:
    given(policy.DECIDER).when(changed(ADOPT, **changes)).then_refused(Invalid, field=field)
