"""Histories to fold: valid ones of every event there is, made of plain numbers so that a failing one shrinks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from domain import (
    account,
    camera,
    child_events,
    clip,
    disclosure,
    footage_events,
    footage_search,
    incident,
    involvement,
    policy,
    role_grant,
    search_coverage,
    sign_in,
    unit,
)
from domain import authorisation_events as authority
from domain import keeping_events as kept
from domain import model_events as models
from domain.camera_indexing import IndexingConfigured
from domain.event import Event, Meta
from domain.ids import (
    MODEL_STREAM,
    NAMESPACE,
    POLICY_STREAM,
    account_id,
    camera_id,
    footage_id,
    involvement_id,
    keeping_id,
    role_grant_id,
)
from domain.log import Change, EventLog
from domain.personal import ChildContacts, ChildIdentity, FileName, Narrative, PersonName, Reason, SearchQuery
from domain.sealed import Sealed
from tests.projections.claim_histories import Claims
from tests.projections.histories_of_cases import PreventionCases
from tests.projections.histories_of_communities import Communities
from tests.projections.histories_of_concerns import OfficersAndConcerns
from tests.projections.histories_of_referrals import Referrals
from tests.projections.histories_of_reports import Reports
from tests.projections.histories_of_schools import SchoolsAndInitiatives
from tests.projections.histories_of_sharing import Sharing
from tests.projections.histories_of_the_network import CameraNetwork
from tests.projections.histories_of_webhooks import Webhooks

START = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
STEP = timedelta(minutes=1)
REGIONS = ("UA-30", "UA-32", "UA-09")
KINDS = ("bullying", "missing-child", "theft", "assault")
ROLES = ("investigator", "supervisor", "auditor")

Moves = Sequence[tuple[int, int]]


def key(kind: str, number: int) -> UUID:
    return uuid5(NAMESPACE, f"test:{kind}:{number}")


class District:
    """Invents one valid command after another: `choice` picks which, `salt` its facts."""

    def __init__(self) -> None:
        self.versions: dict[UUID, int] = {}
        self.commands = 0
        self.now = START
        self.units: list[UUID] = []
        self.accounts: dict[UUID, str] = {}  # to its state
        self.roles: dict[tuple[UUID, str], bool] = {}
        self.cameras: dict[UUID, str] = {}
        self.archived = self.clips = 0
        self.footage: dict[UUID, tuple[str, UUID, str, int]] = {}  # not done yet: to (sha256, camera, state, attempt)
        self.holds: dict[UUID, UUID] = {}  # to its camera
        self.of_claims = Claims()
        self.incidents: dict[UUID, str] = {}
        self.authorisations: dict[UUID, tuple[str, int]] = {}  # to (state, searches drawn)
        self.models = 0  # steps taken with them
        self.searches: dict[UUID, int] = {}  # to how many moments it found
        self.of_concerns = OfficersAndConcerns(lambda: self.now)
        self.of_network = CameraNetwork(lambda: self.now, self.cameras)
        self.of_cases = PreventionCases(lambda: self.now)
        self.of_communities = Communities(lambda: self.now)
        self.of_schools = SchoolsAndInitiatives(lambda: self.now)
        self.of_sharing = Sharing(lambda: self.now)
        self.of_reports = Reports(lambda: self.now)
        self.of_referrals = Referrals(lambda: self.now)
        self.of_webhooks = Webhooks(lambda: self.now)
        self.children: dict[UUID, str] = {}  # to what is next: nothing special, a decision, destruction, nothing
        self.merged: dict[UUID, UUID] = {}  # to the profile that survived

    def act(self, choice: int, salt: int) -> tuple[list[Change], Meta]:
        """The changes of the next command, as an application would append them."""
        possible = [make for make, events in self._table(salt) if events is not None]
        return self.do(possible[choice % len(possible)], salt)

    def do(self, make: Callable[[int], Any], salt: int) -> tuple[list[Change], Meta]:
        self.commands += 1
        self.now += STEP
        changes = [self._change(stream, events) for stream, events in make(salt)]
        actor = self._pick(list(self.accounts), salt) or key("actor", salt % 5)
        meta = Meta(
            actor=actor,
            role="investigator",
            purpose="case 12/26",
            command_id=key("command", self.commands),
            correlation_id=key("correlation", self.commands),
            recorded_at=self.now,
        )
        return changes, meta

    def _change(self, stream: UUID, events: Sequence[Event]) -> Change:
        expected = self.versions.get(stream, 0)
        self.versions[stream] = expected + len(events)
        return Change(stream, expected, tuple(events))

    def _table(self, salt: int) -> list[tuple[Callable[[int], Any], object]]:
        """What can be done, each beside what it needs (None: not now)."""
        claimed = self._footage_in(salt, "claimed")
        return [
            (self.create_unit, True),
            (self.create_account, self.units or None),
            (self.suspend_account, self._pick([a for a, s in self.accounts.items() if s == "active"], salt)),
            (self.set_password, self._pick([a for a, s in self.accounts.items() if s == "active"], salt)),
            (self.sign_in, self.accounts or None),
            (self.give_or_withdraw_role, self.accounts or None),
            (self.adopt_policy, True),
            (self.go_on_with_models, True),
            (self.register_camera, True),
            (self.report_outage, self._camera_in(salt, "working")),
            (self.restore_camera, self._camera_in(salt, "out")),
            (self.configure_camera, self._camera_in(salt, "working", "out", "decommissioned")),
            (self.decommission_camera, self._camera_in(salt, "working", "out") if salt % 9 == 0 else None),
            (self.archive_footage, self._camera_in(salt, "working", "out")),
            (self.claim_footage, self._footage_in(salt, "archived", "failed")),
            (self.renew_claim, claimed),
            (self.index_footage, claimed),
            (self.reject_footage, claimed),
            (self.fail_footage, claimed),
            (self.release_claim, claimed),
            (self.retry_footage, self._footage_in(salt, "failed", "given up")),
            (self.reindex_footage, claimed),
            (self.correct_clock, self._footage_in(salt, "archived", "failed")),
            (self.scrub_footage, self._footage_in(salt, "archived", "failed", "given up")),
            (self.purge_footage, self._footage_in(salt, "failed", "given up") if salt % 5 == 0 else None),
            (self.erase_footage, self._footage_in(salt, "archived")),
            (self.set_retention, self.cameras or None),
            (self.place_hold, self.cameras or None),
            (self.release_hold, self._pick(list(self.holds), salt)),
            (self.record_incident, True),
            (self.change_incident, self._incident(salt)),
            (self.link_case, self._incident(salt)),
            (self.register_child, True),
            (self.change_child, self._child(salt, "registered")),
            (self.merge_children, self._child(salt, "registered") if self._unmerged(salt) else None),
            (self.part_children, self.merged or None),
            (self.ask_for_erasure, self._child(salt, "registered") if salt % 3 == 0 else None),
            (self.decide_on_erasure, self._child(salt, "asked")),
            (self.destroy_identity, self._child(salt, "erased")),
            (self.request_authorisation, self.cameras or None),
            (self.decide_authorisation, self._authorisation(salt, "requested")),
            (self.end_authorisation, self._authorisation(salt, "approved")),
            (self.run_search, self._authorisation(salt, "approved")),
            (self.refuse_search, True),
            (self.cut_clip, self._footage_in(salt, "archived", "failed") if salt % 4 == 0 else None),
            (self.disclose, True),
            *self.of_claims.table(salt),
            (self.review_hit, self._pick([s for s, found in self.searches.items() if found], salt)),
            *self.of_concerns.table(salt),
            *self.of_network.table(salt),
            *self.of_cases.table(salt),
            *self.of_communities.table(salt),
            *self.of_schools.table(salt),
            *self.of_sharing.table(salt),
            *self.of_reports.table(salt),
            *self.of_referrals.table(salt),
            *self.of_webhooks.table(salt),
        ]

    # ------------------------------------------------------------------ people

    def create_unit(self, salt: int) -> Any:
        stream = key("unit", len(self.units))
        self.units.append(stream)
        yield stream, [unit.UnitCreated(name=f"Unit {salt % 7}", region=REGIONS[salt % 3], kind="patrol")]

    def create_account(self, salt: int) -> Any:
        username = f"user{len(self.accounts)}"
        stream = account_id(username)
        self.accounts[stream] = "active"
        person = Sealed(stream, PersonName(f"Person {salt}"))
        yield (
            stream,
            [account.AccountCreated(username=username, unit=self.units[salt % len(self.units)], person=person)],
        )

    def suspend_account(self, salt: int) -> Any:
        stream = self._pick([a for a, s in self.accounts.items() if s == "active"], salt)
        self.accounts[stream] = "suspended"
        yield stream, [account.AccountSuspended(reason=Sealed(stream, Reason("left")))]

    def set_password(self, salt: int) -> Any:
        stream = self._pick([a for a, s in self.accounts.items() if s == "active"], salt)
        kind = account.PasswordChanged if salt % 2 else account.PasswordReset
        yield stream, [kind(credential=key("credential", salt))]

    def sign_in(self, salt: int) -> Any:
        of = self._pick(list(self.accounts), salt)
        opened: Event = sign_in.SignedIn(account=of, initial=salt % 3 == 0)
        refused = sign_in.SignInRefused(account=of, code="wrong-password")
        yield key("session", self.commands), [opened if salt % 2 else refused]

    def give_or_withdraw_role(self, salt: int) -> Any:
        of, role = self._pick(list(self.accounts), salt), ROLES[salt % 3]
        stream = role_grant_id(of, role)
        given = self.roles.get((of, role), False)
        self.roles[of, role] = not given
        event: Event = role_grant.RoleGiven(account=of, role=role, unit=self.units[salt % len(self.units)])
        yield stream, [role_grant.RoleWithdrawn(account=of, role=role) if given else event]

    def adopt_policy(self, salt: int) -> Any:
        yield POLICY_STREAM, [policy.PolicyAdopted(sha256=f"{salt % 16:x}" * 64, name=f"policy {salt}")]

    # ------------------------------------------------------------------ cameras and footage

    def register_camera(self, salt: int) -> Any:
        name = f"CAM-{len(self.cameras):05}"
        stream = camera_id(name)
        self.cameras[stream] = "working"
        yield (
            stream,
            [
                camera.CameraRegistered(
                    name=name,
                    region=REGIONS[salt % 3],
                    community=f"Community {salt % 5}",
                    owner="city",
                    place="School 4, gate",
                    place_kind="school-gate",
                    latitude=50.45 if salt % 2 else None,
                    longitude=30.52 if salt % 2 else None,
                    analytics=salt % 10 == 0,
                    installed_at=START - timedelta(days=salt % 900),
                )
            ],
        )

    def report_outage(self, salt: int) -> Any:
        stream = self._camera_in(salt, "working")
        self.cameras[stream] = "out"
        yield stream, [camera.OutageReported(from_at=self.now - timedelta(minutes=salt % 50))]

    def configure_camera(self, salt: int) -> Any:
        stream = self._camera_in(salt, "working", "out", "decommissioned")
        heads = "upright" if salt % 2 else None
        yield stream, [IndexingConfigured(frames_per_second=0.5 * (1 + salt % 4), masked_heads=heads)]

    def restore_camera(self, salt: int) -> Any:
        stream = self._camera_in(salt, "out")
        self.cameras[stream] = "working"
        yield stream, [camera.CameraRestored(at=self.now)]

    def decommission_camera(self, salt: int) -> Any:
        stream = self._camera_in(salt, "working", "out")
        self.cameras[stream] = "decommissioned"
        yield stream, [camera.CameraDecommissioned(at=self.now)]

    def archive_footage(self, salt: int) -> Any:
        of = self._camera_in(salt, "working", "out")
        self.archived += 1
        sha256 = f"{self.archived:064x}"
        stream = footage_id(sha256)
        self.footage[stream] = (sha256, of, "archived", 0)
        name = Sealed(stream, FileName(f"file {salt}.mp4"))
        yield (
            stream,
            [
                footage_events.FootageArchived(
                    sha256=sha256,
                    size_bytes=1_000 + salt,
                    camera=of,
                    recorded_at=self.now - timedelta(seconds=600),
                    uncertainty_seconds=0.5,
                    anchor_source="operator",
                    duration_seconds=60.25,
                    codec="h264",
                    container="mp4",
                    width=1920,
                    height=1080,
                    name=name,
                )
            ],
        )
        yield (
            of,
            [
                camera.FootageReceived(
                    footage_sha256=sha256,
                    from_at=self.now - timedelta(seconds=600),
                    to_at=self.now - timedelta(seconds=539.75),
                    uncertainty_seconds=0.5,
                )
            ],
        )

    def claim_footage(self, salt: int) -> Any:
        stream = self._footage_in(salt, "archived", "failed")
        attempt = self._move_footage(stream, "claimed", 1)
        lease_until = self.now + timedelta(seconds=120)
        yield stream, [footage_events.FootageClaimed(worker=f"w{salt % 4}", lease_until=lease_until, attempt=attempt)]

    def renew_claim(self, salt: int) -> Any:
        stream = self._footage_in(salt, "claimed")
        yield stream, [footage_events.ClaimRenewed(lease_until=self.now + timedelta(seconds=120))]

    def index_footage(self, salt: int) -> Any:
        stream = self._footage_in(salt, "claimed")
        del self.footage[stream]
        from_at = self.now - timedelta(seconds=600)
        gaps = ((from_at + timedelta(seconds=10), from_at + timedelta(seconds=12)),) if salt % 3 == 0 else ()
        yield (
            stream,
            [
                footage_events.FootageIndexed(
                    generation="g" * 64,
                    pipeline="p" * 64,
                    units=1 + salt % 3,
                    rows=salt % 500,
                    from_at=from_at,
                    to_at=from_at + timedelta(seconds=60),
                    gaps=gaps,
                    frames_sampled=salt % 120,
                    codec="h264",
                    width=1920,
                    height=1080,
                )
            ],
        )

    def reject_footage(self, salt: int) -> Any:
        stream = self._footage_in(salt, "claimed")
        sha256, of, _, _ = self.footage.pop(stream)
        yield stream, [footage_events.FootageRejected(reason_code="no-video-stream", detail="no stream")]
        yield of, [camera.FootageReleased(footage_sha256=sha256)]

    def fail_footage(self, salt: int) -> Any:
        stream = self._footage_in(salt, "claimed")
        attempt = self.footage[stream][3]
        self._move_footage(stream, "given up" if attempt >= 3 else "failed")
        yield (
            stream,
            [
                footage_events.FootageFailed(
                    reason_code="decoder-killed",
                    detail="out of time",
                    attempt=attempt,
                    final=attempt >= 3,
                    retry_at=None if attempt >= 3 or salt % 2 else self.now + timedelta(seconds=60),
                )
            ],
        )

    def release_claim(self, salt: int) -> Any:
        stream = self._footage_in(salt, "claimed")
        sha256, of, _, attempt = self.footage[stream]
        self.footage[stream] = (sha256, of, "failed" if attempt > 1 else "archived", attempt - 1)
        yield stream, [footage_events.ClaimReleased(attempts=attempt - 1)]

    def retry_footage(self, salt: int) -> Any:
        stream = self._footage_in(salt, "failed", "given up")
        sha256, of, _, _ = self.footage[stream]
        self.footage[stream] = (sha256, of, "archived", 0)
        yield stream, [footage_events.FootageRetried()]

    # ------------------------------------------------------------------ keeping

    def reindex_footage(self, salt: int) -> Any:
        yield self._anew(self._footage_in(salt, "claimed")), [kept.FootageReindexed(reason_code="operator")]

    def correct_clock(self, salt: int) -> Any:
        stream = self._anew(self._footage_in(salt, "archived", "failed"))
        yield (
            stream,
            [
                kept.ClockCorrected(
                    recorded_at=self.now - timedelta(seconds=900 + salt % 60),
                    uncertainty_seconds=0.25,
                    anchor_source="operator",
                    reason=Sealed(stream, Reason(f"clock {salt}")),
                )
            ],
        )

    def scrub_footage(self, salt: int) -> Any:
        stream = self._footage_in(salt, "archived", "failed", "given up")
        yield stream, [kept.OriginalDamaged(fault="altered") if salt % 2 else kept.OriginalSound()]

    def purge_footage(self, salt: int) -> Any:
        stream = self._footage_in(salt, "failed", "given up")
        del self.footage[stream]
        gone = kept.FootagePurged(kept_until=self.now, retention_days=30)
        yield stream, [gone, *([self._destroyed(salt)] if salt % 2 else [])]

    def erase_footage(self, salt: int) -> Any:
        stream = self._footage_in(salt, "archived")
        asked = kept.ErasureRequested(
            order=f"757/{salt}", by=key("by", salt), reason=Sealed(stream, Reason(f"order {salt}"))
        )
        if salt % 3 == 0:
            refused = kept.ErasureRefused(by=key("by", salt + 1), reason=Sealed(stream, Reason("no")))
            yield stream, [asked, refused]
            return
        del self.footage[stream]
        erased = kept.FootageErased(order=f"757/{salt}", requested_by=key("by", salt), by=key("by", salt + 1))
        yield stream, [asked, erased, self._destroyed(salt)]

    def set_retention(self, salt: int) -> Any:
        of = self._pick(list(self.cameras), salt)
        yield (
            keeping_id(of),
            [kept.RetentionSet(camera=of, days=1 + salt % 90, effective_at=self.now, basis=f"№ {salt}")],
        )

    def place_hold(self, salt: int) -> Any:
        of, hold = self._pick(list(self.cameras), salt), key("hold", self.commands)
        self.holds[hold] = of
        span = {"from_at": self.now - timedelta(hours=1), "to_at": self.now}
        reason = Sealed(hold, Reason(f"hold {salt}"))
        by, unit_key = key("by", salt), key("unit", salt)
        yield hold, [kept.HoldPlaced(cameras=(of,), **span, case=f"12026/{salt}", by=by, unit=unit_key, reason=reason)]
        yield keeping_id(of), [kept.FootageHeld(camera=of, hold=hold, **span)]

    def release_hold(self, salt: int) -> Any:
        hold = self._pick(list(self.holds), salt)
        of = self.holds.pop(hold)
        yield hold, [kept.HoldReleased(by=key("by", salt), reason=Sealed(hold, Reason("over")))]
        yield keeping_id(of), [kept.HoldLifted(camera=of, hold=hold)]

    def _anew(self, stream: UUID) -> UUID:
        sha256, of, _, _ = self.footage[stream]
        self.footage[stream] = (sha256, of, "archived", 0)
        return stream

    @staticmethod
    def _destroyed(salt: int) -> Event:
        return kept.FootageDestroyed(original_bytes=salt, rows=salt % 7, segments_rewritten=salt % 3)

    # ------------------------------------------------------------------ casework

    def record_incident(self, salt: int) -> Any:
        stream = key("incident", len(self.incidents))
        self.incidents[stream] = "open"
        occurred = self.now - timedelta(hours=salt % 48)
        yield (
            stream,
            [
                incident.IncidentRecorded(
                    kind=KINDS[salt % 4],
                    occurred_from=occurred,
                    occurred_to=occurred + timedelta(minutes=salt % 60),
                    region=REGIONS[salt % 3],
                    community=f"Community {salt % 5}",
                    unit=self._pick(self.units, salt) or key("unit", 0),
                    officer=self._pick(list(self.accounts), salt) or key("officer", 0),
                    narrative=Sealed(stream, Narrative(f"What happened, {salt}")),
                    names=(key("person", salt % 3),) if salt % 2 else (),
                )
            ],
        )

    def change_incident(self, salt: int) -> Any:
        stream = self._incident(salt)
        reason = Sealed(stream, Reason("because"))
        child = salt // 5 % 3
        events: list[Event] = [
            incident.IncidentReclassified(kind=KINDS[salt % 3], reason=reason),
            incident.ChildLinked(child=key("child", child), pseudonym=f"CH-{child:04}", role="victim"),
            incident.ChildLinked(child=key("child", child), pseudonym=f"CH-{child:04}", role="witness"),
            incident.FootageLinked(
                footage_sha256=f"{salt:064x}",
                camera=key("camera", 1),
                from_at=self.now,
                to_at=self.now + STEP,
                search=key("search", 1) if salt % 2 else None,
                rank=2 if salt % 2 else None,
            ),
            incident.IncidentVoided(reason=reason),
            incident.CameraLinked(camera=key("camera", salt % 3)),
        ]
        picked = events[salt // 3 % 6]
        if isinstance(picked, incident.IncidentVoided):
            self.incidents[stream] = "voided"
        if isinstance(picked, incident.CameraLinked) and salt % 2:
            yield stream, [picked, incident.CameraUnlinked(camera=picked.camera)]
        elif isinstance(picked, incident.ChildLinked) and salt % 7 == 0:
            yield stream, [picked, incident.ChildUnlinked(child=picked.child, role=picked.role, reason=reason)]
        else:
            yield stream, [picked]

    def link_case(self, salt: int) -> Any:
        of = self._incident(salt)
        linked = involvement.CaseLinked(incident=of, case=key("case", salt % 3))
        yield (
            involvement_id(of),
            [linked, involvement.CaseUnlinked(incident=of, case=linked.case)] if salt % 3 == 0 else [linked],
        )

    # ------------------------------------------------------------------ children

    def register_child(self, salt: int) -> Any:
        stream = key("child", len(self.children))
        self.children[stream] = "registered"
        told = Sealed(key("record", self.commands), Narrative(f"about {salt}")) if salt % 2 else None
        registered = child_events.ChildRegistered(
            pseudonym=f"CH-{len(self.children):04}",
            unit=self._pick(self.units, salt) or key("unit", 0),
            identity=Sealed(stream, ChildIdentity(surname=f"Surname {salt}")),
            contacts=Sealed(stream, ChildContacts(school=f"School {salt}")) if salt % 3 else None,
            narrative=told,
            names=(key("person", salt % 3),) if salt % 4 == 1 else (),
        )
        yield stream, [registered]

    def change_child(self, salt: int) -> Any:
        stream = self._child(salt, "registered")
        told = Sealed(key("record", self.commands), Narrative(f"about {salt}"))
        changes: tuple[Event, ...] = (
            child_events.IdentityCorrected(
                identity=Sealed(stream, ChildIdentity(surname=f"Surname {salt}")), reason=Sealed(stream, Reason("slip"))
            ),
            child_events.ContactsCorrected(contacts=Sealed(stream, ChildContacts())),
            child_events.NarrativeAdded(narrative=told, names=(key("person", salt % 3),)),
        )
        yield stream, [changes[salt % 3]]

    def merge_children(self, salt: int) -> Any:
        survivor, other = self._unmerged(salt)
        self.merged[other] = survivor
        self.children[other] = "merged"
        reason = Sealed(key("record", self.commands), Reason("one child"))
        yield survivor, [child_events.ProfilesMerged(other=other, reason=reason)]
        yield other, [child_events.MergedInto(survivor=survivor)]

    def part_children(self, salt: int) -> Any:
        other = self._pick(list(self.merged), salt)
        survivor = self.merged.pop(other)
        self.children[other] = "registered"
        reason = Sealed(key("record", self.commands), Reason("two children"))
        yield survivor, [child_events.ProfilesUnmerged(other=other, reason=reason)]
        yield other, [child_events.MergeUndone(survivor=survivor)]

    def ask_for_erasure(self, salt: int) -> Any:
        stream = self._child(salt, "registered")
        reason = Sealed(stream, Reason("a request"))
        asked = child_events.ChildErasureRequested(order=f"757/{salt}", by=key("by", salt), reason=reason)
        if stream not in self.merged.values():
            self.children[stream] = "asked"
            yield stream, [asked]

    def decide_on_erasure(self, salt: int) -> Any:
        stream = self._child(salt, "asked")
        by = key("by", salt + 1)
        if salt % 2:
            self.children[stream] = "registered"
            yield stream, [child_events.ChildErasureRefused(by=by, reason=Sealed(stream, Reason("no")))]
            return
        self.children[stream] = "erased"
        yield stream, [child_events.IdentityErased(order=f"757/{salt}", requested_by=key("by", salt), by=by)]

    def destroy_identity(self, salt: int) -> Any:
        stream = self._child(salt, "erased")
        self.children[stream] = "destroyed"
        yield stream, [child_events.IdentityDestroyed(records=salt % 5)]

    # ------------------------------------------------------------------ searches

    def request_authorisation(self, salt: int) -> Any:
        stream = key("authorisation", len(self.authorisations))
        self.authorisations[stream] = ("requested", 0)
        yield (
            stream,
            [
                authority.AuthorisationRequested(
                    requester=key("account", salt % 4),
                    requester_unit=key("unit", salt % 3),
                    legal_basis="court-order",
                    reference=f"760/{salt}/26",
                    incident=key("incident", salt % 5),
                    cameras=tuple(list(self.cameras)[: 1 + salt % 6]),
                    window_from=self.now - timedelta(days=1),
                    window_to=self.now,
                    quota=10,
                    purpose=Sealed(stream, Reason("to find the van")),
                    valid_hours=24,
                )
            ],
        )

    def decide_authorisation(self, salt: int) -> Any:
        stream = self._authorisation(salt, "requested")
        by = key("account", 90 + salt % 4)
        by_unit = key("unit", 9)
        reason = Sealed(stream, Reason("too wide"))
        expires_at = self.now + timedelta(hours=24)
        if salt % 4 == 0:
            yield stream, [authority.ApprovalDenied(by=by, by_unit=by_unit, code="approver-is-requester")]
        elif salt % 4 == 1:
            self.authorisations[stream] = ("refused", 0)
            refused = authority.AuthorisationRefused(by=by, reason=reason)
            withdrawn = authority.AuthorisationWithdrawn(by=by, reason=reason)
            yield stream, [withdrawn if salt % 8 == 1 else refused]
        else:
            self.authorisations[stream] = ("approved", 0)
            approved = authority.AuthorisationApproved(approver=by, approver_unit=by_unit, expires_at=expires_at)
            yield stream, [approved]

    def end_authorisation(self, salt: int) -> Any:
        stream = self._authorisation(salt, "approved")
        self.authorisations[stream] = ("ended", 0)
        reason = Sealed(stream, Reason("found"))
        event: Event = authority.AuthorisationRevoked(by=key("account", 91), reason=reason)
        yield stream, [authority.AuthorisationExpired(at=self.now) if salt % 2 else event]

    def run_search(self, salt: int) -> Any:
        of = self._authorisation(salt, "approved")
        _, drawn = self.authorisations[of]
        self.authorisations[of] = ("approved", drawn + 1)
        stream = key("search", len(self.searches))
        self.searches[stream] = salt % 8
        yield of, [authority.SearchDrawn(search=stream, number=drawn + 1)]
        yield stream, [self._search_run(stream, of, salt)]

    def _search_run(self, stream: UUID, of: UUID, salt: int) -> Event:
        from_at = self.now - timedelta(hours=3)
        moments = tuple(
            footage_search.FoundMoment(
                rank=rank,
                camera=key("camera", rank),
                from_at=from_at + rank * STEP,
                to_at=from_at + (rank + 1) * STEP,
                best_at=from_at + rank * STEP,
                uncertainty_seconds=0.5,
                footage_sha256=f"{rank:064x}",
                row=salt * 100 + rank,
                score=0.4 - rank / 100,
                box=(1, 2, 300, 400),
            )
            for rank in range(1, 1 + salt % 8)
        )
        scope_seconds = 10_800.0
        return footage_search.SearchRun(
            authorisation=of,
            searcher=key("account", salt % 4),
            searcher_unit=key("unit", salt % 3),
            cameras=tuple(list(self.cameras)[: 1 + salt % 6]),
            from_at=from_at,
            to_at=self.now,
            query=Sealed(stream, SearchQuery(text="white van")),
            kind="text",
            unknown_words_count=salt % 2,
            generation="g" * 64,
            limit=10,
            moments=moments,
            coverage=search_coverage.SearchCoverage(
                complete=salt % 2 == 0, scope_seconds=scope_seconds, searched_seconds=scope_seconds, rows_in_scope=salt
            ),
        )

    def cut_clip(self, salt: int) -> Any:
        sha256, of, _, _ = self.footage[self._footage_in(salt, "archived", "failed")]
        self.clips += 1
        asked: dict[str, Any] = {
            "authorisation": key("authorisation", salt % 3),
            "by": key("account", salt % 4),
            "unit": key("unit", salt % 3),
            "footage_sha256": sha256,
            "camera": of,
            "asked_from": self.now - timedelta(seconds=590),
            "asked_to": self.now - timedelta(seconds=580),
            "mode": ("lossless", "exact")[salt % 2],
        }
        if salt % 3 == 0:
            yield key("clip", self.clips), [clip.ClipRefused(code="outside-cameras", **asked)]
            return
        cut = clip.ClipCut(
            recorded_at=self.now - timedelta(seconds=600),
            uncertainty_seconds=0.5,
            from_at=self.now - timedelta(seconds=591),
            to_at=self.now - timedelta(seconds=579),
            frames=1 + salt,
            container="mp4",
            codec="h264",
            software="PyAV",
            sha256=f"{salt:064x}",
            size_bytes=1 + salt,
            **asked,
        )
        yield key("clip", self.clips), [cut]

    def refuse_search(self, salt: int) -> Any:
        stream = key("search", len(self.searches))
        self.searches[stream] = 0
        refused = footage_search.SearchRefused(
            authorisation=None if salt % 2 else key("authorisation", 0),
            searcher=key("account", salt % 4),
            searcher_unit=key("unit", salt % 3),
            code="outside-cameras",
            cameras=(key("camera", 1),),
            from_at=self.now - STEP,
            to_at=self.now,
            query=Sealed(stream, SearchQuery(text="white van")),
            kind="text",
        )
        yield stream, [refused]

    def go_on_with_models(self, salt: int) -> Any:
        """A card is accepted, a switch to it begun, completed or abandoned, and what is left goes."""
        generation, held = f"{self.models // 4:064x}", {"units": salt, "rows": 9 * salt, "bytes": 999 * salt}
        by, why = key("account", salt % 4), Sealed(MODEL_STREAM, Reason("reads Ukrainian"))
        digests = {"weights_sha256": f"{salt:064x}", "card_sha256": f"{salt + 1:064x}"}
        is_abandoned = self.models // 4 % 2 == 1
        completed = models.SwitchCompleted(generation=generation, begun_at=self.now, footages=1 + salt, **held)
        steps: tuple[Event, ...] = (
            models.ModelCardAccepted(
                model="offline", precision="float32", generation=generation, licence="MIT", by=by, reason=why, **digests
            ),
            models.SwitchBegun(from_generation="f" * 64, to_generation=generation, by=by),
            models.SwitchAbandoned(generation=generation, by=by, reason=why) if is_abandoned else completed,
            models.GenerationRemoved(generation=generation if is_abandoned else "f" * 64, **held),
        )
        self.models += 1
        yield MODEL_STREAM, [steps[(self.models - 1) % 4]]

    def disclose(self, salt: int) -> Any:
        thing = self._incident(salt) or key("incident", 0)
        subject = thing if salt % 2 else None
        disclosed = disclosure.Disclosed(thing=thing, operation="incident.read-narrative", subject=subject)
        yield key("disclosure", self.commands), [disclosed]

    def review_hit(self, salt: int) -> Any:
        stream = self._pick([s for s, found in self.searches.items() if found], salt)
        rank = 1 + salt % self.searches[stream]
        note = Sealed(stream, Reason("the right one")) if salt % 2 else None
        by = key("account", salt % 4)
        events: list[Event] = [footage_search.HitReviewed(rank=rank, verdict="relevant", by=by, note=note)]
        if salt % 3 == 0:
            events.append(footage_search.HitAttached(rank=rank, incident=key("incident", 0), by=by))
        yield stream, events

    # ------------------------------------------------------------------ picking

    @staticmethod
    def _pick(among: Sequence[Any], salt: int) -> Any:
        return among[salt % len(among)] if among else None

    def _camera_in(self, salt: int, *states: str) -> Any:
        return self._pick([camera for camera, state in self.cameras.items() if state in states], salt)

    def _footage_in(self, salt: int, *states: str) -> Any:
        return self._pick([stream for stream, (_, _, state, _) in self.footage.items() if state in states], salt)

    def _child(self, salt: int, state: str) -> Any:
        return self._pick([child for child, now in self.children.items() if now == state], salt)

    def _unmerged(self, salt: int) -> tuple[UUID, UUID] | None:
        """Two profiles that stand for themselves, the second without any that was merged into it."""
        standing = [child for child, now in self.children.items() if now == "registered"]
        free = [child for child in standing if child not in self.merged.values()]
        survivor, other = self._pick(standing, salt), self._pick(free, salt + 1)
        return None if other is None or survivor == other else (survivor, other)

    def _incident(self, salt: int) -> Any:
        return self._pick([stream for stream, state in self.incidents.items() if state == "open"], salt)

    def _authorisation(self, salt: int, state: str) -> Any:
        return self._pick([stream for stream, (now, _) in self.authorisations.items() if now == state], salt)

    def _move_footage(self, stream: UUID, state: str, attempts: int = 0) -> int:
        sha256, of, _, attempt = self.footage[stream]
        self.footage[stream] = (sha256, of, state, attempt + attempts)
        return attempt + attempts


def write(log: EventLog, moves: Moves, district: District | None = None) -> District:
    """Append a history to a log. Returns the district, which can go on."""
    district = district or District()
    for choice, salt in moves:
        changes, meta = district.act(choice, salt)
        log.append(changes, meta)
    return district
