"""Cyrillic in Latin letters, in competing ways, and the patronymics of Russian and Ukrainian.

From the published tables: ICAO 9303-3 (2015 and later), BGN/PCGN 1947 (Russian) and 2019
(Ukrainian), the Ukrainian resolution 55 of 2010, the Bulgarian law of 2009, ISO 9:1995; French and
German as in the press of these countries; and what people write of themselves.
"""

from __future__ import annotations

from liaison.corpora.fieldwork.words import Word

_VOWELS = "аеёиоуыэюяіїєъь"


def _table(latin: str, letters: str = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя") -> dict[str, str]:
    return dict(zip(letters, (w.replace("_", "") for w in latin.split()), strict=True))


_ICAO = _table("a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y _ e iu ia")
_BGN = _table("a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya")
_PLAIN = _table("a b v g d e e zh z i y k l m n o p r s t u f h ts ch sh sch _ y _ e yu ya")
_FRENCH = _table("a b v g d e io j z i ï k l m n o p r s t ou f kh ts tch ch chtch _ y _ e iou ia")
_GERMAN = _table(
    "a b w g d e jo sch s i i k l m n o p r s t u f ch z tsch sch schtsch _ y _ e ju ja"
)
_ISO9 = _table("a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â")

_UKRAINIAN = _table(
    "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch _ iu ia",
    "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
)
_UKRAINIAN_BGN = {**_UKRAINIAN, "є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_UKRAINIAN_AS_RUSSIAN = {**_PLAIN, "г": "g", "ґ": "g", "и": "i", "і": "i", "ї": "i", "є": "e"}
_UKRAINIAN_FRENCH = {**_FRENCH, "г": "h", "ґ": "g", "и": "y", "і": "i", "ї": "ï", "є": "ie"}
_UKRAINIAN_GERMAN = {**_GERMAN, "г": "h", "ґ": "g", "и": "y", "і": "i", "ї": "ji", "є": "je"}
_UKRAINIAN_ISO9 = {**_ISO9, "г": "g", "ґ": "g̀", "и": "i", "і": "ì", "ї": "ï", "є": "ê"}

_BULGARIAN = {**_BGN, "ж": "zh", "х": "h", "щ": "sht", "ъ": "a", "ь": "y"}
_BULGARIAN_OLD = {**_BULGARIAN, "ъ": "u", "х": "kh", "ю": "iu", "я": "ia", "й": "i"}
_BULGARIAN_FRENCH = {**_FRENCH, "щ": "cht", "ъ": "a"}
_BULGARIAN_GERMAN = {**_GERMAN, "щ": "scht", "ъ": "a"}
_BULGARIAN_ISO9 = {**_ISO9, "ъ": "ă"}


def _spell(text: str, table: dict[str, str]) -> str:
    out = []
    for letter in text:
        spelled = table.get(letter.lower(), letter if letter in "- '’" else "")
        out.append(spelled.capitalize() if letter.isupper() else spelled)
    return "".join(out)


def _initial_y(text: str, spelled: str, first: str) -> str:
    """``Евгений`` is ``Yevgeniy`` in BGN/PCGN and ``Evgueni`` elsewhere."""
    return first + spelled[1:] if text[:1] in "Ее" and first else spelled


def russian(text: str) -> Word:
    """Schemes: ICAO, BGN/PCGN, plain, French, German, ISO 9."""
    plain = _spell(text, _PLAIN)
    for long, short in (("iy", "y"), ("yy", "y"), ("ey", "ei"), ("ks", "x")):
        plain = plain.removesuffix(long) + short if plain.endswith(long) else plain
    french = _spell(text, _FRENCH)
    for hard, soft in (("ge", "gue"), ("gi", "gui"), ("iï", "i"), ("yï", "y")):
        french = french.replace(hard, soft)
    french = french + "e" if french.endswith("in") else french
    return Word(
        text,
        (
            _spell(text, _ICAO),
            _initial_y(text, _spell(text, _BGN), "Ye"),
            plain,
            french,
            _initial_y(text, _spell(text, _GERMAN).replace("ii", "i"), "Je"),
            _spell(text, _ISO9),
        ),
        schemes=True,
    )


def ukrainian(text: str) -> Word:
    """Schemes: the national one of 2010, BGN/PCGN, by way of Russian, French, German, ISO 9."""
    national = _spell(text, _UKRAINIAN).replace("zgh", "zgh")
    for first, spelled in (("Є", "Ye"), ("Ї", "Yi"), ("Й", "Y"), ("Ю", "Yu"), ("Я", "Ya")):
        if text.startswith(first):
            national = spelled + _spell(text[1:], _UKRAINIAN)
    as_russian = _spell(text, _UKRAINIAN_AS_RUSSIAN)
    return Word(
        text,
        (
            national,
            _spell(text, _UKRAINIAN_BGN),
            as_russian.removesuffix("iy") + "y" if as_russian.endswith("iy") else as_russian,
            _spell(text, _UKRAINIAN_FRENCH),
            _spell(text, _UKRAINIAN_GERMAN),
            _spell(text, _UKRAINIAN_ISO9),
        ),
        schemes=True,
    )


def bulgarian(text: str) -> Word:
    """Schemes: the law of 2009, what was before it, the law again, French, German, ISO 9."""
    law = _spell(text, _BULGARIAN)
    law = law.removesuffix("iya") + "ia" if law.endswith("iya") else law
    tables = (_BULGARIAN_OLD, _BULGARIAN, _BULGARIAN_FRENCH, _BULGARIAN_GERMAN, _BULGARIAN_ISO9)
    return Word(text, (law, *(_spell(text, table) for table in tables)), schemes=True)


_STEMS = {"Павел": "Павл", "Лев": "Льв", "Пётр": "Петр", "Павло": "Павл", "Петро": "Петр",
          "Дмитро": "Дмитр", "Михайло": "Михайл", "Микола": "Микол", "Ілля": "Ілл"}  # fmt: skip


def patronymic(father: str, sex: str, *, ukrainian: bool = False) -> str:
    """From the given name of the father: Сергей, f: Сергеевна."""
    stem = _STEMS.get(father, father)
    if stem[-1] in "йь":
        soft = {"й": "йо" if ukrainian else "е", "ь": "ьо" if ukrainian else "е"}[stem[-1]]
        if father.endswith("ий") and not ukrainian:
            soft, stem = "ье", stem[:-1]
        male, female = soft + "вич", ("ї" if ukrainian else soft) + "вна"
        stem = stem[:-1]
    elif stem[-1] in _VOWELS:
        stem = stem[:-1]
        male, female = "ич", "ична"
    else:
        male, female = "ович", "івна" if ukrainian else "овна"
    return stem + (female if sex == "f" else male)


def feminine(surname: str) -> str:
    """The form of a surname that a woman bears: Иванова of Иванов, Троцкая of Троцкий."""
    for male, female in (("ский", "ская"), ("цкий", "цкая"), ("ський", "ська"), ("цький", "цька"),
                         ("ый", "ая"), ("ий", "ая")):  # fmt: skip
        if surname.endswith(male):
            return surname.removesuffix(male) + female
    return surname + "а" if surname.endswith(("ов", "ев", "ёв", "ин", "ын", "їв")) else surname
