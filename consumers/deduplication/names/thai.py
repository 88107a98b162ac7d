"""Thai letters, roughly by the Royal Thai General System: enough to be heard as it is spelled.

Short vowels are often not written, so a word of these letters counts as one without vowels.
"""

from __future__ import annotations

import re

_TONES = re.compile("[\u0e45-\u0e4b\u0e4d]")
_SILENT = re.compile("[ทตด]ร\u0e4c|[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c")
_UNSPOKEN_END = re.compile("(?<=[ตฒธดท])[ิุ]$")
_CLUSTER = "[กขคตปผพ][รลว](?=.)|จร(?=ิ)|ห[นมรลวย]|[ศสทซ]ร"
_LEADING = re.compile(f"([เแโใไ])({_CLUSTER}|[ก-ฮ])")
"""A vowel before the consonants after which it is spoken; a tone between them parts a cluster."""

_SIGNS = "ะัาิีึืุูเแโใไำ"
_VOWELS = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (f"อ(?=[{_SIGNS}])", ""), ("รร(?=[ก-ฮ])", "ั"), ("รร(?![ะัาิีึืุู])", "ัน"),
        ("^([กธพศ])ร(?=[ก-ฮ])(?!ห?ม(?:$|[ก-ฮ]))", r"\1อน"), (f"(?<![{_SIGNS}])น(?=[บปพภ].)", "นอ"),
        ("ียรต", "ียต"),
        ("(?<=[ัิุ])ญ(?=[ก-ฮ])", "น"), ("รหม", "รม"), ("เียะ?", "ia"), ("เือ?", "uea"), ("ัว", "ua"),
        ("(?<=[ก-ฮ])ว(?=[กงดนมบลยต](?:$|[ก-ฮ]))", "ua"), ("เา", "ao"), ("เ[อิ]", "oe"),
        ("^อ(?=[ก-ฮ])", "ะ"), ("([ะัาิีึืุูเ])([ทตชด])ร$", r"\1\2"),
        (f"^(?!{_CLUSTER})([ก-ฮ])(?=[ก-ฮ][{_SIGNS}])", r"\1ะ"),
        ("(?<=น)([บปพภ])$", r"อ\1"),
    )
)  # fmt: skip
_LIQUID = re.compile(f"(?<=[{_SIGNS}อก-ฮ])ล(?=$|[ก-ฮ](?:[{_SIGNS}ก-ฮ]|$))")
"""An l that closes a syllable, which is spoken n, and often written l all the same."""

_R = re.compile("(?<=[ก-ฮ])ร$")
"""Spoken on; many write orn."""

_SIBILANT = re.compile("([ศสท])ร(?=[าิีุูเแโ])")
"""Spoken s; many write Sri."""

_LETTERS = str.maketrans(
    {
        **dict(zip("กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬฮอ",
                   ["k", "kh", "kh", "kh", "kh", "kh", "ng", "C", "C", "C", "s", "C", "y", "d",
                    "t", "t", "t", "t", "n", "d", "t", "t", "t", "t", "n", "b", "p", "p",
                    "f", "p", "f", "p", "m", "y", "r", "l", "w", "s", "s", "s", "h", "l", "h",
                    "o"], strict=True)),
        **dict(zip("ะัาิีึืุูเแโใไ",
                   ["a", "a", "a", "i", "i", "ue", "ue", "u", "u", "e", "ae", "o", "ai", "ai"],
                   strict=True)),
        "ำ": "am", "ฤ": "rue",
    }
)  # fmt: skip
_FINAL = str.maketrans(
    {**dict.fromkeys("จฉชซฎฏฐฑฒดตถทธศษส", "t"), **dict.fromkeys("ญณรลฬ", "น"),
     **dict.fromkeys("บปผพฟภ", "p"), **dict.fromkeys("ขคฆ", "ก")}
)  # fmt: skip
_WRITTEN_FINAL = _FINAL | dict(zip(map(ord, "ลจช"), "ลจช", strict=True))
"""Of those the ones that many write as the letter is, and not as it is spoken."""


def is_thai(word: str) -> bool:
    """Whether it begins with a Thai letter."""
    return "\u0e01" <= word[0] <= "\u0e4f"


def readings(word: str) -> tuple[str, ...]:
    """``word`` in Latin letters: as it is spoken, then as it is often written all the same."""
    word = _SILENT.sub("", word.replace("\u0e4dา", "ำ"))
    word = _TONES.sub("", _LEADING.sub(r"\2\1", _UNSPOKEN_END.sub("", word)))
    for pattern, code in _VOWELS:
        word = pattern.sub(code, word)
    spoken = _LIQUID.sub("น", _SIBILANT.sub("ส", word))
    linked, as_written = _LIQUID.sub("นล", word), _R.sub("รน", word)
    latin = _latin(spoken), _latin(linked), _latin(as_written, _WRITTEN_FINAL)
    return tuple(dict.fromkeys((*latin, *(r.replace("kh", "k") for r in latin))))


def _latin(word: str, final: dict[int, str] = _FINAL) -> str:
    if len(word) > 1 and "ก" <= word[-1] <= "ฮ":
        word = word[:-1] + word[-1].translate(final)
    return word.translate(_LETTERS)
