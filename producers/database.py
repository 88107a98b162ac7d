"""The node's SQL database: the one adapter for SQLAlchemy Core.

SQLite by default, PostgreSQL by URL. Modules declare their tables on :data:`metadata` beside the
functions that use them; those functions are synchronous, take an open connection and never
commit, so that one transaction can hold what several of them do.

SQLite runs in WAL mode with ``synchronous=FULL``: a commit that returned survives a power cut.
Writers begin with ``BEGIN IMMEDIATE``, because a transaction that reads first and writes later
is refused by SQLite when another writer came between.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from schemas.errors import ConfigurationInvalid, Unreachable

__all__ = ["Connection", "Database", "PlainBytes", "insert_new", "metadata", "put_all"]

metadata = sa.MetaData()
"""All tables of a node, declared by the modules that own them."""

SCHEMA_VERSION = 3
"""Raised with every change to a table; an older database is refused, not guessed at."""

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another process (a ``liaison publish`` beside the node)."""

CHECKPOINT_PAGES = 8_000
"""The write-ahead log is worked in every 32 MB; SQLite's 4 MB fill with every other block."""
CACHE_KIB = 32 * 1024

P = ParamSpec("P")
T = TypeVar("T")

_version = sa.Table(
    "schema_version",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
)


class Database:
    """An open database: transactions for commands, awaitable ones for the node.

    Awaitable transactions run one after the other on one thread of their own, so the event loop
    never waits for the disk, and a cancelled caller cannot leave one half done.
    """

    def __init__(self, url: str) -> None:
        """Opens nothing yet; ``url`` is SQLAlchemy's, for example ``sqlite:///node.db``.

        Raises:
            ConfigurationInvalid: ``url`` is none, or there is no driver for it here.
        """
        try:
            self.url = make_url(url)
            self._writer = _engine(self.url, write=True)
            self._reader = _engine(self.url, write=False)
        except (ArgumentError, ImportError) as error:
            # The URL may hold a password: it is not shown.
            raise ConfigurationInvalid(
                "the URL of the database is not one that can be used here",
                remedy="correct [node] database_url, for example sqlite:////srv/liaison/node.db",
            ) from error
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="database-write")
        self._read_threads = ThreadPoolExecutor(2, thread_name_prefix="database-read")

    def create(self) -> None:
        """Makes the file and the tables that are missing. Safe to repeat.

        Raises:
            ConfigurationInvalid: the database is of another version of this product.
            ConfigurationInvalid: the file is damaged, or no database.
            Unreachable: it cannot be opened.
        """
        if self.url.get_backend_name() == "sqlite" and self.url.database:
            _touch(Path(self.url.database))
        with self.begin() as connection:
            metadata.create_all(connection)
            found = connection.scalar(sa.select(sa.func.max(_version.c.version)))
            if found is None:
                connection.execute(_version.insert().values(version=SCHEMA_VERSION))
            elif found != SCHEMA_VERSION:
                raise ConfigurationInvalid(
                    f"the database has schema version {found}, this release needs {SCHEMA_VERSION}",
                    remedy="run the release that made it, or restore the matching backup",
                )

    @contextlib.contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction: committed on leaving, rolled back when an exception leaves it.

        Raises:
            Unreachable: the database does not answer or stays locked.
        """
        with _translated(), self._writer.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction on a consistent snapshot; nothing in it can write."""
        with _translated(), self._reader.begin() as connection:
            yield connection

    async def transact(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs ``work(connection, …)`` in a write transaction; returns after the commit.

        When the caller is cancelled the transaction still ends, committed or rolled back.
        """

        def run() -> T:
            with self.begin() as connection:
                return work(connection, *args, **kwargs)

        return await asyncio.shield(
            asyncio.get_running_loop().run_in_executor(self._write_thread, run)
        )

    async def query(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs ``work(connection, …)`` in a read transaction, beside the writer."""

        def run() -> T:
            with self.read() as connection:
                return work(connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._read_threads, run)

    def close(self) -> None:
        """Ends the threads and the connections."""
        self._write_thread.shutdown(wait=True)
        self._read_threads.shutdown(wait=True)
        self._writer.dispose()
        self._reader.dispose()


def insert_new(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts ``rows``; one whose primary or unique key is there already is left as it is."""
    if not rows:
        return
    connection.execute(_insertion(connection.dialect.name, table), list(rows))


def put_all(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts ``rows``; one whose primary key is there already is replaced."""
    if rows:
        connection.execute(_replacement(connection.dialect.name, table), list(rows))


@cache
def _replacement(dialect_name: str, table: sa.Table) -> sa.Executable:
    given = _insert(dialect_name, table)
    made: sa.Executable = given.on_conflict_do_update(
        index_elements=list(table.primary_key), set_=_others(table, given.excluded)
    )
    return made


def _insert(dialect_name: str, table: sa.Table) -> Any:
    """An insertion that can say what happens when the row is there."""
    if dialect_name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)


def _others(table: sa.Table, excluded: Any) -> dict[str, Any]:
    return {c.name: excluded[c.name] for c in table.columns if not c.primary_key}


class PlainBytes(sa.LargeBinary):
    """Bytes as the drivers take and give them: wrapping each value costs more than storing it."""

    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> None:
        """None."""

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> None:
        """None."""


@cache
def _insertion(dialect_name: str, table: sa.Table) -> sa.Executable:
    """Built once for each table: building a statement costs more than running it."""
    made: sa.Executable = _insert(dialect_name, table).on_conflict_do_nothing()
    return made


def _touch(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise Unreachable(
            f"the database {path} cannot be opened: {error.strerror}",
            remedy="check the disk, who owns the directory, and [node] data or database_url",
        ) from error


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise Unreachable(
            f"the database does not answer: {type(error.orig).__name__}: {error.orig}",
            remedy="check the disk, or [node] database_url and its server; see `liaison doctor`",
        ) from error
    except DatabaseError as error:
        # Its subclasses are our own mistakes; the class itself is what SQLite says of a bad file.
        if type(error) is not DatabaseError:
            raise
        raise ConfigurationInvalid(
            f"the database cannot be read: {error.orig}",
            remedy="stop the node, keep the file, and restore a backup: docs/operations.md",
        ) from error


def _engine(url: sa.URL, *, write: bool) -> sa.Engine:
    # A statement's parameters can hold identity data: they stay out of every message.
    engine = sa.create_engine(url, hide_parameters=True)
    if url.get_backend_name() != "sqlite":
        return engine if write else engine.execution_options(postgresql_readonly=True)

    @sa.event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling is switched off; see the module's docstring.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            f"cache_size=-{CACHE_KIB}",
            f"query_only={'OFF' if write else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine
