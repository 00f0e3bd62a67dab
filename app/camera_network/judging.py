"""Every row of a register judged by the decider of cameras, beside what is on record: nothing is written here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.camera_network.register_file import RefusedRow, RegisterFile, Row, refused
from app.desk import Desk
from domain import camera
from domain.camera import CameraRegistered
from domain.errors import DomainError, Invalid
from domain.event import Event
from domain.ids import camera_id
from domain.log import Change


@dataclass
class Judged:
    """What the rows come to."""

    changes: list[Change] = field(default_factory=list)  # one for each camera that is new
    already: int = 0  # rows that say what is on record
    refused_rows: int = 0
    refusals: list[RefusedRow] = field(default_factory=list)  # of these rows; one may have several

    @property
    def rows(self) -> int:
        return len(self.changes) + self.already + self.refused_rows


Watch = Callable[[Judged, int], None]  # told after each row, with how many bytes were read; raises to break off


def judge(desk: Desk, register: RegisterFile, at: datetime, watch: Watch) -> Judged:
    """All rows, in order. Raises Invalid where there are more than are taken, and what `watch` raises."""
    judged, lines = Judged(), dict[UUID, int]()
    for row in register.rows(at):
        _take(desk, judged, lines, row)
        watch(judged, row.read_bytes)
    return judged


def _take(desk: Desk, judged: Judged, lines: dict[UUID, int], row: Row) -> None:
    faults: tuple[DomainError, ...] = row.faults
    if row.command is not None:
        key = camera_id(row.command.name)
        try:
            events = camera.decide_register(None, row.command)
            if key in lines:
                raise Invalid("name", f"stands in line {lines[key]} already", "leave one of the two lines")
            lines[key] = row.line
            if _is_on_record(desk, key, events[0]):
                judged.already += 1
            else:
                judged.changes.append(Change(key, 0, events))
            return
        except DomainError as fault:
            faults = (fault,)
    judged.refused_rows += 1
    judged.refusals += [refused(row.line, row.name, fault) for fault in faults]


def _is_on_record(desk: Desk, key: UUID, decided: Event) -> bool:
    """Whether the camera was registered just so. Raises Invalid where it was registered otherwise."""
    recorded = desk.log.events(key, until_version=1)
    if not recorded:
        return False
    differ = [
        name
        for name in CameraRegistered.__struct_fields__
        if getattr(recorded[0], name, None) != getattr(decided, name)
    ]
    if differ:
        fault = f"is registered already, with another {', '.join(differ)}"
        raise Invalid("name", fault, "correct the row as it is on record, or leave it out")
    return True
