"""A name as one office writes it: which parts, in which script, by which school, in what order."""

from __future__ import annotations

import random

from liaison.corpora.registry import slips
from liaison.corpora.registry.alphabets import TRANSCRIPTIONS, expanded, unmarked
from liaison.corpora.registry.habits import Habits
from liaison.corpora.registry.naming import Name, Part
from liaison.corpora.registry.origins import nicknames
from liaison.corpora.registry.person import Person
from liaison.corpora.registry.spelling import latin, written

PLACEHOLDERS = ("N.N.", "NN", "unknown", "Unknown Unknown", "inconnu", "неизвестно", "unbekannt",
                "desconocido", "John Doe", "Jane Doe", "不详", "مجهول")  # fmt: skip
_PARTICLES = frozenset(
    ("de", "del", "dela", "della", "di", "da", "do", "dos", "das", "du", "la", "los", "van", "der",
     "den", "von", "zu", "vom", "ten", "ter", "op", "in", "de'", "le", "el", "al", "bin", "ben",
     "ibn")
)  # fmt: skip
_ACCENTED_CAPITALS = str.maketrans("ΆΈΉΊΌΎΏ", "ΑΕΗΙΟΥΩ")
_UNSPACED = frozenset({"han", "hangul"})

Families = set[str]


def seen(person: Person, habits: Habits, rng: random.Random, families: Families) -> list[str]:
    """The names on a report; what was done to them is added to ``families``."""
    chance = rng.random()
    if chance < 0.04:
        families.add("no-name")
        return [rng.choice(PLACEHOLDERS)] if chance < 0.012 else []
    if person.aliases and chance < 0.07:
        families.add("alias-only")
        return list(person.aliases)
    parts = _parts(person, habits, rng, families)
    script = _script(parts[0].word.script, habits, rng)
    if script != "latin":
        families.add("script")
    names = [_compose(person, parts, script, habits, rng, families)]
    if script == parts[0].word.script != "latin" and rng.random() < 0.3:
        names.append(_compose(person, parts, "latin", habits, rng, families))
    if person.aliases and rng.random() < 0.3:
        names.extend(person.aliases)
    return names


def _parts(person: Person, habits: Habits, rng: random.Random, families: Families) -> list[Part]:
    """The parts of the name that this office has, given name or surname perhaps changed."""
    abroad = habits.code != person.home
    dropped = {
        "father": ("patronymic-dropped", 0.6 if abroad else 0.15),
        "second": ("second-surname-dropped", 0.4 if abroad else 0.08),
        "extra": ("given-dropped", 0.45),
    }
    parts = []
    for part in person.name:
        family, chance = dropped.get(part.kind, ("", 0.0))
        if rng.random() < chance:
            families.add(family)
        elif part.kind == "surname" and person.married and rng.random() < 0.5:
            families.add("married-name")
            parts.append(person.married)
        elif part.kind == "given":
            parts.append(_nickname(part, rng, families))
        else:
            parts.append(part)
    return parts


def _nickname(part: Part, rng: random.Random, families: Families) -> Part:
    short = nicknames().get(part.word.native)
    if short is None or rng.random() > 0.09:
        return part
    families.add("nickname")
    return Part("given", part.word._replace(native=rng.choice(short), listed=()))


def _script(own: str, habits: Habits, rng: random.Random) -> str:
    """Offices keep names that they can read, and at times write the others by ear."""
    if own == habits.script:
        return own if rng.random() < 0.85 else "latin"
    if habits.script in TRANSCRIPTIONS and rng.random() < 0.3:
        return habits.script
    return own if rng.random() < 0.04 else "latin"


def _compose(
    person: Person,
    parts: list[Part],
    script: str,
    habits: Habits,
    rng: random.Random,
    families: Families,
) -> str:
    school = person.school if rng.random() < 0.5 else habits.school
    spelled = [(p.kind, written(p.word, script, school)) for p in parts]
    if script == "latin":
        papers = [(p.kind, latin(p.word, person.school)) for p in parts]
        if [unmarked(t) for _, t in spelled] != [unmarked(t) for _, t in papers]:
            families.add("romanisation")
        spelled = [(kind, _marked(text, habits, rng, families)) for kind, text in spelled]
        spelled = [(kind, _particles(text, rng, families)) for kind, text in spelled]
        spelled = _initials(spelled, rng, families)
    spelled = _slip(spelled, rng, families)
    return _cased(_ordered(person.name, spelled, script, habits, rng, families), habits, rng)


def _marked(text: str, habits: Habits, rng: random.Random, families: Families) -> str:
    if text.isascii():
        return text
    marks = habits.marks if rng.random() < 0.85 else rng.choice(("strip", "expand", "keep"))
    if marks == "keep":
        return text
    families.add("marks")
    return expanded(text) if marks == "expand" else unmarked(text)


def _particles(text: str, rng: random.Random, families: Families) -> str:
    """``van den Berg``: vandenBerg, Van Den Berg, Berg; ``Al-Masri``: Almasri, Masri, Al Masri."""
    words = text.replace("-", " ").split()
    if len(words) < 2 or words[0].lower() not in _PARTICLES or rng.random() > 0.3:
        return text
    families.add("particle")
    glued = "".join(words)
    return rng.choice((words[-1], glued[:1].upper() + glued[1:].lower(), " ".join(words).title(),
                       "-".join(words)))  # fmt: skip


def _initials(
    spelled: list[tuple[str, str]], rng: random.Random, families: Families
) -> list[tuple[str, str]]:
    chances = {"given": 0.03, "extra": 0.25, "father": 0.2}
    out = []
    for kind, text in spelled:
        if rng.random() < chances.get(kind, 0.0):
            families.add("initial")
            out.append((kind, text[:1] + rng.choice((".", ""))))
        else:
            out.append((kind, text))
    return out


def _slip(
    spelled: list[tuple[str, str]], rng: random.Random, families: Families
) -> list[tuple[str, str]]:
    """At most one slip in a name; two are rare enough to be left out."""
    chance = rng.random()
    if chance > 0.12:
        return spelled
    at = rng.randrange(len(spelled))
    kind, text = spelled[at]
    slip, family = (slips.typo, "typo") if chance < 0.085 else (slips.misread, "ocr")
    changed = slip(text, rng)
    if changed != text:
        families.add(family)
    return [*spelled[:at], (kind, changed), *spelled[at + 1 :]]


def _ordered(
    name: Name,
    spelled: list[tuple[str, str]],
    script: str,
    habits: Habits,
    rng: random.Random,
    families: Families,
) -> str:
    last = [text for kind, text in spelled if kind in ("surname", "second")]
    first = [text for kind, text in spelled if kind not in ("surname", "second")]
    if script in _UNSPACED:
        return (" " if rng.random() < 0.3 else "").join(last + first)
    own = "first" if name[0].kind == "surname" else "natural"
    order = habits.order if rng.random() < 0.75 else rng.choice(("natural", "first", "comma", own))
    if order != own:
        families.add("order")
    if habits.case == "surname":
        last = [_upper(text) for text in last]
    if order == "natural" or not last:
        return " ".join(first + last)
    if order == "first":
        return " ".join(last + first)
    return _after_comma(" ".join(last), " ".join(first), rng, families)


def _after_comma(last: str, first: str, rng: random.Random, families: Families) -> str:
    """``van den Berg, Saskia``, or filed under B: ``Berg, Saskia van den``."""
    words = last.split()
    leading = next((i for i, w in enumerate(words) if w.lower() not in _PARTICLES), 0)
    if not leading or rng.random() < 0.6:
        return f"{last}, {first}"
    families.add("particle")
    return " ".join((" ".join(words[leading:]) + ",", first, *words[:leading]))


def _cased(text: str, habits: Habits, rng: random.Random) -> str:
    if habits.case == "upper" and rng.random() < 0.9:
        return _upper(text)
    return text.lower() if rng.random() < 0.01 else text


def _upper(text: str) -> str:
    """In capitals; Greek ones bear no accent."""
    return text.upper().translate(_ACCENTED_CAPITALS)
