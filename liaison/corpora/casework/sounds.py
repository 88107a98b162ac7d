"""From a native spelling to sound letters, the one form from which all romanisations are made.

Sound letters are the Latin ones in their usual value, with ``j`` the glide of "yes", ``y`` the
vowel of Russian ы, ``c`` ts, ``x`` kh, š sh, ž zh, č ch, ŝ shch, ǧ the j of "jam", ġ gh, θ and ð,
ʿ and ʾ (the Semitic stops), and long vowels with a bar.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from liaison.corpora.casework.tables import Word


def _pairs(text: str) -> dict[str, str]:
    items = text.split()
    return {a: "" if b == "-" else b for a, b in zip(items[::2], items[1::2], strict=True)}


_RUSSIAN = _pairs(
    "а a б b в v г g д d е e ё jo ж ž з z и i й j к k л l м m н n о o п p р r с s т t у u ф f "
    "х x ц c ч č ш š щ ŝ ъ - ы y ь - э e ю ju я ja"
)
_UKRAINIAN = _RUSSIAN | _pairs("г h ґ g є je и y і i ї ji ' - ’ -")
_BULGARIAN = _RUSSIAN | _pairs("щ št ъ a х h")
_GREEK = _pairs(
    "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f "
    "χ ch ψ ps ω o"
)
_GREEK_PAIRS = (
    ("ου", "u"), ("αυ", "af"), ("ευ", "ef"), ("γγ", "ng"), ("γκ", "gk"), ("γχ", "nch"),
    ("ει", "ei"), ("οι", "oi"), ("αι", "ai"),
)  # fmt: skip
_GEORGIAN = _pairs(
    "ა a ბ b გ g დ d ე e ვ v ზ z თ t ი i კ k ლ l მ m ნ n ო o პ p ჟ ž რ r ს s ტ t უ u ფ p ქ k "
    "ღ ġ ყ q შ š ჩ č ც c ძ dz წ c ჭ č ხ x ჯ ǧ ჰ h"
)
_ARMENIAN = _pairs(
    "ա a բ b գ g դ d ե e զ z է e ը y թ t ժ ž ի i լ l խ x ծ c կ k հ h ձ dz ղ ġ ճ č մ m յ j ն n "
    "շ š ո o չ č պ p ջ ǧ ռ r ս s վ v տ t ր r ց c ւ v փ p ք k օ o ֆ f և ev"
)
_LETTERS = {
    "cyrillic": _RUSSIAN,
    "cyrillic-uk": _UKRAINIAN,
    "cyrillic-bg": _BULGARIAN,
    "georgian": _GEORGIAN,
    "armenian": _ARMENIAN,
}
_GLIDING = re.compile(r"(?<![^\W_])е|(?<=[аеёиоуыэюяъь])е")
"""Russian е that is read as je."""


@lru_cache(maxsize=8192)
def sound(word: Word, script: str) -> str:
    """The sound letters of ``word``, lower-case. Latin words are their own."""
    if word.reading:
        return word.reading
    text = word.native.lower()
    if script == "greek":
        return _greek(text)
    letters = _LETTERS.get(script)
    if letters is None:
        return text
    if script == "cyrillic":
        text = _GLIDING.sub("йе", text)
    if script == "armenian":
        text = re.sub(r"\bո(?!ւ)", "vo", text.replace("ու", "u"))
    return "".join(letters.get(letter, letter) for letter in text)


def _greek(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    if "ϊ" in text or "ΐ" in text:
        plain = plain.replace("αι", "α ι").replace("οι", "ο ι")
    plain = re.sub(r"\bμπ", "b", plain)
    plain = re.sub(r"\bντ", "d", plain)
    for pair, found in _GREEK_PAIRS:
        plain = plain.replace(pair, found)
    return "".join(_GREEK.get(c, c) for c in plain).replace("a i", "ai").replace("o i", "oi")


_GAJ = _pairs(
    "a а b б v в g г d д đ ђ e е ž ж z з i и j ј k к l л m м n н o о p п r р s с t т ć ћ u у f ф "
    "h х c ц č ч š ш"
)


def serbian_cyrillic(text: str) -> str:
    """The Cyrillic spelling of a Serbian name written in Latin letters."""
    low = text.lower()
    for pair, letter in (("lj", "љ"), ("nj", "њ"), ("dž", "џ")):
        low = low.replace(pair, letter)
    return "".join(_GAJ.get(c, c) for c in low).title()
