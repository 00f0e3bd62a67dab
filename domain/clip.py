"""A clip: a part of a footage that was given out under an authorisation, or was refused. Both are on record.

Whether it may be taken is what the authorisation says of cameras and times; it costs none of its searches. A clip is
evidence, so nobody is masked in it: nothing of it may lie outside of the authorisation's window, whatever was asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain import checks, vocabulary
from domain.authorisation_state import Authorisation
from domain.clip_refusals import FootageDamaged, FootageGone
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event
from domain.footage_refusals import OutsideFootage
from domain.footage_state import REJECTED, Footage
from domain.search_draw import DrawSearch, check_authority

LOSSLESS, EXACT = "lossless", "exact"
EXACT_MAX = timedelta(minutes=15)  # encoding takes about as long as the stretch lasts
FRAMES_MAX = SIZE_BYTES_MAX = 1 << 53
SOFTWARE_CHARACTERS_MAX = 300
_END = timedelta(seconds=1)  # a footage's length is rounded, and its last frame ends a moment later


class ClipCut(Event, frozen=True, kw_only=True):
    """It shows [from_at, to_at): wider than what was asked where it is lossless, since it begins with a keyframe, and
    shorter by `left_out` where no keyframe lay within the authorisation's window before that.
    """

    TOPIC = "clip.cut"

    authorisation: UUID
    by: UUID
    unit: UUID
    footage_sha256: str
    camera: UUID
    recorded_at: datetime  # of the footage's first frame, as was known then
    uncertainty_seconds: float  # the true times lie within ± this
    asked_from: datetime
    asked_to: datetime
    from_at: datetime
    to_at: datetime
    left_out: tuple[tuple[datetime, datetime], ...] = ()  # of what was asked and there is
    mode: str  # vocabulary.CLIP_MODES
    frames: int
    container: str
    codec: str
    software: str
    sha256: str  # of the clip
    size_bytes: int


class ClipRefused(Event, frozen=True, kw_only=True):
    TOPIC = "clip.refused"

    authorisation: UUID
    by: UUID
    unit: UUID
    code: str  # of the refusal that they got
    footage_sha256: str
    camera: UUID
    asked_from: datetime
    asked_to: datetime
    mode: str


class CutClip(msgspec.Struct, frozen=True, kw_only=True):
    """A clip that was made and is to be given out: recorded before anybody gets a byte of it."""

    ask: DrawSearch  # by whom, under what, of what: `search` is the clip
    footage_sha256: str
    recorded_at: datetime  # with which its times were reckoned
    uncertainty_seconds: float
    from_at: datetime
    to_at: datetime
    left_out: tuple[tuple[datetime, datetime], ...] = ()
    mode: str
    frames: int
    container: str
    codec: str
    software: str
    sha256: str
    size_bytes: int


class RefuseClip(msgspec.Struct, frozen=True, kw_only=True):
    ask: DrawSearch
    footage_sha256: str
    code: str
    mode: str


ClipCommand: TypeAlias = RefuseClip


class Clip(msgspec.Struct, frozen=True):
    by: UUID
    unit: UUID
    authorisation: UUID
    refused: bool


def check_asked(from_at: datetime, to_at: datetime, mode: str) -> None:
    """What can be said of a question before its footage is known. Raises Invalid."""
    checks.one_of("mode", mode, vocabulary.CLIP_MODES)
    checks.in_order("from_at", from_at, "to_at", to_at)
    if mode == EXACT and to_at - from_at > EXACT_MAX:
        minutes = EXACT_MAX // timedelta(minutes=1)
        raise Invalid("to_at", f"is more than {minutes} minutes after from_at", "cut several, or not exactly")


def refuse_unusable(footage: Footage, sha256: str, from_at: datetime, to_at: datetime) -> None:
    """Raises FootageGone, WrongState or OutsideFootage: nothing can be cut of it."""
    if footage.is_gone:
        raise FootageGone(sha256)
    if footage.phase == REJECTED:
        raise WrongState("footage", sha256, REJECTED, "its video cannot be read; fetch it again from its source")
    ends_at = footage.ends_at + _END
    if from_at >= ends_at:
        raise OutsideFootage("from_at", from_at, footage.recorded_at, footage.ends_at)
    if to_at <= footage.recorded_at:
        raise OutsideFootage("to_at", to_at, footage.recorded_at, footage.ends_at)


def decide_cut(
    state: Clip | None, authority: Authorisation | None, footage: Footage | None, command: CutClip
) -> tuple[Event, ...]:
    """Nothing outside of what was allowed is ever given out, whatever the cutting came to. Raises the refusal of
    `check_authority`, to be put on record with the clip; FootageDamaged; and as `refuse_unusable` does."""
    ask, sha256 = command.ask, command.footage_sha256
    if state is not None:
        raise AlreadyExists("clip", ask.search)
    refusal = check_authority(authority, ask)
    if refusal is not None:
        raise refusal
    allowed = checks.existing("authorisation", ask.authorisation, authority)
    shelved = checks.existing("footage", sha256, footage)
    check_asked(ask.from_at, ask.to_at, command.mode)
    _check_footage(shelved, command)
    if not allowed.window_from <= command.from_at < command.to_at <= allowed.window_to:
        raise Invalid("clip", "is outside the authorisation's window", "this is a fault of ours: report it")
    return (
        ClipCut(
            authorisation=ask.authorisation,
            by=ask.searcher,
            unit=ask.searcher_unit,
            footage_sha256=checks.sha256("footage_sha256", sha256),
            camera=shelved.camera,
            recorded_at=command.recorded_at,
            uncertainty_seconds=command.uncertainty_seconds,
            asked_from=ask.from_at,
            asked_to=ask.to_at,
            from_at=command.from_at,
            to_at=command.to_at,
            left_out=command.left_out,
            mode=command.mode,
            frames=checks.whole("frames", command.frames, least=1, most=FRAMES_MAX),
            container=checks.line("container", command.container),
            codec=checks.line("codec", command.codec),
            software=checks.line("software", command.software, characters_max=SOFTWARE_CHARACTERS_MAX),
            sha256=checks.sha256("sha256", command.sha256),
            size_bytes=checks.whole("size_bytes", command.size_bytes, least=1, most=SIZE_BYTES_MAX),
        ),
    )


def _check_footage(shelved: Footage, command: CutClip) -> None:
    """Raises as `refuse_unusable` does, and FootageDamaged, WrongState, Invalid."""
    ask, sha256 = command.ask, command.footage_sha256
    refuse_unusable(shelved, sha256, ask.from_at, ask.to_at)
    if shelved.damage:
        raise FootageDamaged(sha256, shelved.damage)
    if ask.cameras != (shelved.camera,):
        raise Invalid("camera", "is not that of the footage", "this is a fault of ours: report it")
    if (command.recorded_at, command.uncertainty_seconds) != (shelved.recorded_at, shelved.uncertainty_seconds):
        raise WrongState("footage", sha256, "of another time now", "its clock was corrected meanwhile: cut again")


def decide_refuse(state: Clip | None, command: RefuseClip) -> tuple[Event, ...]:
    ask = command.ask
    if state is not None:
        raise AlreadyExists("clip", ask.search)
    from_at, to_at = checks.in_order("from_at", ask.from_at, "to_at", ask.to_at)
    return (
        ClipRefused(
            authorisation=ask.authorisation,
            by=ask.searcher,
            unit=ask.searcher_unit,
            code=checks.line("code", command.code),
            footage_sha256=checks.sha256("footage_sha256", command.footage_sha256),
            camera=ask.cameras[0],
            asked_from=from_at,
            asked_to=to_at,
            mode=checks.one_of("mode", command.mode, vocabulary.CLIP_MODES),
        ),
    )


def evolve_cut(state: None, event: ClipCut) -> Clip:
    return Clip(event.by, event.unit, event.authorisation, refused=False)


def evolve_refused(state: None, event: ClipRefused) -> Clip:
    return Clip(event.by, event.unit, event.authorisation, refused=True)


DECIDER: Decider[ClipCommand, Clip] = Decider(
    kind="clip",
    decides={RefuseClip: decide_refuse},
    evolves={ClipCut: evolve_cut, ClipRefused: evolve_refused},
)
