import dataclasses

import pytest

from schemas.members import Member, MemberRole, MemberStatus, is_code
from schemas.notifications import DutyContact

MEMBER = Member(
    code="XI",
    name="INTERPOL General Secretariat",
    roles=frozenset({MemberRole.HUB}),
    status=MemberStatus.ACTIVE,
    endpoint="https://xi.example",
    contact=DutyContact(),
    signing=(),
    sealing=(),
    certificates=(),
)


@pytest.mark.parametrize(
    ("text", "code"),
    [("FR", True), ("XI", True), ("fr", False), ("FRA", False), ("F1", False), ("FR\n", False)],
)
def test_codes(text: str, code: bool) -> None:
    """A jurisdiction code is two capital Latin letters and nothing else."""
    assert is_code(text) is code


def test_standing() -> None:
    """A suspended member is not active; only a hub deduplicates for others."""
    assert MEMBER.active
    assert MEMBER.is_hub
    assert not dataclasses.replace(MEMBER, status=MemberStatus.SUSPENDED).active
    assert not dataclasses.replace(MEMBER, roles=frozenset({MemberRole.CONTACT_POINT})).is_hub
