"""How a camera's footage is looked at, where somebody chose otherwise than the deployment does.

The ranges are those that indexing itself takes (`gpu_jobs.settings`). Footage that is indexed keeps what it was made
with until it is indexed anew.
"""

from __future__ import annotations

from uuid import UUID

import msgspec
from msgspec.structs import asdict, replace

from domain import checks
from domain.errors import Invalid
from domain.event import Event

MASKED_HEADS = FACES, UPRIGHT = "faces", "upright"  # what is filled: faces that are found; heads of upright figures too
FRAMES_PER_SECOND_MIN, FRAMES_PER_SECOND_MAX = 0.02, 5.0
HEARTBEAT_SECONDS_MAX = 600
TILES_ACROSS_MAX = 8


class IndexingConfigured(Event, frozen=True, kw_only=True):
    """All that is chosen for the camera from now on; None is what the deployment has."""

    TOPIC = "camera.indexing-configured"

    frames_per_second: float | None = None  # looked at, where something may move
    heartbeat_seconds: int | None = None  # between two pictures of a scene in which nothing moves
    tiles_across: int | None = None  # parts of it, for what is small and still; 0 for none
    masked_heads: str | None = None  # of MASKED_HEADS
    merge_repeats: bool | None = None  # what looks the same again adds its time to the first picture
    detect_things: bool | None = None  # the deployment's detector looks for what stands still


class ConfigureIndexing(msgspec.Struct, frozen=True, kw_only=True):
    """What is None stays as it is; with `defaults` all that was chosen before is forgotten first."""

    camera: UUID
    frames_per_second: float | None = None
    heartbeat_seconds: int | None = None
    tiles_across: int | None = None
    masked_heads: str | None = None
    merge_repeats: bool | None = None
    detect_things: bool | None = None
    defaults: bool = False


def chosen(before: IndexingConfigured, command: ConfigureIndexing) -> IndexingConfigured:
    """What holds after the command. Raises Invalid for a value out of its range, and where nothing is chosen."""
    given = {name: value for name, value in asdict(command).items() if name in before.__struct_fields__}
    named = {name: value for name, value in given.items() if value is not None}
    if not named and not command.defaults:
        raise Invalid("frames_per_second", "nothing is chosen", f"name one of {', '.join(given)}, or defaults")
    return checked(replace(IndexingConfigured() if command.defaults else before, **named))


def checked(choice: IndexingConfigured) -> IndexingConfigured:
    """The choice as it is. Raises Invalid for a value out of its range."""
    rate, heartbeat, tiles = choice.frames_per_second, choice.heartbeat_seconds, choice.tiles_across
    if rate is not None:
        checks.number("frames_per_second", rate, least=FRAMES_PER_SECOND_MIN, most=FRAMES_PER_SECOND_MAX)
    if heartbeat is not None:
        checks.whole("heartbeat_seconds", heartbeat, least=1, most=HEARTBEAT_SECONDS_MAX)
    if tiles is not None:
        checks.whole("tiles_across", tiles, least=0, most=TILES_ACROSS_MAX)
    if choice.masked_heads is not None:
        checks.one_of("masked_heads", choice.masked_heads, MASKED_HEADS)
    return choice
