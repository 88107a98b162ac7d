"""Thai letters, roughly by the Royal Thai General System: enough to be heard as it is spelled.

Short vowels are often not written, so a word of these letters counts as one without vowels.
"""

from __future__ import annotations

import re

_SILENT = re.compile(
    "[ทตด]ร\u0e4c|[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c|[\u0e48-\u0e4b\u0e47\u0e4d\u0e46]"
)
_UNSPOKEN_END = re.compile("(?<=[ตฒธดท])[ิุ]$")
_LEADING = re.compile("([เแโใไ])((?:[กขคตปผพ][รลว]|ห[นมรลวย]|[ก-ฮ]))")
_VOWELS = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        ("รร(?=[ก-ฮ])", "ั"), ("รร", "ัน"), ("เียะ?", "ia"), ("เือ?", "uea"), ("ัว", "ua"),
        ("เา", "ao"), ("เ[อิ]", "oe"), ("ว$", "o"), ("ทร(?=า)", "s"),
    )
)  # fmt: skip
_LETTERS = str.maketrans(
    {
        **dict(zip("กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬฮอ",
                   ["k", "kh", "kh", "kh", "kh", "kh", "ng", "ch", "ch", "ch", "s", "ch", "y", "d",
                    "t", "th", "th", "th", "n", "d", "t", "th", "th", "th", "n", "b", "p", "ph",
                    "f", "ph", "f", "ph", "m", "y", "r", "l", "w", "s", "s", "s", "h", "l", "h",
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


def is_thai(word: str) -> bool:
    """Whether it begins with a Thai letter."""
    return "\u0e01" <= word[0] <= "\u0e4f"


def latin(word: str) -> str:
    """``word`` in Latin letters."""
    word = _UNSPOKEN_END.sub("", _SILENT.sub("", word))
    initial = "" if not word.startswith("อ") else "อ"
    word = word[len(initial) :] if len(word) > 1 and word[1:2] in "ะัาิีึืุู" else word
    if initial and word and "ก" <= word[0] <= "ฮ":
        word = "ะ" + word.removeprefix("อ")
    word = _LEADING.sub(r"\2\1", word)
    for pattern, code in _VOWELS:
        word = pattern.sub(code, word)
    if len(word) > 1 and "ก" <= word[-1] <= "ฮ":
        word = word[:-1] + word[-1].translate(_FINAL)
    return word.translate(_LETTERS)
