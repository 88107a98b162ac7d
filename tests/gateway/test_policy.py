"""Who may see what: every rule, in the order they are asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy import DEFAULT_RELEASE, ExplicitPolicy, resolve
from schemas.markings import Handling, Sensitivity, Tlp
from schemas.members import MemberRole, MemberStatus
from schemas.notifications import Head, Marking
from tests.gateway.federation import NOW, FixedDirectory, identification, keys_of, member

CODES = ("DE", "FR", "PH", "XI")
DIRECTORY = FixedDirectory(
    [member(keys_of(code)) for code in CODES],
    {"eu": frozenset({"DE", "FR"}), "empty": frozenset()},
)
POLICY = ExplicitPolicy("FR", DIRECTORY)


def head(*recipients: str, tlp: Tlp = Tlp.AMBER, **changes: Any) -> Head:
    """The head of a notification of FR for ``recipients``."""
    marking = Marking(tlp, Handling.H1)
    return identification(recipients=recipients).with_head(marking=marking, **changes).head


def suspended(code: str) -> FixedDirectory:
    """The directory with one member suspended."""
    directory = FixedDirectory([member(keys_of(one)) for one in CODES])
    directory.change(code, status=MemberStatus.SUSPENDED)
    return directory


@pytest.mark.parametrize(
    ("recipients", "changes", "asked", "rule"),
    [
        ((), {}, "DE", "not-listed"),
        (("PH",), {}, "DE", "not-listed"),
        (("circle:eu",), {}, "PH", "not-listed"),
        (("circle:nowhere",), {}, "DE", "not-listed"),
        (("circle:empty",), {}, "DE", "not-listed"),
        (("DE", "FR"), {}, "FR", "not-listed"),
        (("BR",), {}, "BR", "unknown-member"),
        (("DE",), {"valid_until": NOW}, "DE", "expired"),
        (("circle:eu",), {"tlp": Tlp.RED}, "DE", "tlp-red-names-members"),
        (("DE",), {}, "DE", None),
        (("circle:eu",), {}, "DE", None),
        (("circle:eu", "DE"), {"tlp": Tlp.RED}, "DE", None),
        (("DE",), {"valid_until": NOW + 1}, "DE", None),
        (("de",), {}, "de", "unknown-member"),
    ],
)
def test_rules(
    recipients: tuple[str, ...], changes: dict[str, Any], asked: str, rule: str | None
) -> None:
    """Each refusal names its rule, for every sensitivity."""
    decision = POLICY.decide(head(*recipients, **changes), asked, NOW)
    assert decision.refusal == rule
    assert bool(decision.released) is (rule is None)
    if rule is not None:
        assert decision.rules == dict.fromkeys(Sensitivity, rule)


def test_suspended() -> None:
    """A suspended member gets nothing, although it is named."""
    policy = ExplicitPolicy("FR", suspended("DE"))
    assert policy.decide(head("DE"), "DE", NOW).refusal == "suspended"


def test_recipients() -> None:
    """Circles resolved, ourselves left out, sorted, the unknown kept so that it can be told."""
    assert POLICY.recipients(head("XI", "circle:eu", "BR", "DE")) == ("BR", "DE", "XI")
    assert POLICY.recipients(head()) == ()
    assert resolve(["circle:nowhere"], DIRECTORY) == frozenset()


def test_roles() -> None:
    """A contact point sees all, a hub no locations; every sensitivity has its rule."""
    to_all = POLICY.decide(head("DE"), "DE", NOW)
    assert to_all.released == frozenset(Sensitivity)
    assert to_all.rules == dict.fromkeys(Sensitivity, "release-contact-point")
    to_hub = POLICY.decide(head("XI"), "XI", NOW)
    assert to_hub.released == frozenset(Sensitivity) - {Sensitivity.LOCATION}
    assert to_hub.rules[Sensitivity.LOCATION] == "withheld-by-release-hub"
    assert to_hub.rules[Sensitivity.IDENTITY] == "release-hub"


def test_a_member_of_two_roles_sees_what_the_lesser_may() -> None:
    """A hub that is also a contact point stays a hub."""
    directory = FixedDirectory([member(keys_of("XI"))])
    directory.change("XI", roles=frozenset(MemberRole))
    decision = ExplicitPolicy("FR", directory).decide(head("XI"), "XI", NOW)
    assert decision.released == DEFAULT_RELEASE[MemberRole.HUB]
    assert decision.rules[Sensitivity.CASE] == "release-contact-point-hub"


def test_default_deny() -> None:
    """A role that nobody configured sees what is public, and no more."""
    for release in ({}, {"hub": frozenset(Sensitivity)}):
        decision = ExplicitPolicy("FR", DIRECTORY, release).decide(head("DE"), "DE", NOW)
        assert (decision.refusal, decision.released) == (None, {Sensitivity.PUBLIC})
        assert decision.rules[Sensitivity.IDENTITY] == "withheld-by-default-deny"


def test_a_member_of_its_own_rule() -> None:
    """By code before role, for less and for more."""
    release = {
        **DEFAULT_RELEASE,
        "DE": frozenset({Sensitivity.MATCH}),
        "XI": frozenset(Sensitivity),
    }
    policy = ExplicitPolicy("FR", DIRECTORY, release)
    less = policy.decide(head("DE"), "DE", NOW)
    assert less.released == {Sensitivity.PUBLIC, Sensitivity.MATCH}
    assert less.rules[Sensitivity.MATCH] == "release-DE"
    assert policy.decide(head("XI"), "XI", NOW).released == frozenset(Sensitivity)


names = st.sampled_from([*CODES, "BR", "circle:eu", "circle:empty", "circle:nowhere"])


@given(
    listed=st.lists(names, max_size=4).map(tuple),
    asked=st.sampled_from([*CODES, "BR"]),
    tlp=st.sampled_from(Tlp),
    valid_until=st.none() | st.integers(NOW - 2, NOW + 2),
    granted=st.dictionaries(
        st.sampled_from(["contact-point", "hub", "DE", "XI"]),
        st.frozensets(st.sampled_from(Sensitivity)),
    ),
)
def test_nothing_is_released_to_one_who_is_not_listed(
    listed: tuple[str, ...],
    asked: str,
    tlp: Tlp,
    valid_until: int | None,
    granted: dict[str, frozenset[Sensitivity]],
) -> None:
    """Whatever the table says: by name or by a circle, active, in time, and only what it grants."""
    decision = ExplicitPolicy("FR", DIRECTORY, granted).decide(
        head(*listed, tlp=tlp, valid_until=valid_until), asked, NOW
    )
    named = asked in listed or ("circle:eu" in listed and asked == "DE" and tlp is not Tlp.RED)
    known, in_time = asked in CODES[:1] + CODES[2:], valid_until is None or valid_until > NOW
    assert (decision.refusal is None) is (named and known and in_time)
    role = "hub" if asked == "XI" else "contact-point"
    allowed = granted.get(asked, granted.get(role, frozenset())) | {Sensitivity.PUBLIC}
    assert decision.released == (frozenset() if decision.refusal else allowed)
    assert set(decision.rules) == set(Sensitivity)
