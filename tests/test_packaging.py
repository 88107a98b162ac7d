"""What is in the wheel, and that the product runs from it alone."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("schemas", "producers", "consumers", "gateway", "liaison")

LOADED = """
import sys
from importlib import resources
from pathlib import Path
site = Path(sys.argv[1])
sys.path.insert(0, str(site))
import consumers, liaison, schemas
from schemas import catalogue
from schemas.notifications import TYPES
assert Path(schemas.__file__).is_relative_to(site), schemas.__file__
assert {entry.name for entry in catalogue.by_prefix().values()} == set(TYPES)
assert all(catalogue.released(name) is not None for name in TYPES)
briefing = resources.files("consumers").joinpath("briefing")
assert briefing.joinpath("template.typ").read_text("utf-8")
assert any(path.name.endswith((".ttf", ".otf")) for path in briefing.joinpath("fonts").iterdir())
assert briefing.joinpath("fonts", "OFL.txt").read_text("utf-8")
for name in ("pom.xml", "server.properties", "jars.sha256", "log4j2.properties"):
    assert resources.files("liaison").joinpath("kafka", name).read_text("utf-8"), name
examples = resources.files("liaison").joinpath("examples").iterdir()
assert any(path.name.endswith(".jsonl") for path in examples)
from liaison import cli
assert callable(cli.main)
"""


OWNERS = """
import importlib.metadata, json, sys
sys.path.insert(0, sys.argv[1])
print(json.dumps(importlib.metadata.packages_distributions()))
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without network by the backend that is installed."""
    directory = tmp_path_factory.mktemp("wheel")
    build = "import hatchling.build, sys; hatchling.build.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, directory], cwd=ROOT, check=True)
    (built,) = directory.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which the wheel is installed, without its dependencies."""
    directory = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index"]
    subprocess.run([*install, "--no-compile", "--target", directory, wheel], check=True)
    return directory


def test_nothing_else_is_installed(wheel: Path) -> None:
    """The wheel puts our packages and its metadata into site-packages, and nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_runs_from_the_wheel(site: Path, tmp_path: Path) -> None:
    """Installed from the wheel, every data file is found where the code looks for it."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED, site], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr


def test_names_are_ours_alone(site: Path, tmp_path: Path) -> None:
    """The plain names of our packages belong to no other distribution installed beside ours."""
    printed = subprocess.run(
        [sys.executable, "-c", OWNERS, site], cwd=tmp_path, capture_output=True, check=True
    )
    owners = json.loads(printed.stdout)
    assert [set(owners[package]) for package in PACKAGES] == [{"liaison-bus"}] * len(PACKAGES)


def test_licences(wheel: Path) -> None:
    """The wheel carries our licence and that of the fonts."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/licenses/" in name]
    assert {Path(name).name for name in names} == {"LICENSE", "OFL.txt"}
