"""Who imports what: one way between the directories, one file for each foreign library."""

import ast
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("schemas", "producers", "consumers", "gateway", "liaison")

ADAPTERS = {
    "aiokafka": {"producers.kafka"},
    "anyascii": {"consumers.deduplication.transliteration"},
    "confluent_kafka": {"producers.kafka_admin"},
    "fastavro": {"schemas.catalogue", "schemas.codec"},
    "phonenumbers": {"consumers.deduplication.telephones"},
    "typst": {"consumers.briefing.render_pdf"},
}
"""Foreign libraries, and the modules that may import them. What is not here may be imported
where it is needed: SQLAlchemy by modules with tables, structlog by what runs, click by commands."""

ANYWHERE = {"click", "sqlalchemy", "structlog"}

PURE = ("gateway", "consumers.deduplication", "consumers.briefing")
"""Packages whose modules are pure unless they are listed here, with what they do."""

EDGES: dict[str, str] = {}

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}


def test_contracts() -> None:
    """The import contracts of the project hold: one-way layers, and cores without I/O."""
    command = Path(sysconfig.get_path("scripts")) / "lint-imports"
    run = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("module", MODULES)
def test_one_adapter(module: str) -> None:
    """A foreign library is imported where it is adapted, and nowhere else."""
    for library in _libraries(MODULES[module]):
        if library not in ANYWHERE:
            assert module in ADAPTERS.get(library, ()), library


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith(PURE)])
def test_pure_or_said(module: str) -> None:
    """A module of a core is under a purity contract, or its I/O is said in this file."""
    if not module.endswith("__init__"):
        assert (module in _under_contract()) != (module in EDGES)


def test_nothing_said_for_nothing() -> None:
    """The lists in this file and in the contracts name modules that exist."""
    named = set().union(*ADAPTERS.values(), EDGES, _under_contract() - {"schemas"})
    assert named <= MODULES.keys()


def _libraries(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            library = name.partition(".")[0]
            if library not in sys.stdlib_module_names and library not in PACKAGES:
                yield library


def _under_contract() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    return {m for c in contracts if c["type"] == "forbidden" for m in c["source_modules"]}
