"""``liaison dedup run``: a file in, three files and a report out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from consumers.deduplication.rocks import RocksStore
from liaison.cli import cli
from liaison.corpora.generators import GENERATORS

ANNA: dict[str, Any] = {"names": ["Aurélie Quincampoix"], "birth_date": "2012-05-17", "sex": "f"}
ABROAD: dict[str, Any] = {**ANNA, "names": ["QUINCAMPOIX Aurelie"]}
ANOTHER: dict[str, Any] = {"names": ["Tomasz Wyrobek"], "birth_date": "2009-01-30", "sex": "m"}
NAMES = ("links", "groups", "alerts")
FIGURES = ("notifications_per_second", "p50_ms", "p99_ms", "candidates_per_notification")


def case(reference: str, origin: str = "FR", **about: Any) -> dict[str, Any]:
    """A line without an instant of its own."""
    return {"type": "identification", "reference": reference, "jurisdiction": origin,
            "role": "victim", "recipients": ["XI"], **about}  # fmt: skip


def words(home: Path, *more: str) -> list[str]:
    files = [w for name in NAMES for w in (f"--{name}", str(home / f"{name}.jsonl"))]
    return ["dedup", "run", "--input", str(home / "in.jsonl"), *files, "--output", "json", *more]


def put(home: Path, *lines: dict[str, Any]) -> None:
    home.mkdir(exist_ok=True)
    (home / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def call(home: Path, *more: str) -> Result:
    return CliRunner().invoke(cli, words(home, *more))


def run(home: Path, *lines: dict[str, Any], index: Path | None = None) -> dict[str, Any]:
    """The report of a run that refuses nothing."""
    put(home, *lines)
    result = call(home, *(("--index", str(index)) if index else ()))
    assert result.exit_code == 0, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def rows(home: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / f"{name}.jsonl").read_text("utf-8").splitlines()]


def written(home: Path) -> list[bytes]:
    return [(home / f"{name}.jsonl").read_bytes() for name in NAMES]


def test_what_is_written(tmp_path: Path) -> None:
    """Links with their evidence, the group of every reference, what was told, and figures."""
    undated = {name: ANNA[name] for name in ("names", "sex")}
    report = run(tmp_path, case("FR-1", **ANNA), case("PH-1", "PH", **ANOTHER),
                 case("DE-1", "DE", **ABROAD), case("NL-1", "NL", **undated))  # fmt: skip
    links = rows(tmp_path, "links")
    assert {frozenset((x["a"], x["b"])): x["decision"] for x in links} == {
        frozenset(("FR-1", "DE-1")): "same",
        frozenset(("FR-1", "NL-1")): "compare",
        frozenset(("DE-1", "NL-1")): "compare",
    }
    for one in links:
        assert list(one) == ["a", "b", "score", "decision", "evidence"]
        assert type(one["score"]) is int
        for kind, strength, weight in one["evidence"]:
            assert (type(kind), type(weight)) == (str, int)
            assert strength in ("weak", "moderate", "strong")
    assert min(x["score"] for x in links if x["decision"] == "same") > max(
        x["score"] for x in links if x["decision"] == "compare"
    )
    groups = rows(tmp_path, "groups")
    assert [list(one) for one in groups] == [["reference", "group"]] * 4
    group = {one["reference"]: one["group"] for one in groups}
    assert group["FR-1"] == group["DE-1"] in ("FR-1", "DE-1")
    assert (group["PH-1"], group["NL-1"]) == ("PH-1", group["DE-1"])
    assert rows(tmp_path, "alerts") == [
        {"reference": "DE-1", "matches": ["FR-1"]},
        {"reference": "NL-1", "matches": ["FR-1", "DE-1"]},
    ]
    counts = ("notifications", "same", "compare", "groups", "alerts", "refused")
    assert [report[name] for name in counts] == [4, 1, 2, 1, 2, []]
    assert all(report[name] >= 0 for name in FIGURES)
    assert report["candidates_per_notification"] == 0.75


def test_nothing_in_the_output_is_a_value(tmp_path: Path) -> None:
    """Kinds and weights, and no name, date or address."""
    mail = {"identifiers": [{"type": "email", "value": "nightowl@courrier.example"}]}
    put(tmp_path, case("FR-1", **ANNA, **mail), case("DE-1", "DE", **ABROAD, **mail))
    result = call(tmp_path, "--index", str(tmp_path / "index"))
    told = b"".join(written(tmp_path)).decode() + result.output
    for value in ("uincampoix", "UINCAMPOIX", "2012", "nightowl", "courrier"):
        assert value not in told


def test_a_bad_line_is_refused_and_the_others_go_through(tmp_path: Path) -> None:
    """With its line, field and remedy, and exit code 2; blank lines are no lines."""
    put(tmp_path, case("FR-1", **ANNA), case("DE-1", "DE", **ABROAD, nickname="x"),
        case("DE-2", "DE", **ABROAD))  # fmt: skip
    with (tmp_path / "in.jsonl").open("ab") as file:
        file.write(b"\n  \r\n")
    result = call(tmp_path)
    assert result.exit_code == 2
    report = json.loads(result.stdout)
    (problem,) = report["refused"]
    assert (problem["line"], problem["field"]) == (2, "nickname")
    assert problem["problem"]
    assert problem["remedy"]
    assert f"the first in line 2: nickname {problem['problem']}" in result.stderr
    assert f"what to do: {problem['remedy']}" in result.stderr
    assert report["notifications"] == 2
    assert [one["reference"] for one in rows(tmp_path, "groups")] == ["FR-1", "DE-2"]
    assert len(rows(tmp_path, "links")) == 1


def test_an_empty_file_gives_empty_files(tmp_path: Path) -> None:
    """And figures that are none."""
    report = run(tmp_path)
    assert written(tmp_path) == [b"", b"", b""]
    assert [report[name] for name in ("notifications", *FIGURES)] == [0] * 5


def test_an_update_replaces_what_was_said(tmp_path: Path) -> None:
    """Though neither line has an instant: a later line is a later word."""
    before = [case("FR-1", **ANNA), case("DE-1", "DE", **ABROAD)]
    run(tmp_path, *before, case("DE-1", "DE", **ANOTHER, relation="update"))
    assert rows(tmp_path, "links") == []
    assert [one["reference"] for one in rows(tmp_path, "groups")] == ["FR-1", "DE-1"]
    back = case("DE-1", "DE", **ABROAD, relation="supersede")
    run(tmp_path, *before, case("DE-1", "DE", **ANOTHER, relation="update"), back)
    assert len(rows(tmp_path, "links")) == 1


def test_a_cancelled_case_is_gone(tmp_path: Path) -> None:
    """With its links and its group; an update brings it back."""
    lines = [case("FR-1", **ANNA), case("DE-1", "DE", **ABROAD),
             case("FR-1", relation="cancel")]  # fmt: skip
    run(tmp_path, *lines)
    assert rows(tmp_path, "links") == []
    assert rows(tmp_path, "groups") == [{"reference": "DE-1", "group": "DE-1"}]
    run(tmp_path, *lines, case("FR-1", **ANNA, relation="update"))
    assert len(rows(tmp_path, "links")) == 1


def test_a_known_reference_with_other_content_has_to_say_what_it_is(tmp_path: Path) -> None:
    """The same content again changes nothing, and is not told again; another is refused."""
    lines = [case("FR-1", **ANNA), case("DE-1", "DE", **ABROAD)]
    report = run(tmp_path, *lines, *lines)
    assert (report["notifications"], report["alerts"], report["same"]) == (4, 1, 1)
    put(tmp_path, *lines, case("DE-1", "DE", **ANOTHER))
    result = call(tmp_path)
    assert result.exit_code == 2
    assert "line 3: reference is known with other content" in result.stderr
    assert "update, supersede or cancel" in result.stderr
    assert len(rows(tmp_path, "links")) == 1


def test_one_reference_of_two_jurisdictions_is_two_cases(tmp_path: Path) -> None:
    """Neither replaces the other, and they may be one person's."""
    run(tmp_path, case("2026-1", **ANNA), case("2026-1", "DE", **ABROAD))
    (found,) = rows(tmp_path, "links")
    assert (found["a"], found["b"]) == ("2026-1", "2026-1")
    assert rows(tmp_path, "alerts") == [{"reference": "2026-1", "matches": ["2026-1"]}]
    assert rows(tmp_path, "groups") == [{"reference": "2026-1", "group": "2026-1"}] * 2


def corpus(count: int = 600) -> list[dict[str, Any]]:
    return [line for line, _, _ in GENERATORS["registry"](count, 5)]


def test_an_index_continues_a_run(tmp_path: Path) -> None:
    """Two halves give the links, groups and alerts of the whole; a third time changes nothing."""
    lines, index = corpus(), tmp_path / "index"
    whole, first, second = (tmp_path / name for name in ("whole", "first", "second"))
    run(whole, *lines)
    run(first, *lines[:250], index=index)
    run(second, *lines[250:], index=index)
    assert written(second)[:2] == written(whole)[:2]
    assert rows(first, "alerts") + rows(second, "alerts") == rows(whole, "alerts")
    again = run(second, *lines, index=index)
    assert written(second)[:2] == written(whole)[:2]
    assert again["alerts"] == 0


def test_an_index_in_use_is_refused(tmp_path: Path) -> None:
    """With what to do, and the exit code of a configuration."""
    put(tmp_path, case("FR-1", **ANNA))
    store = RocksStore(tmp_path / "index")
    result = call(tmp_path, "--index", str(tmp_path / "index"))
    store.close()
    assert result.exit_code == 3
    assert "end the process that uses it" in result.stderr
    assert not (tmp_path / "links.jsonl").exists()


def test_an_index_of_other_rules_is_not_gone_on_with(tmp_path: Path) -> None:
    """Its keys are not those of today: nobody would be found, without a word."""
    run(tmp_path, case("FR-1", **ANNA), index=tmp_path / "index")
    with closing(RocksStore(tmp_path / "index")) as store:
        (meta,) = store.get([b"m"])
        assert meta is not None
        store.write({b"m": json.dumps({**json.loads(meta), "version": 1}).encode()})
    result = call(tmp_path, "--index", str(tmp_path / "index"))
    assert result.exit_code == 3
    assert "made by the rules of another release" in result.stderr
    assert "feed all files again" in result.stderr


def test_where_nothing_can_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    """A directory that is not there."""
    put(tmp_path, case("FR-1", **ANNA))
    result = CliRunner().invoke(
        cli, [*words(tmp_path), "--alerts", str(tmp_path / "none" / "alerts.jsonl")]
    )
    assert result.exit_code == 2
    assert "is no directory" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl"]


def started(home: Path, *more: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from liaison.cli import main; main()", *words(home, *more)]
    return subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_hash_seed_of_python_does_not_matter(tmp_path: Path) -> None:
    """No set order is in the output: two processes write the same bytes."""
    found = []
    for seed in ("1", "2"):
        home = tmp_path / seed
        put(home, *corpus())
        with started(home, PYTHONHASHSEED=seed) as process:
            assert process.wait() == 0
        found.append(written(home))
    assert found[0] == found[1]
    assert found[0][0]


def test_interrupted_it_leaves_no_half_written_output(tmp_path: Path) -> None:
    """What an earlier run wrote is still there, whole, and nothing beside it."""
    run(tmp_path, case("FR-1", **ANNA), case("DE-1", "DE", **ABROAD))
    before = written(tmp_path)
    source = tmp_path / "in.jsonl"
    source.unlink()
    os.mkfifo(source)
    with started(tmp_path) as process, source.open("w", encoding="utf-8") as feed:
        feed.write(json.dumps(case("NL-1", "NL", **ANNA)) + "\n")
        feed.flush()
        process.send_signal(signal.SIGINT)
        assert process.wait() != 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    assert written(tmp_path) == before
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["alerts.jsonl", "groups.jsonl", "in.jsonl", "links.jsonl"]


def test_killed_the_same_command_completes_it(tmp_path: Path) -> None:
    """What was written to the index before counts once; what was not comes anew."""
    lines, index = corpus(700), tmp_path / "index"
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    run(whole, *lines)
    killed.mkdir()
    os.mkfifo(killed / "in.jsonl")
    with started(killed, "--index", str(index)) as process:
        with (killed / "in.jsonl").open("w", encoding="utf-8") as feed:
            feed.writelines(json.dumps(line) + "\n" for line in lines)
            feed.flush()
            process.kill()
        assert process.wait() == -signal.SIGKILL
    (killed / "in.jsonl").unlink()
    run(killed, *lines, index=index)
    assert written(killed)[:2] == written(whole)[:2]
