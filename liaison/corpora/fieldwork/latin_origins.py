"""Origins whose names are written in Latin letters at home."""

from __future__ import annotations

from liaison.corpora.fieldwork import library
from liaison.corpora.fieldwork.origin import (
    Family,
    Origin,
    faker,
    given_names,
    nicknames,
    same,
    surnames,
)
from liaison.corpora.fieldwork.words import Pool, listed, western

_POLISH = listed("""
Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak
Dąbrowski Kozłowski Jankowski Mazur Wojciechowski Kwiatkowski Krawczyk Kaczmarek Piotrowski
Grabowski Zając Pawłowski Michalski Król Nowicki Adamczyk Dudek Wróbel Wieczorek Jabłoński
Majewski Olszewski Stępień Malinowski Jaworski Pawlak Górski Witkowski Walczak Sikora Rutkowski
Michalak Szewczyk Ostrowski Baran Tomaszewski Pietrzak Zalewski Wróblewski Jasiński Marciniak
Sadowski Zawadzki Duda Jakubowski Wilk Borkowski Chmielewski
""")
_VIETNAMESE = listed("""
Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Trịnh Đinh Đoàn Lương
""")
_VIETNAMESE_MEN = listed("""
Minh Hùng Dũng Tuấn Hải Nam Long Quân Phúc Khoa Thành Huy Bảo Tùng Đạt Sơn Trung Hưng Kiên Thắng
Việt Cường Hiếu Khánh Tâm Duy Vinh
""")
_VIETNAMESE_WOMEN = listed("""
Linh Lan Hương Mai Thảo Ngọc Hồng Chi Yến Trang Hà Nhung Phương Thủy Hạnh Vân Quỳnh Ánh Hiền
Loan Nga Duyên My Trâm Oanh
""")
_ENGLISH_MEN = listed("""
William Robert Richard James John Michael Thomas Christopher Daniel Matthew Joseph Anthony
Andrew Edward Charles Steven David Benjamin Samuel Alexander Nicholas
""")
_ENGLISH_WOMEN = listed("""
Elizabeth Katherine Margaret Jennifer Jessica Rebecca Susan Patricia Victoria Samantha Emily
Sarah Mary Stephanie Abigail Amanda Kimberly
""")


def western_origins() -> list[Origin]:
    en, de, fr = faker("en_GB"), faker("de_DE"), faker("fr_FR")
    es, pt, it = faker("es_ES", limit=250), faker("pt_BR"), faker("it_IT")
    for pool, common in ((en["m"], _ENGLISH_MEN), (en["f"], _ENGLISH_WOMEN)):
        en["m" if pool is en["m"] else "f"] = Pool(
            map(western, dict.fromkeys([*common, *(w.native for w in pool.items)]))
        )
    spanish = Pool(same(surnames("es_CO") + surnames("es_ES", limit=300)))
    return [
        Origin("english", "latin", ("GB", "US", "CA", "AU"), ("GB", "US", "CA", "AU"), en,
               Pool(same(surnames("en_US"))), "second", nicknames=nicknames("english")),
        Origin("german", "latin", ("DE",), ("DE",), de, Pool(same(surnames("de_DE"))), "second",
               particles=("von", "von der", "zu"), nicknames=nicknames("german")),
        Origin("french", "latin", ("FR", "CA"), ("FR", "CA"), fr, Pool(same(surnames("fr_FR"))),
               "second", particles=("de", "de la", "du", "Le"), nicknames=nicknames("french")),
        Origin("spanish", "latin", ("ES", "MX", "CO"), ("ES", "MX", "US"), es, spanish, "second", 2,
               particles=("de", "del", "de la"), nicknames=nicknames("spanish")),
        Origin("portuguese", "latin", ("BR", "PT"), ("BR", "FR"), pt,
               Pool(same(surnames("pt_BR") + surnames("pt_PT"))), "", 2,
               particles=("da", "de", "dos"), nicknames=nicknames("portuguese")),
        Origin("italian", "latin", ("IT",), ("IT",), it, Pool(same(surnames("it_IT"))),
               particles=("De", "Di", "D'"), nicknames=nicknames("italian")),
        Origin("dutch", "latin", ("NL",), ("NL",), faker("nl_NL"),
               Pool(same([w for w in surnames("nl_NL") if " " not in w.native])), "second",
               particles=("van", "van der", "de", "van den", "ter"), nicknames=nicknames("dutch")),
        Origin("swedish", "latin", ("SE",), ("SE",), faker("sv_SE"),
               Pool(same(surnames("sv_SE"))), "second"),
        Origin("romanian", "latin", ("RO", "MD"), ("RO", "IT"), faker("ro_RO"),
               Pool(same(surnames("ro_RO") + surnames("hr_HR", limit=60))), "second"),
        Origin("turkish", "latin", ("TR",), ("TR", "DE"), faker("tr_TR"),
               Pool(same(surnames("tr_TR") + surnames("az_AZ", limit=60))),
               nicknames=nicknames("turkish")),
        Origin("yoruba", "latin", ("NG",), ("NG", "GB"), faker("yo_NG"),
               Pool(same(surnames("yo_NG") + surnames("en_NG"))), "second"),
        Origin("filipino", "latin", ("PH",), ("PH", "AE"), en,
               Pool(same(surnames("es_MX", limit=300))), "maiden",
               particles=("de la", "de los", "San"), nicknames=nicknames("filipino")),
    ]  # fmt: skip


def central_origins() -> list[Origin]:
    polish = [*_POLISH, *library.names("pl_PL", "unisex_last_names")[:200]]
    czech = list(zip(
        library.names("cs_CZ", "last_names_male"), library.names("cs_CZ", "last_names_male"),
        strict=True,
    ))  # fmt: skip
    return [
        Origin("polish", "latin", ("PL",), ("PL", "DE", "GB"), faker("pl_PL"),
               Pool(Family(western(x), western(_polish(x))) for x in polish), "second",
               nicknames=nicknames("polish")),
        Origin("czech", "latin", ("CZ", "SK"), ("CZ",), faker("cs_CZ"),
               Pool(Family(western(m), western(_czech(m))) for m, _ in czech),
               nicknames=nicknames("czech")),
        Origin("hungarian", "latin", ("HU",), ("HU", "RO"), faker("hu_HU"),
               Pool(same(surnames("hu_HU"))), "second", family_first=True,
               nicknames=nicknames("hungarian")),
        Origin("vietnamese", "latin", ("VN",), ("CZ", "FR", "AU", "US"),
               given_names(western, _VIETNAMESE_MEN, _VIETNAMESE_WOMEN),
               Pool(same([western(x) for x in _VIETNAMESE]), offset=2), "second",
               family_first=True),
    ]  # fmt: skip


def _polish(surname: str) -> str:
    for male in ("ski", "cki", "dzki"):
        if surname.endswith(male):
            return surname[:-1] + "a"
    return surname


def _czech(surname: str) -> str:
    if surname.endswith("ý"):
        return surname[:-1] + "á"
    if surname.endswith(("ek", "ec")):
        return surname[:-2] + surname[-1] + "ová"
    return (surname[:-1] if surname[-1] in "ao" else surname) + "ová"
