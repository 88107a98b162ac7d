"""Devanagari in Latin letters: ISO 15919, the Hunterian system of India, and habit."""

from __future__ import annotations

from string import capwords

from liaison.corpora.fieldwork.words import Word, bare, listed

_CONSONANTS = dict(zip(
    "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह",
    listed("k kh g gh ṅ c ch j jh ñ ṭ ṭh ḍ ḍh ṇ t th d dh n p ph b bh m y r l v ś ṣ s h"),
    strict=True,
))  # fmt: skip
_SIGNS = dict(zip("ािीुूृेैोौॉ", listed("ā i ī u ū r̥ e ai o au ŏ"), strict=True))
_VOWELS = dict(zip("अआइईउऊऋएऐओऔ", listed("a ā i ī u ū r̥ e ai o au"), strict=True))
_NUKTA = {"k": "q", "kh": "x", "g": "ġ", "j": "z", "ḍ": "ṛ", "ḍh": "ṛh", "ph": "f"}


def _units(text: str) -> list[tuple[str, str]]:
    """Consonant and vowel of each syllable; ``*`` is the vowel that is not written."""
    units: list[tuple[str, str]] = []
    for letter in text:
        if letter in _CONSONANTS:
            units.append((_CONSONANTS[letter], "*"))
        elif letter in _VOWELS:
            units.append(("", _VOWELS[letter]))
        elif not units:
            continue
        elif letter in _SIGNS:
            units[-1] = units[-1][0], _SIGNS[letter]
        elif letter == "्":
            units[-1] = units[-1][0], ""
        elif letter == "़":
            units[-1] = _NUKTA.get(units[-1][0], units[-1][0]), units[-1][1]
        elif letter in "ंँ":
            units.append(("ṁ", ""))
        elif letter == " ":
            units.append((" ", ""))
    return units


def _pronounced(units: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without the vowels that are written nowhere and said nowhere: ``Rāma`` is ``Rām``."""
    out = list(units)
    last = len(out) - 1
    for i, (consonant, vowel) in enumerate(out):
        if vowel != "*":
            continue
        after_cluster = i > 0 and out[i - 1][1] == "" and consonant in ("r", "y", "v", "m", "n")
        final = (i == last or out[i + 1][0] == " ") and i > 0 and not after_cluster
        medial = 0 < i < last and out[i - 1][1] not in ("", " ") and out[i + 1][1] not in ("*", "")
        medial = medial and out[i + 1][0] not in ("", "ṁ") and consonant not in ("", "y")
        out[i] = consonant, "" if final or medial else "a"
    return out


def _joined(units: list[tuple[str, str]]) -> str:
    return "".join(c + v.replace("*", "a") for c, v in units)


def devanagari(text: str) -> Word:
    """Schemes: Hunterian, habit, habit with double vowels, ISO 15919."""
    units = _units(text)
    iso = _joined(units)
    spoken = _joined(_pronounced(units))
    spoken = spoken.replace("ṁ", "n").replace("ñ", "n").replace("ś", "sh").replace("ṣ", "sh")
    spoken = (
        spoken.replace("ch", "chh").replace("c", "ch").replace("chhh", "chh").replace("r̥", "ri")
    )
    spoken = spoken.replace("x", "kh").replace("chch", "cch")
    plain = bare(spoken)
    doubled = bare(spoken.replace("ī", "ee").replace("ū", "oo"))
    habit = plain.replace("chh", "ch").replace("v", "w") if "v" in plain[1:] else plain
    doubled = doubled.replace("kṣ", "ksh").replace("aa", "a")
    return Word(text, tuple(capwords(x) for x in (plain, habit, doubled, iso)), schemes=True)
