"""Chinese names: Pinyin, Wade–Giles and what Hong Kong, Macau, Taiwan and Nanyang write.

One form stands for all: Wade–Giles without its marks, because most people who use it leave them
out, and then several syllables of Pinyin are one of its.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice, product

from consumers.deduplication.names.tablefiles import lines
from consumers.deduplication.names.tablefiles import standing as ranked

MAX_READINGS = 4
"""Ways of reading one given name written by a Cantonese ear that are kept."""

_A = "a ai an ang ao"
_E = "e ei en eng"
_U = "u ua uai uan uang ui un uo"
_FINALS = {
    "": f"{_A} e ei en er o ou yi ya ye yao you yan yin yang ying yong yu yue yuan yun "
    "wu wa wo wai wei wan wen wang weng",
    "b": f"{_A} ei en eng i ian iao ie in ing o u",
    "p": f"{_A} ei en eng i ian iao ie in ing o ou u",
    "m": f"{_A} {_E} i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": f"{_A} {_E} i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": f"{_A} e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": f"{_A} {_E} i ian iang iao ie in ing iu ong ou u uan uo v ve",
    "l": f"{_A} {_E} i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve",
    **dict.fromkeys(("g", "k", "h"), f"{_A} {_E} ong ou {_U}"),
    **dict.fromkeys(("j", "q", "x"), "i ia ian iang iao ie in ing iong iu u uan ue un"),
    **dict.fromkeys(("zh", "ch", "sh"), f"{_A} {_E} i ong ou {_U}"),
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    **dict.fromkeys(("z", "c", "s"), f"{_A} {_E} i ong ou u uan ui un uo"),
}
_INITIALS = {
    "b": "p", "d": "t", "g": "k", "j": "ch", "q": "ch", "x": "hs", "zh": "ch", "r": "j",
    "z": "ts", "c": "ts",
}  # fmt: skip
_WHOLE = {
    **dict.fromkeys(("zhi", "chi"), "chih"), "shi": "shih", "ri": "jih", "si": "szu",
    **dict.fromkeys(("zi", "ci"), "tzu"), "ge": "ko", "ke": "ko", "he": "ho", "e": "o",
    "er": "erh", "yan": "yen", "ye": "yeh", "yi": "i", "you": "yu", "yong": "yung",
    "yue": "yueh", "guo": "kuo", "kuo": "kuo", "huo": "huo", "shuo": "shuo", "gui": "kuei",
    "kui": "kuei", "lv": "lu", "nv": "nu", "lve": "lueh", "nve": "nueh",
}  # fmt: skip
_ENDS = (("iong", "iung"), ("ong", "ung"), ("ian", "ien"), ("ie", "ieh"), ("ue", "ueh"),
         ("uo", "o"))  # fmt: skip
_SPELLED = {"yi": "i", "ssu": "szu", "sze": "szu", "tze": "tzu", "ke": "ko", "lieh": "lieh",
            "kou": "kou", "yo": "yu", "o": "o", "jo": "jo"}  # fmt: skip


def standard(syllable: str) -> str:
    """A syllable of Pinyin in the form that stands for all."""
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    initial = next(i for i in ("zh", "ch", "sh", syllable[0]) if syllable.startswith(i))
    final = syllable[len(initial) :]
    for written, other in _ENDS:
        if final.endswith(written):
            final = final[: -len(written)] + other
            break
    return _INITIALS.get(initial, initial) + final


@cache
def pinyin() -> dict[str, str]:
    """Every syllable of Pinyin and what stands for it."""
    return {
        i + final: standard(i + final) for i, finals in _FINALS.items() for final in finals.split()
    }


@cache
def wade_giles() -> dict[str, str]:
    """Every syllable of Wade–Giles without marks, and spellings of it."""
    return {s: s for s in pinyin().values()} | {
        s: code for s, code in _SPELLED.items() if code in pinyin().values() or s == code
    }


@cache
def cantonese() -> dict[str, tuple[str, ...]]:
    """Syllables of given names as Cantonese writes them, and the Pinyin that they may be."""
    known = {line.split()[0]: tuple(line.split()[1:]) for line in lines("cantonese")}
    return {syllable: (syllable,) for syllable in pinyin()} | known


@cache
def surnames() -> dict[str, tuple[str, ...]]:
    """Spellings and characters of surnames: the Pinyin of each that it may be, frequent first."""
    found: dict[str, dict[str, None]] = {}
    for characters, spellings in _listed():
        reading, width = spellings[0], 1 if spellings[0] in pinyin() else 2
        written = [characters[i : i + width] for i in range(0, len(characters), width)]
        for spelling in (*written, *spellings):
            found.setdefault(spelling, {})[reading] = None
    return {spelling: tuple(readings) for spelling, readings in found.items()}


@cache
def standing() -> dict[str, int]:
    """Surnames in Latin letters and how likely they are, the likeliest lowest."""
    return ranked((spellings for _, spellings in _listed()), 1)


def _listed() -> Iterator[tuple[str, list[str]]]:
    """Characters and spellings, Pinyin first; Wade–Giles follows from it."""
    for line in lines("chinese"):
        characters, *spellings = line.split()
        yield characters, [*spellings, *filter(None, (pinyin().get(spellings[0]),))]


def of_surname(word: str) -> Iterator[str]:
    """The standard forms of what may be a surname in ``word``."""
    for reading in surnames().get(word, ()):
        parts = list(split(reading, pinyin()))
        yield "".join(pinyin()[s] for s in parts[0]) if parts else reading


def of_mandarin(word: str) -> Iterator[str]:
    """The standard forms of a given name in Latin letters, as Pinyin or Wade–Giles writes it."""
    for table in (pinyin(), wade_giles()):
        for parts in split(word, table):
            yield "".join(table[s] for s in parts)


def of_given(word: str) -> Iterator[str]:
    """The standard forms of a given name in Latin letters, by each way of writing it."""
    yield from of_mandarin(word)
    for parts in split(word, cantonese()):
        for chosen in islice(product(*(cantonese()[s] for s in parts)), MAX_READINGS):
            yield "".join(pinyin()[s] for s in chosen)


def split(word: str, table: Mapping[str, object]) -> Iterator[tuple[str, ...]]:
    """Every way in which ``word`` is one or two syllables of ``table``."""
    if word in table:
        yield (word,)
    for i in range(1, min(7, len(word))):
        if word[:i] in table and word[i:] in table:
            yield (word[:i], word[i:])
