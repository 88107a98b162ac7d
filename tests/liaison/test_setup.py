"""Setting up a node."""

from __future__ import annotations

import stat
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509

from liaison import setup
from liaison.settings import SECTIONS
from schemas.errors import ConfigurationInvalid, InputRefused
from tests.liaison.nodes import make_node

FR = {"node": {"jurisdiction": "FR"}, "contact": {"unit": 'Permanence "Île-de-France"'}}


def test_configuration_says_everything(tmp_path: Path) -> None:
    """The file names every setting; protection that was not chosen is written out all the same."""
    text = setup.render(FR)
    for section, settings in SECTIONS.items():
        assert f"[{section}]" in text
        assert all(f"{key} = " in text for key in settings)
    written = tomllib.loads(text)
    assert written["marking"] == {"tlp": "TLP:AMBER", "handling": "H1"}
    assert setup.write_configuration(tmp_path / "liaison.toml", FR).contact.unit == (
        'Permanence "Île-de-France"'
    )


def test_existing_configuration_stays(tmp_path: Path) -> None:
    """What an operator wrote is never replaced."""
    path = tmp_path / "liaison.toml"
    setup.write_configuration(path, FR)
    path.write_text(path.read_text("utf-8") + "# ours\n", "utf-8")
    setup.write_configuration(path, {"node": {"jurisdiction": "DE"}})
    assert path.read_text("utf-8").endswith("# ours\n")


def test_wrong_values_leave_nothing(tmp_path: Path) -> None:
    """A value that does not fit is refused before any file is there."""
    with pytest.raises(ConfigurationInvalid, match=r"\[contact\] unit is missing"):
        setup.write_configuration(tmp_path / "liaison.toml", {"node": {"jurisdiction": "FR"}})
    assert list(tmp_path.iterdir()) == []


def test_keys_stay(tmp_path: Path) -> None:
    """Setting up again changes no key and no certificate, and all secrets are private."""
    node = make_node(tmp_path, "FR")
    before = {path.name: path.read_bytes() for path in node.keys.iterdir()}
    setup.make_keys(node, tls_request=False)
    assert {path.name: path.read_bytes() for path in node.keys.iterdir()} == before
    assert stat.S_IMODE(node.gateway.private_key.stat().st_mode) == 0o600


def test_certificate_for_the_public_name(tmp_path: Path) -> None:
    """The certificate is for the name peers use and for the address bound, as server and client."""
    gateway = {"public_url": "https://fr.example:8443", "listen": "127.0.0.1:8443"}
    node = make_node(tmp_path, "FR", sections={"gateway": gateway})
    found = x509.load_pem_x509_certificate(node.gateway.certificate.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["fr.example"]
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    usages = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert len(list(usages)) == 2
    constraints = found.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert not constraints.ca


def test_request_for_an_authority(tmp_path: Path) -> None:
    """With --tls-request an authority certifies the node's key; no certificate is made here."""
    node = setup.write_configuration(tmp_path / "liaison.toml", FR)
    (written,) = setup.make_keys(node, tls_request=True)
    request = x509.load_pem_x509_csr(written.read_bytes())
    assert request.is_signature_valid
    assert not node.gateway.certificate.exists()


def test_no_name_for_peers(tmp_path: Path) -> None:
    """A gateway that binds everything and names nothing cannot be certified."""
    node = setup.write_configuration(tmp_path / "liaison.toml", FR)
    everywhere = replace(
        node, gateway=replace(node.gateway, listen=("0.0.0.0", 8443), public_url="https://0.0.0.0")
    )
    with pytest.raises(InputRefused, match="no name that peers could use"):
        setup.make_keys(everywhere, tls_request=False)
