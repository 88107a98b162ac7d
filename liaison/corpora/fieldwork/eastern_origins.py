"""Origins whose names are written in other scripts at home."""

from __future__ import annotations

from collections.abc import Sequence

from liaison.corpora.fieldwork import (
    arabic,
    cyrillic,
    eastern,
    hebrew,
    indic,
    library,
    persian,
)
from liaison.corpora.fieldwork import greek as hellenic
from liaison.corpora.fieldwork.nicknames import COGNATES, NICKNAMES, SPELLED
from liaison.corpora.fieldwork.origin import (
    Family,
    Maker,
    Origin,
    faker,
    given_names,
    nicknames,
    same,
    surnames,
)
from liaison.corpora.fieldwork.words import Pool, Word, listed

_RUSSIAN_MEN = listed("""
Александр Дмитрий Алексей Сергей Андрей Иван Михаил Николай Владимир Евгений Максим Артём Павел
Роман Виктор Константин Василий Юрий Игорь Олег Кирилл Денис Илья Никита Егор Антон Вадим Пётр
Тимофей Матвей Фёдор Григорий Станислав Вячеслав Борис
""")
_RUSSIAN_WOMEN = listed("""
Анастасия Мария Екатерина Елена Наталья Татьяна Ольга Анна Юлия Дарья Светлана Людмила София
Полина Виктория Ксения Ирина Алина Вероника Марина Валентина Евгения Галина Надежда Арина Милана
Кристина Диана Варвара Любовь
""")
_UKRAINIAN_MEN = listed("""
Олександр Андрій Сергій Дмитро Микола Михайло Володимир Євген Максим Павло Богдан Іван Василь
Олексій Тарас Юрій Ігор Олег Роман Віктор Ярослав Назар Артем Данило Петро Степан Григорій Ілля
Владислав
""")
_UKRAINIAN_WOMEN = listed("""
Олена Наталія Ірина Тетяна Оксана Ганна Марія Катерина Юлія Анастасія Людмила Світлана Вікторія
Софія Дарія Надія Любов Галина Соломія Поліна Злата Вероніка Євгенія Олександра Христина Яна
""")


def _slavic(names: Sequence[str], make: Maker) -> Pool[Family]:
    return Pool(Family(make(x), make(cyrillic.feminine(x))) for x in names)


def northern_origins() -> list[Origin]:
    weights = (4, 3, 3, 0.4, 0.4, 0.5)
    russian_men = [*_RUSSIAN_MEN, *library.names("ru_RU", "first_names_male")[:60]]
    russian_women = [*_RUSSIAN_WOMEN, *library.names("ru_RU", "first_names_female")[:40]]
    return [
        Origin("russian", "cyrillic", ("RU", "KZ", "BY"), ("DE", "IL", "GE", "UA", "CZ", "US"),
               given_names(cyrillic.russian, russian_men, russian_women),
               _slavic(library.names("ru_RU", "last_names_male"), cyrillic.russian), "patronymic",
               schemes=weights, nicknames=nicknames("russian", cyrillic.russian)),
        Origin("ukrainian", "cyrillic", ("UA",), ("UA", "PL", "DE", "CZ"),
               given_names(cyrillic.ukrainian, _UKRAINIAN_MEN, _UKRAINIAN_WOMEN),
               _slavic(library.names("uk_UA", "last_names_male")[:400], cyrillic.ukrainian),
               "patronymic", schemes=weights, nicknames=nicknames("ukrainian", cyrillic.ukrainian),
               cognates={k: cyrillic.russian(v) for k, v in COGNATES.items()}),
        Origin("bulgarian", "cyrillic", ("BG",), ("BG", "ES", "DE"),
               faker("bg_BG", cyrillic.bulgarian, 90),
               _slavic(library.names("bg_BG", "last_names_male"), cyrillic.bulgarian),
               schemes=weights),
        Origin("greek", "greek", ("GR", "CY"), ("GR", "DE", "AU"), faker("el_GR", hellenic.greek,
               120),
               Pool(_greek_families()), schemes=(5, 3, 2, 0.5), nicknames=nicknames("greek",
               hellenic.greek)),
        Origin("georgian", "georgian", ("GE",), ("GE", "GR", "TR"), faker("ka_GE",
               hellenic.georgian),
               Pool(same(surnames("ka_GE", hellenic.georgian))), schemes=(6, 1, 2, 0.3)),
        Origin("armenian", "armenian", ("AM",), ("GE", "FR", "US"), faker("hy_AM",
               hellenic.armenian),
               Pool(same(surnames("hy_AM", hellenic.armenian, 300))), schemes=(5, 2, 3, 0.3)),
    ]  # fmt: skip


def _greek_families() -> list[Family]:
    """Women bear the genitive: Παπαδοπούλου."""
    found = []
    for male in library.names("el_GR", "last_names_male")[:300]:
        female = male[:-1] if male.endswith(("ης", "ας", "ής", "άς")) else male
        female = male[:-2] + "ου" if male.endswith("ος") else female
        found.append(Family(hellenic.greek(male), hellenic.greek(female)))
    return found


def southern_origins() -> list[Origin]:
    short = {
        name: tuple(Word(form, (SPELLED[form],)) for form in forms)
        for name, forms in NICKNAMES["hebrew"].items()
    }
    shared = {"m": Pool(arabic.ARABIC_MEN), "f": Pool(arabic.ARABIC_WOMEN)}
    return [
        Origin("arabic", "arabic", ("EG", "SY", "IQ", "SA", "JO"), ("AE", "DE", "SE", "GB"), shared,
               Pool(same(arabic.ARABIC_FAMILIES)), "father"),
        Origin("maghrebi", "arabic", ("MA", "DZ", "TN"), ("MA", "FR", "ES", "NL"), shared,
               Pool(same(arabic.ARABIC_FAMILIES[::-1]))),
        Origin("persian", "arabic", ("IR", "AF"), ("DE", "SE", "TR", "CA"),
               {"m": Pool(persian.PERSIAN_MEN), "f": Pool(persian.PERSIAN_WOMEN)},
               Pool(same(persian.PERSIAN_FAMILIES))),
        Origin("hebrew", "hebrew", ("IL",), ("IL", "US", "FR"),
               {"m": Pool(hebrew.HEBREW_MEN), "f": Pool(hebrew.HEBREW_WOMEN)},
               Pool(same(hebrew.HEBREW_FAMILIES)), nicknames=short),
        Origin("hindi", "devanagari", ("IN",), ("IN", "GB", "AE", "AU"),
               faker("hi_IN", indic.devanagari, 150),
               Pool(same(surnames("hi_IN", indic.devanagari))), schemes=(5, 2, 3, 0.4)),
        Origin("nepali", "devanagari", ("NP",), ("IN", "AE", "JP"),
               faker("ne_NP", indic.devanagari, 150),
               Pool(same(surnames("ne_NP", indic.devanagari, 200))), schemes=(5, 2, 3, 0.4)),
        Origin("thai", "thai", ("TH",), ("TH", "SE"),
               {"m": Pool(eastern.THAI_MEN), "f": Pool(eastern.THAI_WOMEN)},
               Pool(same(eastern.THAI_FAMILIES))),
        Origin("indonesian", "latin", ("ID",), ("AU", "NL"), faker("id_ID"),
               Pool(same(surnames("id_ID"))), "second"),
    ]  # fmt: skip


def eastern_origins() -> list[Origin]:
    def chinese(text: str) -> Word:
        return eastern.chinese(text, library.pinyin)

    def china(locale: str) -> dict[str, Pool[Word]]:
        singles = {s: library.names(locale, f"first_names_{s}male") for s in ("", "fe")}
        made = {}
        for sex, names in (("m", singles[""]), ("f", singles["fe"])):
            ones = [x for x in names if len(x) == 1]
            twos = [a + b for a, b in zip(ones, ones[7:] + ones[:7], strict=True)]
            twos += [a + b for a, b in zip(ones, ones[3:] + ones[:3], strict=True)]
            mixed = dict.fromkeys([*twos, *names])
            made[sex] = Pool(chinese(x) for x in sorted(mixed, key=lambda x: x[::-1] * 2))
        return made

    def pairs(extra: list[tuple[str, str]], kind: str) -> list[Word]:
        return [eastern.japanese(*pair) for pair in [*library.pairs("ja_JP", kind), *extra]]

    names = given_names(eastern.korean, library.names("ko_KR", "first_names_male"),
                   library.names("ko_KR", "first_names_female"))  # fmt: skip
    givens = library.pairs("ja_JP", "first_name_pairs")
    return [
        Origin("chinese", "han", ("CN",), ("US", "CA", "AU", "JP", "IT"), china("zh_CN"),
               Pool(same([chinese(x) for x in library.names("zh_CN", "last_names")[:120]]),
               offset=5),
               family_first=True, schemes=(5, 2, 0.5, 0.5, 1)),
        Origin("taiwanese", "han", ("TW",), ("US", "JP", "CA"), china("zh_TW"),
               Pool(same([chinese(x) for x in library.names("zh_TW", "last_names")[:100]]),
               offset=5),
               family_first=True, schemes=(2, 1, 2, 5, 1)),
        Origin("korean", "hangul", ("KR",), ("KR", "US", "JP"), names,
               Pool(same([eastern.korean_surname(x) for x in library.names("ko_KR", "last_names")]),
                    offset=3), family_first=True, schemes=(3, 3, 4, 2, 0.7)),
        Origin("japanese", "kana", ("JP",), ("JP",),
               {"m": Pool(eastern.japanese(*x) for x in [*givens[:30], *eastern.JAPANESE_MEN]),
                "f": Pool(eastern.japanese(*x) for x in [*givens[30:], *eastern.JAPANESE_WOMEN])},
               Pool(same(pairs(eastern.JAPANESE_SURNAMES, "last_name_pairs"))),
               family_first=True, schemes=(6, 0.7, 1.5, 0.7, 0.7)),
    ]  # fmt: skip
