"""`oberih init`: an empty deployment, with the first unit, the first administrator and the policies adopted."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

import msgspec

from app import clock, deployment, example
from app.access.gate import Gate
from app.access.passwords import Passwords, check_password
from app.clockwork import system_meta
from app.deployment import Deployment, Settings
from app.event_store.keys import KeyStore
from app.event_store.root_key import RootKey
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from domain import account, policy, role_grant, unit
from domain.account import CreateAccount
from domain.ids import POLICY_STREAM, SYSTEM_ACTOR, account_id, role_grant_id
from domain.log import Change
from domain.personal import PersonName
from domain.policy import AdoptPolicy
from domain.role_grant import ADMINISTRATOR, GiveRole
from domain.sealed import Sealed
from domain.unit import CreateUnit

POLICY_NAME = "app/access/policies"


class Initialised(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator must know and keep. The password is shown once and stored nowhere."""

    folder: str
    username: str
    password: str  # empty where the operator gave one
    unit: str
    root_key: str


def initialise(
    folder: Path,
    *,
    administrator: str = "admin",
    full_name: str = "Адміністратор",
    password: str | None = None,
    settings: Settings | None = None,
) -> Initialised:
    """Make an empty deployment in a new folder. Without a password, one is made and told once.

    Raises:
        DeploymentFault: the folder holds something already.
        domain.errors.Invalid: the name or the password cannot be taken; nothing was made.
    """
    first_unit, key = uuid4(), account_id(administrator)
    made = password is None
    password = password or secrets.token_urlsafe(15)
    check_password(password)
    credential = uuid4()
    changes = _first_changes(administrator, full_name, first_unit, credential)
    with clock.in_use(Deployment(folder, settings or Settings())):
        place = deployment.create(folder, settings)
        _write(place, changes, key, password, credential)
    return Initialised(
        folder=str(place.folder),
        username=administrator,
        password=password if made else "",
        unit=str(first_unit),
        root_key=str(place.root_key),
    )


def _write(place: Deployment, changes: Sequence[Change], account: UUID, password: str, credential: UUID) -> None:
    """Keys, the first password, and the first entries of the record; the mark of an example stands before all."""
    RootKey.create(place.root_key)
    keys = KeyStore(place.keys, place.root_key, create=True)
    passwords = Passwords(place.credentials, hasher=example.hasher(place))
    passwords.set(account, password, credential)  # counts once the record names it
    try:
        with SqliteEventLog(place.log, Vault(keys), create=True) as log:
            log.append([example.mark(), *changes] if place.settings.example else changes, system_meta("first set-up"))
    finally:
        keys.close()


def _first_changes(username: str, full_name: str, first_unit: UUID, credential: UUID) -> list[Change]:
    """The unit, the account, its role and the policies, in one transaction: a deployment is never half made.

    The password counts as chosen by its holder: whoever runs `oberih init` owns the files, and is the administrator.
    """
    key = account_id(username)
    created = CreateUnit(unit=first_unit, name="Адміністрування Оберега", region="UA-30", kind="administration")
    person = Sealed(key, PersonName(full_name))
    role = GiveRole(account=key, role=ADMINISTRATOR, unit=first_unit, by=SYSTEM_ACTOR, roles_held=frozenset())
    adopted = AdoptPolicy(sha256=Gate.load().digest, name=POLICY_NAME)
    account_created = CreateAccount(
        username=username, unit=first_unit, person=person, credential=credential, initial=False
    )
    return [
        Change(first_unit, 0, unit.DECIDER.decide(None, created)),
        Change(key, 0, account.DECIDER.decide(None, account_created)),
        Change(role_grant_id(key, ADMINISTRATOR), 0, role_grant.DECIDER.decide(None, role)),
        Change(POLICY_STREAM, 0, policy.DECIDER.decide(None, adopted)),
    ]
