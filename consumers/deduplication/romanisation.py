"""Tables of how names are written in Latin letters, by many hands and rules.

The same name reaches us by ICAO passports, BGN, ISO 9, and by French, German or English ear.
Everything is brought to one small alphabet: lower-case letters sound as written, capitals are
codes that several spellings share:

    C  sh, ch (English), tch, tsch, sch, shch, Cyrillic ч ш щ, Arabic ش
    H  h, kh, German ch, Cyrillic х, Arabic ح خ ه
    J  zh, dj, dsch, French j, Cyrillic ж, Arabic ج
    Z  ts, tz, Cyrillic ц

Where one spelling is read in two ways (``ch``, ``j``, ``c``), each reading is a variant.
These tables belong to ``EVIDENCE_VERSION``.
"""

from __future__ import annotations

import re

LETTERS = str.maketrans(
    {
        # Latin letters whose mark changes the sound
        "š": "C", "ş": "C", "ș": "C", "ŝ": "C", "č": "C", "ć": "C", "ž": "J", "đ": "d",
        "ц": "Z", "ț": "Z", "ţ": "Z", "ß": "ss", "æ": "a", "ø": "o", "œ": "o", "ł": "l",
        "ı": "i", "þ": "t", "ð": "d",
        # Cyrillic
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e",
        "є": "e", "ж": "J", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "ј": "i",
        "к": "k", "л": "l", "љ": "l", "м": "m", "н": "n", "њ": "n", "о": "o", "п": "p",
        "р": "r", "с": "s", "т": "t", "у": "u", "ў": "v", "ф": "f", "х": "H", "ч": "C",
        "џ": "J", "ш": "C", "щ": "C", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu",
        "я": "ia", "ђ": "J", "ћ": "C",
        # Arabic, with the letters of Persian and Urdu; short vowels are not written
        "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "ت": "t", "ث": "t",
        "ج": "J", "ح": "H", "خ": "H", "د": "d", "ذ": "d", "ر": "r", "ز": "z", "س": "s",
        "ش": "C", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "", "غ": "g", "ف": "f",
        "ق": "k", "ك": "k", "ک": "k", "ل": "l", "م": "m", "ن": "n", "ه": "H", "ي": "i",
        "ی": "i", "ى": "a", "ة": "a", "ؤ": "u", "ئ": "i", "ء": "", "پ": "p", "چ": "C",
        "ژ": "J", "گ": "g", "ـ": "",
        # Hebrew
        "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "H", "ז": "z", "ח": "H", "ט": "t",
        "י": "i", "כ": "k", "ך": "k", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n",
        "ס": "s", "ע": "", "פ": "p", "ף": "f", "צ": "Z", "ץ": "Z", "ק": "k", "ר": "r",
        "ש": "C", "ת": "t",
    }
)  # fmt: skip
"""Letters with one reading, of a case-folded text; the rest is anyascii's."""

SEMIVOWELS = "وו"
"""Arabic waw and Hebrew vav: ``v`` at the beginning of a word, ``u`` or ``v`` within."""

GREEK_PAIRS = (("ου", "u"), ("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("τσ", "Z"), ("χ", "H"))
"""Greek letters that are one sound together, and chi."""

ARABIC_ARTICLE = "ال"

ABD = re.compile(r"^abd[aeiou]{1,2}(?:l|([rstndzCJ])(?=\1))(?=.{3})")
"""``Abdul``, ``Abdel``, ``Abder`` before the name it belongs to: Abdulrahman, Abderrahmane."""

ABD_WORDS = frozenset({"abd", "abdul", "abdel", "abdal", "abdoul", "abdol", "abdur", "abder"})
"""Written as a word of its own, it is joined to the next."""

AMBIGUOUS = (
    # (what is written, its readings); applied before SPELLINGS, longest first
    ("ch", ("C", "H")),
    ("j", ("J", "i")),
)
"""Spellings with several readings; the first is the more frequent."""

HARD_C = re.compile(r"c(?![eiyhk])(?=.*[oe][vw]n?a?$|$)")
HARD_C_READINGS = ("k", "C")
"""A ``c`` in what may be a Slavic surname written without marks: č or ts, or k all the same."""

SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"['`’ʼ]", ""),
        (r"(?:^|(?<=[^aeiou]))[aeou]{1,2}dd?(?:i|ee)ne?$", "din"),
        (r"schtsch|chtch|shtch|shch|szcz|stsch", "C"),
        (r"dsch|dzh|dj|dzs", "J"),
        (r"tsch|tch|tsh|cz", "C"),
        (r"sch|sh|sz", "C"),
        (r"zh", "J"),
        (r"kh", "H"),
        (r"ck|qu|q", "k"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"gh", "g"),
        (r"dh", "d"),
        (r"tz|ts", "Z"),
        (r"(?<=i)j|j$", "i"),
    )
)
"""Spellings with one reading, in this order, before the ambiguous ones are read."""

SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"x", "ks"),
        (r"gu(?=[ei])", "g"),
        (r"(?<=[aeiou])h$", ""),
        (r"h", "H"),
        (r"w", "v"),
        (r"(?<=o)f+$|(?<=e)ff$", "v"),
        (r"ae", "a"),
        (r"oe", "o"),
        (r"ue", "u"),
        (r"ou|oo", "u"),
        (r"ee", "i"),
        (r"y", "i"),
        (r"^i?e", "e"),
        (r"(.)\1+", r"\1"),
    )
)
"""What is left after that, in this order; doubles last."""

SKELETON = str.maketrans({**dict.fromkeys("aeiou"), "z": "s", "C": "s", "J": "s", "Z": "s"})
"""From the folded form to the sound: no vowels, one sibilant."""

CONFUSABLE = tuple(map(frozenset, ("aeiou", "szCJZ", "kgH", "bp", "dt", "vfu", "ij")))
"""Letters that another ear writes for each other."""

PARTICLES = frozenset(
    {
        "al", "el", "ul", "ibn", "bin", "bint", "ben", "ould", "abu", "abou",
        "بن", "ابن", "بنت", "أبو", "ابو",
        "de", "da", "do", "dos", "das", "del", "dela", "della", "di", "du", "des",
        "la", "le", "los", "las", "van", "von", "der", "den", "zu", "zur", "ter", "ten",
        "y", "e", "i",
    }
)  # fmt: skip
"""Words that are written or left out at will."""

ARTICLES = frozenset({"al", "el", "ul", "ad", "ar", "as", "ash", "at", "az", "an"})
"""The Arabic article in its assimilated forms, where a hyphen follows."""

GROWN_ARTICLE = re.compile(r"^(?:[ae]l(?=[^aeiouy]{1,2}[aeiou].{2})|dela(?=[^aeiouy].{2}))")
"""What may be an article written as part of the name: Alhasan, Elmahdi, Delapena."""

GENERATIONS = {"jr": "junior", "junior": "junior", "sr": "senior", "senior": "senior",
               "ii": "second", "iii": "third", "iv": "fourth"}  # fmt: skip
"""Words that tell father from son."""

EQUIVALENTS = {
    "ma": "maria", "mohd": "mohammed", "muh": "mohammed", "md": "mohammed",
    "gim": "kim", "bag": "park", "bak": "park", "choe": "choi", "jeong": "jung",
    "sasha": "aleksandr", "alexander": "aleksandr", "misha": "mikhail",
    "katya": "ekaterina", "katia": "ekaterina", "natasha": "natalia", "pepe": "jose",
}  # fmt: skip
"""Short and other forms of a name, folded beside what was written."""

COMMON = (
    # Latin America, Spain, Portugal, Philippines
    "maria", "jose", "juan", "ana", "carlos", "luis", "angel", "antonio", "garcia", "santos",
    "reyes", "cruz", "bautista", "ocampo",
    "gonzales", "gonzalez", "lopez", "perez", "martinez", "rodriguez", "fernandez", "sanchez",
    "ramos", "mendoza", "torres",
    "flores", "rivera", "silva", "souza", "pereira", "oliveira", "mark", "john", "mary", "jane",
    "michael", "grace", "joy",
    # French, German, English
    "jean", "marie", "pierre", "martin", "bernard", "dubois", "thomas", "robert", "petit",
    "durand", "muller", "schmidt", "schneider",
    "fischer", "weber", "meyer", "wagner", "becker", "hoffmann", "anna", "emma", "lea", "paul",
    "leon", "david", "daniel", "smith", "jones",
    "brown", "taylor", "williams", "johnson", "james", "sarah", "lucas", "hugo", "louis", "laura",
    "julia",
    # Slavic
    "ivan", "ivanov", "ivanova", "aleksandr", "anastasia", "elena", "olga", "dmitri", "sergei",
    "petrov", "petrova",
    "smirnov", "smirnova", "kuznetsov", "kuznetsova", "popov", "popova", "natalia", "tatiana",
    "andrei", "novak", "kovalenko",
    # Arabic, Turkish, Persian, South Asian
    "mohammed", "muhammad", "mohamed", "ahmed", "ahmad", "ali", "hassan", "hussein", "omar",
    "ibrahim", "fatima", "aisha", "khaled",
    "yusuf", "youssef", "abdullah", "khan", "mehmet", "mustafa", "hasan", "huseyin", "yilmaz",
    "kaya", "demir", "singh", "kumar", "sharma",
    "begum", "bibi", "hosseini",
    # East Asia
    "wang", "li", "lee", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "kim", "park",
    "choi", "jung", "nguyen", "tran", "pham",
    "sato", "suzuki", "tanaka", "yamamoto",
)  # fmt: skip
"""Names so frequent that agreeing on one says little."""
