"""The bodies of requests and answers about case conferences."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from projections.sharing import conference_queries as conferences

Doc = msgspec.Meta


class NewConference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    case: Annotated[UUID, Doc(examples=["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"])]
    agencies: Annotated[
        list[UUID],
        Doc(examples=[["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"]], description="that are invited, of GET /agencies"),
    ]
    meets_at: Annotated[datetime, Doc(examples=["2026-12-05T12:00:00+02:00"])]


class Meeting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    meets_at: Annotated[datetime, Doc(examples=["2026-12-05T12:00:00+02:00"])]


class Admission(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Both must let the field `plan` be shared with the agency for the purpose `joint-planning`."""

    agency: Annotated[UUID, Doc(examples=["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"])]
    agreement: Annotated[UUID, Doc(examples=["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"])]
    consent: Annotated[UUID, Doc(examples=["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"])]


class Exclusion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    agency: Annotated[UUID, Doc(examples=["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"])]
    cause: Annotated[str, Doc(examples=["left"], description="a code of GET /words: lists.exclusion_causes")]


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    narrative: Annotated[str, Doc(examples=["Дитина лишається в родині, бабуся допомагатиме."])]


class NewTask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    service: Annotated[str, Doc(examples=["psychologist"], description="a code of GET /words: lists.service_kinds")]
    due_at: Annotated[datetime, Doc(examples=["2026-12-20T12:00:00+02:00"])]
    narrative: Annotated[str, Doc(examples=["Зустрічі двічі на тиждень."])]
    agency: Annotated[UUID | None, Doc(description="that does it; left out, the police do")] = None


class Settlement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    supersedes: Annotated[
        list[UUID],
        Doc(
            examples=[["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"]],
            description="the conferences whose plan for this child is in force, each by its id",
        ),
    ] = []


class TaskReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    done_at: Annotated[datetime, Doc(examples=["2026-12-10T16:00:00+02:00"])]
    narrative: Annotated[str, Doc(examples=["Усі зустрічі відбулися."])]


class Cancellation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    cause: Annotated[str, Doc(examples=["not-needed"], description="a code of GET /words: lists.cancellation_causes")]
    reason: Annotated[str, Doc(examples=["Родина переїхала"])]


class ConferenceSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What an invited agency sees before it is admitted: who calls it and when it meets, and nothing of whom."""

    conference: UUID
    unit_name: str | None
    region: str | None
    state: str
    called_at: datetime
    meets_at: datetime | None
    agreed_at: datetime | None
    cancelled: str | None
    changed_at: datetime
    version: int


class ConferenceContent(msgspec.Struct, frozen=True, kw_only=True):
    """About which child, and how far it is. `unit` and `officer` have the case now."""

    child: UUID
    pseudonym: str
    case: Annotated[UUID, Doc(examples=["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"])]
    unit: UUID
    officer: UUID | None
    officer_username: str | None
    called_by: UUID
    decisions: int
    tasks_count: int
    tasks_done_count: int
    in_force: bool  # its plan is the child's


class ConferenceLine(msgspec.Struct, frozen=True, kw_only=True):
    """`content` is null for whoever may only see that it is to meet."""

    summary: ConferenceSummary
    content: ConferenceContent | None


class ConferenceAnswer(ConferenceLine, frozen=True, kw_only=True):
    """What was decided, and what the tasks are in words, is opened by a request of its own, which goes on record."""

    agencies: tuple[conferences.ConferenceAgency, ...] | None
    tasks: tuple[conferences.ConferenceTask, ...] | None
