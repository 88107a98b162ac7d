"""The one adapter for RocksDB (rocksdict): the match index on disk."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rocksdict import (
    AccessType,
    BlockBasedIndexType,
    BlockBasedOptions,
    Cache,
    DbClosedError,
    DBCompressionType,
    Options,
    Rdict,
    WriteBatch,
    WriteOptions,
)

from consumers.deduplication.store import Changes
from schemas.errors import ConfigurationInvalid

CACHE_BYTES = 256 << 20
"""Of blocks, and of parts of their indexes and filters: all that is kept of what was read."""
BUFFER_BYTES = 32 << 20
"""Of changes that are in no table yet, two of them at most; a start reads them from the log."""
FILTER_BITS = 10
"""For a key: one look in a hundred for what is not there costs a read. Most keys are new."""


def _open(home: Path, access: AccessType) -> Rdict:
    """The options are said of ``default``, too: otherwise a restart loses the cache."""
    options = _options()
    return Rdict(str(home), options, column_families={"default": options}, access_type=access)


def _options() -> Options:
    """Point lookups, most of them of keys that are not there, in bounded memory.

    Indexes and filters lie in parts: whole ones are too large for a cache that many share.
    """
    tables = BlockBasedOptions()
    tables.set_block_cache(Cache(CACHE_BYTES))
    tables.set_bloom_filter(FILTER_BITS, block_based=False)
    tables.set_index_type(BlockBasedIndexType.two_level_index_search())
    tables.set_partition_filters(True)
    tables.set_cache_index_and_filter_blocks(True)
    tables.set_pin_top_level_index_and_filter(True)
    options = Options(raw_mode=True)
    options.create_if_missing(True)
    options.set_block_based_table_factory(tables)
    options.set_write_buffer_size(BUFFER_BYTES)
    options.set_compression_type(DBCompressionType.lz4())
    # Every list of files is a new one: an old one names the first and last key of files that are
    # gone, and a key can be a value of a case.
    options.set_max_manifest_file_size(1)
    return options


class RocksStore:
    """A :class:`~consumers.deduplication.store.Store` in the directory ``home``.

    One process at a time may have it open.

    Raises:
        ConfigurationInvalid: another process has it open, or it is no such store.
    """

    def __init__(self, home: Path) -> None:
        try:
            home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            home.mkdir(mode=0o700, exist_ok=True)
            self._database = _open(home, AccessType.read_write())
        except Exception as error:  # rocksdict raises bare exceptions of its own
            raise ConfigurationInvalid(
                f"the match index in {home} cannot be opened",
                remedy="end the process that uses it; if there is none, remove the directory"
                " and let the index be made anew",
            ) from error
        self._durable = WriteOptions()
        self._durable.sync = True

    def get(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """See the port."""
        found: Any = self._database.get(list(keys))
        return list(found)

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """See the port."""
        for key, value in self._database.items(from_key=prefix):
            if not isinstance(key, bytes) or not key.startswith(prefix):
                return
            yield key, value

    def write(self, changes: Changes) -> None:
        """See the port."""
        batch = WriteBatch(raw_mode=True)
        for key, value in changes.items():
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        self._database.write(batch, self._durable)

    def cache_bytes(self) -> int:
        """How much it may keep of what it read."""
        return self._database.property_int_value("rocksdb.block-cache-capacity") or 0

    def compact(self, note: Changes) -> None:
        """Takes what was deleted or replaced off the disk: until then it is in older files.

        ``note`` is written at the end. It makes the last list of files, without the former ones.
        """
        self._database.flush()
        self._database.compact_range(None, None)
        self.write(note)
        self._database.flush()

    def close(self) -> None:
        """See the port; safe to repeat."""
        with contextlib.suppress(DbClosedError):
            self._database.close()


class Beside(RocksStore):
    """The same for reading only, beside the process that writes; as it was when it was opened.

    RocksDB calls it a secondary instance. Needs no answer from the writer, and none to be there.

    Raises:
        ConfigurationInvalid: it is no such store.
    """

    def __init__(self, home: Path) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="liaison-")
        access = AccessType.secondary(self._scratch.name)
        self._durable = WriteOptions()
        try:
            (home / "CURRENT").stat()  # without it RocksDB would make a directory
            self._database = _open(home, access)
        except Exception as error:  # rocksdict raises bare exceptions of its own
            self._scratch.cleanup()
            raise ConfigurationInvalid(
                f"the match index in {home} cannot be read",
                remedy="run the command as the user of the node; if the directory is damaged,"
                " `liaison dedup replay`",
            ) from error

    def close(self) -> None:
        """See the port."""
        super().close()
        self._scratch.cleanup()


def discard(home: Path) -> None:
    """Takes a store off the disk; one that is in use stays."""
    with contextlib.suppress(Exception):  # rocksdict raises bare exceptions of its own
        Rdict.destroy(str(home))
        shutil.rmtree(home)
