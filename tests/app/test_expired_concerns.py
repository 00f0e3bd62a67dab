"""What was written in a concern whose time is over: it opens to nobody for good, and the record stays as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import clockwork
from app.background import Background
from app.backup import back_up
from app.call import now
from app.clockwork import Clockwork, system_meta
from app.concern_forgetting import ExpiredConcerns
from app.event_store.faults import ErasureIncomplete
from domain import concern
from domain.concern import ConcernExpired, ConcernReviewed, WordsDestroyed
from domain.event import Event, Meta
from domain.ids import account_id
from domain.log import Change, EventLog, Receipt
from domain.personal import Narrative, Reason
from domain.sealed import Sealed
from tests.app.conftest import House
from tests.app.test_background import make_unreadable
from tests.domain.golden import sealed_parts, token_of
from tests.waiting import wait_until

TOLD = "Третій тиждень не ходить до школи, ночує у під’їзді; мама Оксана Гнатюк."
REASON = "Класна керівниця Гнатюк підтвердила"
RAISER, REVIEWER, SUPERVISOR = "olena", "pavlo", "lesia"
EVERYBODY = (RAISER, REVIEWER, SUPERVISOR, "iryna", "oksana", "halyna", "taras", "bohdan", "admin")


@pytest.fixture(scope="module")
def office(house: House) -> House:
    house.create_account(SUPERVISOR, house.units["juvenile"], "supervisor")
    house.create_account(REVIEWER, house.units["juvenile"], "juvenile-officer")
    return house


def written(office: House) -> UUID:
    """A concern with words of two people."""
    body = {"kind": "missing-school", "narrative": TOLD, "unit": office.units["juvenile"]}
    key = office.done(RAISER, "/concerns", body)["id"]
    office.done(REVIEWER, f"/concerns/{key}/review", {"finding": "help-needed", "reason": REASON})
    return UUID(key)


def expire(office: House, key: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the clockwork of some months later; the house's own may be faster."""
    with monkeypatch.context() as patch:
        patch.setattr(clockwork, "now", later)
        Clockwork(office.services.log, office.services.views).tick()
    office.caught_up()
    assert isinstance(office.services.log.events(key)[-1], ConcernExpired)


def later() -> datetime:
    return now() + timedelta(days=91)


def append(office: House, key: UUID, *events: Event) -> None:
    log = office.services.log
    log.append([Change(key, len(log.events(key)), events)], system_meta("test"))
    office.caught_up()


def forget(office: House) -> int:
    certificates = office.services.childhood.expired_concerns.tick()
    office.caught_up()
    return certificates


def destroyed(office: House, key: UUID) -> list[tuple[UUID, ...]]:
    return [event.records for event in office.services.log.events(key) if isinstance(event, WordsDestroyed)]


def records(office: House, key: UUID) -> tuple[UUID, ...]:
    return tuple(part.subject for event in office.services.log.events(key) for part, _ in sealed_parts(event))


def opened(office: House, key: UUID) -> list[Any]:
    """By the vault itself, whatever the gate says."""
    parts = (each for event in office.services.log.events(key) for each in sealed_parts(event))
    return [office.services.vault.open(token_of(part), kind) for part, kind in parts]


def read(office: House, username: str, key: UUID) -> list[tuple[int, bool]]:
    """How each way to the words answered, and whether with any of them."""
    answers = (office.ask(username, f"/concerns/{key}{part}") for part in ("", "/narrative", "/reasons"))
    return [(answer.status_code, "Гнатюк" in answer.text) for answer in answers]


def wrapped(keys: Path, subjects: Sequence[UUID]) -> list[bytes | None]:
    """The keys as a database holds them; None where it was destroyed."""
    with closing(sqlite3.connect(f"{keys.as_uri()}?mode=ro", uri=True)) as database:
        query = "SELECT wrapped FROM subject_keys WHERE subject = ?"
        return [database.execute(query, (subject.bytes,)).fetchone()[0] for subject in subjects]


def holds(folder: Path, key: bytes) -> bool:
    """Whether any file of the keys' database has the bytes, in a page that is free, too, or in its log."""
    return any(key in path.read_bytes() for path in folder.glob("keys.db*"))


def stored(folder: Path, key: UUID) -> list[tuple[str, bytes]]:
    with closing(sqlite3.connect(f"{(folder / 'log.db').as_uri()}?mode=ro", uri=True)) as database:
        query = "SELECT topic, state FROM stored_events WHERE originator_id = ? ORDER BY originator_version"
        return list(database.execute(query, (key.hex,)))


def test_words_open_until_its_time_is_over_and_then_to_nobody_for_good(
    office: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, untouched = written(office), written(office)
    append(office, untouched, ConcernExpired(at=now()), WordsDestroyed(records=records(office, untouched)))
    subjects = records(office, key)
    assert read(office, SUPERVISOR, key) == [(200, False), (200, True), (200, True)]
    assert read(office, RAISER, key) == [(200, False), (200, True), (403, False)]
    assert forget(office) == 0, "its time is not over"
    before, kept = (
        stored(office.folder, key),
        [each for each in wrapped(office.services.deployment.keys, subjects) if each],
    )
    back_up(office.folder, tmp_path / "before")
    assert len(kept) == len(set(subjects)) == 2
    expire(office, key, monkeypatch)
    assert opened(office, key) == [Narrative(TOLD), Reason(REASON)], "the gate alone is shut"
    assert forget(office) == 1
    assert opened(office, key) == [None, None]
    for username in EVERYBODY:
        assert not any(told for _, told in read(office, username, key)), username
    assert [status for status, _ in read(office, SUPERVISOR, key)] == [200, 403, 403], "that there was one"
    back_up(office.folder, tmp_path / "after")
    for folder, has in ((tmp_path / "before", True), (office.folder, False), (tmp_path / "after", False)):
        assert [holds(folder, each) for each in kept] == [has, has], folder.name
    assert wrapped(tmp_path / "after" / "keys.db", subjects) == [None, None]
    assert stored(office.folder, key)[:2] == stored(tmp_path / "after", key)[:2] == before
    assert opened(office, untouched) == [Narrative(TOLD), Reason(REASON)], "no word of another one goes"


def test_the_certificate_names_the_records_and_is_written_once(office: House, monkeypatch: pytest.MonkeyPatch) -> None:
    key = written(office)
    subjects = records(office, key)
    expire(office, key, monkeypatch)
    assert forget(office) == 1
    (certificate,) = list(office.services.log.stream(key))[3:]
    assert certificate.event == WordsDestroyed(records=subjects)
    assert (certificate.meta.role, certificate.meta.purpose) == ("system", "destruction")
    assert forget(office) == 0
    shown = office.ask(SUPERVISOR, f"/concerns/{key}").json()["concern"]
    assert (shown["state"], shown["version"], shown["child"], shown["finding"]) == ("expired", 4, None, None)
    assert datetime.fromisoformat(shown["words_destroyed_at"]) == certificate.meta.recorded_at
    rebuilt = office.done("admin", "/projections/rebuild", {"name": "concerns"})
    assert rebuilt["events"]
    assert office.ask(SUPERVISOR, f"/concerns/{key}").json()["concern"] == shown
    assert forget(office) == 0


def test_what_was_sealed_under_the_concern_itself_goes_as_well(office: House) -> None:
    """As events of before have it; here a later one is in a record of its own."""
    key, own = uuid4(), uuid4()
    at = now() - timedelta(days=90)
    raised = concern.ConcernRaised(
        child=uuid4(),
        pseudonym="CH-4F2A",
        kind="missing-school",
        unit=UUID(office.units["juvenile"]),
        by=account_id(RAISER),
        narrative=Sealed(key, Narrative(TOLD)),
        expires_at=at,
    )
    reviewed = [
        ConcernReviewed(finding="unclear", by=account_id(REVIEWER), reason=Sealed(record, Reason(REASON)))
        for record in (key, own)
    ]
    append(office, key, raised, *reviewed)
    assert forget(office) == 0, "that it expired is not on record yet"
    append(office, key, ConcernExpired(at=at))
    assert (forget(office), destroyed(office, key), opened(office, key)) == (1, [(key, own)], [None] * 3)


def test_what_was_written_after_all_goes_with_a_certificate_of_its_own(
    office: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, late = written(office), uuid4()
    first = records(office, key)
    expire(office, key, monkeypatch)
    assert forget(office) == 1
    reviewed = ConcernReviewed(finding="unclear", by=account_id(REVIEWER), reason=Sealed(late, Reason(REASON)))
    append(office, key, reviewed)
    assert opened(office, key) == [None, None, Reason(REASON)]
    expire(office, key, monkeypatch)
    assert (forget(office), destroyed(office, key), opened(office, key)) == (1, [first, (late,)], [None] * 3)
    assert forget(office) == 0


class Crash(BaseException):
    """The power goes."""


class CrashingLog:
    """Of the house, but that nothing is appended any more."""

    def __init__(self, log: EventLog) -> None:
        self.events = log.events

    def append(self, changes: Sequence[Change], meta: Meta) -> Receipt:
        raise Crash


class BusyVault:
    """Readers are in the way."""

    def erase(self, *subjects: UUID) -> None:
        raise ErasureIncomplete(*subjects)


def test_a_crash_between_destroying_and_recording_is_taken_up_again(
    office: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = written(office)
    subjects = records(office, key)
    expire(office, key, monkeypatch)
    views, vault = office.services.views, office.services.vault
    with pytest.raises(Crash):
        ExpiredConcerns(CrashingLog(office.services.log), views, vault).tick()  # type: ignore[arg-type]
    assert (opened(office, key), destroyed(office, key)) == ([None, None], [])
    background, again = Background(), ExpiredConcerns(office.services.log, views, vault)
    background.start("again", again.run, again.notes)  # as a house that is opened
    wait_until(lambda: destroyed(office, key) == [subjects])
    background.end("again")
    assert "expired concerns" in {each.name for each in office.services.background.status()}


def test_nothing_is_certified_whose_keys_may_stand(office: House, monkeypatch: pytest.MonkeyPatch) -> None:
    key = written(office)
    subjects = records(office, key)
    expire(office, key, monkeypatch)
    busy: Any = BusyVault()
    sweep = ExpiredConcerns(office.services.log, office.services.views, busy)
    assert (sweep.tick(), destroyed(office, key)) == (0, [])
    assert sweep.notes.skipped.keys() == {str(key)}
    assert (forget(office), destroyed(office, key)) == (1, [subjects])


def test_one_that_cannot_be_read_is_shown_and_holds_up_no_other(office: House, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = written(office), written(office)
    expire(office, good, monkeypatch)
    assert isinstance(office.services.log.events(bad)[-1], ConcernExpired)
    make_unreadable(office, bad, 2)
    assert (forget(office), destroyed(office, good) != []) == (1, True)
    (told,) = office.services.childhood.expired_concerns.notes.skipped.items()
    assert told[0] == str(bad)
    assert "cannot be read" in told[1]
    tokens = [part for part, _ in sealed_parts(next(iter(office.services.log.stream(bad, until_version=1))).event)]
    assert [office.services.vault.has_key(part.subject) for part in tokens] == [True], "all of them, or none"


def test_no_key_goes_of_one_that_did_not_expire_whatever_the_views_say(office: House) -> None:
    key = written(office)
    change = "UPDATE concerns SET state = ? WHERE concern = ?"
    with closing(sqlite3.connect(office.services.deployment.views, isolation_level=None)) as views:
        assert views.execute(change, ("expired", key.hex)).rowcount == 1
        assert forget(office) == 0
        views.execute(change, ("reviewed", key.hex))
    assert "needs one that is expired" in office.services.childhood.expired_concerns.notes.skipped[str(key)]
    assert opened(office, key) == [Narrative(TOLD), Reason(REASON)]
