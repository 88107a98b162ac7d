"""The channels by which a person surfaces, and which fields each of them has.

A channel is a row of a table: how it writes names and birth dates, which identifiers it knows,
how many pictures. What goes wrong follows from the channel, not from the field.
"""

from __future__ import annotations

from dataclasses import dataclass

from liaison.corpora.casework import naming
from liaison.corpora.casework.dates import Shares
from liaison.corpora.casework.naming import Mode


def _shares(text: str) -> Shares:
    words = text.split()
    return tuple(zip(words[::2], map(float, words[1::2]), strict=True))


_CIVIL = _shares("full 88 month 1 year 3 swapped 2 slip 2 day 1 january 2 calendar 1")
_ZONE = _shares("full 93 slip 3 january 3 calendar 1")
_SPOKEN = _shares("full 22 month 12 year 26 estimate 24 none 10 day 3 swapped 3")
_FILED = _shares("full 74 swapped 6 year 5 slip 4 day 2 january 3 calendar 3 none 3")
_CARDED = _shares("year 60 full 30 slip 5 none 5")
_DECLARED = _shares("none 45 full 32 january 11 slip 3 estimate 5 day 4")
_SHOWN = _shares("none 68 year 14 full 10 estimate 8")
_GUESSED = _shares("estimate 62 none 30 year 8")
_NEVER: Shares = (("none", 1),)


@dataclass(frozen=True, slots=True)
class Channel:
    """One way in.

    ``victims`` and ``offenders``: how often, relative to the other channels. ``nationality`` and
    ``sex``: shares of notifications that give them. ``identifiers``: fewest, most; ``kinds``:
    which. ``pictures``: fewest, most. ``series``: share. ``anchored``: whether it names a person
    well enough to be recognised by name and birth date alone.
    """

    name: str
    victims: float
    offenders: float
    names: Mode
    dates: Shares
    sex: float
    nationality: float
    identifiers: tuple[int, int]
    kinds: tuple[str, ...]
    pictures: tuple[int, int]
    series: float
    anchored: bool = False


_REACH = ("email", "phone")
_ONLINE = ("username", "email", "phone", "device", "ip", "wallet")

CHANNELS = (
    Channel(
        name="registry",
        victims=27,
        offenders=24,
        names=naming.registry,
        dates=_CIVIL,
        sex=0.95,
        nationality=0.8,
        identifiers=(0, 3),
        kinds=("national-id", *_REACH, "username"),
        pictures=(0, 1),
        series=0.35,
        anchored=True,
    ),
    Channel(
        name="passport",
        victims=8,
        offenders=12,
        names=naming.passport,
        dates=_ZONE,
        sex=0.97,
        nationality=0.97,
        identifiers=(0, 1),
        kinds=("national-id", "phone"),
        pictures=(0, 0),
        series=0.0,
        anchored=True,
    ),
    Channel(
        name="interview",
        victims=14,
        offenders=7,
        names=naming.interview,
        dates=_SPOKEN,
        sex=0.9,
        nationality=0.3,
        identifiers=(0, 2),
        kinds=("phone", "username"),
        pictures=(0, 1),
        series=0.15,
    ),
    Channel(
        name="court",
        victims=9,
        offenders=17,
        names=naming.court,
        dates=_FILED,
        sex=0.85,
        nationality=0.7,
        identifiers=(0, 2),
        kinds=("national-id", "phone", "username", "wallet"),
        pictures=(0, 1),
        series=0.15,
        anchored=True,
    ),
    Channel(
        name="card",
        victims=2,
        offenders=4,
        names=naming.card,
        dates=_CARDED,
        sex=0.6,
        nationality=0.4,
        identifiers=(0, 1),
        kinds=("national-id", "phone"),
        pictures=(0, 0),
        series=0.0,
    ),
    Channel(
        name="provider",
        victims=11,
        offenders=24,
        names=naming.nameless,
        dates=_DECLARED,
        sex=0.2,
        nationality=0.0,
        identifiers=(2, 5),
        kinds=_ONLINE,
        pictures=(0, 3),
        series=0.0,
    ),
    Channel(
        name="social",
        victims=11,
        offenders=11,
        names=naming.display,
        dates=_SHOWN,
        sex=0.4,
        nationality=0.1,
        identifiers=(1, 3),
        kinds=("username", "username", *_REACH),
        pictures=(0, 2),
        series=0.05,
    ),
    Channel(
        name="hotline",
        victims=9,
        offenders=5,
        names=naming.given_only,
        dates=_GUESSED,
        sex=0.6,
        nationality=0.05,
        identifiers=(1, 2),
        kinds=("username",),
        pictures=(1, 3),
        series=0.5,
    ),
    Channel(
        name="analyst",
        victims=7,
        offenders=0,
        names=naming.given_only,
        dates=_GUESSED,
        sex=0.9,
        nationality=0.1,
        identifiers=(0, 1),
        kinds=("username",),
        pictures=(1, 5),
        series=0.8,
    ),
    Channel(
        name="picture",
        victims=1.2,
        offenders=0.5,
        names=naming.nameless,
        dates=_NEVER,
        sex=0.0,
        nationality=0.0,
        identifiers=(0, 0),
        kinds=(),
        pictures=(1, 1),
        series=0.0,
    ),
)
"""All of them; the shares add up to about a hundred for either role."""

WEIGHTS = {
    "victim": [channel.victims for channel in CHANNELS],
    "offender": [channel.offenders for channel in CHANNELS],
}
SECURE = tuple(channel for channel in CHANNELS if channel.anchored)
