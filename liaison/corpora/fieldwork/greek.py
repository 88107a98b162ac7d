"""Greek, Georgian and Armenian in Latin letters, in competing ways, from the published tables.

Greek: ELOT 743 / ISO 843 transcription (passports), its transliteration, and what people write.
Georgian: the national system of 2002, ISO 9984, and without apostrophes. Armenian: BGN/PCGN 1981,
ISO 9985, and what people write.
"""

from __future__ import annotations

import unicodedata

from liaison.corpora.fieldwork.words import Word, listed


def _replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text


def _without_accents(text: str) -> str:
    spread = unicodedata.normalize("NFD", text)
    return "".join(c for c in spread if c == "\u0308" or not unicodedata.combining(c))


_GREEK = "αβγδεζηθικλμνξοπρσςτυφχψω"
_ELOT = dict(
    zip(_GREEK, listed("a v g d e z i th i k l m n x o p r s s t y f ch ps o"), strict=True)
)
_LOOSE = {**_ELOT, "χ": "h", "υ": "i", "ξ": "ks"}
_ANGLO = {**_ELOT, "φ": "ph", "υ": "y"}
_ISO843 = {**_ELOT, "η": "ī", "ω": "ō", "φ": "f", "χ": "ch"}


def greek(text: str) -> Word:
    """Schemes: ELOT 743, loose, anglicised, ISO 843."""
    lower = _without_accents(text.lower()).replace("ϋ", "υ").replace("ϊ", "ι")
    lower = unicodedata.normalize("NFC", lower).replace("\u0308", "")
    voiced = _replaced(lower, ("ου", "ou"), ("γγ", "ng"), ("γξ", "nx"), ("γχ", "nch"))
    for first in "αεη":
        for after in "θκξπσςτφχψ":
            voiced = voiced.replace(f"{first}υ{after}", f"{first}f{after}")
        voiced = voiced.replace(f"{first}υ", f"{first}v")
    elot = "b" + voiced[2:] if voiced.startswith("μπ") else voiced
    loose = _replaced(elot, ("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("γι", "gi"))
    return Word(
        text,
        tuple(
            "".join(table.get(c, c) for c in form).title()
            for form, table in (
                (elot, _ELOT), (loose, _LOOSE), (elot, _ANGLO), (voiced, _ISO843),
            )
        ),
        schemes=True,
    )  # fmt: skip


_GEORGIAN = dict(zip(
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    listed("a b g d e v z t i k' l m n o p' zh r s t' u p k gh q' sh ch ts dz ts' ch' kh j h"),
    strict=True,
))  # fmt: skip
_GEORGIAN_ISO = {**_GEORGIAN, "ჟ": "ž", "ღ": "ḡ", "შ": "š", "ჩ": "č̕", "ც": "c̕", "ძ": "j", "წ": "c",
                 "ჭ": "č", "ხ": "x", "ჯ": "ǰ", "ყ": "q", "კ": "k", "პ": "p", "ტ": "t", "თ": "t̕",
                 "ფ": "p̕", "ქ": "k̕"}  # fmt: skip


def georgian(text: str) -> Word:
    """Schemes: national without apostrophes, national, loose, ISO 9984."""
    national = "".join(_GEORGIAN.get(c, c) for c in text)
    plain = national.replace("'", "")
    loose = _replaced(plain, ("kh", "h"), ("gh", "g"), ("q", "k"))
    iso = "".join(_GEORGIAN_ISO.get(c, c) for c in text)
    return Word(text, tuple(x.capitalize() for x in (plain, national, loose, iso)), schemes=True)


_ARMENIAN = dict(zip(
    "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
    listed("""
a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f ev
"""),
    strict=True,
))  # fmt: skip
_ARMENIAN_ISO = {**_ARMENIAN, "է": "ē", "ը": "ë", "թ": "t’", "ժ": "ž", "խ": "x", "ծ": "ç", "ձ": "j",
                 "ղ": "ġ", "ճ": "č̣", "շ": "š", "չ": "č", "ջ": "ǰ", "ռ": "ṙ", "ց": "c’", "փ": "p’",
                 "ք": "k’", "օ": "ò"}  # fmt: skip


def _armenian(text: str, table: dict[str, str]) -> str:
    spelled = "".join(table.get(c, c) for c in text.lower().replace("ու", "u"))
    return spelled[:1].upper() + spelled[1:]


def armenian(text: str) -> Word:
    """Schemes: BGN/PCGN, loose, by way of Russian, ISO 9985."""
    bgn = _armenian(text, _ARMENIAN)
    bgn = (
        "Ye" + bgn[1:] if text.startswith("Ե") else "Vo" + bgn[1:] if text.startswith("Ո") else bgn
    )
    bgn = "U" + bgn[2:] if text.startswith("Ու") else bgn
    loose = _replaced(bgn, ("gh", "g"), ("dz", "ts"), ("kh", "h"))
    russian = _replaced(bgn, ("yan", "ian"), ("gh", "g"))
    return Word(text, (bgn, loose, russian, _armenian(text, _ARMENIAN_ISO)), schemes=True)
