"""Sends every message until its receiver took it, one webhook after the other's in threads of their own, each in order.

The log is the queue: what was taken is a stream a message, made by one append, so that no crash loses a message and a
message that is sent again is put on record once. A receiver that fails is asked again after ever longer pauses; what
happens meanwhile waits behind it. How far each webhook is, is saved beside: it may be lost, and what was taken is
passed over. So is what cannot be read, since nobody can say who may know of it: it is shown, and how far the webhook is
is saved no more, so that the next start, or who resumes it, has it tried again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec
import structlog

from app.background import Notes
from app.call import now
from app.clockwork import system_meta
from app.desk import Desk
from app.event_store.faults import EventUnreadable
from app.people import People
from app.process_positions import Positions
from app.webhooks.sending import Refused, Sender
from app.webhooks.signing import Secrets, headers
from app.webhooks.subjects import SUBJECTS
from domain.checks import existing
from domain.errors import NotFound, VersionConflict
from domain.event import Recorded
from domain.ids import SYSTEM_ACTOR, webhook_delivery_id
from domain.log import Change, Unreadable
from domain.webhooks import webhook
from domain.webhooks.webhook import ACTIVE, FAILING, GONE, PauseWebhook, Webhook, WebhookDelivered, origin_of
from projections.database import ViewsDatabase
from projections.errors import TRANSIENT
from projections.folding import anchor
from projections.view import kind_of
from projections.webhooks import Standing, active

BATCH_EVENTS = 500
RECEIVERS_MAX = 16  # that are sent to at once
IDLE_SECONDS = 0.25
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 1.0, 3600.0
FAULT_SECONDS = 60.0
PURPOSE = "webhook"


class Waiting(Exception):
    """Not now: the receiver failed, or the account may do nothing. The message stays the next one."""


class Sends(Protocol):
    def send(self, url: str, body: bytes, headed: dict[str, str]) -> None: ...


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """All that a receiver is told: what is read by it, is read over the API."""

    id: UUID
    type: str  # the event's topic
    thing: UUID
    version: int  # of the thing, with this event
    recorded_at: datetime


@dataclass
class Way:
    """How far one webhook is, since the server started or it was resumed."""

    position: int
    attempts: int = 0  # of the message that waits
    failing_since: datetime | None = None
    next_at: datetime | None = None
    fault: str | None = None
    unreadable: dict[UUID, str] = field(default_factory=dict)  # things passed over, and why; replaced, never changed
    under_way: Future[None] | None = None

    @property
    def idle(self) -> bool:
        return self.under_way is None or self.under_way.done()


@dataclass(frozen=True)
class Deliveries:
    desk: Desk
    people: People
    views: ViewsDatabase
    positions: Positions
    secrets: Secrets
    origins: tuple[str, ...]  # that the operator lets messages be sent to
    failing_days: float  # after which a receiver that never answers is sent nothing more until it is resumed
    sender: Sends = field(default_factory=Sender)
    clock: Callable[[], datetime] = now
    notes: Notes = field(default_factory=Notes)
    _ways: dict[UUID, Way] = field(default_factory=dict)

    def run(self, stop: threading.Event) -> None:
        """Send until `stop` is set; what is under way then ends first."""
        with ThreadPoolExecutor(RECEIVERS_MAX, thread_name_prefix="webhook") as pool:
            while not stop.is_set():
                with self.notes.waiting(TRANSIENT, "the webhooks"):
                    self._start(pool, stop)
                stop.wait(IDLE_SECONDS)

    def drain(self, key: UUID, stop: threading.Event) -> int:
        """Send what one webhook is to be told and was not. Returns how many messages were taken.

        Raises:
            Waiting: the next one was not taken, or nothing may be sent; ask again later.
        """
        way, taken, subjects = self._ways[key], 0, self._state(key).subjects
        while not stop.is_set() and (batch := self.desk.log.read(after=way.position, limit=BATCH_EVENTS)):
            for entry in batch:
                if stop.is_set():
                    break
                if isinstance(entry, Unreadable):
                    if kind_of(entry.topic) in subjects:
                        _pass_over(way, entry.stream, entry.fault)
                elif kind_of(entry.event.TOPIC) in subjects:
                    state = self._state(key)  # as it is now: a long way may be stopped on it, or its secret renewed
                    if state.phase != ACTIVE:
                        return taken
                    taken += self._deliver(key, state, way, entry)
                way.position = entry.position
            if not way.unreadable:
                self._save(key, batch, way.position)
        return taken

    def _state(self, key: UUID) -> Webhook:
        return existing("webhook", key, self.desk.load(webhook.DECIDER, key).state)

    def _start(self, pool: ThreadPoolExecutor, stop: threading.Event) -> None:
        with self.views.reading() as views:
            standing = active(views)
        head, at = self.desk.log.head(), self.clock()
        kept = {each.webhook for each in standing} | {key for key, way in self._ways.items() if not way.idle}
        for key in self._ways.keys() - kept:
            del self._ways[key]  # paused or removed: it has no fault any more, and waits for nothing once it is resumed
        for each in standing:
            way = self._ways.setdefault(each.webhook, Way(self._begin(each)))
            if way.idle and way.position < head and (way.next_at is None or way.next_at <= at):
                way.next_at = None
                way.under_way = pool.submit(self._work, each.webhook, stop)
        faults = {str(key): way.fault for key, way in self._ways.items() if way.fault is not None}
        for key, way in self._ways.items():
            faults |= {f"{key}:{thing}": fault for thing, fault in way.unreadable.items()}
        self.notes.skipped = faults

    def _work(self, key: UUID, stop: threading.Event) -> None:
        way = self._ways[key]
        try:
            self._attempt(key, stop)
            way.fault = None
        except Waiting as waiting:
            if way.fault is None:  # said once, shown as long as it lasts
                structlog.get_logger().warning("a webhook waits", webhook=str(key), exc_info=waiting.__cause__)
            way.fault = str(waiting)
            way.next_at = way.next_at or self.clock() + timedelta(seconds=FAULT_SECONDS)

    def _attempt(self, key: UUID, stop: threading.Event) -> None:
        """Raises Waiting, whatever is amiss with one webhook: the others go on."""
        try:
            self.drain(key, stop)
        except Waiting:
            raise
        except Exception as fault:
            raise Waiting(f"{type(fault).__name__}: {fault}") from fault

    def _begin(self, standing: Standing) -> int:
        """Where it was; after its own registration, where that was not saved or is of another log."""
        saved = self.positions.of(_name(standing.webhook))
        if saved is None or saved[0] < standing.position:
            return standing.position
        found = self.desk.log.read(after=saved[0] - 1, limit=1, until=saved[0])
        return saved[0] if found and anchor(found[0]) == saved[1] else standing.position

    def _save(self, key: UUID, batch: Sequence[Recorded | Unreadable], position: int) -> None:
        done = [entry for entry in batch if entry.position <= position]
        if done:
            self.positions.save(_name(key), done[-1].position, anchor(done[-1]))

    def _deliver(self, key: UUID, state: Webhook, way: Way, entry: Recorded) -> bool:
        """Whether a message of this event was sent and taken. Raises Waiting."""
        origin = origin_of(state.url)
        if origin not in self.origins:
            raise Waiting(f"this deployment may not send to {origin} any more")
        message_id = webhook_delivery_id(key, entry.stream, entry.version)
        try:
            if self.desk.log.events(message_id) or not self._may_be_told(state, entry):
                return False
        except EventUnreadable as fault:  # nobody can say who may know of it, or whether it was taken
            _pass_over(way, entry.stream, str(fault))
            return False
        message = Message(
            id=message_id,
            type=entry.event.TOPIC,
            thing=entry.stream,
            version=entry.version,
            recorded_at=entry.meta.recorded_at,
        )
        self._send(key, state, way, message)
        delivered = WebhookDelivered(
            webhook=key, stream=entry.stream, version=entry.version, topic=entry.event.TOPIC, attempts=way.attempts
        )
        try:
            self.desk.log.append([Change(message_id, 0, (delivered,))], system_meta(PURPOSE))
        except VersionConflict:  # another server of this log, that was not stopped yet
            structlog.get_logger().warning("delivered twice", webhook=str(key), message=str(message_id))
        way.attempts, way.failing_since, way.next_at = 0, None, None
        return True

    def _may_be_told(self, state: Webhook, entry: Recorded) -> bool:
        """Whether the account may read the thing as it is now. Raises EventUnreadable, and Waiting where it may do
        nothing at all.
        """
        try:
            principal, _ = self.people.holder(state.account)
        except NotFound:
            return False
        except EventUnreadable as fault:
            raise Waiting(f"the account {state.account} cannot be read: {fault}") from fault
        if principal.suspended:
            raise Waiting(f"the account {state.account} is suspended")
        subject = SUBJECTS[kind_of(entry.event.TOPIC)]
        thing = subject.thing(self.desk, entry.stream, self.clock())
        return self.desk.gate.refusal(principal, subject.asks(entry.event.TOPIC), thing) is None

    def _send(self, key: UUID, state: Webhook, way: Way, message: Message) -> None:
        at, body = self.clock(), msgspec.json.encode(message)
        way.attempts += 1
        try:
            self.sender.send(state.url, body, headers(message.id, at, body, self.secrets.in_force(key, state, at)))
        except Refused as refused:
            way.failing_since = way.failing_since or at
            pause = min(PAUSE_SECONDS * 2 ** min(way.attempts - 1, 20), PAUSE_SECONDS_MAX)
            way.next_at = at + timedelta(seconds=pause)
            given_up = at - way.failing_since >= timedelta(days=self.failing_days)
            if refused.gone or given_up:
                self._pause(key, GONE if refused.gone else FAILING)
            raise Waiting(f"attempt {way.attempts}: {refused}") from refused

    def _pause(self, key: UUID, cause: str) -> None:
        """It goes on where it is once somebody resumes it."""
        loaded = self.desk.load(webhook.DECIDER, key)
        command = PauseWebhook(webhook=key, cause=cause, by=SYSTEM_ACTOR)
        decided = webhook.DECIDER.decide(loaded.state, command)
        self.desk.log.append([Change(key, loaded.version, decided)], system_meta(PURPOSE))
        self._ways[key].failing_since = None


def _pass_over(way: Way, thing: UUID, fault: str) -> None:
    if thing not in way.unreadable:
        structlog.get_logger().error("a webhook tells nothing of what cannot be read", thing=str(thing), fault=fault)
    way.unreadable = {**way.unreadable, thing: fault}


def _name(key: UUID) -> str:
    return f"webhook:{key}"
