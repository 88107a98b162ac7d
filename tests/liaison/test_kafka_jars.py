"""The jars are the pinned ones or are refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from liaison import kafka_jars
from schemas.errors import ConfigurationInvalid, VerificationFailed


@pytest.fixture
def pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with one jar, and a list that pins it."""
    resources, jars = tmp_path / "resources", tmp_path / "jars"
    resources.mkdir()
    jars.mkdir()
    (jars / "a.jar").write_bytes(b"a")
    digest = hashlib.sha256(b"a").hexdigest()
    (resources / "jars.sha256").write_text(f"{digest}  a.jar\n", "ascii")
    monkeypatch.setattr(kafka_jars, "resources", lambda: resources)
    monkeypatch.setattr(kafka_jars, "cache", lambda: tmp_path / "cache")
    monkeypatch.setenv("LIAISON_KAFKA_LIBS", str(jars))
    return jars


def test_given_directory(pinned: Path) -> None:
    """A directory given by the environment is used when its jars are the pinned ones."""
    assert kafka_jars.libraries() == pinned


@pytest.mark.parametrize(("name", "content"), [("a.jar", b"b"), ("b.jar", b"a")])
def test_changed_or_added(pinned: Path, name: str, content: bytes) -> None:
    """A changed jar and one more jar are refused by name."""
    (pinned / name).write_bytes(content)
    with pytest.raises(VerificationFailed, match=f"not the pinned ones, beginning with {name}"):
        kafka_jars.libraries()


def test_missing(pinned: Path) -> None:
    """A jar that is not there is refused, too."""
    (pinned / "a.jar").unlink()
    with pytest.raises(VerificationFailed, match=r"beginning with a\.jar"):
        kafka_jars.libraries()


@pytest.mark.usefixtures("pinned")
def test_no_maven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Maven the remedy names the ways around it."""
    monkeypatch.delenv("LIAISON_KAFKA_LIBS")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ConfigurationInvalid, match="Maven") as refusal:
        kafka_jars.libraries()
    assert "LIAISON_KAFKA_LIBS" in refusal.value.remedy
    assert "bootstrap_servers" in refusal.value.remedy


def test_pins_cover_the_pom() -> None:
    """The list pins Kafka itself in the version of the pom, and the logging that works with it."""
    pins = (kafka_jars.resources() / "jars.sha256").read_text("ascii")
    pom = (kafka_jars.resources() / "pom.xml").read_text("utf-8")
    assert "  kafka_2.13-4.3.1.jar\n" in pins
    assert "<version>4.3.1</version>" in pom
    assert "  slf4j-api-1.7.36.jar\n" in pins
