"""With a case that is closed ends the conference that was called from it: nobody is in charge of it any more, and about
the child no other could be called. Help that an agency was asked for goes on, as does a plan that was agreed on.
"""

from __future__ import annotations

from uuid import UUID

from domain.ids import SYSTEM_ACTOR, conference_closing_id
from domain.personal import Reason
from domain.sealed import Sealed
from domain.sharing.agreed_plan import CancelConference

WHY = "Справу закрито / the case was closed"


def cancel(conference: UUID) -> CancelConference:
    why = Sealed(conference_closing_id(conference), Reason(WHY))
    return CancelConference(conference=conference, cause="case-closed", by=SYSTEM_ACTOR, reason=why)
