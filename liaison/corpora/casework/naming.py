"""The names of one sighting: which parts a channel says, in which order and spelling."""

from __future__ import annotations

from collections.abc import Callable

from liaison.corpora.casework import damage
from liaison.corpora.casework.people import patronymic
from liaison.corpora.casework.writer import FAMILY_FIRST, Writer

SHORT_FIELD = 20
"""Characters of a name in systems that keep less than the zone holds."""

Mode = Callable[[Writer], list[str]]


def registry(writer: Writer) -> list[str]:
    """A civil register or police file: complete, in Latin letters, often in the own script too."""
    given, family = _parts(writer, writer.place.habit)
    names = [_ordered(writer, given, family)]
    script = writer.person.origin.script
    if script != "latin" and (script == writer.place.script or writer.chance(0.15)):
        native = writer.native()
        names = [native] if writer.chance(0.4) else [native, *names]
        if native != names[-1] or len(names) == 1:
            writer.families.append("native-script")
    elif writer.chance(0.06, "typo"):
        names = [damage.mistyped(names[0], writer.random)]
    return names


def passport(writer: Writer) -> list[str]:
    """The zone of a passport: by ICAO 9303, surname first, cut at its length."""
    writer.families.append("mrz")
    person = writer.person
    family = [damage.zone(writer.latin(w, habit="icao", surname=True)) for w in writer.family()]
    given = [damage.zone(writer.latin(w, habit="icao")) for w in person.given]
    text = f"{' '.join(family)} {' '.join(given)}"
    room = damage.MRZ_LETTERS - 2 if writer.random.random() < 0.9 else SHORT_FIELD
    if len(text) > room:
        writer.families.append("truncated")
        text = text[:room].rstrip()
    if writer.chance(0.12, "reversed"):
        text = f"{' '.join(given)} {' '.join(family)}"
    return [damage.scanned(text, writer.random).upper()] if writer.chance(0.05, "ocr") else [text]


def interview(writer: Writer) -> list[str]:
    """Written down by ear in the language of the listener."""
    person = writer.person
    given = [writer.latin(person.given[0])]
    if writer.chance(0.22, "nickname") and (nick := person.nick(writer.random)):
        given = [writer.latin(nick)]
    family = [writer.latin(w, surname=True) for w in writer.family()[:1]]
    parts = [*given, *family]
    if writer.chance(0.08, "reversed"):
        parts.reverse()
    if writer.chance(0.6, "by-ear"):
        at = writer.random.randrange(len(parts))
        parts[at] = damage.heard(parts[at], writer.place.habit, writer.random)
    return [damage.bare(damage.joined(parts)) if writer.chance(0.4) else damage.joined(parts)]


def court(writer: Writer) -> list[str]:
    """A translated file: the translator's romanisation, patronymics, both family names."""
    person = writer.person
    married = bool(person.other_family) and writer.chance(0.45, "other-surname")
    masculine = person.sex == "f" and writer.chance(0.08, "gender-form")
    habit = (
        writer.place.habit
        if writer.chance(0.75)
        else writer.random.choice(("en", "fr", "de", "sci"))
    )
    if person.origin.script not in ("latin", "gaj"):
        writer.families.append(f"romanised-{habit}")
    given = [writer.latin(w, habit=habit) for w in person.given]
    if person.father and writer.chance(0.7, "patronymic"):
        second = patronymic(person.father, person.origin, person.sex)
        given += [writer.latin(second, habit=habit)] if second else []
    family = [
        writer.latin(w, habit=habit, surname=True)
        for w in writer.family(other=married, masculine=masculine)
    ]
    names = [_ordered(writer, given, family)]
    if person.other_family and not married and writer.chance(0.3, "other-surname"):
        names.append(
            f"{given[0]} {writer.latin(person.other_family[0], habit=habit, surname=True)}"
        )
    if writer.chance(0.15):
        names.append(writer.native())
    return names


def card(writer: Writer) -> list[str]:
    """An old index card: surname and initials, read by a machine."""
    writer.families.append("initials")
    family = damage.joined([writer.latin(w, surname=True) for w in writer.family()])
    initials = " ".join(f"{writer.latin(w)[:1].upper()}." for w in writer.person.given)
    if writer.chance(0.3):
        initials = writer.latin(writer.person.given[0])
        writer.families.pop()
    if writer.chance(0.35, "ocr"):
        family = damage.scanned(family, writer.random)
    return [f"{family}, {initials}" if writer.chance(0.6) else f"{initials} {family}"]


def display(writer: Writer) -> list[str]:
    """What a profile shows: a given name, a nickname, an initial, small letters."""
    person = writer.person
    words = [person.given[0]]
    if writer.chance(0.3, "nickname") and (nick := person.nick(writer.random)):
        words = [nick]
    native = person.origin.script not in ("latin", "gaj") and writer.chance(0.3, "native-script")
    given = words[0].native if native else writer.latin(words[0])
    family = writer.family()[0]
    if native and person.origin.script in ("han", "hangul", "kanji"):
        return [family.native + given]
    surname = family.native if native else writer.latin(family, surname=True)
    if writer.chance(0.45, "display"):
        shown = given if writer.chance(0.6) else f"{given} {surname[:1]}."
    else:
        shown = f"{given} {surname}"
    if writer.chance(0.3):
        shown = damage.bare(shown).lower()
    if writer.chance(0.04, "mojibake"):
        shown = damage.mojibake(shown)
    return [shown]


def given_only(writer: Writer) -> list[str]:
    """A first name from a chat or a picture's text."""
    writer.families.append("given-only")
    return [writer.latin(writer.person.given[0])]


def nameless(_writer: Writer) -> list[str]:
    """No name at all."""
    return []


def _parts(writer: Writer, habit: str) -> tuple[list[str], list[str]]:
    given = [writer.latin(w, habit=habit) for w in writer.person.given]
    if len(given) > 1 and writer.chance(0.35, "second-name-missing"):
        given = given[:1]
    family = [writer.latin(w, habit=habit, surname=True) for w in writer.family()]
    if len(family) > 1 and writer.chance(0.3, "second-surname-missing"):
        family = family[:1]
    return given, family


def _ordered(writer: Writer, given: list[str], family: list[str]) -> str:
    """Parts put together: order, hyphens, glued and split tokens, junior and senior."""
    if len(given) > 1 and not writer.person.father and writer.chance(0.12, "hyphenation"):
        given = ["-".join(given)]
    if len(family) > 1 and writer.chance(0.2, "hyphenation"):
        family = ["-".join(family)]
    if any(" " in part or "-" in part for part in family) and writer.chance(0.12, "glued"):
        family = [part.replace(" ", "").replace("-", "") for part in family]
    if " " not in family[0] and writer.chance(0.02):
        family = [_split(part, writer) for part in family]
    first = writer.person.origin.name in FAMILY_FIRST and writer.chance(0.6)
    if writer.chance(0.1, "reversed"):
        first = not first
    suffix = writer.person.suffix if writer.chance(0.6) else ""
    if first:
        joint = ", " if writer.chance(0.25) else " "
        return f"{' '.join(family)}{joint}{' '.join(given)}"
    if writer.chance(0.06):
        family = [part.upper() for part in family]
    return damage.joined([*given, *family, suffix])


_PREFIXES = (
    "Mac",
    "Mc",
    "Ben",
    "Bou",
    "Al",
    "El",
    "De",
    "Van",
    "Abd",
    "Papa",
    "Haile",
    "Gebre",
    "Da",
)


def _split(part: str, writer: Writer) -> str:
    """A token that became two: "Mac Leod"."""
    for prefix in _PREFIXES:
        if part.startswith(prefix) and len(part) > len(prefix) + 2:
            writer.families.append("split")
            return f"{prefix} {part[len(prefix) :].capitalize()}"
    return part
