"""One contract for every store of the match index; the overlay that a batch sees; the disk."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.deduplication.rocks import CACHE_BYTES, Beside, RocksStore, discard
from consumers.deduplication.store import Changes, MemoryStore, Overlay, Store, records_of
from schemas.errors import ConfigurationInvalid


def _memory(_home: Path, _until: ExitStack) -> Store:
    return MemoryStore()


def _rocks(home: Path, until: ExitStack) -> Store:
    return until.enter_context(closing(RocksStore(home / "index")))


MAKERS: dict[str, Callable[[Path, ExitStack], Store]] = {"memory": _memory, "rocks": _rocks}


@pytest.fixture(params=MAKERS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    with ExitStack() as until:
        yield MAKERS[request.param](tmp_path, until)


def under(store: Store, prefix: bytes) -> list[tuple[bytes, bytes]]:
    return list(store.scan(prefix))


def test_what_was_written_is_there_until_it_is_taken_away(store: Store) -> None:
    """Also an empty value, and any byte; the answer is in the order of the question."""
    store.write({b"a": b"1", b"a\0": b"", b"\xff\xfe": b"\0\xff"})
    assert store.get([b"\xff\xfe", b"x", b"a", b"a\0", b"a"]) == [
        b"\0\xff", None, b"1", b"", b"1",
    ]  # fmt: skip
    store.write({b"a": b"2", b"a\0": None, b"never": None})
    assert store.get([b"a", b"a\0", b"never"]) == [b"2", None, None]
    assert store.get([]) == []
    store.write({})


def test_a_scan_gives_what_begins_alike_in_order(store: Store) -> None:
    """By bytes, the bare prefix first; neighbours are left out; a prefix of the last byte too."""
    written = [b"k", b"k\0", b"k\x7f", b"k\x80", b"k\xff", b"k\xff\xff", b"ka", b"l", b"j\xff",
               b"\xff", b"\xff\xff", b"\xff\xff\x01", b"\xfe"]  # fmt: skip
    store.write({key: key[::-1] for key in reversed(written)})
    for prefix in (b"k", b"k\xff", b"\xff", b"\xff\xff", b"\xfe", b"z", b"kab"):
        expected = sorted(key for key in written if key.startswith(prefix))
        assert under(store, prefix) == [(key, key[::-1]) for key in expected], prefix
    store.write({b"k\xff": None})
    assert under(store, b"k\xff") == [(b"k\xff\xff", b"\xff\xffk")]


steps = st.lists(
    st.dictionaries(
        st.sampled_from([bytes([a, b]) for a in (0, 107, 255) for b in (0, 128, 255)]),
        st.none() | st.binary(max_size=3),
        max_size=5,
    ),
    max_size=6,
)


@settings(max_examples=25)
@given(steps=steps)
def test_every_store_does_the_same(tmp_path_factory: pytest.TempPathFactory, steps: list[Changes],
                                   ) -> None:  # fmt: skip
    """After any sequence of writes they hold the same, and so do all ways to see one."""
    expected: dict[bytes, bytes] = {}
    home = tmp_path_factory.mktemp("stores")
    with ExitStack() as until:
        stores = [make(home, until) for make in MAKERS.values()]
        small = Overlay(MemoryStore(), remembered=1)
        views = [Overlay(MemoryStore()), small, records_of(MemoryStore())]
        for changes in steps:
            for store in stores:
                store.write(changes)
            for key, value in changes.items():
                for view in views:
                    view.change({key: value})
                if value is None:
                    expected.pop(key, None)
                else:
                    expected[key] = value
        for prefix in (b"\0", b"k", b"\xff", b"\xff\xff"):
            of = [(k, v) for k, v in sorted(expected.items()) if k.startswith(prefix)]
            assert [under(store, prefix) for store in stores] == [of] * len(stores)
            assert [sorted(view.now(prefix)) for view in views] == [of] * len(views)
            assert [list(view.scan(prefix)) for view in views] == [of] * len(views)
        for view in views:
            assert (
                view.read(list(expected)) == list(map(view.get, expected)) == [*expected.values()]
            )


def test_an_overlay_sees_its_own_changes_and_writes_them_once() -> None:
    """What it changed is in the store from the flush on, and not before."""
    store = MemoryStore()
    store.write({b"a": b"1", b"b": b"2"})
    overlay = Overlay(store, remembered=1)
    overlay.change({b"a": None})
    overlay.change({b"c": b"3"})
    assert overlay.read([b"a", b"b", b"c", b"d"]) == [None, b"2", b"3", None]
    assert (overlay.get(b"a"), overlay.get(b"c"), overlay.get(b"d")) == (None, b"3", None)
    assert dict(overlay.now(b"")) == {b"b": b"2", b"c": b"3"}
    assert store.get([b"a", b"c"]) == [b"1", None]
    overlay.flush()
    assert store.get([b"a", b"b", b"c"]) == [None, b"2", b"3"]
    store.write({b"b": b"9"})
    assert overlay.get(b"b") == b"2", "remembered"
    assert overlay.read([b"c", b"d"]) == [b"3", None]
    assert overlay.get(b"b") == b"2", "used since"
    for _ in range(2):
        assert overlay.read([b"c", b"d"]) == [b"3", None]
    assert overlay.get(b"b") == b"9", "what is remembered is bounded"


def test_a_store_on_disk_is_there_after_a_restart(tmp_path: Path) -> None:
    """And nobody else on the machine can read it."""
    home = tmp_path / "a" / "index"
    with closing(RocksStore(home)) as store:
        store.write({b"a": b"1"})
    with closing(RocksStore(home)) as store:
        assert store.get([b"a"]) == [b"1"]
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_store_on_disk_has_its_cache_after_a_restart(tmp_path: Path) -> None:
    """RocksDB does not keep how large its cache is to be, and a small one costs a tenfold."""
    for _ in range(2):
        with closing(RocksStore(tmp_path / "index")) as store:
            store.write({b"a": b"1"})
            assert store.cache_bytes() == CACHE_BYTES
    with closing(Beside(tmp_path / "index")) as store:
        assert store.cache_bytes() == CACHE_BYTES


def test_a_store_has_one_user_at_a_time(tmp_path: Path) -> None:
    """The second is told what to do; when the first is done, it is free."""
    with closing(RocksStore(tmp_path / "index")) as first:
        first.write({b"a": b"1"})
        with pytest.raises(ConfigurationInvalid) as refused:
            RocksStore(tmp_path / "index")
        assert "cannot be opened" in refused.value.problem
        assert "end the process that uses it" in (refused.value.remedy or "")
    with closing(RocksStore(tmp_path / "index")) as second:
        assert second.get([b"a"]) == [b"1"]


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    """A file in its place, and a directory of somebody else's files."""
    (tmp_path / "file").write_text("x", "utf-8")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "CURRENT").write_text("nonsense", "utf-8")
    for home in (tmp_path / "file", tmp_path / "file" / "index", tmp_path / "other"):
        with pytest.raises(ConfigurationInvalid, match="cannot be opened"):
            RocksStore(home)


def test_a_store_is_read_beside_the_one_who_writes_it(tmp_path: Path) -> None:
    """As it was when it was opened, written to disk or not; and when nobody has it open."""
    home = tmp_path / "index"
    with closing(RocksStore(home)) as store:
        store.write({b"a": b"1", b"b": b"2"})
        with closing(Beside(home)) as reader:
            store.write({b"a": b"9"})
            assert reader.get([b"a", b"b"]) == [b"1", b"2"]
            assert under(reader, b"") == [(b"a", b"1"), (b"b", b"2")]
            assert under(reader, b"a") == [(b"a", b"1")]
            with pytest.raises(Exception, match="secondary"):
                reader.write({b"a": b"3"})
        with closing(Beside(home)) as reader:
            assert reader.get([b"a"]) == [b"9"]
    with closing(Beside(home)) as reader:
        assert reader.get([b"a"]) == [b"9"]
    with pytest.raises(ConfigurationInvalid, match="cannot be read"):
        Beside(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_what_was_deleted_leaves_the_disk(tmp_path: Path) -> None:
    """Not when it is deleted, but when the files are written anew."""
    home = tmp_path / "index"

    def on_disk() -> bool:
        return any(b"quincampoix" in part.read_bytes() for part in home.iterdir())

    def files() -> set[Path]:
        return {path for kind in ("*.sst", "*.log", "MANIFEST-*") for path in home.glob(kind)}

    with closing(RocksStore(home)) as store:
        store.write({b"s1": b"quincampoix", b"s2": b"wyrobek"})
        store.write({b"s1": None})
        assert on_disk()
        written = files()
        store.compact({b"m": b"1"})
        assert not on_disk()
        assert not files() & written, "tables are compressed: what is old must be gone whole"
        assert under(store, b"s") == [(b"s2", b"wyrobek")]


def test_a_store_in_use_is_not_taken_away(tmp_path: Path) -> None:
    """What nobody has open is."""
    home = tmp_path / "index"
    with closing(RocksStore(home)) as store:
        store.write({b"a": b"1"})
        discard(home)
        store.write({b"b": b"2"})
    with closing(RocksStore(home)) as store:
        assert store.get([b"a", b"b"]) == [b"1", b"2"]
    discard(home)
    assert not home.exists()


WRITER = """
import sys
from pathlib import Path
from consumers.deduplication.rocks import RocksStore

store = RocksStore(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    store.write({b"%c%03d" % (part, n): b"%d" % number for part in b"xyz" for n in range(200)})
    if number == 20:
        print("going on", flush=True)
"""


def test_a_write_is_whole_or_not_there_when_the_process_is_killed(tmp_path: Path) -> None:
    """Killed in the middle of writing: every key is of one batch, none older than was told."""
    command = [sys.executable, "-c", WRITER, str(tmp_path / "index")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "going on\n"
        writer.send_signal(signal.SIGKILL)
    assert writer.returncode == -signal.SIGKILL
    with closing(RocksStore(tmp_path / "index")) as store:
        found = {int(value) for prefix in (b"x", b"y", b"z") for _, value in store.scan(prefix)}
        assert len(list(store.scan(b"x"))) == 200
    (number,) = found
    assert number >= 20
