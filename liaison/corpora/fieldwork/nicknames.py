"""Short and pet forms of given names, by origin: what friends and chat partners call a person."""

from __future__ import annotations

from liaison.corpora.fieldwork.words import listed


def _table(text: str) -> dict[str, tuple[str, ...]]:
    entries = (line.partition(":") for line in text.replace("\n", ";").split(";") if ":" in line)
    return {name.strip(): tuple(forms.strip().split(",")) for name, _, forms in entries}


NICKNAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "english": _table("""
William:Bill,Will,Billy,Liam;Robert:Bob,Rob,Bobby;Richard:Dick,Rick,Rich;James:Jim,Jimmy,Jamie;John:Jack,Johnny
Michael:Mike,Mick,Mikey;Thomas:Tom,Tommy;Christopher:Chris,Kit;Daniel:Dan,Danny;Matthew:Matt;Joseph:Joe,Joey
Anthony:Tony;Andrew:Andy,Drew;Edward:Ed,Ted,Eddie;Charles:Charlie,Chuck;Stephen:Steve;Steven:Steve;David:Dave,Davey
Benjamin:Ben;Samuel:Sam,Sammy;Alexander:Alex,Sandy;Nicholas:Nick,Nicky;Patrick:Pat,Paddy;Jonathan:Jon;Joshua:Josh
Timothy:Tim;Gregory:Greg;Kenneth:Ken;Lawrence:Larry;Ronald:Ron;Raymond:Ray;Peter:Pete;Zachary:Zach;Jacob:Jake
Elizabeth:Liz,Beth,Betty,Lizzie,Eliza;Katherine:Kate,Kathy,Katie;Catherine:Cathy,Kate;Kathleen:Kathy;Margaret:Maggie,Peggy,Meg
Jennifer:Jen,Jenny;Jessica:Jess,Jessie;Rebecca:Becky,Becca;Susan:Sue,Susie;Patricia:Pat,Patty,Tricia;Deborah:Debbie
Barbara:Barb;Victoria:Vicky,Tori;Samantha:Sam;Alexandra:Alex,Sandra;Amanda:Mandy;Christine:Chris,Chrissy;Pamela:Pam
Cynthia:Cindy;Sandra:Sandy;Abigail:Abby;Sarah:Sally;Mary:Molly,Polly;Emily:Em,Emmy;Stephanie:Steph;Kimberly:Kim"""),
    "german": _table("""
Johannes:Hans,Hannes,Jo;Friedrich:Fritz;Wilhelm:Willi;Heinrich:Heinz;Josef:Sepp,Jupp;Maximilian:Max;Alexander:Alex
Sebastian:Basti;Matthias:Matze;Andreas:Andi;Stefan:Steffen;Thomas:Tom;Michael:Michi;Christian:Chris;Florian:Flo
Katharina:Kathi,Käthe;Elisabeth:Lisa,Elli,Sissi;Susanne:Susi;Franziska:Franzi;Johanna:Hanna;Gabriele:Gabi
Margarete:Grete;Magdalena:Leni;Christine:Christel;Ulrike:Uli;Angelika:Geli;Anna:Anni"""),
    "french": _table("""
Alexandre:Alex;Nicolas:Nico;Frédéric:Fred;Christophe:Chris;Benoît:Ben;Antoine:Toine;Grégoire:Greg;Sébastien:Seb
Philippe:Phil;Laurent:Lolo;Joséphine:José;Stéphanie:Steph;Valérie:Val;Catherine:Cathy;Dominique:Dom;Isabelle:Isa
Alexandrie:Alex;Charlotte:Lotte,Charlie;Élisabeth:Babette;Margaux:Margot;Caroline:Caro;Michelle:Mimi"""),
    "spanish": _table("""
José:Pepe;Francisco:Paco,Pancho,Curro;Ignacio:Nacho;Manuel:Manolo;Enrique:Quique;Rafael:Rafa;Alejandro:Álex,Jandro
Antonio:Toño,Toni;Jesús:Chuy,Chus;Guillermo:Memo,Guille;Eduardo:Lalo,Edu;Santiago:Santi;Sebastián:Sebas;Luis:Lucho
María:Mari;Dolores:Lola;Concepción:Concha;Guadalupe:Lupe;Isabel:Isa;Mercedes:Merche;Pilar:Pili;Rosario:Charo;Teresa:Tere
Francisca:Paca;Josefa:Pepa;Beatriz:Bea;Alejandra:Ale;Patricia:Patri;Cristina:Cris"""),
    "portuguese": _table("""
José:Zé,Zeca;Francisco:Chico;Antônio:Tonico;João:Joca;Luiz:Lula;Eduardo:Edu,Duda;Rafael:Rafa;Gustavo:Guga;Carlos:Cacá
Maria:Mari;Fernanda:Nanda;Gabriela:Gabi;Isabella:Bela,Isa;Beatriz:Bia;Carolina:Carol;Leandro:Lê;Alexandre:Alê,Xande
Daniela:Dani;Rodrigo:Digo"""),
    "italian": _table("""
Giuseppe:Beppe,Peppe,Pino;Francesco:Franco,Ciccio;Giovanni:Gianni,Nanni;Antonio:Tonino,Toni;Luigi:Gigi;Salvatore:Totò
Alessandro:Sandro,Ale;Vincenzo:Enzo;Lorenzo:Renzo;Domenico:Mimmo;Raffaele:Lele;Federico:Fede;Elisabetta:Betta
Francesca:Franca;Giuseppina:Pina;Alessandra:Sandra;Antonietta:Tonia;Margherita:Rita;Rosa:Rosetta"""),
    "dutch": _table(
        "Johannes:Jan,Hans;Willem:Wim;Hendrik:Henk;Cornelis:Kees;Elisabeth:Lies;Sebastiaan:Bas;Thomas:Tom"
    ),
    "polish": _table("""
Jakub:Kuba;Aleksander:Olek;Aleksandra:Ola;Katarzyna:Kasia;Małgorzata:Gosia;Krzysztof:Krzysiek;Stanisław:Staszek
Anna:Ania;Joanna:Asia;Agnieszka:Aga;Tomasz:Tomek;Michał:Misiek;Łukasz:Łukaszek;Mateusz:Mati;Jan:Janek;Ewa:Ewka
Natalia:Nati;Barbara:Basia;Magdalena:Magda;Kamila:Kama;Maksymilian:Maks;Sebastian:Seba;Piotr:Piotrek"""),
    "czech": _table("""
Josef:Pepa;František:Franta;Jan:Honza;Jiří:Jirka;Karel:Kája;Václav:Vašek;Tomáš:Tom;Jakub:Kuba;Alexandra:Saša
Anna:Anička;Kateřina:Katka;Alena:Alenka;Eliška:Elis;Vojtěch:Vojta;Martina:Marťa;Jana:Janička;Lucie:Lucka"""),
    "hungarian": _table("""
István:Pisti;László:Laci;József:Józsi;János:Jancsi;Sándor:Sanyi;Ferenc:Feri;Erzsébet:Erzsi,Bözsi;Katalin:Kati
Mária:Marika;Zoltán:Zoli;Tamás:Tomi;Gábor:Gabi;Zsuzsanna:Zsuzsi;Ilona:Ili;András:Bandi;Attila:Ati"""),
    "russian": _table("""
Александр:Саша,Шура;Александра:Саша;Дмитрий:Дима,Митя;Алексей:Лёша,Алёша;Сергей:Серёжа;Иван:Ваня;Михаил:Миша
Николай:Коля;Владимир:Вова,Володя;Евгений:Женя;Анастасия:Настя;Мария:Маша;Екатерина:Катя;Елена:Лена;Наталья:Наташа
Татьяна:Таня;Ольга:Оля;Анна:Аня;Юлия:Юля;Дарья:Даша;Павел:Паша;Константин:Костя;Василий:Вася;Светлана:Света
Людмила:Люда;София:Соня;Полина:Поля;Виктория:Вика;Ксения:Ксюша;Максим:Макс;Виктор:Витя;Роман:Рома;Ирина:Ира"""),
    "ukrainian": _table("""
Олександр:Сашко,Саша;Дмитро:Діма;Микола:Коля;Михайло:Міша;Володимир:Вова;Андрій:Андрійко;Наталія:Наташа
Катерина:Катя;Олена:Лена,Оленка;Ганна:Аня;Марія:Маша;Євген:Женя;Анастасія:Настя;Тетяна:Таня;Юлія:Юля;Іван:Ваня"""),
    "greek": _table("""
Ιωάννης:Γιάννης;Γεώργιος:Γιώργος;Κωνσταντίνος:Κώστας,Ντίνος;Δημήτριος:Δημήτρης,Μήτσος;Νικόλαος:Νίκος
Αθανάσιος:Θανάσης;Παναγιώτης:Πάνος,Τάκης;Εμμανουήλ:Μανώλης;Βασίλειος:Βασίλης;Ευάγγελος:Βαγγέλης;Σπυρίδων:Σπύρος
Χαράλαμπος:Μπάμπης;Αικατερίνη:Κατερίνα;Ελένη:Λένα;Αναστασία:Νατάσα;Δήμητρα:Μίμη;Αλέξανδρος:Αλέκος;Βασιλική:Βάσω"""),
    "hebrew": _table(
        "יוסף:יוסי;יצחק:איציק;אברהם:אבי;יעקב:קובי;יהונתן:יוני;דניאל:דני;שמעון:שימי;מיכאל:מיקי;אליהו:אלי"
    ),
    "turkish": _table(
        "Mehmet:Memo;İbrahim:İbo;Hasan:Haso;Süleyman:Sülo;Fatma:Fatoş;Ayşe:Ayş;Mustafa:Musti"
    ),
}
NICKNAMES["filipino"] = NICKNAMES["english"]

SPELLED = {"יוסי": "Yossi", "איציק": "Itzik", "אבי": "Avi", "קובי": "Kobi", "יוני": "Yoni",
           "דני": "Danny", "שימי": "Shimi", "מיקי": "Miki", "אלי": "Eli"}  # fmt: skip
"""Hebrew forms in Latin letters."""

COGNATES = dict(pair.split(":") for pair in listed("""
Олександр:Александр Олександра:Александра Наталія:Наталья Сергій:Сергей Ганна:Анна
Дмитро:Дмитрий Микола:Николай Катерина:Екатерина Михайло:Михаил Олена:Елена Володимир:Владимир
Юлія:Юлия Андрій:Андрей Олексій:Алексей Ірина:Ирина Тетяна:Татьяна Євген:Евгений Павло:Павел
Марія:Мария Анастасія:Анастасия Василь:Василий Григорій:Григорий Євгенія:Евгения Віктор:Виктор
Вікторія:Виктория Софія:София Максим:Максим Ілля:Илья Петро:Пётр Степан:Степан Дарія:Дарья
Світлана:Светлана
"""))  # fmt: skip
"""Ukrainian given names and what Russian papers make of them."""
