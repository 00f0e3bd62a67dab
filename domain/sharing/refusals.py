"""Why nothing is shared: what an agreement does not cover, or a consent does not permit."""

from __future__ import annotations

from domain.errors import DomainError


class NotAgreed(DomainError):
    """No agreement lets this be shared with this agency for this purpose."""

    code = "not-agreed"

    def __init__(self) -> None:
        super().__init__(
            "the agreement does not cover this: it is not in force, or not with this agency, for this purpose and for "
            "all of these fields; name another agreement, or share less",
        )


class NotConsented(DomainError):
    """Nobody consented to this being shared."""

    code = "not-consented"

    def __init__(self) -> None:
        super().__init__(
            "the consent does not permit this: it does not stand, or not for this child, this agency, this purpose and "
            "all of these fields; ask for a consent, or share less",
        )


def require_shareable(*, agreed: bool, consented: bool) -> None:
    """Raises NotAgreed, NotConsented."""
    if not agreed:
        raise NotAgreed
    if not consented:
        raise NotConsented
