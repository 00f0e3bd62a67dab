"""Who asks: accounts and their roles, read from the log itself at every request, so that nothing is ever stale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app import relations
from app.access.gate import Principal
from app.access.operations import Operation
from app.access.passwords import Passwords, check_password
from app.call import Call
from app.desk import Desk, Loaded, expect
from domain import account, role_grant, unit
from domain.account import Account, CreateAccount
from domain.checks import existing
from domain.errors import Invalid
from domain.ids import account_id
from domain.log import Change, Receipt
from domain.personal import PersonName
from domain.role_grant import GiveRole, grants_of
from domain.sealed import Sealed


@dataclass(frozen=True)
class People:
    desk: Desk
    passwords: Passwords

    def principal(self, key: UUID) -> Principal:
        """The account as it is now, with the roles it holds now. Raises NotFound."""
        state = existing("account", key, self._account(key).state)
        return Principal(account=key, roles=self.roles(key), unit=state.unit, suspended=state.suspended)

    def existing(self, key: UUID) -> UUID:
        """An account that a command names. Raises Invalid where there is none."""
        if self._account(key).state is None:
            raise Invalid("officer", f"there is no account {key}", "name an account of GET /accounts")
        return key

    def roles(self, key: UUID) -> frozenset[str]:
        return frozenset(
            role
            for role, stream in grants_of(key).items()
            if (grant := self.desk.load(role_grant.DECIDER, stream).state) is not None and grant.held
        )

    def create(self, call: Call, username: str, full_name: str, of_unit: UUID, password: str) -> tuple[UUID, Receipt]:
        """A new account. Its password is set after the event: until then nobody can sign in as it.

        Raises:
            domain.errors.Invalid: no such unit, or a password that is too short or too long.
        """
        check_password(password)
        key = account_id(username)
        command = CreateAccount(username=username, unit=of_unit, person=Sealed(key, PersonName(full_name)))

        def decide() -> Sequence[Change]:
            self.desk.require(call, Operation.ACCOUNT_CREATE)
            if self.desk.load(unit.DECIDER, of_unit).state is None:
                raise Invalid("unit", f"there is no unit {of_unit}", "name a unit of GET /units")
            loaded = self._account(key)
            return (Change(key, loaded.version, account.DECIDER.decide(loaded.state, command)),)

        receipt = self.desk.commit(call, decide)
        self.passwords.set_first(key, password)  # a retry of this command, however late, changes no password
        return key, receipt

    def give_role(self, call: Call, key: UUID, role: str) -> Receipt:
        """Decided on all roles that the account holds; two givings at once are decided one after the other."""

        def decide() -> Sequence[Change]:
            holder = self._account(key)
            self.desk.require(call, Operation.ROLE_GIVE, relations.account(key, holder.state))
            state = existing("account", key, holder.state)
            grants = {name: self.desk.load(role_grant.DECIDER, stream) for name, stream in grants_of(key).items()}
            command = GiveRole(
                account=key,
                role=role,
                unit=state.unit,
                by=call.principal.account,
                roles_held=frozenset(n for n, g in grants.items() if g.state is not None and g.state.held),
                account_suspended=state.suspended,
            )
            if role not in grants:
                role_grant.DECIDER.decide(None, command)  # raises: there is no such role
            mine = grants.pop(role)
            expect(call, mine)
            given = Change(mine.stream, mine.version, role_grant.DECIDER.decide(mine.state, command))
            # The other grants are named unchanged: whoever gives one of them meanwhile makes this decide anew.
            return given, *(Change(other.stream, other.version, ()) for other in grants.values())

        return self.desk.commit(call, decide)

    def _account(self, key: UUID) -> Loaded[Account]:
        return self.desk.load(account.DECIDER, key)
