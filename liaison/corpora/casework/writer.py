"""Writes the parts of a person's name in a script, by the habit of a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from liaison.corpora.casework import damage, east
from liaison.corpora.casework.people import Person, feminine, patronymic
from liaison.corpora.casework.places import Place
from liaison.corpora.casework.sounds import serbian_cyrillic, sound
from liaison.corpora.casework.spellings import romanise
from liaison.corpora.casework.tables import Word

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)
FAMILY_FIRST = ("hungarian", "chinese", "korean", "japanese", "vietnamese")


@dataclass(slots=True)
class Writer:
    """Writes the names of ``person`` at ``place`` and notes the families of what went wrong."""

    person: Person
    place: Place
    random: Random
    families: list[str] = field(default_factory=list)
    plain: bool = False

    def __post_init__(self) -> None:
        """Abroad, diacritics are often lost: for the whole of a notification, or not at all."""
        foreign = self.person.origin.name != self.place.origins[0]
        self.plain = self.random.random() < (0.5 if foreign else 0.08)

    def chance(self, share: float, family: str = "") -> bool:
        """Whether something happens, noted as ``family``."""
        happens = self.random.random() < share
        if happens and family:
            self.families.append(family)
        return happens

    def latin(self, word: Word, *, habit: str = "", surname: bool = False) -> str:
        """One word in Latin letters by the habit of the place."""
        script = self.person.origin.script
        match script:
            case "latin" | "gaj":
                return self._unmarked(word.native) if self.plain else word.native
            case "han":
                return east.chinese(word.reading, self.random, surname=surname)
            case "hangul":
                return east.korean(word.native, self.random, surname=surname)
            case "kanji":
                return east.japanese(word.reading, self.random)
        return romanise(sound(word, script), script, habit or self.place.habit, self.random)

    def _unmarked(self, text: str) -> str:
        german = self.person.origin.name in ("german", "swedish", "turkish")
        if german and self.place.habit in ("de", "nl", "sv", "icao"):
            text = text.translate(_UMLAUTS)
        if self.person.origin.script == "gaj":
            text = text.replace("đ", "dj").replace("Đ", "Dj")
        return damage.bare(text)

    def family(self, *, other: bool = False, masculine: bool = False) -> list[Word]:
        """The surnames as the person bears them."""
        person = self.person
        words = person.other_family if other and person.other_family else person.family
        if person.sex == "f" and not masculine:
            return [feminine(word, person.origin) for word in words]
        return list(words)

    def native(self) -> str:
        """Everything in the script of the origin, as a civil register has it."""
        person, script = self.person, self.person.origin.script
        given = [word.native for word in person.given]
        family = [word.native for word in self.family()]
        if script in ("han", "hangul", "kanji"):
            joint = " " if script == "kanji" and self.random.random() < 0.4 else ""
            return "".join(family) + joint + "".join(given)
        if person.father and script.startswith("cyrillic"):
            second = patronymic(person.father, person.origin, person.sex)
            given.append(second.native if second else "")
        parts = [*given, *family]
        if script.startswith("cyrillic") and self.random.random() < 0.5:
            parts = [*family, *given]
        return serbian_cyrillic(damage.joined(parts)) if script == "gaj" else damage.joined(parts)
