"""The engine over a file, in a process of its own: the code of ``liaison dedup run``, timed.

A process of its own, because the memory of one that made a corpus or ran a rival says nothing, and
because everything that the engine remembers of names is then learned on the way, as after a start.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from liaison import matching
from liaison.bench.dedup.quality import of_report
from liaison.corpora.evaluation import evaluate
from schemas.errors import InputRefused

Say = Callable[[str], None]


def measure(source: Path, truth: Path, *, on_disk: bool, say: Say) -> dict[str, Any]:
    """Speed and quality of one run over ``source``; ``on_disk`` with the index in RocksDB.

    Raises ``InputRefused`` where a line of ``source`` is refused.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(_measure, source, truth, on_disk, say).result()


def _measure(source: Path, truth: Path, on_disk: bool, say: Say) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="liaison-bench-") as directory:
        home = Path(directory)
        index = home / "index" if on_disk else None
        files = {name: home / f"{name}.jsonl" for name in ("links", "groups", "alerts")}
        before, used = _peak(), time.process_time()
        ran = matching.run(
            source, links=files["links"], grouped=files["groups"], alerts=files["alerts"],
            index=index, say=say,
        )  # fmt: skip
        cpu, peak = time.process_time() - used, _peak() - before
        if ran["refused"]:
            first = ran["refused"][0]
            raise InputRefused(
                f"line {first['line']}: {first['field']} {first['problem']}",
                remedy="a corpus has one line for each reference, all in the intake format",
            )
        return {
            "notifications": ran["notifications"],
            "notifications_per_second": ran["notifications_per_second"],
            "notifications_per_cpu_second": round(ran["notifications"] / cpu, 1),
            "p50_ms": ran["p50_ms"],
            "p99_ms": ran["p99_ms"],
            "candidates_per_notification": ran["candidates_per_notification"],
            **of_report(evaluate(truth, **files)),
            "peak_memory_bytes": peak,
            "index_bytes": _size(index) if index else None,
        }


def _size(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def _peak() -> int:
    """Bytes of memory that this process had at most.

    Of Linux's two words on it the one that begins anew with a program: ``ru_maxrss`` of a child
    begins with what its parent had.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
