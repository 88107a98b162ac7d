"""The thirty jurisdictions that report: script, telephone numbers, national numbers, neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Place:
    """One jurisdiction. A mobile number is ``prefix`` and digits, ``length`` in all."""

    code: str
    script: str
    calling: str
    trunk: str
    prefixes: tuple[str, ...]
    length: int
    reference: str
    """Form of a case number: ``{year}`` and ``{number}``."""


def _place(code: str, script: str, calling: str, trunk: str, prefixes: str, length: int,
           reference: str) -> Place:  # fmt: skip
    return Place(code, script, calling, trunk, tuple(prefixes.split()), length, reference)


PLACES: dict[str, Place] = {place.code: place for place in (
    _place("GB", "latin", "44", "0", "74 75 77 78 79", 10, "NCA/{year}/{number:06}"),
    _place("US", "latin", "1", "", "212 305 415 617 702 713 818 917", 10, "CY-{year}-{number:07}"),
    _place("CA", "latin", "1", "", "416 438 514 604 613 778", 10, "NCECC {year}-{number}"),
    _place("AU", "latin", "61", "0", "40 41 42 43 45", 9, "ACCCE-{number:06}-{year}"),
    _place("DE", "latin", "49", "0", "151 152 157 159", 11, "BKA SO41 {number}/{year}"),
    _place("FR", "latin", "33", "0", "6 7", 9, "OFMIN-{year}-{number:05}"),
    _place("ES", "latin", "34", "", "60 61 62 65 66 67 68 69", 9, "UCC {number}/{year}"),
    _place("IT", "latin", "39", "", "320 328 333 338 340 347 349", 10, "CNCPO/{year}/{number}"),
    _place("NL", "latin", "31", "0", "61 62 63 64 65 68", 9, "TBKK{year}{number:06}"),
    _place("PL", "latin", "48", "", "501 512 602 660 692 723 781", 9, "BZC-{number}/{year}"),
    _place("CZ", "latin", "420", "", "601 606 721 733 775", 9, "NCTEKK-{number}-{year}"),
    _place("HU", "latin", "36", "06", "20 30 70", 9, "NNI {year}/{number}"),
    _place("RO", "latin", "40", "0", "72 73 74 75 76", 9, "DCCO-{number}/{year}"),
    _place("SE", "latin", "46", "0", "70 72 73 76 79", 9, "NOA {year}-{number:06}"),
    _place("TR", "latin", "90", "0", "530 532 541 544 552 555", 10, "SSM {year}/{number}"),
    _place("UA", "cyrillic", "380", "0", "50 63 67 68 93 95 97", 9, "ДКП-{year}/{number}"),
    _place("BG", "cyrillic", "359", "0", "87 88 89", 9, "ГДБОП-{number}/{year}"),
    _place("GR", "greek", "30", "", "693 694 697 698", 10, "ΔΔΗΕ {number}/{year}"),
    _place("GE", "georgian", "995", "", "551 555 577 591 595 599", 9, "CCD-{year}-{number}"),
    _place("IL", "hebrew", "972", "0", "50 52 53 54 58", 9, "105-{number}-{year}"),
    _place("AE", "arabic", "971", "0", "50 52 54 55 56", 9, "MOI/{number}/{year}"),
    _place("MA", "arabic", "212", "0", "61 64 65 66 67 70", 9, "DGSN-{year}-{number}"),
    _place("IN", "devanagari", "91", "", "70 81 88 90 94 98 99", 10, "I4C/{number}/{year}"),
    _place("TH", "thai", "66", "0", "61 80 81 85 89 92 95", 9, "TICAC-{number:05}-{year}"),
    _place("PH", "latin", "63", "0", "905 915 917 926 927 949 998", 10, "WCPC-{year}-{number:05}"),
    _place("JP", "kana", "81", "0", "70 80 90", 10, "NPA-{year}-{number}"),
    _place("KR", "hangul", "82", "0", "10", 10, "KNPA {year}-{number}"),
    _place("BR", "latin", "55", "", "119 219 319 419 519 619", 11, "PF/{year}/{number}"),
    _place("MX", "latin", "52", "", "55 33 81 222 664", 10, "FGR-{year}-{number}"),
    _place("NG", "latin", "234", "0", "803 806 810 703 705 902", 10, "NAPTIP/{year}/{number}"),
)}  # fmt: skip

CODES = tuple(PLACES)

NEIGHBOURS: dict[str, str] = {
    "GB": "FR DE NL US AU", "US": "CA MX GB PH", "CA": "US GB FR", "AU": "GB PH TH US",
    "DE": "NL PL CZ FR UA TR", "FR": "DE ES IT MA GB", "ES": "FR MA MX IT", "IT": "FR RO DE GR",
    "NL": "DE GB FR PL", "PL": "DE UA CZ GB", "CZ": "DE PL HU", "HU": "RO CZ DE", "RO": "HU BG IT",
    "SE": "DE PL GB TH", "TR": "DE GR BG GE", "UA": "PL RO DE GE", "BG": "GR RO TR DE",
    "GR": "BG IT DE", "GE": "TR UA GR", "IL": "US UA FR", "AE": "IN GB PH", "MA": "FR ES NL",
    "IN": "AE GB US", "TH": "AU SE PH", "PH": "US AU AE", "JP": "KR US PH", "KR": "JP US PH",
    "BR": "ES IT US", "MX": "US ES", "NG": "GB IT US",
}  # fmt: skip


def elsewhere(rng: Random, home: str) -> str:
    """Another jurisdiction that meets persons from there: mostly a neighbour."""
    if rng.random() < 0.7:
        return rng.choice(NEIGHBOURS[home].split())
    return rng.choice([code for code in CODES if code != home])


def digits(rng: Random, count: int) -> str:
    """So many digits."""
    return "".join(rng.choice("0123456789") for _ in range(count))


def phone(rng: Random, code: str) -> tuple[str, str]:
    """A mobile number: its jurisdiction, and the national significant digits."""
    place = PLACES[code]
    prefix = rng.choice(place.prefixes)
    first = rng.choice("23456789")
    return code, prefix + first + digits(rng, place.length - len(prefix) - 1)


def national_id(rng: Random, country: str, born: str, sex: str) -> str:
    """A number in the manner of the country, without its check digits."""
    year, month, day = born[2:4], born[5:7], born[8:10]
    if country in ("PL", "BG", "CZ", "RO", "SE", "KR"):
        return f"{year}{month}{day}{digits(rng, 5)}"
    if country in ("IT", "MX"):
        letters = "".join(rng.choice("ABCDEFGHILMNOPRSTVZ") for _ in range(6))
        return f"{letters}{year}{month}{day}{sex.upper()}{digits(rng, 3)}"
    if country in ("ES", "GB", "NL"):
        return f"{digits(rng, 8)}{rng.choice('ABCDEFGHJKLMNPQRSTVWXYZ')}"
    return digits(rng, {"IN": 12, "TH": 13, "TR": 11, "UA": 10, "BR": 11}.get(country, 9))
