"""Hebrew names with the Latin spellings that are in use.

The script leaves vowels out, so no table of letters gives these spellings: here is, for common
names, what stands in passports and newspapers.
"""

from __future__ import annotations

from liaison.corpora.fieldwork.words import spellings

HEBREW_MEN = spellings("""
יוסף|Yosef,Joseph,Yossef
דוד|David,Dawid
משה|Moshe,Moshé,Moses
אברהם|Avraham,Abraham,Avrohom
יצחק|Yitzhak,Itzhak,Yitzchak,Isaac
יעקב|Yaakov,Jacob,Ya'akov,Yakov
חיים|Haim,Chaim,Hayim
שלמה|Shlomo,Solomon,Schlomo
מיכאל|Michael,Mikhael
דניאל|Daniel
יהונתן|Yehonatan,Jonathan,Yonatan
נועם|Noam
אריאל|Ariel
איתי|Itai,Itay,Etai
עמית|Amit
גיא|Guy
אורי|Uri,Ori
נתן|Natan,Nathan
אליהו|Eliyahu,Eliahu,Elijah
יהודה|Yehuda,Jehuda,Judah
שמעון|Shimon,Simon,Schimon
צבי|Zvi,Tzvi,Tsvi
עומר|Omer
רועי|Roi,Roee,Ro'i
אבי|Avi
""")
HEBREW_WOMEN = spellings("""
שרה|Sara,Sarah
רחל|Rachel,Rahel
חנה|Hannah,Chana,Hana
מרים|Miriam,Miryam
אסתר|Ester,Esther
רבקה|Rivka,Rebecca
לאה|Leah,Lea
נועה|Noa,Noah
תמר|Tamar
מיכל|Michal,Mikhal
יעל|Yael,Yaël
שירה|Shira,Schira
אביגיל|Avigail,Abigail
איילת|Ayelet,Ayelette
ענת|Anat
אורלי|Orly,Orli
דנה|Dana
הדס|Hadas,Hadass
מאיה|Maya,Maia
טליה|Talia,Talya
חוה|Hava,Chava,Eva
רות|Ruth,Rut
""")
HEBREW_FAMILIES = spellings("""
כהן|Cohen,Kohen,Kahan
לוי|Levy,Levi,Lévy
מזרחי|Mizrahi,Mizrachi
פרץ|Peretz,Perez,Perets
ביטון|Biton,Bitton
דהן|Dahan
אברהם|Avraham,Abraham
פרידמן|Friedman,Fridman,Friedmann
מלכה|Malka,Malca
אזולאי|Azoulay,Azulai,Azoulai
כץ|Katz,Kats
יוסף|Yosef,Yossef
דוד|David
עמר|Amar,Ammar
אוחיון|Ohayon,Ohayun,Ochayon
חדד|Hadad,Haddad
גבאי|Gabay,Gabai,Gabbay
בן דוד|Ben David,Ben-David,Bendavid
אדרי|Edri,Edry,Adri
לוין|Levin,Levine,Lewin
טל|Tal
קליין|Klein,Kleyn
חן|Chen,Hen
שפירא|Shapira,Shapiro,Schapira
רוזנברג|Rosenberg,Rozenberg
גולדשטיין|Goldstein,Goldshtein
גרינברג|Greenberg,Grinberg,Grünberg
ברקוביץ|Berkovich,Berkowitz,Bercovici
אשכנזי|Ashkenazi,Aschkenasi
בן שמעון|Ben Shimon,Ben-Shimon,Benshimon
שטרן|Stern,Shtern
סגל|Segal,Segall
רוזן|Rosen,Rozen
וייס|Weiss,Weis,Vais
הרוש|Harush,Haroush,Arroush
יפה|Yaffe,Jaffe,Yafe
צדוק|Tzadok,Zadok,Tsadok
נחום|Nahum,Nachum,Nahoum
ברוך|Baruch,Barukh
סויסה|Suissa,Swissa,Soussa
""")
