"""The index of names in a SQLite file of its own: tokens, and the enciphered ids of the children that they are of.

    entries   one row a child: a number by chance, the enciphered id, the tokens (so that all of them can be taken out)
    postings  (token, entry), in the order of tokens: one search is one step down a tree for each token it asks for
    cases     which prevention cases there were of a child, both enciphered: whose units find the child is in the log

All exist twice while the index is made anew: the live ones, and `_next`. What is taken out is overwritten. Tokens are
by chance: written child by child into a large tree, each would rewrite a page of its own. An index that is made anew
has its entries written first, and then the postings of all of them in the order of tokens.
"""

from __future__ import annotations

import secrets
import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from app.event_store.database import Database
from app.event_store.sqlite_file import MADE_ANEW, Schema, SqliteFile
from app.names.tokens import NameKey

LIVE, NEXT = "", "_next"
TABLES = ("entries", "postings", "cases")
TOKENS_AT_ONCE = 500  # in one statement
CACHE_KIB = 128 * 1024  # what is written by chance is scattered over all pages of a tree
POSTINGS_AT_ONCE = 1_000_000  # sorted in memory: about 150 MB


def _tables(suffix: str) -> tuple[str, ...]:
    return (
        f"CREATE TABLE entries{suffix} (entry INTEGER PRIMARY KEY, child BLOB NOT NULL UNIQUE, tokens BLOB NOT NULL)"
        " STRICT",
        f"CREATE TABLE postings{suffix} (token INTEGER, entry INTEGER, PRIMARY KEY (token, entry))"
        " STRICT, WITHOUT ROWID",
        f"CREATE TABLE IF NOT EXISTS cases{suffix} (child BLOB, case_id BLOB, PRIMARY KEY (child, case_id))"
        " STRICT, WITHOUT ROWID",
    )


_SCHEMA = Schema(
    application_id=int.from_bytes(b"OBNM"),
    version=1,
    statements=(
        # anchor: which event stands at that position, in this log and in no other
        "CREATE TABLE folded (one INTEGER PRIMARY KEY CHECK (one = 1), scheme INTEGER NOT NULL,"
        " key_check BLOB NOT NULL, position INTEGER NOT NULL, anchor TEXT NOT NULL) STRICT",
        "INSERT INTO folded VALUES (1, 0, x'', 0, '')",
        *_tables(LIVE),
    ),
    mend=MADE_ANEW,
)


class Folded(NamedTuple):
    """What the index was made with, and how far."""

    scheme: int
    key_check: bytes
    position: int
    anchor: str


class NameStore:
    """Safe between threads; one writes at a time."""

    def __init__(self, path: Path, key: NameKey) -> None:
        """Raises StoreRefused where the file is not such an index."""
        file = SqliteFile(path, _SCHEMA, synchronous="NORMAL", secure_delete=True, cache_kib=CACHE_KIB)
        self._database = Database(file, create=True)
        self._key = key
        with self._database.transaction() as connection:  # an index of before has no such table until it is made anew
            connection.execute(_tables(LIVE)[-1])

    def folded(self) -> Folded:
        (row,) = self._database.rows("SELECT scheme, key_check, position, anchor FROM folded")
        return Folded(*row)

    @contextmanager
    def writing(self, suffix: str = LIVE, *, posting: bool = True) -> Iterator[Writer]:
        """A transaction. Without `posting` what is put is not found until `post`. Raises as `Database.transaction`."""
        with self._database.transaction() as connection:
            yield Writer(connection, self._key, suffix, posting)

    def post(self, suffix: str) -> Iterator[int]:
        """Write the postings of all entries that were put without: a range of tokens in each step, and how many there
        were in it. Raises as `Database.transaction`.
        """
        sum_of = f"SELECT coalesce(sum(length(tokens)), 0) FROM entries{suffix}"  # noqa: S608
        ranges = self._database.rows(sum_of)[0][0] // array("q").itemsize // POSTINGS_AT_ONCE + 1
        ends = [place * 2**64 // ranges - 2**63 for place in range(ranges + 1)]
        for start, end in pairwise(ends):
            with self._database.transaction() as connection:
                posted = Writer(connection, self._key, suffix).post(start, end)
            yield posted

    def found(self, tokens: Sequence[int], *, rows_max: int) -> tuple[list[tuple[int, UUID]], int]:
        """Which children have which of the tokens, in the order of tokens; and how many rows were read for it. Where
        there are more than `rows_max`, the rest is left out.
        """
        rows: list[tuple[int, bytes]] = []
        for start in range(0, len(tokens), TOKENS_AT_ONCE):
            some = tokens[start : start + TOKENS_AT_ONCE]
            marks = ",".join("?" * len(some))
            # S608: what is put together here are question marks.
            asked = (
                "SELECT token, child FROM postings CROSS JOIN entries USING (entry)"  # noqa: S608
                f" WHERE token IN ({marks}) LIMIT ?"
            )
            rows += self._database.rows(asked, (*some, rows_max + 1 - len(rows)))
            if len(rows) > rows_max:
                break
        return [(token, self._key.deciphered(child)) for token, child in rows[:rows_max]], len(rows)

    def children(self) -> int:
        return int(self._database.rows("SELECT count(*) FROM entries")[0][0])

    def overwrite(self) -> bool:
        """Have what was taken out leave the write-ahead log, too. False: a reader was in the way."""
        return not self._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]

    def close(self) -> None:
        self._database.close()


class Writer:
    """One transaction, in the live tables or in those that are made beside."""

    def __init__(self, connection: sqlite3.Connection, key: NameKey, suffix: str, posting: bool = True) -> None:
        self._connection, self._key, self._suffix, self._posting = connection, key, suffix, posting
        # S608: what is put together here is one of two suffixes.
        self._known = f"SELECT entry, tokens FROM entries{suffix} WHERE child = ?"  # noqa: S608
        self._taken_out = f"DELETE FROM postings{suffix} WHERE token = ? AND entry = ?"  # noqa: S608
        self._of_child = f"SELECT case_id FROM cases{suffix} WHERE child = ?"  # noqa: S608
        self._no_cases = f"DELETE FROM cases{suffix} WHERE child = ?"  # noqa: S608
        self._left_out = f"DELETE FROM entries{suffix} WHERE entry = ?"  # noqa: S608

    def put(self, child: UUID, tokens: Sequence[int]) -> None:
        """What is known of a child from now on."""
        self._take_out(child)
        entry = secrets.randbits(63)  # by chance: a counted one would tell the order in which children were registered
        self._into("entries", (entry, self._key.enciphered(child), array("q", tokens).tobytes()))
        if self._posting:
            self._into("postings", *((token, entry) for token in tokens))

    def post(self, start: int, end: int) -> int:
        """The postings of all entries with tokens in [start, end). Returns how many."""
        postings: list[tuple[int, int]] = []
        for entry, kept in self._connection.execute(f"SELECT entry, tokens FROM entries{self._suffix}"):  # noqa: S608
            tokens = array("q", kept)  # in their order, as `NameKey.kept` gives them
            some = tokens[bisect_left(tokens, start) : bisect_left(tokens, end)]
            postings += [(token, entry) for token in some]
        postings.sort()
        self._into("postings", *postings)
        return len(postings)

    def note_case(self, case: UUID, child: UUID) -> None:
        self._connection.execute(
            f"INSERT OR IGNORE INTO cases{self._suffix} VALUES (?, ?)",  # noqa: S608
            (self._key.enciphered(child), self._key.enciphered(case)),
        )

    def cases_of(self, child: UUID) -> list[UUID]:
        found = self._connection.execute(self._of_child, (self._key.enciphered(child),)).fetchall()
        return [self._key.deciphered(case) for (case,) in found]

    def forget(self, child: UUID) -> None:
        self._take_out(child)
        self._connection.execute(self._no_cases, (self._key.enciphered(child),))

    def _take_out(self, child: UUID) -> None:
        for entry, tokens in self._connection.execute(self._known, (self._key.enciphered(child),)).fetchall():
            self._connection.executemany(self._taken_out, [(token, entry) for token in array("q", tokens)])
            self._connection.execute(self._left_out, (entry,))

    def reach(self, folded: Folded) -> None:
        self._connection.execute("UPDATE folded SET scheme = ?, key_check = ?, position = ?, anchor = ?", folded)

    def empty(self) -> None:
        """Begin these tables anew."""
        for name in TABLES:
            self._connection.execute(f"DROP TABLE IF EXISTS {name}{self._suffix}")
        for statement in _tables(self._suffix):
            self._connection.execute(statement)

    def swap(self) -> None:
        """Put what was made beside in the place of the live tables."""
        for name in TABLES:
            self._connection.execute(f"DROP TABLE {name}")
            self._connection.execute(f"ALTER TABLE {name}{NEXT} RENAME TO {name}")

    def _into(self, table: str, *rows: tuple[object, ...]) -> None:
        if not rows:
            return
        marks = ", ".join("?" * len(rows[0]))
        self._connection.executemany(f"INSERT INTO {table}{self._suffix} VALUES ({marks})", rows)  # noqa: S608
