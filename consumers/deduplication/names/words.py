"""The words of a name as written: split, without what is written at will, joined what is one."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from functools import cache
from itertools import pairwise

from consumers.deduplication import romanisation as tables
from consumers.deduplication.names.folding import folds_of, is_unvowelled, sound

_RULED = frozenset().union(
    ("o",), tables.JOINED_TO_NEXT, tables.ABD_WORDS, tables.OF_THE_FAITH, tables.PARTICLES
)
"""Words that :func:`joined` does something about."""

SHORT = 3
"""Letters of a surname that says too little without the word before it."""

_APOSTROPHES = "'’ʼ`´‘"
_ELIDED = re.compile(r"\b(?:d|l|dell|dall|nell|degl)['’ʼ`´‘](?=[aeiouyh])")
_HYPHENS = "-‐‑‒–"
_UNWRITTEN = re.compile("[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u200b-\u200f\u2060\u00ad]")
_WITHIN = re.compile(r"^ال|(?<=^عبد)ال(?!له$)|(?<=..)ال(?=د[يی]ن$)")
"""The Arabic article at the beginning of a word, and in a word that others write as two."""
_LETTER = r"[^\W\d_]"
_MISREAD = re.compile(
    rf"(?<={_LETTER})[0-68]{{1,2}}(?={_LETTER})|(?<={_LETTER})[0-68](?!\d)|(?<!\d)[0-68](?={_LETTER})"
)
_READ = str.maketrans("01234568", "olzeasgb")
_ISO_9 = re.compile("(?<![^\\W\\d_])[ûÛ]|ʹ[ûâÛÂ]")
_READ_ISO_9 = {"û": "yu", "â": "ya"}
"""Letters for two sounds, where no other language has them: at the beginning, and after ʹ."""

_MISDECODED = re.compile("[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}")
_GLUED = re.compile(
    "(?<=[a-zß-ÿ]{3})(?=[A-ZÀ-Ý][a-zß-ÿ]{2})"
    r"|(?<=\b(?:Van|van|Von|von|Vom|vom|Ter|ter"
    "|Ten|ten|Dos|dos|Das|das|Del|del|Der|der|Den|den|Zum|zum|Zur|zur))(?=[A-ZÀ-Ý][a-zß-ÿ]{2})"
    r"|(?<=\b(?:Di|di|Du|du|Zu|zu))(?=[A-ZÀ-Ý][a-zß-ÿ]{2})"
)
"""Where a capital begins another word; a particle of two or three letters parts as well."""


_WORDS = re.compile(r"[^\W_]+")
_LATIN = re.compile("[a-zß-öø-ÿā-ɏḁ-ỿ '`’.,-]+")
"""A text of letters, none of which is a mark or a number, and of what is usual between them."""
_HYPHENED = re.compile(r"([^\W_]+)(-?)")


def normalised(text: str) -> str:
    """One form for what looks the same; vowel marks that only some write are left out.

    UTF-8 that somebody read as Latin-1 is read again; a capital within a word begins another.
    """
    if text.isascii():
        one_case = text.istitle() or text.isupper() or text.islower()
        return (text if one_case else _GLUED.sub(" ", text)).lower()
    if _MISDECODED.search(text):
        with suppress(UnicodeError):
            text = text.encode("latin-1").decode("utf-8")
    text = _GLUED.sub(" ", text)
    if _ISO_9.search(text):
        text = _ISO_9.sub(lambda found: _READ_ISO_9[found.group()[-1].casefold()], text)
    return _UNWRITTEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def is_placeholder(text: str) -> bool:
    """Whether a normalised ``text`` says that the name is not known."""
    return " ".join(_WORDS.findall(text)) in tables.PLACEHOLDERS


def begins_with_surname(text: str) -> bool:
    """Whether a comma says so, as in ``Santos, Maria``."""
    return "," in text or "،" in text


def split(text: str) -> list[tuple[str, bool]]:
    """The words of a normalised text, each with whether a hyphen follows it.

    A digit within a word is a letter that a machine misread.
    """
    if _LATIN.fullmatch(text):
        for apostrophe in "'`’":
            text = text.replace(apostrophe, "")
        return [(word, hyphen == "-") for word, hyphen in _HYPHENED.findall(text)]
    words: list[tuple[str, bool]] = []
    word = ""
    for character in _MISREAD.sub(lambda m: m.group().translate(_READ), f"{text} "):
        if character.isalpha() or (word and unicodedata.category(character)[0] == "M"):
            word += character
        elif character not in _APOSTROPHES:
            if word:
                words.append((word, character in _HYPHENS))
            word = ""
    return words


def kept(words: list[tuple[str, bool]]) -> list[str]:
    """Without articles that a hyphen ties, titles and what says which name follows."""
    found = [w for w, hyphen in words if not (hyphen and w in tables.ARTICLES)]
    bare = [w for w in found if w not in tables.TITLES]
    return [_without_article(w) if is_unvowelled(w) else w for w in bare or found]


def joined(words: list[str]) -> list[str]:
    """Without particles; what Arabic names write in one or in several words is one."""
    if _RULED.isdisjoint(words):
        return words
    found: list[str] = []
    servant = False
    beginning = ""
    ends = (words[0], words[-1])
    for written in words:
        word, beginning = beginning + written, ""
        if word in tables.JOINED_TO_NEXT and written is not words[-1]:
            beginning = word
        elif found and found[-1] == "o" and word in tables.IRISH:
            found[-1] += word
        elif word in tables.ABD_WORDS:
            servant = True
        elif servant:
            servant = False
            if is_unvowelled(word):
                found.append("عبد" + word)
            else:
                found += [f"abd{word}"] if is_of_god(word) else ["abd", word]
        elif found and word in tables.OF_THE_FAITH and len(words) > 1:
            found[-1] = found[-1].removesuffix("u") + tables.OF_THE_FAITH[word]
        elif word not in tables.PARTICLES or (len(word) == 1 and word in ends):
            found.append(word)  # one letter at an end is an initial
    return [*found, "abd"] if servant else found


def without_elided(text: str) -> str:
    """A normalised text without the particles of Italian and French before an apostrophe."""
    return _ELIDED.sub("", text)


def grown(words: list[str]) -> list[str] | None:
    """``words`` with a short word in one with the article before it: Alali. None without one.

    What is left of it would say too little.
    """
    if tables.ARTICLES_GROWN.isdisjoint(words):
        return None
    for place, (before, word) in enumerate(pairwise(words)):
        if before in tables.ARTICLES_GROWN and len(word) == SHORT:
            return joined([*words[:place], f"al{word}", *words[place + 2 :]])
    return None


@cache
def _of_god() -> frozenset[str]:
    return frozenset(sound(folds_of(name)[0]) for name in tables.OF_GOD.split())


def is_of_god(word: str) -> bool:
    """Whether ``word`` is one of the names after Abdul; Abdul before another is a name itself."""
    return any(sound(fold) in _of_god() for fold in folds_of(word))


def _without_article(word: str) -> str:
    return _WITHIN.sub("", word) if len(word) > 4 else word
