"""A small development corpus: pairs of notifications with the truth, by family of error.

Everything is made from lists and a seed; nobody in it exists. Each family is one thing that goes
wrong between two contact points, or one way in which two persons look alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schemas.notifications import Identification
from tests.consumers.deduplication.support import offender, subject

WRITTEN = (
    # given name, surname: each as written by several hands
    (("Людмила", "Lioudmila", "Ljudmyla", "Lyudmyla"), ("Шевчук", "Chevtchouk", "Schewtschuk")),
    (("Юрий", "Iouri", "Jurij", "Yuri"), ("Хрусталёв", "Khroustalev", "Chrustaljow")),
    (("Евгений", "Evgueni", "Jewgenij", "Yevgeny"), ("Жуковский", "Joukovski", "Schukowski")),
    (("Ксения", "Ksenia", "Xenia", "Kseniya"), ("Воронцова", "Vorontsova", "Woronzowa")),
    (("Тарас", "Taras"), ("Гриценко", "Hrytsenko", "Gritsenko")),
    (("سامر", "Samer", "Samir"), ("القاسم", "Al-Qasim", "Kassem", "El Kassem")),
    (("ليلى", "Layla", "Leila", "Laila"), ("الخطيب", "Al-Khatib", "El Khatib", "Khateeb")),
    (("طارق", "Tariq", "Tarek"), ("بن سليمان", "bin Sulaiman", "Ben Slimane", "Suleiman")),
    (("نور الدين", "Nour Eddine", "Nureddin"), ("منصوري", "Mansouri", "Mansoori")),
    (("Γιώργος", "Giorgos", "Yiorgos"), ("Παπανικολάου", "Papanikolaou")),
    (("小明", "Xiaoming", "Xiao-Ming"), ("欧阳", "Ouyang")),
    (("민수", "Min-su", "Minsu"), ("김", "Kim")),
    (("Jörg", "Joerg", "Jorg"), ("Größwang", "Groesswang", "Grosswang")),
    (("Łukasz", "Lukasz"), ("Wyrzykowski", "Wyrzykowski")),
    (("Şeyma", "Seyma"), ("Çağlayan", "Caglayan")),
    (("Ma. Luzviminda", "Maria Luzviminda"), ("dela Peña", "de la Pena", "Delapena")),
)
GIVEN = [
    "Aurélie",
    "Bérénice",
    "Clotilde",
    "Domitille",
    "Éloïse",
    "Faustine",
    "Gwenaëlle",
    "Hortense",
    "Isaure",
    "Joséphine",
    "Anselm",
    "Benedikt",
    "Cornelius",
    "Dietmar",
    "Eberhard",
    "Friedhelm",
    "Gottfried",
    "Hartmut",
    "Ingmar",
    "Joachim",
    "Amihan",
    "Bayani",
    "Corazon",
    "Dalisay",
    "Efren",
    "Florante",
    "Gregorio",
    "Honorio",
    "Isagani",
    "Jovita",
    "Kazimierz",
    "Ludwika",
    "Mieczysław",
    "Narcyza",
    "Onufry",
    "Przemysław",
    "Radosława",
    "Stanisław",
    "Tymoteusz",
]
SURNAMES = [
    "Quincampoix",
    "Vautrin",
    "Hautecloque",
    "Charbonnel",
    "Montreuillon",
    "Périgord",
    "Lacassagne",
    "Tournebroche",
    "Wackernhold",
    "Quastenberg",
    "Pfaffenzeller",
    "Oberhuemer",
    "Stolzenfels",
    "Zwickelbauer",
    "Krummbiegel",
    "Dimakulangan",
    "Katigbak",
    "Manalastas",
    "Panganiban",
    "Sumulong",
    "Macaraeg",
    "Lualhati",
    "Tumulak",
    "Wyrobek",
    "Zawadzki",
    "Brzozowski",
    "Chmielewski",
    "Gwiazdowski",
    "Jabłoński",
    "Krzemiński",
    "Mirzejewski",
]
FREQUENT = (("Maria", "Santos"), ("Mohammed", "Ali"), ("Ivan", "Petrov"), ("Anna", "Müller"),
            ("John", "Smith"), ("Wang", "Li"), ("Jose", "Cruz"), ("Ahmed", "Hassan"))  # fmt: skip
JURISDICTIONS = ("FR", "DE", "PH")


@dataclass(frozen=True)
class Pair:
    """Two notifications, and whether they are about one person."""

    family: str
    first: Identification
    second: Identification
    same: bool


def corpus(seed: int, each: int) -> list[Pair]:
    """``each`` pairs of every family."""
    chance = random.Random(seed)
    return [
        make(chance, f"{name}-{number}")
        for name, make in FAMILIES.items()
        for number in range(each)
    ]


def person(chance: random.Random, **more: Any) -> dict[str, Any]:
    """The fields of somebody."""
    given, surname = chance.choice(GIVEN), chance.choice(SURNAMES)
    return {
        "names": (f"{given} {surname}",),
        "birth_date": _date(chance),
        "sex": chance.choice("fm"),
        **more,
    }


def _date(chance: random.Random) -> str:
    year, month, day = (
        chance.randrange(1955, 2016),
        chance.randrange(1, 13),
        chance.randrange(2, 28),
    )
    return f"{year}-{month:02}-{day:02}"


def _pair(
    family: str, chance: random.Random, mine: dict[str, Any], yours: dict[str, Any], same: bool
) -> Pair:
    first, second = chance.sample(JURISDICTIONS, 2)
    kind = family.rsplit("-", 1)[0]
    make = offender if kind in OFFENDERS else subject
    return Pair(
        kind, make(f"{family}-a", first, **mine), make(f"{family}-b", second, **yours), same
    )


def transliteration(chance: random.Random, family: str) -> Pair:
    """One name by two hands, often in two scripts."""
    givens, surnames = chance.choice(WRITTEN)
    first, second = chance.sample(range(max(len(givens), len(surnames))), 2)
    mine = person(chance)
    names = (
        f"{givens[min(i, len(givens) - 1)]} {surnames[min(i, len(surnames) - 1)]}"
        for i in (first, second)
    )
    mine, yours = ({**mine, "names": (name,)} for name in names)
    return _pair(family, chance, mine, yours, same=True)


def order(chance: random.Random, family: str) -> Pair:
    """Surname first, in capitals, without accents."""
    mine = person(chance)
    given, surname = mine["names"][0].split(" ", 1)
    return _pair(family, chance, mine, {**mine, "names": (f"{surname.upper()}, {given}",)}, True)


def typo(chance: random.Random, family: str) -> Pair:
    """One letter lost, doubled, changed or swapped in one word of the name."""
    mine = person(chance)
    words = mine["names"][0].split()
    spot = chance.randrange(len(words))
    word = words[spot]
    at = chance.randrange(1, len(word) - 1)
    words[spot] = chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice("abdegiklmnoprstu") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return _pair(family, chance, mine, {**mine, "names": (" ".join(words),)}, True)


def day_month(chance: random.Random, family: str) -> Pair:
    """Day and month swapped."""
    mine = person(chance)
    year, month = mine["birth_date"].split("-")[:2]
    day = chance.randrange(2, 12)
    mine["birth_date"] = f"{year}-{month}-{day:02}"
    return _pair(family, chance, mine, {**mine, "birth_date": f"{year}-{day:02}-{month}"}, True)


def year_only(chance: random.Random, family: str) -> Pair:
    """One side knows the year alone, or wrote the first of January for it."""
    mine = person(chance)
    year = mine["birth_date"][:4]
    return _pair(
        family, chance, mine, {**mine, "birth_date": chance.choice((year, f"{year}-01-01"))}, True
    )


def missing(chance: random.Random, family: str) -> Pair:
    """No sex here, no second name there, a patronymic more; an account in common."""
    account = (("username", f"user{chance.randrange(10**6)}", "Chatterbox"),)
    mine = person(chance, identifiers=account)
    surname = mine["names"][0].split(" ", 1)[1]
    yours = {"names": (surname,), "identifiers": account}
    return _pair(family, chance, mine, yours, True)


def contact(chance: random.Random, family: str) -> Pair:
    """One mailbox or number in two notations, and an alias."""
    number = chance.randrange(10**8)
    first, second = chance.choice(
        (
            ((("email", f"some.body{number}@gmail.com"),),
             (("email", f"Somebody{number}+x@googlemail.com"),)),
            ((("username", f"Night_Owl.{number}", "Chatterbox"),),
             (("username", f"nightowl{number}", "chatterbox"),)),
        )
    )  # fmt: skip
    mine = person(chance, identifiers=first)
    del mine["birth_date"]
    return _pair(family, chance, mine, {"names": ("Mr Walker",), "identifiers": second}, True)


def siblings(chance: random.Random, family: str) -> Pair:
    """One surname, two given names, two birth dates, the telephone of the mother."""
    mine = person(chance, identifiers=(("phone", f"+33 6 39 98 {chance.randrange(10**4):04}"),))
    given, surname = mine["names"][0].split(" ", 1)
    other = chance.choice([g for g in GIVEN if g != given])
    year = int(mine["birth_date"][:4]) + chance.choice((-3, -2, 2, 3))
    date = f"{year}-{mine['birth_date'][5:]}"
    return _pair(
        family, chance, mine, {**mine, "names": (f"{other} {surname}",), "birth_date": date}, False
    )


def twins(chance: random.Random, family: str) -> Pair:
    """One surname, one birth date, one picture, two given names."""
    mine = person(chance, media=(("sha256", f"{chance.randrange(10**9):064x}"),))
    given, surname = mine["names"][0].split(" ", 1)
    other = chance.choice([g for g in GIVEN if g != given])
    return _pair(family, chance, mine, {**mine, "names": (f"{other} {surname}",)}, False)


def father_and_son(chance: random.Random, family: str) -> Pair:
    """One name, a generation apart; sometimes told apart by Jr."""
    mine = person(chance, identifiers=(("phone", f"+33 6 39 98 {chance.randrange(10**4):04}"),))
    mine["birth_date"] = f"{chance.randrange(1955, 1975)}-05-{chance.randrange(2, 28):02}"
    year = int(mine["birth_date"][:4]) + chance.randrange(20, 40)
    yours = {**mine, "birth_date": f"{year}{chance.choice((mine['birth_date'][4:], ''))}"}
    yours["names"] = (mine["names"][0] + chance.choice(("", " Jr.")),)
    return _pair(family, chance, mine, yours, False)


def frequent(chance: random.Random, family: str) -> Pair:
    """A frequent name and one birthday: two persons of a large country."""
    given, surname = chance.choice(FREQUENT)
    mine = person(chance, names=(f"{given} {surname}",))
    return _pair(family, chance, mine, mine, False)


def wallet(chance: random.Random, family: str) -> Pair:
    """The wallet of a payment service, used by two."""
    shared = {"identifiers": (("wallet", f"mz{chance.randrange(10**12)}"),)}
    return _pair(family, chance, person(chance, **shared), person(chance, **shared), False)


def viral(chance: random.Random, family: str) -> Pair:
    """A picture that everybody has."""
    shared = {"media": (("sha256", "ab" * 32),), "series": "Lune noire"}
    return _pair(family, chance, person(chance, **shared), person(chance, **shared), False)


FAMILIES: dict[str, Callable[[random.Random, str], Pair]] = {
    made.__name__: made
    for made in (
        transliteration, order, typo, day_month, year_only, missing, contact,
        siblings, twins, father_and_son, frequent, wallet, viral,
    )
}  # fmt: skip
OFFENDERS = frozenset({"missing", "contact", "father_and_son", "wallet"})
