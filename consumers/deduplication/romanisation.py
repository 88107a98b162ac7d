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
from collections.abc import Mapping

from consumers.deduplication.rewriting import rules

LETTERS = str.maketrans(
    {
        # Latin letters whose mark changes the sound
        "š": "C", "ş": "C", "ș": "C", "ŝ": "C", "č": "1", "ć": "1", "ç": "1", "ž": "J",
        "đ": "3", "ц": "Z", "ț": "2", "ţ": "2", "ą": "4", "ę": "5", "å": "a", "ħ": "H", "ġ": "7",
        "ə": "a", "ß": "ss", "æ": "a", "ø": "o", "œ": "o", "ł": "l",
        "ı": "i", "þ": "t", "ð": "d",
        # Cyrillic
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e",
        "є": "e", "ж": "J", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "ј": "i",
        "к": "k", "л": "l", "љ": "l", "м": "m", "н": "n", "њ": "n", "о": "o", "п": "p",
        "р": "r", "с": "s", "т": "t", "у": "u", "ў": "v", "ф": "f", "х": "H", "ч": "C",
        "џ": "J", "ш": "C", "щ": "6", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu",
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

HEBREW_LAST_VOWEL = re.compile("(?<=[א-ת]{2})ה$")
"""The letter that only says that a vowel ends the word: Dana, Moshe, Shlomo."""

HEBREW_SOFT = str.maketrans("בפ", "vf")
"""How two letters are read after a vowel; which it is after is not written."""

GREEK_PAIRS = rules(
    (
        ("ο", "(?:ου|ού)", "u"), ("", "([αεη])[υύ](?=[θκξπστφχψ]|$)", r"\1f"),
        ("", "([αεη])[υύ]", r"\1v"), ("μπ", "^μπ", "b"), ("μπ", "μπ", "mp"), ("ντ", "^ντ", "d"),
        ("ντ", "ντ", "nt"), ("γκ", "^γκ", "g"), ("γ", "γ[γκ]", "ng"), ("γ", "γ(?=[χξ])", "n"),
        ("τσ", "τσ", "Z"), ("τζ", "τζ", "Z"), ("χ", "χ", "H"), ("", "[υύηή]", "i"),
        ("", "(?:ει|εί|οι|οί)", "i"), ("α", "(?:αι|αί)", "e"),
    )
)  # fmt: skip
"""Greek letters that are one sound together, and those that sound unlike they look."""

ABD = re.compile(r"^abd[aeiou]{1,2}(?:l|([rstndzCJ])(?=\1))(?=.{3})")
"""``Abdul``, ``Abdel``, ``Abder`` before the name it belongs to: Abdulrahman, Abderrahmane."""

ABD_WORDS = frozenset(
    {"abd", "abdul", "abdel", "abdal", "abdoul", "abdol", "abdur", "abder", "عبد"}
)
"""Written as a word of its own, it is joined to the next."""

AMBIGUOUS = (
    # (what is written, its readings); applied before SPELLINGS, longest first
    ("ch", ("C", "H")),
    ("ph", ("f", "p")),
    ("1", ("C", "c")),
    ("2", ("Z", "t")),
    ("3", ("d", "J")),
    ("4", ("a", "on")),
    ("5", ("e", "en")),
    ("6", ("C", "Ct")),
    ("7", ("J", "g")),
    ("j", ("J", "i")),
    ("gg", ("g", "J")),
)
"""Spellings with several readings; the first is the more frequent.

Digits are marked letters: abroad they are written without the mark, and then read as if it had
never been there.
"""

HARD_C = re.compile(r"c(?![eiyhk])(?=.*[oe][vw]n?a?$|$)")
HARD_C_READINGS = ("k", "C")
"""A ``c`` in what may be a Slavic surname written without marks: č or ts, or k all the same."""

SPELLINGS = rules(
    (
        ("", r"['`’ʼ]", ""),
        ("d", r"(?:^|(?<=[^aeiou]))[aeou]{1,2}dd?(?:i|ee)ne?$", "din"),
        ("mp", r"^mp(?=[aeiou])", "b"),
        ("nt", r"^nt(?=[aeiou])", "d"),
        ("orn", r"(?:(?<=[aeiou][pk])|(?<=[aeiou][pk]h))orn$|(?<=^p)orn(?=[^aeiouy])", "on"),
        ("ol", r"(?:(?<=[aiou][pd])|(?<=pp)|(?<=[aiou]ph)|(?<=gk)|(?<=gkh))ol$", "on"),
        ("j", r"^j(?=an(?:kae[ow]|thong|t?suk|hom|phet|dee)$)", "J"),
        ("gk", r"gk", "g"),
        ("onom", r"^(?:oi|e|i)[kc]onom", "ikonom"),
        ("ann", r"g?[iy]{1,2}ann(?=[aio])", "iann"),
        ("cv", r"^cv", "Zv"),
        ("ck", r"(?<=i)ck(?=[iy]+j?$|a[iyj]a$)", "Zk"),
        ("j", r"(?<=[ln])j$", ""),
        ("aeo", r"aeo(?![nl])", "aev"),
        ("tzh", r"tzh", "ZH"),
        ("xh", r"xh", "J"),
        ("swam", r"sw(?=am[iy])", "s"),
        ("dt", r"dt", "t"),
        ("mc", r"^mc(?=[^eiy])", "mak"),
        ("c", r"schtsch|chtch|shtch|shch|szcz|stsch", "C"),
        ("d", r"dsch|dzh|dj|dzs", "J"),
        ("", r"tsch|tch|tsh|cz", "C"),
        ("s", r"sch|sh|sz", "C"),
        ("zh", r"zh", "J"),
        ("kh", r"kh", "H"),
        ("", r"ck|qu|q", "k"),
        ("th", r"th", "t"),
        ("gh", r"gh", "g"),
        ("dh", r"dh", "d"),
        ("t", r"tz|ts", "Z"),
        ("j", r"(?<=i)j|j$", "i"),
    )
)
"""Spellings with one reading, in this order, before the ambiguous ones are read.

Thai words end in -on by the Royal Thai General System and in -orn or -ol by their letters.
"""

SOUNDS = rules(
    (
        ("c", r"c(?=[eiy])", "s"),
        ("c", r"c", "k"),
        ("x", r"x", "ks"),
        ("gu", r"gu(?=[ei])", "g"),
        ("h", r"(?<=[aeiou])h$", ""),
        ("h", r"h", "H"),
        ("w", r"w", "v"),
        ("f", r"(?<=o)f+$|(?<=e)ff$", "v"),
        ("aee", r"aee", "ai"),
        ("ae", r"ae", "a"),
        ("oe", r"oe", "o"),
        ("ue", r"ue", "u"),
        ("o", r"ou|oo", "u"),
        ("ee", r"ee", "i"),
        ("y", r"y", "i"),
        ("n", r"n(?=[bp])", "m"),
        ("e", r"^i?e", "e"),
        ("", r"(.)\1+", r"\1"),
    )
)
"""What is left after that, in this order; doubles last."""

SKELETON = str.maketrans(
    {**dict.fromkeys("aeiou"), "z": "s", "C": "s", "J": "s", "Z": "s", "f": "p", "d": "t"}
)
"""From the folded form to the sound: no vowels, one sibilant, and what many ears exchange."""

REGIONAL: tuple[tuple[re.Pattern[str], Mapping[int, int | None]], ...] = (
    (re.compile(r"^Hr[iou]|^Hnat|(?:enk|Cuk|iuk)[aou]?$"), str.maketrans("H", "g")),
    (re.compile(r"..i[ae]n[tz]?[sZ]?$"), str.maketrans("gb", "kp", "H")),
)
"""Words of a region by their look, and what its neighbours exchange: Ukrainian g and h, and the
Armenian consonants that East and West read the other way round."""

HEIGHTS = str.maketrans("eo", "iu")
"""Vowels that are told apart where a word has little else."""

CONFUSABLE = tuple(
    map(frozenset, ("aeu", "ao", "ei", "eo", "ou", "iu", "szCJZ", "kgH", "bp", "dt", "vfu", "ij"))
)
"""Letters that another ear writes for each other."""

PARTICLES = frozenset(
    {
        "al", "el", "ul", "ibn", "bin", "bint", "ben", "ould", "abu", "abou",
        "بن", "ابن", "بنت", "أبو", "ابو", "בן", "בת",
        "de", "da", "do", "dos", "das", "del", "dela", "della", "di", "du", "des",
        "la", "le", "los", "las", "van", "von", "der", "den", "zu", "zur", "ter", "ten",
        "y", "e", "i", "văn", "thi", "thị", "af", "av", "zum", "vom", "het", "op",
        "bte", "binti", "binte",
        "oglu", "oğlu", "qizi", "qızı", "kızı", "ogly", "kyzy", "ap",
    }
)  # fmt: skip
"""Words that are written or left out at will."""

ARTICLES = frozenset(
    {"al", "el", "ul", "ad", "ar", "as", "ash", "at", "az", "an", "ud", "ur", "us", "uz", "ed",
     "er", "es", "ez", "esh", "ush", "ath"}
)  # fmt: skip
"""The Arabic article in its assimilated forms, where a hyphen follows."""

GROWN_ARTICLE = re.compile(r"^(?:[ae]l(?=[^aeiouy]{1,2}[aeiou].{2})|dela(?=[^aeiouy].{2}))")
"""What may be an article written as part of the name: Alhasan, Elmahdi, Delapena."""

GROWN_PARTICLES = (
    "vanden", "vander", "vande", "van", "von", "ten", "ter", "delos", "dela", "della", "del",
    "dos", "das", "da", "de", "di", "bel", "ben", "bin", "al", "el", "le", "la",
)  # fmt: skip
"""Particles that may be written as part of the surname after them."""

GENERATIONS = {
    "jr": "junior", "junior": "junior", "júnior": "junior", "jnr": "junior", "fils": "junior",
    "filho": "junior", "hijo": "junior", "младший": "junior", "мл": "junior",
    "sr": "senior", "senior": "senior", "snr": "senior", "père": "senior", "старший": "senior",
    "ii": "second", "iii": "third", "iv": "fourth", "neto": "grandson", "sobrinho": "nephew",
}  # fmt: skip
"""Words after a name that tell father from son."""

TITLES = frozenset(
    {
        "mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "mme", "mlle", "monsieur",
        "madame", "señor", "señora", "srta", "née", "nee", "geb", "geborene", "född",
        "roz", "rozená", "alias", "aka", "haji", "hajji", "hadji", "sheikh", "cheikh", "sayed",
        "seyed", "sayyid", "syed", "shri", "smt", "mst", "السيد", "الشيخ", "الحاج", "سيد",
    }
)  # fmt: skip
"""Words of address, and those that say which name follows."""

JOINED_TO_NEXT = frozenset({"bou", "bu", "بو", "mac", "mc"})
"""Beginnings of surnames that some write as words of their own."""

OF_GOD = """
    rahman rahim malik quddus salam mumin muhaimin aziz jabbar mutakabbir khaliq bari musawwir
    ghaffar qahhar wahhab razzaq fattah alim qabid basit khafid rafi muizz mudhill sami basir hakam
    adl latif khabir halim azim ghafur shakur ali kabir hafiz muqit hasib jalil karim raqib mujib
    wasi hakim wadud majid baith shahid haqq wakil qawi matin wali hamid muhsi mubdi muid muhyi
    mumit hayy qayyum wajid wahid ahad samad qadir muqtadir muqaddim muakhkhir awwal akhir zahir
    batin mutaali barr tawwab muntaqim afuw rauf mutaal muqsit jami ghani mughni mani nafi nur hadi
    badi baqi warith rashid sabur ilah allah rabb nabi rasul nasir hai satar manan khalek hannan
    munim monem mannan sattar naser zaher motaleb muttalib
"""
"""The ninety-nine names of God by which a servant is called after Abdul, and some others."""

ARTICLES_GROWN = frozenset({"al", "el"})
"""Articles that may begin a surname of one word: Al Ali, Alali."""

IRISH = frozenset(
    {"brien", "connor", "neill", "sullivan", "donnell", "reilly", "shea", "hara", "keefe", "leary",
     "malley", "mara", "toole", "dwyer", "farrell", "flaherty", "gorman", "grady", "kane", "kelly",
     "loughlin", "mahony", "meara", "regan", "riordan", "rourke", "callaghan", "connell",
     "doherty", "donoghue", "driscoll", "hagan", "halloran", "hanlon", "carroll", "byrne"}
)  # fmt: skip
"""Names after an O of their own."""

OF_THE_FAITH = {
    **dict.fromkeys(("eddine", "eddin", "aldin", "uddin", "uddine", "eldin", "addin", "oddin",
                     "din", "deen", "uldin", "ddin", "ulddin"), "eddin"),
    "الدين": "دين", "دين": "دين", "الدین": "دين", "دین": "دين",
    **dict.fromkeys(("ullah", "allah", "ollah", "oullah", "ulla"), "ullah"), "الله": "الله",
}  # fmt: skip
"""Second halves of Arabic names, by the form in which they are joined to the first."""

PLACEHOLDERS = frozenset(
    {
        "nn", "n n", "unknown", "unknown unknown", "name unknown", "no name", "not known", "none",
        "n a", "na", "anonymous", "unidentified", "unnamed", "john doe", "jane doe", "jane roe",
        "john roe", "baby doe", "jane bloggs", "joe bloggs", "fnu lnu", "fnu", "lnu", "tbc", "tbd",
        "nom inconnu", "inconnu", "inconnue", "x inconnu", "anonyme", "sans nom", "non connu",
        "unbekannt", "name unbekannt", "namenlos", "max mustermann", "erika mustermann",
        "desconocido", "desconocida", "nombre desconocido", "sin nombre", "no identificado",
        "desconhecido", "desconhecida", "sem nome", "sconosciuto", "sconosciuta", "ignoto",
        "onbekend", "okänd", "ukjent", "ukendt", "tuntematon", "nieznany", "nieznana", "neznámý",
        "neznámá", "neznano", "nepoznat", "nepoznato", "ismeretlen", "necunoscut", "bilinmiyor",
        "bilinmeyen", "isimsiz", "nezināms", "nežinomas", "teadmata", "i panjohur",
        "неизвестно", "неизвестный", "неизвестная", "неизвестен", "без имени", "невідомо",
        "невідомий", "невідома", "непознат", "άγνωστος", "άγνωστη", "αγνωστος", "αγνωστη",
        "مجهول", "غير معروف", "مجهولة", "نامعلوم", "לא ידוע", "לא ידועה", "אלמוני",
        "不明", "不详", "不詳", "未知", "无名", "無名", "氏名不詳", "名無し",
        "미상", "불명", "성명불상",
        "अज्ञात", "অজ্ঞাত", "ไม่ทราบ", "ไม่ทราบชื่อ", "tidak diketahui", "không rõ", "khong ro",
    }
)  # fmt: skip
"""What is written where a name is not known, without marks between words."""
