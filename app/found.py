"""What the index found, held against the record: only what both know so is evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.desk import Desk
from app.instants import from_us
from domain import footage
from domain.footage_state import Footage
from domain.ids import footage_id
from search_index.answer import Moment


class Found(NamedTuple):
    """A moment, and its footage as the record has it."""

    moment: Moment
    footage: Footage
    version: int


def on_record(desk: Desk, moments: Sequence[Moment], fences: Mapping[int, int]) -> list[Found]:
    """The moments that the record bears out. After a restore the index may know more than the record, and what the
    record does not know of that camera and time is no evidence. `fences` are, by row, of the claims that the rows
    were made under.
    """
    names = {moment.best.footage for moment in moments}
    loaded = {name: desk.load(footage.DECIDER, footage_id(name)) for name in names}
    return [
        Found(moment, of.state, of.version)
        for moment, of in ((moment, loaded[moment.best.footage]) for moment in moments)
        if of.state is not None and _bears_out(of.state, moment, fences.get(moment.best.row, 0))
    ]


def _bears_out(state: Footage, moment: Moment, fence: int) -> bool:
    if str(state.camera) != moment.camera or state.is_gone:
        return False
    if fence < state.anew_since:  # made of a clock that was corrected since, or damaged
        return False
    seconds = (from_us(moment.best.at_us) - state.recorded_at).total_seconds()
    return -1 <= seconds <= state.duration_seconds + 1
