"""Names of East Asia: which word is the surname, and which syllables make one given name.

``Xiaoming``, ``Xiao-Ming``, ``Xiao Ming`` and ``小明`` are one given name. In a name that begins or
ends with a surname of China or Korea and consists of their syllables, the syllables beside it are
one word, which ends in :data:`MARK`, so that its letters are read as syllables and no others. Where
both ends may be the surname (Gao Shi Lin), the name is read in both ways and compared as two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from consumers.deduplication.names import chinese, japanese, korean
from consumers.deduplication.names.folding import plain
from consumers.deduplication.romanisation import JOINED_TO_NEXT, PARTICLES
from consumers.deduplication.transliteration import to_ascii

MARK = "-"
"""What a given name of Chinese or Korean syllables in Latin letters ends in."""
CHINESE, KOREAN, JAPANESE = "=", "%", "&"
"""What a reading in :func:`syllables` begins with."""
MAX_PARTS = 4
"""Words of such a name: a surname of two words at most, and two syllables."""

LAST = 20
"""Lines of a table by which a surname in the last place stands further down."""

RARE = 100
"""The line of a table from which on a surname is rare."""

VIETNAMESE = frozenset(
    {"nguyen", "tran", "pham", "phan", "huynh", "duong", "bui", "thi", "van"}
)  # fmt: skip
"""Words that show a name to be Vietnamese, in which every syllable stays a word."""

_PARTICLES = PARTICLES | JOINED_TO_NEXT

_FIRST_OF_THEIRS = "\u3040"
"""No character of theirs that is read here lies before it."""

_NONE: frozenset[str] = frozenset()

_CAPITALISED = re.compile(r"[A-Z][a-z]*|[a-z]+")


def is_ideographic(word: str) -> bool:
    """Whether it begins with a Chinese character."""
    return "\u3400" <= word[0] <= "\u9fff"


def apart(word: str) -> list[list[str]]:
    """A whole name that is written as one word in its script: surname, given name, by each way."""
    if korean.is_hangul(word):
        length = 2 if len(word) > 2 and word[:2] in korean.surnames() else 1
    elif is_ideographic(word):
        if japanese.readings(word) or (len(word) > 1 and word in chinese.surnames()):
            return [[word]]
        length = len(japanese.surname_in(word))
        if not length and word[0] not in chinese.surnames() and japanese.guesses(word):
            return [[word]]
        length = length or (2 if len(word) > 2 and word[:2] in chinese.surnames() else 1)
    elif japanese.is_kana(word):
        return japanese.kana_apart(word) or [[word]]
    else:
        return [[word]]
    return [[part for part in (word[:length], word[length:]) if part]]


def orders(
    words: list[str], hyphens: Sequence[bool], *, surname_first: bool = False
) -> list[list[str]]:
    """The ways to read ``words`` as surname and given name, the likeliest first.

    None where they are no name of East Asia. Where both ends may be the surname and nothing says
    which is, each is a way. ``hyphens`` says after which words one follows: it ties syllables.
    """
    if not 2 <= len(words) <= MAX_PARTS or max(words) >= "\u0530":
        return []
    is_plain = "".join(words).isascii()
    bare = words if is_plain else [plain(w) for w in words]
    surnames = _surnames()
    ends = {bare[0], bare[-1], "".join(bare[:2]), "".join(bare[-2:])}
    is_given = len(bare) == 2 and hyphens[0]
    if (not is_given and surnames.keys().isdisjoint(ends)) or not VIETNAMESE.isdisjoint(bare):
        return []
    if is_given:
        return [["".join(bare) + MARK]] if all(map(_is_syllables, bare)) else []
    ties = [False] * len(bare) if all(hyphens[:-1]) else hyphens
    found = []
    for is_last in (False, True) if not surname_first else (False,):
        surname, rest = _parted(bare, ties, is_last=is_last)
        if surname in surnames and len(rest) <= 2 and all(map(_is_syllables, rest)):
            if len(rest) == 1 and not is_last and _is_particle(surname):
                continue
            given = "".join(rest)
            if _is_syllables(given):
                likely = surnames[surname] + (LAST if is_last else 0)
                name = [given + MARK, surname] if is_last else [surname, given + MARK]
                found.append((likely, name))
    return [name for _, name in sorted(found)]


def _is_particle(surname: str) -> bool:
    """Whether it rather is one, as in ``Ben Ali`` or ``Di Nino``: as a surname it is rare."""
    return surname in _PARTICLES and _surnames()[surname] >= RARE


def _parted(words: list[str], ties: Sequence[bool], *, is_last: bool) -> tuple[str, list[str]]:
    """The surname at one end and the rest; ``Ou Yang`` and ``Au Yeung`` are one surname.

    No surname where a hyphen ties it to the rest.
    """
    for width in (2, 1) if len(words) > 2 else (1,):
        cut = len(words) - width if is_last else width
        if ties[cut - 1]:
            continue
        parts = words[cut:] if is_last else words[:cut]
        surname = "".join(parts)
        if width == 1 or surname in _surnames():
            return surname, words[:cut] if is_last else words[cut:]
    return "", words


def readings(word: str) -> tuple[str, ...]:
    """How ``word`` is read in Latin letters, the likeliest first; none where it is no such word."""
    if word[0] < _FIRST_OF_THEIRS:
        return ()
    if korean.is_hangul(word):
        return tuple(filter(None, (korean.romanised(word), to_ascii(word).casefold())))
    if japanese.is_kana(word):
        return japanese.readings(word)
    if japanese.is_kana(word[0]):
        return japanese.guesses(word)
    if is_ideographic(word):
        known = japanese.readings(word)
        found = (*known, _pinyin(word), *(() if known else japanese.guesses(word)))
        return found[::-1] if word in chinese.surnames() else found
    return ()


def syllables(word: str) -> frozenset[str]:
    """``word`` in one form for all standards; several where it can be read in several ways."""
    if korean.is_hangul(word):
        return frozenset((f"{KOREAN}{korean.of_hangul(word)}",))
    if is_ideographic(word):
        found = {f"{CHINESE}{s}" for s in _of_characters(word)}
        heard = japanese.readings(word) or japanese.guesses(word)
        return frozenset(found.union(f"{JAPANESE}{reading}" for reading in heard))
    letters = plain(word) if word[0] < "\u0530" else word.removesuffix(MARK)
    is_surname, is_given = letters in _surnames(), word.endswith(MARK)
    if not is_surname and not is_given:
        return _NONE
    found = {f"{CHINESE}{s}" for s in chinese.of_surname(letters)}
    found |= {f"{KOREAN}{s}" for s in korean.of_surname(letters)}
    if is_given:
        found |= {f"{CHINESE}{s}" for s in chinese.of_given(letters)}
        found |= {f"{KOREAN}{s}" for s in korean.of_given(letters)}
    if japanese.is_romaji(letters):
        found.add(f"{JAPANESE}{japanese.hepburn(letters)}")
    return frozenset(found)


def sounds(word: str, found: frozenset[str]) -> list[str]:
    """What of :func:`syllables` is a match key: coarse, so that few keys serve all readings.

    What it is in Mandarin comes first: what it may be in Cantonese can be a dozen names.
    """
    if not found:
        return []
    heard = {s[0] + korean.coarse(s[1:]) if s[0] == KOREAN else s for s in found}
    usual = {f"{CHINESE}{s}" for s in chinese.of_mandarin(word.removesuffix(MARK))}
    return sorted((s for s in heard if s[0] != JAPANESE), key=lambda s: (s not in usual, s))


@lru_cache(maxsize=1)
def _surnames() -> dict[str, int]:
    """Surnames in Latin letters, and how likely a word is one: the lower, the likelier.

    A spelling that is itself a table's first is likelier than one that others also use.
    """
    found: dict[str, int] = {}
    for table in (chinese.standing(), korean.standing()):
        for spelling, place in table.items():
            found[spelling] = min(place, found.get(spelling, place))
    return found


@lru_cache(maxsize=8192)
def _is_syllables(word: str) -> bool:
    return any(True for _ in chinese.of_given(word)) or any(True for _ in korean.of_given(word))


def _pinyin(word: str) -> str:
    if word in chinese.surnames():
        return chinese.surnames()[word][0]
    return to_ascii(word).casefold()


def _of_characters(word: str) -> list[str]:
    if word in chinese.surnames():
        return list(chinese.of_surname(word))
    parts = [s.casefold() for s in _CAPITALISED.findall(to_ascii(word))]
    return ["".join(chinese.pinyin().get(s, s) for s in parts)]
