"""What the benches compare with: other people's libraries, installed for that alone."""

from __future__ import annotations

import importlib
from typing import Any

from schemas.errors import ConfigurationInvalid


def rival(name: str) -> Any:
    """The module ``name``.

    Raises ``ConfigurationInvalid`` when it is not installed, saying what installs it.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ConfigurationInvalid(
            f"{name}, which this bench compares with, is not installed",
            remedy="run `make setup-bench` in the checkout",
        ) from error
