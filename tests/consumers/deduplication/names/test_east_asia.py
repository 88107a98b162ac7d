"""Names of East Asia: whichever end the surname stands at, and whatever ties the syllables."""

from __future__ import annotations

from itertools import combinations

import pytest

from consumers.deduplication.names import read
from consumers.deduplication.naming import names
from consumers.deduplication.rarity import NOTHING_KNOWN

EITHER_END = [
    ("Gao Shi Lin", "Shi Lin Gao", "Gao Shilin", "Gao Shi-lin", "高诗琳", "Kao Shih-lin"),
    ("Ming Jia He", "Jia He Ming", "Ming Jiahe", "MING, Jia He", "明家和"),
    ("An Jae Min", "Jae Min An", "An Jae-min", "안재민"),
    ("Min Su A", "Su-a Min", "Min Su-a", "민수아"),
    ("Ouyang Wen Bo", "Ou Yang Wen Bo", "Wen-bo Ou-yang", "Ou-Yang Wen-Bo", "歐陽文波"),
    ("Meng Liang", "Liang Meng", "孟亮"),
    ("Ning Jiao", "Jiao Ning", "宁娇"),
    ("Hsing Chiu-yen", "Xing Qiu Yan", "邢秋燕", "邢 秋燕"),
]
JAPANESE = [
    ("山田太郎", "やまだたろう", "ヤマダ　タロウ", "Yamada Taro", "Tarō Yamada"),
    ("森 蓮", "モリレン", "Ren Mori"),
    ("大野くみ子", "オオノクミコ", "Ono Kumiko"),
    ("橋本龍一郎", "ハシモトリュウイチロウ", "Hashimoto Ryuichiro"),
]


def kind(one: str, other: str) -> str:
    return names(read(one), read(other), NOTHING_KNOWN)[0].level


def heard(text: str) -> set[str]:
    return {sound for name in read(text) for token in name.tokens for sound in token.sounds}


@pytest.mark.parametrize("written", EITHER_END + JAPANESE, ids=lambda w: w[0])
def test_one_name_in_any_order_is_one_name(written: tuple[str, ...]) -> None:
    """All of both agrees, in one of the ways in which each can be read; and keys are shared."""
    for one, other in combinations(written, 2):
        assert kind(one, other) in ("all", "all-common"), (one, other)
        assert len(heard(one) & heard(other)) > 1, (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gao Shi Lin", "Lin Gao Shi Tai"),
        ("Gao Shilin", "Lin Gaoshi"),
        ("Gao, Shi Lin", "Lin Gaoshi"),
        ("山田太郎", "ヤマダジロウ"),
        ("森健太", "森千代"),
    ],
)
def test_what_says_which_word_is_the_surname_is_heeded(one: str, other: str) -> None:
    """A comma, a hyphen or a given name in one word; and no character is read at will."""
    assert kind(one, other) not in ("all", "all-common")


@pytest.mark.parametrize("text", ["Gao Shilin", "Gao, Shi Lin", "Shi-lin Gao", "Maria Santos"])
def test_a_name_that_can_be_read_in_one_way_is_one(text: str) -> None:
    """Every further reading costs keys and comparisons."""
    assert len(read(text)) == 1


@pytest.mark.parametrize("text", ["伸之", "太郎", "たろう", "さとう", "欧阳"])
def test_a_word_that_is_one_name_is_not_parted(text: str) -> None:
    """A given name or a surname alone."""
    assert [[t.word for t in name.tokens] for name in read(text)] == [[text]]


def test_a_particle_is_no_rare_surname() -> None:
    """As a surname before one word it would be rare, in Europe and North Africa it is not."""
    assert [t.word for t in read("Di Nino")[0].tokens] == ["nino"]
    assert [t.word for t in read("Junming Di")[0].tokens] == ["junming-", "di"]
