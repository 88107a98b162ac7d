"""``python -m liaison.corpora``: from a seed to a report, through files."""

import json
import subprocess
import sys
from pathlib import Path


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "liaison.corpora", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_make_and_judge(tmp_path: Path) -> None:
    """A made corpus can be judged; one bytes for one seed; a perfect run gets full marks."""
    for name in ("a", "b"):
        made = _run("registry", "--notifications", 300, "--seed", 5, "--out", tmp_path / name)
        assert (made.returncode, made.stderr) == (0, "300 notifications\n")
    for file in ("notifications.jsonl", "truth.jsonl"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()

    truth = tmp_path / "a" / "truth.jsonl"
    lines = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    earlier: dict[str, list[str]] = {}
    links, alerts = [], []
    for line in lines:
        before = earlier.setdefault(line["person"], [])
        pair = {"a": line["reference"], "score": 1, "decision": "same", "evidence": []}
        links += [{**pair, "b": reference} for reference in before]
        alerts.append({"reference": line["reference"], "matches": list(before)})
        before.append(line["reference"])
    groups = [{"reference": line["reference"], "group": line["person"]} for line in lines]
    arguments: list[object] = []
    for option, content in (("links", links), ("groups", groups), ("alerts", alerts)):
        path = tmp_path / f"{option}.jsonl"
        path.write_text("".join(json.dumps(item) + "\n" for item in content), "utf-8")
        arguments += [f"--{option}", path]

    judged = _run("evaluate", "--truth", truth, *arguments, "--output", "json")
    report = json.loads(judged.stdout)
    assert report["closure"] == {"threshold": 1.0, "precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert report["alerts"]["recall"] == 1.0
    assert report["false_pairs"] == {"same": {}, "compare": {}, "alerts": {}}
    assert _run("evaluate", "--truth", truth, *arguments).stdout.startswith("notifications")


def test_refusal(tmp_path: Path) -> None:
    """What cannot be judged ends with the exit code for bad input, and says what to do."""
    file = tmp_path / "truth.jsonl"
    file.write_text("no\n", "utf-8")
    options = [x for name in ("truth", "links", "groups", "alerts") for x in (f"--{name}", file)]
    judged = _run("evaluate", *options)
    assert judged.returncode == 2
    assert "the truth file is not JSON Lines in UTF-8; write one object a line" in judged.stderr
