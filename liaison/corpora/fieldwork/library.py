"""The foreign libraries that the names come from: the only module that imports them.

``faker`` (MIT) has given names and surnames by country, ``pypinyin`` (MIT) the readings of Chinese
characters. Neither is a dependency of the product: ``make setup-bench`` installs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from liaison.corpora.fieldwork.words import shuffled
from schemas.errors import ConfigurationInvalid


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise ConfigurationInvalid(
            f"the generator fieldwork takes its names from {name.partition('.')[0]}, "
            "which is not installed",
            remedy="run make setup-bench",
        ) from error


def names(locale: str, kind: str) -> list[str]:
    """The names of a locale of faker, ``first_names_male``, ``last_names`` and so on.

    The order is always the same; it is no ranking where faker has none.

    Raises:
        ConfigurationInvalid: the library is not installed.
    """
    found = getattr(_module(f"faker.providers.person.{locale}").Provider, kind)
    return shuffled((str(name) for name in found if str(name).isprintable()), locale + kind)


def pairs(locale: str, kind: str) -> list[tuple[str, str]]:
    """Japanese names as written and in katakana."""
    found = getattr(_module(f"faker.providers.person.{locale}").Provider, kind)
    return [(written, kana) for written, kana, _ in found]


def pinyin(text: str, wade: bool) -> Sequence[str]:
    """The syllables of Chinese characters, without tones, in pinyin or in Wade–Giles."""
    module = _module("pypinyin")
    style = module.Style.WADEGILES if wade else module.Style.NORMAL
    syllables: list[str] = module.lazy_pinyin(text, style=style)
    return syllables
