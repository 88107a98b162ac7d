"""Configuration: one file, overridden by the environment, nothing unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from liaison.configuration import Configuration, load, locate
from schemas.errors import ConfigurationInvalid
from schemas.markings import Handling, Mode, Sensitivity, Tlp
from schemas.members import MemberRole

MINIMAL = '[node]\njurisdiction = "FR"\n[contact]\nunit = "Duty desk"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A minimal configuration file."""
    path = tmp_path / "liaison.toml"
    path.write_text(MINIMAL, "utf-8")
    return path


def read(path: Path, more: str = "", **environment: str) -> Configuration:
    """The configuration with ``more`` lines and variables."""
    path.write_text(MINIMAL + more, "utf-8")
    return load(path, environment)


def test_defaults_protect(file: Path) -> None:
    """What is not said is the careful choice: loopback, TLP:AMBER, H1, no hub, own Kafka."""
    found = read(file)
    assert (found.marking.tlp, found.marking.handling) == (Tlp.AMBER, Handling.H1)
    assert found.gateway.listen[0] == found.admin_listen[0] == "127.0.0.1"
    assert found.mode is Mode.ACTUAL
    assert not found.is_hub
    assert found.kafka is None
    assert Sensitivity.LOCATION not in found.release["hub"]


def test_paths_are_relative_to_the_file(file: Path) -> None:
    """Every path is absolute, whatever directory the command runs in."""
    found = read(file)
    assert found.keys == file.parent / "keys"
    assert found.directory_file == file.parent / "directory.json"
    assert found.database_url == f"sqlite:///{file.parent}/data/node.db"
    assert found.gateway.private_key == file.parent / "keys" / "tls.key"


def test_environment_overrides(file: Path) -> None:
    """LIAISON_SECTION__KEY wins over the file; lists are separated by commas."""
    found = read(
        file,
        '[kafka]\ntopic_prefix = "a."\n',
        LIAISON_KAFKA__TOPIC_PREFIX="fr.",
        LIAISON_KAFKA__PARTITIONS="8",
        LIAISON_NODE__ROLES="contact-point, hub",
        LIAISON_GATEWAY__LISTEN="127.0.0.1:9443",
        LIAISON_CONFIG="elsewhere",
        HOME="/nowhere",
    )
    assert found.topics.prefix == "fr."
    assert found.partitions == 8
    assert found.roles == {MemberRole.CONTACT_POINT, MemberRole.HUB}
    assert found.gateway.public_url == "https://127.0.0.1:9443"


def test_release_by_member(file: Path) -> None:
    """One member can be shown less than its role."""
    found = read(file, '[release]\nDE = ["public", "match"]\n')
    assert found.release["DE"] == {Sensitivity.PUBLIC, Sensitivity.MATCH}
    assert found.release["contact-point"] == frozenset(Sensitivity)


def test_kafka_of_ones_own(file: Path) -> None:
    """Bootstrap servers turn the embedded broker off; files are found beside the configuration."""
    found = read(
        file,
        '[kafka]\nbootstrap_servers = "k1:9093"\nsecurity_protocol = "SASL_SSL"\n'
        'sasl_username = "fr"\nsasl_password_file = "kafka.secret"\ncafile = "ca.pem"\n',
    )
    assert found.kafka is not None
    assert found.kafka.security_protocol == "SASL_SSL"
    assert found.kafka.sasl_password_file == str(file.parent / "kafka.secret")


@pytest.mark.parametrize(
    ("more", "variables", "problem", "remedy"),
    [
        ("[nod]\n", {}, "[nod] is not a setting", "did you mean node?"),
        ("[kafka]\npartition = 3\n", {}, "[kafka] partition is not a", "did you mean partitions?"),
        ("", {"LIAISON_KAFKA__PREFIX": "x"}, "variable LIAISON_KAFKA__PREFIX is", "topic_prefix"),
        ("", {"LIAISON_QUEUE__X": "x"}, "variable LIAISON_QUEUE__X is not", "known here: node"),
        ("[kafka]\npartitions = 0\n", {}, "[kafka] partitions is not valid", "partitions of"),
        ("[kafka]\npartitions = true\n", {}, "[kafka] partitions is not valid", "partitions of"),
        ('[marking]\ntlp = "PINK"\n', {}, "[marking] tlp is not valid", "a TLP 2.0 label"),
        ('[admin]\nlisten = "0.0.0.0:1"\n', {}, "[admin] listen is not valid", "loopback"),
        ('[gateway]\nlisten = "here"\n', {}, "[gateway] listen is not valid", "host:port"),
        ('[gateway]\npublic_url = "http://x"\n', {}, "[gateway] public_url is not", "https://"),
        ('[release]\nhub = ["all"]\n', {}, "[release] hub is not valid", "a hub"),
        ('[kafka]\ntopic_prefix = "FR "\n', {}, "[kafka] topic_prefix is not", "names of all"),
        ("", {"LIAISON_NODE__JURISDICTION": "fr"}, "[node] jurisdiction is not", "such as FR"),
    ],
)
def test_refusals_name_key_and_remedy(
    file: Path, more: str, variables: dict[str, str], problem: str, remedy: str
) -> None:
    """What cannot be used is refused with section, key and what would be right."""
    with pytest.raises(ConfigurationInvalid) as refusal:
        read(file, more, **variables)
    assert problem in refusal.value.problem
    assert remedy in refusal.value.remedy


def test_missing_key(tmp_path: Path) -> None:
    """A required key that is missing is asked for."""
    path = tmp_path / "liaison.toml"
    path.write_text('[node]\njurisdiction = "FR"\n', "utf-8")
    with pytest.raises(ConfigurationInvalid, match=r"\[contact\] unit is missing"):
        load(path, {})


def test_not_toml(file: Path) -> None:
    """A file that is not TOML is refused with the place of the error."""
    with pytest.raises(ConfigurationInvalid, match=r"not a readable TOML file.*line 5"):
        read(file, "nonsense\n")


def test_locate(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file comes from the option, else LIAISON_CONFIG, else the current directory."""
    monkeypatch.delenv("LIAISON_CONFIG", raising=False)
    assert locate(file) == locate(tmp_path) == file
    monkeypatch.setenv("LIAISON_CONFIG", str(file))
    assert locate(None) == file
    monkeypatch.delenv("LIAISON_CONFIG")
    monkeypatch.chdir(tmp_path)
    assert locate(None) == file
    with pytest.raises(ConfigurationInvalid, match="there is no configuration file"):
        locate(tmp_path / "other.toml")
