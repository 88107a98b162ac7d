"""What cases share: communities on platforms, viral pictures, and what is given out again."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING

from liaison.corpora.casework import accounts, media
from liaison.corpora.casework.accounts import Account
from liaison.corpora.casework.media import Picture
from liaison.corpora.casework.places import Place

if TYPE_CHECKING:
    from liaison.corpora.casework.people import Person

COMMUNITIES = 150
VIRAL = 60
REMEMBERED = 400
"""Persons, numbers and scenes that later cases may resemble; bounds the memory."""

_FIRST = (
    "Blue Grey Quiet Winter Summer Northern Little Old Silver Green Amber Broken Second Hidden "
    "Paper Red Long Early Glass Wooden Yellow Distant Stone White"
)
_SECOND = (
    "Lighthouse Garden Harbour Corridor Window Meadow Carpet Stairs Lantern Balcony Cabin "
    "Orchard Curtain Bridge Tent Lake Terrace Bench Mirror Shelf Ladder Forest Poster"
)
_GENERIC_SERIES = ("unknown", "Series 1", "Holiday", "various")


@dataclass(frozen=True, slots=True)
class Community:
    """A group on one platform, with what its people use in common."""

    platform: str
    series: tuple[str, ...]
    common: tuple[Account, ...]
    devices: tuple[Account, ...]
    addresses: tuple[Account, ...]


@dataclass(slots=True)
class World:
    """All that outlives a case; of bounded size."""

    random: Random
    communities: list[Community]
    viral: list[Picture]
    recent: deque[Person] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    phones: deque[Account] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    scenes: deque[Picture] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    @classmethod
    def new(cls, random: Random) -> World:
        """An empty one: communities and viral pictures, no case."""
        found = [community(random) for _ in range(COMMUNITIES)]
        return cls(random, found, [media.picture(random) for _ in range(VIRAL)])

    def community(self) -> Community:
        """One of the communities, the first far more often; now and then one is replaced."""
        if self.random.random() < 0.02:
            self.communities[self.random.randrange(COMMUNITIES)] = community(self.random)
        return self.random.choices(self.communities, cum_weights=_STEEP)[0]

    def viral_picture(self) -> Picture:
        """A picture that goes round everywhere."""
        return self.random.choices(self.viral, cum_weights=_STEEP[:VIRAL])[0]

    def phone(self, place: Place) -> tuple[Account, bool]:
        """A number, and whether somebody had it before."""
        if self.phones and self.random.random() < 0.025:
            return self.random.choice(self.phones), True
        number = accounts.phone(place, self.random)
        self.phones.append(number)
        return number, False

    def scene(self) -> Picture:
        """A new picture; some look like one of another case, without being a copy."""
        if self.scenes and self.random.random() < 0.08:
            return media.look_alike(self.random.choice(self.scenes), self.random)
        found = media.picture(self.random)
        if self.random.random() < 0.3:
            self.scenes.append(found)
        return found


_STEEP = list(accumulate(1 / (rank + 3) ** 0.8 for rank in range(COMMUNITIES)))


def community(random: Random) -> Community:
    """A new one."""
    names = (
        f"{random.choice(_FIRST.split())} {random.choice(_SECOND.split())}"
        for _ in range(random.randint(1, 4))
    )
    platform = random.choice(accounts.PLATFORMS)
    generic = Account("username", random.choice(accounts.GENERIC), platform, shared=True)
    joint = Account("username", accounts.handle("", random), platform, shared=True)
    wallets = [accounts.wallet(random) for _ in range(2)]
    shared = [Account(w.kind, w.value, shared=True) for w in wallets]
    return Community(
        platform,
        (*names, random.choice(_GENERIC_SERIES)),
        (generic, joint, *shared),
        tuple(Account("device", accounts.device(random).value, shared=True) for _ in range(2)),
        tuple(accounts.address(random) for _ in range(5)),
    )
