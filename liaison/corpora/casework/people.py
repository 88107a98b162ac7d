"""A person of a case: a name with all its parts, a birth, accounts, pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from liaison.corpora.casework.accounts import Account
from liaison.corpora.casework.media import Picture
from liaison.corpora.casework.tables import Origin, Word, origins


@dataclass(slots=True)
class Person:
    """The truth about one person, from which channels take what they see.

    ``family`` names come in the order in which they are written. ``other_family`` is the maiden
    name, or the name after a marriage. ``shown`` are the positions in ``accounts`` and ``told``
    whether name and birth date stood in an earlier notification.
    """

    key: str
    role: str
    sex: str
    origin: Origin
    given: list[Word]
    family: list[Word]
    father: Word | None
    birth: date
    nationality: str
    other_family: list[Word] = field(default_factory=list)
    suffix: str = ""
    accounts: list[Account] = field(default_factory=list)
    alias: str = ""
    pictures: list[Picture] = field(default_factory=list)
    series: str = ""
    groups: dict[str, str] = field(default_factory=dict)
    traps: tuple[str, ...] = ()
    shown: list[int] = field(default_factory=list)
    told: bool = False
    sightings: int = 0

    def nick(self, random: Random) -> Word | None:
        """A short form of the first given name, where the tables have one."""
        forms = self.origin.short.get(self.given[0].native)
        return random.choice(forms) if forms else None


_TWO_GIVEN = {"german": 0.2, "english": 0.35, "french": 0.25, "spanish": 0.2, "portuguese": 0.35,
              "polish": 0.2, "romanian": 0.3, "dutch": 0.25, "swedish": 0.3, "nigerian": 0.4,
              "filipino": 0.35, "vietnamese": 0.8, "italian": 0.08}  # fmt: skip
_TWO_FAMILY = {"spanish": 0.92, "portuguese": 0.85, "filipino": 0.5, "french": 0.04, "german": 0.05,
               "english": 0.04, "polish": 0.04, "urdu": 0.1}  # fmt: skip
_WITH_FATHER = {"russian": 1.0, "ukrainian": 1.0, "bulgarian": 1.0, "arabic": 0.5, "greek": 0.3,
                "armenian": 0.3, "ethiopian": 1.0, "persian": 0.1, "georgian": 0.2}  # fmt: skip


def given_names(origin: Origin, sex: str, random: Random) -> list[Word]:
    """One given name, or two where that is usual."""
    table = origin.f if sex == "f" else origin.m
    first = table.draw(random)
    if random.random() < _TWO_GIVEN.get(origin.name, 0.02):
        second = table.draw(random)
        return [first, second] if second != first else [first]
    return [first]


def family_names(origin: Origin, random: Random) -> list[Word]:
    """A surname in its masculine or common form, or two where that is usual."""
    first = origin.surname(random)
    if random.random() < _TWO_FAMILY.get(origin.name, 0.0):
        return [first, origin.surname(random)]
    return [first]


def father_name(origin: Origin, random: Random) -> Word | None:
    """The father's given name, where names are formed with it."""
    if random.random() < _WITH_FATHER.get(origin.name, 0.0):
        return origin.m.draw(random)
    return None


def origin_named(name: str) -> Origin:
    """The table of that name."""
    return origins()[name]


_FEMININE: dict[str, tuple[tuple[str, str], ...]] = {
    "russian": (("ский", "ская"), ("ов", "ова"), ("ев", "ева"), ("ёв", "ёва"), ("ин", "ина")),
    "ukrainian": (("ький", "ька"),),
    "bulgarian": (("ов", "ова"), ("ев", "ева")),
    "polish": (("ski", "ska"), ("cki", "cka"), ("dzki", "dzka")),
    "czech": (("ý", "á"), ("ek", "ková"), ("ec", "cová"), ("a", "ová"), ("í", "í"), ("", "ová")),
    "lithuanian": (("as", "aitė"), ("is", "ytė"), ("us", "utė"), ("ņš", "ņa"), ("s", "a")),
    "greek": (
        ("όπουλος", "οπούλου"),
        ("ος", "ου"),
        ("ής", "ή"),
        ("ης", "η"),
        ("άς", "ά"),
        ("ας", "α"),
    ),
}


def feminine(word: Word, origin: Origin) -> Word:
    """The form of a surname that a woman bears."""
    for ending, female in _FEMININE.get(origin.name, ()):
        if word.native.endswith(ending):
            return Word(word.native[: len(word.native) - len(ending)] + female)
    return word


def patronymic(father: Word, origin: Origin, sex: str) -> Word | None:
    """The patronymic of East Slavs and Bulgarians; elsewhere the father's name itself."""
    name = father.native
    if origin.name == "bulgarian":
        stem = name[:-1] + "ев" if name[-1] in "йи" else name + "ов"
        return Word(stem + ("а" if sex == "f" else ""))
    if origin.name == "russian":
        stem, hard = (name[:-1], False) if name[-1] in "йьая" else (name, True)
        if name.endswith("ий"):
            stem = name[:-2] + "ь"
        return Word(stem + ("ов" if hard else "ев") + ("на" if sex == "f" else "ич"))
    if origin.name == "ukrainian":
        if name[-1] == "й":
            return Word(name[:-1] + ("ївна" if sex == "f" else "йович"))
        stem = name[:-1] if name[-1] in "аяоь" else name
        return Word(stem + ("івна" if sex == "f" else "ович"))
    return father
