"""Who asks: accounts and their roles, read from the log itself at every request, so that nothing is ever stale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from app import relations
from app.access.gate import Principal
from app.access.operations import Operation
from app.access.passwords import Passwords, TooManyAttempts, check_password
from app.call import Call
from app.desk import Desk, Loaded, expect
from app.sign_ins import SignIns
from domain import account, role_grant, unit
from domain.account import UNNAMED, Account, ChangePassword, CreateAccount, ResetPassword
from domain.checks import existing
from domain.communities import post
from domain.errors import Invalid
from domain.ids import account_id, post_id
from domain.log import Change, Receipt
from domain.personal import PersonName
from domain.role_grant import GiveRole, RoleGrant, grants_of
from domain.sealed import Sealed


@dataclass(frozen=True)
class People:
    desk: Desk
    passwords: Passwords
    sign_ins: SignIns
    changing: Lock = field(default_factory=Lock)  # passwords change one after the other: this is the only server

    def holder(self, key: UUID) -> tuple[Principal, Account]:
        """The account as it is now, with the roles it holds now. Raises NotFound."""
        state = existing("account", key, self._account(key).state)
        roles = self.roles(key)
        posted = self.desk.load(post.DECIDER, post_id(key)).state if post.OFFICER_ROLE in roles else None
        community = None if posted is None else posted.community
        return Principal(
            account=key, roles=roles, unit=state.unit, community=community, suspended=state.suspended
        ), state

    def signs_in(self, key: UUID, password: str) -> UUID | None:
        """The credential that the password is of, where it is the account's now; None also where there is no such
        account. A wrong one for an account that exists goes on record.

        Raises:
            app.access.passwords.TooManyAttempts: the account must wait; the password was not looked at.
        """
        state = self._account(key).state
        credential = UNNAMED if state is None else state.credential
        try:
            right = self.passwords.verify(key, password, credential)
        except TooManyAttempts as early:
            if state is not None and early.first:
                self.sign_ins.refused(key, early.code)
            raise
        if state is not None and not right:
            self.sign_ins.refused(key, "wrong-password")
        return credential if right and state is not None else None

    def roles_in_service(self, key: UUID) -> frozenset[str]:
        """What an account that a command names can be charged with: nothing where it is suspended or does not exist,
        so that the answer does not tell which.
        """
        return self.guarded_roles(key)[0]

    def guarded_roles(self, key: UUID) -> tuple[frozenset[str], tuple[Change, ...]]:
        """`roles_in_service`, and what they stand on, to be named unchanged in a decision that rests on them: where one
        is given or withdrawn meanwhile, or the account suspended, it is decided anew.
        """
        holder, grants = self._account(key), self._grants(key)
        serves = holder.state is not None and not holder.state.suspended
        guards = (
            Change(holder.stream, holder.version, ()),
            *(Change(grant.stream, grant.version, ()) for grant in grants.values()),
        )
        return _held(grants) if serves else frozenset(), guards

    def roles(self, key: UUID) -> frozenset[str]:
        return _held(self._grants(key))

    def create(self, call: Call, username: str, full_name: str, of_unit: UUID, password: str) -> tuple[UUID, Receipt]:
        """A new account, with an initial password.

        Raises:
            domain.errors.Invalid: no such unit, or a password that is too short or too long.
        """
        key, credential = account_id(username), call.new_credential()
        person = Sealed(key, PersonName(full_name))
        command = CreateAccount(username=username, unit=of_unit, person=person, credential=credential)

        def decide() -> Sequence[Change]:
            self.desk.require(call, Operation.ACCOUNT_CREATE)
            if self.desk.load(unit.DECIDER, of_unit).state is None:
                raise Invalid("unit", f"there is no unit {of_unit}", "name a unit of GET /units")
            return self._decide_password(call, key, credential, command, password)

        with self._renewing(key, credential):
            return key, self.desk.commit(call, Operation.ACCOUNT_CREATE, decide)

    def change_password(self, call: Call, old: str, new: str) -> Receipt:
        """The caller's own. Every token of the account ends.

        Raises:
            app.access.passwords.TooManyAttempts: the account must wait; the old password was not looked at.
            domain.errors.Invalid: the old password is wrong, or the new one cannot be taken.
        """
        key, credential = call.principal.account, call.new_credential()
        command = ChangePassword(account=key, credential=credential)

        def decide() -> Sequence[Change]:
            self.desk.require(call, Operation.ACCOUNT_CHANGE_PASSWORD, relations.account(key, self._account(key).state))
            if self.signs_in(key, old) is None:
                raise Invalid("old", "is not the password of your account", "type the one that you sign in with")
            if check_password(new, "new") == check_password(old, "old"):
                raise Invalid("new", "is the old password", "choose another")
            return self._decide_password(call, key, credential, command, new)

        with self._renewing(key, credential):
            return self.desk.commit(call, Operation.ACCOUNT_CHANGE_PASSWORD, decide)

    def reset_password(self, call: Call, key: UUID, password: str) -> Receipt:
        """Another account's, to an initial password. Every token of the account ends. Raises Invalid."""
        credential = call.new_credential()
        command = ResetPassword(account=key, by=call.principal.account, credential=credential)

        def decide() -> Sequence[Change]:
            resource = relations.account(key, self._account(key).state)
            self.desk.require(call, Operation.ACCOUNT_RESET_PASSWORD, resource)
            return self._decide_password(call, key, credential, command, password)

        with self._renewing(key, credential):
            return self.desk.commit(call, Operation.ACCOUNT_RESET_PASSWORD, decide)

    def _decide_password(
        self, call: Call, key: UUID, credential: UUID, command: account.AccountCommand, password: str
    ) -> Sequence[Change]:
        """Once nothing more can be refused the hash is stored: before the event, which makes it count."""
        loaded = self._account(key)
        expect(call, loaded)
        decided = account.DECIDER.decide(loaded.state, command)
        self.passwords.prepare(key, credential, password)
        return (Change(key, loaded.version, decided),)

    @contextmanager
    def _renewing(self, key: UUID, credential: UUID) -> Iterator[None]:
        """Afterwards the account has the one password that the record names, whatever came of the command. A retry
        of a command, however late, changes none.
        """
        with self.changing:
            try:
                yield
            finally:
                state = self._account(key).state
                if state is not None and state.credential == credential:
                    self.passwords.settle(key, credential)
                else:
                    self.passwords.discard(key, credential)

    def give_role(self, call: Call, key: UUID, role: str) -> Receipt:
        """Decided on all roles that the account holds; two givings at once are decided one after the other."""

        def decide() -> Sequence[Change]:
            holder = self._account(key)
            self.desk.require(call, Operation.ROLE_GIVE, relations.account(key, holder.state))
            state = existing("account", key, holder.state)
            grants = self._grants(key)
            command = GiveRole(
                account=key,
                role=role,
                unit=state.unit,
                by=call.principal.account,
                roles_held=_held(grants),
                account_suspended=state.suspended,
            )
            if role not in grants:
                role_grant.DECIDER.decide(None, command)  # raises: there is no such role
            mine = grants.pop(role)
            expect(call, mine)
            given = Change(mine.stream, mine.version, role_grant.DECIDER.decide(mine.state, command))
            # The other grants are named unchanged: whoever gives one of them meanwhile makes this decide anew.
            return given, *(Change(other.stream, other.version, ()) for other in grants.values())

        return self.desk.commit(call, Operation.ROLE_GIVE, decide)

    def _account(self, key: UUID) -> Loaded[Account]:
        return self.desk.load(account.DECIDER, key)

    def _grants(self, key: UUID) -> dict[str, Loaded[RoleGrant]]:
        return {role: self.desk.load(role_grant.DECIDER, stream) for role, stream in grants_of(key).items()}


def _held(grants: Mapping[str, Loaded[RoleGrant]]) -> frozenset[str]:
    return frozenset(role for role, grant in grants.items() if grant.state is not None and grant.state.held)
