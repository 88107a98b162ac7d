"""What the origin of a name is: how such names are made, and who bears them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from liaison.corpora.fieldwork import library
from liaison.corpora.fieldwork.nicknames import NICKNAMES
from liaison.corpora.fieldwork.words import Pool, Word, western


@dataclass(frozen=True, slots=True)
class Family:
    """A surname in the forms for men and women."""

    male: Word
    female: Word

    def of(self, sex: str) -> Word:
        """The form for the sex."""
        return self.female if sex == "f" else self.male


@dataclass(frozen=True, slots=True)
class Origin:
    """How names of one kind are made. Weights of schemes are for reporters without a habit."""

    code: str
    script: str
    countries: tuple[str, ...]
    residences: tuple[str, ...]
    given: dict[str, Pool[Word]]
    families: Pool[Family]
    middle: str = ""
    """``second``: a second given name; ``patronymic``; ``father``: his given name."""
    surnames: int = 1
    """Two where both parents give one."""
    family_first: bool = False
    schemes: tuple[float, ...] = (1,)
    particles: tuple[str, ...] = ()
    nicknames: dict[str, tuple[Word, ...]] = field(default_factory=dict)
    cognates: dict[str, Word] = field(default_factory=dict)


Maker = Callable[[str], Word]


def same(words: Sequence[Word]) -> list[Family]:
    return [Family(word, word) for word in words]


def given_names(make: Maker, men: Sequence[str], women: Sequence[str]) -> dict[str, Pool[Word]]:
    return {"m": Pool(make(x) for x in men), "f": Pool(make(x) for x in women)}


def faker(locale: str, make: Maker = western, limit: int = 400) -> dict[str, Pool[Word]]:
    men = library.names(locale, "first_names_male")[:limit]
    return given_names(make, men, library.names(locale, "first_names_female")[:limit])


def surnames(locale: str, make: Maker = western, limit: int = 900) -> list[Word]:
    found = library.names(locale, "last_names")
    return [make(x) for x in found if "," not in x and x.count(" ") < 3][:limit]


def nicknames(code: str, make: Maker = western) -> dict[str, tuple[Word, ...]]:
    return {name: tuple(make(x) for x in forms) for name, forms in NICKNAMES[code].items()}


def scheme(origin: Origin, rng: Random, reporter: str) -> int:
    """The romanisation that a reporter uses: that of its press, or one of those in use."""
    if len(origin.schemes) == 6:
        if reporter in ("FR", "MA") and rng.random() < 0.55:
            return 3
        if reporter == "DE" and rng.random() < 0.4:
            return 4
    return rng.choices(range(len(origin.schemes)), origin.schemes)[0]
