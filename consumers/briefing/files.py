"""Briefings as files: named so that the name says nothing about a case, readable by us alone."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from consumers.briefing.document import Document
from consumers.briefing.render_json import render_json
from schemas.errors import ConfigurationInvalid

FORMATS = ("pdf", "json")

_PAGE = re.compile(rb"/Type\s*/Page\b")


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written; ``pages`` is None for JSON."""

    path: Path
    pages: int | None


def render(document: Document, form: str) -> bytes:
    """``document`` as ``pdf`` or ``json``."""
    if form == "json":
        return render_json(document)
    # Imported here: JSON needs no typst.
    from consumers.briefing.render_pdf import render_pdf

    return render_pdf(document)


def file_name(document: Document, form: str, content: bytes) -> str:
    """``briefing-DE-2026-11-22-0a1b2c3d.pdf``: for whom, as of when, and what SHA-256 begins with.

    So the same content has the same name, and the name can be checked against the file.
    """
    digest = hashlib.sha256(content).hexdigest()[:8]
    return f"briefing-{document.prepared_for}-{document.as_of[:10]}-{digest}.{form}"


def write(document: Document, form: str, directory: Path) -> Written:
    """Writes ``document`` into ``directory``, made if it is missing (0700); the file has 0600.

    A file of this name is replaced in one step by the same content.

    Raises:
        ConfigurationInvalid: it cannot be written there.
    """
    content = render(document, form)
    path = directory.absolute() / file_name(document, form, content)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(path, content)
    except OSError as error:
        raise ConfigurationInvalid(
            f"the briefing cannot be written to {directory}: {error.strerror}",
            remedy="choose another directory with --out",
        ) from error
    return Written(path, len(_PAGE.findall(content)) if form == "pdf" else None)


def _replace(path: Path, content: bytes) -> None:
    # mkstemp makes the file with mode 0600, whatever the umask.
    handle, temporary = tempfile.mkstemp(prefix=".briefing-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
