"""Chinese, Japanese and Korean words in Latin letters: Pinyin, Wade-Giles, Cantonese spellings,
Hepburn, Kunrei, the Revised Romanization, McCune-Reischauer, and what people write by ear."""

from __future__ import annotations

import re

from liaison.corpora.registry.alphabets import table

_KANA = table(
    "あ=a い=i う=u え=e お=o か=ka き=ki く=ku け=ke こ=ko さ=sa し=shi す=su "
    "せ=se そ=so た=ta ち=chi つ=tsu て=te と=to な=na に=ni ぬ=nu ね=ne の=no は=ha "
    "ひ=hi ふ=fu へ=he ほ=ho ま=ma み=mi む=mu め=me も=mo や=ya ゆ=yu よ=yo ら=ra "
    "り=ri る=ru れ=re ろ=ro わ=wa を=o ん=n が=ga ぎ=gi ぐ=gu げ=ge ご=go ざ=za "
    "じ=ji ず=zu ぜ=ze ぞ=zo だ=da ぢ=ji づ=zu で=de ど=do ば=ba び=bi ぶ=bu べ=be "
    "ぼ=bo ぱ=pa ぴ=pi ぷ=pu ぺ=pe ぽ=po "
)
_SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo"}
_KUNREI = (("shi", "si"), ("sh", "sy"), ("chi", "ti"), ("ch", "ty"), ("tsu", "tu"),
           ("fu", "hu"), ("ji", "zi"), ("j", "zy"))  # fmt: skip


def japanese(kana: str, school: str) -> str:
    """``kana`` in Latin letters; passports leave long vowels short, scholars mark them."""
    text = ""
    for letter in kana:
        if letter in _SMALL:
            stem, glide = text[:-1], _SMALL[letter]
            text = stem + (glide[1:] if stem.endswith(("sh", "ch", "j")) else glide)
        elif letter == "っ":
            text += "*"
        else:
            text += _KANA[letter]
    text = re.sub(r"\*(.)", r"\1\1", text)
    if school == "scholarly":
        text = text.replace("ou", "ō").replace("oo", "ō").replace("uu", "ū")
    elif school == "german":
        text = text.replace("ou", "oh")
    elif school != "english":
        text = text.replace("ou", "o").replace("oo", "o").replace("uu", "u")
    if school == "traditional":
        for hepburn, kunrei in _KUNREI:
            text = text.replace(hepburn, kunrei)
    return text.capitalize()


_INITIALS = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k",
             "t", "p", "h")  # fmt: skip
_VOWELS = ("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo",
           "we", "wi", "yu", "eu", "ui", "i")  # fmt: skip
_FINALS = {0: "", 1: "k", 4: "n", 8: "l", 16: "m", 17: "p", 19: "t", 20: "t", 21: "ng"}
_MR = str.maketrans({"g": "k", "d": "t", "b": "p", "j": "ch"})
_BY_EAR = (("yeo", "you"), ("eo", "u"), ("ui", "ee"), ("yu", "yoo"))


def korean(hangul: str, school: str) -> str:
    """The syllables of a given name, joined as the school does: ``Min-jun``, ``Minjun``."""
    syllables = [_syllable(letter, school) for letter in hangul]
    joint = {"english": " ", "french": "", "traditional": "-"}.get(school, "-")
    if joint == " ":
        return " ".join(s.capitalize() for s in syllables)
    return joint.join(syllables).capitalize()


def _syllable(letter: str, school: str) -> str:
    code = ord(letter) - 0xAC00
    initial = _INITIALS[code // 588]
    vowel = _VOWELS[code % 588 // 28]
    final = _FINALS.get(code % 28, "")
    if school in ("scholarly", "traditional"):
        aspirated = {"k": "kʼ", "t": "tʼ", "p": "pʼ", "ch": "chʼ"}
        initial = aspirated.get(initial) or initial.translate(_MR)
        vowel = vowel.replace("eo", "ŏ").replace("eu", "ŭ")
    elif school in ("english", "french"):
        for written, heard in _BY_EAR:
            if written in vowel:
                vowel = vowel.replace(written, heard)
                break
        else:
            vowel = "oo" if vowel == "u" and not final else vowel
    return initial + vowel + final


_WADE_INITIALS = (
    ("zh", "ch"), ("ch", "chʼ"), ("sh", "sh"), ("b", "p"), ("p", "pʼ"), ("d", "t"), ("t", "tʼ"),
    ("g", "k"), ("k", "kʼ"), ("j", "ch"), ("q", "chʼ"), ("x", "hs"), ("z", "ts"), ("c", "tsʼ"),
    ("r", "j"),
)  # fmt: skip
_WADE_FINALS = (("ong", "ung"), ("ian", "ien"), ("uo", "o"), ("ie", "ieh"), ("ue", "üeh"))


def chinese(readings: list[tuple[str, str]], school: str) -> str:
    """Syllables given as (Pinyin, Cantonese): joined, hyphenated (Wade-Giles) or apart."""
    if school == "cantonese":
        return " ".join(cantonese.capitalize() for _, cantonese in readings)
    if school in ("traditional", "scholarly"):
        return "-".join(wade_giles(pinyin) for pinyin, _ in readings).capitalize()
    if school == "english":
        return " ".join(pinyin.capitalize() for pinyin, _ in readings)
    return "".join(pinyin for pinyin, _ in readings).replace("ü", "yu").capitalize()


def wade_giles(pinyin: str) -> str:
    """One syllable of Pinyin in the system of Wade and Giles, without tones."""
    initial, written = next(((a, b) for a, b in _WADE_INITIALS if pinyin.startswith(a)), ("", ""))
    rest = pinyin.removeprefix(initial)
    if initial in ("zh", "ch", "sh", "r") and rest == "i":
        return written + "ih"
    if initial in ("z", "c", "s") and rest == "i":
        return written.replace("ts", "tz") + "u"
    for final, other in _WADE_FINALS:
        if rest.endswith(final) and initial != "":
            return written + rest.removesuffix(final) + other
    return written + rest
