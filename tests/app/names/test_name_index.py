"""The index of names: what it finds, keeps, forgets and is made anew from, and what a search costs."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest

from app.event_store import sqlite_file
from app.event_store.faults import StoreRefused, TokenRefused
from app.names import index as name_index
from app.names.faults import NotForgotten, RebuildUnderWay
from app.names.features import asked_for, asked_of_phones
from app.names.index import NameIndex
from app.names.store import NameStore
from app.names.tokens import PADDED_TO, NameKey
from domain.child_events import ChildRegistered, ContactsCorrected, IdentityCorrected, IdentityErased
from domain.event import Event, Meta
from domain.log import Change, EventLog
from domain.personal import ChildContacts, ChildIdentity, Reason
from domain.prevention_case_events import CaseClosed, CaseOpened, TransferAccepted
from domain.sealed import Sealed, Token
from tests.domain.examples import NOW
from tests.fakes_log import MemoryEventLog, open_token
from tests.waiting import wait_until

UNIT, OTHER_UNIT = UUID(int=11), UUID(int=12)
T = TypeVar("T")

KEY = NameKey(b"a key for tests")


class Door:
    """Opens identities as the vault does, but for subjects that were erased or cannot be read."""

    def __init__(self) -> None:
        self.erased: set[UUID] = set()
        self.torn: set[UUID] = set()
        self.altered: set[UUID] = set()  # their keys
        self.opened = 0

    def __call__(self, token: Token, kind: type[T]) -> T | None:
        self.opened += 1
        if token.subject in self.torn:
            raise TokenRefused(token.stream, token.version, token.part)
        if token.subject in self.altered:
            raise StoreRefused(Path("keys.db"), "the wrapped key was altered", "restore it from a backup")
        return None if token.subject in self.erased else open_token(token, kind)


class Register:
    """A log of children, and the index that follows it."""

    def __init__(self, folder: Path) -> None:
        self.log, self.door, self.path = MemoryEventLog(), Door(), folder / "names.db"
        self.index = self.opened()

    def opened(self, key: NameKey = KEY, log: EventLog | None = None) -> NameIndex:
        return NameIndex(log or self.log, NameStore(self.path, key), key, self.door)

    def tell(self, stream: UUID, *events: Event) -> None:
        meta = Meta(actor=UUID(int=1), role="juvenile-officer", purpose="prevention", command_id=uuid4(),
                    correlation_id=uuid4(), recorded_at=NOW)  # fmt: skip
        self.log.append([Change(stream, len(self.log.events(stream)), events)], meta)

    def add(
        self,
        surname: str,
        given_name: str = "",
        *,
        unit: UUID = UNIT,
        contacts: ChildContacts | None = None,
        **more: Any,
    ) -> UUID:
        child = uuid4()
        reached = None if contacts is None else Sealed(child, contacts)
        identity = Sealed(child, ChildIdentity(surname=surname, given_name=given_name, **more))
        self.tell(child, ChildRegistered(pseudonym="CH-4F2A", unit=unit, identity=identity, contacts=reached))
        return child

    def impatient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Opened anew, to wait for no reader."""
        monkeypatch.setattr(name_index, "OVERWRITE_SECONDS", 0.0)
        monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT_MS", 20)
        self.index.close()
        self.index = self.opened()

    def found(self, name: str, unit: UUID = UNIT) -> list[UUID]:
        while self.index.step():
            pass
        return [match.child for match in self.index.search(unit, asked_for(name)).matches]

    def bytes_of(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.path.parent.glob("names.db*")))


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    opened = Register(tmp_path)
    opened.index.rebuild()
    yield opened
    opened.index.close()


def test_it_finds_in_its_unit_and_nowhere_else(register: Register) -> None:
    ours, theirs = register.add("Сірко", "Іван"), register.add("Сірко", "Іван", unit=OTHER_UNIT)
    assert register.found("Ivan Sirko") == [ours]
    assert register.found("Ivan Sirko", OTHER_UNIT) == [theirs]
    assert register.found("Ivan Sirko", UUID(int=13)) == []


def test_the_surest_and_fullest_match_comes_first(register: Register) -> None:
    close = register.add("Сирков", "Іван", born="2012")
    same = register.add("Сірко", "Іван")
    fuller = register.add("Сірко", "Іван", born="2012")
    assert register.found("Сірко Іван 2012") == [fuller, same, close]


def test_a_corrected_name_replaces_the_one_before(register: Register) -> None:
    child = register.add("Сірко", "Іван")
    assert register.found("Сірко Іван") == [child]
    corrected = Sealed(child, ChildIdentity(surname="Вовк", given_name="Іван"))
    register.tell(child, IdentityCorrected(identity=corrected, reason=Sealed(child, Reason("slip"))))
    assert (register.found("Вовк Іван"), register.found("Сірко Іван")) == ([child], [])


def test_telephone_numbers_are_found_in_a_text_however_they_are_written_until_others_are_on_record(
    register: Register,
) -> None:
    child = register.add(
        "Сірко",
        "Іван",
        contacts=ChildContacts(
            phones=("044 555-12-12",),
            guardians=(
                "мати, +380671234567, батько Іван",
                "тітка 050 100 20 30, 0931234567 (2-га)",
                "центр 0 800 500 225",
            ),
        ),
    )

    def has(text: str) -> bool:
        assert register.found("Сірко Іван") == [child]
        return bool(register.index.search(UNIT, asked_of_phones(text)).matches)

    assert has("телефонуйте +380 (44) 555 12 12")
    assert has("тел. 0501112233 067 123 45 67")
    apart = ("/", ", ", "\u202f", "\u2212", "\t", "\n", ")  -  ", "_", "\u200b")
    assert [between for between in apart if not has(between.join(("тел. (044", "555", "12", "12")))] == []
    assert has("тел. ٠٤٤٥٥٥١٢١٢")
    assert has("050-100-20-30")
    assert has("093-123-45-67")
    assert not has("лінія допомоги 0 800 500 225"), "a free line is nobody's"
    assert not has("тел. 0445551213, наряд 102, 2026-11-27")
    changed = ContactsCorrected(contacts=Sealed(child, ChildContacts(phones=("0931112233",))))
    register.tell(child, changed)
    assert has("093 111 22 33")
    assert not has("044 555 12 12")


class TestUnitsThatWorkWithAChild:
    def test_an_open_case_of_another_unit_finds_it_there_too_before_and_after_it_is_registered(
        self, register: Register
    ) -> None:
        child, case, early = register.add("Сірко", "Іван"), uuid4(), uuid4()
        register.tell(case, opened(child))
        assert register.found("Сірко Іван", OTHER_UNIT) == []
        accepted = TransferAccepted(unit=OTHER_UNIT, officer=UUID(int=5))
        register.tell(case, accepted)
        assert [register.found("Сірко Іван", unit) for unit in (UNIT, OTHER_UNIT)] == [[child]] * 2
        register.index.rebuild()
        assert [register.found("Сірко Іван", unit) for unit in (UNIT, OTHER_UNIT)] == [[child]] * 2
        register.tell(case, CaseClosed(outcome="goals-met", reason=Sealed(uuid4(), Reason("план виконано"))))
        assert [register.found("Сірко Іван", unit) for unit in (UNIT, OTHER_UNIT)] == [[child], []]
        later = uuid4()
        register.tell(early, opened(later), accepted)
        assert register.found("Вовк Ян", OTHER_UNIT) == []
        identity = Sealed(later, ChildIdentity(surname="Вовк", given_name="Ян"))
        register.tell(later, ChildRegistered(pseudonym="CH-5G3B", unit=UNIT, identity=identity))
        assert register.found("Вовк Ян", OTHER_UNIT) == [later]

    def test_which_cases_an_erased_child_had_is_forgotten(self, register: Register) -> None:
        child, case = register.add("Сірко", "Іван"), uuid4()
        register.tell(case, opened(child), TransferAccepted(unit=OTHER_UNIT, officer=UUID(int=5)))
        assert register.found("Сірко Іван", OTHER_UNIT) == [child]
        kept = KEY.enciphered(case)
        assert kept in register.bytes_of()
        assert case.bytes not in register.bytes_of()
        register.door.erased.add(child)
        register.tell(child, IdentityErased(order="1-з", requested_by=UUID(int=1), by=UUID(int=2)))
        assert register.found("Сірко Іван", OTHER_UNIT) == []
        register.index.forget(child)
        assert kept not in register.bytes_of()

    def test_an_index_of_before_is_made_anew(self, register: Register) -> None:
        """It has no table of cases, and is searched and forgotten in all the same until then."""
        child = register.add("Сірко", "Іван")
        assert register.found("Сірко Іван") == [child]
        register.index.close()
        with closing(sqlite3.connect(register.path)) as database, database:
            database.execute("DROP TABLE cases")
            database.execute("UPDATE folded SET scheme = 1")
        register.index = register.opened()
        assert not register.index.is_current()
        register.index.forget(child)
        register.index.rebuild()
        assert (register.index.is_current(), register.found("Сірко Іван")) == (True, [child])


def opened(child: UUID) -> CaseOpened:
    return CaseOpened(
        child=child,
        pseudonym="CH-4F2A",
        ground="bullying",
        unit=UNIT,
        term_ends=NOW + timedelta(days=90),
        reason=Sealed(uuid4(), Reason("два протоколи")),
    )


class TestForgetting:
    def test_an_erased_child_is_out_at_once_and_out_of_every_byte_of_the_file(self, register: Register) -> None:
        child, other = register.add("Сірко", "Іван"), register.add("Вовк", "Ян")
        assert register.found("Сірко Іван") == [child]
        token = KEY.token(UNIT, "P:sirk|Іван").to_bytes(8, signed=True)
        assert token in register.bytes_of()
        assert KEY.enciphered(child) in register.bytes_of()
        register.index.forget(child)
        assert register.found("Сірко Іван") == []
        assert token not in register.bytes_of(), "overwritten, in the write-ahead log, too"
        assert KEY.enciphered(child) not in register.bytes_of()
        assert register.found("Вовк Ян") == [other]

    def test_it_does_not_come_back_when_the_index_is_made_anew(self, register: Register) -> None:
        child = register.add("Сірко", "Іван")
        register.tell(child, IdentityErased(order="12-з", requested_by=UUID(int=1), by=UUID(int=2)))
        assert register.found("Сірко Іван") == []
        register.door.erased.add(child)
        register.index.rebuild()
        assert register.found("Сірко Іван") == []

    def test_a_reader_that_stays_is_told_and_waited_for(
        self, register: Register, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        child = register.add("Сірко", "Іван")
        register.found("Сірко")
        register.impatient(monkeypatch)
        with closing(sqlite3.connect(register.path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM entries").fetchone()
            with pytest.raises(NotForgotten):
                register.index.forget(child)
        register.index.forget(child)
        assert KEY.enciphered(child) not in register.bytes_of()


class TestMakingAnew:
    def test_it_finds_the_same(self, register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(name_index, "BATCH_EVENTS", 3)
        children = [register.add(surname, "Іван") for surname in ("Сірко", "Вовк", "Мороз", "Бойко", "Жук", "Коваль")]
        before = [register.found(f"{name} Іван") for name in ("Сірко", "Вовк", "Коваль")]
        assert register.index.rebuild() == len(children)
        assert [register.found(f"{name} Іван") for name in ("Сірко", "Вовк", "Коваль")] == before

    def test_a_second_one_in_the_middle_is_refused_and_the_first_is_whole(
        self, register: Register, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(name_index, "BATCH_EVENTS", 2)
        children = [register.add(surname, "Іван") for surname in ("Сірко", "Вовк", "Мороз", "Бойко", "Жук")]
        refused: list[RebuildUnderWay] = []

        def again(token: Token, kind: type[T]) -> T | None:
            if token.subject == children[3]:
                with pytest.raises(RebuildUnderWay) as told:
                    register.index.rebuild()
                refused.append(told.value)
            return register.door(token, kind)

        register.index._door = again
        assert register.index.rebuild() == len(children)
        assert len(refused) == 1
        assert [register.found(f"{name} Іван") for name in ("Сірко", "Жук")] == [[children[0]], [children[4]]]
        assert register.index.rebuild() == len(children), "the next one is not refused"

    @pytest.mark.parametrize("why", ["another key", "another log", "other rules", "nothing"])
    def test_what_cannot_be_gone_on_with_is_known(
        self, register: Register, why: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        register.add("Сірко", "Іван")
        register.found("Сірко")
        if why == "other rules":
            monkeypatch.setattr(name_index, "SCHEME", name_index.SCHEME + 1)
        key = NameKey(b"another") if why == "another key" else KEY
        log = MemoryEventLog() if why == "another log" else None
        opened = register.opened(key, log)
        assert opened.is_current() == (why == "nothing")
        opened.close()

    def test_a_child_that_cannot_be_opened_is_passed_over_and_named(self, register: Register) -> None:
        torn, altered = register.add("Сірко", "Іван"), register.add("Мороз", "Іван")
        register.door.torn.add(torn)
        register.door.altered.add(altered)
        other = register.add("Вовк", "Ян")
        assert register.found("Вовк Ян") == [other]
        assert list(register.index.notes.skipped) == [str(torn), str(altered)]

    def test_a_reader_in_the_way_ends_nothing(self, register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
        child = register.add("Сірко", "Іван")
        monkeypatch.setattr(name_index, "SCHEME", name_index.SCHEME + 1)
        monkeypatch.setattr(name_index, "BACK_OFF_SECONDS", 0.01)
        register.impatient(monkeypatch)
        stop = threading.Event()
        running = threading.Thread(target=register.index.run, args=(stop,))
        with closing(sqlite3.connect(register.path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM entries").fetchone()
            running.start()
            wait_until(lambda: register.index.notes.fault is not None)
        later = register.add("Вовк", "Ян")
        assert register.index.wait(register.log.head(), timeout_seconds=30)
        stop.set()
        running.join()
        assert (register.found("Сірко Іван"), register.found("Вовк Ян")) == ([child], [later])


class TestWhatItKeeps:
    def test_no_name_and_no_id_in_the_file(self, register: Register) -> None:
        child = register.add("Запорожець", "Соломія", patronymic="Юріївна", born="2012-05-17")
        register.found("Запорожець")
        kept = register.bytes_of()
        for word in ("Запорожець", "Соломія", "zaporoZec", "2012", "Юріївна"):
            assert word.encode() not in kept
        assert child.bytes not in kept
        assert child.hex.encode() not in kept

    def test_how_much_is_kept_says_nothing_of_the_name(self, register: Register) -> None:
        short, usual = register.add("Жук"), register.add("Коваленко", "Іван", patronymic="Петрович", born="2012")
        assert register.found("Жук") == [short]
        assert register.found("Коваленко Іван") == [usual]
        with closing(sqlite3.connect(register.path)) as database:
            counts = [count for (count,) in database.execute("SELECT count(*) FROM postings GROUP BY entry")]
        assert all(count % PADDED_TO == 0 for count in counts)
        assert sorted(counts) == [PADDED_TO, 2 * PADDED_TO]

    def test_another_key_and_another_unit_make_other_tokens(self) -> None:
        tokens = {key.token(unit, "S:sirk") for key in (KEY, NameKey(b"another")) for unit in (UNIT, OTHER_UNIT)}
        assert len(tokens) == 4


def steps_of(register: Register, name: str) -> tuple[int, int]:
    """How many steps SQLite's machine takes for a search, in tens; and how many rows are read."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    database = register.index._store._database
    with database.borrow() as connection:
        connection.set_progress_handler(count, 10)
    found = register.index.search(UNIT, asked_for(name))
    with database.borrow() as connection:
        connection.set_progress_handler(None, 0)
    return counted, found.rows_read


def test_a_search_reads_the_rows_that_match_however_many_children_there_are(register: Register) -> None:
    register.add("Запорожець", "Соломія")
    register.found("Запорожець")
    few, rows_of_few = steps_of(register, "Запорожець Соломія")
    consonants = "бвгджзклмнпрстфхцчшщ"
    with register.index._store.writing() as writer:
        for number in range(3_000):
            tokens = [KEY.token(UNIT, f"S:{number}{letter}") for letter in consonants[:16]]
            writer.put(uuid4(), tokens)
    many, rows_of_many = steps_of(register, "Запорожець Соломія")
    assert rows_of_many == rows_of_few > 0
    assert many <= few + 2, "one way down a tree for each token, whatever lies beside"


def test_a_search_reads_no_more_rows_than_it_may_and_says_so(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(12):
        register.add("Коваленко", "Іван")
    assert len(register.found("Коваленко Іван")) == 12
    monkeypatch.setattr(name_index, "ROWS_MAX", 5)
    found = register.index.search(UNIT, asked_for("Коваленко Іван"))
    assert (found.complete, found.rows_read, len(found.matches)) == (False, 6, 5)
    assert {match.match for match in found.matches} == {"same"}, "the surest are read first"
