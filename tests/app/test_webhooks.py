"""Webhooks: a real receiver is told of what its account may read, in order, signed, until it takes it."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from app import deployment
from app.clockwork import system_meta
from app.composition import open_house
from app.process_positions import Positions
from app.webhooks.deliveries import Deliveries, Waiting, Way
from app.webhooks.sending import Refused, Sender
from app.webhooks.signing import OLD_SECRET_HOURS, Secrets, headers
from domain.event import Recorded
from domain.ids import account_id
from domain.log import Change
from domain.webhooks.webhook import ASKED, DECIDER, GONE, Webhook, WebhookDelivered, WebhookPaused
from tests.app.conftest import Furnished, House, serving
from tests.app.referring_house import PARTNER, PARTNER_OTHER, Space
from tests.fakes_gpu import ColourHistograms
from tests.ports import port_for_a_server
from tests.torture.receiver import FAILING, TAKING, Receiver


@dataclass
class Office:
    house: House
    receiver: Receiver
    webhook: UUID
    at: datetime

    def deliveries(self, origins: tuple[str, ...] | None = None) -> Deliveries:
        """Another sender than the house's own, which a test steps by hand, with a clock of its own."""
        services = self.house.services
        own = Deliveries(
            services.desk,
            services.people,
            services.views,
            Positions(services.deployment.folder / "stepped.db"),
            services.webhook_secrets,
            services.deployment.settings.webhook_origins if origins is None else origins,
            5.0,
            clock=lambda: self.at,
        )
        own._ways[self.webhook] = Way(0)
        return own

    def raised(self) -> str:
        body = {"kind": "missing-school", "narrative": "Не ходить до школи.", "unit": self.house.units["juvenile"]}
        return str(self.house.done("iryna", "/concerns", body)["id"])

    def turn(self, deliveries: Deliveries) -> None:
        """What the house does four times a second."""
        self.house.caught_up()
        with ThreadPoolExecutor(1) as pool:
            deliveries._start(pool, threading.Event())

    def drain(self, deliveries: Deliveries) -> int:
        return deliveries.drain(self.webhook, threading.Event())


@pytest.fixture
def office(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = shutil.copytree(furnished.folder, tmp_path_factory.mktemp("house") / "deployment")
    receiver = Receiver(port_for_a_server())
    place = deployment.load(folder)
    settings = msgspec.structs.replace(place.settings, webhook_origins=(receiver.origin,))
    deployment.write_settings(deployment.Deployment(folder, settings))
    receiver.start()
    with serving(open_house(folder, encoder=ColourHistograms()), furnished.units) as house:
        house.services.background.end("webhooks")
        house.create_account("lesia", house.units["juvenile"], "supervisor")
        asked = {"account": str(account_id("lesia")), "url": f"{receiver.origin}/told", "subjects": ["concern"]}
        house.create_account("bohdana", house.units["audit"], "data-protection-officer")
        made = house.done("admin", "/webhooks", asked)
        house.done("bohdana", f"/webhooks/{made['id']}/confirm")
        receiver.secret = made["secret"]
        yield Office(house, receiver, UUID(made["id"]), datetime.now(UTC))
    receiver.stop()


def test_what_the_account_may_read_is_told_once_in_order_and_says_nothing_else(office: Office) -> None:
    first, second = office.raised(), office.raised()
    office.house.record_incident("olena")  # nothing that it asked for
    deliveries = office.deliveries()
    assert office.drain(deliveries) == 2
    assert [message["thing"] for message in office.receiver.taken] == [first, second]
    assert office.receiver.taken[0].keys() == {"id", "type", "thing", "version", "recorded_at"}
    assert office.receiver.taken[0]["type"] == "concern.raised"
    assert office.drain(deliveries) == 0
    assert office.drain(office.deliveries()) == 0  # one that lost how far it was
    shown = office.house.ask("admin", f"/webhooks/{office.webhook}").json()
    assert (shown["taken_count"], shown["state"], shown["subjects"]) == (2, "active", ["concern"])
    listed = office.house.ask("oksana", f"/webhooks/{office.webhook}/deliveries").json()["items"]
    assert [row["thing"] for row in listed] == [second, first]
    assert "secret" not in str(shown)


def test_of_another_unit_it_hears_nothing(office: Office) -> None:
    house = office.house
    unit = house.done("admin", "/units", {"name": "far", "region": "UA-46", "kind": "juvenile-prevention"})["id"]
    house.create_account("stepan", unit, "juvenile-officer")
    house.done("stepan", "/concerns", {"kind": "missing-school", "narrative": "Далеко.", "unit": unit})
    assert office.drain(office.deliveries()) == 0
    assert office.receiver.taken == []


def test_an_agency_is_told_of_its_own_referrals_and_of_no_others(office: Office) -> None:
    house = office.house
    space = Space.of(house)
    asked = {"url": f"{office.receiver.origin}/told", "subjects": ["referral"]}
    made = house.done("admin", "/webhooks", {"account": str(account_id(PARTNER)), **asked})
    house.done("bohdana", f"/webhooks/{made['id']}/confirm")
    office.receiver.secret, office.webhook = made["secret"], UUID(made["id"])
    case, child = space.case()
    consent = space.consent(child)
    mine = space.send(case, consent, PARTNER)
    space.send(case, consent, PARTNER_OTHER)
    house.done(PARTNER, f"/referrals/{mine}/accept")
    assert office.drain(office.deliveries()) == 2
    told = [(message["thing"], message["type"]) for message in office.receiver.taken]
    assert told == [(mine, "referral.sent"), (mine, "referral.accepted")]
    assert child not in str(office.receiver.taken)


def test_a_receiver_that_fails_is_asked_again_and_what_follows_waits(office: Office) -> None:
    first, second = office.raised(), office.raised()
    deliveries = office.deliveries()
    office.receiver.mood = lambda: FAILING
    pauses = []
    for _ in range(3):
        with pytest.raises(Waiting, match="answered 500"):
            office.drain(deliveries)
        next_at = deliveries._ways[office.webhook].next_at
        assert next_at is not None
        pauses.append((next_at - office.at).total_seconds())
    assert pauses == [1, 2, 4]
    assert office.receiver.taken == []
    office.receiver.stop()
    with pytest.raises(Waiting, match="no answer"):
        office.drain(deliveries)
    office.receiver.mood = lambda: TAKING
    office.receiver.start()
    assert office.drain(deliveries) == 2
    assert [message["thing"] for message in office.receiver.taken] == [first, second]
    attempts = {event.attempts for event in delivered(office)}
    assert attempts == {5, 1}


def test_one_that_drips_its_answer_is_not_waited_for(request: pytest.FixtureRequest) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    request.addfinalizer(listening.close)

    def drip() -> None:
        peer, _ = listening.accept()
        with peer, suppress(OSError):  # hung up
            peer.sendall(b"HTTP/1.1 200 OK\r\nx: ")
            for _ in range(60):
                peer.sendall(b"x")
                time.sleep(0.05)
            peer.sendall(b"\r\ncontent-length: 0\r\n\r\n")

    dripping = threading.Thread(target=drip)
    dripping.start()
    with pytest.raises(Refused, match="no answer"):
        Sender(timeout_seconds=0.5).send(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {})
    dripping.join()


def test_one_that_never_answers_is_paused_and_goes_on_where_it_was_once_resumed(office: Office) -> None:
    key = office.raised()
    deliveries = office.deliveries()
    office.receiver.stop()
    for days in (0, 3, 3):
        office.at += timedelta(days=days)
        office.turn(deliveries)
    office.turn(deliveries)
    assert deliveries.notes.skipped == {}
    shown = office.house.ask("admin", "/webhooks").json()["items"][0]
    assert (shown["state"], shown["pause_cause"]) == ("paused", "receiver-failing")
    office.receiver.start()
    office.house.done("admin", f"/webhooks/{office.webhook}/resume")
    office.turn(deliveries)  # the clock stands: it waits no longer
    assert [message["thing"] for message in office.receiver.taken] == [key]


def test_one_that_is_removed_is_not_shown_as_failing(office: Office) -> None:
    office.raised()
    deliveries = office.deliveries()
    office.receiver.mood = lambda: FAILING
    for _ in range(2):
        office.turn(deliveries)
    assert deliveries.notes.skipped == {str(office.webhook): "attempt 1: answered 500"}
    office.house.done("admin", f"/webhooks/{office.webhook}/remove")
    office.turn(deliveries)
    assert deliveries.notes.skipped == {}


def test_one_that_is_stopped_while_messages_wait_is_sent_none_of_them(office: Office) -> None:
    first, second = office.raised(), office.raised()
    log, usual = office.house.services.log, office.receiver.take

    def take(headers: dict[str, str], body: bytes) -> int:
        paused = WebhookPaused(cause=ASKED, by=account_id("admin"))
        log.append([Change(office.webhook, len(log.events(office.webhook)), (paused,))], system_meta("test"))
        return usual(headers, body)

    office.receiver.take = take  # type: ignore[method-assign]
    deliveries = office.deliveries()
    assert office.drain(deliveries) == 1
    assert [message["thing"] for message in office.receiver.taken] == [first]
    office.receiver.take = usual  # type: ignore[method-assign]
    office.house.done("admin", f"/webhooks/{office.webhook}/resume")
    assert office.drain(deliveries) == 1
    assert office.receiver.taken[-1]["thing"] == second


def test_a_receiver_that_is_gone_is_paused_at_once(office: Office) -> None:
    office.raised()
    office.receiver.take = lambda headers, body: 410  # type: ignore[method-assign]
    with pytest.raises(Waiting, match="answered 410"):
        office.drain(office.deliveries())
    assert office.house.services.log.events(office.webhook)[-1].cause == GONE  # type: ignore[attr-defined]
    assert isinstance(office.house.services.log.events(office.webhook)[-1], WebhookPaused)


def test_what_cannot_be_read_is_passed_over_and_shown_and_told_once_it_can(office: Office) -> None:
    broken, other = office.raised(), office.raised()
    house, path = office.house, office.house.services.deployment.log
    house.done("lesia", f"/concerns/{broken}/review", {"finding": "unclear", "reason": "Треба поговорити"})
    with closing(sqlite3.connect(path, isolation_level=None)) as log:
        log.execute("DROP TRIGGER stored_events_update")
        asked = "FROM stored_events WHERE originator_id = ? AND originator_version = 1"
        position, state = log.execute(f"SELECT rowid, state {asked}", (UUID(broken).hex,)).fetchone()
        log.execute("UPDATE stored_events SET state = x'00' WHERE rowid = ?", (position,))
        deliveries = office.deliveries()
        assert office.drain(deliveries) == 1
        last = office.raised()
        assert office.drain(deliveries) == 1, "and goes on"
        assert [message["thing"] for message in office.receiver.taken] == [other, last]
        assert list(deliveries._ways[office.webhook].unreadable) == [UUID(broken)]
        assert deliveries.positions.of(f"webhook:{office.webhook}") is None, "the next start begins before it"
        log.execute("UPDATE stored_events SET state = ? WHERE rowid = ?", (state, position))
    assert office.drain(office.deliveries()) == 2
    told = [(message["thing"], message["version"]) for message in office.receiver.taken[2:]]
    assert told == [(broken, 1), (broken, 2)]


def test_a_suspended_account_is_sent_nothing(office: Office) -> None:
    office.raised()
    office.house.done("admin", f"/accounts/{account_id('lesia')}/suspend", {"reason": "Звільнено"})
    with pytest.raises(Waiting, match="is suspended"):
        office.drain(office.deliveries())
    assert office.receiver.taken == []


def test_after_a_renewal_both_secrets_sign_for_a_day(office: Office) -> None:
    old = office.receiver.secret
    new = office.house.done("admin", f"/webhooks/{office.webhook}/secret")["secret"]
    assert new != old
    office.raised()
    assert office.drain(office.deliveries()) == 1  # checked with the old one
    office.receiver.secret = new
    office.raised()
    assert office.drain(office.deliveries()) == 1
    state = DECIDER.fold(office.house.services.log.events(office.webhook))
    assert state is not None
    assert state.renewed_at is not None
    later = state.renewed_at + timedelta(hours=OLD_SECRET_HOURS)
    assert office.house.services.webhook_secrets.in_force(office.webhook, state, later) == (new,)
    assert office.receiver.forged == 0


def test_a_forged_message_is_told_from_ours(office: Office) -> None:
    webhook = Webhook(account=account_id("lesia"), url="", subjects=(), registrar=account_id("admin"))
    theirs = Secrets(b"another root key").in_force(office.webhook, webhook, office.at)
    sent = headers(office.webhook, office.at, b"{}", theirs)
    assert office.receiver.take(sent, b"{}") == 401


def test_the_house_sends_by_itself(office: Office) -> None:
    services = office.house.services
    stop = threading.Event()
    running = threading.Thread(target=services.deliveries.run, args=(stop,))
    running.start()
    try:
        key = office.raised()
        head = 0
        while not delivered(office):
            services.log.wait(after=head, timeout_seconds=30)
            head = services.log.head()
    finally:
        stop.set()
        running.join()
    assert [event.stream for event in delivered(office)] == [UUID(key)]


def test_nothing_leaves_before_a_second_person_confirms_it(office: Office) -> None:
    asked = {"account": str(account_id("lesia")), "url": f"{office.receiver.origin}/told", "subjects": ["concern"]}
    made = office.house.done("admin", "/webhooks", asked)
    office.webhook, office.receiver.secret = UUID(made["id"]), made["secret"]
    office.raised()
    assert office.drain(office.deliveries()) == 0
    assert office.receiver.taken == []
    assert office.house.command("admin", f"/webhooks/{made['id']}/confirm").status_code == 403
    office.house.done("bohdana", f"/webhooks/{made['id']}/confirm")
    assert office.drain(office.deliveries()) == 1


def test_an_origin_that_the_operator_struck_out_is_sent_nothing(office: Office) -> None:
    office.raised()
    with pytest.raises(Waiting, match="may not send"):
        office.drain(office.deliveries(origins=()))
    assert office.receiver.taken == []


def test_only_administrators_keep_them_and_only_where_the_operator_allows(office: Office) -> None:
    body = {"account": str(account_id("lesia")), "url": "https://elsewhere.example/x", "subjects": ["concern"]}
    assert office.house.command("iryna", "/webhooks", body).status_code == 403
    refused = office.house.command("admin", "/webhooks", body)
    assert (refused.status_code, refused.json()["field"]) == (422, "url")
    assert office.house.ask("iryna", f"/webhooks/{office.webhook}").status_code == 404
    assert office.house.ask("admin", f"/webhooks/{office.webhook}/deliveries").status_code == 403
    for verb in ("pause", "remove"):
        office.house.done("admin", f"/webhooks/{office.webhook}/{verb}")
    assert office.house.command("admin", f"/webhooks/{office.webhook}/resume").status_code == 409


def delivered(office: Office) -> list[WebhookDelivered]:
    return [
        row.event
        for row in office.house.services.log.read(limit=10_000)
        if isinstance(row, Recorded) and isinstance(row.event, WebhookDelivered)
    ]
