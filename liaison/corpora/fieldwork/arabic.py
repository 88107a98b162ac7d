"""Arabic names with the Latin spellings that are in use.

The script leaves vowels out, so no table of letters gives these spellings: here is, for common
names, what stands in passports and newspapers.
"""

from __future__ import annotations

from liaison.corpora.fieldwork.words import spellings

ARABIC_MEN = spellings("""
محمد|Mohammed,Muhammad,Mohamed,Mohammad,Mohamad
أحمد|Ahmed,Ahmad,Ahmet
علي|Ali,Aly
حسن|Hassan,Hasan,Hassane
حسين|Hussein,Husayn,Hussain,Hossein
عمر|Omar,Umar,Omer
خالد|Khaled,Khalid,Chaled
يوسف|Youssef,Yousef,Yusuf,Youcef,Joussef
إبراهيم|Ibrahim,Ebrahim,Brahim
مصطفى|Mustafa,Mostafa,Moustapha,Moustafa
عبد الله|Abdullah,Abdallah,Abd Allah,Abdulla
عبد الرحمن|Abdul Rahman,Abdulrahman,Abderrahmane,Abd al-Rahman,Abdelrahman
عبد القادر|Abdelkader,Abdul Qadir,Abd al-Qadir,Abdulkader
كريم|Karim,Kareem,Kerim
سعيد|Said,Saeed,Sa'id,Saied
طارق|Tarek,Tariq,Tarik
سامي|Sami,Samy
رشيد|Rashid,Rachid,Rasheed
جمال|Jamal,Gamal,Djamel,Jamel
نبيل|Nabil,Nabeel
وليد|Walid,Waleed,Oualid
فيصل|Faisal,Faysal,Fayçal,Feisal
ياسين|Yassin,Yacine,Yaseen,Yassine
بلال|Bilal,Belal
أنس|Anas,Anass
أيمن|Ayman,Aymen,Aiman
زياد|Ziad,Ziyad,Zyad
هشام|Hisham,Hicham,Hesham
عادل|Adel,Adil
منصور|Mansour,Mansoor,Mansur
سليمان|Suleiman,Sulayman,Slimane,Soliman
قاسم|Qasim,Kassem,Kacem,Qassem
ماجد|Majid,Majed,Maged
عثمان|Othman,Uthman,Osman,Otmane
جعفر|Jaafar,Jafar,Djaafar
""")
ARABIC_WOMEN = spellings("""
فاطمة|Fatima,Fatma,Fatimah,Fatema
عائشة|Aisha,Aicha,Ayesha,Aysha
مريم|Maryam,Mariam,Meryem,Meriem
خديجة|Khadija,Khadijah,Khadidja,Chadidscha
زينب|Zainab,Zeinab,Zaynab,Zineb
ليلى|Layla,Leila,Laila,Leyla
نور|Nour,Noor,Nur
سارة|Sara,Sarah,Sarra
هدى|Huda,Houda,Hoda
أمينة|Amina,Aminah,Ameena
سلمى|Salma,Selma
رانيا|Rania,Raniya,Ranya
ياسمين|Yasmin,Yasmine,Jasmin,Yasmeen
سميرة|Samira,Sameera
نادية|Nadia,Nadiya,Nadya
حنان|Hanan,Hanane
إيمان|Iman,Imane,Eman
آية|Aya,Ayah
ملاك|Malak,Malek
دنيا|Dunia,Donia,Dounia,Dunya
رقية|Ruqayya,Rokaya,Rouqaya
سعاد|Suad,Souad
جميلة|Jamila,Djamila,Jameela,Gamila
شيماء|Shaimaa,Chaima,Shaima,Chaymae
وفاء|Wafaa,Wafa,Ouafa
بشرى|Bushra,Bouchra,Boshra
أسماء|Asma,Asmaa
لينا|Lina,Leena
حليمة|Halima,Haleema
""")
ARABIC_FAMILIES = spellings("""
الحسيني|Al-Husseini,El Husseini,Alhusseini,Al Hussaini
المصري|Al-Masri,El Masry,Almasri,Elmasri
الشامي|Al-Shami,El Chami,Alshami,Ash-Shami
العلي|Al-Ali,Alali,El Ali
الخطيب|Al-Khatib,El Khatib,Alkhatib,Elkhateeb
حداد|Haddad,Hadad,Hadded
نجار|Najjar,Najar,Naggar,Nedjar
منصوري|Mansouri,Mansoori,El Mansouri
بن علي|Ben Ali,Benali,Bin Ali
بن عمر|Ben Omar,Benomar,Bin Umar
بوعزيز|Bouaziz,Bou Aziz,Buaziz
العمري|Al-Omari,El Omari,Alomari,Al Amri
السيد|El Sayed,Al-Sayed,Elsayed,Alsayyid
القحطاني|Al-Qahtani,Alqahtani,Al Kahtani
الدوسري|Al-Dosari,Aldossari,Ad-Dawsari
الزهراني|Al-Zahrani,Alzahrani,Az-Zahrani
الغامدي|Al-Ghamdi,Alghamdi,El Ghamdi
التميمي|Al-Tamimi,Tamimi,At-Tamimi,Altamimi
الجبوري|Al-Jubouri,Aljubouri,Al Jabouri,El Jebouri
الهاشمي|Al-Hashimi,Al Hashemi,Alhashmi,El Hachemi
خليل|Khalil,Khaleel,Chalil
شريف|Sharif,Cherif,Sherif,Shareef
صالح|Saleh,Salih,Salah
ناصر|Nasser,Nasir,Naser
يونس|Younes,Yunus,Younis,Younus
عيسى|Issa,Eissa,Aissa,Isa
درويش|Darwish,Darwich,Derouiche
قاسمي|Kassemi,Qasimi,Kacimi,Qassimi
رحماني|Rahmani,Rahmany,Rehmani
زروقي|Zerrouki,Zarrouki,Zerouki
بلقاسم|Belkacem,Belqasim,Bel Kacem,Belgacem
مرابط|Merabet,Mrabet,Murabit
التونسي|Tounsi,Al-Tunisi,Ettounsi
الإدريسي|El Idrissi,Al-Idrisi,Idrissi
العلوي|Alaoui,El Alaoui,Al-Alawi
بناني|Bennani,Benani,Binnani
التازي|Tazi,Al-Tazi,Ettazi
الفاسي|El Fassi,Al-Fasi,Fassi
برادة|Berrada,Barrada
جابر|Jaber,Jabir,Gaber,Djaber
سلامة|Salameh,Salama,Selama
عباس|Abbas,Abbass
عودة|Odeh,Awda,Ouda,Audeh
زيدان|Zidan,Zidane,Zeidan,Zaydan
رمضان|Ramadan,Ramadhan,Romdhane
بركات|Barakat,Baraket,Berkat
حمدان|Hamdan,Hamdane
فارس|Fares,Faris
غانم|Ghanem,Ghanim,Ganem
طه|Taha
""")
