"""Names as written by many hands come to the same tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication import names

WRITTEN = [
    ("Алексей Щербаков", "Alexej Schtscherbakow", "Alexeï Chtcherbakov", "Aleksei Shcherbakov"),
    ("Юлия Хрущёва", "Ioulia Khrouchtcheva", "Yulia Khrushcheva"),
    ("Дмитрий Кузнецов", "Dmitri Kouznetsov", "Dmitry Kuznetsov"),
    ("Людмила Шевчук", "Lioudmila Chevtchouk", "Ljudmyla Schewtschuk"),
    ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
    ("Müller", "Mueller", "MÜLLER", "Muller"),
    ("Mohammed Al-Hassan", "Mohamed El Hassan"),
    ("Youssef Abderrahman", "Youssef Abdul Rahman", "Youssef Abdurrahman"),
    ("王小明", "Wang Xiaoming"),
    ("Maria Clara dela Cruz", "Maria Clara de la Cruz"),
    ("Łukasz Đurić", "Lukasz Duric"),
    ("O’Brien", "O'Brien", "OBrien"),
]


@pytest.mark.parametrize("written", WRITTEN, ids=lambda w: w[0])
def test_one_name_by_several_hands_has_a_reading_in_common(written: tuple[str, ...]) -> None:
    """Word by word, each pair of writings shares a fold."""
    first, *others = (names.parse(name).tokens for name in written)
    for other in others:
        assert len(other) == len(first)
        for one, two in zip(first, other, strict=True):
            assert set(one.folds) & set(two.folds), (one, two)


@pytest.mark.parametrize(
    ("bare", "full"), [("قتيبة الحردان", "Qutaiba al-Hardan"), ("פנחס", "Pinhas")]
)
def test_scripts_without_vowels_meet_by_sound(bare: str, full: str) -> None:
    """The vowels are not written, the consonants are; the token knows which it is."""
    for one, two in zip(names.parse(bare).tokens, names.parse(full).tokens, strict=True):
        assert (one.vowelled, two.vowelled) == (False, True)
        assert set(one.sounds) & set(two.sounds)


def test_written_short_vowels_change_nothing() -> None:
    """A name with its vowel marks is the name without them."""
    assert names.parse("فَاطِمَة") == names.parse("فاطمة")


def test_father_and_son_are_told_apart_by_what_follows_the_name() -> None:
    """The word of generation is no part of the name."""
    junior = names.parse("Rolando Bañez, Jr.")
    assert junior.generation == "junior"
    assert junior.tokens == names.parse("Rolando Bañez").tokens


@pytest.mark.parametrize("text", ["", "  ", "1234", "?!", "-"])
def test_what_has_no_letter_is_no_name(text: str) -> None:
    """Nothing is made of it."""
    assert names.parse(text).tokens == ()


def test_a_name_of_particles_keeps_them() -> None:
    """Where nothing else is there, they are the name."""
    assert len(names.parse("De La").tokens) == 2


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    """No text fails; each token has a fold and a sound, and all is bounded."""
    tokens = names.parse(text).tokens
    assert len(tokens) <= names.MAX_NAME_TOKENS
    assert all(0 < len(t.folds) <= names.MAX_VARIANTS and t.sounds for t in tokens)
    # What has control characters may be UTF-8 misread as Latin-1, and is another text when not.
    if text == text.lower() and text.isprintable():
        assert names.parse(text) == names.parse(text.upper().lower().casefold())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Y. Ahmad Rahmani", ["y", "ahmad", "rahmani"]),
        ("Rahmani, E.", ["rahmani", "e"]),
        ("Ortega y Gasset", ["ortega", "gasset"]),
    ],
)
def test_one_letter_is_a_particle_between_words_and_an_initial_at_an_end(
    text: str, words: list[str]
) -> None:
    """Else who is known by an initial that is also a particle has one word less."""
    assert [t.word for t in names.parse(text).tokens] == words


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("Carla D'Amico", [["carla", "damico"], ["carla", "amico"]]),
        ("Dell’Orto", [["dellorto"], ["orto"]]),
        ("Huda Al-Ali", [["huda", "ali"], ["huda", "alali"]]),
        ("Vincenzo D'Souza", [["vincenzo", "dsouza"]]),
        ("Huda Al-Qahtani", [["huda", "qahtani"]]),
    ],
)
def test_what_others_write_as_one_word_or_leave_out_is_read_in_both_ways(
    text: str, ways: list[list[str]]
) -> None:
    """An apostrophe's particle, and the article before a short name."""
    assert [[t.word for t in name.tokens] for name in names.read(text)] == ways
