"""What the people of a case own: accounts, telephones, wallets, devices, pictures, false names."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from liaison.corpora.casework import accounts
from liaison.corpora.casework.damage import bare
from liaison.corpora.casework.media import Picture
from liaison.corpora.casework.people import Person, origin_named
from liaison.corpora.casework.places import Place
from liaison.corpora.casework.sounds import sound
from liaison.corpora.casework.spellings import romanise
from liaison.corpora.casework.world import Community, World


def equip_victim(
    person: Person, world: World, place: Place, community: Community, pool: Sequence[Picture]
) -> None:
    """Accounts of a child, some with a telephone, and the pictures it is in."""
    random = world.random
    named = stem(person, random)
    own = [accounts.username(named, random, platform=community.platform)]
    if random.random() < 0.5:
        own.append(accounts.username(named, random))
    if random.random() < 0.45:
        number, recycled = world.phone(place)
        own.append(number)
        person.traps += ("phone-recycled",) if recycled else ()
    if random.random() < 0.4:
        own.append(accounts.email(named, random))
    if random.random() < 0.5:
        own.append(accounts.national_id(random))
    person.accounts = own + person.accounts
    person.pictures = [world.scene() for _ in range(random.choice((0, 1, 1, 2, 4)))]
    person.pictures += random.sample(pool, min(len(pool), random.choice((0, 1, 1, 2))))


def equip_offender(
    person: Person, world: World, place: Place, community: Community, pool: Sequence[Picture]
) -> None:
    """Many accounts, some of them the community's, and pictures that others have too."""
    random = world.random
    named = stem(person, random)
    own = [accounts.username(named, random, platform=community.platform)]
    own += [accounts.username(named, random) for _ in range(random.choice((0, 1, 1, 2)))]
    own += [accounts.email(named, random) for _ in range(random.choice((0, 1, 1, 2)))]
    number, recycled = world.phone(place)
    own.append(number)
    person.traps += ("phone-recycled",) if recycled else ()
    for share, make in (
        (0.35, accounts.wallet), (0.4, accounts.device), (0.5, accounts.national_id),
        (0.6, accounts.address),
    ):  # fmt: skip
        if random.random() < share:
            own.append(make(random))
    if random.random() < 0.3:
        own.append(random.choice(community.common))
        person.traps += ("account-shared",)
    if random.random() < 0.08:
        own.append(random.choice(community.devices))
        person.traps += ("device-shared",)
    person.accounts = own
    if random.random() < 0.15:
        person.alias = _alias(random)
    person.pictures = random.sample(pool, random.randint(0, min(3, len(pool))))
    person.series = random.choice(community.series) if random.random() < 0.25 else ""


def stem(person: Person, random: Random) -> str:
    """What a user name of the person may begin with; Latin small letters."""
    word = random.choice((person.given[0], person.given[0], person.family[0]))
    script = person.origin.script
    if script == "hangul":
        return "kr"
    text = word.reading or word.native
    if script not in ("latin", "gaj", "han", "kanji"):
        text = romanise(sound(word, script), script, "icao", random)
    return "".join(c for c in bare(text).lower() if "a" <= c <= "z")


def _alias(random: Random) -> str:
    """A false name, of an origin that need not be the person's."""
    origin = origin_named(random.choice(("english", "german", "spanish", "french", "dutch")))
    return f"{origin.m.draw(random).native} {origin.s.draw(random).native}"
