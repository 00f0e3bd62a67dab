"""Why a search, its authorisation or what becomes of its hits is refused. Each code goes on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from domain.errors import DomainError
from domain.kyiv_time import shown


class SearchRefusal(DomainError):
    """A search that was not run. Its `code` goes on record with it."""


class AuthorisationUnknown(SearchRefusal):
    code = "authorisation-unknown"

    def __init__(self, authorisation: UUID | None) -> None:
        super().__init__(
            "a search, or a clip, needs an authorisation; name one that you requested or were named in",
            authorisation=None if authorisation is None else str(authorisation),
        )


class AuthorisationNotApproved(SearchRefusal):
    code = "authorisation-not-approved"

    def __init__(self, authorisation: UUID, state: str) -> None:
        mend = "wait for its approval or request another" if state == "requested" else "request another"
        super().__init__(f"the authorisation {authorisation} is {state}; {mend}", state=state)


class AuthorisationExpired(SearchRefusal):
    code = "authorisation-expired"

    def __init__(self, authorisation: UUID, at: datetime) -> None:
        super().__init__(
            f"the authorisation {authorisation} expired at {shown(at)}; request another",
            expired_at=at.isoformat(),
        )


class AuthorisationRevoked(SearchRefusal):
    code = "authorisation-revoked"

    def __init__(self, authorisation: UUID) -> None:
        super().__init__(f"the authorisation {authorisation} was revoked; ask its approver, or request another")


class ChildImageRefused(SearchRefusal):
    """A picture of a child is a query to find that child when it is missing, and for nothing else."""

    code = "child-image"

    def __init__(self) -> None:
        super().__init__(
            "the picture shows a child, and this authorisation is not for finding a missing one; search by words, or "
            "request an authorisation with child_image for the incident of the missing child"
        )


class OutsideCameras(SearchRefusal):
    code = "outside-cameras"

    def __init__(self, cameras: tuple[UUID, ...], names: Mapping[UUID, str] = MappingProxyType({})) -> None:
        """`names`: how the searcher named them, where that is known."""
        super().__init__(
            f"not within the authorisation: {', '.join(names.get(camera, str(camera)) for camera in cameras)}; "
            "leave these cameras out, or request an authorisation that names them",
            cameras=[str(camera) for camera in cameras],
        )
        self.cameras = cameras

    def named(self, names: Mapping[UUID, str]) -> OutsideCameras:
        """The same refusal in the searcher's own words: nothing is told that they did not say."""
        return OutsideCameras(self.cameras, names)


class OutsideWindow(SearchRefusal):
    code = "outside-window"

    def __init__(self, allowed_from: datetime, allowed_to: datetime) -> None:
        super().__init__(
            f"the authorisation covers {shown(allowed_from)} to {shown(allowed_to)}; stay within it",
            allowed_from=allowed_from.isoformat(),
            allowed_to=allowed_to.isoformat(),
        )


class QuotaSpent(SearchRefusal):
    code = "quota-spent"

    def __init__(self, quota: int) -> None:
        super().__init__(f"all {quota} searches of the authorisation are used; request another", quota=quota)


class ApproverIsRequester(SearchRefusal):
    """Four eyes: nobody approves what they asked for. Also the refusal of a search under such an approval."""

    code = "approver-is-requester"

    def __init__(self) -> None:
        super().__init__("nobody approves their own request or searches under their own approval; ask somebody else")


class ApproverSameUnit(DomainError):
    code = "approver-same-unit"

    def __init__(self) -> None:
        super().__init__(
            "the approver must belong to another unit than the requester; ask a supervisor of another unit"
        )


class HitNotRelevant(DomainError):
    """Similar appearance is not identity: a person looks before a hit becomes part of an incident."""

    code = "hit-not-relevant"

    def __init__(self, rank: int, verdict: str) -> None:
        super().__init__(
            f"hit {rank} is {verdict or 'not reviewed'}; only a hit reviewed as relevant is attached: review it first",
            rank=rank,
            verdict=verdict,
        )
