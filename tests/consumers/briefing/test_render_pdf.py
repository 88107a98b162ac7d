"""The pages themselves, read back from the PDF."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from consumers.briefing.document import Document
from consumers.briefing.prepare import prepare
from consumers.briefing.render_json import render_json
from consumers.briefing.render_pdf import render_pdf, render_png
from consumers.briefing.selection import Asked
from schemas.markings import Handling, Sensitivity, Strength, Tlp
from schemas.notifications import (
    CASE_TYPES,
    EvidenceKind,
    Identifier,
    Marking,
    MatchAlert,
    MediaHash,
    Notification,
    Takedown,
    TakedownStatus,
)
from tests.consumers.briefing.test_glyphs import NAMES
from tests.consumers.briefing.world import NOW, alert, case, document, policy, selection
from tests.fakes.notifications import CREATED, head
from tests.strategies import notifications


def pages(paper: Document) -> list[str]:
    """The text of each page, composed and without line breaks."""
    reader = PdfReader(io.BytesIO(render_pdf(paper)))
    return [unicodedata.normalize("NFKC", page.extract_text()) for page in reader.pages]


def words(text: str) -> str:
    return re.sub(r"\s", "", text)


def many(count: int) -> Document:
    return document(
        *(
            replace(
                case(f"FR-{n:03d}"),
                identifiers=(Identifier("email", f"someone.{n}@mail.example"),),
                media_hashes=(MediaHash("sha256", f"{n:064x}"),),
            )
            for n in range(count)
        )
    )


def test_banner_reader_and_number_on_every_page() -> None:
    """Each page says how it may be handled, twice, for whom it is, and which of how many."""
    texts = pages(many(16))
    assert len(texts) > 2
    for number, text in enumerate(texts, 1):
        assert text.count("TLP:AMBER H1") >= 2
        assert "For FR France" in text
        assert f"Page {number} of {len(texts)}" in text


@pytest.mark.parametrize("tlp", Tlp)
def test_every_label(tlp: Tlp) -> None:
    """Every label of TLP 2.0 can stand in the banner."""
    paper = document(case("FR-1", marking=Marking(tlp, Handling.H2)))
    assert f"{tlp.label} H2" in pages(paper)[0]


def test_names_in_every_script_can_be_found() -> None:
    """Names of all scripts are on the page and can be searched for, right-to-left ones too.

    Where letters change their order on the page (Devanagari and others), readers disagree.
    """
    text = words("".join(pages(document(case("FR-1", names=NAMES.values())))))
    for script in (
        "Latin",
        "Cyrillic",
        "Greek",
        "Arabic",
        "Hebrew",
        "Georgian",
        "Armenian",
        "Chinese",
        "Japanese",
        "Korean",
        "Ethiopic",
    ):
        for word in unicodedata.normalize("NFKC", NAMES[script]).split():
            # Readers give the letters of a right-to-left word in either order.
            assert word in text or word[::-1] in text, script
    assert "□" not in text


def test_missing_glyphs_are_named_on_the_page() -> None:
    """A letter that no font has is a box, with its code point beside the name."""
    text = pages(document(case("FR-1", names=("\U0001e900 Diallo",))))[0]
    assert "□ Diallo" in text
    assert "U+1E900" in text


def test_long_values_are_whole() -> None:
    """A value wider than its column breaks, and nothing is added to it."""
    wallet = "bc1" + "qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq" * 4
    paper = document(replace(case("FR-1"), identifiers=(Identifier("wallet", wallet),)))
    assert wallet in words("".join(pages(paper)))


def test_text_is_never_markup() -> None:
    """Typst source in a name stays a name."""
    name = '#read("/etc/passwd") $x$ *b* \\ @label <l> "quoted" [x] // no'
    assert words(name) in words("".join(pages(document(case("FR-1", names=(name,))))))


def test_same_bytes() -> None:
    """The same document gives the same bytes, in both formats."""
    assert render_pdf(many(3)).startswith(b"%PDF-1.7")
    paper = many(3)
    assert render_pdf(paper) == render_pdf(paper)
    assert render_json(paper) == render_json(paper)


def test_archive_and_accessibility() -> None:
    """The file says it is PDF/A-2a and PDF/UA-1; its metadata says nothing about a case."""
    pdf = render_pdf(document(case("FR-1")))
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert PdfReader(io.BytesIO(pdf)).metadata["/Title"] == "Briefing"  # type: ignore[index]


def test_empty_paper() -> None:
    """A briefing without any case is still a paper that says so."""
    assert "None." in pages(document())[0]


def test_pages_as_images() -> None:
    """The pages can be looked at."""
    assert render_png(document(case("FR-1")), ppi=30)[0].startswith(b"\x89PNG")


def test_withheld_values_are_not_in_the_pdf() -> None:
    """Nothing that is left out of the document is in the PDF."""
    ours = replace(case("FR-1", names=("Zulu Hidden",)), series="Zulu Series")
    hidden = case("ZULU-2", names=("Zulu Unlisted",), recipients=("PH",))
    theirs = case("DE-1", "DE", names=("Own Name",))
    chosen = selection(ours, hidden, theirs, alerts=(alert(hidden, theirs), alert(ours, theirs)))
    release = {"contact-point": frozenset({Sensitivity.PUBLIC, Sensitivity.CASE})}
    made = prepare(chosen, Asked(), "DE", policy(release), NOW)
    text = "".join(pages(made.document))
    assert "Own Name" in text
    assert "FR-1" in text
    assert "zulu" not in text.lower()
    assert b"Zulu" not in render_pdf(made.document)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(CASE_TYPES).flatmap(notifications), max_size=3),
    st.lists(notifications("match-alert"), max_size=2),
    st.text(max_size=60),
)
def test_any_text_can_be_laid_out(
    cases: list[Notification], alerts: list[MatchAlert], title: str
) -> None:
    """No text of a notification can keep its briefing from being written."""
    chosen = selection(*cases, alerts=tuple(alerts))
    made = prepare(chosen, Asked(), "FR", policy(), NOW, meeting=title)
    assert render_pdf(made.document).startswith(b"%PDF")


def test_odd_text_beside_a_case() -> None:
    """Texts from others that are no names cannot do it either."""
    a, b = case("FR-1"), case("DE-1\u202e", "DE")
    odd = EvidenceKind("\U0001e900", Strength.WEAK)
    history = (TakedownStatus("\ue000", CREATED, "\U0001e900"),)
    site = Takedown(head("T\x00", kind="takedown"), url="\u2028", history=history)
    assert pages(document(a, b, site, alerts=(alert(a, b, evidence=(odd,)),)))
