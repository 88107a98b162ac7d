"""Thirty-four jurisdictions: how each writes names, numbers and telephones, and who lives there."""

from __future__ import annotations

import random
from functools import cache
from importlib import resources
from typing import NamedTuple


class Habits(NamedTuple):
    """One row of ``jurisdictions.txt``.

    ``school`` is whose romanisation; ``script`` what names of that script stay in, and what
    others are at times put into; ``order`` is natural, first (surname first) or comma; ``case``
    is plain, surname (in capitals) or upper; ``marks`` says what becomes of diacritical marks.
    Telephones: calling code, trunk prefix, first digits of a mobile number, how many follow.
    ``number`` is the mask of the national number.
    """

    code: str
    school: str
    script: str
    order: str
    case: str
    marks: str
    calling: str
    trunk: str
    mobile: str
    digits: int
    number: str
    origins: tuple[str, ...]
    shares: tuple[int, ...]

    def origin(self, rng: random.Random) -> str:
        """The origin of somebody who lives there."""
        return rng.choices(self.origins, self.shares)[0]


@cache
def jurisdictions() -> dict[str, Habits]:
    """Every jurisdiction by its code."""
    text = resources.files(__package__).joinpath("jurisdictions.txt").read_text("utf-8")
    rows = [_read(line) for line in text.splitlines() if not line.startswith("#")]
    return {row.code: row for row in rows}


def _read(line: str) -> Habits:
    names, telephone, number, people = (part.strip() for part in line.split("|"))
    calling, trunk, mobile, digits = telephone.split()
    shares = [share.partition(":") for share in people.split()]
    code, school, script, order, case, marks = names.split()
    return Habits(
        code=code,
        school=school,
        script=script,
        order=order,
        case=case,
        marks=marks,
        calling=calling,
        trunk=trunk.strip("-"),
        mobile=mobile,
        digits=int(digits),
        number=number,
        origins=tuple(origin for origin, _, _ in shares),
        shares=tuple(int(share) for _, _, share in shares),
    )
