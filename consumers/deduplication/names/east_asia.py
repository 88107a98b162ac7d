"""Names of East Asia: which word is the surname, and which syllables make one given name.

``Xiaoming``, ``Xiao-Ming``, ``Xiao Ming`` and ``小明`` are one given name. In a name that begins or
ends with a surname of China or Korea and consists of their syllables, the syllables beside it are
one word, which ends in :data:`MARK`, so that its letters are read as syllables and no others.
"""

from __future__ import annotations

import re
from functools import lru_cache

from consumers.deduplication.names import chinese, japanese, korean
from consumers.deduplication.names.folding import plain
from consumers.deduplication.transliteration import to_ascii

MARK = "-"
"""What a given name of Chinese or Korean syllables in Latin letters ends in."""
MAX_PARTS = 4
"""Words of such a name: a surname of two words at most, and two syllables."""

LAST = 20
"""Lines of a table by which a surname in the last place stands further down."""

VIETNAMESE = frozenset(
    {"nguyen", "tran", "pham", "phan", "huynh", "duong", "bui", "thi", "van"}
)  # fmt: skip
"""Words that show a name to be Vietnamese, in which every syllable stays a word."""

_FIRST_OF_THEIRS = "\u3040"
"""No character of theirs that is read here lies before it."""

_NONE: frozenset[str] = frozenset()

_CAPITALISED = re.compile(r"[A-Z][a-z]*|[a-z]+")


def is_ideographic(word: str) -> bool:
    """Whether it begins with a Chinese character."""
    return "\u3400" <= word[0] <= "\u9fff"


def apart(word: str) -> list[str]:
    """A whole name that is written as one word in characters or Hangul: surname, given name."""
    if korean.is_hangul(word):
        length = 2 if len(word) > 2 and word[:2] in korean.surnames() else 1
    elif is_ideographic(word):
        if japanese.readings(word) or (len(word) > 1 and word in chinese.surnames()):
            return [word]
        length = len(japanese.surname_in(word))
        if not length:
            length = 2 if len(word) > 2 and word[:2] in chinese.surnames() else 1
    else:
        return [word]
    return [part for part in (word[:length], word[length:]) if part]


def joined(words: list[str], hyphen: int = -1, *, surname_first: bool = False) -> list[str]:
    """``words`` with the syllables of a given name in one, where it is a name of East Asia.

    A hyphen after the word at ``hyphen`` ties the syllables of a given name.
    """
    if not 2 <= len(words) <= MAX_PARTS or max(words) >= "\u0530":
        return words
    is_plain = "".join(words).isascii()
    bare = _surname_in_one(words if is_plain else [plain(w) for w in words])
    if not VIETNAMESE.isdisjoint(bare):
        return words
    if len(bare) == 2 and hyphen == 0:
        return ["".join(bare) + MARK] if all(map(_is_syllables, bare)) else words
    surnames = _surnames()
    places = [p for p in (0, len(bare) - 1) if bare[p] in surnames]
    if not places:
        return words
    if len(places) == 2 and len(bare) == 3 and (surname_first or hyphen >= 0):
        places = [0 if surname_first or hyphen == 1 else 2]
    for place in sorted(places, key=lambda p: surnames[bare[p]] + (LAST if p else 0)):
        rest = bare[1:] if place == 0 else bare[:-1]
        given = "".join(rest)
        if len(rest) <= 2 and all(map(_is_syllables, rest)) and _is_syllables(given):
            return [bare[place], given + MARK] if place == 0 else [given + MARK, bare[place]]
    return words


def _surname_in_one(words: list[str]) -> list[str]:
    """``Ou Yang`` and ``Au Yeung`` are one surname."""
    if len(words) < 3:
        return words
    for place in (0, len(words) - 2):
        if words[place] + words[place + 1] in _surnames():
            return [*words[:place], words[place] + words[place + 1], *words[place + 2 :]]
    return words


def readings(word: str) -> tuple[str, ...]:
    """How ``word`` is read in Latin letters, the likeliest first; none where it is no such word."""
    if word[0] < _FIRST_OF_THEIRS:
        return ()
    if korean.is_hangul(word):
        return tuple(filter(None, (korean.romanised(word), to_ascii(word).casefold())))
    if is_ideographic(word) or japanese.is_kana(word):
        if japanese.is_kana(word):
            return japanese.readings(word)
        known = japanese.readings(word)
        found = (*known, _pinyin(word), *(() if known else japanese.guesses(word)))
        return found[::-1] if word in chinese.surnames() else found
    return ()


def syllables(word: str) -> frozenset[str]:
    """``word`` in one form for all standards; several where it can be read in several ways."""
    if korean.is_hangul(word):
        return frozenset((f"%{korean.of_hangul(word)}",))
    if is_ideographic(word):
        if japanese.readings(word) and word not in chinese.surnames():
            return frozenset(f"&{reading}" for reading in japanese.readings(word))
        return frozenset(f"={s}" for s in _of_characters(word))
    letters = plain(word) if word[0] < "\u0530" else word.removesuffix(MARK)
    is_surname, is_given = letters in _surnames(), word.endswith(MARK)
    if not is_surname and not is_given:
        return _NONE
    found = {f"={s}" for s in chinese.of_surname(letters)}
    found |= {f"%{s}" for s in korean.of_surname(letters)}
    if is_given:
        found |= {f"={s}" for s in chinese.of_given(letters)}
        found |= {f"%{s}" for s in korean.of_given(letters)}
    return frozenset(found)


def sounds(found: frozenset[str]) -> list[str]:
    """What of :func:`syllables` is a match key: coarse, so that few keys serve all readings."""
    if not found:
        return []
    return sorted({"%" + korean.coarse(s[1:]) if s[0] == "%" else s for s in found if s[0] != "&"})


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
