"""Which characters can be shown, and what becomes of the others."""

from __future__ import annotations

import pytest

from consumers.briefing.glyphs import readable, right_to_left

NAMES = {
    "Latin": "Élodie Nguyễn-Łukasik",
    "Cyrillic": "Їжак Щербаков",
    "Greek": "Γεωργία Παπαδοπούλου",
    "Arabic": "محمد عبد الرحمن",
    "Persian": "علی‌رضا پژمان",
    "Urdu": "ٹیپو سلطان گڑیا",
    "Hebrew": "נועה בן־דוד",
    "Devanagari": "प्रिया श्रीवास्तव",
    "Bengali": "ক্ষুদিরাম বসু",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ",
    "Gujarati": "કૃષ્ણ",
    "Tamil": "தமிழ்ச்செல்வி",
    "Telugu": "శ్రీనివాస్",
    "Kannada": "ಕೃಷ್ಣ",
    "Malayalam": "ശ്രീദേവി",
    "Sinhala": "ශ්‍රී ලංකා",
    "Thai": "สมชาย ใจดี",
    "Lao": "ສົມພອນ",
    "Khmer": "សុខា",
    "Burmese": "မြင့်မြင့်",
    "Ethiopic": "ምስራቅ ተስፋዬ",
    "Georgian": "გიორგი მაისურაძე",
    "Armenian": "Արամ Խաչատրյան",
    "Thaana": "އިބްރާހީމް",
    "Chinese": "王小明 劉德華 喆",
    "Japanese": "田中さくら タナカ 髙﨑",
    "Korean": "김민서",
}


@pytest.mark.parametrize("script", NAMES)
def test_every_script_has_its_letters(script: str) -> None:
    """Names are shown as they are written."""
    assert readable(NAMES[script])[1] == ()


def test_missing_characters_are_named() -> None:
    """A letter without a glyph becomes a box, and its code point is given once."""
    assert readable("\U0001e900\U0001e900 Diallo \U0001e923") == (
        "□□ Diallo □",
        ("U+1E900", "U+1E923"),
    )


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Ann\u202egro", "U+202E"),
        ("Ann\u200b", "U+200B"),
        ("Ann\x00", "U+0000"),
        ("Ann\ue000", "U+E000"),
        ("Ann\u2028", "U+2028"),
        ("Ann\u1680", "U+1680"),
    ],
)
def test_invisible_characters_are_seen(text: str, missing: str) -> None:
    """What is meant not to be seen, or to turn a name around, is shown."""
    assert readable(text)[1] == (missing,)


def test_marks_that_no_font_can_place() -> None:
    """A mark on a letter of another script, which no font has together, is named."""
    assert readable("q\u0301") == ("q\u0301", ())
    assert readable("王\u0950\u093f") == ("王\u0950\u093f", ())
    assert readable("王\u093f") == ("王□", ("U+093F",))


def test_joiners_belong_to_the_spelling() -> None:
    """The joiners are kept: without them Persian and Hindi words change."""
    assert readable("علی‌رضا र्‍य") == ("علی‌رضا र्‍य", ())


@pytest.mark.parametrize(
    ("text", "rtl"),
    [("محمد (Mohamed)", True), ("Mohamed محمد", False), ("12 נועה", True), ("", False)],
)
def test_direction(text: str, rtl: bool) -> None:
    """The first letter with a direction decides."""
    assert right_to_left(text) is rtl
