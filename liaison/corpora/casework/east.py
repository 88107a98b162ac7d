"""Romanisation by syllable: Chinese, Korean and Japanese names."""

from __future__ import annotations

from functools import lru_cache
from random import Random

_WADE = tuple(
    tuple(entry.split(">"))
    for entry in ("zh>ch", "x>hs", "q>ch'", "j>ch", "z>ts", "c>ts'", "b>p", "d>t", "g>k", "r>j")
)
_CANTONESE = {
    "wang": "wong", "li": "lee", "zhang": "cheung", "liu": "lau", "chen": "chan", "yang": "yeung",
    "huang": "wong", "zhao": "chiu", "wu": "ng", "zhou": "chow", "xu": "tsui", "lin": "lam",
    "he": "ho", "guo": "kwok", "luo": "lo", "zheng": "cheng", "liang": "leung", "xie": "tse",
    "deng": "tang", "cai": "choi", "ye": "yip", "su": "so",
}  # fmt: skip


def chinese(reading: str, random: Random, *, surname: bool = False) -> str:
    """Pinyin for the most part; Wade-Giles, or the Cantonese surname, now and then."""
    syllables = reading.split()
    way = random.random()
    if way < 0.07:
        return "-".join(_wade(s) for s in syllables).capitalize()
    if surname and way < 0.14:
        return _CANTONESE.get(reading, reading).capitalize()
    if surname or way > 0.35:
        return "".join(syllables).capitalize()
    if way > 0.25:
        return "-".join(syllables).capitalize()
    return " ".join(map(str.capitalize, syllables))


def _wade(syllable: str) -> str:
    for ours, theirs in _WADE:
        if syllable.startswith(ours) and not (ours == "c" and syllable.startswith("ch")):
            return theirs + syllable[len(ours) :]
    return syllable


_JAMO = (
    "g kk n d tt r m b pp s ss - j jj ch k t p h",
    "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i",
    "- k k k n n n t l l l l l l l l m p p t t ng t t k t p t",
)
"""Initial, vowel and final of a Hangul syllable, in the order of Unicode (chapter 3.12)."""
_INITIALS, _VOWELS, _FINALS = (line.split() for line in _JAMO)
_REISCHAUER = {"eo": "o", "yeo": "yo", "eu": "u", "g": "k", "d": "t", "b": "p", "j": "ch"}
_POPULAR = {
    "김": "Kim", "이": "Lee", "박": "Park", "최": "Choi", "정": "Jung", "강": "Kang", "조": "Cho",
    "윤": "Yoon", "임": "Lim", "오": "Oh", "신": "Shin", "권": "Kwon", "우": "Woo", "유": "Yoo",
    "노": "Roh", "주": "Joo", "구": "Koo",
}  # fmt: skip


def korean(native: str, random: Random, *, surname: bool = False) -> str:
    """Revised romanisation, McCune-Reischauer without marks, or the popular surname."""
    way = random.random()
    if surname and way < 0.75 and native in _POPULAR:
        return _POPULAR[native]
    syllables = [_syllable(c, old=way > 0.85) for c in native]
    joint = random.choices(("", "-", " "), (4, 4, 2))[0]
    if joint == "-":
        return "-".join(syllables).capitalize()
    return joint.join(map(str.capitalize, syllables)) if joint else "".join(syllables).capitalize()


@lru_cache(maxsize=4096)
def _syllable(letter: str, *, old: bool) -> str:
    index = ord(letter) - 0xAC00
    parts = _INITIALS[index // 588], _VOWELS[index % 588 // 28], _FINALS[index % 28]
    return "".join(_REISCHAUER.get(p, p) if old else p for p in parts if p != "-")


_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "g": "ガギグゲゴ", "s": "サシスセソ", "z": "ザジズゼゾ",
    "t": "タチツテト", "d": "ダヂヅデド", "n": "ナニヌネノ", "h": "ハヒフヘホ", "b": "バビブベボ",
    "p": "パピプペポ", "m": "マミムメモ", "r": "ラリルレロ", "w": "ワヰウヱヲ",
}  # fmt: skip
_KANA = {row + "aiueo"[i]: kana for row, line in _ROWS.items() for i, kana in enumerate(line)} | {
    "ya": "ヤ", "yu": "ユ", "yo": "ヨ", "shi": "シ", "chi": "チ", "tsu": "ツ", "fu": "フ",
    "ji": "ジ", "sha": "シャ", "shu": "シュ", "sho": "ショ", "cha": "チャ", "chu": "チュ",
    "cho": "チョ",
    "ja": "ジャ", "ju": "ジュ", "jo": "ジョ", "kyo": "キョ", "kyu": "キュ", "ryo": "リョ",
    "ryu": "リュ", "hyo": "ヒョ", "n": "ン",
}  # fmt: skip


def japanese(reading: str, random: Random) -> str:
    """Hepburn without long vowels, as passports have it, or with them in another spelling."""
    way = random.random()
    if way < 0.6:
        reading = reading.replace("ou", "o").replace("oo", "o").replace("uu", "u")
    elif way < 0.75:
        reading = reading.replace("ou", "oh").replace("oo", "oh").replace("uu", "u")
    elif way < 0.9:
        for ours, kunrei in (
            ("shi", "si"),
            ("tsu", "tu"),
            ("chi", "ti"),
            ("fu", "hu"),
            ("ji", "zi"),
        ):
            reading = reading.replace(ours, kunrei)
    return reading.capitalize()


@lru_cache(maxsize=4096)
def katakana(reading: str) -> str:
    """The kana of a reading in plain Hepburn with long vowels written out."""
    kana, at = "", 0
    while at < len(reading):
        for size in (3, 2, 1):
            found = _KANA.get(reading[at : at + size])
            if found:
                kana, at = kana + found, at + size
                break
        else:
            kana, at = kana + "ッ", at + 1
    return kana
