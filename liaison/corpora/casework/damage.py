"""What a channel does to a written name: heard, scanned, mistyped, put into a passport's zone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from random import Random

Rule = tuple[re.Pattern[str], str]


def _rules(text: str) -> tuple[Rule, ...]:
    """Rules written ``pattern>result``; ``-`` is nothing, patterns are matched in lower case."""
    found = []
    for entry in text.split():
        pattern, _, result = entry.partition(">")
        found.append((re.compile(pattern), "" if result == "-" else result))
    return tuple(found)


_COMMON = _rules(
    r"ph>f th>t ck>k y>i ie>i ([bdfglmnprst])\1>\1 (?<=[aeiou])([lmnst])(?=[aeiou])>\1\1 z>s ai>ei "
    r"ou>u ee>i oo>u x>ks m(?=b)>n e\b>- ë>e j>y h(?=[lmnrt])>- w>v k(?=[aou])>c c(?=[aou])>k"
)
_EARS = {
    "en": _rules(
        r"ł>w ć>ch cz>ch sz>sh š>sh ch\b>k ü>u ö>er ei>ay j(?=[aeou])>y gh>g ó>u \bs(?=[aeo])>c"
    ),
    "fr": _rules(r"\bh>- ch>sh u>ou sh>ch w>v o\b>eau k(?=[ei])>qu n\b>ne é>è z>s ä>é"),
    "de": _rules(r"v>w v>f sh>sch z>s s(?=[aeo])>z c>k d\b>t b\b>p g\b>k ch>tsch y>ü ei>ai"),
    "es": _rules(
        r"v>b b>v z>s \bs(?=[ptk])>es \bh>j ll>y ñ>ni sh>ch qu>k k(?=[ei])>qu g(?=[ei])>j x>j"
    ),
    "pt": _rules(r"ñ>nh lh>li nh>ni ss>s ç>s x>ch v>b ão>ao z\b>s"),
    "it": _rules(r"\bh>- k(?=[ei])>ch k>c y>i sh>sc j>gi x>s w>v"),
    "pl": _rules(r"sh>sz ch>cz v>w w>ł rz>ż ż>rz ó>u u>ó h>ch ch>h x>ks"),
    "tr": _rules(r"w>v sh>ş ch>ç q>k x>ks ö>o ü>u kh>h zh>j"),
    "nl": _rules(r"u>oe v>f z>s ij>ei ei>ij g>ch y>ij c>k"),
    "sv": _rules(r"w>v z>s sh>sj ö>ø ø>ö ä>e å>o c(?=[ei])>s"),
    "hu": _rules(r"sh>s s>sz ch>cs w>v y\b>i cz>c ö>ő"),
    "icao": _rules(r"l>r r>l v>b th>s f>h si>shi"),
    "sci": _rules(r"sh>š ch>č w>v y>i ch>h ě>e"),
}


def heard(name: str, habit: str, random: Random) -> str:
    """``name`` as one writes it down who only heard it."""
    text = name.lower()
    rules = _EARS[habit] + _COMMON
    changes = random.choice((1, 1, 2))
    for pattern, result in random.sample(rules, len(rules)):
        if changes and pattern.search(text):
            text, changes = pattern.sub(result, text, count=1), changes - 1
    return titled(text) or name


_CONFUSIONS = (
    "rn>m m>rn l>1 l>I i>l o>0 e>c c>e cl>d d>cl h>b n>u u>n ü>u ü>ii ö>o ö>6 ä>a é>e ß>B S>5 "
    "B>8 g>q v>y a>o t>f ll>II fi>h vv>w"
)
_SCANNED = tuple(tuple(entry.split(">")) for entry in _CONFUSIONS.split(" "))


def scanned(text: str, random: Random) -> str:
    """One or two errors of reading an old card."""
    found = [pair for pair in _SCANNED if pair[0] in text[1:]]
    for before, after in random.sample(found, min(len(found), random.choice((1, 1, 2)))):
        text = text[:1] + text[1:].replace(before, after, 1)
    return text


_NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wqrewtyuiosadgfhjkxzvcbnmn", strict=True))


def mistyped(text: str, random: Random) -> str:
    """One slip of a finger: left out, doubled, swapped, or the key beside it."""
    if len(text) < 4:
        return text
    at = random.randrange(1, len(text) - 1)
    match random.randrange(4):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + text[at] + text[at:]
        case 2:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + _NEIGHBOURS.get(text[at], text[at]) + text[at + 1 :]


def _letters(text: str) -> dict[int, str]:
    """A translation written as letter and result in turn; ``-`` is nothing."""
    words = text.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return str.maketrans({letter: "" if result == "-" else result for letter, result in pairs})


_ICAO = _letters(
    "Ä AE Ö OE Ü UE ß SS ẞ SS Å AA Æ AE Ø OE Œ OE Ñ N Ł L Đ D Ð D Þ TH ı I İ I ’ - ' - ʿ -"
)
_SPECIAL = _letters("ł l Ł L đ d Đ D ø o Ø O ı i ß ss æ ae Æ Ae")
MRZ_LETTERS = 39
"""Characters of the name in the machine-readable zone of a passport (ICAO 9303-4)."""


@lru_cache(maxsize=32768)
def zone(text: str) -> str:
    """Capitals without diacritics, hyphens as spaces (ICAO 9303-3, section 6)."""
    upper = unicodedata.normalize("NFC", text.upper()).translate(_ICAO)
    return " ".join(bare(upper).replace("-", " ").split())


@lru_cache(maxsize=32768)
def bare(text: str) -> str:
    """``text`` without diacritics, as on a keyboard that has none."""
    parts = unicodedata.normalize("NFD", text.translate(_SPECIAL))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def mojibake(text: str) -> str:
    """UTF-8 read as Latin-1, without what is no text then."""
    wrong = text.encode("utf-8").decode("latin-1")
    return wrong if wrong.isprintable() else text


def titled(text: str) -> str:
    """Capitals at the beginning of each part."""
    return " ".join("-".join(p[:1].upper() + p[1:] for p in w.split("-")) for w in text.split())


def joined(parts: Sequence[str]) -> str:
    """The parts that there are, with one space between them."""
    return " ".join(part for part in parts if part)
