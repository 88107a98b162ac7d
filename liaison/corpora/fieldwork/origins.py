"""All origins of names."""

from __future__ import annotations

from functools import cache

from liaison.corpora.fieldwork.eastern_origins import (
    eastern_origins,
    northern_origins,
    southern_origins,
)
from liaison.corpora.fieldwork.latin_origins import central_origins, western_origins
from liaison.corpora.fieldwork.origin import Origin


@cache
def origins() -> tuple[Origin, ...]:
    """All of them; made once, because libraries are asked for names."""
    return (
        *western_origins(),
        *central_origins(),
        *northern_origins(),
        *southern_origins(),
        *eastern_origins(),
    )
