"""Letters of one script in another: the competing tables of romanisation, and the way back.

Written from general knowledge of the standards that they are named after: ICAO Doc 9303 and the
national passport tables, BGN/PCGN, ISO 9, and what newspapers of a language do. They make test
data; they are deliberately not the tables that the matching engine uses.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

Table = dict[str, str]


def table(text: str, base: Table | None = None) -> Table:
    """A table from ``"а=a б=b"``; what stands to the right of ``=`` may be empty."""
    pairs = (entry.partition("=") for entry in text.split())
    return {**(base or {}), **{letter: value for letter, _, value in pairs}}


_RU = table(
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f "
    "х=kh ц=ts ч=ch ш=sh щ=shch ъ=ie ы=y ь= э=e ю=iu я=ia"
)
_RU_ENGLISH = table("ё=yo й=y ъ= ю=yu я=ya ий=y ый=y кс=x", _RU)
_RU_FRENCH = table("ж=j у=ou ч=tch ш=ch щ=chtch ю=iou я=ia ъ= ин$=ine ий=i ге=gue ги=gui", _RU)
_RU_GERMAN = table("в=w ж=sch з=s х=ch ц=z ч=tsch ш=sch щ=schtsch ю=ju я=ja ё=jo ъ= ий=ij", _RU)
_RU_POLISH = table("в=w ж=ż й=j х=ch ц=c ч=cz ш=sz щ=szcz ю=ju я=ja ё=jo ъ= ий$=ij ы=y", _RU)
_RU_ISO = table("ё=ë ж=ž й=j х=h ц=c ч=č ш=š щ=ŝ ъ=ʺ ь=ʹ э=è ю=û я=â", _RU)
_UK = table("г=h ґ=g є=ie и=y і=i ї=i '= ^є=ye ^ї=yi ^й=y ^ю=yu ^я=ya зг=zgh ʼ=", _RU)
_UK_ISO = table("г=g є=ê и=i і=ì ї=ï '=ʼ", _RU_ISO)
_BG = table("й=y х=h щ=sht ъ=a ь=y ю=yu я=ya", _RU)
_SR = table("ђ=đ ж=ž ј=j љ=lj њ=nj ћ=ć х=h ц=c ч=č џ=dž ш=š", _RU)
_EL = table(
    "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f "
    "χ=ch ψ=ps ω=o ου=ou αυ=av ευ=ev γγ=ng γκ=gk ^μπ=b μπ=mp"
)
_KA = table(
    "ა=a ბ=b გ=g დ=d ე=e ვ=v ზ=z თ=t ი=i კ=k ლ=l მ=m ნ=n ო=o პ=p ჟ=zh რ=r ს=s ტ=t უ=u ფ=p ქ=k "
    "ღ=gh ყ=q შ=sh ჩ=ch ც=ts ძ=dz წ=ts ჭ=ch ხ=kh ჯ=j ჰ=h"
)

TABLES: dict[str, dict[str, Table]] = {
    "ru": {
        "passport": _RU,
        "english": _RU_ENGLISH,
        "bgn": table("ий=iy ый=yy ^е=ye ье=ye ее=eye ъ=ʺ ь=ʼ кс=ks", _RU_ENGLISH),
        "french": _RU_FRENCH,
        "german": _RU_GERMAN,
        "polish": _RU_POLISH,
        "scholarly": _RU_ISO,
    },
    "uk": {
        "passport": _UK,
        "english": table("ю=yu я=ya є=ye ї=yi й=y ий=y", _UK),
        "french": table("ж=j у=ou ч=tch ш=ch щ=chtch ю=iou я=ia ц=ts", _UK),
        "german": table("в=w ж=sch з=s х=ch ц=z ч=tsch ш=sch щ=schtsch ю=ju я=ja й=j", _UK),
        "polish": table("в=w ж=ż х=ch ц=c ч=cz ш=sz щ=szcz ю=ju я=ja й=j є=je", _UK),
        "scholarly": _UK_ISO,
        "traditional": table("г=g і=i и=i ^є=e є=e ї=i", _RU),
    },
    "bg": {
        "passport": _BG,
        "bgn": table("ъ=ŭ х=kh", _BG),
        "french": table("ж=j у=ou ч=tch ш=ch щ=cht ъ=a ю=iou я=ia й=ï", _BG),
        "german": table("в=w ж=sch з=s ц=z ч=tsch ш=sch щ=scht ъ=a ю=ju я=ja й=j", _BG),
        "scholarly": table("щ=ŝ ъ=ǎ", _RU_ISO),
    },
    "sr": {
        "passport": _SR,
        "english": table("ђ=dj ж=z ћ=c ч=c џ=dz ш=s", _SR),
        "french": table("ђ=dj ж=j ћ=tch ч=tch џ=dj ш=ch ц=ts ј=i у=ou", _SR),
        "german": table("ђ=dj ж=z ћ=c ч=c џ=dz ш=s", _SR),
    },
    "el": {
        "passport": _EL,
        "english": table("χ=h φ=ph ου=u μπ=b ντ=d γκ=g γγ=ng ευ=ef αυ=af η=i υ=i", _EL),
        "french": table("χ=kh φ=ph ντ=nd", _EL),
        "german": table("φ=f η=i υ=y ου=u", _EL),
        "scholarly": table("η=ē ω=ō φ=ph χ=kh αυ=au ευ=eu β=b γκ=gk", _EL),
    },
    "ka": {
        "passport": _KA,
        "french": table("უ=ou შ=ch ჩ=tch ჭ=tch ჯ=dj ჟ=j", _KA),
        "german": table("ვ=w ზ=s ჩ=tsch ჭ=tsch შ=sch ც=z წ=z ხ=ch ჯ=dsch", _KA),
        "scholarly": table("თ=tʼ ფ=pʼ ქ=kʼ ღ=ḡ ყ=q შ=š ჩ=čʼ ც=cʼ წ=c ჭ=č ხ=x ჯ=ǰ ჟ=ž", _KA),
    },
}
"""By language and school; a school that has none of its own follows the passport."""

_TO_CYRILLIC = table(
    "a=а b=б c=к d=д e=е f=ф g=г h=х i=и j=дж k=к l=л m=м n=н o=о p=п q=к r=р s=с t=т u=у v=в w=у "
    "x=кс y=и z=з sh=ш ch=ч zh=ж kh=х th=т ph=ф ts=ц sch=ш ee=и oo=у "
    "ya=я yu=ю yo=йо you=ю ye=е ^e=э ck=к ss=сс"
)
_TO_GREEK = table(
    "a=α b=μπ c=κ d=ντ e=ε f=φ g=γκ h=χ i=ι j=τζ k=κ l=λ m=μ n=ν o=ο p=π q=κ r=ρ s=σ t=τ u=ου v=β "
    "w=γου x=ξ y=ι z=ζ sh=σ ch=τσ th=θ ph=φ ou=ου s$=ς"
)
_TO_ARABIC = table(
    "a=ا b=ب c=ك d=د e= f=ف g=غ h=ه i=ي j=ج k=ك l=ل m=م n=ن o=و p=ب q=ق r=ر s=س t=ت u=و v=ف w=و "
    "x=كس y=ي z=ز sh=ش ch=تش th=ث kh=خ gh=غ ee=ي oo=و ou=و ^e=إ ^a=أ"
)
TRANSCRIPTIONS = {"cyrillic": _TO_CYRILLIC, "greek": _TO_GREEK, "arabic": _TO_ARABIC}
"""How an office writes foreign names in its own script, by ear and letter by letter."""

_LETTERS_WITHOUT_MARKS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae",
     "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ʹ": "", "ʺ": "",
     "ʼ": "", "ʿ": "", "ʾ": "", "ə": "e", "Ə": "E"}
)  # fmt: skip
_EXPANDED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae", "Ä": "Ae",
     "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe", "Æ": "Ae", "ñ": "nn"}
)  # fmt: skip


def apply(text: str, letters: Table) -> str:
    """``text`` by ``letters``: longest match first; ``^`` and ``$`` are the ends of a word.

    Words begin with a capital, as names do.
    """
    return " ".join(_word(word, letters) for word in text.split(" "))


def _word(word: str, letters: Table) -> str:
    plain = word.lower()
    pattern = _pattern(tuple(letters))
    out = pattern.sub(lambda m: _replacement(m, letters), _unaccented(plain, letters))
    return out[:1].upper() + out[1:]


def _replacement(match: re.Match[str], letters: Table) -> str:
    found = match.group()
    if match.start() == 0 and "^" + found in letters:
        return letters["^" + found]
    if match.end() == len(match.string) and found + "$" in letters:
        return letters[found + "$"]
    return letters[found]


@lru_cache(maxsize=256)
def _pattern(letters: tuple[str, ...]) -> re.Pattern[str]:
    """Longest first, and of equals the one that is bound to an end of the word."""
    ordered = sorted(letters, key=lambda e: (len(e.strip("^$")), len(e)), reverse=True)
    return re.compile("|".join(map(_anchored, ordered)))


def _anchored(entry: str) -> str:
    plain = re.escape(entry.strip("^$"))
    return (r"\A" if entry.startswith("^") else "") + plain + (r"\Z" if entry.endswith("$") else "")


def _unaccented(text: str, letters: Table) -> str:
    """Without the marks of letters that the table does not know (Greek tonos)."""
    return "".join(
        c if c in letters else unicodedata.normalize("NFD", c)[0] if not c.isascii() else c
        for c in text
    )


def unmarked(text: str) -> str:
    """Latin text without diacritical marks: Müller, Muller."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text.translate(_LETTERS_WITHOUT_MARKS))
    return "".join(c for c in parts if not unicodedata.combining(c))


def expanded(text: str) -> str:
    """Latin text with two letters for one as in passports: Müller, Mueller."""
    return text if text.isascii() else unmarked(text.translate(_EXPANDED))
