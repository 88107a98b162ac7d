"""Where things live, and how long they may get."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("schemas", "producers", "consumers", "gateway", "liaison")
DIRECTORIES = {*PACKAGES, "docker", "docs", "examples", "tests"}

MAX_LINES = 500
"""Most modules have 100 to 200 lines; at this length one is certainly more than one idea."""

TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.splitlines()
SOURCES = sorted(name for name in TRACKED if name.endswith(".py") and (ROOT / name).exists())
TESTED = sorted(
    name
    for name in SOURCES
    if name.startswith("tests/") and Path(name).name.startswith("test_") and name.count("/") > 1
)


def test_top_level() -> None:
    """The top level has the directories of the design and no other."""
    tops = {name.partition("/")[0] for name in TRACKED if "/" in name}
    assert {top for top in tops if not top.startswith(".")} == DIRECTORIES


def test_no_python_in_docker() -> None:
    """A Python package called docker would shadow the Docker SDK of whoever installs both."""
    assert [name for name in SOURCES if name.startswith("docker/")] == []


@pytest.mark.parametrize("name", SOURCES)
def test_length(name: str) -> None:
    """No module has grown into several."""
    assert len((ROOT / name).read_text("utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("name", [s for s in SOURCES if s.startswith(PACKAGES)])
def test_says_what_it_is(name: str) -> None:
    """Every module begins with a docstring."""
    assert (ROOT / name).read_text("utf-8").startswith('"""')


def test_directories_of_tests() -> None:
    """Every directory of tests is a package, so that two files may have one name."""
    directories = {Path(name).parent for name in SOURCES if name.startswith("tests/")}
    assert [d for d in sorted(directories) if not (ROOT / d / "__init__.py").exists()] == []


@pytest.mark.parametrize("name", TESTED)
def test_mirrors_the_source(name: str) -> None:
    """A directory of tests stands for a directory of the product."""
    package = Path(*Path(name).parts[1:-1])
    assert (ROOT / package).is_dir()


@pytest.mark.parametrize("name", SOURCES)
def test_nothing_skipped(name: str) -> None:
    """No test is skipped or expected to fail."""
    skipping = "|".join(("pytest" + r"\.skip\(", r"mark\." + "skip", r"mark\." + "xfail"))
    assert re.search(skipping, (ROOT / name).read_text("utf-8")) is None


@pytest.mark.parametrize(
    "name", [n for n in TRACKED if n.endswith((".md", ".py", ".avsc", ".typ"))]
)
def test_words(name: str) -> None:
    """It is child sexual abuse material; the other word is used nowhere (Luxembourg Guidelines)."""
    assert "child " + "porn" not in (ROOT / name).read_text("utf-8").lower()
