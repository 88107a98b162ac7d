"""One notification: what a channel in a jurisdiction sees of a person, as a line of the intake."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from liaison.corpora.casework import accounts, dates, media
from liaison.corpora.casework.channels import CHANNELS, SECURE, WEIGHTS, Channel
from liaison.corpora.casework.people import Person
from liaison.corpora.casework.places import Place
from liaison.corpora.casework.world import Community, World
from liaison.corpora.casework.writer import Writer

RECOGNISABLE = 0.97
"""Share of later sightings that say something by which the person can be found at all."""

_STATUSES = {
    "victim": (("suspected", "identified", "safeguarded", None), (25, 35, 15, 25)),
    "offender": (("suspected", "identified", None), (45, 30, 25)),
}
_NOBODY = (
    "Unknown", "unknown", "N.N.", "Unbekannt", "Inconnu", "desconocido", "Jane Doe", "John Doe",
    "nieznany", "X", "-", "n/a", "Неизвестно", "???",
)  # fmt: skip
_VOID = (
    {"type": "phone", "value": "0000000000"},
    {"type": "phone", "value": "123456789"},
    {"type": "email", "value": "none@example.com"},
    {"type": "email", "value": "unknown@unknown.example"},
    {"type": "username", "value": "unknown"},
    {"type": "username", "value": "deleted user", "platform": "chatterbay"},
    {"type": "username", "value": "admin"},
    {"type": "username", "value": "Guest", "platform": "nightforum"},
    {"type": "device", "value": "000000000000000"},
    {"type": "ip", "value": "127.0.0.1", "seen_at": "2024-01-01T00:00:00Z"},
    {"type": "wallet", "value": "none"},
    {"type": "national-id", "value": "000000000"},
)
_EMPTY_FILE = {"algorithm": "md5", "value": "d41d8cd98f00b204e9800998ecf8427e"}
_NO_PDQ = {"algorithm": "pdq", "value": "0" * 64}


@dataclass(slots=True)
class Sighting:
    """Puts together one line about ``person`` at ``place``; ``moment`` is an instant in UTC."""

    person: Person
    place: Place
    community: Community
    world: World
    random: Random
    moment: str
    families: list[str] = field(default_factory=list)

    def line(self, reference: str, *, channel: Channel | None = None) -> dict[str, Any]:
        """The content of the line. What was shown is noted in the person."""
        person, random = self.person, self.random
        channel = channel or self._channel()
        self.families += [f"channel-{channel.name}", *person.traps]
        names = self._names(channel)
        birth, exact = self._birth(channel)
        sure = exact and channel.anchored
        found: dict[str, Any] = {
            "type": "identification",
            "reference": reference,
            "jurisdiction": self.place.code,
            "role": person.role,
            "status": random.choices(*_STATUSES[person.role])[0],
            "names": names,
            "birth_date": birth,
            "sex": self._sex() if random.random() < channel.sex else None,
            "nationalities": [person.nationality]
            if random.random() < channel.nationality
            else None,
            "identifiers": self._identifiers(channel, sure=sure),
            "media_hashes": self._hashes(channel),
            "series": person.series if random.random() < channel.series else None,
            "recipients": random.choice((["XI"], ["circle:eu"], ["XE", "XI"], ["circle:eu", "XI"])),
            "created": self.moment,
            "urgency": "urgent" if random.random() < 0.05 else None,
        }
        self._leave_void(found)
        person.told = person.told or sure
        person.sightings += 1
        return {name: value for name, value in found.items() if value not in (None, [], "")}

    def _channel(self) -> Channel:
        """By role; a person known by name only is mostly seen by name again."""
        person, random = self.person, self.random
        chosen = random.choices(CHANNELS, WEIGHTS[person.role])[0]
        if person.sightings and random.random() < RECOGNISABLE:
            if chosen.name == "picture" or (not person.shown and not chosen.anchored):
                return random.choice(SECURE)
            if chosen.anchored and not person.told and not person.shown:
                return random.choice(SECURE)
        return chosen

    def _names(self, channel: Channel) -> list[str]:
        person, random = self.person, self.random
        if person.alias and not channel.anchored and random.random() < 0.4:
            self.families.append("alias")
            return [person.alias]
        writer = Writer(person, self.place, random)
        names = channel.names(writer)
        self.families += writer.families
        if person.alias and names and channel.anchored and random.random() < 0.4:
            self.families.append("alias")
            names.append(person.alias)
        return names

    def _birth(self, channel: Channel) -> tuple[str | None, bool]:
        """The date as told, and whether it is the whole truth."""
        birth, family = dates.told(self.person.birth, channel.dates, self.random)
        if family:
            self.families.append(family)
        return birth, birth == self.person.birth.isoformat()

    def _sex(self) -> str:
        if self.random.random() < 0.004:
            self.families.append("sex-wrong")
            return "m" if self.person.sex == "f" else "f"
        return self.person.sex if self.random.random() < 0.99 else "x"

    def _identifiers(self, channel: Channel, *, sure: bool) -> list[dict[str, Any]]:
        """A selection of the accounts; later sightings mostly repeat one that is known."""
        person, random = self.person, self.random
        known = [i for i in person.shown if not person.accounts[i].shared]
        own = [i for i, a in enumerate(person.accounts) if a.kind in channel.kinds]
        chosen: list[int] = []
        enough = sure and person.told
        if person.sightings and known and random.random() < (0.35 if enough else RECOGNISABLE):
            fitting = [i for i in known if i in own] or known
            again = 1 if random.random() < 0.6 else 2
            chosen += random.sample(fitting, min(again, len(fitting)))
        wanted = random.randint(*channel.identifiers)
        if not person.sightings and not sure and channel.kinds and random.random() < 0.8:
            own = own or list(range(len(person.accounts)))
            wanted = max(wanted, 1)
        for index in random.sample(own, len(own)):
            if len(chosen) >= wanted:
                break
            if index not in chosen and not (
                person.accounts[index].shared and random.random() < 0.4
            ):
                chosen.append(index)
        person.shown += [index for index in chosen if index not in person.shown]
        entries = [
            accounts.written(person.accounts[i], random, at=self.place, seen_at=self.moment)
            for i in chosen
        ]
        if "ip" in channel.kinds and random.random() < 0.35:
            address = random.choice(self.community.addresses)
            entries.append(accounts.written(address, random, at=self.place, seen_at=self.moment))
        return entries

    def _hashes(self, channel: Channel) -> list[dict[str, str]]:
        random, found = self.random, []
        pictures = self.person.pictures
        wanted = min(len(pictures), random.randint(*channel.pictures))
        shown = random.sample(pictures, wanted)
        if channel.name == "picture" and not shown:
            shown = [self.world.scene()]
        if channel.pictures[1] > 0 and random.random() < 0.08:
            shown.append(self.world.viral_picture())
            self.families.append("picture-viral")
        for one in shown:
            entries, family = media.hashes(one, random)
            found += entries
            if family and family not in self.families:
                self.families.append(family)
        return found

    def _leave_void(self, found: dict[str, Any]) -> None:
        """Placeholders where a form wanted something and nothing was known."""
        random = self.random
        if random.random() < 0.93:
            return
        self.families.append("placeholder")
        kind = random.randrange(5)
        if kind == 0 and not found["names"]:
            found["names"] = [random.choice(_NOBODY)]
        elif kind == 1 and not found["birth_date"]:
            found["birth_date"] = random.choice(dates.PLACEHOLDERS)
        elif kind == 2:
            found["media_hashes"] = [*found["media_hashes"], random.choice((_EMPTY_FILE, _NO_PDQ))]
        elif kind == 3 and not found["series"]:
            found["series"] = random.choice(("unknown", "none", "Holiday"))
        else:
            found["identifiers"] = [*found["identifiers"], dict(random.choice(_VOID))]
