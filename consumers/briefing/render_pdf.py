"""The document as PDF/A-2a and PDF/UA-1 by typst: the one adapter for that library.

The data goes in as JSON, never into typst source, so no text of a case can become markup. Only
the bundled fonts are used and the time stamp is the document's instant: the same document gives
the same bytes on every machine.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Literal

import typst

from consumers.briefing.document import Document
from consumers.briefing.glyphs import font_directory
from consumers.briefing.present import present
from consumers.briefing.times import instant
from schemas.errors import LiaisonError

STANDARDS = ["a-2a", "ua-1"]


def render_pdf(document: Document) -> bytes:
    """``document`` as a PDF for print and archive.

    Raises:
        LiaisonError: typst refuses it, a fault of ours.
    """
    options: dict[str, Any] = {
        "pdf_standards": STANDARDS,
        "timestamp": instant(document.as_of) // 1000,
    }
    pdf = _compile(document, "pdf", options)
    assert isinstance(pdf, bytes)
    return pdf


def render_png(document: Document, *, ppi: float = 110) -> list[bytes]:
    """Its pages as images, to look at."""
    pages = _compile(document, "png", {"ppi": ppi})
    return [pages] if isinstance(pages, bytes) else list(pages)


def _compile(document: Document, form: Literal["pdf", "png"], options: dict[str, Any]) -> Any:
    with resources.as_file(resources.files("consumers.briefing")) as directory:
        try:
            return typst.compile(
                str(directory / "template.typ"),
                root=str(directory),
                font_paths=_fonts(),
                ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(present(document), ensure_ascii=False)},
                format=form,
                **options,
            )
        except typst.TypstError as error:
            raise LiaisonError(
                "the briefing could not be laid out",
                remedy="export it with --format json, and report this",
            ) from error


@cache
def _fonts() -> typst.Fonts:
    with resources.as_file(font_directory()) as directory:
        return typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(directory)]
        )
