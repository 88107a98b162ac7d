"""Names in other letters: the schools give what their newspapers and passports print."""

import pytest

from liaison.corpora.registry.alphabets import TABLES, apply, expanded, unmarked
from liaison.corpora.registry.eastern import wade_giles
from liaison.corpora.registry.naming import gendered, russian_patronymic, ukrainian_patronymic
from liaison.corpora.registry.origins import nicknames, origins
from liaison.corpora.registry.spelling import SCHOOLS, SCRIPTS, Word, latin, written


@pytest.mark.parametrize(
    ("native", "language", "school", "text"),
    [
        ("Верещагина", "ru", "passport", "Vereshchagina"),
        ("Верещагина", "ru", "french", "Verechtchaguina"),
        ("Верещагина", "ru", "german", "Wereschtschagina"),
        ("Верещагина", "ru", "scholarly", "Vereŝagina"),
        ("Щукин", "ru", "french", "Chtchoukine"),
        ("Юрій", "uk", "passport", "Yurii"),
        ("Щерев", "bg", "passport", "Shterev"),
        ("Ђорђевић", "sr", "passport", "Đorđević"),
        ("Μπούρας", "el", "passport", "Bouras"),
        ("ჯაფარიძე", "ka", "passport", "Japaridze"),
        ("영희", "ko", "passport", "Yeong-hui"),
        ("영희", "ko", "english", "Young Hee"),
    ],
)
def test_letters(native: str, language: str, school: str, text: str) -> None:
    """A word by letters, as each school writes it."""
    assert latin(Word(native, language), school) == text


def test_readings() -> None:
    """Han characters go by their reading."""
    kenji = Word("陽介", "ja", ("ようすけ",))
    assert [latin(kenji, s) for s in ("passport", "scholarly", "german")] == [
        "Yosuke",
        "Yōsuke",
        "Yohsuke",
    ]
    strong = Word("志强", "zh", ("zhi|chi", "qiang|keung"))
    assert [latin(strong, s) for s in ("passport", "english", "traditional", "cantonese")] == [
        "Zhiqiang",
        "Zhi Qiang",
        "Chih-chʼiang",
        "Chi Keung",
    ]
    assert [wade_giles(p) for p in ("xue", "zhong", "ci", "bo", "ren")] == [
        "hsüeh",
        "chung",
        "tzʼu",
        "po",
        "jen",
    ]


def test_other_script() -> None:
    """An office with a script of its own writes foreign names by ear."""
    assert written(Word("Taylor", "en"), "cyrillic", "bgn") == "Таилор"
    assert written(Word("Taylor", "en"), "arabic", "english") == "تايلور"
    assert written(Word("Иванов", "ru"), "cyrillic", "bgn") == "Иванов"


def test_marks() -> None:
    """Marks are dropped, or become letters."""
    assert (unmarked("Łukasz Größchen"), expanded("Größchen Østergård")) == (
        "Lukasz Grosschen",
        "Groesschen Oestergaard",
    )


def test_women_and_fathers() -> None:
    """Surnames and patronymics have a form for each sex."""
    women = [("Кузнецов", "ru"), ("Вишневський", "uk"), ("Novák", "cs"), ("Dvořák", "cs"),
             ("Górski", "pl"), ("Παπαδόπουλος", "el")]  # fmt: skip
    assert [gendered(Word(*w), "f").native for w in women] == [
        "Кузнецова", "Вишневська", "Nováková", "Dvořáková", "Górska", "Παπαδοπούλου",
    ]  # fmt: skip
    assert [russian_patronymic(f, "f") for f in ("Иван", "Сергей", "Юрий", "Илья", "Дмитрий")] == [
        "Ивановна", "Сергеевна", "Юрьевна", "Ильична", "Дмитриевна",
    ]  # fmt: skip
    assert ukrainian_patronymic("Микола", "m") == "Миколович"
    assert ukrainian_patronymic("Сергій", "f") == "Сергіївна"


def test_tables_are_complete() -> None:
    """No letter of a word is left standing in a romanisation."""
    for origin in origins().values():
        for pool in (origin.female, origin.male, origin.surnames):
            for word in pool.words:
                for school in SCHOOLS:
                    text = unmarked(latin(word, school))
                    assert text.isascii(), (word, school, text)


def test_native_words_are_native() -> None:
    """Words are in the script of their language, and no word stands twice in a table."""
    for origin in origins().values():
        for pool in (origin.female, origin.male, origin.surnames):
            words = [word.native for word in pool.words]
            assert len(words) == len(set(words)), (origin.name, sorted(words))
            assert all(unmarked(w).isascii() == (origin.language not in SCRIPTS) for w in words)


def test_origins() -> None:
    """There are many, each with names to choose from, and short forms belong to known names."""
    assert len(origins()) >= 25
    known = {w.native for o in origins().values() for w in (*o.female.words, *o.male.words)}
    assert nicknames().keys() <= known


def test_longest_first() -> None:
    """Letters that belong together are read together, and ends of words count."""
    table = TABLES["ru"]["french"]
    assert (apply("Кузьмин", table), apply("Гусев Минин", table)) == (
        "Kouzmine",
        "Gousev Minine",
    )
