"""What is decided about two subjects, and why."""

from __future__ import annotations

from bisect import bisect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication.features import Features, extract
from consumers.deduplication.naming import MAX_BITS
from consumers.deduplication.outcomes import BITS_SHARED, Outcome
from consumers.deduplication.rarity import NOTHING_KNOWN, Rarity
from consumers.deduplication.rules import CONTRADICTIONS, HOUSEHOLD, PERSONAL, is_worth_a_look
from consumers.deduplication.score import COMPARE, Score, hopeless, score, score_if_any, weigh
from consumers.deduplication.score import SAME as SAME_AT
from consumers.deduplication.terms import weights_of
from consumers.deduplication.weights import TRAINED
from schemas.markings import MatchDecision, Role, Strength
from tests.consumers.deduplication.support import ANNA, ANNA_ABROAD, offender, subject
from tests.consumers.deduplication.synthetic import features

SAME, ASK = MatchDecision.SAME, MatchDecision.COMPARE
NAME = {"names": ("Aurélie Quincampoix",)}
MAIL = {"identifiers": (("email", "somebody@courrier.example"),)}
PHONE = {"identifiers": (("phone", "+33639980001"),)}
WALLET = {"identifiers": (("wallet", "mz123456789"),)}
PICTURE = {"media": (("sha256", "ab" * 32),), "series": "Lune noire"}


def of(one: dict[str, Any], other: dict[str, Any]) -> Score:
    a, b = (extract(subject("X", **about)) for about in (one, other))
    assert score(a, b) == score(b, a)
    return score(a, b)


@pytest.mark.parametrize(
    ("one", "other", "decision"),
    [
        (ANNA, ANNA_ABROAD, SAME),
        (NAME, NAME, ASK),
        ({"birth_date": "2012-05-17"}, {"birth_date": "2012-05-17"}, None),
        ({**NAME, "birth_date": "2012-05-07"}, {**NAME, "birth_date": "2012-07-05"}, SAME),
        ({**NAME, "birth_date": "2012-05-17"}, {**NAME, "birth_date": "2012-05-18"}, SAME),
        ({**NAME, "birth_date": "2012-05-17"}, {**NAME, "birth_date": "2012-05"}, SAME),
        ({**NAME, "birth_date": "2012-05-17"}, {**NAME, "birth_date": "2012"}, SAME),
        ({**NAME, "birth_date": "2012-05-17"}, {**NAME, "birth_date": "2013-05-17"}, SAME),
        ({**NAME, "birth_date": "2012-05-17"}, {**NAME, "birth_date": "1982-05-17"}, None),
        (ANNA, {**ANNA_ABROAD, "sex": "m"}, ASK),
        (MAIL, MAIL, ASK),
        ({**MAIL, **NAME}, {**MAIL, **NAME}, SAME),
        ({**PHONE, **ANNA}, {**PHONE, **ANNA, "birth_date": "2015-11-02"}, None),
        (WALLET, WALLET, None),
        (PICTURE, PICTURE, None),
        ({**PICTURE, **WALLET}, {**PICTURE, **WALLET}, None),
        ({}, {}, None),
    ],
)
def test_decision(one: dict[str, Any], other: dict[str, Any], decision: object) -> None:
    """Two pillars or one that is a person's own; nothing that cannot be one person's."""
    assert of(one, other).decision is decision


def test_a_victim_is_never_an_offender() -> None:
    """Whatever they have in common, the roles contradict."""
    a = extract(subject("FR-1", **ANNA, **MAIL))
    b = extract(offender("DE-1", **ANNA, **MAIL))
    assert score(a, b).decision is not SAME
    assert score(a, b).total < score(a, a).total


def test_an_offender_uses_other_names() -> None:
    """His mailbox under an alias is worth a comparison; a child's would be a family's."""
    alias = {**MAIL, "names": ("Mr Walker",), "role": Role.OFFENDER}
    civil = {**MAIL, "names": ("Aurèle Quincampoix",), "role": Role.OFFENDER}
    assert of(alias, civil).decision is ASK


def test_the_evidence_says_which_values_met_and_why() -> None:
    """Strongest first, in words, without a value; what speaks against it too."""
    found = of({**ANNA, "nationalities": ("FR",)}, {**ANNA_ABROAD, "nationalities": ("DE",)})
    assert [(e.kind, e.strength, e.why) for e in found.evidence] == [
        ("name", Strength.STRONG, "the names agree"),
        ("birth-date", Strength.STRONG, "the birth dates agree"),
        ("sex", Strength.WEAK, "the same sex"),
        ("nationality", Strength.STRONG, "no nationality in common"),
    ]


def test_what_only_one_side_says_is_no_evidence() -> None:
    """Names that one of them lacks, or that differ, are not said to agree."""
    account = {"identifiers": (("username", "Night_Owl.77", "Chatterbox"),)}
    assert [e.kind for e in of(account, {**account, **NAME}).evidence] == ["username"]
    alias = {**MAIL, "names": ("Mr Walker",), "role": Role.OFFENDER}
    civil = {**MAIL, **NAME, "role": Role.OFFENDER}
    assert [(e.kind, e.weight > 0) for e in of(alias, civil).evidence] == [
        ("email", True),
        ("name", False),
    ]


def test_a_part_of_a_name_is_said_to_be_one() -> None:
    """The surname agrees, the given names do not."""
    sister = {"names": ("Bérénice Quincampoix",), "birth_date": "2012-05-17"}
    words = [e.why for e in of(ANNA, sister).evidence if e.kind == "name"]
    assert words == ["the names agree in part"]


def test_support_never_links_alone() -> None:
    """However many pictures, wallets and devices two share: several persons may."""
    many = {
        "media": tuple(("sha256", f"{n:064x}") for n in range(9)),
        "identifiers": (("wallet", "mz123456789"), ("device", "aabbccdd"), ("ip", "198.51.100.1")),
        "series": "Lune noire",
    }
    assert of(many, many).decision is None


HOME = {
    "identifiers": (("phone", "+33639980001"), ("device", "aabbccddeeff"), ("ip", "198.51.100.1")),
    **PICTURE,
}
SISTER = {"names": ("Bérénice Quincampoix",), "birth_date": ANNA["birth_date"], "sex": "f"}


@pytest.mark.parametrize("given", ["Bérénice", "Xuzqwan"])
def test_sisters_share_all_of_a_home(given: str) -> None:
    """Twins whose given names differ, known as names or not, are two persons or for an officer."""
    sister = {**SISTER, "names": (f"{given} Quincampoix",)}
    assert of({**ANNA, **HOME}, {**ANNA_ABROAD, **HOME}).decision is SAME
    assert of({**ANNA, **HOME}, {**sister, **HOME}).decision is not SAME
    mail = {**HOME, "identifiers": (*HOME["identifiers"], *MAIL["identifiers"])}
    assert (
        of({**ANNA, **mail}, {**sister, **mail}).total
        > of({**ANNA, **HOME}, {**sister, **HOME}).total
    )


@pytest.mark.parametrize("name", ["all", "one-mixed-apart", "unsaid"])
def test_what_a_household_shares_says_less_of_each_the_more_it_is(name: str) -> None:
    """The second and the third kind add less than they weigh alone; least where names differ."""
    named = [Outcome("name", name)] if name != "unsaid" else []
    kinds = ("phone", "device", "ip", "media", "series")

    def together(count: int) -> int:
        return weights_of([*named, *outcomes(*((k, "equal") for k in kinds[:count]))])["household"]

    weights = [together(count) for count in range(1, len(kinds) + 1)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > weights[1] > weights[2] == weights[3] == weights[4]


def outcomes(*met: tuple[str, str]) -> list[Outcome]:
    return [Outcome(field, level) for field, level in met]


STRONGEST = outcomes(
    ("name", "all"), ("email", "equal"), ("username", "equal"), ("phone", "equal"),
    ("birth-date", "equal"), ("nationality", "equal"),
)  # fmt: skip


def test_a_national_number_outweighs_what_a_record_gets_wrong() -> None:
    """Another date or given name; neither role nor sex, nor where many have the number."""
    number = {"identifiers": (("national-id", "PCN 0000-1111"),)}
    mistaken = {**ANNA_ABROAD, **number, "birth_date": "1987-11-30"}
    assert of({**ANNA, **number}, mistaken).decision is SAME
    assert of({**ANNA, **number}, {**mistaken, "sex": "m"}).decision is not SAME
    met = [*outcomes(("name", "all"), ("birth-date", "apart"), ("national-id", "equal"))]
    named = [*met, Outcome("name-bits", "equal", 2200)]
    assert weigh(named).decision is SAME
    assert weigh([*named, Outcome("national-id", BITS_SHARED, 300)]).decision is not SAME


@pytest.mark.parametrize(
    ("name", "birth", "number", "one_person"),
    [
        ("part", "apart", "equal", True),
        ("one-family-apart", "apart", "equal", True),
        ("one-given-apart", "year-only", "equal", True),
        ("one-given-apart", "apart", "equal", False),  # a child with a parent's number
        ("none", "apart", "equal", False),
        ("all-common", "equal", "typed", True),
        ("one-family-apart", "equal", "typed", True),
        ("one-given-apart", "equal", "typed", False),  # twins with numbers next to each other
        ("one-unsure-apart", "equal", "typed", False),
        ("one-family-apart", "slip", "typed", False),
    ],
)
def test_a_national_number_and_a_word_of_the_name_say_who_it_is(
    name: str, birth: str, number: str, one_person: bool
) -> None:
    """Unless a family explains it: parents lend their numbers, twins have neighbouring ones."""
    met = outcomes(("name", name), ("birth-date", birth), ("national-id", number))
    assert (weigh(met).decision is SAME) is one_person
    apart = weigh([*met, Outcome("role", "apart")])
    assert apart.decision is not SAME


@pytest.mark.parametrize("against", sorted(CONTRADICTIONS))
def test_what_cannot_be_true_of_one_person_is_never_the_same(against: tuple[str, str]) -> None:
    """Role, sex, birth date, given name or generation: no sum outvotes it."""
    field, _ = against
    kept = [o for o in STRONGEST if o.field != field or against == ("name", "generation")]
    assert weigh(STRONGEST).decision is SAME
    assert weigh([*kept, Outcome(*against)]).decision is not SAME


@given(a=features, b=features)
def test_a_score_is_sound_whatever_the_two_have(a: Features, b: Features) -> None:
    """The same from both sides, its evidence strongest first, and no word of it a value."""
    found = score(a, b)
    assert found == score(b, a)
    assert [e.weight for e in found.evidence] == sorted(e.weight for e in found.evidence)[::-1]
    assert found.decision is None or found.total >= COMPARE
    assert found.decision is not SAME or found.total >= SAME_AT
    values = {account.value for f in (a, b) for account in f.accounts}
    values |= {t.word for f in (a, b) for n in f.names for t in n.tokens if len(t.word) > 2}
    values |= {str(f.birth.year) for f in (a, b) if f.birth} | {f.series for f in (a, b)} - {""}
    said = " ".join(f"{e.kind} {e.why}" for e in found.evidence)
    assert values.isdisjoint(said.replace(",", "").split())


@given(a=features, b=features)
def test_contradictions_hold_for_every_pair(a: Features, b: Features) -> None:
    """A victim is no offender, and a girl no boy."""
    apart = {a.role, b.role} == {"victim", "offender"} or {a.sex, b.sex} == {"f", "m"}
    assert not apart or score(a, b).decision is not SAME


SUPPORTING = ("wallet", "device", "ip", "media", "picture", "series", "sex", "nationality",
              "birth-date")  # fmt: skip


@given(levels=st.sets(st.sampled_from(SUPPORTING)), role=st.sampled_from(("victim", "offender")))
def test_support_alone_never_links(levels: set[str], role: str) -> None:
    """In no combination; together with the day of birth it is never more than to be compared."""
    met = [Outcome(f, "near" if f == "picture" else "equal", 3) for f in sorted(levels)]
    decision = weigh([*met, Outcome("role", role)]).decision
    if "birth-date" in levels and levels & HOUSEHOLD:
        assert decision is not SAME
    else:
        assert decision is None


def test_who_was_born_the_same_day_and_appears_in_the_same_file_is_compared() -> None:
    """Where one has no name or another one: most are one person, and some are twins."""
    known = {"birth_date": "2012-05-17", **PICTURE}
    assert of({**NAME, **known}, known).decision is ASK
    assert of({"names": ("Zoe Mandić",), **known}, {**NAME, **known}).decision is ASK
    assert of({**NAME, **known}, {**known, "birth_date": "2012"}).decision is None
    assert of({**NAME, **known}, {**known, "birth_date": "1981-07-30"}).decision is None


@pytest.mark.parametrize("kind", sorted(PERSONAL))
def test_what_only_one_person_has_is_worth_a_look(kind: str) -> None:
    """Whatever the names are, in an index of any size; not where many have it, or dates differ.

    A national number is worth a look even then: dates are mistaken, numbers seldom.
    """
    met = outcomes((kind, "equal"), ("name", "none"), ("role", "victim"))
    assert weigh(met, 10_000_000).decision is ASK
    assert weigh([*met, Outcome(kind, BITS_SHARED, 900)], 10_000_000).decision is None
    dated = ASK if kind == "national-id" else None
    assert weigh([*met, Outcome("birth-date", "apart")], 10_000_000).decision is dated
    assert weigh([*met, Outcome("sex", "apart")], 10_000_000).decision is None


def test_the_larger_the_index_the_more_chance_meets() -> None:
    """A doubling takes a bit off, from the size on at which the weights were learned."""
    met = outcomes(("name", "all"), ("birth-date", "equal"))
    totals = [weigh(met, population).total for population in (0, TRAINED, 2 * TRAINED, 8 * TRAINED)]
    assert totals == [totals[0], totals[0], totals[0] - 100, totals[0] - 300]


def test_a_usual_name_and_a_birthday_are_put_before_an_officer() -> None:
    """Some who share both are two; an account of their own makes them one."""
    usual = [
        Outcome("name", "all-common"),
        Outcome("name-bits", "equal", 2200),
        *outcomes(("birth-date", "equal"), ("nationality", "equal"), ("series", "equal")),
    ]
    assert weigh(usual).decision is ASK
    assert weigh([*usual, Outcome("email", "equal")]).decision is SAME


@pytest.mark.parametrize(
    ("total", "decision", "strength"),
    [
        (SAME_AT, SAME, Strength.STRONG),
        (SAME_AT - 1, ASK, Strength.MODERATE),
        (COMPARE, ASK, Strength.WEAK),
    ],
)
def test_how_sure_the_whole_is(total: int, decision: MatchDecision, strength: Strength) -> None:
    """Told to the duty officer in a word."""
    assert Score(total, decision, ()).strength is strength


def test_the_order_of_outcomes_means_nothing() -> None:
    """A sum is a sum."""
    assert weigh(STRONGEST) == weigh(STRONGEST[::-1])


NAME_KINDS = [
    "none", "initials", "initialled",
    *(f"{kind}{grade}" for kind in ("all", "more", "part", "single")
      for grade in ("", "-fuzzy", "-common")),
    *(f"{many}-{part}-apart" for many in ("one", "some")
      for part in ("given", "family", "mixed", "unsure")),
]  # fmt: skip
BIRTH_LEVELS = ("equal", "swapped", "slip", "part", "year-only", "year-slip", "apart", "month",
                "month-apart", "year", "year-near")  # fmt: skip


def frequencies(population: int, holders: int) -> Rarity:
    return Rarity(population, lambda _value: holders)


@given(a=features, b=features)
def test_what_is_spared_would_have_come_to_nothing(a: Features, b: Features) -> None:
    """The quick way finds what the thorough one finds, at any size of the index."""
    for rarity in (NOTHING_KNOWN, frequencies(30_000, 1), frequencies(5_000_000, 400)):
        quick, thorough = score_if_any(a, b, rarity), score(a, b, rarity)
        if quick is None or quick.decision is None:
            assert thorough.decision is None
        else:
            assert quick == thorough


@pytest.mark.parametrize("others", [0, 1, 2])
@pytest.mark.parametrize("offends", [False, True])
@pytest.mark.parametrize("kind", NAME_KINDS)
def test_no_agreement_of_names_is_better_than_the_best(
    kind: str, offends: bool, others: int
) -> None:
    """Beside any date and however much of a home: where the best just fails, this fails, too."""
    bits = "shared-name-bits" if kind.endswith("-apart") else "name-bits"
    named = [Outcome("name", kind), Outcome(bits, "equal", MAX_BITS)]
    for birth in (None, *BIRTH_LEVELS):
        rest = [Outcome("birth-date", birth)] if birth else []
        rest += [Outcome("role", "offender")] if offends else []
        rest += [Outcome(support, "equal") for support in ("device", "media")[:others]]
        rest += [Outcome("series", "equal", 4)]

        def met(loss: int, rest: list[Outcome] = rest) -> list[Outcome]:
            return [*rest, Outcome("series", BITS_SHARED, loss)]

        least = bisect(range(20_000), False, key=lambda loss: hopeless(met(loss), 100_000))
        assert 0 < least < 20_000
        assert weigh([*named, *met(least)], 100_000).decision is None, birth


@pytest.mark.parametrize(
    ("met", "count", "is_one"),
    [("email", 200, True), ("email", 201, False), ("phone", 0, False), ("wallet", 0, False)],
)
def test_whose_own_it_is(met: str, count: int, is_one: bool) -> None:
    """What up to four have is one person's; a household's telephone is not."""
    outcomes_ = [Outcome(met, "equal"), *([Outcome(met, BITS_SHARED, count)] if count else [])]
    assert is_worth_a_look(outcomes_) is is_one
