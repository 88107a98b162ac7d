"""What stands above the sum of weights: what links, what may not, and what an officer is to see.

What several persons may share supports and never links, and what cannot be true of one person keeps
a pair from being called the same. Pure, over outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from consumers.deduplication.outcomes import BITS_SHARED, Outcome
from consumers.deduplication.rarity import Centibits

OWN = frozenset({"national-id", "email", "phone", "username"})
"""Kinds that as a rule only one person has."""
CONTRADICTIONS = frozenset(
    {("role", "apart"), ("name", "generation"), ("birth-date", "apart"), ("sex", "apart"),
     ("name", "one-given-apart"), ("name", "some-given-apart")}
)  # fmt: skip
"""Outcomes that keep a pair from being called the same, but for ``MISTAKEN``."""
MISTAKEN = frozenset(
    {("birth-date", "apart"), ("name", "one-given-apart"), ("name", "some-given-apart")}
)
"""Contradictions that are a mistake in a record where a national number says who it is."""
_OTHER_GIVEN = frozenset({"one-given-apart", "some-given-apart"})
_PERHAPS_GIVEN = _OTHER_GIVEN | {"one-unsure-apart", "some-unsure-apart"}
_WORDS = ("all", "more", "part", "single", "some", "one")
"""How the levels begin by which names have a word in common."""
HOUSEHOLD = frozenset({"phone", "wallet", "device", "ip", "media", "picture", "series"})
"""What those who live or appear together share: it says less of each, the more of it there is."""
SHARED = frozenset({"equal", "near"})
"""Levels at which two have a thing in common."""
SAME_DAY = frozenset({"equal", "slip", "swapped"})
"""Levels of birth dates that are one day, but for a slip of the hand."""
TYPED_NUMBER = ("national-id", "typed")
"""A national number but for a slip of the hand."""
PERSONAL = frozenset({"national-id", "email", "username"})
"""Kinds that no household shares."""
FEW: Centibits = 200
"""Up to so many have a value (four) for it to be one person's own."""
AGAINST = CONTRADICTIONS | {
    ("birth-date", level) for level in ("year-only", "year-near", "year-slip", "month-apart")
}
"""What keeps a personal value in common from being worth a look by itself."""


def is_worth_a_look(outcomes: Sequence[Outcome]) -> bool:
    """Whether they share what only one person has, and nothing speaks against it.

    Names do not: an offender uses many, and a colleague may know only the account.
    """
    own = {o.field for o in outcomes if o.level == "equal" and o.field in PERSONAL}
    if not own or own <= _shared_by_many(outcomes):
        return False
    against = AGAINST - MISTAKEN if _has_number(outcomes) else AGAINST
    return against.isdisjoint(_met(outcomes))


def is_numbered(outcomes: Sequence[Outcome]) -> bool:
    """Whether a national number and a word of the name say who it is.

    The same number says it whatever the date is; unless the given names differ as well, since some
    children are recorded with a parent's number. One with a slip says it of who was born on the
    same day; unless the given names may differ, since the numbers of twins are next to each other.
    """
    met = _met(outcomes)
    names = {level for field, level in met if field == "name"}
    if not any(level.startswith(_WORDS) for level in names):
        return False
    if _has_number(outcomes):
        return ("birth-date", "apart") not in met or names.isdisjoint(_OTHER_GIVEN)
    is_born_the_same_day = ("birth-date", "equal") in met
    return TYPED_NUMBER in met and is_born_the_same_day and names.isdisjoint(_PERHAPS_GIVEN)


def _met(outcomes: Iterable[Outcome]) -> set[tuple[str, str]]:
    return {(o.field, o.level) for o in outcomes}


def _has_number(outcomes: Sequence[Outcome]) -> bool:
    equal = any(o.field == "national-id" and o.level == "equal" for o in outcomes)
    return equal and "national-id" not in _shared_by_many(outcomes)


def _shared_by_many(outcomes: Iterable[Outcome]) -> set[str]:
    """The kinds of which even the rarest value in common is no one person's."""
    return {o.field for o in outcomes if o.level == BITS_SHARED and o.amount > FEW}


def contradictions(outcomes: Sequence[Outcome]) -> frozenset[tuple[str, str]]:
    """What keeps a pair from being called the same.

    Twins, and father and son, have numbers of their own: where the number is the same, another
    date or given name is a mistake, or was changed.
    """
    against = CONTRADICTIONS - MISTAKEN if _has_number(outcomes) else CONTRADICTIONS
    return against & _met(outcomes)


def is_usual(outcomes: Sequence[Outcome]) -> bool:
    """Whether all that links the two is what a family shares, or a name that very many have.

    Families share a part of their names and a telephone, twins a birthday and pictures, and of
    those with a frequent name some share a birthday.
    """
    return _is_familys(outcomes) and not is_numbered(outcomes)


def _is_familys(outcomes: Sequence[Outcome]) -> bool:
    own = {o.field for o in outcomes if o.level == "equal" and o.field in OWN}
    levels = [o.level for o in outcomes if o.field == "name"]
    if any(level.endswith("-apart") for level in levels):
        return own.isdisjoint(PERSONAL)
    if not own and any(level.endswith("-common") for level in levels):
        return True
    return not _is_named(outcomes)


def carries(outcomes: Sequence[Outcome]) -> bool:
    """Whether anything links the two that does not only support.

    What several persons may share does so only together with the day they were born on.
    """
    return _is_named(outcomes) or _are_born_together(outcomes)


def _is_named(outcomes: Iterable[Outcome]) -> bool:
    """Whether a name, or a value that one person has, is in common."""
    for field, level, _ in outcomes:
        if field == "name":
            if level not in ("none", "generation"):
                return True
        elif field in OWN and level not in ("apart", "short"):
            return True
    return False


def _are_born_together(outcomes: Iterable[Outcome]) -> bool:
    """Whether the day of birth is the same, but for a slip, and something else is shared."""
    born = shared = False
    for field, level, _ in outcomes:
        if field == "birth-date":
            born = level in SAME_DAY
        else:
            shared |= level in SHARED and field in HOUSEHOLD
    return born and shared
