"""What holds for every event class, so that a new one cannot forget it."""

from __future__ import annotations

import inspect
import re
import typing
from typing import Any, get_args, get_origin

import msgspec
import pytest
from msgspec import inspect as shapes

from domain import personal
from domain.child_erasure import (
    AgreeToChildErasure,
    RecordChildDestruction,
    RefuseChildErasure,
    RequestChildErasure,
)
from domain.child_merging import MergeProfiles, UnmergeProfiles
from domain.clock_correction import CorrectClock
from domain.communities.handing_over import HandOver
from domain.event import TOPICS, Event
from domain.footage_keeping import AgreeToErasure, PurgeFootage, RecordDestruction, RefuseErasure, RequestErasure
from domain.footage_of_camera import ArchiveFootage, RejectFootage
from domain.hit_attachment import AttachHit
from domain.hold import PlaceHold, ReleaseHold
from domain.registry import DECIDERS, UNDECIDED
from domain.sealed import Sealed
from domain.sharing.agreed_plan import CallConference, CancelConference, SettlePlan

EVENTS = sorted(TOPICS.items())
events_by_topic = pytest.mark.parametrize(("topic", "cls"), EVENTS, ids=[topic for topic, _ in EVENTS])

OF_TWO_STREAMS = (
    *(ArchiveFootage, RejectFootage, AttachHit, PlaceHold, ReleaseHold),
    *(PurgeFootage, RequestErasure, AgreeToErasure, RefuseErasure, RecordDestruction, CorrectClock),
    *(MergeProfiles, UnmergeProfiles),
    HandOver,
    *(RequestChildErasure, AgreeToChildErasure, RefuseChildErasure, RecordChildDestruction),
    *(CallConference, SettlePlan, CancelConference),
)

PLAIN = (
    shapes.UUIDType,
    shapes.DateTimeType,
    shapes.StrType,
    shapes.IntType,
    shapes.FloatType,
    shapes.BoolType,
    shapes.NoneType,
)

CODE = "a code of a closed list, checked when the command is decided"
DIGEST = "a digest"
MACHINE = "said by a program of ours or read from the file's header: letters and digits of a fixed shape"
PUBLIC = "about a public body or place, not about a person"
PSEUDONYM = "made so that it names nobody: the person is sealed, or in no event at all"

# Every string that is stored in the clear, and why it may be. What people write freely is sealed.
CLEAR_STRINGS = {
    "account.created.username": PSEUDONYM,
    "webhook.registered.url": PUBLIC,
    "webhook.registered.subjects": CODE,
    "webhook.paused.cause": CODE,
    "webhook-delivery.taken.topic": CODE,
    "authorisation.approval-denied.code": CODE,
    "authorisation.requested.case_number": "a case's number: its pattern leaves no room for a word",
    "authorisation.requested.legal_basis": CODE,
    "authorisation.requested.reference": "a document's number: its pattern leaves no room for a sentence",
    "camera.footage-received.footage_sha256": DIGEST,
    "camera.footage-released.footage_sha256": DIGEST,
    "camera.indexing-configured.masked_heads": CODE,
    "camera.registered.community": PUBLIC,
    "camera.registered.name": PUBLIC,
    "camera.registered.owner": PUBLIC,
    "camera.registered.place": PUBLIC,
    "camera.registered.place_kind": CODE,
    "camera.registered.region": CODE,
    "child.erasure-requested.order": "a document's number: its pattern leaves no room for a sentence",
    "child.identity-erased.order": "a document's number: its pattern leaves no room for a sentence",
    "child.registered.pseudonym": PSEUDONYM,
    "claim.corrected.as_of": "a date",
    "claim.corrected.cause": CODE,
    "claim.corrected.precision": CODE,
    "claim.corrected.remark": CODE,
    "claim.corrected.since": "a date",
    "claim.corrected.source": PUBLIC,
    "claim.stated.as_of": "a date",
    "claim.stated.measure": CODE,
    "claim.stated.precision": CODE,
    "claim.stated.region": CODE,
    "claim.stated.remark": CODE,
    "claim.stated.since": "a date",
    "claim.stated.source": PUBLIC,
    "claim.withdrawn.cause": CODE,
    "clip.cut.codec": MACHINE,
    "clip.cut.container": MACHINE,
    "clip.cut.footage_sha256": DIGEST,
    "clip.cut.mode": CODE,
    "clip.cut.sha256": DIGEST,
    "clip.cut.software": MACHINE,
    "clip.refused.code": CODE,
    "clip.refused.footage_sha256": DIGEST,
    "clip.refused.mode": CODE,
    "community.registered.code": CODE,
    "community.registered.name": PUBLIC,
    "community.registered.region": CODE,
    "community.population-stated.source": PUBLIC,
    "concern.dismissed.cause": CODE,
    "concern.help-offered.kind": CODE,
    "concern.raised.kind": CODE,
    "concern.raised.pseudonym": PSEUDONYM,
    "concern.reviewed.finding": CODE,
    "daybook.time-freed.footage_sha256": DIGEST,
    "daybook.time-taken.footage_sha256": DIGEST,
    "disclosure.made.operation": CODE,
    "footage.archived.anchor_source": CODE,
    "footage.archived.codec": MACHINE,
    "footage.archived.container": MACHINE,
    "footage.archived.sha256": DIGEST,
    "footage.claimed.worker": MACHINE,
    "footage.failed.detail": MACHINE,
    "footage.failed.reason_code": CODE,
    "footage.indexed.codec": MACHINE,
    "footage.indexed.generation": DIGEST,
    "footage.indexed.pipeline": DIGEST,
    "footage.rejected.detail": MACHINE,
    "footage.rejected.reason_code": CODE,
    "footage.clock-corrected.anchor_source": CODE,
    "footage.erased.order": "a document's number: its pattern leaves no room for a sentence",
    "footage.erasure-requested.order": "a document's number: its pattern leaves no room for a sentence",
    "footage.original-damaged.fault": CODE,
    "footage.reindex-requested.reason_code": CODE,
    "hold.placed.case": "a case's number: its pattern leaves no room for a word",
    "incident.child-linked.pseudonym": PSEUDONYM,
    "incident.child-linked.role": CODE,
    "incident.child-unlinked.role": CODE,
    "incident.footage-linked.footage_sha256": DIGEST,
    "incident.recorded.community": PUBLIC,
    "incident.recorded.kind": CODE,
    "incident.recorded.region": CODE,
    "incident.reclassified.kind": CODE,
    "keeping.retention-set.basis": "a document's number: its pattern leaves no room for a sentence",
    "model.card-accepted.card_sha256": DIGEST,
    "model.card-accepted.generation": DIGEST,
    "model.card-accepted.licence": PUBLIC,
    "model.card-accepted.model": "a model's name, or a folder of the server: its pattern leaves no room for a sentence",
    "model.card-accepted.precision": CODE,
    "model.card-accepted.weights_sha256": DIGEST,
    "model.generation-removed.generation": DIGEST,
    "model.switch-abandoned.generation": DIGEST,
    "model.switch-begun.from_generation": DIGEST,
    "model.switch-begun.to_generation": DIGEST,
    "model.switch-completed.generation": DIGEST,
    "officer.candidate-selected.service": CODE,
    "officer.certification-lapsed.cause": CODE,
    "officer.certification-lapsed.service": CODE,
    "officer.training-completed.course": CODE,
    "policy.adopted.name": PUBLIC,
    "post.ended.cause": CODE,
    "policy.adopted.sha256": DIGEST,
    "prevention-case.attachment-added.media_type": CODE,
    "prevention-case.attachment-added.sealed_sha256": DIGEST,
    "prevention-case.closed.outcome": CODE,
    "prevention-case.contact-noted.kind": CODE,
    "prevention-case.measure-completed.result": CODE,
    "prevention-case.measure-scheduled.kind": CODE,
    "prevention-case.opened.ground": CODE,
    "prevention-case.opened.pseudonym": PSEUDONYM,
    "prevention-case.risk-assessed.level": CODE,
    "prevention-case.risk-assessed.protective_factors": CODE,
    "report.closed.outcome": CODE,
    "report.redirected.body": CODE,
    "report.redirected.region": CODE,
    "report.submitted.category": CODE,
    "report.submitted.photos.sealed_sha256": DIGEST,
    "report.submitted.region": CODE,
    "report.triaged.priority": CODE,
    "role.given.role": CODE,
    "role.withdrawn.role": CODE,
    "search.hit-reviewed.verdict": CODE,
    "search.refused.code": CODE,
    "search.refused.kind": CODE,
    "search.run.coverage.destroyed.by": CODE,
    "search.run.coverage.destroyed.footage_sha256": DIGEST,
    "search.run.coverage.destroyed.order": "a document's number: its pattern leaves no room for a sentence",
    "search.run.coverage.unavailable_segments": MACHINE,
    "search.run.calibration": DIGEST,
    "search.run.generation": DIGEST,
    "search.run.kind": CODE,
    "search.run.moments.footage_sha256": DIGEST,
    "search.run.moments.row_kind": CODE,
    "search.run.moments.strength": CODE,
    "search.run.strength": CODE,
    "session.refused.code": CODE,
    "station.closed.cause": CODE,
    "station.opened.name": PUBLIC,
    "station.opened.place": PUBLIC,
    "unit.created.kind": CODE,
    "unit.created.name": PUBLIC,
    "unit.created.region": CODE,
    "school.registered.name": PUBLIC,
    "school.registered.region": CODE,
    "school.passport-updated.points.point": CODE,
    "school.session-held.subject": CODE,
    "school.session-held.audience": CODE,
    "school.session-held.groups.age_group": CODE,
    "school.help-contact-named.role": CODE,
    "initiative.launched.title": PUBLIC,
    "initiative.launched.region": CODE,
    "initiative.issue-raised.category": CODE,
    "initiative.commitment-made.body": PUBLIC,
    "initiative.commitment-made.what": PUBLIC,
    "referral.sent.pseudonym": PSEUDONYM,
    "referral.sent.service": CODE,
    "referral.sent.purpose": CODE,
    "referral.sent.fields": CODE,
    "referral.declined.cause": CODE,
    "referral.service-delivered.service": CODE,
    "referral.completed.outcome": CODE,
    "referral.revoked.cause": CODE,
    "conference.called.pseudonym": PSEUDONYM,
    "conference.agency-admitted.purpose": CODE,
    "conference.agency-admitted.fields": CODE,
    "conference.agency-excluded.cause": CODE,
    "conference.task-agreed.service": CODE,
    "conference.cancelled.cause": CODE,
    "agency.registered.kind": CODE,
    "agency.registered.name": PUBLIC,
    "agency.registered.region": CODE,
    "consent.given.fields": CODE,
    "consent.given.giver": CODE,
    "consent.given.pseudonym": PSEUDONYM,
    "consent.given.purposes": CODE,
    "consent.not-sought.cause": CODE,
    "consent.not-sought.fields": CODE,
    "consent.not-sought.pseudonym": PSEUDONYM,
    "consent.not-sought.purposes": CODE,
    "consent.overridden.basis": CODE,
    "consent.override-requested.basis": CODE,
    "consent.refused.fields": CODE,
    "consent.refused.giver": CODE,
    "consent.refused.pseudonym": PSEUDONYM,
    "consent.refused.purposes": CODE,
    "consent.withdrawn.giver": CODE,
    "sharing-agreement.fields-narrowed.fields": CODE,
    "sharing-agreement.proposed.fields": CODE,
    "sharing-agreement.proposed.purposes": CODE,
    "sharing-agreement.purpose-added.purpose": CODE,
    "sharing-agreement.purpose-proposed.purpose": CODE,
    "camera-import.completed.sha256": DIGEST,
    "programme.adopted.funder": PUBLIC,
    "programme.adopted.goals.kind": CODE,
    "programme.adopted.name": PUBLIC,
    "programme.adopted.region": CODE,
    "programme.cameras-funded.funder": PUBLIC,
}


def leaves(path: str, shape: shapes.Type) -> list[tuple[str, shapes.Type]]:
    """The plain parts of a field's type, each with the path that leads there."""
    match shape:
        case shapes.StructType(cls=cls, fields=fields):
            assert cls.__struct_config__.frozen, f"{path}: {cls.__name__} is not frozen"
            return [leaf for field in fields for leaf in leaves(f"{path}.{field.name}", field.type)]
        case shapes.VarTupleType(item_type=item):
            return leaves(path, item)
        case shapes.TupleType(item_types=items) | shapes.UnionType(types=items):
            return [leaf for item in items for leaf in leaves(path, item)]
    return [(path, shape)]


@events_by_topic
def test_topic_is_a_thing_and_what_happened(topic: str, cls: type[Event]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*", topic)
    assert topic == cls.TOPIC
    assert cls.__module__.startswith("domain.")


@events_by_topic
def test_event_is_frozen_and_its_fields_have_names(topic: str, cls: type[Event]) -> None:
    assert cls.__struct_config__.frozen
    assert cls.__struct_config__.omit_defaults
    kinds = {parameter.kind for parameter in inspect.signature(cls).parameters.values()}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY}, f"{cls.__name__} takes positions"


@events_by_topic
def test_event_has_only_parts_that_can_be_stored(topic: str, cls: type[Event]) -> None:
    for path, shape in leaves(topic, shapes.type_info(cls)):
        sealed = isinstance(shape, shapes.CustomType) and shape.cls is Sealed
        assert sealed or isinstance(shape, PLAIN), f"{path}: {shape}"


@events_by_topic
def test_what_is_sealed_is_a_frozen_value_of_personal(topic: str, cls: type[Event]) -> None:
    for name, hint in typing.get_type_hints(cls).items():
        for part in [hint, *get_args(hint)]:
            if get_origin(part) is Sealed:
                (value,) = get_args(part)
                assert getattr(personal, value.__name__) is value, f"{topic}.{name}"
                assert value.__struct_config__.frozen


def test_every_clear_string_has_its_reason() -> None:
    clear = {
        path
        for topic, cls in EVENTS
        for path, shape in leaves(topic, shapes.type_info(cls))
        if isinstance(shape, shapes.StrType)
    }
    assert clear - CLEAR_STRINGS.keys() == set(), "seal these, or give the reason why they may stand in the clear"
    assert CLEAR_STRINGS.keys() - clear == set(), "these are gone"


def test_no_name_of_a_field_is_one_that_people_have() -> None:
    """A field called like this is personal, whatever its type."""
    named = re.compile(r"(^|_)(full_name|surname|birth|phone|email|address|passport|text|note|reason|narrative)$")
    for topic, cls in EVENTS:
        for name, hint in typing.get_type_hints(cls).items():
            if named.search(name):
                assert any(get_origin(part) is Sealed for part in [hint, *get_args(hint)]), f"{topic}.{name}"


def test_every_event_is_folded_by_exactly_one_aggregate() -> None:
    folded = [cls for decider in DECIDERS.values() for cls in decider.evolves]
    assert len(folded) == len(set(folded))
    assert {*folded, *UNDECIDED} == set(TOPICS.values())
    for kind, decider in DECIDERS.items():
        assert {cls.TOPIC.split(".")[0] for cls in decider.evolves} == {kind}


COMMANDS = [*(command for decider in DECIDERS.values() for command in decider.decides), *OF_TWO_STREAMS]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_command_is_frozen_and_its_fields_have_names(command: Any) -> None:
    assert command.__struct_config__.frozen
    kinds = {parameter.kind for parameter in inspect.signature(command).parameters.values()}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("kind", DECIDERS)
def test_state_is_frozen(kind: str) -> None:
    (state,) = {typing.get_type_hints(evolve)["return"] for evolve in DECIDERS[kind].evolves.values()}
    assert issubclass(state, msgspec.Struct)
    assert state.__struct_config__.frozen


def test_a_topic_is_claimed_once() -> None:
    with pytest.raises(TypeError, match=r"unit\.created"):
        type("Again", (Event,), {"TOPIC": "unit.created"}, frozen=True, kw_only=True)
    assert TOPICS["unit.created"].__name__ == "UnitCreated"
