"""How a tradition makes a person's name from the family and a given name."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from liaison.corpora.registry.origins import Origin
from liaison.corpora.registry.spelling import Word


class Part(NamedTuple):
    """One word of a name and what it is: given, extra, father, surname or second."""

    kind: str
    word: Word


Name = tuple[Part, ...]
"""In the order of the tradition."""


class Family(NamedTuple):
    """What children of one couple get: the father's given name, and his father's; surnames."""

    father: Word
    grandfather: Word
    surname: Word
    second: Word


def found(origin: Origin, rng: random.Random) -> Family:
    """A family of ``origin``."""
    return Family(
        origin.male.draw(rng),
        origin.male.draw(rng),
        origin.surnames.draw(rng),
        origin.surnames.draw(rng),
    )


def given_name(origin: Origin, sex: str, rng: random.Random) -> Word:
    """A given name of ``origin``."""
    return (origin.female if sex == "f" else origin.male).draw(rng)


def name(origin: Origin, family: Family, given: Word, extra: Word | None, sex: str) -> Name:
    """The full name of a child of ``family``; ``extra`` is a second given name."""
    first = [Part("given", given)]
    if extra and extra != given:
        first.append(Part("extra", extra))
    return tuple(_CUSTOMS.get(origin.custom, _western)(first, family, sex))


def gendered(surname: Word, sex: str) -> Word:
    """The form of a surname that a person of ``sex`` bears; the table has the man's."""
    endings = _FEMALE_ENDINGS.get(surname.language, ())
    if sex != "f" or surname.listed:
        return surname
    for ending, female in endings:
        if surname.native.endswith(ending):
            return surname._replace(native=surname.native.removesuffix(ending) + female)
    return surname


_FEMALE_ENDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "ru": (("ский", "ская"), ("ой", "ая"), ("ов", "ова"), ("ев", "ева"), ("ёв", "ёва"),
           ("ин", "ина"), ("ын", "ына")),
    "uk": (("ський", "ська"), ("цький", "цька"), ("ий", "а")),
    "bg": (("ски", "ска"), ("ов", "ова"), ("ев", "ева")),
    "pl": (("ski", "ska"), ("cki", "cka"), ("dzki", "dzka")),
    "cs": (("ý", "á"), ("í", "í"), ("něk", "ňková"), ("ek", "ková"), ("ec", "cová"),
           ("el", "lová"), ("a", "ová"), ("", "ová")),
    "el": (("όπουλος", "οπούλου"), ("ίδης", "ίδου"), ("ός", "ού"), ("ος", "ου"), ("άκης", "άκη"),
           ("ής", "ή"), ("ης", "η"), ("άς", "ά"), ("ας", "α")),
}  # fmt: skip


def _western(first: list[Part], family: Family, sex: str) -> list[Part]:
    return [*first, Part("surname", family.surname)]


def _gendered(first: list[Part], family: Family, sex: str) -> list[Part]:
    return [*first, Part("surname", gendered(family.surname, sex))]


def _spanish(first: list[Part], family: Family, sex: str) -> list[Part]:
    return [*first, Part("surname", family.surname), Part("second", family.second)]


def _portuguese(first: list[Part], family: Family, sex: str) -> list[Part]:
    """The mother's surname stands first, the father's last."""
    return [*first, Part("second", family.second), Part("surname", family.surname)]


def _family_first(first: list[Part], family: Family, sex: str) -> list[Part]:
    return [Part("surname", family.surname), *first[:1]]


def _vietnamese(first: list[Part], family: Family, sex: str) -> list[Part]:
    middle = first[1].word if len(first) > 1 else Word("Thị" if sex == "f" else "Văn", "vi")
    return [Part("surname", family.surname), Part("extra", middle), first[0]]


def _single(first: list[Part], family: Family, sex: str) -> list[Part]:
    """Indonesian: one name or several, of which none is a family's."""
    return first if letter_sum(first[0].word.native) % 3 == 0 else [*first, _own(family)]


def _own(family: Family) -> Part:
    return Part("surname", family.surname)


def letter_sum(text: str) -> int:
    """A small number that depends on ``text`` alone; ``hash`` differs from run to run."""
    return sum(ord(c) for c in text)


def _icelandic(first: list[Part], family: Family, sex: str) -> list[Part]:
    stem = family.father.listed[0] if family.father.listed else family.father.native + "s"
    word = Word(stem + ("dóttir" if sex == "f" else "son"), "is")
    return [*first, Part("surname", word)]


def _russian(first: list[Part], family: Family, sex: str) -> list[Part]:
    """Surname, given name, patronymic, as in every register."""
    language = family.father.language
    make = ukrainian_patronymic if language == "uk" else russian_patronymic
    father = Part("father", Word(make(family.father.native, sex), language))
    return [Part("surname", gendered(family.surname, sex)), first[0], father]


def russian_patronymic(father: str, sex: str) -> str:
    """Иван: Иванович, Ивановна."""
    irregular = {"Никита": "Никит", "Илья": "Иль", "Пётр": "Петр", "Павел": "Павл"}
    stem = irregular.get(father, father)
    if father in ("Никита", "Илья"):
        return stem + ("ична" if sex == "f" else "ич")
    if stem.endswith("ий"):
        stem, soft = stem[:-2] + ("и" if stem.endswith(("трий", "кий")) else "ь"), True
    else:
        soft = stem.endswith(("й", "ь"))
        stem = stem[:-1] if soft else stem
    return stem + ("е" if soft else "о") + ("вна" if sex == "f" else "вич")


def ukrainian_patronymic(father: str, sex: str) -> str:
    """Іван: Іванович, Іванівна."""
    stem = {"Григорій": "Григор", "Микола": "Микол"}.get(father, father)
    if stem.endswith("й"):
        return stem[:-1] + ("ївна" if sex == "f" else "йович")
    stem = stem[:-1] if stem.endswith(("о", "ь")) else stem
    return stem + ("івна" if sex == "f" else "ович")


def _bulgarian(first: list[Part], family: Family, sex: str) -> list[Part]:
    father = family.father.native
    stem = father[:-1] + "е" if father.endswith("й") else father.rstrip("аиоюя") + "о"
    word = Word(stem + ("ва" if sex == "f" else "в"), "bg")
    return [first[0], Part("father", word), Part("surname", gendered(family.surname, sex))]


def _arabic(first: list[Part], family: Family, sex: str) -> list[Part]:
    """Given name, father's, grandfather's, family or tribe."""
    fathers = [Part("father", family.father), Part("father", family.grandfather)]
    return [first[0], *fathers, Part("surname", family.surname)]


def _ethiopian(first: list[Part], family: Family, sex: str) -> list[Part]:
    """Given name, father's, grandfather's; the father's name serves as surname abroad."""
    return [first[0], Part("surname", family.father), Part("father", family.grandfather)]


def _tamil(first: list[Part], family: Family, sex: str) -> list[Part]:
    """The father's name, or the family's, before the given name."""
    return [Part("surname", family.surname), first[0]]


_CUSTOMS: dict[str, Callable[[list[Part], Family, str], list[Part]]] = {
    "gendered": _gendered,
    "spanish": _spanish,
    "filipino": _portuguese,
    "portuguese": _portuguese,
    "family-first": _family_first,
    "vietnamese": _vietnamese,
    "single": _single,
    "icelandic": _icelandic,
    "russian": _russian,
    "bulgarian": _bulgarian,
    "arabic": _arabic,
    "ethiopian": _ethiopian,
    "tamil": _tamil,
}
