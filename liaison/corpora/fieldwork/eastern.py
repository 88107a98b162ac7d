"""Chinese, Korean, Japanese and Thai names, and the ways in which they are put in Latin letters.

Chinese: pinyin and Wade–Giles, by ``pypinyin``. Korean: Revised Romanization (2000),
McCune–Reischauer (1939), and what passports and people have. Japanese: Hepburn without and with
macrons, with the long vowels spelled, Kunrei (ISO 3602). Thai: RTGS and what passports have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from liaison.corpora.fieldwork.words import Word, listed

Pinyin = Callable[[str, bool], Sequence[str]]
"""From characters, and whether Wade–Giles is wanted, to syllables."""


def chinese(text: str, pinyin: Pinyin) -> Word:
    """Schemes: pinyin, spaced, Wade–Giles, Wade–Giles without apostrophes, hyphenated pinyin."""
    syllables = [s.replace("v", "ü") for s in pinyin(text, False)]
    wade = [s.replace("v", "ü").replace("’", "'") for s in pinyin(text, True)]
    plain = [s.replace("ü", "u") if s[0] in "jqxy" else s.replace("ü", "yu") for s in syllables]
    return Word(
        text,
        (
            "".join(plain).capitalize(),
            " ".join(s.capitalize() for s in plain),
            "-".join(wade).capitalize(),
            "-".join(s.capitalize().replace("'", "").replace("ü", "u") for s in wade),
            "-".join(s.replace("ü", "u") for s in syllables).capitalize(),
        ),
        schemes=True,
    )


_STARTS = listed("g kk n d tt r m b pp s ss _ j jj ch k t p h")
_VOWELS = listed("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i")
_ENDS = listed("_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t")
_MR_STARTS = listed("k kk n t tt r m p pp s ss _ ch tch ch' k' t' p' h")
_MR_VOWELS = listed("a ae ya yae ŏ e yŏ ye o wa wae oe yo u wŏ we wi yu ŭ ŭi i")
_HABIT = dict(
    pair.split(":")
    for pair in listed("""
현:hyun 영:young 준:joon 희:hee 성:sung 정:jung 경:kyung 수:soo 우:woo 주:joo 철:chul
훈:hoon 석:suk 건:kun 연:youn 숙:sook 순:soon 은:eun 승:seung 혁:hyuk 병:byung 식:sik 원:won
윤:yoon 서:suh 선:sun 혜:hye 재:jae 동:dong 춘:choon 옥:ok 자:ja 길:kil 웅:woong
""")
)
_SURNAMES = dict(
    pair.split(":")
    for pair in listed("""
김:Kim 이:Lee,Yi,Rhee 박:Park,Pak 정:Jung,Chung,Jeong 최:Choi,Choe 조:Cho,Jo
강:Kang,Gang 윤:Yoon,Yun 장:Jang,Chang 임:Lim,Im,Yim 한:Han 오:Oh,O 서:Seo,Suh
신:Shin,Sin 권:Kwon,Gwon 황:Hwang 안:Ahn,An 송:Song 류:Ryu,Yoo 전:Jeon,Chun,Jun 홍:Hong
고:Ko,Koh,Go 문:Moon,Mun 양:Yang 손:Son,Sohn 배:Bae,Pae 백:Baek,Paik,Back
허:Heo,Huh,Hur 유:Yoo,Yu,You 남:Nam 심:Shim,Sim 노:Noh,Roh,No 하:Ha 곽:Kwak,Gwak
성:Sung,Seong 차:Cha 주:Joo,Ju 우:Woo,Wu 구:Koo,Ku,Gu 나:Na,Ra 민:Min 진:Jin,Chin
지:Ji,Chi 엄:Eom,Um
""")
)


def _syllable(letter: str, starts: list[str], vowels: list[str]) -> str:
    number = ord(letter) - 0xAC00
    parts = starts[number // 588], vowels[number % 588 // 28], _ENDS[number % 28]
    return "".join(part.replace("_", "") for part in parts)


def korean(text: str) -> Word:
    """A given name. Schemes: Revised hyphenated, joined, habit, habit spaced, McCune–Reischauer."""
    revised = [_syllable(c, _STARTS, _VOWELS) for c in text]
    habit = [_HABIT.get(c, r) for c, r in zip(text, revised, strict=True)]
    mr = [_syllable(c, _MR_STARTS, _MR_VOWELS) for c in text]
    return Word(
        text,
        (
            "-".join(revised).capitalize(),
            "".join(revised).capitalize(),
            "-".join(habit).capitalize(),
            " ".join(s.capitalize() for s in habit),
            "-".join(mr).capitalize(),
        ),
        schemes=True,
    )


def korean_surname(text: str) -> Word:
    """With the spellings that passports have."""
    return Word(text, tuple(_SURNAMES[text].split(",")))


_KANA = listed("""
ア a イ i ウ u エ e オ o カ ka キ ki ク ku ケ ke コ ko サ sa シ shi ス su セ se ソ so タ ta
チ chi ツ tsu テ te ト
to ナ na ニ ni ヌ nu ネ ne ノ no ハ ha ヒ hi フ fu ヘ he ホ ho マ ma ミ mi ム mu メ me モ
mo ヤ ya ユ yu ヨ yo ラ
ra リ ri ル ru レ re ロ ro ワ wa ン n ガ ga ギ gi グ gu ゲ ge ゴ go ザ za ジ ji ズ zu ゼ
ze ゾ zo ダ da ヂ ji ヅ zu
デ de ド do バ ba ビ bi ブ bu ベ be ボ bo パ pa ピ pi プ pu ペ pe ポ po
""")
_SOUNDS = dict(zip(_KANA[::2], _KANA[1::2], strict=True))
_KUNREI = [
    pair.split(":")
    for pair in listed("""
sha:sya shu:syu sho:syo shi:si cha:tya chu:tyu cho:tyo chi:ti tsu:tu
ja:zya ju:zyu jo:zyo ji:zi fu:hu
""")
]
_SMALL = {"ャ": "ya", "ュ": "yu", "ョ": "yo"}


def _spelled(kana: str) -> str:
    out = ""
    for position, letter in enumerate(kana):
        if letter in _SMALL:
            glide = _SMALL[letter]
            out = out[:-1] + (glide[1:] if out.endswith(("shi", "chi", "ji")) else glide)
        elif letter == "ッ":
            out += _SOUNDS[kana[position + 1]][0]
        else:
            out += _SOUNDS[letter]
    return out


def japanese(written: str, kana: str) -> Word:
    """Schemes: passport, with macrons, long vowels spelled, with h, Kunrei."""
    full = _spelled(kana)
    short = full.replace("ou", "o").replace("oo", "o").replace("uu", "u")
    macron = full.replace("ou", "ō").replace("oo", "ō").replace("uu", "ū")
    with_h = full.replace("ou", "oh").replace("oo", "oh").replace("uu", "u")
    kunrei = full.replace("ou", "ô").replace("oo", "ô").replace("uu", "û")
    for hepburn, iso in _KUNREI:
        kunrei = kunrei.replace(hepburn, iso)
    spellings = (short, macron, full, with_h, kunrei)
    return Word(written, tuple(x.capitalize() for x in spellings), schemes=True, kana=kana)


def _pairs(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


JAPANESE_SURNAMES = _pairs("""
大野 オオノ 小野 オノ 竹内 タケウチ 金子 カネコ 和田 ワダ 中野 ナカノ 石田 イシダ
上田 ウエダ 森田 モリタ 原 ハラ
柴田 シバタ 酒井 サカイ 工藤 クドウ 横山 ヨコヤマ 宮崎 ミヤザキ 宮本 ミヤモト 内田 ウチダ
高木 タカギ 安藤 アンドウ
谷口 タニグチ 大塚 オオツカ 丸山 マルヤマ 今井 イマイ 河野 コウノ 藤本 フジモト 村田 ムラタ
武田 タケダ 上野 ウエノ
杉山 スギヤマ 増田 マスダ 平野 ヒラノ 菅原 スガワラ 小島 コジマ 千葉 チバ 久保 クボ
松井 マツイ 岩崎 イワサキ
桜井 サクライ 野口 ノグチ 松尾 マツオ
""")
JAPANESE_MEN = _pairs("""
大輝 ダイキ 蓮 レン 悠真 ユウマ 陽翔 ハルト 湊 ミナト 颯太 ソウタ 海斗 カイト 健太 ケンタ
大輔 ダイスケ 誠 マコト
剛 ツヨシ 隆 タカシ 正樹 マサキ 雄一 ユウイチ 慎吾 シンゴ 達也 タツヤ 恵介 ケイスケ
光 ヒカル 龍之介 リュウノスケ
一郎 イチロウ
""")
JAPANESE_WOMEN = _pairs("""
葵 アオイ 陽菜 ヒナ 凛 リン 結菜 ユウナ 咲良 サクラ 美咲 ミサキ 優子 ユウコ 恵子 ケイコ
由美 ユミ 智子 トモコ 彩 アヤ
麻衣 マイ 愛 アイ 千尋 チヒロ 奈々 ナナ 涼子 リョウコ 京子 キョウコ 真由美 マユミ
沙織 サオリ 純子 ジュンコ
""")


def _thai(text: str) -> list[Word]:
    lines = (item.split("|") for item in text.split())
    return [Word(native, tuple(latin.split(","))) for native, latin in lines]


THAI_MEN = _thai("""
สมชาย|Somchai,Somchay สมศักดิ์|Somsak,Somsakdi ธนากร|Thanakorn,Thanakon,Tanakorn
ณัฐพล|Nattapon,Natthaphon,Nuttapol กิตติ|Kitti,Kitty วิชัย|Wichai,Vichai
ประเสริฐ|Prasert,Prasoet อนุชา|Anucha พงศกร|Phongsakon,Pongsakorn
ชัยวัฒน์|Chaiwat,Chaiyawat ธีรพงษ์|Theerapong,Thiraphong ปกรณ์|Pakorn,Pakon
ภูมิ|Phum,Poom กฤษณะ|Kritsana,Krisana สุรชัย|Surachai วรพล|Worapon,Woraphon,Vorapol
ศุภชัย|Supachai,Suphachai นพดล|Nopadol,Noppadon ภัทร|Pat,Phat อภิชาติ|Apichat,Aphichat
เอกชัย|Ekachai,Eakachai
""")
THAI_WOMEN = _thai("""
สมหญิง|Somying สุดา|Suda มาลี|Malee,Mali พรทิพย์|Porntip,Phonthip อรทัย|Orathai
วิไล|Wilai,Vilai กนกวรรณ|Kanokwan ณัฐธิดา|Natthida,Nuttida สุภาพร|Supaporn,Suphaphon
จันทร์เพ็ญ|Chanpen,Janpen นภา|Napa,Napha พิมพ์|Pim,Phim ชนิดา|Chanida,Shanida
ปรียา|Preeya,Priya รัตนา|Rattana,Ratana ศิริพร|Siriporn,Siriphon
วราภรณ์|Waraporn,Waraphon,Varaporn ธิดา|Thida,Tida เบญจมาศ|Benjamas,Benchamat
อัญชลี|Anchalee,Anchali ลลิตา|Lalita
""")
THAI_FAMILIES = _thai("""
ใจดี|Jaidee,Chaidi แก้วใส|Kaewsai,Kaeosai สุขสวัสดิ์|Suksawat,Sooksawat
ศรีสุข|Srisuk,Sisuk ทองดี|Thongdee,Thongdi,Tongdee บุญมี|Boonmee,Bunmi
รักไทย|Rakthai,Rukthai วงศ์สวัสดิ์|Wongsawat,Vongsawat พงษ์พานิช|Phongphanit,Pongpanich
จันทร์แก้ว|Chankaew,Jankaew,Chankaeo สายทอง|Saithong,Saitong
เพชรรัตน์|Phetcharat,Petcharat ชัยมงคล|Chaimongkol,Chaimongkhon
ศรีวิชัย|Sriwichai,Siwichai,Srivichai แสงทอง|Saengthong,Sangthong
พูลสวัสดิ์|Poonsawat,Phunsawat ดวงดี|Duangdee,Duangdi นิลวรรณ|Ninlawan,Nilawan
วัฒนา|Wattana,Watthana,Vatana สุวรรณ|Suwan,Suwanna จันทร์หอม|Chanhom,Janhom
บุญเรือง|Boonruang,Bunrueang คำแก้ว|Khamkaew,Kamkaew ทองคำ|Thongkham,Tongkam
ศรีทอง|Srithong,Sithong อินทร์แก้ว|Inkaew,Inkaeo พรหมมา|Promma,Phromma
ชูศรี|Choosri,Chusi มณีรัตน์|Maneerat,Manirat ปัญญา|Panya สมบูรณ์|Somboon,Sombun
เจริญสุข|Charoensuk,Jaroensuk กิตติวัฒน์|Kittiwat วิเศษ|Wiset,Viset ยอดรัก|Yodrak,Yotrak
แซ่ลิ้ม|Saelim,Sae-Lim แซ่ตั้ง|Saetang,Sae-Tang ประสิทธิ์|Prasit
""")
