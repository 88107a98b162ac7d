"""The bench of the PDQ index: what it counts is right, whatever it is compared with."""

import sys

import numpy as np
import pytest
from click.testing import CliRunner

from liaison.bench.pdq import measure_index
from liaison.cli import cli

CORPUS = np.random.default_rng(3).integers(0, 256, (3000, 32), np.uint8)


def test_finds_all() -> None:
    """All that are there are found, and nothing else."""
    result = measure_index(CORPUS, CORPUS[:20], range(20), [{(n, 0)} for n in range(10)])
    assert result["recall"] == 1.0
    assert result["false"] == 0
    assert (result["hashes"], result["queries"], result["compared_in_full"]) == (3000, 20, 10)
    assert result["bytes"] > CORPUS.nbytes


def test_a_loss_shows() -> None:
    """A near copy that is not found lowers the recall; one that should not be is counted."""
    elsewhere = [2999 - n for n in range(20)]
    result = measure_index(CORPUS, CORPUS[:20], elsewhere, [{(n, 0), (5, 9)} for n in range(10)])
    assert result["recall"] == 10 / 30
    result = measure_index(CORPUS, CORPUS[:20], elsewhere, [set()] * 20)
    assert result["false"] == 20


def test_without_faiss(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is nothing to compare with, it says what installs it, at once."""
    monkeypatch.setitem(sys.modules, "faiss", None)
    run = CliRunner().invoke(cli, ["bench", "pdq", "--hashes", "1000", "--queries", "10"])
    assert run.exit_code == 3
    assert run.stderr == (
        "Error: faiss, which this bench compares with, is not installed\n"
        "  what to do: run `make setup-bench` in the checkout\n"
    )
