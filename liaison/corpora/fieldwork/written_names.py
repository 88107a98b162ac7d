"""A name as a reporter writes it: script, romanisation, parts, order, and slips."""

from __future__ import annotations

from random import Random

from liaison.corpora.fieldwork.origin import Origin, scheme
from liaison.corpora.fieldwork.person import Person
from liaison.corpora.fieldwork.places import Place
from liaison.corpora.fieldwork.slips import mistyped
from liaison.corpora.fieldwork.words import Word, bare, digraphs

_JOINED = ("han", "hangul", "kana")
"""Scripts in which surname and given name stand together."""


class Writing:
    """How one name is being written; collects the families of what is done to it."""

    def __init__(self, rng: Random, person: Person, place: Place) -> None:
        self.rng = rng
        self.person = person
        self.origin: Origin = person.origin
        self.families: set[str] = set()
        at_home = place.script == self.origin.script
        self.native = self.origin.script != "latin" and rng.random() < (0.8 if at_home else 0.08)
        self.kana = rng.random() < 0.15
        self.official = rng.random() < 0.5
        self.scheme = scheme(self.origin, rng, place.code)
        self.foreign = place.code not in (person.home, *self.origin.countries)
        self.accents = rng.random()
        if self.origin.script != "latin":
            self.families.add("native-script" if self.native else "romanised")
        if self.kana and self.native and self.origin.script == "kana":
            self.families.add("kana")

    def text(self, *, loose: bool) -> str:
        """The name as one text; a ``loose`` report has nicknames and parts of names more often."""
        rng, person = self.rng, self.person
        given = self._given(loose)
        if rng.random() < (0.07 if loose else 0.012):
            self.families.add("given-only")
            return self._finished(given)
        surname = self._surname()
        middle = self._middle()
        if self.native and self.origin.script in _JOINED:
            space = " " if rng.random() < 0.35 else ""
            return self._finished(f"{surname}{space}{given}")
        return self._finished(self._ordered(given, middle, surname, person.origin.family_first))

    def _word(self, word: Word) -> str:
        if self.native:
            return (self.kana and word.kana) or word.native
        if self.origin.script == "latin":
            return self._accented(word.native)
        if self.official:
            own = Random(f"{self.person.key} {word.native}")
            return word.spelled(own, self.person.passport)
        return word.spelled(self.rng, self.scheme)

    def _accented(self, text: str) -> str:
        plain = bare(text)
        if plain == text or self.accents < (0.35 if self.foreign else 0.75):
            return text
        self.families.add("diacritics")
        return digraphs(text) if self.accents > 0.85 else plain

    def _given(self, loose: bool) -> str:
        rng, person, origin = self.rng, self.person, self.origin
        short = origin.nicknames.get(person.given.native)
        if short and rng.random() < (0.22 if loose else 0.08):
            self.families.add("nickname")
            return self._word(rng.choice(short))
        cognate = origin.cognates.get(person.given.native)
        if cognate and rng.random() < 0.15:
            self.families.add("translated")
            return self._word(cognate)
        given = self._word(person.given)
        if not self.native and rng.random() < 0.03:
            self.families.add("initial")
            return given[0] + rng.choice((".", ""))
        return self._slipped(given)

    def _slipped(self, word: str) -> str:
        if self.rng.random() < 0.035:
            wrong = mistyped(self.rng, word)
            if wrong != word:
                self.families.add("typo")
                return wrong
        return word

    def _surname(self) -> str:
        rng, person = self.rng, self.person
        words = [family.of(person.sex) for family in person.surnames]
        if person.married and rng.random() < 0.4:
            self.families.add("married")
            married = self._word(person.married.of(person.sex))
            return f"{self._word(words[0])}-{married}" if rng.random() < 0.2 else married
        family = person.surnames[0]
        if family.male != family.female and rng.random() < 0.04:
            self.families.add("gender-form")
            words[0] = family.male if person.sex == "f" else family.female
        if len(words) > 1 and rng.random() < 0.45:
            self.families.add("second-surname")
            words = words[:1] if self.origin.code == "spanish" or rng.random() < 0.3 else words[-1:]
        spelled = [self._word(word) for word in words]
        joint = " e " if self.origin.code == "portuguese" and rng.random() < 0.1 else " "
        joint = "-" if rng.random() < 0.06 else joint
        return self._particle() + self._slipped(joint.join(spelled))

    def _particle(self) -> str:
        particle = self.person.particle
        if not particle:
            return ""
        kind = self.rng.random()
        if kind < 0.65:
            return particle + ("" if particle.endswith("'") else " ")
        self.families.add("particle")
        return "" if kind < 0.85 else particle.replace(" ", "").title()

    def _middle(self) -> str:
        rng, person = self.rng, self.person
        if not person.middles:
            return ""
        kind = rng.random()
        full = {"patronymic": 0.4 if self.native else 0.25, "father": 0.35, "maiden": 0.25}
        if kind < full.get(self.origin.middle, 0.35):
            return " ".join(self._word(word) for word in person.middles)
        self.families.add("middle")
        if kind < 0.5 and not self.native:
            return self._word(person.middles[0])[0] + rng.choice(".. ")
        return ""

    def _ordered(self, given: str, middle: str, surname: str, family_first: bool) -> str:
        rng = self.rng
        kind = rng.random()
        first = f"{given} {middle}".strip()
        if family_first:
            if self.native or kind < (0.4 if self.foreign else 0.75):
                vietnamese = self.origin.code == "vietnamese"
                return f"{surname} {middle} {given}" if vietnamese else f"{surname} {first}"
            self.families.add("order")
            return f"{first} {surname}"
        if kind < 0.75:
            return f"{first} {surname}"
        self.families.add("order")
        if kind < 0.85:
            return f"{surname}, {first}"
        return f"{surname.upper()} {first}" if kind < 0.95 else f"{surname} {first}"

    def _finished(self, text: str) -> str:
        kind = self.rng.random()
        text = " ".join(text.split())
        if kind < 0.06:
            return text.upper()
        return text.lower() if kind > 0.98 else text
