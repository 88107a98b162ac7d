import pytest

from schemas.markings import Role, Sensitivity, Tlp


@pytest.mark.parametrize(
    ("tlp", "label"),
    [
        (Tlp.CLEAR, "TLP:CLEAR"),
        (Tlp.GREEN, "TLP:GREEN"),
        (Tlp.AMBER, "TLP:AMBER"),
        (Tlp.AMBER_STRICT, "TLP:AMBER+STRICT"),
        (Tlp.RED, "TLP:RED"),
    ],
)
def test_labels(tlp: Tlp, label: str) -> None:
    """Labels are written as TLP 2.0 wants them and read back however people write them."""
    assert tlp.label == label
    for written in (label, label.lower(), f" {label} ", label.removeprefix("TLP:"), tlp.value):
        assert Tlp.parse(written) is tlp


@pytest.mark.parametrize("text", ["", "TLP:WHITE", "TLP:", "amber strict", "RED+STRICT"])
def test_no_label(text: str) -> None:
    """A label that TLP 2.0 does not have is none; WHITE was one in version 1."""
    with pytest.raises(ValueError, match="is not a valid Tlp"):
        Tlp.parse(text)


def test_members_are_their_text() -> None:
    """A member of a closed list is the string that stands in the record."""
    assert f"{Role.VICTIM} {Sensitivity.IDENTITY}" == "victim identity"
