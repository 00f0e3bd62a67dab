"""Every row of a register judged by the decider of cameras, beside what is on record: nothing is written here. A
misspelt community would stand in every count by itself, so a row names one that is on record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID

import msgspec

from app.camera_network.register_file import SHOWN_CHARACTERS, RefusedRow, RegisterFile, Row, refused
from app.desk import Desk
from domain import camera
from domain.camera import CameraDecommissioned, CameraRegistered
from domain.communities.community import CommunityRegistered
from domain.errors import DomainError, Invalid
from domain.event import Event
from domain.ids import camera_id, community_id
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
    called = cache(lambda community: _community_name(desk, community))  # each is asked for once
    for row in register.rows(at):
        _take(desk, judged, lines, called, row)
        watch(judged, row.read_bytes)
    return judged


def _take(desk: Desk, judged: Judged, lines: dict[UUID, int], called: Callable[[UUID], str], row: Row) -> None:
    faults: tuple[DomainError, ...] = row.faults
    if row.command is not None:
        key = camera_id(row.command.name)
        try:
            name = called(community_id(row.command.region, row.command.community))
            command = msgspec.structs.replace(row.command, community=name or row.command.community)
            events = camera.decide_register(None, command)
            if key in lines:
                raise Invalid("name", f"stands in line {lines[key]} already", "leave one of the two lines")
            lines[key] = row.line
            if _is_on_record(desk, key, events[0]):
                judged.already += 1
            elif not name:
                fault = f"{row.command.community[:SHOWN_CHARACTERS]!r} is not known in {row.command.region}"
                raise Invalid("community", fault, "register the community first, or write it as GET /communities does")
            else:
                judged.changes.append(Change(key, 0, events))
            return
        except DomainError as fault:
            faults = (fault,)
    judged.refused_rows += 1
    judged.refusals += [refused(row.line, row.name, fault) for fault in faults]


def _community_name(desk: Desk, key: UUID) -> str:
    """As it was registered; empty where it was not. In other capitals, with the same id, it would be counted apart."""
    for event in desk.log.events(key, until_version=1):
        assert isinstance(event, CommunityRegistered)
        return event.name
    return ""


def _is_on_record(desk: Desk, key: UUID, decided: Event) -> bool:
    """Whether the camera was registered just so. Raises Invalid where it was registered otherwise, or is no more."""
    recorded = desk.log.events(key)
    if not recorded:
        return False
    if any(isinstance(each, CameraDecommissioned) for each in recorded):
        mend = "leave the row out, or register the new camera under a name of its own"
        raise Invalid("name", "was decommissioned", mend)
    differ = [
        name
        for name in CameraRegistered.__struct_fields__
        if getattr(recorded[0], name, None) != getattr(decided, name)
    ]
    if differ:
        fault = f"is registered already, with another {', '.join(differ)}"
        raise Invalid("name", fault, "correct the row as it is on record, or leave it out")
    return True
