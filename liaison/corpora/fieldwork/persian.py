"""Persian names with the Latin spellings that are in use.

The script leaves vowels out, so no table of letters gives these spellings: here is, for common
names, what stands in passports and newspapers.
"""

from __future__ import annotations

from liaison.corpora.fieldwork.words import spellings

PERSIAN_MEN = spellings("""
محمد|Mohammad,Mohamad,Muhammad
علی|Ali
رضا|Reza,Riza,Rezā
حسین|Hossein,Hosein,Hussein
امیر|Amir,Ameer
مهدی|Mehdi,Mahdi
محمدرضا|Mohammadreza,Mohammad Reza,Mohamad-Reza
علیرضا|Alireza,Ali Reza,Ali-Reza
حمید|Hamid,Hameed
سعید|Saeed,Said,Saeid
مجید|Majid,Majeed
آرش|Arash,Aarash
بهرام|Bahram,Behram
داریوش|Dariush,Darioush,Daryoush
کامران|Kamran,Kamraan
فرهاد|Farhad,Ferhad
نیما|Nima,Neema
پارسا|Parsa
سینا|Sina,Cina
کیان|Kian,Kiyan,Keyan
ابوالفضل|Abolfazl,Abulfazl,Abolfazel
یوسف|Yousef,Yusef,Youssef
عباس|Abbas
آرمان|Arman,Armaan
""")
PERSIAN_WOMEN = spellings("""
فاطمه|Fatemeh,Fatima,Fateme
زهرا|Zahra,Zohra
مریم|Maryam,Mariam
زینب|Zeinab,Zaynab,Zeynab
سارا|Sara,Sarah
نرگس|Narges,Nargess,Nargis
مهسا|Mahsa
الناز|Elnaz
نازنین|Nazanin,Nazaneen
شیرین|Shirin,Shireen
نیلوفر|Niloufar,Nilufar,Niloofar
یاسمین|Yasamin,Yasmin,Yasaman
لیلا|Leila,Leyla
پریسا|Parisa,Pareesa
سمیرا|Samira
معصومه|Masoumeh,Masumeh,Massoumeh
ریحانه|Reyhaneh,Reihaneh,Rayhaneh
آیدا|Aida,Ayda
هانیه|Hanieh,Haniyeh
باران|Baran
""")
PERSIAN_FAMILIES = spellings("""
محمدی|Mohammadi,Mohamadi,Muhammadi
احمدی|Ahmadi
حسینی|Hosseini,Hoseini,Husseini
رضایی|Rezaei,Rezai,Rezaee,Rezaie
کریمی|Karimi,Kareemi
موسوی|Mousavi,Moosavi,Musavi
هاشمی|Hashemi,Hashimi
جعفری|Jafari,Jaafari
رحیمی|Rahimi
صادقی|Sadeghi,Sadeqi,Sadighi
قاسمی|Ghasemi,Qasemi,Ghassemi
مرادی|Moradi,Muradi
عباسی|Abbasi,Abassi
علوی|Alavi
شریفی|Sharifi
نوری|Nouri,Noori,Nuri
یزدی|Yazdi
تهرانی|Tehrani
کرمانی|Kermani
اصفهانی|Esfahani,Isfahani
شیرازی|Shirazi
زارع|Zare,Zarei
رستمی|Rostami,Rustami
فرهادی|Farhadi
بهرامی|Bahrami
سلطانی|Soltani,Sultani
اکبری|Akbari
میرزایی|Mirzaei,Mirzai,Mirzaee
قربانی|Ghorbani,Qorbani
حیدری|Heidari,Heydari,Haydari
نجفی|Najafi
رفیعی|Rafiei,Rafii
عزیزی|Azizi
نعمتی|Nemati,Ne'mati
جلالی|Jalali
امینی|Amini
طاهری|Taheri,Tahiri
کاظمی|Kazemi,Kazimi
""")
